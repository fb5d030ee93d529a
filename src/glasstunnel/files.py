"""JSON and CSV as the command line and the report write them, and files that are there whole or not at all."""

import csv
import glob
import json
import math
import os
import platform
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from glasstunnel.systems.contribution import Contribution
    from glasstunnel.systems.glass import Glass

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what begins a formula in a spreadsheet
_PART_MARK = ".glasstunnel"  # the file that says whose an unfinished folder is


def as_json(value: object) -> str:
    """`value` as JSON text. Arrays become lists; numbers that JSON does not know (infinity, NaN) become null.

    >>> as_json({"error": float("inf")})
    '{\\n  "error": null\\n}'
    """
    return json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False)


def _plain(value):
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def write_csv(stream: TextIO, columns: Mapping[str, Any]) -> None:
    """Write {heading with unit: values} to a text stream, numbers to their last digit; columns are equally long.

    >>> import sys
    >>> write_csv(sys.stdout, {"T [K]": [1.0, 2.0], "M [emu/g]": [0.5, 0.25]})
    T [K],M [emu/g]
    1.0,0.5
    2.0,0.25
    """
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(map(_cell, columns))
    writer.writerows(map(_cell, row) for row in zip(*(_plain(values) for values in columns.values()), strict=True))


def _cell(value):
    """A text that a spreadsheet would calculate gets the apostrophe that makes it a text there."""
    if isinstance(value, str) and value.startswith(_FORMULA) and not _is_number(value):
        return "'" + value
    return value


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


@contextmanager
def written_whole(target: str | Path) -> Iterator[Path]:
    """A path to write to, of the same name as the file `target`, which takes its place when nothing has gone wrong.

    Until then `target` stays as it is; a link is replaced, never followed. `OSError` names `target`.
    """
    target = Path(target)
    with named_as(target), _part_folder(target.parent, target.name) as part:
        yield part / target.name
        os.replace(part / target.name, target)


@contextmanager
def staging_folder(folder: str | Path) -> Iterator[Path]:
    """A folder beside `folder` to write to, gone at the end; `OSError` names `folder`.

    It lies inside `folder` where that is a disk of its own or its surroundings cannot be written.
    """
    folder = Path(folder).resolve()
    with ExitStack() as stack:
        with named_as(folder):
            beside = os.access(folder.parent, os.W_OK) and folder.parent.stat().st_dev == folder.stat().st_dev
            part = stack.enter_context(_part_folder(folder.parent if beside else folder, folder.name))
        yield part


@contextmanager
def _part_folder(parent, name):
    """The folder ``.name.PID.part`` in `parent`, marked, gone at the end; what killed runs left goes, too."""
    remove_stale_parts(parent, name)
    part = parent / f".{name}.{os.getpid()}.part"
    shutil.rmtree(part, ignore_errors=True)  # of a killed process that had the same number
    part.mkdir()
    try:
        (part / _PART_MARK).write_text(_mark_of_this_machine(), encoding="utf-8")
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def remove_stale_parts(parent: str | Path, name: str) -> None:
    """Remove what killed runs left of `name` in `parent`: folders with the program's mark whose process is gone."""
    if os.name != "posix":  # elsewhere a process cannot be asked for without a signal that it obeys
        return
    for part in Path(parent).glob(f".{glob.escape(name)}.*.part"):
        number = part.name.removesuffix(".part").rpartition(".")[2]
        if number.isdigit() and _is_stale(part, int(number)):
            shutil.rmtree(part, ignore_errors=True)


def _is_stale(part, process):
    """Whether a folder is of this program, of this machine, and of a process that has ended."""
    try:
        if part.is_symlink() or (part / _PART_MARK).read_text(encoding="utf-8") != _mark_of_this_machine():
            return False
        os.kill(process, 0)  # asks, sends nothing
    except ProcessLookupError:
        return True
    except (OSError, ValueError, OverflowError):
        return False
    return False


def _mark_of_this_machine():
    return f"glasstunnel, unfinished output of a run on {platform.node()}\n"


@contextmanager
def named_as(target: str | Path) -> Iterator[None]:
    """What goes wrong in writing a file is told with `target`, the name it will have: a full disk names none."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(target)) from None


def write_glass(glass: "Glass | Contribution", path: str | Path) -> Path:
    """Save a glass as a TOML file that `read_glass` gives back and ``glasstunnel curve --glass`` takes.

    An earlier file of that name is replaced, by a whole one only. `ParameterError` for what TOML cannot say.

    >>> from tempfile import TemporaryDirectory
    >>> from glasstunnel import Glass, TwoLevelSystems, read_glass, write_glass
    >>> glass = Glass({"tls": TwoLevelSystems(density=2e19)}, name="mine")
    >>> with TemporaryDirectory() as folder:
    ...     read_glass(write_glass(glass, f"{folder}/mine.toml")) == glass
    True
    """
    from glasstunnel.runfile.writing import glass_text

    text = glass_text(glass)
    with written_whole(path) as part:
        part.write_text(text, encoding="utf-8")
    return Path(path)
