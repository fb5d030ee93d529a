"""Saturation: a driven system against its Bloch equations, averages against integrals, the shift that stays."""

import math

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from tests.reference import reference

from glasstunnel.errors import ParameterError
from glasstunnel.systems.resonator import saturation_laws as kernels


@pytest.mark.parametrize(
    ("intensity", "average", "lifetime"), reference("two_level_response")["saturation"]["rows"]
)
def test_averages_have_the_benchmark_values(intensity, average, lifetime):
    assert abs(kernels.average_saturation(intensity) - average) < 1e-12
    assert abs(kernels.lifetime_saturation(intensity) - lifetime) < 1e-12


@pytest.mark.parametrize("intensity", [0.0, 1e-8, 0.0199, 0.0201, 7.0, 1e6])
def test_averages_are_the_integrals_over_direction_and_amplitude(intensity):
    average = quad(lambda c: 3.0 * c**2 / math.sqrt(1.0 + intensity * c**2), 0.0, 1.0, epsabs=1e-13)[0]
    assert abs(kernels.average_saturation(intensity) / average - 1.0) < 1e-12

    def amplitude(angle):  # u = sin(angle), u du/sqrt(1 - u^2) = sin(angle) d angle
        ratio = intensity / math.sin(angle) ** 2
        return math.sin(angle) * quad(lambda c: 3.0 * c**2 / math.sqrt(1.0 + ratio * c**2), 0.0, 1.0)[0]

    lifetime = sum(quad(amplitude, a, b, epsabs=1e-12)[0] for a, b in ((1e-12, 1e-4), (1e-4, 0.1), (0.1, math.pi / 2)))
    assert abs(kernels.lifetime_saturation(intensity) - lifetime) < 2e-9


def test_strong_drive_has_the_inverse_square_root_law():
    assert abs(kernels.average_saturation(1e8) * 1e4 - 1.5) < 1e-4
    assert kernels.empirical_saturation(0.0, 0.7) == 1.0
    assert abs(kernels.empirical_saturation(1e8, 1.0) * 1e4 - 1.0) < 1e-7


@pytest.mark.slow
def test_one_driven_system_follows_the_bloch_equations():
    gap, T, T1, T2, rabi = 40.0, 20.0, 6.0, 5.0, 0.3

    for omega in (40.0, 40.25, 39.5):
        def motion(t, spin, omega=omega):
            s, u, v = spin
            force = -2.0 * rabi * math.cos(omega * t)
            return force * v - (s - math.tanh(gap / (2.0 * T))) / T1, gap * v - u / T2, -gap * u - force * s - v / T2

        times = 2.0 * math.pi / omega * (300.0 + np.arange(4096) / 64.0)
        solution = solve_ivp(motion, (0.0, times[-1]), (math.tanh(gap / (2.0 * T)), 0.0, 0.0), method="DOP853",
                             t_eval=times, rtol=1e-10, atol=1e-12)
        # Polarization -p sz with sz = -u in the eigenbasis and M F = rabi.
        response = 2.0 * np.mean(solution.y[1] * np.exp(1j * omega * times)) / rabi
        chi = kernels.driven_resonant(kernels.BlochSystem(gap, 1.0, T, T1, T2), omega, rabi)
        assert abs(response / chi - 1.0) < 0.03  # rotating wave: of order (w0 - w + 1/T2)/w0
        assert abs(response.imag / chi.imag - 1.0) < 0.02


def test_ensemble_loss_saturates_and_its_dispersive_shift_does_not():
    T, omega, T1, T2 = 0.1, 1.0, 2e4, 1e4
    # Gaps uniform over w/3 ... 3w (all systems of equal strength), s = Om^2 T1 T2 = 99: the loss falls tenfold.
    gaps = omega + np.sinh(np.linspace(-16.0, 16.0, 200001)) / T2 * 0.05
    inside = (gaps > omega / 3.0) & (gaps < 3.0 * omega)
    gaps = gaps[inside]
    steps = np.gradient(gaps)

    def ensemble(saturation):
        rabi = math.sqrt(saturation / (T1 * T2))
        return np.sum(steps * kernels.driven_resonant(kernels.BlochSystem(gaps, 1.0, T, T1, T2), omega, rabi))

    weak, strong = ensemble(0.0), ensemble(99.0)
    assert abs(strong.imag / weak.imag - 0.1) < 1e-3
    assert abs(strong.real / weak.real - 1.0) < 1e-4


def test_laws_go_by_their_names():
    assert kernels.saturation("empirical", 3.0, 1.0) == 0.5
    with pytest.raises(ParameterError, match="saturation law"):
        kernels.saturation("quadratic", 1.0, 1.0)
