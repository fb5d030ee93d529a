"""Dielectric and resonator data on their way to a fit: conditions, losses, references, photon numbers."""

import math

import pytest
from numpy.testing import assert_allclose

from glasstunnel import Column, Dataset, read
from glasstunnel.constants import hbar
from glasstunnel.data import (
    photons_from_power,
    quality_factor_to_loss,
    relative_to,
    split_by,
    with_condition,
    with_noise,
)
from glasstunnel.errors import ParameterError

KELVIN = Column([100.0, 200.0, 300.0], "mK")


def dataset(quantity, values, unit="", **further):
    return Dataset({"temperature": KELVIN, quantity: Column(values, unit)} | further, quantity, name="run")


def test_a_condition_becomes_a_column_and_a_line_of_history():
    data = with_condition(dataset("internal_loss", [1e-6, 2e-6, 3e-6]), frequency="5.6199 GHz", power="-100 dBm")
    assert_allclose(data["frequency"].to("Hz"), 5.6199e9)
    assert_allclose(data["power"].to("W"), 1e-13)
    assert data.history == ("frequency set to 5.6199 GHz", "power set to -100 dBm")
    assert_allclose(with_condition(data, frequency=1e9)["frequency"].to("GHz"), 1.0)


def test_what_the_file_said_of_a_condition_is_kept_and_told():
    power = Column([-140.0] * 3, "dBm")
    data = with_condition(dataset("internal_loss", [1.0, 1.0, 1.0], power=power), power="-160 dBm")
    assert_allclose(data["power"].to("W"), 1e-19)
    assert data["power of the file"].values[0] == -140.0
    assert data.history == ("power set to -160 dBm; the file says -140 dBm",)


@pytest.mark.parametrize(("condition", "sentence"), [
    ({"frequency": 0.0}, "frequency must be positive"), ({"frequency": "-5 GHz"}, "frequency must be positive"),
    ({"frequency": "nan Hz"}, "frequency"), ({"frequency": "5 K"}, "frequency = '5 K' cannot be used"),
    ({"frequency": "fast"}, "cannot be used"), ({"photon_number": -1}, "photon_number must not be negative"),
    ({"reference_temperature": 0}, "reference_temperature must be positive"),
    ({"angle": 3.0}, "'angle' is no condition; there are temperature, field, frequency"),
])
def test_conditions_that_cannot_be_are_refused(condition, sentence):
    with pytest.raises(ParameterError, match=sentence):
        with_condition(dataset("internal_loss", [1.0, 1.0, 1.0]), **condition)


def test_quality_factors_become_losses_with_their_errors():
    quality = dataset("internal_quality_factor", [1e6, 2e6, 4e6],
                      internal_quality_factor_error=Column([1e4, 2e4, 4e4], ""))  # fmt: skip
    loss = quality_factor_to_loss(with_noise(quality, given=True))
    assert loss.quantity == "internal_loss"
    assert_allclose(loss.measured.values, [1e-6, 5e-7, 2.5e-7])
    for key in ("internal_loss_error", "sigma"):
        assert_allclose(loss[key].values / loss.measured.values, 0.01)


@pytest.mark.parametrize("bad", [0.0, -1e6, math.inf, math.nan])
def test_a_quality_factor_that_is_none_is_refused(bad):
    with pytest.raises(ParameterError, match="row 2: a quality factor must be positive and finite"):
        quality_factor_to_loss(dataset("internal_quality_factor", [1e6, bad, 1e6]))
    with pytest.raises(ParameterError, match="an internal_quality_factor is needed"):
        quality_factor_to_loss(dataset("moment", [1.0, 1.0, 1.0]))


def test_capacitance_of_several_frequencies_gets_a_reference_each(tmp_path):
    path = tmp_path / "bridge.csv"
    path.write_text("T (K),f (kHz),C (pF),tan delta\n0.1,1,10,1e-4\n0.3,1,10.2,2e-4\n0.1,9,20,1e-4\n0.3,9,20.2,2e-4\n")
    columns = {"temperature": (1, "K"), "frequency": (2, "kHz"), "capacitance": (3, "pF"), "loss_tangent": (4, "")}
    data = relative_to(read(path, columns=columns, quantity="capacitance"), 0.2)
    assert data.quantity == "dielectric_shift"
    assert_allclose(data.measured.values, [10 / 10.1 - 1, 10.2 / 10.1 - 1, 20 / 20.1 - 1, 20.2 / 20.1 - 1], rtol=1e-12)
    assert_allclose(data["reference_temperature"].to("K"), 0.2)
    assert "dielectric_shift relative to 0.2 K, from capacitance" in data.history


def test_headings_of_a_bridge_speak_for_themselves(tmp_path):
    path = tmp_path / "loss.csv"
    path.write_text("T (K),f (kHz),tan delta\n0.1,1,1e-4\n0.3,1,2e-4\n")
    data = read(path)
    assert data.quantity == "loss_tangent" and data["frequency"].to("Hz")[0] == 1000.0


def test_shifts_are_moved_and_frequencies_divided():
    moved = relative_to(dataset("frequency_shift", [0.0, 1e-6, 3e-6]), 0.25)
    assert_allclose(moved.measured.values, [-2e-6, -1e-6, 1e-6], rtol=1e-12)
    divided = relative_to(dataset("frequency", [5.0, 5.1, 5.2], "GHz", sigma=Column([0.5] * 3, "GHz")), 0.1)
    assert divided.quantity == "frequency_shift"
    assert_allclose(divided.measured.values, [0.0, 0.02, 0.04], atol=1e-12)
    assert_allclose(divided["sigma"].values[0], 0.1)


def test_a_reference_outside_the_data_is_refused():
    with pytest.raises(ParameterError, match="temperature 0.05 K lies outside the measured ones, 0.1 to 0.3"):
        relative_to(dataset("frequency_shift", [0.0, 1e-6, 3e-6]), 0.05)
    with pytest.raises(ParameterError, match="moment has no reference"):
        relative_to(dataset("moment", [0.0, 1.0, 2.0]), 0.1)


@pytest.mark.parametrize(("coupling", "factor"), [("notch", 2.0), ("one_port", 4.0)])
def test_photon_number_from_dbm_attenuation_and_coupling(coupling, factor):
    data = with_condition(dataset("internal_loss", [1e-6] * 3), frequency="5 GHz", power="-70 dBm")
    found = photons_from_power(data, attenuation_db=60.0, coupling_quality_factor=5e5, coupling=coupling)
    loaded = 1.0 / (1e-6 + 1.0 / 5e5)
    expected = factor * loaded**2 * 1e-16 / (5e5 * hbar * (2.0 * math.pi * 5e9) ** 2)  # -130 dBm = 1e-16 W
    assert_allclose(found["photon_number"].values, expected, rtol=1e-12)
    assert_allclose(found["power"].to("W"), 1e-16)
    assert "attenuation 60 dB" in found.history[-1] and coupling in found.history[-1]


def test_power_without_attenuation_is_refused():
    data = with_condition(dataset("internal_loss", [1e-6] * 3), frequency="5 GHz", power="-70 dBm")
    with pytest.raises(ParameterError, match="photon numbers need the attenuation in dB"):
        photons_from_power(data, attenuation_db=None, coupling_quality_factor=5e5, coupling="notch")
    with pytest.raises(ParameterError, match="no column 'power'"):
        photons_from_power(dataset("internal_loss", [1e-6] * 3), attenuation_db=60.0, coupling_quality_factor=5e5,
                           coupling="notch")  # fmt: skip


def test_noise_may_be_left_to_the_residuals_as_a_fraction():
    data = with_noise(dataset("internal_loss", [1e-6, 2e-6, 3e-6]), residuals="relative")
    assert data.noise == "residuals, relative" and "sigma" not in data
    with pytest.raises(ParameterError, match="residuals must be true or 'relative'"):
        with_noise(data, residuals="absolute")


def test_a_field_may_point_either_way():
    data = Dataset({"temperature": Column([2.0], "K"), "magnetization": Column([1.0], "A m2/kg")}, "magnetization")
    assert with_condition(data, field=-1.5)["field"].to("T").tolist() == [-1.5]


def test_a_sweep_of_the_field_is_relative_to_a_field_at_each_temperature():
    data = Dataset({
        "field": Column([0.0, 1000.0, 0.0, 1000.0], "Oe"), "temperature": Column([50.0, 50.0, 90.0, 90.0], "mK"),
        "capacitance": Column([10.0, 10.2, 20.0, 20.2], "pF"),
    }, "capacitance")  # fmt: skip
    shift = relative_to(data, field=0.05)
    assert_allclose(shift.measured.values, [10 / 10.1 - 1, 10.2 / 10.1 - 1, 20 / 20.1 - 1, 20.2 / 20.1 - 1], rtol=1e-12)
    assert_allclose(shift["reference_field"].to("T"), 0.05)
    assert "reference_temperature" not in shift
    with pytest.raises(ParameterError, match="field 0.2 T lies outside the measured ones, 0 to 0.1 T"):
        relative_to(data, field=0.2)
    for both in ({}, {"temperature": 0.05, "field": 0.0}):
        with pytest.raises(ParameterError, match="either a temperature or a field"):
            relative_to(data, **both)


def test_runs_of_a_dilution_refrigerator_are_told_apart():
    T = [0.0150, 0.0151, 0.0500, 0.0503, 0.0940, 0.0945, 0.1200, 0.1195]
    data = Dataset({"temperature": Column(T, "K"), "loss_tangent": Column([1e-4] * 8)}, "loss_tangent")
    assert [len(part) for part in split_by(data, "temperature")] == [2, 2, 2, 2]
