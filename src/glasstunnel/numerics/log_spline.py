"""Quintic splines on uniform grids: of two logarithms, or several functions of one variable, and their slopes."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

_TAPS = 6
_NEIGHBORS = np.arange(_TAPS)[:, None]
_PAD = 30  #: grid points beyond each end, so that the end condition (its root is 0.43) does not show
_AT_KNOTS = np.array([1.0, 26.0, 66.0, 26.0, 1.0]) / 120.0
#: Row k: coefficients of 1, t, ... t^5 in the weight of the k-th of six neighbors, t the place between the middle two.
_WEIGHTS = np.array([
    [1.0, -5.0, 10.0, -10.0, 5.0, -1.0],
    [26.0, -50.0, 20.0, 20.0, -20.0, 5.0],
    [66.0, 0.0, -60.0, 0.0, 30.0, -10.0],
    [26.0, 50.0, 20.0, -20.0, -20.0, 10.0],
    [1.0, 5.0, 10.0, 10.0, 5.0, -5.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
]) / 120.0
#: The same for the derivative by t.
_SLOPES = np.hstack([_WEIGHTS[:, 1:] * np.arange(1.0, _TAPS), np.zeros((_TAPS, 1))])


class Axis(NamedTuple):
    """A uniform grid of a logarithm from `low` to `high` in steps of `step`."""

    low: float
    high: float
    step: float

    def grid(self) -> np.ndarray:
        """Where the function must be known: the range with a margin on both sides."""
        return self.low + self.step * np.arange(-_PAD, self.cells + _PAD + 1)

    @property
    def cells(self) -> int:
        return round((self.high - self.low) / self.step)

    def neighbors(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """First of the six coefficients that count at x, and x between its two knots (0 to 1)."""
        place = (x - self.low) * (1.0 / self.step)
        first = np.minimum(place.astype(np.intp), self.cells - 1)
        return first, place - first


@dataclass(frozen=True)
class LogSpline:
    """A function of two logarithms. coefficients : (cells + 5, cells + 5) of the two axes.

    >>> axes = Axis(-1.0, 1.0, 0.1), Axis(0.0, 2.0, 0.1)
    >>> x, y = np.meshgrid(axes[0].grid(), axes[1].grid(), indexing="ij")
    >>> spline = LogSpline.through(np.sin(x) * np.exp(y), *axes)
    >>> value = spline.values(np.array([0.3]), np.array([0]), np.array([1.0]))
    >>> print(f"{value[0] / np.sin(0.3) / np.exp(1.0):.7f}")
    1.0000000
    """

    coefficients: np.ndarray
    first: Axis
    second: Axis

    @classmethod
    def through(cls, values: np.ndarray, first: Axis, second: Axis) -> "LogSpline":
        """The spline through values on the two grids."""
        return cls(np.ascontiguousarray(_filtered(_filtered(values).T).T), first, second)

    def values(self, x: np.ndarray, index: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The spline at (x[index], y): x (m,) distinct values, index and y (n,) of the points; (n,)."""
        start, place = self.second.neighbors(y)
        rows, begin = self._rows(x, index, start, slopes=False)
        return np.einsum("tn,tn->n", _WEIGHTS @ _powers(place), rows[0].take(begin + _NEIGHBORS))

    def values_and_slopes(self, x: np.ndarray, index: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
        """`values`, and the derivatives by the first and by the second logarithm, (n,) each."""
        start, place = self.second.neighbors(y)
        (rows, slopes), begin = self._rows(x, index, start, slopes=True)
        powers, neighbors = _powers(place), begin + _NEIGHBORS
        weights, taken = _WEIGHTS @ powers, rows.take(neighbors)
        by_second = np.einsum("tn,tn->n", _SLOPES @ powers * (1.0 / self.second.step), taken)
        by_first = np.einsum("tn,tn->n", weights, slopes.take(neighbors))
        return np.einsum("tn,tn->n", weights, taken), by_first, by_second

    def _rows(self, x, index, start, slopes):
        """What is left at each x for every y, and its slope by x, each flat; where the six of a point begin."""
        if not start.size:
            return [np.zeros(_TAPS)] * 2, start
        first, place = self.first.neighbors(x)
        powers = _powers(place)
        low, width = start.min(), start.max() - start.min() + _TAPS
        taken = self.coefficients[first[:, None] + np.arange(_TAPS), low : low + width]
        kinds = [_WEIGHTS @ powers] + ([_SLOPES @ powers / self.first.step] if slopes else [])
        return [(weights.T[:, None] @ taken).reshape(-1) for weights in kinds], index * width + (start - low)


@dataclass(frozen=True)
class VectorSpline:
    """Several functions of one variable on a uniform grid. coefficients : (cells + 5, functions).

    >>> axis = Axis(0.0, 2.0, 0.1)
    >>> x = axis.grid()
    >>> spline = VectorSpline.through(np.stack([np.sin(x), np.exp(x)], 1), axis)
    >>> value, slope = spline.combined(np.array([[[1.0, 0.5]]]), np.array([0]), np.array([0.7]), slope=True)
    >>> print(f"{value[0]:.7f} {slope[0]:.6f} {np.sin(0.7) + 0.5 * np.exp(0.7):.7f}")
    1.6510940 1.771719 1.6510940
    """

    coefficients: np.ndarray
    axis: Axis

    @classmethod
    def through(cls, values: np.ndarray, axis: Axis) -> "VectorSpline":
        """The spline through (grid, functions) values on the grid of the axis."""
        return cls(np.ascontiguousarray(_filtered(values)), axis)

    def combined(self, mixtures: np.ndarray, index: np.ndarray, x: np.ndarray, slope=False) -> np.ndarray:
        """Mixtures of the functions at points, (kinds, n); with `slope` also the first one's derivative by x, last.

        mixtures : (kinds, rows, functions), of which the point at x (n,) takes the row `index`.
        """
        if not x.size:
            return np.zeros((len(mixtures) + slope, 0))
        start, place = self.axis.neighbors(x)
        low, width = start.min(), start.max() - start.min() + _TAPS
        rows = mixtures @ self.coefficients[low : low + width].T
        begin = index * width + (start - low)
        taken = rows.reshape(len(mixtures), -1).take(begin + _NEIGHBORS, axis=1)
        powers = _powers(place)
        values = np.einsum("tn,ktn->kn", _WEIGHTS @ powers, taken)
        if not slope:
            return values
        return np.vstack([values, np.einsum("tn,tn->n", _SLOPES @ powers / self.axis.step, taken[0])])


def _powers(place):
    """1, t, ... t^5: (6, n)."""
    powers = np.empty((_TAPS, place.size))
    powers[0] = 1.0
    for k in range(1, _TAPS):
        np.multiply(powers[k - 1], place, out=powers[k])
    return powers


def _filtered(values):
    """Coefficients whose spline takes the values along the first axis; the margin is cut to what the range needs."""
    from scipy.linalg import solve_banded

    bands = np.repeat(_AT_KNOTS[:, None], len(values), axis=1)
    return solve_banded((2, 2), bands, values)[_PAD - 2 : len(values) - _PAD + 2]
