"""Slow heat: benchmark numbers, hypergeometric functions, limits with Euler's constant, explicit systems."""

import math

import mpmath
import numpy as np
import pytest
from tests.reference import reference

import glasstunnel as gt
from glasstunnel.systems.response import slow_heat

REFERENCE = reference("acoustics")
DENSITY = REFERENCE["sound"]["density"]
SILICA = gt.TwoLevelSystems(DENSITY, material=gt.Material(2200.0, 5800.0, 3800.0, 1.04, 0.65))
GAMMA = SILICA.rate_constant


@pytest.mark.parametrize(("T", "time", "expected"), REFERENCE["slow_heat"]["heat_capacities"])
def test_heat_capacity_within_a_time_has_the_benchmark_values(T, time, expected):
    assert gt.short_time_heat_capacity(SILICA, T, 0.0, time) == pytest.approx(expected, rel=1e-9)


def test_long_times_follow_the_logarithm_with_eulers_constant():
    T, time = 0.5, 1e3
    # ln(z) over ln(t T^3/gamma), averaged with the Schottky weight of u = E/2T
    ends = [0, 1, 3, 10, 40]
    of_gaps = mpmath.quad(lambda u: (u * mpmath.sech(u)) ** 2 * mpmath.log(8 * u**3 / mpmath.tanh(u)), ends)
    spread = float(of_gaps * 12 / mpmath.pi**2)
    bracket = math.log(4.0 * time * T**3 / GAMMA) + np.euler_gamma + spread
    law = math.pi**2 / 12.0 * 1.380649e-23 * DENSITY * T * bracket
    assert gt.short_time_heat_capacity(SILICA, T, 0.0, time) == pytest.approx(law, rel=1e-8)


def test_all_of_the_heat_capacity_comes_in_the_end():
    glass = gt.TwoLevelSystems(DENSITY, 1e-3, 50.0, elastic_constant=GAMMA)
    found = gt.short_time_heat_capacity(glass, np.array([0.05, 0.5]), 0.0, 1e9)
    np.testing.assert_allclose(found, gt.heat_capacity(glass, np.array([0.05, 0.5]), 0.0), rtol=1e-9)


@pytest.mark.parametrize(("start", "T", "time", "expected"), REFERENCE["slow_heat"]["heat_releases"])
def test_heat_release_has_the_benchmark_values(start, T, time, expected):
    assert gt.heat_release(SILICA, start, T, time) == pytest.approx(expected, rel=1e-9)


def test_an_unlimited_distribution_releases_heat_as_one_over_time_for_ever():
    """(pi^2/24) k_B n (T1^2 - T^2)/t, after ten years too: no lower end of the tunneling amplitudes is felt."""
    year = 3.156e7
    law = math.pi**2 / 24.0 * 1.380649e-23 * DENSITY * (1.0 - 0.01)
    for time in (1.0, year, 10.0 * year):
        assert gt.heat_release(SILICA, 1.0, 0.1, time) * time == pytest.approx(law, rel=1e-7)
    cut = gt.TwoLevelSystems(DENSITY, 1e-9, material=SILICA.material)
    assert gt.heat_release(cut, 1.0, 0.1, year) * year < 0.998 * law


def test_heat_release_of_explicit_systems():
    """A random sample of systems, each relaxing exponentially with its own time."""
    rng = np.random.default_rng(2)
    low, high, T, start, time = 1e-3, 3.0, 0.1, 0.5, 1e-4
    E = rng.uniform(low, high, 400_000)
    v = rng.uniform(0.0, np.arccosh(E / low))
    tau = GAMMA * np.tanh(E / (2 * T)) / E**3 * np.cosh(v) ** 2
    change = 0.5 * E * (np.tanh(E / (2 * T)) - np.tanh(E / (2 * start)))
    weight = np.arccosh(E / low) * (high - low)
    sample = weight * change * np.exp(-time / tau) / tau
    found = slow_heat.heat_release(T, start, time, low, high, GAMMA)
    assert abs(found - sample.mean()) < 4.0 * sample.std() / math.sqrt(sample.size)


@pytest.mark.slow
@pytest.mark.parametrize(("z", "limit"), [
    (1e-8, 4.0), (1e-3, 2.9), (0.5, 3.5), (50.0, 3.01), (200.0, 3.2), (1e5, 4.0), (1e5, 8.0), (1e9, 12.0), (3.0, 30.0),
])
def test_the_relaxed_share_is_its_integral(z, limit):
    exact = mpmath.quad(lambda v: 1 - mpmath.exp(-z / mpmath.cosh(v) ** 2), mpmath.linspace(0, limit, 30))
    assert slow_heat.relaxed(np.array([z]), np.array([limit]))[0] == pytest.approx(float(exact), rel=1e-10)
    rate = mpmath.quad(lambda v: mpmath.exp(-z / mpmath.cosh(v) ** 2) / mpmath.cosh(v) ** 2,
                       mpmath.linspace(0, limit, 30))  # fmt: skip
    assert float(slow_heat.relaxing(np.array(z), np.array(limit))) == pytest.approx(float(rate), rel=1e-9, abs=1e-30)


@pytest.mark.parametrize("z", [1e-7, 1e-3, 1.0, 30.0, 199.0, 201.0, 1e4])
def test_the_unlimited_share_is_hypergeometric(z):
    exact = z * mpmath.hyp2f2(1, 1, 1.5, 2, -z)
    assert float(slow_heat.relaxed_unlimited(np.array(z))) == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize(("T", "time", "expected"), REFERENCE["slow_heat"]["spectral_diffusion"])
def test_spectral_diffusion_has_the_benchmark_values(T, time, expected):
    found = slow_heat.spectral_diffusion(T, time, 1e-10, 1e3, REFERENCE["sound"]["rate_constant"])
    assert float(found) == pytest.approx(expected, rel=2e-9)


def test_slow_heat_needs_a_rate():
    with pytest.raises(gt.ParameterError, match="give material or elastic_constant"):
        gt.short_time_heat_capacity(gt.TwoLevelSystems(1e20), 0.1, 0.0, 1.0)
    with pytest.raises(gt.ParameterError, match="no two-level systems with a density and a relaxation rate"):
        gt.heat_release(gt.TwoLevelSystems(1e20), 1.0, 0.1, 1.0)


def test_heat_capacity_within_a_time_is_that_of_explicit_systems():
    """Systems drawn at random, each taking up 1 - exp(-t/tau) of its heat."""
    rng = np.random.default_rng(7)
    low, high, T, time, count = 1e-3, 3.0, 0.1, 1e-4, 400_000
    E = rng.uniform(low, high, count)
    v = rng.uniform(0.0, np.arccosh(E / low))
    tau = GAMMA * np.tanh(E / (2 * T)) / E**3 * np.cosh(v) ** 2
    thermal = (E / (2 * T)) ** 2 / np.cosh(np.minimum(E / (2 * T), 300.0)) ** 2
    sample = np.arccosh(E / low) * (high - low) * thermal * -np.expm1(-time / tau)
    found = slow_heat.heat_capacity(T, time, low, high, GAMMA)
    assert abs(found - sample.mean()) < 4.0 * sample.std() / math.sqrt(count)
