"""The commands curve and show: what they print, what they refuse and how."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.cli.commands import BK7, assert_one_sentence, run

from glasstunnel.runfile.glass import CONTRIBUTIONS, contribution_class
from glasstunnel.systems.parameters import parameter_table

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_curve_prints_the_library_s_numbers(capsys):
    from glasstunnel import magnetization, published

    grids = ("--temperature", "2:300:5", "--field", "2,6.5")
    code, out, err = run(capsys, "curve", "magnetization", *BK7, *grids, "--csv")
    header, *rows = out.splitlines()
    table = np.array([[float(cell) for cell in row.split(",")] for row in rows])
    assert (code, err) == (0, "")
    assert header == "temperature [K],field [T],magnetization [A m2/kg]"
    assert table.shape == (10, 3)
    expected = magnetization(published("002.T14.BK7.M"), table[:, 0], table[:, 1])
    np.testing.assert_allclose(table[:, 2], expected, rtol=1e-12)


def columns(text):
    """A printed table as (header, columns)."""
    header, *rows = text.splitlines()
    return header.split(","), np.array([[float(cell) for cell in row.split(",")] for row in rows]).T


def test_curve_of_an_entropy_change_is_the_maxwell_integral(capsys):
    """The field integral of dM/dT, by differences of the printed magnetization, for ions (no frozen cutoffs)."""
    ions, grid = ("--glass", "000.T1.BK7.H1.0kOe"), ("--temperature", "9.99,10,10.01", "--field", "1:5:401")
    code, out, _ = run(capsys, "curve", "entropy_change", *ions, "--temperature", "10", "--field", "5",
                       "--from-field", "1")  # fmt: skip
    header, (_, _, change) = columns(out)
    assert code == 0 and header == ["temperature [K]", "field [T]", "entropy_change [J/(K kg)]"]
    _, (T, B, M) = columns(run(capsys, "curve", "magnetization", *ions, *grid)[1])
    dM_dT = (M[T == 10.01] - M[T == 9.99]) / 0.02
    np.testing.assert_allclose(change, np.trapezoid(dM_dT, B[T == 10.0]), rtol=1e-4)


def test_curve_of_the_density_of_states_takes_energies(capsys):
    from glasstunnel import density_of_states, published

    arguments = ("curve", "density_of_states", *BK7, "--energy", "0.01:10:7:log", "--field", "0,1")
    header, (E, B, found) = columns(run(capsys, *arguments)[1])
    assert header == ["energy [K]", "field [T]", "density_of_states [1/(K kg)]"] and len(E) == 14
    np.testing.assert_allclose(found, density_of_states(published("002.T14.BK7.M"), E, B), rtol=1e-12)
    per_gram = columns(run(capsys, *arguments, "--cgs")[1])[1][2]
    np.testing.assert_allclose(per_gram, 1e-3 * found, rtol=1e-12)


@pytest.mark.parametrize(("observable", "more", "word"), [
    ("density_of_states", ("--temperature", "4"), "--energy"),
    ("density_of_states", ("--temperature", "4", "--energy", "1"), "--temperature"),
    ("magnetization", ("--temperature", "4", "--energy", "1"), "--energy"),
    ("magnetization", ("--temperature", "4", "--from-field", "1"), "--from-field"),
])  # fmt: skip
def test_curve_refuses_conditions_that_do_not_belong_together(capsys, observable, more, word):
    assert_one_sentence(run(capsys, "curve", observable, *BK7, *more), word)


def test_curve_in_cgs_and_as_json_says_the_same(capsys):
    arguments = ("curve", "susceptibility", *BK7, "--temperature", "4.5", "--field", "20 kOe")
    _, out, _ = run(capsys, *arguments, "--json")
    si = json.loads(out)["columns"]
    _, out, _ = run(capsys, *arguments, "--json", "--cgs")
    cgs = json.loads(out)["columns"]
    assert cgs["field [Oe]"] == pytest.approx([2e4])
    assert cgs["susceptibility [emu/(g Oe)]"][0] == pytest.approx(1e-4 * si["susceptibility [A m2/(kg T)]"][0])


def test_curve_of_a_resonator_takes_its_conditions(capsys):
    glass = ("--glass", str(EXAMPLES / "resonator.toml"), "--temperature", "0.1,1.6", "--frequency", "5.6199 GHz")
    code, weak, _ = run(capsys, "curve", "internal_loss", *glass, "--power=-190 dBm")
    _, strong, _ = run(capsys, "curve", "internal_loss", *glass, "--power", "1e-12 W")
    assert code == 0
    weak, strong = ([float(line.split(",")[2]) for line in text.split()[-2:]] for text in (weak, strong))
    assert weak[0] > 2.0 * strong[0] and weak[1] < 1.5 * strong[1]
    code, text, _ = run(capsys, "curve", "frequency_shift", *glass, "--reference-temperature", "100 mK")
    assert code == 0 and text.splitlines()[-2].endswith(",0.0")
    assert_one_sentence(run(capsys, "curve", "internal_loss", *glass), "power")
    assert_one_sentence(run(capsys, "curve", "internal_loss", *glass[:-2]), "--frequency")
    assert_one_sentence(run(capsys, "curve", "internal_loss", *glass[:-1], "0 GHz", "--power", "0"), "frequency")
    assert_one_sentence(run(capsys, "curve", "heat_capacity", *glass), "--frequency")


def test_curve_draws_and_never_overwrites_without_force(capsys, tmp_path):
    target = tmp_path / "curve.png"
    arguments = ("curve", "magnetization", *BK7, "--temperature", "2:300:20:log", "--field", "2", "-o", str(target))
    assert run(capsys, *arguments)[0] == 0
    assert target.read_bytes().startswith(b"\x89PNG")
    target.write_text("mine")
    assert_one_sentence(run(capsys, *arguments), "curve.png", "--force")
    assert target.read_text() == "mine"
    assert run(capsys, *arguments, "--force")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("curve", "magnetisation", *BK7, "--temperature", "4"), "magnetisation"),
        (("curve", "magnetization", "--glass", "002.T99", "--temperature", "4"), "002.T99"),
        (("curve", "magnetization", "--glass", "missing.toml", "--temperature", "4"), "missing.toml"),
        (("curve", "magnetization", *BK7, "--temperature", "-4"), "-4"),
        (("curve", "magnetization", *BK7, "--temperature", "0:4:3"), "temperature"),
        (("curve", "magnetization", *BK7, "--temperature", "4", "--field", "1e400"), "1e400"),
        (("curve", "magnetization", *BK7, "--temperature", "1:9:1000000", "--field", "1:9:1000000"), "points"),
        (("curve", "magnetization", *BK7, "--temperature", "4", "-o", "plot.bmp"), ".png"),
        (("curve", "magnetization", *BK7), "--temperature"),
        (("show", "nothing"), "nothing"),
        (("read", "missing.dat"), "missing.dat"),
        (("fit", "missing.toml", "-o", "never"), "missing.toml"),
        (("compare", "missing.toml", "-o", "never"), "missing.toml"),
        (("nonsense",), "nonsense"),
        (("show", "--nonsense"), "--nonsense"),
    ],
)
def test_bad_input_ends_in_one_sentence(capsys, arguments, word, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert_one_sentence(run(capsys, *arguments), word)
    assert list(tmp_path.iterdir()) == []


def test_show_lists_the_published_sets_and_shows_one_with_units_source_and_doubts(capsys):
    _, listing, _ = run(capsys, "show")
    assert "002.T14.BK7.M" in listing
    code, out, _ = run(capsys, "show", "002.T14.BK7.M")
    assert code == 0
    for part in ("ats.density", "1/kg", "source:", "note:", "larmor.susceptibility"):
        assert part in out


def test_show_as_json_can_be_parsed(capsys):
    record = json.loads(run(capsys, "show", "002.T14.BK7.M", "--json")[1])
    assert record["contributions"]["ats"]["type"] == "AnomalousTunnelingSystems"


@pytest.mark.parametrize("kind", sorted(CONTRIBUTIONS))
def test_show_lists_the_parameters_of_every_kind_of_contribution(capsys, kind):
    code, out, _ = run(capsys, "show", kind)
    rows = parameter_table(contribution_class(kind))
    assert code == 0
    assert all(row.name in out and row.meaning in out for row in rows)
    assert list(json.loads(run(capsys, "show", kind, "--json")[1])) == [row.name for row in rows]
