"""Splittings of mirror-symmetric chains against eigenvalues with two hundred digits."""

import math

import mpmath
import numpy as np
import pytest

from glasstunnel.numerics.tridiagonal import log_mirror_splitting


def exact(diagonal, hopping):
    """Logarithm of the distance of the two lowest levels, from the matrix itself."""
    with mpmath.workdps(200):
        n = len(diagonal)
        H = mpmath.matrix(n, n)
        for i in range(n):
            H[i, i] = mpmath.mpf(float(diagonal[i]))
        for i in range(n - 1):
            H[i, i + 1] = H[i + 1, i] = -mpmath.mpf(float(hopping[i]))
        levels = sorted(mpmath.eigsy(H, eigvals_only=True))
        return float(mpmath.log(levels[1] - levels[0]))


@pytest.mark.parametrize("size", [4, 5, 8, 9])
@pytest.mark.parametrize("height", [1.0, 30.0, 1e4])
def test_the_logarithm_of_the_splitting_equals_that_of_the_eigenvalues(size, height):
    """A barrier in the middle, wells that are not at the ends, hoppings that differ."""
    x = np.linspace(-1.0, 1.0, size)
    x = 0.5 * (x - x[::-1])  # symmetric to the last digit: anything less would split the levels more than the barrier
    diagonal = height * (x**2 - 0.5) ** 2
    links = 0.5 * (x[1:] + x[:-1])
    hopping = 0.3 + 0.2 * np.cos(3.0 * links)
    assert log_mirror_splitting(diagonal, hopping) == pytest.approx(exact(diagonal, hopping), rel=1e-11, abs=1e-11)


def test_two_sites_and_three_have_their_closed_form():
    assert log_mirror_splitting(np.zeros(2), np.array([0.7])) == pytest.approx(math.log(1.4))
    # three: E_odd = 0, E_even = d/2 - sqrt(d^2/4 + 2 t^2)
    d, t = 3.0, 0.4
    splitting = math.sqrt(d**2 / 4.0 + 2.0 * t**2) - d / 2.0
    assert log_mirror_splitting(np.array([0.0, d, 0.0]), np.array([t, t])) == pytest.approx(math.log(splitting))
