"""The exact theory for many parameter sets at once: what a sampler of posteriors asks for."""

import math

import numpy as np

from glasstunnel.constants import boltzmann, flux_phase_per_area
from glasstunnel.systems.anomalous.cutoffs import POWERS
from glasstunnel.systems.anomalous.exact import table
from glasstunnel.systems.anomalous.exact.quadrature import ReducedCutoffs
from glasstunnel.systems.anomalous.exact.quantities import QUANTITIES
from glasstunnel.systems.anomalous.parameter_sets import MOVED, allowed, in_range, numbers_of, points_of

_POINTS = 12_000  #: points of all sets in one pass: with more the intermediate arrays leave the cache


def over_sets(contribution, observable, values, T, B):
    """`observable` per kilogram with the parameters in `values`, {name: (sets,)}: (sets, points), and what
    of it is done, (sets,).

    T, B : (points,). Not done are sets beyond the table; NaN in the rows of sets that the contribution would refuse.
    None where there is no closed way: for other laws of the cutoffs and for parameters that are none of them.
    """
    arrhenius = contribution.cutoff_law == "arrhenius"
    if observable not in QUANTITIES or not arrhenius or not set(values) <= set(MOVED) or not T.size:
        return None
    numbers = numbers_of(contribution, values, MOVED)
    points = points_of(T, B)
    possible = allowed(contribution, values, numbers) & in_range(numbers, points.distinct)
    result, done = np.full((possible.size, T.size), np.nan), ~possible
    good = np.flatnonzero(possible)
    step = max(1, _POINTS // T.size)
    for start in range(0, good.size, step):
        sets = good[start : start + step]
        part = {name: number[sets, None] for name, number in numbers.items()}
        covered, rows = _evaluate(contribution, observable, part, points)
        done[sets], result[sets[covered]] = covered, rows
    return result, done


def _evaluate(contribution, observable, numbers, points):
    """(which of a few allowed sets the table holds, (sets,); the observable of those, (covered sets, points)).

    numbers : {name: (sets, 1)}.
    """
    T, _, B = points
    ratio = np.exp(numbers["activation_energy"] * (1.0 / numbers["reference_temperature"] - 1.0 / T))
    at = {name: numbers[name] * ratio**power for name, power in POWERS.items()}
    amplitude = flux_phase_per_area * at["flux_field"] / T
    reduced = ReducedCutoffs(
        at["asymmetry_min"] / T, at["asymmetry_max"] / T, at["amplitude_area_min"] * amplitude,
        at["amplitude_area_max"] * amplitude,
    )
    covered = np.asarray(table.covers(observable, reduced, contribution.area_spread)).all(axis=1)
    if not covered.any():
        return covered, np.empty((0, B.size))
    few = ReducedCutoffs(*(np.asarray(cutoff)[covered].ravel() for cutoff in reduced))
    field = at["flux_field"][covered]
    index = np.arange(T.size) if points.index is None else points.index
    rows = (index + T.size * np.arange(len(field))[:, None]).ravel()
    values = table.averages(observable, few, rows, (B / points.spread(field)).ravel(), contribution.area_spread)
    quantity = QUANTITIES[observable]
    scale = T**quantity.temperature_power * field**-quantity.area_power
    scale = 2.0 * math.pi * boltzmann * numbers["density"][covered] * scale
    return covered, points.spread(scale) * np.reshape(values, (len(field), -1))
