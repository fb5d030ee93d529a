"""Panels: which observable is drawn against what, and the curves, points and residuals that follow."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from glasstunnel.errors import GlassTunnelError, ParameterError
from glasstunnel.inference.measurements import Measurement
from glasstunnel.inference.problem import NUISANCES
from glasstunnel.numerics.checks import is_number
from glasstunnel.observables import evaluation
from glasstunnel.observables.presentations import LEVELS, Presentation, presentation, presentations, variable_unit
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES, Observable
from glasstunnel.plots.panels import Line, Marks, PanelPicture
from glasstunnel.systems.glass import Glass
from glasstunnel.units import convert

_MOST_CURVES, _MOST_MARKS = 7, 800
_WIDE = 8.0  # an axis that spans more than this factor is logarithmic
_FIELDS = (0.5, 2.0, 6.5)  # tesla, where the field matters and no data say which
#: What a first look shows, the most special first: of what says nothing of a glass, the next is taken.
FIRST_LOOK = (
    "internal loss", "frequency shift", "loss tangent", "relative change of the dielectric constant", "magnetization",
    "heat capacity", "magnetization times temperature", "heat capacity over cubed temperature",
    "internal friction", "thermal conductivity",
)  # fmt: skip
_FIRST_PANELS = 4


@dataclass(frozen=True)
class Panel:
    """One panel. show : name of a `Presentation`. low, high : of the running variable, SI.

    along : the variable of which one curve is drawn for each of `values`; conditions : {name: value} held fixed.
    """

    id: str
    show: str
    low: float
    high: float
    x_log: bool
    along: str
    values: tuple[float, ...]
    conditions: Mapping[str, Any] = field(default_factory=dict)
    y_scale: str = "linear"

    @property
    def presentation(self) -> Presentation:
        """How its observable is drawn."""
        return presentation(self.show)

    @property
    def observable(self) -> str:
        """Name of its observable."""
        return self.presentation.observable


def read_panel(table: Mapping[str, Any]) -> Panel:
    """A panel of the view, checked: `ParameterError` with what is wrong."""
    where = f"panel {table.get('id')!r}"
    unknown = [key for key in table if key not in Panel.__dataclass_fields__]
    missing = [key for key in ("id", "show", "low", "high", "x_log", "along", "values") if key not in table]
    if unknown or missing:
        raise ParameterError(f"{where}: {', '.join(unknown or missing)} {'is unknown' if unknown else 'is missing'}")
    if not isinstance(table["id"], str) or not isinstance(table["show"], str) or not isinstance(table["x_log"], bool):
        raise ParameterError(f"{where}: id and show are texts, x_log is true or false")
    shown = presentation(table["show"])
    row = shown.row
    low, high = (_finite(table[key], f"{where}: {key}") for key in ("low", "high"))
    if not low < high or (table["x_log"] and low <= 0):
        raise ParameterError(f"{where}: the axis must rise{', from above zero' if table['x_log'] else ''}, "
                             f"got {low:g} to {high:g}")  # fmt: skip
    if not isinstance(table["values"], (list, tuple)) or not 1 <= len(table["values"]) <= _MOST_CURVES:
        raise ParameterError(f"{where}: one to {_MOST_CURVES} curves can be drawn")
    values = tuple(_finite(value, f"{where}: {table['along']}") for value in table["values"])
    others = variables_of(row)
    if table["along"] not in others or table["along"] == shown.x:
        there = ", ".join(name for name in others if name != shown.x)
        raise ParameterError(f"{where}: curves can differ in {there}, not in {str(table['along'])[:40]!r}")
    scale = table.get("y_scale", "linear")
    if scale not in ("linear", "log", "asinh"):
        raise ParameterError(f"{where}: y_scale must be linear, log or asinh")
    conditions = _conditions(row, table.get("conditions", {}), where)
    return Panel(table["id"], table["show"], low, high, table["x_log"], table["along"], values, conditions, scale)


def _finite(value, where):
    if not is_number(value) or not math.isfinite(value):
        raise ParameterError(f"{where} must be a finite number, got {str(value)[:40]!r}")
    return float(value)


def _conditions(row, given, where):
    if not isinstance(given, Mapping):
        raise ParameterError(f"{where}: conditions must be a table")
    conditions: dict[str, Any] = {}
    for key, value in given.items():
        if key in row.choices:
            if value not in row.choices[key]:
                raise ParameterError(f"{where}: {key} must be one of {', '.join(row.choices[key])}")
            conditions[key] = value
        elif key in variables_of(row):
            conditions[key] = _finite(value, f"{where}: {key}")
        else:
            raise ParameterError(f"{where}: {row.name} does not depend on {str(key)[:40]!r}")
    return conditions


def variables_of(row: Observable) -> tuple[str, ...]:
    """Every variable an observable depends on: its argument, the field, its conditions."""
    return (row.argument, "field", *row.conditions, *row.optional)


def new_panel(state: Any, shown: Presentation, id: str) -> dict[str, Any]:
    """A panel to begin with, as a table: fields and range of the data where there are some."""
    row = shown.row
    ours = [m.measurement for m in state.measured if m.measurement is not None
            and m.measurement.observable == shown.observable]  # fmt: skip
    span = shown.span or row.span
    fixed = {name: row.typical.get(name, CONDITIONS[name].typical) for name in row.conditions}
    along = "field" if shown.x != "field" else row.argument
    values: Sequence[float] = _FIELDS if not row.zero_field else (0.0,)
    if along == row.argument:
        values = (2.0, 4.5, 10.0) if row.span[0] >= 1.0 else (row.span[0] * 4, row.span[1] / 4)
    if shown.x not in ("field", row.argument):
        fixed |= {row.argument: math.sqrt(row.span[0] * row.span[1])}
    if ours:
        span = _span_of(ours, shown.x, span)
        along, values = _curves_of(row, ours, shown.x, along, values)
        fixed |= {name: _typical(ours, name) for name in row.conditions if name != along}
    fixed = {name: value for name, value in fixed.items() if name not in (shown.x, along)}
    if "field" not in (shown.x, along):
        fixed["field"] = _typical(ours, "field") if ours else 0.0
    log = shown.x_log and span[0] > 0 and span[1] > _WIDE * span[0]
    return {"id": id, "show": shown.name, "low": span[0], "high": span[1], "x_log": log, "along": along,
            "values": list(values), "conditions": fixed, "y_scale": row.y_scale}  # fmt: skip


def variable(m: Measurement, name: str) -> np.ndarray | None:
    """The values of a variable at the points of a measurement; None where it is not stated."""
    return {"temperature": m.T, "energy": m.T, "field": m.B}.get(name, m.conditions.get(name))


def _span_of(ours, x, otherwise):
    known = [values for m in ours if (values := variable(m, x)) is not None]
    if not known:
        return otherwise
    low, high = min(float(v.min()) for v in known), max(float(v.max()) for v in known)
    room = 0.03 * (high - low) or 0.1 * abs(high) or 1.0
    return (low / 1.05 if low > 0 else low - room), high + room


def _typical(ours, name):
    known = [values for m in ours if (values := variable(m, name)) is not None]
    return float(np.median(np.concatenate(known))) if known else CONDITIONS[name].typical


def _curves_of(row, ours, x, along, values):
    """(variable, its values): the one in which the datasets differ, at their set points."""
    for name in (along, *(other for other in variables_of(row) if other not in (x, along))):
        known = [points for m in ours if (points := variable(m, name)) is not None]
        levels = set_points(np.concatenate(known)) if known else []
        if 1 < len(levels) <= _MOST_CURVES:
            return name, tuple(levels)
    known = [points for m in ours if (points := variable(m, along)) is not None]
    levels = set_points(np.concatenate(known)) if known else list(values)
    return along, tuple(levels[:: max(1, len(levels) // _MOST_CURVES + (len(levels) > _MOST_CURVES))][:_MOST_CURVES])


def set_points(values: np.ndarray) -> list[float]:
    """Values that differ by more than a percent, each the median of its group to four digits.

    >>> set_points(np.array([2.0, 0.5, 2.0002, 0.5]))
    [0.5, 2.0]
    """
    ordered = np.sort(values)
    gaps = np.diff(ordered) > 0.015 * np.maximum(np.abs(ordered[1:]), 1e-7 * np.max(np.abs(ordered)) + 1e-300)
    return [float(f"{np.median(part):.4g}") for part in np.split(ordered, np.flatnonzero(gaps) + 1)]


def first_panels(state: Any) -> list[dict[str, Any]]:
    """Panels to begin with: what was measured, else what the glass has something to say about."""
    measured = {m.measurement.observable for m in state.measured if m.measurement is not None}
    shown = [_sweep(state, name) for name in OBSERVABLES if name in measured]
    wanted = [presentation(name) for name in FIRST_LOOK]
    shown += [row for row in wanted if row not in shown and (len(shown) < 2 or not measured)]
    shown = [row for row in shown if row.observable in measured or _says_something(state, row)]
    if not shown:
        shown = [row for row in presentations().values() if _says_something(state, row)]
    count = max(len(measured), 2) if measured else _FIRST_PANELS
    panels = [new_panel(state, row, f"p{number}") for number, row in enumerate(shown[:count], 1)]
    return [{**panel, "y_scale": _y_scale(state.glass, panel)} for panel in panels]


def _y_scale(glass, table):
    """Logarithmic where the axis is and the values are positive and span decades."""
    panel = read_panel(table)
    if not panel.x_log or panel.y_scale != "linear":
        return panel.y_scale
    try:
        line = picture(panel, Drawn(glass), 5, False).lines[0]
    except GlassTunnelError:
        return panel.y_scale
    return "log" if (line.y > 0).all() and line.y.max() > 100.0 * line.y.min() else panel.y_scale


def _sweep(state, name):
    """The presentation along the variable that the datasets of an observable sweep."""
    ours = [m.measurement for m in state.measured if m.measurement and m.measurement.observable == name]

    def points(shown):
        known = [values for m in ours if (values := variable(m, shown.x)) is not None]
        return len(set_points(np.concatenate(known))) if known else 0

    plain = [row for row in presentations().values() if row.observable == name and not (row.x_powers or row.y_powers)]
    return max(plain, key=points)


def _says_something(state, shown):
    """Whether the glass gives the observable, and not zero everywhere: tried at a few points."""
    if shown.observable == "echo":
        return False  # seconds; asked for by hand
    try:
        lines = picture(read_panel(new_panel(state, shown, "p0")), Drawn(state.glass), 3, False).lines
    except GlassTunnelError:
        return False
    return any(np.any(np.nan_to_num(np.abs(line.y)) > 0.0) for line in lines)


# --- what is drawn ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a panel is drawn of: the glass and, beside it, the same or other glasses {label: glass} in other dashes.

    data : the measurements shown. nuisances : {"data.<name>.offset": value}. parts : whether the shares of the
    contributions are drawn. by_glass : the others are glasses to compare with, one curve and one color each.
    """

    glass: Glass
    others: Mapping[str, Glass] = field(default_factory=dict)
    data: tuple[Measurement, ...] = ()
    nuisances: Mapping[str, float] = field(default_factory=dict)
    parts: bool = False
    by_glass: bool = False
    name: str = "now"
    models: dict[str, np.ndarray] = field(default_factory=dict)  # at the points of each measurement, once calculated


def picture(panel: Panel, drawn: Drawn, points: int, cgs: bool) -> PanelPicture:
    """The panel with `points` points on each curve; in CGS or SI units."""
    shown, row = panel.presentation, panel.presentation.row
    axes = _Axes(shown, cgs)
    draw = _levels if row is LEVELS else _by_glass if drawn.by_glass else _by_value
    lines = tuple(draw(panel, drawn, points, axes))
    bad = [line.label for line in lines if not np.isfinite(line.y).all()]
    marks = tuple(mark for m in drawn.data if m.observable == row.name for mark in _marks(panel, m, drawn, axes))
    held = [_held(name, value) for name, value in panel.conditions.items()]
    notes = [f"not finite everywhere: {', '.join(bad)}"] if bad else []
    title = ", ".join([shown.name, *held])
    return PanelPicture(title, axes.x_label, axes.x_unit, shown.label, axes.y_unit, panel.x_log, panel.y_scale, lines,
                        marks, tuple(notes))  # fmt: skip


def _held(name, value):
    if isinstance(value, str):
        return f"{name} {value}"
    return f"{name.replace('_', ' ')} {value:.4g} {variable_unit(name)}"


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

    def value_text(self, name, value):
        if self.cgs and name == "field":
            return f"{convert(value, 'T', 'kOe'):.4g} kOe"
        return f"{value:.4g} {variable_unit(name)}"


def grid(panel: Panel, points: int) -> np.ndarray:
    """The running variable."""
    space: Any = np.geomspace if panel.x_log else np.linspace
    return space(panel.low, panel.high, points)


def curve_arguments(panel: Panel, value: float, x: Any) -> dict[str, Any]:
    """{variable or choice: value} of one curve."""
    return {"field": 0.0, **panel.conditions, panel.along: value, panel.presentation.x: x}


def _checked(panel: Panel, glass: Glass, variables: Mapping[str, Any]) -> tuple[Observable, Glass, Any, Any, Any]:
    """(row, glass, T, B, conditions) as the functions of `evaluation` take them."""
    row = panel.presentation.row
    conditions = {key: value for key, value in variables.items() if key not in ("field", row.argument)}
    T, B, given = evaluation.checked(row, variables[row.argument], variables["field"], conditions)
    evaluation.check_given(row, glass)
    T, B = np.broadcast_arrays(T, B)
    return row, glass, T, B, given


def _evaluate(panel: Panel, glass: Glass, variables: Mapping[str, Any]) -> np.ndarray:
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
        yield Marks(label, axes.x(variables), axes.y(measured[rows], variables),
                    np.abs(axes.y(sigma[rows], variables)), (measured - model)[rows] / sigma[rows], color)  # fmt: skip


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


def panel_curves(panel: Panel):
    """(label, T, B, conditions) of each curve as Python text, for a script."""
    row, x = panel.presentation.row, panel.presentation.x
    space = "np.geomspace" if panel.x_log else "np.linspace"
    for value in panel.values:
        texts = {key: repr(entry) for key, entry in curve_arguments(panel, value, None).items() if entry is not None}
        texts[x] = f"{space}({panel.low!r}, {panel.high!r}, 200)"
        given = {key: text for key, text in texts.items() if key not in (row.argument, "field")}
        yield f"{panel.along} {value:g}", texts[row.argument], texts["field"], given
