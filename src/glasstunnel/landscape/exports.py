"""What a campaign found, for other programs: CSV and Parquet tables, structures for ASE and OVITO."""

import csv
from pathlib import Path

from glasstunnel.errors import LandscapeError, ParameterError
from glasstunnel.landscape.analysis import collect
from glasstunnel.landscape.backends.ase_calculator import to_ase
from glasstunnel.landscape.stages import configuration
from glasstunnel.landscape.unit_systems import units

#: Columns of the tables: heading -> key of a row; energies in kelvin are added.
_COLUMNS = ("glass", "number", "i", "j", "energy_i", "energy_j", "saddle_energy", "barrier", "asymmetry", "chord",
            "length", "participation", "splitting", "tunnel_splitting", "effective_asymmetry", "longitudinal",
            "transverse", "dipole", "kind", "method", "solver")  # fmt: skip


def export(campaign, path):
    """Write the edges of a campaign; the ending of `path` chooses: .csv, .parquet or .extxyz. Returns their number.

    The extended XYZ file holds, for every edge, first minimum, saddle and second minimum, with the displacement from
    the first minimum as a vector of each atom: OVITO draws it as arrows.
    """
    path = Path(path)
    writers = {".csv": _csv, ".parquet": _parquet, ".extxyz": _structures}
    if path.suffix not in writers:
        raise ParameterError(f"{path}: export writes {', '.join(writers)}")
    rows = list(collect(campaign).edges)
    writers[path.suffix](campaign, rows, path)
    return len(rows)


def _table(campaign, rows):
    scale = units(campaign.settings.tunneling.units).energy
    table = {name: [row.get(name) for row in rows] for name in _COLUMNS}
    for name in ("barrier", "asymmetry", "splitting", "tunnel_splitting"):
        table[f"{name}_kelvin"] = [None if value is None else value * scale for value in table[name]]
    return table


def _csv(campaign, rows, path):
    table = _table(campaign, rows)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))


def _parquet(campaign, rows, path):
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise LandscapeError("Parquet needs pyarrow: pip install pyarrow; or export to .csv") from None
    parquet.write_table(pyarrow.table(_table(campaign, rows)), path)


def _structures(campaign, rows, path):
    from ase.io import write

    frames, stored = [], {}
    for row in rows:
        glass, n = row["glass"], row["number"]
        if glass not in stored:
            stored = {glass: campaign.glass_arrays(glass, ("glass", "edges"))}
        track = stored[glass]["edges"]["paths"][n]
        top = stored[glass]["edges"]["saddles"][n]
        for name, x in (("minimum i", track[0]), ("saddle", top), ("minimum j", track[-1])):
            atoms = to_ase(configuration(campaign.settings, stored[glass], x))
            # the name by which OVITO knows a vector that it draws as arrows
            atoms.arrays["Displacement"] = x - track[0]
            atoms.info |= {"glass": glass, "edge": n, "what": name, "barrier": row["barrier"]}
            frames.append(atoms)
    write(path, frames, format="extxyz")
