"""Whole commands from the shell, as CPU time: what a user waits for on an idle machine."""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

BIN = [sys.executable, "-m", "glasstunnel"]
CURVE = "curve magnetization --glass 002.T14.BK7.M --temperature 2:300:100 --field 2 --csv"
EXAMPLES = Path(__file__).parents[1] / "examples"
_REPORT = """
import sys, time
from glasstunnel.report import save_results, sections_of
from glasstunnel.runfile import execute, load_run
records = execute(load_run(sys.argv[1]))
start = time.process_time()
sections = [section for record in records for section in sections_of(record)]
save_results(2 * sections, sys.argv[2])
print(time.process_time() - start)
"""


def rows():
    """(what, measured, wanted) for the table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        instrument, million = _instrument_file(place), _million_rows(place)
        yield "glasstunnel --help", f"{_seconds('--help'):.3f} s of CPU", "below 0.1 s"
        yield "glasstunnel read, a 1 MB instrument file", f"{_seconds('read', instrument):.2f} s of CPU", "below 0.3 s"
        yield "glasstunnel read, a million rows", f"{_seconds('read', million, times=2):.1f} s of CPU", "below 5 s"
        few, many = (_seconds("read", _wide_table(place, count)) for count in (2000, 8000))
        yield "glasstunnel read, 8000 columns over 2000 columns", f"{many / few:.1f} times", "at most 6 times"
        yield "first curve (100 points)", f"{_seconds(*CURVE.split()):.2f} s of CPU", "below 0.25 s"
        fit = _process([sys.executable, "-m", "benchmarks.joint_fit", "effective"], times=3)
        yield "joint fit 9 x 150 points, 8 parameters, effective", f"{fit:.2f} s of CPU", "below 0.7 s"
        yield _report(place)


def _instrument_file(place):
    """An MPMS3 file whose rows are repeated until it has 1 MB."""
    text = (EXAMPLES / "data" / "mpms3_ErCOT2_MvsT_FC_1kOe.dat").read_bytes()
    head, data = text.split(b"[Data]", 1)
    labels, rows = data.lstrip(b"\r\n").split(b"\n", 1)
    path = place / "instrument.dat"
    times = 1 + (1_000_000 - len(head)) // len(rows)
    path.write_bytes(head + b"[Data]\r\n" + labels + b"\n" + rows * times)
    return path


def _million_rows(place):
    path = place / "million.csv"
    T = np.linspace(2.0, 300.0, 10**6)
    np.savetxt(path, np.c_[T, np.full(T.size, 1e4), 1e-3 / T], fmt="%.6g", delimiter=",", comments="",
               header="T (K),H (Oe),M (emu/g)")  # fmt: skip
    return path


def _wide_table(place, count):
    path = place / f"wide_{count}.csv"
    names = ["T (K)", "C (J/(kg K))", *(f"x{number}" for number in range(count))]
    lines = [",".join(names), *(",".join([str(row + 2)] * len(names)) for row in range(20))]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def _report(place):
    """A report with twelve figures: twice the sections of a fit of two erbium runs with profiles."""
    out = place / "out"
    out.mkdir()
    command = [sys.executable, "-c", _REPORT, str(EXAMPLES / "erbium_two_fields.toml"), str(out)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures = (out / "report.html").read_text().count("<figure")
    return f"report with {figures} figures", f"{float(done.stdout):.2f} s of CPU", "twelve below 2.5 s"


def _seconds(*arguments, times=5):
    return _process([*BIN, *map(str, arguments)], times)


def _process(command, times):
    """The least CPU time of a process, user and system."""

    def once():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return min(once() for _ in range(times))
