"""The joint fit of `joint_fit.py` from the shell: wall time and peak memory of the whole process."""

import resource
import subprocess
import sys
import time

WANTED = {"effective": "below 1 s", "exact": "below 5 s"}


def rows():
    """(what, measured, wanted) for the table."""
    out = []
    for theory, wanted in WANTED.items():
        times = sorted(_once(theory) for _ in range(3))
        out.append((f"joint fit 9 x 150 points, 8 parameters, {theory}, from the shell", f"{times[1]:.2f} s", wanted))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    out.append(("largest memory of a fit", f"{peak:.0f} MB", "below 500 MB"))
    return out


def _once(theory):
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "benchmarks.joint_fit", theory], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start
