r"""
Prediction: :math:`(\mathrm{SiO_2})_{1-x}(\mathrm{MgO})_x` glasses (004 Sec. V)
================================================================================

004 expects the same dependence on :math:`x` for magnesium silicates as for alkali silicates.

*Assumed.* No slope, cutoff or area is known for these glasses: only ratios between two values of :math:`x` are
predictions, and those only if nothing but the density of the systems depends on :math:`x`. The curves are drawn for
the cutoffs of the alkali silicates; what must be the same for any cutoffs is checked.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel import AnomalousTunnelingSystems, heat_capacity, magnetization

concentrations = np.linspace(0.02, 0.3, 15)
T = np.array([0.5, 1.0, 4.5])


def glass(x, asymmetry_min=0.87, areas=(1e5, 3e5), flux_field=1.3):
    return AnomalousTunnelingSystems(1e20 * x, asymmetry_min, 300.0, *areas, flux_field=flux_field, theory="exact")


reference = glass(0.10)


def over_reference(observable, field):
    at_reference = observable(reference, T, field)
    return np.array([observable(glass(x), T, field) / at_reference for x in concentrations])


ratios = {
    "magnetization, 1 T": over_reference(magnetization, 1.0), "heat capacity": over_reference(heat_capacity, 0.0),
}  # fmt: skip
fig, ax = plt.subplots(figsize=(5.5, 3.8))
for (name, ratio), line in zip(ratios.items(), ("C0-", "C1--"), strict=True):
    ax.plot(concentrations, ratio[:, 0], line, label=name)
ax.set(xlabel="x", ylabel="relative to x = 0.1", title="anomalous systems of (SiO2)1-x(MgO)x")
ax.legend()
fig.tight_layout()

# %%
# What is predicted: every observable of the anomalous systems is proportional to x, at every temperature and field,
# whatever the cutoffs. A curved plot against x says that the systems themselves change.
for ratio in ratios.values():
    np.testing.assert_allclose(ratio, np.broadcast_to(concentrations[:, None] / 0.10, ratio.shape), rtol=1e-10)
other = {"asymmetry_min": 0.2, "areas": (2e4, 9e4), "flux_field": 4.0}
first, second = (magnetization(glass(x, **other), T, 2.0) for x in (0.3, 0.1))
np.testing.assert_allclose(first / second, 3.0)
