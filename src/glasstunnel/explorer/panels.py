"""Panels: which observable is drawn against what, at which values of its other variables."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.inference.measurements import Measurement
from glasstunnel.numerics.checks import is_number
from glasstunnel.observables.presentations import Presentation, presentation, variable_unit
from glasstunnel.observables.table import CONDITIONS, Observable
from glasstunnel.units import convert

_MOST_CURVES = 7
_WIDE = 8.0  # an axis that spans more than this factor is logarithmic
_FIELDS = (0.5, 2.0, 6.5)  # tesla, where the field matters and no data say which


def shown_unit(name: str, cgs: bool) -> str:
    """The unit in which a panel names a variable: fields in kOe where CGS units are wanted.

    >>> shown_unit("field", True), shown_unit("temperature", True)
    ('kOe', 'K')
    """
    return "kOe" if cgs and name == "field" else variable_unit(name)


def as_shown(name: str, value: Any, cgs: bool) -> Any:
    """A number of a variable in SI as a panel shows it."""
    return _converted(value, variable_unit(name), shown_unit(name, cgs))


def from_shown(name: str, value: Any, cgs: bool) -> Any:
    """A number as a panel shows it, in SI; what is no number stays, to be refused where it is read."""
    return _converted(value, shown_unit(name, cgs), variable_unit(name))


def _converted(value, unit, to):
    return value if unit == to or not is_number(value) else float(f"{convert(value, unit, to):.12g}")


@dataclass(frozen=True)
class PanelState:
    """One panel. show : name of a `Presentation`. low, high : of the running variable, SI.

    along : the variable of which one curve is drawn for each of `values`; conditions : {name: value} held fixed.
    ratio : whether everything is divided by the curve of the chosen theory. without : contributions whose levels are
    not drawn.
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
    ratio: bool = False
    without: tuple[str, ...] = ()

    @property
    def presentation(self) -> Presentation:
        """How its observable is drawn."""
        return presentation(self.show)

    @property
    def observable(self) -> str:
        """Name of its observable."""
        return self.presentation.observable


def read_panel(table: Mapping[str, Any]) -> PanelState:
    """A panel of the view, checked: `ParameterError` with what is wrong."""
    where = f"panel {table.get('id')!r}"
    unknown = [key for key in table if key not in PanelState.__dataclass_fields__]
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
        allowed = ", ".join(name for name in others if name != shown.x)
        raise ParameterError(f"{where}: curves can differ in {allowed}, not in {str(table['along'])[:40]!r}")
    scale = table.get("y_scale", "linear")
    if scale not in ("linear", "log", "asinh"):
        raise ParameterError(f"{where}: y_scale must be linear, log or asinh")
    conditions, ratio = _conditions(row, table.get("conditions", {}), where), table.get("ratio", False)
    if not isinstance(ratio, bool):
        raise ParameterError(f"{where}: ratio must be true or false")
    without = table.get("without", ())
    if not isinstance(without, (list, tuple)) or not all(isinstance(key, str) for key in without):
        raise ParameterError(f"{where}: without must be a list of contributions")
    return PanelState(table["id"], table["show"], low, high, table["x_log"], table["along"], values, conditions, scale,
                      ratio, tuple(without))  # fmt: skip


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
            "values": list(values), "conditions": fixed,
            "y_scale": "log" if row.y_scale == "log" else "linear"}  # fmt: skip


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
