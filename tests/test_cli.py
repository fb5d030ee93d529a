"""The command line: what it prints, what it refuses and how, and how fast it starts."""

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel.cli import main
from glasstunnel.cli.grids import parse_grid
from glasstunnel.cli.output import Progress
from glasstunnel.errors import GlassTunnelError
from glasstunnel.runfile.glass import CONTRIBUTIONS, contribution_class
from glasstunnel.systems.parameters import parameter_table

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(capsys, *arguments):
    """(exit code, standard output, standard error) of one command."""
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def shell(*arguments, **options):
    """The command as a process of its own."""
    return subprocess.run([sys.executable, "-m", "glasstunnel", *arguments], capture_output=True, text=True, **options)


def assert_one_sentence(result, *words):
    """Exit code 2, nothing on standard output, one line on standard error that contains `words`."""
    code, out, err = result
    assert code == 2
    assert out == ""
    assert err.startswith("glasstunnel: ") and err.count("\n") == 1
    assert "Traceback" not in err
    for word in words:
        assert word in err


# --- grids -------------------------------------------------------------------------------------------------------


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
    ],
)
def test_a_grid_is_what_it_says(text, expected):
    np.testing.assert_allclose(parse_grid(text, "--temperature", "K"), expected, rtol=1e-14)


@pytest.mark.parametrize(
    "text",
    ["", "a", "1:2", "1:2:3:4", "1:2:0", "1:2:-5", "1:2:2.5", "1:2:99999999", "0:2:3:log", "-1:2:3:log", "nan", "inf",
     "1,,2", "1:2:3:log:log", "1 furlong", "3 T", "1:nan:4", "1:2:3 K:log"],
)  # fmt: skip
def test_a_grid_that_cannot_be_meant_is_refused_by_name(text):
    with pytest.raises(GlassTunnelError) as error:
        parse_grid(text, "--temperature", "K")
    assert "\n" not in str(error.value)


# --- convert -----------------------------------------------------------------------------------------------------


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


def test_convert_explains_what_is_missing_or_wrong(capsys):
    assert_one_sentence(run(capsys, "convert", "126", "ppm", "1/g"), "molar mass", "composition")
    assert_one_sentence(run(capsys, "convert", "1", "kOe", "K"), "kOe", "K")
    assert_one_sentence(run(capsys, "convert", "1", "foo", "K"), "foo")
    assert_one_sentence(run(capsys, "convert", "one", "K", "mK"), "one")
    assert_one_sentence(run(capsys, "convert", "126", "ppm", "1/g", "--molar-mass", "0"), "--molar-mass")


# --- curve and show ----------------------------------------------------------------------------------------------

BK7 = ("--glass", "002.T14.BK7.M")


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


# --- read, fit, compare, demo ------------------------------------------------------------------------------------

FILE = EXAMPLES / "data" / "mpmsxl_pb6051_MvsT_0p1T.dc.dat"


def test_read_prints_what_is_recognized(capsys):
    code, out, _ = run(capsys, "read", str(FILE))
    assert code == 0
    for part in ("qd-mpms-xl", "moment", "42 points", "K", "emu", "48.400 mg", "note:"):
        assert part in out


def test_read_as_json_keeps_every_column_with_its_unit(capsys):
    record = json.loads(run(capsys, "read", str(FILE), "--json")[1])
    assert record["columns"]["temperature"]["unit"] == "K"
    assert len(record["columns"]["moment"]["values"]) == record["points"] == 42


def test_fit_writes_a_report_a_result_and_tables_and_prints_the_result(capsys, tmp_path):
    out = tmp_path / "out"
    code, text, _ = run(capsys, "fit", str(EXAMPLES / "curie_pb6051.toml"), "-o", str(out))
    assert code == 0
    assert "ions.concentration" in text and str(out / "report.html") in text
    record = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert f"{record['fit']['values']['ions.concentration']:.6g}" in text
    assert (out / "fit-pb6051.csv").exists()
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "do = &#34;per_mass&#34;" in page, "the run file is part of the report"
    (out / "report.html").write_text("mine")
    assert_one_sentence(run(capsys, "fit", str(EXAMPLES / "curie_pb6051.toml"), "-o", str(out)), "--force")
    assert (out / "report.html").read_text() == "mine"


def test_force_removes_the_tables_of_the_earlier_run_and_nothing_else(capsys, tmp_path):
    def fit_into(folder, example, *more):
        command = "compare" if "which" in example else "fit"
        return run(capsys, command, str(EXAMPLES / example), "-o", str(folder), *more)

    out = tmp_path / "out"
    fit_into(out, "curie_pb6051.toml")
    (out / "mine.csv").write_text("1")
    assert fit_into(out, "erbium_which_spin.toml", "--force")[0] == 0
    listed = json.loads((out / "result.json").read_text(encoding="utf-8"))["tables"]
    assert not (out / "fit-pb6051.csv").exists()
    assert {path.name for path in out.glob("*.csv")} == {*listed, "mine.csv"}
    (tmp_path / "outside.csv").write_text("1")
    (out / "result.json").write_text('{"tables": ["../outside.csv", "report.html", 7]}')
    assert fit_into(out, "curie_pb6051.toml", "--force")[0] == 0
    assert (tmp_path / "outside.csv").exists() and (out / "report.html").exists()


def test_an_empty_place_for_output_is_refused(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert_one_sentence(run(capsys, "fit", str(EXAMPLES / "curie_pb6051.toml"), "-o", ""), "empty")
    assert_one_sentence(run(capsys, "curve", "magnetization", *BK7, "--temperature", "4", "-o", " "), "empty")
    assert list(tmp_path.iterdir()) == []


def test_a_fit_without_a_minimum_gets_no_profile_but_a_sentence(capsys, tmp_path):
    run_file = tmp_path / "run.toml"
    run_file.write_text(f"""
        [glass]
        contributions.er = {{type = "MagneticIons", species = "x", spin = 0.5, g_factor = 11, concentration = 1e23}}
        [[data]]
        file = "{EXAMPLES.as_posix()}/data/mpms3_ErCOT2_MvsT_FC_40kOe.dat"
        steps = [{{do = "per_mass"}}]
        noise = {{relative = 0.005}}
        [vary]
        er.concentration = {{prior = "log-uniform", lower = 1e22, upper = 1e26}}
        er.g_factor = {{prior = "uniform", lower = 5, upper = 20}}
        [options]
        max_evaluations = 1
    """, encoding="utf-8")
    code, _, err = run(capsys, "fit", str(run_file), "-o", str(tmp_path / "out"), "--profile")
    assert code == 1
    assert "did not converge" in err and "no minimum for profile intervals" in err


def test_fit_prints_json_and_profiles_when_asked(capsys, tmp_path):
    arguments = ("fit", str(EXAMPLES / "curie_pb6051.toml"), "-o", str(tmp_path / "out"), "--json", "--profile")
    code, text, _ = run(capsys, *arguments)
    result, profiles = json.loads(text)
    assert code == 0
    value = result["values"]["ions.concentration"]
    assert profiles["ions.concentration"]["lower"] < value < profiles["ions.concentration"]["upper"]


def test_compare_ranks_and_each_command_names_the_other_for_the_wrong_run_file(capsys, tmp_path):
    both, single = str(EXAMPLES / "erbium_which_spin.toml"), str(EXAMPLES / "curie_pb6051.toml")
    code, text, _ = run(capsys, "compare", both, "-o", str(tmp_path / "out"))
    assert code == 0 and "dAIC" in text
    assert_one_sentence(run(capsys, "fit", both, "-o", str(tmp_path / "a")), "compare")
    assert_one_sentence(run(capsys, "compare", single, "-o", str(tmp_path / "b")), "fit")


#: Campaigns of the landscape are loaded in tests/landscape.
RUN_FILES = sorted(path for path in EXAMPLES.glob("*.toml") if not path.stem.startswith("landscape"))


@pytest.mark.parametrize("path", RUN_FILES, ids=lambda path: path.stem)
def test_every_example_run_file_can_be_loaded(path):
    from glasstunnel.inference import load_run

    assert load_run(path).datasets


def test_a_fit_that_does_not_converge_ends_with_code_1_and_a_sentence(capsys, tmp_path):
    example = (EXAMPLES / "erbium_which_spin.toml").read_text(encoding="utf-8")
    stopped = example.replace('file = "data/', f'file = "{EXAMPLES.as_posix()}/data/')
    run_file = tmp_path / "run.toml"
    run_file.write_text(stopped + "\n[options]\nmax_evaluations = 1\n", encoding="utf-8")
    code, out, err = run(capsys, "compare", str(run_file), "-o", str(tmp_path / "out"))
    assert code == 1
    assert "did not converge" in err and "Traceback" not in err
    assert "did not converge" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_output_that_cannot_be_written_is_a_sentence(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        assert_one_sentence(run(capsys, "fit", str(EXAMPLES / "curie_pb6051.toml"), "-o", str(place)), "file")


def test_demo_asks_before_it_overwrites(capsys, tmp_path):
    (tmp_path / "mine.txt").write_text("")
    assert_one_sentence(run(capsys, "demo", "-o", str(tmp_path)), "--force")


def test_progress_appears_only_when_something_lasts_and_not_on_standard_output(capsys, monkeypatch):
    clock = iter([0.0, 0.5, 1.5, 1.5, 2.0, 9.0, 9.0])
    monkeypatch.setattr("glasstunnel.cli.output.time.monotonic", lambda: next(clock))
    with Progress() as progress:
        for sentence in ("first", "second", "third", "fourth"):
            progress(sentence)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "glasstunnel: second ...\nglasstunnel: fourth ...\n"


# --- the program as a whole --------------------------------------------------------------------------------------


def test_version_and_citation(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("glasstunnel ")
    code, out, _ = run(capsys, "--cite")
    assert code == 0
    assert "Paliienko" in out and "August 12, 2015" in out


@pytest.mark.parametrize("command", ["read", "fit", "compare", "curve", "show", "verdict", "convert", "demo"])
def test_every_command_has_help(capsys, command):
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert f"glasstunnel {command}" in capsys.readouterr().out


def test_a_closed_pipe_is_no_error():
    program = [sys.executable, "-m", "glasstunnel", "curve", "magnetization", *BK7, "--temperature", "2:300:20000"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 0


def test_a_full_disk_is_a_sentence(capsys, monkeypatch):
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(sys, "stdout", Full())
    assert main(["convert", "1", "K", "mK"]) == 2
    assert capsys.readouterr().err == "glasstunnel: No space left on device\n"


def test_help_imports_nothing_heavy_and_a_curve_no_plotting():
    """Start-up is quick because of what is not imported; wall times depend on the machine, imports do not."""
    heavy = "numpy scipy matplotlib jinja2".split()
    script = (
        "import sys; from glasstunnel.cli import main; main({arguments}); "
        "print([name for name in {names} if name in sys.modules])"
    )
    for arguments, names in (([], heavy), (["curve", "magnetization", *BK7, "--temperature", "4"], heavy[2:])):
        program = script.format(arguments=arguments, names=names)
        result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert result.stdout.splitlines()[-1] == "[]"


def test_a_word_in_place_of_a_value_is_quoted(capsys):
    assert_one_sentence(run(capsys, "convert", "abc", "K", "K"), "'abc' is no number")
