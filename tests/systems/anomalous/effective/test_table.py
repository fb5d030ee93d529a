"""The table of the field response against the quadrature it was made from, and against nested quadrature."""

import dataclasses

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import qmc

from glasstunnel import AnomalousTunnelingSystems, magnetization
from glasstunnel.systems.anomalous.effective import integrals, table

SYSTEM = AnomalousTunnelingSystems(1.4e19, 0.0599, None, 8.87e4, 1.2e5, activation_energy=0.48, theory="effective")


@pytest.mark.parametrize("averaged", [True, False])
def test_table_is_the_quadrature_to_1e_9_all_over(averaged):
    places = qmc.Sobol(2, seed=7).random_base2(11)
    p, s = (np.exp(axis.low + (axis.high - axis.low) * place)
            for axis, place in zip((table.ASYMMETRY, table.FIELD_SHARE), places.T, strict=True))
    found = table.response_steps(p, np.arange(p.size), 1e-10 * s, s, averaged, slopes=True)
    y = p * s
    value, slope = integrals.field_response(y, p, np.ones_like(p), averaged)
    np.testing.assert_allclose(found.value, value, rtol=1e-9)
    np.testing.assert_allclose(found.at_high, slope, rtol=1e-8)
    edge = integrals.field_response_at_edge(y, p, np.ones_like(p), averaged)
    assert np.max(np.abs(found.by_asymmetry + edge) / value) < 1e-8


@pytest.mark.parametrize("averaged", [True, False])
def test_table_is_the_double_integral_over_asymmetry_and_direction(averaged):
    """V/T = int dlnD <ln[cosh(E/2T)/cosh(D/2T)]> by nested adaptive quadrature."""
    p, y = 0.3, 2.0

    def excess(u, D):
        E = np.hypot(D, u)
        return 0.5 * u**2 / (E + D) + np.log1p(np.exp(-E)) - np.log1p(np.exp(-D))

    def at(D):
        if not averaged:
            return excess(y, D)
        return quad(lambda x: excess(y * x, D), 0.0, 1.0, epsrel=1e-12)[0]

    expected = quad(lambda ln_d: at(np.exp(ln_d)), np.log(p), np.log(p) + 40.0, epsrel=1e-12, limit=200)[0]
    found = table.response_steps(np.array([p]), np.array([0]), np.array([1e-9]), np.array([y / p]), averaged)
    assert found.value[0] == pytest.approx(expected, rel=1e-9)


def test_where_the_table_ends_the_quadrature_goes_on():
    """The hot end, a field beyond the table, and amplitudes so close that a difference would lose digits."""
    p = np.array([1e-7, 5e-7, 1.0, 1.0])
    low, high = np.array([1e7, 1e-3, 1e3, 2.0]), np.array([2e7, 1.0, 1e8, 2.0001])
    found = table.response_steps(p, np.arange(4), low, high, True, slopes=True)
    (v_low, p_low), (v_high, p_high) = (integrals.field_response(p * s, p, np.ones(4), True) for s in (low, high))
    np.testing.assert_array_equal(found.value, v_high - v_low)
    np.testing.assert_array_equal(found.at_low, p_low)
    np.testing.assert_array_equal(found.at_high, p_high)


@pytest.mark.parametrize("averaged", [True, False])
def test_beyond_the_cold_end_of_the_table_is_the_ground_state(averaged):
    """Quadrature and, at T = 0, the integral of (E - D)/2T over dD/D in closed form."""
    p, s = (part.ravel() for part in np.meshgrid([90.0, 100.0, 300.0, 2e4], [1e-4, 0.3, 20.0, 1e4]))
    found = table.response_steps(p, np.arange(p.size), 1e-10 * s, s, averaged, slopes=True)
    value, slope = integrals.field_response(p * s, p, np.ones_like(p), averaged)
    np.testing.assert_allclose(found.value, value, rtol=1e-9)
    np.testing.assert_allclose(found.at_high, slope, rtol=1e-8)
    edge = integrals.field_response_at_edge(p * s, p, np.ones_like(p), averaged)
    assert np.max(np.abs(found.by_asymmetry + edge) / value) < 1e-8
    if not averaged:
        expected = 0.5 * p * (1.0 - np.hypot(1.0, s) + s * np.arcsinh(s))
        np.testing.assert_allclose(found.value[s > 0.1], expected[s > 0.1], rtol=1e-9)


@pytest.mark.parametrize(
    "options", [{}, {"orientation": "rms"}, {"asymmetry_max": 40.0}, {"amplitude_area_min": 1.19e5, "area_spread": 0.3}]
)
def test_magnetization_is_continuous_across_the_ends_of_the_table(options):
    """One curve through p = 99 (cold), on a grid as fine as the error that would show."""
    system = dataclasses.replace(SYSTEM, activation_energy=0.0, **options)
    T = system.asymmetry_min / np.linspace(97.0, 101.0, 41)
    logarithm = np.log(magnetization(system, T, 0.5))
    assert np.max(np.abs(np.diff(logarithm, 2))) < 1e-5
    assert np.max(np.abs(np.diff(logarithm, 3))) < 3e-8


@pytest.mark.parametrize("T", [np.geomspace(0.05, 60.0, 30), np.repeat(np.geomspace(0.05, 60.0, 15), 2)])
@pytest.mark.parametrize("asymmetry_max", [None, 40.0])
@pytest.mark.parametrize("field", [0.0, -2.0, 1e7])
def test_a_curve_at_one_field_is_the_curve_of_as_many_fields_that_are_the_same(T, asymmetry_max, field):
    """One number for all points and an array of it, inside of the table and beyond, with the slopes."""
    system = dataclasses.replace(SYSTEM, activation_energy=0.0, asymmetry_max=asymmetry_max)
    names = ["asymmetry_min", "amplitude_area_min", "amplitude_area_max"]
    value, slopes = system.derivatives("magnetization", T, np.array(field), names)
    expected, each = system.derivatives("magnetization", T, np.full(T.shape, field), names)
    np.testing.assert_allclose(magnetization(system, T, field), expected, rtol=1e-11)
    np.testing.assert_allclose(value, expected, rtol=1e-11)
    for name in names:
        np.testing.assert_allclose(slopes[name], each[name], rtol=1e-9, atol=1e-11 * np.max(np.abs(each[name])))
