"""Writing: clean standard output for machines, folders and files that are never overwritten by accident."""

import os
import re
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from glasstunnel.errors import OutputError
from glasstunnel.files import remove_stale_parts


@contextmanager
def output_folder(path, *, force, inputs=(), kept=None):
    """The output folder `path`, created and locked while it is worked in; gone again where nothing was written to it.

    inputs : files that the command reads. kept : (name, function of its path that says whether it is the program's own)
    of a file with which the command goes on: where it is there, `force` is not needed. `OutputError` when the folder is
    an input, a file, a link, or another run works in it; when it already holds something and `force` is False; when
    something in it that would be replaced was not written by the program, or is an input.
    """
    folder = _place(path)
    if folder.is_symlink():
        raise OutputError(f"{folder} is a link; give the folder it leads to")
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; give a folder for the output")
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        remove_stale_parts(folder, folder.resolve().name)
        if any(folder.iterdir()):
            _refuse_what_is_there(folder, force, inputs, *(kept or ("", None)))
        try:
            yield folder
        finally:
            if is_new and not any(folder.iterdir()):
                folder.rmdir()


def _refuse_what_is_there(folder, force, inputs, kept, is_own):
    goes_on = bool(kept) and (folder / kept).exists() and not (folder / kept).is_symlink() and is_own(folder / kept)
    if not force and not goes_on:
        raise OutputError(f"{folder} already holds files; choose another folder, or --force to overwrite them")
    from glasstunnel.report.write import refuse_strange, written_files

    earlier = written_files(folder) | ({kept} if goes_on else set())
    tables = {place.name for place in folder.glob("*.csv")}  # which of them the result needs, only the end tells
    refuse_strange(folder, sorted({"report.html", "result.json", kept, *tables, *earlier} - {""}), earlier)
    for name in earlier:
        _refuse_input(folder / name, inputs)


def _refuse_input(target, inputs):
    for path in inputs:
        if target.exists() and os.path.exists(path) and os.path.samefile(target, path):
            raise OutputError(f"{target} is read by this command and would be overwritten; choose another place")


@contextmanager
def _locked(folder):
    """The folder for this process alone; the lock ends with the process, however that ends."""
    try:
        import fcntl
    except ImportError:  # no such locks on this system
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            taken = not os.path.samestat(os.fstat(handle), os.stat(folder))  # replaced since it was opened
        except (BlockingIOError, FileNotFoundError):
            taken = True
        if taken:
            raise OutputError(f"{folder}: another run works in this folder; wait for it or choose another")
        yield
    finally:
        os.close(handle)


def prepare_file(path, *, force, inputs=()):
    """The output file `path`; `OutputError` when it exists and `force` is False, or when it is one of the `inputs`."""
    target = _place(path)
    if target.is_dir():
        raise OutputError(f"{target} is a folder; give a file for the output")
    if os.path.lexists(target) and not force:
        raise OutputError(f"{target} already exists; choose another name, or --force to overwrite it")
    _refuse_input(target, inputs)
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def printable(text: str) -> str:
    """Text without what a terminal would obey: control characters stand as their code.

    >>> printable("red \\x1b[31m")
    'red \\\\x1b[31m'
    """
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


class Plain:
    """A stream that writes `printable` text to another one, and is that one otherwise."""

    def __init__(self, stream: Any):
        self._stream = stream

    def write(self, text: str, /) -> int:
        return self._stream.write(printable(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _place(path):
    if not str(path).strip():
        raise OutputError("the place for the output is an empty text; give a name")
    return Path(path)


#: Control characters but tab, line feed and carriage return; the last would hide a line unless a line feed follows.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")
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
        sentence = printable(sentence)
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
