"""Quantum Design files: MPMS3 and PPMS-VSM moments, the older MPMS XL, and PPMS heat capacity.

All are a ``[Header]`` of comma separated INFO lines and a ``[Data]`` table; the three header grammars differ in where
an INFO line keeps its key. Meanings and units of the header entries follow the instruments' own dialogs: mass in mg,
molecular weight in g/mol.
"""

from pathlib import Path

import numpy as np

from glasstunnel.data.dataset import Dataset
from glasstunnel.data.readers.table import Recognized, TextTable, build_dataset, label_unit, parse_number, split_cells
from glasstunnel.data.readers.text import TextFile, read_text
from glasstunnel.errors import ReadError

_HEADER_LINES = 400  # more lines before [Data] than any instrument writes
_COMMENTS_SHOWN = 10
_MPMS3 = {"temperature": "Temperature (K)", "field": "Magnetic Field (Oe)"}
_MOMENTS = {
    "vsm": ("Moment (emu)", "M. Std. Err. (emu)"),
    "free": ("DC Moment Free Ctr (emu)", "DC Moment Err Free Ctr (emu)"),
    "fixed": ("DC Moment Fixed Ctr (emu)", "DC Moment Err Fixed Ctr (emu)"),
}
_MPMS_XL = {"temperature": "Temperature (K)", "field": "Field (Oe)", "moment": "Long Moment (emu)",
            "moment_error": "Long Scan Std Dev"}  # fmt: skip
_HEAT_CAPACITY = {
    "temperature": "Sample Temp", "field": "Field", "heat_capacity": "Samp HC", "heat_capacity_error": "Samp HC Err",
    "heat_capacity_addenda": "Addenda HC", "heat_capacity_addenda_error": "Addenda HC Err",
    "heat_capacity_total": "Total HC", "heat_capacity_total_error": "Total HC Err", "fit_deviation": "Fit Deviation",
}  # fmt: skip


def recognizes_moment(head: TextFile) -> bool:
    """MPMS3 or VSM: temperature, field and one of the moment columns."""
    labels = _labels(head)
    return set(_MPMS3.values()) <= labels and any(pair[0] in labels for pair in _MOMENTS.values())


def recognizes_mpms_xl(head: TextFile) -> bool:
    """MPMS XL: its `Long Moment (emu)` column."""
    return {_MPMS_XL[key] for key in ("temperature", "field", "moment")} <= _labels(head)


def recognizes_heat_capacity(head: TextFile) -> bool:
    """PPMS heat capacity: sample temperature and sample heat capacity."""
    return {"Sample Temp", "Samp HC"} <= {label_unit(label)[0] for label in _labels(head)}


def read_moment(path: str | Path, *, center: str = "free", name: str | None = None) -> Dataset:
    """Moment from an MPMS3 (DC scan or VSM) or a PPMS VSM.

    Parameters
    ----------
    path : str or Path.
    center : ``"free"`` or ``"fixed"``, which of the two fits of a DC scan becomes ``moment``; the other one stays
        under its own label.
    name : str, optional, name of the dataset; by default made from the file name.

    Returns
    -------
    Dataset with ``temperature``, ``field``, ``moment``, ``moment_error`` and every other column of the file.
    """
    if center not in ("free", "fixed"):
        raise ReadError(f"{path}: center must be 'free' or 'fixed', got {center!r}")
    table, header, comments = _table(path)
    for label in _MPMS3.values():
        _index(table, label)
    mode, notes = _moment_mode(table, center)
    value, error = _MOMENTS[mode]
    wanted = {**_MPMS3, "moment": value, "moment_error": error}
    columns = {key: (table.labels.index(label), label_unit(label)[1])
               for key, label in wanted.items() if label in table.labels}  # fmt: skip
    metadata = _mpms3_metadata(header)
    known = Recognized("qd-moment", columns, "moment", metadata, (*notes, *_mpms3_notes(header, metadata), *comments))
    return build_dataset(table, known, name)


def read_mpms_xl(path: str | Path, *, name: str | None = None) -> Dataset:
    """Longitudinal moment from an MPMS XL DC file; `name` is the name of the dataset."""
    table, header, comments = _table(path)
    columns = {key: (_index(table, label), "emu" if key == "moment_error" else label_unit(label)[1])
               for key, label in _MPMS_XL.items() if key != "moment_error" or label in table.labels}  # fmt: skip
    entries = dict(cells[:2] for cells in (line[1:] for line in header) if len(cells) >= 2)
    metadata = {"sample_name": entries.get("NAME", ""), "comment": entries.get("COMMENT", "")}
    notes = []
    if entries.get("WEIGHT"):
        metadata["sample_mass"] = f"{entries['WEIGHT']} mg"
        notes.append(_mass_note("WEIGHT", entries["WEIGHT"]))
    return build_dataset(table, Recognized("qd-mpms-xl", columns, "moment", metadata, (*notes, *comments)), name)


def read_heat_capacity(path: str | Path, *, name: str | None = None) -> Dataset:
    """Sample heat capacity from the PPMS heat-capacity option; `name` is the name of the dataset.

    The instrument has already subtracted the addenda from ``heat_capacity``; ``heat_capacity_total`` has them.
    """
    table, header, comments = _table(path)
    split = [label_unit(label) for label in table.labels]
    names = [label for label, _ in split]
    columns = {key: (names.index(label), split[names.index(label)][1])
               for key, label in _HEAT_CAPACITY.items() if label in names}  # fmt: skip
    for key in ("temperature", "heat_capacity"):
        _index(table, _HEAT_CAPACITY[key], names)
    if "fit_deviation" in columns:
        columns["fit_deviation"] = (columns["fit_deviation"][0], "")  # the file writes "(ChiSquare)" for its unit
    entries = {cells[2].partition(":")[0]: (cells[1], label_unit(cells[2])[1]) for cells in header if len(cells) >= 3}
    metadata = {ours: f"{entries[theirs][0]} {entries[theirs][1]}".strip()
                for ours, theirs in (("sample_mass", "MASS"), ("sample_mass_error", "MASSERR"),
                                     ("molar_mass", "MOLWGHT"), ("atoms_per_formula", "ATOMS"))
                if entries.get(theirs, ("",))[0]}  # fmt: skip
    metadata = {key: text.replace("g/mole", "g/mol") for key, text in metadata.items()}
    notes = ["addenda are already subtracted from heat_capacity by the instrument", *comments]
    if "molar_mass" not in metadata:
        notes.append("the header gives no formula weight: heat capacity per mole needs one from you")
    notes += _poor_fits(table, columns.get("fit_deviation"))
    return build_dataset(table, Recognized("qd-heat-capacity", columns, "heat_capacity", metadata, tuple(notes)), name)


def data_labels(head: TextFile) -> list[str]:
    """Column labels of a file with a [Data] section, [] when there is none; also used to explain a refusal."""
    lines = [line.strip() for line in head.lines[:_HEADER_LINES]]
    if "[Data]" not in lines[:-1]:
        return []
    return split_cells(lines[lines.index("[Data]") + 1], ",")


def _labels(head):
    return set(data_labels(head))


def _table(path):
    """The table of a file, its INFO lines as cells, and its comments as notes."""
    file = read_text(path)
    labels = data_labels(file)
    if not labels:
        raise file.error("no [Data] line followed by column labels; the file is cut or not from Quantum Design")
    start = [line.strip() for line in file.lines].index("[Data]") + 2
    header = [split_cells(line, ",") for line in file.lines[:start] if line.startswith("INFO,")]
    comment = next((index for index, label in enumerate(labels) if label_unit(label)[0] == "Comment"), None)
    rows, lines, comments = [], [], []
    for number, line in enumerate(file.lines[start:], start + 1):
        if not line.strip():
            continue
        cells = split_cells(line, ",")
        if _is_comment(cells, comment):
            comments.append(f"line {number} says: {', '.join(cells[comment:]).strip(', ')[:200]}")
        elif len(cells) != len(labels):
            raise file.error(f"{len(cells)} cells, but the table has {len(labels)} columns; is the file cut?", number)
        else:
            rows.append(cells)
            lines.append(number)
    if not rows:
        raise file.error("the [Data] section has no rows")
    if len(comments) > _COMMENTS_SHOWN:
        comments[_COMMENTS_SHOWN:] = [f"and {len(comments) - _COMMENTS_SHOWN} more comment lines"]
    return TextTable(file, labels, rows, lines), header, comments


def _is_comment(cells, comment):
    """A row that says something and measures nothing: its only number is the time stamp."""
    if comment is None or len(cells) <= comment or not cells[comment]:
        return False
    return sum(parse_number(cell) is not None for cell in cells) == 1


def _index(table, label, labels=None):
    labels = table.labels if labels is None else labels
    if label not in labels:
        raise table.file.error(f"no column {label!r}; the columns are {', '.join(table.labels[:12])}, ...")
    return labels.index(label)


def _moment_mode(table, center):
    """Which moment column the file has filled, and what is to be said about the choice."""
    filled = {mode: sum(bool(row[table.labels.index(label)]) for row in table.rows)
              for mode, (label, _) in _MOMENTS.items() if label in table.labels}  # fmt: skip
    dc = {mode: count for mode, count in filled.items() if mode != "vsm" and count}
    notes = []
    if dc and filled.get("vsm"):
        notes.append(f"{filled['vsm']} rows have a VSM moment and {max(dc.values())} a DC one: "
                     "only the more frequent kind is used")  # fmt: skip
    if not dc or filled.get("vsm", 0) > max(dc.values()):
        if not any(filled.values()):
            raise table.file.error("no row has a moment, neither VSM nor DC", column=_MOMENTS["vsm"][0])
        return "vsm", notes
    if center not in dc:
        raise table.file.error("no row has a value; choose the other center", column=_MOMENTS[center][0])
    if len(dc) == 2:
        notes.append(f"moment is the {center}-center fit of the DC scan; {_center_difference(table)}")
    return center, notes


def _center_difference(table):
    pairs = [[parse_number(row[table.labels.index(_MOMENTS[mode][0])]) for mode in ("free", "fixed")]
             for row in table.rows]  # fmt: skip
    pairs = np.array([pair for pair in pairs if None not in pair])
    if not pairs.size:
        return "the other center has no values"
    with np.errstate(all="ignore"):
        ratio = pairs[:, 1] / pairs[:, 0] - 1.0
    return (f"the fixed-center moment differs by {100 * np.nanmedian(ratio):+.2g} % (median), at most "
            f"{100 * np.nanmax(np.abs(ratio)):.2g} %: read(path, center='fixed') takes it, "
            'in a run file center = "fixed"')  # fmt: skip


def _mpms3_metadata(header):
    entries = {cells[-1]: ", ".join(cells[1:-1]) for cells in header if len(cells) >= 3}
    wanted = {"sample_material": "SAMPLE_MATERIAL", "comment": "SAMPLE_COMMENT", "sample_holder": "SAMPLE_HOLDER",
              "sample_volume_entry": "SAMPLE_VOLUME", "sample_size_entry": "SAMPLE_SIZE",
              "instrument": "APPNAME"}  # fmt: skip
    metadata = {ours: entries[theirs] for ours, theirs in wanted.items() if entries.get(theirs)}
    masses = {"sample_mass": ("SAMPLE_MASS", "mg"), "molar_mass": ("SAMPLE_MOLECULAR_WEIGHT", "g/mol")}
    for ours, (theirs, unit) in masses.items():
        if entries.get(theirs):
            metadata[ours] = f"{entries[theirs]} {unit}"
    return metadata


def _mpms3_notes(header, metadata):
    notes = []
    if "sample_mass" in metadata:
        notes.append(_mass_note("SAMPLE_MASS", metadata["sample_mass"].removesuffix(" mg")))
    unclear = {"sample_volume_entry": "SAMPLE_VOLUME", "sample_size_entry": "SAMPLE_SIZE"}
    entries = [f"{theirs} {metadata[ours]}" for ours, theirs in unclear.items() if ours in metadata]
    if entries:
        notes.append(f"header entries {' and '.join(entries)} state no unit and are not used; laboratories keep other "
                     "things there (matrix mass, molar diamagnetism)")  # fmt: skip
    return notes


def _mass_note(key, text):
    number = parse_number(text)
    if number is None or not number > 0.0:
        return f"header entry {key} is {text!r}: not a usable sample mass, give one yourself"
    return f"header entry {key} {text} states no unit; it is taken in mg, as the instrument asks for it"


def _poor_fits(table, column):
    if column is None:
        return []
    values = [(parse_number(row[column[0]]), line) for row, line in zip(table.rows, table.lines, strict=True)]
    values = [(value, line) for value, line in values if value is not None and value >= 0.0]
    if not values:
        return []
    limit = 10.0 * float(np.median([value for value, _ in values]))
    poor = [(value, line) for value, line in values if value > limit]
    if not poor or limit == 0.0:
        return []
    worst, line = max(poor)
    return [f"{len(poor)} relaxation fits deviate more than 10 times the median, the worst in line {line} "
            f"(chi-square {worst:.3g})"]  # fmt: skip
