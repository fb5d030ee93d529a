"""Strict access to the tables of a run file: every key has a type, and a key nobody asked for is an error."""

import difflib
import math
from dataclasses import dataclass, field
from typing import Any

from glasstunnel.errors import GlassTunnelError, RunFileError
from glasstunnel.records import brief

_MISSING = object()
_WORDS = {str: "a text", bool: "true or false", dict: "a table", list: "a list", int: "a whole number"}


@dataclass
class RunTable:
    """One table of the run file `file`; `where` is its name in messages ("" for the whole file).

    asked : keys that were asked for; another one in the table is an error.
    """

    values: dict[str, Any]
    file: str
    where: str = ""
    asked: set[str] = field(default_factory=set)

    __repr__ = brief

    def error(self, sentence, key=None):
        """A `RunFileError` that names file, table and key."""
        place = " ".join(part for part in (self.where, key) if part)
        return RunFileError(f"{self.file}: {place}: {sentence}" if place else f"{self.file}: {sentence}")

    def __contains__(self, key):
        return key in self.values

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = _MISSING) -> Any:
        """The value of `key`, of type `kind` (str, bool, int, dict, list); `default` when the key is not there."""
        self.asked.add(key)
        if key not in self.values:
            if default is _MISSING:
                raise self._missing(key)
            return default
        value = self.values[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(f"must be {_WORDS[kind]}, got {_short(value)}", key)
        return value

    def _missing(self, key):
        """The error for a key that is not there; a key nobody asks for that looks like it is named."""
        near = difflib.get_close_matches(key, [name for name in self.values if name not in self.asked], n=1, cutoff=0.6)
        return self.error(f"{key} is missing" + (f"; did you mean it by {near[0]!r}?" if near else ""))

    def number(self, key: str, default: Any = _MISSING, infinite: bool = False) -> Any:
        """The finite number of `key` as float."""
        self.asked.add(key)
        if key not in self.values:
            if default is _MISSING:
                raise self._missing(key)
            return default
        return self.as_number(key, self.values[key], infinite)

    def as_number(self, key, value, infinite=False):
        """`value` as a float; an error that names `key` when it is none."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.error(f"must be a number, got {_short(value)}", key)
        try:
            value = float(value)
        except OverflowError:
            value = math.inf
        if math.isnan(value) or (math.isinf(value) and not infinite):
            raise self.error(f"must be a finite number, got {value}", key)
        return value

    def choice(self, key, allowed, default=_MISSING, hint=""):
        """The text of `key`, one of `allowed`; `hint` is added to what is said of another one."""
        value = self.take(key, str, default)
        if value not in allowed:
            words = f"must be one of {', '.join(map(repr, allowed))}, got {_short(value)}"
            raise self.error("; ".join(filter(None, (words, hint))), key)
        return value

    def table(self, key, default=_MISSING):
        """The sub-table of `key`."""
        return self.inside(key, self.take(key, dict, default))

    def inside(self, key, values):
        """A table inside this one."""
        where = f"{self.where}.{key}" if self.where else f"[{key}]"
        return RunTable(values, self.file, where)

    def finish(self):
        """Raise for the first key that nobody asked for."""
        for key in self.values:
            if key not in self.asked:
                near = difflib.get_close_matches(key, self.asked, n=1, cutoff=0.5)
                hint = f"did you mean {near[0]!r}?" if near else f"possible are {', '.join(sorted(self.asked))}"
                raise self.error(f"unknown key {key!r}; {hint}")

    def calling(self, function, *arguments, **keywords):
        """`function(...)`, its `GlassTunnelError` told with the place in the run file."""
        try:
            return function(*arguments, **keywords)
        except RunFileError:
            raise
        except GlassTunnelError as error:
            raise self.error(str(error)) from None


def flatten(table, is_leaf):
    """{"a.b": leaf} of nested tables: TOML reads the key ats.density, without quotes, as a table in a table."""
    leaves = {}

    def walk(values, prefix):
        for key, value in values.items():
            path = f"{prefix}{key}"
            if isinstance(value, dict) and not is_leaf(value):
                walk(value, f"{path}.")
            elif path in leaves:
                raise table.error("given twice", path)
            else:
                leaves[path] = value

    walk(table.values, "")
    return leaves


def _short(value):
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
