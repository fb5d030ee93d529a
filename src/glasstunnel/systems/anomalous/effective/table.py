r"""Scale-free table of the field response of doublets: what makes a magnetization curve cheap.

Only ratios enter: with p = d/T and y = c/T the integral V(c) of `effective.integrals.field_response` is T v(p, y).
Stored is

.. math:: g(\ln p, \ln y) = v\,\sqrt{1 + p^2 + y^2}/y^2,

which is of the order one, constant for y -> 0 and analytic within pi/2 of the real axis in both logarithms: a quintic
spline on a uniform grid of step 0.08 has a relative error below 1e-9 (slopes 1e-8), stated by
``tools/build_doublet_table.py``, which builds it. Outside of the table the quadrature is taken.
"""

import math
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from glasstunnel.numerics.log_spline import Axis, LogSpline
from glasstunnel.systems.anomalous.effective import integrals

PATH = Path(__file__).with_name("table.npz")

_STEP = 0.08
ASYMMETRY = Axis(math.log(1e-6), math.log(1e-6) + 230 * _STEP, _STEP)  #: ln p, up to 98
FIELD_ENERGY = Axis(math.log(1e-7), math.log(1e-7) + 316 * _STEP, _STEP)  #: ln y, up to 9500
#: Below this b/a the difference of two values loses digits, and the quadrature is taken.
CLOSEST = 1.05


class Steps(NamedTuple):
    """v(p, y_b) - v(p, y_a) (n,) and, where asked for, what its slopes are made of: dv/dlnp of the step, dv/dlny."""

    value: np.ndarray
    by_asymmetry: np.ndarray | None = None
    at_low: np.ndarray | None = None
    at_high: np.ndarray | None = None


@lru_cache(maxsize=1)
def load() -> dict[bool, LogSpline]:
    """The shipped table, with and without the average over directions."""
    with np.load(PATH) as stored:
        return {averaged: LogSpline(stored[name], ASYMMETRY, FIELD_ENERGY) for averaged, name in NAMES.items()}


NAMES = {True: "averaged", False: "one_phase"}


def response_steps(p, index, low, high, averaged, slopes=False) -> Steps:
    """`Steps` between the amplitude energies `low` and `high` (n,) at p[index], all over T; p (m,).

    The quadrature replaces the table where that does not reach; relative error below 3e-9 for high/low > 1.05.
    """
    spline = load()[averaged]
    x = np.log(np.minimum(np.maximum(p, math.exp(ASYMMETRY.low)), math.exp(ASYMMETRY.high)))
    both = np.concatenate([low, high])
    y = np.log(np.minimum(np.maximum(both, math.exp(FIELD_ENERGY.low)), math.exp(FIELD_ENERGY.high)))
    twice = np.concatenate([index, index])
    square, energy = (p * p)[twice], both * both
    norm = 1.0 + square + energy
    shape = energy / np.sqrt(norm)
    if not slopes:
        value = spline.values(x, twice, y) * shape
        steps = Steps(value[low.size :] - value[: low.size])
    else:
        value, first, second = spline.values_and_slopes(x, twice, y)
        first = (first - value * square / norm) * shape
        second = (second + value * (2.0 - energy / norm)) * shape
        value = value * shape
        steps = Steps(
            value[low.size :] - value[: low.size], first[low.size :] - first[: low.size],
            second[: low.size], second[low.size :],
        )
    outside = _outside(p[index], low, high)
    return _with_quadrature(steps, outside, p[index], low, high, averaged) if outside.any() else steps


def _outside(p, low, high):
    reach = (p < math.exp(ASYMMETRY.low)) | (p > math.exp(ASYMMETRY.high)) | (high > math.exp(FIELD_ENERGY.high))
    return reach | (high < CLOSEST * low)


def _with_quadrature(steps, outside, p, low, high, averaged):
    """`steps` with the entries `outside` replaced."""
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
