"""Acoustic and noise functions beside the table of observables: what cannot be meant ends in one sentence."""

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.observables.noise import qubit_relaxation, sample_qubit_rates
from glasstunnel.observables.spectroscopy import rate_density, vertex
from glasstunnel.studies.phonon_scattering import conductivity_spread, with_potential
from glasstunnel.systems.anomalous.strain import acoustic_bound, density_of_dipoles
from glasstunnel.systems.response.acoustic import mode_weights

SILICA = gt.published("vitreous silica")
OXIDE = gt.TwoLevelSystems(1e20, 1e-3, 100.0, dielectric_strength=1e-3, elastic_constant=1e-8)
BK7 = gt.AnomalousTunnelingSystems(1e16, 0.0159, None, 2.9e5, 3.4e5, material=gt.Material(2510.0, 5900.0, 3700.0))
QUBIT = {"T": 0.1, "frequency": 5e9, "participation": 0.1, "mass": 1e-15, "coherence_time": 1e-6}
BOUND = {"null": 1e-7, "T": 0.015, "B": 0.5, "frequency": 1e3}
DIPOLES = {"dielectric_strength": 1e-6, "dipole_moment": 3e-30, "relative_permittivity": 6.0, "mass_density": 2500.0}
READING = {"name": "loss_tangent", "value": 1e-4, "error": 1e-6, "between": (0.01, 0.08), "frequency": 1e3}
NO_NUMBERS = ("x", -1.0, np.nan, np.inf, None, [], {}, 1j)


def refused(function, **arguments):
    with pytest.raises(gt.ParameterError) as raised:
        function(**arguments)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("bad", NO_NUMBERS, ids=repr)
def test_numbers_that_are_none_are_refused(bad):
    for name in QUBIT:
        refused(qubit_relaxation, contribution=OXIDE, **QUBIT | {name: bad})
    for name in ("count", "seed"):
        refused(sample_qubit_rates, contribution=OXIDE, **QUBIT | {"count": 2, "seed": 0} | {name: bad})
    for name in ("null", "T", "frequency"):
        refused(acoustic_bound, contribution=BK7, **BOUND | {name: bad})
    for name in DIPOLES:
        if bad != []:  # an empty array is one
            refused(density_of_dipoles, **DIPOLES | {name: bad})
    refused(gt.temperature_of, contribution=OXIDE, **READING | {"between": bad})
    if bad not in (-1.0, []):
        refused(acoustic_bound, contribution=BK7, **BOUND | {"B": bad})
        refused(gt.temperature_of, contribution=OXIDE, **READING | {"value": bad})
        refused(rate_density, ratio=bad)
        refused(vertex, strain=bad, frequency=[2e9, 1e9, 2e9])
        refused(gt.relaxation_rate, contribution=OXIDE, T=0.1, B=0.0, frequency=bad)
        refused(with_potential, contribution=SILICA, potential=bad)


@pytest.mark.parametrize("mode", ["l", "Young", 1, [], {}], ids=repr)
def test_a_mode_that_is_none_is_never_taken_for_another(mode):
    refused(mode_weights, mode=mode, material=SILICA["tls"].material)
    refused(gt.sound_attenuation, glass=SILICA, T=0.1, B=0.0, frequency=1e9, mode=mode)
    refused(acoustic_bound, contribution=BK7, **BOUND | {"mode": mode})
    with pytest.raises(gt.ParameterError, match="mode"):
        SILICA["tls"].internal_friction(0.1, 0.0, 1e5, mode=mode)


def test_what_is_not_the_right_thing_is_named():
    refused(acoustic_bound, contribution="BK7", **BOUND)
    refused(conductivity_spread, glasses={}, T=0.1)
    refused(conductivity_spread, glasses=SILICA, T=0.1)
    refused(conductivity_spread, glasses={"silica": SILICA}, T=[])
    refused(gt.temperature_of, contribution=OXIDE, **READING | {"name": []})
    with pytest.raises(gt.ParameterError, match="hardly scatter"):
        sample_qubit_rates(OXIDE, **QUBIT | {"mass": 1.0}, count=1)


def test_no_temperatures_give_no_conductivities():
    assert gt.thermal_conductivity(SILICA, [], 0.0).shape == (0,)
