import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import reference

from glasstunnel.numerics.few_level import ring_levels


def ring_hamiltonian(asymmetry, angle, amplitude, phase):
    """Complex 3x3 matrix of one ring: wells D cos((psi + 2 pi i)/3), hopping sqrt(3)/2 D0 exp(i phi/3) around it."""
    wells = [asymmetry * math.cos((angle + 2.0 * math.pi * i) / 3.0) for i in range(3)]
    hop = 0.5 * math.sqrt(3.0) * amplitude * np.exp(1j * phase / 3.0)
    matrix = np.diag(wells).astype(complex)
    for i in range(3):
        matrix[i, (i + 1) % 3] = hop
        matrix[(i + 1) % 3, i] = hop.conjugate()
    return matrix


def levels_and_slopes(parameters):
    """The three levels and their slopes by the phase, lowest first."""
    found = ring_levels(*parameters)
    levels = found.low + np.array([0.0, found.middle_gap, found.top_gap])
    middle, top = found.middle_stiffness, found.top_stiffness
    return levels, np.array([-middle - top, middle, top]) * math.sin(parameters[3])


REFERENCE = reference("levels")["three_wells"]


def test_levels_of_the_worked_example():
    """Benchmark: wells 0.3, -0.1, -0.2 with hopping 1 and phase 0.7, diagonalized elsewhere."""
    wells = np.array([0.3, -0.1, -0.2])
    raw = math.sqrt(np.sum(wells**2))
    angle = math.acos(math.sqrt(1.5) * wells[0] / raw) * 3.0
    levels, _ = levels_and_slopes((math.sqrt(2.0 / 3.0) * raw, angle, 2.0 / math.sqrt(3.0), 0.7))
    np.testing.assert_allclose(levels, REFERENCE["levels"], rtol=1e-15)
    small_parameter_gap = math.hypot(math.sqrt(2.0 / 3.0) * raw, 2.0 / math.sqrt(3.0) * 0.7)
    assert small_parameter_gap == pytest.approx(REFERENCE["linear_gap"], rel=1e-14)


def test_gap_depends_on_the_angle_as_published():
    gap = ring_levels(0.3, np.array([0.0, math.pi / 2, math.pi]), 1.0, 0.5).middle_gap
    np.testing.assert_allclose(gap, [value for _, value in REFERENCE["gaps"]], rtol=1e-14)


@given(
    st.floats(-5.0, 5.0), st.floats(0.0, math.pi), st.floats(-3.0, 3.0), st.floats(-7.0, 7.0).filter(lambda x: x != 0)
)
def test_levels_and_slopes_agree_with_diagonalization(log_asymmetry, angle, log_amplitude, phase):
    parameters = (10.0**log_asymmetry, angle, 10.0**log_amplitude, phase)
    matrix = ring_hamiltonian(*parameters)
    size = np.linalg.norm(matrix)
    levels, slopes = levels_and_slopes(parameters)
    exact, vectors = np.linalg.eigh(matrix)
    np.testing.assert_allclose(levels, exact, atol=1e-14 * size)
    # Hellmann-Feynman: <dH/dphi>, trustworthy where the eigenvectors are.
    if min(np.diff(exact)) > 1e-3 * size:
        upper = np.triu(matrix, 1) * (1j / 3.0) * np.array([[0, 1, -1], [0, 0, 1], [0, 0, 0]])
        by_phase = upper + upper.conj().T
        expected = np.einsum("ia,ij,ja->a", vectors.conj(), by_phase, vectors).real
        np.testing.assert_allclose(slopes, expected, atol=1e-11 * parameters[2])


@given(st.floats(-8.0, -2.0), st.floats(-8.0, -2.0))
def test_small_gaps_keep_full_relative_precision(log_asymmetry, log_phase):
    """Near the doublet E = hypot(D, D0 phi) up to relative corrections of order D/D0 and phi^2."""
    asymmetry, phase = 10.0**log_asymmetry, 10.0**log_phase
    gap = ring_levels(asymmetry, math.pi / 2.0, 1.0, phase).middle_gap
    assert abs(gap / math.hypot(asymmetry, phase) - 1.0) < asymmetry**2 + phase**2 + 1e-14


@given(st.floats(1e-6, math.pi))
def test_without_asymmetry_the_gap_is_a_sine(phase):
    assert ring_levels(1e-300, 0.0, 1.0, phase).middle_gap == pytest.approx(3.0 * math.sin(phase / 3.0), rel=1e-14)


def test_strongly_asymmetric_rings_keep_the_tunnel_splitting():
    """Two equal low wells, the third 1e6 above: splitting sqrt(3) D0, and D0/D corrections only."""
    gap = ring_levels(1e6, math.pi, 1.0, 0.3).top_gap - ring_levels(1e6, math.pi, 1.0, 0.3).middle_gap
    low_pair = ring_levels(1e6, 0.0, 1.0, 0.3).middle_gap
    assert low_pair == pytest.approx(math.sqrt(3.0), rel=1e-5)
    assert gap == pytest.approx(math.sqrt(3.0), rel=1e-5)


def test_arrays_broadcast():
    levels = ring_levels(np.ones((4, 1)), np.zeros(3), 1.0, 0.2)
    assert levels.low.shape == levels.middle_gap.shape == levels.top_stiffness.shape == (4, 3)
