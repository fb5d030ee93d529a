r"""
Echo of deuterated and natural glycerol (002 Fig. 14)
=====================================================

Measured is a strong variation with the field for glycerol-d3 and a very small one for natural glycerol. Drawn are both
explanations of it: deuterium has a quadrupole moment and hydrogen has none; and the mass of deuterium lowers
:math:`D_{min}` by :math:`\sqrt2`, from above the carrier quantum to below it (002 Eq. 83 and Fig. 19).

*Where this differs from the paper.* The mass alone makes the anomalous echo of the natural glass vanish, as claimed.
That of the deuterated one then varies smoothly over hundreds of millitesla, however; what was measured, and what nuclei
give, happens below 100 mT. 002 gives no numbers for glycerol: cutoffs are chosen so that the carrier quantum lies
between the two values of :math:`D_{min}`, the quadrupole coupling is that of an O-D or C-D bond (200 kHz).
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import AnomalousTunnelingSystems, Pulses, echo, nuclear_quadrupole_echo
from glasstunnel.echoes.flux.isotopes import substitute_mass

QUADRUPOLE = 2.0 * np.pi * 200e3 / 4.0  # spin 1: omega_q = e^2 qQ/(4 hbar)
pulses = Pulses((0.1e-6, 0.2e-6), (4e-6,), 0.85e9, 1e3)
quantum = 4.799243e-11 * pulses.frequency
natural = AnomalousTunnelingSystems(
    1e20, 1.15 * quantum, None, 1e3, 2e4, theory="effective", dipole_moment=2e-30, elastic_constant=1e-10
)
deuterated = substitute_mass(natural, 2.0, 2.0)
B = np.linspace(0.0, 0.3, 61)
fine = np.linspace(0.0, 0.3, 301)  # oscillations of the nuclei
fig, panels = plt.subplots(1, 2, figsize=(10.5, 4.2))
nodes, weights = np.polynomial.hermite_e.hermegauss(7)
factor = nuclear_quadrupole_echo("D", QUADRUPOLE * np.exp(0.1 * nodes), 0.5, fine, 4e-6, weights=weights)
panels[0].plot(1e3 * fine, factor**3 / factor[-1] ** 3, label="three deuterons (d3)")
panels[0].plot(1e3 * B, np.ones_like(B), "k", label="hydrogen (d0)")
panels[0].set(xlabel="B (mT)", ylabel="A(B)/A(0.3 T)", title="nuclear quadrupoles")
panels[0].legend(fontsize="small")

curves = {name: echo(contribution, pulses, 0.013, B) for name, contribution in (("d3", deuterated), ("d0", natural))}
for name, curve in curves.items():
    panels[1].plot(1e3 * B, curve / curves["d3"][0], label=f"{name}, in units of d3 at B = 0")
panels[1].set(xlabel="B (mT)", ylabel="anomalous echo", title="anomalous systems, mass alone")
panels[1].legend(fontsize="small")
fig.tight_layout()

# %%
# What the figure must show: a strong variation for d3 and a very small one for d0.
print(f"nuclei: {1 - (factor.min() / factor[-1]) ** 3:.1%} for d3, none for d0")
assert (factor.min() / factor[-1]) ** 3 < 0.9
variation = {name: np.ptp(curve) for name, curve in curves.items()}
print(f"anomalous systems: variation of d0 over that of d3: {variation['d0'] / variation['d3']:.1e}")
assert variation["d0"] < 0.05 * variation["d3"]
