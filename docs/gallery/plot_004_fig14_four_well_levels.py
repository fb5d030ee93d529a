r"""
Levels of a four-well ring (004 Fig. 14)
========================================

Four wells at the corners of a square, with hopping :math:`D_1` along the sides and :math:`D_2` along the diagonals,
threaded by a magnetic flux.

*Where this differs from the paper.* The printed matrix (004 Eq. 33) is not Hermitian; the diagonals carry
:math:`D_2\cos(\varphi/2)` here, which makes 004 Eq. 35 exact. Without side hopping the paper expects almost the physics
of three wells. That holds for the levels as drawn but not for the response: two independent double wells are left, and
their lowest gap does not feel the flux at all. It needs the sides, :math:`D_1`, to open with the field.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import four_well_levels

wells = [0.01, -0.02, 0.015, -0.005]
phase = np.linspace(0.0, 4.0 * np.pi, 601)
cases = {
    r"$D_1=0$, $D_2=1$ (004 Fig. 14)": four_well_levels(wells, 0.0, 1.0, phase),
    r"$D_1=1$, $D_2=0$ (inset)": four_well_levels(wells, 1.0, 0.0, phase),
    r"$D_1=0.1$, $D_2=1$": four_well_levels(wells, 0.1, 1.0, phase),
}
fig, panels = plt.subplots(1, 3, figsize=(11.0, 3.8))
for panel, (title, levels) in zip(panels, cases.items(), strict=True):
    panel.plot(phase / np.pi, levels)
    panel.set(title=title, xlabel=r"phase $\varphi/\pi$")
panels[0].set_ylabel("energy / largest hopping")
fig.tight_layout()

# %%
# What the figure must show. Without sides the lowest pair is nearly degenerate at small phase; without diagonals only
# the middle pair is.
diagonals, sides, both = (levels[phase < 1.0] for levels in cases.values())
assert np.all(diagonals[:, 1] - diagonals[:, 0] < 0.05)
gaps = np.diff(sides[0])
assert gaps[1] < 0.05 and gaps[0] > 1.0 and gaps[2] > 1.0

# %%
# And what it does not: the gap that a field opens.
lowest = {name: levels[:, 1] - levels[:, 0] for name, levels in zip(cases, (diagonals, sides, both), strict=True)}
for name, gap in lowest.items():
    print(f"{name}: lowest gap {gap[0]:.5f} at phase 0, {gap[-1]:.5f} at phase 1")
assert np.ptp(lowest[r"$D_1=0$, $D_2=1$ (004 Fig. 14)"]) < 1e-4
assert lowest[r"$D_1=0.1$, $D_2=1$"][-1] > 2.0 * lowest[r"$D_1=0.1$, $D_2=1$"][0]
