"""Response of `AnomalousTunnelingSystems` to what measures them: which kernel, which cutoffs, which convention."""

import math
from dataclasses import dataclass

import numpy as np

from glasstunnel.constants import flux_phase_per_area
from glasstunnel.errors import ParameterError
from glasstunnel.systems.anomalous.areas import mean_over_areas
from glasstunnel.systems.anomalous.cutoffs import cutoffs_at
from glasstunnel.systems.anomalous.effective.response import Doublets, RelaxationRate, relaxational, resonant
from glasstunnel.systems.anomalous.exact.response import TRUE_PER_PRINTED, sample, sample_at, spread_directions
from glasstunnel.systems.contribution import zeros
from glasstunnel.systems.response.convention import DielectricConvention, dielectric_convention
from glasstunnel.systems.response.orientation import ORIENTATIONS, Orientation
from glasstunnel.systems.response.two_level import quantum

_PHASES = 16  #: of three levels with a spread of areas, at a time: a few hundred megabytes


@dataclass(frozen=True)
class Probe:
    """What measures: rates and weights of `rules`, directions, and the elastic constant of the rate (None: none)."""

    rules: DielectricConvention
    orientation: Orientation
    elastic_constant: float | None


def permittivity(contribution, T, B, frequency, part):
    """Delta eps/eps = (C_ATS/2)(2 k alpha_RES + alpha_REL), complex, of the broadcast shape."""
    rules = dielectric_convention(contribution.convention)
    orientation = ORIENTATIONS["rms"] if contribution.orientation == "rms" else rules.orientation()
    probe = Probe(rules, orientation, contribution.elastic_constant)
    return 0.5 * contribution.dielectric_strength * alpha(contribution, T, B, frequency, part, probe)


def alpha(contribution, T, B, frequency, part, probe):
    """2 k alpha_RES + alpha_REL in units of (pi/2) P* times the squared coupling, complex, of the broadcast shape.

    Temperature-dependent cutoffs and the spread of areas act as on the thermodynamic observables.
    """
    T, B, frequency = (np.asarray(value, dtype=float) for value in (T, B, frequency))
    if probe.rules.levels == "three":
        response = _three_levels(contribution, T, B, frequency, part, probe)
    elif contribution.area_spread:
        response = _over_areas(contribution, T, B, frequency, part, probe)
    else:
        response = _doublet(contribution, T, B, frequency, part, probe)
    return response + zeros(T, B, frequency)


def _over_areas(contribution, T, B, frequency, part, probe):
    """Mean over the areas, condition by condition: all fields at one temperature and frequency share their nodes."""
    T, B, frequency = np.broadcast_arrays(T, B, frequency)
    alpha = np.empty(T.shape, complex)
    for temperature, hertz in np.unique(np.stack([T.ravel(), frequency.ravel()]), axis=1).T:
        at = (T == temperature) & (frequency == hertz)
        kinks = _kink_fields(contribution, temperature, hertz, probe.orientation.scale)

        def at_fields(fields, temperature=temperature, hertz=hertz):
            return _doublet(contribution, temperature, fields, hertz, part, probe)

        alpha[at] = mean_over_areas(at_fields, B[at], contribution.area_spread, kinks)
    return alpha


def _kink_fields(contribution, T, frequency, scale):
    """Fields [T] at which a photon meets an edge of the doublets that face the field: h f = hypot(D, D0 phi)."""
    cutoffs = cutoffs_at(contribution, T)
    fields = []
    for asymmetry in (cutoffs.asymmetry_min, cutoffs.asymmetry_max):
        if asymmetry < quantum(frequency):
            flux = math.sqrt((quantum(frequency) - asymmetry) * (quantum(frequency) + asymmetry))
            for area in (cutoffs.amplitude_area_min, cutoffs.amplitude_area_max):
                fields.append(flux / (flux_phase_per_area * scale * area))
    return fields


def _doublet(contribution, T, B, frequency, part, probe):
    rules, orientation, fixed = probe.rules, probe.orientation, contribution.activation_energy == 0.0
    cutoffs = cutoffs_at(contribution, contribution.reference_temperature if fixed else T)
    total = zeros(T, B, frequency) + 0j
    edges = [(cutoffs.asymmetry_min, 1.0)]
    if contribution.asymmetry_max != math.inf:
        edges.append((cutoffs.asymmetry_max, -1.0))  # D_min < D < D_max is D > D_min without D > D_max
    rate = RelaxationRate(probe.elastic_constant, rules.rate_power, rules.rate_kappa)
    for edge, sign in edges:
        doublets = Doublets(edge, cutoffs.amplitude_area_min, cutoffs.amplitude_area_max, orientation)
        if part in ("both", "resonant"):
            total = total + 2.0 * rules.resonant_weight * sign * resonant(doublets, T, B, frequency)
        if part in ("both", "relaxational") and probe.elastic_constant is not None:
            total = total + sign * relaxational(doublets, rate, T, B, rules.omega(frequency))
    # Beyond both cutoffs the difference of two equal losses may round to less than nothing.
    return np.real(total) + 1j * np.maximum(np.imag(total), 0.0)


def _three_levels(contribution, T, B, frequency, part, probe):
    """All three levels, with exact matrix elements."""
    name = type(contribution).__name__
    if contribution.flux_field is None or contribution.asymmetry_max == math.inf:
        missing = "flux_field must be given" if contribution.flux_field is None else "asymmetry_max must be finite"
        raise ParameterError(f"{name}.{missing} for the permittivity of three levels")
    if contribution.area_spread and probe.orientation != ORIENTATIONS["random"]:
        raise ParameterError(
            f"{name}: the permittivity of three levels with a spread of areas is evaluated for random directions only; "
            "set area_spread to 0, or choose levels='doublet'"
        )
    if np.any(quantum(frequency) >= contribution.asymmetry_min):
        raise ParameterError(
            f"{name}: the permittivity of three levels needs h f below the smallest gap asymmetry_min = "
            f"{contribution.asymmetry_min:g} K; lower the frequency or choose levels='doublet'"
        )
    arrays = np.broadcast_arrays(*(np.asarray(value, float) for value in (T, B, frequency)))
    conditions = np.stack([array.ravel() for array in arrays], axis=1)
    values = np.zeros(len(conditions), complex)
    keys = conditions[:, :2] * [1.0 if contribution.activation_energy else 0.0, 1.0]
    distinct, index = np.unique(keys, axis=0, return_inverse=True)
    for number, (_, field) in enumerate(distinct):
        rows = np.flatnonzero(np.ravel(index) == number)
        cutoffs = cutoffs_at(contribution, conditions[rows[0], 0])
        for systems in _samples(cutoffs, field, probe.orientation, contribution.area_spread):
            for row in rows:
                temperature, _, hertz = conditions[row]
                values[row] += _exact_point(systems, temperature, hertz, part, probe)
    return values.reshape(arrays[0].shape) / TRUE_PER_PRINTED


def _samples(cutoffs, field, orientation, area_spread):
    """The systems at one field, with a spread of areas in pieces of a few phases, whose responses add up."""
    asymmetry = [math.sqrt(1.5) * edge for edge in (cutoffs.asymmetry_min, cutoffs.asymmetry_max)]
    kelvin = flux_phase_per_area * cutoffs.flux_field * math.sqrt(0.75)
    amplitude = [kelvin * area for area in (cutoffs.amplitude_area_min, cutoffs.amplitude_area_max)]
    b = abs(field) / cutoffs.flux_field
    if not area_spread:
        yield sample(b, asymmetry, amplitude, orientation)
        return
    phases, weights = spread_directions(float(b), area_spread, min(0.3, asymmetry[0] / amplitude[1]))
    for start in range(0, len(phases), _PHASES):
        piece = slice(start, start + _PHASES)
        yield sample_at((phases[piece], weights[piece]), asymmetry, amplitude)


def _exact_point(systems, T, frequency, part, probe):
    value = 0j
    if part in ("both", "resonant"):
        value += systems.resonant(T, quantum(frequency))
    if part in ("both", "relaxational") and probe.elastic_constant is not None:
        value += systems.relaxational(T, probe.rules.omega(frequency), probe.elastic_constant, probe.rules.rate_power)
    return value
