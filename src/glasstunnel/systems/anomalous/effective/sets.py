"""Magnetization of many parameter sets at once: what a sampler of posteriors asks for."""

import math
from typing import Any

import numpy as np

from glasstunnel.constants import boltzmann, flux_phase_per_area
from glasstunnel.systems.anomalous.effective import table
from glasstunnel.systems.anomalous.parameter_sets import MOVED, Points, allowed, in_range, numbers_of, points_of

_SETS = 4  #: sets in one pass: with more the intermediate arrays leave the cache
_POINTS = 4096  #: and points
_NUMBERS = tuple(name for name in MOVED if name != "flux_field")
_ZERO_FIELD = 1e-9


def over_sets(contribution, observable, values, T, B):
    """M [A m2/kg] with the parameters in `values`, {name: (sets,)}, at T and B (points,): (sets, points).

    NaN in the rows of sets that the contribution would refuse. With it which sets are done: all. None where there is
    no closed way: for other observables, where not `is_plain`, and for parameters without effect on M.
    """
    if observable != "magnetization" or not is_plain(contribution) or not set(values) <= set(MOVED) or T.size == 0:
        return None
    numbers = numbers_of(contribution, values, _NUMBERS)
    points = points_of(T, B)
    good = np.flatnonzero(allowed(contribution, values, numbers) & in_range(numbers, points.distinct))
    result = np.full((len(numbers["density"]), T.size), np.nan)
    for start in range(0, good.size, _SETS):
        sets = good[start : start + _SETS]
        part = {name: number[sets, None] for name, number in numbers.items()}
        result[sets] = _magnetizations(contribution, part, points)
    return result, np.ones(len(result), bool)


def is_plain(contribution):
    """Whether the magnetization has one phase or one average over directions, and cutoffs of the Arrhenius law."""
    return contribution.cutoff_law == "arrhenius" and not contribution.area_spread and not contribution.higher_field


def magnetization(contribution, T, B, slopes=False):
    """M [A m2/kg] of one plain system at T and B of one shape; None where the cutoffs leave the range of a float.

    With `slopes` stacked on a first axis: M/density, its derivatives by the logarithms of D_min, D_max, D0min, D0max.
    """
    numbers = {name: np.array([[getattr(contribution, name)]], dtype=float) for name in _NUMBERS}
    T, B = np.broadcast_arrays(T, B)
    shape, T, B = T.shape, T.ravel(), B.ravel()
    if not T.size or not in_range(numbers, T).all():
        return None
    points = points_of(T, B)
    if slopes:
        numbers["density"] = np.ones((1, 1))
    blocks = [slice(start, start + _POINTS) for start in range(0, T.size, _POINTS)]
    some = [Points(points.distinct, points.index[at], B[at]) for at in blocks]
    parts = [_magnetizations(contribution, numbers, block, slopes) for block in some]
    whole = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)
    return whole.reshape(whole.shape[:-2] + shape)


def _distinct(T):
    """The distinct values of T (points,), increasing, and which of them each point has; a curve is both at once."""
    if (T[1:] > T[:-1]).all():
        return T, np.arange(T.size)
    return np.unique(T, return_inverse=True)


def _magnetizations(contribution, numbers, points, slopes=False):
    """M (sets, points) of a few allowed sets, with `slopes` also its derivatives by the logarithms of the cutoffs.

    numbers : (sets, 1) each. The slopes stand behind M on a first axis.
    """
    distinct, index, B = points
    T = distinct[index]
    ratio = np.exp(numbers["activation_energy"] * (1.0 / numbers["reference_temperature"] - 1.0 / distinct))
    averaged = contribution.orientation == "average"
    # M is linear in fields so small that the largest amplitude energy is a billionth of D_min.
    floor = _ZERO_FIELD / flux_phase_per_area * numbers["asymmetry_min"] / numbers["amplitude_area_max"] / ratio**2
    field = np.maximum(np.abs(B), floor[:, index])
    scale = flux_phase_per_area * (1.0 if averaged else 1.0 / math.sqrt(3.0)) / T * (ratio**3)[:, index] * field
    low, high = (numbers[name] * scale for name in ("amplitude_area_min", "amplitude_area_max"))
    rows = index + distinct.size * np.arange(len(ratio))[:, None]
    flat = rows.ravel(), low.ravel(), high.ravel(), averaged, slopes
    steps: Any = table.response_steps((numbers["asymmetry_min"] * (ratio / distinct)).ravel(), *flat)
    parts = [steps.value, steps.by_asymmetry, None, steps.at_low, steps.at_high] if slopes else [steps.value]
    if not np.isinf(numbers["asymmetry_max"]).all():
        beyond: Any = table.response_steps((numbers["asymmetry_max"] * (ratio / distinct)).ravel(), *flat)
        parts[0] = steps.value - beyond.value
        if slopes:
            parts[2:] = [-beyond.by_asymmetry, steps.at_low - beyond.at_low, steps.at_high - beyond.at_high]
    printed = 2.0 if contribution.prefactor == "printed" else 1.0
    each = numbers["density"] * (2.0 * math.pi * boltzmann * printed * T) * (B / field / field)
    if not slopes:
        return each * parts[0].reshape(low.shape)
    parts = [np.zeros_like(steps.value) if part is None else part for part in parts]
    parts[3] = -parts[3]
    return each * np.stack(parts).reshape(5, *low.shape)
