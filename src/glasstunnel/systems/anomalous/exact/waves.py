"""Means over the directions of the loops as splines in b = B/B*: what a table is read with at many fields.

The functions of the phase of one panel, averaged over the direction by `exact.harmonics`, are functions of b alone. On
a grid of b they become one spline for all of them, with the power of b by which they vanish at B = 0 taken out.
"""

from dataclasses import dataclass

import numpy as np

from glasstunnel.numerics.log_spline import Axis, VectorSpline
from glasstunnel.systems.anomalous.exact.quantities import Quantity

LARGEST = 4.0 * np.pi  #: |b| up to which there is a spline


@dataclass(frozen=True)
class Waves:
    """Means of one quantity and panel: b^power times a spline in |b|."""

    spline: VectorSpline
    power: int

    @classmethod
    def through(cls, quantity: Quantity, functions: np.ndarray, step: float) -> "Waves":
        """functions : (functions, harmonics) of the panel, of which the means are taken."""
        axis = Axis(0.0, step * np.ceil(LARGEST / step), step)
        grid = axis.grid()
        half = grid[len(grid) - np.flatnonzero(grid[::-1] < -0.5 * step)[0]:]  # even in b: from b = 0 on
        values = reduced_means(quantity, functions.shape[1], half) @ functions.T
        mirrored = np.concatenate([values[1 : len(grid) - len(half) + 1][::-1], values])
        return cls(VectorSpline.through(mirrored, axis), quantity.field_power)

    def at(self, coefficients: np.ndarray, index: np.ndarray, b: np.ndarray, slope: bool) -> np.ndarray:
        """(kinds, points) means of the functions with `coefficients` (kinds, rows, functions), |b| <= `LARGEST`.

        index, b : row and B/B* of every point. With `slope` also the derivative of the first kind by ln b, last.
        """
        size = np.abs(b)
        found = self.spline.combined(coefficients, index, size, slope)
        if slope:
            found[-1] *= size
            found[-1] += self.power * found[0]
        found *= b**self.power
        return found


def reduced_means(quantity: Quantity, count: int, b: np.ndarray) -> np.ndarray:
    """Means over directions of the harmonics 1 to `count`, over b^power: (points, count); finite at b = 0."""
    m = np.arange(1, count + 1)
    return quantity.reduced_wave(m, b[:, None] * m)
