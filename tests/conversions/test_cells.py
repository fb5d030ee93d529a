"""Cell sizes, voids and exponents against reference values, sampling and the printed numbers."""

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel import ParameterError
from glasstunnel.conversions import (
    cell_radius,
    hull_dimension,
    surface_exponent,
    void_edge,
    void_volume,
)


@pytest.mark.parametrize(
    "density_per_gram, mass_density, radius", reference("conversions")["cell_radii"]["rows"],
    ids=["BAS", "Duran", "BK7"],
)
def test_cell_radii_have_their_reference_values(density_per_gram, mass_density, radius):
    """003, below Eq. 40, prints 163, 154 and 300 Angstrom; the second does not follow from its inputs."""
    np.testing.assert_allclose(cell_radius(1e3 * density_per_gram, 1e3 * mass_density) * 1e10, radius, rtol=1e-11)


def test_cells_grow_with_the_distribution_constant():
    """Fewer systems behind the same P* n when P* is larger, so larger cells."""
    ratio = cell_radius(1e19, 2500.0, distribution_constant=8 / (2 * np.pi)) / cell_radius(1e19, 2500.0)
    np.testing.assert_allclose(ratio, 2.0)


def test_void_volume_and_edge_have_their_reference_values():
    numbers = reference("conversions")["void"]
    np.testing.assert_allclose(void_volume(1.0), numbers["volume"], rtol=1e-14)
    np.testing.assert_allclose(void_volume(300.0), numbers["volume_300"], rtol=1e-14)
    np.testing.assert_allclose(void_edge(300.0), numbers["edge_300"], rtol=1e-14)


def test_the_void_is_what_four_touching_spheres_leave_of_a_tetrahedron():
    corners = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(2.0)  # edge 2
    weights = np.random.default_rng(3).dirichlet(np.ones(4), size=200_000)  # uniform in the tetrahedron
    points = weights @ corners
    outside = (np.linalg.norm(points[:, None] - corners, axis=-1) > 1.0).all(axis=1)
    np.testing.assert_allclose(outside.mean() * 2.0 * np.sqrt(2.0) / 3.0, void_volume(1.0), rtol=0.01)


def test_surface_exponents_are_those_of_the_paper():
    """004, below Eq. 20: 0.8055 (29/36, truncated) in two dimensions, 0.67 in three."""
    np.testing.assert_allclose(surface_exponent(91 / 48, hull_dimension(4 / 3), 4 / 3), 29 / 36, rtol=1e-14)
    np.testing.assert_allclose(surface_exponent(2.52, 2.14, 0.88), 0.6656, rtol=1e-12)
    np.testing.assert_allclose(hull_dimension([4 / 3, 0.88]), [1.75, 2.136], atol=4e-4)


def test_a_surface_beyond_its_cluster_is_refused():
    assert surface_exponent(2.52, 2.52, 0.88) == 1.0
    with pytest.raises(ParameterError, match="surface_dimension must not exceed"):
        surface_exponent(2.0, 2.5, 0.88)
    with pytest.raises(ParameterError, match="length_exponent must be positive"):
        hull_dimension(0.0)


def test_a_cell_without_systems_is_refused():
    with pytest.raises(ParameterError, match="density must be positive"):
        cell_radius(0.0, 2500.0)
