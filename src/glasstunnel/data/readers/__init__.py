"""`read`: a measured file in, a `Dataset` out. One file per format; formats are recognized by content, not by name.

A reader parses, labels and keeps every column; it never converts, corrects or guesses. What looks wrong is a note.
"""

import hashlib
import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from glasstunnel.data.dataset import Dataset
from glasstunnel.data.readers import delimited, quantum_design, resonator_csv
from glasstunnel.data.readers.text import read_head
from glasstunnel.errors import ReadError, UnrecognizedError
from glasstunnel.records import brief

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reader:
    """A file format: `recognizes(head)` decides by content, `read(path, **options)` makes the dataset."""

    recognizes: Callable
    read: Callable

    __repr__ = brief


READERS = {
    "qd-moment": Reader(quantum_design.recognizes_moment, quantum_design.read_moment),
    "qd-mpms-xl": Reader(quantum_design.recognizes_mpms_xl, quantum_design.read_mpms_xl),
    "qd-heat-capacity": Reader(quantum_design.recognizes_heat_capacity, quantum_design.read_heat_capacity),
    "resonator-csv": Reader(resonator_csv.recognizes, resonator_csv.read_resonator_csv),
    "delimited": Reader(delimited.recognizes, delimited.read_delimited),
}


def read(path: str | Path, format: str | None = None, **options: Any) -> Dataset:
    """Read one measured file.

    Parameters
    ----------
    path : str or Path.
    format : str, optional, a key of `READERS`; found from the content when left out. With ``columns=`` it is
        ``"delimited"``.
    options : passed to the reader: ``name`` (all), ``center`` ("free" or "fixed", for DC scans of an MPMS3),
        ``columns``, ``quantity``, ``delimiter``, ``decimal``, ``after`` (delimited text, see `read_delimited`).

    Returns
    -------
    Dataset with the columns and units of the file; suspicious things are in its `notes`.

    Raises
    ------
    ReadError naming file, line and column when the file cannot be opened, recognized or parsed.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from glasstunnel import read
    >>> folder = TemporaryDirectory()
    >>> path = Path(folder.name) / "sample.csv"
    >>> _ = path.write_text("T (K),M (emu/g)\\n2.0,1e-3\\n4.0,5e-4\\n")
    >>> data = read(path)
    >>> data.quantity, data["temperature"].values
    ('magnetization', array([2., 4.]))
    >>> folder.cleanup()
    """
    if format is None:
        format = "delimited" if options.get("columns") is not None else _recognize(read_head(path))
    if format not in READERS:
        raise ReadError(f"{path}: unknown format {format!r}; known are {', '.join(READERS)}")
    reader = READERS[format].read
    allowed = [name for name in inspect.signature(reader).parameters if name != "path"]
    for option in options:
        if option not in allowed:
            raise ReadError(f"{path}: format {format} has no option {option!r}; it has {', '.join(allowed)}")
    data = reader(path, **options)
    data = replace(data, digest=file_hash(path))
    _LOG.info("read %s as %s: %d points of %s", path, format, len(data), data.quantity)
    return data


def file_hash(path: str | Path) -> str:
    """SHA-256 of a file as it stands on the disk, packed or not; `ReadError` where it cannot be read any more.

    Others find it with ``sha256sum``.
    """
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror}") from None


def _recognize(head):
    for name, reader in READERS.items():
        if reader.recognizes(head):
            return name
    labels = quantum_design.data_labels(head)
    if labels:
        titles = ", ".join(labels[:12])
        raise UnrecognizedError(str(head.error(
            "a Quantum Design file, but without moment (MPMS3, VSM, MPMS XL) or sample heat capacity; its columns are "
            f"{titles[:300]}; name them with read(path, columns={{...}}, after='[Data]')"
        )))  # fmt: skip
    doubt = delimited.doubt(head)
    raise UnrecognizedError(str(head.error(
        f"format not recognized; {doubt and doubt + '; '}looked for a Quantum Design [Header] and [Data], a semicolon "
        "table with Temperature and Qint or Frequency Shift, and headings with units such as 'T (K),M (emu/g)'; say "
        "what the columns are: "
        "read(path, columns={'temperature': (1, 'K'), 'heat_capacity': (2, 'J/(K kg)')}), in a run file "
        'columns = {temperature = [1, "K"], heat_capacity = [2, "J/(K kg)"]}, in the shell '
        '--columns "temperature=1 K, heat_capacity=2 J/(K kg)"; a format of your own is known once its module is '
        "loaded (--module FILE.py)"
    )))  # fmt: skip
