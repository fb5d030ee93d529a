"""Magnetic ions: free moments, zero-field splitting, its distribution in a glass, interactions."""

from glasstunnel.systems.magnetic_ions.contribution import MagneticIons
from glasstunnel.systems.magnetic_ions.species import SPECIES

__all__ = ["SPECIES", "MagneticIons"]
