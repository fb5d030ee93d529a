"""What a fit found: data, model and residuals; correlations; profiles; models side by side."""

from itertools import cycle

import numpy as np

from glasstunnel.plots.style import COLORS, Axes, colors_of, legend, new_figure, style


def fit_figure(curves, *, parts=None, title="", cgs=False):
    """Data with error bars and fit above, residuals in units of sigma below; every curve must measure the same.

    curves : sequence of `FittedCurve`. parts : {contribution: model values at the points of the one curve}, drawn
    dashed. Returns a `matplotlib.figure.Figure`.
    """
    axes = _axes_of_curves(curves, cgs)
    series = [part for curve in curves for part in _series(axes, curve)]
    with style():
        figure = new_figure(5.2, 4.6)
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        for color, (_, label, x, curve, rows) in zip(_series_colors(series), series, strict=True):
            y, sigma, model = (axes.y(values[rows]) for values in (curve.values, curve.sigma, curve.model))
            upper.errorbar(x, y, sigma, fmt="o", color=color, markersize=2.4, elinewidth=0.6, alpha=0.55, label=label)
            upper.plot(x, model, color=color, linewidth=1.5)
            lower.plot(x, (y - model) / sigma, "o", color=color, markersize=2.0, alpha=0.7)
            _draw_given_parts(upper, axes, parts, x, rows)
        lower.axhline(0.0, color="black", linewidth=0.8)
        lower.set_ylabel("(data − fit)/σ")
        axes.decorate(upper, np.concatenate([row[2] for row in series]))
        lower.set_xlabel(upper.get_xlabel())
        upper.set_xlabel("")
        upper.set_title(title)
        legend(figure, upper, axes, np.array([row[0] for row in series]))
    return figure


def _axes_of_curves(curves, cgs):
    T, B = (np.concatenate([getattr(curve, name) for curve in curves]) for name in "TB")
    return Axes(curves[0].observable, cgs, is_temperature=len(_levels(T)) >= len(_levels(B)))


def _levels(values):
    """Set points of a coordinate: values that differ by more than a percent."""
    ordered = np.sort(values)
    gaps = np.diff(ordered) > 0.01 * np.maximum(np.abs(ordered[1:]), 1e-3)
    return [part for part in np.split(ordered, np.flatnonzero(gaps) + 1)]


def _series(axes, curve):
    """(other coordinate, label, x, curve, rows in the order of x) for each set point of the other coordinate."""
    x, other = (curve.T, curve.B) if axes.is_temperature else (curve.B, curve.T)
    for level in _levels(other):
        rows = np.flatnonzero((other >= level[0]) & (other <= level[-1]))
        rows = rows[np.argsort(x[rows], kind="stable")]
        center = float(np.median(level))
        yield center, f"{axes.other_text(center)} ({curve.name})", axes.x(x[rows]), curve, rows


def _series_colors(series):
    return colors_of(np.array([row[0] for row in series]))


def _draw_given_parts(ax, axes, parts, x, rows):
    for color, (key, values) in zip(cycle(COLORS[1:]), (parts or {}).items()):
        ax.plot(x, axes.y(values[rows]), color=color, linestyle="--", linewidth=1.0, label=key)


def correlation_figure(names, covariance):
    """The correlation matrix of the varied parameters, red for together and blue for against each other."""
    scale = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(scale, scale)
    size = len(names)
    with style():
        figure = new_figure(2.2 + 0.5 * size, 1.6 + 0.45 * size)
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
