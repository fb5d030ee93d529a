"""Tables of oscillators and spectra: resonance and quality factor from one file, spectra without a temperature."""

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.data import derive, relative_to, with_condition

TABLE = "T (K),f (Hz),Q,amplitude (nm)\n0.05,90000.3,2e5,1.5\n0.1,90000.0,1e5,1.5\n0.2,89999.1,5e4,1.6\n"


@pytest.fixture
def oscillator(tmp_path):
    path = tmp_path / "torsion.csv"
    path.write_text(TABLE)
    return path


def test_a_quality_factor_becomes_internal_friction(oscillator):
    data = gt.read(oscillator)
    assert data.quantity == "quality_factor" and data["frequency"].unit == "Hz" and "amplitude (nm)" in data
    friction = derive(data, "internal_friction")
    np.testing.assert_allclose(friction.measured.values, [5e-6, 1e-5, 2e-5])


def test_the_resonance_of_the_same_file_becomes_a_shift_of_the_sound_velocity(oscillator):
    data = relative_to(gt.read(oscillator, quantity="frequency"), 0.1, to="sound_velocity_shift")
    np.testing.assert_allclose(data.measured.values, [0.3 / 9e4, 0.0, -0.9 / 9e4], atol=1e-12)
    assert with_condition(data, mode="torsion")["mode"].values[0] == "torsion" and "frequency" in data
    resonator = relative_to(gt.read(oscillator, quantity="frequency"), 0.1)
    assert resonator.quantity == "frequency_shift"
    with pytest.raises(gt.ParameterError, match="becomes frequency_shift or sound_velocity_shift, not 'echo'"):
        relative_to(gt.read(oscillator, quantity="frequency"), 0.1, to="echo")


def test_loss_itself_is_read_too(tmp_path):
    path = tmp_path / "reed.txt"
    path.write_text("T/K 1/Q\n0.1 1e-4\n0.2 2e-4\n")
    assert gt.read(path).quantity == "internal_friction"
    path.write_text("T/K dv/v\n0.1 1e-4\n0.2 2e-4\n")
    assert gt.read(path).quantity == "sound_velocity_shift"


def test_a_spectrum_needs_no_column_of_temperatures(tmp_path):
    path = tmp_path / "spectrum.csv"
    path.write_text("f (Hz),S_y (1/Hz)\n1,1e-17\n10,1e-18\n")
    data = gt.read(path)
    assert data.quantity == "frequency_noise" and "frequency" not in data
    np.testing.assert_array_equal(data["noise_frequency"].values, [1.0, 10.0])
    path.write_text("f (Hz);S_V (nV2/Hz)\n1;4e-3\n10;4e-4\n")
    assert gt.read(path).quantity == "voltage_noise"


def test_a_quality_factor_of_the_model_is_one_over_its_friction():
    from glasstunnel.observables.evaluation import evaluate

    silica = gt.TwoLevelSystems(None, transverse_strength=3e-4, elastic_constant=2e-8)
    Q = evaluate("quality_factor", silica, 0.1, 0.0, frequency=9e4, mode="torsion")
    assert Q == pytest.approx(1.0 / gt.internal_friction(silica, 0.1, 0.0, 9e4, "torsion"), rel=1e-14)
