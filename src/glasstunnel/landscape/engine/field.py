"""Energy and forces of a configuration: pair potentials with Verlet lists, or a planar test surface.

A `Field` is what a kernel must know of a model: coefficients, box, and the neighbor lists, one per slot, so that the
images of a band do not rebuild each other's list. `evaluate` is the one function the algorithms call.
"""

from typing import NamedTuple

import numpy as np

from glasstunnel.landscape.engine.compile import kernel

LENNARD_JONES, TABLE, SURFACE = 0, 1, 2
#: status[0]: 0 fine, 1 a neighbor list is full, 2 atoms closer than a table reaches.
LIST_FULL, TOO_CLOSE = 1, 2
#: Pairs that are treated at once: their buffers stay in the fastest cache.
BLOCK = 256


class Field(NamedTuple):
    """Arrays of one model: see `make_field` for how they are filled.

    coefficients : (pairs of types, 8): 4 eps, sigma, c0, c1, c2, c4, cutoff squared, unused; for a surface its rows.
    table : (pairs of types, intervals, 4) cubic pieces in r^2, highest power first; grid : (pairs of types, 2).
    first, second : (slots, pairs of types, capacity) neighbor lists; counts : (slots, pairs of types).
    """

    form: int
    types: np.ndarray
    box: np.ndarray
    coefficients: np.ndarray
    table: np.ndarray
    grid: np.ndarray
    first: np.ndarray
    second: np.ndarray
    counts: np.ndarray
    reference: np.ndarray
    skin: float
    status: np.ndarray


@kernel
def pair_index(a, b):
    """Number of the pair of types (a, b): 00, 01, 11, 02, 12, 22, ..."""
    return a + b * (b + 1) // 2 if a < b else b + a * (a + 1) // 2


@kernel
def list_is_old(field, slot, x):
    """True when an atom has moved more than half the skin since the list of this slot was made."""
    limit = 0.25 * field.skin * field.skin
    for i in range(x.shape[0]):
        moved = 0.0
        for k in range(3):
            step = x[i, k] - field.reference[slot, i, k]
            moved += step * step
        if not moved <= limit:
            return True
    return False


@kernel
def squared_reaches(field):
    """(widest, one per pair of types): squared distances out to which pairs are listed."""
    reaches, widest = np.empty(field.counts.shape[1]), 0.0
    for pair in range(reaches.size):
        reaches[pair] = (np.sqrt(field.coefficients[pair, 6]) + field.skin) ** 2
        widest = max(widest, reaches[pair])
    return widest, reaches


@kernel
def rebuild(field, slot, x):
    """Make the neighbor lists of a slot, one per pair of types, each pair of atoms once."""
    for pair in range(field.counts.shape[1]):
        field.counts[slot, pair] = 0
    count = x.shape[0]
    widest, reaches = squared_reaches(field)
    columns, steps, r2 = np.empty((3, count)), np.empty((3, count)), np.empty(count)
    for k in range(3):
        for i in range(count):
            columns[k, i] = x[i, k]
    for i in range(count):
        for k in range(3):
            differences(x[i, k], columns[k, i + 1 :], steps[k])
            fold(steps[k], count - i - 1, field.box[k])
        square_sums(steps[0], steps[1], steps[2], r2, count - i - 1)
        for j in range(i + 1, count):
            if r2[j - i - 1] < widest:
                pair = pair_index(field.types[i], field.types[j])
                if r2[j - i - 1] < reaches[pair]:
                    listed = field.counts[slot, pair]
                    if listed >= field.first.shape[2]:
                        field.status[0] = LIST_FULL
                        return
                    field.first[slot, pair, listed] = i
                    field.second[slot, pair, listed] = j
                    field.counts[slot, pair] = listed + 1
    for i in range(count):
        for k in range(3):
            field.reference[slot, i, k] = x[i, k]


@kernel
def differences(value, column, steps):
    """steps = value - column."""
    for n in range(column.size):
        steps[n] = value - column[n]


@kernel
def fold(steps, size, length):
    """Minimum image of the first `size` coordinate differences, in place; `length` 0 for an open direction."""
    inverse = 1.0 / length if length > 0 else 0.0
    for n in range(size):
        steps[n] -= length * np.rint(steps[n] * inverse)


@kernel
def square_sums(dx, dy, dz, r2, size):
    """r2 = dx^2 + dy^2 + dz^2 for the first `size` pairs."""
    for n in range(size):
        r2[n] = dx[n] * dx[n] + dy[n] * dy[n] + dz[n] * dz[n]


@kernel
def lennard_jones_pairs(numbers, r2, energies, pushes, size):
    """4 eps [(s/r)^12 - (s/r)^6 + c0 + c2 (r/s)^2 + c4 (r/s)^4] and -dV/dr / r of `size` pairs; 0 beyond the cutoff."""
    depth, sigma, c0, c2, c4 = numbers[0], numbers[1], numbers[2], numbers[4], numbers[5]
    cutoff2, s2, inverse2 = numbers[6], sigma * sigma, 1.0 / (sigma * sigma)
    for n in range(size):
        inverse = 1.0 / r2[n]
        over = s2 * inverse
        six = over * over * over
        u = r2[n] * inverse2
        energy = six * (six - 1.0) + c0 + u * (c2 + u * c4)
        slope = 6.0 * six * (2.0 * six - 1.0) - 2.0 * u * (c2 + 2.0 * u * c4)  # -r dV/dr / (4 eps)
        inside = r2[n] < cutoff2
        energies[n] = depth * energy if inside else 0.0
        pushes[n] = depth * slope * inverse if inside else 0.0


@kernel
def add_linear_term(numbers, r2, energies, pushes, size):
    """The term c1 r/s of the shifted force."""
    for n in range(size):
        if r2[n] < numbers[6]:
            root = numbers[0] * numbers[3] * np.sqrt(r2[n]) / numbers[1]
            energies[n] += root
            pushes[n] -= root / r2[n]


@kernel
def lennard_jones(field, slot, x, forces):
    """4 eps [(s/r)^12 - (s/r)^6 + c0 + c1 r/s + c2 (r/s)^2 + c4 (r/s)^4] summed over the lists; adds to `forces`.

    In blocks, so that what is the same for all pairs runs in the vector units; sums keep the order of the list.
    """
    dx, dy, dz, r2 = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    energies, pushes, total = np.empty(BLOCK), np.empty(BLOCK), 0.0
    for pair in range(field.counts.shape[1]):
        numbers, count = field.coefficients[pair], field.counts[slot, pair]
        for start in range(0, count, BLOCK):
            size = min(BLOCK, count - start)
            first = field.first[slot, pair, start : start + size]
            second = field.second[slot, pair, start : start + size]
            for n in range(size):
                i, j = first[n], second[n]
                dx[n], dy[n], dz[n] = x[i, 0] - x[j, 0], x[i, 1] - x[j, 1], x[i, 2] - x[j, 2]
            fold(dx, size, field.box[0])
            fold(dy, size, field.box[1])
            fold(dz, size, field.box[2])
            square_sums(dx, dy, dz, r2, size)
            lennard_jones_pairs(numbers, r2, energies, pushes, size)
            if numbers[3] != 0.0:
                add_linear_term(numbers, r2, energies, pushes, size)
            for n in range(size):
                push = pushes[n]
                if push != 0.0:
                    i, j = first[n], second[n]
                    total += energies[n]
                    forces[i, 0] += push * dx[n]
                    forces[i, 1] += push * dy[n]
                    forces[i, 2] += push * dz[n]
                    forces[j, 0] -= push * dx[n]
                    forces[j, 1] -= push * dy[n]
                    forces[j, 2] -= push * dz[n]
    return total


@kernel
def tabulated(field, slot, x, forces):
    """The same with a table of cubic pieces in r^2 (twice continuously differentiable)."""
    total = 0.0
    for pair in range(field.counts.shape[1]):
        cutoff2 = field.coefficients[pair, 6]
        start, width = field.grid[pair, 0], field.grid[pair, 1]
        for n in range(field.counts[slot, pair]):
            i, j = field.first[slot, pair, n], field.second[slot, pair, n]
            r2 = 0.0
            for k in range(3):
                step = separation(field.box[k], x[i, k] - x[j, k])
                r2 += step * step
            if r2 < cutoff2:
                if r2 < start:
                    field.status[0] = TOO_CLOSE
                at = max(0, min(int((r2 - start) / width), field.table.shape[1] - 1))
                t = r2 - start - at * width
                a, b, c, d = (field.table[pair, at, 0], field.table[pair, at, 1], field.table[pair, at, 2],
                              field.table[pair, at, 3])
                total += ((a * t + b) * t + c) * t + d
                push = -2.0 * ((3.0 * a * t + 2.0 * b) * t + c)
                for k in range(3):
                    step = separation(field.box[k], x[i, k] - x[j, k])
                    forces[i, k] += push * step
                    forces[j, k] -= push * step
    return total


@kernel
def separation(length, difference):
    """Minimum image of a coordinate difference; `length` 0 for an open direction."""
    return difference - length * np.rint(difference / length) if length > 0 else difference


@kernel
def surface(field, x, forces):
    """A planar test surface: rows (kind, A, ...): 0 A exp(a dx^2 + b dx dy + c dy^2), 1 A x^m y^n, 2 A z^2/2."""
    total = 0.0
    for i in range(x.shape[0]):
        for row in range(field.coefficients.shape[0]):
            kind, A, a, b, c = (field.coefficients[row, 0], field.coefficients[row, 1], field.coefficients[row, 2],
                                field.coefficients[row, 3], field.coefficients[row, 4])
            if kind == 0:
                dx, dy = x[i, 0] - field.coefficients[row, 5], x[i, 1] - field.coefficients[row, 6]
                value = A * np.exp(a * dx * dx + b * dx * dy + c * dy * dy)
                total += value
                forces[i, 0] -= value * (2.0 * a * dx + b * dy)
                forces[i, 1] -= value * (b * dx + 2.0 * c * dy)
            elif kind == 1:
                px, py = x[i, 0] ** int(a), x[i, 1] ** int(b)
                total += A * px * py
                forces[i, 0] -= A * a * x[i, 0] ** max(int(a) - 1, 0) * py
                forces[i, 1] -= A * b * px * x[i, 1] ** max(int(b) - 1, 0)
            else:
                total += 0.5 * A * x[i, 2] * x[i, 2]
                forces[i, 2] -= A * x[i, 2]
    return total


@kernel
def evaluate(field, slot, x, forces):
    """Energy at x (atoms, 3); writes the forces. The neighbor list of the slot is renewed when it is old."""
    for i in range(x.shape[0]):
        for k in range(3):
            forces[i, k] = 0.0
    if field.form == SURFACE:
        return surface(field, x, forces)
    if list_is_old(field, slot, x):
        rebuild(field, slot, x)
    if field.form == LENNARD_JONES:
        return lennard_jones(field, slot, x, forces)
    return tabulated(field, slot, x, forces)


def make_field(model, types, box, slots=1, skin=0.3):
    """The `Field` of a model for atoms of the given types in a box (infinite lengths: open).

    slots : independent neighbor lists, one per image that is followed at the same time.
    """
    count, pairs = len(types), len(model.coefficients)
    lengths = np.where(np.isfinite(box), box, 0.0).astype(float)
    everything = count * (count - 1) // 2
    capacity, reach = everything, np.sqrt(model.coefficients[:, 6].max()) + skin
    if model.form != SURFACE and np.isfinite(reach) and np.all(lengths > 0):
        expected = 2.0 / 3.0 * np.pi * reach**3 * count**2 / np.prod(lengths)
        capacity = min(everything, int(2.0 * expected) + 40 * count)
    capacity = 1 if model.form == SURFACE else max(capacity, 1)
    return Field(
        form=model.form, types=np.ascontiguousarray(types, dtype=np.int64), box=lengths,
        coefficients=np.ascontiguousarray(model.coefficients, dtype=float),
        table=np.ascontiguousarray(model.table, dtype=float), grid=np.ascontiguousarray(model.grid, dtype=float),
        first=np.empty((slots, pairs, capacity), dtype=np.int32),
        second=np.empty((slots, pairs, capacity), dtype=np.int32),
        counts=np.zeros((slots, pairs), dtype=np.int64), reference=np.full((slots, count, 3), np.nan),
        skin=float(skin), status=np.zeros(1, dtype=np.int64),
    )  # fmt: skip
