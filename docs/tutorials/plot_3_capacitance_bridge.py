r"""
A capacitance bridge at three frequencies
=========================================

Capacitance and loss of a glass between 20 mK and 1 K at 0.5, 1 and 5 kHz in one file, SIMULATED here with a relative
noise of 1e-7 of the capacitance and 1 % of the loss.
"""

import contextlib
import tempfile
from pathlib import Path

import numpy as np

import glasstunnel as gt
from glasstunnel.cli import main
from glasstunnel.plots import plot_fit
from glasstunnel.runfile import execute, load_run

folder = Path(tempfile.mkdtemp())


def glasstunnel(*words):
    """The command of the same name, in the folder of the data."""
    with contextlib.chdir(folder):
        main(list(words))


put_in = gt.TwoLevelSystems(1e20, dielectric_strength=5e-4, elastic_constant=5e-8)
rng = np.random.default_rng(2)
T, f = np.tile(np.geomspace(0.02, 1.0, 40), 3), np.repeat([500.0, 1000.0, 5000.0], 40)
shift = gt.dielectric_shift(put_in, T, 0.0, f, reference_temperature=0.14)
C = 10.0 * (1.0 + shift + 1e-7 * rng.normal(size=T.size))
loss = gt.loss_tangent(put_in, T, 0.0, f) * (1.0 + 0.01 * rng.normal(size=T.size))
rows = "\n".join(",".join(f"{number:.9g}" for number in row) for row in zip(T, f, C, loss, strict=True))
_ = (folder / "bridge.csv").write_text(f"T (K),f (Hz),C (pF),tan d\n{rows}\n")

# %%
# The file holds two measured quantities, so that ``read`` asks which one is meant; ``--preview`` shows what it sees.
# ``init`` takes both: each becomes a dataset of its own.

glasstunnel("read", "bridge.csv", "--preview")

# %%
glasstunnel("init", "bridge.csv", "-o", "run.toml")
print((folder / "run.toml").read_text())

# %%
# A capacitance has no zero: ``relative_to`` makes its change, for each frequency with a reference of its own, and an
# offset takes what the reference leaves.

result = next(iter(execute(load_run(folder / "run.toml"))))
print(result.report())

# %%
_ = plot_fit(result, title="SIMULATED DATA")

# %%
# Three frequencies are three lines of one picture. ``{do = "split_by", column = "frequency"}`` would make them three
# datasets, each with its own noise and offset.
#
# Conclusion
# ----------
# The strength of the dipoles follows from the slope below the minimum, the relaxation rate from where the minimum lies:
# it moves as the cube root of the frequency, because the rate grows as the cube of the temperature.

minima = {}
fine = np.geomspace(0.02, 1.0, 2000)
best = gt.TwoLevelSystems(0.0, dielectric_strength=result.values["tls.dielectric_strength"],
                          elastic_constant=result.values["tls.elastic_constant"])  # fmt: skip
for frequency in (500.0, 1000.0, 5000.0):
    minima[frequency] = fine[np.argmin(gt.dielectric_shift(best, fine, 0.0, frequency))]
    print(f"{frequency:6.0f} Hz: minimum at {1e3 * minima[frequency]:.1f} mK")
exponent = np.log(minima[5000.0] / minima[500.0]) / np.log(10.0)
print(f"exponent of the frequency: {exponent:.3f}")
assert abs(exponent - 1.0 / 3.0) < 0.02
for path in ("tls.dielectric_strength", "tls.elastic_constant"):
    print(f"{path}: {result.values[path]:.4g} ± {result.errors[path]:.2g}, put in {getattr(put_in, path[4:]):.4g}")
    assert abs(result.values[path] - getattr(put_in, path[4:])) < 5.0 * result.errors[path]

# %%
# What these data do not determine
# --------------------------------
# * Density and dipole moment one by one: only :math:`\bar P p_0^2/\epsilon_0\epsilon_r` enters. A heat capacity or an
#   echo separates them.
# * The deformation potentials one by one: ``elastic_constant`` is one combination for all phonon branches.
# * The dielectric constant itself: everything here is relative.
# * Saturation: a bridge voltage that is too large lowers the resonant part, and looks like a smaller strength.
