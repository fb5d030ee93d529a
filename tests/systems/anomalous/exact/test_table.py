"""The scale-free table against direct quadrature, and its derivatives against automatic and finite differences."""

import dataclasses
import math

import numpy as np
import pytest
from tests.derivatives import slope

from glasstunnel import (
    AnomalousTunnelingSystems,
    entropy,
    free_energy,
    heat_capacity,
    magnetization,
    susceptibility,
)
from glasstunnel.constants import flux_phase_per_area
from glasstunnel.observables import OBSERVABLES
from glasstunnel.systems.anomalous.exact import quadrature, table
from glasstunnel.systems.anomalous.exact.quadrature import ReducedCutoffs
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.parameters import parameter_table

REDUCED = ("free_energy", "entropy", "heat_capacity", "magnetization", "magnetic_susceptibility")
FIELDS = np.array([0.0, 1e-3, 0.3, 1.0, 2.5, 4.5, 7.0, 11.0])


def random_cutoffs(seed, smallest=1e-3, most=table.WARM):
    """Cutoffs anywhere in the table's domain."""
    random = np.random.default_rng(seed)
    largest = 10.0 ** random.uniform(np.log10(smallest), np.log10(most))
    low = 10.0 ** random.uniform(-6.0, np.log10(table.THERMAL_ASYMMETRY_MAX))
    high = np.inf if seed % 3 == 0 else max(low, table.ASYMMETRY_REACH) * 10.0 ** random.uniform(0.3, 6.0)
    return ReducedCutoffs(low, high, largest / 10.0 ** random.uniform(0.02, 1.5), largest)


def looked_up(observable, cutoffs, b):
    arrays = ReducedCutoffs(*(np.array([float(value)]) for value in cutoffs))
    assert table.covers(observable, arrays).all()
    return table.averages(observable, arrays, np.zeros(b.size, int), b)


# Each set of cutoffs is compared with seconds of quadrature.
@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 16))])
def test_table_equals_quadrature_anywhere_in_its_domain(seed):
    cutoffs = random_cutoffs(seed)
    for observable in REDUCED:
        exact = quadrature.averages(observable, cutoffs, FIELDS)
        found = looked_up(observable, cutoffs, FIELDS)
        np.testing.assert_allclose(found, exact, rtol=0.0, atol=1e-9 * np.abs(exact).max(), err_msg=observable)


@pytest.mark.parametrize("ratio", [1.02, 1.3])
@pytest.mark.parametrize("observable", REDUCED)
def test_table_keeps_its_digits_up_to_the_coldest_systems_it_covers(observable, ratio):
    """Where exp(-D_min/T) is left of the entropy, with two D0 close to each other."""
    thermal = observable in ("entropy", "heat_capacity")
    coldest = table.THERMAL_ASYMMETRY_MAX if thermal else table.ASYMMETRY_MAX
    for largest in (0.3, 30.0):
        cutoffs = ReducedCutoffs(0.999 * coldest, np.inf, largest / ratio, largest)
        exact = quadrature.averages(observable, cutoffs, FIELDS)
        found = looked_up(observable, cutoffs, FIELDS)
        np.testing.assert_allclose(found, exact, rtol=0.0, atol=1e-9 * np.abs(exact).max())


def assert_cold(cutoffs, observables):
    for observable in observables:
        exact = quadrature.averages(observable, cutoffs, FIELDS)
        found = looked_up(observable, cutoffs, FIELDS)
        np.testing.assert_allclose(found, exact, rtol=0.0, atol=1e-9 * np.abs(exact).max(), err_msg=observable)


@pytest.mark.parametrize("observable", ["free_energy", "magnetization", "heat_capacity"])
def test_cold_panels_with_a_spread_of_areas_equal_quadrature(observable):
    cutoffs, spread = ReducedCutoffs(0.02, 500.0, 25.0, 150.0), 0.3
    exact = quadrature.averages(observable, cutoffs, FIELDS, spread)
    arrays = ReducedCutoffs(*(np.array([cutoff]) for cutoff in cutoffs))
    index = np.zeros(FIELDS.size, int)
    value, *_, by_b, by_spread = table.averages(observable, arrays, index, FIELDS, spread, slopes=True)
    scale = np.abs(exact).max()
    np.testing.assert_allclose(value, exact, rtol=0.0, atol=1e-10 * scale)
    step = 1e-4
    wider, narrower = (table.averages(observable, arrays, index, FIELDS, spread + sign * step) for sign in (1.0, -1.0))
    np.testing.assert_allclose(by_spread, (wider - narrower) / (2.0 * step), rtol=0.0, atol=1e-6 * scale)
    more, less = (table.averages(observable, arrays, index, FIELDS * math.exp(sign * step), spread)
                  for sign in (1.0, -1.0))  # fmt: skip
    np.testing.assert_allclose(by_b, (more - less) / (2.0 * step), rtol=0.0, atol=1e-6 * scale)


@pytest.mark.parametrize("observable", ["magnetization", "heat_capacity"])
def test_cold_panels_equal_quadrature(observable):
    """A population from both sides of D0 = 32 T and of the joint at 128 T."""
    assert_cold(ReducedCutoffs(0.02, 500.0, 25.0, 150.0), [observable])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_cold_panels_equal_quadrature_anywhere(seed):
    """Slow: the quadrature, not the table, takes seconds here."""
    assert_cold(random_cutoffs(seed, table.WARM, table.AMPLITUDE_MAX), REDUCED)


def test_cold_derivatives_are_those_of_the_values():
    b, step = FIELDS[1:], 1e-4
    ends = [np.array([value]) for value in (0.3, 200.0, 40.0, 300.0)]

    def moved_by(sign, k):
        return ReducedCutoffs(*(end * np.exp(sign * step * (j == k)) for j, end in enumerate(ends)))

    index = np.zeros(b.size, int)
    for observable in REDUCED:
        parts = table.averages(observable, ReducedCutoffs(*ends), index, b, 0.0, slopes=True)
        for k in range(4):
            moved = [
                table.averages(observable, moved_by(sign, k), index, b)
                for sign in (1.0, -1.0)
            ]
            found = (moved[0] - moved[1]) / (2.0 * step)
            np.testing.assert_allclose(parts[1 + k], found, atol=1e-6 * np.abs(parts[0]).max())
        found = (
            table.averages(observable, ReducedCutoffs(*ends), index, b * np.exp(step))
            - table.averages(observable, ReducedCutoffs(*ends), index, b * np.exp(-step))
        ) / (2.0 * step)
        np.testing.assert_allclose(parts[5], found, atol=2e-6 * np.abs(parts[0]).max())


@pytest.mark.slow
@pytest.mark.parametrize("edge", [1.0, 4.0, 16.0])
@pytest.mark.parametrize("side", ["lower", "upper"])
def test_ends_of_the_range_may_fall_on_the_joints_of_the_panels(edge, side):
    amplitudes = (edge, 1.3 * edge) if side == "lower" else (edge / 1.3, edge)
    cutoffs = ReducedCutoffs(0.02, np.inf, *amplitudes)
    for observable in REDUCED:
        exact = quadrature.averages(observable, cutoffs, FIELDS)
        np.testing.assert_allclose(
            looked_up(observable, cutoffs, FIELDS), exact, rtol=0.0, atol=1e-10 * np.abs(exact).max()
        )


@pytest.mark.slow
def test_observables_are_continuous_where_quadrature_takes_over():
    system = AnomalousTunnelingSystems(3e19, 0.05, 200.0, 6e4, 9e4, flux_field=2.0)
    edge = 9e4 * 2.0 * flux_phase_per_area / table.AMPLITUDE_MAX
    T = edge * np.array([1.0 - 1e-9, 1.0 + 1e-9])
    for observable in (free_energy, heat_capacity, magnetization, susceptibility):
        cold, warm = observable(system, T, 1.3)
        largest = np.abs(observable(system, T[1], np.linspace(0.0, 6.0, 61))).max()
        assert abs(cold - warm) < 1e-9 * largest, observable.__name__


SYSTEM = AnomalousTunnelingSystems(
    3e19, 0.05, 800.0, 6e4, 9e4, flux_field=2.0, activation_energy=0.3, reference_temperature=1.26, area_spread=0.3
)
SURFACE = dataclasses.replace(SYSTEM, cutoff_law="surface", surface_growth=0.1, area_spread=0.0)
T, B = np.array([0.5, 1.5, 4.0, 40.0]), np.array([[0.0], [1.0], [-1.0], [6.0]])


def varied(system):
    return [row.name for row in parameter_table(system) if (getattr(system, row.name) or 0.0) > 0.0]


@pytest.mark.parametrize("system", [SYSTEM, SURFACE], ids=["arrhenius, spread", "surface"])
@pytest.mark.parametrize("observable", ["free_energy", "entropy", "heat_capacity", "magnetization", "susceptibility"])
def test_derivatives_equal_numerical_and_finite_differences(system, observable):
    method = OBSERVABLES[observable].method
    names = varied(system)
    value, slopes = system.derivatives(method, T, B, names)
    np.testing.assert_allclose(value, getattr(system, method)(T, B), rtol=1e-13)
    _, differences = Contribution.derivatives(system, method, T, B, names)

    for name in names:
        exact = slope(
            lambda number, name=name: getattr(dataclasses.replace(system, **{name: number}), method)(T, B),
            getattr(system, name), 1e-3,
        )
        size = np.abs(slopes[name]).max()
        rounding = 1e-9 * np.abs(value).max() / getattr(system, name)
        np.testing.assert_allclose(slopes[name], exact, rtol=0.0, atol=3e-7 * size + rounding, err_msg=name)
        np.testing.assert_allclose(slopes[name], differences[name], rtol=0.0, atol=1e-6 * size + rounding, err_msg=name)


def test_numerical_derivative_of_the_free_energy_is_the_magnetization():
    bare = dataclasses.replace(SYSTEM, area_spread=0.0)
    for system in (bare, SYSTEM):
        found = slope(lambda field, system=system: system.free_energy(2.0, field), B[:, 0])
        expected = system.magnetization(2.0, B[:, 0])
        np.testing.assert_allclose(-found, expected, rtol=1e-9, atol=1e-11 * abs(expected).max())


def test_derivatives_outside_the_table_are_finite_differences():
    value, slopes = SYSTEM.derivatives("magnetization", 0.05, 1.0, ["density", "asymmetry_min"])
    assert slopes["density"] == pytest.approx(value / SYSTEM.density, rel=1e-12)
    assert np.isfinite(slopes["asymmetry_min"])


@pytest.mark.parametrize("T", [0.03, 0.04, 0.19, 0.3])
def test_frozen_out_systems_keep_a_positive_heat_capacity(T):
    system = AnomalousTunnelingSystems(1e22, 2.0, 3.0, 5.06e4, 5.57e4, flux_field=1.3)
    assert heat_capacity(system, T, 0.0) > 0.0
    assert entropy(system, T, 0.0) > 0.0


def test_free_energy_of_vanishing_hopping_is_left_to_quadrature():
    # The free energy bends at D = D0, below the range of the table's zero-field part.
    cutoffs = ReducedCutoffs(1.1e-6, 0.1, 1.06e-6, 1.2e-5)
    assert not table.covers("magnetization", ReducedCutoffs(*(np.array([value]) for value in cutoffs))).any()
