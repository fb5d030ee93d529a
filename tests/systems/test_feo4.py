"""[FeO4] centers against mpmath over the printed distribution, and the reference numbers of both gaps."""

import mpmath
import numpy as np
import pytest
from tests.reference import reference

from glasstunnel import FeO4Centers, ParameterError, entropy, free_energy, heat_capacity
from glasstunnel.constants import boltzmann


def mpmath_average(T, scale, gap, per_system):
    """Average of per_system(E/T) over 4 V^2/V0^3 exp(-2V/V0), E = gap V."""
    with mpmath.workdps(25):
        edges = [mpmath.mpf(x) * scale for x in ("0", "1e-3", "1e-2", "0.1", "0.5", "1", "2", "4", "8", "16", "40")]

        def integrand(V):
            return 4 * V**2 / mpmath.mpf(scale) ** 3 * mpmath.exp(-2 * V / scale) * per_system(gap * V / T)

        return float(mpmath.quad(integrand, edges))


@pytest.mark.parametrize("gap, T, value", reference("levels")["iron_oxygen_center"]["rows"])
def test_heat_capacity_per_center_has_its_reference_value(gap, T, value):
    found = heat_capacity(FeO4Centers(1.0, scale=0.42, gap=gap), T, 0.0) / boltzmann
    np.testing.assert_allclose(found, value, rtol=1e-13)


@pytest.mark.parametrize("T", [0.002, 0.05, 0.4, 10.0])
def test_observables_equal_the_mpmath_average(T):
    centers = FeO4Centers(2.0, scale=0.3)
    cases = (
        (free_energy, T, lambda x: -mpmath.log1p(mpmath.exp(-x))),
        (entropy, 1.0, lambda x: mpmath.log1p(mpmath.exp(-x)) + x / (mpmath.exp(x) + 1)),
        (heat_capacity, 1.0, lambda x: (x / 2 / mpmath.cosh(x / 2)) ** 2),
    )
    for observable, factor, per_system in cases:
        exact = 2.0 * boltzmann * factor * mpmath_average(T, 0.3, 2.5, per_system)
        np.testing.assert_allclose(observable(centers, T, 1.0), exact, rtol=1e-12)


def test_low_temperature_heat_capacity_is_cubic():
    """C = n k_B (4/V0^3) (2T/5)^3 times the integral of x^4 e^x/(e^x+1)^2, which is 7 pi^4/30."""
    T, scale = 1e-4, 0.42
    cubic = 4.0 / scale**3 * (0.4 * T) ** 3 * 7.0 * np.pi**4 / 30.0
    np.testing.assert_allclose(heat_capacity(FeO4Centers(1.0, scale), T, 0.0) / boltzmann, cubic, rtol=2e-3)


def test_the_printed_gap_is_the_corrected_one_at_twice_the_scale():
    T = np.geomspace(0.01, 5.0, 9)
    np.testing.assert_allclose(
        heat_capacity(FeO4Centers(1.0, 0.42, gap="printed"), T, 0.0),
        heat_capacity(FeO4Centers(1.0, 0.21, gap="corrected"), T, 0.0),
        rtol=1e-13,
    )


def test_an_unknown_gap_is_refused():
    with pytest.raises(ParameterError, match="gap must be one of 'corrected', 'printed'"):
        FeO4Centers(1.0, 0.42, gap="both")
