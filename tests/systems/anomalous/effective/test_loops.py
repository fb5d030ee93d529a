"""Directions, areas and the higher-field correction of the two-level theory."""

import dataclasses
import math

import numpy as np
import pytest
from scipy.integrate import quad
from tests.systems.doublet_populations import doublets

from glasstunnel import ParameterError, entropy, free_energy, heat_capacity, magnetization, susceptibility


def test_printed_prefactor_doubles_the_magnetization_and_nothing_else():
    consistent = doublets(0.7, 2.0, flux_field=3.0)
    for options in ({}, {"orientation": "rms"}, {"higher_field": True}):
        one = dataclasses.replace(consistent, **options)
        two = dataclasses.replace(one, prefactor="printed")
        np.testing.assert_allclose(magnetization(two, 0.8, [0.5, 4.0]), 2.0 * magnetization(one, 0.8, [0.5, 4.0]),
                                   rtol=1e-14)
        for observable in (free_energy, entropy, heat_capacity, susceptibility):
            assert observable(two, 0.8, 0.5) == observable(one, 0.8, 0.5)


@pytest.mark.parametrize("orientation, limit", [("average", "5.196"), ("rms", "6.708")])
def test_higher_field_form_refuses_fields_at_which_its_gap_closes(orientation, limit):
    population = doublets(0.7, 2.0, flux_field=1.0, higher_field=True, orientation=orientation)
    with pytest.raises(ParameterError, match=f"holds below {limit} T.*got B = 7 T; lower B or choose theory='exact'"):
        magnetization(population, 1.0, [0.5, -7.0])
    assert np.isfinite(magnetization(population, 1.0, float(limit) - 1e-3))


def test_corrected_magnetization_changes_sign_at_4_74_radians_when_hot():
    population = doublets(1e-3, 2e-3, flux_field=1.0, higher_field=True, asymmetry_min=1e-5)
    crossing = math.sqrt(22.5)
    below, above = magnetization(population, 50.0, crossing * np.array([0.999, 1.001]))
    assert below > 0.0 > above


def test_spread_of_areas_averages_over_the_field_scale():
    narrow = doublets(0.7, 2.0)
    wide = dataclasses.replace(narrow, area_spread=0.5)
    for observable, power in ((heat_capacity, 0), (magnetization, 1), (susceptibility, 2), (free_energy, 0)):
        def integrand(g, observable=observable, power=power):
            area = math.exp(0.5 * g)
            return math.exp(-0.5 * g * g) * area**power * float(observable(narrow, 0.4, 1.5 * area))

        expected = quad(integrand, -9.0, 9.0, epsabs=0.0, epsrel=1e-11)[0] / math.sqrt(2.0 * math.pi)
        assert observable(wide, 0.4, 1.5) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("spread", [1.0, 2.0])
def test_very_wide_spread_of_areas_stays_accurate(spread):
    narrow = doublets(0.7, 2.0)
    wide = dataclasses.replace(narrow, area_spread=spread)

    def integrand(g):
        area = math.exp(spread * g)
        return math.exp(-0.5 * g * g) * area * float(magnetization(narrow, 0.4, 1.5 * area))

    expected = quad(integrand, -8.0, 12.0, epsabs=0.0, epsrel=1e-11, limit=400)[0] / math.sqrt(2.0 * math.pi)
    assert magnetization(wide, 0.4, 1.5) == pytest.approx(expected, rel=1e-8)
