"""What the compiled algorithms are told and what they fill, as named tuples, which compiled code takes apart for free.

Numbers are plain floats and integers: another type is another compilation.
"""

from typing import NamedTuple

import numpy as np


class Memory(NamedTuple):
    """The last steps of L-BFGS, the changes of force over them and their products: (stored, atoms, 3), (stored,)."""

    steps: np.ndarray
    changes: np.ndarray
    curvatures: np.ndarray


class Until(NamedTuple):
    """When an algorithm stops: the largest force is below `tolerance`, or after `limit` iterations."""

    tolerance: float
    limit: int


class ElasticBand(NamedTuple):
    """Images (images, atoms, 3) of an elastic band, their energies and raw forces, which are filled."""

    images: np.ndarray
    energies: np.ndarray
    raw: np.ndarray


class Descent(NamedTuple):
    """How steepest descent is followed: see `descent.descend`."""

    mobility: np.ndarray
    accuracy: float
    spacing: float
    stop: float
    limit: int


class Stride(NamedTuple):
    """One step of steepest descent: mobilities, its length in time, its stages."""

    mobility: np.ndarray
    h: float
    stages: int


class Lanczos(NamedTuple):
    """A search for the softest direction: the rigid motions that are left out, and its iterations."""

    rigid: int
    iterations: int


class Climb(NamedTuple):
    """A climb to a saddle: rigid motions left out, when it stops, how far an atom may move in a step."""

    rigid: int
    tolerance: float
    limit: int
    cap: float


class Sphere(NamedTuple):
    """Where valleys are searched: center (atoms, 3), radius, rigid motions left out."""

    center: np.ndarray
    radius: float
    rigid: int


class Langevin(NamedTuple):
    """Dynamics in a bath whose temperature goes from `start` to `end`: masses (atoms,), time step, friction."""

    masses: np.ndarray
    step: float
    friction: float
    start: float
    end: float


class Segments(NamedTuple):
    """Pieces of `length` time steps, a quench after each; filled are minima, energies and largest forces."""

    length: int
    tolerance: float
    limit: int
    minima: np.ndarray
    energies: np.ndarray
    worst: np.ndarray
