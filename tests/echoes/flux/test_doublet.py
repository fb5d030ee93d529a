"""Closed-form echo of one transition against integration of the von Neumann equation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp
from tests.reference import reference

from glasstunnel.echoes.flux import doublet

INVERSION, GAP, ELAPSED = -0.8, 5.0, 5.3
REFERENCE = reference("echoes")["doublet"]


def integrate(rho, H, duration):
    """von Neumann equation for one constant Hamiltonian."""
    slope = lambda t, y: (-1j * (H @ y.reshape(2, 2) - y.reshape(2, 2) @ H)).ravel()  # noqa: E731
    return solve_ivp(slope, (0.0, duration), rho.ravel().astype(complex), rtol=1e-11, atol=1e-13).y[:, -1].reshape(2, 2)


def cycled(detuning, rabi, durations, gaps, elapsed, pathway):
    """rho_eg of the echo pathway, by repeating the whole sequence over pulse phases."""
    count = 4
    angles = 2 * np.pi * np.arange(count) / count
    total = 0.0
    free = np.diag([0.5 * detuning, -0.5 * detuning])
    for index in np.ndindex(*(count,) * len(durations)):
        rho = np.diag([0.5 + 0.5 * INVERSION, 0.5 - 0.5 * INVERSION])
        for k, duration, gap in zip(index, durations, [*gaps, elapsed], strict=True):
            drive = 0.5 * rabi * np.array([[0, np.exp(-1j * angles[k])], [np.exp(1j * angles[k]), 0]])
            rho = integrate(integrate(rho, free + drive, duration), free, gap)
        total += rho[0, 1] * np.exp(1j * np.dot(pathway, angles[list(index)]))
    return total / count ** len(durations)


@pytest.mark.parametrize("numbers", REFERENCE["two_pulses"])
def test_two_pulses_agree_with_the_reference_values(numbers):
    rabi, z, *durations, expected = numbers
    value = doublet.two_pulse_coherence(z, rabi, durations, GAP, ELAPSED, inversion=INVERSION)
    assert value == pytest.approx(complex(*expected), abs=5e-14)


def test_two_pulses_agree_with_the_von_neumann_equation():
    value = doublet.two_pulse_coherence(-0.9, 1.3, (0.5, 0.8), GAP, ELAPSED, inversion=INVERSION)
    assert value == pytest.approx(cycled(-0.9, 1.3, (0.5, 0.8), [GAP], ELAPSED, (-1, 2)), abs=1e-9)


def test_three_pulses_agree_with_the_reference_value():
    value = doublet.three_pulse_coherence(0.7, 1.0, (0.6, 0.9, 1.1), GAP, ELAPSED, inversion=INVERSION)
    assert value == pytest.approx(complex(*REFERENCE["three_pulses"]), abs=5e-14)


@pytest.mark.slow
def test_three_pulses_agree_with_the_von_neumann_equation():
    value = doublet.three_pulse_coherence(0.7, 1.0, (0.6, 0.9, 1.1), GAP, ELAPSED, inversion=INVERSION)
    assert value == pytest.approx(cycled(0.7, 1.0, (0.6, 0.9, 1.1), [GAP, 9.0], ELAPSED, (-1, 1, 1)), abs=1e-9)


def test_on_resonance_three_pulses_give_the_product_of_sines():
    value = doublet.three_pulse_coherence(0.0, 1.0, (0.6, 0.9, 1.1), 5.0, 5.0, inversion=INVERSION)
    assert abs(value) == pytest.approx(0.2 * np.sin(0.6) * np.sin(0.9) * np.sin(1.1), rel=1e-13)


@given(st.floats(-20, 20), st.floats(0, 5), st.floats(0, 5), st.floats(-4, 4))
def test_pulses_are_unitary(z, rabi, duration, phase):
    a, b = doublet.pulse_amplitudes(z, rabi, duration, phase)
    assert abs(a) ** 2 + abs(b) ** 2 == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("durations", [(0.6, 0.0), (0.0, 1.2), (0.5, 0.5, 0.0), (0.5, 0.0, 0.5)])
def test_without_one_of_the_pulses_there_is_no_echo(durations):
    assert doublet.response(np.array([-1.0, 0.0, 2.0]), 1.0, durations) == pytest.approx(np.zeros(3), abs=1e-15)


@pytest.mark.parametrize("durations", [(0.6, 1.2), (0.5, 0.5, 0.7)])
@pytest.mark.parametrize("resonant", [False, True])
def test_without_a_drive_there_is_no_echo(durations, resonant):
    z = np.array([-1.0, 0.0, 2.0])
    assert np.all(doublet.response(z, 0.0, durations, resonant) == 0.0)
    assert np.all(doublet.far_response(z[[0, 2]], 0.0, durations, resonant) == 0.0)


def test_weak_pulses_respond_as_the_fourth_power():
    weak = doublet.response(0.3, 1e-3, (0.6, 1.2))
    weaker = doublet.response(0.3, 5e-4, (0.6, 1.2))
    assert weak.real / weaker.real == pytest.approx(16.0, rel=1e-5)
    assert doublet.response(0.0, 1e-3, (0.6, 1.2)) == pytest.approx(1e-3 * 6e-4 * (6e-4) ** 2, rel=1e-5)


@pytest.mark.parametrize("durations", [(0.6, 1.2), (0.4, 1.1)])
def test_the_response_is_the_coherence_at_the_echo_time(durations):
    z, rabi = np.array([-1.0, 0.4, 2.0]), 1.3
    coherence = doublet.two_pulse_coherence(z, rabi, durations, GAP, GAP)
    assert doublet.response(z, rabi, durations) == pytest.approx(2j * rabi * np.conj(coherence), abs=1e-14)


def test_the_printed_shift_has_the_bare_rabi_frequency():
    z, rabi, durations = 0.7, 1.0, (0.6, 1.2)
    derived, printed = (doublet.response(z, rabi, durations, resonant) for resonant in (False, True))
    assert printed.real == derived.real
    assert printed.imag / derived.imag == pytest.approx(np.hypot(1.0, 0.7))


@pytest.mark.parametrize("durations", [(0.6, 1.2), (1.0, 1.0)])
def test_far_from_resonance_the_mean_over_ripples_is_the_far_response(durations):
    z = np.linspace(400.0, 400.0 + 200 * np.pi, 40001)[:-1]
    mean = np.mean(doublet.response(z, 1.0, durations) * z**3)
    far = np.mean(doublet.far_response(z, 1.0, durations) * z**3)
    assert mean.imag == pytest.approx(far.imag, rel=2e-3)
    assert abs(mean.real) < 1e-3 * abs(far.imag)


@pytest.mark.parametrize("durations, steady", [
    ((0.7, 1.1, 1.9), 1.0), ((1.0, 1.0, 1.0), 3.0), ((1.0, 2.0, 1.0), 2.0), ((0.7, 1.2, 1.9), 0.0),
])
def test_three_pulses_far_from_resonance_leave_their_mean_too(durations, steady):
    z = np.linspace(400.0, 400.0 + 2000 * np.pi, 1_000_001)[:-1]
    mean = np.mean(doublet.response(z, 1.0, durations) * z**3)
    assert mean == pytest.approx(-0.5j * steady, abs=1e-4)
    assert np.mean(doublet.far_response(z, 1.0, durations) * z**3) == pytest.approx(mean, abs=1e-4)


@pytest.mark.parametrize("durations", [(0.6, 0.0), (0.5, 0.0, 0.5)])
def test_far_from_resonance_a_missing_pulse_leaves_nothing(durations):
    assert np.all(doublet.far_response(np.array([50.0, -70.0]), 1.0, durations) == 0.0)


@pytest.mark.parametrize("rabi, center, peak_time, peak", reference("flux_echoes")["shapes"]["rows"])
def test_a_flat_spectrum_gives_the_reference_echo_shape(rabi, center, peak_time, peak):
    z, weight = np.polynomial.legendre.leggauss(40)
    edges = np.linspace(-1500.0, 1500.0, 3001)
    width = 0.5 * np.diff(edges)[:, None]
    z, weight = (0.5 * (edges[1:] + edges[:-1])[:, None] + width * z).ravel(), (width * weight).ravel()
    values = weight * doublet.response(z, rabi, (1.0, 2.0)) / rabi**2
    shape = lambda s: float(np.sum(values * np.exp(1j * z * s)).real)  # noqa: E731
    assert shape(0.0) == pytest.approx(center, rel=2e-7)
    # the shape at its maximum to the digits printed: the tails beyond |z| = 1500 turn as z^-2
    assert shape(peak_time) == pytest.approx(peak, rel=2e-6)
    assert shape(peak_time) > max(shape(peak_time - 0.02), shape(peak_time + 0.02))


def test_the_lineshape_factor_of_the_papers_is_normalized():
    """sigma = Omega^2/(2 O^3) integrates to one over the detuning [002, below Eq. 73]."""
    assert quad(lambda z: 1.0 / (2.0 * np.hypot(1.0, z) ** 3), -np.inf, np.inf)[0] == pytest.approx(1.0)
