"""Pictures of where tunneling systems come from: a potential with its levels, cells with their voids and loops."""

import numpy as np

from glasstunnel.plots.appearance import COLORS, new_figure, style

AREA_LABEL = "log10 of the void's area [median radius²]"


def wells_figure(reduced, levels=None):
    """The potential of a `WellReduction` with its wells, and {column: values} of levels against field beside it."""
    with style():
        figure = new_figure(9.0 if levels else 4.5, 3.6)
        axes = figure.subplots(1, 2 if levels else 1, squeeze=False)[0]
        _draw_potential(figure, axes[0], reduced.potential)
        if levels:
            names = [name for name in levels if name.startswith("E")]
            for color, name in zip(COLORS, names, strict=False):
                axes[1].plot(levels["field [T]"], levels[name], color=color, label=name.split(" - ")[0])
            axes[1].legend()
            axes[1].set(xlabel="flux density [T]", ylabel="level above the lowest at zero field [K]")
            axes[1].set_title(f"t = {reduced.amplitude:.3e} V0, S = {reduced.area:.3f} a²")
    return figure


def _draw_potential(figure, ax, potential):
    x = np.linspace(-1.7, 1.7, 240)
    values = np.clip(potential.value(x[None, :], x[:, None]), None, 3.0)
    drawn = ax.contourf(x, x, values, levels=np.linspace(min(values.min(), 0.0), 3.0, 25), cmap="viridis_r")
    ax.contour(x, x, values, levels=[1.0], colors="white", linewidths=0.9)
    ax.plot(*np.array(potential.wells).T, "k.", markersize=5)
    ax.set(xlabel="x / a", ylabel="y / a", aspect="equal", title=potential.name)
    ax.grid(False)
    figure.colorbar(drawn, ax=ax, label="V / V0", shrink=0.85)


def voids_figure(cells, voids):
    """Discs of a `Packing` with its `Voids`, colored by area, and the loop through the contacts of each of three
    sides."""
    with style():
        figure = new_figure(6.4, 5.6)
        ax = figure.add_subplot()
        figure.colorbar(draw_voids(ax, cells, voids), ax=ax, label=AREA_LABEL, shrink=0.85)
    return figure


def draw_voids(ax, cells, voids):
    """The same into given axes; returns what a color bar needs."""
    from matplotlib.collections import LineCollection, PatchCollection, PolyCollection
    from matplotlib.patches import Circle

    mesh, radii = cells.grown(voids.growth).triangulation, cells.radii * (1.0 + voids.growth)
    shifts = cells.box * np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)])

    def images(corners):
        """Polygons of the periodic images, (9 polygons, corners, 2): some of them fill the rim of the box."""
        if not len(corners):
            return []
        return list((shifts[:, None, None, :] + np.asarray(corners)).reshape(-1, *np.shape(corners)[1:]))

    inside = voids.triangles >= 0
    colored = PolyCollection(images(mesh.corners[inside]), cmap="viridis", zorder=1, edgecolors="face")
    colored.set_array(np.tile(np.log10(voids.area[voids.triangles[inside]]), len(shifts)))
    ax.add_collection(colored)
    ax.add_collection(PolyCollection(images(mesh.corners[~inside]), facecolors="0.82", edgecolors="0.82", zorder=1))
    discs = [
        Circle(tuple(center + shift), radius)
        for center, radius in zip(cells.centers, radii, strict=True)
        for shift in shifts
    ]
    ax.add_collection(PatchCollection(discs, facecolor="0.82", edgecolor="0.45", linewidth=0.4, zorder=2))
    ax.add_collection(LineCollection(images(loops_of(mesh, voids, radii)), colors=COLORS[1], linewidths=0.7, zorder=3))
    ax.set(xlim=(0.0, cells.box), ylim=(0.0, cells.box), aspect="equal")
    ax.set(xlabel="x / median radius", ylabel="y / median radius")
    ax.set_title(f"{len(cells.radii)} cells grown by {100 * voids.growth:g} %: {len(voids.area)} voids", loc="left")
    ax.grid(False)
    return colored


def loops_of(mesh, voids, radii):
    """Closed triangles through the three contacts around every void of one triangle, (loops, 4, 2)."""
    single = np.bincount(voids.triangles[voids.triangles >= 0], minlength=len(voids.area)) == 1
    chosen = np.flatnonzero((voids.triangles >= 0) & single[voids.triangles])
    loops = []
    for triangle in chosen:
        corners, reach = mesh.corners[triangle], radii[mesh.cells[triangle]]
        contacts = []
        for here in range(3):
            there = (here + 1) % 3
            share = reach[here] / (reach[here] + reach[there])
            contacts.append(corners[here] + share * (corners[there] - corners[here]))
        loops.append([*contacts, contacts[0]])
    return loops
