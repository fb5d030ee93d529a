"""The map of a plan: what every candidate is worth, and how many points are to be measured where."""

import numpy as np

from glasstunnel.observables.table import CONDITIONS
from glasstunnel.plots.appearance import COLORS, new_figure, style

_PANELS = 6  # settings of further conditions that are drawn
_WIDE = 20.0  # span for which an axis is logarithmic


def plan_figure(plan):
    """Temperature against field: the color says what a candidate is worth, the number how many points stand there.

    plan : Plan, or the Discrimination between two models. One panel for every setting of further conditions.
    """
    made, (worth, label) = plan.candidates, _worth(plan)
    settings = _settings(made)
    with style():
        width = 5.2 if len(settings) == 1 else 3.4 * min(len(settings), 3)
        rows = (len(settings) + 2) // 3
        figure = new_figure(width, 3.6 * rows)
        axes = figure.subplots(rows, min(len(settings), 3), squeeze=False, sharex=True, sharey=True).ravel()
        for ax in axes[len(settings):]:
            ax.set_visible(False)
        top = max(float(np.max(worth)), 1e-300)
        for ax, (title, chosen) in zip(axes, settings, strict=False):
            marks = ax.scatter(made.T[chosen], made.B[chosen], c=worth[chosen], cmap="Blues", vmin=0.0, vmax=top, s=60,
                               marker="s", edgecolors="0.7", linewidths=0.5)  # fmt: skip
            _number_points(ax, made, plan.counts, chosen)
            ax.set_title(title)
            ax.set_xlabel("$T$ [K]")
        for ax, values in ((axes[0].set_xscale, made.T), (axes[0].set_yscale, made.B)):
            if np.min(values) > 0.0 and np.max(values) > _WIDE * np.min(values):
                ax("log")
        axes[0].set_ylabel("$B$ [T]")
        axes[0].margins(0.12)
        figure.colorbar(marks, ax=list(axes[: len(settings)]), label=label)
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


def _settings(made):
    """[(title, indices of candidates)], the first few."""
    if not made.swept:
        return [("", np.arange(len(made)))]
    each = np.prod(made.shape[2:])
    found = []
    for number in range(min(int(each), _PANELS)):
        chosen = np.flatnonzero(np.arange(len(made)) % each == number)
        words = (f"{key} {value:.4g} {CONDITIONS[key].unit}" for key, value in made.place(chosen[0]).items())
        found.append((", ".join(words), chosen))
    return found


def _number_points(ax, made, counts, chosen):
    for i in chosen[counts[chosen] > 0]:
        ax.plot(made.T[i], made.B[i], "o", color=COLORS[1], markersize=13, markerfacecolor="none", zorder=3)
        ax.annotate(str(counts[i]), (made.T[i], made.B[i]), (5, 6), textcoords="offset points", zorder=4)
