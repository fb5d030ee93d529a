"""Several smooth functions of one variable as polynomials on equal cells: value, slope and integral at many places."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class PiecewisePolynomials:
    """Functions on an interval. cells : (cells, terms, functions), powers of the place in a cell, -1 to 1.

    integrals : (cells, functions), from the lower end of the interval to the middle of each cell.

    >>> waves = PiecewisePolynomials.through(lambda x: np.stack([np.sin(x), np.cos(x)], 1), 0.0, 3.0, 0.25, 10)
    >>> integral, value, slope = waves.at(np.array([2.0]), 3)
    >>> print(np.round(integral, 9), np.round(value, 9), np.round(slope, 9))
    [[1.41614684 0.90929743]] [[ 0.90929743 -0.41614684]] [[-0.41614684 -0.90929743]]
    """

    low: float
    width: float
    cells: np.ndarray
    integrals: np.ndarray

    @classmethod
    def through(
        cls, functions: Callable[[np.ndarray], np.ndarray], low: float, high: float, width: float, terms: int
    ) -> "PiecewisePolynomials":
        """Polynomials through `functions`, (n,) to (n, functions), on cells of at most `width`."""
        count = math.ceil((high - low) / width)
        width = (high - low) / count
        nodes = np.cos((np.arange(terms) + 0.5) * math.pi / terms)
        places = low + width * (np.arange(count)[:, None] + 0.5 * (1.0 + nodes))
        values = functions(places.ravel()).reshape(count, terms, -1)
        cells = np.linalg.inv(np.vander(nodes, increasing=True)) @ values
        powers = np.arange(1.0, terms + 1.0)
        lower, upper = (0.5 * width * (end**powers / powers) @ cells for end in (-1.0, 1.0))
        starts = np.concatenate([np.zeros_like(lower[:1]), np.cumsum(upper - lower, axis=0)[:-1]])
        return cls(low, width, cells, starts - lower)

    def at(self, x: np.ndarray, orders: int) -> list[np.ndarray]:
        """The first `orders` of integral from the lower end, value and slope at x (n,): each (n, functions)."""
        place = (x - self.low) / self.width
        cell = np.clip(place.astype(np.intp), 0, len(self.cells) - 1)
        u = 2.0 * (place - cell) - 1.0
        terms = self.cells.shape[1]
        powers = np.ones((len(u), terms + 1))
        np.cumprod(np.broadcast_to(u[:, None], (len(u), terms)), axis=1, out=powers[:, 1:])
        count = np.arange(1.0, terms + 1.0)
        weights = np.zeros((len(u), orders, terms))
        weights[:, 0] = powers[:, 1:] * (0.5 * self.width / count)
        if orders > 1:
            weights[:, 1] = powers[:, :-1]
        if orders > 2:
            weights[:, 2, 1:] = powers[:, :-2] * (count[:-1] * (2.0 / self.width))
        mixed = weights @ self.cells[cell]
        mixed[:, 0] += self.integrals[cell]
        return [mixed[:, order] for order in range(orders)]
