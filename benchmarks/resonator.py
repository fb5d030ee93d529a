"""The joint fit of the measured resonator files from the shell: ``glasstunnel fit examples/resonator.toml``."""

import subprocess
import sys
import time
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "examples" / "resonator.toml"


def rows():
    """(what, measured, wanted) for the table."""
    seconds = sorted(_once() for _ in range(5))[2]
    return [("resonator fit, 67 points, 8 parameters, from the shell", f"{seconds:.2f} s", "below 1 s")]


def _once():
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "benchmarks.resonator"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main():
    from glasstunnel.inference import execute, load_run

    (result,) = execute(load_run(EXAMPLE))
    print(result.report())
    return 0 if result.converged else 1


if __name__ == "__main__":
    sys.exit(main())
