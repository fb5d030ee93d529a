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
def rebuild(field, slot, x):
    """Make the neighbor lists of a slot, one per pair of types, each pair of atoms once."""
    for pair in range(field.counts.shape[1]):
        field.counts[slot, pair] = 0
    lx, ly, lz = field.box[0], field.box[1], field.box[2]
    ix, iy, iz = (1.0 / lx if lx > 0 else 0.0), (1.0 / ly if ly > 0 else 0.0), (1.0 / lz if lz > 0 else 0.0)
    for i in range(x.shape[0]):
        for j in range(i + 1, x.shape[0]):
            dx, dy, dz = x[i, 0] - x[j, 0], x[i, 1] - x[j, 1], x[i, 2] - x[j, 2]
            dx -= lx * np.rint(dx * ix)
            dy -= ly * np.rint(dy * iy)
            dz -= lz * np.rint(dz * iz)
            pair = pair_index(field.types[i], field.types[j])
            reach = np.sqrt(field.coefficients[pair, 6]) + field.skin
            if dx * dx + dy * dy + dz * dz < reach * reach:
                count = field.counts[slot, pair]
                if count >= field.first.shape[2]:
                    field.status[0] = LIST_FULL
                    return
                field.first[slot, pair, count] = i
                field.second[slot, pair, count] = j
                field.counts[slot, pair] = count + 1
    for i in range(x.shape[0]):
        for k in range(3):
            field.reference[slot, i, k] = x[i, k]


@kernel
def lennard_jones(field, slot, x, forces):
    """4 eps [(s/r)^12 - (s/r)^6 + c0 + c1 r/s + c2 (r/s)^2 + c4 (r/s)^4] summed over the lists; adds to `forces`."""
    lx, ly, lz = field.box[0], field.box[1], field.box[2]
    ix, iy, iz = (1.0 / lx if lx > 0 else 0.0), (1.0 / ly if ly > 0 else 0.0), (1.0 / lz if lz > 0 else 0.0)
    total = 0.0
    for pair in range(field.counts.shape[1]):
        depth, sigma, c0, c1 = (field.coefficients[pair, 0], field.coefficients[pair, 1], field.coefficients[pair, 2],
                                field.coefficients[pair, 3])
        c2, c4, cutoff2 = field.coefficients[pair, 4], field.coefficients[pair, 5], field.coefficients[pair, 6]
        s2, inverse2 = sigma * sigma, 1.0 / (sigma * sigma)
        first, second = field.first[slot, pair], field.second[slot, pair]
        for n in range(field.counts[slot, pair]):
            i, j = first[n], second[n]
            dx, dy, dz = x[i, 0] - x[j, 0], x[i, 1] - x[j, 1], x[i, 2] - x[j, 2]
            dx -= lx * np.rint(dx * ix)
            dy -= ly * np.rint(dy * iy)
            dz -= lz * np.rint(dz * iz)
            r2 = dx * dx + dy * dy + dz * dz
            if r2 < cutoff2:
                over = s2 / r2
                six = over * over * over
                u = r2 * inverse2
                energy = six * (six - 1.0) + c0 + u * (c2 + u * c4)
                slope = 6.0 * six * (2.0 * six - 1.0) - 2.0 * u * (c2 + 2.0 * u * c4)  # -r dV/dr / (4 eps)
                if c1 != 0.0:
                    root = np.sqrt(u)
                    energy += c1 * root
                    slope -= c1 * root
                total += depth * energy
                push = depth * slope / r2
                forces[i, 0] += push * dx
                forces[i, 1] += push * dy
                forces[i, 2] += push * dz
                forces[j, 0] -= push * dx
                forces[j, 1] -= push * dy
                forces[j, 2] -= push * dz
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
