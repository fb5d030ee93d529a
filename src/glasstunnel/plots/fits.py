"""What a fit found: data, model and residuals; correlations; profiles; models side by side."""

from dataclasses import replace

import numpy as np

from glasstunnel.data.dataset import shortened
from glasstunnel.errors import ParameterError
from glasstunnel.inference.results import FitResult, FittedCurve
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.observables.table import CONDITIONS
from glasstunnel.plots.appearance import (
    COLORS,
    DASHES,
    NARROW,
    WHOLE,
    Axes,
    colors_of,
    compact,
    dense_marks,
    given_or_new,
    legend,
    literal,
    mark_of,
    new_axes,
    new_figure,
    pretty_unit,
    style,
)
from glasstunnel.plots.model_lines import draw_line, lines_of

_APART = 10.0  # ratio of the medians of two lines from which their upright axis is logarithmic
_POINTS = 161  # of a line
_CELL = 0.44  # inches of a cell of the correlations
_LONG_NAME = 22  # letters beyond which the name of a parameter takes two lines


def plot_fit(results, ax=None, *, observable=None, residuals=None, parts=None, title="", cgs=False):
    """Measured points with error bars and what a fit says there; residuals in units of sigma in axes of their own.

    results : `FitResult`, `FittedCurve` or a list of them; what several fits say of the same data stands together.
    ax, residuals : axes of matplotlib to draw into; without `ax` there are new ones, residuals beneath.
    observable : which one, where the datasets measure several; without it each gets axes of its own.
    parts : {contribution: model values at the points of the one curve}, drawn dashed.
    A `FitResult` is drawn as a line on a grid of its own with bands of one and two standard deviations of the curve; a
    `FittedCurve`, and a dataset of which another condition varies from point to point, as joined points.
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
    fits = _fitted(results, observable)
    curves = [curve for curve, _ in fits]
    measured = list(dict.fromkeys(curve.observable for curve in curves))
    if ax is not None and len(measured) > 1:
        raise ParameterError(f"plot_fit: these fits describe {', '.join(measured)}; choose what stands in the axes "
                             f"with observable={measured[0]!r}")  # fmt: skip
    if ax is not None:
        return _draw_fits(given_or_new(ax), residuals, fits, parts, title, cgs)
    width = NARROW if len(curves) == 1 or len(measured) > 1 else WHOLE
    upper, lower = new_axes(2, len(measured), width * len(measured), 4.6, sharex="col", height_ratios=(3, 1))
    for column, name in enumerate(measured):
        same = [(curve, result) for curve, result in fits if curve.observable == name]
        _draw_fits(upper[column], lower[column], same, parts, title, cgs)
    return upper[0] if len(measured) == 1 else upper


def fit_figure(curves, *, result=None, parts=None, title="", cgs=False):
    """The figure of `plot_fit` for pages and files: data and fit above, residuals in units of sigma below.

    curves : sequence of `FittedCurve`; every one must measure the same. result : the `FitResult` that they are of, for
    lines on a grid of their own. Returns a `matplotlib.figure.Figure`.
    """
    with style():
        figure = new_figure(NARROW if len(curves) == 1 else WHOLE, 4.8)
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    _draw_fits(upper, lower, [(curve, result) for curve in curves], parts, title, cgs)
    return figure


def _fitted(results, observable):
    """(curve, its result or None) of one or several results, named after their glass where there are several; of one
    observable."""
    listed = list(results) if isinstance(results, (list, tuple)) else [results]
    found = []
    for number, result in enumerate(listed, 1):
        if isinstance(result, FittedCurve):
            found.append((result, None))
        elif isinstance(result, FitResult):
            words = f", {result.glass.name or f'fit {number}'}" if len(listed) > 1 else ""
            found += [(replace(curve, name=curve.name + words), result) for curve in result.curves.values()]
        else:
            raise ParameterError(f"plot_fit draws the FitResult that fit returns, got {shortened(result)}")
    kept = [(curve, result) for curve, result in found if observable in (None, curve.observable)]
    if not kept:
        known = ", ".join(dict.fromkeys(curve.observable for curve, _ in found)) or "none"
        raise ParameterError(f"plot_fit: nothing that was fitted measures {observable!r}; there is {known}")
    return kept


def _draw_fits(upper, lower, fits, parts, title, cgs):
    """Data and fit into axes, residuals into others where they are given. fits : (`FittedCurve`, result or None)."""
    curves = [curve for curve, _ in fits]
    axes = axes_of_curves(curves, cgs)
    series = [part for curve in curves for part in series_of(axes, curve)]
    marks = dense_marks(sum(len(curve.measured) for curve in curves))
    with style():
        colors = colors_of_series(series)
        lines = lines_of(axes, series, fits)
        for number, (color, (_, label, x, curve, rows), line) in enumerate(zip(colors, series, lines, strict=True)):
            y, sigma = (axes.y(values[rows]) for values in (curve.measured, curve.sigma))
            mark = mark_of(number, color, bool(marks))
            label = _shorter(label, literal(curve.name), literal(title)) if len(curves) == 1 else label
            upper.errorbar(x, y, sigma, elinewidth=0.6, label=label, **mark, **marks)
            draw_line(upper, axes, color, line, line.shares_of(parts), first=number == 0, alone=len(series) == 1)
            if lower is not None:
                lower.plot(x, (y - axes.y(curve.model[rows])) / sigma, **mark, **marks)
        axes.decorate(upper, np.concatenate([row[2] for row in series]),
                      [axes.y(values) for curve in curves for values in (curve.measured, curve.model)])  # fmt: skip
        if _far_apart([row[3].measured[row[4]] for row in series]):
            upper.set_yscale("log")
        if lower is not None:
            _decorate_residuals(lower)
            lower.set_xlabel(upper.get_xlabel())
            upper.set_xlabel("")
        if title:
            upper.set_title(literal(title), loc="left")
        legend(upper.figure, [upper], axes, legend_values(series))
    return upper


def _shorter(label, name, title):
    """The label of a curve without its name where the title says it.

    >>> _shorter("2 T (run)", "run", "SIMULATED: run"), _shorter("run", "run", "run"), _shorter("run", "run", "")
    ('2 T', 'data', 'run')
    """
    if not name or name not in title:
        return label
    return "data" if label == name else label.removesuffix(f" ({name})")


def _far_apart(series):
    """Whether several lines of positive values lie so far apart that a linear axis would flatten one of them."""
    if len(series) < 2 or min(map(np.min, series)) <= 0.0:
        return False
    middle = [float(np.median(values)) for values in series]
    return max(middle) > _APART * min(middle)


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


def curie_figure(curves, glass, *, title=""):
    """T M/B against T, where a Curie law is a horizontal line: data, and what the glass gives at all temperatures.

    curves : sequence of `FittedCurve` or the like, `measured` [A m2/kg], each at one field.
    """
    marks = dense_marks(sum(len(curve.measured) for curve in curves))
    with style():
        figure = new_figure(WHOLE, 4.0)
        ax = figure.add_subplot()
        for number, (color, curve) in enumerate(zip(colors_of(curves), curves, strict=True)):
            order = np.argsort(curve.temperature)
            T, B = curve.temperature[order], curve.field[order]
            label = f"{np.median(B):.3g} T"
            ax.plot(T, T * curve.measured[order] / B, label=label, **mark_of(number, color, bool(marks)), **marks)
            grid = np.geomspace(T[0], T[-1], _POINTS)
            held = np.interp(grid, T, B)
            ax.plot(grid, grid * evaluate("magnetization", glass, grid, held) / held, color=color,
                    linestyle=("-", *DASHES)[number % (1 + len(DASHES))], label=f"model, {label}")  # fmt: skip
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter("{x:g}")
        ax.set_xlabel("$T$ [K]")
        ax.set_ylabel("$T M/B$ [A m² K/(kg T)]")
        ax.set_title(literal(title))
        ax.legend()
    return figure


def correlation_figure(names, correlation):
    """The correlation matrix of parameters: red for together, blue for against each other.

    Rows carry number and name, columns the number.
    """
    size = len(names)
    labels = [f"{name.replace('.', '.' + chr(10), 1) if len(name) > _LONG_NAME else name}  {number}"
              for number, name in enumerate(names, 1)]  # fmt: skip
    longest = max(len(part) for label in labels for part in label.split("\n"))
    with style():
        figure = new_figure(0.35 + 0.085 * longest + _CELL * size, 0.5 + _CELL * size)
        ax = figure.add_subplot()
        ax.imshow(correlation, cmap="RdBu_r", vmin=-1.0, vmax=1.0, aspect="auto")
        ax.grid(False)
        ax.set_xticks(range(size), [str(number) for number in range(1, size + 1)])
        ax.set_yticks(range(size), labels)
        for i, j in np.ndindex(size, size):
            color = "white" if abs(correlation[i, j]) > 0.6 else "black"
            ax.text(j, i, _short(correlation[i, j]), ha="center", va="center", color=color)
    return figure


def _short(correlation):
    """A correlation in as many digits as a cell holds; only what is exactly one is one.

    >>> _short(-0.934), _short(0.9984), _short(-0.99998), _short(1.0)
    ('−.93', '.998', '≈−1', '1')
    """
    size = abs(correlation)
    text = "1" if size > 0.99999 else f"{size:.3f}" if size > 0.985 else f"{size:.2f}"
    sign = "−" if correlation < 0.0 and text != "0.00" else ""
    return f"≈{sign}1" if text == "1.000" else sign + text.removeprefix("0")


def profile_figure(profile):
    """The rise of chi-square over one parameter, with the interval and where the prior ends it."""
    with style():
        figure = new_figure(4.4, 3.0)
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
        axes = new_axes(len(curves), 1, WHOLE, 1.2 + 1.5 * len(curves), sharex=True)
    panels = np.atleast_1d(np.asarray(axes, object)).ravel()
    if len(panels) != len(curves):
        raise ParameterError(f"plot_comparison needs axes for {len(curves)} models, got {len(panels)}")
    return _draw_comparison([given_or_new(panel) for panel in panels], curves, title)


def comparison_figure(curves_by_model, *, title=""):
    """The figure of `plot_comparison` for pages and files.

    curves_by_model : {model: sequence of `FittedCurve`}.
    """
    with style():
        figure = new_figure(WHOLE, 1.2 + 1.5 * len(curves_by_model))
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
            colors = colors_of_series(series)
            for number, (color, (_, label, x, curve, rows)) in enumerate(zip(colors, series, strict=True)):
                panel.plot(x, curve.residuals[rows], label=label, **mark_of(number, color, bool(marks)), **marks)
            panel.set_title(literal(f"{title}: {name}" if title else name), loc="left")
            _decorate_residuals(panel)
        legend(panels[0].figure, list(panels), axes, legend_values(series), outside=True)
        axes.scale_x(panels[-1], np.concatenate([row[2] for row in series]))
        panels[-1].set_xlabel(axes.x_label)
    return np.asarray(panels, object)
