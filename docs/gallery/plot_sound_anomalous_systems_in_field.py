r"""
Is there a magneto-acoustic effect of anomalous systems?
========================================================

Strain shifts the wells of a triangle as an electric field does, so that anomalous systems which couple to strain change
the sound velocity in a magnetic field, with the opposite sign and half the size of the dielectric effect times the
ratio of couplings. BK7 with the numbers of 002 Table 5 at 15 mK and 1 kHz, four directions of the sound against the
field, and what a null of :math:`10^{-7}` leaves of the unknown strain potential. Without one (the default) the lines
would be zero: the absence of an effect is then no contradiction, and no evidence either.
"""

import dataclasses
import math

import matplotlib.pyplot as plt
import numpy as np

import glasstunnel as gt
from glasstunnel.constants import debye
from glasstunnel.papers import published
from glasstunnel.systems.anomalous.strain import acoustic_bound, density_of_dipoles, strength

HOST = gt.Material(2510.0, 5900.0, 3700.0)  # kg/m3, m/s
printed = published("002.T5.BK7.eps.T15mK")["ats"]
# gamma_A and p1 enter as gamma_A/p1 alone: one debye stands for the dipole, permittivity 6. Both are rescaled by
# sqrt(2/3) in the papers' energies, so that gamma_A = sqrt(3/2) eV is 1 eV per debye.
glass = dataclasses.replace(
    printed, orientation="average", convention="default", material=HOST, strain_potential=math.sqrt(1.5),
    density=density_of_dipoles(printed.dielectric_strength, debye, 6.0, HOST.density),
)  # fmt: skip
B = np.geomspace(1e-3, 1.0, 120)
CASES = [(mode, direction) for mode in ("longitudinal", "transverse") for direction in ("parallel", "perpendicular")]

# %%
fig, (change, bound) = plt.subplots(1, 2, figsize=(10.5, 4.2))
effects = {}
for color, (mode, direction) in enumerate(CASES):
    turned = dataclasses.replace(glass, strain_direction=direction)
    effect = gt.sound_velocity_shift(turned, 0.015, B, 1e3, mode, reference_field=0.0, part="resonant")
    effects[mode, direction] = effect / strength(turned, mode)
    change.semilogx(B, 1e6 * effect, f"C{color}", label=f"{mode}, {direction}")
change.axhline(0.0, color="black", linewidth=0.8)
change.set(xlabel="B (T)", ylabel="Δv/v (10⁻⁶)", title="BK7, 15 mK, γ$_A$/p₁ = 1 eV/D")
change.legend()
fields = np.geomspace(0.05, 1.0, 30)
limits = [acoustic_bound(glass, 1e-7, 0.015, float(field), 1e3) / math.sqrt(1.5) for field in fields]
bound.semilogx(fields, limits, "C4")
bound.set(xlabel="largest field of the null (T)", ylabel="γ$_A$/p₁ (eV/D)", ylim=(0.0, 0.6))
bound.set_title("what |Δv/v| < 10⁻⁷ allows, transverse sound")
fig.tight_layout()

# %%
# The effect starts downwards and turns up; at half a tesla a null of 1e-7 means gamma_A/p1 < 0.2 eV/D.
at = int(np.argmin(np.abs(B - 0.5)))
for effect in effects.values():
    assert effect[at] > 4.0 and effect.min() < 0.0
assert effects["transverse", "perpendicular"][at] > effects["longitudinal", "parallel"][at]
half_tesla = acoustic_bound(glass, 1e-7, 0.015, 0.5, 1e3) / math.sqrt(1.5)
print(f"|dv/v| < 1e-7 up to 0.5 T: gamma_A/p1 < {half_tesla:.2f} eV/D")
assert abs(half_tesla - 0.2) < 0.01
