"""Driven systems: the corrected transients against the differential equation, responses that add."""

import math

import numpy as np
import pytest
from scipy.integrate import quad_vec, solve_ivp
from tests.reference import reference

from glasstunnel.errors import ParameterError
from glasstunnel.origins import (
    Drive,
    DrivenSystem,
    RelaxingSpin,
    bloch_response,
    driven_coherence,
    effective_relaxation_time,
    relaxation_response,
    steady_coherence,
)

PARAMETERS = (1.0, 4.0, 6.0, -0.1, -0.4)  # w0, T1, T2, S0, Sinf
SPIN = RelaxingSpin(*PARAMETERS)
DRIVE = Drive(1.0, frequency=0.3 / (2.0 * math.pi))


def test_the_transient_has_the_values_of_an_independent_calculation():
    times, real, imaginary = np.array(reference("driven")["coherence"]["rows"]).T
    values = driven_coherence(times, SPIN, DRIVE)
    np.testing.assert_allclose(values, real + 1j * imaginary, rtol=1e-13)
    assert steady_coherence(0.5, SPIN, DRIVE.frequency) == pytest.approx(-0.1414 - 0.1061j, abs=6e-5)


def differential_equation(times, w0, T1, T2, initial, final, drives):
    def rhs(t, s):
        now = [d for d in drives if d.start <= t < d.stop]
        field = sum(d.amplitude * math.cos(2 * math.pi * d.frequency * t + d.phase) for d in now)
        return -1j * (w0 - 1j / T2) * s + 1j * (final + (initial - final) * math.exp(-t / T1)) * field

    edges = sorted({0.0, times[-1], *(e for d in drives for e in (d.start, d.stop) if 0.0 < e < times[-1])})
    state, results = np.zeros(1, dtype=complex), []
    for begin, end in zip(edges[:-1], edges[1:], strict=True):
        inside = [t for t in times if begin <= t < end or t == end == times[-1]]
        span = (begin, end * (1 - 1e-15))
        solved = solve_ivp(rhs, span, state, dense_output=True, rtol=1e-11, atol=1e-13)
        results += [solved.sol(min(t, end * (1 - 1e-15)))[0] for t in inside]
        state = solved.y[:, -1]
    return np.array(results)


def test_pulses_and_steps_solve_the_differential_equation():
    drives = [Drive(0.7, 0.13, 0.4, 3.0, 0.2), Drive(-0.3, 0.0, 2.0), Drive(0.2, 0.31, 1.0, 6.0, -1.0)]
    times = np.linspace(0.0, 8.0, 33)
    closed = sum(d.amplitude * driven_coherence(times, SPIN, d) for d in drives)
    np.testing.assert_allclose(closed, differential_equation(times, *PARAMETERS, drives), atol=2e-9)


def test_the_printed_solution_misses_the_free_induction():
    times = np.array([0.0, 1.0, 60.0])
    difference = driven_coherence(times, SPIN, DRIVE) - steady_coherence(times, SPIN, DRIVE.frequency)
    z = 1.0 - 1j / 6.0
    at_zero = steady_coherence(0.0, SPIN, DRIVE.frequency)
    np.testing.assert_allclose(difference, -at_zero * np.exp(-1j * z * times), atol=1e-13)
    assert abs(driven_coherence(0.0, SPIN, DRIVE)) == 0.0 and abs(difference[-1]) < 1e-4


def test_a_dephasing_shorter_than_the_relaxation_or_longer_makes_no_difference_to_the_form():
    for T1, T2 in ((2.0, 9.0), (9.0, 2.0), (3.0, 3.0)):
        parameters = (1.3, T1, T2, 0.2, -0.3)
        closed = driven_coherence(np.array([1.0, 2.5]), RelaxingSpin(*parameters), DRIVE)
        np.testing.assert_allclose(closed, differential_equation(np.array([1.0, 2.5]), *parameters, [DRIVE]), atol=1e-9)


def test_the_steady_response_absorbs_and_relaxes_as_debye_says():
    system = DrivenSystem(asymmetry=0.03, tunneling_amplitude=0.02, temperature=0.05, T1=2e-5, T2=1e-6)
    frequency = 4e3
    times = 1e-2 + np.arange(64) / 64.0 / frequency
    response = bloch_response(times, system, [Drive(1e-6, frequency)])
    w, E, T = 2 * math.pi * frequency, system.gap, 0.05
    turned = 2.0 * np.mean(response.dipole * np.exp(1j * w * times)) / 1e-6
    resonant = 2.0 * 0.02**2 / E**3 * math.tanh(E / (2 * T))
    relaxing = 0.03**2 / (E**2 * T) / math.cosh(E / (2 * T)) ** 2 / (1 - 1j * w * 2e-5)
    assert turned == pytest.approx(resonant + relaxing, rel=1e-4)
    assert turned.imag > 0.0  # absorption, with w0 = +E/hbar


def test_at_resonance_energy_is_absorbed():
    system = DrivenSystem(asymmetry=0.0, tunneling_amplitude=0.02, temperature=0.05, T1=2e-5, T2=1e-7)
    frequency = 0.02 * 1.380649e-23 / 6.62607015e-34
    times = 5e-6 + np.arange(64) / 64.0 / frequency
    dipole = bloch_response(times, system, [Drive(1e-8, frequency)]).dipole
    work = np.mean(dipole * np.sin(2 * math.pi * frequency * times))
    assert work > 0.0
    assert work == pytest.approx(1e-8 * 0.5 * math.tanh(0.2) * 2 * math.pi * frequency * 1e-7 / 0.02, rel=1e-3)


def test_two_halves_of_a_pulse_add_up_to_the_pulse():
    times = np.linspace(0.0, 9.0, 19)
    whole = driven_coherence(times, SPIN, Drive(1.0, 0.2, 1.0, 5.0))
    parts = [driven_coherence(times, SPIN, Drive(1.0, 0.2, a, b)) for a, b in ((1.0, 3.3), (3.3, 5.0))]
    np.testing.assert_allclose(sum(parts), whole, atol=1e-14)


def test_responses_add_and_rates_do_not():
    strengths, times = np.array([1.0, 0.4]), np.array([1e-3, 4e-2])
    low, high = (effective_relaxation_time(strengths, times, f"{name} frequency") for name in ("low", "high"))
    w = 2 * math.pi * 1e-4
    response = relaxation_response(strengths, times, 1e-4)
    assert -response.imag / (w * response.real) == pytest.approx(low, rel=1e-6)
    w = 2 * math.pi * 1e6
    assert strengths.sum() / (-relaxation_response(strengths, times, 1e6).imag * w) == pytest.approx(high, rel=1e-6)
    summed_rates = 1.0 / np.sum(1.0 / times)  # 002 Eq. 56
    assert summed_rates < high < low
    def decay(t):
        return np.sum(strengths / times * np.exp(-t / times)) * np.exp(-2j * math.pi * 30.0 * t)

    integral = quad_vec(decay, 0.0, 2.0)[0]
    assert relaxation_response(strengths, times, 30.0) == pytest.approx(integral, rel=1e-6)


@pytest.mark.parametrize("call", [
    lambda: DrivenSystem(0.0, -1.0, 1.0, 1.0, 1.0),
    lambda: DrivenSystem(0.0, 1.0, 1.0, 1.0, 1.0, population=0.7),
    lambda: Drive(1.0, start=2.0, stop=1.0),
    lambda: Drive(math.nan),
    lambda: bloch_response([math.inf], DrivenSystem(0.0, 1.0, 1.0, 1.0, 1.0), []),
    lambda: effective_relaxation_time([1.0], [1.0], "middle"),
    lambda: effective_relaxation_time([1.0], [1.0, 2.0], "low frequency"),
    lambda: relaxation_response([1.0], [-1.0], 1.0),
])  # fmt: skip
def test_bad_input_ends_in_a_sentence(call):
    with pytest.raises(ParameterError):
        call()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Drive("strong"), "Drive: amplitude"),
        (lambda: DrivenSystem(1.0, "t", 1.0, 1.0, 1.0), "tunneling_amplitude"),
        (lambda: relaxation_response([1.0], [1.0], math.nan), "frequencies must be finite"),
    ],
)
def test_numbers_that_are_none_get_a_sentence(call, words):
    with pytest.raises(ParameterError, match=words):
        call()


def test_a_spin_that_is_none_is_refused():
    for spin, words in ((PARAMETERS, "RelaxingSpin"), (RelaxingSpin(1.0, 0.0, 6.0, -0.1, -0.4), "must be positive"),
                        (RelaxingSpin("1", 4.0, 6.0, -0.1, -0.4), "w0")):  # fmt: skip
        with pytest.raises(ParameterError, match=words):
            driven_coherence(1.0, spin, DRIVE)
        with pytest.raises(ParameterError, match=words):
            steady_coherence(1.0, spin, 0.1)
