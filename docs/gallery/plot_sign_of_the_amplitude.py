r"""
One sheet or two: the sign of :math:`D_0`
=========================================

The papers take :math:`D_0 > 0`, which gives three equal wells a ground doublet. A particle on one potential sheet has
:math:`D_0 < 0` and a single ground state. With two electronic sheets that cross in the middle (a Jahn-Teller system)
the ground doublet is there. See :doc:`../sign_of_tunneling`.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel.origins import reduce_to_wells, reduce_vibronic, triple_well, vibronic_levels
from glasstunnel.origins.reduction import block_levels

scalar, vibronic = reduce_to_wells(triple_well(1.0), 0.2), reduce_vibronic(2.0, 0.2)
phases = np.linspace(-1.5, 1.5, 21)
one = np.array([np.sort(block_levels(triple_well(1.0), 0.2, p / scalar.area)) for p in phases])
two = np.array([vibronic_levels(2.0, 0.2, p / vibronic.area, 3) for p in phases])

fig, panels = plt.subplots(1, 2, figsize=(9.0, 3.8))
for panel, levels, amplitude, title in (
    (panels[0], one, scalar.amplitude, "one sheet"), (panels[1], two, vibronic.amplitude, "two sheets"),
):  # fmt: skip
    center = levels[len(phases) // 2]
    panel.plot(phases / np.pi, (levels - center.mean()) / abs(amplitude))
    panel.set(xlabel=r"phase $bS/\pi$", ylabel="level / |t|", title=f"{title}: t {'<' if amplitude < 0 else '>'} 0")
fig.tight_layout()

# %%
# What the figure must show: a single ground state on one sheet, a doublet that the field opens linearly on two.
middle = len(phases) // 2
assert scalar.amplitude < 0.0 and one[middle, 1] - one[middle, 0] > 2.9 * abs(scalar.amplitude)
assert vibronic.amplitude > 0.0 and two[middle, 1] - two[middle, 0] < 1e-10
gaps = two[:, 1] - two[:, 0]
assert abs(gaps[middle + 2] / gaps[middle + 1] - 2.0) < 0.01
print(f"one sheet: t = {scalar.amplitude:.3e} V0; two sheets: t = {vibronic.amplitude:+.4f} hbar omega")
