"""The command curve: an observable of a glass over a grid, as a table or a plot."""

import functools
import sys

from glasstunnel.cli.grids import parse_grid
from glasstunnel.cli.output import prepare_file
from glasstunnel.errors import ParameterError
from glasstunnel.files import as_json, write_csv
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES, Observable

_MOST_POINTS = 2_000_000

#: What can be calculated besides `OBSERVABLES`, which hold at one temperature and one field.
_OTHERS = {
    "density_of_states": Observable(
        "density_of_states", "1/(K kg)", "density_of_states", "density of states", "g", "1/(K g)"
    ),
    "entropy_change": Observable(
        "entropy_change", "J/(K kg)", "entropy", "entropy change", "\\Delta S", "erg/(K g)"
    ),
}


def curve(options):
    """Calculate an observable over the outer product of both grids: every temperature (or energy) at every field."""
    import numpy as np

    row = _observable(options.observable)
    _check_grids(row, options)
    glass = load_glass(options.glass)
    along = "energy" if options.energy is not None else "temperature"
    x = parse_grid(getattr(options, along), f"--{along}", "K")
    fields = parse_grid(options.field, "--field", "T")
    points = len(x) * len(fields)
    if points > _MOST_POINTS:
        raise ParameterError(f"{points} points are asked for, at most {_MOST_POINTS} are calculated at once")
    further = _further(options, row)
    values = np.asarray(_calculation(row, options)(glass, x[None, :], fields[:, None], **further))
    if not np.isfinite(values).all():
        at_field, at_x = np.argwhere(~np.isfinite(values))[0]
        where = f"{along} {x[at_x]:g} K, B = {fields[at_field]:g} T"
        raise ParameterError(f"{row.name} of {options.glass} is beyond any number at {where}")
    if options.output:
        return _draw(options, glass, row, x, fields, further)
    columns = _table(row, along, x, fields, values, options.cgs)
    if options.json:
        print(as_json({"glass": glass.name, "source": glass.source, "notes": glass.notes, "columns": columns}))
    else:
        write_csv(sys.stdout, columns)


def _further(options, row):
    """{condition: number} that the observable takes beside temperature and field, from their options."""
    given = {key: text for key in CONDITIONS if (text := getattr(options, key)) is not None}
    found = {}
    for key, text in given.items():
        values = parse_grid(text, f"--{key.replace('_', '-')}", CONDITIONS[key][0])
        if len(values) != 1:
            raise ParameterError(f"--{key.replace('_', '-')} takes one number, got {text!r}")
        found[key] = float(values[0])
    for key in row.conditions:
        if key not in found:
            raise ParameterError(f"{row.name} needs --{key.replace('_', '-')}, one number with its unit")
    for key in found:
        if key not in (*row.conditions, *row.optional):
            raise ParameterError(f"{row.name} does not depend on --{key.replace('_', '-')}")
    return found


def load_glass(text):
    """The glass that `text` names: a published id, or a TOML file with a ``[glass]`` table."""
    from pathlib import Path

    if text.endswith(".toml") or Path(text).is_file():
        from glasstunnel.runfile.run import read_glass

        return read_glass(text)
    from glasstunnel.papers import published

    return published(text)


def _observable(name):
    known = OBSERVABLES | _OTHERS
    if name not in known:
        raise ParameterError(f"no observable {name!r}; there are {', '.join(known)}")
    return known[name]


def _check_grids(row, options):
    needed, other = ("energy", "temperature") if row.name == "density_of_states" else ("temperature", "energy")
    if getattr(options, needed) is None:
        raise ParameterError(f"{row.name} needs --{needed}, a grid such as 0.01:100:50:log [K]")
    if getattr(options, other) is not None:
        raise ParameterError(f"{row.name} does not depend on --{other}; leave it out")
    if options.from_field is not None and row.name != "entropy_change":
        raise ParameterError("--from-field belongs to entropy_change; leave it out")
    if options.output and row.name in _OTHERS:
        raise ParameterError(f"{row.name} comes as a table; leave out -o")


def _calculation(row, options):
    """The function of (glass, temperatures or energies, fields) and of the further conditions by name."""
    from glasstunnel.observables import density_of_states, thermodynamics

    if row.name == "density_of_states":
        return density_of_states.density_of_states
    if row.name == "entropy_change":
        start = parse_grid(options.from_field or "0", "--from-field", "T")
        if len(start) != 1:
            raise ParameterError(f"--from-field takes one field, got {options.from_field!r}")
        return lambda glass, T, B: thermodynamics.entropy_change(glass, T, start[0], B)
    return functools.partial(thermodynamics.evaluate, row.name)


def _table(row, along, x, fields, values, cgs):
    """Columns with one row per point: all temperatures or energies of the first field, then the next field."""
    import numpy as np

    from glasstunnel.units import convert

    field_unit, unit = ("Oe", row.cgs_unit) if cgs else ("T", row.unit)
    return {
        f"{along} [K]": np.tile(x, len(fields)),
        f"field [{field_unit}]": convert(np.repeat(fields, len(x)), "T", field_unit),
        f"{row.name} [{unit}]": convert(values.ravel(), row.unit, unit),
    }


def _draw(options, glass, row, temperatures, fields, further):
    target = prepare_file(options.output, force=options.force)
    from glasstunnel.plots import curve_figure, save_figure

    save_figure(curve_figure(glass, row.name, temperatures, fields, cgs=options.cgs, further=further), target)
    print(target)
