r"""Exact theory of anomalous tunneling systems: three levels, any field, any temperature.

With A = 2 pi P*, b = B/B* and the force S(phi) of `anomalous_quadrature`

.. math:: M = \frac{n A k_B T}{B^*} \langle c\, S(b c) \rangle_c, \qquad
          F(B) - F(0) = -n A k_B T \Big\langle \int_0^{bc} S\, d\varphi \Big\rangle_c

where <>_c is the mean over c = cos(beta) from 0 to 1 (levels: 002 Eqs. 6-8, distribution: 002 Eqs. 10-13). The
papers keep two levels and replace phi by phi/sqrt(3); nothing is replaced here. Free energies count from the ground
level each system has at B = 0. The cutoffs at a temperature are parameters of that temperature: heat capacity and
entropy hold them fixed ("frozen"), as the papers do.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from glasstunnel.constants import boltzmann, flux_phase_per_area
from glasstunnel.systems.anomalous.cutoffs import (
    RATIO_PARAMETERS,
    chain_weights,
    cutoffs_at,
    has_closed_slopes,
    log_ratio_slope,
)
from glasstunnel.systems.anomalous.exact import quadrature, table
from glasstunnel.systems.anomalous.exact.gap_density import density_of_states
from glasstunnel.systems.anomalous.exact.quantities import QUANTITIES
from glasstunnel.systems.anomalous.parameter_sets import distinct_temperatures

__all__ = [
    "density_of_states", "derivatives", "entropy", "free_energy", "heat_capacity", "magnetic_susceptibility",
    "magnetization",
]


def free_energy(contribution, T, B):
    """F [J/kg] from the zero-field ground level of each system."""
    return _evaluate(contribution, "free_energy", T, B)


def entropy(contribution, T, B):
    """S [J/(K kg)]."""
    return _evaluate(contribution, "entropy", T, B)


def heat_capacity(contribution, T, B):
    """C [J/(K kg)]."""
    return _evaluate(contribution, "heat_capacity", T, B)


def magnetization(contribution, T, B):
    """M [A m2/kg]."""
    return _evaluate(contribution, "magnetization", T, B)


def magnetic_susceptibility(contribution, T, B):
    """dM/dB [A m2/(kg T)]."""
    return _evaluate(contribution, "magnetic_susceptibility", T, B)


def derivatives(contribution, observable, T, B, names):
    """Value and derivatives by the parameters in `names`; None where a temperature lies outside the table, for an
    observable that the table does not hold, and for a temperature law without closed slopes.

    The table gives the slopes by the logarithms of the cutoffs at T; the rest is the chain rule.
    """
    if observable not in QUANTITIES or not has_closed_slopes(contribution, names):
        return None
    T, B = np.broadcast_arrays(T, B)
    points = _points(contribution, T, B)
    if not table.covers(observable, points.reduced, contribution.area_spread).all():
        return None
    parts = table.averages(observable, points.reduced, points.index, points.b, contribution.area_spread, slopes=True)
    rows = (chain_weights(contribution, names) * _chain(QUANTITIES[observable].area_power, tuple(names))) @ parts
    rows *= _scale(observable, points)
    for name, row in zip(names, rows[1:], strict=True):
        if name in RATIO_PARAMETERS:
            row *= log_ratio_slope(contribution, points.temperature, name)[points.index]
    value, *slopes = rows.reshape(-1, *T.shape)
    return value, dict(zip(names, slopes, strict=True))


@lru_cache(maxsize=32)
def _chain(area_power, names):
    """What the rows of `table.averages` count in the value and in its derivatives, (1 + names, 7), as `chain_weights`
    takes them."""
    value, low, high, small, large, by_b, by_spread = np.eye(7)
    by_field = by_b + area_power * value  # b = B/B* and the power of 1/B* that stands before the mean
    by_ratio = low + high + small + large + 2.0 * by_field
    rows = {
        "density": value, "asymmetry_min": low, "asymmetry_max": high, "amplitude_area_min": small,
        "amplitude_area_max": large, "flux_field": small + large - by_field, "area_spread": by_spread,
        **dict.fromkeys(RATIO_PARAMETERS, by_ratio),
    }
    nothing = np.zeros(7)  # a dipole or a coupling to strain has no part in thermodynamics
    return np.array([value, *(rows.get(name, nothing) for name in names)])


class _Points(NamedTuple):
    """Conditions as (points,) arrays: distinct temperatures, which of them each point has, B/B* at the point."""

    temperature: Any
    index: Any
    b: Any
    flux_field: Any
    reduced: quadrature.ReducedCutoffs


def _points(contribution, T, B):
    temperature, index = distinct_temperatures(np.ravel(np.asarray(T, dtype=float)))
    cutoffs = cutoffs_at(contribution, temperature)
    amplitude = flux_phase_per_area * cutoffs.flux_field / temperature
    reduced = quadrature.ReducedCutoffs(
        cutoffs.asymmetry_min / temperature,
        cutoffs.asymmetry_max / temperature,
        cutoffs.amplitude_area_min * amplitude,
        cutoffs.amplitude_area_max * amplitude,
    )
    return _Points(temperature, index, np.ravel(B) / cutoffs.flux_field[index], cutoffs.flux_field, reduced)


def _scale(observable, points):
    """What turns a reduced observable into one per kilogram at density 1, (points,)."""
    quantity = QUANTITIES[observable]
    scale = points.temperature**quantity.temperature_power * points.flux_field**-quantity.area_power
    return (2.0 * math.pi * boltzmann * scale)[points.index]


def _evaluate(contribution, observable, T, B):
    T, B = np.broadcast_arrays(T, B)
    points = _points(contribution, T, B)
    values = _table_or_quadrature(observable, points, contribution.area_spread)
    return (contribution.density * _scale(observable, points) * values).reshape(T.shape)


def _table_or_quadrature(observable, points, spread):
    """Reduced observable (points,): from the table where it covers the temperature, else by quadrature."""
    index, b, reduced = points.index, points.b, points.reduced
    covered = table.covers(observable, reduced, spread)
    if covered.all():
        return table.averages(observable, reduced, index, b, spread)
    values = np.empty(b.shape)
    inside = covered[index]
    if inside.any():
        part = quadrature.ReducedCutoffs(*(cutoff[covered] for cutoff in reduced))
        values[inside] = table.averages(observable, part, (np.cumsum(covered) - 1)[index[inside]], b[inside], spread)
    for k in np.flatnonzero(~covered):
        at = index == k
        cutoffs = quadrature.ReducedCutoffs(*(float(cutoff[k]) for cutoff in reduced))
        values[at] = quadrature.averages(observable, cutoffs, b[at], spread)
    return values
