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
from glasstunnel.numerics.quadrature import legendre
from glasstunnel.systems.anomalous.areas import REACH, area_rule
from glasstunnel.systems.anomalous.cutoffs import cutoffs_at

#: Zero field is evaluated where the largest amplitude energy is this share of D_min: its square does not show.
_ZERO_FIELD = 1e-9
_DIRECTIONS = 32


@dataclass(frozen=True)
class DoubletGroup:
    """Doublets with D > d and amplitude energies from a to b; the first axis runs over areas and directions.

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


def doublet_groups(contribution, T, B, gap=None):
    """The one or two `DoubletGroup` of `contribution` at temperature T [K] and flux density B [T], arrays of one shape.

    For thermal quantities; for the density of states at `gap` [K], whose kinks the directions then resolve, and which
    has one area: the mean over areas is then still to be taken.
    """
    cutoffs = cutoffs_at(contribution, T)
    floor = _ZERO_FIELD * cutoffs.asymmetry_min / (flux_phase_per_area * cutoffs.amplitude_area_max)
    area, share = area_rule(contribution.area_spread if gap is None else 0.0)
    if contribution.higher_field:
        _check_field(contribution, cutoffs, B, area[-1])
    column = (-1,) + (1,) * np.ndim(B)
    area, share = area.reshape(column), share.reshape(column)
    field = np.sqrt((area * B) ** 2 + floor**2)
    weight, x, square = _directions(contribution, cutoffs, T, field, gap)
    weight, area, field = _merged(weight * share, x), _merged(area, x), _merged(field, x)
    x, square = _merged(x, x), _merged(square, x)

    decrease = square / (1.0 - square)
    if contribution.prefactor == "printed":
        correction = 2.0 * _printed_correction(contribution, cutoffs, field, decrease)
    else:
        correction = 1.0 - decrease
    energy = flux_phase_per_area * field * x * np.sqrt(1.0 - square)
    return [
        DoubletGroup(
            weight=sign * weight,
            a=cutoffs.amplitude_area_min * energy,
            b=cutoffs.amplitude_area_max * energy,
            d=d + 0.0 * energy,
            averaged=contribution.orientation == "average" and not contribution.higher_field,
            slope=(area / field) ** 2 * B * correction,
            slope_squared=(area * (1.0 - decrease) / field) ** 2,
            curvature=-((area / field) ** 2) * (1.0 + square * (1.0 + square) / (1.0 - square) ** 2),
            at_maximum=at_maximum,
        )
        for sign, d, at_maximum in _edges(contribution, cutoffs)
    ]


def kink_fields(contribution, gap):
    """Fields [T] at which `gap` [K] meets an edge of the doublets of loops that face the field, at T0."""
    cutoffs = cutoffs_at(contribution, contribution.reference_temperature)
    fields = []
    for _, d, _ in _edges(contribution, cutoffs):
        if gap <= d:
            continue
        flux = math.sqrt((gap - d) * (gap + d))
        for area in (cutoffs.amplitude_area_min, cutoffs.amplitude_area_max):
            fields += _fields_of_phase(contribution, cutoffs, flux / (flux_phase_per_area * area))
    return fields


def _fields_of_phase(contribution, cutoffs, effective):
    """Fields at which the effective phase W of a loop that faces the field (or of the mean loop) is `effective` B*."""
    mean = 1.0 / math.sqrt(3.0) if contribution.orientation == "rms" else 1.0
    if not contribution.higher_field:
        return [effective / mean]
    # W^2 = (mean b)^2 (1 - b^2/c) with c = 27, or 45 for the mean loop
    top = 45.0 if contribution.orientation == "rms" else 27.0
    rest = 1.0 - 4.0 * (effective / (mean * cutoffs.flux_field)) ** 2 / top
    if rest < 0.0:
        return []
    return [cutoffs.flux_field * math.sqrt(0.5 * top * (1.0 + sign * math.sqrt(rest))) for sign in (-1.0, 1.0)]


def check_largest_field(contribution, B):
    """With `higher_field`, raise `ParameterError` where the largest loops leave the range of the corrected phase."""
    if contribution.higher_field:
        largest = math.exp(REACH * contribution.area_spread)
        _check_field(contribution, cutoffs_at(contribution, contribution.reference_temperature), B, largest)


def _edges(contribution, cutoffs):
    """sign, asymmetry, at_maximum of the lower and, where there is one, the upper cutoff."""
    edges = [(1.0, cutoffs.asymmetry_min, False)]
    if contribution.asymmetry_max < math.inf:
        edges.append((-1.0, cutoffs.asymmetry_max, True))
    return edges


def _merged(values, x):
    """Broadcast to the shape of x, (directions, areas, points), with directions and areas on one axis."""
    shape = np.shape(x)
    return np.broadcast_to(values, shape).reshape((shape[0] * shape[1], *shape[2:]))


def _directions(contribution, cutoffs, T, field, gap):
    """weight, x and relative decrease of W^2 by the higher-field correction: (directions, areas, points) each."""
    field = field[None]
    ones = np.ones_like(field)
    if not contribution.higher_field:
        return ones, ones if contribution.orientation == "average" else ones / math.sqrt(3.0), 0.0 * field
    b = field / cutoffs.flux_field
    if contribution.orientation == "rms":
        return ones, ones / math.sqrt(3.0), b**2 / 45.0
    x, weight = _thermal_rule(cutoffs, T, field) if gap is None else _gap_rule(contribution, cutoffs, gap, field)
    return weight, x, (x * b) ** 2 / 27.0


def _thermal_rule(cutoffs, T, field):
    """Directions x b = sqrt(27) sin(theta), so that W is proportional to sin(2 theta).

    Loops with a small W, at theta = 0 and pi/2, have a thermal or asymmetry width m: theta = m sinh(y) at either end.
    """
    nodes, weights = (rule.reshape((-1,) + (1,) * (np.ndim(field) - 1)) for rule in legendre(_DIRECTIONS))
    limit = math.sqrt(27.0) * cutoffs.flux_field
    width = np.sqrt((np.pi * T) ** 2 + cutoffs.asymmetry_min**2)
    m = width / (flux_phase_per_area * cutoffs.amplitude_area_max * limit)
    largest = np.arcsin(field / limit)
    middle = np.minimum(largest, 0.25 * np.pi)
    rising, measure_rising = _sinh_rule(0.0 * middle, middle, m, nodes, weights)
    # from the largest angle back to the middle, counted from pi/2
    falling, measure_falling = _sinh_rule(0.5 * np.pi - largest, 0.5 * np.pi - middle, m, nodes, weights)
    scale = limit / field
    x = scale * np.concatenate([np.sin(rising), np.cos(falling)])
    return x, scale * np.concatenate([measure_rising * np.cos(rising), measure_falling * np.sin(falling)])


def _sinh_rule(low, high, scale, nodes, weights):
    """Nodes z = scale sinh(y) from `low` to `high` and their weights."""
    y_low, y_high = np.arcsinh(low / scale), np.arcsinh(high / scale)
    y = y_low + (y_high - y_low) * nodes
    return scale * np.sinh(y), (y_high - y_low) * weights * scale * np.cosh(y)


def _gap_rule(contribution, cutoffs, gap, field):
    """Directions in panels between those where `gap` meets an edge of the doublets, denser at the ends of a panel."""
    b = field / cutoffs.flux_field
    edges = [_ZERO_FIELD + 0.0 * gap * field, 1.0 + 0.0 * gap * field]
    for _, d, _ in _edges(contribution, cutoffs):
        for area in (cutoffs.amplitude_area_min, cutoffs.amplitude_area_max):
            # y (1 - y) = w for y = phi^2/27 where hypot(d, D0 W) equals the gap
            w = (gap**2 - d**2) * (b / (flux_phase_per_area * area * field)) ** 2 / 27.0
            root = np.sqrt(np.clip(1.0 - 4.0 * w, 0.0, None))
            crossings = (np.sqrt(np.clip(13.5 * (1.0 + sign * root), 0.0, None)) / b for sign in (-1.0, 1.0))
            edges += [np.clip(x, _ZERO_FIELD, 1.0) for x in crossings]
    edges = np.sort(np.concatenate(edges), axis=0)[:, None]
    low, width = edges[:-1], edges[1:] - edges[:-1]
    nodes, weights = (rule.reshape((-1,) + (1,) * (np.ndim(field) - 1)) for rule in legendre(_DIRECTIONS))
    x = low + width * nodes**2 * (3.0 - 2.0 * nodes)
    weight = width * weights * 6.0 * nodes * (1.0 - nodes)
    merged = (x.shape[0] * x.shape[1], *x.shape[2:])
    return x.reshape(merged), weight.reshape(merged)


def _printed_correction(contribution, cutoffs, field, decrease):
    """The papers' higher-field prefactor 1 - b^2/54 goes with their mean phase; else the consistent one."""
    if contribution.higher_field and contribution.orientation == "rms":
        return 1.0 - (field / cutoffs.flux_field) ** 2 / 54.0
    return 1.0 - decrease


def _check_field(contribution, cutoffs, B, largest_area):
    """The corrected W^2 = phi^2 (1 - phi^2/27) must stay positive for every loop."""
    limit = math.sqrt(27.0 if contribution.orientation == "average" else 45.0)
    fields, highest = np.broadcast_arrays(np.abs(B), limit * cutoffs.flux_field / largest_area)
    if not np.all(fields < highest):
        field, allowed = fields[fields >= highest].flat[0], highest[fields >= highest].flat[0]
        raise ParameterError(
            f"AnomalousTunnelingSystems: higher_field=True with orientation={contribution.orientation!r} holds below "
            f"{allowed:.4g} T, where the gap closes again, got B = {field:.4g} T; lower B or choose theory='exact'"
        )
