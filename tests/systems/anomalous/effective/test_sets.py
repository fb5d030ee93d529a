"""Many parameter sets at once: the numbers of one set after the other, and NaN where a set is refused."""

import dataclasses

import numpy as np
import pytest

from glasstunnel import AnomalousTunnelingSystems
from glasstunnel.systems.anomalous.effective import sets, thermodynamics

SYSTEM = AnomalousTunnelingSystems(1.4e19, 0.0599, None, 8.87e4, 1.2e5, activation_energy=0.48, theory="effective")
T = np.tile(np.geomspace(0.05, 300.0, 12), 4)
B = np.repeat([0.0, -0.1, 1.0, 6.5], 12)
VALUES = {
    "density": np.array([1e19, 2e19, 3e18, 1e19, 1e19]), "asymmetry_min": np.array([0.05, 0.1, 0.3, 0.01, 0.06]),
    "amplitude_area_min": np.array([8e4, 5e4, 1.19e5, 1e4, 8e4]),
    "amplitude_area_max": np.array([1e5, 9e4, 1.2e5, 3e5, 9e4]),
    "activation_energy": np.array([0.0, 0.3, 0.5, 0.1, 0.4]),
    "reference_temperature": np.array([1.0, 1.3, 2.0, 1.26, 5.0]),
}  # fmt: skip


def one_by_one(system, values, observable="magnetization"):
    count = len(next(iter(values.values())))
    parts = [dataclasses.replace(system, **{name: float(x[k]) for name, x in values.items()}) for k in range(count)]
    return np.array([getattr(part, observable)(T, B) for part in parts])


@pytest.mark.parametrize(
    "options", [{}, {"orientation": "rms", "prefactor": "printed"}, {"asymmetry_max": 4.0}, {"flux_field": 2.0}]
)
@pytest.mark.parametrize("observable", ["magnetization", "entropy", "heat_capacity"])
def test_sets_at_once_agree_with_one_after_the_other(options, observable):
    system = dataclasses.replace(SYSTEM, **options)
    assert sets.over_sets(system, observable, VALUES, T, B)[1].all()
    expected = one_by_one(system, VALUES, observable)
    found = system.over_sets(observable, VALUES, T, B)
    # S and C are sums over nodes, of which the widest range among the sets at once decides the number
    tolerance = 1e-12 if observable == "magnetization" else 1e-10
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance * np.abs(expected).max())


@pytest.mark.parametrize("options", [{}, {"orientation": "rms"}, {"asymmetry_max": 4.0}, {"activation_energy": 0.0}])
@pytest.mark.parametrize("observable", ["magnetization", "entropy", "heat_capacity"])
def test_a_plain_system_in_one_go_is_the_sum_over_its_groups(options, observable):
    """With the slopes, and at more points than one pass takes."""
    system = dataclasses.replace(SYSTEM, **options)
    names = ["density", "asymmetry_min", "amplitude_area_min", "amplitude_area_max", "activation_energy"]
    temperatures, fields = np.tile(np.geomspace(0.05, 300.0, 150), 4), np.repeat([0.0, -0.1, 1.0, 6.5], 150)
    value, slopes = system.derivatives(observable, temperatures, fields, names)
    form = thermodynamics._FORMS[observable]
    expected, *each = thermodynamics._value_and_slopes(system, form.slopes, temperatures, fields, names)
    np.testing.assert_allclose(getattr(system, observable)(temperatures, fields), expected, rtol=1e-10)
    np.testing.assert_allclose(value, expected, rtol=1e-10)
    for name, slope in zip(names, each, strict=True):
        np.testing.assert_allclose(slopes[name], slope, rtol=1e-9, atol=1e-10 * np.abs(slope).max())


@pytest.mark.parametrize(
    "options", [{"cutoff_law": "surface", "surface_growth": 1e-6}, {"area_spread": 0.3},
                {"higher_field": True, "flux_field": 30.0}]
)  # fmt: skip
def test_what_has_no_closed_way_goes_one_after_the_other(options):
    system = dataclasses.replace(SYSTEM, **options)
    values = {"density": VALUES["density"][:2], "asymmetry_min": VALUES["asymmetry_min"][:2]}
    np.testing.assert_allclose(
        system.over_sets("magnetization", values, T, B), one_by_one(system, values), rtol=1e-12
    )


@pytest.mark.parametrize(
    "name, number", [("density", -1.0), ("asymmetry_min", 0.0), ("amplitude_area_min", 2e5), ("density", np.nan),
                     ("activation_energy", 1e4), ("asymmetry_max", 0.01)]
)  # fmt: skip
def test_a_refused_set_is_nan_for_itself_alone(name, number):
    values = {key: np.array([getattr(SYSTEM, key)] * 3) for key in ("density", "activation_energy")}
    values[name] = np.array([getattr(SYSTEM, name)] * 3)
    if name == "asymmetry_max":
        values[name][:] = 5.0
    values[name][1] = number
    found = SYSTEM.over_sets("magnetization", values, T, B)
    assert np.isnan(found[1]).all()
    assert np.isfinite(found[[0, 2]]).all()


def test_other_observables_go_one_after_the_other():
    values = {"asymmetry_min": np.array([0.05, -1.0])}
    found = SYSTEM.over_sets("free_energy", values, T, B)
    np.testing.assert_array_equal(found[0], dataclasses.replace(SYSTEM, asymmetry_min=0.05).free_energy(T, B))
    assert np.isnan(found[1]).all()
