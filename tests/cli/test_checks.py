"""The commands that say what a fit is worth: posterior, hold-out, unseen files, coverage, evidence, the next points."""

import json

import numpy as np
import pytest

from glasstunnel import Glass, LarmorDiamagnetism, MagneticIons, magnetization
from glasstunnel.cli import main
from glasstunnel.errors import RunFileError
from glasstunnel.runfile import load_run

TRUTH = Glass({"larmor": LarmorDiamagnetism(4e-3), "fe3": MagneticIons("Fe3+", 2e20)})
GLASS = """
[glass]
contributions.larmor = {type = "LarmorDiamagnetism", susceptibility = 4e-3}
contributions.fe3 = {type = "MagneticIons", species = "Fe3+", concentration = 1e19}
"""
DATA = """
[[data]]
file = "measured.csv"
steps = [{do = "split_by", column = "field"}]
noise = {absolute = 1e-5}
"""
VARY = """
[vary]
larmor.susceptibility = {prior = "uniform", lower = 0, upper = 0.1}
fe3.concentration = {prior = "log-uniform", lower = 1e17, upper = 1e22}
"""
MODELS = """
[models.ions.glass]
contributions.larmor = {type = "LarmorDiamagnetism", susceptibility = 4e-3}
contributions.fe3 = {type = "MagneticIons", species = "Fe3+", concentration = 1e19}
[models.ions.vary]
larmor.susceptibility = {prior = "uniform", lower = 0, upper = 0.1}
fe3.concentration = {prior = "log-uniform", lower = 1e17, upper = 1e22}
[models.larmor.glass]
contributions.larmor = {type = "LarmorDiamagnetism", susceptibility = 4e-3}
[models.larmor.vary]
larmor.susceptibility = {prior = "uniform", lower = 0, upper = 0.1}
"""


@pytest.fixture
def folder(tmp_path):
    for seed, name in enumerate(("measured", "unseen")):
        generator = np.random.default_rng(seed)
        T, B = (axis.ravel() for axis in np.meshgrid(np.geomspace(2.0, 100.0, 12), [1.0, 2.0, 3.0]))
        M = np.asarray(magnetization(TRUTH, T, B)) + 1e-5 * generator.standard_normal(T.size)
        order = np.argsort(B, kind="stable")
        rows = "".join(f"{T[i]:.6g},{B[i]:.6g},{M[i]:.8g}\n" for i in order)
        (tmp_path / f"{name}.csv").write_text("Temperature (K),Field (T),Magnetization (emu/g)\n" + rows)
    (tmp_path / "run.toml").write_text(GLASS + DATA + VARY)
    (tmp_path / "compare.toml").write_text(DATA + MODELS)
    return tmp_path


@pytest.mark.slow
def test_fit_adds_posterior_holdout_and_unseen_data_to_the_report(folder, capsys):
    code = main(["fit", str(folder / "run.toml"), "-o", str(folder / "out"), "--posterior", "--holdout",
                 "--predict", str(folder / "unseen.csv")])  # fmt: skip
    printed = capsys.readouterr().out
    assert code == 0 and "ln Z =" in printed and "unseen_1T is predicted within its errors" in printed
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    for title in ("Posterior", "Leaving each dataset out", "Not fitted: unseen_1T"):
        assert title in page
    kept = json.loads((folder / "out" / "result.json").read_text())
    assert kept["holdout"]["adequate"] and kept["posterior"]["trusted"]


@pytest.mark.slow
def test_predict_says_that_a_file_was_fitted(folder, capsys):
    files = [str(folder / name) for name in ("run.toml", "out", "measured.csv")]
    assert main(["fit", files[0], "-o", files[1], "--predict", files[2]]) == 0
    assert "all its points were fitted (as measured_1T), so this is no prediction" in capsys.readouterr().out
    assert main(["fit", files[0], "-o", f"{files[1]}-2", "--predict", "nowhere.csv"]) == 2
    assert "--predict nowhere.csv (read as [[data]] 1)" in capsys.readouterr().err
    assert "Fitted already: measured_1T" in (folder / "out" / "report.html").read_text(encoding="utf-8")


def test_calibrate_counts_and_goes_on_from_its_folder(folder, capsys):
    arguments = ["calibrate", str(folder / "run.toml"), "-n", "20", "-o", str(folder / "card"), "--workers", "1"]
    assert main(arguments) == 0 and "20 simulations" in capsys.readouterr().out
    arguments[3] = "24"
    assert main(arguments) == 0 and "24 simulations" in capsys.readouterr().out
    assert "Coverage of the intervals" in (folder / "card" / "report.html").read_text(encoding="utf-8")


def test_plan_prints_what_to_measure(folder, capsys):
    code = main(["plan", str(folder / "run.toml"), "--goal", "fe3.concentration", "--candidates", "T=2:100:5:log",
                 "B=1,7 T", "--points", "6", "--json"])  # fmt: skip
    made = json.loads(capsys.readouterr().out)
    assert code == 0 and sum(block["points"] for block in made["blocks"]) == 6
    planned = ["plan", str(folder / "run.toml"), "--candidates", "T=2,100", "B=1", "-o", str(folder / "planned")]
    assert main(planned) == 0 and (folder / "planned" / "report.html").is_file()
    capsys.readouterr()
    assert main(planned) == 2 and "already holds files" in capsys.readouterr().err
    assert main(["plan", str(folder / "run.toml"), "--candidates", "T"]) == 2
    assert "write NAME=VALUES" in capsys.readouterr().err
    assert main(["plan", str(folder / "run.toml"), "--candidates", "T=2", "B=1", "sample=3"]) == 2


def test_calibrate_takes_one_model_of_several(folder, capsys):
    counted = ["calibrate", str(folder / "compare.toml"), "-n", "20", "--workers", "1"]
    assert main(counted) == 2 and "describes ions, larmor; say which with --model" in capsys.readouterr().err
    assert main([*counted, "--model", "larmor"]) == 0 and "larmor.susceptibility" in capsys.readouterr().out


def test_a_plan_takes_minutes_noise_and_grids_and_its_report_has_a_map(folder, capsys):
    plan = ["plan", str(folder / "run.toml"), "--goal", "fe3.concentration"]
    grid = ["--candidates", "T=2:100:5:log", "B=1,7 T"]
    assert main([*plan, *grid, "--minutes", "60", "--noise", "relative=0.02", "absolute=1e-6", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert 50.0 < made["minutes"] <= 60.0 and "2 % of the signal and 1e-06" in " ".join(made["sentences"])
    assert main([*plan, *grid, "--points", "4", "--simulate", "6", "-o", str(folder / "mapped")]) == 0
    page = (folder / "mapped" / "report.html").read_text(encoding="utf-8")
    assert all(words in page for words in ("What the candidates are worth", "The promise simulated", "plan-map.csv"))
    assert "error of ln fe3.concentration" in page
    rows = (folder / "mapped" / "plan-map.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 11 and sum(int(row.split(",")[-1]) for row in rows[1:]) == 4
    capsys.readouterr()
    for wrong, words in ((["T=2", "T=3", "B=1"], "T is given twice"), (["T=2", "B=1", "--noise", "x"], "a number, or"),
                         (["T=2", "B=1", "--minutes", "3"], "no point fits into 3 minutes"),
                         (["T=2", "B=1", "--cost", "point=0"], "the cost of a point must be")):  # fmt: skip
        assert main([*plan, "--candidates", *wrong]) == 2 and words in capsys.readouterr().err


def test_scales_and_drift_from_a_run_file(folder, capsys):
    scales = '[vary]\n"data.*.scale" = {prior = "normal", mean = 1, sigma = 0.005}\n'
    text = (GLASS + DATA + VARY).replace("[vary]\n", scales)
    (folder / "shared.toml").write_text(text.replace("noise = {", "noise = {drift = true, "))
    assert main(["fit", str(folder / "shared.toml"), "-o", str(folder / "shared"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)[0]
    assert sum(path.endswith(".scale") for path in found["names"]) == 3
    assert sum("drift along ln T" in note for note in found["notes"]) == 3
    (folder / "bad.toml").write_text(text.replace("noise = {", 'noise = {drift = "much", '))
    assert main(["fit", str(folder / "bad.toml"), "-o", str(folder / "bad")]) == 2
    assert "drift must be true or a number above 0" in capsys.readouterr().err
    assert main(["fit", str(folder / "run.toml"), "-o", str(folder / "x"), "--store", str(folder / "s.npz")]) == 2
    assert "--store" in capsys.readouterr().err


def test_plan_finds_the_model_that_varies_its_goal_and_tells_two_apart(folder, capsys):
    grid = ["--candidates", "T=2:100:5:log", "B=1,7", "--points", "6"]
    path = str(folder / "compare.toml")
    assert main(["plan", path, "--goal", "fe3.concentration", "--systematics", *grid]) == 0
    assert "reckoned with" in capsys.readouterr().out
    assert main(["plan", path, *grid]) == 2 and "say which with --model" in capsys.readouterr().err
    assert main(["plan", path, "--model", "ions", "--versus", "larmor", *grid[:-2]]) == 0
    assert "of chi-square per point" in capsys.readouterr().out
    assert main(["plan", path, "--model", "ion", *grid]) == 2 and "there is no model 'ion'" in capsys.readouterr().err


@pytest.mark.slow
def test_compare_weighs_the_evidence(folder, capsys):
    code = main(["compare", str(folder / "compare.toml"), "-o", str(folder / "out"), "--evidence"])
    assert code == 0 and "ln B(ions : larmor)" in capsys.readouterr().out
    assert "over the prior scan" in (folder / "out" / "report.html").read_text(encoding="utf-8")


def test_keys_of_the_run_file_ask_for_the_same(folder):
    unseen = DATA.replace("[[data]]", "[[predict]]\nname = \"other\"").replace("measured", "unseen")
    path = folder / "all.toml"
    path.write_text(GLASS + DATA + unseen + VARY + "[options]\nholdout = true\nposterior = true\n")
    run = load_run(path)
    assert run.holdout and run.posterior and len(run.predicted) == 3
    path.write_text(GLASS + DATA + VARY + "[options]\nevidence = true\n")
    with pytest.raises(RunFileError, match="evidence compares models"):
        load_run(path)
    path.write_text(DATA + MODELS + "[options]\nposterior = true\n")
    with pytest.raises(RunFileError, match="belong to a single fit"):
        load_run(path)


@pytest.mark.slow
def test_a_fit_leaves_each_dataset_out_without_being_asked(folder):
    assert main(["fit", str(folder / "run.toml"), "-o", str(folder / "plain")]) == 0
    assert json.loads((folder / "plain" / "result.json").read_text())["holdout"]["adequate"]
    (folder / "never.toml").write_text(GLASS + DATA + VARY + "[options]\nholdout = false\n")
    assert main(["fit", str(folder / "never.toml"), "-o", str(folder / "never")]) == 0
    assert "holdout" not in json.loads((folder / "never" / "result.json").read_text())


PAIR = '[options]\ncontours = [["larmor.susceptibility", "fe3.concentration"]]\n'


@pytest.mark.slow
def test_contours_of_a_pair_stand_beside_the_draws_of_the_posterior(folder, capsys):
    (folder / "pair.toml").write_text(GLASS + DATA + VARY + PAIR)
    assert main(["fit", str(folder / "pair.toml"), "-o", str(folder / "out"), "--posterior"]) == 0
    printed = capsys.readouterr().out
    assert "larmor.susceptibility and fe3.concentration: the profile contours of 68 %, 95 % hold" in printed
    kept = json.loads((folder / "out" / "result.json").read_text())
    assert kept["contours-larmor.susceptibility-fe3.concentration"]["levels"].keys() == {"0.6827", "0.95"}
    assert (folder / "out" / "posterior-measured_1T.csv").exists()
    assert main(["fit", str(folder / "run.toml"), "-o", str(folder / "plain"), "--contours",
                 "fe3.concentration,larmor.susceptibility"]) == 0  # fmt: skip
    assert "chi-square with both held" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["fe3.concentration", "fe3.concentration,fe3.concentration", "a.b,fe3.concentration"])
def test_contours_of_what_is_no_pair_are_refused(folder, capsys, text):
    assert main(["fit", str(folder / "run.toml"), "-o", str(folder / "out"), "--contours", text]) == 2
    assert "write PATH,PATH with two of what varies" in capsys.readouterr().err


def test_a_run_file_with_a_contour_that_is_no_pair_is_refused(folder):
    for entry, said in (('["a", "b"]', "list of pairs"), ('[["fe3.concentration", "a.b"]]', "does not vary")):
        (folder / "pair.toml").write_text(GLASS + DATA + VARY + f"[options]\ncontours = {entry}\n")
        with pytest.raises(RunFileError, match=said):
            load_run(folder / "pair.toml")


def test_a_plan_reckons_with_the_cost_of_temperatures(folder, capsys):
    plan = ["plan", str(folder / "run.toml"), "--candidates", "T=2:100:5:log", "B=1,7", "--points", "8", "--json"]
    for cost, minutes in (([], (2.0, 5.0, 0.0)), (["--cost", "point=3", "temperature=60", "cooldown=90"], (3, 60, 90))):
        assert main([*plan, *cost]) == 0
        made = json.loads(capsys.readouterr().out)
        temperatures = len({block["T"] for block in made["blocks"]})
        assert made["minutes"] == 8 * minutes[0] + temperatures * minutes[1] + minutes[2]
    assert main([*plan, "--cost", "temperature"]) == 2 and "write NAME=MINUTES" in capsys.readouterr().err
    assert main([*plan, "--cost", "coffee=3"]) == 2 and "cost knows" in capsys.readouterr().err


def test_a_plan_as_json_holds_its_simulation(folder, capsys):
    plan = ["plan", str(folder / "run.toml"), "--candidates", "T=2:100:5:log", "B=1,7", "--points", "4", "--json"]
    assert main([*plan, "--simulate", "8"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["simulation"]["simulations"] == 8 and made["simulation"]["predicted"].keys() == made["after"].keys()


def test_what_a_plan_against_a_rival_does_not_use_is_refused(folder, capsys):
    plan = ["plan", str(folder / "compare.toml"), "--model", "ions", "--versus", "larmor", "--candidates",
            "T=2:100:5:log", "B=1,7"]  # fmt: skip
    assert main(plan) == 0 and "of chi-square per point" in capsys.readouterr().out
    assert main([*plan, "--simulate", "8", "--posterior"]) == 2
    assert "leave out --simulate, --posterior" in capsys.readouterr().err
