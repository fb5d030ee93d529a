r"""
A calorimeter run from 0.1 to 20 K
==================================

The heat capacity of a silicate glass per mole, SIMULATED here with 1 % of scatter: Debye phonons (495 K), two-level
systems, and the soft modes that make the maximum of :math:`C/T^3` near 10 K.
"""

import contextlib
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import glasstunnel as gt
from glasstunnel.cli import main
from glasstunnel.data import derive, per_kilogram
from glasstunnel.plots import plot_fit
from glasstunnel.runfile import execute, load_run

folder = Path(tempfile.mkdtemp())


def glasstunnel(*words):
    """The command of the same name, in the folder of the data."""
    with contextlib.chdir(folder):
        main(list(words))


put_in = gt.Glass({
    "phonons": gt.DebyePhonons(8e-4, 495.0), "tls": gt.TwoLevelSystems(4.4e19), "soft": gt.SoftModes(9e19, 4.0, 36.0),
})  # fmt: skip
rng = np.random.default_rng(1)
T = np.geomspace(0.1, 20.0, 80)
C = gt.heat_capacity(put_in, T, 0.0) * 60.083e-3 * (1.0 + 0.01 * rng.normal(size=T.size))  # J/(mol K)
rows = "\n".join(f"{t:.5g},{c:.5g}" for t, c in zip(T, C, strict=True))
_ = (folder / "glass.csv").write_text(f"T (K),Cp (J/(mol K))\n{rows}\n")

glasstunnel("read", "glass.csv")

# %%
# The run file
# ------------
# The file is per mole, the theory per kilogram, so the molar mass has to be known. It is marked FILL IN; here it
# becomes the composition. Everything else stays as it was written.

glasstunnel("init", "glass.csv", "-o", "run.toml")
text = (folder / "run.toml").read_text()
print(text)
filled = "\n".join('composition = "SiO2"' if line.startswith("molar_mass") else line for line in text.splitlines())
_ = (folder / "run.toml").write_text(filled)
result = next(iter(execute(load_run(folder / "run.toml"))))
print(result.report())

# %%
# The scatter that was put in, 1 %, is what the residuals say.

(curve,) = result.curves.values()
scatter = np.std((curve.measured - curve.model) / curve.model)
print(f"scatter about the fit: {100 * scatter:.2f} %")
assert 0.007 < scatter < 0.013
_ = plot_fit(curve, title="SIMULATED DATA")

# %%
# Two pictures of the trade
# -------------------------
# :math:`C/T` against :math:`T^2` shows the two-level systems as the value at zero, :math:`C/T^3` the soft modes as the
# maximum. Both are observables of their own: they are fitted and drawn like every other (``observable =
# "heat_capacity_over_temperature"`` in a run file).

data = per_kilogram(gt.read(folder / "glass.csv"), gt.Sample.of(composition="SiO2"))
best = put_in.with_values(result.values)
figure, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.4), layout="constrained")
cold = derive(data, "heat_capacity_over_temperature")
x = cold["temperature"].values
left.plot(x**2, cold.measured.values, "o", markersize=3)
left.plot(x**2, gt.heat_capacity_over_temperature(best, x, 0.0))
left.set(xlim=(0.0, 1.0), ylim=(0.0, 3e-3), xlabel="$T^2$ [K²]", ylabel="$C/T$ [J/(K² kg)]", title="SIMULATED DATA")
peak = derive(data, "heat_capacity_over_cubed_temperature")
right.loglog(x, peak.measured.values, "o", markersize=3)
fine = np.geomspace(0.1, 20.0, 300)
right.loglog(fine, gt.heat_capacity_over_cubed_temperature(best, fine, 0.0))
right.set(xlabel="$T$ [K]", ylabel="$C/T^3$ [J/(K⁴ kg)]")

maximum = fine[fine > 3.0][np.argmax(gt.heat_capacity_over_cubed_temperature(best, fine[fine > 3.0], 0.0))]
print(f"maximum of C/T^3 at {maximum:.2f} K; crossover/4 = {result.values['soft.crossover'] / 4:.2f} K")
assert 7.0 < maximum < 11.0

# %%
# Conclusion
# ----------

for path in ("tls.density", "phonons.cubic_coefficient", "soft.crossover"):
    found, truth, error = result.values[path], put_in.value(path), result.errors[path]
    print(f"{path}: {found:.4g} ± {error:.2g}; put in {truth:.4g}")
    assert abs(found - truth) < 5.0 * error

# %%
# What these data do not determine
# --------------------------------
# * The energy scale W of the soft modes and their density one by one: the heat capacity is proportional to
#   density/W\ :sup:`5`, and W = 4 K is a choice. Thermal conductivity tells it.
# * A Debye temperature: the run file assumes the pure :math:`T^3` law, which bends at 20 K by less than the scatter
#   here.
# * How the energies of the two-level systems come about, cutoffs and relaxation: :math:`C` only counts them.

bent = gt.heat_capacity(gt.DebyePhonons(8e-4, 495.0), 20.0, 0.0) / gt.heat_capacity(gt.DebyePhonons(8e-4), 20.0, 0.0)
print(f"Debye's function at 20 K over the cubic law: {bent:.4f}")
assert abs(bent - 1.0) < 0.01
