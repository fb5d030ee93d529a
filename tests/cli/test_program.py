"""The program as a whole: version, help, broken pipes, and how fast it starts."""

import errno
import inspect
import io
import os
import pathlib
import re
import subprocess
import sys

import pytest
from tests.cli.commands import BK7, assert_one_sentence, run

from glasstunnel.cli import main
from glasstunnel.cli.parser import build_parser

COMMANDS = next(action.choices for action in build_parser()._actions if hasattr(action.choices, "items"))


def test_version_and_citation(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("glasstunnel ")
    code, out, _ = run(capsys, "--cite")
    assert code == 0
    assert "Paliienko" in out and "August 12, 2015" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(capsys, command):
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert f"glasstunnel {command}" in text
    assert "{'" not in text  # a percent sign that argparse took for a format


def test_advice_with_an_option_names_a_command_that_exists():
    sources = pathlib.Path(inspect.getfile(main)).parents[1].rglob("*.py")
    advised = {word for path in sources for word in re.findall(r"glasstunnel (\w+) --", path.read_text("utf-8"))}
    assert advised and advised <= set(COMMANDS)


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


@pytest.mark.parametrize(("encoding", "name"), [
    ("ascii", "chi +-.dat"), ("latin-1", "chi ±.dat"), ("utf-8", "χ ±.dat"),
])  # fmt: skip
def test_a_terminal_that_lacks_letters_gets_them_spelled_out(monkeypatch, encoding, name):
    terminal = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["read", "χ ±.dat"]) == 2
    terminal.flush()
    assert name in terminal.buffer.getvalue().decode(encoding)
