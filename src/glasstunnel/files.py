"""JSON and CSV as the command line and the report write them, and files that are there whole or not at all."""

import csv
import json
import math
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what begins a formula in a spreadsheet


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
    """A path beside the file `target` to write to, which takes its place when nothing has gone wrong.

    Until then `target` stays as it is; a link is replaced, never followed. `OSError` names `target`.
    """
    target = Path(target)
    part = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
    try:
        with named_as(target):
            yield part
            os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def staging_folder(folder: str | Path) -> Iterator[Path]:
    """An empty folder beside `folder` to write to, gone at the end; `OSError` names `folder`.

    It lies inside `folder` where that is a disk of its own or its surroundings cannot be written.
    """
    folder = Path(folder).resolve()
    with named_as(folder):
        beside = os.access(folder.parent, os.W_OK) and folder.parent.stat().st_dev == folder.stat().st_dev
        part = (folder.parent if beside else folder) / f".{folder.name}.{os.getpid()}.part"
        shutil.rmtree(part, ignore_errors=True)  # of a killed process that had the same number
        part.mkdir()
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def named_as(target: str | Path) -> Iterator[None]:
    """What goes wrong in writing a file is told with `target`, the name it will have: a full disk names none."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(target)) from None
