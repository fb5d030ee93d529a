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
from typing import Any, NamedTuple

import numpy as np

from glasstunnel.constants import boltzmann, flux_phase_per_area
from glasstunnel.numerics.arrays import is_jax, namespace
from glasstunnel.numerics.quadrature import normal_mean
from glasstunnel.systems import anomalous_quadrature as quadrature
from glasstunnel.systems import anomalous_table as table
from glasstunnel.systems.anomalous_density import density_of_states
from glasstunnel.systems.cutoffs import cutoffs_at, log_ratio_slopes

__all__ = [
    "density_of_states", "derivatives", "entropy", "free_energy", "heat_capacity", "magnetic_susceptibility",
    "magnetization",
]

_AREA_NODES = 24

#: Powers of (T, B*) that multiply the reduced observables.
_DIMENSION = {
    "free_energy": (1, 0), "entropy": (0, 0), "heat_capacity": (0, 0), "magnetization": (1, -1),
    "magnetic_susceptibility": (1, -2),
}


def free_energy(system, T, B):
    """F [J/kg] from the zero-field ground level of each system."""
    return _evaluate(system, "free_energy", T, B)


def entropy(system, T, B):
    """S [J/(K kg)]."""
    return _evaluate(system, "entropy", T, B)


def heat_capacity(system, T, B):
    """C [J/(K kg)]."""
    return _evaluate(system, "heat_capacity", T, B)


def magnetization(system, T, B):
    """M [A m2/kg]."""
    return _evaluate(system, "magnetization", T, B)


def magnetic_susceptibility(system, T, B):
    """dM/dB [A m2/(kg T)]."""
    return _evaluate(system, "magnetic_susceptibility", T, B)


def derivatives(system, observable, T, B, names):
    """Value and derivatives by the parameters in `names`; None where a temperature lies outside the table.

    The table gives the slopes by the logarithms of the cutoffs at T; the rest is the chain rule.
    """
    T, B = np.broadcast_arrays(T, B)
    points = _points(system, T, B)
    if not np.all(table.covers(points.reduced)):
        return None
    power, field_power = _DIMENSION[observable]
    spread, weight, area = _areas(system, field_power)
    parts = table.averages(observable, points.reduced, points.index, points.b[:, None] * area, slopes=True)
    scale = _scale(observable, points)
    value, low, high, small, large, by_b = (scale * (part @ weight) for part in parts)
    by_field = field_power * value + small + large - by_b
    by_ratio = low + high + small + large - 2.0 * (field_power * value - by_b)
    logarithmic = {
        "asymmetry_min": low, "asymmetry_max": high, "amplitude_area_min": small, "amplitude_area_max": large,
        "flux_field": by_field,
    }
    ratio_slopes = log_ratio_slopes(system, points.temperature)
    slopes = {}
    for name in names:
        if name == "density":
            slope = value
        elif name == "area_spread":
            slope = system.density * scale * ((parts[5] - field_power * parts[0]) @ (weight * spread))
        elif name in ratio_slopes:
            slope = system.density * by_ratio * ratio_slopes[name][points.index]
        else:
            slope = system.density * logarithmic[name] / getattr(system, name)
        slopes[name] = slope.reshape(T.shape)
    return (system.density * value).reshape(T.shape), slopes


class _Points(NamedTuple):
    """Conditions as (points,) arrays: distinct temperatures, which of them each point has, B/B* at the point."""

    temperature: Any
    index: Any
    b: Any
    flux_field: Any
    reduced: quadrature.ReducedCutoffs


def _points(system, T, B):
    xp = namespace(T, B)
    temperature, index = xp.ravel(T), np.arange(np.size(T))
    if not is_jax(T):
        temperature, index = np.unique(temperature, return_inverse=True)
    cutoffs = cutoffs_at(system, temperature)
    xp = namespace(B, cutoffs.flux_field)
    amplitude = flux_phase_per_area * cutoffs.flux_field / temperature
    largest = cutoffs.asymmetry_max
    if not is_jax(system.asymmetry_max) and math.isinf(system.asymmetry_max):
        # Not infinity times a traced ratio, whose derivative is not a number.
        largest = np.full(temperature.shape, math.inf)
    reduced = quadrature.ReducedCutoffs(
        cutoffs.asymmetry_min / temperature,
        largest / temperature,
        cutoffs.amplitude_area_min * amplitude,
        cutoffs.amplitude_area_max * amplitude,
    )
    return _Points(temperature, index, xp.ravel(B) / cutoffs.flux_field[index], cutoffs.flux_field, reduced)


def _areas(system, field_power):
    """Standard normal nodes, weights times the area's power, and areas relative to their median, (areas,) each."""
    spread, weight = np.zeros(1), np.ones(1)
    if is_jax(system.area_spread) or system.area_spread > 0.0:
        spread, weight = normal_mean(_AREA_NODES)
    area = namespace(system.area_spread).exp(system.area_spread * spread)
    return spread, weight * area**-field_power, area


def _scale(observable, points):
    """What turns a reduced observable into one per kilogram at density 1, (points,)."""
    power, field_power = _DIMENSION[observable]
    return (2.0 * math.pi * boltzmann * points.temperature**power * points.flux_field**field_power)[points.index]


def _evaluate(system, observable, T, B):
    xp = namespace(T, B)
    T, B = xp.broadcast_arrays(T, B)
    points = _points(system, T, B)
    _, weight, area = _areas(system, _DIMENSION[observable][1])
    b = points.b[:, None] * area
    values = _table_or_quadrature(observable, points, b)
    return (system.density * _scale(observable, points) * (values @ weight)).reshape(T.shape)


def _table_or_quadrature(observable, points, b):
    """Reduced observable (points, areas): from the table where it covers the temperature, else by quadrature.

    Traced values cannot choose: outside the table they give NaN.
    """
    covered = table.covers(points.reduced)
    if is_jax(b) or is_jax(covered):
        values = table.averages(observable, points.reduced, points.index, b)
        xp = namespace(values, covered)
        return xp.where(covered[points.index][:, None], values, math.nan)
    if covered.all():
        return table.averages(observable, points.reduced, points.index, b)
    values = np.empty(b.shape)
    inside = covered[points.index]
    if inside.any():
        reduced = quadrature.ReducedCutoffs(*(cutoff[covered] for cutoff in points.reduced))
        index = (np.cumsum(covered) - 1)[points.index[inside]]
        values[inside] = table.averages(observable, reduced, index, b[inside])
    for k in np.flatnonzero(~covered):
        at = points.index == k
        cutoffs = quadrature.ReducedCutoffs(*(float(cutoff[k]) for cutoff in points.reduced))
        values[at] = quadrature.averages(observable, cutoffs, b[at])
    return values
