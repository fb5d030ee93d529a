"""Finished simulations on disk, so that a run that was killed goes on where it was."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from glasstunnel.errors import FitError

_FIRST = b'{"problem": '


def holds_simulations(path: str | Path) -> bool:
    """Whether a file is one in which `coverage` keeps its simulations, of whatever fit.

    >>> holds_simulations(__file__)
    False
    """
    try:
        with open(path, "rb") as file:
            start = file.read(len(_FIRST))
    except OSError:
        return False
    return _FIRST.startswith(start)  # cut, where a run was killed while it wrote its first line


class Ledger:
    """Finished simulations, one line of JSON each; a file of the same problem is gone on with."""

    def __init__(self, store, task):
        self.rows: dict[int, Any] = {}
        self.path = None if store is None else Path(store)
        if self.path is None:
            return
        mark = {"problem": _mark(task)}
        text = self._read(self.path)
        header, *lines = text.split("\n") if "\n" in text else [""]
        if not header:  # none, or that of a run that was killed while it wrote its first line
            self._refuse_unless(json.dumps(mark).startswith(text))
            self._write(self.path, "w", json.dumps(mark) + "\n")
            return
        self._refuse_unless(header == json.dumps(mark))
        for line in lines:
            try:
                number, row = json.loads(line)
            except ValueError:  # the last line of a run that was killed while it wrote
                continue
            self.rows[number] = row
        if lines[-1]:
            self._write(self.path, "a", "\n")

    def _refuse_unless(self, same_fit):
        if not same_fit:
            raise FitError(f"{self.path} holds the simulations of another fit; remove it, or give another file")

    def add(self, number, row):
        self.rows[number] = row
        if self.path is not None:
            self._write(self.path, "a", json.dumps([number, row]) + "\n")

    @classmethod
    def _read(cls, path):
        try:
            return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        except OSError as error:
            raise cls._unusable(path, "read", error) from None

    @classmethod
    def _write(cls, path, mode, text):
        try:
            with open(path, mode, encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise cls._unusable(path, "written", error) from None

    @staticmethod
    def _unusable(path, verb, error):
        return FitError(f"{path}: the simulations cannot be {verb} ({error.strerror}); give another file")


def _mark(task):
    """What tells one set of simulations from another."""
    digest = hashlib.sha256(np.asarray(task.z).tobytes() + repr(task.problem.priors).encode())
    for m in task.problem.measurements:
        digest.update(m.name.encode() + np.ascontiguousarray(m.sigma).tobytes() + np.ascontiguousarray(m.T).tobytes())
    return f"{digest.hexdigest()} seed {task.seed} systematics {task.systematics is not None}"
