"""Writing: clean standard output for machines, folders and files that are never overwritten by accident."""

import sys
import time
from pathlib import Path

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


class Progress:
    """Says on standard error what is going on, as soon as it lasts longer than a second.

    A terminal sees one line that changes and disappears; a log gets a new line at most every few seconds.
    """

    def __init__(self):
        self.terminal = sys.stderr.isatty()
        self.last = time.monotonic()
        self.pause = 1.0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.terminal:
            print("\r\033[K", end="", flush=True, file=sys.stderr)

    def __call__(self, sentence):
        if time.monotonic() - self.last < self.pause:
            return
        if self.terminal:
            print(f"\r\033[K{sentence[:100]} ...", end="", flush=True, file=sys.stderr)
        else:
            print(f"glasstunnel: {sentence} ...", file=sys.stderr)
        self.last, self.pause = time.monotonic(), 0.1 if self.terminal else 5.0
