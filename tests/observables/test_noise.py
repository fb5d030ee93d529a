"""Noise by fluctuation and dissipation: limits, a number by hand, agreement of noise and loss."""

import math

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.observables.noise import capacitor_noise, displacement_noise, relaxation_rate, thermal_energy

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
