"""What long functions tell while they work: nothing within a second, then a bar or a line, and what is about left.

In a notebook or at a prompt the functions show it by themselves; a script stays silent unless it gives `progress`.
"""

import os
import re
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from contextvars import ContextVar
from functools import wraps
from importlib.util import find_spec
from typing import Any, ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")

_COUNTED = re.compile(r"(\D*?)(\d+) of (\d+)")
#: Control characters but tab, line feed and carriage return; the last would hide a line unless a line feed follows.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")
_PROCESS = os.getpid()  # a forked worker is none that a person looks at
_telling = ContextVar("telling", default=False)
_wanted: bool | None = None


def show_progress(wanted: bool | None = True) -> None:
    """Whether long functions show how far they are; None: in notebooks and at a prompt, the default.

    A function that takes `progress` can be told by itself: a function of one sentence, or False.

    >>> from glasstunnel import show_progress
    >>> show_progress(False)
    >>> show_progress(None)
    """
    global _wanted
    _wanted = wanted if wanted is None else bool(wanted)


def shows_progress(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """The function, which shows its progress where somebody looks and gives no `progress` of their own.

    What it calls in turn stays silent: there is one bar at a time.
    """

    @wraps(function)
    def telling(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Result:
        given = named.get("progress")
        if given is None and (_telling.get() or not _is_shown()):
            return function(*arguments, **named)
        token = _telling.set(True)
        try:
            with Progress() if given is None else nullcontext(given or None) as named["progress"]:
                return function(*arguments, **named)
        finally:
            _telling.reset(token)

    return telling


def _is_shown():
    if os.getpid() != _PROCESS:
        return False
    return in_notebook() or hasattr(sys, "ps1") if _wanted is None else _wanted


def in_notebook() -> bool:
    """Whether this runs in the kernel of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return hasattr(shell, "kernel")


def printable(text: str) -> str:
    """Text without what a terminal would obey: control characters stand as their code.

    >>> printable("red \\x1b[31m")
    'red \\\\x1b[31m'
    """
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


class CountedSentence(str):
    """A sentence of progress that carries its numbers, for who draws them.

    number, of : which start (or step) of how many; cost : chi-square now; left : seconds that the rest takes, once one
    is done. None where unknown.

    >>> CountedSentence("start 2 of 3: chi-square 12.5", number=2, of=3, cost=12.5).numbers()["of"]
    3
    """

    def __new__(cls, text: str = "", *, number: int | None = None, of: int | None = None, cost: float | None = None,
                left: float | None = None) -> "CountedSentence":
        sentence = super().__new__(cls, text)
        sentence.number, sentence.of, sentence.cost, sentence.left = number, of, cost, left
        return sentence

    number: int | None
    of: int | None
    cost: float | None
    left: float | None

    def numbers(self) -> dict[str, float | None]:
        """{"number", "of", "cost", "left"}."""
        return {"number": self.number, "of": self.of, "cost": self.cost, "left": self.left}


class Progress:
    """Says on standard error what is going on, as soon as it lasts longer than a second, and about how much is left.

    What is left follows from sentences that count, as "start 3 of 10: ..." does. A terminal or notebook sees one bar
    that changes and disappears; a log gets a new line at most every few seconds. `quiet` says nothing.
    """

    quiet = False

    def __init__(self):
        self.terminal = in_notebook() or sys.stderr.isatty()
        self.last = time.monotonic()
        self.pause = 1.0
        self.counted: tuple[str | None, float, int] = None, self.last, 0  # what is counted, since when and which number
        self.bar: Any = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.bar is not None:
            self.bar.close()

    def __call__(self, sentence: str) -> None:
        sentence = printable(sentence)
        now = time.monotonic()
        count = _COUNTED.match(sentence)
        if count and self.counted[0] != count[1]:
            is_first = self.counted[0] is None
            self.counted = (count[1], self.counted[1], 0) if is_first else (count[1], now, int(count[2]) - 1)
        if self.quiet or now - self.last < self.pause:
            return
        if self.terminal:
            self._draw(sentence, count, now)
        else:
            print(f"glasstunnel: {sentence} ...{self._left(count, now)}", file=sys.stderr)
        self.last, self.pause = time.monotonic(), 0.1 if self.terminal else 5.0

    def _left(self, count, now):
        """How long the rest will take, once a part of it is done."""
        if count is None or int(count[2]) - 1 <= self.counted[2]:
            return ""
        done, total = int(count[2]) - 1, int(count[3])
        seconds = (now - self.counted[1]) / (done - self.counted[2]) * max(total - done, 0)
        return f" (about {_duration(seconds)} left)" if seconds >= 1.0 else ""

    def _draw(self, sentence, count, now):
        """One line: a bar where something is counted, else the sentence alone."""
        total = int(count[3]) if count else None
        if self.bar is None or self.bar.total != total:
            if self.bar is not None:
                self.bar.close()
            form = "{desc} {bar}" if total else "{desc} ... {elapsed}"
            self.bar = _bar_kind()(total=total, leave=False, file=sys.stderr, bar_format=form, mininterval=0.0)
        self.bar.set_description_str(sentence[:70] + self._left(count, now), refresh=False)
        if count:
            self.bar.n = max(int(count[2]) - 1, 0)
        self.bar.refresh()


def _bar_kind():
    """The bar of a notebook that has widgets, else the one of a terminal, which notebooks understand as well."""
    if in_notebook() and find_spec("ipywidgets"):
        from tqdm.notebook import tqdm

        return tqdm
    from tqdm import tqdm

    return tqdm


def _duration(seconds):
    """A duration in words.

    >>> _duration(42.4), _duration(600.0), _duration(9000.0)
    ('42 s', '10 min', '2.5 h')
    """
    if seconds < 100.0:
        return f"{seconds:.0f} s"
    return f"{seconds / 60.0:.0f} min" if seconds < 6000.0 else f"{seconds / 3600.0:.1f} h"
