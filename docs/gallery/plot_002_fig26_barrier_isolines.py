r"""
Barriers from splittings: iso-lines of :math:`\Delta_0` (002 Fig. 26)
=====================================================================

Which barrier :math:`V_0` goes with a splitting :math:`\Delta_0` of a double well whose single wells have the quantum
:math:`\hbar\Omega`.

*Where this differs from the paper.* Its Eq. 4, stated for two parabolas, is a sum of a matrix element and an overlap
and turns negative above :math:`V_0 = 9\pi/8\,\hbar\Omega`; the printed lines crowd against that zero. The exact
splitting of two parabolas gives barriers of 28 to 88 K where the paper reads off "20 K or so".
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel.origins import barrier_for_splitting, splitting
from glasstunnel.origins.double_wells import PRINTED_ZERO

u = np.linspace(0.3, 9.0, 200)
below = u[u < PRINTED_ZERO - 1e-3]
fig, (left, right) = plt.subplots(1, 2, figsize=(10.0, 4.0))
exact = np.array([splitting(each, 1.0) for each in u])
left.semilogy(u, exact, "k", label="two parabolas, exact")
leading = np.array([splitting(each, 1.0, "parabolas-asymptotic") for each in u])
left.semilogy(u, leading, "C0--", label=r"$\sqrt{8u/\pi}\,e^{-2u}$")
left.semilogy(u, [splitting(each, 1.0, "quartic") for each in u], "C2", label="quartic, leading form")
left.semilogy(below, [splitting(each, 1.0, "printed") for each in below], "C3", label="002 Eq. 4")
left.axvline(PRINTED_ZERO, color="C3", ls=":", lw=0.8)
left.set(xlabel=r"$u = V_0/\hbar\Omega$", ylabel=r"$\Delta_0/\hbar\Omega$", ylim=(1e-9, 2.0))
left.legend(fontsize="small")

quanta = np.linspace(2.0, 12.0, 40)
for small, color in zip((1e-6, 1e-5, 1e-4, 1e-3), ("C0", "C1", "C2", "C3"), strict=True):
    right.plot([barrier_for_splitting(small, each) for each in quanta], quanta, color, label=f"{small:g} K")
    right.plot([barrier_for_splitting(small, each, "quartic") for each in quanta], quanta, color, ls="--")
right.axvline(20.0, color="0.6", lw=0.8)
right.set(xlabel=r"$V_0$ (K)", ylabel=r"$\hbar\Omega$ (K)", title="parabolas (full), quartic (broken)")
right.legend(fontsize="small", title=r"$\Delta_0$")
fig.tight_layout()

# %%
# What the figure must show: the printed formula is far too small and ends; the leading form of the parabolas is good to
# 2 % from u = 1; the barriers lie far above 20 K.
printed = np.array([splitting(each, 1.0, "printed") for each in below])
assert np.all(printed[below > 1.0] < 0.5 * exact[: len(below)][below > 1.0])
assert np.max(np.abs(leading / exact - 1.0)[u > 1.0]) < 0.021
low, high = (barrier_for_splitting(*pair) for pair in ((1e-3, 5.66), (1e-6, 10.0)))
print(f"two parabolas: {low:.0f} K to {high:.0f} K")
assert 28.0 < low < 28.1 and 88.3 < high < 88.4
assert barrier_for_splitting(1e-6, 10.0, "quartic") > 30.0
