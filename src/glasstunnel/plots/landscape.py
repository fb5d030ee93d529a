"""Pictures of what a landscape search found: double well, graph of minima, distributions, saturation, heat capacity."""

import numpy as np

from glasstunnel.plots.appearance import COLORS, NARROW, WHOLE, new_figure, style


def double_well_figure(positions, displacement, box, path=None, title=""):
    """A double well: atoms near the motion with displacements as arrows, and its energy along the path.

    positions, displacement : (atoms, 3) of one minimum [sigma]; box : (3,) lengths; path : a `landscape.Path`.
    Drawn in the plane that holds most of the motion; the arrows are enlarged as the title says.
    """
    x, u = np.asarray(positions, dtype=float), np.asarray(displacement, dtype=float)
    center = int(np.argmax(np.sum(u**2, axis=1)))
    arms = x - x[center]
    lengths = np.where(np.isfinite(box), box, 1.0)
    arms = arms - np.where(np.isfinite(box), lengths * np.rint(arms / lengths), 0.0)
    _u, _s, frame = np.linalg.svd(u, full_matrices=False)
    near = np.linalg.norm(arms, axis=1) < 3.0
    enlarged = max(1, round(0.8 / float(np.sqrt(np.sum(u**2, axis=1).max()))))
    flat, arrows, depth = arms[near] @ frame[:2].T, u[near] @ frame[:2].T, arms[near] @ frame[2]
    with style():
        figure = new_figure(WHOLE if path is not None else 3.6, 3.2)
        axes = figure.subplots(1, 2 if path is not None else 1, squeeze=False)[0]
        axes[0].scatter(*flat.T, s=150, c=depth, cmap="Greys", vmin=-4, vmax=8, edgecolors="#888888", linewidths=0.5)
        axes[0].quiver(*flat.T, *(enlarged * arrows.T), angles="xy", scale_units="xy", scale=1.0, color=COLORS[1],
                       width=0.007)  # fmt: skip
        axes[0].set_aspect("equal")
        axes[0].set_xlabel("along the motion [σ]")
        axes[0].set_ylabel("across [σ]")
        axes[0].set_title(title or f"displacements between\nthe minima, × {enlarged}")
        if path is not None:
            axes[1].plot(path.arc - path.arc[0], path.energies - path.energies.min(), color=COLORS[0])
            axes[1].set_xlabel("mass-weighted arc length [σ √m]")
            axes[1].set_ylabel("energy [ε]")
    return figure


def graph_figure(edges, title=""):
    """Minima as points, proven saddles as lines; width by barrier. edges : rows with i, j, energies and barrier."""
    import networkx

    graph = networkx.Graph()
    energies = {}
    for row in edges:
        graph.add_edge((row["glass"], row["i"]), (row["glass"], row["j"]), barrier=row["barrier"])
        energies[row["glass"], row["i"]], energies[row["glass"], row["j"]] = row["energy_i"], row["energy_j"]
    lowest = {}
    for (glass, _n), value in energies.items():
        lowest[glass] = min(value, lowest.get(glass, value))
    with style():
        figure = new_figure(NARROW, 3.8)
        ax = figure.add_subplot()
        place = networkx.spring_layout(graph, seed=1) if len(graph) else {}
        for a, b, entry in graph.edges(data=True):
            ends = np.array([place[a], place[b]]).T
            ax.plot(*ends, color="#999999", linewidth=0.6 + 2.0 * np.exp(-entry["barrier"] / 0.2), zorder=1)
        if place:
            points = np.array([place[node] for node in graph])
            height = [energies[node] - lowest[node[0]] for node in graph]
            dots = ax.scatter(*points.T, c=height, cmap="viridis", s=22, zorder=2)
            figure.colorbar(dots, ax=ax, label="energy above the lowest minimum\nof its glass [ε]")
        ax.set_axis_off()
        ax.set_title(title or "minima (points), proven saddles (lines; thick: low barrier)")
    return figure


def distribution_figure(rows, scale):
    """Barriers and asymmetries of all edges and the splittings of those solved; energies in kelvin by `scale`."""
    columns = [("barrier", "barrier $V_0$ [K]"), ("asymmetry", "|asymmetry| [K]"),
               ("tunnel_splitting", "splitting $\\Delta_0$ [K]")]  # fmt: skip
    found = [np.abs([row[name] for row in rows if row.get(name)]) * scale for name, _ in columns]
    with style():
        figure = new_figure(NARROW, 4.8)
        for ax, (_, label), values, color in zip(figure.subplots(3, 1), columns, found, COLORS, strict=False):
            if len(values):
                low, high = np.log10(values.min()) - 0.2, np.log10(values.max()) + 0.2
                ax.hist(values, bins=np.logspace(low, high, 16), color=color, edgecolor="white", linewidth=0.5)
                ax.set_xscale("log")
            ax.yaxis.get_major_locator().set_params(integer=True)
            ax.set_xlabel(label)
            ax.set_ylabel("edges")
            ax.set_title(f"{len(values)} edges")
    return figure


def saturation_figure(quenches, known, estimate=None, systems=None):
    """Distinct minima against quenches, with the capture-recapture estimate of those within reach.

    systems : two-level systems per glass known after as many quenches, drawn below where there are any.
    """
    with style():
        figure = new_figure(4.4, 3.0)
        ax = figure.add_subplot()
        ax.plot(quenches, known, color=COLORS[0], label="minima found")
        if systems is not None and np.any(systems):
            ax.plot(quenches, systems, color=COLORS[2], label="two-level systems")
        if estimate is not None and np.isfinite(estimate):
            ax.axhline(estimate, color=COLORS[1], linestyle="--", label="estimate (capture-recapture)")
        ax.set_ylim(bottom=0.0)
        ax.legend()
        ax.set_xlabel("quenches per glass")
        ax.set_ylabel("number per glass")
    return figure


def catalogue_figure(catalogue, temperatures):
    """Heat capacity of a list of systems by exact level sums, beside the standard law with the same number of systems.

    The law has Delta uniform and ln Delta0 uniform over the range of the list. Returns (figure, columns of numbers).
    """
    from glasstunnel.systems.two_level import TwoLevelSystems

    T = np.asarray(temperatures, dtype=float)
    exact = catalogue.heat_capacity(T, 0.0)
    high, low = float(np.max(catalogue.gaps)), float(np.min(np.abs(catalogue.splittings)))
    low = min(low, 0.5 * high)
    unit = TwoLevelSystems(density=1.0, tunneling_min=low, energy_max=1.0001 * high)
    number = float(np.sum(unit.ensemble(np.array(0.0)).weights))
    law = unit.heat_capacity(T, 0.0) * catalogue.concentration / number
    with style():
        figure = new_figure(NARROW, 3.6)
        ax = figure.add_subplot()
        ax.loglog(T, exact, color=COLORS[0], label="systems found, level sums")
        ax.loglog(T, law, color=COLORS[1], linestyle="--", label="standard law, same number and range")
        ax.xaxis.set_major_formatter("{x:g}")
        ax.set_xlabel("$T$ [K]")
        ax.set_ylabel("heat capacity $C$ [J/(K kg)]")
        ax.set_ylim(bottom=1e-6 * float(np.max(exact)))
        ax.set_title("lower bound" if catalogue.lower_bound else "")
        ax.legend()
    return figure, {"temperature [K]": T, "heat capacity [J/(K kg)]": exact, "standard law [J/(K kg)]": law}


def propensity_figure(positions, propensity, box):
    """The map of dynamical heterogeneity: mean squared displacement of each atom over the replicas  [002, Fig. 1]."""
    x = np.mod(positions, np.where(np.isfinite(box), box, 1e300))
    with style():
        figure = new_figure(4.4, 3.4)
        ax = figure.add_subplot()
        order = np.argsort(propensity)
        dots = ax.scatter(x[order, 0], x[order, 1], c=np.sqrt(propensity[order]), s=30 + 10 * x[order, 2],
                          cmap="inferno_r", edgecolors="#666666", linewidths=0.3)  # fmt: skip
        figure.colorbar(dots, ax=ax, label="root mean squared displacement [σ]")
        ax.set_aspect("equal")
        ax.set_xlabel("x [σ]")
        ax.set_ylabel("y [σ]")
    return figure
