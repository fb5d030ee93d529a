r"""
Wells of a soft ion: three, four and their amplitudes (004 Fig. 4c, 002 Sec. 2)
===============================================================================

004 Fig. 4(c) draws an ion that moves freely between :math:`n_w \ge 3` minima. For the square of four wells the
amplitudes along the sides and along the diagonals follow from the potential.

*Where this differs from the paper.* 004 Eqs. 39-40 look at diagonals without sides; no potential computed here comes
near that: the diagonal amplitude stays below 0.4 of the side's, and vanishes exactly where the potential separates.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel.origins import reduce_to_wells, square_well

shapes = np.array([0.2, 0.35, 0.5, 0.75, 1.0, 2.0, 3.0])
quanta = (0.3, 0.2)


def diagonal_share(shape, quantum):
    side, diagonal, _ = reduce_to_wells(square_well(shape), quantum).amplitudes
    return diagonal / side


ratios = {quantum: np.array([diagonal_share(shape, quantum) for shape in shapes]) for quantum in quanta}

fig, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.8))
x = np.linspace(-1.5, 1.5, 240)
values = np.clip(square_well(1.0).value(x[None, :], x[:, None]), None, 3.0)
left.contourf(x, x, values, levels=25, cmap="viridis_r")
left.contour(x, x, values, levels=[1.0], colors="white", linewidths=0.9)
left.set(aspect="equal", title="square well, shape 1", xlabel="x / a", ylabel="y / a")
for quantum, ratio in ratios.items():
    right.plot(shapes, ratio, ".-", label=f"{quantum:g}")
right.axhline(0.0, color="0.7", lw=0.8)
right.set(xlabel="shape", ylabel="diagonal / side amplitude", title="amplitudes from the potential")
right.legend(title=r"$\hbar/(a\sqrt{MV_0})$", fontsize="small")
fig.tight_layout()

# %%
# What the figure must show.
for ratio in ratios.values():
    assert abs(ratio[2]) < 1e-7 and np.all(ratio[3:] > 0.0) and np.all(np.abs(ratio) < 0.4)
