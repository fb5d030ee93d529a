r"""
A double well of a simulated glass
==================================

A Kob-Andersen glass of 150 particles is cooled very quickly, minima are harvested, and neighboring minima are
joined by proven saddles. Left: who moves where. Right: the energy along the path of steepest descent.

*What to see.* A tunneling system is not one atom that hops: many atoms share the motion, and the path is longer than
the straight line between the minima, so that splittings taken along the straight line are wrong by orders of magnitude.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel.landscape import (
    candidate_pairs,
    connect,
    cool,
    double_well_levels,
    extend_path,
    harvest,
    kob_andersen,
    transverse_zero_point,
)
from glasstunnel.plots import double_well_figure, saturation_figure

glass = cool(kob_andersen(150, seed=2), seed=2000, start=1.0, steps=1000)
found = harvest(glass, temperature=0.4, replicas=2, segments=40, length=30, seed=2)
pairs, refused = candidate_pairs(found, max_difference=3.0)
print(f"{len(found.minima)} minima, {len(pairs)} pairs to join; refused: {refused}")

saddles = []
for pair in pairs[:5]:
    saddles += connect(found.minima[pair.i], found.minima[pair.j])[0].saddles
saddle = min(saddles, key=lambda s: abs(s.asymmetry))
figure = double_well_figure(saddle.ends[0].positions, saddle.displacement, glass.box, saddle.path)
plt.figure(figure)  # shown on the page

# %%
# The facts behind the picture: a proven saddle above both minima, a path longer than the chord, a shared motion.
print(f"barrier {saddle.barrier:.3f}, asymmetry {saddle.asymmetry:.3f}, {saddle.participation:.1f} atoms move")
assert saddle.curvature < 0 < saddle.barrier
assert saddle.path.length > saddle.chord
assert saddle.participation > 2
assert saddle.path.energies.argmax() not in (0, len(saddle.path.arc) - 1)

# %%
# Its tunneling, if the particles were nickel and phosphorus: kind, splitting, and what is known about its error.
hbar = 0.01341
path = extend_path(saddle.configuration, saddle.path)
levels = double_well_levels(path, hbar=hbar, transverse=transverse_zero_point(saddle.configuration, path, hbar))
print(f"{levels.kind}: gap {933.9 * levels.splitting:.3g} K at method level {levels.method}, {levels.error_class}")
assert levels.splitting > 0 and np.all(np.diff(levels.levels) > 0)

# %%
# The search is far from complete: the number of minima still rises, so any density would be a lower bound.
quenches, known = found.saturation()
figure = saturation_figure(quenches, known)
plt.figure(figure)
assert known[-1] == len(found.minima)
assert np.all(np.diff(known) >= 0)
