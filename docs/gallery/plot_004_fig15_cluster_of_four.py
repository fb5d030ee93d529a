r"""
A cluster of particles in place of one (004 Fig. 15)
====================================================

The sketch replaces four particles, each in a double well of its own, by one whose parameters add up: amplitude, charge
and area grow with N, their product as N³. What N particles that attract each other do: the splitting of the lowest
doublet, exact, for weak and strong attraction, and the product of amplitude, charge and area over that of one particle.

*Where this differs from the paper.* The figure is a sketch; here its statement is computed. Without attraction the
splitting is that of one particle. With attraction it falls, exponentially in N when U N exceeds twice the amplitude:
the particles then move together, N charges at once, but hardly ever. Amplitude and period of a current cannot both be
multiplied by N, so no regime has the cube law.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel.origins import cluster_scaling, cluster_splitting

COUNTS = np.arange(1, 31)
fig, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4.2))
curves = {}
for attraction in (0.0, 0.02, 0.5, 10.0):  # in units of the amplitude of one particle
    curves[attraction] = np.exp([cluster_splitting(int(N), attraction, 1.0) for N in COUNTS]) / 2.0
    left.semilogy(COUNTS, curves[attraction], ".-", label=f"U = {attraction:g} t")
left.semilogy(COUNTS, COUNTS, "k--", label="as drawn: N")
left.set(xlabel="number of particles N", ylabel="splitting over that of one", ylim=(1e-20, 100.0))
left.legend(fontsize="small")
laws = [cluster_scaling(int(N), 10.0, 1.0) for N in COUNTS]
for law, label in (("papers", "papers: N³"), ("independent", "independent"), ("joint", "joint, U = 10 t")):
    right.semilogy(COUNTS, np.maximum([row[law].product for row in laws], 1e-25), ".-", label=label)
right.set(xlabel="number of particles N", ylabel="D₀|q|S over that of one", ylim=(1e-20, 1e5))
right.legend(fontsize="small")
fig.tight_layout()

# %%
# What the figure claims, that parameters add up as N, against what is computed for its N = 4.
four = {attraction: float(curve[3]) for attraction, curve in curves.items()}
print("splitting of four over that of one:", {U: f"{value:.3g}" for U, value in four.items()})
assert abs(four[0.0] - 1.0) < 1e-9 and max(four.values()) < 1.0 + 1e-9
assert all(np.all(np.diff(curves[U]) < 1e-12) for U in curves)
assert abs(np.log(laws[7]["papers"].product / laws[3]["papers"].product) / np.log(2.0) - 3.0) < 1e-9
assert abs(laws[3]["independent"].product - 4.0) < 1e-9 and laws[3]["joint"].product < 0.1
