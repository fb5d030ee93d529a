r"""
Cells, voids and loops (001 Figs. 3a and 5, 002 Fig. 2a, 003 Figs. 2 and 3)
===========================================================================

Discs with a spread of sizes, pressed together at random: the ordered cells of the polycluster picture. The voids
between them are found by a weighted triangulation; loops run through the three contacts around each three-cornered
void. Cooling lets the cells grow into the voids.

*What the papers leave open.* How fast the cells grow with temperature, which voids hold the tunneling systems, and how
far apart their sites are. 12 % of growth, which the fitted temperature law would need between 20 and 0.3 K, closes
most voids.
"""

import matplotlib.pyplot as plt
import numpy as np

from glasstunnel.origins import area_spread_from_cells, exposed_share, packing, tunneler_ratio, void_area, voids_of
from glasstunnel.plots.origins import AREA_LABEL, draw_voids

cells = packing(200, spread=0.1, dimension=2, seed=7)
voids = voids_of(cells, growth=0.01)
fig, ax = plt.subplots(figsize=(7.0, 7.6))
fig.colorbar(draw_voids(ax, cells, voids), orientation="horizontal", shrink=0.7, pad=0.08, label=AREA_LABEL)
fig.tight_layout()
print(cells)

# %%
# Growth takes perimeter, and with it tunnelers, and area. In the closed form for equal cells the perimeter starts to
# fall as the square root of the growth: 0.14 % of growth cost 10 %. Touching cells of a random packing are pressed
# together by half a percent already, which hides the first steep part.
growth = np.linspace(0.0, 0.12, 13)
share = exposed_share(cells, growth) * (1.0 + growth)
area = np.array([voids_of(cells, each).area.sum() for each in growth])
fine = np.linspace(0.0, 0.15, 300)
fig, (left, right) = plt.subplots(1, 2, figsize=(10.0, 3.8))
left.plot(fine, tunneler_ratio(fine), "C0", label="perimeter, three equal cells")
left.plot(fine, void_area(fine) / void_area(0.0), "C1", label="area, three equal cells")
left.plot(growth, share / share[0], "C0o", ms=4, label="perimeter, random packing")
left.plot(growth, area / area[0], "C1s", ms=4, label="area, random packing")
left.set(xlabel="growth of the radius", ylabel="relative to no growth", title="what growth leaves")
left.legend(fontsize="small")
logarithms = {sides: np.log10(voids.area[voids.sides == sides]) for sides in (3, 4, 5)}
right.hist(list(logarithms.values()), bins=24, stacked=True, label=[f"{sides} sides" for sides in logarithms])
right.set(xlabel="log10 of the area (median radius²)", ylabel="voids", title="areas by number of sides")
right.legend(fontsize="small")
fig.tight_layout()

assert 0.899 < tunneler_ratio(0.0014) < 0.901
assert np.all(np.diff(share) < 0.0) and np.all(np.diff(area) < 0.0)
assert 0.25 < area[-1] / area[0] < 0.4  # a third

# %%
# Voids of three touching cells have a narrow log-normal area, all voids together a wide one.
three = np.log(voids_of(cells).area[voids_of(cells).sides == 3])
print(f"sigma ln A: {np.std(three):.3f} for three sides ({area_spread_from_cells(0.1):.3f} expected), "
      f"{voids.area_spread:.2f} for all")
assert abs(np.std(three) - area_spread_from_cells(0.1)) < 0.03 and 0.7 < voids.area_spread < 1.1
