"""Whole commands from the shell: what a user waits for."""

import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent / "glasstunnel"
CURVE = "curve magnetization --glass 002.T14.BK7.M --temperature 2:300:100 --field 2 --csv"


def rows():
    """(what, measured, wanted) for the table."""
    return [
        ("glasstunnel --help, from the shell", f"{_seconds('--help'):.2f} s", "below 0.2 s"),
        ("first curve (100 points), from the shell", f"{_seconds(CURVE):.2f} s", "below 0.5 s"),
    ]


def _seconds(arguments):
    def once():
        start = time.perf_counter()
        subprocess.run([BIN, *arguments.split()], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    return sorted(once() for _ in range(7))[3]
