"""Run every benchmark, print the table and keep it in RESULTS.md."""

import platform
from pathlib import Path

import numpy as np

import glasstunnel
from benchmarks import (
    dielectric,
    echo,
    explorer,
    fits,
    ions,
    landscape,
    likelihood,
    origins,
    resonator,
    shell,
    sound,
    thermodynamics,
)

_PARTS = (
    thermodynamics, ions, likelihood, dielectric, sound, resonator, fits, echo, origins, landscape, shell, explorer,
)


def main():
    lines = [
        "# Results", "",
        f"One run of `make benchmark`: glasstunnel {glasstunnel.__version__}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, {platform.machine()}. Ratios are taken within the run.", "",
        "| what | measured | wanted |", "|---|---|---|",
    ]
    print("\n".join(lines[4:]))
    for part in _PARTS:
        for row in part.rows():
            lines.append("| " + " | ".join(row) + " |")
            print(lines[-1], flush=True)
    Path(__file__).with_name("RESULTS.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
