r"""
High-field magnetization of BK7 (001 Fig. 23)
=============================================

Intrinsic magnetization at 4.5 K against the field: weak-field formula, the papers' higher-field correction, and the
exact three-level theory.

*Where this differs from the paper.* 001 prints no B*; 002 Table 14 gives 1.30 T for BK7 and 3 T is drawn beside it. The
paper states that its high-field form keeps M positive. It does not: the printed recipe stops being defined at
:math:`\sqrt{45}\,B^*(T)`, and the exact theory changes sign at 4.49 to 4.69 B*(T). With one flux area for all systems
the sign change is unavoidable. A spread of 30 % (dotted) leaves it: at B* = 1.30 T the magnetization still falls to
-9.5 % of its maximum, at 3.8 T. A spread of 1.0 in ln A (dashed) washes it out.
"""

import dataclasses

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import magnetization, published
from glasstunnel.systems.anomalous.cutoffs import cutoffs_at

T = 4.5
fig, panels = plt.subplots(1, 2, figsize=(10.5, 4.2), sharey=True)
zeros = {}
for panel, flux_field in zip(panels, (1.30, 3.0), strict=True):
    B = np.linspace(0.02, 7.0, 250)
    weak = published("001.T4.BK7.constT", flux_field=flux_field)["ats"]
    exact = published("001.T4.BK7.constT", theory="exact", flux_field=flux_field)["ats"]
    here = float(cutoffs_at(weak, T).flux_field)
    inside = B < 0.98 * np.sqrt(27.0) * here
    corrected = dataclasses.replace(weak, higher_field=True, orientation="average", prefactor="consistent")
    curves = {
        "weak field": magnetization(dataclasses.replace(weak, prefactor="consistent", orientation="average"), T, B),
        "higher-field correction": magnetization(corrected, T, B[inside]),
        "exact": magnetization(exact, T, B),
        "exact, areas spread by 30 %": magnetization(dataclasses.replace(exact, area_spread=0.3), T, B),
        "exact, spread of 1.0 in ln A": magnetization(dataclasses.replace(exact, area_spread=1.0), T, B),
    }
    for (name, moment), line in zip(curves.items(), ("C0-", "C1-", "k-", "k:", "k--"), strict=True):
        panel.plot(B[: len(moment)], 1e4 * moment, line, label=name)
    panel.axhline(0.0, color="0.7", lw=0.8)
    panel.set(xlabel="B (T)", title=f"B* = {flux_field:.2f} T at 1.26 K, {here:.2f} T at {T} K")

    # What the figure must show: a linear rise, a broad maximum, a fall.
    moment = curves["exact"]
    assert abs(moment[1] / moment[0] / (B[1] / B[0]) - 1.0) < 0.01
    top = np.argmax(moment)
    assert 0 < top < len(B) - 1
    crossing = np.flatnonzero(np.diff(np.sign(moment)) < 0)
    zeros[flux_field] = B[crossing[0]] if len(crossing) else None
    print(f"B* = {flux_field} T: maximum at {B[top]:.2f} T; first zero at {zeros[flux_field]} T")
    if zeros[flux_field]:
        assert 4.45 < zeros[flux_field] / here < 4.72
    # A spread of 30 % keeps the sign change, one of 1.0 does not.
    narrow, wide = curves["exact, areas spread by 30 %"], curves["exact, spread of 1.0 in ln A"]
    assert (wide > 0.0).all()
    if flux_field == 1.30:
        assert abs(narrow.min() / narrow.max() + 0.095) < 0.001
        assert abs(B[np.argmin(narrow)] - 3.8) < 0.05
panels[0].set_ylabel("M$_{intr}$ (10⁻⁴ emu/g)")
panels[0].legend()
fig.tight_layout()
