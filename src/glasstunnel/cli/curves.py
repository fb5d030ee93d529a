"""The command curve: an observable of one glass or several over a grid, as a table or a plot."""

import dataclasses
import itertools
import sys

from glasstunnel.cli.grids import parse_grid
from glasstunnel.cli.output import prepare_file
from glasstunnel.errors import ParameterError
from glasstunnel.files import as_json, write_csv
from glasstunnel.observables.table import CONDITIONS, choices

_MOST_POINTS = 2_000_000


def curve(options):
    """Calculate an observable over the outer product of all grids: every temperature (or energy) at every field."""
    from glasstunnel.observables.evaluation import observable

    row = observable(options.observable)
    _check_grids(row, options)
    along = "energy" if options.energy is not None else "temperature"
    grids, texts = _grids(options, row, along), _choices(options, row)
    glasses = [glass for text in options.glass for glass in _glasses(text, options.theory)]
    if options.output:
        return _draw(options, glasses, row, grids, texts)
    import math

    points = math.prod(map(len, grids.values()))
    if points * len(glasses) > _MOST_POINTS:
        raise ParameterError(f"{points} points are asked for, at most {_MOST_POINTS} are calculated at once")
    columns = _table(row, along, grids, _values(row, along, glasses, grids, texts), options.cgs)
    if options.json:
        notes = {"glass": glasses[0].name, "source": glasses[0].source, "notes": glasses[0].notes}
        if len(glasses) > 1:
            notes = {"glasses": [{"glass": glass.name, "source": glass.source, "notes": glass.notes}
                                 for glass in glasses]}  # fmt: skip
        print(as_json(notes | {"columns": columns}))
    else:
        write_csv(sys.stdout, columns)


def _grids(options, row, along):
    """{temperature or energy, field, conditions: numbers in SI}; in the rows of a table the last one runs first."""
    drawn = bool(options.output)
    grids = _conditions(options, row)
    grids["field"] = parse_grid(options.field, "--field", "T")
    grids[along] = parse_grid(getattr(options, along), f"--{along}", "K", drawn and row.axis_power == 1,
                              routes=along == "energy")  # fmt: skip
    return grids


def _conditions(options, row):
    """{condition: numbers} that the observable takes beside temperature and field, from their options."""
    given = {key: text for key in CONDITIONS if (text := getattr(options, key)) is not None}
    spelled = {key: f"--{key.replace('_', '-')}" for key in CONDITIONS}
    if options.from_field is not None:
        given["reference_field"], spelled["reference_field"] = options.from_field, "--from-field"
    numbers = {}
    for key, text in given.items():
        if key not in (*row.conditions, *row.optional):
            raise ParameterError(f"{row.name} does not depend on {spelled[key]}")
        numbers[key] = parse_grid(text, spelled[key], CONDITIONS[key].unit, wide_is_log=bool(options.output))
    for key in row.conditions:
        if key not in numbers:
            raise ParameterError(f"{row.name} needs --{key.replace('_', '-')}, a number or a grid with its unit")
    return numbers


def _choices(options, row):
    """{option: text} of the observable, from their options."""
    given = {key: text for key in choices() if (text := getattr(options, key)) is not None}
    for key, text in given.items():
        if key not in row.choices:
            raise ParameterError(f"{row.name} does not depend on --{key}")
        if text not in row.choices[key]:
            raise ParameterError(f"--{key} of {row.name} is one of {', '.join(row.choices[key])}, got {text!r}")
    return given


def _glasses(text, theories):
    """The glass that `text` names, under each of the theories asked for."""
    if theories is None:
        return [load_glass(text)]
    names = [name.strip() for name in theories.split(",")]
    return [with_theory(load_glass(text, name), name) for name in names]


def load_glass(text, theory=None):
    """The glass that `text` names: a published id (under a theory, where it has a choice), or a TOML file."""
    from pathlib import Path

    if text.endswith(".toml") or Path(text).is_file():
        from glasstunnel.runfile.run import read_glass

        return read_glass(text)
    from glasstunnel.papers import published

    if text.startswith("002.T8."):
        from glasstunnel.papers.echoes import published_echo

        return published_echo(text).glass
    try:
        return published(text) if theory is None else published(text, theory=theory)
    except ParameterError:
        if theory is None:
            raise
        return published(text)


def with_theory(glass, theory):
    """The glass with "exact" or "effective" in every contribution that has the choice; `ParameterError` in none."""
    if theory not in ("exact", "effective"):
        raise ParameterError(f"--theory takes exact and effective, separated by a comma, got {theory!r}")
    parts = dict(glass.contributions)
    chosen = [key for key, part in parts.items() if hasattr(part, "theory")]
    if not chosen:
        raise ParameterError(f"--theory: {glass.name or 'the glass'} has no anomalous systems, whose theory it chooses")
    for key in chosen:
        if parts[key].theory != theory:
            parts[key] = dataclasses.replace(parts[key], theory=theory)
    return dataclasses.replace(glass, contributions=parts, name=f"{glass.name}, {theory}")


def _check_grids(row, options):
    needed, other = ("energy", "temperature") if row.argument == "energy" else ("temperature", "energy")
    if getattr(options, needed) is None:
        raise ParameterError(f"{row.name} needs --{needed}, a grid such as 0.01:100:50:log [K]")
    if getattr(options, other) is not None:
        raise ParameterError(f"{row.name} does not depend on --{other}; leave it out")


def _values(row, along, glasses, grids, texts):
    """{name of the column: values} for each glass, one value per row of the table."""
    import numpy as np

    from glasstunnel.observables.evaluation import evaluate

    conditions = [key for key in grids if key not in (along, "field")]
    found = {}
    for glass in glasses:
        blocks = []
        for numbers in itertools.product(*(grids[key] for key in conditions)):
            given = dict(zip(conditions, map(float, numbers), strict=True))
            x, fields = grids[along][None, :], grids["field"][:, None]
            block = np.broadcast_to(evaluate(row.name, glass, x, fields, **given, **texts), (fields.size, x.size))
            if not np.isfinite(block).all():
                at_field, at_x = np.argwhere(~np.isfinite(block))[0]
                where = f"{along} {grids[along][at_x]:g} K, B = {grids['field'][at_field]:g} T"
                raise ParameterError(f"{row.name} of {glass.name or 'the glass'} is beyond any number at {where}")
            blocks.append(block.ravel())
        name = row.name if len(glasses) == 1 else f"{row.name} of {glass.name}"
        while name in found:
            name += " (again)"
        found[name] = np.concatenate(blocks)
    return found


def _table(row, along, grids, values, cgs):
    """Columns with one row per point: the temperatures or energies run first, then the fields, then the conditions."""
    import numpy as np

    from glasstunnel.units import convert

    field_unit, unit = ("Oe", row.cgs_unit) if cgs else ("T", row.unit)
    points = np.meshgrid(*grids.values(), indexing="ij")
    columns = {}
    for key, numbers in zip(reversed(grids), reversed(points), strict=True):
        if key == "field":
            columns[f"field [{field_unit}]"] = convert(numbers.ravel(), "T", field_unit)
        elif key == along:
            columns[f"{along} [K]"] = numbers.ravel()
        elif len(grids[key]) > 1:
            columns[f"{key} [{CONDITIONS[key].unit}]"] = numbers.ravel()
    for name, numbers in values.items():
        parts = {" real": np.real, " imaginary": np.imag} if row.complex_valued else {"": np.asarray}
        for part, take in parts.items():
            columns[f"{name}{part} [{unit}]"] = convert(take(numbers), row.unit, unit)
    return columns


def _draw(options, glasses, row, grids, texts):
    target = prepare_file(options.output, force=options.force, inputs=options.glass)
    from glasstunnel.plots import panel, plot_curves, save_figure

    numbers = dict(grids)
    fields, x = numbers.pop("field"), numbers.pop("energy" if row.argument == "energy" else "temperature")
    ax = plot_curves(glasses, row.name, x, fields, panel(), cgs=options.cgs, conditions=numbers | texts,
                     show_parts=options.parts)  # fmt: skip
    save_figure(ax.figure, target)
    print(target)
