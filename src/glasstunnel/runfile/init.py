"""From measured files to a commented run file that runs as it is: what `glasstunnel init` writes.

What the files do not say is assumed, with the words FILL IN beside it.
"""

import json
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from glasstunnel import data as corrections
from glasstunnel.conversions.routes import Sample
from glasstunnel.data import Dataset, check_error_column, read
from glasstunnel.data.amounts import observable_of
from glasstunnel.data.dataset import dataset_name
from glasstunnel.data.grouping import count_repeat_groups
from glasstunnel.data.readers.headings import AXES, advice_on_energy, known_headings
from glasstunnel.data.readers.previews import preview
from glasstunnel.data.readers.table import measured_quantities
from glasstunnel.errors import ParameterError, UnrecognizedError
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES
from glasstunnel.runfile.data import after_steps
from glasstunnel.runfile.general_kinds import general_kind
from glasstunnel.runfile.kinds import KINDS
from glasstunnel.runfile.proposals import FILL_IN
from glasstunnel.runfile.table import RunTable

_MASS_MG, _MOLAR_MASS, _DENSITY = 10.0, 60.0, 2.2  # assumed where no file tells them
_MOST_NOTES = 6
_OSCILLATOR = ("quality_factor", "internal_friction")  # whose resonance frequency is the second column of interest


@dataclass(frozen=True)
class _Source:
    """A file as it is read: its path, the mapping of its columns where that has to be said, and what came of it."""

    path: Path
    columns: Mapping[str, Any] | None
    quantity: str | None
    dataset: Dataset


def run_file_text(
    paths: Sequence[str | Path], kind: str | None = None, *, folder: str | Path = ".",
    columns: Mapping[str, Any] | None = None, compared: bool = False,
) -> str:
    """The text of a run file on some measured files.

    kind : one of `KINDS`; found from what the files measure when not given. folder : where the run file will stand;
    the files are named relative to it. columns : of tables that do not speak for themselves, as `read` takes them.
    compared : write two models, as `compare` takes them, where the kind of experiment has a second one.
    `ReadError` for a file that cannot be read, `ParameterError` when the files do not belong to one kind.
    """
    sources = [source for path in paths for source in _sources(Path(path), columns)]
    if kind is not None and kind not in KINDS:
        raise ParameterError(f"init: kind must be one of {', '.join(KINDS)}, got {kind!r}")
    row = KINDS[kind] if kind else _experiment_of(sources)
    for source in sources:
        if observable_of(source.dataset.quantity) not in row.quantities:
            raise ParameterError(
                f"{source.path}: measures {source.dataset.quantity}, which is no matter of {kind} "
                f"({', '.join(row.quantities)}); leave out --kind"
            )
    if compared and row.rival is None:
        known = ", ".join(name for name, entry in KINDS.items() if entry.rival)
        raise ParameterError(f"init: there is no second model for {kind or row.title.lower()}, only for {known}; write "
                             "[models.NAME] tables")  # fmt: skip
    names, blocks, ready = _names(sources), [], []
    for source, name in zip(sources, names, strict=True):
        lines, finished = _data_block(source, name, row, Path(folder))
        blocks.append("\n".join(lines))
        ready.extend(finished)
    lines, verb = list(row.glass(ready)), "fit"
    if compared and row.rival:
        lines, verb = list(row.rival.models(lines, ready)), "compare"
    head = [
        f"# {row.title}. Written by 'glasstunnel init'; run it with: glasstunnel {verb} THIS_FILE -o out",
        f"# Lines with {FILL_IN.lstrip('# ')} hold assumptions: replace them by what you know.",
        f'title = "{row.title}: {_plain(", ".join(path.name for path in dict.fromkeys(s.path for s in sources)))}"',
    ]
    if row.rival and not compared:
        head.append(f"# {' or '.join(row.rival.names)}? 'glasstunnel init --compare' writes both models for 'compare'.")
    return "\n".join([*head, "", *blocks, *lines]).rstrip("\n") + "\n"


def _sources(path, columns):
    """What one file holds: one measured quantity, or several columns of the same table, each a dataset of its own."""
    if columns is not None:
        measured = measured_quantities(columns)
        if len(measured) < 2:
            return [_Source(path, columns, None, read(path, columns=columns))]
        shared = {key: place for key, place in columns.items() if key not in measured}
        parts = {key: shared | {key: columns[key]} for key in measured}
        return [_Source(path, part, key, read(path, columns=part)) for key, part in parts.items()]
    try:
        found = _Source(path, None, None, read(path))
        return [found, *_resonance(found)]
    except UnrecognizedError as error:
        found = known_headings(list(preview(path).headings))
        measured = measured_quantities(found)
        if not measured or not AXES & set(found):
            if advice := advice_on_energy(list(preview(path).headings)):
                raise UnrecognizedError(f"{path}: {advice}") from error
            raise UnrecognizedError(f"{path}: the columns have to be named first: 'glasstunnel read {path} --preview' "
                                    "shows them, --columns names them here; a format of your own needs "
                                    "--module FILE.py") from error  # fmt: skip
    held = {key: (index + 1, unit) for key, (index, unit, _) in found.items() if key not in measured}
    sources = []
    for key in measured:
        mapping = held | {key: (found[key][0] + 1, found[key][1])}
        sources.append(_Source(path, mapping, key, read(path, columns=mapping)))
    return sources


def _resonance(source):
    """The resonance frequency of an oscillator, which stands beside its quality factor, as a source of its own."""
    data = source.dataset
    if data.quantity in _OSCILLATOR and "frequency" in data and np.ptp(data["frequency"].values) > 0.0:
        frequency = read(source.path, quantity="frequency")
        if np.unique(frequency["temperature"].values).size > 2:
            yield _Source(source.path, None, "frequency", frequency)


def _experiment_of(sources):
    quantities = [observable_of(source.dataset.quantity) for source in sources]
    for row in KINDS.values():
        if all(quantity in row.quantities for quantity in quantities):
            return row
    if len(set(quantities)) == 1 and quantities[0] in OBSERVABLES:
        return general_kind(quantities[0])
    raise ParameterError(
        f"the files measure {', '.join(dict.fromkeys(quantities))}, which is no one kind of experiment "
        f"({', '.join(KINDS)}); write a run file for each, or say --kind"
    )


def _names(sources):
    """A name for each dataset, usable in parameter paths and different from the others."""
    names = []
    for source in sources:
        name = dataset_name(source.path.name.split(".")[0])
        name = f"{name}_{source.quantity}" if source.quantity and len(sources) > 1 else name
        while name in names:
            name += "_2"
        names.append(name)
    return names


def _data_block(source, name, row, folder):
    """(lines of the [[data]] table, the datasets it makes)."""
    data = source.dataset
    lines = [f"# {_plain(source.path.name)}: {data.quantity}, {len(data)} points, read as {data.format}"]
    for key, column in data.columns.items():
        if key == data.quantity or key in ("temperature", "field", *CONDITIONS):
            low, high = (f"{value:.4g}" for value in (np.nanmin(column.values), np.nanmax(column.values)))
            lines.append(f"#   {key}: {low} to {high} {column.unit}".rstrip())
    lines += [f"#   note: {_plain(note)}" for note in data.notes[:_MOST_NOTES]]
    file = os.path.relpath(source.path.resolve(), folder.resolve())
    lines += ["[[data]]", f"file = {_text(file)}", f'name = "{name}"']
    if source.columns is not None:
        entries = ", ".join(f'{key} = [{_cell(place)}, "{unit}"]' for key, (place, unit) in _pairs(source.columns))
        lines.append(f"columns = {{{entries}}}")
    if source.quantity:
        lines.append(f'quantity = "{source.quantity}"')
    steps = list(row.steps(data))
    if steps:
        lines += ["steps = [", *(f"    {step}" for step in steps), "]"]
    amount, ready = _amount(data)
    noise, reason = _noise(_left_by(steps, data))
    lines += [*amount, f"noise = {noise}   # {reason}", ""]
    return lines, [_renamed(ready, name)]


def _renamed(data, name):
    return replace(data, name=name)


def _pairs(columns):
    for key, place in columns.items():
        yield key, place if isinstance(place, tuple) else (place, "")


def _cell(place):
    return place if isinstance(place, int) else _text(place)


def _amount(data):
    """(lines on mass, molar mass or density, the dataset per kilogram with what they say)."""
    if data.quantity == "moment" or (data.quantity == "heat_capacity" and data.measured.unit.endswith("J/K")):
        stated = "sample_mass" in data.metadata
        try:
            if stated:
                return ['# the sample mass is that of the file: mass_mg = ... replaces it'], corrections.per_mass(data)
        except ParameterError:
            pass
        line = f"mass_mg = {_MASS_MG:g}   {FILL_IN}: mass of the sample; the file does not tell it"
        return [line], corrections.per_mass(data, 1e-6 * _MASS_MG)
    if observable_of(data.quantity) == data.quantity:
        return [], data
    if data.quantity.startswith("volume_"):
        line = f"density_g_cm3 = {_DENSITY:g}   {FILL_IN}: mass density"
        return [line], corrections.per_kilogram(data, Sample(density=1e3 * _DENSITY))
    per_atom = "atom" in data.measured.unit
    if "molar_mass" in data.metadata and not per_atom:
        return [], corrections.per_kilogram(data, Sample())
    key, value = ("composition", '"SiO2"') if per_atom else ("molar_mass", f"{_MOLAR_MASS:g}")
    sample = Sample.of(composition="SiO2") if per_atom else Sample(molar_mass=1e-3 * _MOLAR_MASS)
    words = "what the glass is made of" if per_atom else "g/mol of the formula unit, or composition = \"...\""
    return [f"{key} = {value}   {FILL_IN}: {words}"], corrections.per_kilogram(data, sample)


def _left_by(steps, data):
    """The rows that the steps of the run file leave: what noise is proposed for are those that are fitted."""
    (left,) = after_steps(RunTable(tomllib.loads("\n".join(["steps = [", *steps, "]"])), "run file"), data)
    return left


def _noise(data):
    """(noise model, why it is proposed)."""
    report = check_error_column(data)
    if count_repeat_groups(data) < 0.7 * len(data):
        return "{repeats = true}", "the scatter of the repeated rows"
    if report.kind == "varies":
        return "{given = true}", f"{_plain(report.sentence)}: taken as a standard deviation"
    why = "no error column" if report.kind == "missing" else "the error column is no statistical one"
    signed = data.measured.values
    values = np.abs(signed)
    if (signed[0] * signed > 0.0).all() and values.max() > 10.0 * values.min():
        return '{residuals = "relative"}', f"{why}, values over decades: a common fraction, from the residuals"
    return "{residuals = true}", f"{why}: a common size, from the residuals"


def _plain(text):
    """Text for a comment or a TOML text: one line, without control characters and quotes."""
    return "".join(mark if mark.isprintable() else " " for mark in text).replace('"', "'").replace("\\", "/")


def _text(text):
    """A TOML text."""
    return json.dumps(text, ensure_ascii=False)
