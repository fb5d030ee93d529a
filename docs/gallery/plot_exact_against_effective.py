r"""
Exact against effective theory
==============================

Every printed set that has a B* (002 Tables 10, 11, 14) evaluated with the two-level form the papers use and with all
three levels, at the fields and temperatures of the measurements; and, for the sets without B* (001 Tables 3 and 4), how
large B* would have to be for the two-level form to hold.

Both theories use the derived prefactor and average over the direction of the flux loops exactly: what differs is the
third level and the linear gap alone. The tables of "What the exact theory changes" are these numbers.
"""

import dataclasses

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import heat_capacity, magnetization, published
from glasstunnel.constants import flux_phase_per_area
from glasstunnel.systems.anomalous.cutoffs import cutoffs_at

TEMPERATURES = np.array([2.0, 4.5, 10.0, 20.0, 77.0, 300.0])
FIELDS = np.array([0.05, 0.5, 1.0, 2.0, 3.0, 5.0, 6.5])
WITH_FLUX_FIELD = ("002.T10.BAS.M", "002.T11.Duran.M", "002.T14.BK7.M")
ASSUMED = {"001.T3.BK7.constH": (1.30, 3.0, 10.0, 30.0, 100.0), "001.T4.BK7.constT": (1.30, 3.0, 10.0, 30.0, 100.0)}
HEAT = {  # heat-capacity sets: temperature, and the B* of the magnetization fit of the same glass
    "002.T2.BAS.Cp.T0.60K": (0.60, 1.02), "002.T2.BAS.Cp.T0.90K": (0.90, 1.02), "002.T2.BAS.Cp.T1.36K": (1.36, 1.02),
    "002.T4.Duran.Cp.T1.11K": (1.11, 1.63), "002.T4.Duran.Cp.T1.23K": (1.23, 1.63),
    "002.T4.Duran.Cp.T1.36K": (1.36, 1.63),
}


def both(id, flux_field=None):
    """The anomalous systems of a set in the effective and in the exact theory."""
    effective = published(id, convention="consistent", flux_field=flux_field)["ats"]
    return effective, published(id, theory="exact", flux_field=flux_field)["ats"]


def amplitudes(ats, T):
    """D0 between its cutoffs [K] at T: what the exact theory needs beside D0|q/e|S."""
    at = cutoffs_at(ats, T)
    return tuple(flux_phase_per_area * float(x * at.flux_field) for x in (at.amplitude_area_min, at.amplitude_area_max))


# %%
# Magnetization: exact over effective.
T, B = np.meshgrid(TEMPERATURES, FIELDS, indexing="ij")
ratios, levels = {}, {}
for id in WITH_FLUX_FIELD:
    effective, exact = both(id)
    ratios[id] = magnetization(exact, T, B) / magnetization(effective, T, B)
    levels[id] = low, high = amplitudes(exact, 4.5)
    print(f"{id}: D0 = {low:.2f} to {high:.2f} K at 4.5 K, "
          f"third level {2.598 * low:.1f} to {2.598 * high:.1f} K higher")
    for temperature, row in zip(TEMPERATURES, ratios[id], strict=True):
        print(f"  {temperature:5.1f} K  " + "  ".join(f"{value:7.3f}" for value in row))

assumed = {}
for id, flux_fields in ASSUMED.items():
    for flux_field in flux_fields:
        effective, exact = both(id, flux_field)
        assumed[id, flux_field] = magnetization(exact, T, B) / magnetization(effective, T, B)
        print(f"{id}, B* = {flux_field} T: ratio at 4.5 K, 2 T: {assumed[id, flux_field][1, 3]:.3f}")

effective, _ = both("001.T3.BK7.constH", 1.30)
with_correction = dataclasses.replace(effective, higher_field=True)
corrected = float(magnetization(with_correction, 4.5, 2.0) / magnetization(effective, 4.5, 2.0))
print(f"higher-field correction over weak-field form, 001 Table 3, B* = 1.30 T, 4.5 K, 2 T: {corrected:.3f}")

# %%
# Heat capacity: the third level adds to it; the effective form is low already without a field.
heat_fields = np.array([0.0, 1.0, 2.0, 5.0, 8.0])
heat = {}
for id, (temperature, flux_field) in HEAT.items():
    effective, exact = both(id, flux_field)
    heat[id] = heat_capacity(exact, temperature, heat_fields) / heat_capacity(effective, temperature, heat_fields)
    print(f"{id}, B* = {flux_field} T: " + "  ".join(f"{value:.3f}" for value in heat[id]))

# %%
fig, (left, middle, right) = plt.subplots(1, 3, figsize=(13.0, 4.2))
field = np.linspace(0.05, 6.5, 120)
for number, id in enumerate(WITH_FLUX_FIELD):
    effective, exact = both(id)
    for temperature, line in ((4.5, "-"), (20.0, "--")):
        ratio = magnetization(exact, temperature, field) / magnetization(effective, temperature, field)
        left.plot(field, ratio, f"C{number}{line}", label=id.split(".")[2] if line == "-" else None)
left.axhline(0.0, color="0.7", lw=0.8)
left.set(xlabel="B (T)", ylabel="M exact / M effective", title="printed B*; 4.5 K, dashed 20 K")
left.legend()
flux_field, needed = np.geomspace(1.0, 300.0, 25), 0.0
for number, id in enumerate(ASSUMED):
    effective, exact = (np.array(curve) for curve in zip(
        *([magnetization(ats, 4.5, 2.0) for ats in both(id, value)] for value in flux_field), strict=True))
    ratio = exact / effective
    needed = max(needed, np.interp(0.95, ratio, flux_field))
    middle.semilogx(flux_field, ratio, f"C{number}", label=id.split(".BK7")[0].replace(".T", " Table "))
middle.axhline(0.95, color="k", ls=":")
print(f"the two-level form is good to 5 % at 4.5 K and 2 T for B* above {needed:.1f} T")
middle.set(xlabel="assumed B* at 1.26 K (T)", title="BK7, 4.5 K, 2 T (dotted: 5 % off)")
middle.legend()
for id, ratio in heat.items():
    right.plot(heat_fields, ratio, "o-", label=" ".join(id.split(".Cp.T")).split(".", 2)[2])
right.set(xlabel="B (T)", ylabel="C exact / C effective", title="heat-capacity sets")
right.legend(fontsize="small")
fig.tight_layout()

# %%
# What is asserted: exact never above effective in M at weak field, wrong sign at high field; the theory file's ratios
# computed by direct diagonalization.
weak = ratios["002.T14.BK7.M"][:, 0]
assert np.all(weak < 1.0) and np.all(np.diff(weak[1:]) < 0.0)
assert abs(weak[1] - 0.40) < 0.015 and abs(weak[3] - 0.12) < 0.015
assert ratios["002.T14.BK7.M"][1, 5] < 0.0  # 5 T, 6.7 B* at 4.5 K
for flux_field, expected in ((1.30, 0.440), (10.0, 0.928), (100.0, 0.991)):
    assert abs(assumed["001.T3.BK7.constH", flux_field][1, 3] - expected) < 2e-3
for id, expected in (("002.T2.BAS.Cp.T0.60K", 1.20), ("002.T2.BAS.Cp.T1.36K", 1.59), ("002.T4.Duran.Cp.T1.23K", 1.38)):
    assert abs(heat[id][0] - expected) < 0.02
