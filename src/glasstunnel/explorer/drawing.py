"""What the processes do that draw: pictures of panels as JSON, as a figure, as a table."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from glasstunnel.errors import GlassTunnelError
from glasstunnel.explorer.pictures import Drawn, chi_squares, picture
from glasstunnel.plots.panels import Band, PanelPicture


def draw(data, drawn, hidden, panels, points, cgs, *, weigh=False):
    """({panel: picture as JSON has it, with its seconds of a processor}, chi-squares where they are asked for)."""
    import time

    shown, found = _with_data(drawn, data, hidden), {}
    for panel in panels:
        began = time.process_time()
        try:
            record = as_record(picture(panel, shown, points, cgs))
        except GlassTunnelError as error:
            record = {"error": str(error)}
        found[panel.id] = {**record, "seconds": round(time.process_time() - began, 3)}
    return found, _weighed(_with_data(drawn, data, ())) if weigh else {}


draw_and_weigh = partial(draw, weigh=True)


def _with_data(drawn: Drawn, data: Sequence, hidden: Sequence[str]) -> Drawn:
    import dataclasses

    return dataclasses.replace(drawn, data=tuple(m for m in data if m.name not in hidden))


def _weighed(drawn: Drawn) -> dict[str, Any]:
    """{dataset: chi-square, points}; for glasses that are compared, {their name: the same} under ``by glass`` too."""
    import dataclasses

    found: dict[str, Any] = {"datasets": chi_squares(drawn)}
    if drawn.by_glass:
        others = {name: dataclasses.replace(drawn, glass=glass, models={}) for name, glass in drawn.others.items()}
        found["by glass"] = {name: chi_squares(other) for name, other in {drawn.name: drawn, **others}.items()}
    return found


def draw_figure(data, drawn, hidden, panel, cgs, ending):
    """A picture as a file of the package's own figure."""
    import io

    from glasstunnel.plots import figure_svg
    from glasstunnel.plots.appearance import style
    from glasstunnel.plots.panels import panel_figure

    figure = panel_figure(picture(panel, _with_data(drawn, data, hidden), 200, cgs))
    if ending == "svg":
        return figure_svg(figure).encode()
    content = io.BytesIO()
    with style():
        figure.savefig(content, format=ending)
    return content.getvalue()


def write_table(data, drawn, hidden, panel, cgs):
    """A picture as CSV: one row for each point of a curve or dataset; after a fit, where its curves are expected."""
    import io

    from glasstunnel.files import write_csv

    shown, stream = picture(panel, _with_data(drawn, data, hidden), 200, cgs), io.StringIO()
    columns: dict[str, list] = {key: [] for key in (
        "what", "label", f"{shown.x_label} [{shown.x_unit}]", f"{shown.y_label} [{shown.y_unit}]", "sigma", "residual"
    )}  # fmt: skip
    for line in shown.lines:
        _extend(columns, ["curve", line.label, line.x, line.y, None, None], len(line.x))
    for band in shown.bands:
        label = next((line.label for line in shown.lines if line.color == band.color and line.dash == 0), "fit")
        for what, ends in (("one sigma of the fit", band.inner), ("two sigma of the fit", band.outer)):
            for end, y in zip(("from", "to"), ends, strict=True):
                _extend(columns, [f"{what}, {end}", label, band.x, y, None, None], len(band.x))
    for mark in shown.marks:
        _extend(columns, ["data", mark.label, mark.x, mark.y, mark.sigma, mark.residuals], len(mark.x))
    write_csv(stream, columns)
    return stream.getvalue()


def _extend(columns, entries, count):
    for values, entry in zip(columns.values(), entries, strict=True):
        values += list(map(float, entry)) if isinstance(entry, np.ndarray) else [_safe(entry)] * count


def _safe(text):
    """A label that no spreadsheet takes for a formula."""
    return f"'{text}" if isinstance(text, str) and text[:1] in "=+-@\t" else text


def as_record(shown: PanelPicture) -> dict[str, Any]:
    """A picture as JSON has it: numbers to six digits, null where there is none."""
    from glasstunnel.plots.appearance import pretty_unit

    return {
        "title": shown.title, "x_label": _axis(shown.x_label, pretty_unit(shown.x_unit)),
        "y_label": _axis(shown.y_label, pretty_unit(shown.y_unit)), "x_log": shown.x_log, "y_scale": shown.y_scale,
        "lines": [{"label": line.label, "color": line.color, "dash": line.dash, "x": _numbers(line.x),
                   "y": _numbers(line.y)} for line in shown.lines],
        "marks": [{"label": mark.label, "color": mark.color, "x": _numbers(mark.x), "y": _numbers(mark.y),
                   "sigma": _numbers(mark.sigma), "residuals": _numbers(mark.residuals)} for mark in shown.marks],
        "notes": list(shown.notes),
    }  # fmt: skip


def band_record(band: Band) -> dict[str, Any]:
    """A band as JSON has it."""
    inner, outer = ([_numbers(end) for end in ends] for ends in (band.inner, band.outer))
    return {"color": band.color, "x": _numbers(band.x), "inner": inner, "outer": outer}


def _axis(label, unit):
    text = plain_symbol(label)
    return f"{text} [{unit}]" if unit and unit != "1" else text


def plain_symbol(text: str) -> str:
    """A symbol of the table without the signs of TeX.

    >>> plain_symbol("\\\\Delta\\\\varepsilon'/\\\\varepsilon'"), plain_symbol("C/T^3")
    ("Δε'/ε'", 'C/T³')
    """
    import re

    named = {"Delta": "Δ", "varepsilon": "ε", "chi": "χ", "kappa": "κ", "delta": "δ", "tan": "tan ", "dot": ""}
    text = re.sub(r"\\([A-Za-z]+) ?", lambda match: named.get(match[1], match[1]), text)
    raised = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    text = re.sub(r"\^\{?(-?\d+)\}?", lambda match: match[1].translate(raised), text)
    return re.sub(r"_\{?(\w+)\}?", r"\1", text)


def _numbers(values):
    return [float(f"{value:.6g}") if np.isfinite(value) else None for value in values]
