r"""
The triple well and what a field does to it (002 Fig. 3, 001 Fig. 4)
====================================================================

A particle in a plane potential with three wells. The papers draw the potential without a formula and write down three
amplitudes :math:`D_0`; here the Schrödinger equation is solved, with the magnetic field in it, and reduced to three
wells.

*Where this differs from the paper.* The amplitude comes out negative, so that the ground state is single, not a
doublet. Amplitude and flux area are constants of the potential only for small flux: at one flux quantum nothing
recurs. The flux area is that of the triangle only in the limit of a heavy particle in the middle of the family.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import three_well_levels
from glasstunnel.origins import least_action, reduce_to_wells, triple_well
from glasstunnel.origins.reduction import block_levels

well, quantum = triple_well(1.0), 0.2
reduced = reduce_to_wells(well, quantum)
phases = np.linspace(0.0, 6.0, 25)
levels = np.array([np.sort(block_levels(well, quantum, phase / reduced.area)) for phase in phases])
ring = three_well_levels(np.zeros(3), reduced.amplitude, phases) + reduced.mean
scale = abs(reduced.amplitude)

fig, (left, middle, right) = plt.subplots(1, 3, figsize=(12.0, 3.8))
x = np.linspace(-1.6, 1.6, 240)
values = np.clip(well.value(x[None, :], x[:, None]), None, 3.0)
left.contourf(x, x, values, levels=25, cmap="viridis_r")
left.contour(x, x, values, levels=[1.0], colors="white", linewidths=0.9)
for shape, color in ((0.5, "C1"), (1.0, "k"), (3.0, "C3")):
    path = least_action(triple_well(shape)).path
    for turn in np.exp(2j * np.pi * np.arange(3) / 3):
        z = (path[:, 0] + 1j * path[:, 1]) * turn
        left.plot(z.real, z.imag, color, lw=1.0, label=f"shape {shape:g}" if turn == 1.0 else None)
left.set(aspect="equal", title="potential (shape 1), least-action loops", xlabel="x / a", ylabel="y / a")
left.legend(fontsize="x-small", loc="upper right")
for solved, three in zip(levels.T, ring.T, strict=True):
    middle.plot(phases / np.pi, (solved - reduced.mean) / scale, "C0")
    middle.plot(phases / np.pi, (three - reduced.mean) / scale, "k:")
middle.set(xlabel=r"phase $bS/\pi$", ylabel="level / |t|", title="solved, and three wells (dotted)")
quanta = np.array([0.15, 0.2, 0.3])
for shape in (0.5, 1.0, 2.0):
    ratios = [reduce_to_wells(triple_well(shape), each).area_ratio for each in quanta]
    right.plot([0.0, *quanta], [least_action(triple_well(shape)).area_ratio, *ratios], ".-", label=f"shape {shape:g}")
right.axhline(1.0, color="0.7", lw=0.8)
right.set(xlabel=r"$\hbar/(a\sqrt{MV_0})$", ylabel="flux area / triangle", title="which area the flux threads")
right.legend(fontsize="small")
fig.tight_layout()

# %%
# What the figure must show: a single ground state and a pair above it at zero phase, where the papers have the pair
# below; three wells as a good description at small phase and a bad one at a full flux quantum.
assert reduced.amplitude < 0.0 and levels[0, 1] - levels[0, 0] > 2.9 * scale
np.testing.assert_allclose(levels[0, 1], levels[0, 2], rtol=1e-12)
error = np.abs((levels[:, 1] - levels[:, 0]) / (ring[:, 1] - ring[:, 0]) - 1.0)
assert np.max(error[phases <= 0.5]) < 0.01 and np.max(error[phases <= 1.75]) < 0.11
assert levels[-1, 2] - levels[-1, 0] < 0.9 * (levels[0, 2] - levels[0, 0])
print(f"1 % up to a phase of {reduced.field_range(0.01) * reduced.area:.2f}, 10 % up to "
      f"{reduced.field_range(0.10) * reduced.area:.2f}")
assert least_action(triple_well(0.5)).area_ratio > 1.4 and least_action(triple_well(3.0)).area_ratio < 0.5

# %%
# The field also lifts all three levels together, the diamagnetism of the wells: more than the ring at this quantum
# number.
shift = levels.mean(axis=1) - reduced.mean
assert shift[8] > scale * 1.0 and np.all(np.diff(shift) > 0.0)
print(reduced)
