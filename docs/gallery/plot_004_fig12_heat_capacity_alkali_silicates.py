r"""
Heat capacity of mixed alkali-silicate glasses (004 Figs. 12 and 13)
====================================================================

Phonons, two-level systems, anomalous systems and [FeO4] centers with the parameters of 004 Table II; right, how two of
them depend on the composition.

*Where this differs from the paper.* The column heads of Table II read "x 10^8" and are taken as "divided by 10^8". The
printed gap of the [FeO4] centers is used, to which the printed V0 belongs. The share of Fe3+ on silicon sites is taken
per formula unit.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import heat_capacity, published
from glasstunnel.papers import published_entry

ids = ["004.TII.SiO2", "004.TII.x0.05", "004.TII.x0.08", "004.TII.x0.10", "004.TII.x0.20"]
T = np.geomspace(0.2, 3.0, 200)
fig, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4.4))
curves = {}
for id in ids:
    curves[id] = heat_capacity(published(id), T, 0.0)
    label = id.removeprefix("004.TII.").replace("x0", "x = 0").replace("SiO2", "SiO$_2$")
    left.loglog(T, 1e3 * curves[id], label=label)
mixed = published("004.TII.x0.20")
for key, name, line in (("ats", "anomalous", "k--"), ("feo4", "[FeO$_4$]", "k:")):
    left.loglog(T, 1e3 * heat_capacity(mixed[key], T, 0.0), line, lw=1, label=f"{name}, x = 0.20")
left.set(xlabel="T (K)", ylabel="C (µJ/(K g))", title="(SiO$_2$)$_{1-x}$(K$_2$O)$_x$", ylim=(0.02, None))
left.set_xticks([0.2, 0.5, 1.0, 2.0, 3.0], ["0.2", "0.5", "1", "2", "3"])
left.minorticks_off()
left.legend(fontsize="small")

x = np.array([published_entry(id).conditions.get("x_K2O", 0.0) for id in ids])
tls = np.array([published_entry(id).values["B_2LS_J_per_g_K2"] for id in ids]) * 1e8
ats = np.array([published_entry(id).values.get("B_ATS_J_per_g_K", 0.0) for id in ids]) * 1e8
columns = np.stack([1.0 - x, x**0.81], axis=1)
(bulk, surface), *_ = np.linalg.lstsq(columns, tls, rcond=None)
line = np.linspace(0.0, 0.2, 50)
right.plot(x, tls, "o", label="B$_{2LS}$ (10⁻⁸ J/(g K²))")
right.plot(line, bulk * (1.0 - line) + surface * line**0.81, "C0-")
right.plot(x, ats, "s", label="B$_{ATS}$ (10⁻⁸ J/(g K))")
right.plot(line, 455.5 * line, "C1-")
right.set(xlabel="x (K$_2$O)", title="004 Fig. 13")
right.legend()
fig.tight_layout()

# %%
# What the figures must show: all mixed glasses above silica, order in x not the same at all temperatures, a shoulder
# from the anomalous systems; B_ATS proportional to x with 455.5e-8 J/(g K), B_2LS with exponent 0.81.
silica = curves["004.TII.SiO2"]
assert all(np.all(curves[id] > silica) for id in ids[1:])
order = np.argsort([curves[id][[0, -1]] for id in ids[1:]], axis=0)
for temperature, column in zip((T[0], T[-1]), order.T, strict=True):
    print(f"by heat capacity at {temperature:.1f} K:", " < ".join(ids[1:][i] for i in column))
assert not np.array_equal(order[:, 0], order[:, 1])
share = heat_capacity(mixed["ats"], T, 0.0) / curves["004.TII.x0.20"]
print(f"largest share of the anomalous systems at x = 0.20: {share.max():.0%} at {T[np.argmax(share)]:.2f} K")
assert 0 < np.argmax(share) < len(T) - 1
print(f"B_ATS/x deviates from 455.5 by at most {np.max(abs(ats[1:] / x[1:] / 455.5 - 1.0)):.2%}; "
      f"B_2LS from the law by {np.max(abs(columns @ [bulk, surface] / tls - 1.0)):.2%}")
np.testing.assert_allclose(ats, 455.5 * x, rtol=1e-3)
np.testing.assert_allclose(columns @ [bulk, surface], tls, rtol=0.03)
