"""Two-level theory of the anomalous systems against published parameter sets, limits, sum rules and brute force."""

import dataclasses
import math

import mpmath
import numpy as np
import pytest
from tests.derivatives import slope
from tests.reference import reference
from tests.systems.doublet_populations import VARIANTS, bk7, doublets

from glasstunnel import (
    density_of_states,
    entropy,
    free_energy,
    heat_capacity,
    magnetization,
    susceptibility,
)
from glasstunnel.constants import boltzmann, flux_phase_per_area, flux_quantum

REFERENCE = reference("anomalous_doublets")


@pytest.fixture(params=VARIANTS.values(), ids=VARIANTS.keys())
def system(request):
    return doublets(0.7, 2.0, **request.param)


# --- published numbers and benchmarks by mpmath -----------------------------------------------------------------


@pytest.mark.parametrize("table, emu_per_gram", REFERENCE["magnetization"]["rms"])
def test_bk7_magnetization_at_4_5_kelvin_and_2_tesla(table, emu_per_gram):
    assert magnetization(bk7(table, orientation="rms"), 4.5, 2.0) == pytest.approx(emu_per_gram, rel=2e-10)


@pytest.mark.parametrize("table, emu_per_gram_oersted", REFERENCE["susceptibility"]["rows"])
def test_bk7_initial_susceptibility_is_that_of_eq_12_of_the_supplement(table, emu_per_gram_oersted):
    assert susceptibility(bk7(table), 4.5, 0.0) * 1e-4 == pytest.approx(emu_per_gram_oersted, rel=1e-11)


@pytest.mark.parametrize("table, flux_field, B, linear, corrected, printed", REFERENCE["magnetization"]["forms"])
def test_bk7_in_the_linear_corrected_and_printed_forms(table, flux_field, B, linear, corrected, printed):
    scale = math.exp(bk7(table).activation_energy * (1.0 / 1.26 - 1.0 / 4.5))
    largest = 300.0 * max(4.5, flux_phase_per_area * bk7(table).amplitude_area_max * flux_field * scale)
    plain = bk7(table, flux_field=flux_field, asymmetry_max=largest / scale)
    assert magnetization(plain, 4.5, B) == pytest.approx(linear, rel=1e-9)
    if corrected:  # 0: beyond the end of the quartic gap
        assert magnetization(dataclasses.replace(plain, higher_field=True), 4.5, B) == pytest.approx(
            corrected, rel=1e-8
        )
    recipe = bk7(table, flux_field=flux_field, orientation="rms", higher_field=True, prefactor="printed")
    assert magnetization(recipe, 4.5, B) == pytest.approx(printed, rel=1e-9)


@pytest.mark.parametrize("orientation, value", REFERENCE["population"]["moments"])
def test_magnetization_of_the_benchmark_population(orientation, value):
    population = doublets(1.0, 3.0, B=1.7, asymmetry_min=0.05, orientation=orientation)
    assert 1.7 * magnetization(population, 2.0, 1.7) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize("B", [0.0, 1.0])
@pytest.mark.parametrize("low, high, orientation, value", REFERENCE["population"]["heat_capacities"])
def test_heat_capacity_of_the_benchmark_population(low, high, B, orientation, value):
    value = value if B else REFERENCE["population"]["heat_capacity_without_field"]
    population = doublets(low, high, density=1.0 / boltzmann, asymmetry_min=0.5, orientation=orientation)
    assert heat_capacity(population, 0.9, B) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize("x, value", REFERENCE["susceptibility"]["integrals"])
def test_initial_susceptibility_follows_the_integral_of_tanh_over_y_squared(x, value):
    d, T, low, high = 0.2, 0.2 / (2.0 * x), 1e5, 3e5
    population = dataclasses.replace(
        doublets(1.0, 2.0), asymmetry_min=d, amplitude_area_min=low, amplitude_area_max=high
    )
    gain = (2.0 * math.pi**3 / 3.0) * (high**2 - low**2) * 1e-40 / flux_quantum**2 / (2.0 * math.pi)
    assert susceptibility(population, T, 0.0) == pytest.approx(gain * value / (2.0 * T), rel=1e-11)


def test_hot_susceptibility_is_curie_times_a_logarithm():
    constant = 12 * mpmath.log(mpmath.glaisher) - mpmath.mpf(7) / 3 * mpmath.log(2) - mpmath.euler
    population = doublets(1.0, 2.0, asymmetry_min=1e-3)
    T = np.array([10.0, 100.0])
    expected = (2.0**2 - 1.0**2) / 24.0 / T * (np.log(2.0 * T / 1e-3) + float(constant))
    np.testing.assert_allclose(susceptibility(population, T, 0.0), expected, rtol=1e-8)


def test_cold_susceptibility_is_constant():
    population = doublets(1.0, 2.0, asymmetry_min=0.5)
    assert susceptibility(population, 1e-3, 0.0) == pytest.approx((4.0 - 1.0) / (12.0 * 0.5), rel=1e-12)


# --- the mean over directions ----------------------------------------------------------------------------------


ORIENTATION = [
    (0.5, 1.0047, 1.0020), (1.0, 1.0180, 1.0210), (2.0, 1.0597, 1.1293), (3.0, 1.1035, 1.2643), (5.0, 1.1567, 1.3453),
    (10.0, 1.1673, 0.5728), (20.0, 1.1533, 0.0148), (50.0, 1.1490, 0.0), (1000.0, 1.1498, 0.0),
]


@pytest.mark.parametrize("y, of_moment, of_heat_capacity", ORIENTATION)
def test_root_mean_square_direction_errs_by_the_known_factor(y, of_moment, of_heat_capacity):
    exact = doublets(y * (1.0 - 1e-6), y * (1.0 + 1e-6), asymmetry_min=0.01)
    rms = dataclasses.replace(exact, orientation="rms")
    assert magnetization(rms, 1.0, 1.0) / magnetization(exact, 1.0, 1.0) == pytest.approx(of_moment, abs=6e-5)
    assert heat_capacity(rms, 1.0, 1.0) / heat_capacity(exact, 1.0, 1.0) == pytest.approx(of_heat_capacity, abs=6e-5)


def brute_force_lowering(T, low, high, d, d_max, direction):
    """<<T ln[2 cosh(E/2T)] - D/2>> with the integrals over ln D, ln D0 and x left to quadrature."""
    log_d, w_d = np.polynomial.legendre.leggauss(80)
    log_a, w_a = np.polynomial.legendre.leggauss(24)
    x, w_x = np.polynomial.legendre.leggauss(60)
    D = d * (d_max / d) ** (0.5 * (log_d + 1.0))[:, None, None]
    u = low * (high / low) ** (0.5 * (log_a + 1.0))[None, :, None]
    E = np.sqrt(D**2 + (u * direction(0.5 * (x + 1.0))) ** 2)
    weights = 0.125 * math.log(d_max / d) * math.log(high / low) * w_d[:, None, None] * w_a[None, :, None] * w_x
    lowering = 0.5 * (E - D) + T * np.log1p(np.exp(-E / T))
    s = E / (2.0 * T)
    return np.sum(weights * lowering), np.sum(weights * (s / np.cosh(s)) ** 2)


@pytest.mark.parametrize("T, B", [(0.2, 0.3), (0.5, 1.0), (3.0, 2.5)])
@pytest.mark.parametrize("higher_field", [False, True])
def test_free_energy_and_heat_capacity_agree_with_a_threefold_integral(T, B, higher_field):
    flux_field = 1.5
    population = doublets(0.4, 1.5, asymmetry_max=5.0, flux_field=flux_field, higher_field=higher_field)

    def direction(x):
        return x * np.sqrt(1.0 - higher_field * (x * B / flux_field) ** 2 / 27.0)

    lowering, heat = brute_force_lowering(T, 0.4 * B, 1.5 * B, 0.1, 5.0, direction)
    assert free_energy(population, T, B) == pytest.approx(-lowering, rel=1e-9)
    assert heat_capacity(population, T, B) == pytest.approx(heat, rel=1e-9)


@pytest.mark.slow
def test_averaged_magnetization_agrees_with_mpmath_far_from_every_simplification():
    T, d, low, high = 0.3, 0.004, 0.9, 2.2
    population = doublets(low, high, asymmetry_min=d)

    def per_direction(x):
        def integrand(v):
            D = mpmath.exp(v)
            ratio = mpmath.cosh(mpmath.hypot(D, high * x) / (2 * T)) / mpmath.cosh(mpmath.hypot(D, low * x) / (2 * T))
            return T * mpmath.log(ratio)

        return mpmath.quad(integrand, [mpmath.log(d), -3, 0, 3]) + tail(x)

    def tail(x):
        # above D = e^3 all doublets are in their ground state: int dlnD (E_b - E_a)/2, expanded in u/D
        D = mpmath.exp(3)
        return sum(
            mpmath.binomial(0.5, n) * ((high * x) ** (2 * n) - (low * x) ** (2 * n)) * D ** (1 - 2 * n) / (2 * n - 1)
            for n in range(1, 8)
        ) / 2

    with mpmath.workdps(18):
        expected = mpmath.quad(per_direction, [0, 0.05, 0.3, 1], maxdegree=5)
    assert magnetization(population, T, 1.0) == pytest.approx(float(expected), rel=1e-10)


# --- laws ------------------------------------------------------------------------------------------------------


def test_all_observables_are_derivatives_of_one_free_energy(system):
    T, B = np.array([0.05, 0.4, 5.0, 0.3]), np.array([0.4, 2.0, 3.0, 0.0])
    by_field = slope(lambda b: system.free_energy(T, b), B)
    by_temperature = slope(lambda t: system.free_energy(t, B), T)
    np.testing.assert_allclose(magnetization(system, T, B), -by_field, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(entropy(system, T, B), -by_temperature, rtol=1e-9)
    np.testing.assert_allclose(heat_capacity(system, T, B), T * slope(lambda t: system.entropy(t, B), T), rtol=1e-9)
    response = slope(lambda b: system.magnetization(T, b), B)
    np.testing.assert_allclose(susceptibility(system, T, B), response, rtol=1e-8)


def test_entropy_change_equals_the_integral_of_the_thermal_slope_of_the_magnetization(system):
    T, step = 0.6, 1e-4
    nodes, weights = np.polynomial.legendre.leggauss(24)
    B = 1.5 * (nodes + 1.0)
    slope = (magnetization(system, T + step, B) - magnetization(system, T - step, B)) / (2.0 * step)
    change = entropy(system, T, 3.0) - entropy(system, T, 0.0)
    assert change == pytest.approx(1.5 * np.sum(weights * slope), rel=1e-6)


def test_entropy_and_heat_capacity_vanish_with_temperature(system):
    T = np.array([1e-3, 1e-5])
    warm = entropy(system, 1.0, 0.5)
    assert np.all(entropy(system, T, 0.5) < 1e-30 * warm)
    assert np.all(heat_capacity(system, T, 0.5) < 1e-30 * warm)


def test_parity_sign_and_growth(system):
    T, B = np.array([[0.02], [0.3], [8.0]]), np.array([0.0, 1e-6, 0.1, 2.0, 7.0])
    np.testing.assert_array_equal(magnetization(system, T, -B), -magnetization(system, T, B))
    for observable in (free_energy, entropy, heat_capacity, susceptibility):
        np.testing.assert_array_equal(observable(system, T, -B), observable(system, T, B))
    assert np.all(heat_capacity(system, T, B) >= 0.0)
    assert np.all(entropy(system, T, B) >= 0.0)
    assert np.all(free_energy(system, T, B) <= 0.0)
    assert np.all(magnetization(system, T, B[1:]) > 0.0)
    assert np.all(magnetization(system, T, 0.0) == 0.0)
    assert magnetization(system, 3.0, 1e-6) * 1e6 == pytest.approx(susceptibility(system, 3.0, 0.0), rel=1e-9)


def test_heat_capacity_plateau_counts_two_levels_each():
    population = doublets(0.5, 4.0, asymmetry_min=1e-4)
    assert heat_capacity(population, 10.0, 0.0) == pytest.approx(math.log(8.0) * math.log(2.0), rel=1e-9)


def test_averaged_heat_capacity_keeps_a_tail_of_one_over_the_field():
    population = doublets(40.0, 60.0, asymmetry_min=0.2)
    values = heat_capacity(population, 0.1, np.array([1.0, 2.0, 4.0])) * np.array([1.0, 2.0, 4.0])
    np.testing.assert_allclose(values, values[0], rtol=1e-12)


def test_magnetization_does_not_saturate_but_grows_as_the_logarithm_of_the_field():
    population = doublets(1.0, 3.0, asymmetry_min=0.01)
    # T << D0 phi: per direction (1/2)[c ln(2c/d) - c + d] between a x and b x, averaged over x
    B = np.array([1e3, 1e4])
    high, low = (0.25 * (c * B * (np.log(2.0 * c * B / 0.01) - 1.5)) for c in (3.0, 1.0))
    np.testing.assert_allclose(magnetization(population, 1e-2, B), (high - low) / B, rtol=1e-5)


def test_finite_upper_asymmetry_takes_away_the_known_tail():
    whole = doublets(0.4, 1.5)
    T, largest = 0.5, 200.0
    cut = dataclasses.replace(whole, asymmetry_max=largest)
    missing = magnetization(whole, T, 1.0) - magnetization(cut, T, 1.0)
    assert missing == pytest.approx((1.5**2 - 0.4**2) / 3.0 / (4.0 * largest), rel=1e-4)


# --- density of states -----------------------------------------------------------------------------------------


def integrated(function, edges, count=60):
    """Integral over a function with square-root kinks at `edges`."""
    x, w = np.polynomial.legendre.leggauss(count)
    x, w = 0.5 * (x + 1.0), 0.5 * w
    total = 0.0
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        E = low + (high - low) * x**2 * (3.0 - 2.0 * x)
        total += (high - low) * np.sum(w * 6.0 * x * (1.0 - x) * function(E))
    return total


@pytest.mark.parametrize("variant", ["averaged", "rms", "higher field", "higher field, rms", "spread of areas"])
def test_field_moves_doublets_but_neither_makes_nor_loses_any(variant):
    options = VARIANTS[variant] | {"asymmetry_max": 3.0}
    population = doublets(0.7, 2.0, **options | {"density": 1.0 / (2.0 * math.pi)})
    B = 1.2
    mean = 1.0 - (B / 4.0) ** 2 / 45.0 if variant.startswith("higher") else 1.0
    factors = (math.sqrt(mean / 3.0), math.sqrt(1.0 - (B / 4.0) ** 2 / 27.0) if mean < 1.0 else 1.0)
    kinks = [math.hypot(d, c * B * f) for d in (0.1, 3.0) for c in (0.7, 2.0) for f in factors]
    count = integrated(lambda E: density_of_states(population, E, B), sorted([0.1, 3.0, 8.0, 40.0, *kinks]))
    assert count == pytest.approx(math.log(30.0) * math.log(2.0 / 0.7), rel=1e-5)


def test_density_of_states_without_field_is_constant_over_gap():
    population = doublets(0.7, 2.1, density=1.0, asymmetry_max=3.0)
    E = np.array([0.05, 0.11, 1.0, 2.9, 3.1])
    expected = 2.0 * math.pi * math.log(3.0) / E * [0, 1, 1, 1, 0]
    np.testing.assert_allclose(density_of_states(population, E, 0.0), expected, rtol=1e-9, atol=1e-12)


def test_heat_capacity_is_carried_by_the_density_of_states(system):
    B, T = 1.2, 0.3
    cuts = [math.hypot(0.1, c * B * f) for c in (0.7, 2.0) for f in (1.0, 0.97, 3**-0.5)]

    def heat(E):
        s = E / (2.0 * T)
        return boltzmann * density_of_states(system, E, B) * (s / np.cosh(s)) ** 2

    total = integrated(heat, [0.1, 0.15, *sorted(cuts), 6.0, 14.0])
    assert total == pytest.approx(heat_capacity(system, T, B), rel=1e-5)


def test_large_arrays_give_the_same_as_single_points():
    population = doublets(0.7, 2.0, activation_energy=0.2)
    T, B = np.linspace(0.1, 5.0, 7)[:, None], np.linspace(-3.0, 3.0, 61)
    whole = magnetization(population, T, B)
    assert whole.shape == (7, 61)
    single = [[float(magnetization(population, t, b)) for b in B[::15]] for t in T[:, 0]]
    np.testing.assert_allclose(whole[:, ::15], single, rtol=1e-9, atol=1e-15)
