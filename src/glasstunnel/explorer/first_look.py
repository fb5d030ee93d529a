"""Panels to begin with: what was measured, else what the glass has something to say about."""

from typing import Any

import numpy as np

from glasstunnel.errors import GlassTunnelError
from glasstunnel.explorer.panels import new_panel, read_panel, set_points, variable
from glasstunnel.explorer.pictures import Drawn, picture
from glasstunnel.observables.presentations import all_presentations, presentation
from glasstunnel.observables.table import OBSERVABLES

#: What a first look shows, the most special first: of what says nothing of a glass, the next is taken.
FIRST_LOOK = (
    "internal loss", "frequency shift", "loss tangent", "relative change of the dielectric constant", "magnetization",
    "heat capacity", "magnetization times temperature", "heat capacity over cubed temperature",
    "internal friction", "thermal conductivity",
)  # fmt: skip
_FIRST_PANELS = 4


def first_panels(state: Any) -> list[dict[str, Any]]:
    """Panels to begin with: what was measured, else what the glass has something to say about."""
    measured = {m.measurement.observable for m in state.measured if m.measurement is not None}
    shown = [_sweep(state, name) for name in OBSERVABLES if name in measured]
    wanted = [presentation(name) for name in FIRST_LOOK]
    shown += [row for row in wanted if row not in shown and (len(shown) < 2 or not measured)]
    shown = [row for row in shown if row.observable in measured or _says_something(state, row)]
    if not shown:
        shown = [row for row in all_presentations().values() if _says_something(state, row)]
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

    drawn = [row for row in all_presentations().values() if row.observable == name]
    plain = [row for row in drawn if not (row.x_powers or row.y_powers)]
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
