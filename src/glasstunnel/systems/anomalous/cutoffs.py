"""Temperature-dependent cutoffs of the anomalous tunneling systems: N coherent tunnelers, N shrinking on cooling."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.conversions.voids import area_ratio_for
from glasstunnel.errors import ParameterError

#: How each cutoff scales with r = N(T)/N(T0): D, D0 ~ N, |q/e| ~ N, S ~ N  [002, Eqs. 96-97].
POWERS = {"asymmetry_min": 1, "asymmetry_max": 1, "amplitude_area_min": 3, "amplitude_area_max": 3, "flux_field": -2}

#: Parameters of r that are no cutoffs.
RATIO_PARAMETERS = ("activation_energy", "reference_temperature", "surface_growth")

#: The part of these powers that is the area S, which is not N for the law "voids".
AREA_POWERS = dict.fromkeys(POWERS, 0) | {"amplitude_area_min": 1, "amplitude_area_max": 1, "flux_field": -1}


@dataclass(frozen=True)
class Cutoffs:
    """The cutoffs of a system at given temperatures: the parameters of the same names, arrays of the shape of T.

    `flux_field` stays None where the system gives none.
    """

    asymmetry_min: Any
    asymmetry_max: Any
    amplitude_area_min: Any
    amplitude_area_max: Any
    flux_field: Any


def cutoffs_at(contribution, T):
    """`Cutoffs` of `contribution` (an `AnomalousTunnelingSystems`) at temperature T [K] of any shape.

    D_min and D_max scale as r, D0|q/e|S as r^3, flux_field as r^-2, with r(T) from `coherence_ratio`; for cutoff_law
    "voids" D0|q/e|S as r^2 a and flux_field as 1/(r a), with a(T) the area of the void against that at T0.
    `ParameterError` as there.

    >>> from glasstunnel import AnomalousTunnelingSystems
    >>> system = AnomalousTunnelingSystems(
    ...     1e20, 0.05, None, 1e5, 2e5, flux_field=1.3, activation_energy=0.319, reference_temperature=1.26
    ... )
    >>> print(f"{cutoffs_at(system, 4.5).flux_field:.4f} {cutoffs_at(system, 1.26).flux_field:.4f}")
    0.9028 1.3000
    """
    ratio = coherence_ratio(contribution, T)
    area = ratio if contribution.cutoff_law != "voids" else _void_area(contribution, T)
    values = {name: getattr(contribution, name) for name in POWERS}
    factors = {name: ratio ** (power - AREA_POWERS[name]) * area ** AREA_POWERS[name] for name, power in POWERS.items()}
    return Cutoffs(**{name: None if value is None else value * factors[name] for name, value in values.items()})


def coherence_ratio(contribution, T):
    """r = N(T)/N(T0), the number of coherent tunnelers against that at the reference temperature; shape of T.

    cutoff_law "arrhenius": r = exp(-E0/T + E0/T0)  [001, Eq. 15; 002, Eq. 96];
    "surface": r = (1 - G exp(E0/T)) / (1 - G exp(E0/T0))  [001, Eq. 16].
    "voids": as "arrhenius", with exp(-E0/T) the share of the perimeter that touching cells leave to a void.
    `ParameterError` where the law leaves no coherent tunnelers, G exp(E0/T) >= 1, or r^3 leaves the range of a float.
    """
    E0, T0 = contribution.activation_energy, contribution.reference_temperature
    with np.errstate(over="ignore", under="ignore"):
        if contribution.cutoff_law == "surface":
            left, left_at_reference = _left(contribution, T), _left(contribution, T0)
            ratio = left / left_at_reference
        else:
            ratio = np.exp(E0 / T0 - E0 / T)
        _check_range(contribution, T, ratio)
    return ratio


def has_closed_slopes(contribution, names):
    """Whether derivatives by these parameters follow from `log_ratio_slope`: not by those of growing cells."""
    return contribution.cutoff_law != "voids" or not {"activation_energy", "reference_temperature"} & set(names)


def log_ratio_slope(contribution, T, name):
    """d ln r / d(parameter) for one of `RATIO_PARAMETERS`, of the shape of T."""
    E0, T0, G = contribution.activation_energy, contribution.reference_temperature, contribution.surface_growth
    if contribution.cutoff_law != "surface":
        if name == "activation_energy":
            return 1.0 / T0 - 1.0 / T
        return 0.0 * T - (E0 / T0**2 if name == "reference_temperature" else 0.0)
    here, there = (np.exp(E0 / at) / _left(contribution, at) for at in (T, T0))
    if name == "surface_growth":
        return there - here
    return G * (there / T0 - here / T) if name == "activation_energy" else 0.0 * T - G * E0 / T0**2 * there


def chain_weights(contribution, names):
    """What turns an observable at density 1 and its derivatives by the logarithms of cutoffs (by ln r for
    `RATIO_PARAMETERS`, by other parameters themselves) into it and those by the parameters `names`: (1 + names, 1)."""
    density = contribution.density
    numbers = (getattr(contribution, name) if name in POWERS else 1.0 for name in names)
    factors = (1.0 if name == "density" else density / number for name, number in zip(names, numbers, strict=True))
    return np.array([density, *factors])[:, None]


def _void_area(contribution, T):
    """Area of the void between growing cells at T over that at the reference temperature."""
    temperatures = T, contribution.reference_temperature
    here, there = (np.exp(-contribution.activation_energy / np.asarray(at)) for at in temperatures)
    return area_ratio_for(here) / area_ratio_for(there)


def _left(contribution, T):
    """1 - G exp(E0/T), the share of the tunnelers that surface growth has left at T."""
    left = 1.0 - contribution.surface_growth * np.exp(contribution.activation_energy / np.asarray(T, dtype=float))
    if not np.all(left > 0.0):
        first = np.ravel(np.broadcast_to(T, np.shape(left)))[~np.ravel(left > 0.0)][0]
        raise ParameterError(
            f"{type(contribution).__name__}: surface growth leaves no coherent tunnelers at T = {first:g} K "
            f"(surface_growth * exp(activation_energy/T) must be below 1); lower surface_growth or raise T"
        )
    return left


def _check_range(contribution, T, ratio):
    bad = ~(np.isfinite(ratio**3) & (ratio**3 > 0.0))
    if np.any(bad):
        first = np.ravel(np.broadcast_to(T, np.shape(ratio)))[np.ravel(bad)][0]
        raise ParameterError(
            f"{type(contribution).__name__}: the cutoffs change beyond any float between reference_temperature = "
            f"{contribution.reference_temperature:g} K and T = {first:g} K; check activation_energy"
        )
