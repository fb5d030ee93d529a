r"""
Parts of the magnetization of Duran (002 Fig. 24)
=================================================

Iron and anomalous tunneling systems at low and high temperature, printed parameters of 002 Table 11.

*Where this differs from the paper.* Its captions name the weak-field formula, but the fit seems to have used the
higher-field correction (see the figure of the whole magnetization); both are drawn with the printed prefactor, twice
the derived one. Temperatures of the drawing are not printed.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import magnetization, published

field = np.linspace(0.02, 5.0, 150)
temperatures = (4.5, 20.0, 77.0)
weak, corrected = published("002.T11.Duran.M"), published("002.T11.Duran.M", higher_field=True)

fig, panels = plt.subplots(1, 3, figsize=(11.0, 4.0))
for panel, T in zip(panels, temperatures, strict=True):
    fe2, fe3, ats = (1e3 * magnetization(corrected[key], T, field) for key in ("fe2", "fe3", "ats"))
    ats_weak = 1e3 * magnetization(weak["ats"], T, field)
    panel.plot(field, fe2, "C0", label=r"Fe$^{2+}$")
    panel.plot(field, fe3, "C1", label=r"Fe$^{3+}$")
    panel.plot(field, ats, "k", label="anomalous, higher-field")
    panel.plot(field, ats_weak, "k:", label="anomalous, weak-field")
    panel.set(xlabel="B (T)", title=f"Duran, {T:g} K", ylim=(0.0, 1.5 * ats_weak[-1]))
    ratio = ats / (fe2 + fe3)
    print(f"{T:5.1f} K: anomalous / iron = {ratio[0]:.2f} at {field[0]} T, {ratio[-1]:.2f} at {field[-1]} T; "
          f"weak-field formula {ats_weak[-1] / (fe2 + fe3)[-1]:.2f} at {field[-1]} T")

    # What the figure must show: the anomalous part is the largest one, also at the higher temperatures.
    assert np.all(ats > fe2 + fe3) and np.all(ats_weak > fe2 + fe3)
panels[0].set_ylabel("M (10⁻³ emu/g)")
panels[0].legend(fontsize="small", loc="upper left")
fig.tight_layout()
