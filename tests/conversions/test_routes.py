"""Routes between units that need constants or the sample; the numbers are CODATA's own conversion factors."""

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel import Sample, UnitError, convert_amount
from glasstunnel.conversions import composition_of, effective_moment
from glasstunnel.errors import ParameterError
from glasstunnel.systems.magnetic_ions.species import SPECIES
from glasstunnel.units import parse_unit

MOLAR_MAGNETON = 6.02214076e23 * 9.2740100657e-24  # A m2/mol
SILICA = Sample.of(composition="SiO2", density=2200.0)


@pytest.mark.parametrize(("start", "end", "factor"), reference("published")["energy_equivalents"]["rows"])
def test_energies_are_those_of_codata_both_ways(start, end, factor):
    assert convert_amount(1.0, start, end)[0] == pytest.approx(factor, rel=1e-9)
    assert convert_amount(factor, end, start)[0] == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize(("start", "end", "factor"), [
    ("J/(mol K)", "J/(kg K)", 1.0 / 60.083e-3), ("J/(g-atom K)", "J/(kg K)", 3.0 / 60.083e-3),
    ("emu/mol", "emu/g", 1.0 / 60.083), ("mu_B/f.u.", "emu/mol", 1e3 * MOLAR_MAGNETON),
    ("mu_B/f.u.", "A m2/kg", MOLAR_MAGNETON / 60.083e-3), ("1/f.u.", "1/kg", 6.02214076e23 / 60.083e-3),
    ("ppm", "1/g", 1e-6 * 6.02214076e23 / 60.083), ("1/cm3", "1/g", 1.0 / 2.2), ("emu/cm3", "emu/g", 1.0 / 2.2),
    ("mol Oe/emu", "g Oe/emu", 60.083), ("1/(J m3)", "1/(K kg)", 1.380649e-23 / 2200.0),
])  # fmt: skip
def test_amounts_follow_from_the_sample(start, end, factor):
    number, way = convert_amount(1.0, start, end, SILICA)
    assert number == pytest.approx(factor, rel=1e-8)
    assert way.steps or start == "mu_B/f.u."
    assert convert_amount(number, end, start, SILICA)[0] == pytest.approx(1.0, rel=1e-12)


def test_what_was_used_is_said_and_units_alone_need_nothing():
    assert convert_amount([1.0, 2.0], "kOe", "T")[1].steps == ()
    said = convert_amount(1.0, "GHz", "K")[1].steps
    assert said == ("times h = 6.62607015e-34 J s", "divided by k_B = 1.380649e-23 J/K")


@pytest.mark.parametrize(("start", "end", "sentence"), [
    ("J/(mol K)", "J/(kg K)", "needs a molar mass or a composition"),
    ("J/(g-atom K)", "J/(kg K)", "needs a composition"),
    ("1/cm3", "1/g", "needs a density"), ("K", "T", "different quantities"), ("dBm", "K", "different quantities"),
    ("foo", "K", "unknown unit 'foo'"),
])  # fmt: skip
def test_what_is_missing_or_impossible_is_one_sentence(start, end, sentence):
    with pytest.raises(UnitError, match=sentence):
        convert_amount(1.0, start, end)


def test_compositions_are_read_from_text():
    mixture = composition_of("70 SiO2 + 30 Na2O").fractions
    assert dict(mixture) == pytest.approx({"SiO2": 0.7, "Na2O": 0.3})
    assert dict(composition_of("SiO2: 0.7; Na2O: 0.3").fractions) == pytest.approx(dict(mixture))
    for text in ("", "SiO2 SiO2", "70 SiO2 + 20 Na2O", "Xx2O"):
        with pytest.raises(ParameterError):
            composition_of(text)
    with pytest.raises(ParameterError, match="is not that of the composition"):
        Sample.of(molar_mass=0.1, composition="SiO2")


@pytest.mark.parametrize(("text", "like"), [
    ("mu_B", "muB"), ("μ_B", "muB"), ("J/(g-at. K)", "J/(gatom K)"), ("J/(mol-atom K)", "J/(gatom K)"),
    ("muB/formula unit", "muB/fu"), ("D", "debye"), ("cm-1", "1/cm"),
])  # fmt: skip
def test_the_field_s_spellings_are_known(text, like):
    assert parse_unit(text) == parse_unit(like)


def test_effective_moments_of_the_rare_earths_are_those_of_the_textbook():
    """Ashcroft and Mermin, Solid State Physics, Table 31.3: g sqrt(J(J+1)), to its two or three digits."""
    table = {"Ce3+": 2.54, "Pr3+": 3.58, "Nd3+": 3.62, "Pm3+": 2.68, "Sm3+": 0.84, "Gd3+": 7.94, "Tb3+": 9.72,
             "Dy3+": 10.63, "Ho3+": 10.60, "Er3+": 9.59, "Tm3+": 7.57, "Yb3+": 4.54}  # fmt: skip
    for species, printed in table.items():
        J, g = SPECIES[species]
        assert g * np.sqrt(J * (J + 1.0)) == pytest.approx(printed, abs=0.025)
    n = 1e22
    from glasstunnel import MagneticIons, susceptibility_times_temperature

    ions = MagneticIons("Dy3+", n)
    curie = susceptibility_times_temperature(ions, 300.0, 0.01)
    assert float(effective_moment(curie, n)) == pytest.approx(ions.effective_moment, rel=1e-6)
