"""Closed derivatives of the two-level theory by its parameters against numerical ones."""

import dataclasses

import numpy as np
import pytest
from scipy.integrate import quad
from tests.derivatives import slope
from tests.systems.doublet_populations import UNIT, doublets

from glasstunnel import magnetization
from glasstunnel.constants import boltzmann, flux_phase_per_area

PRECISE = {"epsabs": 1e-14, "epsrel": 1e-10, "limit": 200}
NAMES = (
    "density", "asymmetry_min", "asymmetry_max", "amplitude_area_min", "amplitude_area_max", "activation_energy",
    "reference_temperature", "surface_growth",
)


@pytest.mark.parametrize("observable", ["magnetization", "entropy", "heat_capacity"])
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


@pytest.mark.parametrize("options", [{}, {"theory": "exact", "flux_field": 3.0}])
@pytest.mark.parametrize("largest", [None, 4.0])
def test_derivatives_at_one_point_agree_with_numerical_ones(options, largest):
    population = dataclasses.replace(doublets(0.7, 2.0, asymmetry_max=largest, activation_energy=0.2), **options)
    names = [name for name in NAMES[:-1] if largest or name != "asymmetry_max"]
    value, slopes = population.derivatives("magnetization", 1.7, 1.1, names)
    assert np.shape(value) == np.shape(slopes["activation_energy"]) == ()
    for name in names:
        def curve(number, name=name):
            return dataclasses.replace(population, **{name: number}).magnetization(1.7, 1.1)

        expected = slope(curve, getattr(population, name))
        assert slopes[name] == pytest.approx(expected, rel=1e-7, abs=1e-10 * abs(float(value))), name


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


@pytest.mark.parametrize("observable", ["entropy", "heat_capacity"])
def test_slopes_of_entropy_and_heat_capacity_by_the_cutoffs_are_what_stands_at_the_edges(observable):
    """d/dln(D0max) is the mean over D and directions at D0 = D0max, d/dln(D_min) minus that over D0 at D = D_min."""
    population = doublets(0.7, 2.0)
    T, B = np.array([0.4]), np.array([1.3])
    low, high = (flux_phase_per_area * B[0] * getattr(population, f"amplitude_area_{end}") for end in ("min", "max"))
    d = population.asymmetry_min

    def system(D, u):
        x = np.hypot(D, u) / (2.0 * T[0])
        t = np.exp(-2.0 * x)
        if observable == "heat_capacity":
            return 4.0 * x**2 * t / (1.0 + t) ** 2
        return np.log1p(t) + 2.0 * x * t / (1.0 + t)

    def mean(function):
        return quad(function, 0.0, 1.0, **PRECISE)[0]

    def over_logarithm(function, first, last):
        return quad(lambda ln: function(np.exp(ln)), np.log(first), np.log(last), **PRECISE)[0]

    at_high = over_logarithm(lambda D: mean(lambda c: system(D, high * c)), d, 80.0 * T[0])
    at_edge = over_logarithm(lambda u: mean(lambda c: system(d, u * c)), low, high)
    _, slopes = population.derivatives(observable, T, B, ["amplitude_area_max", "asymmetry_min"])
    unit = 2.0 * np.pi * boltzmann * population.density
    assert slopes["amplitude_area_max"][0] * population.amplitude_area_max == pytest.approx(unit * at_high, rel=1e-8)
    assert slopes["asymmetry_min"][0] * d == pytest.approx(-unit * at_edge, rel=1e-8)
