"""What a careful reader of a data file would notice: repeats, branches, odd rows, labels that contradict each other."""

import re
from collections.abc import Sequence

import numpy as np

from glasstunnel.data.dataset import Dataset
from glasstunnel.data.grouping import count_repeat_groups, set_points
from glasstunnel.data.noise import check_error_column
from glasstunnel.errors import UnitError
from glasstunnel.observables.table import CONDITIONS
from glasstunnel.units import convert

_IN_NAME = re.compile(r"(?<![A-Za-z0-9.])(\d+(?:[.p]\d+)?)[_ ]?(dBm|mK|K|kOe|Oe|mT|T)(?![A-Za-z0-9])")
_COLUMN_OF = {"dBm": "power", "mK": "temperature", "K": "temperature",
              "kOe": "field", "Oe": "field", "mT": "field", "T": "field"}  # fmt: skip


def reading_notes(data: Dataset, lines: Sequence[int], stem: str) -> list[str]:
    """Sentences about a freshly read dataset; `lines` are the file lines of its rows, `stem` the file name."""
    with np.errstate(all="ignore"):
        notes = [*_held(data), _repeats(data), _branches(data), _turning_rows(data, lines), _reference_row(data)]
    report = check_error_column(data)
    if report.kind != "varies":
        notes.append(report.sentence)
    return [note for note in [*notes, *_name_contradictions(data, stem)] if note]


def _held(data):
    """Several set points of the conditions that were held while another one was swept."""
    known = [key for key in ("temperature", "field", *CONDITIONS) if key in data and key != data.quantity]
    levels = {key: [value for value, _ in set_points(data, key)] for key in known if not data[key].is_text}
    if len(levels) < 2:
        return
    *others, swept = sorted(levels, key=lambda key: len(levels[key]))
    for held in others:
        if 1 < len(levels[held]) <= min(len(data) / 3, 50, len(levels[swept]) - 1):
            yield _held_words(data, held, levels[held])


def _held_words(data, held, levels):
    listed = ", ".join(f"{level:.4g}" for level in levels[:12])
    more = ", ..." if len(levels) > 12 else ""
    return (f"holds {len(levels)} values of {held} ({listed}{more} {data[held].unit}): split_by(data, {held!r}), "
            f'in a run file {{do = "split_by", column = "{held}"}}')  # fmt: skip


def _repeats(data):
    groups = count_repeat_groups(data)
    if groups == len(data):
        return None
    return (f"{len(data)} rows are repeats at {groups} conditions: average_repeats(data), in a run file "
            '{do = "average_repeats"}, takes their means')  # fmt: skip


def _branches(data):
    """A field loop runs through the same fields more than once."""
    if "field" not in data or len(set_points(data, "field")) < 5:
        return None
    steps = np.sign(np.diff(data["field"].values))
    steps = steps[steps != 0]
    turns = int(np.sum(steps[1:] != steps[:-1]))
    if not 0 < turns <= len(data) / 10:
        return None
    return (f"the field turns round {turns} times: up and down branches are in one file: split_by(data, 'sweep') "
            'separates them, in a run file {do = "split_by", column = "sweep"}')


def _turning_rows(data, lines):
    """Single rows out of order: in temperature, or in a quantity that is otherwise monotonic in temperature."""
    if "temperature" not in data or len(data) < 8:
        return None
    for key in ("temperature", data.quantity):
        changes = np.diff(data[key].values)
        steps = np.sign(changes)
        trend = np.sign(np.sum(steps))
        against = np.flatnonzero((steps == -trend) & ~_next_run(data))
        if key != "temperature" and not np.any(np.abs(changes[against]) > 0.5 * np.median(np.abs(changes))):
            continue  # a plateau, on which noise goes either way
        # Isolated turns only: neighboring ones are a plateau or a branch, many are noise.
        if trend and 0 < against.size <= max(1, len(data) // 25) and np.all(np.diff(against) > 1):
            where = ", ".join(f"line {lines[row]} to {lines[row + 1]}" for row in against[:5])
            word, other = ("falls", "rises") if trend > 0 else ("rises", "falls")
            return f"{key} {word} from {where}, but {other} elsewhere: rows out of order, a misprint or a second run?"
    return None


def _next_run(data):
    """Steps at which the field or another held condition goes to its next set point: there another sweep begins."""
    steps = np.zeros(len(data) - 1, dtype=bool)
    for key in ("field", *CONDITIONS):
        if key not in data or key == data.quantity or data[key].is_text:
            continue
        levels = set_points(data, key)
        if key != "field" and len(levels) > len(data) / 3:
            continue  # swept, not held
        runs = np.zeros(len(data), dtype=int)
        for number, (_, rows) in enumerate(levels):
            runs[rows] = number
        steps |= runs[1:] != runs[:-1]
    return steps


def _reference_row(data):
    values = data.measured.values
    if data.quantity == "frequency_shift" and values[0] == 0.0:
        return "the first frequency shift is exactly 0: it is the reference of the others and no measurement"
    return None


def _name_contradictions(data, stem):
    """A condition in the file name that the column does not confirm."""
    for number, unit in _IN_NAME.findall(stem):
        column = _COLUMN_OF[unit]
        if column not in data:
            continue
        stated = float(number.replace("p", "."))
        try:
            values = convert(data[column].values, data[column].unit, unit)
        except UnitError:
            continue
        # The sign is lost in file names: 160dBm means -160 dBm.
        low, high = np.min(np.abs(values)), np.max(np.abs(values))
        if not 0.98 * low <= stated <= 1.02 * high:
            lowest, highest = np.min(values), np.max(values)
            names = f"{lowest:g}" if lowest == highest else f"{lowest:g} to {highest:g}"
            yield (f"label contradiction: the file name says {number} {unit}, but column {data[column].label!r} says "
                   f"{names} {unit}; the column is kept as it is")  # fmt: skip
