"""Single systems in strain and field: hyperbolas against the 2x2 matrix, line strengths, distributions by sampling."""

import math

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.observables.spectroscopy import line_strength, rate_density, transition_frequency, vertex

h, k_B, e = 6.62607015e-34, 1.380649e-23, 1.602176634e-19


def test_the_hyperbola_is_the_gap_of_the_two_by_two_matrix():
    strain, field = np.linspace(-2e-6, 2e-6, 9), np.linspace(-3e4, 3e4, 9)
    frequency = transition_frequency(0.05, 0.3, strain, 1.1, field, 3e-30)
    for value, s, f in zip(frequency, strain, field, strict=True):
        sigma_z = 1.1 * e * s + 3e-30 * f + 0.5 * k_B * 0.05
        matrix = np.array([[sigma_z, 0.5 * k_B * 0.3], [0.5 * k_B * 0.3, -sigma_z]])
        assert value == pytest.approx(np.ptp(np.linalg.eigvalsh(matrix)) / h, rel=1e-12)


def test_strain_and_field_have_one_vertex_and_slopes_2g_and_2p():
    assert transition_frequency(0.0, 0.2) == transition_frequency(-0.2, 0.2, 0.2 * k_B / (2 * 1.5 * e), 1.5)
    far = np.array([1e-2, 2e-2])
    assert np.diff(transition_frequency(0.1, 0.2, far, 1.5))[0] / 1e-2 == pytest.approx(2 * 1.5 * e / h, rel=1e-6)
    far = np.array([1e9, 2e9])
    slope = np.diff(transition_frequency(0.1, 0.2, electric_field=far, dipole_moment=4e-30))[0] / 1e9
    assert slope == pytest.approx(2 * 4e-30 / h, rel=1e-6)
    assert line_strength(0.0, 0.2) == 1.0 and line_strength(0.2, 0.2) == pytest.approx(0.5)


def test_a_measured_hyperbola_gives_its_system_back():
    strain = np.linspace(-1e-6, 3e-6, 25)
    rng = np.random.default_rng(2)
    frequency = transition_frequency(-0.02, 0.31, strain, 0.9) + 1e6 * rng.standard_normal(25)
    amplitude, at, potential = vertex(strain, frequency)
    assert amplitude == pytest.approx(0.31, rel=1e-3) and potential == pytest.approx(0.9, rel=5e-3)
    assert at == pytest.approx(0.02 * k_B / (2 * 0.9 * e), rel=0.02)
    with pytest.raises(gt.ParameterError, match="no hyperbola"):
        vertex(strain, 1e9 - 1e20 * (strain - 1e-6) ** 2)
    with pytest.raises(gt.ParameterError, match="at least three points"):
        vertex(strain[:2], frequency[:2])


@pytest.mark.parametrize("weighted", [False, True])
def test_rates_of_one_gap_are_distributed_as_drawn_systems(weighted):
    """dDelta dDelta0/Delta0 at fixed E: ln Delta0 even, weighted by E/Delta for the width of the shell."""
    rng = np.random.default_rng(1)
    sine = np.exp(rng.uniform(math.log(1e-3), 0.0, 2_000_000))
    weight = 1.0 / np.sqrt(1.0 - sine**2) * (sine if weighted else 1.0)
    edges = np.array([0.01, 0.1, 0.3, 0.6, 0.9])
    counts = np.histogram(sine**2, edges, weights=weight)[0]
    grid = [np.linspace(low, high, 4001) for low, high in zip(edges[:-1], edges[1:], strict=True)]
    exact = np.array([np.trapezoid(rate_density(r, weighted), r) for r in grid])
    np.testing.assert_allclose(counts / counts.sum(), exact / exact.sum(), rtol=0.01)


def test_a_system_without_amplitude_or_with_infinite_field_is_refused():
    with pytest.raises(gt.ParameterError, match="amplitude of a system must be positive"):
        transition_frequency(0.1, 0.0)
    with pytest.raises(gt.ParameterError, match="electric_field must be finite"):
        transition_frequency(0.1, 0.2, electric_field=math.inf)
