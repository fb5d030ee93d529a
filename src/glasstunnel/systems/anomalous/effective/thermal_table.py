r"""Scale-free table of the entropy and the heat capacity of doublets.

With p = d/T and y = c/T the derivative of a thermal integral by the logarithm of its upper amplitude energy c,
`effective.integrals.thermal_slope`, is a function s(p, y) > 0. Stored is

.. math:: g(\ln p, \ln y) = s\, e^{E_0}, \qquad E_0 = p \ \text{(averaged)} \quad \text{or} \quad \sqrt{p^2 + y^2},

which varies only as powers and logarithms. The quantity between two amplitude energies is the integral of s over ln y,
by Gauss-Legendre nodes: a sum of positive terms, so that no digits are lost however close the two are. Its
derivatives by ln a, ln b are s itself, the one by ln d is the integral of the derivative of s.

Averaged, s falls as 1/y beyond the table. Elsewhere outside of the table (below y = 5e-6 too, where s is constant to
1e-8 only), and where the nodes would be too many, the quadrature is taken. Built by
``tools/build_doublet_table.py``, which states the error.
"""

import math
from functools import lru_cache
from pathlib import Path

import numpy as np

from glasstunnel.numerics.log_spline import Axis, LogSpline
from glasstunnel.numerics.quadrature import legendre
from glasstunnel.systems.anomalous.effective import integrals
from glasstunnel.systems.anomalous.effective.table import NAMES, Steps

PATH = Path(__file__).with_name("thermal_table.npz")

ASYMMETRY = Axis(math.log(1e-5), math.log(1e-5) + 230 * 0.07, 0.07)  #: ln p, up to 98
FIELD_ENERGY = Axis(math.log(5e-6), math.log(5e-6) + 340 * 0.05, 0.05)  #: ln y, up to 120
KERNELS = {"entropy": integrals.entropy_kernel, "heat_capacity": integrals.heat_capacity_kernel}

_STRIP = 0.25 * math.pi  #: distance from the real axis in ln y within which s stays of its size
_DIGITS = 25.0  #: ln of the inverse of the error of the Gauss-Legendre rule
_MOST_NODES = 48
_LARGEST_FALL = 4.0  #: of ln s between two amplitude energies of one phase; beyond, the nodes would miss it


@lru_cache(maxsize=4)
def load(quantity: str, averaged: bool) -> LogSpline:
    """The shipped table of g for a quantity of `KERNELS`, with or without the average over directions."""
    with np.load(PATH) as stored:
        return LogSpline(stored[f"{quantity}_{NAMES[averaged]}"], ASYMMETRY, FIELD_ENERGY)


def steps(quantity, p, index, low, high, averaged, *, slopes=False) -> Steps:
    """`Steps` of a quantity of `KERNELS` between the amplitude energies `low` and `high` (n,) at p[index], all over T.

    index None : p (n,) of the points themselves. Relative error of all below 1e-9, by_asymmetry below 1e-8 of the
    value.
    """
    at = p if index is None else p[index]
    outside = _outside(at, low, high, averaged)
    if not outside.any():
        return _from_table(quantity, p, index, low, high, averaged, slopes=slopes)
    parts = np.empty((4 if slopes else 1, low.size))
    inside = ~outside
    if inside.any():
        within = np.where((p < math.exp(ASYMMETRY.low)) | (p > math.exp(ASYMMETRY.high)), 1.0, p)
        rows = np.flatnonzero(inside) if index is None else index[inside]
        found = _from_table(quantity, within, rows, low[inside], high[inside], averaged, slopes=slopes)
        parts[:, inside] = found[: len(parts)]
    parts[:, outside] = _by_quadrature(quantity, at[outside], low[outside], high[outside], averaged, slopes)
    return Steps(*parts)


def _outside(p, low, high, averaged):
    """Where the quadrature is taken, (n,)."""
    outside = (p < math.exp(ASYMMETRY.low)) | (p > math.exp(ASYMMETRY.high))
    outside |= (_node_count(np.log(high / low)) > _MOST_NODES) | (low < math.exp(FIELD_ENERGY.low))
    if averaged:
        return outside
    return outside | (high > math.exp(FIELD_ENERGY.high)) | (np.hypot(p, high) - np.hypot(p, low) > _LARGEST_FALL)


def _node_count(width):
    """Gauss-Legendre nodes for ranges of ln y of this width: by the ellipse that fits into the strip."""
    return 2.0 + 0.5 * _DIGITS / np.arcsinh(2.0 * _STRIP / np.maximum(width, 1e-9))


def _from_table(quantity, p, index, low, high, averaged, *, slopes):
    width = np.log(high / low)
    nodes, weights = legendre(4 * math.ceil(_node_count(width.max()) / 4.0))
    spline, count = load(quantity, averaged), len(nodes)
    places = np.append(nodes, [0.0, 1.0] if slopes else [])[:, None]
    y = low * np.exp(width * places)
    place = np.minimum(y, math.exp(FIELD_ENERGY.high))
    where = np.log(p), index, np.log(place)
    at = p if index is None else p[index]
    factor = np.exp(-at) * np.minimum(place / y, 1.0) if averaged else np.exp(-np.hypot(at, y))
    if not slopes:
        return Steps(width * (weights @ (spline.values(*where) * factor)))
    value, first, _ = spline.values_and_slopes(*where)
    moved = (first - value * (at if averaged else at * at / np.hypot(at, y)))[:count] * factor[:count]
    value = value * factor
    return Steps(width * (weights @ value[:count]), width * (weights @ moved), value[count], value[count + 1])


def _by_quadrature(quantity, p, low, high, averaged, slopes):
    """The parts of `Steps`, stacked."""
    kernel, ones = KERNELS[quantity], np.ones_like(p)
    value = integrals.thermal_integral(kernel, low, high, p, ones, averaged)
    if not slopes:
        return value[None]
    edge = integrals.thermal_integral_at_edge(kernel, low, high, p, ones, averaged)
    at_low, at_high = (integrals.thermal_slope(kernel, c, p, ones, averaged) for c in (low, high))
    return np.stack([value, -edge, at_low, at_high])
