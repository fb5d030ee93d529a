"""The commands read, fit, compare and demo: what they print and write, and that nothing is overwritten unasked."""

import json
from pathlib import Path

import pytest
from tests.cli.commands import BK7, assert_one_sentence, run

from glasstunnel.progress import Progress

EXAMPLES = Path(__file__).parents[2] / "examples"


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


@pytest.mark.slow
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
    record = {"written_by": "glasstunnel 0", "tables": ["../outside.csv", "report.html"]}
    (out / "result.json").write_text(json.dumps(record))
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
    monkeypatch.setattr("glasstunnel.progress.time.monotonic", lambda: next(clock))
    with Progress() as progress:
        for sentence in ("first", "second", "third", "fourth"):
            progress(sentence)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "glasstunnel: second ...\nglasstunnel: fourth ...\n"
