r"""Scale-free table of the field response of doublets: what makes a magnetization curve cheap.

Only ratios enter: with p = d/T, s = c/d and y = c/T = p s the integral V(c) of `effective.integrals.field_response`
is T v(p, s). Stored is

.. math:: g(\ln p, \ln s) = v\,\sqrt{1 + p^2 + y^2}/y^2,

which is of the order one, constant for s -> 0 and analytic within pi/2 of the real axis in both logarithms: a quintic
spline on a uniform grid of step 0.07 has a relative error below 1e-9 (slopes 1e-8), stated by
``tools/build_doublet_table.py``, which builds it. Beyond its largest p all doublets are in their ground state, to
exp(-99), and v grows as p at fixed s; elsewhere outside of the table the quadrature is taken. The slope s, unlike y, is
the same at all temperatures of one field as long as the cutoffs are.
"""

import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from glasstunnel.numerics.log_spline import Axis, LogSpline
from glasstunnel.systems.anomalous.effective import integrals

PATH = Path(__file__).with_name("table.npz")

_STEP = 0.07
ASYMMETRY = Axis(math.log(1e-6), math.log(1e-6) + 263 * _STEP, _STEP)  #: ln p, up to 99
FIELD_SHARE = Axis(math.log(1e-6), math.log(1e-6) + 423 * _STEP, _STEP)  #: ln s, up to 7e6
_P_LOW, _P_HIGH, _S_LOW, _S_HIGH = map(math.exp, (*ASYMMETRY[:2], *FIELD_SHARE[:2]))
#: Below this b/a the difference of two values loses digits, and the quadrature is taken.
CLOSEST = 1.05


class Steps(NamedTuple):
    """v(p, s_b) - v(p, s_a) (n,) and, where asked for, what its slopes are made of: dv/dlnp of the step, dv/dlny."""

    value: np.ndarray
    by_asymmetry: np.ndarray | None = None
    at_low: np.ndarray | None = None
    at_high: np.ndarray | None = None


@cache
def load(averaged: bool) -> LogSpline:
    """The shipped table, with or without the average over directions."""
    with np.load(PATH) as stored:
        return LogSpline(stored[NAMES[averaged]], ASYMMETRY, FIELD_SHARE)


NAMES = {True: "averaged", False: "one_phase"}


def response_steps(p, index, low, high, averaged, slopes=False) -> Steps:
    """`Steps` at p[index] between the amplitude energies `low` and `high`, over d, p = d/T (m,).

    low, high : of n values each in any shape, or numbers that are those of all points.
    index None : p (n,) of the points themselves. The quadrature replaces the table where that does not reach; relative
    error below 3e-9 for high/low > 1.05.
    """
    shares = np.array([low, high]).reshape(2, -1)
    if not (shares.size and p.size):
        return Steps(*[np.zeros(0)] * (4 if slopes else 1))
    within, places = p, np.maximum(shares, _S_LOW)
    reached = _P_LOW <= np.minimum.reduce(p) and _covers(low, high)
    if not reached:
        within, places = np.maximum(p, _P_LOW), np.minimum(places, _S_HIGH)
    if np.maximum.reduce(p) > _P_HIGH:
        within = np.minimum(within, _P_HIGH)
    steps = _from_table(load(averaged), within, index, shares, np.log(places), slopes)
    if within is not p:
        growth = p / within
        steps = Steps(*(part * (growth if index is None else growth[index]) for part in steps if part is not None))
    if reached:
        return steps
    at, low, high = np.broadcast_arrays(p if index is None else p[index], *shares)
    return _with_quadrature(steps, _outside(at, low, high), at, at * low, at * high, averaged)


def _covers(low, high):
    """Whether the table holds all pairs of amplitude energies over d, numbers or arrays."""
    if isinstance(high, float):
        return CLOSEST * low <= high <= _S_HIGH
    return np.maximum.reduce(high, axis=None) <= _S_HIGH and not (high < CLOSEST * low).any()


def _from_table(spline, p, index, shares, places, slopes):
    """`Steps` at p[index] between the rows of `shares` (2, n), whose logarithms (inside of the table) are `places`."""
    at = p if index is None else p[index]
    square, energy = at * at, at * shares
    energy *= energy
    norm = energy + (1.0 + square)
    shape = energy / np.sqrt(norm)
    if not slopes:
        value = spline.values(np.log(p), index, places)
        value *= shape
        return Steps(value[1] - value[0])
    found = spline.values_and_slopes(np.log(p), index, places)
    for part in found:
        part *= shape
    value, first, second = found
    first -= second + value * (square / norm)  # by ln p at fixed y = p s
    second += value * (2.0 - energy / norm)
    return Steps(value[1] - value[0], first[1] - first[0], second[0], second[1])


def _outside(p, low, high):
    return (p < _P_LOW) | (high > _S_HIGH) | (high < CLOSEST * low)


def _with_quadrature(steps, outside, p, low, high, averaged):
    """`steps` with the entries `outside` replaced. low, high : the amplitude energies over T."""
    p, low, high = p[outside], low[outside], high[outside]
    ones = np.ones_like(p)
    (v_low, p_low), (v_high, p_high) = (integrals.field_response(c, p, ones, averaged) for c in (low, high))
    replaced = [v_high - v_low]
    if steps.by_asymmetry is not None:
        edge = [integrals.field_response_at_edge(c, p, ones, averaged) for c in (low, high)]
        replaced += [edge[0] - edge[1], p_low, p_high]
    for whole, part in zip(steps, replaced, strict=False):
        whole[outside] = part
    return steps
