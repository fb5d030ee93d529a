"""What glasses do: an observable over a grid."""

import itertools
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np

from glasstunnel.observables.evaluation import checked, evaluate, observable, parts
from glasstunnel.observables.table import CONDITIONS
from glasstunnel.plots.appearance import COLORS, Axes, colors_of, compact, legend, literal, new_figure, style
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.glass import Glass, as_glass

_TITLE = 60  # characters in a line of the title


@dataclass(frozen=True, eq=False)
class _Series:
    """One line: a glass at held conditions. held : {temperature, field or condition: number}; `x` runs over `x_key`."""

    glass: Glass
    x_key: str
    x: np.ndarray
    held: Mapping[str, float]
    texts: Mapping[str, str]

    def conditions(self) -> tuple[Any, Any, dict[str, Any]]:
        """(T, B, further conditions)."""
        numbers = {**self.held, self.x_key: self.x}
        return numbers.pop("temperature"), numbers.pop("field"), numbers | dict(self.texts)


def curve_figure(
    glasses: Contribution | Sequence[Contribution], name: str, temperatures: Any, fields: Any, *, cgs: bool = False,
    conditions: Mapping[str, Any] | None = None, show_parts: bool = True,
):
    """An observable of one glass or several against the axis with most points, one curve per combination of the others.

    temperatures [K] (for a density of states energies [K]) and fields [T] : numbers or arrays of shape (n,) and (m,);
        every temperature is drawn at every field.
    conditions : {name: number, array or text} of the observable beside them, SI, such as frequency; what has most
        points is the horizontal axis, be it a waiting time.
    show_parts : a single curve is drawn with the contributions it is made of, where there are two or more; of a complex
        observable the real part is a full line and the imaginary part a broken one.
    Returns a `matplotlib.figure.Figure`.
    """
    several = glasses if isinstance(glasses, (list, tuple)) else [glasses]
    listed = [as_glass(glass, name) for glass in several]
    row = observable(name)
    texts = {key: value for key, value in (conditions or {}).items() if isinstance(value, str)}
    grids = {"temperature": temperatures, "field": fields} | {
        key: value for key, value in (conditions or {}).items() if key not in texts and value is not None
    }
    grids = {key: np.atleast_1d(np.asarray(values, float)) for key, values in grids.items()}
    x_key = max(grids, key=lambda key: len(grids[key]))
    axes = Axes(name, cgs, is_temperature=x_key != "field")
    series = _series(listed, grids, x_key, texts)
    varied = [key for key, values in grids.items() if key != x_key and len(values) > 1]
    with style():
        figure = new_figure(5.2, 3.6)
        ax = figure.add_subplot()
        others, colors = _colors(series, varied, listed)
        for color, line in zip(colors, series, strict=True):
            _draw(ax, axes, row, line, color, _label(axes, line, varied, len(listed) > 1))
        ax.set_title(_title(axes, listed, grids, x_key, texts))
        if show_parts and len(series) == 1 and not row.complex_valued:
            _draw_parts(ax, axes, series[0])
        _decorate(ax, axes, x_key, grids[x_key])
        if len(ax.lines) > 1 or varied:
            legend(figure, [ax], axes, others)
    return figure


def _series(glasses, grids, x_key, texts):
    held = {key: values for key, values in grids.items() if key != x_key}
    return [
        _Series(glass, x_key, grids[x_key], dict(zip(held, map(float, numbers), strict=True)), texts)
        for glass in glasses for numbers in itertools.product(*held.values())
    ]  # fmt: skip


def _colors(series, varied, glasses):
    """(what the colors stand for, one color per series): the one condition that varies, else the number of the line."""
    alone = len(varied) == 1 and len(glasses) == 1 and varied[0] in ("temperature", "field")
    others = np.array([line.held[varied[0]] for line in series]) if alone else np.arange(len(series))
    return others, colors_of(others)


def _text(axes, key, value):
    if key == "temperature":
        return compact(value, "K")
    if key == "field":
        return f"{axes.field(value):.4g} {axes.field_unit}"
    return compact(value, CONDITIONS[key].unit)


def _label(axes, line, varied, several):
    words = [literal(line.glass.name) or "glass"] if several else []
    return ", ".join([*words, *(_text(axes, key, line.held[key]) for key in varied)])


def _title(axes, glasses, grids, x_key, texts):
    words = [literal(glasses[0].name)] if len(glasses) == 1 else []
    held = [key for key, values in grids.items() if key != x_key and len(values) == 1]
    words += [*(_text(axes, key, float(grids[key][0])) for key in held), *texts.values()]
    return textwrap.fill(", ".join(filter(None, words)), _TITLE)


def _values(axes, x_key, x):
    return x if x_key in CONDITIONS else axes.x(x)


def _draw(ax, axes, row, line, color, label):
    T, B, further = line.conditions()
    y = axes.y(evaluate(row.name, line.glass, T, B, **further)) + 0.0 * line.x
    x = _values(axes, line.x_key, line.x)
    ax.plot(x, np.real(y), color=color, label=label or None)
    if row.complex_valued:
        ax.plot(x, np.imag(y), color=color, linestyle=":", label=", ".join(filter(None, (label, "imaginary"))))


def _draw_parts(ax, axes, line):
    """The contributions that say something, dashed; a single one is the sum and would hide it."""
    T, B, further = line.conditions()
    T, B, given = checked(axes.row, T, B, further)
    T, B = np.broadcast_arrays(T, B)
    shares = parts(axes.row, line.glass, T, B, given)
    shares = {key: y for key, y in shares.items() if np.any(y != 0.0)}
    if len(shares) < 2:
        return
    ax.lines[0].set_label("sum")
    for color, (key, y) in zip(cycle(COLORS[1:]), shares.items()):
        ax.plot(_values(axes, line.x_key, line.x), axes.y(y) + 0.0 * line.x, color=color, linestyle="--", linewidth=1.0,
                label=key)  # fmt: skip


def _decorate(ax, axes, x_key, x):
    axes.decorate(ax, x)
    if x_key in CONDITIONS:
        unit = CONDITIONS[x_key].unit
        ax.set_xlabel(x_key.replace("_", " ") + ("" if unit == "1" else f" [{unit}]"))
