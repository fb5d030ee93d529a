r"""Means over the directions of the loops of functions known at nodes of the phase: what cold panels of the table need.

At D0 >> T the functions of the phase are too narrow for a Fourier series, so the cold panels of `exact.table` hold them
at Gauss-Legendre nodes of panels on [0, pi]: R(phi) = -d(F/T)/dphi / sin(phi), even and of period 2 pi, and the
entropy. Every mean over the direction of the loops, phi = b c with c uniform on (0, 1), is linear in the values at the
nodes: here are the weights, those of the closed integrals over whole turns and of an interpolation in the last one.
"""

import math
from functools import cached_property, lru_cache

import numpy as np

from glasstunnel.numerics.quadrature import legendre, panels
from glasstunnel.systems.anomalous.exact.harmonics import mellin_harmonics, mellin_terms, mellin_weights

NODES = 20  #: per panel
_HARMONICS = 1000  #: at a time, of the up to 20 000 that a kernel sums
_SMALLEST = 1e-8  #: |b| below which means follow their power law


def phase_edges(amplitude):
    """Panel edges on [0, pi], growing threefold from the width of the feature at phi = 0 for the largest D0/T."""
    edges = [0.0, 1.0 / amplitude]
    while edges[-1] < math.pi:
        edges.append(edges[-1] + min(2.0 * edges[-1], 0.8))
    return (*edges[:-2], math.pi) if math.pi - edges[-2] < 0.05 else (*edges[:-1], math.pi)


def mean_weights(quantity, edges, b, slopes=False):
    """Weights (points, nodes) of the mean of a `Quantity` at each b = B/B*: a list like that of `harmonic_means`.

    They act on R, for thermal quantities on the entropy from its value at phase zero. With `slopes` also those of the
    derivatives by ln b and by the spread (zero).
    """
    distinct, position = np.unique(b, return_inverse=True)
    weights = quantity.nodal(NodalIntegrals(edges, np.maximum(np.abs(distinct), _SMALLEST)))
    if quantity.is_odd:
        weights = [part * np.sign(distinct)[:, None] for part in weights]
    weights = [part[position] for part in (weights if slopes else weights[:1])]
    return [*weights, np.zeros_like(weights[0])] if slopes else weights


def spread_weights(quantity, edges, b, spread, slopes=False):
    """The same with a spread of areas of at least `harmonics.NARROW`: by the Mellin transforms of `exact.harmonics`."""
    distinct, position = np.unique(b, return_inverse=True)
    terms = 2 ** math.ceil(math.log2(mellin_terms(spread)))  # neighboring spreads share a kernel
    kernel = _mellin_kernel(quantity, edges, terms)
    return [(weight @ kernel).real[position] for weight in mellin_weights(quantity, terms, distinct, spread, slopes)]


@lru_cache(maxsize=16)
def _mellin_kernel(quantity, edges, terms):
    """Sums over the harmonics of what each node adds to them, (terms, nodes).

    The Fourier coefficients of the functions in a panel up to D0/T = 1/edges[1] fall as exp(-pi m T/D0); those of one
    node alone fall slowly, but what they add beyond cancels between the nodes.
    """
    from scipy.fft import dct, dst

    count = 40 + math.ceil(10.0 / edges[1])
    phase = (np.arange(2 * count) + 0.5) * math.pi / (2 * count)
    values = _interpolation(edges, phase)
    if quantity.thermal:
        coefficients = dct(values, type=2, axis=0, overwrite_x=True)[1 : count + 1]
    else:
        coefficients = dst(values * np.sin(phase)[:, None], type=2, axis=0, overwrite_x=True)[:count]
    coefficients /= 2 * count
    blocks = [np.arange(start, min(start + _HARMONICS, count)) for start in range(0, count, _HARMONICS)]
    return sum(mellin_harmonics(quantity, terms, block + 1) @ coefficients[block] for block in blocks)


class NodalIntegrals:
    """Weights (points, nodes) at b > 0 of a function f(phi), even and of period 2 pi, of the force f sin(phi), of the
    slope of the force, and of their integrals from 0 to b: of f, of the force, and of phi times it (`torque`)."""

    def __init__(self, edges, b):
        turns = np.floor(b / math.pi)
        odd = turns % 2.0 == 1.0
        self._edges = edges
        self._place = np.where(odd, (turns + 1.0) * math.pi - b, b - turns * math.pi)
        self._turns, self._odd = turns[:, None], odd[:, None]
        self._sign = np.where(odd, -1.0, 1.0)[:, None]
        self.b = b[:, None]

    @cached_property
    def value(self):
        return _interpolation(self._edges, self._place)

    @property
    def integral(self):
        part, whole = _integrals(self._edges, self._place, np.ones_like)
        return self._turns * whole + np.where(self._odd, whole - part, part)

    @cached_property
    def force(self):
        return self.value * self._sign * np.sin(self._place)[:, None]

    @cached_property
    def _force_integrals(self):
        return _integrals(self._edges, self._place, np.sin)

    @property
    def force_integral(self):
        return self._force_integrals[0]

    @cached_property
    def torque(self):
        part0, whole0 = self._force_integrals
        part1, whole1 = _integrals(self._edges, self._place, lambda x: x * np.sin(x))
        return np.where(
            self._odd,
            self._turns * whole1 - (self._turns + 1.0) * math.pi * (whole0 - part0) + whole1 - part1,
            self._turns * (whole1 - math.pi * whole0) + self._turns * math.pi * part0 + part1,
        )

    @property
    def force_slope(self):
        slope = _interpolation(self._edges, self._place, slope=True)
        return slope * np.sin(self._place)[:, None] + self.value * np.cos(self._place)[:, None]


def _panel(edges, place):
    """Number of the panel and the place in it, 0 to 1."""
    edges = np.asarray(edges)
    panel = np.clip(np.searchsorted(edges, place, side="right") - 1, 0, edges.size - 2)
    width = np.diff(edges)[panel]
    return panel, (place - edges[panel]) / width, width


def _interpolation(edges, place, slope=False):
    """Weights (points, nodes) that give the value, or the slope, at `place`."""
    panel, local, width = _panel(edges, place)
    rows = _lagrange(local, slope)
    return _scattered(edges, panel, rows / width[:, None] if slope else rows)


def _integrals(edges, place, factor):
    """Weights of the integral of factor(x) times the function from 0 to `place` (points, nodes), and to pi (nodes,)."""
    x, weight = panels(edges, NODES)
    whole = weight * factor(x)
    panel, local, width = _panel(edges, place)
    nodes, inner = legendre(NODES)
    start = np.asarray(edges)[panel]
    at = local[:, None] * nodes
    measure = (local * width)[:, None] * inner * factor(start[:, None] + width[:, None] * at)
    rows = np.einsum("pi,pij->pj", measure, _lagrange(at))
    before = np.arange(x.size) // NODES < panel[:, None]
    return np.where(before, whole, 0.0) + _scattered(edges, panel, rows), whole


def _scattered(edges, panel, rows):
    """(points, NODES) put into the columns of their panel: (points, nodes)."""
    total = np.zeros((panel.size, NODES * (len(edges) - 1)))
    np.put_along_axis(total, panel[:, None] * NODES + np.arange(NODES), rows, axis=1)
    return total


def _lagrange(local, slope=False):
    """The polynomials through the nodes of a panel, or their slopes, at places from 0 to 1: (..., NODES)."""
    from numpy.polynomial import legendre as polynomials

    x = 2.0 * np.asarray(local) - 1.0
    if not slope:
        return polynomials.legvander(x, NODES - 1) @ _to_series()
    return 2.0 * polynomials.legvander(x, NODES - 2) @ polynomials.legder(_to_series())


@lru_cache(maxsize=1)
def _to_series():
    """From values at the nodes to coefficients of Legendre polynomials."""
    from numpy.polynomial import legendre as polynomials

    return np.linalg.inv(polynomials.legvander(2.0 * legendre(NODES)[0] - 1.0, NODES - 1))
