"""Unit texts: numbers here are the definitions of the units, typed in, or CODATA."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstunnel.errors import UnitError
from glasstunnel.units import convert, parse_unit

DEFINITIONS = [
    ("Kelvin", "K", 1.0), ("mK", "K", 1e-3), ("mT", "T", 1e-3), ("G", "T", 1e-4), ("Oe", "T", 1e-4),
    ("Oersted", "T", 1e-4), ("kOe", "T", 0.1), ("A/m", "T", 4e-7 * math.pi), ("T", "Oe", 1e4),
    ("emu", "A m2", 1e-3), ("emu", "J/T", 1e-3), ("emu/g", "A m2/kg", 1.0), ("emu/g", "A m^2 kg^-1", 1.0),
    ("emu/mol", "A m2/mol", 1e-3), ("emu/(g Oe)", "A m2/(kg T)", 1e4), ("emu/g/Oe", "A m2/(kg T)", 1e4),
    ("uJ/K", "J/K", 1e-6), ("\u00b5J/K", "J/K", 1e-6), ("\u03bcJ/K", "J/K", 1e-6), ("\u00b5J/K/K", "J/K^2", 1e-6),
    ("mJ/(g K)", "J/(kg K)", 1.0), ("cal/(g K)", "J/(kg K)", 4184.0), ("mJ/mole-K", "J/(mol K)", 1e-3),
    ("erg/(g K)", "J/(kg K)", 1e-4), ("mg", "kg", 1e-6), ("grams", "kg", 1e-3), ("GHz", "Hz", 1e9), ("ppm", "1", 1e-6),
    ("%", "", 1e-2), ("Percent", "1", 1e-2), ("Å", "m", 1e-10), ("Angstrom^2", "m2", 1e-20), ("min", "s", 60.0),
    ("Torr", "Pa", 133.322368), ("eV", "J", 1.602176634e-19), ("muB", "J/T", 9.2740100657e-24), ("Ohm", "V/A", 1.0),
    ("W", "J s^-1", 1.0), ("cm**3", "m³", 1e-6), ("1/(K kg)", "1/(K g)", 1e-3), ("kA/m", "Oe", 4.0 * math.pi),
    ("Oe", "A/m", 1e3 / (4.0 * math.pi)), ("mJ/(mol K^2)", "J/(mol K2)", 1e-3), ("J/(m**3)", "J/m3", 1.0),
    ("1/(g K^(4))", "1/(kg K4)", 1e3), ("((m^2) s^(-1))", "m2/s", 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("start", "end", "factor"), DEFINITIONS)
def test_units_have_their_defined_size(start, end, factor):
    np.testing.assert_allclose(convert(1.0, start, end), factor, rtol=1e-8)


@pytest.mark.parametrize(("start", "end", "factor"), DEFINITIONS)
def test_conversion_there_and_back_is_the_identity(start, end, factor):
    values = np.array([-3.0, 0.0, 1e-12, 7.5e8])
    np.testing.assert_allclose(convert(convert(values, start, end), end, start), values, rtol=1e-14)


def test_decibels_and_celsius():
    np.testing.assert_allclose(convert([-160.0, 0.0, 30.0], "dBm", "W"), [1e-19, 1e-3, 1.0], rtol=1e-14)
    np.testing.assert_allclose(convert(2.0, "W", "dBm"), 30.0 + 10.0 * np.log10(2.0), rtol=1e-14)
    np.testing.assert_allclose(convert([-273.15, 25.0], "degC", "mK"), [0.0, 298150.0], atol=1e-9)
    np.testing.assert_allclose(convert(4.2, "K", "°C"), -268.95, rtol=1e-14)
    with pytest.raises(UnitError, match="only positive powers"):
        convert([1.0, 0.0], "W", "dBm")


@pytest.mark.parametrize(("start", "end", "sentence"), [
    ("Kelvn", "K", "unknown unit 'Kelvn'; the nearest known unit is 'kelvin'"),
    ("emu/gramm", "emu/g", "unknown unit 'gramm' in 'emu/gramm'; the nearest known unit is 'gram'"),
    ("J/g K", "J/(g K)", "ambiguous: put the denominator in brackets"),
    ("K", "T", "they measure different quantities"),
    ("emu", "emu/g", "they measure different quantities"),
    ("dBm", "K", "they measure different quantities"),
    ("J/(K", "J/K", "a bracket is not closed"),
    ("J/", "J", "a unit name is missing at the end"),
    ("J//K", "J/K", "a unit name is missing before '/'"),
    ("J)", "J", r"'\)' is out of place"),
    ("m^77", "m", "is not a whole number from -9 to 9"),
    ("K?", "K", r"cannot read '\?'"),
    ("1/0", "1", "no finite, positive size"),
    ("(" * 90, "K", "longer than 80 characters"),
])  # fmt: skip
def test_a_wrong_unit_gets_one_sentence(start, end, sentence):
    with pytest.raises(UnitError, match=sentence):
        convert(1.0, start, end)


@given(st.text(alphabet="KTmJgOe1290/*^()- µ.%", max_size=100))
def test_any_text_is_a_positive_unit_or_a_unit_error(text):
    try:
        unit = parse_unit(text)
    except UnitError as error:
        assert "\n" not in str(error)
    else:
        assert 0.0 < unit.factor < math.inf
