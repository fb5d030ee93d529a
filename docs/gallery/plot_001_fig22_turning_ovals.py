r"""
Do turning cells make the magnetization oscillate? (001 Fig. 22)
================================================================

001 proposes that oval cells turn a little from one temperature to the next, change the perimeter of the voids, and make
:math:`M(T)` oscillate.

*Where this differs from the paper.* For rigid cells that do not overlap the perimeter of the voids is the sum of the
perimeters of the cells, at every angle: turning changes nothing. With overlap it varies, by a share that falls with the
square root of the number of cells: :math:`10^{-8}` and less in a sample. Only a common turn of all cells could be seen.
"""

import dataclasses

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel.origins import exposed_oval_perimeter, packing, turning_noise

cells = packing(50, spread=0.1, dimension=2, seed=1)
apart = dataclasses.replace(cells, radii=0.7 * cells.radii)
rng = np.random.default_rng(0)
steps = [rng.normal(0.0, np.radians(5.0), 50) for _ in range(40)]
angles = rng.uniform(0.0, np.pi, 50) + np.cumsum(steps, axis=0)
overlapping = np.array([exposed_oval_perimeter(cells, each) for each in angles])
free = np.array([exposed_oval_perimeter(apart, each, growth=0.0) for each in angles])

fig, ax = plt.subplots(figsize=(6.0, 3.8))
ax.plot(100.0 * (overlapping / overlapping.mean() - 1.0), label="overlapping by 3 %")
ax.plot(100.0 * (free / free.mean() - 1.0), label="not overlapping")
ax.set(xlabel="turns of 5°, each cell for itself", ylabel="void perimeter, change in %", title="50 ovals, axes 1.2 : 1")
ax.legend()
fig.tight_layout()

# %%
# What the figure must show.
np.testing.assert_allclose(free, free[0], rtol=1e-12)
assert 1e-3 < np.std(overlapping) / overlapping.mean() < 0.05

# %%
# And for a sample: 80 mg with 10^16 systems per gram.
noise = turning_noise(cells, samples=30)
number = 0.08 * 1e16
print(f"relative rms {noise:.2f} / sqrt(N); {noise / np.sqrt(number):.0e} for {number:.0e} voids")
assert 0.05 < noise < 0.2 and noise / np.sqrt(number) < 1e-8
