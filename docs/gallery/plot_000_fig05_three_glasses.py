r"""
Intrinsic magnetization of three glasses (000 Fig. 5, 001 Fig. 18)
==================================================================

The anomalous term of BAS, Duran and BK7 against 1/T at 3 T and against B at 4.5 K, with the iron terms of Duran and BK7
for comparison, and (001 Fig. 18) the moment of BAS at 3 T split into its Larmor and iron terms, its anomalous term and
their sum.

*Where this differs from the paper.* Computed, not measured: n_tunn and the iron of the letter (000 Secs. C to E), the
cutoffs of older samples of BAS and Duran (002 Tables 10 and 11) and those of 001 Table 3 for BK7, with the printed
prefactor. The order BAS > Duran > BK7 comes out. Against the field only the exact theory with the printed B* (1.02,
1.63 and 1.30 T, dashed) has a maximum.
"""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import Glass, LarmorDiamagnetism, MagneticIons, magnetization, published

#: name -> set of the cutoffs, n_tunn per kilogram, iron per kilogram, Fe2+ fraction, B* (T)
GLASSES = {
    "BAS": ("002.T10.BAS.M", 2.323e20, 7.127e21, 0.63, 1.02),
    "Duran": ("002.T11.Duran.M", 4.519e19, 1.471e21, 0.83, 1.63),
    "BK7": ("001.T3.BK7.constH", 1.352e19, 1.657e20, 0.66, 1.30),
}
T, B = np.geomspace(2.0, 100.0, 200), np.linspace(0.02, 6.5, 150)
fig, (left, middle, right) = plt.subplots(1, 3, figsize=(13.0, 4.2))
against_temperature, against_field, exact_field = {}, {}, {}
for number, (name, (id, systems, iron, share, flux_field)) in enumerate(GLASSES.items()):
    anomalous = replace(published(id)["ats"], density=systems)
    exact = replace(published(id, theory="exact", flux_field=flux_field)["ats"], density=systems)
    against_temperature[name] = 1e3 * magnetization(anomalous, T, 3.0)
    against_field[name] = 1e3 * magnetization(anomalous, 4.5, B)
    exact_field[name] = 1e3 * magnetization(exact, 4.5, B)
    left.semilogy(1.0 / T, against_temperature[name], f"C{number}", label=name)
    middle.semilogy(B, against_field[name], f"C{number}", label=name)
    middle.semilogy(B, np.where(exact_field[name] > 0.0, exact_field[name], np.nan), f"C{number}--")
    if name != "BAS":
        ions = MagneticIons("Fe2+", share * iron), MagneticIons("Fe3+", (1.0 - share) * iron)
        middle.semilogy(B, 1e3 * sum(magnetization(ion, 4.5, B) for ion in ions), f"C{number}:", label=f"iron, {name}")
left.set(xlabel="1/T (1/K)", ylabel="M (10⁻³ emu/g)", title="3 T")
middle.set(xlabel="B (T)", title="4.5 K (dashed: exact)", ylim=(1e-3, None))

# %%
# 001 Fig. 18: the moment of BAS at 3 T and its parts.
_, systems, iron, share, _ = GLASSES["BAS"]
bas = Glass({
    "larmor": LarmorDiamagnetism(4.2e-3), "fe2": MagneticIons("Fe2+", share * iron),
    "fe3": MagneticIons("Fe3+", (1.0 - share) * iron),
    "ats": replace(published("002.T10.BAS.M")["ats"], density=systems),
})
parts = {key: 1e3 * part for key, part in bas.parts("magnetization", T, np.full_like(T, 3.0)).items()}
free = parts["larmor"] + parts["fe2"] + parts["fe3"]
right.plot(1.0 / T, free + parts["ats"], "k", label="sum")
right.plot(1.0 / T, free, "C0", label="Larmor and iron")
right.plot(1.0 / T, parts["ats"], "C3", label="anomalous")
right.set(xlabel="1/T (1/K)", title="BAS, 3 T (001 Fig. 18)")
for panel in (left, middle, right):
    panel.legend(fontsize="small")
fig.tight_layout()

# %%
# What the figures must show: the order of the three glasses in both panels, a broad maximum against 1/T in each, and a
# maximum against B in the exact theory only; in BAS the anomalous term alone turns over, Larmor and iron do not.
names = list(GLASSES)
for table in (against_temperature, against_field):
    assert all(np.all(table[more] > table[less]) for more, less in zip(names, names[1:], strict=False))
for name, moment in against_temperature.items():
    top = int(np.argmax(moment))
    print(f"{name}: {moment[top]:.1f} x 10^-3 emu/g at {T[top]:.1f} K, 3 T; exact maximum against B at "
          f"{B[np.argmax(exact_field[name])]:.2f} T")
    assert 0 < top < len(T) - 1
    assert np.argmax(against_field[name]) == len(B) - 1 and 0 < np.argmax(exact_field[name]) < len(B) - 1
assert 0 < np.argmax(parts["ats"]) < len(T) - 1 and np.argmax(free) == 0
