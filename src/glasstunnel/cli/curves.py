"""The command curve: an observable of a glass over a grid, as a table or a plot."""

import sys

from glasstunnel.cli.grids import parse_grid
from glasstunnel.cli.output import prepare_file
from glasstunnel.errors import ParameterError
from glasstunnel.files import as_json, write_csv
from glasstunnel.observables.table import CONDITIONS

_MOST_POINTS = 2_000_000


def curve(options):
    """Calculate an observable over the outer product of both grids: every temperature (or energy) at every field."""
    import numpy as np

    from glasstunnel.observables.evaluation import evaluate, observable

    row = observable(options.observable)
    _check_grids(row, options)
    glass = load_glass(options.glass)
    along = "energy" if options.energy is not None else "temperature"
    x = parse_grid(getattr(options, along), f"--{along}", "K")
    fields = parse_grid(options.field, "--field", "T")
    points = len(x) * len(fields)
    if points > _MOST_POINTS:
        raise ParameterError(f"{points} points are asked for, at most {_MOST_POINTS} are calculated at once")
    conditions = _conditions(options, row)
    values = np.asarray(evaluate(row.name, glass, x[None, :], fields[:, None], **conditions))
    values = np.broadcast_to(values, (len(fields), len(x)))
    if not np.isfinite(values).all():
        at_field, at_x = np.argwhere(~np.isfinite(values))[0]
        where = f"{along} {x[at_x]:g} K, B = {fields[at_field]:g} T"
        raise ParameterError(f"{row.name} of {options.glass} is beyond any number at {where}")
    if options.output:
        return _draw(options, glass, row, x, fields, conditions)
    columns = _table(row, along, x, fields, values, options.cgs)
    if options.json:
        print(as_json({"glass": glass.name, "source": glass.source, "notes": glass.notes, "columns": columns}))
    else:
        write_csv(sys.stdout, columns)


def _conditions(options, row):
    """{condition: number} that the observable takes beside temperature and field, from their options."""
    given = {key: text for key in CONDITIONS if (text := getattr(options, key)) is not None}
    spelled = {key: f"--{key.replace('_', '-')}" for key in CONDITIONS}
    if options.from_field is not None:
        given["reference_field"], spelled["reference_field"] = options.from_field, "--from-field"
    numbers = {}
    for key, text in given.items():
        name = spelled[key]
        values = parse_grid(text, name, CONDITIONS[key].unit)
        if len(values) != 1:
            raise ParameterError(f"{name} takes one number, got {text!r}")
        if key not in (*row.conditions, *row.optional):
            raise ParameterError(f"{row.name} does not depend on {name}")
        numbers[key] = float(values[0])
    for key in row.conditions:
        if key not in numbers:
            raise ParameterError(f"{row.name} needs --{key.replace('_', '-')}, one number with its unit")
    return numbers


def load_glass(text):
    """The glass that `text` names: a published id, or a TOML file with a ``[glass]`` table."""
    from pathlib import Path

    if text.endswith(".toml") or Path(text).is_file():
        from glasstunnel.runfile.run import read_glass

        return read_glass(text)
    from glasstunnel.papers import published

    return published(text)


def _check_grids(row, options):
    needed, other = ("energy", "temperature") if row.argument == "energy" else ("temperature", "energy")
    if getattr(options, needed) is None:
        raise ParameterError(f"{row.name} needs --{needed}, a grid such as 0.01:100:50:log [K]")
    if getattr(options, other) is not None:
        raise ParameterError(f"{row.name} does not depend on --{other}; leave it out")


def _table(row, along, x, fields, values, cgs):
    """Columns with one row per point: all temperatures or energies of the first field, then the next field."""
    import numpy as np

    from glasstunnel.units import convert

    field_unit, unit = ("Oe", row.cgs_unit) if cgs else ("T", row.unit)
    return {
        f"{along} [K]": np.tile(x, len(fields)),
        f"field [{field_unit}]": convert(np.repeat(fields, len(x)), "T", field_unit),
        **({f"{row.name} {part} [{unit}]": convert(numbers.ravel(), row.unit, unit)
            for part, numbers in (("real", np.real(values)), ("imaginary", np.imag(values)))} if row.complex_valued
           else {f"{row.name} [{unit}]": convert(values.ravel(), row.unit, unit)}),
    }


def _draw(options, glass, row, temperatures, fields, conditions):
    target = prepare_file(options.output, force=options.force)
    from glasstunnel.plots import curve_figure, save_figure

    save_figure(curve_figure(glass, row.name, temperatures, fields, cgs=options.cgs, conditions=conditions), target)
    print(target)
