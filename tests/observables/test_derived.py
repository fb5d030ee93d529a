"""chi T, 1/chi, C/T, C/T^3: in Python, from files, in fits and in figures."""

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel import Column, Dataset
from glasstunnel.data import derive, read, with_noise
from glasstunnel.observables.evaluation import derivatives, observable, parts
from glasstunnel.plots import plot_curves
from glasstunnel.systems.glass import as_glass

T, B = np.array([2.0, 5.0, 20.0]), 0.3
GLASS = gt.Glass({
    "ions": gt.MagneticIons("Er3+", 1e22), "larmor": gt.LarmorDiamagnetism(3e-3),
    "phonons": gt.DebyePhonons(8e-4), "tls": gt.TwoLevelSystems(2e22),
})  # fmt: skip
MAGNETIC = ("static_susceptibility", "susceptibility_times_temperature", "inverse_susceptibility")
CALORIC = ("heat_capacity_over_temperature", "heat_capacity_over_cubed_temperature")


def test_they_are_what_their_names_say():
    M, C = gt.magnetization(GLASS, T, B), gt.heat_capacity(GLASS, T, B)
    np.testing.assert_allclose(gt.static_susceptibility(GLASS, T, B), M / B, rtol=1e-14)
    np.testing.assert_allclose(gt.susceptibility_times_temperature(GLASS, T, B), T * M / B, rtol=1e-14)
    np.testing.assert_allclose(gt.inverse_susceptibility(GLASS, T, B), B / M, rtol=1e-14)
    np.testing.assert_allclose(gt.heat_capacity_over_temperature(GLASS, T, B), C / T, rtol=1e-14)
    np.testing.assert_allclose(gt.heat_capacity_over_cubed_temperature(GLASS, T, B), C / T**3, rtol=1e-14)


def test_at_zero_field_they_go_on_continuously():
    for name in MAGNETIC:
        there, near = (getattr(gt, name)(GLASS, T, [[0.0], [1e-6]])[row] for row in (0, 1))
        np.testing.assert_allclose(there, near, rtol=1e-8)


def test_a_zero_magnetization_has_no_inverse():
    with pytest.raises(gt.ParameterError, match="its inverse is not defined"):
        gt.inverse_susceptibility(gt.DebyePhonons(1e-3), 4.0, 1.0)


@pytest.mark.parametrize("name", [*MAGNETIC, *CALORIC])
def test_shares_add_up_and_slopes_are_those_of_differences(name):
    row, glass = observable(name), as_glass(GLASS, name)
    shares = parts(row, glass, T, B, {})
    value, slopes = derivatives(row, glass, T, B, ["ions.concentration", "phonons.cubic_coefficient"], {})
    np.testing.assert_allclose(value, getattr(gt, name)(GLASS, T, B), rtol=1e-14)
    if row.inverse:
        assert not shares
    else:
        np.testing.assert_allclose(sum(shares.values()), value, rtol=1e-13)
    for path, slope in slopes.items():
        at = glass.value(path)
        up, down = (getattr(gt, name)(glass.with_values({path: at * (1 + step)}), T, B) for step in (1e-4, -1e-4))
        np.testing.assert_allclose(slope, (up - down) / (2e-4 * at), rtol=1e-6, atol=1e-12 * np.abs(value / at).max())


def test_a_curie_weiss_law_is_recovered_from_one_over_chi(tmp_path):
    """M in emu/mol of a simulated Curie-Weiss magnet; theta and the effective moment come back."""
    rng = np.random.default_rng(3)
    temperatures = np.linspace(20.0, 300.0, 60)
    constant, theta = 7.9372**2 / 8.0, -12.0  # emu K/(mol Oe), close to mu_eff^2/8
    chi = constant / (temperatures - theta) * (1.0 + 0.002 * rng.normal(size=60))
    path = tmp_path / "chi.csv"
    rows = "\n".join(f"{t:.3f},1000,{1.0 / x:.6g}" for t, x in zip(temperatures, chi, strict=True))
    path.write_text(f"T (K),H (Oe),1/chi (mol Oe/emu)\n{rows}\n")
    data = read(path)
    assert data.quantity == "molar_inverse_susceptibility"
    sample = gt.Sample(molar_mass=0.36250)
    data = with_noise(gt.data.per_kilogram(data, sample), relative=0.002)
    law = gt.CurieWeissLaw(100.0)
    result = gt.fit(law, [data], {"curie_weiss.curie_constant": gt.LogUniform(1.0, 1e4),
                                  "curie_weiss.weiss_temperature": gt.Uniform(-50.0, 15.0)})  # fmt: skip
    assert result.converged and result.chi2 < 90.0
    path = "curie_weiss.weiss_temperature"
    assert abs(result.values[path] - theta) < 4 * result.errors[path]
    per_kilogram = 6.02214076e23 / sample.molar_mass
    moment = gt.effective_moment(result.values["curie_weiss.curie_constant"], per_kilogram)
    assert float(moment) == pytest.approx(7.9372 * np.sqrt(1.0 / (8.0 * 0.125049)), rel=2e-3)  # 3k/(N mu_B^2) = 7.9968


def test_data_are_derived_there_and_back_with_their_errors():
    columns = {"temperature": Column(T, "K"), "field": Column(np.full(3, 3.0), "kOe"),
               "magnetization": Column([3e-3, 2e-3, 1e-3], "emu/g")}  # fmt: skip
    data = with_noise(Dataset(columns, "magnetization"), relative=0.01)
    for name in MAGNETIC:
        there = derive(data, name)
        np.testing.assert_allclose(there["sigma"].values / there.measured.values, 0.01, rtol=1e-12)
        back = derive(there, "magnetization")
        np.testing.assert_allclose(back.measured.to("emu/g"), data.measured.values, rtol=1e-14)
        np.testing.assert_allclose(back["sigma"].to("emu/g"), data["sigma"].values, rtol=1e-12)
    with pytest.raises(gt.ParameterError, match="does not follow from magnetization"):
        derive(data, "heat_capacity_over_temperature")
    zero = data.with_column("field", Column(np.zeros(3), "kOe"))
    with pytest.raises(gt.ParameterError, match="field is 0"):
        derive(zero, "inverse_susceptibility")


SILICA = gt.Glass({
    "phonons": gt.DebyePhonons(8e-4, 495.0), "tls": gt.TwoLevelSystems(4.4e19), "soft": gt.SoftModes(9e19, 4.0, 36.0),
})  # fmt: skip


@pytest.mark.parametrize("name", ["heat_capacity", *CALORIC])
def test_a_glass_like_silica_is_fitted_to_its_scatter_between_2_and_20_kelvin(name):
    """A simulated stand-in of vitreous silica (Debye 495 K, two-level systems, soft modes) with 1 % of scatter."""
    rng = np.random.default_rng(7)
    t = np.geomspace(2.0, 20.0, 50)
    C = gt.heat_capacity(SILICA, t, 0.0) * (1.0 + 0.01 * rng.normal(size=t.size))
    data = Dataset({"temperature": Column(t, "K"), "heat_capacity": Column(C, "J/(K kg)")}, "heat_capacity")
    vary = {"phonons.cubic_coefficient": gt.LogUniform(1e-4, 1e-2), "soft.density": gt.LogUniform(1e18, 1e21),
            "soft.crossover": gt.LogUniform(10.0, 100.0)}  # fmt: skip
    result = gt.fit(SILICA, [with_noise(derive(data, name), relative=0.01)], vary, starts=3)
    assert result.converged and result.chi2 < 47 + 3 * np.sqrt(2 * 47)
    for path in vary:
        assert abs(np.log(result.values[path] / SILICA.value(path))) < 0.15


def test_levels_of_a_schottky_anomaly_are_found():
    rng = np.random.default_rng(5)
    truth = gt.SchottkyLevels(1e22, level_1=3.0, level_2=11.0, degeneracies=(1, 2, 1))
    t = np.geomspace(0.4, 30.0, 60)
    C = gt.heat_capacity(truth, t, 0.0) * (1.0 + 0.01 * rng.normal(size=t.size))
    data = with_noise(Dataset({"temperature": Column(t, "K"), "heat_capacity": Column(C, "J/(K kg)")}, "heat_capacity"),
                      relative=0.01)  # fmt: skip
    guess = gt.SchottkyLevels(1e21, level_1=2.0, level_2=8.0, degeneracies=(1, 2, 1))
    result = gt.fit(guess, [data], {"schottky.concentration": gt.LogUniform(1e20, 1e24),
                                    "schottky.level_1": gt.LogUniform(0.5, 20.0),
                                    "schottky.level_2": gt.LogUniform(1.0, 50.0)}, starts=3)  # fmt: skip
    assert result.values["schottky.level_1"] == pytest.approx(3.0, rel=0.02)
    assert result.values["schottky.level_2"] == pytest.approx(11.0, rel=0.05)
    with pytest.raises(gt.ParameterError, match="not both"):
        gt.SchottkyLevels(1.0, (0.0, 1.0), level_1=2.0)
    with pytest.raises(gt.ParameterError, match="without a gap"):
        gt.SchottkyLevels(1.0, level_1=1.0, level_3=2.0)


def test_c_over_t_is_drawn_against_the_square_of_the_temperature():
    ax = plot_curves(GLASS, "heat_capacity_over_temperature", T, [0.0])
    assert ax.get_xlabel() == "$T^2$ [K²]" and ax.get_xscale() == "linear"
    np.testing.assert_allclose(ax.lines[0].get_xdata(), T**2)
    ax = plot_curves(GLASS, "heat_capacity_over_cubed_temperature", T, [0.0])
    assert ax.get_xlabel() == "$T$ [K]"
