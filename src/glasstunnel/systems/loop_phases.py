r"""Which phases the flux loops see: directions, areas, and the higher-field correction of the two-level theory.

At flux density B a loop has the phase phi = x B/B*, x = cos(beta). The two-level theory uses an effective phase W(B):
W = phi; or with ``higher_field`` W^2 = phi^2 (1 - phi^2/27)  [002, Eqs. 20 and 95; 001, Eq. 11]. Its mean over x is
(b^2/3)(1 - b^2/45), b = B/B*, which ``orientation="rms"`` puts in place of W^2.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.constants import flux_phase_per_area
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import is_jax, namespace
from glasstunnel.numerics.quadrature import legendre
from glasstunnel.systems.cutoffs import cutoffs_at

#: Zero field is evaluated where the largest amplitude energy is this share of D_min: its square does not show.
_ZERO_FIELD = 1e-9
_DIRECTIONS = 32


@dataclass(frozen=True)
class DoubletTerm:
    """One group of doublets with D > d and amplitude energies from a to b, with its weight in the population.

    weight : share of the population; negative for the doublets beyond D_max, which are taken out again.
    a, b, d : [K]. averaged : whether the loop directions are still to be averaged.
    slope, slope_squared, curvature : d lnW/dB [1/T], its square, d2 lnW/dB2 [1/T^2], so that per group
        M = slope (V(b) - V(a)) and dM/dB = curvature (V(b) - V(a)) + slope_squared (P(b) - P(a)).
        With prefactor="printed" `slope` is the printed prefactor of M instead.
    at_maximum : True for a group that starts at D_max.
    """

    weight: Any
    a: Any
    b: Any
    d: Any
    averaged: bool
    slope: Any
    slope_squared: Any
    curvature: Any
    at_maximum: bool


def doublet_terms(system, T, B, gap=None):
    """The `DoubletTerm` groups of `system` at temperature T [K] and flux density B [T].

    For thermal quantities; for the density of states at `gap` [K], whose kinks the directions then resolve.
    """
    cutoffs = cutoffs_at(system, T)
    edges = [(1.0, cutoffs.asymmetry_min, False)]
    if is_jax(system.asymmetry_max) or system.asymmetry_max < math.inf:
        edges.append((-1.0, cutoffs.asymmetry_max, True))
    return [
        DoubletTerm(
            sign * weight, cutoffs.amplitude_area_min * energy, cutoffs.amplitude_area_max * energy, d, averaged,
            slope, slope_squared, curvature, at_maximum,
        )
        for weight, energy, averaged, slope, slope_squared, curvature in _phases(system, cutoffs, T, B, gap)
        for sign, d, at_maximum in edges
    ]


def _phases(system, cutoffs, T, B, gap):
    """weight, energy per amplitude area, averaged, slope, slope squared, curvature of each phase."""
    xp = namespace(B, cutoffs.asymmetry_min, cutoffs.amplitude_area_max, cutoffs.flux_field, system.area_spread)
    floor = _ZERO_FIELD * cutoffs.asymmetry_min / (flux_phase_per_area * cutoffs.amplitude_area_max)
    areas, shares = area_rule(system.area_spread)
    if system.higher_field:
        _check_field(system, cutoffs, B, areas[-1])
    for area, share in zip(areas, shares, strict=True):
        field = xp.sqrt((area * B) ** 2 + floor**2)
        for weight, scale, square, averaged in _directions(system, cutoffs, T, field, gap):
            decrease = square / (1.0 - square)
            slope = area**2 * B / field**2
            if system.prefactor == "printed":
                slope = 2.0 * slope * _printed_correction(system, cutoffs, field, decrease)
            else:
                slope = slope * (1.0 - decrease)
            yield (
                share * weight, flux_phase_per_area * field * scale * xp.sqrt(1.0 - square), averaged, slope,
                (area * (1.0 - decrease) / field) ** 2,
                -((area / field) ** 2) * (1.0 + square * (1.0 + square) / (1.0 - square) ** 2),
            )


def _directions(system, cutoffs, T, field, gap):
    """weight, x, the relative decrease of W^2 by the higher-field correction, averaged: one tuple per direction."""
    if not system.higher_field:
        averaged = system.orientation == "average"
        yield 1.0, 1.0 if averaged else math.sqrt(1.0 / 3.0), 0.0 * field, averaged
        return
    b = field / cutoffs.flux_field
    if system.orientation == "rms":
        yield 1.0, math.sqrt(1.0 / 3.0), b**2 / 45.0, False
        return
    rule = _thermal_rule(cutoffs, T, field) if gap is None else _gap_rule(system, cutoffs, gap, field)
    for x, weight in rule:
        yield weight, x, (x * b) ** 2 / 27.0, False


def _thermal_rule(cutoffs, T, field):
    """Directions x = m sinh(y): loops nearly along the field have thermal or asymmetry width, which sets the scale."""
    xp = namespace(field, T, cutoffs.asymmetry_min, cutoffs.amplitude_area_max)
    m = xp.sqrt((np.pi * T) ** 2 + cutoffs.asymmetry_min**2) / (
        flux_phase_per_area * cutoffs.amplitude_area_max * field
    )
    y_max = xp.arcsinh(1.0 / m)
    for node, weight in zip(*legendre(_DIRECTIONS), strict=True):
        yield m * xp.sinh(y_max * node), weight * y_max * m * xp.cosh(y_max * node)


def _gap_rule(system, cutoffs, gap, field):
    """Directions in panels between those where `gap` meets an edge of the doublets, denser at the ends of a panel."""
    xp = namespace(gap, field, cutoffs.asymmetry_min, cutoffs.amplitude_area_max, cutoffs.flux_field)
    b = field / cutoffs.flux_field
    lower = [cutoffs.asymmetry_min]
    if is_jax(system.asymmetry_max) or system.asymmetry_max < math.inf:
        lower.append(cutoffs.asymmetry_max)
    edges = [_ZERO_FIELD + 0.0 * gap * field, 1.0 + 0.0 * gap * field]
    for d in lower:
        for area in (cutoffs.amplitude_area_min, cutoffs.amplitude_area_max):
            # y (1 - y) = w for y = phi^2/27 where hypot(d, D0 W) equals the gap
            w = (gap**2 - d**2) * (b / (flux_phase_per_area * area * field)) ** 2 / 27.0
            root = xp.sqrt(xp.clip(1.0 - 4.0 * w, 0.0, None))
            crossings = (xp.sqrt(xp.clip(13.5 * (1.0 + sign * root), 0.0, None)) / b for sign in (-1.0, 1.0))
            edges += [xp.clip(x, _ZERO_FIELD, 1.0) for x in crossings]
    edges = xp.sort(xp.stack(edges), axis=0)
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        for node, weight in zip(*legendre(_DIRECTIONS), strict=True):
            yield low + (high - low) * node**2 * (3.0 - 2.0 * node), (high - low) * weight * 6.0 * node * (1.0 - node)


def _printed_correction(system, cutoffs, field, decrease):
    """The papers' higher-field prefactor 1 - b^2/54 goes with their mean phase; else the consistent one."""
    if system.higher_field and system.orientation == "rms":
        return 1.0 - (field / cutoffs.flux_field) ** 2 / 54.0
    return 1.0 - decrease


def area_rule(spread):
    """Areas relative to their median and their weights, for a standard deviation `spread` of ln A_q: each (n,).

    Equal steps in ln A_q, exponentially accurate for functions of ln(B A_q) analytic up to i pi/2.
    """
    if not is_jax(spread) and spread == 0.0:
        return np.ones(1), np.ones(1)
    largest = 2.0 if is_jax(spread) else spread
    step = min(0.75, 0.39 / largest)
    count = math.ceil((7.0 + 2.0 * largest) / step)
    deviate = step * np.arange(-count, count + 1)
    weights = np.exp(-0.5 * deviate**2)
    xp = namespace(spread)
    return xp.exp(spread * deviate), weights / weights.sum()


def _check_field(system, cutoffs, B, largest_area):
    """The corrected W^2 = phi^2 (1 - phi^2/27) must stay positive for every loop."""
    limit = math.sqrt(27.0 if system.orientation == "average" else 45.0)
    if is_jax(B) or is_jax(cutoffs.flux_field) or is_jax(largest_area):
        return
    fields, highest = np.broadcast_arrays(np.abs(B), limit * cutoffs.flux_field / largest_area)
    if not np.all(fields < highest):
        field, allowed = fields[fields >= highest].flat[0], highest[fields >= highest].flat[0]
        raise ParameterError(
            f"AnomalousTunnelingSystems: higher_field=True with orientation={system.orientation!r} holds below "
            f"{allowed:.4g} T, where the gap closes again, got B = {field:.4g} T; lower B or choose theory='exact'"
        )
