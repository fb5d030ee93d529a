r"""
In a notebook
=============

Everything of the command line is a function, and what the functions return shows itself: a dataset, a glass, a fit and
a comparison as small tables, pictures in axes of matplotlib, numbers as tables of pandas or grids of xarray
(``pip install 'glasstunnel[notebook]'``). Each block below is a cell; the data are SIMULATED here.
"""

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import glasstunnel as gt
from glasstunnel.data import split_by, with_noise

put_in = gt.Glass({"larmor": gt.LarmorDiamagnetism(4.2e-3), "fe3": gt.MagneticIons("Fe3+", 2.5e20)}, name="put in")
rng = np.random.default_rng(3)
T, fields = np.geomspace(2.0, 300.0, 40), (0.5, 2.0, 5.0)
lines = ["T (K),B (T),M (A m2/kg)"]
for B in fields:
    M = gt.magnetization(put_in, T, B) * (1.0 + 0.004 * rng.normal(size=T.size))
    lines += [f"{t:.6g},{B:g},{m:.6g}" for t, m in zip(T, M, strict=True)]
file = Path(tempfile.mkdtemp()) / "glass.csv"
_ = file.write_text("\n".join(lines) + "\n")

# %%
# A file
# ------
# The last line of a cell is shown: columns with their units and ranges, and what was noticed.

data = with_noise(gt.read(file), relative=0.004)
data

# %%
# ``plot_data`` takes one dataset or a list, draws into the axes it is given or makes some, and returns them.

ax = gt.plot_data(data)

# %%
# A glass
# -------
# The three of ``plot_curves``, ``plot_levels`` and ``plot_density_of_states`` take glasses, one or a list.

glass = gt.Glass({"larmor": gt.LarmorDiamagnetism(4e-3), "fe3": gt.MagneticIons("Fe3+", 1e20)}, name="Larmor and Fe3+")
glass

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
gt.plot_curves([glass, gt.published("BK7")], "heat_capacity", np.geomspace(0.1, 5.0, 60), 1.0, left)
gt.plot_levels(gt.MagneticIons("Fe3+", 1e20, zero_field_splitting=0.5), np.linspace(0.0, 1.0, 60), ax=right)
_ = right.set_title("Fe3+ with D = 0.5 K, field along its axis")

# %%
# A fit
# -----
# What lasts longer than a second shows a bar with what is left, here and at a prompt; ``progress=False`` keeps one call
# silent, ``gt.show_progress(False)`` all of them.

vary = {"larmor.susceptibility": gt.Uniform(0.0, 0.1), "fe3.concentration": gt.LogUniform(1e17, 1e23)}
result = gt.fit(glass, split_by(data, "field"), vary, starts=3)
result

# %%
ax = result.plot()

# %%
# The same in axes of your own, beside what the fit says of a field that was not measured:

_, ax = plt.subplots(figsize=(5.6, 3.8), layout="constrained")
result.plot(ax)
_ = gt.plot_curves(result.glass, "magnetization", T, 3.5, ax, show_parts=False, color="black", linestyle="--")

# %%
# Numbers elsewhere
# -----------------
# ``to_dataframe`` of a dataset, a fit, a prediction, a comparison, draws; ``to_xarray`` where there is a grid.

result.to_dataframe("parameters")

# %%
result.predict(np.geomspace(2.0, 20.0, 5)[:, None], np.array([0.1, 1.0, 7.0])).to_xarray()

# %%
# Models side by side
# -------------------

compared = gt.compare({"Larmor": (glass.with_values({"fe3.concentration": 0.0}),
                                  {"larmor.susceptibility": gt.Uniform(0.0, 0.1)}),
                       "Larmor and Fe3+": (glass, vary)}, split_by(data, "field"))  # fmt: skip
compared

# %%
_ = compared.plot()
assert compared.best.name == "Larmor and Fe3+"
iron = result.values["fe3.concentration"], result.errors["fe3.concentration"]
assert abs(iron[0] - 2.5e20) < 4.0 * iron[1]

# %%
# What these data do not determine
# --------------------------------
# Which ions these are: at 2 K and above Fe2+ in another amount gives nearly the same curves where
# :math:`\mu_B B \ll k_B T`; only the bending at 5 T and below 4 K tells the spin. The posterior shows how far the two
# parameters follow each other.

_ = gt.posterior(result, draws=1000).plot()
