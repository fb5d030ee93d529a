"""Corrections: against the formulas of the made-up files, and numbers known of the measured ones."""

import numpy as np
import pytest

from glasstunnel.data import (
    Column,
    Dataset,
    average_repeats,
    drop_range,
    keep_range,
    per_mass,
    per_mole,
    read,
    split_by,
    subtract_addenda,
    subtract_diamagnetism,
    subtract_holder,
    with_noise,
)
from glasstunnel.errors import ParameterError, UnitError


def moments(temperature, moment, field=1e4, **more):
    columns = {"temperature": Column(temperature, "K"), "moment": Column(moment, "emu"),
               "field": Column(np.full(len(moment), field), "Oe")}  # fmt: skip
    return Dataset(columns, "moment", **more)


def test_a_moment_too_large_to_be_divided_is_refused():
    with pytest.raises(ParameterError, match="moment of 1e\\+307 emu in row 2 is too large"):
        per_mass(moments([2.0, 3.0], [3e-3, 1e307]), 1e-6)


def test_moment_per_gram_uses_the_mass_of_the_header_or_the_one_given():
    data = moments([2.0], [3e-3], metadata={"sample_mass": "10 mg"})
    np.testing.assert_allclose(per_mass(data)["magnetization"].to("A m2/kg"), [0.3], rtol=1e-14)
    heavy = per_mass(data, mass_kg=3e-5)
    assert heavy.quantity == "magnetization"
    np.testing.assert_allclose(heavy["magnetization"].to("emu/g"), [0.1], rtol=1e-14)
    assert "30 mg (given)" in heavy.history[0]
    assert data.history == ()


def test_heat_capacity_per_gram_keeps_the_column_of_the_file(made_up):
    data = read(made_up / "ppms_heat_capacity.dat")
    per_gram = per_mass(with_noise(data, given=True))
    np.testing.assert_allclose(per_gram["heat_capacity"].to("J/(K kg)"), data["heat_capacity"].values / 5.0, rtol=1e-12)
    assert per_gram["heat_capacity"].unit == "J/(K g)"
    np.testing.assert_allclose(per_gram["sigma"].values, per_gram["heat_capacity_error"].values, rtol=1e-12)
    assert per_gram["Samp HC (\u00b5J/K) of the file"].unit == "\u00b5J/K"


def test_per_mole_gives_the_free_ion_curie_constant_of_erbium(real):
    # 4I15/2 of Er3+: chi T = g^2 J(J+1) N_A mu_B^2 / (3 k_B) = 11.48 emu K/mol with g = 6/5, J = 15/2; the molar
    # diamagnetism is the one the laboratory wrote in the header. A matrix of 17.3 mg and 1 % of mass remain unknown.
    molar = subtract_diamagnetism(per_mole(read(real / "mpms3_ErCOT2_MvsT_FC_1kOe.dat")), -319e-6, "emu/(mol Oe)")
    product = molar["molar_magnetization"].values * molar["temperature"].values / molar["field"].values
    np.testing.assert_allclose(product[-1], 11.48, rtol=0.02)


@pytest.mark.parametrize(("metadata", "mass", "sentence"), [
    ({}, None, "the file states no sample mass; give mass_kg"),
    ({"sample_mass": "0.000 mg"}, None, "the sample mass must be > 0, got 0 kg"),
    ({"sample_mass": "heavy mg"}, None, "sample_mass of the file is not usable: 'heavy mg' is not a number"),
    ({}, -1.0, "the sample mass must be > 0, got -1 kg"),
    ({}, np.nan, "the sample mass must be > 0, got nan kg"),
])  # fmt: skip
def test_unusable_masses_are_refused(metadata, mass, sentence):
    with pytest.raises(ParameterError, match=sentence):
        per_mass(moments([2.0], [1.0], metadata=metadata), mass)


def test_dividing_by_the_mass_twice_is_refused():
    data = moments([2.0], [1.0])
    with pytest.raises(ParameterError, match="cannot divide magnetization; expected moment or heat_capacity"):
        per_mass(per_mass(data, 1e-6), 1e-6)
    heat = Dataset({"heat_capacity": Column([1.0], "J/K")}, "heat_capacity")
    with pytest.raises(UnitError, match="they measure different quantities"):
        per_mass(per_mass(heat, 1e-6), 1e-6)
    with pytest.raises(ParameterError, match="the molar mass must be > 0 kg/mol, got None"):
        per_mole(data, mass_kg=1e-6)


@pytest.mark.parametrize(("center", "expected"), [("free", 5e-6), ("fixed", 4e-6)])
def test_the_holder_is_subtracted_at_interpolated_temperatures(made_up, center, expected):
    sample = read(made_up / "mpms3_sample_in_holder.dat", center=center)
    holder = read(made_up / "mpms3_empty_holder.dat", center=center)
    assert np.all(sample["moment"].values < 0.0)
    metal = per_mass(subtract_holder(sample, holder))
    # The holder is linear in T, so that linear interpolation is exact; only the last row lies 10 mK beyond its end.
    np.testing.assert_allclose(metal["magnetization"].values / 1e4, expected, rtol=2e-4)
    assert "interpolated in temperature" in metal.history[0]
    np.testing.assert_allclose(
        subtract_holder(sample, holder)["moment_error"].values[3],
        np.hypot(sample["moment_error"].values[3], holder["moment_error"].values[3]), rtol=1e-3,
    )  # fmt: skip


def test_different_centers_of_sample_and_holder_are_noted(made_up):
    sample = read(made_up / "mpms3_sample_in_holder.dat", center="fixed")
    result = subtract_holder(sample, read(made_up / "mpms3_empty_holder.dat"))
    assert any("sample and holder use different columns" in note for note in result.notes)


def test_extrapolating_the_holder_is_refused():
    holder = moments([10.0, 20.0], [1.0, 2.0])
    with pytest.raises(ParameterError, match="1 rows of 'data' .first 25 K. lie outside the holder run, 10 to 20 K"):
        subtract_holder(moments([12.0, 25.0], [3.0, 4.0]), holder)
    kept = keep_range(moments([12.0, 25.0], [3.0, 4.0]), "temperature", 10.0, 20.0)
    np.testing.assert_allclose(subtract_holder(kept, holder)["moment"].values, [3.0 - 1.2], rtol=1e-14)


def test_holder_runs_that_do_not_belong_are_refused():
    holder = moments([10.0, 20.0], [1.0, 2.0])
    with pytest.raises(ParameterError, match="field is 50000 Oe for 'data', but 10000 Oe"):
        subtract_holder(moments([12.0, 13.0], [3.0, 4.0], field=5e4), holder)
    other = Dataset({"temperature": Column([1.0], "K"), "heat_capacity": Column([1.0], "J/K")}, "heat_capacity")
    with pytest.raises(ParameterError, match="the holder run measures heat_capacity"):
        subtract_holder(holder, other)
    with pytest.raises(ParameterError, match="along must be"):
        subtract_holder(holder, holder, along="power")


def test_a_holder_can_be_subtracted_along_the_field():
    def loop(field, moment):
        columns = {"temperature": Column(np.full(len(field), 5.0), "K"), "field": Column(field, "Oe")}
        return Dataset({**columns, "moment": Column(moment, "emu")}, "moment")

    fields = np.array([-3e4, -1e4, 1e4, 3e4])
    result = subtract_holder(loop(fields, 5e-8 * fields), loop([-3e4, 0.0, 3e4], [6e-4, 0.0, -6e-4]), along="field")
    np.testing.assert_allclose(result["moment"].values, 7e-8 * fields, rtol=1e-12)


def test_addenda_of_the_instrument_and_of_another_run(made_up):
    data = read(made_up / "ppms_heat_capacity.dat")
    np.testing.assert_allclose(subtract_addenda(data)["heat_capacity"].values, data["heat_capacity"].values, rtol=1e-7)
    with pytest.raises(ParameterError, match="the instrument has already subtracted the addenda"):
        subtract_addenda(data, data)

    def run(values):
        columns = {"temperature": Column([1.0, 2.0, 3.0], "K"), "heat_capacity": Column(values, "uJ/K")}
        return Dataset(columns, "heat_capacity")

    np.testing.assert_allclose(subtract_addenda(run([3.0, 5.0, 9.0]), run([1.0, 2.0, 3.0]))["heat_capacity"].values,
                               [2.0, 3.0, 6.0])  # fmt: skip


def test_loops_are_split_by_nominal_temperature(real):
    parts = split_by(read(real / "mpms3_ErCOT_MvsH_2-6K.dat"), "temperature")
    assert [len(part) for part in parts] == [281, 281, 281]
    assert [part.name[-3:] for part in parts] == ["_2K", "_4K", "_6K"]
    assert all(np.ptp(part["temperature"].values) < 0.05 for part in parts)
    assert "kept 281 of 843 rows" in parts[0].history[0]


def test_splitting_by_a_swept_condition_is_refused(real):
    with pytest.raises(ParameterError, match="temperature is swept"):
        split_by(read(real / "mpms3_ErCOT2_MvsT_FC_1kOe.dat"), "temperature", tolerance=0.01)


def bridge():
    """A capacitance at three frequencies, one after the other, cooled and warmed again, with a text column."""
    T = np.concatenate([np.geomspace(1.0, 0.05, 12), np.geomspace(0.051, 1.0, 12)])
    columns = {
        "temperature": Column(np.tile(T, 3), "K"), "frequency": Column(np.repeat([0.5, 1.0, 5.0], 24), "kHz"),
        "capacitance": Column(np.linspace(10.0, 10.1, 72), "pF"), "state": Column(["a b"] * 36 + ["c"] * 36),
    }  # fmt: skip
    return Dataset(columns, "capacitance", name="bridge")


def test_any_column_splits_numbers_at_set_points_and_texts_as_they_are():
    parts = split_by(bridge(), "frequency")
    assert [part.name for part in parts] == ["bridge_0p5kHz", "bridge_1kHz", "bridge_5kHz"]
    assert [len(part) for part in split_by(bridge(), "state")] == [36, 36]
    assert [part.name for part in split_by(bridge(), "state")] == ["bridge_a_b", "bridge_c"]
    with pytest.raises(ParameterError, match="has no column 'pressure'"):
        split_by(bridge(), "pressure")


def test_sweeps_are_separated_where_they_turn_round():
    (first, *_) = split_by(bridge(), "frequency")
    cooling, warming = split_by(first, "sweep")
    assert (cooling.name, warming.name) == ("bridge_0p5kHz_cooling1", "bridge_0p5kHz_warming2")
    assert np.all(np.diff(cooling["temperature"].values) < 0) and np.all(np.diff(warming["temperature"].values) > 0)


def test_advice_that_was_followed_is_not_repeated(written):
    rows = "\n".join(f"{T},{f},{1e-4 * T + 1e-5 * f:.6g}" for f in (0.5, 1.0, 5.0) for T in np.geomspace(0.05, 1.0, 12))
    data = read(written(f"T (K),f (kHz),tan d\n{rows}\n"))
    assert any("holds 3 values of frequency (0.5, 1, 5 kHz)" in note for note in data.notes)
    assert not any("out of order" in note for note in data.notes)  # the next frequency begins cold again
    assert not any("split_by" in note for part in split_by(data, "frequency") for note in part.notes)


def test_averaging_repeats_of_the_mpms_xl_leaves_a_curie_law(real):
    data = average_repeats(read(real / "mpmsxl_pb6051_MvsT_0p1T.dc.dat"))
    assert len(data) == 14
    product = data["moment"].values * data["temperature"].values
    assert np.ptp(product) / np.mean(product) < 0.035
    assert np.all(data["sigma"].values > 0.0)
    assert np.all(data["sigma"].values < 0.01 * data["moment"].values)
    assert "runs of 3 to 3 repeats" in data.history[0]


def test_the_standard_error_of_the_mean_is_recovered_from_simulated_repeats():
    random = np.random.default_rng(5)
    T = np.repeat(np.geomspace(2.0, 60.0, 200), 4) * (1.0 + 1e-3 * random.standard_normal(800))
    data = moments(T, (1.0 / T) * (1.0 + 2e-3 * random.standard_normal(800)))
    averaged = average_repeats(data)
    assert len(averaged) == 200
    np.testing.assert_allclose(averaged["sigma"].values / averaged["moment"].values, 1e-3, rtol=0.1)


def test_averaging_without_repeats_is_refused():
    with pytest.raises(ParameterError, match="no rows are repeated"):
        average_repeats(moments(np.linspace(2.0, 30.0, 40), np.ones(40)))


def test_ranges_are_kept_and_dropped_in_any_unit():
    data = moments([2.0, 4.0, 6.0], [1.0, 2.0, 3.0])
    assert len(keep_range(data, "temperature", 1500.0, 4500.0, "mK")) == 2
    assert drop_range(data, "temperature", 3.0, 5.0)["moment"].values.tolist() == [1.0, 3.0]
    with pytest.raises(ParameterError, match="no row is left"):
        keep_range(data, "temperature", 50.0, 60.0)
    with pytest.raises(ParameterError, match="low must not be above high"):
        keep_range(data, "temperature", 5.0, 4.0)
