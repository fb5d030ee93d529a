r"""
One set of tunneling systems: sound, friction, conductivity, slow heat
======================================================================

The set of vitreous silica that the acoustic tests use (density 5.02e18/(K kg), deformation potentials 1.04 and 0.65 eV)
gives every curve here; nothing is fitted. Sound velocity rises as :math:`C\ln T` and falls as :math:`-(C/2)\ln T`,
friction has its plateau at :math:`\pi C/2`, the conductivity follows :math:`T^{1.9}` below 1 K and flattens at 0.12
W/(m K) near 10 K once soft modes scatter too, and the heat capacity depends on how long one waits.
"""

import matplotlib.pyplot as plt
import numpy as np

import glasstunnel as gt
from glasstunnel.studies.phonon_scattering import reference_glasses, scattering

silica = reference_glasses()["vitreous silica"]
strength = scattering(silica).transverse
T = np.geomspace(3e-3, 3.0, 120)
FREQUENCIES = {1e3: "1 kHz", 9e4: "90 kHz", 1e9: "1 GHz"}

# %%
fig, ((velocity, friction), (conduction, heat)) = plt.subplots(2, 2, figsize=(10.5, 8.0))
for color, (frequency, label) in enumerate(FREQUENCIES.items()):
    shift = gt.sound_velocity_shift(silica, T, 0.0, frequency, "transverse", reference_temperature=T[0])
    velocity.semilogx(T, 1e4 * shift, f"C{color}", label=label)
    loss = gt.internal_friction(silica, T, 0.0, frequency, "transverse")
    friction.loglog(T, loss, f"C{color}", label=label)
friction.axhline(0.5 * np.pi * strength, color="black", linewidth=0.8, linestyle=":")
friction.text(4e-3, 0.53 * np.pi * strength, "πC/2", va="bottom")
velocity.set(xlabel="T (K)", ylabel="Δv/v (10⁻⁴)", title="transverse sound")
friction.set(xlabel="T (K)", ylabel="1/Q", title="internal friction", ylim=(1e-7, 2e-3))
for panel in (velocity, friction):
    panel.legend()

warm = np.geomspace(0.05, 30.0, 80)
bare = gt.Glass({"tls": silica["tls"]})
for glass, line, label in ((bare, "C0--", "two-level systems alone"), (silica, "C0", "and soft modes, W = 4 K")):
    conduction.loglog(warm, gt.thermal_conductivity(glass, warm, 0.0), line, label=label)
conduction.set(xlabel="T (K)", ylabel="κ (W/(m K))", title="thermal conductivity", ylim=(5e-5, 10.0))
conduction.legend()

cold = np.geomspace(0.02, 1.0, 60)
for color, time in enumerate((1e-5, 1e-2, 1e1, 1e4)):
    heat.semilogx(cold, 1e4 * gt.short_time_heat_capacity(bare, cold, 0.0, time) / cold, f"C{color}",
                  label=f"{time:g} s")  # fmt: skip
heat.set(xlabel="T (K)", ylabel="C(t)/T (10⁻⁴ J/(K² kg))", ylim=(-6.0, 20.0))
heat.set_title("heat taken up within a time")
heat.legend(title="time", loc="lower right", ncols=2)
fig.tight_layout()

# %%
# What the curves must show.
slope = np.gradient(gt.sound_velocity_shift(silica, T, 0.0, 9e4, "transverse"), np.log(T)) / strength
assert abs(slope[2] - 1.0) < 0.02 and slope[-1] < -0.3  # +C below the maximum, towards -C/2 above
plateau = gt.internal_friction(silica, 3.0, 0.0, 1e3, "transverse")
assert abs(plateau / (0.5 * np.pi * strength) - 1.0) < 0.01
kappa = gt.thermal_conductivity(silica, np.array([0.3, 0.303, 10.0]), 0.0)
assert 1.85 < np.log(kappa[1] / kappa[0]) / np.log(1.01) < 1.92 and abs(kappa[2] - 0.129) < 0.001
assert gt.thermal_conductivity(bare, 10.0, 0.0) > 10.0 * kappa[2]  # two-level systems alone make no plateau
waits = gt.short_time_heat_capacity(bare, 0.1, 0.0, np.array([1e-5, 1e-2, 1e1, 1e4]))
steps = np.diff(waits)
assert np.all(np.abs(steps / steps[0] - 1.0) < 0.02)  # the same for every factor of 1000 in time: a logarithm
