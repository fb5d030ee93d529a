r"""
Four wells in a void: the tetrahedral potential (002 Fig. 2b)
=============================================================

The four-welled potential of 002 Fig. 2(b) as an exact polynomial, and its four lowest levels in a field along a cube
axis.

*Where this differs from the paper.* The ground state is single; the triplet above it is split by the field, by the same
amount in every direction. With the opposite sign of the amplitude, as the papers assume it, the triplet would be below.
The four plane three-well systems by which 002 replaces this potential carry about twice the moment (001 Sec. F expects
less of them): see the ratio below.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel.origins import tetrahedral_well, tetrahedron_over_rings, well_levels

well, quantum = tetrahedral_well(1.0), 0.4
fields = np.array([0.0, 0.05, 0.1, 0.2])
levels = np.array([well_levels(well, quantum, field, 4) for field in fields])
temperatures = np.geomspace(0.05, 30.0, 25)
ratio = tetrahedron_over_rings(temperatures, samples=1000)

fig, (left, middle, right) = plt.subplots(1, 3, figsize=(12.0, 4.4))
u, v = np.meshgrid(np.linspace(-1.4, 1.4, 200), np.linspace(-1.4, 1.4, 200))
cut = well.value(u / np.sqrt(2.0), u / np.sqrt(2.0), v)  # the plane x = y contains two wells and a cube axis
drawn = left.contourf(u, v, np.clip(cut, 0.0, 3.0), levels=25, cmap="viridis_r")
left.contour(u, v, cut, levels=[1.0], colors="white", linewidths=0.9)
left.set(aspect="equal", title="cut through two wells", xlabel=r"$(x+y)/\sqrt{2}\,a$", ylabel="z / a")
fig.colorbar(drawn, ax=left, orientation="horizontal", pad=0.2, label=r"$V/V_0$")
middle.plot(fields, levels - levels[0, 0])
middle.set(xlabel=r"$b = qBa^2/\hbar$", ylabel=r"$(E - E_0)/V_0$", title=r"lowest levels, $\mathbf{B}\parallel z$")
right.semilogx(temperatures, ratio)
right.axhline(0.5, color="0.7", ls=":")
right.axhline(0.75, color="0.7", ls=":")
right.set(xlabel="T / t", ylabel="M: tetrahedron / four rings", title="t > 0, same amplitude and face")
fig.tight_layout()

# %%
# What the figure must show: one level below three; the split of the three is linear in the field and symmetric.
np.testing.assert_allclose(levels[0, 1:], levels[0, 1], atol=1e-7)
assert levels[0, 0] < levels[0, 1]
split = levels[:, 3] - levels[:, 1]
np.testing.assert_allclose(split[1:] / fields[1:], split[1] / fields[1], rtol=2e-3)
np.testing.assert_allclose((levels[2, 1] + levels[2, 3]) / 2.0, levels[2, 2], atol=2e-5)

# %%
# One tetrahedron has between a half and three quarters of the moment of four rings: the crossover to three dimensions
# lowers the magnetization.
assert np.all((ratio > 0.49) & (ratio < 0.76)) and ratio[-1] > 0.73 and np.all(np.diff(ratio[5:]) > 0.0)
