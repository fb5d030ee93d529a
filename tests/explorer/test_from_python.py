"""From a script or a notebook: what is refused, what is written, what a cell shows."""

import os
import subprocess
import sys
import time
import urllib.request

import pytest

import glasstunnel as gt
from glasstunnel.explorer.journal import Journal, new_folder, prune, state_folder
from glasstunnel.explorer.opening import open_subject


def test_a_class_of_a_notebook_cell_is_refused_in_a_sentence(tmp_path):
    script = tmp_path / "cell.py"
    script.write_text(
        "from dataclasses import dataclass\nimport glasstunnel as gt\n"
        "from glasstunnel.systems.registry import CONTRIBUTIONS, Kind\n"
        "@dataclass(frozen=True)\nclass Mine(gt.LarmorDiamagnetism):\n    pass\n"
        "CONTRIBUTIONS['Mine'] = Kind(__name__, 'mine')\n"
        "try:\n    gt.explore(gt.Glass({'mine': Mine(4e-6)}))\n"
        "except gt.errors.GlassTunnelError as error:\n    print(error)\n"
        "explorer = gt.explore(gt.Glass({'larmor': gt.LarmorDiamagnetism(4e-6)}))\n"
        "print('lines' in str(explorer.sessions.first.curves({'points': 10})))\nexplorer.stop()\n"
    )
    done = subprocess.run([sys.executable, "cell.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    refused, drawn = done.stdout.splitlines()
    assert refused.startswith("Mine is defined in this notebook or script: explore calculates in processes of its own")
    assert "put the class into a module" in refused and drawn == "True", done.stderr


def test_what_is_saved_is_whole_or_not_there(tmp_path, monkeypatch):
    explorer = gt.explore(gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-6)}))
    try:
        (tmp_path / "run.toml").write_text("older")
        monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space left"):
            explorer.save(tmp_path)
        monkeypatch.undo()
        assert [path.name for path in tmp_path.glob("*.toml")] == ["run.toml"]
        assert (tmp_path / "run.toml").read_text() == "older"
        assert "susceptibility = 4e-06" in explorer.save(tmp_path).read_text()
    finally:
        explorer.stop()


def test_only_a_notebook_on_this_machine_may_frame_it():
    glass = gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-6)})
    for height, ancestors in ((0, "frame-ancestors 'none'"), (600, "http://localhost:* http://127.0.0.1:*")):
        explorer = gt.explore(glass, height=height)
        try:
            policy = urllib.request.urlopen(explorer.url.replace("?", "session?")).headers["content-security-policy"]
            assert policy.endswith(ancestors)
            shown = explorer._repr_html_()
            assert ("<iframe" in shown) == bool(height) and shown.count("localhost") == (2 if height else 0)
        finally:
            explorer.stop()


@pytest.mark.slow
def test_a_notebook_cell_shows_a_link_and_a_frame(tmp_path):
    reason = "a notebook needs nbclient and ipykernel: pip install nbclient ipykernel"
    nbclient, nbformat = (pytest.importorskip(name, reason=reason) for name in ("nbclient", "nbformat"))
    pytest.importorskip("ipykernel", reason=reason)
    cells = ["import glasstunnel as gt\nexplorer = gt.explore(gt.published('002.T14.BK7.M'), height=500)\nexplorer",
             "len(explorer.sessions.first.curves({'points': 10})['panels']) > 0", "explorer.stop()"]  # fmt: skip
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    done = nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3",
                                   resources={"metadata": {"path": str(tmp_path)}}).execute()  # fmt: skip
    html = done.cells[0].outputs[0]["data"]["text/html"]
    assert html.startswith('<a href="http://localhost:') and '<iframe src="http://localhost:' in html
    assert 'height="500"' in html and done.cells[1].outputs[0]["data"]["text/plain"] == "True"


def test_old_sessions_are_removed_but_none_in_use():
    opened = open_subject(None)
    used = Journal(new_folder(), opened)
    folders = [used.folder]
    for _ in range(52):
        folder = new_folder()
        (folder / "journal.jsonl").write_text("{}\n")
        folders.append(folder)
    for number, folder in enumerate(folders):  # the one in use is the oldest of all
        at = time.time() - 3600.0 * (60 - number)
        os.utime(folder / "journal.jsonl", (at, at))
    assert prune() == 2 and folders[0].is_dir() and not folders[1].exists() and folders[3].is_dir()
    assert prune(time.time() + 86400.0 * 91) == 50
    assert [path.name for path in state_folder().iterdir()] == [used.folder.name]
    assert Journal.resume(used.folder).state.document == opened.document
