"""Random tensors: exact moments, invariants against eigenvalues, the two ends of the extended distribution."""

import numpy as np
import pytest

from glasstunnel.numerics.random_tensors import (
    axial_rhombic,
    czjzek,
    extended_czjzek,
    random_tensor_components,
    size_and_shape,
)


@pytest.mark.parametrize("D, E", [(1.0, 0.0), (-2.0, 0.1), (3.0, 1.0), (3.0, 0.7), (-1.0, 1.0 / 3.0)])
def test_size_and_shape_name_the_same_tensor(D, E):
    again = axial_rhombic(*size_and_shape(D, E))
    principal = lambda D, E: np.sort([E - D / 3, -E - D / 3, 2 * D / 3])  # noqa: E731
    np.testing.assert_allclose(principal(*again), principal(D, E), atol=1e-12)


def test_czjzeks_distribution_has_the_moments_of_five_normal_components():
    nodes = czjzek()
    w, rho = nodes.weights, nodes.size
    np.testing.assert_allclose([w.sum(), w @ rho**2, w @ rho**4, w @ nodes.shape, w @ nodes.shape**2],
                               [1.0, 5.0, 35.0, 0.0, 1.0 / 3.0], atol=1e-8)  # fmt: skip


def test_czjzeks_density_of_the_asymmetry_parameter_is_the_published_one():
    """f(eta) proportional to eta (1 - eta^2/9)/(1 + eta^2/3)^(5/2), eta = 3 E/D (Czjzek et al., PRB 23, 2513)."""
    nodes = czjzek(16, 200)
    D, E = nodes.axial_rhombic()
    x, y, z = np.sort(np.abs([E - D / 3, -E - D / 3, 2 * D / 3]), axis=0)
    eta = np.abs(y - x) / z
    grid = np.linspace(0.0, 1.0, 20001)
    density = grid * (1 - grid**2 / 9) / (1 + grid**2 / 3) ** 2.5
    np.testing.assert_allclose(nodes.weights @ eta, density @ grid / density.sum(), rtol=2e-4)


@pytest.mark.parametrize("D, E", [(0.3, 0.0), (2.0, 0.5), (-3.0, 0.0), (5.0, 5.0 / 3.0), (9.0, 0.4), (15.0, 1.0)])
def test_the_extended_distribution_has_the_moments_of_displaced_components(D, E):
    """rho^2, rho^4, and rho^3 c, which is harmonic in the components and keeps its value at the mean."""
    nodes = extended_czjzek(D, E)
    rho0, c0 = size_and_shape(D, E)
    w, rho = nodes.weights, nodes.size
    np.testing.assert_allclose(
        [w @ rho**2, w @ rho**4, w @ (rho**3 * nodes.shape)],
        [rho0**2 + 5.0, rho0**4 + 14.0 * rho0**2 + 35.0, rho0**3 * c0], rtol=3e-5, atol=3e-5 * (1.0 + rho0**3),
    )


def test_the_extended_distribution_agrees_with_random_components():
    nodes = extended_czjzek(3.0, 0.4)
    u = random_tensor_components(3.0, 0.4, 1.0, 40000, seed=2)
    x, z, y = u[1] / 2 - u[0] / np.sqrt(12), u[0] / np.sqrt(3), -u[1] / 2 - u[0] / np.sqrt(12)
    matrices = np.array([[x, u[2] / 2, u[3] / 2], [u[2] / 2, y, u[4] / 2], [u[3] / 2, u[4] / 2, z]])
    largest = np.linalg.eigvalsh(np.moveaxis(matrices, -1, 0))[:, 2]
    D, E = nodes.axial_rhombic()
    top = np.max([E - D / 3, -E - D / 3, 2 * D / 3], axis=0)
    assert nodes.weights @ top == pytest.approx(largest.mean(), abs=4 * largest.std() / 200)


def test_no_mean_tensor_is_czjzeks_distribution():
    some, none = extended_czjzek(1e-3, 0.0), czjzek()
    for power in (1, 3):
        np.testing.assert_allclose(some.weights @ some.size**power, none.weights @ none.size**power, rtol=1e-5)


@pytest.mark.parametrize("shape, angle", [(1.0 + 3e-16, 0.0), (-1.0 - 3e-16, np.pi / 3.0)])
def test_a_shape_rounded_beyond_its_range_is_axial(shape, angle):
    expected = 0.5 * np.sqrt(3.0) * np.cos(angle), 0.5 * np.sin(angle)
    np.testing.assert_allclose(axial_rhombic(1.0, shape), expected, atol=1e-12)
