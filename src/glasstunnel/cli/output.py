"""Writing: clean standard output for machines, folders and files that are never overwritten by accident."""

import re
import sys
import time
from pathlib import Path
from typing import Any

from glasstunnel.errors import GlassTunnelError


class OutputError(GlassTunnelError):
    """Output would overwrite something, or its place is not usable."""


def prepare_folder(path, *, force):
    """The output folder `path`, created; `OutputError` when it already holds something and `force` is False."""
    folder = _place(path)
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; give a folder for the output")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise OutputError(f"{folder} already holds files; choose another folder, or --force to overwrite them")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def prepare_file(path, *, force):
    """The output file `path`; `OutputError` when it exists and `force` is False."""
    target = _place(path)
    if target.exists() and not force:
        raise OutputError(f"{target} already exists; choose another name, or --force to overwrite it")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _place(path):
    if not str(path).strip():
        raise OutputError("the place for the output is an empty text; give a name")
    return Path(path)


_COUNTED = re.compile(r"(\D*?)(\d+) of (\d+)")


class Progress:
    """Says on standard error what is going on, as soon as it lasts longer than a second, and about how much is left.

    What is left follows from sentences that count, as "start 3 of 10: ..." does. A terminal sees one bar that changes
    and disappears; a log gets a new line at most every few seconds. `quiet` says nothing.
    """

    quiet = False

    def __init__(self):
        self.terminal = sys.stderr.isatty()
        self.last = time.monotonic()
        self.pause = 1.0
        self.counted = "", self.last  # what is counted, and since when
        self.bar: Any = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.bar is not None:
            self.bar.close()

    def __call__(self, sentence):
        now = time.monotonic()
        count = _COUNTED.match(sentence)
        if count and self.counted[0] != count[1]:
            self.counted = count[1], now
        if self.quiet or now - self.last < self.pause:
            return
        if self.terminal:
            self._draw(sentence, count)
        else:
            print(f"glasstunnel: {sentence} ...{self._left(count, now)}", file=sys.stderr)
        self.last, self.pause = time.monotonic(), 0.1 if self.terminal else 5.0

    def _left(self, count, now):
        """How long the rest will take, once a part of it is done."""
        if count is None or int(count[2]) < 2:
            return ""
        done, total = int(count[2]) - 1, int(count[3])
        seconds = (now - self.counted[1]) / done * max(total - done, 0)
        return f" (about {_duration(seconds)} left)" if seconds >= 1.0 else ""

    def _draw(self, sentence, count):
        """One line of a terminal: a bar where something is counted, else the sentence alone."""
        from tqdm import tqdm

        total = int(count[3]) if count else None
        if self.bar is None or self.bar.total != total:
            if self.bar is not None:
                self.bar.close()
            form = "{desc} {bar} {remaining} left" if total else "{desc} ... {elapsed}"
            self.bar = tqdm(total=total, leave=False, file=sys.stderr, bar_format=form, mininterval=0.0)
        self.bar.set_description_str(sentence[:70], refresh=False)
        if count:
            self.bar.n = max(int(count[2]) - 1, 0)
        self.bar.refresh()


def _duration(seconds):
    """A duration in words.

    >>> _duration(42.4), _duration(600.0), _duration(9000.0)
    ('42 s', '10 min', '2.5 h')
    """
    if seconds < 100.0:
        return f"{seconds:.0f} s"
    return f"{seconds / 60.0:.0f} min" if seconds < 6000.0 else f"{seconds / 3600.0:.1f} h"
