"""Populations of doublets stated by their energies, and the BK7 glasses of the papers, for the tests of the ATS."""

import math

from glasstunnel import AnomalousTunnelingSystems
from glasstunnel.constants import boltzmann, flux_phase_per_area

#: A density that makes n A k_B = 1, so that results are per system and per k_B.
UNIT = 1.0 / (2.0 * math.pi * boltzmann)


def doublets(low, high, B=1.0, **options):
    """Unit population whose amplitude energies D0 phi are `low` and `high` kelvin at B tesla."""
    scale = 1.0 / (flux_phase_per_area * B)
    options = {"density": UNIT, "asymmetry_min": 0.1, "asymmetry_max": None} | options
    return AnomalousTunnelingSystems(
        amplitude_area_min=low * scale, amplitude_area_max=high * scale, theory="effective", **options
    )


def bk7(table, **options):
    """BK7 as the papers fit it, per kilogram  [001, Tables 3 and 4; 002, Table 14]."""
    numbers = {
        "001 T3": (1.352e19, 0.02671, 271700.0, 292500.0, 0.319),
        "001 T4": (1.340e19, 0.05238, 210700.0, 216000.0, 0.615),
        "002 T14": (1.400e19, 0.05990, 88700.0, 120000.0, 0.480),
    }
    density, asymmetry, low, high, energy = numbers[table]
    options = {"asymmetry_max": None, "reference_temperature": 1.26, "theory": "effective"} | options
    return AnomalousTunnelingSystems(
        density=density, asymmetry_min=asymmetry, amplitude_area_min=low, amplitude_area_max=high,
        activation_energy=energy, **options,
    )


VARIANTS = {
    "averaged": {},
    "rms": {"orientation": "rms"},
    "finite D_max": {"asymmetry_max": 6.0},
    "higher field": {"higher_field": True, "flux_field": 4.0},
    "higher field, rms": {"higher_field": True, "flux_field": 4.0, "orientation": "rms"},
    "spread of areas": {"area_spread": 0.4, "asymmetry_max": 20.0},
}
