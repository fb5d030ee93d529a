"""`glasstunnel show`: lists and filters of what there is."""

import json

import pytest

import glasstunnel as gt
from glasstunnel.cli import main
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.runfile.data import STEPS


def listed(capsys, *arguments):
    assert main(["show", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_it_lists_everything_that_is_registered(capsys):
    assert set(listed(capsys, "kinds")) == set(gt.contribution_kinds())
    assert set(listed(capsys, "observables")) == set(OBSERVABLES)
    assert set(listed(capsys, "steps")) == set(STEPS)
    assert {"relative", "residuals", "repeats"} < set(listed(capsys, "noise"))
    assert {"Oe", "debye", "fu", "gatom", "eV", "dBm"} < set(listed(capsys, "units"))
    assert set(listed(capsys)) == set(gt.published_ids())


def test_it_filters_by_glass_and_observable(capsys):
    sets = listed(capsys, "--glass", "BK7", "--observable", "loss_tangent")
    assert sets and all("BK7" in text for text in sets.values())
    for id in sets:
        assert gt.loss_tangent(gt.published(id), 0.1, 1.0, 1e3) != 0.0
    assert set(listed(capsys, "--observable", "echo")) == {id for id in gt.published_ids() if ".T8." in id}
    conducting = listed(capsys, "--observable", "thermal_conductivity")
    assert list(conducting) == ["acoustics.collected.silica", "acoustics.fitted.Stycast1266"]
    assert "002.T14.BK7.M" not in listed(capsys, "--observable", "loss_tangent")


@pytest.mark.parametrize(("arguments", "words"), [
    (("--glass", "window"), "no printed set of 'window'; there are sets of BK7"),
    (("--observable", "hum"), "no observable 'hum'"), (("nothing",), "no published entry 'nothing'"),
    (("TwoLevelSystem",), "did you mean 'TwoLevelSystems'"), (("kind",), "did you mean 'kinds'"),
    (("002.T8.BK7.echo.tau12_6us", "--glass", "x"), "no printed set of 'x'"),
])  # fmt: skip
def test_what_there_is_not_is_one_sentence(capsys, arguments, words):
    assert main(["show", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_an_observable_is_shown_with_its_conditions(capsys):
    assert main(["show", "loss_tangent"]) == 0
    out = capsys.readouterr().out
    assert "needs frequency" in out and "[Hz]" in out


def test_a_row_that_is_an_echo_says_which_function_gives_it():
    with pytest.raises(gt.ParameterError, match="published_echo"):
        gt.published("002.T8.BK7.echo.tau12_6us")


def test_fits_with_iron_two_alone_are_glasses(capsys):
    """000 Table 1, 1 kOe: 2.752e17 Fe2+ per gram and 3.922e-7 emu/(g Oe)."""
    glass = gt.published("000.T1.BK7.H1.0kOe.Fe2only")
    assert list(glass.contributions) == ["larmor", "fe2"]
    assert glass.value("fe2.concentration") == pytest.approx(2.752e20)
    assert glass.value("larmor.susceptibility") == pytest.approx(3.922e-3)
    assert main(["show", "000.T1.BK7.H1.0kOe.Fe2only"]) == 0
    assert "fe2.concentration" in capsys.readouterr().out
    with pytest.raises(gt.ParameterError, match="no published entry"):
        gt.published("002.T14.BK7.M.Fe2only")


def test_amounts_of_a_set_are_shown_as_its_paper_counts_them(capsys):
    """002 Table 14 prints 0.71 and 0.36 ppm; 001 Table 1 has the same glass without a molar mass of its own."""
    assert main(["show", "002.T14.BK7.M"]) == 0
    out = capsys.readouterr().out
    assert "fe2.concentration is 6.69e+15 1/g, 0.705755 ppm of formula units" in out
    assert "formula unit: 63.53 g/mol" in out
    assert gt.published("000.T1.BK7.H1.0kOe").sample.molar_mass == pytest.approx(63.53e-3)
    assert gt.published("004.TI.SiO2").sample is None
