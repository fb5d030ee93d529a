"""A spline over two logarithms and its slopes, against the function it runs through."""

import numpy as np

from glasstunnel.numerics.log_spline import Axis, LogSpline

AXES = Axis(-1.0, 1.0, 0.05), Axis(0.0, 2.0, 0.1)
X, Y = np.meshgrid(AXES[0].grid(), AXES[1].grid(), indexing="ij")
SPLINE = LogSpline.through(np.sin(2.0 * X) * np.exp(Y), *AXES)
POINTS = np.array([-0.93, 0.12, 0.71]), np.array([0, 2, 1, 2]), np.array([0.03, 1.97, 1.1, 0.52])


def test_values_and_both_slopes_are_those_of_the_function():
    x, index, y = POINTS
    at = x[index]
    value, by_first, by_second = SPLINE.values_and_slopes(x, index, y)
    np.testing.assert_allclose(value, np.sin(2.0 * at) * np.exp(y), atol=2e-6)
    np.testing.assert_allclose(by_first, 2.0 * np.cos(2.0 * at) * np.exp(y), atol=2e-4)
    np.testing.assert_allclose(by_second, np.sin(2.0 * at) * np.exp(y), atol=2e-4)
    np.testing.assert_array_equal(SPLINE.values(x, index, y), value)


def test_no_points_give_no_values():
    none = np.zeros(0)
    assert SPLINE.values(none, none.astype(int), none).shape == (0,)
