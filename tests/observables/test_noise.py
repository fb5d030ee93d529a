"""Noise by fluctuation and dissipation: limits, a number by hand, agreement of noise and loss."""

import math

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.observables.noise import (
    capacitor_noise,
    displacement_noise,
    frequency_noise,
    qubit_relaxation,
    relaxation_rate,
    sample_qubit_rates,
    thermal_energy,
)
from glasstunnel.systems.response.frequency_noise import telegraph_share

h, k_B = 6.62607015e-34, 1.380649e-23


def test_thermal_energy_has_its_limits():
    assert thermal_energy(1.0, 1.0) == pytest.approx(k_B, rel=1e-12)
    assert thermal_energy(1e-3, 1e12) == pytest.approx(0.5 * h * 1e12, rel=1e-12)


def test_noise_of_a_capacitor_on_the_plateau_is_one_over_f():
    plateau = gt.TwoLevelSystems(0.0, 1e-14, 1e3, dielectric_strength=1e-3, elastic_constant=1e-19)
    noise = capacitor_noise(plateau, 0.1, 0.0, np.array([1e3, 1e4]), 1e-12)
    by_hand = 4.0 * k_B * 0.1 * (math.pi * 1e-3 / 6.0) / (2.0 * math.pi * 1e3 * 1e-12)  # 4 k_B T (pi A/6)/(w C)
    assert noise[0] == pytest.approx(by_hand, rel=2e-5)
    assert noise[0] / noise[1] == pytest.approx(10.0, rel=1e-3)


def test_displacement_noise_and_relaxation_rate_follow_the_losses():
    glass = gt.TwoLevelSystems(None, longitudinal_strength=3e-4, elastic_constant=2e-8)
    expected = 4 * k_B * 10.0 * gt.internal_friction(glass, 10.0, 0.0, 100.0) / (200 * math.pi * 1e9)
    assert displacement_noise(glass, 10.0, 0.0, 100.0, 1e9) == pytest.approx(expected, rel=1e-9)
    oxide = gt.TwoLevelSystems(0.0, 1e-3, 100.0, dielectric_strength=1e-3)
    loss = math.pi / 3 * 1e-3 * math.tanh(h * 5e9 / (2 * k_B * 0.02))
    found = relaxation_rate(oxide, 0.02, 0.0, 5e9, 1e-3)
    assert found == pytest.approx(2 * math.pi * 5e9 * 1e-3 * loss, rel=1e-4)


def test_a_capacitance_that_is_none_is_refused():
    oxide = gt.TwoLevelSystems(0.0, 1e-3, 100.0, dielectric_strength=1e-3)
    with pytest.raises(gt.ParameterError, match="capacitance must be positive"):
        capacitor_noise(oxide, 0.1, 0.0, 1e3, 0.0)


@pytest.mark.parametrize("a", [0.01, 1.0, 30.0])
def test_share_of_the_telegraph_signal_is_its_integral(a):
    from scipy.integrate import quad

    exact = quad(lambda y: (1 - y * y) ** 2 / ((1 - y * y) ** 2 + a * a), 0.0, 1.0, epsabs=1e-13)[0]
    assert telegraph_share(a) == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("a", [1e-9, 29.999, 30.001, 1e6])
def test_share_of_the_telegraph_signal_is_smooth_over_its_branches(a):
    from mpmath import mp, mpf, quad

    ends = [0, 0.5, 0.9, 0.999, 1 - mpf(10) ** -8, 1]
    with mp.workdps(30):
        exact = quad(lambda y: (1 - y * y) ** 2 / ((1 - y * y) ** 2 + mpf(a) ** 2), ends)
    assert telegraph_share(0.0) == 1.0
    assert float(telegraph_share(a)) == pytest.approx(float(exact), rel=1e-8)


OXIDE = gt.TwoLevelSystems(1e20, None, 100.0, dielectric_strength=1e-3, elastic_constant=1e-8)


@pytest.mark.parametrize("slow", [1.0, 3e4])
def test_frequency_noise_is_the_sum_over_explicit_systems_that_flip(slow):
    """Systems drawn one by one; each telegraph signal has S = 4 tau sech^2/(1 + (w tau)^2) of unit jumps +-1."""
    rng = np.random.default_rng(3)
    T, f0, T2, mass, count = 0.1, 5e9, 1e-9, 1e-12, 2_000_000
    E = 4.0 * rng.random(count)
    v = 9.0 * rng.random(count)
    tau = 1e-8 * np.tanh(E / (2 * T)) / E**3 * np.cosh(v) ** 2
    y = rng.random(count)
    photon, width = h * f0 / k_B, h / (2 * math.pi * T2 * k_B)
    line = np.real(0.5 / (E - photon - 1j * width) + 0.5 / (E + photon + 1j * width))
    # p^2/(eps V) = A/(n m) per system, in kelvin
    jump = 1e-3 / (1e20 * mass) * y**2 / np.cosh(v) ** 2 * line
    each = jump**2 / np.cosh(E / (2 * T)) ** 2 * 4 * tau / (1 + (2 * math.pi * slow * tau) ** 2)
    total = 1e20 * mass * 4.0 * 9.0 * each
    found = frequency_noise(OXIDE, T, 0.0, f0, slow, mass, coherence_time=T2)
    assert abs(found - total.mean()) < 4.0 * total.std() / math.sqrt(count) and total.std() / total.mean() < 150.0


def test_independent_systems_make_white_noise_that_dies_out_on_cooling():
    slow = np.array([1e-3, 1e-1, 1e8])
    noise = frequency_noise(OXIDE, 0.1, 0.0, 5e9, slow, 1e-12, coherence_time=1e-9)
    assert noise[0] == pytest.approx(noise[1], rel=1e-3) and noise[2] < 1e-3 * noise[0]
    cold = frequency_noise(OXIDE, np.array([0.01, 0.02, 0.05]), 0.0, 5e9, 1.0, 1e-12, coherence_time=1e-9)
    assert np.all(np.diff(cold) > 0.0)


def test_the_law_of_flicker_noise_is_added_to_what_independent_systems_make():
    law = gt.FlickerNoise(1e-16, 1.5)
    both = gt.Glass({"oxide": OXIDE, "law": law})
    conditions = {"T": 0.1, "B": 0.0, "frequency": 5e9, "noise_frequency": 2.0, "mass": 1e-12, "coherence_time": 1e-9}
    single = frequency_noise(OXIDE, **conditions)
    assert frequency_noise(both, **conditions) == pytest.approx(single + 1e-16 * 0.1**-1.5 / 2.0, rel=1e-12)
    with pytest.raises(gt.ParameterError, match="no contribution makes frequency noise"):
        frequency_noise(gt.DebyePhonons(1e-3), **conditions)
    with pytest.raises(gt.ParameterError, match="needs mass"):
        frequency_noise(OXIDE, 0.1, 0.0, 5e9, 1.0)


def test_rates_of_qubits_scatter_as_explicit_systems_with_golden_rule_couplings():
    """Couplings from the zero-point field, p0 E/hbar with eps E^2 V = hbar w p/2, not from the loss tangent."""
    rng = np.random.default_rng(4)
    hbar, eps, p0, rho, density = h / (2 * math.pi), 9e-11, 4e-30, 3900.0, 1e20
    f, T, T2, mass, participation = 5e9, 0.02, 2e-8, 2e-17, 1e-3
    strength = density * rho / k_B * p0**2 / eps
    oxide = gt.TwoLevelSystems(density, None, 1e3, dielectric_strength=strength)
    zero_point = math.sqrt(hbar * 2 * math.pi * f * participation / (2 * eps * mass / rho))
    width = 1 / T2
    window, longest = 150 * width, 5.0
    expected = density * mass * hbar / k_B * 2 * window * longest
    rates = []
    for _ in range(2000):
        n = rng.poisson(expected)
        coupling = p0 * zero_point / hbar * rng.random(n) / np.cosh(longest * rng.random(n))
        offset = window * (2 * rng.random(n) - 1)
        rates.append(np.sum(2 * coupling**2 * width / (width**2 + offset**2)) * math.tanh(h * f / (2 * k_B * T)))
    found = qubit_relaxation(oxide, T, f, participation, mass, T2)
    assert np.mean(rates) == pytest.approx(found.rate, rel=0.06)
    assert np.std(rates) / np.mean(rates) == pytest.approx(found.spread, rel=0.1)
    sampled = sample_qubit_rates(oxide, T, f, participation, mass, T2, count=2000, seed=1)
    assert np.mean(sampled) == pytest.approx(found.rate, rel=0.06)
    assert np.std(sampled) / np.mean(sampled) == pytest.approx(found.spread, rel=0.1)
    more = qubit_relaxation(oxide, T, f, participation, 100 * mass, T2)
    assert more.spread == pytest.approx(0.1 * found.spread, rel=1e-12)


def test_a_qubit_among_anomalous_systems_is_refused():
    with pytest.raises(gt.ParameterError, match="one contribution with a dipole"):
        qubit_relaxation(gt.DebyePhonons(1e-3), 0.02, 5e9, 1e-3, 1e-15, 1e-7)
