"""A fit of the explorer: in a process of its own, told as it runs, stopped at once."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from glasstunnel.errors import FitError, GlassTunnelError
from glasstunnel.explorer.state import State
from glasstunnel.explorer.workers import SupersededError, Worker
from glasstunnel.progress import CountedSentence

#: What can follow from a finished fit: name -> function of the process that holds it.
FOLLOWING = ("profile", "posterior")


@dataclass
class FitJob:
    """The last fit of a session. status : idle, running, done, not converged, cancelled, failed.

    sentence : what goes on, in words; numbers : the same as far as counted: which start of how many, chi-square,
    seconds left. begun_from : the state that is fitted, as text. number : of the fit.
    """

    tell: Callable[[], None]
    worker: Worker = field(default_factory=Worker)
    status: str = "idle"
    sentence: str = ""
    numbers: dict[str, Any] = field(default_factory=dict)  # of a `CountedSentence`
    doing: str = ""
    begun: float = 0.0
    ended: float = 0.0
    number: int = 0
    result: dict[str, Any] | None = None
    figures: dict[str, str] = field(default_factory=dict)
    samples: str = ""  # draws of the posterior, as CSV
    _cancelled: int = 0  # number of the fit that was cancelled last

    def start(self, state: State, done: Callable[[dict[str, Any]], None]) -> None:
        """Begin to fit the state; `FitError` while another fit runs or where there is nothing to fit."""
        if self.status == "running":
            raise FitError("a fit is running already; cancel it first")
        ready = [m for m in state.measured]
        if not ready:
            raise FitError("there are no data to fit; open or drop a measured file")
        for row in ready:
            if row.problem:
                raise FitError(row.problem)
        if not state.priors:
            raise FitError("no parameter varies; choose 'vary' beside a slider")
        options = {key: value for key, value in state.document.get("options", {}).items()
                   if key in ("starts", "seed", "max_evaluations")}  # fmt: skip
        start = {path: value for path, value in state.nuisances.items() if path in state.priors}
        order = FitOrder(state.glass, [row.dataset for row in ready], state.priors, state.ties, start, options)
        self.result, self.figures, self.samples = None, {}, ""
        self._run("fit", run_fit, (order,), done)

    def follow(self, what: str, done: Callable[[dict[str, Any]], None]) -> None:
        """Go on from the finished fit: intervals by profile, or samples of the posterior."""
        if what not in FOLLOWING:
            raise FitError(f"what follows a fit is one of {', '.join(FOLLOWING)}, not {what!r}")
        if self.status == "running":
            raise FitError("a fit is running already; cancel it first")
        if self.result is None or self.status not in ("done", "cancelled", "failed"):
            raise FitError("fit first; intervals start from a fit that converged")
        self._run(what, run_following, (what,), done)

    def _run(self, what, function, arguments, done):
        self.status, self.sentence, self.doing, self.begun = "running", "starting", what, time.time()
        self.numbers = {}
        self.number += 1
        self.tell()
        threading.Thread(target=self._work, args=(function, arguments, done, self.number), daemon=True).start()

    def _work(self, function, arguments, done, number):
        try:
            result = self.worker.call(
                function, *arguments, progress=self._progress, wanted=lambda: self._cancelled != number)  # fmt: skip
        except SupersededError:
            self._end(number, "cancelled", "cancelled; everything is as it was")
        except GlassTunnelError as error:
            self._end(number, "failed", str(error))
        else:
            self.figures |= result.pop("figures", {})
            self.samples = result.pop("samples", self.samples)
            self.result = {**(self.result or {}), **result}
            converged = self.result.get("converged", True)
            words = "done" if converged else f"not converged: {self.result.get('message', '')}"
            self._end(number, "done" if converged else "not converged", words, tell=False)
            done(self.result)
            self.tell()

    def _progress(self, sentence):
        self.sentence = str(sentence)
        self.numbers = sentence.numbers() if isinstance(sentence, CountedSentence) else {}
        self.tell()

    def _end(self, number, status, sentence, tell=True):
        if number == self.number:
            self.status, self.sentence, self.ended, self.numbers = status, sentence, time.time(), {}
        if tell:
            self.tell()

    def cancel(self) -> None:
        """Stop it; the parameters stay what they are."""
        if self.status != "running":
            raise FitError("no fit is running")
        self._cancelled = self.number
        self.worker.end()

    def described(self) -> dict[str, Any]:
        """What a page shows of it."""
        seconds = (time.time() if self.status == "running" else self.ended) - self.begun
        return {
            "status": self.status, "sentence": self.sentence, "numbers": self.numbers, "doing": self.doing,
            "number": self.number,
            "seconds": round(seconds, 1) if self.begun else 0.0, "result": self.result, "figures": list(self.figures),
            "sampled": bool(self.samples),
        }  # fmt: skip


# --- in the process of the fit ----------------------------------------------------------------------------------------

_HELD: dict[str, Any] = {}  # the finished fit of this process, from which intervals start


@dataclass(frozen=True)
class FitOrder:
    """What is fitted: the arguments of `inference.fitting.fit`."""

    glass: Any
    datasets: list
    vary: Mapping[str, Any]
    ties: Mapping[str, Any]
    start: Mapping[str, float]
    options: Mapping[str, Any]


def run_fit(order: FitOrder, progress: Callable[[Any], None] | None = None) -> dict[str, Any]:
    """A fit and what a page shows of it."""
    from glasstunnel.inference.fitting import fit
    from glasstunnel.plots import correlation_figure, figure_svg

    _HELD["fit"] = result = fit(
        order.glass, order.datasets, order.vary, ties=order.ties, start=order.start, progress=progress, **order.options
    )
    record = result.to_dict()
    kept = ("values", "errors", "units", "names", "chi2", "dof", "chi2_by_dataset", "noise_estimated_from_residuals",
            "aic", "bic", "converged", "message", "at_bound", "conditional", "identifiability", "notes", "evaluations",
            "seconds", "ties", "starts")  # fmt: skip
    figures = {}
    if len(result.names) > 1:
        figures["correlation"] = figure_svg(correlation_figure(result.names, result.correlation))
    return {key: record[key] for key in kept} | {"report": result.report(), "figures": figures, "intervals": {},
                                                 "posterior": None}  # fmt: skip


def run_bands(panels, points, cgs, progress=None):
    """{panel: its bands} after the fit of this process; none where its observable cannot be predicted."""
    from glasstunnel.explorer.pictures import bands

    result, found = _HELD.get("fit"), {}
    for panel in panels if result is not None else ():
        try:
            found[panel.id] = bands(panel, result, points, cgs)
        except GlassTunnelError:
            continue  # a panel of something that this glass does not give says so itself
    return found


def run_following(what, progress=None):
    """Profile intervals or posterior of the fit of this process."""
    result = _HELD.get("fit")
    if result is None:
        raise FitError("fit again: the process that held the fit has ended")
    return _profile(result, progress) if what == "profile" else _posterior(result, progress)


def _profile(result, progress):
    from glasstunnel.inference.profiles import profile
    from glasstunnel.plots import figure_svg, profile_figure

    profiles = profile(result, progress=progress)
    table = {path: {"lower": row.lower, "upper": row.upper, "sentence": row.sentence} for path, row in profiles.items()}
    figures = {f"profile {path}": figure_svg(profile_figure(row)) for path, row in profiles.items()}
    return {"intervals": table, "figures": figures}


def _posterior(result, progress):
    from glasstunnel.inference.posteriors import posterior
    from glasstunnel.plots import corner_figure, figure_svg

    found = posterior(result, seed=0, progress=progress)
    return {"posterior": found.report(), "samples": _samples(found),
            "figures": {"posterior": figure_svg(corner_figure(found))}}  # fmt: skip


def _samples(found):
    """The draws as CSV: a column for each parameter with its unit, a row for each draw."""
    import io

    from glasstunnel.files import write_csv

    stream = io.StringIO()
    write_csv(stream, {f"{path} [{found.fit.units.get(path, '1')}]": draws for path, draws in found.samples.items()})
    return stream.getvalue()
