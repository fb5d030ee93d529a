"""Running a command inside the tests, and what every refusal looks like."""

import re
import subprocess
import sys

from glasstunnel.cli import main

BK7 = ("--glass", "002.T14.BK7.M")
PROGRESS = re.compile(r"glasstunnel: .* \.\.\.( \(about .* left\))?\n")


def run(capsys, *arguments):
    """(exit code, standard output, standard error) of one command."""
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def shell(*arguments, **options):
    """The command as a process of its own."""
    return subprocess.run([sys.executable, "-m", "glasstunnel", *arguments], capture_output=True, text=True, **options)


def without_progress(err):
    """Standard error without the lines that tell how far a command is: on a slow machine there are some."""
    return PROGRESS.sub("", err)


def assert_one_sentence(result, *words):
    """Exit code 2, nothing on standard output, one line on standard error that contains `words`."""
    code, out, err = result
    err = without_progress(err)
    assert code == 2
    assert out == ""
    assert err.startswith("glasstunnel: ") and err.count("\n") == 1
    assert "Traceback" not in err
    for word in words:
        assert word in err
