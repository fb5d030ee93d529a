"""What calculates: processes that can be stopped, fits that are told and undone, things from outside the package."""

import csv
import importlib
import io
import json
import re
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest
from tests.explorer.conftest import client_of
from tests.test_recipes import toy  # noqa: F401

import glasstunnel as gt
from glasstunnel.cli import main
from glasstunnel.errors import GlassTunnelError
from glasstunnel.explorer.workers import SupersededError, TooSlowError, Worker

EXAMPLES = Path(gt.__file__).parent / "examples"


def _wait(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_process_is_stopped_when_it_takes_too_long_or_is_not_wanted_any_more():
    worker = Worker()
    assert worker.call(abs, -3) == 3
    with pytest.raises(TooSlowError):
        worker.call(time.sleep, 30, limit=0.2)
    assert worker.call(abs, -4) == 4  # another process
    threading.Timer(0.3, worker.end).start()
    with pytest.raises(SupersededError):
        worker.call(time.sleep, 30)
    worker.end()


def test_an_error_of_a_calculation_comes_back_as_a_sentence():
    worker = Worker()
    with pytest.raises(GlassTunnelError, match="no observable 'x'"):
        worker.call(importlib.import_module("glasstunnel.observables.evaluation").observable, "x")
    with pytest.raises(GlassTunnelError, match="defect, please report it: ZeroDivisionError"):
        worker.call(divmod, 1, 0)
    worker.end()


def _same_on_the_command_line(client, folder):
    """The saved run file fits to the same numbers with the command."""
    with zipfile.ZipFile(io.BytesIO(client.get("/export/run.zip").content)) as archive:
        archive.extractall(folder / "saved")
    assert main(["fit", str(folder / "saved" / "run.toml"), "-o", str(folder / "report")]) == 0
    told = json.loads((folder / "report" / "result.json").read_text())["fit"]
    ours = client.get("/session").json()["fit"]["result"]
    assert told["values"] == pytest.approx(ours["values"], rel=1e-9)
    assert told["errors"] == pytest.approx(ours["errors"], rel=1e-9)
    assert told["chi2"] == pytest.approx(ours["chi2"], rel=1e-9)


def test_a_fit_is_told_adopted_and_undone(make_sessions, tmp_path):
    client = client_of(make_sessions(str(EXAMPLES / "erbium_two_fields.toml")))
    refused = client.post("/fit", json={"do": "profile"})
    assert refused.status_code == 422 and "fit first" in refused.json()["error"]
    begun = client.post("/fit", json={"do": "start"}).json()["fit"]
    assert begun["status"] in ("running", "done")
    _wait(lambda: client.get("/session").json()["fit"]["status"] == "done")
    after = client.get("/session").json()
    rows = {row["path"]: row for row in after["rows"]}
    expected = gt.runfile.execute(gt.runfile.load_run(EXAMPLES / "erbium_two_fields.toml"))[0]
    for path, value in expected.values.items():
        assert rows[path]["value"] == pytest.approx(value, rel=1e-12)
        assert rows[path]["error"] == pytest.approx(expected.errors[path], rel=1e-9)
    assert after["last"] == "fit" and after["fit"]["figures"] == ["correlation"]
    assert client.get("/figures/correlation").text.startswith("<?xml")
    assert "Converged" in client.get("/export/report.txt").text
    _same_on_the_command_line(client, tmp_path)
    back = client.post("/actions", json={"do": "undo"}).json()
    assert {row["path"]: row["value"] for row in back["rows"]}["er3.concentration"] == 8.5e23


def test_a_resonator_file_is_drawn_as_soon_as_its_frequency_is_stated(make_sessions):
    """A quality factor becomes a loss by itself; what the file does not hold is asked for beside it."""
    client = client_of(make_sessions())
    content = (EXAMPLES / "data" / "cpw_Qint_vs_T_140dBm.csv").read_bytes()
    (row,) = client.post("/upload", content=content, headers={"x-file-name": "cpw.csv"}).json()["datasets"]
    assert row["quantity"] == "internal_loss" and "frequency" in row["problem"] and not row["drawn"]
    assert {"name": "frequency", "text": "", "unit": "Hz"}.items() <= row["conditions"][0].items()
    stated = {"entry": 0, "conditions": {"frequency": "5.6199 GHz"}}
    told = client.post("/actions", json={"do": "data_set", "with": stated}).json()
    assert told["datasets"][0]["drawn"] and not told["datasets"][0]["problem"]
    assert told["panels"][-1]["show"] == "internal loss"
    taken = {"entry": 0, "conditions": {"frequency": ""}}
    again = client.post("/actions", json={"do": "data_set", "with": taken}).json()
    assert "frequency" in again["datasets"][0]["problem"]


def test_a_cancelled_fit_leaves_everything_as_it_was(make_sessions):
    client = client_of(make_sessions(str(EXAMPLES / "resonator.toml")))
    client.post("/actions", json={"do": "options", "with": {"starts": 100}})
    before = client.get("/session").json()["rows"]
    client.post("/fit", json={"do": "start"})
    again = client.post("/fit", json={"do": "start"})
    assert again.status_code == 422 and "a fit is running already" in again.json()["error"]
    _wait(lambda: "start 1 of" in client.get("/session").json()["fit"]["sentence"])
    numbers = client.get("/session").json()["fit"]["numbers"]
    assert numbers["of"] == 100 and numbers["number"] >= 1 and numbers["cost"] > 0.0
    client.post("/fit", json={"do": "cancel"})
    _wait(lambda: client.get("/session").json()["fit"]["status"] == "cancelled")
    assert client.get("/session").json()["rows"] == before


def test_a_fit_that_is_cancelled_before_its_process_has_started_is_cancelled(make_sessions):
    sessions = make_sessions(str(EXAMPLES / "resonator.toml"))
    session = sessions.first
    session.act("options", {"starts": 100})
    for _ in range(3):
        session.command_fit("start")
        session.command_fit("cancel")
        _wait(lambda: session.fit.status != "running")
        assert session.fit.status == "cancelled" and session.fit.result is None


def test_what_cannot_be_fitted_is_said(client):
    assert "no data to fit" in client.post("/fit", json={"do": "start"}).json()["error"]
    table = b"T (K),M (emu/g)\n2,1e-3\n4,5e-4\n8,3e-4\n"
    told = client.post("/upload", content=table, headers={"x-file-name": "a.csv"}).json()
    assert "no column 'field'" in told["datasets"][0]["problem"] and not told["datasets"][0]["drawn"]
    assert "no column 'field'" in client.post("/fit", json={"do": "start"}).json()["error"]


def test_a_parameter_that_the_data_do_not_determine_is_gray(make_sessions):
    client = client_of(make_sessions(str(EXAMPLES / "erbium_two_fields.toml")))
    tied = {"path": "er3.g_factor", "role": "vary", "prior": "uniform", "lower": 1.1, "upper": 1.3}
    client.post("/actions", json={"do": "role", "with": tied})
    client.post("/fit", json={"do": "start"})
    _wait(lambda: client.get("/session").json()["fit"]["status"] not in ("running", "idle"))
    rows = {row["path"]: row for row in client.get("/session").json()["rows"]}
    gray = [path for path, row in rows.items() if row["undetermined"] or row["at_bound"]]
    assert gray, client.get("/session").json()["fit"]["result"]["report"]


RATTLE = b"RATTLEMETER\n" + b"".join(b"%g 10 %e\n" % (0.1 * n, 2e20 * 1e-30 * 0.1 * n / 10) for n in range(1, 9))


def test_a_contribution_and_an_observable_from_outside_appear_by_themselves(toy, make_sessions):  # noqa: F811
    from glasstunnel.explorer import description

    description.catalog.cache_clear()
    client = client_of(make_sessions())
    catalog = client.get("/catalog").json()
    assert {"Rattlers", "DebyePhonons"} <= {row["name"] for row in catalog["kinds"]}
    assert "hum" in {row["name"] for row in catalog["presentations"]}
    told = client.post("/actions", json={"do": "add", "with": {"kind": "Rattlers"}}).json()
    rows = {row["path"]: row for row in told["rows"]}
    assert rows["rattlers.concentration"]["meaning"] == "number of rattlers"
    client.post("/actions", json={"do": "set", "with": {"values": {"rattlers.concentration": 2e20}}})
    told = client.post("/actions", json={"do": "panel_add", "with": {"show": "hum"}}).json()
    panel = told["panels"][-1]
    assert [row["name"] for row in panel["fixed"]] == ["frequency"]
    drawn = client.post("/curves", json={"panels": [panel["id"]]}).json()["panels"][panel["id"]]
    (line,) = drawn["lines"]
    assert drawn["y_label"] == "SV [V²/Hz]"
    assert line["y"][0] == pytest.approx(2e20 * 1e-30 * line["x"][0] / panel["fixed"][0]["value"], rel=1e-5)
    told = client.post("/upload", content=RATTLE, headers={"x-file-name": "run.rattle"}).json()
    assert told["datasets"][0]["quantity"] == "hum" and told["datasets"][0]["drawn"]
    page = Path(gt.__file__).parent / "explorer" / "page"
    assert not re.search("rattl", "".join(path.read_text() for path in page.glob("*.js")), re.IGNORECASE)
    description.catalog.cache_clear()


def test_the_page_knows_no_parameter_observable_or_unit():
    """No name of a registry stands in its scripts but the columns that a person is offered first."""
    scripts = "".join(path.read_text() for path in (Path(gt.__file__).parent / "explorer" / "page").glob("*.js"))
    from glasstunnel.systems.parameters import parameter_table
    from glasstunnel.systems.registry import CONTRIBUTIONS, contribution_class

    names = {row.name for kind in CONTRIBUTIONS for row in parameter_table(contribution_class(kind))}
    names |= {*CONTRIBUTIONS, *gt.OBSERVABLES} - {"magnetization"}  # a first guess for a column without heading
    common = {"scale", "fraction", "exchange", "disorder", "density", "gap", "level"}  # words of English
    found = {name for name in names - common if re.search(rf"\b{name}\b", scripts)}
    assert not found


def test_figures_and_tables_of_a_panel_are_the_packages_own(make_sessions):
    client = client_of(make_sessions(str(EXAMPLES / "erbium_two_fields.toml")))
    for ending, start in (("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")):
        assert client.get(f"/export/p1.{ending}").content.startswith(start)
    rows = client.get("/export/p1.csv").text.splitlines()
    assert rows[0] == "what,label,T [K],M [A m2/kg],sigma,residual"
    assert len(rows) == 1 + 2 * 200 + 80
    assert client.get("/export/p9.svg").status_code == 422 and client.get("/export/x.exe").status_code == 404


@pytest.mark.parametrize("glass, theory, show, field, span, cgs", [
    ("002.T14.BK7.M", "exact", "magnetization", 2.0, (2.0, 50.0), True),
    ("002.T14.BK7.M", "effective", "heat capacity", 1.0, (0.5, 20.0), False),
    ("001.T3.BK7.constH", None, "magnetization", 3.0, (2.0, 50.0), True),
    ("002.T2.BAS.Cp.T0.90K", None, "heat capacity", 1.0, (0.5, 5.0), True),
    ("004.TII.SiO2", None, "heat capacity", 0.0, (0.5, 5.0), False),
])  # fmt: skip
def test_a_curve_on_the_page_is_that_of_the_command_line(make_sessions, capsys, glass, theory, show, field, span, cgs):
    """Exact and effective theory, and what the papers print, in SI and CGS units: the same numbers to 1e-12."""
    client = client_of(make_sessions())

    def do(action, **arguments):
        answer = client.post("/actions", json={"do": action, "with": arguments})
        assert answer.status_code == 200, answer.text
        return answer.json()

    do("load", published=glass, **({"theory": theory} if theory else {}))
    do("view", units="CGS" if cgs else "SI")
    low, high = span
    panel = do("panel_add", show=show)["panels"][-1]
    do("panel_set", id=panel["id"], changes={"low": low, "high": high, "x_log": True, "values": [field]})
    (line,) = client.post("/curves", json={"panels": [panel["id"]]}).json()["panels"][panel["id"]]["lines"]
    saved = list(csv.reader(io.StringIO(client.get(f"/export/{panel['id']}.csv").text)))[1:]
    name = show.replace(" ", "_")
    options = [*(["--theory", theory] if theory else []), *(["--cgs"] if cgs else []), "--json"]
    temperatures = f"{low}:{high}:200:log"
    assert main(["curve", name, "--glass", glass, "--temperature", temperatures, "--field", str(field), *options]) == 0
    columns = json.loads(capsys.readouterr().out)["columns"]
    (values,) = (column for heading, column in columns.items() if heading.startswith(name))
    for axis, expected in ((2, columns["temperature [K]"]), (3, values)):
        assert [float(row[axis]) for row in saved] == pytest.approx(expected, rel=1e-12, abs=0.0)
    assert line["y"] == pytest.approx(values, rel=1e-5, abs=0.0)  # the screen has six digits
    assert line["label"] == saved[0][1] == (f"{10 * field:g} kOe" if cgs else f"{field:g} T")


def test_explore_from_python_follows_the_browser_and_needs_no_main_guard(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import json, urllib.request\nimport glasstunnel as gt\n"
        "explorer = gt.explore(gt.Glass({'larmor': gt.LarmorDiamagnetism(4e-6)}))\n"
        "base, _, token = explorer.url.partition('?token=')\n"
        "body = json.dumps({'do': 'set', 'with': {'values': {'larmor.susceptibility': 5e-6}}}).encode()\n"
        "head = {'x-glasstunnel': '1', 'authorization': 'Bearer ' + token}\n"
        "urllib.request.urlopen(urllib.request.Request(base + 'actions', body, head)).read()\n"
        "curves = urllib.request.urlopen(urllib.request.Request(base + 'curves', b'{}', head)).read()\n"
        "found = 'susceptibility = 5e-06' in explorer.run_file, b'lines' in curves\n"
        "print(explorer.glass['larmor'].susceptibility, *found)\n"
        "print(explorer.save('saved'), explorer._repr_html_()[:8])\nexplorer.stop()\n"
    )
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == ["5e-06 True True", "saved/run.toml <a href="], done.stderr


def test_the_command_prints_its_address_and_refuses_what_it_cannot_open(capsys):
    for arguments, words in (
        (["explore", "no-such-glass"], "no-such-glass"), (["explore", "missing.toml"], "cannot be opened"),
        (["explore", "--resume"], "no session to resume"), (["explore", "--port", "99999999"], "cannot listen"),
        (["explore", "BK7", "--resume"], "not both"),
    ):  # fmt: skip
        assert main(arguments) == 2
        assert words in capsys.readouterr().err


def test_without_chromium_the_browser_tests_say_how_to_get_it(monkeypatch, capsys):
    from tests.browser import chromium

    monkeypatch.setattr(chromium, "find_chromium", lambda: None)
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    assert chromium.main() == 2
    assert "apt-get install chromium" in capsys.readouterr().err


def test_no_process_outlives_a_killed_explorer(tmp_path):
    import psutil

    command = [sys.executable, "-m", "glasstunnel", "explore", "--no-browser", str(EXAMPLES / "resonator.toml")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("http://127.0.0.1:")
    _wait(lambda: len(psutil.Process(process.pid).children(recursive=True)) >= 2)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    process.stdout.close()
    _wait(lambda: not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children))
