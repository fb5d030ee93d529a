"""Magnetization, entropy and heat capacity of many parameter sets at once: what a sampler of posteriors asks for."""

import math
from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from glasstunnel.constants import boltzmann, flux_phase_per_area
from glasstunnel.systems.anomalous.effective import table, thermal_table
from glasstunnel.systems.anomalous.parameter_sets import MOVED, allowed, in_range, numbers_of, points_of

_NUMBERS = tuple(name for name in MOVED if name != "flux_field")
_numbers_of_one = attrgetter(*_NUMBERS)
_SETS = 4  #: sets in one pass: with more the intermediate arrays leave the cache
_POINTS = 4096  #: and points
_THERMAL_POINTS = 512  #: the same for S and C, which take several nodes for each point
_ZERO_FIELD = 1e-9


def over_sets(contribution, observable, values, T, B):
    """M [A m2/kg], S or C [J/(K kg)] with the parameters in `values`, {name: (sets,)}, at T and B (points,): (sets,
    points).

    NaN in the rows of sets that the contribution would refuse. With it which sets are done: all. None where there is
    no closed way: for other observables, where not `is_plain`, and for parameters without effect on them.
    """
    form = _FORMS.get(observable)
    if form is None or not is_plain(contribution) or not set(values) <= set(MOVED) or T.size == 0:
        return None
    numbers = numbers_of(contribution, values, _NUMBERS)
    points = points_of(T, B)
    good = np.flatnonzero(allowed(contribution, values, numbers) & in_range(numbers, points.distinct))
    result = np.full((len(numbers["density"]), T.size), np.nan)
    count = form.sets_at_once(T.size)
    for start in range(0, good.size, count):
        sets = good[start : start + count]
        part = {name: number[sets, None] for name, number in numbers.items()}
        result[sets] = _in_blocks(form, contribution, part, points)
    return result, np.ones(len(result), bool)


def is_plain(contribution):
    """Whether the systems have one phase or one average over directions, and cutoffs of the Arrhenius law."""
    return contribution.cutoff_law == "arrhenius" and not contribution.area_spread and not contribution.higher_field


def at_once(observable, contribution, T, B, slopes=False):
    """M [A m2/kg], S or C [J/(K kg)] of one plain system at T and B of one shape; None where the cutoffs leave the
    range of a float.

    With `slopes` stacked on a first axis: that/density, and its derivatives by the logarithms of D_min, D0min, D0max
    and, where there is one, D_max.
    """
    numbers = dict(zip(_NUMBERS, _numbers_of_one(contribution), strict=True))
    T, B = np.asarray(T, dtype=float), np.asarray(B, dtype=float)
    shape = T.shape
    if T.ndim != 1 or B.shape not in ((), shape):
        T, B = np.broadcast_arrays(T, B)
        shape, T, B = T.shape, T.ravel(), B.ravel()
    elif not B.shape:
        B = float(B)  # arithmetic with numbers costs next to nothing
    if not T.size or (contribution.activation_energy and not in_range(numbers, T)):
        return None
    if slopes:
        numbers["density"] = 1.0
    found = _in_blocks(_FORMS[observable], contribution, numbers, points_of(T, B), slopes)
    return found.reshape(found.shape[:-1] + shape)


def _in_blocks(form, contribution, numbers, points, slopes=False):
    """What `form.evaluate` gives, a few of the points at a time."""
    count = points.index.size if points.index is not None else points.distinct.size
    if count <= form.points:
        return form.evaluate(contribution, numbers, points, slopes)
    points = points._replace(B=np.broadcast_to(points.B, count))
    blocks = [slice(start, start + form.points) for start in range(0, count, form.points)]
    return np.concatenate([form.evaluate(contribution, numbers, points.part(at), slopes) for at in blocks], axis=-1)


def _magnetizations(contribution, numbers, points, slopes=False):
    """M (sets, points) of a few allowed sets, with `slopes` also its derivatives by the logarithms of the cutoffs.

    numbers : (sets, 1) each, or numbers of one set: (points,) then. The slopes stand behind M on a first axis.
    """
    field, (low, high), cold = _reduced(contribution, numbers, points)
    rows = points.of_rows(numbers["density"])
    how = contribution.orientation == "average", slopes
    steps: Any = table.response_steps((numbers["asymmetry_min"] * cold).ravel(), rows, low, high, *how)
    beyond: Any = None
    if _bounded(numbers["asymmetry_max"]):
        narrower = numbers["asymmetry_min"] / numbers["asymmetry_max"]
        far = (numbers["asymmetry_max"] * cold).ravel()
        beyond = table.response_steps(far, rows, low * narrower, high * narrower, *how)
    factor = 2.0 * math.pi * boltzmann * (2.0 if contribution.prefactor == "printed" else 1.0)
    each = numbers["density"] * factor * (points.B / field / field) * points.spread(points.distinct)
    return _assembled(each, each.shape, steps, beyond, slopes)


def _thermal(quantity, contribution, numbers, points, slopes=False):
    """S or C, as `_magnetizations` gives M."""
    _, shares, cold = _reduced(contribution, numbers, points)
    low, high = (share * points.spread(numbers["asymmetry_min"] * cold) for share in shares)
    rows, averaged = points.of_rows(numbers["density"]), contribution.orientation == "average"
    steps, beyond = (
        thermal_table.steps(
            quantity, (numbers[edge] * cold).ravel(), rows, low.ravel(), high.ravel(), averaged, slopes=slopes
        ) if _bounded(numbers[edge]) else None
        for edge in ("asymmetry_min", "asymmetry_max")
    )  # fmt: skip
    return _assembled(numbers["density"] * (2.0 * math.pi * boltzmann), low.shape, steps, beyond, slopes)


def _assembled(each, shape, steps, beyond, slopes):
    """`each` times the `Steps` from D_min on, less those from D_max on, in `shape`; with `slopes` as of `at_once`."""
    if not slopes:
        value = steps.value if beyond is None else steps.value - beyond.value
        return each * value.reshape(shape)
    rows = _slopes_of(steps, beyond)
    parts = np.empty((len(rows), *shape))
    for kind, row in enumerate(rows):
        np.multiply(row.reshape(shape), each, out=parts[kind])
    return parts


def _reduced(contribution, numbers, points):
    """Field [T], (low, high) amplitude energies over D_min, and r/T at the distinct temperatures.

    The first two at the points, (sets, points), or numbers where they are those of all points.
    """
    distinct, B = points.distinct, points.B
    ratio = 1.0  # of coherent tunnelers, N(T)/N(T0)
    if isinstance(numbers["activation_energy"], np.ndarray) or numbers["activation_energy"]:
        colder = 1.0 / numbers["reference_temperature"] - 1.0 / distinct
        ratio = np.exp(numbers["activation_energy"] * colder)
    averaged = contribution.orientation == "average"
    square = ratio * ratio
    # M is linear in fields so small that the largest amplitude energy is a billionth of D_min.
    floor = _ZERO_FIELD / flux_phase_per_area * numbers["asymmetry_min"] / numbers["amplitude_area_max"]
    field = _larger(abs(B), points.spread(floor / square))
    unit = flux_phase_per_area * (1.0 if averaged else 1.0 / math.sqrt(3.0))
    scale = points.spread(square * (unit / numbers["asymmetry_min"])) * field
    shares = [numbers[name] * scale for name in ("amplitude_area_min", "amplitude_area_max")]
    return field, shares, ratio / distinct


def _bounded(number):
    """Whether a number, or any of an array, is finite."""
    return number < math.inf if isinstance(number, float) else np.minimum.reduce(number, axis=None) < math.inf


def _larger(first, second):
    """The larger of two, numbers or arrays."""
    if isinstance(first, float) and isinstance(second, float):
        return max(first, second)
    return np.maximum(first, second)


def _slopes_of(steps, beyond) -> tuple[np.ndarray, ...]:
    """V and its derivatives by the logarithms of D_min, D0min (V grows as its lower end falls), D0max and, with
    `beyond`, the `Steps` from D_max on, by that of D_max."""
    if beyond is None:
        return steps.value, steps.by_asymmetry, -steps.at_low, steps.at_high
    return (steps.value - beyond.value, steps.by_asymmetry, beyond.at_low - steps.at_low,
            steps.at_high - beyond.at_high, -beyond.by_asymmetry)  # fmt: skip


class _Form(NamedTuple):
    """How an observable of a few allowed sets is had, how many sets in one pass of a number of points, and of how many
    points at most."""

    evaluate: Callable[..., Any]
    sets_at_once: Callable[[int], int]
    points: int


_FORMS = {
    "magnetization": _Form(_magnetizations, lambda points: _SETS, _POINTS),
    **{
        name: _Form(partial(_thermal, name), lambda points: max(1, _THERMAL_POINTS // points), _THERMAL_POINTS)
        for name in thermal_table.KERNELS
    },
}
