"""Intervals of parameters: the parabola of a linear fit, and what a bound near the value does to it."""

import math

import pytest
from numpy.testing import assert_allclose
from tests.inference.simulations import curie_run, weighed

from glasstunnel import Glass, LarmorDiamagnetism, MagneticIons, Uniform, fit

PATH = "larmor.susceptibility"
IONS = Glass({"larmor": LarmorDiamagnetism(4e-3), "iron": MagneticIons("Fe3+", 1e19)})
DATA = [weighed(curie_run(1, points=20, absolute=1e-4, glass=IONS), absolute=1e-4)]


def within(low, high):
    return fit(IONS, DATA, {PATH: Uniform(low, high)})


@pytest.fixture(scope="module")
def free():
    return within(0.0, 0.02)


def test_a_linear_fit_far_from_its_bounds_has_the_interval_of_its_error(free):
    value, error = free.values[PATH], free.errors[PATH]
    assert_allclose(free.interval(PATH), (value - error, value + error), rtol=1e-3)
    assert_allclose(free.interval(PATH, 0.9545), (value - 2.0 * error, value + 2.0 * error), rtol=1e-3)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_no_limit_is_claimed_where_a_bound_is_nearer_than_the_error(free, side):
    value, error = free.values[PATH], free.errors[PATH]
    bound = value + 0.5 * side * error
    lower, upper = (within(bound, 0.02) if side < 0.0 else within(0.0, bound)).interval(PATH)
    assert (lower, upper)[side > 0.0] == side * math.inf
    assert math.isfinite((lower, upper)[side < 0.0])
