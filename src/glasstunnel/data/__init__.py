"""Measured data: columns with the units of their file, readers, corrections and noise models."""

from glasstunnel.data.amounts import per_kilogram
from glasstunnel.data.corrections import (
    average_repeats,
    drop_range,
    keep_range,
    per_mass,
    per_mole,
    split_by,
    subtract_addenda,
    subtract_diamagnetism,
    subtract_holder,
)
from glasstunnel.data.dataset import Column, Dataset
from glasstunnel.data.derived import derive
from glasstunnel.data.noise import check_error_column, with_noise
from glasstunnel.data.readers import READERS, read
from glasstunnel.data.response import (
    photons_from_power,
    quality_factor_to_loss,
    relative_to,
    with_condition,
    with_pulses,
)

__all__ = [
    "READERS",
    "Column",
    "Dataset",
    "average_repeats",
    "check_error_column",
    "derive",
    "drop_range",
    "keep_range",
    "per_kilogram",
    "per_mass",
    "per_mole",
    "photons_from_power",
    "quality_factor_to_loss",
    "read",
    "relative_to",
    "split_by",
    "subtract_addenda",
    "subtract_diamagnetism",
    "subtract_holder",
    "with_condition",
    "with_noise",
    "with_pulses",
]
