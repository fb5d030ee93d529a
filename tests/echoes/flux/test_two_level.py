"""Echo of the two-level background against its resonance limit and brute force."""

import dataclasses

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel.echoes.flux.doublet import response
from glasstunnel.echoes.flux.energy_grids import PER_KELVIN
from glasstunnel.echoes.flux.two_level import TwoLevelEcho, two_level_spectrum

STILL = TwoLevelEcho(1e-6, 2e10, 1e7, (1e-7, 2e-7), 0.0, 0.0, 0.0, 0.0)


def total(system):
    return two_level_spectrum(system)[1].sum()


@pytest.mark.parametrize("area, expected", reference("flux_echoes")["two_level_average"]["rows"])
def test_cold_systems_without_decay_give_the_reference_average(area, expected):
    value = total(dataclasses.replace(STILL, rabi=area / 1e-7)) * PER_KELVIN * 1e-14
    assert value.real == pytest.approx(expected, rel=3e-8)


def test_brute_force_with_decay_agrees():
    system = TwoLevelEcho(0.02, 0.05 * PER_KELVIN, 6e8, (3e-9, 5e-9), 2e-8, 1e-8, 4e10, 3e6)
    x, w = np.polynomial.legendre.leggauss(10)
    edges = np.linspace(0.0, 0.3, 301)
    half = 0.5 * np.diff(edges)[:, None]
    gap = (0.5 * (edges[1:] + edges[:-1])[:, None] + half * x).ravel()
    weight = (half * w).ravel()
    x, w = np.polynomial.legendre.leggauss(40)
    y, v = 0.5 * (x + 1), 0.5 * w
    sine = np.sqrt(1 - y**2)  # y = cos(alpha): dalpha/sin = dy/(1-y^2)
    expected = 0.0
    for E, weight_E in zip(gap, weight, strict=True):
        kernel = response(PER_KELVIN * E - system.carrier, 6e8 * sine[:, None] * y, system.durations) @ v
        rate = 4e10 * E**3 * sine**2 / np.tanh(E / 0.04)
        decay = np.exp(-2e-8 * (3e6 + 0.5 * rate) - 1e-8 * rate) * np.tanh(E / 0.04)
        expected += weight_E * np.sum(v / (1 - y**2) * kernel * decay)
    assert total(system) == pytest.approx(expected, rel=3e-8)


def test_far_above_the_gap_the_echo_falls_as_one_over_temperature():
    hot, hotter = (total(dataclasses.replace(STILL, temperature=T)).real for T in (10.0, 20.0))
    assert hot / hotter == pytest.approx(2.0, rel=1e-4)


def test_weak_pulses_answer_as_the_fourth_power():
    """Of the drive; one power goes when the sum is divided by the field amplitude."""
    weak, weaker = (total(dataclasses.replace(STILL, rabi=rabi)).real for rabi in (2e4, 1e4))
    assert weak / weaker == pytest.approx(16.0, rel=1e-3)
