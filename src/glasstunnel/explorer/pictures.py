"""What a panel shows: the curves, points and residuals that follow from a glass and from data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from glasstunnel.errors import GlassTunnelError, ParameterError
from glasstunnel.explorer.panels import PanelState, as_shown, shown_unit, variable, variables_of
from glasstunnel.inference.measurements import Measurement
from glasstunnel.inference.problem import NUISANCES
from glasstunnel.observables import evaluation
from glasstunnel.observables.presentations import LEVELS, Presentation
from glasstunnel.observables.table import OBSERVABLES, Observable
from glasstunnel.plots.panels import Band, Line, Marks, PanelPicture
from glasstunnel.systems.glass import Glass
from glasstunnel.units import convert

_MOST_MARKS = 800
_LARGEST_RATIO = 10.0  # shown where the curve that divides passes through zero
_LEVELS = (0.6827, 0.9545)  # probabilities of the bands of a fit: one and two standard deviations


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a panel is drawn of: the glass and, beside it, the same or other glasses {label: glass} in other dashes.

    theory : name of the chosen theory. data : the measurements shown. nuisances : {"data.<name>.offset": value}.
    parts : whether the shares of the contributions are drawn. by_glass : the others are glasses to compare with, one
    curve and one color each.
    """

    glass: Glass
    others: Mapping[str, Glass] = field(default_factory=dict)
    data: tuple[Measurement, ...] = ()
    nuisances: Mapping[str, float] = field(default_factory=dict)
    parts: bool = False
    by_glass: bool = False
    bands: tuple[Band, ...] = ()  # of a fit, see `bands`
    name: str = "now"
    theory: str = "the chosen theory"
    models: dict[str, np.ndarray] = field(default_factory=dict)  # at the points of each measurement, once calculated


def picture(panel: PanelState, drawn: Drawn, points: int, cgs: bool) -> PanelPicture:
    """The panel with `points` points on each curve; in CGS or SI units."""
    shown, row = panel.presentation, panel.presentation.row
    axes = _Axes(shown, cgs)
    draw = _levels if row is LEVELS else _by_glass if drawn.by_glass else _by_value
    lines = tuple(draw(panel, drawn, points, axes))
    marks = tuple(mark for m in drawn.data if m.observable == row.name for mark in _marks(panel, m, drawn, axes))
    held = [axes.held(*pair) for pair in panel.conditions.items()]
    notes, label, unit = [], shown.label, axes.y_unit
    if panel.ratio:
        lines, notes = _ratios(panel, lines, drawn)
        label, unit = f"ratio to {drawn.name if drawn.by_glass else drawn.theory}", "1"
    bad = [line.label for line in lines if not np.isfinite(line.y).all()] if not panel.ratio else []
    notes += [f"not finite everywhere: {', '.join(bad)}"] if bad else []
    title = ", ".join([shown.name, *held])
    return PanelPicture(title, axes.x_label, axes.x_unit, label, unit, panel.x_log, panel.y_scale, lines, marks,
                        tuple(notes), drawn.bands)  # fmt: skip


def _ratios(panel, lines, drawn):
    """(every curve divided by that of the chosen theory at the same value, or by the first glass; what to say)."""
    if panel.presentation.row is LEVELS:
        raise ParameterError("levels can be zero and cross: there is no ratio of them")
    bases = {0 if drawn.by_glass else line.color: line for line in reversed(lines) if line.dash == 0}
    found = [_ratio(line, bases.get(0 if drawn.by_glass else line.color)) for line in lines]
    shown = tuple(line for line in found if line is not None)
    alone = len(shown) == len(bases) and not drawn.data
    remarks = ["a ratio needs another theory or data: tick a theory on the left"] if alone else []
    if any(_through_zero(line.y) for line in bases.values()):
        remarks.append(f"the curve that divides passes through zero: nothing beyond {_LARGEST_RATIO:g} is shown there")
    return shown, remarks


def _through_zero(y):
    return bool(np.min(y) <= 0.0 <= np.max(y))


def _ratio(line, base):
    if base is None or line.dash == 3:  # a share has a color of its own
        return None
    return replace(line, y=_divided(line.y, base.y))


def _divided(y, base):
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = y / base
    return np.where(np.abs(ratio) < _LARGEST_RATIO, ratio, np.nan) if _through_zero(base) else ratio


def bands(panel: PanelState, result: Any, points: int, cgs: bool) -> tuple[Band, ...]:
    """One and two standard deviations of each curve of the glass of a fit (a `FitResult`)."""
    axes, x = _Axes(panel.presentation, cgs), grid(panel, points)
    if panel.presentation.row is LEVELS:
        return ()
    return tuple(_band(panel, result, color, curve_arguments(panel, value, x), axes)
                 for color, value in enumerate(panel.values))  # fmt: skip


def _band(panel, result, color, variables, axes):
    row, x = panel.presentation.row, variables[panel.presentation.x]
    conditions = {key: value for key, value in variables.items() if key not in ("field", row.argument)}
    predicted = result.predict(variables[row.argument], variables["field"], row.name, **conditions)
    scale = 1.0 / predicted.value if panel.ratio else 1.0
    ends = [tuple(end * scale if panel.ratio else axes.y(end, variables) for end in predicted.band(level))
            for level in _LEVELS]  # fmt: skip
    return Band(axes.x(variables) + 0.0 * x, ends[0], ends[1], color)


class _Axes:
    """Numbers in SI to what the axes show."""

    def __init__(self, shown: Presentation, cgs: bool):
        self.shown = shown
        self.y_unit = shown.cgs_unit if cgs else shown.unit
        self.cgs = cgs
        of_field = cgs and shown.x == "field" and not shown.x_powers
        self.x_unit, self.x_label = ("kOe", "H") if of_field else (shown.x_unit, shown.x_label)

    def x(self, variables):
        return convert(self.shown.abscissa(variables), self.shown.x_unit, self.x_unit)

    def y(self, values, variables):
        return convert(values * self.shown.factor(variables), self.shown.unit, self.y_unit)

    def held(self, name, value):
        return f"{name.replace('_', ' ')} {value if isinstance(value, str) else self.value_text(name, value)}"

    def value_text(self, name, value):
        return f"{as_shown(name, value, self.cgs):.4g} {shown_unit(name, self.cgs)}"


def grid(panel: PanelState, points: int) -> np.ndarray:
    """The running variable."""
    space: Any = np.geomspace if panel.x_log else np.linspace
    return space(panel.low, panel.high, points)


def curve_arguments(panel: PanelState, value: float, x: Any) -> dict[str, Any]:
    """{variable or choice: value} of one curve."""
    return {"field": 0.0, **panel.conditions, panel.along: value, panel.presentation.x: x}


def _checked(panel: PanelState, glass: Glass, variables: Mapping[str, Any]) -> tuple[Observable, Glass, Any, Any, Any]:
    """(row, glass, T, B, conditions) as the functions of `evaluation` take them."""
    row = panel.presentation.row
    conditions = {key: value for key, value in variables.items() if key not in ("field", row.argument)}
    T, B, given = evaluation.checked(row, variables[row.argument], variables["field"], conditions)
    evaluation.check_given(row, glass)
    T, B = np.broadcast_arrays(T, B)
    return row, glass, T, B, given


def _evaluate(panel: PanelState, glass: Glass, variables: Mapping[str, Any]) -> np.ndarray:
    values = evaluation.value(*_checked(panel, glass, variables))
    return np.broadcast_to(values, np.shape(variables[panel.presentation.x]))


def _by_value(panel, drawn, points, axes):
    """A color for each value of the variable along which curves differ, a dash for each theory."""
    x = grid(panel, points)
    for color, value in enumerate(panel.values):
        variables = curve_arguments(panel, value, x)
        text = axes.value_text(panel.along, value)
        glasses = {"": drawn.glass, **drawn.others}
        for dash, (name, glass) in enumerate(glasses.items()):
            label = ", ".join(filter(None, (text, name)))
            y = _evaluate(panel, glass, variables)
            abscissa = axes.x(variables) + 0.0 * x
            yield Line(label, abscissa, axes.y(np.real(y), variables), color, min(dash, 2))
            if np.iscomplexobj(y):
                yield Line(f"{label}, imaginary", abscissa, axes.y(np.imag(y), variables), color, 2)
        if drawn.parts and color == 0:
            yield from _shares(panel, drawn.glass, variables, axes, text, x)


def _shares(panel, glass, variables, axes, text, x):
    shares = evaluation.parts(*_checked(panel, glass, variables))
    for number, (key, y) in enumerate(shares.items(), len(panel.values)):
        if np.any(y) and not np.iscomplexobj(y):
            yield Line(f"{text}, {key}", axes.x(variables) + 0.0 * x, axes.y(y + 0.0 * x, variables), number, 3)


def _levels(panel, drawn, points, axes):
    """The levels of every contribution that states some, a color for each contribution, a dash for each value."""
    x = grid(panel, points)
    for dash, value in enumerate(panel.values):
        variables = curve_arguments(panel, value, x)
        for color, (key, part) in enumerate(drawn.glass.contributions.items()):
            if key in panel.without:
                continue
            for name, energies in part.level_diagram(variables["temperature"], variables["field"]).items():
                label = f"{key} {name}, {axes.value_text(panel.along, value)}"
                y = axes.y(energies + 0.0 * x, variables)
                yield Line(label, axes.x(variables) + 0.0 * x, y, color, min(dash, 2))


def _by_glass(panel, drawn, points, axes):
    x = grid(panel, points)
    variables = curve_arguments(panel, panel.values[0], x)
    for color, (name, glass) in enumerate({drawn.name: drawn.glass, **drawn.others}.items()):
        try:
            y = np.real(_evaluate(panel, glass, variables))
        except GlassTunnelError:
            continue  # this glass does not give it
        yield Line(name, axes.x(variables) + 0.0 * x, axes.y(y, variables), color)


def _marks(panel, m, drawn, axes):
    """The points of one measurement, one group for each curve they belong to; nuisances are taken off."""
    model = model_at(m, drawn)
    scale, offset = _nuisances(m, drawn)
    measured, sigma = (m.values - offset) / scale, sigma_at(m, model * scale + offset) / abs(scale)
    other = variable(m, panel.along)
    groups = _groups(panel, np.zeros(len(m)) if other is None else other)
    keep = max(1, math.ceil(len(m) / _MOST_MARKS))
    for color, rows in groups[:1] if drawn.by_glass and groups[0][0] == 0 else () if drawn.by_glass else groups:
        rows = rows[::keep]
        known = {name: values for name in (*variables_of(OBSERVABLES[m.observable]),)
                 if (values := variable(m, name)) is not None}  # fmt: skip
        variables = {**panel.conditions, **{name: values[rows] for name, values in known.items()}}
        if panel.presentation.x not in variables:
            continue
        label = m.name + (f" (1 of {keep} points)" if keep > 1 else "")
        if panel.ratio:
            y, width = _divided(measured, model)[rows], sigma[rows] / model[rows]
        else:
            y, width = axes.y(measured[rows], variables), axes.y(sigma[rows], variables)
        yield Marks(label, axes.x(variables), y, np.abs(width), (measured - model)[rows] / sigma[rows], color)


def _nuisances(m, drawn):
    """(scale, offset and holder together) of a measurement."""
    numbers = {key: drawn.nuisances.get(f"data.{m.name}.{key}", neutral) for key, neutral in NUISANCES.items()}
    scale, offset, holder = numbers["scale"], numbers["offset"], numbers["holder"]
    return scale, offset + (0.0 if m.holder is None else holder * m.holder)


def model_at(m: Measurement, drawn: Drawn) -> np.ndarray:
    """The bare observable at the points of a measurement; NaN where the glass does not give it."""
    if m.name not in drawn.models:
        row = OBSERVABLES[m.observable]
        try:
            evaluation.check_given(row, drawn.glass)
            values = np.real(evaluation.value(row, drawn.glass, m.T, m.B, m.conditions))
        except GlassTunnelError:
            values = np.full(m.values.shape, np.nan)
        drawn.models[m.name] = np.broadcast_to(values, m.values.shape)
    return drawn.models[m.name]


def sigma_at(m: Measurement, model: np.ndarray) -> np.ndarray:
    """Sigma of every point; where it is to be estimated, the root mean square of what is left."""
    if not m.estimated:
        return m.sigma_of(model) if np.isfinite(model).all() else m.sigma
    off = (m.values - model) / m.sigma
    spread = math.sqrt(float(np.nanmean(off**2))) if np.isfinite(off).any() else 1.0
    return m.sigma * (spread or 1.0)


def _groups(panel, other):
    """(color, rows): a point belongs to the nearest curve, where one is within a tenth; else to a color of its own."""
    nearest = np.argmin(np.abs(other[:, None] - np.array(panel.values)[None, :]), axis=1)
    targets = np.array(panel.values)[nearest]
    far = np.abs(other - targets) > 0.1 * np.maximum(np.abs(targets), 1e-9)
    nearest = np.where(far, len(panel.values), nearest)
    return [(int(color), np.flatnonzero(nearest == color)) for color in np.unique(nearest)]


def chi_squares(drawn: Drawn) -> dict[str, dict[str, Any]]:
    """{dataset: chi-square, points, whether sigma was estimated} for the numbers as they stand."""
    found = {}
    for m in drawn.data:
        scale, offset = _nuisances(m, drawn)
        model = model_at(m, drawn) * scale + offset
        off = (m.values - model) / sigma_at(m, model)
        chi2 = float(off @ off)
        found[m.name] = {"chi2": chi2 if math.isfinite(chi2) else None, "points": len(m), "estimated": m.estimated}
    return found


def panel_curves(panel: PanelState):
    """(label, T, B, conditions) of each curve as Python text, for a script."""
    row, x = panel.presentation.row, panel.presentation.x
    space = "np.geomspace" if panel.x_log else "np.linspace"
    for value in panel.values:
        texts = {key: repr(entry) for key, entry in curve_arguments(panel, value, None).items() if entry is not None}
        texts[x] = f"{space}({panel.low!r}, {panel.high!r}, 200)"
        given = {key: text for key, text in texts.items() if key not in (row.argument, "field")}
        yield f"{panel.along} {value:g}", texts[row.argument], texts["field"], given
