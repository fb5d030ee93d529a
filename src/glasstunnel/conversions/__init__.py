"""What the field converts by hand: compositions and ppm, amounts, moments and areas of tunneling systems, cell sizes.

Units as such (Oe, emu/g, Angstrom) are converted by `convert`; the functions here need a number about the glass beside.
"""

from glasstunnel.conversions.amounts import (
    concentration_to_ppm,
    mass_ppm_to_concentration,
    per_kilogram_from_mole,
    per_kilogram_from_volume,
    per_mole,
    per_volume,
    ppm_to_concentration,
)
from glasstunnel.conversions.cells import (
    cell_radius,
    hull_dimension,
    surface_exponent,
    void_edge,
    void_volume,
)
from glasstunnel.conversions.composition import Composition, composition_of, molar_mass
from glasstunnel.conversions.glass_transition import (
    glass_transition_slope,
    glass_transition_temperature,
    largest_cooling,
)
from glasstunnel.conversions.moments import curie_constant, curie_weiss_temperature, effective_moment
from glasstunnel.conversions.routes import Route, Sample, convert_amount, route
from glasstunnel.conversions.tunnelers import (
    charge_area,
    distribution_constant,
    flux_field,
    magnetic_moment_per_system,
    tunnelers_from_amplitude_area,
    tunnelers_from_area,
    tunneling_amplitude,
)
from glasstunnel.units import convert

__all__ = [
    "Composition", "Route", "Sample", "cell_radius", "charge_area", "composition_of", "concentration_to_ppm",
    "convert", "convert_amount", "curie_constant", "curie_weiss_temperature", "distribution_constant",
    "effective_moment",
    "flux_field", "glass_transition_slope", "glass_transition_temperature", "hull_dimension", "largest_cooling",
    "magnetic_moment_per_system", "mass_ppm_to_concentration", "molar_mass", "per_kilogram_from_mole",
    "per_kilogram_from_volume", "per_mole", "per_volume", "ppm_to_concentration", "route", "surface_exponent",
    "tunnelers_from_amplitude_area", "tunnelers_from_area", "tunneling_amplitude", "void_edge", "void_volume",
]  # fmt: skip
