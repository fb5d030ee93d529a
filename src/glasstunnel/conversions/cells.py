"""Geometry of the cellular picture: size of the ordered cells, voids between them, exponents of their interfaces."""

import math

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import positive

# Tetrahedron of edge 2 xi minus the sectors of the four spheres of radius xi at its corners, over xi^3.
_VOID = 2.0 * math.sqrt(2.0) / 3.0 - 4.0 / 3.0 * math.acos(23.0 / 27.0)


def cell_radius(
    density: ArrayLike, mass_density: ArrayLike, distribution_constant: ArrayLike = 1.0 / (2.0 * math.pi)
) -> np.ndarray:
    """Radius xi of the ordered cells [m] from four anomalous systems per tetrahedron of cells  [003, Eqs. 38-40].

    density : P* n [1/kg], as in `AnomalousTunnelingSystems`. mass_density [kg/m3]. distribution_constant : P*, by
    default the 1/(2 pi) guessed in 003. The volume per void is that of the whole tetrahedron, (2 sqrt2/3) xi^3, as
    003 counts it.

    >>> from glasstunnel.conversions import cell_radius
    >>> round(float(cell_radius(1e19, 2500.0)) * 1e10, 2)  # BK7, Angstrom
    300.04
    """
    systems, mass, constant = positive(
        density=density, mass_density=mass_density, distribution_constant=distribution_constant
    )
    systems_per_volume = systems * mass / constant
    return (4.0 / (2.0 * math.sqrt(2.0) / 3.0 * systems_per_volume)) ** (1.0 / 3.0)


def void_volume(cell_radius: ArrayLike) -> np.ndarray:
    """Volume of the void between four touching spheres of radius xi [m3 for xi in m]  [001, Eq. 1].

    >>> from glasstunnel.conversions import void_volume
    >>> round(float(void_volume(1.0)), 6)
    0.207762
    """
    return _VOID * positive(cell_radius=cell_radius) ** 3


def void_edge(cell_radius: ArrayLike) -> np.ndarray:
    """Edge of the regular tetrahedron with the volume of the void, in the unit of the radius  [001, below Eq. 1].

    >>> from glasstunnel.conversions import void_edge
    >>> round(float(void_edge(300.0)), 2)
    362.41
    """
    return (6.0 * math.sqrt(2.0) * void_volume(cell_radius)) ** (1.0 / 3.0)


def surface_exponent(
    cluster_dimension: ArrayLike, surface_dimension: ArrayLike, length_exponent: ArrayLike
) -> np.ndarray:
    """f = 1 - (D - D_s) nu: two-level systems at cluster surfaces grow as x^f with the fraction x  [004, Eq. 20].

    `ParameterError` unless D_s <= D.

    >>> from glasstunnel.conversions import hull_dimension, surface_exponent
    >>> round(float(surface_exponent(91 / 48, hull_dimension(4 / 3), 4 / 3)), 5)  # two dimensions: 29/36
    0.80556
    """
    cluster, surface, nu = positive(
        cluster_dimension=cluster_dimension, surface_dimension=surface_dimension, length_exponent=length_exponent
    )
    if not (surface <= cluster).all():
        raise ParameterError(
            f"surface_dimension must not exceed cluster_dimension, got {surface_dimension!r} and {cluster_dimension!r}"
        )
    return 1.0 - (cluster - surface) * nu


def hull_dimension(length_exponent: ArrayLike) -> np.ndarray:
    """Fractal dimension (1 + nu)/nu of the hull of a percolating cluster  [as used below 004, Eq. 20].

    >>> from glasstunnel.conversions import hull_dimension
    >>> round(float(hull_dimension(4 / 3)), 12)
    1.75
    """
    nu = positive(length_exponent=length_exponent)
    return (1.0 + nu) / nu
