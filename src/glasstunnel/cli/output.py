"""Writing: clean standard output for machines, folders and files that are never overwritten by accident."""

import sys
import time
from contextlib import contextmanager
from pathlib import Path

from glasstunnel.errors import GlassTunnelError


class OutputError(GlassTunnelError):
    """Output would overwrite something, or its place is not usable."""


def prepare_folder(path, *, force):
    """The output folder `path`, created; `OutputError` when it already holds something and `force` is False."""
    folder = Path(path)
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; give a folder for the output")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise OutputError(f"{folder} already holds files; choose another folder, or --force to overwrite them")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def prepare_file(path, *, force):
    """The output file `path`; `OutputError` when it exists and `force` is False."""
    target = Path(path)
    if target.exists() and not force:
        raise OutputError(f"{target} already exists; choose another name, or --force to overwrite it")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


@contextmanager
def progress(what):
    """Say on standard error what is running, and how long it took when that was more than a second.

    The running line is only for a terminal; the closing line also goes to a log.
    """
    terminal = sys.stderr.isatty()
    start = time.perf_counter()
    if terminal:
        print(f"{what} ...", end="", flush=True, file=sys.stderr)
    try:
        yield
    finally:
        took = time.perf_counter() - start
        if terminal:
            print("\r\033[K", end="", flush=True, file=sys.stderr)
        if took > 1.0:
            print(f"{what}: {took:.1f} s", file=sys.stderr)
