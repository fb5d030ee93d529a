r"""
Prediction: magnetization of glycerol (001 Sec. G)
==================================================

001 proposes SQUID magnetometry on glycerol, which contains no iron.

*Assumed.* Cells of 100 nm, which give the density of systems by 003 Eqs. 38-40 with a mass density of 1260 kg/m³, and
:math:`D_{min} = 0.03` K, below the energy of the 0.85 GHz echoes. For :math:`D_0|q/e|S` two ranges: that of the echo
fits, and that of the multi-silicates. Two-level form, valid for the low fields here if :math:`B^*` is large. The glass
transition of glycerol is at 190 K, as 001 has it (002 prints 47 K).
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import AnomalousTunnelingSystems, magnetization
from glasstunnel.conversions import cell_radius

density = 4.29e18  # P* n, 1/kg
assert abs(2.0 * cell_radius(density, 1260.0) - 100e-9) < 0.1e-9

ranges = {"echo scale": (1e3, 2e4), "multi-silicate scale": (1e5, 3e5)}
T = np.geomspace(1.0, 20.0, 60)
fig, ax = plt.subplots(figsize=(5.5, 3.8))
values = {}
for name, (low, high) in ranges.items():
    contribution = AnomalousTunnelingSystems(density, 0.03, None, low, high)
    ax.loglog(T, magnetization(contribution, T, 1.0), label=f"{name}, {low:g} to {high:g} K Å²")
    values[name] = magnetization(contribution, np.array([2.0, 4.5]), 1.0)
ax.axhline(1e-6, color="0.7", ls=":")
ax.set(xlabel="T (K)", ylabel="M at 1 T (emu/g)", title="glycerol, predicted")
ax.legend(fontsize="small")
fig.tight_layout()

# %%
# A magnetometer resolves 1e-6 emu/g of a large sample (dotted): the measurement distinguishes the two.
expected = {"echo scale": (4.1e-6, 2.1e-6), "multi-silicate scale": (7.3e-4, 4.0e-4)}
for name, M in values.items():
    print(f"{name}: {M[0]:.2e}, {M[1]:.2e} emu/g at 2, 4.5 K")
    np.testing.assert_allclose(M, expected[name], rtol=0.02)  # another program
assert values["multi-silicate scale"][0] > 100.0 * values["echo scale"][0]
