"""Measured data: columns with the units of their file, readers, corrections, noise; each name is imported when used."""

from importlib import import_module

_NAMES = {
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
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names}
__all__ = sorted(_MODULE_OF)


def __getattr__(name):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'glasstunnel.data' has no attribute {name!r}")
    value = getattr(import_module(f"glasstunnel.data.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return __all__
