r"""
N tunneling particles as one (004 Fig. 15, 001 Sec. B)
======================================================

N equal double wells whose particles attract each other in equal wells (004 Eqs. 44, 47), solved exactly for up to 1000
particles, with the splitting as a logarithm.

*Where this differs from the paper.* 004 Eqs. 45-51 sum the amplitudes of the N particles and arrive at a splitting
:math:`N\Delta_0`, a charge :math:`Nq_0` and an area :math:`\propto N`, together :math:`N^3`. That sum is half the
width of the band of levels. Below :math:`\Lambda = UN/2t = 1` the particles tunnel independently: N-fold current, flux
period of one. Above it they tunnel together: N-fold flux, exponentially small amplitude. Never both.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel.origins import cluster_scaling, cluster_splitting, joint_exponent, ring_cluster

ratios = np.concatenate([np.linspace(0.0, 0.95, 20), np.linspace(1.0, 3.0, 21)])
counts = (10, 50, 200, 1000)
curves = {n: np.array([cluster_splitting(n, 2.0 * r / n, 1.0) for r in ratios]) - np.log(2.0) for n in counts}

fig, (left, right) = plt.subplots(1, 2, figsize=(10.0, 3.9))
for count, curve in curves.items():
    left.plot(ratios, curve / np.log(10.0), label=f"N = {count}")
left.axvline(1.0, color="0.7", lw=0.8)
left.set(xlabel=r"$\Lambda = UN/2t$", ylabel="log10(splitting / 2t)", ylim=(-60, 2), title="exact splitting")
left.legend(fontsize="small")
number = np.arange(1, 201)
for law in ("papers", "papers-area", "independent"):
    right.loglog(number, [cluster_scaling(int(n), 0.0, 1.0)[law].product for n in number], label=law)
solved = [cluster_scaling(int(n), 0.02, 1.0)["solved"].product for n in number]
right.loglog(number, solved, "k", label="solved, U = 0.02 t")
right.set(xlabel="N", ylabel=r"$D_0qS$ relative to one particle", ylim=(1e-6, 1e8), title="what N particles can have")
right.legend(fontsize="small")
fig.tight_layout()

# %%
# What the figure must show: :math:`\sqrt{1-\Lambda}` below the transition, an exponential law above it, and a product
# that never exceeds N.
half = curves[1000][np.isclose(ratios, 0.5)][0]
assert abs(np.exp(half) - np.sqrt(0.5)) < 1e-3
two = curves[1000][np.isclose(ratios, 2.0)][0]
assert abs(-two / 1000.0 - joint_exponent(2.0)) < 0.005
assert np.all(np.array(solved) <= number * (1.0 + 1e-9))
assert solved[-1] < 1e-3 and cluster_scaling(200, 0.02, 1.0)["papers"].product == 200.0**3

# %%
# Three wells: an odd number keeps the ground doublet of a positive amplitude, an even one loses it.
doublets = [ring_cluster(n, 10.0, 1.0).ground_doublet for n in (1, 2, 3, 4)]
print(doublets)
assert doublets == [True, False, True, False]
