"""Tables of pairs made by others: CSV columns to a `TunnelingCatalogue`, to heat capacity, loss and sound."""

import csv
import math
import re
from pathlib import Path

import numpy as np

from glasstunnel.errors import ReadError
from glasstunnel.landscape.quantum import double_well_levels
from glasstunnel.landscape.unit_systems import units as units_of
from glasstunnel.systems.catalogue import TunnelingCatalogue

#: Quantity -> regular expression of the headings under which tables name it (lower case).
COLUMNS = {
    "difference": r"(classical[ _])?(energy[ _]?difference|asymmetry|delta[ _]?e|de|energy_asymmetry)\b.*",
    "barrier": r".*barrier.*|v0|v_0",
    "distance": r".*distance.*|chord|dr|d",
    "splitting": r"(quantum[ _]?)?splitting|qs|delta_?e_?q|gap",
    "participation": r".*participation.*|pr|pn",
}


def read_pairs(path):
    """Columns of a CSV table of pairs: {quantity: array} for the quantities of `COLUMNS` that it names.

    Raises `ReadError` (file, line) for a table without a splitting, or barrier and distance, and for text in numbers.
    """
    path = Path(path)
    try:
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: cannot be read as text: {error}") from None
    if len(rows) < 2:
        raise ReadError(f"{path}: needs a line of headings and at least one pair")
    at = {}
    for quantity, pattern in COLUMNS.items():
        matches = [n for n, heading in enumerate(rows[0]) if re.fullmatch(pattern, heading.strip().lower())]
        if matches:
            at[quantity] = matches[0]
    if "splitting" not in at and not {"barrier", "distance"} <= set(at):
        raise ReadError(f"{path}, line 1: no splitting, and not both barrier and distance, among the columns "
                        f"{', '.join(rows[0])}")
    table = {quantity: [] for quantity in at}
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        for quantity, n in at.items():
            table[quantity].append(_number(path, line, row, n))
    return {quantity: np.array(values) for quantity, values in table.items()}


def _number(path, line, row, n):
    try:
        value = float(row[n])
    except (ValueError, IndexError):
        raise ReadError(f"{path}, line {line}, column {n + 1}: no number") from None
    if not math.isfinite(value):
        raise ReadError(f"{path}, line {line}, column {n + 1}: {value} is not finite")
    return value


def catalogue_from_pairs(table, *, glasses, particles, units="argon", splitting="gap", max_gap=None, **options):
    """A `TunnelingCatalogue` from a table of pairs, of which one set per glass was found.

    table : path of a CSV file or the result of `read_pairs`, in reduced units. glasses, particles : how many glasses of
    how many particles were searched (they set the concentration). units : what the model stands for.
    splitting : "gap" if the column is E1 - E0 as it stands, "tunneling" if it is Delta0. Where there is no splitting it
    is solved for the quartic well with the barrier, the distance (mass-weighted) and the energy difference.
    max_gap : leave out systems with a larger gap [K]. options : further fields of the catalogue (dipoles, ...).
    The catalogue is marked a lower bound: a table has no saturation curve.
    """
    columns = table if isinstance(table, dict) else read_pairs(table)
    scale = units_of(units)
    count = len(next(iter(columns.values())))
    difference = np.abs(columns.get("difference", np.zeros(count)))
    if "splitting" not in columns:
        solved = [quartic_splitting(v, d, e, scale.hbar) for v, d, e in
                  zip(columns["barrier"], columns["distance"], difference, strict=True)]  # fmt: skip
        tunnel = np.array(solved)
    elif splitting == "tunneling":
        tunnel = columns["splitting"]
    elif splitting == "gap":
        difference = np.minimum(difference, columns["splitting"])
        tunnel = np.sqrt(columns["splitting"] ** 2 - difference**2)
    else:
        raise ReadError(f'splitting must be "gap" or "tunneling", got {splitting!r}')
    gaps = np.hypot(difference, tunnel) * scale.energy
    kept = (gaps > 0) & (gaps <= (np.inf if max_gap is None else max_gap))
    if not kept.any():
        raise ReadError("no pair of the table has a gap above zero and below max_gap")
    if "barrier" in columns:
        options.setdefault("barriers", tuple(np.abs(columns["barrier"][kept]) * scale.energy))
    return TunnelingCatalogue(
        scale.per_kilogram(float(kept.sum()), glasses * particles), asymmetries=tuple(difference[kept] * scale.energy),
        splittings=tuple(tunnel[kept] * scale.energy), lower_bound=True, **options,
    )  # fmt: skip


def quartic_splitting(barrier, distance, difference, hbar):
    """Delta0 of the quartic double well with this barrier, distance of the minima and energy difference.

    >>> f"{quartic_splitting(0.5, 2.0, 0.0, 0.125):.3e}"  # V0 = 2 hbar Omega
    '4.739e-05'
    """
    if not (barrier > 0 and distance > 0):
        return 0.0
    s = np.linspace(-1.6, 1.6, 81)
    tilt = 0.5 * difference * (1.5 * s - 0.5 * s**3)  # has its extremes at the two minima
    inside = np.abs(s) <= 1
    V = barrier * (s**2 - 1) ** 2 + np.where(inside, tilt, 0.5 * difference * np.sign(s))
    return double_well_levels((0.5 * distance * s, V), hbar=hbar).tunnel_splitting
