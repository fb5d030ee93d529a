"""Figures on what a fit is worth: coverage, draws of a posterior, evidence, predictive bands, contours."""

import re
from dataclasses import dataclass

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.plots.appearance import COLORS, literal, new_axes, new_figure, power_of_ten, pretty_unit, style

_DECADES = 30.0  # span of positive values from which an axis is logarithmic
_LETTERS = 14  # of a line of the name of a parameter beside a corner figure


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
    r"""Draws of every pair of varied parameters: marginals on the diagonal, 68 and 95 % contours below.

    Parameters with a logarithmic prior are drawn as log10 of their numbers.
    axes : array (parameters, parameters) of matplotlib axes; new ones by default. Returns it, not a figure: that is
    `axes.flat[0].figure`. `ParameterError` for an array of another shape.

    >>> from glasstunnel import Column, Dataset, Glass, LarmorDiamagnetism, Uniform, fit, plot_posterior, posterior
    >>> chip = Dataset({"temperature": Column([4.0], "K"), "field": Column([2.0], "T"),
    ...                 "magnetization": Column([-8e-3], "A m2/kg"), "sigma": Column([1e-3], "A m2/kg")},
    ...                "magnetization", name="chip", noise="given")
    >>> best = fit(Glass({"larmor": LarmorDiamagnetism(1e-3)}), [chip], {"larmor.susceptibility": Uniform(0, 1)})
    >>> axes = plot_posterior(posterior(best))
    >>> figure = axes.flat[0].figure  # figure.savefig("corner.pdf") writes it
    >>> axes.shape, figure.axes[0].get_xlabel()
    ((1, 1), 'larmor.\nsusceptibility\n[10⁻³\nA m²/(kg T)]')
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
    return 1.0 + 1.4 * size, 1.0 + 1.3 * size


def _draw_corner(axes, posterior):
    paths = list(posterior.fit.names)
    logarithmic = [posterior.fit.priors[path].logarithmic for path in paths]
    draws = np.array([np.log10(posterior.samples[path]) if is_log else posterior.samples[path]
                      for path, is_log in zip(paths, logarithmic, strict=True)])  # fmt: skip
    readings = [_Reading.of(values, is_log) for values, is_log in zip(draws, logarithmic, strict=True)]
    labels = [reading.label(path, is_log, posterior.fit.units.get(path, "1"))
              for reading, path, is_log in zip(readings, paths, logarithmic, strict=True)]  # fmt: skip
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
            ax.xaxis.set_major_locator(_few())
            ax.xaxis.set_major_formatter(readings[j].text)
            if i != j:
                ax.yaxis.set_major_locator(_few())
            if i != j == 0:
                ax.yaxis.set_major_formatter(readings[i].text)


@dataclass(frozen=True)
class _Reading:
    """How the numbers of an axis are written: as they are, or over a power of ten that stands before their unit."""

    power: int
    digits: int

    @classmethod
    def of(cls, values, is_log=False):
        """What suits these values, logarithms as they are; the digits tell neighboring labels apart.

        >>> _Reading.of([3.97e-3, 4.03e-3]), _Reading.of([19.99996, 20.00003])
        (_Reading(power=-3, digits=3), _Reading(power=0, digits=6))
        """
        largest, spread = float(np.max(np.abs(values))), float(np.ptp(values))
        power = _exponent(largest) if largest > 0.0 else 0
        power = 0 if is_log or -3 < power < 4 else power
        return cls(power, max(0, 1 + power - _exponent(spread)) if spread > 0.0 else 3)

    def text(self, value, position=None):
        number = round(value / 10.0**self.power, self.digits) + 0.0
        return f"{number:.15g}".replace("-", "−")

    def label(self, path, is_log, unit):
        """The path, then [power of ten and unit], on two lines where one would be wider than the axis."""
        scale = [power_of_ten(self.power) if self.power else "", "" if unit == "1" else pretty_unit(unit)]
        scale = list(filter(None, scale))
        joint = " " if len(" ".join(scale)) <= _LETTERS else "\n"
        return ("log$_{10}$ " if is_log else "") + _in_lines(path) + (f"\n[{joint.join(scale)}]" if scale else "")


def _exponent(size):
    return int(np.floor(np.log10(size)))


def _few():
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(3)


def _in_lines(path):
    """The path of a parameter in lines of some fourteen letters, broken after its marks.

    >>> _in_lines("resonator.kinetic_inductance_fraction")
    'resonator.\\nkinetic_\\ninductance_\\nfraction'
    """
    lines = [""]
    for piece in re.findall(r"[^._]+[._]?", path):
        if lines[-1] and (lines[-1].endswith(".") or len(lines[-1] + piece) > _LETTERS):
            lines.append("")
        lines[-1] += piece
    return "\n".join(lines)


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


def band_figure(bands, curve=None, *, x="T", labels=("68 %", "95 %"), title="", middle="median"):
    """A predicted curve with its bands; `bands` is (x values, value, [(lower, upper), ...]) in SI, called `middle`.

    curve : `FittedCurve` or the like whose points, at these x values, are drawn on top and, in units of their sigma,
    below; or None. x : "T" or "B".
    """
    values, line, pairs = bands
    with style():
        figure = new_figure(5.2, 3.6 if curve is None else 4.6)
        rows = figure.subplots(1 if curve is None else 2, 1, sharex=True, squeeze=False,
                               height_ratios=(1,) if curve is None else (2, 1))[:, 0]  # fmt: skip
        for shade, (lower, upper), label in zip((0.45, 0.2), pairs, labels, strict=False):
            rows[0].fill_between(values, lower, upper, color=COLORS[0], alpha=shade, linewidth=0.0, label=label)
        rows[0].plot(values, line, color=COLORS[0])
        if curve is not None:
            _draw_points(rows, bands, curve, x)
            rows[1].set_ylabel(f"(data − {middle})/σ")
            if np.min(curve.measured) > 0.0 and np.max(line) > _DECADES * np.min(line) > 0.0:
                rows[0].set_yscale("log")
        rows[-1].set_xscale("log" if x == "T" else "linear")
        rows[-1].set_xlabel("$T$ [K]" if x == "T" else "$B$ [T]")
        rows[0].set_title(literal(title))
        rows[0].legend()
    return figure


def _draw_points(rows, bands, curve, x):
    """The measured points over their curve, and what is left of both beside the bands, in units of sigma."""
    from glasstunnel.observables.table import OBSERVABLES

    values, middle, pairs = bands
    where = curve.temperature if x == "T" else curve.field
    order = np.argsort(where, kind="stable")
    measured, sigma = curve.measured[order], curve.sigma[order]
    rows[0].errorbar(where[order], measured, sigma, fmt="o", color="black", markersize=2.5, elinewidth=0.6)
    row = OBSERVABLES[curve.observable]
    rows[0].set_ylabel(f"{row.label} [{pretty_unit(row.unit)}]")
    for shade, (lower, upper) in zip((0.45, 0.2), pairs, strict=False):
        rows[1].fill_between(values, (lower - middle) / sigma, (upper - middle) / sigma, color=COLORS[0], alpha=shade,
                             linewidth=0.0)  # fmt: skip
    rows[1].plot(where[order], (measured - middle) / sigma, "o", color="black", markersize=2.5)
    rows[1].axhline(0.0, color=COLORS[0])


def contour_figure(contours):
    """Rise of chi-square over two parameters, contours at its levels; the draws of a posterior where it has them."""
    with style():
        figure = new_figure(4.8, 3.8)
        ax = figure.add_subplot()
        if contours.draws is not None:
            thin = max(1, contours.draws.shape[1] // 1500)
            ax.plot(*contours.draws[:, ::thin], ".", color="0.6", markersize=2.0, zorder=0, label="posterior draws")
            ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))
        rises = sorted(contours.levels.values())
        drawn = ax.contour(contours.x, contours.y, contours.rises, levels=rises, colors=list(COLORS[: len(rises)]))
        words = {rise: f"{100 * level:.3g} %" for level, rise in contours.levels.items()}
        ax.clabel(drawn, fmt=words, fontsize=9)
        for axis, is_log in zip("xy", contours.logarithmic, strict=True):
            if is_log:
                getattr(ax, f"set_{axis}scale")("log")
        ax.set_xlabel(literal(contours.paths[0]))
        ax.set_ylabel(literal(contours.paths[1]))
    return figure
