"""The look of all figures: one style, colors, axes with units."""

import re
import textwrap
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.files import written_whole
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES, Observable
from glasstunnel.units import convert

if TYPE_CHECKING:
    import matplotlib.axes

#: Colors that remain distinct for color-blind readers (Okabe and Ito 2008).
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")

#: One style for every figure; figures are drawn without a display.
STYLE = {
    "figure.dpi": 110, "savefig.dpi": 200, "figure.facecolor": "white",
    "font.size": 9.0, "axes.titlesize": 10.0, "axes.labelsize": 10.0, "legend.fontsize": 9.0,
    "xtick.labelsize": 9.0, "ytick.labelsize": 9.0, "font.family": "DejaVu Sans", "mathtext.fontset": "dejavusans",
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8, "axes.titlelocation": "left",
    "axes.grid": True, "grid.color": "#e6e6e6", "grid.linewidth": 0.6, "axes.axisbelow": True,
    "lines.linewidth": 1.4, "lines.markersize": 3.0, "legend.frameon": False, "svg.fonttype": "path",
    "axes.formatter.limits": (-3, 4), "axes.formatter.use_mathtext": False,
    "axes.prop_cycle": f"cycler(color={list(COLORS)})",
}  # fmt: skip

#: Shapes of marks, one for each line; every other one is open. They tell lines apart where colors do not print.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p")
#: How the lines of contributions differ.
DASHES = ("--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)), (0, (8, 2)))
#: Widths [inches] of the figures of a page: one of two beside each other, and a whole line; not more than a page for
#: print holds, and legible on a screen of 420 pixels.
NARROW, WHOLE = 5.0, 5.8

_IMAGE_DPI = 130  # of the marker images inside an SVG: half as fine again as a page shows them
_DENSE = 100  # points of a figure from which its markers cost more as vectors than as an image
_WIDE_RANGE = 20.0  # an axis spanning more than this factor is logarithmic
_DECADES = 10.0**1.5  # an upright axis of values that span decades is logarithmic beyond this factor
_FEW_TIMES = 3.0  # the same beside an upright axis of decades
_FEW_ENTRIES = 4  # of a legend inside its axes
_WIDE_LEGEND = 0.6  # share of the width of its axes beyond which it hides curves
_LIFT = 1.05  # where a legend above its axes begins, in their height: the power of ten of the scale stands below it
_LINE, _LIFT_OF_TITLE = 13.5, 8.0  # points that a line of the legend takes, and those around it
_LETTERS_PER_INCH = 13.0  # of a label beside an axis


@contextmanager
def style():
    """The settings of the package within a block.

    A notebook's backend turns interactive when its first figure is made; `rc_context` alone would take that back, and
    no later figure of the notebook would appear.
    """
    import matplotlib

    interactive = matplotlib.is_interactive()
    try:
        with matplotlib.rc_context(cast(Any, STYLE)):
            try:
                yield
            finally:
                interactive = matplotlib.is_interactive()
    finally:
        matplotlib.interactive(interactive)


def use_style(*_: Any) -> None:
    """The style of the package for every figure of a script; what a gallery hands over is not needed.

    >>> from glasstunnel.plots import use_style
    >>> import matplotlib
    >>> with matplotlib.rc_context():
    ...     use_style()
    ...     matplotlib.rcParams["axes.labelsize"]
    10.0
    """
    import matplotlib

    matplotlib.rcParams.update(cast(Any, STYLE))


def new_figure(width, height):
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def panel(width: float = 5.2, height: float = 3.6) -> "matplotlib.axes.Axes":
    """Axes of a figure of their own, for pages and files: nothing is shown, nothing is kept open."""
    with style():
        return new_figure(width, height).add_subplot()


def given_or_new(ax: "matplotlib.axes.Axes | None", width: float = 5.2, height: float = 3.6) -> "matplotlib.axes.Axes":
    """`ax`, or new axes that a notebook shows; `ParameterError` for anything else."""
    if ax is None:
        return new_axes(1, 1, width, height)[0, 0]
    from matplotlib.axes import Axes as MatplotlibAxes

    if isinstance(ax, MatplotlibAxes):
        return ax
    raise ParameterError(f"ax must be axes of matplotlib, as plt.subplots() gives them, got {type(ax).__name__}")


def new_axes(rows: int, columns: int, width: float, height: float, **options: Any) -> np.ndarray:
    """Axes (rows, columns) of a new figure that a notebook shows; options : those of `plt.subplots`."""
    from matplotlib import pyplot

    with style():
        return pyplot.subplots(
            rows, columns, figsize=(width, height), squeeze=False, layout="constrained", **options
        )[1]


def dense_marks(points):
    """Keywords for the markers of a figure with so many points: more than about a hundred are drawn as one image.

    They lie below the lines, so that neighbors in the drawing order share that image.
    """
    return {"rasterized": True, "zorder": 1.8} if points > _DENSE else {}


def mark_of(number: int, color: str, dense: bool = False) -> dict[str, Any]:
    """Keywords for the marks of the line with this number: shape and filling differ, and not the color alone."""
    size, edge = (3.0, 0.7) if dense else (4.2, 0.9)
    return {
        "marker": MARKERS[number % len(MARKERS)], "color": color, "linestyle": "none", "markersize": size,
        "markerfacecolor": "white" if number % 2 else color, "markeredgewidth": edge,
    }  # fmt: skip


_MICRO = r"(?<![A-Za-z])u(?=(?:[msgJWVATNFH]|K|Hz|Pa|eV|mol|rad|Oe)(?![A-Za-z]))"  # of a unit in plain letters
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(exponent: int) -> str:
    """10 to a power, in plain characters: a tick label set as mathematics costs ten times as much to draw.

    >>> power_of_ten(-3)
    '10⁻³'
    """
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def _plain_ticks(figure):
    """Tick labels in plain characters, on all axes that have the usual formatters."""
    from matplotlib.ticker import LogFormatterSciNotation, ScalarFormatter

    class Plain(ScalarFormatter):
        def get_offset(self):
            offset = super().get_offset().replace("\N{MINUS SIGN}", "-")
            return re.sub(r"1e([+-]?\d+)", lambda match: "×" + power_of_ten(int(match[1])), offset)

    class PlainLog(LogFormatterSciNotation):
        def __call__(self, x, pos=None):
            text = super().__call__(x, pos)
            match = re.fullmatch(r"\$\\mathdefault\{(-?)(?:([\d.]+)\\times)?10\^\{(-?\d+)\}\}\$", text)
            if match is None:
                return text
            return match[1] + (f"{match[2]}×" if match[2] else "") + power_of_ten(int(match[3]))

    plain = {ScalarFormatter: Plain, LogFormatterSciNotation: PlainLog}
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            for get, put in ((axis.get_major_formatter, axis.set_major_formatter),
                             (axis.get_minor_formatter, axis.set_minor_formatter)):  # fmt: skip
                kind = plain.get(type(get()))
                if kind is not None:
                    put(kind())


def save_figure(figure, path):
    """Write a figure to `path`; the ending chooses the format (png, pdf, svg). `ParameterError` for another ending."""
    ending = Path(path).suffix.lstrip(".").lower()
    if ending not in ("png", "pdf", "svg"):
        raise ParameterError(f"{path}: a figure can be written as .png, .pdf or .svg")
    with style():
        _plain_ticks(figure)
        with written_whole(path) as part:
            figure.savefig(part, format=ending)


def figure_svg(figure):
    """The figure as SVG text."""
    from io import StringIO

    text = StringIO()
    with style():
        _plain_ticks(figure)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(text, format="svg", dpi=_IMAGE_DPI, metadata=nothing)
    return text.getvalue()


def colors_of(values):
    """One color per value: the distinct ones while they last, else from a perceptually even scale of the values."""
    if len(values) <= len(COLORS):
        return list(COLORS[: len(values)])
    from matplotlib.colors import to_hex

    scale = _color_scale(values)
    return [to_hex(tuple(scale.to_rgba(value))) for value in values]


def _color_scale(values):
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    colors = colormaps["viridis"](np.linspace(0.0, 0.92, 256))  # its yellow end is too light on white
    return ScalarMappable(Normalize(np.min(values), np.max(values)), ListedColormap(colors))


def literal(text: str) -> str:
    r"""Text of a user as it stands: a dollar sign begins no mathematics.

    >>> literal("5 $ of glass")
    '5 \\$ of glass'
    """
    return text.replace("$", r"\$")


def pretty_unit(text):
    """A unit as it is printed.

    >>> from glasstunnel.plots import pretty_unit
    >>> pretty_unit("A m2/(kg T)"), pretty_unit("us"), pretty_unit("emu/g"), pretty_unit("u")
    ('A m²/(kg T)', 'µs', 'emu/g', 'u')
    """
    text = re.sub(r"(?<=[A-Za-zÅ])\^?(-?\d)", lambda match: match[1].translate(_SUPERSCRIPTS), text)
    return re.sub(_MICRO, "µ", text.replace("Angstrom", "Å"))


class Axes:
    """Units and labels of the axes, SI or those of the papers; x is temperature or field, `other` the other one.

    With a `condition` x is that condition, such as a frequency, and `other` the temperature.
    """

    def __init__(self, observable, cgs, is_temperature, unit=None, condition=""):
        """observable : a name in `OBSERVABLES` or a row. unit : of the values where it is not that of the row."""
        self.row = observable if isinstance(observable, Observable) else OBSERVABLES[observable]
        self.given = self.row.unit if unit is None else unit
        self.unit = self.row.cgs_unit if cgs and self.given == self.row.unit else self.given
        self.field_unit = "kOe" if cgs else "T"
        self.is_temperature = is_temperature
        symbol = "H" if cgs else "B"
        temperature = "$E$ [K]" if self.row.argument == "energy" else "$T$ [K]"
        labels = temperature, f"${symbol}$ [{self.field_unit}]"
        self.x_label, self.other_label = labels if is_temperature else labels[::-1]
        self.condition = condition
        if condition:
            unit = CONDITIONS[condition].unit
            self.x_label = condition.replace("_", " ") + ("" if unit == "1" else f" [{pretty_unit(unit)}]")
        elif is_temperature and self.row.axis_power != 1:
            self.x_label = f"$T^{self.row.axis_power}$ [{pretty_unit(f'K{self.row.axis_power}')}]"

    def conditions(self, x: Any, other: Any) -> tuple[Any, Any]:
        """(T, B) of a curve."""
        return (x, other) if self.is_temperature else (other, x)

    def x(self, values):
        if self.condition:
            return values
        return values**self.row.axis_power if self.is_temperature else self.field(values)

    def field(self, value):
        return convert(value, "T", self.field_unit)

    def other(self, value):
        return self.field(value) if self.is_temperature and not self.condition else value

    def other_text(self, value):
        if self.condition:
            return compact(value, "K")
        return f"{self.other(value):.4g} {self.field_unit if self.is_temperature else 'K'}"

    def y(self, values):
        return convert(np.asarray(values), self.given, self.unit)

    def decorate(self, ax, x, y=()):
        """Labels and scales of axes in which arrays of `y`, in their unit, are drawn against `x`."""
        ax.set_xlabel(self.x_label)
        ax.set_ylabel(self._y_label(ax))
        decades = self.row.y_scale == "decades" and _spans(y)
        self.scale_x(ax, x, _FEW_TIMES if decades else _WIDE_RANGE)
        if self.row.y_scale == "log" or decades:
            ax.set_yscale("log")

    def _y_label(self, ax):
        """Observable, symbol and unit, in as many lines as the height of the axes asks for."""
        symbol = f"${self.row.symbol}$ " if self.row.symbol else ""
        unit = symbol.strip() if self.unit == "1" and symbol else (
            f"{symbol}[{pretty_unit(self.unit) or 'arbitrary unit'}]")
        letters = int(_LETTERS_PER_INCH * ax.get_position().height * ax.figure.get_figheight())
        if len(self.row.label) + len(self.row.symbol.replace("\\", "")) + len(pretty_unit(self.unit)) + 4 <= letters:
            return f"{self.row.label} {unit}"
        return textwrap.fill(self.row.label, letters) + "\n" + unit

    def scale_x(self, ax, x, beyond=_WIDE_RANGE):
        """A logarithmic axis where the values are positive and span more than a factor."""
        if self.is_temperature and self.row.axis_power != 1 and not self.condition:
            return  # C/T against T^2 is drawn for its straight line
        if is_wide(x, beyond if self.is_temperature else _WIDE_RANGE):
            ax.set_xscale("log")
            ax.xaxis.set_major_formatter("{x:g}")


def compact(value: float, unit: str) -> str:
    """A number with its unit, with a prefix where the unit takes one.

    >>> compact(1e3, "Hz"), compact(5.62e9, "Hz"), compact(1e-6, "s"), compact(4.0, "1"), compact(-90.0, "dBm")
    ('1 kHz', '5.62 GHz', '1 µs', '4', '-90 dBm')
    """
    if unit == "1":
        return f"{value:.4g}"
    if unit in ("Hz", "s", "W", "V/m", "m", "K", "T") and value != 0.0:
        prefixes = {-12: "p", -9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}
        power = 3 * int(np.floor(np.log10(abs(value)) / 3.0 + 1e-9))
        if power in prefixes and (power <= 0 or unit not in ("s", "K", "T", "m")):
            return f"{value / 10.0**power:.4g} {pretty_unit(prefixes[power] + unit)}"
    return f"{value:.4g} {pretty_unit(unit)}"


def is_wide(x, beyond=_WIDE_RANGE) -> bool:
    """Whether an axis over these values is logarithmic: positive, and spanning more than a factor."""
    return bool(np.min(x) > 0 and np.max(x) > beyond * np.min(x))


def _spans(arrays) -> bool:
    """Whether the finite numbers of all arrays are positive and span more than one and a half decades."""
    numbers = np.concatenate([np.ravel(np.real(values)) for values in arrays]) if len(arrays) else np.zeros(0)
    numbers = numbers[np.isfinite(numbers)]
    return bool(numbers.size and numbers.min() > 0.0 and numbers.max() > _DECADES * numbers.min())


def legend(figure, panels, axes, others, *, outside=False):
    """A legend of the curves in the first of `panels` while it can be read, else a color scale beside all of them."""
    counted = len(others) > 1 and np.array_equal(others, np.arange(len(others)))
    if len(others) > len(COLORS) and not (counted and len(others) <= 2 * len(COLORS)):
        figure.colorbar(_color_scale(axes.other(others)), ax=panels, label=axes.other_label, pad=0.02)
    elif outside:
        handles, labels = _entries(panels[0])
        longest = max(map(len, labels))
        columns = int(_LETTERS_PER_INCH * figure.get_figwidth() / (longest + 6))
        figure.legend(handles, labels, loc="outside lower center", ncols=max(1, min(columns, len(labels))))
    else:
        _inside_or_above(panels[0], *_entries(panels[0]))


def _inside_or_above(ax, handles, labels):
    """A legend inside the axes while it is small; a larger one above them, under the title, where it hides nothing."""
    letters, longest = _LETTERS_PER_INCH * ax.figure.get_figwidth() * ax.get_position().width, max(map(len, labels)) + 6
    if len(labels) <= _FEW_ENTRIES and longest < _WIDE_LEGEND * letters:
        ax.legend(handles, labels, frameon=True, framealpha=0.8, edgecolor="none")
        return
    columns = max(1, min(3, int(letters / longest)))
    rows = -(-len(labels) // columns)
    ax.legend(handles, labels, loc="lower left", bbox_to_anchor=(0.0, _LIFT), ncols=columns, borderaxespad=0.0)
    if ax.get_title("left"):
        height = 72.0 * ax.figure.get_figheight() * ax.get_position().height
        ax.set_title(ax.get_title("left"), loc="left", pad=_LIFT_OF_TITLE + _LINE * rows + (_LIFT - 1.0) * height)


def _entries(ax):
    """(handles, labels) of a legend: the data first, then lines, then bands."""
    handles, labels = ax.get_legend_handles_labels()
    kinds = [0 if isinstance(handle, tuple) else 2 if hasattr(handle, "get_paths") else 1 for handle in handles]
    order = sorted(range(len(handles)), key=kinds.__getitem__)
    return [handles[i] for i in order], [labels[i] for i in order]
