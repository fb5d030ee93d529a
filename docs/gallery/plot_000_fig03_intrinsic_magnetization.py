r"""
Intrinsic magnetization of BK7 (000 Figs. 3 and 4)
==================================================

The anomalous part of the magnetization against 1/T at several fields (001 Table 3) and against B at several
temperatures (001 Table 4), as printed, derived, and exact.

*Where this differs from the paper.* The text says that the maximum against 1/T stays where it is when the field
changes. The printed formula with the printed parameters does not do that: the maximum moves. It also says that M
against B has a broad maximum and falls; the weak-field formula cannot, it only flattens. The exact theory, with B* =
1.30 T taken from 002 Table 14, has the maximum, and then changes sign, which the text excludes.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import magnetization, published

scans, runs = published("001.T3.BK7.constH"), published("001.T4.BK7.constT")
exact_runs = published("001.T4.BK7.constT", theory="exact", flux_field=1.30)
T, B = np.geomspace(2.0, 100.0, 300), np.linspace(0.02, 6.5, 200)

fig, (left, right) = plt.subplots(1, 2, figsize=(10.0, 4.2))
peak_temperature = {}
for field in (0.1, 0.5, 1.0, 2.0, 3.0, 5.0, 6.5):
    moment = 1e3 * magnetization(scans["ats"], T, field)
    peak_temperature[field] = T[np.argmax(moment)]
    left.plot(1.0 / T, moment, label=f"{field:g} T")
left.set(xlabel="1/T (1/K)", ylabel="M$_{intr}$ (10⁻³ emu/g)", title="001 Table 3, as printed", ylim=(0.0, 4.0))
left.legend(fontsize="small", ncols=2)
exact_peak = {}
for number, temperature in enumerate((2.0, 4.5, 7.5, 10.0, 20.0)):
    right.plot(B, 1e3 * magnetization(runs["ats"], temperature, B), f"C{number}-", label=f"{temperature:g} K")
    moment = 1e3 * magnetization(exact_runs["ats"], temperature, B)
    exact_peak[temperature] = B[np.argmax(moment)]
    right.plot(B, moment, f"C{number}--")
right.axhline(0.0, color="0.7", lw=0.8)
right.set(xlabel="B (T)", title="001 Table 4; dashed: exact, B* = 1.30 T")
right.legend()
fig.tight_layout()

# %%
# What the figures must show: a broad maximum against 1/T at every field; a linear rise and, in the exact theory, a
# broad maximum against B that moves to higher field on cooling.
print("maximum against 1/T:", ", ".join(f"{T:.1f} K at {B:g} T" for B, T in peak_temperature.items()))
assert all(2.0 < T < 30.0 for T in peak_temperature.values())
assert peak_temperature[6.5] > 1.5 * peak_temperature[0.1]  # against the text: the maximum moves
print("maximum against B, exact:", ", ".join(f"{B:.2f} T at {T:g} K" for T, B in exact_peak.items()))
assert np.all(np.diff(list(exact_peak.values())) < 0.0)
slope = magnetization(runs["ats"], 20.0, np.array([0.02, 0.04]))
assert abs(slope[1] / slope[0] - 2.0) < 0.02
assert magnetization(exact_runs["ats"], 4.5, 4.0) < 0.0
