r"""
Conductivity and composition: what anomalous systems would do
=============================================================

004 states that the thermal conductivity of mixed alkali-silicates is independent of composition although their
anomalous systems are not. If these couple to strain they scatter phonons above their smallest gap, and the conductivity
of composition x falls below that of silica-like two-level systems alone. Left: the ratio for the sets of 004 Table I at
:math:`\gamma_A/p_1` = 1 eV/D; right: how far the compositions then differ, against the strain potential.
"""

import dataclasses
import math

import matplotlib.pyplot as plt
import numpy as np

import glasstunnel as gt
from glasstunnel.constants import debye
from glasstunnel.papers import published
from glasstunnel.studies.phonon_scattering import conductivity_spread, largest_potential, with_potential
from glasstunnel.systems.anomalous.strain import density_of_dipoles

HOST = gt.Material(2510.0, 5900.0, 3700.0, 1.04, 0.65)
TLS = gt.TwoLevelSystems(None, material=HOST, longitudinal_strength=3.0e-4, transverse_strength=2.73e-4)
ROWS = {"004.TI.x0.05": "x = 0.05", "004.TI.x0.10": "x = 0.10", "004.TI.x0.20": "x = 0.20",
        "004.TI.AlBaSiO": "AlBaSiO"}  # fmt: skip
RESCALED = math.sqrt(1.5)  # true over rescaled strain potential, as for the dipole


def composition(row):
    """Two-level systems of one strength with the anomalous systems of a printed row, for a dipole of one debye."""
    ats = published(row)["ats"]
    density = density_of_dipoles(ats.dielectric_strength, debye, 6.0, HOST.density)
    ats = dataclasses.replace(ats, orientation="average", convention="default", density=density)
    return gt.Glass({"tls": TLS, "ats": ats}, name=row)


glasses = {row: composition(row) for row in ROWS}
T = np.geomspace(0.05, 2.0, 40)

# %%
strained = conductivity_spread({row: with_potential(glass, RESCALED) for row, glass in glasses.items()}, T)
mixed = {row: glass for row, glass in glasses.items() if ".x" in row}
potentials = np.geomspace(0.1, 2.0, 14)
spreads = [conductivity_spread({row: with_potential(glass, RESCALED * value) for row, glass in mixed.items()}, T).spread
           for value in potentials]  # fmt: skip
fig, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4.2))
for color, (row, ratio) in enumerate(strained.ratio.items()):
    left.semilogx(T, ratio, f"C{color}", label=ROWS[row])
left.set(xlabel="T (K)", ylabel="κ/κ without anomalous systems", ylim=(0.6, 1.02), title="γ$_A$/p₁ = 1 eV/D")
left.legend()
right.loglog(potentials, 100.0 * np.array(spreads), "C4o-")
right.axhline(10.0, color="black", linewidth=0.8, linestyle=":")
right.set(xlabel="γ$_A$/p₁ (eV/D)", ylabel="spread of κ from x = 0.05 to 0.20 (%)")
fig.tight_layout()

# %%
# Without coupling nothing depends on composition; with it more potassium conducts less; 10 % allows some 0.6 eV/D.
assert conductivity_spread(mixed, T).spread == 0.0
lowest = [strained.ratio[row].min() for row in mixed]
assert np.all(np.diff(lowest) < 0.0) and 0.7 < lowest[-1] < 0.8
assert np.all(np.diff(spreads) > 0.0)
edge = largest_potential(mixed, T, 0.1) / RESCALED
print(f"compositions conduct alike to 10 % below gamma_A/p1 = {edge:.2f} eV/D")
assert abs(edge - 0.63) < 0.02
