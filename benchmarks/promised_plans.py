"""What plans promise for the simulated BK7 and what simulations find: the numbers of docs/honest_numbers.md.

python -m benchmarks.promised_plans 400      # simulations; 400 take about three minutes of CPU
"""

import sys

import numpy as np
from tests.inference.evidence_cases import bk7_fit

from glasstunnel import plan, posterior

GOAL, DENSITY = "ats.asymmetry_min", "ats.density"
TEMPERATURES = np.geomspace(1.8, 300.0, 15)
FOUR, NINE = [0.05, 0.5, 2.0, 7.0], [0.05, 0.1, 0.3, 0.5, 1.0, 2.0, 3.5, 5.0, 7.0]


def print_promise(label, subject, fields, simulations, **options):
    """Forty points: errors of ln D_min and of ln density before, promised and found."""
    made = plan(subject, {"T": TEMPERATURES, "B": fields}, GOAL, points=40, **options)
    found = made.simulate(simulations)
    places = ", ".join(f"{block.count} at {block.T:.3g} K {block.B:g} T" for block in made.blocks)
    print(f"{label}: {places}")
    for path in (GOAL, DENSITY):
        scatter = found.found[path] / np.sqrt(2.0 * simulations)
        print(f"  ln {path}: {made.before[path]:.3g} -> {made.after[path]:.3g} promised, {found.found[path]:.3g} +- "
              f"{scatter:.1g} found in {simulations}; missed: {', '.join(found.missed) or 'nothing'}")  # fmt: skip


def main(simulations=400):
    """Print every promise."""
    known, vague = bk7_fit(), bk7_fit(10.0)
    print_promise("as it is", known, NINE, simulations)
    print_promise("with systematic errors", known, NINE, simulations, systematics=True)
    print_promise("ten times the noise", vague, FOUR, simulations)
    print_promise("ten times the noise, over its posterior", posterior(vague, seed=1), FOUR, simulations)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
