"""Amounts and parts per million against the numbers printed in the papers."""

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel import Composition, ParameterError
from glasstunnel.conversions import (
    concentration_to_ppm,
    convert,
    mass_ppm_to_concentration,
    per_kilogram_from_mole,
    per_kilogram_from_volume,
    per_mole,
    per_volume,
    ppm_to_concentration,
)

REFERENCE = reference("conversions")["parts_per_million"]
BAS, DURAN, BK7 = 80.530e-3, 61.873e-3, 63.530e-3


@pytest.mark.parametrize("ppm, grams_per_mole, per_gram", REFERENCE["per_gram"])
def test_ppm_to_concentration_has_the_reference_values(ppm, grams_per_mole, per_gram):
    """The first two are 002 Eqs. 99-100: 7.63e17 and 1.23e18 per gram."""
    np.testing.assert_allclose(ppm_to_concentration(ppm, 1e-3 * grams_per_mole), 1e3 * per_gram, rtol=1e-13)


@pytest.mark.parametrize("per_gram, grams_per_mole, ppm", REFERENCE["ppm"])
def test_concentration_to_ppm_has_the_reference_values(per_gram, grams_per_mole, ppm):
    np.testing.assert_allclose(concentration_to_ppm(1e3 * per_gram, 1e-3 * grams_per_mole), ppm, rtol=1e-13)


@pytest.mark.parametrize(
    "per_gram, molar_mass, printed",
    [
        (1.539e18, DURAN, 158), (1.931e17, BK7, 20), (7.165e18, BAS, 958.1), (2.027e18, DURAN, 208),
        (1.469e18, DURAN, 151.0), (1.657e17, BK7, 17.5), (2.526e17, BK7, 27), (7.295e18, BAS, 976),
        (9.634e18, BAS, 1288), (7.127e18, BAS, 953.1),
    ],
)  # fmt: skip
def test_concentration_to_ppm_has_the_printed_values(per_gram, molar_mass, printed):
    """Printed in 000 Secs. A and B and its tables (there 1.931e17 of BK7 is rounded up to 21)."""
    assert abs(concentration_to_ppm(1e3 * per_gram, molar_mass) - printed) < 0.6


def test_a_composition_a_formula_and_a_molar_mass_are_equivalent():
    silica = Composition({"SiO2": 1.0})
    for given in (silica, "SiO2", silica.molar_mass):
        np.testing.assert_allclose(ppm_to_concentration([1.0, 2.0], given), [1.0023e19, 2.0046e19], rtol=1e-4)
        np.testing.assert_allclose(concentration_to_ppm(ppm_to_concentration(33.0, given), given), 33.0)
        np.testing.assert_allclose(per_kilogram_from_mole(per_mole(7.0, given), given), 7.0)


def test_mass_ppm_counts_micrograms_per_gram():
    """1.657e17 Fe per gram, the mass spectrometry of BK7 (000), is 15.4 micrograms of iron per gram."""
    np.testing.assert_allclose(mass_ppm_to_concentration(15.366, "Fe"), 1.657e20, rtol=1e-4)


def test_volume_and_field_units_convert_with_their_factor():
    np.testing.assert_allclose(per_volume(3.0, 2500.0), 7500.0)
    np.testing.assert_allclose(per_kilogram_from_volume(7500.0, 2500.0), 3.0)
    np.testing.assert_allclose(convert(50.0, "kOe", "T"), 5.0)
    np.testing.assert_allclose(convert(4.03e-7, "emu/(g Oe)", "A m2/(kg T)"), 4.03e-3)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1.0, "many", None])
def test_bad_numbers_are_refused(bad):
    with pytest.raises(ParameterError, match="ppm must be"):
        ppm_to_concentration(bad, BAS)
    with pytest.raises(ParameterError, match="mass_density must be"):
        per_volume(1.0, bad)
    if bad is not None and bad != "many":
        with pytest.raises(ParameterError, match="molar_mass must be positive"):
            per_mole(1.0, bad)
