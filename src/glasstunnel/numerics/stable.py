"""Elementary functions written so that nothing overflows and nothing cancels."""

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.numerics.arrays import Real


def sech_squared(x: Real) -> Real:
    """1/cosh(x)^2 for any real x; zero where it underflows.

    >>> float(sech_squared(1000.0))
    0.0
    """
    decay = np.exp(-2.0 * np.abs(x))
    return 4.0 * decay / (1.0 + decay) ** 2


def arctanh_remainder(z: ArrayLike, complement: ArrayLike) -> np.ndarray:
    """(arctanh(z) - z)/z^3, real or complex; 1/3 at z = 0, by its series below |z| = 0.1.

    `complement` is 1 - z^2, given apart because it is often known better than z. With z = i w it serves the arc
    tangent too: arctan(w) = w - w^3 arctanh_remainder(1j w, 1 + w^2).

    >>> round(float(arctanh_remainder(1e-9, 1.0)), 12)
    0.333333333333
    """
    z = np.asarray(z)
    small = np.abs(z) < 0.1
    square = np.where(small, z, 0.0) ** 2
    series = 1.0 / 17.0
    for denominator in (15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0):
        series = 1.0 / denominator + square * series
    large = np.where(small, 0.5, z)
    logarithm = 0.5 * np.log((1.0 + large) ** 2 / np.where(small, 0.75, complement))
    return np.where(small, series, (logarithm - large) / large**3)


def arctanh_second_remainder(z: ArrayLike, remainder: ArrayLike) -> np.ndarray:
    """(arctanh(z) - z - z^3/3)/z^5, real or complex, given `arctanh_remainder(z, 1 - z^2)`; 1/5 at z = 0.

    >>> round(float(arctanh_second_remainder(0.5, arctanh_remainder(0.5, 0.75))), 9)
    0.244463285
    """
    z, remainder = np.asarray(z), np.asarray(remainder)
    small = np.abs(z) < 0.1
    square = np.where(small, z, 0.0) ** 2
    series = 1.0 / 19.0
    for denominator in (17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0):
        series = 1.0 / denominator + square * series
    return np.where(small, series, (remainder - 1.0 / 3.0) / np.where(small, 1.0, z) ** 2)


def log_one_minus_exp(x: ArrayLike) -> np.ndarray:
    """ln(1 - exp(-x)) for x > 0, to the last digit for small and for large x.

    >>> [f"{value:.6e}" for value in log_one_minus_exp(np.array([1e-20, 50.0]))]
    ['-4.605170e+01', '-1.928750e-22']
    """
    x = np.asarray(x, float)
    small = x < 0.7
    return np.where(small, np.log(-np.expm1(-np.where(small, x, 0.5))), np.log1p(-np.exp(-np.where(small, 1.0, x))))
