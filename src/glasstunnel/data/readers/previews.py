"""What a file looks like before it is recognized: first lines, delimiter, decimal sign, headings, how to read it."""

import re
from dataclasses import dataclass
from pathlib import Path

from glasstunnel.data.readers.delimited import guess_layout
from glasstunnel.data.readers.headings import known_headings
from glasstunnel.data.readers.table import measured_quantities, parse_number, split_cells
from glasstunnel.data.readers.text import read_head
from glasstunnel.errors import ParameterError
from glasstunnel.records import brief

_LINES, _WIDTH = 12, 100
_NAMES = {"\t": "tab", ";": "semicolon", ",": "comma", None: "blanks"}
_ENTRY = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*(.+?)\s*$")


@dataclass(frozen=True)
class Preview:
    """The layout of a text file as guessed. delimiter : False where no line splits into cells.

    headings : one per column, "" without a header. first : cells of the first row. columns : what `read` would need,
    as the text that ``--columns`` takes; complete : whether it follows from the headings alone.
    """

    path: str
    lines: tuple[str, ...]
    delimiter: str | None | bool
    decimal: str
    headings: tuple[str, ...]
    first: tuple[str, ...]
    columns: str
    complete: bool

    __repr__ = brief

    def __str__(self):
        shown = [line.expandtabs(2)[:_WIDTH] for line in self.lines]
        text = [f"first lines of {self.path}:", *(f"  {number:3} | {line}" for number, line in enumerate(shown, 1))]
        if self.delimiter is False:
            return "\n".join([*text, "no line splits into two or more cells: is this a table?"])
        named = any(self.headings)
        text += [
            f"delimiter: {_NAMES.get(self.delimiter, repr(self.delimiter))}; decimal sign: "
            f"{'comma' if self.decimal == ',' else 'point'}; header: {'yes' if named else 'none found'}; "
            f"{len(self.first)} columns:"
        ]  # fmt: skip
        for number, (heading, cell) in enumerate(zip(self.headings, self.first, strict=False), 1):
            text.append(f"  {number:3}  {heading[:40] or '(no heading)':40}  first value {cell[:24]!r}")
            if number == 20 and len(self.first) > 21:
                text.append(f"  ... and {len(self.first) - 20} more")
                break
        advice = "read it with" if self.complete else "say what the columns are (names and units are guesses), as in"
        return "\n".join([*text, f'{advice}\n  glasstunnel read {self.path} --columns "{self.columns}"'])


def preview(path: str | Path) -> Preview:
    """Look at a file without recognizing it; `ReadError` when it is no readable text.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> folder = TemporaryDirectory()
    >>> path = Path(folder.name) / "run.txt"
    >>> _ = path.write_text("2,0 1,5e-3\\n4,0 9,0e-3\\n")
    >>> found = preview(path)
    >>> found.decimal, found.columns
    (',', 'temperature=1 K, heat_capacity=2 J/(kg K)')
    >>> folder.cleanup()
    """
    head = read_head(path)
    delimiter, headings, first = guess_layout(head)
    rows = [split_cells(line, delimiter) for line in head.lines[first:first + 50] if line.strip()] if (
        delimiter is not False) else []
    cells = tuple(rows[0]) if rows else ()
    comma = delimiter != "," and any("," in cell and parse_number(cell) is None and parse_number(cell, ",") is not None
                                     for row in rows for cell in row)  # fmt: skip
    decimal = "," if comma else "."
    columns, complete = _columns(headings, cells, decimal)
    return Preview(str(path), head.lines[:_LINES], delimiter, decimal, tuple(headings), cells, columns, complete)


def _columns(headings, cells, decimal):
    """(what --columns could say, whether it follows from the headings)."""
    found = known_headings(headings)
    if "temperature" in found or "field" in found:
        words = [f"{key}={index + 1} {unit}" for key, (index, unit, _) in found.items()]
        return ", ".join(words), len(measured_quantities(found)) == 1 and all(sure for *_, sure in found.values())
    numeric = [number for number, cell in enumerate(cells, 1) if parse_number(cell, decimal) is not None]
    numeric = numeric if len(numeric) > 1 else [1, 2]
    return f"temperature={numeric[0]} K, heat_capacity={numeric[1]} J/(kg K)", False


def columns_of_text(text: str) -> dict[str, object]:
    """What ``--columns`` says, as `read` takes it: ``temperature=1 K, heat_capacity=2 J/(mol K)``.

    A column is a number counted from 1, with its unit after it, or a heading, which carries its unit.
    `ParameterError` for what cannot be read.

    >>> columns_of_text("temperature=1 mK, magnetization=M (emu/g)")
    {'temperature': (1, 'mK'), 'magnetization': 'M (emu/g)'}
    """
    columns: dict[str, object] = {}
    if not text.strip():
        raise ParameterError("--columns is empty; write for instance 'temperature=1 K, echo=2 mV'")
    for part in _split_outside_brackets(text):
        match = _ENTRY.match(part)
        if match is None:
            raise ParameterError(
                f"--columns: {part.strip()!r} is not NAME=COLUMN UNIT; write for instance 'temperature=1 K, echo=2 mV'"
            )
        name, place = match[1], match[2].strip("'\"")
        number, _, unit = place.partition(" ")
        if number.isdigit() and "=" in unit:
            raise ParameterError(f"--columns: {part.strip()!r} names two columns; separate them by a comma")
        columns[name] = (int(number), unit.strip()) if number.isdigit() else place
    return columns


def _split_outside_brackets(text):
    parts, depth, start = [], 0, 0
    for position, mark in enumerate(text):
        depth += (mark in "([") - (mark in ")]")
        if mark == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [part for part in (*parts, text[start:]) if part.strip()]
