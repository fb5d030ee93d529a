"""Isotope effect of anomalous tunneling systems: how the cutoffs scale with the mass of the tunneling particle."""

import dataclasses
import math

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number
from glasstunnel.systems.anomalous.contribution import AnomalousTunnelingSystems
from glasstunnel.systems.parameters import known


def substitute_mass(
    contribution: AnomalousTunnelingSystems, mass_ratio: float, tunneling_exponent: float
) -> AnomalousTunnelingSystems:
    """The same `AnomalousTunnelingSystems` with particles of another mass  [002, Eq. 83].

    mass_ratio : new over old mass. tunneling_exponent : L = (d/hbar) sqrt(2 M V0) of the old mass.
    Asymmetries scale as 1/sqrt(ratio), amplitudes D0 (and with them D0|q/e|S) as exp(-L (sqrt(ratio) - 1))/sqrt(ratio).
    Only a rule of scaling: taken literally, 002 Eq. 83 makes D0/D_min at most 2, against D << D0.

    >>> from glasstunnel import AnomalousTunnelingSystems
    >>> light = AnomalousTunnelingSystems(1e20, 0.05, None, 1e3, 1e4, theory="effective")
    >>> print(f"{substitute_mass(light, 2.0, 3.0).asymmetry_min:.5f}")
    0.03536
    """
    for name, value, low in (("mass_ratio", mass_ratio, 0.0), ("tunneling_exponent", tunneling_exponent, -1e-300)):
        if not is_number(value, finite=True) or value <= low:
            raise ParameterError(f"substitute_mass: {name} must be a number > 0 (exponent >= 0), got {value!r}")
    frequency = 1.0 / math.sqrt(mass_ratio)
    amplitude = frequency * math.exp(-tunneling_exponent * (math.sqrt(mass_ratio) - 1.0))
    return dataclasses.replace(
        contribution,
        asymmetry_min=contribution.asymmetry_min * frequency,
        asymmetry_max=known(contribution, "asymmetry_max") * frequency,
        amplitude_area_min=contribution.amplitude_area_min * amplitude,
        amplitude_area_max=contribution.amplitude_area_max * amplitude,
    )
