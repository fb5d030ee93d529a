r"""
Do the intervals hold?
======================

Five kinds of experiment, simulated with parameters drawn from their priors and refitted (``make calibration``, which
writes the numbers shown here): how often the 68 and 95 % intervals of the curvature, of the profile and of the
posterior held what had been put in. Bars are one binomial standard deviation.
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

LEVELS = (0.68, 0.95)
COLORS = {"curvature": "#0072B2", "profile": "#D55E00", "posterior": "#009E73"}

STORED = Path(sys.argv[0]).resolve().parents[1] / "calibration.json"
found = json.loads(STORED.read_text(encoding="utf-8"))
rows = [(f"{problem}: {path}", parameter) for problem, part in found.items()
        for path, parameter in part["parameters"].items()]  # fmt: skip

# %%
# No interval misses its level by more than four binomial standard deviations, and the ranks of the truth among
# posterior draws are uniform (Kolmogorov-Smirnov p above 0.001).

for name, parameter in rows:
    assert parameter["p"] > 1e-3, name
    for method, counted in parameter["intervals"].items():
        for level, fraction in zip(LEVELS, counted["coverage"], strict=True):
            assert abs(fraction - level) <= 4.0 * np.sqrt(level * (1.0 - level) / counted["counted"]), (name, method)

figure, ax = plt.subplots(figsize=(7.0, 0.6 + 0.55 * len(rows)), layout="constrained")
for row, (_, parameter) in enumerate(reversed(rows)):
    for offset, (method, counted) in zip((0.22, 0.0, -0.22), parameter["intervals"].items(), strict=True):
        for level, fraction in zip(LEVELS, counted["coverage"], strict=True):
            error = np.sqrt(level * (1.0 - level) / counted["counted"])
            label = method if row == 0 and level == LEVELS[0] else None
            ax.errorbar(100.0 * fraction, row + offset, xerr=100.0 * error, fmt="o", markersize=3.0,
                        color=COLORS[method], label=label)  # fmt: skip
for level in LEVELS:
    ax.axvline(100.0 * level, color="black", linestyle=":", linewidth=1.0)
ax.set_yticks(range(len(rows)), [name for name, _ in reversed(rows)])
ax.set_xlabel("intervals that hold what was put in [%]")
figure.legend(loc="outside lower center", ncols=3)
runs = min(part["runs"] for part in found.values())
ax.set_title(f"{runs} simulations of each kind")

plt.show()
