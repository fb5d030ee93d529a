"""Series in the logarithms of D/T and D0/T, integrated over the ranges between the cutoffs and differentiated by them.

An integral over a logarithm acts on the functions of the series, not on the data. What a table stores as Chebyshev
series is read as polynomials on equal cells, which cost a few products a place instead of as many cosines as terms.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial import chebyshev

from glasstunnel.numerics.piecewise import PiecewisePolynomials
from glasstunnel.numerics.quadrature import legendre

_CELL, _TERMS = 0.15, 10  #: of the polynomials that stand for a Chebyshev series, to 1e-13 of its largest value
_FAR = 300.0  #: beyond an edge by this, in a logarithm, nothing is left


class Range(NamedTuple):
    """Functions integrated over a range of ln p or ln a, and their fall from its lower to its upper end."""

    integral: Any
    fall: Any


class RangeWithSlopes(NamedTuple):
    """A `Range` and its derivatives by the logarithms of its two ends; None where not asked for, or zero."""

    value: Range
    by_low: Range | None = None
    by_high: Range | None = None


@dataclass(frozen=True)
class Series:
    """Chebyshev series in a logarithm, (order, functions); power laws go on from `edges`.

    low : below, f = f(edge) + const * (exp(low * d) - 1).  high : above, f = f(edge) * exp(-high * d), with `logarithm`
    times (1 + const * d): the force at D >> D0 falls as ln(D)/D^2.
    """

    coefficients: np.ndarray
    interval: tuple[float, float]
    edges: tuple[float, float]
    low: float
    high: float
    logarithm: bool = False

    @cached_property
    def polynomials(self) -> PiecewisePolynomials:
        """The series between its edges."""

        def functions(x):
            return chebyshev_functions(x, self.interval, len(self.coefficients)).T @ self.coefficients

        return PiecewisePolynomials.through(functions, *self.edges, _CELL, _TERMS)

    def axis(self, low: np.ndarray, high: np.ndarray, falls: bool, slopes: bool) -> RangeWithSlopes:
        """`RangeWithSlopes` of (n, functions) arrays between the logarithms `low` and `high` (n,).

        falls : whether the differences between the ends are asked for; slopes : whether the derivatives are.
        """
        orders = 1 + falls + slopes
        beyond = high.min() - self.edges[1] > _FAR
        lower, upper = self._at(low, orders), self._at_infinity if beyond else self._at(high, orders)
        value = Range(upper[0] - lower[0], lower[1] - upper[1] if falls else None)
        if not slopes:
            return RangeWithSlopes(value)
        by_low = Range(-lower[1], lower[2] if falls else None)
        return RangeWithSlopes(value, by_low, None if beyond else Range(upper[1], -upper[2] if falls else None))

    @cached_property
    def _at_infinity(self):
        """`_at` without an upper cutoff, (1, functions) each."""
        return self._at(np.array([self.edges[1] + 2.0 * _FAR]), 3)

    def _at(self, ends, orders):
        """The first `orders` of integral, value and slope at `ends`, (n, functions) each."""
        inside = np.minimum(np.maximum(ends, self.edges[0]), self.edges[1])
        if np.array_equal(inside, ends):
            return self.polynomials.at(ends, orders)
        below = np.minimum(ends - self.edges[0], 0.0)[:, None]
        above = np.clip(ends - self.edges[1], 0.0, _FAR)[:, None]
        # Beyond an edge the polynomials stay at the edge: there `values` and `slope` are those of the edge.
        integral, values, slope = self.polynomials.at(inside, 3)
        growth, decay = np.expm1(self.low * below), np.exp(-self.high * above)
        bend = slope / self.low
        integral = integral + values * (below + (1.0 - decay) / self.high) + bend * (growth / self.low - below)
        extra = slope + self.high * values if self.logarithm else 0.0
        integral = integral + extra * (1.0 - decay * (1.0 + self.high * above)) / self.high**2
        slope = np.where(above > 0.0, (extra - self.high * (values + extra * above)) * decay, slope * (growth + 1.0))
        return [integral, (values + extra * above + bend * growth) * decay, slope][:orders]


def chebyshev_functions(x, interval, order):
    """Chebyshev polynomials of the first kind on `interval` at x: (order, ...).

    By T(m + n) = 2 T(m) T(n) - T(m - n), twice as many at a time.
    """
    low, high = interval
    total = np.empty((order, *np.shape(x)))
    total[0], total[1] = 1.0, (2.0 * x - (low + high)) / (high - low)
    known = 2
    while known < order:
        last = known - 1
        more = min(last, order - known)
        part = total[known : known + more]
        np.multiply(total[1 : 1 + more], total[last], out=part)
        part *= 2.0
        part -= total[last - 1 :: -1][:more]
        known += more
    return total


class AmplitudeFunctions(NamedTuple):
    """Matrices (order + 1, order) from Chebyshev polynomials at an end of a panel to what its functions are there.

    integral : over ln a, from the lower end of the panel; slope : by ln a. All times `scale` of the panel; the
    functions themselves are the polynomials but the last.
    """

    integral: np.ndarray
    slope: np.ndarray


def logarithmic_functions(interval, order):
    """`AmplitudeFunctions` of Chebyshev polynomials in ln a."""
    half = 0.5 * (interval[1] - interval[0])
    unit = np.eye(order)
    slope = np.vstack([chebyshev.chebder(unit), np.zeros((2, order))]) / half
    return AmplitudeFunctions(half * chebyshev.chebint(unit), slope)


def cubic_functions(interval, order):
    """`AmplitudeFunctions` of a^3 times Chebyshev polynomials in a, the factor a^3 left out.

    The integral of a^2 T(a) da is a^3 times a polynomial too: the differences of small a keep their digits.
    """
    nodes = np.cos((np.arange(order + 1) + 0.5) * math.pi / (order + 1))
    low, high = interval
    a = 0.5 * (low + high) + 0.5 * (high - low) * nodes
    inverse = np.linalg.inv(chebyshev.chebvander(nodes, order))
    share, weight = legendre(order // 2 + 3)
    inside = chebyshev_functions(share * a[:, None], interval, order)
    integral = np.einsum("kjs,s->jk", inside, weight * share**2)
    slope = 2.0 / (high - low) * np.vstack([chebyshev.chebder(np.eye(order)), np.zeros((1, order))])
    value = chebyshev.chebvander(nodes, order - 1)
    slope = 3.0 * value + a[:, None] * (value @ slope)
    return AmplitudeFunctions(inverse @ integral, inverse @ slope)
