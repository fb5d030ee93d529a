"""Mutated, random, enormous and missing files: a sound dataset or one sentence, never anything else."""

import os
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.refusals import is_refused

from glasstunnel.data import average_repeats, per_mass, read
from glasstunnel.data.readers.text import LARGEST_BYTES
from glasstunnel.errors import GlassTunnelError, ReadError

MADE_UP = Path(__file__).parent
REAL = MADE_UP.parents[1] / "examples" / "data"
MAPPING = {"temperature": (1, "K"), "heat_capacity": (2, "J/(kg K)")}
# A busy machine draws slowly; that is no fault of the reader.
QUIET = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow]}
SOURCES = {
    "mpms3": (b"\n".join((REAL / "mpms3_ErCOT2_MvsT_FC_1kOe.dat").read_bytes().splitlines()[:60]) + b"\n", {}),
    "mpms_xl": ((REAL / "mpmsxl_pb6051_MvsT_0p1T.dc.dat").read_bytes(), {}),
    "vsm": ((MADE_UP / "mpms3_vsm.dat").read_bytes(), {}),
    "heat_capacity": ((MADE_UP / "ppms_heat_capacity.dat").read_bytes(), {}),
    "quality_factor": ((REAL / "cpw_Qint_vs_T_140dBm.csv").read_bytes(), {}),
    "frequency_shift": ((REAL / "cpw_freqshift_vs_T_Nb.csv").read_bytes(), {}),
    "headings": (b"T (K),M (emu/g),dM\n" + b"".join(b"%d,%d.5e-3,1\n" % (n, 40 - n) for n in range(2, 30)), {}),
    "headerless": (b"".join(b"  %d.00  %d.34e-2  5e-6\r\n" % (n, n**2) for n in range(1, 30)), {"columns": MAPPING}),
}
ODD_CELLS = [
    b"", b"nan", b"inf", b"-inf", b"abc", b"1e308", b"-1e308", b"1e999", b"-5", b"0", b"1_0", b"1,5", b"1;5", b"\xb5",
    b"\xff\xfe", b'"', b"'", b"0x10", b"--1", b"1.2.3", b"9" * 400, b"x" * 3000, b"1e-320", b"\xd9\xa3",
]  # fmt: skip
KINDS = ["cut", "bytes", "cell", "cell", "cell", "column", "line", "swap", "delimiter", "flip"]
DELIMITERS = [(b";", b","), (b",", b";"), (b",", b"\t"), (b"\n", b"\n\n")]


def cells_of(line):
    delimiter = b";" if b";" in line else b"," if b"," in line else b" "
    return line.split(delimiter), delimiter


@st.composite
def mutations(draw, content):
    """The content after one to three changes of the kinds that happen to files."""
    for _ in range(draw(st.integers(1, 3))):
        lines = content.split(b"\n")
        row = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(KINDS))
        if kind == "cut":
            content = content[: draw(st.integers(0, len(content)))]
            continue
        if kind == "bytes":
            place = draw(st.integers(0, len(content)))
            content = content[:place] + draw(st.binary(min_size=1, max_size=20)) + content[place:]
            continue
        if kind == "flip" and content:
            place = draw(st.integers(0, len(content) - 1))
            content = content[:place] + bytes([content[place] ^ draw(st.integers(1, 255))]) + content[place + 1 :]
            continue
        if kind == "delimiter":
            content = content.replace(*draw(st.sampled_from(DELIMITERS)))
            continue
        parts, delimiter = cells_of(lines[row])
        place = draw(st.integers(0, len(parts) - 1))
        if kind == "cell":
            parts[place] = draw(st.sampled_from(ODD_CELLS))
            lines[row] = delimiter.join(parts)
        elif kind == "column":
            last = draw(st.sampled_from([row + 1, len(lines)]))
            for number in range(row, last):
                split, mark = cells_of(lines[number])
                lines[number] = mark.join(split[:place] + split[place + 1 :])
        elif kind == "line":
            lines[row : row + 1] = draw(st.sampled_from([[], [lines[row]] * 2, lines[row : row + 1] + [b"1,2"]]))
        else:
            other = draw(st.integers(0, len(lines) - 1))
            lines[row], lines[other] = lines[other], lines[row]
        content = b"\n".join(lines)
    return content


@pytest.mark.parametrize("cell", ODD_CELLS)
@pytest.mark.parametrize(("source", "column", "decimal"), [("mpms_xl", 4, "."), ("headings", 1, "."),
                                                           ("quality_factor", 2, ",")])  # fmt: skip
def test_an_odd_measured_cell_is_named_left_out_or_read_as_it_stands(source, column, decimal, cell, written):
    content, _ = SOURCES[source]
    lines = content.split(b"\n")
    number = len(lines) - 3
    parts, delimiter = cells_of(lines[number - 1])
    parts[column] = cell
    lines[number - 1] = delimiter.join(parts)
    sound = read(written(content))
    path = written(b"\n".join(lines))
    try:
        data = read(path)
    except ReadError as error:
        assert f"line {number}" in str(error)
        return
    if not cell:
        assert len(data) == len(sound) - 1
        assert any(f"the first in line {number}" in note for note in data.notes)
        return
    read_as = float(cell.decode().replace(decimal, "."))
    expected = sound.measured.values.copy()
    expected[len(sound) - (len(lines) - 1 - number) - 1] = read_as
    np.testing.assert_array_equal(data.measured.values, expected)


def assert_sound_or_refused(path, options):
    """Finite quantity and conditions, or one sentence that names the file."""
    try:
        data = read(path, **options)
    except GlassTunnelError as error:
        assert isinstance(error, ReadError)
        assert path.name in str(error)
        assert "\n" not in str(error)
        return
    for key in {data.quantity, "temperature", "field", "power"} & set(data.columns):
        assert np.all(np.isfinite(data[key].values)), key
    assert np.all(data["temperature"].to("K") > 0.0) if "temperature" in data else True
    assert str(data)
    for step in (average_repeats, lambda run: per_mass(run, 1e-6)):
        is_refused(partial(step, data))


@pytest.mark.parametrize("source", SOURCES)
def test_mutated_files_are_read_soundly_or_refused(source, tmp_path_factory):
    content, options = SOURCES[source]
    path = tmp_path_factory.mktemp("mutated") / "mutated_file.dat"

    @settings(max_examples=120, **QUIET)
    @given(mutations(content))
    def check(changed):
        path.write_bytes(changed)
        assert_sound_or_refused(path, options)

    assert len(read_source(path, content, options)) > 9
    check()


def read_source(path, content, options):
    path.write_bytes(content)
    return read(path, **options)


@pytest.mark.parametrize("options", [{}, {"columns": MAPPING}, {"format": "qd-moment"}, {"format": "resonator-csv"}])
def test_random_bytes_and_text_are_refused(options, tmp_path_factory):
    path = tmp_path_factory.mktemp("random") / "random_file.dat"

    @settings(max_examples=60, **QUIET)
    @given(st.one_of(st.binary(max_size=400), st.text(alphabet="0123456789.,;e-+ \t\nTKM()\"", max_size=300)))
    def check(content):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        assert_sound_or_refused(path, options)

    check()


def test_a_header_followed_by_garbage_names_the_first_bad_line(written):
    content = SOURCES["mpms3"][0] + b"hello, world\n" * 50_000
    with pytest.raises(ReadError, match="line 61: 2 cells, but the table has 89 columns"):
        read(written(content))


@pytest.mark.parametrize(("block", "options", "sentence"), [
    (b"\x00\x01\x02\x03" * 2**18, {}, "line 1: contains zero bytes; this is a binary file"),
    (b"abc," * 2**18, {}, "line 1: longer than 4194304 bytes"),
    (b"lorem ipsum dolor; 12 34\n" * 2**15, {}, "format not recognized"),
    (b"1.0 2.0 3.0\n" * 2**16, {"columns": MAPPING}, "MB is more than the 67 MB a table may have"),
])  # fmt: skip
def test_a_hundred_megabytes_are_refused_at_once(tmp_path, block, options, sentence):
    path = tmp_path / "garbage.dat"
    with path.open("wb") as stream:
        while stream.tell() < 100e6:
            stream.write(block)
    start = time.process_time()
    with pytest.raises(ReadError, match=f"garbage.dat.*{sentence}"):
        read(path, **options)
    assert time.process_time() - start < 2.0


def test_too_many_lines_are_refused_before_they_take_memory(written):
    with pytest.raises(ReadError, match="more than 2000000 lines"):
        read(written(b"1 2\n" * 2_100_000), columns=MAPPING)


def test_files_that_are_not_there_or_cannot_be_opened(tmp_path, written, monkeypatch):
    with pytest.raises(ReadError, match="nowhere.dat: no such file"):
        read(tmp_path / "nowhere.dat")
    with pytest.raises(ReadError, match="is a directory; give the path of one measured file"):
        read(tmp_path)
    for content in (b"", b"  \n \r\n"):
        with pytest.raises(ReadError, match=r"file.csv: the file is empty"):
            read(written(content))
    for path in (None, 7.5, "a\0b"):
        with pytest.raises(ReadError, match="is not the path of a file"):
            read(path)

    def refuse(*_args, **_keywords):
        raise PermissionError(13, "Permission denied")

    path = written("T (K),M (emu/g)\n1,2\n")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ReadError, match="file.csv: cannot be opened .Permission denied."):
        read(path)


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReadError, match="is not a regular file"):
        read(tmp_path / "pipe")


def test_the_limit_leaves_room_for_long_instrument_files():
    # 50 000 rows of an MPMS3 file, a week of measurements every 12 s, take 27 MB.
    assert LARGEST_BYTES > 27e6
    assert round(LARGEST_BYTES / 1e6) == 67  # as the documentation of `read_text` says
