"""The lines of a fit as they are drawn: on a grid of their own, with bands and contributions."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle

import numpy as np

from glasstunnel.inference.lines import fitted_lines
from glasstunnel.plots.appearance import COLORS, DASHES, literal

_LEVELS = (0.9545, 0.6827)  # of the bands: two and one standard deviations
_BANDS = ((0.15, "2 σ of the fit"), (0.3, "1 σ of the fit"))  # shade and words
_SAME = 0.01  # of the range of the fit by which a contribution has to differ from it to be drawn beside it


@dataclass(frozen=True, eq=False)
class ModelLine:
    """A line as it is drawn: x in the units of the axes, the others in SI; bands as (lower, upper), the wide one first.

    rows : the points of the curve that belong to it. smooth : False where it only joins the model at these points.
    """

    x: np.ndarray
    value: np.ndarray
    bands: tuple
    parts: Mapping[str, np.ndarray]
    rows: np.ndarray
    smooth: bool

    def shares_of(self, parts) -> dict[str, np.ndarray]:
        """{contribution: its share along the line} of those asked for, given at the points of the curve."""
        return {key: self.parts[key] if self.smooth and key in self.parts else values[self.rows]
                for key, values in (parts or {}).items()}  # fmt: skip

    def hides(self, values) -> bool:
        """Whether a contribution would lie beneath the line."""
        size = np.ptp(self.value) or np.max(np.abs(self.value))
        return bool(np.max(np.abs(values - self.value)) <= _SAME * size)


def lines_of(axes, series, fits) -> list[ModelLine]:
    """A line for each series: on a grid of its own where the result is at hand, else through the points.

    series : as `plots.fits.series_of` gives them. fits : (`FittedCurve`, `FitResult` or None).
    """
    result_of = {id(curve): result for curve, result in fits}
    lines = [ModelLine(x, curve.model[rows], (), {}, rows, False) for _, _, x, curve, rows in series]
    for result in {id(result): result for _, result in fits if result is not None}.values():
        of_result = [i for i, row in enumerate(series) if result_of[id(row[3])] is result]
        along = axes.condition or ("temperature" if axes.is_temperature else "field")
        # A curve may have been renamed to tell several fits apart: its points say which dataset it is.
        name_of = {id(entry.measured): name for name, entry in result.curves.items()}
        wanted = [(name_of[id(series[i][3].measured)], series[i][4], along) for i in of_result]
        for i, found in zip(of_result, fitted_lines(result, wanted), strict=True):
            bands = () if found.sigma is None else tuple(map(found.band, _LEVELS))
            lines[i] = ModelLine(axes.x(found.x), found.value, bands, found.parts, series[i][4], found.smooth)
    return lines


def draw_line(ax, axes, color, line: ModelLine, parts, *, first, alone):
    """The fit with its bands, and its contributions broken; one that is nearly all of it is named instead.

    parts : {contribution: its share}. first : it stands in the legend for the lines of all series. alone : there is one
    series, whose fit is black and whose bands stand in the legend.
    """
    ink = "black" if alone else color
    for (shade, of_band), (lower, upper) in zip(_BANDS, line.bands, strict=False):
        ax.fill_between(line.x, axes.y(lower), axes.y(upper), color=ink, alpha=shade, linewidth=0.0, zorder=1.5,
                        label=of_band if alone else None)  # fmt: skip
    hidden = [key for key, values in parts.items() if line.hides(values)]
    of_fit = _words(line, hidden) if first else None
    ax.plot(line.x, axes.y(line.value), color=ink, linewidth=1.5, label=of_fit, zorder=2.2)
    shown = {key: values for key, values in parts.items() if key not in hidden}
    for paint, dash, (key, values) in zip(cycle(COLORS[1:]), cycle(DASHES), shown.items()):
        words = literal(key) if first else None
        ax.plot(line.x, axes.y(values), color=paint, linestyle=dash, linewidth=1.2, label=words, zorder=2.3)


def _words(line, hidden):
    """What the legend says of the fit: which contribution is nearly all of it, and whether it is a curve."""
    words = f"fit, nearly all {literal(hidden[0])}" if hidden else "fit"
    return words if line.smooth else f"{words}, points joined"
