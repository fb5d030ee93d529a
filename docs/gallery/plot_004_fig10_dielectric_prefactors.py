r"""
Dielectric prefactors against composition (004 Fig. 10)
=======================================================

The prefactors of 004 Table I against the share of potassium oxide: anomalous systems in proportion to x, two-level
systems with a bulk part that thins out and a surface part :math:`x^f`, f = 0.81.

*Where this differs from the paper.* Only f is printed; the other two numbers of the law are fitted here, with silica as
the bulk, and f is fitted a second time for comparison.
"""

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import curve_fit

from glasstunnel.conversions.mixing import anomalous_prefactor, two_level_prefactor
from glasstunnel.papers import published_entry

IDS = ["004.TI.SiO2", "004.TI.x0.05", "004.TI.x0.08", "004.TI.x0.10", "004.TI.x0.20"]
EXPONENT = 0.81
entries = [published_entry(id) for id in IDS]
x = np.array([entry.conditions.get("x_K2O", 0.0) for entry in entries])
tls = 1e5 * np.array([entry.values["A_2LS"] for entry in entries])
ats = 1e5 * np.array([entry.values.get("A_ATS", 0.0) for entry in entries])

columns = np.stack([1.0 - x, x**EXPONENT], axis=1)
(bulk, surface), *_ = np.linalg.lstsq(columns, tls, rcond=None)
per_fraction = float(x @ ats / (x @ x))
free, covariance = curve_fit(two_level_prefactor, x, tls, p0=(50.0, 800.0, 0.8))

fig, panel = plt.subplots(figsize=(6.4, 4.4))
line = np.linspace(0.0, 0.22, 100)
panel.plot(x, tls, "o", label="A$_{2LS}$")
panel.plot(line, two_level_prefactor(line, bulk, surface, EXPONENT), "C0-")
panel.plot(x, ats, "s", label="A$_{ATS}$")
panel.plot(line, anomalous_prefactor(line, per_fraction), "C1-")
panel.set(xlabel="x (K$_2$O)", ylabel="A (10⁻⁵)")
panel.legend()
fig.tight_layout()

# %%
# What the figure must show: a straight line through zero, and the law with f = 0.81.
linear = ats[1:] / anomalous_prefactor(x[1:], per_fraction) - 1.0
law = two_level_prefactor(x, bulk, surface, EXPONENT) / tls - 1.0
print(f"A_ATS = {per_fraction:.0f}e-5 x, largest deviation {np.max(abs(linear)):.1%}; A_2LS = {bulk:.1f}e-5 (1-x) + "
      f"{surface:.0f}e-5 x^0.81, largest deviation {np.max(abs(law)):.1%}")
print(f"with f free: {free[2]:.2f} ± {np.sqrt(covariance[2, 2]):.2f} (five points, three numbers)")
assert np.max(abs(linear)) < 0.15 and np.max(abs(law)) < 0.1
