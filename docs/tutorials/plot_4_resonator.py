r"""
A superconducting resonator at several powers
=============================================

Measured files (MIT licence, see ``examples/data/README.md``): the internal quality factor of a coplanar resonator at
two powers between 0.1 and 1.7 K, and its frequency shift. Semicolons, decimal commas, a German heading.
"""

import contextlib
import shutil
import tempfile
from pathlib import Path

from glasstunnel.cli import main
from glasstunnel.demo.files import example_file
from glasstunnel.plots import plot_fit
from glasstunnel.runfile import execute, load_run

folder = Path(tempfile.mkdtemp())


def glasstunnel(*words):
    """The command of the same name, in the folder of the data."""
    with contextlib.chdir(folder):
        main(list(words))


files = ["cpw_Qint_vs_T_100dBm.csv", "cpw_Qint_vs_T_140dBm.csv", "cpw_freqshift_vs_T_Nb.csv"]
for name in files:
    shutil.copy(example_file(f"data/{name}"), folder / name)

glasstunnel("read", files[1])

# %%
# A run file for all three
# ------------------------
# The frequency of the resonator stands in no file, so ``init`` assumes one and says FILL IN; it is 5.6199 GHz.

glasstunnel("init", *files, "-o", "run.toml")
text = (folder / "run.toml").read_text().replace('frequency = "5 GHz"', 'frequency = "5.6199 GHz"')
_ = (folder / "run.toml").write_text(text)
print(text)

# %%
result = next(iter(execute(load_run(folder / "run.toml"))))
print(result.report())

# %%
_ = plot_fit(result, observable="internal_loss", title="internal loss")
_ = plot_fit(result, observable="frequency_shift", title="frequency shift")

# %%
# Conclusion
# ----------
# At low temperature the loss is that of two-level systems and saturates with power; above 1 K quasiparticles of the
# film take over, whose gap follows from how steeply.

gap = result.values["resonator.gap"]
strength = result.values["resonator.filling_factor"] * 1.0471975511965976 * 1e-3  # F delta_0 = F (pi/3) 1e-3
print(f"gap of the film {gap:.3g} K; F delta_0 = {strength:.2g}")
assert 8.0 < gap < 20.0  # niobium has 14 to 18 K, a thin film less
assert 1e-7 < strength < 1e-4

# %%
# What these data do not determine
# --------------------------------
# * Filling factor and loss of the oxide one by one: only their product enters.
# * The number of photons: attenuation and coupling are not in the files, so that the saturation is known as a power.
# * The gap and the kinetic inductance fraction independently: the steep rise holds both, and they lean on each other.
#   The notes of the fit say which parameters move together.
# * Whether the file marked -160 dBm was taken at that power: its column says -140. ``read`` notices it, and this
#   tutorial leaves the file out.

for note in result.notes[:6]:
    print("-", note)
