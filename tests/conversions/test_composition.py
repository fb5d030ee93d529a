"""Molar masses against tabulated ones, and compositions against their definition."""

import pickle

import numpy as np
import pytest

from glasstunnel import Composition, ParameterError
from glasstunnel.constants import avogadro
from glasstunnel.conversions import molar_mass


@pytest.mark.parametrize(
    "formula, grams",
    [
        ("SiO2", 60.084), ("B2O3", 69.62), ("Na2O", 61.979), ("K2O", 94.196), ("Al2O3", 101.961), ("BaO", 153.33),
        ("CaO", 56.077), ("Fe2O3", 159.69), ("PbO", 223.2), ("Li2O", 29.88), ("C3H5(OH)3", 92.094), ("H2O", 18.015),
        ("Ca3(PO4)2", 310.18), ("GeO2", 104.63), ("As2S3", 246.04),
    ],
)  # fmt: skip
def test_molar_masses_are_the_handbook_values(formula, grams):
    np.testing.assert_allclose(molar_mass(formula) * 1e3, grams, rtol=2e-4)


def test_the_printed_molar_masses_of_the_papers_fit_the_makers_compositions():
    """002 prints 61.873 (Duran) and 63.530 g/mol (BK7) without compositions; makers' mass percent give them to 1 %."""
    duran = {"SiO2": 81.0, "B2O3": 13.0, "Na2O": 3.5, "K2O": 0.5, "Al2O3": 2.0}
    bk7 = {"SiO2": 69.13, "B2O3": 10.75, "BaO": 3.07, "Na2O": 10.40, "K2O": 6.29, "As2O3": 0.36}
    np.testing.assert_allclose(Composition.from_mass(duran).molar_mass, 61.873e-3, rtol=0.003)
    np.testing.assert_allclose(Composition.from_mass(bk7).molar_mass, 63.530e-3, rtol=0.01)


def test_a_mixture_is_the_weighted_sum_of_its_formula_units():
    glass = Composition({"SiO2": 0.7, "Na2O": 0.2, "CaO": 0.1})
    mass = 0.7 * 60.083 + 0.2 * 61.979 + 0.1 * 56.077
    np.testing.assert_allclose(glass.molar_mass, mass * 1e-3, rtol=1e-6)
    np.testing.assert_allclose(glass.formula_units_per_kilogram, avogadro / (mass * 1e-3), rtol=1e-6)
    np.testing.assert_allclose(glass.atoms_per_kilogram / glass.formula_units_per_kilogram, 2.1 + 0.6 + 0.2)
    np.testing.assert_allclose(glass.mass_fractions["Na2O"], 0.2 * 61.979 / mass, rtol=1e-6)


def test_percent_and_fractions_mean_the_same_and_mass_fractions_come_back():
    glass = Composition({"SiO2": 80.0, "K2O": 20.0})
    assert dict(glass.fractions) == {"SiO2": 0.8, "K2O": 0.2}
    back = Composition.from_mass(glass.mass_fractions)
    np.testing.assert_allclose(list(back.fractions.values()), [0.8, 0.2], rtol=1e-14)


def test_a_composition_survives_pickling():
    glass = Composition({"SiO2": 0.8, "K2O": 0.2})
    assert pickle.loads(pickle.dumps(glass)) == glass


@pytest.mark.parametrize(
    "fractions, words",
    [
        ({"SiO2": 0.7, "K2O": 0.2}, "add up to 0.9"),
        ({}, "add up to 0"),
        ({"SiO2": 1.2, "K2O": -0.2}, "fraction of K2O must be a number >= 0"),
        ({"SiO2": float("nan")}, "got nan"),
        ({"SiO2": "1"}, "got '1'"),
        ({"Xx2O": 1.0}, "'Xx' is no element"),
        ({"sio2": 1.0}, "cannot be read from character 1"),
        ({"Ca3(PO4": 1.0}, "leaves a bracket open"),
        ({"CaO)2": 1.0}, "closes a bracket"),
        ({"": 1.0}, "must be a text"),
    ],
)
def test_what_is_no_composition_is_refused(fractions, words):
    with pytest.raises(ParameterError, match=words):
        Composition(fractions)
