"""Version and citation together, completion, quiet and verbose, and how long something still takes."""

import io
import logging
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import glasstunnel as gt
from glasstunnel.cli import main
from glasstunnel.progress import Progress

EXAMPLES = Path(gt.__file__).parent / "examples"


@pytest.fixture(autouse=True)
def quiet_again():
    yield
    Progress.quiet = False
    logger = logging.getLogger("glasstunnel")
    logger.handlers[:], logger.level = [], logging.NOTSET


def test_version_and_citation_come_together(capsys):
    assert main(["--version", "--cite"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"glasstunnel {gt.__version__}\n") and "Jug" in out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_a_shell(capsys, shell):
    assert main(["--completion", shell]) == 0
    assert "glasstunnel" in capsys.readouterr().out


def test_the_shell_is_told_what_could_follow(tmp_path):
    """What argcomplete's shell code does: ask the program with the line in the environment, read the answer."""
    target = tmp_path / "answer"
    environment = os.environ | {
        "_ARGCOMPLETE": "1", "COMP_LINE": "glasstunnel cur", "COMP_POINT": "15",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(target),
        "_ARGCOMPLETE_SUPPRESS_SPACE": "1", "_ARGCOMPLETE_IFS": "\n", "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    subprocess.run([sys.executable, "-m", "glasstunnel"], env=environment, check=True, capture_output=True)
    assert target.read_text().split() == ["curve"]


def test_verbose_logs_what_is_read_and_quiet_says_nothing(capsys, caplog):
    file = str(EXAMPLES / "data" / "mpmsxl_pb6051_MvsT_0p1T.dc.dat")
    with caplog.at_level(logging.INFO, "glasstunnel"):
        assert main(["read", file, "--verbose"]) == 0
    assert "42 points of moment" in caplog.text
    assert "read" in capsys.readouterr().err
    assert main(["-q", "read", file]) == 0
    assert capsys.readouterr().err == ""


def clocked(monkeypatch, times):
    clock = iter(times)
    monkeypatch.setattr("glasstunnel.progress.time.monotonic", lambda: next(clock))


def test_a_sentence_that_counts_says_how_long_the_rest_takes(capsys, monkeypatch):
    clocked(monkeypatch, [0.0, 0.0, 20.0, 20.0])
    with Progress() as progress:
        progress("start 1 of 11: chi-square 5")
        progress("start 3 of 11: chi-square 4")  # two starts took 20 s: eight or nine are left
    assert capsys.readouterr().err == "glasstunnel: start 3 of 11: chi-square 4 ... (about 90 s left)\n"


def test_quiet_progress_says_nothing_and_a_terminal_gets_a_bar_that_goes_away(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    clocked(monkeypatch, [0.0, 2.0, 2.0, 4.0, 4.0] + [5.0] * 9)
    with Progress() as progress:
        progress("start 2 of 4: chi-square 5")
        progress("writing the report")
        assert "start 2 of 4" in screen.getvalue() and "left" in screen.getvalue()
    assert screen.getvalue().endswith("\r")
    monkeypatch.setattr(Progress, "quiet", True)
    screen.truncate(0)
    Progress()("something long")
    assert screen.getvalue() == ""


def test_what_is_imported_for_the_shell_is_a_named_dependency():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert any(name.startswith("tqdm") for name in project["dependencies"])
    assert any(name.startswith("argcomplete") for name in project["optional-dependencies"]["completion"])
