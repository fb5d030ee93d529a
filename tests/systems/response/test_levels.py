"""Exact response of one anomalous system: 40-digit benchmark, static limit, symmetries, sign."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp
from tests.reference import reference

from glasstunnel.systems.response import levels as exact

REFERENCE = reference("levels")["ring_response"]
WELLS, AMPLITUDE, PHASE, T = np.array([0.03, -0.01, -0.02]), 2.0, 0.05, 0.05
DIPOLES = np.array([1.0, -0.5, -0.5])


def solve(wells=WELLS, amplitude=AMPLITUDE, phase=PHASE, dipoles=DIPOLES):
    levels, vectors = exact.diagonalize(wells, np.asarray(amplitude), np.asarray(phase))
    return levels, exact.dipole_matrix(vectors, dipoles)


def static(levels, dipole, temperature=T):
    return exact.resonant(levels, abs(dipole) ** 2, np.asarray(temperature), 0.0).real + exact.static_relaxational(
        levels, np.diagonal(dipole).real, np.asarray(temperature)
    )


def test_levels_and_dipole_matrix_have_the_benchmark_values():
    levels, dipole = solve()
    np.testing.assert_allclose(levels, REFERENCE["levels"], atol=1e-13)
    assert abs(levels[1] - levels[0] - REFERENCE["gap"]) < 1e-13
    strengths = abs(dipole) ** 2
    for pair, value in zip(((0, 1), (0, 2), (1, 2)), REFERENCE["strengths"], strict=True):
        assert abs(strengths[pair] - value) < 1e-12
    np.testing.assert_allclose(np.diagonal(dipole).real, REFERENCE["diagonal"], atol=1e-13)


def test_response_has_the_benchmark_values():
    levels, dipole = solve()
    strengths, diagonal = abs(dipole) ** 2, np.diagonal(dipole).real
    pairs = exact.resonant_pairs(levels, strengths, np.asarray(T), 0.0)
    assert abs(pairs[0, 1] - REFERENCE["lowest_pair"]) < 1e-11
    assert abs(sum(pairs.values()) - REFERENCE["all_pairs"]) < 1e-11
    assert abs(exact.static_relaxational(levels, diagonal, np.asarray(T)) - REFERENCE["static"]) < 1e-13
    driven = exact.resonant(levels, strengths, np.asarray(T), 0.03, 0.002)
    assert abs(driven - complex(*REFERENCE["driven"])) < 1e-11
    relaxed = exact.relaxational(levels, diagonal, np.asarray(T), 1e-3, detailed_balance(levels))
    assert abs(relaxed - complex(*REFERENCE["relaxed"])) < 1e-12


def detailed_balance(levels):
    """Down rates 1 -> 0, 2 -> 0, 2 -> 1 of 1e-3, 2e-3, 3e-3, up rates by detailed balance."""
    rates = np.zeros((3, 3))
    for (high, low), rate in {(1, 0): 1e-3, (2, 0): 2e-3, (2, 1): 3e-3}.items():
        rates[high, low] = rate
        rates[low, high] = rate * math.exp(-(levels[high] - levels[low]) / T)
    return rates


def test_static_limit_is_the_second_derivative_of_the_free_energy():
    levels, dipole = solve()
    hop = [AMPLITUDE * mp.expj(mp.mpf(PHASE) / 3)]

    def free_energy(field):
        h = mp.matrix(3, 3)
        for i in range(3):
            h[i, i] = mp.mpf(WELLS[i]) - field * mp.mpf(DIPOLES[i])
            h[i, (i + 1) % 3] = hop[0]
            h[(i + 1) % 3, i] = mp.conj(hop[0])
        energies = mp.eighe(h, eigvals_only=True)
        return -T * mp.log(sum(mp.exp(-e / T) for e in energies))

    with mp.workdps(40):
        curvature = float(mp.diff(free_energy, 0, 2, h=mp.mpf("1e-8")))
    assert abs(curvature - REFERENCE["curvature"]) < 1e-11
    assert abs(static(levels, dipole) + curvature) < 1e-11


def test_static_limit_of_the_rate_equation_is_the_thermal_variance():
    levels, dipole = solve()
    diagonal = np.diagonal(dipole).real
    slow = exact.relaxational(levels, diagonal, np.asarray(T), 1e-12, detailed_balance(levels))
    assert abs(slow - exact.static_relaxational(levels, diagonal, np.asarray(T))) < 1e-9


def test_equal_rates_give_one_debye_line():
    levels, dipole = solve()
    diagonal, rate = np.diagonal(dipole).real, 0.7
    rates = np.tile(rate * exact.occupations(levels, np.asarray(T)), (3, 1))
    line = exact.static_relaxational(levels, diagonal, np.asarray(T)) / (1.0 - 0.3j / rate)
    assert abs(exact.relaxational(levels, diagonal, np.asarray(T), 0.3, rates) - line) < 1e-14


@pytest.mark.parametrize("change", [
    dict(dipoles=DIPOLES + 0.37),
    dict(wells=np.roll(WELLS, 1), dipoles=np.roll(DIPOLES, 1)),
    dict(phase=PHASE + 2.0 * math.pi),
    dict(phase=-PHASE),
])
def test_response_does_not_notice_shifts_relabeling_and_flux_quanta(change):
    assert abs(static(*solve(**change)) - static(*solve())) < 1e-11


@given(
    photon=st.floats(1e-6, 10.0), phase=st.floats(-4.0, 4.0), d=st.floats(0.001, 3.0), theta=st.floats(0.0, 7.0),
    temperature=st.floats(0.01, 5.0),
)
def test_dissipation_is_never_negative(photon, phase, d, theta, temperature):
    wells = d * np.cos(theta + 2.0 * math.pi * np.arange(3) / 3.0)
    levels, vectors = exact.diagonalize(wells, np.asarray(1.0), np.asarray(phase))
    dipole = exact.dipole_matrix(vectors, DIPOLES)
    assert exact.resonant(levels, abs(dipole) ** 2, np.asarray(temperature), photon, 1e-3).imag >= -1e-15
    overlaps = np.einsum("in,im->nm", abs(vectors) ** 2, abs(vectors) ** 2)
    rates = exact.one_phonon_rates(levels, overlaps, np.asarray(temperature), 1e-9)
    relaxed = exact.relaxational(levels, np.diagonal(dipole).real, np.asarray(temperature), photon * 1e9, rates)
    assert relaxed.imag >= -1e-15


def test_one_phonon_rates_reduce_to_the_doublet_and_keep_detailed_balance():
    wells, gamma = 1e-4 * WELLS, 1e-3
    levels, vectors = exact.diagonalize(wells, np.asarray(AMPLITUDE), np.asarray(1e-6))
    overlaps = np.einsum("in,im->nm", abs(vectors) ** 2, abs(vectors) ** 2)
    rates = exact.one_phonon_rates(levels, overlaps, np.asarray(T), gamma)
    gap = levels[1] - levels[0]
    asymmetry = math.sqrt(2.0 / 3.0 * float(wells @ wells))  # rescaled
    tau = gamma * math.tanh(gap / (2.0 * T)) / (gap * (gap**2 - 0.5 * asymmetry**2))
    assert abs((rates[0, 1] + rates[1, 0]) * tau - 1.0) < 1e-5
    for low, high in ((0, 1), (0, 2), (1, 2)):
        boltzmann = math.exp(-(levels[high] - levels[low]) / T)
        assert abs(rates[low, high] / (rates[high, low] * boltzmann) - 1.0) < 1e-9


def test_doublet_approximation_has_the_benchmark_values():
    # H with true wells and hopping; rescaled E_i' = sqrt(2/3) E_i, D0' = 2/sqrt(3) D0; dipoles along the field.
    wells = math.sqrt(2.0 / 3.0) * WELLS
    gap = math.hypot(math.sqrt(wells @ wells), 2.0 / math.sqrt(3.0) * AMPLITUDE * PHASE)
    along = (wells @ DIPOLES) ** 2 / gap**2 / 6.0
    across = (DIPOLES @ DIPOLES) / 6.0 - along
    numbers = reference("levels")["ring_doublet"]
    assert abs(gap - numbers["gap"]) < 1e-12
    assert abs(2.0 * across * math.tanh(gap / (2.0 * T)) / gap - numbers["resonant"]) < 1e-11
    assert abs(along / math.cosh(gap / (2.0 * T)) ** 2 / T - numbers["relaxational"]) < 1e-12
