r"""
No universal curve in H/T (000 Fig. 2)
======================================

Also 001 Figs. 14 and 15. Free ions alone give one curve :math:`M-M_L` against B/T for all runs. With anomalous
tunneling systems the runs spread, most at fixed temperature.

*Where this differs from the paper.* Curves from the printed parameters (001 Tables 3 and 4) instead of measured points,
and the true Larmor term is subtracted instead of the one of a naive fit.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import Glass, magnetization, published

scans, runs = published("001.T3.BK7.constH"), published("001.T4.BK7.constT")


def spread(curves, ratio):
    """Largest spread of curves (B/T, M) at the common B/T, relative to their mean there."""
    values = np.array([np.interp(ratio, x, y) for x, y in curves])
    return np.max(np.ptp(values, axis=0) / values.mean(axis=0))


def without_larmor(glass, T, B):
    return 1e3 * (magnetization(glass, T, B) - magnetization(glass["larmor"], T, B))


T, B = np.geomspace(300.0, 2.0, 200), np.linspace(0.02, 6.5, 200)
fig, (left, right) = plt.subplots(1, 2, figsize=(10.0, 4.2))
fixed_field, fixed_temperature, ions_only = [], [], []
for field in (0.5, 1.0, 2.0, 3.0, 5.0, 6.5):
    fixed_field.append((field / T, without_larmor(scans, T, field)))
    left.plot(*fixed_field[-1], label=f"{field:g} T")
ions = Glass({key: runs[key] for key in ("fe2", "fe3")})
for temperature in (2.0, 4.5, 7.5, 10.0, 20.0):
    fixed_temperature.append((B / temperature, without_larmor(runs, temperature, B)))
    ions_only.append((B / temperature, 1e3 * magnetization(ions, temperature, B)))
    right.plot(*fixed_temperature[-1], label=f"{temperature:g} K")
right.plot(*ions_only[0], "k--", label="ions alone")
left.set(xlabel="B/T (T/K)", ylabel="M − M$_L$ (10⁻³ emu/g)", title="fixed field")
right.set(xlabel="B/T (T/K)", title="fixed temperature")
left.legend()
right.legend()
fig.tight_layout()

# %%
# What the figure must show: no collapse, worst at fixed temperature; ions alone do collapse.
ratio = np.linspace(0.1, 0.25, 30)
spreads = {name: spread(curves, ratio) for name, curves in (
    ("fixed field", fixed_field), ("fixed temperature", fixed_temperature), ("ions alone", ions_only))}
print(", ".join(f"{name}: spread {value:.1%}" for name, value in spreads.items()))
assert spreads["ions alone"] < 0.01 < 0.1 < spreads["fixed field"]
assert spreads["fixed temperature"] > 0.1
