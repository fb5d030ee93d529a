import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstunnel.numerics.special import spherical_bessel


@given(st.floats(-200.0, 200.0))
def test_spherical_bessel_functions_equal_mpmath(x):
    with mpmath.workdps(40):
        z = mpmath.mpf(x)
        j0 = mpmath.sinc(z)
        j1 = (mpmath.sinc(z) - mpmath.cos(z)) / z if z else mpmath.mpf(0)
    found = spherical_bessel(x)
    assert float(found[0]) == pytest.approx(float(j0), rel=1e-14, abs=1e-15)
    assert float(found[1]) == pytest.approx(float(j1), rel=1e-14 if abs(x) < 1.0 else 0.0, abs=1e-15)


@given(st.floats(1e-100, 0.6))
def test_j1_keeps_its_relative_precision_near_zero(x):
    with mpmath.workdps(60 + 2 * int(-math.log10(x))):
        z = mpmath.mpf(x)
        exact = float((mpmath.sin(z) / z - mpmath.cos(z)) / z)
    assert float(spherical_bessel(x)[1]) == pytest.approx(exact, rel=3e-15)


def test_spherical_bessel_functions_of_zero():
    assert [float(value) for value in spherical_bessel(0.0)] == [1.0, 0.0]


def test_arrays_keep_their_shape():
    assert [part.shape for part in spherical_bessel(np.ones((2, 3)))] == [(2, 3), (2, 3)]
