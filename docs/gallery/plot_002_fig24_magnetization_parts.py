r"""
Parts of the magnetization of Duran (002 Fig. 24)
=================================================

Iron and anomalous tunneling systems at low and high temperature, printed parameters of 002 Table 11.

*Where this differs from the paper.* "Printed" uses its prefactor, twice the derived one; the dotted curve is the
derived prefactor with the exact average over the direction of the flux loops. Temperatures of the drawing are not
printed.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import magnetization, published

field = np.linspace(0.02, 5.0, 150)
temperatures = (4.5, 20.0, 77.0)
printed, derived = published("002.T11.Duran.M"), published("002.T11.Duran.M", convention="consistent")

fig, panels = plt.subplots(1, 3, figsize=(11.0, 3.8))
for panel, T in zip(panels, temperatures, strict=True):
    fe2, fe3, ats = (1e3 * magnetization(printed[key], T, field) for key in ("fe2", "fe3", "ats"))
    panel.plot(field, fe2, "C0", label=r"Fe$^{2+}$")
    panel.plot(field, fe3, "C1", label=r"Fe$^{3+}$")
    panel.plot(field, ats, "k", label="anomalous, printed")
    panel.plot(field, 1e3 * magnetization(derived["ats"], T, field), "k:", label="anomalous, derived")
    panel.set(xlabel="B (T)", title=f"Duran, {T:g} K")
    ratio = ats / (fe2 + fe3)
    print(f"{T:5.1f} K: anomalous / iron = {ratio[0]:.2f} at {field[0]} T, {ratio[-1]:.2f} at {field[-1]} T")

    # What the figure must show: the anomalous part is the largest of the parts, also at the higher temperatures.
    if T > 4.5:
        assert np.all(ats > np.maximum(fe2, fe3))
panels[0].set_ylabel("M (10⁻³ emu/g)")
panels[0].legend()
fig.tight_layout()
