"""The ``[[data]]`` tables of a run file: read, correct step by step, choose the noise."""

import dataclasses
import os
from pathlib import Path

from glasstunnel import data as corrections
from glasstunnel.data.dataset import dataset_name
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES
from glasstunnel.runfile.sample import sample_of_table

#: Keys of a data table that are passed on to `read`, with their type.
_READ_OPTIONS = {"center": str, "quantity": str, "delimiter": str, "decimal": str, "after": str}
_KEYS = (*_READ_OPTIONS, "name", "file", "format", "columns", "steps", "molar_mass", "composition", "density_g_cm3",
         "mass_mg", "observable", "noise")  # fmt: skip


def datasets_of(table):
    """The datasets of one ``[[data]]`` table, in the order of the file; usually one, several after ``split_by``."""
    table.asked.update(_KEYS)
    table.finish()  # before anything fails for the lack of what a misspelled key was to say
    datasets = after_steps(table, _read(table))
    sample = sample_of_table(table)
    if "mass_mg" in table:
        mass = table.number("mass_mg")
        datasets = [table.calling(corrections.per_mass, dataset, 1e-6 * mass) for dataset in datasets]
    datasets = [table.calling(corrections.per_kilogram, dataset, sample) for dataset in datasets]
    if "observable" in table:
        observable = table.choice("observable", tuple(OBSERVABLES))
        datasets = [table.calling(corrections.derive, dataset, observable) for dataset in datasets]
    if "noise" in table:
        noise = _noise(table.table("noise"))
        datasets = [table.calling(corrections.with_noise, dataset, **noise) for dataset in datasets]
    return datasets


def after_steps(table, dataset):
    """What the steps of a table make of a dataset: one dataset, or several."""
    datasets = [dataset]
    for number, step in enumerate(table.take("steps", list, []), 1):
        if not isinstance(step, dict):
            raise table.error(f'must be a table such as {{do = "average_repeats"}}, got {step!r}', f"step {number}")
        datasets = _step(table.inside(f"steps {number}", step), datasets)
    return datasets


def _read(table):
    name = table.take("name", str, None)
    if name is not None and name != dataset_name(name):
        raise table.error(f"must be letters, digits and underscores, got {name!r}", "name")
    options = {key: table.take(key, kind) for key, kind in _READ_OPTIONS.items() if key in table}
    table.asked.update(_READ_OPTIONS)
    columns = table.take("columns", dict, None)
    if columns is not None:
        options["columns"] = {key: _column(table, key, place) for key, place in columns.items()}
    path = _path(table, table.take("file", str))
    dataset = table.calling(corrections.read, path, table.take("format", str, None), **options)
    return dataset if name is None else dataclasses.replace(dataset, name=name)


def _is_column(place):
    return isinstance(place, (int, str)) and not isinstance(place, bool)


def _column(table, key, place):
    """(column, unit) or the heading alone, as `read` takes it."""
    if _is_column(place):
        return place
    if isinstance(place, list) and len(place) == 2 and _is_column(place[0]) and isinstance(place[1], str):
        return tuple(place)
    raise table.error('must be a column number or heading, or [column, "unit"]', f"columns {key}")


def _path(table, text):
    path = Path(table.file).parent / text
    if not os.path.isfile(path):  # False for what can be no name, too
        raise table.error(f"there is no file {text!r} (looked for {str(path)!r})", "file")
    return path


def _noise(table):
    options = {key: table.number(key) for key in ("relative", "absolute") if key in table}
    options |= {key: table.take(key, bool) for key in ("given", "repeats") if key in table}
    if "residuals" in table:
        options["residuals"] = table.values["residuals"]
    if "drift" in table:
        options["drift"] = table.values["drift"]
    if "drift_length" in table:
        options["drift_length"] = table.number("drift_length")
    table.asked.update(("relative", "absolute", "given", "repeats", "residuals", "drift", "drift_length"))
    table.finish()
    return options


def _step(table, datasets):
    name = table.choice("do", tuple(STEPS))
    done = STEPS[name](table, datasets)
    table.finish()
    return done


def _each(function):
    """A step made of (function, arguments), applied to every dataset."""

    def step(table, datasets):
        apply, *arguments = function(table)
        return [table.calling(apply, dataset, *arguments) for dataset in datasets]

    return step


def _range(function):
    def arguments(table):
        return (
            function, table.take("column", str), table.number("low", -float("inf"), True),
            table.number("high", float("inf"), True), table.take("unit", str, None),
        )  # fmt: skip

    return _each(arguments)


def _holder(table):
    holder = _read(table)
    table.asked.add("along")
    return corrections.subtract_holder, holder, table.take("along", str, "temperature")


def _condition(table, datasets):
    choices = (key for row in OBSERVABLES.values() for key in row.choices)
    table.asked.update(("temperature", "field", *CONDITIONS, *choices))
    conditions = {key: value for key, value in table.values.items() if key != "do"}
    table.finish()
    return [table.calling(corrections.with_condition, dataset, **conditions) for dataset in datasets]


def _photons(table, datasets):
    known = {
        "attenuation_db": table.number("attenuation_db"), "coupling": table.take("coupling", str),
        "coupling_quality_factor": table.number("coupling_quality_factor"),
    }  # fmt: skip
    return [table.calling(corrections.photons_from_power, dataset, **known) for dataset in datasets]


def _split(table, datasets):
    key, tolerance = table.take("column", str), table.number("tolerance", None)
    return [part for dataset in datasets for part in table.calling(corrections.split_by, dataset, key, tolerance)]


STEPS = {
    "derive": _each(lambda table: (corrections.derive, table.take("observable", str))),
    "per_mass": _each(lambda table: (corrections.per_mass, _kilograms(table))),
    "subtract_holder": _each(_holder),
    "subtract_addenda": _each(lambda table: (corrections.subtract_addenda,)),
    "subtract_diamagnetism": _each(
        lambda table: (corrections.subtract_diamagnetism, table.number("susceptibility"), table.take("unit", str))
    ),
    "average_repeats": _each(lambda table: (corrections.average_repeats, table.number("tolerance", None))),
    "keep_range": _range(corrections.keep_range),
    "drop_range": _range(corrections.drop_range),
    "split_by": _split,
    "with_condition": _condition,
    "quality_factor_to_loss": _each(lambda table: (corrections.quality_factor_to_loss,)),
    "relative_to": _each(
        lambda table: (corrections.relative_to, table.number("temperature", None), table.take("to", str, None),
                       table.number("field", None))
    ),  # fmt: skip
    "photons_from_power": _photons,
}


def _kilograms(table):
    mass = table.number("mass_mg", None)
    return None if mass is None else 1e-6 * mass
