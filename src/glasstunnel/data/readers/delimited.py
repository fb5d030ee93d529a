"""Any delimited text: columns and units named by the user, or by headings that carry a unit."""

import difflib
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glasstunnel.data.amounts import AMOUNTS
from glasstunnel.data.dataset import Dataset
from glasstunnel.data.readers.headings import (
    KNOWN,
    SQUARED,
    advice_on_unit,
    doubtful_heading,
    heading_and_unit,
    is_unit,
    measures,
    recognized,
    settled_unit,
    unread_axes,
)
from glasstunnel.data.readers.table import (
    Recognized,
    TextTable,
    build_dataset,
    label_unit,
    measured_quantities,
    parse_number,
    split_cells,
)
from glasstunnel.data.readers.text import TextFile, read_text
from glasstunnel.errors import ReadError, UnitError
from glasstunnel.units import convert, parse_unit

_DELIMITERS = ("\t", ";", ",", None)
_PREAMBLE = 40  # lines among which the header is looked for
_LABVIEW, _LABVIEW_END = "LabVIEW Measurement", "***End_of_Header***"  # the latter twice: of the file, of the channels
_COMMENT_MARKS = ("#", "%", "//")


def recognizes(head: TextFile) -> bool:
    """A header that names a temperature or field and exactly one measured quantity, with units."""
    return _after_preamble(head) is not None


def _after_preamble(head):
    """Line at which a header of known headings begins, after lines of reference or title; None without one."""
    if head.lines and head.lines[0].startswith("[Header]"):
        return None  # of Quantum Design, which has a reader of its own
    for start in range(_after_labview(head.lines), min(_PREAMBLE, len(head.lines))):
        delimiter, labels, _ = _header(head.lines, start)
        if delimiter is not False and len(recognized(labels)[1]) == 1:
            return start
    return None


def _after_labview(lines):
    """The line after the last header of a file that LabVIEW wrote; 0 of any other file."""
    if not lines or not lines[0].startswith(_LABVIEW):
        return 0
    ends = [number for number, line in enumerate(lines[:_PREAMBLE], 1) if line.strip() == _LABVIEW_END]
    return ends[-1] if ends else 0


def _where_columns_are(file, columns, delimiter):
    """Where a table begins whose columns the user named: past title lines that split into other cells than the rows.

    No line that begins with a number is passed over; 0 where nothing fits, so that the first line is complained of.
    """
    begins = _after_labview(file.lines)
    if not hasattr(columns, "values"):
        return begins
    entries = [entry[0] if isinstance(entry, tuple | list) and entry else entry for entry in columns.values()]
    for start in range(begins, min(_PREAMBLE, len(file.lines))):
        separator, labels, first = _header(file.lines, start, delimiter)
        if separator is False:
            continue
        rows = [line for line in file.lines[first:first + _PREAMBLE] if not _is_skipped(line)][:3]  # fmt: skip
        there = all(entry in labels if isinstance(entry, str) else entry <= len(labels) for entry in entries
                    if isinstance(entry, str | int))  # fmt: skip
        if there and {len(_row_cells(row, separator, labels)) for row in rows} == {len(labels)}:
            return start
        if _looks_numeric(split_cells(file.lines[start], separator)[0]):
            break
    return begins


def guess_layout(head: TextFile) -> tuple[Any, list[str], int]:
    """(delimiter, headings, index of the first row) as a reader would take them; delimiter False for no table."""
    delimiter, labels, first = _header(head.lines, _after_preamble(head) or _after_labview(head.lines))
    row = head.lines[first].split() if delimiter == "," and first < len(head.lines) else []
    if len(row) > 1 and not any(labels) and all(re.fullmatch(r"[+-]?\d+,\d+([eE][+-]?\d+)?", cell) for cell in row):
        return None, [""] * len(row), first  # decimal commas between blanks
    return delimiter, labels, first


def read_delimited(
    path: str | Path,
    *,
    columns: Mapping[str, Any] | None = None,
    quantity: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    after: str | None = None,
    name: str | None = None,
) -> Dataset:
    """A delimited table, with or without a header.

    Parameters
    ----------
    path : str or Path.
    columns : mapping of standard name to (column, unit), where column is a number counted from 1 or a heading, and the
        unit may be left out (``{"temperature": "T (K)"}``) when the heading carries it. Without it the headings must
        speak for themselves, as ``T (K),M (emu/g)`` does.
    quantity : str, the measured column; by default the only one in `columns` that is neither a condition
        (temperature, field, power, frequency) nor an error.
    delimiter : str, optional, between the cells; found by itself among tab, semicolon, comma and blanks.
    decimal : ``"."`` or ``","``, optional; a comma is only assumed where the delimiter cannot be one.
    after : str, optional, the line after which the table begins, for instance ``"[Data]"``.
    name : str, optional, name of the dataset; by default made from the file name.

    Returns
    -------
    Dataset with the named columns under their standard names and every other column under its heading.
    """
    file = read_text(path)
    if delimiter is not None and not (isinstance(delimiter, str) and len(delimiter) == 1):
        raise file.error(f"the delimiter must be one character, such as ';' or a tab, got {delimiter!r}")
    start = _start(file, after)
    skipped = ""
    if after is None:
        start = (_after_preamble(file) or 0) if columns is None else _where_columns_are(file, columns, delimiter)
        skipped = "; ".join(line.strip() for line in file.lines[:start] if line.strip())
    separator, labels, first = _header(file.lines, start, delimiter)
    if separator is False:
        raise file.error("no table: no line splits into two or more cells")
    rows, lines = _rows(file, first, separator, labels)
    headings = labels if any(labels) else [f"column {number + 1}" for number in range(len(labels))]
    known = recognized(headings)[0] if columns is None else _mapped(file, columns, headings)
    if columns is not None and SQUARED in known:
        known["temperature"] = known.pop(SQUARED)
    measured = _quantity(file, known, quantity)
    decimal, notes = _decimal(file, decimal, separator, rows, [index for index, _ in known.values()])
    if near := _nearest(measured):
        notes = (*notes, f"{measured!r} is no quantity known here, did you mean {near!r}?")
    notes = (*notes, *_about_units(headings, known, columns))
    if skipped:
        notes = (*notes, f"the file begins with: {textwrap.shorten(skipped, 160, placeholder=' ...')}")
    if "temperature" in known and measures(known["temperature"][1], ("K^2",)):
        index, unit = known["temperature"]
        rows, known["temperature"] = _rooted(rows, index, convert(1.0, unit, "K^2"), decimal), (index, "K")
        notes = (*notes, f"temperature is the square root of column {headings[index]!r}")
    table = TextTable(file, headings, rows, lines, decimal)
    return build_dataset(table, Recognized("delimited", known, measured, {}, notes), name)


def _about_units(headings, known, columns):
    """How a unit was understood that is ambiguous by itself, and which axis was left unread."""
    stated = [(headings[index], heading_and_unit(headings[index])[1], unit) for index, unit in known.values()]
    notes = [f"the unit of {heading!r} is read as {unit}" for heading, written, unit in stated
             if unit != written and unit == settled_unit(written, [unit, "K"])]  # fmt: skip
    return notes if columns is not None else [*notes, *unread_axes(headings, known)]


def _start(file, after):
    if after is None:
        return 0
    stripped = [line.strip() for line in file.lines]
    if after not in stripped:
        raise file.error(f"no line reads {after!r}")
    return stripped.index(after) + 1


def _header(lines, start=0, delimiter=None):
    """Delimiter (False when there is no table), headings ("" each when there are none), index of the first row.

    The headings are the first line that is neither empty nor a comment, unless that holds numbers; then a comment line
    just above it with as many cells may give them.
    """
    comment, position = "", start
    while position < len(lines) and _is_skipped(lines[position]):
        comment, position = lines[position].strip() or comment, position + 1
    if position == len(lines):
        return False, [], position
    choices = [delimiter] if delimiter is not None else _DELIMITERS
    cells, separator = [], False
    for choice in choices:
        cells = split_cells(lines[position], choice)
        if len(cells) > 1:
            separator = choice
            break
    if separator is False:
        return False, [], position
    if not any(_looks_numeric(cell) for cell in cells):
        below = split_cells(lines[position + 1], separator) if position + 1 < len(lines) else []
        if len(below) == len(cells) and _are_units(cells, below):
            units = [unit.strip("()[] ") for unit in below]
            cells = [f"{cell} ({unit})" if unit else cell for cell, unit in zip(cells, units, strict=True)]
            return separator, cells, position + 2
        return separator, cells, position + 1
    heading = split_cells(comment.lstrip("#%/ "), separator)
    return separator, heading if len(heading) == len(cells) else [""] * len(cells), position


def _are_units(headings, cells):
    """Whether a line below the headings states their units, as plotting programs do: one at least, and nothing else."""
    units = [cell.strip("()[] ") for cell in cells]
    bare = not any(heading_and_unit(heading)[1] for heading in headings)
    return bare and any(units) and all(not unit or (not _looks_numeric(unit) and is_unit(unit)) for unit in units)


def _is_skipped(line):
    if line[:1].isdigit():
        return False  # most lines of most files
    start = line.lstrip()
    return not start or start.startswith(_COMMENT_MARKS)


def _looks_numeric(cell):
    return parse_number(cell) is not None or parse_number(cell, ",") is not None


def _row_cells(line, delimiter, labels):
    """Cells of a row; a delimiter at its end makes no cell, and a comment (of LabVIEW) may be missing there."""
    cells = split_cells(line, delimiter)
    if len(cells) == len(labels) + 1 and not cells[-1]:
        return cells[:-1]
    if len(cells) == len(labels) - 1 and labels[-1].lower() == "comment":
        return [*cells, ""]
    return cells


def _rows(file, first, delimiter, labels):
    rows, lines, width = [], [], len(labels)
    for number, line in enumerate(file.lines[first:], first + 1):
        if _is_skipped(line):
            continue
        cells = _row_cells(line, delimiter, labels)
        if len(cells) != width:
            raise file.error(f"{len(cells)} cells, but the table has {width} columns", number)
        rows.append(cells)
        lines.append(number)
    if not rows:
        raise file.error("a header, but no rows")
    return rows, lines


def doubt(head: TextFile) -> str:
    """What is wrong with the first heading that names a quantity, but in a unit or along an axis it cannot have."""
    return doubtful_heading(_header(head.lines, _after_labview(head.lines))[1])


def _mapped(file, columns, labels):
    """The user's mapping, as standard name -> (index, unit)."""
    if not hasattr(columns, "items") or not columns:
        raise ReadError(f"{file.path}: columns must map standard names to (column, unit), got {columns!r}")
    known = {}
    for key, entry in columns.items():
        if isinstance(entry, dict):
            entry = (entry.get("column"), entry.get("unit"))
        column, unit = entry if isinstance(entry, tuple | list) and len(entry) == 2 else (entry, None)
        index = _column_index(file, key, column, labels)
        unit = label_unit(labels[index])[1] if unit is None else unit
        unit = settled_unit(unit, _units_of(key)) if isinstance(unit, str) and key in KNOWN else unit
        key = _per_amount(key, unit)
        _check_unit(file, key, unit)
        known[key] = (index, unit)
    return _with_named_error(known)


def _with_named_error(known):
    """``error`` alone is that of what is measured; its unit too, where the column states none."""
    measured = measured_quantities(known)
    if "error" not in known or len(measured) != 1:
        return known
    index, unit = known["error"]
    own = known[measured[0]][1]
    error = {f"{measured[0]}_error": (index, settled_unit(unit, [own]) or own)}
    return {key: entry for key, entry in known.items() if key != "error"} | error


def _per_amount(key, unit):
    """The standard name of a quantity per mole or per volume, where the unit says that it is one."""
    if not isinstance(unit, str) or measures(unit, KNOWN.get(key, (None, ()))[1]):
        return key
    return next((name for name in _per_other_amounts(key) if measures(unit, KNOWN[name][1])), key)


def _per_other_amounts(key):
    names = (f"{kind}_{key}" for kind in dict.fromkeys(amount.kind for amount in AMOUNTS))
    return [name for name in names if name in KNOWN]


def _units_of(key):
    """A unit of every dimension that a quantity may have, per whatever amount."""
    return [unit for name in (key, *_per_other_amounts(key)) for unit in KNOWN[name][1]]


def _column_index(file, key, column, labels):
    if isinstance(column, int) and not isinstance(column, bool):
        if not 1 <= column <= len(labels):
            raise ReadError(f"{file.path}: {key} is said to be column {column}, but there are {len(labels)} columns")
        return column - 1
    if column not in labels:
        raise ReadError(f"{file.path}: {key} is said to be column {column!r}; the columns are {', '.join(labels[:12])}")
    return labels.index(column)


def _check_unit(file, key, unit):
    try:
        parse_unit("1" if unit in ("dBm", "degC") else unit)
    except (UnitError, AttributeError, TypeError) as error:
        raise ReadError(f"{file.path}: unit of {key}: {error}") from None
    units = KNOWN.get(key, (None, ()))[1]
    if units and not measures(unit, units):
        if not unit:
            raise ReadError(f"{file.path}: the unit of {key} is missing after the column, for instance {units[0]}")
        raise ReadError(f"{file.path}: {key} cannot be measured in {unit!r}; {advice_on_unit(unit, _units_of(key))}")


def _quantity(file, known, quantity) -> str:
    measured = measured_quantities(known)
    if quantity is None and len(measured) == 1:
        return measured[0]
    if quantity is None or quantity not in known:
        got = f"quantity={quantity!r} is not among them" if quantity else "say which one is the measured quantity"
        hints = [f"; {key!r} is no name known here, did you mean {near!r}?" for key in known if (near := _nearest(key))]
        raise ReadError(f"{file.path}: columns {', '.join(known) or 'none'} are given; {got}{''.join(hints[:1])}")
    return quantity


def _nearest(key):
    """The standard name that is perhaps meant by one that is none; None where there is nothing near, or no need."""
    base = key.removesuffix("_error")
    if base in KNOWN or key == "sigma":
        return None
    meant = [name for name, (pattern, _) in KNOWN.items() if re.fullmatch(pattern, base.lower().replace("_", " "))]
    return next(iter(meant or difflib.get_close_matches(base, KNOWN, n=1)), None)


def _rooted(rows, index, factor, decimal):
    """The rows with the square root of a column; what is no positive number stays, and is refused where it is read."""
    rooted = []
    for row in rows:
        value = parse_number(row[index], decimal)
        if value is not None and value > 0.0:
            root = repr(float(factor * value) ** 0.5).replace(".", decimal)
            row = [*row[:index], root, *row[index + 1:]]  # fmt: skip
        rooted.append(row)
    return rooted


def _decimal(file, decimal, delimiter, rows, indices):
    if decimal is None:
        commas = delimiter != "," and any("," in row[index] for row in rows for index in indices)
        return (",", ("commas in numbers are read as decimal commas",)) if commas else (".", ())
    if decimal not in (".", ","):
        raise ReadError(f"{file.path}: decimal must be '.' or ',', got {decimal!r}")
    if decimal == delimiter:
        raise ReadError(f"{file.path}: the comma cannot be both the delimiter and the decimal sign")
    return decimal, ()
