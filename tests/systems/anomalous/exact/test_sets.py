"""The exact theory for many parameter sets at once: the numbers of one set after the other."""

import dataclasses

import numpy as np
import pytest

from glasstunnel import AnomalousTunnelingSystems
from glasstunnel.systems.anomalous.exact import sets

SYSTEM = AnomalousTunnelingSystems(1.4e19, 0.0599, None, 8.87e4, 1.2e5, flux_field=1.3, activation_energy=0.4)
T = np.tile(np.geomspace(0.5, 300.0, 12), 4)
B = np.repeat([0.0, -0.1, 1.0, 6.5], 12)
VALUES = {
    "density": np.array([1e19, 2e19, 3e18, 1e19]), "asymmetry_min": np.array([0.05, 0.1, 0.3, 0.01]),
    "amplitude_area_min": np.array([8e4, 5e4, 1.19e5, 1e4]), "amplitude_area_max": np.array([1e5, 9e4, 1.2e5, 3e5]),
    "flux_field": np.array([1.0, 2.0, 0.7, 1.3]), "activation_energy": np.array([0.0, 0.3, 0.5, 0.1]),
}  # fmt: skip
OBSERVABLES = ("free_energy", "entropy", "heat_capacity", "magnetization", "magnetic_susceptibility")


def sets_after_each_other(system, observable, values):
    count = len(next(iter(values.values())))
    parts = [dataclasses.replace(system, **{name: float(x[k]) for name, x in values.items()}) for k in range(count)]
    return np.array([getattr(part, observable)(T, B) for part in parts])


@pytest.mark.parametrize("observable", OBSERVABLES)
def test_sets_at_once_agree_with_one_after_the_other(observable):
    found, done = sets.over_sets(SYSTEM, observable, VALUES, T, B)
    expected = sets_after_each_other(SYSTEM, observable, VALUES)
    assert done.all()
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-10 * np.abs(expected).max())
    np.testing.assert_array_equal(SYSTEM.over_sets(observable, VALUES, T, B), found)


def test_many_sets_pass_in_several_blocks():
    many = {name: np.tile(numbers, 80) for name, numbers in VALUES.items()}
    found = SYSTEM.over_sets("magnetization", many, T, B)
    expected = np.tile(SYSTEM.over_sets("magnetization", VALUES, T, B), (80, 1))
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14 * np.abs(expected).max())


def test_a_set_beyond_the_table_is_evaluated_by_itself():
    values = {"asymmetry_min": np.array([0.05, 9.0]), "density": np.array([1e19, 1e19])}
    _, done = sets.over_sets(SYSTEM, "magnetization", values, T, B)
    assert done.tolist() == [True, False]
    found = SYSTEM.over_sets("magnetization", values, T, B)
    expected = sets_after_each_other(SYSTEM, "magnetization", values)
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-10 * np.abs(expected).max())


@pytest.mark.parametrize("options", [{"cutoff_law": "surface", "surface_growth": 1e-6}, {"area_spread": 0.3}])
def test_other_laws_and_a_spread_of_areas(options):
    system = dataclasses.replace(SYSTEM, **options)
    values = {name: VALUES[name][:2] for name in ("density", "asymmetry_min")}
    expected = sets_after_each_other(system, "magnetization", values)
    np.testing.assert_allclose(system.over_sets("magnetization", values, T, B), expected, rtol=1e-9)


def test_a_refused_set_is_nan_for_itself_alone():
    values = {"flux_field": np.array([1.0, -1.0, 1.0]), "amplitude_area_min": np.array([8e4, 8e4, 2e5])}
    found = SYSTEM.over_sets("magnetization", values, T, B)
    assert np.isnan(found[1:]).all() and np.isfinite(found[0]).all()
