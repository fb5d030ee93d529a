"""One person's explorer: the journal, the processes that calculate, the fit; safe to use from several threads."""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from glasstunnel.errors import GlassTunnelError, ParameterError
from glasstunnel.explorer.actions import act, checked, read_numbers, variant_options, with_numbers
from glasstunnel.explorer.description import describe
from glasstunnel.explorer.fitting import FitJob
from glasstunnel.explorer.journal import Journal
from glasstunnel.explorer.panels import Panel, read_panel
from glasstunnel.explorer.pictures import Drawn, chi_squares, picture
from glasstunnel.explorer.state import State
from glasstunnel.explorer.workers import SupersededError, TooSlowError, Worker
from glasstunnel.numerics.checks import is_whole_number
from glasstunnel.plots.panels import PanelPicture

_QUICK = 0.25  # seconds of a processor: what takes longer is calculated apart, on release
_STUCK = 2.0  # seconds after which what others wait for is ended
_PATIENCE = 120.0  # seconds for what is slow


class Session:
    """The explorer of one person. journal : its states. changed : called after every change."""

    def __init__(self, journal: Journal):
        self.journal = journal
        self.changes = 0
        self.closing = False  # nobody is kept waiting any more
        self._changed = threading.Condition()
        self.quick, self.slow, self.exporting = Worker(), Worker(), Worker()
        self.fit = FitJob(self.note)
        self.is_slow: dict[str, str] = {}
        self._data: tuple[Any, tuple] = (None, ())
        self._begun_from: State | None = None

    # --- changes ------------------------------------------------------------------------------------------------------

    def note(self) -> None:
        """Something changed: who waits is told."""
        with self._changed:
            self.changes += 1
            self._changed.notify_all()

    def wait(self, after: int, seconds: float) -> int:
        """The number of changes once it is above `after`, or after some seconds as it is."""
        with self._changed:
            self._changed.wait_for(lambda: self.changes > after or self.closing, seconds)
            return self.changes

    def act(self, name: str, arguments: Mapping[str, Any]) -> None:
        """Do one action, undo and redo included."""
        with self.journal.lock:
            if name in ("undo", "redo"):
                self.journal.move(-1 if name == "undo" else 1)
            else:
                self.journal.push(name, act(self.journal.state, name, arguments))
        self.note()

    def upload(self, name: str, content: bytes, options: Mapping[str, Any]) -> None:
        """Add a measured file, read by `gt.read` alone."""
        from glasstunnel.explorer.opening import with_file

        path = self.journal.keep_upload(safe_name(name), content)
        with self.journal.lock:
            try:
                state = checked(with_file(self.journal.state, path, options))
            except GlassTunnelError as error:
                raise type(error)(str(error).replace(f"{path.parent}/", "")) from None
            self.journal.push("upload", _with_first_panel(state))
        self.note()

    def describe(self) -> dict[str, Any]:
        """The session as a page shows it."""
        with self.journal.lock:
            return {"changes": self.changes, **describe(self.journal, self.fit.described())}

    # --- curves -------------------------------------------------------------------------------------------------------

    def curves(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Pictures of panels at the state, or at other numbers while a slider moves.

        request : values {path: number}, panels (all when not given), points, patient (what is slow is waited for),
        compare (the kept glasses instead of other theories).
        """
        state = self.journal.state
        if request.get("values"):
            state = with_numbers(state, read_numbers(state, request["values"]))
        panels = _chosen(state, request.get("panels"))
        points, patient, compare = (request.get(key, start) for key, start in (("points", 200), ("patient", False),
                                                                               ("compare", False)))  # fmt: skip
        if not is_whole_number(points, least=10) or points > 2000:
            raise ParameterError("points must be a whole number from 10 to 2000")
        drawn, hidden = self._drawn(state, compare), tuple(state.view.get("hidden", ()))
        cgs = state.view.get("units") == "CGS"
        kinds = {panel.id: f"{panel.id}{panel.show}{compare}{state.view.get('theories')}" for panel in panels}
        if patient:
            return {"panels": {panel.id: self._patiently(panel, drawn, hidden, points, cgs, kinds[panel.id])
                               for panel in panels}, "slow": []}  # fmt: skip
        quick = [panel for panel in panels if kinds[panel.id] not in self.is_slow]
        found, chi2 = self._quickly(quick, drawn, hidden, points, cgs, kinds)
        slow = [panel.id for panel in panels if panel.id not in found]
        return {"panels": found, "slow": slow, "chi2": chi2.get("datasets", {}), "by_glass": chi2.get("by glass", {})}

    def _quickly(self, panels, drawn, hidden, points, cgs, kinds):
        """({panel: picture}, chi-squares) of what is quick; what turns out not to be is remembered as slow."""
        kept, drawn_now = self._kept(drawn)
        try:
            asked = drawn_now, hidden, panels, points, cgs
            found, chi2 = self.quick.call(_DRAW_AND_WEIGH, *asked, kept=kept, limit=_STUCK)
        except TooSlowError:
            if len(panels) < 2:
                self.is_slow |= {kinds[panel.id]: panel.id for panel in panels}
                return {}, {}
            alone = [self._quickly([panel], drawn, hidden, points, cgs, kinds) for panel in panels]  # which one is it?
            return {id: record for part, _ in alone for id, record in part.items()}, alone[-1][1]
        except SupersededError as error:
            return {panel.id: {"superseded": str(error)} for panel in panels}, {}
        except GlassTunnelError as error:
            return {panel.id: {"error": str(error)} for panel in panels}, {}
        self.is_slow |= {kinds[id]: id for id, record in found.items() if record["seconds"] > _QUICK}
        return found, chi2

    def _patiently(self, panel, drawn, hidden, points, cgs, kind):
        """The picture of a slow panel, in a process of its own."""
        if self.slow.busy:
            self.slow.end()  # the newest wish counts
        kept, drawn_now = self._kept(drawn)
        try:
            found, _ = self.slow.call(draw, drawn_now, hidden, [panel], points, cgs, kept=kept, limit=_PATIENCE)
        except TooSlowError:
            return {"error": f"not finished within {_PATIENCE:g} s; choose fewer points or another theory"}
        except SupersededError as error:
            return {"superseded": str(error)}
        except GlassTunnelError as error:
            return {"error": str(error)}
        if found[panel.id]["seconds"] < 0.5 * _QUICK:
            self.is_slow.pop(kind, None)
        return found[panel.id]

    def _drawn(self, state: State, compare: bool) -> Drawn:
        data = tuple(row.measurement for row in state.measured if row.measurement is not None)
        if compare:
            others = {entry["name"]: State({"glass": entry["glass"]}).glass for entry in state.view.get("compare", ())}
            return Drawn(state.glass, others, data, state.nuisances, by_glass=True)
        return Drawn(state.glass, theories(state), data, state.nuisances, bool(state.view.get("parts")))

    def _kept(self, drawn):
        """(data, the rest): the data travel to a process only when they change."""
        import dataclasses

        names = tuple(id(m) for m in drawn.data)
        if self._data[0] != names:
            self._data = (names, drawn.data)
        return self._data[1], dataclasses.replace(drawn, data=())

    def figure(self, panel_id: str, ending: str, compare: bool) -> bytes:
        """A panel as the package's own figure: png, pdf or svg."""
        state = self.journal.state
        (panel,) = _chosen(state, [panel_id])
        drawn, hidden = self._drawn(state, compare), tuple(state.view.get("hidden", ()))
        kept, drawn_now = self._kept(drawn)
        cgs = state.view.get("units") == "CGS"
        return self.exporting.call(draw_figure, drawn_now, hidden, panel, cgs, ending, kept=kept, limit=_PATIENCE)

    def table(self, panel_id: str, compare: bool) -> str:
        """The curves and points of a panel as CSV."""
        state = self.journal.state
        (panel,) = _chosen(state, [panel_id])
        drawn, hidden = self._drawn(state, compare), tuple(state.view.get("hidden", ()))
        kept, drawn_now = self._kept(drawn)
        cgs = state.view.get("units") == "CGS"
        return self.exporting.call(write_table, drawn_now, hidden, panel, cgs, kept=kept, limit=_PATIENCE)

    # --- fits ---------------------------------------------------------------------------------------------------------

    def command_fit(self, what: str) -> None:
        """start, cancel, adopt, or what follows from a fit: profile, posterior."""
        if what == "start":
            self._begun_from = self.journal.state
            self.fit.start(self.journal.state, self._finished)
        elif what == "cancel":
            self.fit.cancel()
        elif what == "adopt":
            self._adopt()
        else:
            self.fit.follow(what, self._kept_result)
        self.note()

    def _finished(self, result):
        self._kept_result(result)
        if self.journal.state is self._begun_from and result["converged"]:
            self._adopt()

    def _kept_result(self, result):
        self.journal.keep_fit(result)

    def _adopt(self):
        result = self.fit.result or self.journal.fit
        if not result:
            raise ParameterError("there is no fit whose values could be taken")
        with self.journal.lock:
            self.journal.push("fit", checked(with_numbers(self.journal.state, result["values"])))
        self.note()

    def end(self) -> None:
        """End all processes."""
        for worker in (self.quick, self.slow, self.exporting, self.fit.worker):
            worker.end()


def _chosen(state, wanted) -> list[Panel]:
    panels = [read_panel(table) for table in state.view.get("panels", ())]
    if wanted is None:
        return panels
    if not isinstance(wanted, (list, tuple)):
        raise ParameterError("panels must be a list of their ids")
    known = {panel.id: panel for panel in panels}
    for id in wanted:
        if not isinstance(id, str) or id not in known:
            raise ParameterError(f"there is no panel {str(id)[:40]!r}")
    return [known[id] for id in wanted]


def theories(state: State) -> dict[str, Any]:
    """{label: glass} of the theories that are drawn beside the chosen one."""
    found = {}
    for name in state.view.get("theories", ()):
        key, _, theory = name.partition(":")
        part = state.glass.contributions.get(key)
        if part is None:
            continue
        import dataclasses

        try:
            other = dataclasses.replace(part, **variant_options(part, theory))
        except GlassTunnelError:
            continue  # this theory needs what the glass does not state
        if other != part:
            found[theory] = state.glass.with_contribution(key, other)
    return found


def _with_first_panel(state):
    """The state with a panel for what a new file measures."""
    from glasstunnel.explorer.actions import _MOST_PANELS
    from glasstunnel.explorer.first_look import first_panels

    shown = {read_panel(panel).observable for panel in state.view.get("panels", ())}
    new = [panel for panel in first_panels(state) if read_panel(panel).observable not in shown]
    measured = state.measured[-1].measurement
    new = [panel for panel in new if measured and read_panel(panel).observable == measured.observable]
    panels = list(state.view.get("panels", ()))
    number = max((int(panel["id"][1:]) for panel in panels), default=0) + 1
    if len(panels) < _MOST_PANELS:
        panels += [{**panel, "id": f"p{number}"} for panel in new[:1]]
    return state.with_tables(view={**state.view, "panels": panels})


def safe_name(text: str) -> str:
    """A file name without folders and odd characters; its ending is kept.

    >>> safe_name("../../etc/run 1.dat")
    'run_1.dat'
    """
    import re

    name = re.sub(r"[^\w.+-]+", "_", Path(text.replace("\\", "/")).name, flags=re.ASCII).lstrip(".")[-80:]
    return name or f"file-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


# --- in the processes -------------------------------------------------------------------------------------------------


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


_DRAW_AND_WEIGH = partial(draw, weigh=True)


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
    """A picture as CSV: one row for each point of a curve or dataset."""
    import io

    from glasstunnel.files import write_csv

    shown, stream = picture(panel, _with_data(drawn, data, hidden), 200, cgs), io.StringIO()
    columns: dict[str, list] = {key: [] for key in (
        "what", "label", f"{shown.x_label} [{shown.x_unit}]", f"{shown.y_label} [{shown.y_unit}]", "sigma", "residual"
    )}  # fmt: skip
    for line in shown.lines:
        _extend(columns, ["curve", line.label, line.x, line.y, None, None], len(line.x))
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
