"""One person's explorer: the journal, the processes that calculate, the fit; safe to use from several threads."""

import hashlib
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glasstunnel.errors import GlassTunnelError, ParameterError
from glasstunnel.explorer.actions import act, checked, read_numbers, with_numbers
from glasstunnel.explorer.description import describe
from glasstunnel.explorer.drawing import band_record, draw, draw_and_weigh, draw_figure, write_table
from glasstunnel.explorer.fitting import FitJob, run_bands
from glasstunnel.explorer.journal import Journal
from glasstunnel.explorer.panels import PanelState, read_panel
from glasstunnel.explorer.pictures import Drawn
from glasstunnel.explorer.state import State
from glasstunnel.explorer.theories import chosen_theory, theories_beside
from glasstunnel.explorer.workers import SupersededError, TooSlowError, Worker
from glasstunnel.numerics.checks import is_whole_number

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
        self._fitted: Any = None  # the glass with the values of the fit that its process still holds

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
                before = self.journal.state
                state = act(before, name, arguments)
                self.journal.push(name, _with_first_panel(state) if _is_new_drawn(before, state) else state)
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
            fit = {**self.fit.described(), "bands": self._has_bands()}
            return {"changes": self.changes, **describe(self.journal, fit)}

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
            arguments = drawn_now, hidden, panels, points, cgs
            found, chi2 = self.quick.call(draw_and_weigh, *arguments, kept=kept, limit=_STUCK)
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
        return Drawn(state.glass, theories_beside(state), data, state.nuisances, bool(state.view.get("parts")),
                     theory=chosen_theory(state))  # fmt: skip

    def _kept(self, drawn):
        """(data, the rest): the data travel to a process only when they change."""
        import dataclasses

        names = tuple(id(m) for m in drawn.data)
        if self._data[0] != names:
            self._data = (names, drawn.data)
        return self._data[1], dataclasses.replace(drawn, data=())

    def bands(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """One and two standard deviations of the fitted curves of panels, as long as the glass is the fitted one.

        request : panels (all when not given). Slow panels have none.
        """
        found = self._bands(_chosen(self.journal.state, request.get("panels")), 60)
        return {"bands": {id: [band_record(band) for band in some] for id, some in found.items()}}

    def _has_bands(self):
        return self._fitted is not None and self.fit.status != "running" and self.journal.state.glass == self._fitted

    def _bands(self, panels, points):
        if not self._has_bands():
            return {}
        state = self.journal.state
        quick = [panel for panel in panels if panel.id not in self.is_slow.values()]
        try:
            arguments = (quick, points, state.view.get("units") == "CGS")
            return self.fit.worker.call(run_bands, *arguments, limit=_PATIENCE)
        except GlassTunnelError:  # the process has ended: the next fit draws bands again
            return {}

    def _with_bands(self, drawn, panel):
        import dataclasses

        found = {} if drawn.by_glass else self._bands([panel], 200)
        return dataclasses.replace(drawn, bands=found.get(panel.id, ()))

    def figure(self, panel_id: str, ending: str, compare: bool) -> bytes:
        """A panel as the package's own figure: png, pdf or svg."""
        state = self.journal.state
        (panel,) = _chosen(state, [panel_id])
        drawn, hidden = self._drawn(state, compare), tuple(state.view.get("hidden", ()))
        kept, drawn_now = self._kept(drawn)
        arguments = (hidden, panel, state.view.get("units") == "CGS", ending)
        drawn_now = self._with_bands(drawn_now, panel)
        return self.exporting.call(draw_figure, drawn_now, *arguments, kept=kept, limit=_PATIENCE)

    def table(self, panel_id: str, compare: bool) -> str:
        """The curves and points of a panel as CSV."""
        state = self.journal.state
        (panel,) = _chosen(state, [panel_id])
        drawn, hidden = self._drawn(state, compare), tuple(state.view.get("hidden", ()))
        kept, drawn_now = self._kept(drawn)
        cgs, drawn_now = state.view.get("units") == "CGS", self._with_bands(drawn_now, panel)
        return self.exporting.call(write_table, drawn_now, hidden, panel, cgs, kept=kept, limit=_PATIENCE)

    # --- fits ---------------------------------------------------------------------------------------------------------

    def command_fit(self, what: str) -> None:
        """start, cancel, adopt, or what follows from a fit: profile, posterior."""
        if what == "start":
            self._begun_from, self._fitted = self.journal.state, None
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
        if result["converged"] and self._begun_from is not None:
            self._fitted = with_numbers(self._begun_from, result["values"]).glass
            if self.journal.state is self._begun_from:
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


def _chosen(state, wanted) -> list[PanelState]:
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


def _is_new_drawn(before, state):
    """Whether the last dataset, which lacked something, can be drawn now."""
    was, now = before.measured[-1:], state.measured[-1:]
    return bool(was and now) and was[0].measurement is None and now[0].measurement is not None


def _with_first_panel(state):
    """The state with a panel for what a new file measures."""
    from glasstunnel.explorer.first_look import first_panels
    from glasstunnel.explorer.view_actions import MOST_PANELS

    shown = {read_panel(panel).observable for panel in state.view.get("panels", ())}
    new = [panel for panel in first_panels(state) if read_panel(panel).observable not in shown]
    measured = state.measured[-1].measurement
    new = [panel for panel in new if measured and read_panel(panel).observable == measured.observable]
    panels = list(state.view.get("panels", ()))
    number = max((int(panel["id"][1:]) for panel in panels), default=0) + 1
    if len(panels) < MOST_PANELS:
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
