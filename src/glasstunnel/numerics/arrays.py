"""Real arrays from what a person gives."""

from itertools import starmap

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.errors import ParameterError

#: A number or an array of numbers, of which arithmetic makes the same.
Real = float | np.ndarray


def real_arrays(*named: tuple[str, ArrayLike]) -> list[np.ndarray]:
    """Float arrays of (name, values) pairs.

    `ParameterError` naming what is no real number, and for shapes that do not broadcast together.

    >>> real_arrays(("T", 1), ("B", [0, 2]))[1]
    array([0., 2.])
    """
    arrays = list(starmap(_as_real, named))
    try:
        np.broadcast(*arrays)
    except ValueError:
        shapes = " and ".join(f"{name} of shape {array.shape}" for (name, _), array in zip(named, arrays, strict=True))
        raise ParameterError(f"{shapes} do not broadcast together") from None
    return arrays


def _as_real(name, values):
    try:
        array = np.asarray(values)
    except (TypeError, ValueError):  # lists of unequal length
        array = np.empty(0, dtype=object)
    if array.dtype.kind not in "iuf":
        text = repr(values)
        raise ParameterError(f"{name} must be real numbers, got {text if len(text) < 60 else text[:57] + '...'}")
    return np.asarray(array, float)
