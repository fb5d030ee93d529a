"""Measured data: columns with the units of their file, readers, corrections and noise models."""

from glasstunnel.data.dataset import Column, Dataset
from glasstunnel.data.noise import check_error_column, with_noise
from glasstunnel.data.readers import READERS, read

__all__ = ["READERS", "Column", "Dataset", "check_error_column", "read", "with_noise"]
