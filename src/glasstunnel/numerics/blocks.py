"""Evaluate an array kernel block by block, so that its intermediate arrays stay in the cache."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

_KEPT = 2**20  #: numbers of 8 bytes


def keep_freed_memory() -> None:
    """Let the C library keep what small arrays give back, up to 16 MB, instead of asking for it anew each time.

    Evaluations that follow each other by the thousand spend half of their time on that otherwise. glibc raises the
    limit, 128 kB at first, to twice the largest block that was freed; elsewhere nothing happens.

    >>> keep_freed_memory()
    """
    np.empty(_KEPT)  # never touched, so that it costs microseconds


def in_blocks(kernel: Callable[..., np.ndarray], *arrays: ArrayLike, block: int = 64) -> np.ndarray:
    """kernel(*arrays) over slices of the longest axis of the broadcast shape, about `block` points at a time.

    `kernel` maps arrays that broadcast together to an array of that shape, with or without further axes in front.
    Length-one axes are not expanded, so a kernel that gains from them (a table over T and frequency) keeps its gain.
    An empty shape gives an empty array without a call.

    >>> in_blocks(lambda x, y: x + y, np.arange(3.0)[:, None], np.arange(2.0), block=2).tolist()
    [[0.0, 1.0], [1.0, 2.0], [2.0, 3.0]]
    """
    shape = np.broadcast_shapes(*(np.shape(array) for array in arrays))
    size = int(np.prod(shape))
    if size == 0:
        return np.zeros(shape)
    if size <= block:
        return kernel(*arrays)
    axis = int(np.argmax(shape))
    step = max(1, block * shape[axis] // size)
    full = [np.reshape(array, (1,) * (len(shape) - np.ndim(array)) + np.shape(array)) for array in arrays]
    pieces = [
        kernel(*(_take(array, axis, start, start + step) for array in full)) for start in range(0, shape[axis], step)
    ]
    return np.concatenate(pieces, axis=axis - len(shape))


def _take(array, axis, start, stop):
    if array.shape[axis] == 1:
        return array
    return array[(slice(None),) * axis + (slice(start, stop),)]
