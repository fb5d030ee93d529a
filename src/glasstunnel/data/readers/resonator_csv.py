"""Resonator tables as laboratories export them: semicolons, decimal commas, English or German headings."""

import re
from pathlib import Path

from glasstunnel.data.dataset import Dataset
from glasstunnel.data.readers.table import Recognized, TextTable, build_dataset, label_unit, split_cells
from glasstunnel.data.readers.text import TextFile, read_text
from glasstunnel.observables.table import OBSERVABLES

# Standard name -> what its heading (without unit, lower case) looks like.
_HEADINGS = {
    "temperature": r"temperature?",
    "power": r"(drive |input )?power|leistung",
    "frequency": r"frequency|frequenz|f0|f_0|resonance frequency|resonanzfrequenz",
    "internal_quality_factor": OBSERVABLES["internal_quality_factor"].headings,
    "internal_quality_factor_error": r"q_?int[ _]?err(or)?|q_?i[ _]?err(or)?",
    "frequency_shift": OBSERVABLES["frequency_shift"].headings,
    "frequency_shift_error": r"freq(uency|\.)?[ _]shift[ _]err(or)?",
}
_QUANTITIES = ("internal_quality_factor", "frequency_shift")


def recognizes(head: TextFile) -> bool:
    """A semicolon table with a temperature and an internal quality factor or a frequency shift."""
    labels = split_cells(head.lines[0], ";")
    return len(labels) >= 2 and len(set(_columns(labels)) & {"temperature", *_QUANTITIES}) >= 2


def read_resonator_csv(path: str | Path, *, quantity: str | None = None, name: str | None = None) -> Dataset:
    """Internal quality factor or fractional frequency shift against temperature.

    Parameters
    ----------
    path : str or Path.
    quantity : ``"internal_quality_factor"`` or ``"frequency_shift"``, only needed when the file holds both.
    name : str, optional, name of the dataset; by default made from the file name.

    Returns
    -------
    Dataset with ``temperature``, the quantity, and ``power`` where the file has it.
    """
    file = read_text(path)
    labels = split_cells(file.lines[0], ";")
    columns = _columns(labels)
    measured = [key for key in _QUANTITIES if key in columns]
    if "temperature" not in columns or not measured:
        raise file.error(f"no semicolon table of temperature and Qint or frequency shift, but {labels[:6]}", 1)
    if quantity is None and len(measured) > 1 or quantity is not None and quantity not in measured:
        raise file.error(f"quantity must be one of {', '.join(measured)}, got {quantity!r}", 1)
    rows, lines = [], []
    for number, line in enumerate(file.lines[1:], 2):
        if not line.strip(" ;"):
            continue
        cells = split_cells(line, ";")
        if len(cells) != len(labels):
            raise file.error(f"{len(cells)} cells, but the header has {len(labels)} columns", number)
        rows.append(cells)
        lines.append(number)
    if not rows:
        raise file.error("a header, but no rows")
    indexed = {key: (index, label_unit(labels[index])[1]) for key, index in columns.items()}
    decimal = "," if any("," in cell for row in rows for cell in row) else "."
    table = TextTable(file, labels, rows, lines, decimal)
    return build_dataset(table, Recognized("resonator-csv", indexed, quantity or measured[0]), name)


def _columns(labels):
    """Standard name -> index, the first heading that fits."""
    columns = {}
    for index, label in enumerate(labels):
        heading = label_unit(label)[0].lower()
        for key, pattern in _HEADINGS.items():
            if key not in columns and re.fullmatch(pattern, heading):
                columns[key] = index
    return columns
