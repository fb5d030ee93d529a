"""Which rows were taken at the same conditions: nominal set points and repeats."""

from collections.abc import Mapping

import numpy as np

from glasstunnel.data.dataset import Column, Dataset

# Scatter around a set point: relative, absolute, and the unit of the latter. Cryostats hold a temperature to about a
# percent, magnets a field to a few oersted.
_SET_POINT = {"temperature": (0.02, 5e-4, "K"), "field": (0.01, 10.0, "Oe")}
_SAME = 5e-3  # relative scatter of any other condition: a frequency, a power
_TURN = 0.03  # of the range: a sweep that goes back by less has not turned round
_TOLERANCES = (1e-2, 5e-3, 2e-3, 1e-3, 5e-4, 2e-4)  # relative steps inside a run of repeats


def set_points(
    data: Dataset | Mapping[str, Column], key: str, tolerance: float | None = None
) -> list[tuple[float, np.ndarray]]:
    """Rows of each nominal value of a coordinate.

    Parameters
    ----------
    data : Dataset. key : str, a column of numbers.
    tolerance : float, optional, widest scatter around a set point in the unit of the column; by default 2 % (at least
        0.5 mK) for temperatures, 1 % (at least 10 Oe) for fields, 0.5 % for everything else.

    Returns
    -------
    list of (nominal value in the unit of the column, index array), ascending in the value.
    """
    values = data[key].values
    if tolerance is None:
        relative, absolute, unit = _SET_POINT.get(key, (_SAME, 0.0, data[key].unit))
        scale, widths = data[key].to(unit), lambda value: max(relative * abs(value), absolute)
    else:
        scale, widths = values, lambda value: tolerance
    order = np.argsort(scale, kind="stable")
    ascending, groups, start = scale[order], [], 0
    while start < len(order):
        # A group starts at its lowest value and may reach one scatter to either side of its middle.
        reach = 2.0 * widths(ascending[start])
        end = max(start + 1, int(np.searchsorted(ascending, ascending[start] + reach, side="right")))
        rows = np.sort(order[start:end])
        groups.append((float(np.median(values[rows])), rows))
        start = end
    return groups


def repeat_groups(data: Dataset, tolerance: float | None = None) -> list[np.ndarray]:
    """Runs of consecutive rows at the same conditions.

    Parameters
    ----------
    data : Dataset.
    tolerance : float, optional, largest relative step from row to row inside a run. By default it is found: the one of
        a few for which most runs have the same length and the steps between runs are clearly larger than inside.

    Returns
    -------
    list of index arrays that together hold every row; single rows when there are no repeats.
    """
    return np.split(np.arange(len(data)), _group_starts(data, tolerance))


def count_repeat_groups(data: Dataset) -> int:
    """Number of runs that `repeat_groups` finds; quick for a million rows.

    >>> count_repeat_groups(Dataset({"temperature": Column([2.0, 2.0, 4.0, 4.0], "K")}, "temperature"))
    2
    """
    return len(_group_starts(data, None)) + 1


def _group_starts(data, tolerance):
    """Rows at which a new run begins, the first left out."""
    steps = _steps(data)
    if tolerance is None:
        tolerance = max(_TOLERANCES, key=lambda candidate: _regularity(steps, candidate))
        if _regularity(steps, tolerance) < 0.5:
            tolerance = -1.0
    return np.flatnonzero(~(steps <= tolerance)) + 1


def _steps(data):
    """Relative change of the conditions from row to row, array of shape (n - 1,)."""
    total = np.zeros(len(data) - 1)
    present = [key for key in ("temperature", "field", "power", "frequency") if key in data]
    if not present:
        return np.full(len(data) - 1, np.inf)
    for key in present:
        values = np.abs(np.diff(data[key].values))
        size = np.abs(data[key].values)
        # A field passes through zero: its steps count relative to the largest one.
        size = np.full(len(values), size.max()) if key == "field" else np.maximum(size[1:], size[:-1])
        total = np.maximum(total, np.divide(values, size, out=np.zeros_like(values), where=size > 0.0))
    return total


def _regularity(steps, tolerance):
    """Fraction of rows in runs of the commonest length (at least 2); 0 when the runs do not stand apart."""
    inside = steps <= tolerance
    if not inside.any() or (inside.all() and steps.sum() > tolerance):
        return 0.0
    if not inside.all() and np.quantile(steps[~inside], 0.1) < 2.0 * np.quantile(steps[inside], 0.9):
        return 0.0
    edges = np.concatenate([[-1], np.flatnonzero(~inside), [len(steps)]])
    lengths = np.diff(edges)
    commonest = np.bincount(lengths).argmax()
    return float(lengths[lengths == commonest].sum() / (len(steps) + 1)) if commonest > 1 else 0.0


def sweeps(data: Dataset) -> list[tuple[str, np.ndarray]]:
    """Runs of rows between the turning points of the coordinate that is swept, temperature or field.

    Returns [("cooling" or "warming", "down" or "up" for a field; rows), ...] in the order of the file; one run when it
    never turns. Turns by less than 3 % of the range are scatter.

    >>> data = Dataset({"temperature": Column([2.0, 4.0, 8.0, 4.1, 2.1], "K")}, "temperature")
    >>> [(word, list(map(int, rows))) for word, rows in sweeps(data)]
    [('warming', [0, 1, 2]), ('cooling', [3, 4])]
    """
    levels = {key: len(set_points(data, key)) for key in ("temperature", "field") if key in data}
    if not levels:
        return [("run", np.arange(len(data)))]
    key = max(levels, key=lambda name: levels[name])
    values, turns = data[key].values, [0]
    least = _TURN * float(np.ptp(values))
    direction, extreme = 0.0, 0
    for row in range(1, len(values)):
        step = values[row] - values[extreme]
        if direction == 0.0 and abs(step) > least:
            direction = np.sign(step)
        if direction * step >= 0.0:
            extreme = row
        elif abs(step) > least:
            turns.append(extreme + 1)
            direction, extreme = -direction, row
    words = {"temperature": ("cooling", "warming"), "field": ("down", "up")}[key]
    runs = [rows for rows in np.split(np.arange(len(values)), turns[1:]) if rows.size]
    return [(words[int(values[rows[-1]] >= values[max(rows[0] - 1, 0)])], rows) for rows in runs]
