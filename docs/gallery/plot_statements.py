r"""
Do bands, contours and hold-outs hold?
======================================

Statements beyond the interval of one parameter, counted by simulating and refitting (``python -m
benchmarks.statements`` writes the numbers shown here): bands of the predicted curve and of a new measurement, of fits
and of posteriors; profile contours of two parameters; p-values of runs that the others predict; planted errors.

The bands are those at 5 T of a magnetization measured at 2 T, at three temperatures inside and outside the measured
range. Truths of posteriors are drawn from their priors: what a posterior says is then exact, whatever the prior.
"""

import json
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

LEVELS = (0.6827, 0.95)

STORED = Path(sys.argv[0]).resolve().parents[1] / "statements.json"
found = json.loads(STORED.read_text(encoding="utf-8"))
rows = {}
for key, part in found.items():
    if "bands" in key:
        name = key.replace("posterior bands, ", "posterior, ").replace("bands", "fit, nonlinear")
        rows |= {f"{name}: {what}": (part[what], part["simulations"]) for what in ("curve", "new measurement")}
rows["contour of two parameters"] = found["contours"]["coverage"], found["contours"]["simulations"]

# %%
# Everything holds within three binomial standard deviations, each simulation counted once.

for name, (coverage, count) in rows.items():
    for level, fraction in zip(LEVELS, coverage, strict=True):
        assert abs(fraction - level) < 3.0 * np.sqrt(level * (1.0 - level) / count), name
    print(f"{name:58} {100 * coverage[0]:5.1f} %  {100 * coverage[1]:5.1f} %  of {count}")

# %%
# p-values of hold-outs where the model is true: uniform where the noise is given, and where every run has to tell its
# own from eight degrees of freedom or more. From four (a run of six points with two parameters) p below 0.01 comes 1.4
# times as often as it says.

for known, counted in found.items():
    if not known.startswith("hold-out p, "):
        continue
    for level, fraction in zip(counted["levels"], counted["below"], strict=True):
        print(f"noise {known.removeprefix('hold-out p, ')}: P(p < {level:g}) = {fraction:.3f}")
        allowed = 3.0 * np.sqrt(level * (1.0 - level) / (counted["simulations"] * counted["runs"]))
        assert abs(fraction - level) < allowed or (known.endswith("residuals, 6 to 15 points") and level < 0.1), known
few = found["hold-out p, from residuals, 6 to 15 points"]
assert 1.2 < few["below"][0] / 0.01 < 1.6 and 1.0 < few["below"][1] / 0.05 < 1.2

figure, (upper, lower) = plt.subplots(2, 1, figsize=(7.6, 6.4), layout="constrained", height_ratios=(1.3, 1.0))
names = list(rows)[::-1]
for row, name in enumerate(names):
    coverage, count = rows[name]
    for level, fraction, color in zip(LEVELS, coverage, ("#0072B2", "#D55E00"), strict=True):
        upper.errorbar(100.0 * fraction, row, xerr=100.0 * np.sqrt(level * (1.0 - level) / count), fmt="o",
                      color=color, markersize=4.0, label=f"{100 * level:.0f} %" if row == 0 else None)  # fmt: skip
        upper.axvline(100.0 * level, color=color, linestyle=":", linewidth=1.0)
upper.set_yticks(range(len(names)), names)
upper.set_xlabel("holds what was put in [%]")
upper.set_title("bands and contours")
upper.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))

# %%
# What planted errors do to four runs of phonons and tunneling systems, one of which has the error: how often its run is
# found by leaving it out and by `tension` (p below 0.001), and how far the values are off in units of the error of the
# fit and of the error that includes what the runs disagree on.

planted = found["planted"]
for name, part in planted.items():
    print(f"{name:38} {part['hold-out']:3d} and {part['tension']:3d} of {part['simulations']:3d}; "
          f"rms of (found - true)/error {part['rms'][0]:.2f}, {part['rms'][1]:.2f}")  # fmt: skip
    if name == "nothing":
        assert part["hold-out"] <= 1
    else:
        assert part["hold-out"] >= 0.8 * part["simulations"] and part["rms"][1] < 1.6
names = [name for name in planted if name != "nothing"][::-1]
for shift, key, color in ((0.17, "hold-out", "#009E73"), (-0.17, "tension", "#CC79A7")):
    share = [100.0 * planted[name][key] / planted[name]["simulations"] for name in names]
    lower.barh(np.arange(len(names)) + shift, share, height=0.32, color=color, label=key)
lower.set_yticks(range(len(names)), names)
lower.set_xlabel("found [%]")
lower.set_title("errors planted in one run of four")
lower.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))

plt.show()
