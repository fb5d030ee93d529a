r"""
Parts of the heat capacity of Duran (002 Fig. 23)
=================================================

Iron and anomalous tunneling systems against the field, printed parameters, 1.23 K; dashed, what 126 ppm of Fe3+ alone
would give, the nominal iron content found without tunneling systems.

*Where this differs from the paper.* The Schottky heat capacity of the ions uses :math:`z=g\mu_BB/k_BT`: 002 Eq. 16
prints another factor J in z. The temperature of the drawing is not printed; the middle one of the three is taken.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import MagneticIons, heat_capacity, published
from glasstunnel.conversions import ppm_to_concentration

T, field = 1.23, np.linspace(0.0, 8.0, 321)
glass = published("002.T4.Duran.Cp.T1.23K")
nominal = MagneticIons("Fe3+", ppm_to_concentration(126.0, 61.873e-3))  # 61.873 g/mol  [002, Eq. 100]
parts = {key: 1e3 * heat_capacity(glass[key], T, field) for key in ("fe2", "fe3", "ats")}
iron, total = parts["fe2"] + parts["fe3"], sum(parts.values())
langevin_only = 1e3 * heat_capacity(nominal, T, field)

fig, panel = plt.subplots(figsize=(6.4, 4.4))
panel.plot(field, parts["fe2"], "C0", label=r"Fe$^{2+}$")
panel.plot(field, parts["fe3"], "C1", label=r"Fe$^{3+}$")
panel.plot(field, iron, "C3", label="iron together")
panel.plot(field, parts["ats"], "k", label="anomalous systems")
panel.plot(field, total, "C2", lw=2, label="sum")
panel.plot(field, langevin_only, "k--", label=r"126 ppm Fe$^{3+}$, no tunneling systems")
panel.set(xlabel="B (T)", ylabel="C (µJ/(K g))", title=f"Duran, {T} K", ylim=(0.0, 26.0))
panel.legend(ncols=2, fontsize="small")
fig.tight_layout()

# %%
# What the figure must show: the anomalous part is the largest; the dashed curve falls to zero at small field, where the
# sum stays positive.
share = parts["ats"] / total
print(f"anomalous share of C: {share.min():.0%} to {share.max():.0%}")
largest = parts["ats"] > np.maximum(parts["fe2"], parts["fe3"])
print(f"the anomalous part exceeds each iron species at {largest.mean():.0%} of the fields, and both together "
      f"at {(parts['ats'] > iron).mean():.0%}")
assert parts["ats"].max() > iron.max()
assert langevin_only[0] == 0.0 and langevin_only[field == 0.1] < 0.1 * total[field == 0.1]
