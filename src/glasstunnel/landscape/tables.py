"""Tables of pairs made by others: CSV columns to a `TunnelingCatalogue`, to heat capacity, loss and sound."""

import csv
import math
import re
from pathlib import Path
from typing import Any

import numpy as np

from glasstunnel.conversions.routes import convert_amount
from glasstunnel.errors import ParameterError, ReadError, UnitError
from glasstunnel.landscape.quantum import double_well_levels
from glasstunnel.landscape.unit_systems import units as units_of
from glasstunnel.numerics.checks import is_number
from glasstunnel.systems.catalogue import PER_SYSTEM, TunnelingCatalogue
from glasstunnel.units import convert

#: Quantity -> regular expression of the headings under which tables name it (lower case, without the unit).
COLUMNS = {
    "difference": r"(classical[ _])?(energy[ _]?(difference|asymmetry)|asymmetry|delta[ _]?e|de)",
    "barrier": r"((energy|classical|saddle)[ _])?barrier([ _](energy|height))?|v0|v_0",
    "distance": r"((total|euclidean|mass-weighted|path)[ _])?distance|chord|dr|d",
    "splitting": r"((quantum|tunnel(ing)?)[ _]?)?splitting|qs|delta_?e_?q|gap",
    "participation": r"participation([ _](ratio|number))?|pr|pn",
}
#: Quantities that are energies, and those that cannot be negative.
_ENERGIES, _POSITIVE = ("difference", "barrier", "splitting"), ("barrier", "distance", "splitting", "participation")
#: What a heading calls reduced units.
_REDUCED = ("", "1", "eps", "epsilon", "ε", "sigma", "σ", "lj", "reduced")


def read_pairs(path, units="argon"):
    """Columns of a CSV table of pairs: {quantity: array} for the quantities of `COLUMNS` that it names.

    Numbers are in reduced units unless the heading ends in a unit, as in ``barrier [meV]`` or ``distance (nm)``; then
    they are converted with what `units` says the model stands for. Raises `ReadError` (file, line) for a table without
    a splitting, or barrier and distance; for two columns of one quantity, units of another kind, text in numbers, and
    negative numbers where there can be none.
    """
    path, scale = Path(path), units_of(units)
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ReadError(f"{path}: cannot be read as a table of text: {error}") from None
    if len(rows) < 2:
        raise ReadError(f"{path}: needs a line of headings and at least one pair")
    at = _columns(path, rows[0])
    if "splitting" not in at and not {"barrier", "distance"} <= set(at):
        raise ReadError(f"{path}, line 1: no splitting, and not both barrier and distance, among the columns "
                        f"{', '.join(rows[0])}")
    factors = {quantity: _factor(f"{path}, line 1, column {n + 1}", quantity, rows[0][n], scale)
               for quantity, n in at.items()}  # fmt: skip
    table = {quantity: [] for quantity in at}
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        for quantity, n in at.items():
            table[quantity].append(factors[quantity] * _number(path, line, row, n, quantity in _POSITIVE))
    if not table[next(iter(table))]:
        raise ReadError(f"{path}: needs a line of headings and at least one pair")
    return {quantity: np.array(values) for quantity, values in table.items()}


def _columns(path, headings):
    """{quantity: column}; refuses two columns of one quantity."""
    at, names = {}, [_split_heading(heading)[0].lower() for heading in headings]
    for quantity, pattern in COLUMNS.items():
        matches = [n for n, name in enumerate(names) if re.fullmatch(pattern, name)]
        if len(matches) > 1:
            which = " and ".join(repr(headings[n]) for n in matches)
            raise ReadError(f"{path}, line 1: the columns {which} may all be the {quantity}: rename those that are not")
        if matches:
            at[quantity] = matches[0]
    return at


def _split_heading(heading):
    """(name, unit) of a heading such as ``barrier [meV]``; the unit is empty where there is none."""
    found = re.fullmatch(r"\s*(.*?)\s*[\[(]([^\])]*)[\])]\s*", heading)
    return (found[1], found[2].strip()) if found else (heading.strip(), "")


def _factor(where, quantity, heading, scale):
    """From the unit of a heading to reduced units."""
    unit = _split_heading(heading)[1]
    if unit.lower() in _REDUCED:
        return 1.0
    try:
        if quantity in _ENERGIES:
            return float(convert_amount(1.0, unit, "K")[0]) / scale.energy
        if quantity == "distance":
            return float(convert(1.0, "Angstrom" if unit == "A" else unit, "m")) / scale.length
    except (UnitError, ParameterError) as error:
        raise ReadError(f"{where}: {heading!r}: {error}") from None
    raise ReadError(f"{where}: {heading!r} has a unit, a {quantity} has none")


def _number(path, line, row, n, positive):
    try:
        value = float(row[n])
    except (ValueError, IndexError):
        raise ReadError(f"{path}, line {line}, column {n + 1}: no number") from None
    if not math.isfinite(value):
        raise ReadError(f"{path}, line {line}, column {n + 1}: {value} is not finite")
    if positive and value < 0:
        raise ReadError(f"{path}, line {line}, column {n + 1}: {value:g} is negative")
    return value


def catalogue_from_pairs(table, *, glasses, particles, units="argon", splitting="gap", max_gap=None, **options):
    """A `TunnelingCatalogue` from a table of pairs, of which one set per glass was found.

    table : path of a CSV file (see `read_pairs` for its headings and units) or the result of `read_pairs`. glasses,
    particles : how many glasses of how many particles were searched (they set the concentration). units : what the
    model stands for. splitting : "gap" if the column is E1 - E0 as it stands, "tunneling" if it is Delta0. A gap below
    the classical energy difference (zero points differ) leaves Delta0 = 0. Where there is no splitting it is solved for
    the quartic well with the barrier, the distance (mass-weighted) and the energy difference.
    max_gap : leave out systems with a larger gap [K]. options : further fields of the catalogue; of its lists (dipoles,
    deformation_potentials, ...) one number for all pairs, or one for each row of the table.
    The catalogue is marked a lower bound: a table has no saturation curve.
    """
    if not all(is_number(number, finite=True) and number > 0 for number in (glasses, particles)):
        raise ParameterError("catalogue_from_pairs needs positive numbers of glasses and of particles in each, got "
                             f"{glasses!r} and {particles!r}")
    columns = table if isinstance(table, dict) else read_pairs(table, units)
    scale = units_of(units)
    if "difference" not in columns and ("splitting" not in columns or splitting != "gap"):
        raise ReadError("the table has no energy difference: without it only a column of gaps can be used")
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
        options.setdefault("barriers", np.abs(columns["barrier"]) * scale.energy)
    chosen: dict[str, Any] = {name: _of_kept(value, kept) if name in PER_SYSTEM else value
                              for name, value in options.items()}  # fmt: skip
    return TunnelingCatalogue(
        scale.per_kilogram(float(kept.sum()), glasses * particles), asymmetries=tuple(difference[kept] * scale.energy),
        splittings=tuple(tunnel[kept] * scale.energy), lower_bound=True, **chosen,
    )  # fmt: skip


def _of_kept(value, kept):
    """One number for each pair that is kept, from one for all pairs or one for each row of the table."""
    if is_number(value):
        return (value,) * int(kept.sum())
    return tuple(np.asarray(value)[kept]) if np.shape(value) == kept.shape else value


def quartic_splitting(barrier, distance, difference, hbar):
    """Delta0 of the quartic double well with this barrier, distance of the minima and energy difference.

    >>> from glasstunnel.landscape import quartic_splitting
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
