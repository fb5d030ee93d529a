"""Any delimited text: columns and units named by the user, or by headings that carry a unit."""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glasstunnel.data.amounts import AMOUNTS
from glasstunnel.data.dataset import Dataset
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
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.units import convert, parse_unit

_ERROR = r"sigma|σ|std|stdev|sd|dev|deviation|standard|err|error|errors|uncertainty|unc|unsicherheit|fehler"
_SQUARED = "temperature_squared"  # the axis of a plot of C/T; the square root of its numbers is taken
# Standard name -> (headings in lower case, a unit of every dimension it may have): coordinates, what an instrument
# measures before it becomes an observable, and the observables.
_KNOWN = {
    "temperature": ("t|temp|temperature|temperatur", ("K",)),
    _SQUARED: (r"t(\^|\*\*)?2|t²|temperature squared", ("K^2",)),
    "field": ("h|b|field|magnetic field|mu0h|mu0 h|magnetfeld", ("T", "A/m")),
    "power": ("p|power|leistung", ("W",)),
    "frequency": (r"f|f_?0|f_?res|frequency|frequenz|resonan(ce|t) frequency|resonanzfrequenz", ("Hz",)),
    "photon_number": (r"photon number|photons|n_?ph", ("1",)),
    "moment": ("m|moment|magnetic moment", ("A m2",)),
    "capacitance": ("c|cap|capacitance|kapazitaet", ("F",)),
    "noise_frequency": ("f_?n|noise frequency|offset frequency", ("Hz",)),
    "waiting_time": ("tau|tau_?12|t_?12|waiting time|delay", ("s",)),
    "echo": ("echo|echo amplitude|echoamplitude", ("V", "C m/kg", "1")),
} | {row.name: (row.headings, row.units) for row in OBSERVABLES.values() if row.units} | {
    f"{kind}_{row.name}": (row.headings, tuple(amount.unit_of(row.unit) for amount in AMOUNTS if amount.kind == kind))
    for row in OBSERVABLES.values() if row.units and "kg" in row.unit for kind in dict.fromkeys(a.kind for a in AMOUNTS)
}  # fmt: skip
#: A table of headings is recognized by one of these beside what it measures.
AXES = {"temperature", "field", "waiting_time", "frequency", "noise_frequency"}
_DELIMITERS = ("\t", ";", ",", None)
_PREAMBLE = 6  # lines among which the header is looked for
_COMMENT_MARKS = ("#", "%", "//")


def recognizes(head: TextFile) -> bool:
    """A header that names a temperature or field and exactly one measured quantity, with units."""
    return _after_preamble(head) is not None


def _after_preamble(head):
    """Line at which a header of known headings begins, after a few lines of reference or title; None without one."""
    for start in range(min(_PREAMBLE, len(head.lines))):
        delimiter, labels, _ = _header(head.lines, start)
        if delimiter is not False and len(_recognized(labels)[1]) == 1:
            return start
    return None


def guess_layout(head: TextFile) -> tuple[Any, list[str], int]:
    """(delimiter, headings, index of the first row) as a reader would take them; delimiter False for no table."""
    delimiter, labels, first = _header(head.lines, _after_preamble(head) or 0)
    row = head.lines[first].split() if delimiter == "," and first < len(head.lines) else []
    if len(row) > 1 and not any(labels) and all(re.fullmatch(r"[+-]?\d+,\d+([eE][+-]?\d+)?", cell) for cell in row):
        return None, [""] * len(row), first  # decimal commas between blanks
    return delimiter, labels, first


def known_headings(labels: list[str]) -> dict[str, tuple[int, str, bool]]:
    """{standard name: (index, unit, whether the heading states it)} of headings that name a quantity.

    Where the unit is missing or impossible, a usual one stands in its place.
    """
    sure = {key: (index, unit, True) for key, (index, unit) in _recognized(labels)[0].items()}
    for index, label in enumerate(labels):
        heading, _ = _heading(label)
        if any(index == taken for taken, *_ in sure.values()):
            continue
        for key, (pattern, units) in _KNOWN.items():
            if key not in sure and "_" not in key.replace("heat_capacity", "") and re.fullmatch(pattern, heading):
                sure[key] = (index, units[0], False)
                break
    return sure


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
    if after is None and columns is None and (begins := _after_preamble(file)):
        start, skipped = begins, "; ".join(line.strip() for line in file.lines[:begins] if line.strip())
    separator, labels, first = _header(file.lines, start, delimiter)
    if separator is False:
        raise file.error("no table: no line splits into two or more cells")
    rows, lines = _rows(file, first, separator, len(labels))
    headings = labels if any(labels) else [f"column {number + 1}" for number in range(len(labels))]
    known = _recognized(headings)[0] if columns is None else _mapped(file, columns, headings)
    if columns is not None and _SQUARED in known:
        known["temperature"] = known.pop(_SQUARED)
    measured = _quantity(file, known, quantity)
    decimal, notes = _decimal(file, decimal, separator, rows, [index for index, _ in known.values()])
    if near := _nearest(measured):
        notes = (*notes, f"{measured!r} is no quantity known here, did you mean {near!r}?")
    if skipped:
        notes = (*notes, f"the file begins with: {skipped}")
    if "temperature" in known and _measures(known["temperature"][1], ("K^2",)):
        index, unit = known["temperature"]
        rows, known["temperature"] = _rooted(rows, index, convert(1.0, unit, "K^2"), decimal), (index, "K")
        notes = (*notes, f"temperature is the square root of column {headings[index]!r}")
    table = TextTable(file, headings, rows, lines, decimal)
    return build_dataset(table, Recognized("delimited", known, measured, {}, notes), name)


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
    bare = not any(_heading(heading)[1] for heading in headings)
    return bare and any(units) and all(not unit or (not _looks_numeric(unit) and _is_unit(unit)) for unit in units)


def _is_skipped(line):
    if line[:1].isdigit():
        return False  # most lines of most files
    start = line.lstrip()
    return not start or start.startswith(_COMMENT_MARKS)


def _looks_numeric(cell):
    return parse_number(cell) is not None or parse_number(cell, ",") is not None


def _rows(file, first, delimiter, width):
    rows, lines = [], []
    for number, line in enumerate(file.lines[first:], first + 1):
        if _is_skipped(line):
            continue
        cells = split_cells(line, delimiter)
        if len(cells) != width:
            raise file.error(f"{len(cells)} cells, but the table has {width} columns", number)
        rows.append(cells)
        lines.append(number)
    if not rows:
        raise file.error("a header, but no rows")
    return rows, lines


def _recognized(labels):
    """Standard name -> (index, unit) where heading and unit agree with it, and the measured quantities among them."""
    known = {}
    for index, label in enumerate(labels):
        heading, unit = _heading(label)
        for key, (pattern, units) in _KNOWN.items():
            bare = not unit and units != ("1",)  # a pure number needs no unit, anything else has to state it
            if key not in known and not bare and re.fullmatch(pattern, heading) and _measures(unit or "1", units):
                known[key] = (index, unit)
                break
    squared = known.pop(_SQUARED, None)
    if squared and "temperature" not in known:
        known["temperature"] = squared
    quantities = measured_quantities(known)
    if "frequency_noise" in known and "frequency" in known and "noise_frequency" not in known:
        known["noise_frequency"] = known.pop("frequency")  # the axis of a spectrum S_y(f)
    if not AXES & set(known):
        quantities = []
    return known | _errors(labels, known, quantities), quantities


def _errors(labels, known, quantities):
    """Columns that state the uncertainty of a measured quantity in a unit of it: "M err", or "error" alone."""
    taken, found = {index for index, _ in known.values()}, {}
    for index, label in enumerate(labels):
        heading, unit = _heading(label)
        words = [word for word in re.split(r"[\s_.()]+", heading) if word not in ("", "of", "in")]
        rest = " ".join(word for word in words if not re.fullmatch(_ERROR, word))
        if index in taken or len(rest.split()) == len(words):
            continue
        for quantity in quantities:
            named = re.fullmatch(_KNOWN[quantity][0], rest) or (not rest and len(quantities) == 1)
            if named and f"{quantity}_error" not in found and _measures(unit or "1", (known[quantity][1] or "1",)):
                found[f"{quantity}_error"] = (index, unit)
    return found


def _heading(label):
    """(heading in lower case, unit) of a label."""
    heading, unit = label_unit(label)
    if not unit and re.fullmatch(r"\w+/[^/\s]+", label) and _is_unit(label.split("/")[1]):
        heading, unit = label.split("/")  # the T/K way of writing; 1/Q and dv/v are no units
    return heading.rstrip("/ ").lower().replace("heat_capacity", "heat capacity"), unit


def _is_unit(text):
    try:
        parse_unit(text)
    except UnitError:
        return False
    return True


def doubtful_heading(head: TextFile) -> str:
    """What is wrong with the first heading that names a quantity, but in a unit it cannot have; "" when there is none.

    head : TextFile, the first lines of a file.
    """
    _, labels, _ = _header(head.lines)
    for label in labels:
        heading, unit = _heading(label)
        units = [allowed for pattern, kinds in _KNOWN.values() if re.fullmatch(pattern, heading) for allowed in kinds]
        if not unit or not units or unit in ("dBm", "degC") or _measures(unit, units):
            continue
        try:
            parse_unit(unit)
        except UnitError as error:
            return f"heading {label!r}: {error}"
        return f"heading {label!r}: {unit!r} measures something else; {_meant(unit, units)}"
    return ""


def _meant(unit, units):
    """What the unit of a quantity may have to be: that of a susceptibility in CGS is often written without oersted."""
    in_emu = re.sub(r"(?<![A-Za-z])c?m\^?3", "emu", unit)
    for full in (f"{in_emu}/Oe", f"{in_emu}*Oe"):
        if _measures(full, units):
            volume = "" if in_emu == unit else " (in SI, 1 m3 is 1e6/(4 pi) emu/Oe: convert it first)"
            return f"in CGS a susceptibility is per oersted: write {full!r}{volume}"
    return f"expected for instance {units[0]!r}"


def _measures(unit, units):
    for other in units:
        try:
            convert(1.0, unit, other)
        except UnitError:
            continue
        return True
    return False


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
        key = _per_amount(key, unit)
        _check_unit(file, key, unit)
        known[key] = (index, unit)
    return known


def _per_amount(key, unit):
    """The standard name of a quantity per mole or per volume, where the unit says that it is one."""
    if not isinstance(unit, str) or _measures(unit, _KNOWN.get(key, (None, ()))[1]):
        return key
    return next((name for name in _per_other_amounts(key) if _measures(unit, _KNOWN[name][1])), key)


def _per_other_amounts(key):
    names = (f"{kind}_{key}" for kind in dict.fromkeys(amount.kind for amount in AMOUNTS))
    return [name for name in names if name in _KNOWN]


def _units_of(key):
    """A unit of every dimension that a quantity may have, per whatever amount."""
    return [unit for name in (key, *_per_other_amounts(key)) for unit in _KNOWN[name][1]]


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
    units = _KNOWN.get(key, (None, ()))[1]
    if units and not _measures(unit, units):
        if not unit:
            raise ReadError(f"{file.path}: the unit of {key} is missing after the column, for instance {units[0]}")
        raise ReadError(f"{file.path}: {key} cannot be measured in {unit!r}; {_meant(unit, _units_of(key))}")


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
    if base in _KNOWN or key == "sigma":
        return None
    meant = [name for name, (pattern, _) in _KNOWN.items() if re.fullmatch(pattern, base.lower().replace("_", " "))]
    return next(iter(meant or difflib.get_close_matches(base, _KNOWN, n=1)), None)


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
