"""Polynomials on equal cells against the functions they stand for."""

import numpy as np
import pytest

from glasstunnel.numerics.piecewise import PiecewisePolynomials


def functions(x):
    return np.stack([np.sin(3.0 * x), np.exp(-x)], axis=1)


POLYNOMIALS = PiecewisePolynomials.through(functions, -1.0, 2.0, 0.17, 11)
PLACES = np.random.default_rng(2).uniform(-1.0, 2.0, 200)


@pytest.mark.parametrize("orders", [1, 2, 3])
def test_integral_value_and_slope_are_those_of_the_functions(orders):
    x = PLACES
    integral = np.stack([(np.cos(-3.0) - np.cos(3.0 * x)) / 3.0, np.exp(1.0) - np.exp(-x)], axis=1)
    slope = np.stack([3.0 * np.cos(3.0 * x), -np.exp(-x)], axis=1)
    found = POLYNOMIALS.at(x, orders)
    assert len(found) == orders
    for part, expected in zip(found, (integral, functions(x), slope), strict=False):
        np.testing.assert_allclose(part, expected, atol=1e-12)


def test_both_ends_belong_to_the_interval():
    ends = np.array([-1.0, 2.0])
    np.testing.assert_allclose(POLYNOMIALS.at(ends, 2)[1], functions(ends), atol=1e-13)
    np.testing.assert_allclose(POLYNOMIALS.at(np.array([-1.0]), 1)[0], 0.0, atol=1e-14)
