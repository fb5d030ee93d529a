"""What a glass does: an observable over a grid."""

from itertools import cycle

import numpy as np

from glasstunnel.observables.thermodynamics import evaluate
from glasstunnel.plots.style import COLORS, Axes, colors_of, legend, new_figure, style


def curve_figure(glass, observable, temperatures, fields, *, cgs=False, further=None):
    """An observable against the axis with more points, one curve per value of the other.

    temperatures [K] and fields [T] : arrays of shape (n,) and (m,); every temperature is drawn at every field.
    further : {condition: number} of the observable beside them, SI, such as frequency.
    A single curve is drawn with the contributions it is made of. Returns a `matplotlib.figure.Figure`.
    """
    further = further or {}
    axes = Axes(observable, cgs, is_temperature=len(temperatures) >= len(fields))
    x, others = (temperatures, fields) if axes.is_temperature else (fields, temperatures)
    with style():
        figure = new_figure(5.2, 3.6)
        ax = figure.add_subplot()
        for color, other in zip(colors_of(others), others, strict=True):
            y = evaluate(observable, glass, *axes.conditions(x, other), **further)
            ax.plot(axes.x(x), axes.y(y), color=color, label=axes.other_text(other))
        ax.set_title(glass.name)
        if len(others) == 1:
            ax.set_title(f"{glass.name}, {axes.other_text(others[0])}")
            ax.lines[0].set_label("sum")
            _draw_parts(ax, axes, glass, x, others[0], further)
        axes.decorate(ax, x)
        legend(figure, [ax], axes, others)
    return figure


def _draw_parts(ax, axes, glass, x, other, further):
    """The contributions that say something, dashed."""
    T, B = axes.conditions(x, other)
    T, B = np.broadcast_arrays(np.asarray(T, float), np.asarray(B, float))
    parts = glass.parts(axes.row.method, T, B, **further)
    parts = {key: y for key, y in parts.items() if np.any(y != 0.0)}
    for color, (key, y) in zip(cycle(COLORS[1:]), parts.items()):
        ax.plot(axes.x(x), axes.y(y) + 0.0 * x, color=color, linestyle="--", linewidth=1.0, label=key)
