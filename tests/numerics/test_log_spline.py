"""A spline over two logarithms and its slopes, against the function it runs through."""

import numpy as np
import pytest

from glasstunnel.numerics.log_spline import Axis, LogSpline, VectorSpline

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


@pytest.mark.parametrize("index", [None, np.array([0, 2, 1, 2])])
def test_one_place_for_all_points_gives_what_each_point_gives(index):
    x, y = POINTS[0], np.array([[0.52], [1.97]])
    count = x.size if index is None else index.size
    one_each = SPLINE.values_and_slopes(x, index, np.tile(y, count))
    for found, expected in zip(SPLINE.values_and_slopes(x, index, y), one_each, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    np.testing.assert_allclose(SPLINE.values(x, index, y), one_each[0], rtol=1e-12)


def test_the_four_corners_belong_to_the_range():
    x, index = np.array([-1.0, 1.0]), np.array([0, 1])
    for y in (np.array([[0.0, 0.0], [2.0, 2.0]]), np.array([[0.0], [2.0]])):
        value, _, by_second = SPLINE.values_and_slopes(x, index, y)
        expected = np.sin(2.0 * x) * np.exp([[0.0], [2.0]])
        np.testing.assert_allclose(value, expected, atol=1e-5)
        np.testing.assert_allclose(by_second, expected, atol=1e-3)


def test_no_points_give_no_values():
    none = np.zeros(0)
    assert SPLINE.values(none, None, np.ones((2, 1))).shape == (2, 0)
    assert SPLINE.values(none, none.astype(int), none).shape == (0,)


def test_mixtures_of_several_functions_of_one_variable():
    axis = Axis(0.0, 2.0, 0.04)
    x = axis.grid()
    spline = VectorSpline.through(np.stack([np.sin(x), np.exp(x)], axis=1), axis)
    places, index = np.array([0.0, 0.31, 1.99, 2.0]), np.array([0, 1, 0, 1])
    mixtures = np.array([[[1.0, 0.0], [0.0, 2.0]], [[3.0, 1.0], [1.0, 1.0]]])
    functions = np.stack([np.sin(places), np.exp(places)])
    expected = np.einsum("knf,fn->kn", mixtures[:, index], functions)
    found = spline.combined(mixtures, index, places, slope=True)
    np.testing.assert_allclose(found[:2], expected, atol=2e-9)
    slope = np.where(index == 0, np.cos(places), 2.0 * np.exp(places))
    np.testing.assert_allclose(found[2], slope, atol=2e-7)
    assert spline.combined(mixtures, index[:0], places[:0]).shape == (2, 0)
