"""Level diagrams: against the diagonalized Hamiltonian, and against the gaps that the heat capacity knows."""

import math

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.constants import angstrom, flux_quantum


def test_the_levels_of_three_wells_are_those_of_their_hamiltonian():
    part = gt.AnomalousTunnelingSystems(1e19, 0.3, 5.0, 6e4, 9e4, flux_field=2.0, activation_energy=0.2)
    T, B = part.reference_temperature, np.linspace(0.0, 9.0, 7)
    area = flux_quantum / (2.0 * math.pi * part.flux_field) / angstrom**2  # |q/e| S, from the field of one radian
    hopping = 0.5 * math.sqrt(3.0) * part.amplitude_area_min / area
    found = np.array(list(part.level_diagram(T, B).values()))
    for levels, phase in zip(found.T, B / part.flux_field, strict=True):
        H = np.diag(part.asymmetry_min * np.cos(2.0 * math.pi / 3.0 * np.arange(3))).astype(complex)
        for i in range(3):
            H[i, (i + 1) % 3] += hopping * np.exp(1j * phase / 3.0)
            H[(i + 1) % 3, i] += hopping * np.exp(-1j * phase / 3.0)
        assert np.sort(levels) == pytest.approx(np.linalg.eigvalsh(H), rel=1e-12)


def test_a_weak_flux_opens_the_gap_of_the_two_level_form():
    part = gt.AnomalousTunnelingSystems(1e19, 0.01, 5.0, 6e4, 9e4, flux_field=2.0)
    levels = part.level_diagram(part.reference_temperature, 0.02)
    area = flux_quantum / (2.0 * math.pi * part.flux_field) / angstrom**2
    gap = math.hypot(0.01, part.amplitude_area_min / area * 0.02 / 2.0)
    assert float(levels["middle"] - levels["low"]) == pytest.approx(gap, rel=1e-3)


def test_levels_that_are_given_are_those_of_the_diagram_and_others_have_none():
    found = gt.SchottkyLevels(1e20, (0.0, 1.5, 4.0)).level_diagram(1.0, np.array([0.0, 2.0]))
    assert {name: levels.tolist() for name, levels in found.items()} == {
        "level 1": [0.0, 0.0], "level 2": [1.5, 1.5], "level 3": [4.0, 4.0]}  # fmt: skip
    assert gt.DebyePhonons(1e-3).level_diagram(1.0, 0.0) == {}
    assert gt.AnomalousTunnelingSystems(1e19, 0.3, 5.0, 6e4, 9e4).level_diagram(1.0, 0.0) == {}
