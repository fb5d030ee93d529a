"""What a fit found: data, model and residuals; correlations; profiles; models side by side."""

from itertools import cycle

import numpy as np

from glasstunnel.observables.evaluation import evaluate
from glasstunnel.observables.table import CONDITIONS
from glasstunnel.plots.appearance import (
    COLORS,
    Axes,
    colors_of,
    compact,
    dense_marks,
    legend,
    literal,
    new_figure,
    pretty_unit,
    style,
)


def fit_figure(curves, *, parts=None, title="", cgs=False):
    """Data with error bars and fit above, residuals in units of sigma below; every curve must measure the same.

    curves : sequence of `FittedCurve`. parts : {contribution: model values at the points of the one curve}, drawn
    dashed. Returns a `matplotlib.figure.Figure`.
    """
    axes = _axes_of_curves(curves, cgs)
    series = [part for curve in curves for part in _series(axes, curve)]
    marks = dense_marks(sum(len(curve.measured) for curve in curves))
    with style():
        figure = new_figure(5.2 if len(curves) == 1 else 7.4, 4.6)
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        for number, (color, (_, label, x, curve, rows)) in enumerate(zip(_series_colors(series), series, strict=True)):
            y, sigma, model = (axes.y(values[rows]) for values in (curve.measured, curve.sigma, curve.model))
            upper.errorbar(x, y, sigma, fmt="o", color=color, markersize=2.4, elinewidth=0.6, alpha=0.55, label=label,
                           **marks)  # fmt: skip
            upper.plot(x, model, color=color, linewidth=1.5)
            lower.plot(x, (y - model) / sigma, "o", color=color, markersize=2.0, alpha=0.7, **marks)
            _draw_given_parts(upper, axes, parts, x, rows, labeled=number == 0)
        lower.axhline(0.0, color="black", linewidth=0.8)
        lower.set_ylabel("(data − fit)/σ")
        axes.decorate(upper, np.concatenate([row[2] for row in series]))
        lower.set_xlabel(upper.get_xlabel())
        upper.set_xlabel("")
        upper.set_title(literal(title))
        legend(figure, [upper], axes, _legend_values(series))
    return figure


def _axes_of_curves(curves, cgs):
    T, B = (np.concatenate([getattr(curve, name) for curve in curves]) for name in ("temperature", "field"))
    is_temperature = len(_levels(T)) >= len(_levels(B))
    return Axes(curves[0].observable, cgs, is_temperature, curves[0].unit, _running_condition(curves, T, B))


def _running_condition(curves, T, B):
    """The condition that takes more values than temperature and field, as the frequency of a spectrum; else ""."""
    most, name = max(len(_levels(T)), len(_levels(B))), ""
    for key in curves[0].conditions:
        values = [curve.conditions.get(key) for curve in curves]
        if key.startswith("reference") or any(isinstance(entry, str) or np.ndim(entry) == 0 for entry in values):
            continue
        # Set points that differ by more than a percent, whatever the unit.
        levels = len(np.unique(np.round(np.log(np.abs(np.concatenate(values)) + 1e-300), 2)))
        if levels > most:
            most, name = levels, key
    return name


def _levels(values):
    """Set points of a coordinate: values that differ by more than a percent."""
    ordered = np.sort(values)
    gaps = np.diff(ordered) > 0.01 * np.maximum(np.abs(ordered[1:]), 1e-3)
    return [part for part in np.split(ordered, np.flatnonzero(gaps) + 1)]


def _series(axes, curve):
    """(other coordinate, label, x, curve, rows in the order of x) for each set point of the other conditions."""
    x, other = axes.conditions(curve.temperature, curve.field)
    if axes.condition:
        x, other = curve.conditions[axes.condition], curve.temperature
    for words, group in _held_groups(curve, axes.condition):
        for level in _levels(other[group]):
            rows = group[(other[group] >= level[0]) & (other[group] <= level[-1])]
            rows = rows[np.argsort(x[rows], kind="stable")]
            center = float(np.median(level))
            unheld = curve.conditions and axes.is_temperature and center == 0.0
            held = ", ".join(filter(None, ("" if unheld else axes.other_text(center), words)))
            label = literal(f"{held} ({curve.name})" if held else curve.name)
            yield center, label, axes.x(x[rows]), curve, rows


def _held_groups(curve, running=""):
    """(words, rows) for each combination of further conditions that were held at a few values: three frequencies."""
    rows, keys = np.arange(len(curve.measured)), []
    for name, values in curve.conditions.items():
        if isinstance(values, str) or np.ndim(values) == 0 or name.startswith("reference") or name == running:
            continue
        if 1 < len(np.unique(values)) <= max(2, len(rows) // 3):
            keys.append(name)
    if not keys:
        return [("", rows)]
    table = np.stack([curve.conditions[name] for name in keys], axis=1)
    found, group = np.unique(table, axis=0, return_inverse=True)
    return [
        (", ".join(compact(value, CONDITIONS[name].unit) for name, value in zip(keys, values, strict=True)),
         rows[np.ravel(group) == number]) for number, values in enumerate(found)
    ]  # fmt: skip


def _series_colors(series):
    return colors_of(_legend_values(series))


def _legend_values(series):
    """What colors stand for: the other coordinate, or just the number of the curve where several share its value."""
    centers = np.array([row[0] for row in series])
    return centers if len(np.unique(centers)) == len(centers) else np.arange(len(centers))


def _draw_given_parts(ax, axes, parts, x, rows, *, labeled):
    for color, (key, values) in zip(cycle(COLORS[1:]), (parts or {}).items()):
        ax.plot(x, axes.y(values[rows]), color=color, linestyle="--", linewidth=1.0, label=key if labeled else None)


def curie_figure(curves, glass, *, title=""):
    """T M/B against T, where a Curie law is a horizontal line: data, and what the glass gives at all temperatures.

    curves : sequence of `FittedCurve` or the like, `measured` [A m2/kg], each at one field.
    """
    marks = dense_marks(sum(len(curve.measured) for curve in curves))
    with style():
        figure = new_figure(7.4, 4.2)
        ax = figure.add_subplot()
        for color, curve in zip(colors_of(curves), curves, strict=True):
            order = np.argsort(curve.temperature)
            T, B = curve.temperature[order], curve.field[order]
            label = f"{np.median(B):.3g} T"
            ax.plot(T, T * curve.measured[order] / B, "o", color=color, markersize=2.6, alpha=0.7, label=label, **marks)
            ax.plot(T, T * evaluate("magnetization", glass, T, B) / B, color=color, label=f"model, {label}")
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter("{x:g}")
        ax.set_xlabel("$T$ [K]")
        ax.set_ylabel("$T M/B$ [A m² K/(kg T)]")
        ax.set_title(literal(title))
        ax.legend()
    return figure


def correlation_figure(names, correlation):
    """The correlation matrix of parameters: red for together, blue for against each other."""
    size = len(names)
    with style():
        room = 0.075 * max(map(len, names))  # inches that the longest name needs beside and below the cells
        figure = new_figure(1.5 + room + 0.5 * size, 0.7 + 0.75 * room + 0.45 * size)
        ax = figure.add_subplot()
        image = ax.imshow(correlation, cmap="RdBu_r", vmin=-1.0, vmax=1.0)
        ax.grid(False)
        ax.set_xticks(range(size), names, rotation=45, ha="right")
        ax.set_yticks(range(size), names)
        for i, j in np.ndindex(size, size):
            color = "white" if abs(correlation[i, j]) > 0.6 else "black"
            ax.text(j, i, f"{correlation[i, j]:.2f}", ha="center", va="center", color=color, fontsize=7.5)
        figure.colorbar(image, ax=ax, label="correlation", shrink=0.8)
    return figure


def profile_figure(profile):
    """The rise of chi-square over one parameter, with the interval and where the prior ends it."""
    with style():
        figure = new_figure(4.0, 2.8)
        ax = figure.add_subplot()
        ax.plot(*_smooth(profile), color=COLORS[0])
        ax.plot(profile.scan, profile.rises, "o", color=COLORS[0], markersize=3.5)
        ax.axhline(profile.rise, color="black", linewidth=0.8, linestyle=":")
        for end in (profile.lower, profile.upper):
            if end is not None:
                ax.axvline(end, color=COLORS[1], linewidth=1.0)
        ax.plot(profile.value, 0.0, "D", color=COLORS[1], markersize=5)
        ax.set_ylim(min(0.0, profile.lowest), 3.0 * profile.rise)
        unit = "" if profile.unit == "1" else f" ({pretty_unit(profile.unit)})"
        ax.set_xlabel(profile.path + unit)
        ax.set_ylabel("rise of χ²")
    return figure


def _smooth(profile):
    """A curve through the refits: the signed root of the rise is nearly a straight line."""
    from scipy.interpolate import PchipInterpolator

    usable = np.isfinite(profile.rises)
    scan, rises = profile.scan[usable], profile.rises[usable]
    if len(scan) < 3 or np.any(np.diff(scan) <= 0.0) or rises.min() < 0.0:
        return scan, rises
    root = np.sign(scan - profile.value) * np.sqrt(rises)
    even = np.linspace(scan[0], scan[-1], 300)
    return even, PchipInterpolator(scan, root)(even) ** 2


def comparison_figure(curves_by_model, *, title=""):
    """Residuals of several models on the same data, one panel each, all in units of sigma.

    curves_by_model : {model: sequence of `FittedCurve`}.
    """
    axes = _axes_of_curves(next(iter(curves_by_model.values())), cgs=False)
    count = len(curves_by_model)
    marks = dense_marks(sum(len(curve.measured) for curve in next(iter(curves_by_model.values()))))
    with style():
        figure = new_figure(7.4, 1.0 + 1.5 * count)
        panels = figure.subplots(count, 1, sharex=True, squeeze=False)[:, 0]
        for panel, (name, curves) in zip(panels, curves_by_model.items(), strict=True):
            series = [part for curve in curves for part in _series(axes, curve)]
            for color, (_, label, x, curve, rows) in zip(_series_colors(series), series, strict=True):
                panel.plot(x, curve.residuals[rows], "o", color=color, markersize=2.2, alpha=0.7, label=label,
                           **marks)  # fmt: skip
            panel.axhline(0.0, color="black", linewidth=0.8)
            panel.set_title(literal(f"{title}: {name}" if title else name))
            panel.set_ylabel("(data − fit)/σ")
        legend(figure, list(panels), axes, _legend_values(series), outside=True)
        axes.scale_x(panels[-1], np.concatenate([row[2] for row in series]))
        panels[-1].set_xlabel(axes.x_label)
    return figure
