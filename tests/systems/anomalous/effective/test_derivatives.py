"""Closed derivatives of the two-level theory by its parameters against numerical ones."""

import dataclasses

import numpy as np
import pytest
from tests.derivatives import slope
from tests.systems.doublet_populations import UNIT, doublets

from glasstunnel import magnetization

NAMES = (
    "density", "asymmetry_min", "asymmetry_max", "amplitude_area_min", "amplitude_area_max", "activation_energy",
    "reference_temperature", "surface_growth",
)


@pytest.mark.parametrize("observable", ["magnetization", "heat_capacity"])
@pytest.mark.parametrize("law", ["arrhenius", "surface"])
@pytest.mark.parametrize("options", [{}, {"orientation": "rms", "prefactor": "printed", "area_spread": 0.3}])
def test_closed_derivatives_agree_with_numerical_ones(observable, law, options):
    population = doublets(
        0.7, 2.0, asymmetry_max=4.0, activation_energy=0.2, reference_temperature=0.9, cutoff_law=law,
        surface_growth=0.15 if law == "surface" else 0.0, **options,
    )
    T, B = np.array([0.3, 0.9, 4.0]), np.array([2.0, 1.0, 0.2])
    value, slopes = population.derivatives(observable, T, B, NAMES)
    np.testing.assert_allclose(value, getattr(population, observable)(T, B), rtol=1e-12)
    # Surface growth is a parameter of its own law only.
    for name in NAMES if law == "surface" else NAMES[:-1]:
        def curve(number, name=name):
            return getattr(dataclasses.replace(population, **{name: number}), observable)(T, B)

        expected = slope(curve, getattr(population, name))
        size = np.max(np.abs(value)) / (abs(getattr(population, name)) or 1.0)
        np.testing.assert_allclose(slopes[name], expected, rtol=1e-8, atol=1e-10 * size, err_msg=name)


def test_derivatives_of_the_corrected_form_come_from_differences():
    population = doublets(0.7, 2.0, higher_field=True, flux_field=3.0)
    B = np.array([0.5, 4.0])
    value, slopes = population.derivatives("magnetization", np.array(1.0), B, ["density", "flux_field"])
    np.testing.assert_allclose(slopes["density"], value / population.density, rtol=1e-13)

    def curve(number):
        return dataclasses.replace(population, flux_field=number).magnetization(np.array(1.0), B)

    np.testing.assert_allclose(slopes["flux_field"], slope(curve, 3.0), rtol=1e-6)


def test_density_slope_survives_a_density_of_zero():
    empty = doublets(0.7, 2.0, density=0.0)
    value, slopes = empty.derivatives("magnetization", np.array(1.0), np.array([0.5]), ["density"])
    assert value == 0.0
    assert slopes["density"] == pytest.approx(float(magnetization(doublets(0.7, 2.0), 1.0, 0.5)) / UNIT, rel=1e-13)
