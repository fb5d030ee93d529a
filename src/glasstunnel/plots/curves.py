"""What glasses do: an observable over a grid."""

import itertools
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.observables.evaluation import checked, evaluate, parts
from glasstunnel.observables.evaluation import observable as known_observable
from glasstunnel.observables.presentations import LEVELS
from glasstunnel.observables.table import CONDITIONS
from glasstunnel.plots.appearance import (
    COLORS,
    DASHES,
    Axes,
    colors_of,
    compact,
    given_or_new,
    legend,
    literal,
    pretty_unit,
    style,
)
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.glass import Glass, as_glass

if TYPE_CHECKING:
    import matplotlib.axes

_TITLE = 60  # characters in a line of the title
_SAME, _COVERED = 0.01, 0.5  # lines nearer than this to each other, at so many points, cover one another
_WIDER, _WIDEST = 2.4, 7.0  # points by which a line is wider than the next one that covers it, and than the last
_SMALLEST_SHARE = 1e-2  # of the smallest sum that a logarithmic axis of a curve still shows


@dataclass(frozen=True, eq=False)
class _CurveSeries:
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


def plot_curves(
    glasses: Contribution | Sequence[Contribution], observable: str, temperatures: Any, fields: Any = 0.0,
    ax: "matplotlib.axes.Axes | None" = None, *, cgs: bool = False, conditions: Mapping[str, Any] | None = None,
    show_parts: bool = True, **line: Any,
) -> "matplotlib.axes.Axes":
    """An observable of one glass or several against the axis with most points, one curve per combination of the others.

    temperatures [K] (for a density of states energies [K]) and fields [T] : numbers or arrays of shape (n,) and (m,);
        every temperature is drawn at every field.
    ax : axes of matplotlib to draw into; new ones by default. line : keywords of `Axes.plot` for every curve.
    conditions : {name: number, array or text} of the observable beside them, SI, such as frequency; what has most
        points is the horizontal axis, be it a waiting time.
    show_parts : a single curve is drawn with the contributions it is made of, where there are two or more; of a complex
        observable the real part is a full line and the imaginary part a broken one.
    Returns the axes. `ParameterError` for what the glass does not give.

    >>> from glasstunnel import plot_curves, published
    >>> ax = plot_curves(published("BK7"), "heat_capacity", [0.1, 0.2, 0.5, 1.0, 2.0, 5.0])
    >>> ax.get_xlabel(), len(ax.lines)
    ('$T$ [K]', 1)
    """
    listed = _told_apart(_listed(glasses, observable))
    row = known_observable(observable)
    texts = {key: value for key, value in (conditions or {}).items() if isinstance(value, str)}
    grids = {"temperature": temperatures, "field": fields} | {
        key: value for key, value in (conditions or {}).items() if key not in texts and value is not None
    }
    grids = {key: np.atleast_1d(np.asarray(values, float)) for key, values in grids.items()}
    for key, values in grids.items():
        if values.size == 0:
            raise ParameterError(f"plot_curves: {key} has no values")
    x_key = max(grids, key=lambda key: len(grids[key]))
    axes = Axes(row, cgs, is_temperature=x_key != "field")
    series = _series(listed, grids, x_key, texts)
    varied = [key for key, values in grids.items() if key != x_key and len(values) > 1]
    with style():
        ax = given_or_new(ax)
        dashes = _dashes(series)
        others, colors = _colors(series, varied, listed, dashes)
        drawn = [_draw(ax, axes, row, curve, {"color": color, "label": _label(axes, curve, varied, len(listed) > 1),
                                              **dash, **line})
                 for color, dash, curve in zip(colors, dashes, series, strict=True)]  # fmt: skip
        _widen_hidden(ax, drawn, dashes, line)
        if not ax.get_title("left"):
            ax.set_title(_title(axes, listed, grids, x_key, texts), loc="left")
        if show_parts and len(series) == 1 and not row.complex_valued:
            _draw_parts(ax, axes, series[0], ax.lines[-1])
        _decorate(ax, axes, x_key, grids[x_key], drawn)
        if len(ax.lines) > 1 or varied:
            legend(ax.figure, [ax], axes, others)
    return ax


def plot_density_of_states(
    glasses: Contribution | Sequence[Contribution], energies: Any, fields: Any = 0.0,
    ax: "matplotlib.axes.Axes | None" = None, **options: Any,
) -> "matplotlib.axes.Axes":
    """The number of tunneling systems per energy gap [1/(K kg)] of one glass or several.

    energies [K] and fields [T] : numbers or arrays. ax, options : as for `plot_curves`. Returns the axes.

    >>> from glasstunnel import plot_density_of_states, published
    >>> plot_density_of_states(published("BK7"), [0.01, 0.1, 1.0, 10.0], [0.0, 0.1]).get_xlabel()
    '$E$ [K]'
    """
    return plot_curves(glasses, "density_of_states", energies, fields, ax, **options)


def plot_levels(
    glasses: Contribution | Sequence[Contribution], fields: Any, temperature: float = 1.0,
    ax: "matplotlib.axes.Axes | None" = None, *, cgs: bool = False, **line: Any,
) -> "matplotlib.axes.Axes":
    """Energy levels [K] of one typical system of every contribution that states its levels, against the field.

    fields [T] : array of shape (n,). temperature [K] : at which what depends on it is taken. ax, line : as for
    `plot_curves`. Returns the axes; `ParameterError` where no contribution states levels.

    >>> from glasstunnel import MagneticIons, plot_levels
    >>> ax = plot_levels(MagneticIons("Fe3+", 1e20, zero_field_splitting=1.0), [0.0, 0.5, 1.0])
    >>> len(ax.lines), ax.get_ylabel()
    (6, 'levels of one system $E$ [K]')
    """
    listed = _listed(glasses, "plot_levels")
    B = np.atleast_1d(np.asarray(fields, float))
    diagrams = {
        (glass.name if len(listed) > 1 else "", key): list(part.level_diagram(temperature, B).values())
        for glass in listed for key, part in glass.contributions.items()
    }  # fmt: skip
    diagrams = {names: levels for names, levels in diagrams.items() if levels}
    if not diagrams:
        raise ParameterError("plot_levels: no contribution states levels; those of few levels do, such as "
                             "MagneticIons, SchottkyLevels and AnomalousTunnelingSystems")
    axes = Axes(LEVELS, cgs, is_temperature=False)
    with style():
        ax = given_or_new(ax)
        for color, (names, levels) in zip(cycle(COLORS), diagrams.items()):
            for number, energies in enumerate(levels):
                label = literal(", ".join(filter(None, names))) if number == 0 else None
                ax.plot(axes.x(B), energies + 0.0 * B, **{"color": color, "label": label, **line})
        axes.decorate(ax, B)
        if len(diagrams) > 1:
            ax.legend()
    return ax


def _listed(glasses, where):
    return [as_glass(glass, where) for glass in (glasses if isinstance(glasses, (list, tuple)) else [glasses])]


def _told_apart(glasses):
    """The glasses, the theory in the name of those that are called the same."""
    names = [glass.name for glass in glasses]
    return [_with_theory(glass) if glass.name and names.count(glass.name) > 1 else glass for glass in glasses]


def _with_theory(glass):
    theories = dict.fromkeys(part.theory for part in glass.contributions.values() if hasattr(part, "theory"))
    return replace(glass, name=", ".join([glass.name, *theories]))


def _series(glasses, grids, x_key, texts):
    held = {key: values for key, values in grids.items() if key != x_key}
    return [
        _CurveSeries(glass, x_key, grids[x_key], dict(zip(held, map(float, numbers), strict=True)), texts)
        for glass in glasses for numbers in itertools.product(*held.values())
    ]  # fmt: skip


def _colors(series, varied, glasses, dashes):
    """(what the colors stand for, one color per series): the one condition that varies, else the number of the line.

    The exact and the approximate theory of the same conditions share a color: the broken line tells them apart.
    """
    conditions = len(series) // len(glasses)
    if len(glasses) == 2 and conditions > 1 and bool(dashes[0]) != bool(dashes[-1]):
        return np.arange(len(series)), 2 * list(colors_of(np.arange(conditions)))
    alone = len(varied) == 1 and len(glasses) == 1 and varied[0] in ("temperature", "field")
    others = np.array([line.held[varied[0]] for line in series]) if alone else np.arange(len(series))
    return others, colors_of(others)


def _dashes(series):
    """Full lines; broken ones for an approximate theory where the exact one is drawn beside it."""
    theories = [{getattr(part, "theory", None) for part in line.glass.contributions.values()} for line in series]
    beside_exact = any("exact" in names for names in theories)
    return [{"linestyle": "--"} if beside_exact and "effective" in names else {} for names in theories]


def _text(axes, key, value):
    if key == "temperature":
        return compact(value, "K")
    if key == "field":
        return f"{axes.field(value):.4g} {axes.field_unit}"
    words = "relative to " if key.startswith("reference_") else ""
    return words + compact(value, CONDITIONS[key].unit)


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


def _draw(ax, axes, row, curve, line):
    """Draws one curve; returns its values in the unit of the axis."""
    T, B, further = curve.conditions()
    y = axes.y(evaluate(row.name, curve.glass, T, B, **further)) + 0.0 * curve.x
    x, label = _values(axes, curve.x_key, curve.x), line.pop("label")
    ax.plot(x, np.real(y), label=label or None, **line)
    if row.complex_valued:
        ax.plot(x, np.imag(y), **line | {"linestyle": ":", "label": ", ".join(filter(None, (label, "imaginary")))})
    return y


def _widen_hidden(ax, drawn, dashes, line):
    """Full lines that a later one covers become wider, so that both are seen."""
    if {"linewidth", "lw", "linestyle", "ls"} & set(line):
        return
    size = max(float(np.max(np.abs(y))) for y in drawn)
    lines = [found for found in ax.lines if found.get_linestyle() != ":"][-len(drawn):]
    for i, (found, y) in enumerate(zip(lines, drawn, strict=True)):
        later = [np.isclose(y, other, rtol=_SAME, atol=1e-3 * _SAME * size) for other in drawn[i + 1:]]
        covering = sum(dashes[i] == dash and np.mean(same) >= _COVERED for dash, same in
                       zip(dashes[i + 1:], later, strict=True))  # fmt: skip
        found.set_linewidth(found.get_linewidth() + min(_WIDER, _WIDEST / len(drawn)) * covering)


def _draw_parts(ax, axes, line, total):
    """The contributions that say something, dashed; a single one is the sum and would hide it."""
    T, B, further = line.conditions()
    T, B, given = checked(axes.row, T, B, further)
    T, B = np.broadcast_arrays(T, B)
    shares = parts(axes.row, line.glass, T, B, given)
    shares = {key: y for key, y in shares.items() if np.any(y != 0.0)}
    if len(shares) < 2:
        return
    total.set_label("sum")
    for color, dash, (key, y) in zip(cycle(COLORS[1:]), cycle(DASHES), shares.items()):
        ax.plot(_values(axes, line.x_key, line.x), axes.y(y) + 0.0 * line.x, color=color, linestyle=dash, linewidth=1.2,
                label=key)  # fmt: skip


def _decorate(ax, axes, x_key, x, drawn):
    axes.decorate(ax, x, drawn)
    if ax.get_yscale() == "log":  # a share that dies out must not squeeze the sum
        lowest = min(float(np.min(np.real(y))) for y in drawn)
        low, _ = ax.get_ylim()
        if lowest > 0.0 and low < _SMALLEST_SHARE * lowest:
            ax.set_ylim(bottom=_SMALLEST_SHARE * lowest)
    if x_key in CONDITIONS:
        unit = CONDITIONS[x_key].unit
        ax.set_xlabel(x_key.replace("_", " ") + ("" if unit == "1" else f" [{pretty_unit(unit)}]"))
