"""Figures on what a fit is worth: coverage, draws of a posterior, evidence, predictive bands, contours."""

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.plots.appearance import COLORS, literal, new_axes, new_figure, style


def coverage_figure(card):
    """Counted coverage of every parameter's intervals with binomial errors, the wanted levels as lines."""
    paths = list(card.parameters)
    with style():
        figure = new_figure(5.6, 1.3 + 0.45 * len(paths))
        ax = figure.add_subplot()
        rows = np.arange(len(paths))[::-1]
        for color, level in zip(COLORS, card.levels, strict=False):
            counted = np.array([card[path].coverage[level] for path in paths])
            errors = [np.sqrt(level * (1.0 - level) / max(card[path].counted, 1)) for path in paths]
            ax.axvline(100.0 * level, color=color, linestyle=":", linewidth=1.0)
            ax.errorbar(100.0 * counted, rows, xerr=100.0 * np.array(errors), fmt="o", color=color,
                        label=f"wanted {100 * level:.3g} %")  # fmt: skip
        ax.set_yticks(rows, paths)
        ax.set_xlim(None, 101.0)
        ax.set_ylim(-0.6, len(paths) - 0.4)
        ax.set_xlabel("intervals that hold what was put in [%]")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(card.levels))
    return figure


def plot_posterior(posterior, axes=None):
    """Draws of every pair of varied parameters: marginals on the diagonal, 68 and 95 % contours below.

    axes : array (parameters, parameters) of matplotlib axes; new ones by default. Returns it.
    """
    size = len(posterior.fit.names)
    if axes is None:
        axes = new_axes(size, size, *_corner_size(size), sharex="col")
    if np.shape(axes) != (size, size):
        raise ParameterError(f"plot_posterior needs {size} x {size} axes, one for every pair of parameters, got "
                             f"{' x '.join(map(str, np.shape(axes))) or 'one'}")
    with style():
        _draw_corner(axes, posterior)
    return axes


def corner_figure(posterior):
    """The figure of `plot_posterior` for pages and files."""
    size = len(posterior.fit.names)
    with style():
        figure = new_figure(*_corner_size(size))
        _draw_corner(figure.subplots(size, size, squeeze=False, sharex="col"), posterior)
    return figure


def _corner_size(size):
    return 1.2 + 1.5 * size, 1.2 + 1.4 * size


def _draw_corner(axes, posterior):
    paths = list(posterior.fit.names)
    logarithmic = [posterior.fit.priors[path].logarithmic for path in paths]
    draws = np.array([np.log10(posterior.samples[path]) if is_log else posterior.samples[path]
                      for path, is_log in zip(paths, logarithmic, strict=True)])  # fmt: skip
    labels = [f"log$_{{10}}$\n{path}" if is_log else path.replace(".", ".\n")
              for path, is_log in zip(paths, logarithmic, strict=True)]  # fmt: skip
    size = len(paths)
    for i in range(size):
        for j in range(size):
            ax = axes[i][j]
            if j > i:
                ax.set_visible(False)
            elif i == j:
                ax.hist(draws[i], bins=40, density=True, histtype="step", color=COLORS[0])
                ax.set_yticks([])
            else:
                _contours(ax, draws[j], draws[i])
            if i == size - 1 and j <= i:
                ax.set_xlabel(labels[j])
                ax.tick_params(axis="x", rotation=45)
            if j == 0 and i > 0:
                ax.set_ylabel(labels[i])
            elif i != j:
                ax.set_yticklabels([])
            ax.tick_params(labelsize=6)
            ax.xaxis.set_major_locator(_few())
            if i != j:
                ax.yaxis.set_major_locator(_few())


def _few():
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(3)


def _contours(ax, x, y):
    from scipy.ndimage import gaussian_filter

    counts, xe, ye = np.histogram2d(x, y, bins=40)
    smooth = gaussian_filter(counts, 1.2)
    ordered = np.sort(smooth.ravel())[::-1]
    held = np.cumsum(ordered) / ordered.sum()
    levels = sorted({float(ordered[np.searchsorted(held, level)]) for level in (0.95, 0.68)})
    ax.plot(x[:: max(1, len(x) // 500)], y[:: max(1, len(y) // 500)], ".", color=COLORS[5], markersize=1.0, alpha=0.5)
    ax.contour(0.5 * (xe[1:] + xe[:-1]), 0.5 * (ye[1:] + ye[:-1]), smooth.T, levels=levels, colors=COLORS[0],
               linewidths=1.0)  # fmt: skip


def evidence_figure(curve):
    """ln B against an amplitude that is held."""
    with style():
        figure = new_figure(4.4, 3.0)
        ax = figure.add_subplot()
        ax.plot(curve.values, curve.log_bayes, "o-", color=COLORS[0])
        ax.axhline(0.0, color="black", linewidth=0.8)
        ax.set_xscale("log" if np.all(curve.values > 0.0) else "linear")
        ax.set_xlabel(curve.path)
        ax.set_ylabel("ln B")
    return figure


def band_figure(bands, curve=None, *, x="T", labels=("68 %", "95 %"), title=""):
    """A predicted curve with its bands; `bands` is (x values, value, [(lower, upper), ...]) in SI.

    curve : `FittedCurve` or the like whose points are drawn on top, or None. x : "T" or "B".
    """
    values, middle, pairs = bands
    with style():
        figure = new_figure(5.2, 3.6)
        ax = figure.add_subplot()
        for shade, (lower, upper), label in zip((0.45, 0.2), pairs, labels, strict=False):
            ax.fill_between(values, lower, upper, color=COLORS[0], alpha=shade, linewidth=0.0, label=label)
        ax.plot(values, middle, color=COLORS[0])
        if curve is not None:
            where = curve.temperature if x == "T" else curve.field
            ax.errorbar(where, curve.measured, curve.sigma, fmt="o", color="black", markersize=2.5, elinewidth=0.6)
        ax.set_xscale("log" if x == "T" else "linear")
        ax.set_xlabel("$T$ [K]" if x == "T" else "$B$ [T]")
        ax.set_title(literal(title))
        ax.legend()
    return figure


def contour_figure(contours):
    """Rise of chi-square over two parameters, contours at its levels."""
    with style():
        figure = new_figure(4.4, 3.6)
        ax = figure.add_subplot()
        drawn = ax.contour(contours.x, contours.y, contours.rises, levels=sorted(contours.levels.values()),
                           colors=list(COLORS[: len(contours.levels)]))  # fmt: skip
        words = {rise: f"{100 * level:.3g} %" for level, rise in contours.levels.items()}
        ax.clabel(drawn, fmt=words, fontsize=9)
        ax.set_xlabel(contours.paths[0])
        ax.set_ylabel(contours.paths[1])
    return figure
