r"""
Levels of a three-well system in a magnetic flux (002 Fig. 4)
=============================================================

Also 003 Fig. 6, 004 Fig. 5 and 000 Fig. 7(c). The ground doublet of three nearly equal wells opens with the
Aharonov-Bohm phase; the third level lies far above and everything repeats after a full flux quantum. Beside it, the
straight Zeeman lines of an Fe2+ ion, J = 2: a field opens both, but only one of them in a curved way.

*Where this differs from the paper.* The paper draws the levels for weak field and near-degeneracy; the curves here are
exact (002 Eq. 8). Its wells are not printed: an asymmetry of 1 % of the hopping is taken, as in 004 Fig. 5.
002 Eq. 8 numbers the levels top, ground, middle; they are drawn in ascending order here.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import three_well_levels, two_level_gap
from glasstunnel.constants import bohr_magneton_kelvin
from glasstunnel.systems.wells import rescaled, well_energies

phase = np.linspace(-2.0 * np.pi, 2.0 * np.pi, 801)
wells = well_energies(0.01, 1.0)
levels = three_well_levels(wells, 1.0, phase)

fig, (left, right) = plt.subplots(1, 2, figsize=(9.0, 4.0))
for level, color, label in zip(levels.T, ("C0", "C1", "C3"), ("ground", "middle", "top"), strict=True):
    left.plot(phase / np.pi, level, color, label=label)
left.set(xlabel=r"Aharonov–Bohm phase $\varphi/\pi$", ylabel="energy / hopping", title="three wells", ylim=(-2.3, 2.9))
left.legend(ncols=3, loc="upper center")

field = np.linspace(0.0, 5.0, 51)
for m in range(-2, 3):
    right.plot(field, 2.0 * m * bohr_magneton_kelvin * field, "C2")
right.set(xlabel="B (T)", ylabel="energy (K)", title=r"Fe$^{2+}$ ion, $J=2$")
fig.tight_layout()

# %%
# What the figure must show: a near-degenerate doublet at zero phase that opens with the phase, a third level far above,
# and periodicity.
gap = levels[:, 1] - levels[:, 0]
third = levels[:, 2] - levels[:, 1]
center = np.argmin(abs(phase))
inner = (phase > 0.1) & (phase < np.pi - 0.1)
assert gap[center] < 0.02 and third[center] > 2.9
assert np.all(np.diff(gap[inner]) > 0.0)
np.testing.assert_allclose(three_well_levels(wells, 1.0, phase + 2.0 * np.pi), levels, atol=1e-12)

# %%
# The two-level gap of the papers, :math:`\sqrt{D^2+D_0^2\varphi^2}` in rescaled variables, against the exact one.
ring = rescaled(wells, 1.0)
effective = two_level_gap(ring.asymmetry, ring.amplitude, phase)
for limit in (0.5, 1.0, 2.0, 3.0):
    inside = abs(phase) <= limit
    print(f"|phase| <= {limit}: effective gap too large by up to {np.max((effective / gap)[inside]) - 1.0:.1%}")
small = abs(phase) < 0.5
assert np.all(abs(effective / gap - 1.0)[small] < 0.01)
