"""The echo amplitude as an observable: pulses as conditions, nuclei as a contribution."""

import dataclasses

import numpy as np
import pytest

from glasstunnel import Glass, NuclearQuadrupoles, Pulses, TwoLevelSystems, echo, heat_capacity, nuclear_quadrupole_echo
from glasstunnel.echoes.amplitude import conditions_of, pulses_of
from glasstunnel.errors import ParameterError
from glasstunnel.observables.evaluation import evaluate

PULSES = Pulses((1e-7, 2e-7), (2e-6,), 1e9, 1e3)
TLS = TwoLevelSystems(1e20, dipole_moment=2e-30, spectral_diffusion=1e7)
NUCLEI = NuclearQuadrupoles("B-11", 5e5, 0.4, fraction=0.7)
GLASS = Glass({"tls": TLS, "nuclei": NUCLEI})


def longer(waiting_time):
    return dataclasses.replace(PULSES, waiting_times=(waiting_time,))


def test_one_call_takes_many_waiting_times_and_fields():
    times, fields = np.array([2e-6, 4e-6])[:, None], np.array([0.0, 0.02, 0.3])
    together = evaluate("echo", GLASS, 0.012, fields, **conditions_of(PULSES) | {"waiting_time": times})
    alone = [echo(GLASS, longer(time), 0.012, fields) for time in times[:, 0]]
    np.testing.assert_allclose(together, alone, rtol=1e-3)  # times together may take more points than each alone
    plain = evaluate("echo", TLS, 0.012, fields, **conditions_of(PULSES) | {"waiting_time": times})
    np.testing.assert_allclose(plain, [[float(echo(TLS, longer(t), 0.012, 0.0))] * 3 for t in times[:, 0]], rtol=1e-12)


def test_nuclei_multiply_the_echo_of_two_level_systems():
    factor = nuclear_quadrupole_echo("B-11", 5e5, 0.4, [0.0, 0.05], 2e-6)
    expected = echo(TLS, PULSES, 0.012, 0.0) * (0.3 + 0.7 * factor)
    np.testing.assert_allclose(echo(GLASS, PULSES, 0.012, [0.0, 0.05]), expected, rtol=2e-3)


def test_two_kinds_of_nuclei_multiply():
    other = NuclearQuadrupoles("K-39", 3e5, 0.3)
    both = GLASS.with_contribution("potassium", other)
    plain, one, two = (echo(glass, PULSES, 0.012, 0.01) for glass in (TLS, GLASS, both))
    only = echo(Glass({"tls": TLS, "potassium": other}), PULSES, 0.012, 0.01)
    assert two * plain == pytest.approx(one * only, rel=1e-12)


def test_nuclei_add_nothing_else():
    assert heat_capacity(NUCLEI, 0.1, 0.0) == 0.0


@pytest.mark.parametrize("pulses", [
    PULSES,
    Pulses((1e-7, 1e-7, 1e-7), (2e-6, 5e-6), 1e9, 1e3, "modulus", receiver_rate=1e8),
    Pulses((1e-7, 2e-7), (2e-6,), 1e9, 1e3, "gated", gate=2e-7),
    Pulses((1e-7, 2e-7), (2e-6,), 1e9, 1e3, "carrier", carrier_phase=0.3),
])
def test_pulses_come_back_from_their_conditions(pulses):
    numbers = conditions_of(pulses)
    detection = numbers.pop("detection")
    assert pulses_of(numbers, detection) == pulses


@pytest.mark.parametrize("glass, changes, words", [
    (Glass({"nuclei": NUCLEI}), {}, "no contribution of this glass has a dipole_moment"),
    (GLASS, {"second_waiting_time": 1e-6}, "both third_duration and second_waiting_time"),
    (GLASS, {"detection": "loud"}, "detection must be one of"),
    (GLASS, {"waiting_time": None}, "check waiting_time"),
])
def test_what_cannot_be_meant_is_refused_in_a_sentence(glass, changes, words):
    with pytest.raises(ParameterError, match=words):
        evaluate("echo", glass, 0.012, 0.0, **conditions_of(PULSES) | changes)


def test_an_unknown_nucleus_is_refused():
    with pytest.raises(ParameterError, match="no nucleus 'Xx'; there are D, B-10"):
        NuclearQuadrupoles("Xx", 1e5, 0.1)
