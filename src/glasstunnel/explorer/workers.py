"""Processes that calculate: one call at a time each, killed when it takes too long or is no longer wanted."""

import multiprocessing
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from glasstunnel.errors import GlassTunnelError
from glasstunnel.systems.registry import CONTRIBUTIONS

_STARTING = threading.Lock()
_MOST_PATIENT = 60.0  # seconds for a process to start on a busy machine
_PRELOADED = ["glasstunnel.explorer.warm", "glasstunnel.inference.fitting", "scipy.optimize", "scipy.special"]


class TooSlowError(GlassTunnelError):
    """A call took longer than it was given; its process was ended."""


class SupersededError(GlassTunnelError):
    """A call was ended because a newer one, or a person, wanted so."""


class Worker:
    """A process that is started when first needed and runs module-level functions of the package.

    `call` runs one at a time; `end` may come from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: Any = None
        self._pipe: Any = None
        self._known: dict[str, int] = {}

    @property
    def busy(self) -> bool:
        """Whether a call is running."""
        return self._lock.locked()

    def call(
        self, function: Callable, *arguments: Any, limit: float | None = None, kept: Any = None,
        progress: Callable[[Any], None] | None = None, wanted: Callable[[], bool] = lambda: True,
    ) -> Any:
        """function(*arguments), or function(kept, *arguments), in the process.

        limit : seconds, then `TooSlowError`. kept : something large that travels only when it is another object than at
        the last call. progress : is called with what the function passes to its own keyword ``progress``.
        wanted : asked once the process has started, which may take a second; where it says no, the call is not made.
        `SupersededError` where the process was ended meanwhile; an error of the function is raised here.
        """
        with self._lock:
            try:
                pipe = self._started()
                if not wanted():
                    raise EOFError
                if kept is not None and self._known.get("kept") != id(kept):
                    pipe.send(("keep", kept))
                    self._known["kept"] = id(kept)
                pipe.send(("call", function, arguments, kept is not None, progress is not None))
                return self._answer(pipe, limit, progress)
            except (EOFError, OSError):
                self.end()
                raise SupersededError("the calculation was stopped") from None

    def _answer(self, pipe, limit, progress):
        while True:
            if not pipe.poll(limit):
                self.end()
                raise TooSlowError(f"not finished within {limit:g} s")
            kind, value = pipe.recv()
            if kind == "progress":
                progress(value)
            elif kind == "error":
                raise value
            else:
                return value

    def _started(self):
        if self._process is None or not self._process.is_alive():
            self._known.clear()
            ours, theirs = context().Pipe()
            ours_alone = __name__.split(".")[0]
            named = {kind.module for kind in CONTRIBUTIONS.values()} - {"__main__"}
            modules = sorted(name for name in named if name.split(".")[0] != ours_alone)
            process = context().Process(target=serve, args=(theirs, modules), daemon=True, name="glasstunnel-worker")
            with _STARTING, _without_main():
                process.start()
            theirs.close()
            self._process, self._pipe = process, ours
            if not ours.poll(_MOST_PATIENT) or ours.recv() != "ready":
                raise EOFError
        return self._pipe

    def end(self) -> None:
        """End the process: at once asked, after 0.3 s killed. The next call starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        process.join(0.3)
        if process.is_alive():
            process.kill()
            process.join(1.0)


def context() -> Any:
    """How processes are started: forked from a clean one that has loaded the package, or spawned."""
    kind = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    found = multiprocessing.get_context(kind)
    if kind == "forkserver":
        found.set_forkserver_preload(_PRELOADED)
    return found


def prepare() -> None:
    """Let the process from which the others are forked load the package already, beside whatever comes next."""
    if context().get_start_method() == "forkserver":
        from multiprocessing import forkserver

        with _STARTING, _without_main():
            forkserver.ensure_running()


@contextmanager
def _without_main() -> Iterator[None]:
    """A script that calls `explore` is not run again in each process."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def serve(pipe: Any, modules: list[str]) -> None:
    """The life of a process: answer calls until the other end is gone. modules : whose import registers more."""
    import signal
    import warnings

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")  # results that are not finite are said in the panel
    for name in modules:
        with suppress(ImportError):  # of another notebook cell; a glass of it is refused before
            import_module(name)
    kept = None
    pipe.send("ready")
    while True:
        try:
            kind, *content = pipe.recv()
        except (EOFError, OSError):
            return
        if kind == "keep":
            (kept,) = content
            continue
        try:
            pipe.send(_outcome(pipe, kept, *content))
        except OSError:
            return  # the server was killed meanwhile


def _outcome(pipe, kept, function, arguments, with_kept, tells):
    options = {"progress": lambda value: pipe.send(("progress", value))} if tells else {}
    try:
        return "done", function(*((kept,) if with_kept else ()), *arguments, **options)
    except GlassTunnelError as error:
        return "error", type(error)(str(error))
    except MemoryError:
        return "error", GlassTunnelError("not enough memory for this calculation")
    except Exception as error:  # a person never sees a traceback; what comes here is a defect of the program
        return "error", GlassTunnelError(f"defect, please report it: {type(error).__name__}: {error}")
