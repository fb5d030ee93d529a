"""The ranges of a = D0/T in which the exact theory is tabulated, and how each is read."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from glasstunnel.numerics.quadrature import legendre, panels
from glasstunnel.systems.anomalous.exact.harmonics import harmonic_means
from glasstunnel.systems.anomalous.exact.phase_means import NODES, mean_weights, phase_edges, spread_weights
from glasstunnel.systems.anomalous.exact.series import (
    AmplitudeFunctions,
    Range,
    RangeWithSlopes,
    chebyshev_functions,
    cubic_functions,
    logarithmic_functions,
)

WARM = 32.0  #: largest D0/T held as Fourier series, and of the table with a narrow spread of areas
AMPLITUDE_MAX = 2048.0  #: largest D0/T of the table
_CLOSE = 0.05  #: range of ln a below which the difference of two integrals would lose digits
_CLOSE_NODES = 6
_SIGNS = np.array([[-1.0], [1.0]])  #: by which the lower and the upper end count in an integral


@dataclass(frozen=True)
class Panel:
    """A range of a = D0/T. In the first the series runs in a and carries the factor a^3 of small a, else in ln a.

    wave_step : grid of the splines of `exact.waves`; 0 where the functions of the phase are too narrow for them.
    """

    low: float
    high: float
    wave_step: float = 0.0

    @property
    def interval(self):
        low, high = self.coordinate(self.low), self.coordinate(self.high)
        margin = 0.02 * (high - low)
        return low - (margin if self.low else 0.0), high + margin

    @property
    def logarithms(self):
        """The ends of the panel in ln a: each a belongs to one panel, the largest to the last."""
        last = self.high == AMPLITUDE_MAX
        return math.log(self.low) if self.low else -math.inf, math.inf if last else math.log(self.high)

    @cached_property
    def phase_edges(self):
        """Of the panels on [0, pi] that hold the functions of the phase; None where Fourier series do."""
        return phase_edges(self.high) if self.low >= WARM else None

    def phase_weight(self):
        """What R is multiplied by in the table, (nodes,), so that small and large phases weigh alike."""
        return np.hypot(panels(phase_edges(self.high), NODES)[0], 1.0 / self.high)

    def coordinate(self, amplitude):
        """The variable of the Chebyshev series at a."""
        return np.log(amplitude) if self.low else amplitude

    def amplitude(self, coordinate):
        """a at the variable of the series."""
        return np.exp(coordinate) if self.low else coordinate

    def scale(self, amplitude):
        """What the series is to be multiplied by."""
        return amplitude**3 if self.low == 0.0 else 1.0 + 0.0 * amplitude

    def functions(self, order) -> AmplitudeFunctions:
        """What the Chebyshev functions of the panel become at an end and over a range."""
        return (logarithmic_functions if self.low else cubic_functions)(self.interval, order)

    def axis(self, ends, functions: AmplitudeFunctions, falls, slopes) -> RangeWithSlopes:
        """`RangeWithSlopes` of (order, n) arrays, the `functions` of the panel between ln a (2, n), zero where the
        range does not meet the panel. falls, slopes : as in `Series.axis`."""
        start, stop = self.logarithms
        places = np.minimum(np.maximum(ends, start), stop)
        at = self._at(places, len(functions.integral))
        integral = functions.integral.T @ (at[:, 1] - at[:, 0])
        close = ends[1] - ends[0] < _CLOSE
        if close.any():
            integral = np.where(close, self._close_integral(places, len(integral)), integral)
        if not (falls or slopes):
            return RangeWithSlopes(Range(integral, None))
        inside = (ends >= start) & (ends < stop)
        at *= inside * _SIGNS  # beyond the panel nothing depends on an end
        value = Range(integral, -at[:-1].sum(axis=1) if falls else None)
        if not slopes:
            return RangeWithSlopes(value)
        by_ends = (Range(at[:-1, end], -functions.slope.T @ at[:, end] if falls else None) if inside[end].any()
                   else None for end in (0, 1))  # fmt: skip
        return RangeWithSlopes(value, *by_ends)

    def _at(self, end, count):
        """The first `count` Chebyshev polynomials at ln a, times the scale: (count, ...)."""
        if self.low:
            return chebyshev_functions(end, self.interval, count)
        amplitude = np.exp(end)
        return chebyshev_functions(amplitude, self.interval, count) * (amplitude * amplitude * amplitude)

    def _close_integral(self, ends, order):
        """Between ends so close that the difference of two integrals loses digits: from nodes in between."""
        low, high = ends
        nodes, weights = legendre(_CLOSE_NODES)
        return sum((high - low) * weight * self._at(low + (high - low) * node, order)
                   for node, weight in zip(nodes, weights, strict=True))  # fmt: skip

    def means(self, matrix, quantity, b, spread, slopes):
        """Means over directions and areas of the functions of the phase, (points, functions) each, in a list.

        matrix : (functions, harmonics or nodes). With `slopes` also the derivatives by ln b and by `spread`.
        """
        if self.phase_edges is None:
            means = harmonic_means(quantity, matrix.shape[1], b, spread, slopes)
        else:
            means = (spread_weights(quantity, self.phase_edges, b, spread, slopes) if spread
                     else mean_weights(quantity, self.phase_edges, b, slopes))  # fmt: skip
        return [part @ matrix.T for part in means]


PANELS = (
    Panel(0.0, 1.0, 0.07), Panel(1.0, 4.0, 0.03), Panel(4.0, 16.0, 0.01), Panel(16.0, WARM, 0.005),
    Panel(WARM, 128.0), Panel(128.0, 512.0), Panel(512.0, AMPLITUDE_MAX),
)  # fmt: skip
