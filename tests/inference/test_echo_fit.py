"""Echo amplitudes in ordinary fits: units of their own, options as columns, many waiting times in one dataset."""

import numpy as np
import pytest

from glasstunnel import Column, Dataset, LogUniform, Pulses, TwoLevelSystems, echo, fit
from glasstunnel.data import with_condition, with_pulses
from glasstunnel.errors import FitError

PULSES = Pulses((1e-7, 2e-7), (2e-6,), 1e9, 1e3)
TLS = TwoLevelSystems(1e20, dipole_moment=2e-30, spectral_diffusion=2e7)
TIMES = np.array([1e-6, 2e-6, 4e-6, 7e-6])
SCALE = {"data.run.scale": LogUniform(1e-5, 1e60)}
RATE = {"tls.spectral_diffusion": LogUniform(1e6, 1e9)}


def decay(unit="mV"):
    """Noiseless amplitudes against the waiting time at 12 mK, 5 at the first one."""
    pulses = [Pulses(PULSES.durations, (time,), PULSES.frequency, PULSES.field_amplitude) for time in TIMES]
    clean = np.array([float(echo(TLS, sequence, 0.012, 0.0)) for sequence in pulses])
    if unit != "C m/kg":
        clean = 5.0 * clean / clean[0]
    columns = {"waiting_time": Column(1e6 * TIMES, "us"), "echo": Column(clean, unit),
               "sigma": Column(0.01 * clean, unit)}  # fmt: skip
    data = Dataset(columns, "echo", name="run", noise="given")
    return with_pulses(with_condition(data, temperature="12 mK", field="0 T"), PULSES)


def test_the_dephasing_rate_follows_from_one_dataset_of_many_waiting_times():
    start = TwoLevelSystems(1e20, dipole_moment=2e-30, spectral_diffusion=5e6)
    result = fit(start, [decay()], SCALE | RATE)
    assert result.converged
    assert result.values["tls.spectral_diffusion"] == pytest.approx(2e7, rel=1e-4)
    assert result.curves["run"].unit == "mV"


def test_an_amplitude_in_its_si_unit_needs_no_scale():
    result = fit(TLS, [decay("C m/kg")], {"tls.density": LogUniform(1e18, 1e22)})
    assert result.values["tls.density"] == pytest.approx(1e20, rel=1e-6)


def test_an_unknown_unit_asks_for_a_scale():
    with pytest.raises(FitError, match="states its echo in mV, not in C m/kg: vary its scale, 'data.run.scale'"):
        fit(TLS, [decay()], RATE)


def test_what_is_detected_is_a_column():
    data = with_condition(decay(), detection="modulus")
    result = fit(TLS, [data], SCALE)
    assert result.curves["run"].conditions["detection"] == "modulus"
    assert result.chi2 < 1.0  # at the echo time without detuning both quadratures agree but for systems off resonance


def test_pulses_belong_to_an_echo():
    other = Dataset({"temperature": Column([1.0], "K"), "magnetization": Column([1.0], "emu/g")}, "magnetization")
    with pytest.raises(Exception, match="measures magnetization; pulses belong to an echo"):
        with_pulses(other, PULSES)
