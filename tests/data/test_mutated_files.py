"""Thousands of damaged measured files, made from every one that is here: a sound dataset, or one sentence.

What is read goes on to a run file: that is written, or refused in one sentence, and then it is one that can be loaded.
"""

import gzip
import random
import time
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from tests.refusals import is_refused

from glasstunnel.data import check_error_column, per_mass, read
from glasstunnel.errors import ReadError
from glasstunnel.runfile import load_run
from glasstunnel.runfile.init import run_file_text

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(
    path for folder in (EXAMPLES / "data", EXAMPLES, Path(__file__).parent) for path in folder.iterdir()
    if path.suffix in (".csv", ".dat") and not path.name.startswith("broken")
)  # fmt: skip
CELLS = (
    b"", b"nan", b"NaN", b"inf", b"-inf", b"1e308", b"-1e308", b"1e999", b"9" * 400, b"1e-320", b"0", b"-0.0", b"-5",
    b"--", b"1_0", b"1,5", b"1.5.2", b"0x1F", b"\xb5", b"\xff\xfe", b'"', b"'", b"=1+1", b"x" * 3000, b"\xe2\x82\xac",
)  # fmt: skip
MARKS = ((b",", b";"), (b";", b","), (b",", b"\t"), (b".", b","), (b",", b"."), (b",", b" "), (b"\n", b"\r\n"),
         (b"\n", b"\r"), (b"-", b"\xe2\x88\x92"), (b"(", b"["), (b"K", b"mK"), (b"emu", b"furlong"))
_MOST_LINES = 60  # of a file that is damaged: more takes time and finds nothing more


def shortened(path):
    """The header of a file and enough rows that it is still recognized."""
    lines = path.read_bytes().split(b"\n")
    start = next((number for number, line in enumerate(lines) if line.startswith(b"[Data]")), 0)
    return b"\n".join([*lines[: start + 2], *lines[start + 2 :: max(1, len(lines) // _MOST_LINES)]])


def cells(line):
    mark = next((mark for mark in (b";", b",", b"\t") if mark in line), b" ")
    return line.split(mark), mark


def drop_bytes(content, dice):
    at = dice.randrange(len(content) + 1)
    return content[:at] + content[at + dice.choice((1, 2, 7, 100, 10_000)) :]


def insert_bytes(content, dice):
    at = dice.randrange(len(content) + 1)
    new = dice.choice((b"\0", b"\r", b"\n\n", b"\x1b[2J", bytes(dice.choices(range(256), k=5))))
    return content[:at] + new + content[at:]


def change_lines(content, dice):
    lines = content.split(b"\n")
    row, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    half = lines[row][: len(lines[row]) // 2]
    new = dice.choice(([], [lines[row]] * 2, [lines[row]] * 50, [lines[row], lines[other]], [half]))
    return b"\n".join([*lines[:row], *new, *lines[row + 1 :]])


def change_cell(content, dice):
    lines = content.split(b"\n")
    row = dice.randrange(len(lines))
    parts, mark = cells(lines[row])
    parts[dice.randrange(len(parts))] = dice.choice(CELLS)
    return b"\n".join([*lines[:row], mark.join(parts), *lines[row + 1 :]])


def change_column(content, dice):
    """The same odd cell in every row from one on, or the column left out."""
    lines = content.split(b"\n")
    row, left_out, cell = dice.randrange(len(lines)), dice.random() < 0.3, dice.choice(CELLS)
    place = dice.randrange(len(cells(lines[row])[0]))
    for number in range(row, len(lines)):
        parts, mark = cells(lines[number])
        parts[place : place + 1] = [] if left_out else [cell] * (place < len(parts))
        lines[number] = mark.join(parts)
    return b"\n".join(lines)


def scale_column(content, dice):
    """A column in another size: huge, tiny, or of the other sign."""
    lines, factor = content.split(b"\n"), dice.choice((1e300, 1e-300, 1e20, 1e-20, -1.0, 0.0))
    place = dice.randrange(12)
    for number, line in enumerate(lines):
        parts, mark = cells(line)
        try:
            parts[place] = repr(float(parts[place]) * factor).encode()
        except (ValueError, IndexError):
            continue
        lines[number] = mark.join(parts)
    return b"\n".join(lines)


def change_marks(content, dice):
    return content.replace(*dice.choice(MARKS))


def change_encoding(content, dice):
    zipped = gzip.compress(content, 1)
    kind = dice.choice(("utf-16", "utf-8-sig", "utf-16-le", "utf-32", "mark", "zipped", "cut"))
    special = {"mark": b"\xff\xfe" + content, "zipped": zipped, "cut": zipped[: dice.randrange(len(zipped))]}
    return special[kind] if kind in special else content.decode("latin-1").encode(kind)


MUTATIONS = (drop_bytes, insert_bytes, change_lines, change_cell, change_cell, change_column, scale_column,
             change_marks, change_encoding)  # fmt: skip


def mutated(content, dice):
    for _ in range(dice.randint(1, 3)):
        content = dice.choice(MUTATIONS)(content, dice)
    return content


def is_sound(data):
    """Finite quantity and conditions, temperatures above zero, and a text and a name that can be printed."""
    for key in {data.quantity, "temperature", "field", "frequency", "power"} & set(data.columns):
        assert np.all(np.isfinite(data[key].values)), key
    assert "temperature" not in data or np.all(data["temperature"].to("K") > 0.0)
    assert str(data) and data.name.isidentifier()
    check_error_column(data)


def follows(path, data):
    """What a user does next: per mass, and a run file that loads."""
    for step in (lambda: per_mass(data, 1e-6), lambda: write_run(path, path.parent)):
        is_refused(step)


def use(path, goes_on):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # as the command line does
        data = read(path)
        is_sound(data)
        if goes_on:
            follows(path, data)


def write_run(path, folder):
    (folder / "run.toml").write_text(run_file_text([path], folder=folder), encoding="utf-8")
    for dataset in load_run(folder / "run.toml").datasets:
        assert np.all(np.isfinite(dataset.measured.values))
        if "sigma" in dataset:  # else the fit finds it from the residuals
            assert np.all(np.isfinite(dataset["sigma"].values) & (dataset["sigma"].values > 0.0))


def refused_or_sound(path, count, folder, every=4):
    """How many of `count` damaged copies were refused; `every` so many go on to a run file."""
    dice, refused, content = random.Random(path.name), 0, shortened(path)
    damaged = folder / f"damaged{path.suffix}"
    damaged.write_bytes(content)
    assert len(read(damaged)) > 3, "sound before it is damaged"
    for number in range(count):
        damaged.write_bytes(mutated(content, dice))
        case, start = f"{path.name}, copy {number}", time.process_time()
        refused += is_refused(partial(use, damaged, number % every == 0), ReadError, damaged.name, case)
        assert time.process_time() - start < 5.0, case
    return refused


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_damaged_file_is_refused_or_sound(path, tmp_path):
    assert refused_or_sound(path, 15, tmp_path) > 1


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_hundreds_of_damaged_files_are_refused_or_sound(path, tmp_path):
    assert refused_or_sound(path, 300, tmp_path) > 30
