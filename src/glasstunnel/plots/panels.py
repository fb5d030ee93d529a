"""A panel of the explorer: curves, measured points and residuals, as a record and as a figure."""

from dataclasses import dataclass

import numpy as np

from glasstunnel.plots.appearance import COLORS, dense_marks, literal, mark_of, new_figure, pretty_unit, style

#: How the curves of one color differ: drawn fully, dashed, dotted, thin.
DASHES = ("-", "--", ":", "-.")


@dataclass(frozen=True, eq=False)
class Line:
    """A curve: x, y of shape (points,) in the units of the panel, number of its color and of its dash."""

    label: str
    x: np.ndarray
    y: np.ndarray
    color: int = 0
    dash: int = 0


@dataclass(frozen=True, eq=False)
class Marks:
    """Measured points with their error bars and residuals in units of sigma, all of shape (points,)."""

    label: str
    x: np.ndarray
    y: np.ndarray
    sigma: np.ndarray
    residuals: np.ndarray
    color: int = 0


@dataclass(frozen=True, eq=False)
class Band:
    """Where a fit expects a curve: (lower, upper) of one and of two standard deviations, each of shape (points,)."""

    x: np.ndarray
    inner: tuple[np.ndarray, np.ndarray]
    outer: tuple[np.ndarray, np.ndarray]
    color: int = 0


@dataclass(frozen=True, eq=False)
class PanelPicture:
    """What a panel shows, in the units of its axes. notes : sentences a reader must see."""

    title: str
    x_label: str
    x_unit: str
    y_label: str
    y_unit: str
    x_log: bool
    y_scale: str
    lines: tuple[Line, ...]
    marks: tuple[Marks, ...] = ()
    notes: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()


def panel_figure(picture: PanelPicture):
    """The picture as a matplotlib figure; residuals below where there are measured points."""
    dense = dense_marks(sum(len(mark.x) for mark in picture.marks))
    with style():
        figure = new_figure(5.6, 4.6 if picture.marks else 3.6)
        if picture.marks:
            upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
            _draw_residuals(lower, picture, dense)
        else:
            upper = lower = figure.add_subplot()
        for number, mark in enumerate(picture.marks):
            upper.errorbar(mark.x, mark.y, mark.sigma, elinewidth=0.6, label=literal(mark.label),
                           **mark_of(number, _color(mark), bool(dense)), **dense)  # fmt: skip
        for band in picture.bands:
            for ends in (band.outer, band.inner):
                upper.fill_between(band.x, *ends, color=_color(band), alpha=0.18, linewidth=0.0)
        for line in picture.lines:
            upper.plot(line.x, line.y, DASHES[line.dash % len(DASHES)], color=_color(line), label=literal(line.label))
        if picture.x_log:
            upper.set_xscale("log")
        upper.set_yscale({"asinh": "symlog"}.get(picture.y_scale, picture.y_scale))
        upper.set_title(literal(picture.title))
        upper.set_ylabel(_with_unit(picture.y_label, picture.y_unit))
        lower.set_xlabel(_with_unit(picture.x_label, picture.x_unit))
        upper.legend()
    return figure


def _draw_residuals(ax, picture, dense):
    for number, mark in enumerate(picture.marks):
        ax.plot(mark.x, mark.residuals, **mark_of(number, _color(mark), bool(dense)), **dense)
    ax.axhline(0.0, color="black", linewidth=0.8)
    ax.set_ylabel("(data − model)/σ")


def _color(record):
    return COLORS[record.color % len(COLORS)]


def _with_unit(label, unit):
    return _label(label) if unit in ("", "1") else f"{_label(label)} [{pretty_unit(unit)}]"


def _label(text):
    return f"${text}$" if len(text.split()) == 1 or "\\" in text or "^" in text else text
