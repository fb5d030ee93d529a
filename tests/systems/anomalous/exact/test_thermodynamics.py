"""The exact three-level theory against diagonalized matrices, published benchmarks, limits and thermodynamics."""

import dataclasses
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from tests.reference import reference

from glasstunnel import (
    AnomalousTunnelingSystems,
    entropy,
    entropy_change,
    free_energy,
    heat_capacity,
    magnetization,
    susceptibility,
)
from glasstunnel.constants import boltzmann, flux_phase_per_area
from glasstunnel.systems.anomalous.exact.quadrature import ReducedCutoffs, averages

FIELD = 1.0
REFERENCE = reference("three_levels")


def rings(amplitudes, asymmetries, flux_field=FIELD, density=1.0, **options):
    """Systems with D0 between `amplitudes` and D between `asymmetries`, both in kelvin."""
    areas = (amplitude / (flux_phase_per_area * flux_field) for amplitude in amplitudes)
    return AnomalousTunnelingSystems(density, *asymmetries, *areas, flux_field=flux_field, **options)


#: n A k_B for density 1: what turns reduced values into SI.
UNIT = 2.0 * math.pi * boltzmann


def test_flux_phase_per_area_is_the_constant_of_the_moments():
    assert flux_phase_per_area == pytest.approx(reference("conversions")["moments"]["phase_per_area"], rel=1e-14)


@pytest.mark.parametrize(
    "amplitudes, asymmetries, T, moments, initial, capacities", REFERENCE["populations"]["rows"]
)
def test_populations_have_the_values_of_diagonalized_matrices(amplitudes, asymmetries, T, moments, initial, capacities):
    system = rings(amplitudes, asymmetries)
    np.testing.assert_allclose(magnetization(system, T, [0.5, 1.0, 2.0, 4.0, 6.0]) / UNIT, moments, rtol=1e-11)
    np.testing.assert_allclose(susceptibility(system, T, 0.0) / UNIT, initial, rtol=1e-11)
    np.testing.assert_allclose(heat_capacity(system, T, [0.0, 0.5, 2.0]) / UNIT, capacities, rtol=5e-11)
    cutoffs = ReducedCutoffs(*np.divide((*asymmetries, *amplitudes), T))
    b = np.array([0.5, 1.0, 2.0, 4.0, 6.0])
    np.testing.assert_allclose(averages("magnetization", cutoffs, b) * T, moments, rtol=3e-12)
    np.testing.assert_allclose(averages("heat_capacity", cutoffs, np.array([0.0, 0.5, 2.0])), capacities, rtol=1e-11)


BK7 = {
    "001 T3": dict(
        density=1.352e19, asymmetry_min=0.02671, amplitude_area_min=2.717e5, amplitude_area_max=2.925e5,
        activation_energy=0.319,
    ),
    "001 T4": dict(
        density=1.34e19, asymmetry_min=0.05238, amplitude_area_min=2.107e5, amplitude_area_max=2.16e5,
        activation_energy=0.615,
    ),
}


@pytest.mark.parametrize("glass, flux_field, fields, expected", REFERENCE["glasses"]["rows"])
def test_published_glasses_have_the_magnetization_of_diagonalized_matrices(glass, flux_field, fields, expected):
    """BK7 sets of 001 Tables 3 and 4 at 4.5 K, in emu/g."""
    parameters, T = BK7[glass], 4.5
    ratio = math.exp(parameters["activation_energy"] * (1.0 / 1.26 - 1.0 / T))
    largest = parameters["amplitude_area_max"] * flux_phase_per_area * flux_field * ratio
    cutoff = 300.0 * max(T, largest) / ratio
    system = AnomalousTunnelingSystems(asymmetry_max=cutoff, flux_field=flux_field, **parameters)
    np.testing.assert_allclose(magnetization(system, T, fields), expected, rtol=1e-9)


def brute_force_magnetization(amplitudes, asymmetries, T, b):
    """M B/(n A k_B) from eigenvalues of complex 3x3 matrices: <F(b)> minus its mean over c = cos(beta).

    Integrating <c dF/dphi> by parts over c leaves only free energies, hence no derivative of any level.
    """
    def rule(edges, count):
        x, w = np.polynomial.legendre.leggauss(count)
        middle, half = 0.5 * (edges[1:] + edges[:-1]), 0.5 * np.diff(edges)
        return (middle[:, None] + half[:, None] * x).ravel(), (half[:, None] * w).ravel()

    log_d, weight_d = rule(np.linspace(*np.log(asymmetries), 4), 13)
    log_d0, weight_d0 = rule(np.log(amplitudes), 5)
    count = 40
    psi = (np.arange(count) + 0.5) * math.pi / count
    c, weight_c = rule(np.array([0.0, 1.0]), 22)
    phases, weight_phase = np.append(b * c, b), np.append(weight_c, -1.0)

    wells = np.exp(log_d)[:, None, None] * np.cos((psi[:, None] + 2.0 * math.pi * np.arange(3)) / 3.0)
    total = 0.0
    for value, weight in zip(np.exp(log_d0), weight_d0, strict=True):
        for phase, sign in zip(phases, weight_phase, strict=True):
            hop = 0.5 * math.sqrt(3.0) * value * np.exp(1j * phase / 3.0)
            ring = np.array([[0, hop, np.conj(hop)], [np.conj(hop), 0, hop], [hop, np.conj(hop), 0]])
            levels = np.linalg.eigvalsh(ring + wells[..., None, :] * np.eye(3))
            ground = levels[..., :1]
            energy = ground[..., 0] - T * np.log(np.exp((ground - levels) / T).sum(-1))
            total += sign * weight * (weight_d @ energy.mean(-1))
    return total


@pytest.mark.parametrize("seed", range(20))
def test_magnetization_equals_brute_force_diagonalization(seed):
    random = np.random.default_rng(seed)
    T = 10.0 ** random.uniform(-1.0, 1.5)
    smallest = T * 10.0 ** random.uniform(-0.7, 0.5)
    amplitudes = np.array([1.0, random.uniform(1.1, 1.7)]) * smallest
    asymmetries = T * np.array([10.0 ** random.uniform(-1.5, 0.0), random.uniform(5.0, 20.0)])
    b = random.uniform(0.3, 3.8)
    expected = brute_force_magnetization(amplitudes, asymmetries, T, b)
    found = magnetization(rings(amplitudes, asymmetries), T, b * FIELD) * b / UNIT
    assert found == pytest.approx(expected, rel=1e-9)


SYSTEM = rings((1.5, 4.0), (0.03, 300.0), flux_field=1.3, density=3e19)
WITH_SPREAD = dataclasses.replace(SYSTEM, area_spread=0.4)
#: Outside the table, hence by quadrature.
COLD = (0.11, 1.0)
SIDES = [(0.3, 0.4), (1.0, 3.0), (4.0, 7.0), (30.0, 2.0), (300.0, 1.0)]
STEPS = np.array([-4, -3, -2, -1, 1, 2, 3, 4])
WEIGHTS = np.array([1 / 280, -4 / 105, 1 / 5, -4 / 5, 4 / 5, -1 / 5, 4 / 105, -1 / 280])


def by_temperature(observable, system, T, B):
    """Derivative by central differences of eighth order."""
    step = 0.02 * T
    return observable(system, T + step * STEPS, B) @ WEIGHTS / step


def by_field(observable, system, T, B):
    step = 0.01
    return observable(system, T, B + step * STEPS) @ WEIGHTS / step


@pytest.mark.parametrize("T, B", [COLD, *SIDES])
def test_field_derivative_of_the_free_energy_is_the_magnetization(T, B):
    for system in (SYSTEM, WITH_SPREAD):
        F, M = abs(free_energy(system, T, B)), magnetization(system, T, B)
        assert -by_field(free_energy, system, T, B) == pytest.approx(M, rel=1e-8, abs=1e-11 * F)
        chi = susceptibility(system, T, B)
        assert by_field(magnetization, system, T, B) == pytest.approx(chi, rel=1e-7, abs=1e-9 * abs(M))


@pytest.mark.parametrize("T, B", SIDES)
def test_temperature_derivatives_are_entropy_and_heat_capacity(T, B):
    S, C = entropy(SYSTEM, T, B), heat_capacity(SYSTEM, T, B)
    assert -by_temperature(free_energy, SYSTEM, T, B) == pytest.approx(S, rel=1e-8)
    assert T * by_temperature(entropy, SYSTEM, T, B) == pytest.approx(C, rel=1e-7)


@pytest.mark.parametrize("T, B", SIDES)
def test_maxwell_relation(T, B):
    dS, dM = by_field(entropy, SYSTEM, T, B), by_temperature(magnetization, SYSTEM, T, B)
    assert dS == pytest.approx(dM, rel=1e-7, abs=1e-11 * entropy(SYSTEM, T, B))


def test_entropy_vanishes_with_temperature_and_heat_capacity_is_never_negative():
    assert 0.0 < entropy(SYSTEM, 2e-3, 0.7) < 1e-6 * entropy(SYSTEM, 3.0, 0.7)
    T, B = np.geomspace(0.13, 1000.0, 60)[:, None], np.linspace(0.0, 12.0, 13)
    assert (heat_capacity(SYSTEM, T, B) > 0.0).all()


def test_energies_are_even_and_magnetization_is_odd_in_the_field():
    T, B = np.geomspace(0.5, 50.0, 7)[:, None], np.linspace(0.1, 9.0, 5)
    for even in (free_energy, entropy, heat_capacity, susceptibility):
        np.testing.assert_allclose(even(SYSTEM, T, -B), even(SYSTEM, T, B), rtol=1e-14)
    np.testing.assert_array_equal(magnetization(SYSTEM, T, -B), -magnetization(SYSTEM, T, B))
    np.testing.assert_array_equal(magnetization(SYSTEM, T, 0.0), 0.0)


def test_initial_magnetization_is_susceptibility_times_field():
    T = np.array([0.3, 3.0, 30.0])
    np.testing.assert_allclose(magnetization(SYSTEM, T, 1e-7) / 1e-7, susceptibility(SYSTEM, T, 0.0), rtol=1e-12)


def first_zero(system, T):
    return brentq(lambda b: float(magnetization(system, T, b * FIELD)), 3.5, 5.5, xtol=1e-12)


def test_magnetization_changes_sign_at_the_zero_of_j1_when_hot():
    zero = brentq(lambda x: math.tan(x) - x, 4.4, 4.6)  # j1 = sin(x)/x^2 - cos(x)/x
    assert first_zero(rings((2.0, 3.0), (0.05, 100.0)), 3e3) == pytest.approx(zero, abs=1e-6)


@pytest.mark.parametrize("T, published", [(0.1, 4.645), (0.5, 4.581), (1.0, 4.524), (2.0, 4.499)])
def test_magnetization_changes_sign_where_the_symmetric_ring_does(T, published):
    """D -> 0: levels sqrt(3) D0 cos((phi + 2 pi k)/3), and M = 0 where <F(bc)> over c equals F(b).

    The published zeros are those of a population; a finite D shifts them by up to 0.04.
    """
    c, weight = np.polynomial.legendre.leggauss(60)

    def energy(phase):
        levels = math.sqrt(3.0) * np.cos((np.asarray(phase)[..., None] + 2.0 * math.pi * np.arange(3)) / 3.0)
        return -T * np.log(np.exp(-levels / T).sum(-1))

    zero = brentq(lambda b: 0.5 * weight @ energy(0.5 * b * (c + 1.0)) - energy(b), 3.5, 5.5, xtol=1e-12)
    assert first_zero(rings((1.0, 1.0001), (1e-6, 2e-6)), T) == pytest.approx(zero, abs=1e-5)
    assert zero == pytest.approx(published, abs=0.04)


def test_first_zero_in_the_ground_state():
    """T = 0, D = 0: root of 3 x cos((pi - x)/3) + 9 [sin((pi - x)/3) - sin(pi/3)], by quadrature at T = D0/300."""
    def lowering(x):
        return 3.0 * x * math.cos((math.pi - x) / 3.0) + 9.0 * (math.sin((math.pi - x) / 3.0) - math.sin(math.pi / 3.0))

    zero = brentq(lowering, 4.0, 5.5)
    assert first_zero(rings((1.0, 1.001), (1e-4, 1.2e-4)), 1.0 / 300.0) == pytest.approx(zero, abs=2e-4)


@pytest.mark.parametrize("T, ratio", [(10.0, 0.967), (30.0, 0.996), (100.0, 0.9996)])
def test_high_temperature_magnetization_falls_as_the_square(T, ratio):
    """(sqrt(3)/24)(D0max^3 - D0min^3) T^-2 [ln(T/Dmin) + 0.85618] j1(b), with the published approach to it."""
    b = 0.7
    j1 = math.sin(b) / b**2 - math.cos(b) / b
    limit = math.sqrt(3.0) / 24.0 * (27.0 - 8.0) / T**2 * (math.log(T / 0.05) + 0.85618) * j1
    found = magnetization(rings((2.0, 3.0), (0.05, math.inf)), T, b) / UNIT
    assert found / limit == pytest.approx(ratio, abs={10.0: 2.5e-3, 30.0: 5e-4, 100.0: 6e-5}[T])


def test_heat_capacity_plateau_rises_from_ln2_to_ln3():
    """Per unit of ln D0: two levels count for T << D0, all three for T >> D0."""
    span = math.log(1.001)
    cold = heat_capacity(rings((20.0, 20.02), (1e-5, math.inf)), 1.0, 0.0) / UNIT / span
    assert cold == pytest.approx(math.log(2.0), rel=5e-2)
    hot = heat_capacity(rings((1e-4, 1.001e-4), (1e-5, math.inf)), 1.0, 0.0) / UNIT / span
    assert hot == pytest.approx(math.log(3.0), rel=1e-4)


@pytest.mark.parametrize("T, ratio", [(0.1, 0.9615), (1.0, 0.6206), (2.0, 0.3874), (10.0, 0.0861)])
def test_initial_susceptibility_against_two_levels(T, ratio):
    """kT >> D, D -> 0: two levels E = D0 phi have chi = D0^2/(4T)/3 each, times [2/(2+r)][1 - (1-r) T/(3 D0_raw)]."""
    system = rings((1.0, 1.0001), (1e-7, 1.001e-7))
    two_levels = 0.5 * (1.0001**2 - 1.0) / (4.0 * T) / 3.0 * math.log(1.001)
    assert susceptibility(system, T, 0.0) / UNIT / two_levels == pytest.approx(ratio, abs=1e-4)


@pytest.mark.parametrize("T, ratio", [(0.1, 0.9526), (1.0, 0.6010), (2.0, 0.3736), (10.0, 0.0831)])
def test_initial_susceptibility_of_a_population_against_two_levels(T, ratio):
    """As before with D from 1e-6 D0 up: two levels give (D0max^2 - D0min^2)/12 times the integral of tanh(D/2T)/D^2."""
    integral = quad(lambda x: math.tanh(0.5 * math.exp(x) / T) * math.exp(-x), math.log(1e-6), 20.0, limit=200)[0]
    found = susceptibility(rings((1.0, 1.001), (1e-6, math.inf)), T, 0.0) / UNIT
    assert found / ((1.001**2 - 1.0) / 12.0 * integral) == pytest.approx(ratio, abs=1.5e-3)


def test_cooling_by_demagnetization_has_the_right_sign():
    """Low fields order the rings: entropy falls when the field is switched on, as for any paramagnet."""
    assert entropy_change(SYSTEM, 1.0, 0.0, 0.5) < 0.0


@pytest.mark.parametrize("width, T", [(0.03, 2.0), (0.4, 2.0), (1.0, 2.0), (0.4, 0.08)])
def test_spread_of_areas_equals_a_sum_over_areas(width, T):
    """A log-normal spread is the average over single areas at fixed D0, here by a fine sum over them.

    At 0.08 K that is quadrature.
    """
    B = np.array([-0.3, 0.3, 2.0, 5.0])
    g = np.linspace(-6.5, 6.5, int(100 + 2500 * width))
    density = np.exp(-0.5 * g**2) / math.sqrt(2.0 * math.pi) * (g[1] - g[0])
    areas = np.exp(width * g)
    bare = rings((1.5, 4.0), (0.03, 300.0), flux_field=1.3, density=3e19)
    for observable, power in ((magnetization, 1), (heat_capacity, 0), (free_energy, 0)):
        # A loop of area A in the field B has the phase of the median loop in A B, and A times its moment.
        single = observable(bare, T, B[:, None] * areas)
        total = single @ (density * areas**power)
        found = observable(dataclasses.replace(bare, area_spread=width), T, B)
        np.testing.assert_allclose(found, total, rtol=2e-8, atol=1e-9 * np.abs(total).max())


def test_wide_spread_of_areas_removes_the_sign_change():
    B = np.linspace(0.5, 15.0, 30)
    assert (magnetization(SYSTEM, 4.0, B) < 0.0).any()
    assert (magnetization(dataclasses.replace(SYSTEM, area_spread=1.0), 4.0, B) > 0.0).all()
