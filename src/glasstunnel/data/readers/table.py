"""From rows of text cells to a `Dataset`: what every reader has in common once it knows its columns."""

import csv
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from glasstunnel.data.dataset import Column, Dataset, dataset_name
from glasstunnel.data.readers.notices import reading_notes
from glasstunnel.data.readers.text import TextFile
from glasstunnel.errors import UnitError
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES
from glasstunnel.records import brief
from glasstunnel.units import convert

#: Columns that say under which conditions something was measured, with the unit each must have.
COORDINATES = {"temperature": "K", "field": "T"} | {key: row.unit for key, row in CONDITIONS.items()}
#: Of these, what an instrument may also measure.
_MEASURED_TOO = ("capacitance",)
_TO_CLEAN = re.compile(r'[\s"]')  # blanks around cells, quotes
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")


@dataclass(frozen=True)
class TextTable:
    """Cells of a file: one label per column, one line number per row."""

    file: TextFile
    labels: list[str]
    rows: list[list[str]]
    lines: list[int]
    decimal: str = "."

    __repr__ = brief


def measured_quantities(keys: Iterable[str]) -> list[str]:
    """Those of the standard names that are measured and no conditions.

    A capacitance is a condition where what is measured beside it depends on it, else a quantity of its own.

    >>> measured_quantities(["temperature", "frequency", "capacitance"])
    ['capacitance']
    """
    names = [key for key in keys if not key.endswith("_error") and key not in ("sigma", "error")]
    measured = [key for key in names if key not in COORDINATES]
    needed = {name for key in measured if key in OBSERVABLES for name in OBSERVABLES[key].conditions}
    return [key for key in names if key in measured or (key in _MEASURED_TOO and key not in needed)]


@dataclass(frozen=True)
class Recognized:
    """What a reader knows about a table: standard name -> (column index, unit), and what the file says besides."""

    format: str
    columns: dict[str, tuple[int, str]]
    quantity: str
    metadata: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    __repr__ = brief


def split_cells(line: str, delimiter: str | None) -> list[str]:
    """Cells of a line, blanks around them removed; quotes may protect a delimiter, ``None`` splits at blanks."""
    if delimiter is None:
        return line.split()
    cells = line.split(delimiter)
    if line.isascii() and not _TO_CLEAN.search(line):
        return cells
    if '"' in line:
        try:
            cells = next(csv.reader([line], delimiter=delimiter, strict=True), cells)
        except csv.Error:
            pass  # a stray quote is an ordinary character
    return [cell.strip() for cell in cells]


def label_unit(label: str) -> tuple[str, str]:
    """Name and unit of a heading such as ``"Magnetic Field (Oe)"`` or ``"T [K]"``; the unit is "" without brackets.

    Examples
    --------
    >>> label_unit("Cp (J/(kg K))"), label_unit("Qint")
    (('Cp', 'J/(kg K)'), ('Qint', ''))
    """
    for opening, closing in ("()", "[]"):
        if label.endswith(closing):
            depth = 0
            for position in range(len(label) - 1, -1, -1):
                depth += (label[position] == closing) - (label[position] == opening)
                if depth == 0:
                    return label[:position].strip(), label[position + 1 : -1].strip()
    return label, ""


def build_dataset(table: TextTable, known: Recognized, name: str | None = None) -> Dataset:
    """The dataset of a recognized table; rows without a measured value are left out with a note.

    Raises ReadError, naming file, line and column, on text or non-finite numbers in a recognized column, on a missing
    coordinate, and on temperatures that are not above absolute zero.
    """
    table, dropped = _without_empty_rows(table, known.columns[known.quantity][0])
    columns = {}
    for key, (index, unit) in known.columns.items():
        label = table.labels[index]
        values = _numbers(table, index, empty_allowed=key != known.quantity and key not in COORDINATES)
        columns[key] = Column(values, unit, label)
    _check_units(table, columns, known.quantity)
    _check_temperature(table, columns.get("temperature"))
    used = {index for index, _ in known.columns.values()}
    times: dict[str, int] = {}
    for index, label in enumerate(table.labels):
        if index not in used:
            _add_other(columns, label, _values(table, index), index, times)
    stem = Path(table.file.path).stem
    notes = [*known.notes, *_repeated_headings(table, known), *dropped]
    if not table.file.complete:
        notes.append("the last line has no line end: check that the file was copied completely")
    data = Dataset(columns, known.quantity, dataset_name(name or stem), table.file.path, known.format,
                   known.metadata, tuple(notes))
    for note in reading_notes(data, table.lines, stem):
        data = data.with_note(note)
    return data


def parse_number(cell: str, decimal: str = ".") -> float | None:
    """The number in a cell, or ``None`` when it is not one; a decimal comma is understood when asked for."""
    if decimal == ",":
        if "." in cell and ("," in cell or _THOUSANDS.fullmatch(cell)):
            return None
        cell = cell.replace(",", ".")
    try:
        return float(cell) if "_" not in cell else None
    except ValueError:
        return None


def _without_empty_rows(table, index):
    kept = [row for row, cells in enumerate(table.rows) if cells[index]]
    missing = len(table.rows) - len(kept)
    label = table.labels[index]
    if not kept:
        raise table.file.error(f"no row has a value ({len(table.rows)} rows)", column=label)
    if not missing:
        return table, []
    first = next(line for line, cells in zip(table.lines, table.rows, strict=True) if not cells[index])
    rows, lines = [table.rows[row] for row in kept], [table.lines[row] for row in kept]
    note = f"{missing} of {missing + len(kept)} rows have no {label!r} and were left out, the first in line {first}"
    return TextTable(table.file, table.labels, rows, lines, table.decimal), [note]


def _numbers(table, index, empty_allowed):
    """Strict: every cell a finite number, or empty (NaN) where that is allowed."""
    label = table.labels[index]
    plain = _plain_numbers(table, index)
    if plain is not None and np.isfinite(plain).all():
        return plain
    values = np.empty(len(table.rows))
    for row, cells in enumerate(table.rows):
        cell = cells[index]
        if not cell:
            if not empty_allowed:
                raise table.file.error("the cell is empty", table.lines[row], label)
            values[row] = np.nan
            continue
        number = parse_number(cell, table.decimal)
        if number is None or not math.isfinite(number):
            text = cell if len(cell) <= 40 else cell[:37] + "..."
            raise table.file.error(f"{text!r} is not a finite number", table.lines[row], label)
        values[row] = number
    return values


def _plain_numbers(table, index):
    """The column as floats when every cell is a plain number with a decimal point, else None: the quick way."""
    if table.decimal != ".":
        return None
    cells = [row[index] for row in table.rows]
    try:
        values = np.fromiter(map(float, cells), float, len(cells))
    except ValueError:
        return None
    return None if any("_" in cell for cell in cells) else values


def _values(table, index):
    """Lenient: numbers (empty cells NaN), or text as soon as one cell is not a number."""
    plain = _plain_numbers(table, index)
    if plain is not None:
        return plain
    cells = [row[index] for row in table.rows]
    numbers = [np.nan if not cell else parse_number(cell, table.decimal) for cell in cells]
    return np.array(cells) if any(number is None for number in numbers) else np.array(numbers)


def _repeated_headings(table, known):
    """Which of several columns with the heading of a recognized one was taken."""
    for key, (index, _) in known.columns.items():
        label = table.labels[index]
        same = [other + 1 for other, heading in enumerate(table.labels) if heading == label]
        if len(same) > 1:
            listed = ", ".join(map(str, same[:6])) + (", ..." if len(same) > 6 else "")
            yield f"columns {listed} have the same heading {label!r}: column {index + 1} is taken as {key}"


def _add_other(columns, label, values, index, times):
    if not label:
        if values.dtype.kind == "f" and np.all(np.isnan(values)):
            return  # a trailing delimiter
        label = f"column {index + 1}"
    key = label
    while key in columns:  # `times` remembers how often a heading came, so that a thousand of them take no longer
        times[label] = times.get(label, 1) + 1
        key = f"{label} ({times[label]})"
    columns[key] = Column(values, label_unit(label)[1], label)


def _check_units(table, columns, quantity):
    """Conditions must have the unit of what they are, errors that of the quantity."""
    expected = COORDINATES | {f"{quantity}_error": None}
    for key in {quantity, *expected} & set(columns):
        column = columns[key]
        try:
            # dBm and degC stand for themselves; 1.0 is a value every unit can be converted from.
            convert(1.0, column.unit, expected.get(key) or columns[quantity].unit)
        except UnitError as error:
            raise table.file.error(f"the unit is not understood: {error}", column=column.label) from None


def _check_temperature(table, column):
    if column is None:
        return
    kelvin = convert(column.values, column.unit, "K")
    wrong = np.flatnonzero(~(kelvin > 0.0))
    if wrong.size:
        value = column.values[wrong[0]]
        raise table.file.error(
            f"a temperature must be above absolute zero, got {value:g} {column.unit}", table.lines[wrong[0]],
            column.label,
        )
