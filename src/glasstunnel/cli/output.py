"""Writing: clean standard output for machines, folders and files that are never overwritten by accident."""

import os
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from glasstunnel.errors import OutputError
from glasstunnel.files import remove_stale_parts
from glasstunnel.progress import printable


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
    refuse_strange(folder, sorted({"report.html", "result.json", kept, *earlier} - {""}), earlier)
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
