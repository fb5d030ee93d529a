"""Grids as they are typed, and the command convert."""

import numpy as np
import pytest
import scipy.constants
from tests.cli.commands import assert_one_sentence, run
from tests.reference import reference

from glasstunnel.cli.grids import parse_grid
from glasstunnel.errors import GlassTunnelError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.2", [4.2]),
        ("1e1", [10.0]),
        ("2,4.2, 10", [2.0, 4.2, 10.0]),
        ("2:4:5", [2.0, 2.5, 3.0, 3.5, 4.0]),
        ("300:2:2", [300.0, 2.0]),
        ("0.01:100:5:log", [0.01, 0.1, 1.0, 10.0, 100.0]),
        ("100:500:3 mK", [0.1, 0.3, 0.5]),
        ("250mK", [0.25]),
        ("10:1000:3:log mK", [0.01, 0.1, 1.0]),
    ],
)
def test_a_grid_is_what_it_says(text, expected):
    np.testing.assert_allclose(parse_grid(text, "--temperature", "K"), expected, rtol=1e-14)


@pytest.mark.parametrize(
    "text",
    ["", "a", "1:2", "1:2:3:4", "1:2:0", "1:2:-5", "1:2:2.5", "1:2:99999999", "0:2:3:log", "-1:2:3:log", "nan", "inf",
     "1,,2", "1:2:3:log:log", "1 furlong", "3 T", "1:nan:4", "1:2:3 K:log", "1:2:3 meV"],
)  # fmt: skip
def test_a_grid_that_cannot_be_meant_is_refused_by_name(text):
    with pytest.raises(GlassTunnelError) as error:
        parse_grid(text, "--temperature", "K")
    assert "\n" not in str(error.value)


def test_a_grid_of_energies_takes_every_unit_of_an_energy():
    """Against scipy's constants: e/k, hc/k, h/k."""
    meV, wavenumber, GHz = (scipy.constants.physical_constants[f"{name}-kelvin relationship"][0] for name in (
        "electron volt", "inverse meter", "hertz"))  # fmt: skip
    meV, wavenumber, GHz = 1e-3 * meV, 100.0 * wavenumber, 1e9 * GHz
    for unit, kelvin in (("meV", meV), ("cm^-1", wavenumber), ("cm-1", wavenumber), ("GHz", GHz)):
        found = parse_grid(f"1:10:2:log {unit}", "--energy", "K", routes=True)
        np.testing.assert_allclose(found, [kelvin, 10.0 * kelvin], rtol=1e-9)


def test_convert_knows_the_units_of_the_field(capsys):
    assert run(capsys, "convert", "30", "kOe", "T") == (0, "3 T\n", "")
    assert run(capsys, "convert", "4.2e-7", "emu/(g Oe)", "A m2/(kg T)")[1] == "0.0042 A m2/(kg T)\n"


def test_convert_takes_ppm_of_formula_units_both_ways(capsys):
    """126 ppm of Duran are 1.226e18 1/g  [002, Eq. 100]."""
    numbers = reference("conversions")["parts_per_million"]
    _, out, _ = run(capsys, "convert", "126", "ppm", "1/g", "--molar-mass", "61.873")
    assert float(out.split()[0]) == pytest.approx(numbers["per_gram"][1][2], rel=1e-9)
    _, out, _ = run(capsys, "convert", "1.931e17", "1/g", "ppm", "--molar-mass", "63.530")
    assert float(out.split()[0]) == pytest.approx(numbers["ppm"][1][2], rel=1e-9)


def test_convert_takes_ppm_by_mass_of_an_element_both_ways(capsys):
    """15.36 ppm of iron by mass are 1.656e17 atoms per gram: 15.36e-6/55.845 N_A."""
    assert float(run(capsys, "convert", "15.36", "ppm", "1/g", "--element", "Fe")[1].split()[0]) == pytest.approx(
        15.36e-6 * 6.02214076e23 / 55.845, rel=1e-5
    )  # fmt: skip
    assert float(run(capsys, "convert", "1.6564e17", "1/g", "ug/g", "--element", "Fe")[1].split()[0]) == pytest.approx(
        15.36, rel=1e-3
    )  # fmt: skip
    for words in (("--element", "FeO"), ("--element", "Fe", "--composition", "SiO2"), ("--element", "Xx")):
        assert_one_sentence(run(capsys, "convert", "1", "ppm", "1/g", *words), "element")
    assert_one_sentence(run(capsys, "convert", "1", "J/(mol K)", "J/(kg K)", "--element", "Fe"), "mass fraction")


def test_convert_explains_what_is_missing_or_wrong(capsys):
    assert_one_sentence(run(capsys, "convert", "126", "ppm", "1/g"), "--molar-mass", "--composition")
    assert_one_sentence(run(capsys, "convert", "1", "kOe", "K"), "kOe", "K")
    assert_one_sentence(run(capsys, "convert", "1", "foo", "K"), "foo")
    assert_one_sentence(run(capsys, "convert", "one", "K", "mK"), "one")
    assert_one_sentence(run(capsys, "convert", "126", "ppm", "1/g", "--molar-mass", "0"), "--molar-mass")
