r"""Means over the directions of the loops of functions known at nodes of the phase: what cold panels of the table need.

At D0 >> T the functions of the phase are too narrow for a Fourier series, so the cold panels of `exact.table` hold them
at Gauss-Legendre nodes of panels on [0, pi]: R(phi) = -d(F/T)/dphi / sin(phi), even and of period 2 pi, and the
entropy. Every mean over the direction of the loops, phi = b c with c uniform on (0, 1), is linear in the values at the
nodes: here are the weights, those of the closed integrals over whole turns and of an interpolation in the last one.
"""

import math
from functools import lru_cache

import numpy as np

from glasstunnel.numerics.quadrature import legendre, panels

NODES = 20  #: per panel
_SMALLEST = 1e-8  #: |b| below which means follow their power law


def phase_edges(amplitude):
    """Panel edges on [0, pi], growing threefold from the width of the feature at phi = 0 for the largest D0/T."""
    edges = [0.0, 1.0 / amplitude]
    while edges[-1] < math.pi:
        edges.append(edges[-1] + min(2.0 * edges[-1], 0.8))
    return (*edges[:-2], math.pi) if math.pi - edges[-2] < 0.05 else (*edges[:-1], math.pi)


def phase_means(observable, edges, b, slopes=False):
    """Weights (points, nodes) of the mean of an observable at each b = B/B*: a list like that of `harmonic_means`.

    They act on R for free_energy, magnetization and magnetic_susceptibility, on the entropy from its value at phase
    zero for entropy and heat_capacity. With `slopes` also those of the derivatives by ln b and by the spread (zero).
    """
    distinct, position = np.unique(b, return_inverse=True)
    found = _weights(observable, edges, np.maximum(np.abs(distinct), _SMALLEST))
    if observable == "magnetization":
        found = [part * np.sign(distinct)[:, None] for part in found]
    found = [part[position] for part in (found if slopes else found[:1])]
    return [*found, np.zeros_like(found[0])] if slopes else found


def _weights(observable, edges, b):
    """Weights at b > 0 and their derivatives by ln b, (points, nodes) each."""
    turns = np.floor(b / math.pi)
    odd = turns % 2.0 == 1.0
    place = np.where(odd, (turns + 1.0) * math.pi - b, b - turns * math.pi)
    here = _interpolation(edges, place)
    b, turns, odd, sign = b[:, None], turns[:, None], odd[:, None], np.where(odd, -1.0, 1.0)[:, None]
    if observable in ("entropy", "heat_capacity"):
        part, whole = _integrals(edges, place, lambda x: np.ones_like(x))
        mean = (turns * whole + np.where(odd, whole - part, part)) / b
        return mean, here - mean
    sine = sign * np.sin(place)[:, None]
    part0, whole0 = _integrals(edges, place, np.sin)
    part1, whole1 = _integrals(edges, place, lambda x: x * np.sin(x))
    torque = np.where(
        odd, turns * whole1 - (turns + 1.0) * math.pi * (whole0 - part0) + whole1 - part1,
        turns * (whole1 - math.pi * whole0) + turns * math.pi * part0 + part1,
    )
    match observable:
        case "magnetization":
            mean = torque / b**2
            return mean, here * sine - 2.0 * mean
        case "free_energy":
            return torque / b - part0, -torque / b
        case _:
            force = here * sine
            slope = sign * _interpolation(edges, place, slope=True) * sine + here * sign * np.cos(place)[:, None] * sign
            mean = (force - 2.0 * torque / b**2) / b
            return mean, slope - 2.0 * force / b + 4.0 * torque / b**3 - mean


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
