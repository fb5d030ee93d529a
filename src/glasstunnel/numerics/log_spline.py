"""Quintic splines on uniform grids: of two logarithms, or several functions of one variable, and their slopes."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

_TAPS = 6
_NEIGHBORS = np.arange(_TAPS)[:, None]
_ROW_COST = 0.08  #: of one coefficient of a row against a point with its 36 coefficients, measured
_IN_CACHE = 30_000  #: numbers of mixtures on the grid at once: from more the neighbors are taken more slowly
_SHARED = 2  #: points at the same x, up to which rows are not worth while
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
_BOTH = np.vstack([_WEIGHTS, _SLOPES])
_PAIRS = (0, 0), (1, 0), (0, 1)  #: weights (0) or slopes (1) along the two axes: value, by the first, by the second


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

    @cached_property
    def _padded(self) -> np.ndarray:
        """The coefficients with one more row and column, without weight: the end of the last cell begins another."""
        return np.pad(self.coefficients, (0, 1))

    @cached_property
    def _columns(self) -> np.ndarray:
        """Six columns from each one on, seen without being copied: (columns, rows, 6)."""
        return np.lib.stride_tricks.sliding_window_view(self._padded, _TAPS, axis=1).transpose(1, 0, 2)

    @cached_property
    def _around(self) -> np.ndarray:
        """Where the 36 coefficients of a cell stand behind its first one, (6, 6, 1, 1)."""
        return (_NEIGHBORS * self._padded.shape[1] + np.arange(_TAPS))[:, :, None, None]

    def values(self, x: np.ndarray, index: np.ndarray | None, y: np.ndarray) -> np.ndarray:
        """The spline at (x[index], y): x (m,), index (n,) of the points, y (..., n); of the shape of y.

        index None : one x for every point (m = n), as it should be where all are distinct.
        y (..., 1) : the same for all points, which then cost a sixth of what they cost else.
        """
        return self._at(x, index, y, slopes=False)[0]

    def values_and_slopes(self, x: np.ndarray, index: np.ndarray | None, y: np.ndarray) -> tuple[np.ndarray, ...]:
        """`values`, and the derivatives by the first and by the second logarithm."""
        value, by_first, by_second = self._at(x, index, y, slopes=True)
        return value, by_first * (1.0 / self.first.step), by_second * (1.0 / self.second.step)

    def _at(self, x, index, y, slopes):
        """The value and, with `slopes`, the derivatives by place in a cell along the two axes."""
        points = x.size if index is None else index.size
        if not (y.size and points):
            return [np.zeros((*y.shape[:-1], points))] * 3
        cells, weights = self._cells_and_weights(x, y.ravel(), slopes)
        first, start = cells[: x.size], cells[x.size :]
        along, taps = weights[..., : x.size], weights[..., x.size :]
        if y.shape[-1] == 1:
            found = self._column_by_column(first, along, start, taps)
            found = found if index is None else [part.take(index, axis=1) for part in found]
        else:
            start, taps = start.reshape(-1, points), taps.reshape(-1, _TAPS, start.size // points, points)
            found = self._at_points(first, along, index, start, taps)
        return [part.reshape(*y.shape[:-1], points) for part in found]

    def _cells_and_weights(self, x, y, slopes):
        """Cells of x, then of y, (m + n,), and the weights of the neighbors there, (kinds, 6, m + n).

        kinds : the weights and, with `slopes`, their slopes.
        """
        places = np.concatenate((x, y))
        along, across = places[: x.size], places[x.size :]
        along -= self.first.low
        along *= 1.0 / self.first.step
        across -= self.second.low
        across *= 1.0 / self.second.step
        cells = places.astype(np.intp)
        places -= cells
        weights = (_BOTH if slopes else _WEIGHTS) @ _powers(places)
        return cells, weights.reshape(-1, _TAPS, places.size)

    def _at_points(self, first, along, index, start, taps):
        """From the coefficients around each point, or from rows of them where several points share their x."""
        if start.size > _SHARED * first.size:
            columns = _reached(start)
            if _ROW_COST * first.size * (columns.stop - columns.start) < start.size:
                index = np.arange(first.size) if index is None else index
                return self._row_by_row(first, along, index, start - columns.start, taps, columns)
        if index is None:
            return self._point_by_point(first, along, start, taps)
        return self._point_by_point(first[index], along.take(index, axis=-1), start, taps)

    def _point_by_point(self, first, along, start, taps):
        """From the 36 coefficients around each point."""
        taken = self._padded.reshape(-1).take(self._around + (first * self._padded.shape[1] + start))
        return [np.einsum("ijkn,in,jkn->kn", taken, along[i], taps[j]) for i, j in _PAIRS[: 2 * len(taps) - 1]]

    def _column_by_column(self, first, along, start, taps):
        """What is left of six columns at each y, and its slope by y, is made once for all x; then six of it a point."""
        rows = _reached(first)
        columns = self._columns[start, rows] @ taps.transpose(2, 1, 0)
        places = (_NEIGHBORS - rows.start) + first
        around = columns.transpose(2, 0, 1).take(places, axis=2)
        return [np.einsum("jn,kjn->kn", along[i], around[j]) for i, j in _PAIRS[: 2 * len(taps) - 1]]

    def _row_by_row(self, first, along, index, start, taps, columns):
        """What is left at each x for all `columns`, and its slope by x, is made once; then six of them for a point."""
        kinds = np.ascontiguousarray(along.transpose(2, 0, 1))
        # not named: what is taken here is large, and memory that is given back soon is not asked for anew every time
        rows = (kinds @ self._padded[first[:, None] + np.arange(_TAPS), columns]).reshape(-1)
        width = columns.stop - columns.start
        places = _NEIGHBORS[:, None] + (index * (width * len(along)) + start)
        around = [rows[kind * width :].take(places) for kind in range(len(along))]
        return [np.einsum("jkn,jkn->kn", around[i], taps[j]) for i, j in _PAIRS[: 2 * len(taps) - 1]]


@dataclass(frozen=True)
class VectorSpline:
    """Several functions of one variable on a uniform grid. coefficients : (functions, cells + 5).

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
        return cls(np.ascontiguousarray(_filtered(values).T), axis)

    def combined(self, mixtures: np.ndarray, index: np.ndarray, x: np.ndarray, slope=False) -> np.ndarray:
        """Mixtures of the functions at points, (kinds, n); with `slope` also the first one's derivative by x, last.

        mixtures : (kinds, rows, functions), of which the point at x (n,) takes the row `index`.
        """
        if not x.size:
            return np.zeros((len(mixtures) + slope, 0))
        start, place = self.axis.neighbors(x)
        low, width = start.min(), start.max() - start.min() + _TAPS
        coefficients, places = self.coefficients[:, low : low + width], index * width + (start - low) + _NEIGHBORS
        powers, found = _powers(place), np.empty((len(mixtures) + slope, x.size))
        weights, count = _WEIGHTS @ powers, mixtures.shape[1] * width
        some = max(1, _IN_CACHE // count)
        for first in range(0, len(mixtures), some):
            kinds = slice(first, min(first + some, len(mixtures)))
            taken = (mixtures[kinds] @ coefficients).reshape(-1, count).take(places, axis=1)
            np.einsum("tn,ktn->kn", weights, taken, out=found[kinds])
            if slope and first == 0:
                np.einsum("tn,tn->n", (_SLOPES * (1.0 / self.axis.step)) @ powers, taken[0], out=found[-1])
        return found


def _reached(cells):
    """The rows or columns of coefficients that count in any of the cells."""
    cells = cells.ravel()
    return slice(int(np.minimum.reduce(cells)), int(np.maximum.reduce(cells)) + _TAPS)


def _powers(place):
    """1, t, ... t^5: (6, n)."""
    powers = np.empty((_TAPS, place.size))
    powers[0] = 1.0
    powers[1] = place
    square = np.multiply(place, place, powers[2])
    np.multiply(powers[1:3], square, powers[3:5])
    np.multiply(square, powers[3], powers[5])
    return powers


def _filtered(values):
    """Coefficients whose spline takes the values along the first axis; the margin is cut to what the range needs."""
    from scipy.linalg import solve_banded

    bands = np.repeat(_AT_KNOTS[:, None], len(values), axis=1)
    return solve_banded((2, 2), bands, values)[_PAD - 2 : len(values) - _PAD + 2]
