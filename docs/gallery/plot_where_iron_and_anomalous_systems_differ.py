r"""
Where to measure to tell anomalous systems from iron
====================================================

A magnetization that iron ions explain and one that needs anomalous tunneling systems differ by different amounts at
different temperatures and fields. The T-optimal design (Atkinson and Fedorov 1975) spends the points where the rival,
fitted anew to the whole design, fails most. True model: the fit of the simulated BK7 of the examples (iron and
anomalous systems); rival: Larmor diamagnetism and iron of both valences, all free and positive; noise 1e-5 emu/g.

High field, around 10 K, the lowest temperature and one warm anchor for the diamagnetism: eight times the chi-square per
point that the existing three runs bring. Most of the field values of a usual grid add next to nothing.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel.demo.files import example_file
from glasstunnel.inference import fit, plan
from glasstunnel.runfile import load_run

TEMPERATURES = np.geomspace(1.8, 300.0, 15)
FIELDS = np.array([0.05, 0.1, 0.3, 0.5, 1.0, 2.0, 3.5, 5.0, 7.0])

run = load_run(example_file("simulated_bk7.toml"))
fits = {name: fit(model.glass, run.datasets, model.vary, ties=model.ties) for name, model in run.models.items()}
with_ats, iron = fits["iron_and_ats"], fits["iron"]
design = plan(with_ats, {"T": TEMPERATURES, "B": FIELDS}, versus=iron, noise=1e-5)
print(design.report())

# %%
# No other shares bring more, to 2 %: the design comes with an upper bound on all of them. The existing data, three
# fields by 81 temperatures, bring 530 of chi-square per point; the design about eight times as much.

existing = (iron.chi2 - with_ats.chi2) / len(with_ats.problem.observed)
assert design.worst < 1.02
assert 3500.0 < design.per_point < 4800.0 and 6.0 < design.per_point / existing < 10.0
heavy = design.weights > 0.03
assert design.candidates.B[heavy].min() >= 5.0  # high fields only
assert design.candidates.T[heavy].min() < 2.0 and design.candidates.T[heavy].max() > 100.0

# %%
# The map: what one more point brings, the rival doing its best for the design.

share = design.weights.reshape(len(TEMPERATURES), len(FIELDS))
figure, ax = plt.subplots(figsize=(6.0, 3.8), layout="constrained")
for column, B in enumerate(FIELDS):
    sizes = 3.0 + 900.0 * share[:, column]
    ax.scatter(TEMPERATURES, np.full(len(TEMPERATURES), B), s=sizes, color="#0072B2", alpha=0.7)
ax.set_xscale("log")
ax.set_xlabel("$T$ [K]")
ax.set_ylabel("$B$ [T]")
ax.set_title(f"share of the points; {design.per_point:.0f} of chi-square per point")

# %%
# The other question of the same data: which points tell the smallest asymmetry, ``asymmetry_min``? With two minutes a
# point and five for a new temperature, all of them at the lowest temperature, in three fields.

points = plan(with_ats, {"T": TEMPERATURES, "B": FIELDS}, "ats.asymmetry_min", points=40, noise=1e-5)
ratio = points.after["ats.asymmetry_min"] / points.before["ats.asymmetry_min"]
print(points.report())
assert {block.T for block in points.blocks} == {1.8}
assert 0.5 < ratio < 0.6  # a repeat of the old design would give 0.93

plt.show()
