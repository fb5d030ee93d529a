"""What the field converts by hand: compositions and ppm, amounts, moments and areas of tunneling systems, cell sizes.

Units as such (Oe, emu/g, Angstrom) are converted by `convert`; the functions here need a number about the glass beside.
Names are imported when first used.
"""

from glasstunnel.lazy import lazy_names

_PUBLIC = {
    "amounts": (
        "concentration_to_ppm", "mass_ppm_to_concentration", "per_kilogram_from_mole", "per_kilogram_from_volume",
        "per_mole", "per_volume", "ppm_to_concentration",
    ),
    "cells": ("cell_radius", "hull_dimension", "surface_exponent", "void_edge", "void_volume"),
    "composition": ("Composition", "composition_of", "molar_mass"),
    "glass_transition": ("glass_transition_slope", "glass_transition_temperature", "largest_cooling"),
    "moments": ("curie_constant", "curie_weiss_temperature", "effective_moment"),
    "routes": ("Route", "Sample", "convert_amount", "route"),
    "tunnelers": (
        "charge_area", "distribution_constant", "flux_field", "magnetic_moment_per_system",
        "tunnelers_from_amplitude_area", "tunnelers_from_area", "tunneling_amplitude",
    ),
}  # fmt: skip
_MODULE_OF = {name: f"glasstunnel.conversions.{module}" for module, names in _PUBLIC.items() for name in names}
_MODULE_OF["convert"] = "glasstunnel.units"

__all__, __getattr__, __dir__ = lazy_names(__name__, _MODULE_OF)  # pyright: ignore[reportUnsupportedDunderAll]
