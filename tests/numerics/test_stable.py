import pytest
from mpmath import mp

from glasstunnel.numerics.stable import arctanh_remainder, sech_squared


def test_remainder_of_the_arc_tangents_is_exact_on_both_sides_of_its_series():
    for z in (1e-3, 0.0999, 0.1001, 0.9, 0.1j, 0.05 + 0.08j, 3.0j, 2.0 + 3.0j):
        with mp.workdps(40):
            exact = complex((mp.atanh(mp.mpmathify(z)) - z) / mp.mpmathify(z) ** 3)
        assert abs(arctanh_remainder(z, 1.0 - z**2) / exact - 1.0) < 2e-13


@pytest.mark.parametrize("x", [-3.0, 0.0, 0.2, 30.0])
def test_square_of_the_hyperbolic_secant(x):
    assert abs(sech_squared(x) / float(mp.sech(x) ** 2) - 1.0) < 1e-14
