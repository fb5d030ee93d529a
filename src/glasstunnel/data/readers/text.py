"""Opening a measured file: bounded in size and line length, decoded, with errors that name file, line and column."""

import codecs
import stat
from dataclasses import dataclass
from pathlib import Path

from glasstunnel.errors import ReadError
from glasstunnel.records import brief

HEAD_BYTES = 65536  # read to recognize a format
LONGEST_LINE = 2**20
LARGEST_BYTES = 64 * 2**20
MOST_LINES = 2_000_000  # with the size, bounds the memory a file can ask for
_GZIP = b"\x1f\x8b"
#: Files that are no text, by their first bytes, and what to do about them.
_BINARY = {
    b"PK\x03\x04": "an Excel workbook (or another zip archive): open it and save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook: open it and save the sheet as CSV",
    b"\x89HDF": "an HDF5 file: export the table as CSV",
    b"%PDF": "a PDF: export the numbers as CSV",
}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class TextFile:
    """The lines of a text file; `complete` says whether the last one ended with a line end."""

    path: str
    lines: tuple[str, ...]
    complete: bool = True

    __repr__ = brief

    def error(self, message: str, line: int | None = None, column: str | None = None) -> ReadError:
        """A ReadError naming file, line (counted from 1) and column."""
        place = self.path
        if line is not None:
            place += f", line {line}"
        if column is not None:
            place += f", column {column!r}"
        return ReadError(f"{place}: {message}")


def read_head(path: str | Path) -> TextFile:
    """The first complete lines of a file (at most 64 kB of it), enough to recognize its format.

    Raises ReadError when there is no such file, it may not be read, is empty, binary, or has an endless first line.
    """
    count = HEAD_BYTES
    data = _bytes(path, count)
    if len(data) == count and data.count(b"\n") < 20:  # long lines: a table of many columns
        count = 4 * LONGEST_LINE
        data = _bytes(path, count)
    lines = _lines(str(path), data)
    cut = len(data) == count
    if cut and len(lines) < 2:
        raise ReadError(f"{path}, line 1: longer than {count} bytes; this is not a table of measured numbers")
    return TextFile(str(path), tuple(lines[:-1] if cut else lines))


def read_text(path: str | Path) -> TextFile:
    """The whole file as lines; files above 67 MB or 2 million lines, and lines above 1 MB, are refused."""
    data = _bytes(path, LARGEST_BYTES + 1, refuse_larger=True)
    if data.count(b"\n") > MOST_LINES:
        raise ReadError(f"{path}: more than {MOST_LINES} lines; thin it out or split it before reading")
    lines = _lines(str(path), data)
    complete = lines[-1] == ""
    file = TextFile(str(path), tuple(lines[:-1] if complete else lines), complete)
    for number, line in enumerate(file.lines, 1):
        if len(line) > LONGEST_LINE:
            raise file.error(f"longer than {LONGEST_LINE} characters; this is not a table of measured numbers", number)
    return file


def _bytes(path, count, refuse_larger=False):
    try:
        path = Path(path)
        if not stat.S_ISREG(path.stat().st_mode):
            kind = "a directory" if path.is_dir() else "not a regular file"
            raise ReadError(f"{path}: is {kind}; give the path of one measured file")
        if refuse_larger and path.stat().st_size >= count:
            size, limit = path.stat().st_size / 1e6, count / 1e6
            raise ReadError(f"{path}: {size:.0f} MB is more than the {limit:.0f} MB a table may have; split the file")
        with path.open("rb") as stream:
            data = stream.read(count)
    except FileNotFoundError:
        raise ReadError(f"{path}: no such file") from None
    except OSError as error:
        raise ReadError(f"{path}: cannot be opened ({error.strerror})") from None
    except (TypeError, ValueError) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(f"{path!r} is not the path of a file") from None
    if data.startswith(_GZIP):
        data = _unzipped(path, count, refuse_larger)
    kind = next((words for mark, words in _BINARY.items() if data[: len(mark)] == mark), None)
    if kind:
        raise ReadError(f"{path}: is {kind}")
    if not data.strip():
        raise ReadError(f"{path}: the file is empty")
    return data


def _unzipped(path, count, refuse_larger):
    """The first `count` bytes of what a gzip file holds; never more, however much it claims to hold."""
    import gzip
    import zlib

    try:
        with gzip.open(path, "rb") as stream:
            data = stream.read(count)
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(f"{path}: cannot be unzipped ({error})") from None
    if refuse_larger and len(data) >= count:
        raise ReadError(f"{path}: unzipped it is more than the {count / 1e6:.0f} MB a table may have; split the file")
    return data


def _lines(path, data):
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if encoding != "utf-16" and b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise ReadError(f"{path}, line {line}: contains zero bytes; this is a binary file, not text")
    if encoding is None:
        # Instruments write the micro sign as the single byte 0xB5; latin-1 reads every byte.
        encoding = "utf-8" if _is_utf8(data) else "latin-1"
    text = data.decode(encoding, errors="replace")
    # Not splitlines(): it would break lines at 0x85 and form feeds, and the line numbers would be wrong.
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _is_utf8(data):
    # A multi-byte character may be cut at the end of the head.
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True
