r"""
Density of states and spectral delimiter (002 Fig. 19)
======================================================

Which systems an integrated echo counts: the density of states :math:`g_{ATS}(E,\varphi)` of loops that face the field,
under the window :math:`\chi(E)` of 002 Eq. 81, (a) with :math:`D_{min}` below the carrier quantum and (b) above.
The window is drawn much wider than 1/us, as the paper's sketch has it.

As in the paper: in (a) the field changes what lies under the window, in (b) there is nothing in the strict resonant
limit.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel.constants import flux_phase_per_area
from glasstunnel.echoes.flux.zero_field_decay import spectral_delimiter

FREQUENCY, WIDTH = 0.887e9, 1.5e8
quantum = 4.799243e-11 * FREQUENCY
gap = np.linspace(0.5 * quantum, 2.0 * quantum, 2001)
window = spectral_delimiter(gap, FREQUENCY, WIDTH)
low, high = 9.5e2, 2.1e4


def facing_loops(gap, asymmetry, B):
    """g(E) of dD/D dD0/D0 for loops that face the field: the length of ln D between its limits, over E."""
    small, large = (max(flux_phase_per_area * area * B, 1e-9) for area in (low, high))
    above = gap > np.hypot(asymmetry, small)
    D_high = np.sqrt(np.where(above, gap**2 - small**2, 1.0))
    D_low = np.maximum(asymmetry, np.sqrt(np.maximum(gap**2 - large**2, 0.0)))
    # dD/D E^2/(E^2 - D^2) has the integral ln D - ln(E^2 - D^2)/2
    primitive = lambda D: np.log(D) - 0.5 * np.log(np.maximum(gap**2 - D**2, 1e-300))  # noqa: E731
    return np.where(above, (primitive(D_high) - primitive(D_low)) / gap, 0.0)


fig, panels = plt.subplots(1, 2, figsize=(10.5, 4.2), sharey=True)
share = {}
for panel, (label, ratio) in zip(panels, (("a) below", 0.85), ("b) above", 1.2)), strict=True):
    for B in (1e-4, 0.05, 0.1):
        states = facing_loops(gap, ratio * quantum, B)
        share[ratio, B] = np.trapezoid(states * window, gap)
        panel.plot(1e3 * gap, states, label=f"{1e3 * B:.3g} mT")
    panel.fill_between(1e3 * gap, 0.5 * panel.get_ylim()[1] * window / window.max(), color="0.85", label="χ(E)")
    panel.set(xlabel="E (mK)", title=f"{label}: D_min = {ratio} ħω")
panels[0].set_ylabel("density of states (1/K)")
panels[0].legend(fontsize="small")
fig.tight_layout()

# %%
# What the figure must show: (a) a sizeable change with the flux, (b) a small one, and none at strict resonance.
change = {ratio: abs(share[ratio, 0.05] - share[ratio, 1e-4]) for ratio in (0.85, 1.2)}
print(f"change under the window from 0 to 50 mT: (a) {change[0.85]:.3g}, (b) {change[1.2]:.3g} 1/K")
assert change[0.85] > 3.0 * change[1.2]
assert facing_loops(np.array([quantum]), 1.2 * quantum, 0.05)[0] == 0.0
