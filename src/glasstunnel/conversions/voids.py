"""Voids between touching and growing discs or spheres in closed form: area, perimeter, volume, surface, tunnelers.

Cells of radius xi with fixed centers touch; on cooling their radius grows to rho = xi (1 + g) and neighbors zip along
the overlap, which leaves less perimeter or surface to the void: alpha = arccos(xi/rho) is the half angle of each zip.
Lengths in xi, areas in xi^2, volumes in xi^3; g is the relative growth.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import finite, is_number
from glasstunnel.records import brief

#: kind -> (dimension, rho/xi at which it closes, what it is)
KINDS = {
    "three-cusped": (2, 2.0 / math.sqrt(3.0), "between three discs, the window of a void in three dimensions"),
    "four-cusped": (2, math.sqrt(2.0), "between four discs in a square"),
    "tetrahedral": (3, 2.0 / math.sqrt(3.0), "between four spheres; the body closes at 1.2247"),
    "octahedral": (3, 2.0 / math.sqrt(3.0), "between six spheres; the body closes at 1.4142"),
}
_SOLID = math.acos(23.0 / 27.0)  # solid angle of the corner of a regular tetrahedron
_DIHEDRAL = math.acos(1.0 / 3.0)


@dataclass(frozen=True)
class VoidKind:
    """A kind of void: name, dimension, the growth at which it closes."""

    name: str
    dimension: int
    closing_growth: float

    __repr__ = brief


def void_kind(kind: str) -> VoidKind:
    """The `VoidKind` of a name or its beginning ("three", "tetra"); `ParameterError` for others."""
    wanted = str(kind).strip().lower().replace("_", "-").replace(" ", "-")
    matches = [name for name in KINDS if wanted and name.startswith(wanted)]
    if len(matches) != 1:
        raise ParameterError(f"the kind of a void must be one of {', '.join(map(repr, KINDS))}, got {kind!r}")
    dimension, closing, _ = KINDS[matches[0]]
    return VoidKind(matches[0], dimension, closing - 1.0)


def void_area(growth, kind: str = "three-cusped"):
    """Area of a two-dimensional void, or of the window of a three-dimensional one, in xi^2; shape of `growth`.

    growth : g >= 0. The windows of both kinds in three dimensions are three-cusped. `ParameterError` where the void is
    closed.

    >>> from glasstunnel.origins import void_area
    >>> round(float(void_area(0.0)), 9)
    0.161254481
    >>> round(float(void_area(0.0, "four-cusped")), 6)
    0.858407
    """
    void = void_kind(kind)
    rho, zipped = _grown(growth, "four-cusped" if void.name == "four-cusped" else "three-cusped")
    segments = rho**2 * (zipped - np.sin(zipped) * np.cos(zipped))
    if void.name == "four-cusped":
        return 4.0 - math.pi * rho**2 + 4.0 * segments
    return math.sqrt(3.0) - 0.5 * math.pi * rho**2 + 3.0 * segments


def void_perimeter(growth, kind: str = "three-cusped"):
    """Perimeter of a two-dimensional void, or of the window of a three-dimensional one, in xi; shape of `growth`.

    It falls as the square root of the growth at first: 0.14 % of growth cost 10 %. `ParameterError` where it is closed.

    >>> from glasstunnel.origins import void_perimeter
    >>> round(float(void_perimeter(0.0)), 9), round(float(void_perimeter(0.0, "four-cusped")), 9)
    (3.141592654, 6.283185307)
    """
    square = void_kind(kind).name == "four-cusped"
    rho, zipped = _grown(growth, "four-cusped" if square else "three-cusped")
    return 4.0 * rho * (0.5 * math.pi - 2.0 * zipped) if square else 3.0 * rho * (math.pi / 3.0 - 2.0 * zipped)


def void_volume(growth, kind: str = "tetrahedral"):
    """Volume of a three-dimensional void in xi^3; shape of `growth`  [001, Eq. 1, with growth].

    The octahedral one is what two tetrahedral voids and a sphere leave of the cell of close packing, 4 sqrt2 xi^3.
    `ParameterError` where the windows are closed.

    >>> from glasstunnel.conversions.voids import void_volume
    >>> round(float(void_volume(0.0)), 6), round(float(void_volume(0.0, "octahedral")), 9)
    (0.207762, 1.052540891)
    """
    name = _in_space(kind)
    rho, _ = _grown(growth, name)
    lens = math.pi / 12.0 * (4.0 * rho + 2.0) * (2.0 * rho - 2.0) ** 2
    tetrahedral = 2.0 * math.sqrt(2.0) / 3.0 - 4.0 / 3.0 * _SOLID * rho**3 + 3.0 * _DIHEDRAL / math.pi * lens
    if name == "tetrahedral":
        return tetrahedral
    return 4.0 * math.sqrt(2.0) - 4.0 / 3.0 * math.pi * rho**3 + 6.0 * lens - 2.0 * tetrahedral


def void_surface(growth, kind: str = "tetrahedral"):
    """Surface of a three-dimensional void in xi^2, without its windows; shape of `growth`.

    >>> from glasstunnel.origins import void_surface
    >>> round(float(void_surface(0.0)), 6), round(float(void_surface(0.0, "octahedral")), 6)
    (2.205142, 8.156086)
    """
    name = _in_space(kind)
    rho, _ = _grown(growth, name)
    lens_slope = math.pi / 3.0 * ((2.0 * rho - 2.0) ** 2 + (4.0 * rho + 2.0) * (2.0 * rho - 2.0))
    tetrahedral = 4.0 * _SOLID * rho**2 - 3.0 * _DIHEDRAL / math.pi * lens_slope
    return tetrahedral if name == "tetrahedral" else 4.0 * math.pi * rho**2 - 6.0 * lens_slope - 2.0 * tetrahedral


def tunneler_ratio(growth, dimension: int = 2):
    """r = N/N0, tunnelers left on the perimeter (2) or the surface (3) of the smallest void, against those at g = 0.

    >>> from glasstunnel.origins import tunneler_ratio
    >>> round(float(tunneler_ratio(0.0132457)), 4)
    0.7
    """
    return _boundary(growth, dimension) / _boundary(0.0, dimension)


def growth_for_ratio(ratio: float, dimension: int = 2) -> float:
    """g at which the tunnelers are down to r = N/N0, 0 < r <= 1: inverse of `tunneler_ratio`.

    >>> from glasstunnel.origins import growth_for_ratio
    >>> round(growth_for_ratio(0.5), 7), round(growth_for_ratio(0.5, 3), 5)
    (0.0379886, 0.09538)
    """
    from scipy.optimize import brentq

    if not is_number(ratio):
        raise ParameterError(f"growth_for_ratio: the ratio must be one number, got {ratio!r}")

    if isinstance(ratio, str) or not 0.0 < ratio <= 1.0:
        raise ParameterError(f"growth_for_ratio: the ratio must lie above 0 and up to 1, got {ratio!r}")
    top = KINDS["three-cusped"][1] - 1.0
    least = float(tunneler_ratio(top * (1.0 - 1e-12), dimension))
    if ratio <= least:
        raise ParameterError(f"growth_for_ratio: the windows close at r = {least:.4g}, no growth gives {ratio!r}")
    end = top * (1.0 - 1e-12)
    return float(np.asarray(brentq(lambda g: float(tunneler_ratio(g, dimension)) - ratio, 0.0, end, xtol=1e-15)))


def area_ratio_for(ratio):
    """A/A0 of a three-cusped void whose perimeter, and with it the tunnelers, are down to r = N/N0; shape of `ratio`.

    The papers take A ~ N (002 Eq. 97); the slope d ln A/d ln N runs from 0 for touching cells to 2 for a closing void.
    ratio : above 0, up to 1. `ParameterError` outside.

    >>> from glasstunnel.origins import area_ratio_for
    >>> area_ratio_for([1.0, 0.9, 0.5]).round(4).tolist()
    [1.0, 0.9744, 0.509]
    """
    ratio = finite(ratio=ratio)
    ratio = np.asarray(ratio, dtype=float)
    if not np.all((ratio > 0.0) & (ratio <= 1.0)):
        raise ParameterError(f"area_ratio_for: the ratio must lie above 0 and up to 1, got {ratio.tolist()!r}")
    logarithm, area = _ratio_table()
    least = logarithm[0]  # below it the void closes as r^2
    wanted = np.log(ratio)
    return np.exp(np.interp(wanted, logarithm, area) + 2.0 * np.minimum(wanted - least, 0.0))


@cache
def _ratio_table():
    """(ln r, ln A/A0), ascending, dense at both ends; interpolation is good to 1e-8."""
    zipped = 0.5 * (1.0 - np.cos(math.pi * np.linspace(0.0, 1.0, 20001))) * math.pi / 6.0
    growth = 1.0 / np.cos(zipped[:-20]) - 1.0
    order = slice(None, None, -1)
    return np.log(tunneler_ratio(growth))[order], np.log(void_area(growth) / void_area(0.0))[order]


def _boundary(growth, dimension):
    if dimension not in (2, 3):
        raise ParameterError(f"voids: the dimension must be 2 or 3, got {dimension!r}")
    return void_perimeter(growth) if dimension == 2 else void_surface(growth)


def _grown(growth, kind):
    """(rho/xi, alpha) of a growth that leaves the void open."""
    try:
        growth = np.asarray(growth, dtype=float)
    except (TypeError, ValueError):
        raise ParameterError(f"voids: the growth must be a number or an array of numbers, got {growth!r}") from None
    closing = KINDS[kind][1] - 1.0
    if not np.all(np.isfinite(growth) & (growth >= 0.0)):
        raise ParameterError(f"voids: the growth must be 0 or more and finite, got {growth.tolist()!r}")
    if np.any(growth >= closing):
        raise ParameterError(
            f"voids: a growth of {float(np.max(growth)):g} closes the {kind} void; it must stay below {closing:.6g}"
        )
    return 1.0 + growth, np.arccos(1.0 / (1.0 + growth))


def _in_space(kind):
    void = void_kind(kind)
    if void.dimension != 3:
        raise ParameterError(f"voids: volume and surface need 'tetrahedral' or 'octahedral' voids, got {kind!r}")
    return void.name
