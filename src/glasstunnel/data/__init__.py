"""Measured data: columns with the units of their file, readers, corrections, noise; each name is imported when used."""

from glasstunnel.lazy import lazy_names

_PUBLIC = {
    "amounts": ("per_kilogram",),
    "corrections": (
        "average_repeats", "drop_range", "keep_range", "per_mass", "per_mole", "split_by", "subtract_addenda",
        "subtract_diamagnetism", "subtract_holder",
    ),
    "dataset": ("Column", "Dataset"),
    "derived": ("derive",),
    "noise": ("check_error_column", "with_noise"),
    "readers": ("READERS", "read"),
    "response": ("photons_from_power", "quality_factor_to_loss", "relative_to", "with_condition", "with_pulses"),
}  # fmt: skip
_MODULE_OF = {name: f"glasstunnel.data.{module}" for module, names in _PUBLIC.items() for name in names}

__all__, __getattr__, __dir__ = lazy_names(__name__, _MODULE_OF)  # pyright: ignore[reportUnsupportedDunderAll]
