"""The record of the anomalous systems: what it accepts, what it refuses and what both theories share."""

import math

import numpy as np
import pytest

from glasstunnel import (
    AnomalousTunnelingSystems,
    ParameterError,
    heat_capacity,
    magnetization,
)
from glasstunnel.systems.parameters import parameter_table

NUMBERS = {
    "density": 2e19, "asymmetry_min": 0.05, "asymmetry_max": 200.0, "amplitude_area_min": 1e5,
    "amplitude_area_max": 1.5e5, "flux_field": 2.0,
}  # fmt: skip


def systems(**options):
    return AnomalousTunnelingSystems(**(NUMBERS | options))


@pytest.mark.parametrize(
    "options, sentence",
    [
        ({"asymmetry_min": 0.0}, "asymmetry_min must be > 0 K"),
        ({"asymmetry_min": -1.0}, "asymmetry_min must be > 0 K"),
        ({"density": -1.0}, "density must be >= 0 1/kg"),
        ({"density": math.inf}, "density must be"),
        ({"amplitude_area_min": math.nan}, r"amplitude_area_min must be > 0 K Angstrom\^2"),
        ({"amplitude_area_min": "large"}, "amplitude_area_min must be a number"),
        ({"asymmetry_max": 0.01}, "asymmetry_min must be below asymmetry_max"),
        ({"amplitude_area_max": 1e5}, "amplitude_area_min must be below amplitude_area_max"),
        ({"area_spread": 2.5}, "area_spread must be .* <= 2"),
        ({"theory": "classical"}, "theory must be one of 'exact', 'effective'"),
        ({"theory": "effective", "orientation": "mean"}, "orientation must be one of 'average', 'rms'"),
        ({"cutoff_law": "linear"}, "cutoff_law must be one of 'arrhenius', 'surface'"),
        ({"flux_field": None, "theory": "exact"}, "flux_field must be given for theory='exact'"),
        ({"flux_field": math.inf}, "flux_field must be > 0 T, got inf"),
        ({"theory": "effective", "higher_field": "no"}, "higher_field must be one of False, True"),
        ({"flux_field": None, "theory": "effective", "higher_field": True}, "must be given for higher_field=True"),
        ({"theory": "exact", "orientation": "rms"}, "options of theory='effective'"),
        ({"theory": "exact", "prefactor": "printed"}, "options of theory='effective'"),
        ({"theory": "exact", "higher_field": True}, "options of theory='effective'"),
    ],
)
def test_impossible_systems_are_refused_by_name(options, sentence):
    with pytest.raises(ParameterError, match=sentence):
        systems(**options)


def test_theory_is_exact_where_the_parameters_allow():
    assert systems().theory == "exact"
    assert systems(flux_field=None).theory == "effective"
    assert systems(orientation="rms").theory == "effective"


def test_no_upper_asymmetry_is_the_same_as_infinity():
    assert systems(asymmetry_max=None) == systems(asymmetry_max=math.inf)


def test_parameters_are_those_of_the_fits():
    table = {row.name: row for row in parameter_table(systems())}
    assert set(NUMBERS) <= set(table)
    assert [name for name, row in table.items() if row.linear] == ["density"]
    assert table["amplitude_area_min"].unit == "K Angstrom^2"


@pytest.mark.parametrize("theory", ["exact", "effective"])
def test_observables_are_proportional_to_the_density(theory):
    one, three = systems(theory=theory), systems(theory=theory, density=6e19)
    for observable in (magnetization, heat_capacity):
        np.testing.assert_allclose(observable(three, 1.0, [0.3, 2.0]), 3.0 * observable(one, 1.0, [0.3, 2.0]),
                                   rtol=1e-13)


def test_theories_meet_where_the_third_level_is_far_and_the_phase_small():
    far = {"flux_field": 1e4, "activation_energy": 0.2}
    T, B = np.array([0.3, 1.0]), np.array([0.5, 3.0])
    exact, effective = systems(**far), systems(**far, theory="effective")
    np.testing.assert_allclose(magnetization(effective, T, B), magnetization(exact, T, B), rtol=1e-3)


@pytest.mark.parametrize("theory", ["exact", "effective"])
def test_cutoffs_at_a_temperature_act_like_a_system_stated_there(theory):
    T, energy, reference = 3.0, 0.4, 1.0
    r = math.exp(energy / reference - energy / T)
    moving = systems(theory=theory, activation_energy=energy, reference_temperature=reference)
    stated = systems(
        theory=theory, asymmetry_min=0.05 * r, asymmetry_max=200.0 * r, amplitude_area_min=1e5 * r**3,
        amplitude_area_max=1.5e5 * r**3, flux_field=2.0 / r**2,
    )
    for observable in (magnetization, heat_capacity):
        np.testing.assert_allclose(observable(moving, T, 1.2), observable(stated, T, 1.2), rtol=1e-12)
