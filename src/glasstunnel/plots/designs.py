"""The map of a plan: what every candidate is worth, and how many points are to be measured where."""

import numpy as np

from glasstunnel.observables.table import CONDITIONS
from glasstunnel.plots.appearance import COLORS, new_figure, pretty_unit, style

_PANELS = 6  # settings of further conditions that are drawn
_WIDE = 20.0  # span for which an axis is logarithmic


def plan_figure(plan):
    """The first two conditions that the candidates differ in, as a rule temperature and field, against each other: the
    color says what a candidate is worth, the number how many points stand there.

    plan : Plan, or the Discrimination between two models. One panel for every setting of further conditions.
    """
    made, (worth, label) = plan.candidates, _worth(plan)
    (across, x), (upwards, y), others = _axes(made)
    settings = _settings(others, len(made))
    with style():
        width = 5.2 if len(settings) == 1 else 3.4 * min(len(settings), 3)
        rows = (len(settings) + 2) // 3
        figure = new_figure(width, 3.6 * rows)
        axes = figure.subplots(rows, min(len(settings), 3), squeeze=False, sharex=True, sharey=True).ravel()
        for ax in axes[len(settings):]:
            ax.set_visible(False)
        top = max(float(np.max(worth)), 1e-300)
        for ax, (title, chosen) in zip(axes, settings, strict=False):
            marks = ax.scatter(x[chosen], y[chosen], c=worth[chosen], cmap="Blues", vmin=0.0, vmax=top, s=60,
                               marker="s", edgecolors="0.7", linewidths=0.5)  # fmt: skip
            _number_points(ax, x, y, plan.counts, chosen)
            ax.set_title(title)
            ax.set_xlabel(across)
        for set_scale, values in ((axes[0].set_xscale, x), (axes[0].set_yscale, y)):
            if np.min(values) > 0.0 and np.max(values) > _WIDE * np.min(values):
                set_scale("log")
        axes[0].set_ylabel(upwards)
        axes[0].margins(0.12)
        figure.colorbar(marks, ax=list(axes[: len(settings)])).set_label(label, labelpad=9.0)
    return figure


def plan_columns(plan):
    """{heading: array} of the numbers behind the figure."""
    made, (worth, label) = plan.candidates, _worth(plan)
    swept = {f"{key} [{CONDITIONS[key].unit}]": made.conditions[key] for key in made.swept}
    return {"T [K]": made.T, "B [T]": made.B} | swept | {label: worth, "points": plan.counts}


def _worth(plan):
    """(number for every candidate, what it is)."""
    if hasattr(plan, "weights"):
        return 100.0 * plan.weights, "share of the points [%]"
    return 100.0 * -np.expm1(-0.5 * plan.map / plan.goals), "what one point takes off the error [%]"


def _axes(made):
    """((label, values) across, (label, values) upwards, {name: values} of what else the candidates differ in)."""
    every = {"T": ("$T$ [K]", made.T), "B": ("$B$ [T]", made.B)}
    every |= {key: (f"{key} [{pretty_unit(CONDITIONS[key].unit)}]", made.conditions[key]) for key in made.swept}
    varied = [key for key, (_, values) in every.items() if np.ptp(values) > 0.0]
    first, second = (*varied[:2], *(key for key in "TB" if key not in varied[:2]))[:2]
    return every[first], every[second], {key: every[key][1] for key in varied[2:]}


def _settings(others, number):
    """[(title, indices of candidates)] of the first few settings of further conditions."""
    if not others:
        return [("", np.arange(number))]
    table = np.stack(list(others.values()), axis=1)
    found = []
    for setting in np.unique(table, axis=0)[:_PANELS]:
        words = (f"{key} {value:.4g} {pretty_unit(CONDITIONS[key].unit)}"
                 for key, value in zip(others, setting, strict=True))  # fmt: skip
        found.append((", ".join(words), np.flatnonzero((table == setting).all(axis=1))))
    return found


def _number_points(ax, x, y, counts, chosen):
    for i in chosen[counts[chosen] > 0]:
        ax.plot(x[i], y[i], "o", color=COLORS[1], markersize=13, markerfacecolor="none", zorder=3)
        ax.annotate(str(counts[i]), (x[i], y[i]), (5, 6), textcoords="offset points", zorder=4)
