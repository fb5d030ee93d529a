"""What a fit found: data, model and residuals; correlations; profiles; models side by side."""

from dataclasses import replace
from itertools import cycle

import numpy as np

from glasstunnel.data.dataset import shortened
from glasstunnel.errors import ParameterError
from glasstunnel.inference.results import FitResult, FittedCurve
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.observables.table import CONDITIONS
from glasstunnel.plots.appearance import (
    COLORS,
    Axes,
    colors_of,
    compact,
    dense_marks,
    given_or_new,
    legend,
    literal,
    new_axes,
    new_figure,
    pretty_unit,
    style,
)


def plot_fit(results, ax=None, *, observable=None, residuals=None, parts=None, title="", cgs=False):
    """Measured points with error bars and what a fit says there; residuals in units of sigma in axes of their own.

    results : `FitResult`, `FittedCurve` or a list of them; what several fits say of the same data stands together.
    ax, residuals : axes of matplotlib to draw into; without `ax` there are new ones, residuals beneath.
    observable : which one, where the datasets measure several; without it each gets axes of its own.
    parts : {contribution: model values at the points of the one curve}, drawn dashed.
    Returns the axes of the data, an array of them where several observables are drawn. `ParameterError` for what is
    no fit and for several observables in one axes.

    >>> from glasstunnel import Column, Dataset, LarmorDiamagnetism, Uniform, fit, plot_fit
    >>> columns = {"temperature": Column([4.0, 8.0, 16.0], "K"), "field": Column([2.0] * 3, "T"),
    ...            "magnetization": Column([-8e-3, -8.1e-3, -7.9e-3], "A m2/kg"),
    ...            "sigma": Column([1e-4] * 3, "A m2/kg")}
    >>> result = fit(LarmorDiamagnetism(4e-3), [Dataset(columns, "magnetization", noise="given")],
    ...              {"larmor.susceptibility": Uniform(0, 1)})
    >>> ax = plot_fit(result)
    >>> ax.get_ylabel(), [panel.get_ylabel() for panel in ax.figure.axes[1:]]
    ('magnetization $M$ [A m²/kg]', ['(data − fit)/σ'])
    """
    curves = _fitted(results, observable)
    measured = list(dict.fromkeys(curve.observable for curve in curves))
    if ax is not None and len(measured) > 1:
        raise ParameterError(f"plot_fit: these fits describe {', '.join(measured)}; choose what stands in the axes "
                             f"with observable={measured[0]!r}")  # fmt: skip
    if ax is not None:
        return _draw_fits(given_or_new(ax), residuals, curves, parts, title, cgs)
    width = 5.2 if len(curves) == 1 or len(measured) > 1 else 7.4
    upper, lower = new_axes(2, len(measured), width * len(measured), 4.6, sharex="col", height_ratios=(3, 1))
    for column, name in enumerate(measured):
        same = [curve for curve in curves if curve.observable == name]
        _draw_fits(upper[column], lower[column], same, parts, title, cgs)
    return upper[0] if len(measured) == 1 else upper


def fit_figure(curves, *, parts=None, title="", cgs=False):
    """The figure of `plot_fit` for pages and files: data and fit above, residuals in units of sigma below.

    curves : sequence of `FittedCurve`; every one must measure the same. Returns a `matplotlib.figure.Figure`.
    """
    with style():
        figure = new_figure(5.2 if len(curves) == 1 else 7.4, 4.6)
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    _draw_fits(upper, lower, curves, parts, title, cgs)
    return figure


def _fitted(results, observable):
    """The curves of one or several results, named after their glass where there are several; of one observable."""
    listed = list(results) if isinstance(results, (list, tuple)) else [results]
    found = []
    for number, result in enumerate(listed, 1):
        if isinstance(result, FittedCurve):
            found.append(result)
        elif isinstance(result, FitResult):
            words = f", {result.glass.name or f'fit {number}'}" if len(listed) > 1 else ""
            found += [replace(curve, name=curve.name + words) for curve in result.curves.values()]
        else:
            raise ParameterError(f"plot_fit draws the FitResult that fit returns, got {shortened(result)}")
    kept = [curve for curve in found if observable in (None, curve.observable)]
    if not kept:
        known = ", ".join(dict.fromkeys(curve.observable for curve in found)) or "none"
        raise ParameterError(f"plot_fit: nothing that was fitted measures {observable!r}; there is {known}")
    return kept


def _draw_fits(upper, lower, curves, parts, title, cgs):
    """Data and fit into axes, residuals into others where they are given."""
    axes = axes_of_curves(curves, cgs)
    series = [part for curve in curves for part in series_of(axes, curve)]
    marks = dense_marks(sum(len(curve.measured) for curve in curves))
    with style():
        colors = colors_of_series(series)
        for number, (color, (_, label, x, curve, rows)) in enumerate(zip(colors, series, strict=True)):
            y, sigma, model = (axes.y(values[rows]) for values in (curve.measured, curve.sigma, curve.model))
            upper.errorbar(x, y, sigma, fmt="o", color=color, markersize=2.4, elinewidth=0.6, alpha=0.55, label=label,
                           **marks)  # fmt: skip
            upper.plot(x, model, color=color, linewidth=1.5)
            if lower is not None:
                lower.plot(x, (y - model) / sigma, "o", color=color, markersize=2.0, alpha=0.7, **marks)
            _draw_given_parts(upper, axes, parts, x, rows, labeled=number == 0)
        axes.decorate(upper, np.concatenate([row[2] for row in series]),
                      [axes.y(values) for curve in curves for values in (curve.measured, curve.model)])  # fmt: skip
        if lower is not None:
            _decorate_residuals(lower)
            lower.set_xlabel(upper.get_xlabel())
            upper.set_xlabel("")
        if title:
            upper.set_title(literal(title), loc="left")
        legend(upper.figure, [upper], axes, legend_values(series))
    return upper


def _decorate_residuals(ax):
    ax.axhline(0.0, color="black", linewidth=0.8)
    ax.set_ylabel("(data − fit)/σ")


def axes_of_curves(curves, cgs):
    """Units and labels of the axes for records of points such as `FittedCurve`: what takes most values runs along x."""
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


def series_of(axes, curve):
    """(other coordinate, label, x, curve, rows in the order of x) for each set point of the other conditions."""
    x, other = axes.conditions(curve.temperature, curve.field)
    if axes.condition:
        x, other = curve.conditions[axes.condition], curve.temperature
    for words, group in _held_groups(curve, axes.condition):
        for level in _levels(other[group]):
            rows = group[(other[group] >= level[0]) & (other[group] <= level[-1])]
            rows = rows[np.argsort(x[rows], kind="stable")]
            center = float(np.median(level))
            unheld = center == 0.0 and (curve.conditions or not axes.is_temperature)
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


def colors_of_series(series):
    """One color per series."""
    return colors_of(legend_values(series))


def legend_values(series):
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


def plot_comparison(comparison, axes=None, *, title=""):
    """Residuals of every model of a `Comparison` on the same data, one panel each, all in units of sigma.

    axes : sequence of matplotlib axes, one for each model; new ones by default. Returns an array of them.
    """
    curves = {model.name: list(model.result.curves.values()) for model in comparison.models}
    if axes is None:
        axes = new_axes(len(curves), 1, 7.4, 1.0 + 1.5 * len(curves), sharex=True)
    panels = np.atleast_1d(np.asarray(axes, object)).ravel()
    if len(panels) != len(curves):
        raise ParameterError(f"plot_comparison needs axes for {len(curves)} models, got {len(panels)}")
    return _draw_comparison([given_or_new(panel) for panel in panels], curves, title)


def comparison_figure(curves_by_model, *, title=""):
    """The figure of `plot_comparison` for pages and files.

    curves_by_model : {model: sequence of `FittedCurve`}.
    """
    with style():
        figure = new_figure(7.4, 1.0 + 1.5 * len(curves_by_model))
        panels = figure.subplots(len(curves_by_model), 1, sharex=True, squeeze=False)[:, 0]
    _draw_comparison(panels, curves_by_model, title)
    return figure


def _draw_comparison(panels, curves_by_model, title):
    first = next(iter(curves_by_model.values()))
    axes = axes_of_curves(first, cgs=False)
    marks = dense_marks(sum(len(curve.measured) for curve in first))
    with style():
        for panel, (name, curves) in zip(panels, curves_by_model.items(), strict=True):
            series = [part for curve in curves for part in series_of(axes, curve)]
            for color, (_, label, x, curve, rows) in zip(colors_of_series(series), series, strict=True):
                panel.plot(x, curve.residuals[rows], "o", color=color, markersize=2.2, alpha=0.7, label=label,
                           **marks)  # fmt: skip
            panel.set_title(literal(f"{title}: {name}" if title else name), loc="left")
            _decorate_residuals(panel)
        legend(panels[0].figure, list(panels), axes, legend_values(series), outside=True)
        axes.scale_x(panels[-1], np.concatenate([row[2] for row in series]))
        panels[-1].set_xlabel(axes.x_label)
    return np.asarray(panels, object)
