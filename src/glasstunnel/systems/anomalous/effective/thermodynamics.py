r"""Two-level theory of anomalous tunneling systems, as the papers use it: E = sqrt(D^2 + D0^2 phi^2).

Per kilogram and with A = 2 pi P*, x = E/2T  [002, Eqs. 9-20, 88-97; 001, Eqs. 8-16; 004, Eqs. 13-26]:

.. math:: F = -n A k_B \langle\!\langle T \ln(1 + e^{-E/T}) + (E - D)/2 \rangle\!\rangle, \qquad
          C = n A k_B \langle\!\langle (x/\cosh x)^2 \rangle\!\rangle, \qquad
          M = \frac{n A k_B T}{B} \int_{D_{min}} \frac{dD}{D} \Big\langle
              \ln\frac{\cosh(\sqrt{D^2 + b^2}/2T)}{\cosh(\sqrt{D^2 + a^2}/2T)} \Big\rangle

with a, b = D0min phi, D0max phi; the double brackets are the integrals over dD/D and dD0/D0 and the mean over the loop
directions. M is -dF/dB: half of what 002 Eq. 93 and 001 Eq. 10 print, in agreement with the susceptibility 001 Eq. 12
(``prefactor="printed"`` gives the printed one). Valid for T << D0 and phi << 1. Free energies count from the ground
level each system has at B = 0. Entropy and heat capacity hold the cutoffs fixed at their values at T, as the papers do.
The integrals stand in `effective.integrals` and tabulated in `effective.table` and `effective.thermal_table`; the
directions and the higher-field correction in `effective.loops`, the areas in `anomalous.areas`.
"""

import math
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np

from glasstunnel.constants import boltzmann
from glasstunnel.numerics.blocks import in_blocks
from glasstunnel.systems.anomalous.areas import mean_over_areas
from glasstunnel.systems.anomalous.cutoffs import (
    POWERS,
    RATIO_PARAMETERS,
    chain_weights,
    has_closed_slopes,
    log_ratio_slope,
)
from glasstunnel.systems.anomalous.effective import integrals as doublets
from glasstunnel.systems.anomalous.effective import sets, table, thermal_table
from glasstunnel.systems.anomalous.effective.loops import check_largest_field, doublet_groups, kink_fields

_BLOCK = 256
_TABLE_BLOCK = 4096  #: values, one for each area and direction of a point, that the table is asked for at once
_THERMAL_BLOCK = 512  #: the same for the thermal table, which takes several nodes for each of them


def free_energy(contribution, T, B):
    """F [J/kg] from the zero-field ground level of each system."""
    return _population(contribution, T, B, _free_energy)


def entropy(contribution, T, B):
    """S [J/(K kg)]: k_B [ln(2 cosh x) - x tanh x] per system."""
    return _from_tables("entropy", contribution, T, B)


def heat_capacity(contribution, T, B):
    """C [J/(K kg)]: k_B (x/cosh x)^2 per system  [002, Eqs. 14-19; 004, Eqs. 22-26]."""
    return _from_tables("heat_capacity", contribution, T, B)


def magnetization(contribution, T, B):
    """M [A m2/kg]  [002, Eq. 93; 001, Eqs. 10-11; with pi/2 for their pi unless prefactor="printed"].

    prefactor="printed" is exactly twice the consistent M; with higher_field and orientation="rms" it is the papers'
    recipe, whose factor 1 - b^2/54 stands where the mean over directions gives (1 - 2b^2/45)/(1 - b^2/45).
    """
    return _from_tables("magnetization", contribution, T, B)


def magnetic_susceptibility(contribution, T, B):
    """dM/dB [A m2/(kg T)], at B = 0 that of 001 Eq. 12. It follows from F, so `prefactor` does not change it."""
    return _population(contribution, T, B, _susceptibility)


def density_of_states(contribution, E, B):
    """Systems per kilogram and gap [1/(K kg)] at gap E [K]  [002, Eq. 13], with the cutoffs at the reference T0."""

    def evaluate(E, B):
        groups = doublet_groups(contribution, contribution.reference_temperature + 0.0 * E, B, gap=E)
        return sum(
            _total(group, doublets.doublet_density(E, group.d, group.a, group.b, group.averaged)) for group in groups
        )

    if contribution.area_spread:
        density = _density_over_areas(contribution, E, B, evaluate)
    else:
        density = _over_points(evaluate, E, B)
    return 2.0 * math.pi * contribution.density * density


def _density_over_areas(contribution, E, B, density):
    """Mean of density(E, B) over the areas, gap by gap: all fields at one gap share their nodes."""
    E, B = np.broadcast_arrays(E, B)
    check_largest_field(contribution, B)
    total = np.empty(E.shape)
    for gap in np.unique(E):
        at = E == gap

        def at_fields(fields, gap=gap):
            return _over_points(density, gap, fields)

        total[at] = mean_over_areas(at_fields, B[at], contribution.area_spread, kink_fields(contribution, gap))
    return total


def derivatives(contribution, observable, T, B, names):
    """Magnetization, entropy or heat capacity and its derivatives by the parameters `names` in closed form, else None.

    By one amplitude only its own half of the integral changes, by a cutoff of D only the edge of the integral; the
    temperature law moves all of them together.
    """
    known = set(names) <= _CLOSED_FORM and has_closed_slopes(contribution, names)
    form = _FORMS.get(observable)
    if form is None or contribution.higher_field or not known:
        return None

    if sets.is_plain(contribution):
        parts = sets.at_once(observable, contribution, T, B, slopes=True)
        if parts is not None:
            T = np.asarray(T, dtype=float)
            if T.shape != parts.shape[1:]:
                T = np.broadcast_to(T, parts.shape[1:])
            value, *slopes = _by_names(contribution, parts, T, names)
            return value, dict(zip(names, slopes, strict=True))

    def evaluate(T, B):
        return _value_and_slopes(contribution, form.slopes, T, B, names)

    value, *slopes = _over_points(evaluate, T, B, form.block)
    return value, dict(zip(names, slopes, strict=True))


def _value_and_slopes(contribution, per_system, T, B, names):
    """The observable and its derivatives by `names`, stacked on a first axis."""
    parts = np.zeros((len(_KINDS), *T.shape))
    for group in doublet_groups(contribution, T, B):
        edge = "asymmetry_max" if group.at_maximum else "asymmetry_min"
        kinds = "density", edge, "amplitude_area_min", "amplitude_area_max"
        for kind, part in zip(kinds, per_system(group, T), strict=True):
            parts[_KINDS.index(kind)] += _total(group, part)
    return 2.0 * math.pi * boltzmann * _by_names(contribution, parts, T, names)


def _by_names(contribution, parts, T, names):
    """The observable and its derivatives by `names`, stacked, from those of `_KINDS` at density 1, as many as there
    are."""
    chain = _chain(tuple(names))[:, : len(parts)]
    rows = (chain_weights(contribution, names) * chain) @ parts.reshape(len(parts), -1)
    for name, row in zip(names, rows[1:], strict=True):
        if name in RATIO_PARAMETERS:
            row *= log_ratio_slope(contribution, T.ravel(), name)
    return rows.reshape(-1, *T.shape)


@lru_cache(maxsize=32)
def _chain(names):
    """What an observable at density 1 and its slopes by logarithms count in the value and in its derivatives,
    (1 + names, kinds), as `chain_weights` takes them."""
    rows = dict(zip(_KINDS, np.eye(len(_KINDS)), strict=True))
    by_ratio = sum(power * rows[name] for name, power in _CUTOFF_POWERS.items())
    return np.array([rows["density"], *(rows.get(name, by_ratio) for name in names)])


def _from_tables(observable, contribution, T, B):
    """M, S or C, which the tables hold: of a plain system in one go, of others group by group."""
    result = sets.at_once(observable, contribution, T, B) if sets.is_plain(contribution) else None
    if result is not None:
        return result
    form = _FORMS[observable]
    return _population(contribution, T, B, form.value, form.block)


def _population(contribution, T, B, per_system, block=_BLOCK):
    """n A k_B times the sum of `per_system` over the groups of doublets."""

    def evaluate(T, B):
        return sum(_total(group, per_system(group, T)) for group in doublet_groups(contribution, T, B))

    return 2.0 * math.pi * boltzmann * contribution.density * _over_points(evaluate, T, B, block)


def _total(group, per_system):
    """Sum over areas and directions."""
    weighted = group.weight * per_system
    return np.sum(weighted, axis=0)


def _over_points(evaluate, T, B, block=_BLOCK):
    """evaluate(T, B) on T and B of one shape, in blocks of points small enough for the processor's cache."""
    T, B = np.broadcast_arrays(T, B)
    if T.size <= block:
        return evaluate(T, B)
    joined = in_blocks(evaluate, T.ravel(), B.ravel(), block=block)
    return joined.reshape(joined.shape[:-1] + T.shape)


def _free_energy(group, T):
    lowering = doublets.ground_state_lowering
    ground = lowering(group.b, group.d, group.averaged) - lowering(group.a, group.d, group.averaged)
    return -ground - T * _thermal(group, T, _free_energy_kernel)


def _susceptibility(group, T):
    V, P = _response(group, T)
    return group.curvature * V + group.slope_squared * P


def _thermal(group, T, kernel):
    return doublets.thermal_integral(kernel, group.a, group.b, group.d, T, group.averaged)


def _response(group, T):
    """V(b) - V(a) and P(b) - P(a) of `doublet_integrals.field_response`."""
    high = doublets.field_response(group.b, group.d, T, group.averaged)
    low = doublets.field_response(group.a, group.d, T, group.averaged)
    return high[0] - low[0], high[1] - low[1]


def _steps(group, T, slopes=False):
    """`table.Steps` of the doublets of a group, over T: arrays of the shape of a."""

    def steps(p, at, a, b):
        return table.response_steps(p, at, a / p[at], b / p[at], group.averaged, slopes)

    return _at_points(group, T, steps)


def _tabulated(group, T, quantity, slopes=False):
    """`table.Steps` of a thermal quantity of the doublets of a group: arrays of the shape of a."""
    return _at_points(
        group, T, lambda p, at, a, b: thermal_table.steps(quantity, p, at, a, b, group.averaged, slopes=slopes)
    )


def _at_points(group, T, steps):
    """`table.Steps` from steps(p, index, low, high): arrays of the shape of a."""
    shape = np.shape(group.a)
    T = np.ravel(T)
    distinct, first, index = np.unique(T, return_index=True, return_inverse=True)
    if distinct.size == T.size:
        distinct, first, index = T, slice(None), np.arange(T.size)
    p = np.reshape(group.d, (shape[0], -1))[0, first] / distinct
    low, high = (np.ravel(edge / T.reshape(shape[1:])) for edge in (group.a, group.b))
    found = steps(p, np.tile(index, shape[0]), low, high)
    parts: list[Any] = [None if part is None else part.reshape(shape) for part in found]
    return table.Steps(*parts)


def _magnetization(group, T):
    return group.slope * T * _steps(group, T).value


def _magnetization_slopes(group, T):
    """M per system and its derivatives by ln d, ln a, ln b."""
    steps, scale = _steps(group, T, slopes=True), group.slope * T
    return scale * steps.value, scale * steps.by_asymmetry, -scale * steps.at_low, scale * steps.at_high


def _thermal_value(quantity, group, T):
    return _tabulated(group, T, quantity).value


def _thermal_slopes(quantity, group, T):
    """S or C per system and its derivatives by ln d, ln a, ln b."""
    steps: Any = _tabulated(group, T, quantity, slopes=True)
    return steps.value, steps.by_asymmetry, -steps.at_low, steps.at_high


def _free_energy_kernel(x):
    """ln(1 + exp(-2x))."""
    return np.log1p(np.exp(-2.0 * x))


class _Form(NamedTuple):
    """An observable of a group of systems, the same with its slopes, and how many points at once."""

    value: Callable[..., Any]
    slopes: Callable[..., Any]
    block: int


_FORMS = {
    "magnetization": _Form(_magnetization, _magnetization_slopes, _TABLE_BLOCK),
    **{
        name: _Form(partial(_thermal_value, name), partial(_thermal_slopes, name), _THERMAL_BLOCK)
        for name in thermal_table.KERNELS
    },
}
_CUTOFF_POWERS = {name: power for name, power in POWERS.items() if name != "flux_field"}  #: of r
#: An observable at density 1 and its slopes by the logarithms of the cutoffs; that which may be missing stands last.
_KINDS: tuple[str, ...] = ("density", "asymmetry_min", "amplitude_area_min", "amplitude_area_max", "asymmetry_max")
_CLOSED_FORM = {"density", *RATIO_PARAMETERS, *_CUTOFF_POWERS}
