"""What a glass does: an observable over a grid."""

from itertools import cycle

import numpy as np

from glasstunnel.observables.evaluation import checked, evaluate, observable, parts
from glasstunnel.plots.style import COLORS, Axes, colors_of, legend, new_figure, style
from glasstunnel.systems.glass import as_glass


def curve_figure(glass, name, temperatures, fields, *, cgs=False, conditions=None):
    """An observable against the axis with more points, one curve per value of the other.

    temperatures [K] (for a density of states energies [K]) and fields [T] : numbers or arrays of shape (n,) and (m,);
        every temperature is drawn at every field.
    conditions : {name: number} of the observable beside them, SI, such as frequency.
    A single curve is drawn with the contributions it is made of; of a complex observable the real part is a full line
    and the imaginary part a broken one. Returns a `matplotlib.figure.Figure`.
    """
    glass, row, conditions = as_glass(glass, name), observable(name), conditions or {}
    temperatures, fields = np.atleast_1d(np.asarray(temperatures, float)), np.atleast_1d(np.asarray(fields, float))
    axes = Axes(name, cgs, is_temperature=len(temperatures) >= len(fields))
    x, others = (temperatures, fields) if axes.is_temperature else (fields, temperatures)
    with style():
        figure = new_figure(5.2, 3.6)
        ax = figure.add_subplot()
        for color, other in zip(colors_of(others), others, strict=True):
            y = axes.y(evaluate(name, glass, *axes.conditions(x, other), **conditions)) + 0.0 * x
            ax.plot(axes.x(x), np.real(y), color=color, label=axes.other_text(other))
            if row.complex_valued:
                ax.plot(axes.x(x), np.imag(y), color=color, linestyle=":", label=f"{axes.other_text(other)}, imaginary")
        ax.set_title(glass.name)
        if len(others) == 1:
            ax.set_title(", ".join(filter(None, (glass.name, axes.other_text(others[0])))))
            if not row.complex_valued:
                _draw_parts(ax, axes, glass, x, others[0], conditions)
        axes.decorate(ax, x)
        legend(figure, [ax], axes, others)
    return figure


def _draw_parts(ax, axes, glass, x, other, conditions):
    """The contributions that say something, dashed."""
    T, B = axes.conditions(x, other)
    T, B, given = checked(axes.row, T, B, conditions)
    T, B = np.broadcast_arrays(T, B)
    shares = parts(axes.row, glass, T, B, given)
    shares = {key: y for key, y in shares.items() if np.any(y != 0.0)}
    if shares:
        ax.lines[0].set_label("sum")
    for color, (key, y) in zip(cycle(COLORS[1:]), shares.items()):
        ax.plot(axes.x(x), axes.y(y) + 0.0 * x, color=color, linestyle="--", linewidth=1.0, label=key)
