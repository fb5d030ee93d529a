"""Measured data: columns with the units of their file, readers, corrections and noise models."""

from glasstunnel.data.dataset import Column, Dataset

__all__ = ["Column", "Dataset"]
