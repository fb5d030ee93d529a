"""The state of an explorer: a run file, and where its data files lie. Every action makes a new one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from glasstunnel.data import with_noise
from glasstunnel.errors import GlassTunnelError, RunFileError
from glasstunnel.inference.measurements import Measurement, measurement
from glasstunnel.inference.priors import Prior
from glasstunnel.runfile.data import datasets_of
from glasstunnel.runfile.glass import glass_of
from glasstunnel.runfile.run import read_model
from glasstunnel.runfile.table import RunTable, flatten
from glasstunnel.systems.glass import Glass

#: What messages call the state instead of a file.
PLACE = "explorer"
#: The name under which the run file is saved beside its data.
RUN_FILE = "run.toml"


@dataclass(frozen=True)
class Measured:
    """One dataset of the state: how it is drawn, and why it cannot be fitted (nothing where it can).

    entry : number of its ``[[data]]`` table. measurement : None where no observable is measured.
    """

    name: str
    entry: int
    dataset: Any
    measurement: Measurement | None
    problem: str


@dataclass(frozen=True, eq=False)
class State:
    """What is explored.

    document : the tables of a run file (glass, data, vary, ties, options) and one more, ``view``. Names of files in it
        are keys of `files`, {key: absolute path}: a page never names a path.
    """

    document: Mapping[str, Any]
    files: Mapping[str, str] = field(default_factory=dict)

    def with_tables(self, **tables: Any) -> "State":
        """The state with tables of the run file replaced; an empty one is left out."""
        document = {key: value for key, value in {**self.document, **tables}.items() if value or key == "glass"}
        return replace(self, document=document)

    def table(self, key: str) -> RunTable:
        """A table of the document, for strict reading."""
        return RunTable(dict(self.document.get(key, {})), PLACE, f"[{key}]")

    @property
    def view(self) -> Mapping[str, Any]:
        """What is drawn: panels, units, theories, glasses to compare with."""
        return self.document.get("view", {})

    @cached_property
    def glass(self) -> Glass:
        """The glass of the document; `RunFileError` with one sentence where there is none."""
        return glass_of(self.table("glass"))

    @cached_property
    def priors(self) -> dict[str, Prior]:
        """{path: prior} of what a fit varies."""
        return dict(read_model(RunTable(dict(self.document), PLACE)).vary) if self.document.get("vary") else {}

    @cached_property
    def ties(self) -> dict[str, tuple[str, float]]:
        """{path: (varied path, factor)}."""
        found = flatten(self.table("ties"), lambda value: "to" in value)
        return {path: (tie["to"], float(tie.get("factor", 1.0))) for path, tie in found.items()}

    @cached_property
    def nuisances(self) -> dict[str, float]:
        """{"data.<name>.<nuisance>": value} as far as given."""
        found = flatten(self.table("start"), lambda value: False)
        return {path: float(value) for path, value in found.items() if path.startswith("data.")}

    @cached_property
    def measured(self) -> tuple[Measured, ...]:
        """The datasets of the document, read and corrected."""
        entries = enumerate(self.document.get("data", ()))
        return tuple(row for number, entry in entries for row in _read(json.dumps(self.located(entry)), number))

    def located(self, table: Any) -> Any:
        """A ``[[data]]`` table with the path of each file in the place of its key."""
        if isinstance(table, Mapping):
            return {key: self._path(value) if key == "file" else self.located(value) for key, value in table.items()}
        return [self.located(value) for value in table] if isinstance(table, (list, tuple)) else table

    def _path(self, key):
        if key not in self.files:
            raise RunFileError(f"{PLACE}: there is no file {key!r} here; upload it first")
        return self.files[key]


@lru_cache(maxsize=64)
def _read(text: str, number: int) -> tuple[Measured, ...]:
    """The datasets of one ``[[data]]`` table, given as JSON with absolute paths; the same objects for the same text."""
    datasets = datasets_of(RunTable(json.loads(text), PLACE, f"[[data]] {number + 1}"))
    return tuple(_measured(dataset, number) for dataset in datasets)


def _measured(dataset, number):
    try:
        return Measured(dataset.name, number, dataset, measurement(dataset), "")
    except GlassTunnelError as error:
        reason = str(error)
    try:  # drawn all the same, where only the noise is missing
        drawn = measurement(with_noise(dataset, residuals=True))
    except GlassTunnelError:
        drawn = None
    return Measured(dataset.name, number, dataset, drawn, reason)


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """{"a.b": x} as tables in tables, the way a run file writes it.

    >>> nested({"ats.density": 1.0, "ats.flux_field": 2.0})
    {'ats': {'density': 1.0, 'flux_field': 2.0}}
    """
    tables: dict[str, Any] = {}
    for path, value in values.items():
        *rooms, name = path.split(".")
        table = tables
        for room in rooms:
            table = table.setdefault(room, {})
        table[name] = value
    return tables


def file_key(path: str | Path, files: Mapping[str, str]) -> str:
    """A name for a file that neither another file of the state nor the saved run file has.

    >>> file_key("/data/run.csv", {"run.csv": "/other/run.csv"})
    'run-2.csv'
    """
    path = Path(path)
    for number in range(1, 10_000):
        key = path.name if number == 1 else f"{path.stem}-{number}{path.suffix}"
        if key.lower() != RUN_FILE and files.get(key, str(path)) == str(path):
            return key
    raise RunFileError(f"{PLACE}: too many files are called {path.name}")
