"""Commands that look: read, show, convert."""

import math

from glasstunnel.cli.grids import parse_grid
from glasstunnel.errors import ParameterError, UnrecognizedError
from glasstunnel.files import as_json


def read(options):
    """Print what was recognized in a file; what a file looks like that is not recognized."""
    from glasstunnel.data import read as read_file

    if options.preview:
        return _preview(options.file)
    given = {key: getattr(options, key) for key in ("quantity", "delimiter", "decimal", "after")}
    given = {key: value.replace("\\t", "\t") for key, value in given.items() if value is not None}
    if options.columns is not None:
        from glasstunnel.data.readers.preview import columns_of_text

        given["columns"] = columns_of_text(options.columns)
    try:
        dataset = read_file(options.file, options.format, **given)
    except UnrecognizedError as error:
        if not options.json:
            _preview(options.file)
        raise error
    print(as_json(_dataset_record(dataset)) if options.json else dataset)


def _preview(path):
    from glasstunnel.data.readers.preview import preview

    print(preview(path))


def _dataset_record(dataset):
    return {
        "name": dataset.name, "source": dataset.source, "format": dataset.format, "quantity": dataset.quantity,
        "points": len(dataset), "metadata": dict(dataset.metadata), "notes": list(dataset.notes),
        "history": list(dataset.history),
        "columns": {
            key: {"unit": column.unit, "label": column.label, "values": column.values}
            for key, column in dataset.columns.items()
        },
    }


def show(options):
    """List the published sets, or show one: every parameter of a whole glass with its unit, else the printed row.

    The verdict on the set follows. The name of a glass shows its recommended set, the name of a kind of contribution
    its parameter table.
    """
    from dataclasses import asdict

    from glasstunnel.papers import published_entry, published_ids, recommended
    from glasstunnel.papers.advice import recommended_glasses
    from glasstunnel.systems.registry import CONTRIBUTIONS
    from glasstunnel.verdicts import set_verdict

    if options.id in CONTRIBUTIONS:
        return _show_kind(options)

    if options.id is None:
        entries = [published_entry(name) for name in published_ids()]
        print(as_json({entry.id: f"{entry.glass}: {entry.what}" for entry in entries}) if options.json else
              "\n".join(f"{entry.id:34} {entry.glass}: {entry.what}" for entry in entries))
        return
    id = recommended(options.id).id if options.id in recommended_glasses() else options.id
    entry = published_entry(id)
    glass, why_none = _published_glass(options.id)
    judged = set_verdict(id)
    if options.json:
        contributions = _glass_record(glass) if glass else None
        notes = glass.notes if glass else (*entry.notes, why_none)
        record = {"contributions": contributions, "notes": list(notes), "verdict": asdict(judged)}
        print(as_json(_entry_record(entry) | record))
        return
    print(f"{entry.id}: {entry.glass}, {entry.what}\nsource: {entry.source}\n")
    print("\n".join(parameter_lines(glass) if glass else _printed_lines(entry)))
    for note in glass.notes if glass else (*entry.notes, why_none):
        print(f"\nnote: {note}")
    print("\n".join(["", *_verdict_lines(judged)]))


def _verdict_lines(judged):
    """The verdict on a set: word and reason, what follows from it, what does not, and how other sets differ."""
    from glasstunnel.verdicts.tables import number_text

    yield f"verdict: {judged.verdict}. {judged.reason}"
    if judged.recommended_for:
        yield f"recommended for: {', '.join(judged.recommended_for)}"
    for quantity in judged.recomputed:
        unit = "" if quantity.unit == "1" else f" {quantity.unit}"
        yield f"  {quantity.what}: {number_text(quantity.value)}{unit}"
    for check in judged.checks:
        word = "follows" if check.follows else "does not follow"
        printed, computed = number_text(check.printed, 6), number_text(check.computed, 6)
        yield f"  {check.what}: printed {printed}, computed {computed}, {word}"
    for tension in judged.tensions:
        apart = f"{tension.sigmas:.1f} standard deviations apart" if tension.sigmas is not None else (
            f"factor {number_text(max(tension.ratio, 1.0 / tension.ratio), 3)}")
        there = f"{number_text(tension.there)} in {tension.other}"
        yield f"  {tension.what}: {number_text(tension.here)} here, {there}, {apart}"


def _show_kind(options):
    from dataclasses import asdict, fields

    from glasstunnel.systems.parameters import parameter_table
    from glasstunnel.systems.registry import contribution_class

    kind = contribution_class(options.id)
    rows = parameter_table(kind)
    if options.json:
        return print(as_json({row.name: asdict(row) for row in rows}))
    cells = [(row.name, "" if row.unit == "1" else row.unit, row.describe_limits(), row.meaning) for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    for *start, meaning in cells:
        print("  ".join([*(f"{cell:{width}}" for cell, width in zip(start, widths, strict=True)), meaning]))
    chosen = [field for field in fields(kind) if "parameter" not in field.metadata]
    if chosen:
        print("options: " + ", ".join(field.name for field in chosen))


def _published_glass(id):
    """(glass, None), or (None, why it is none): some printed rows are samples, rates or mass spectrometry."""
    from glasstunnel.papers import published

    try:
        return published(id), None
    except ParameterError as error:
        return None, str(error)


def _entry_record(entry):
    return {"id": entry.id, "glass": entry.glass, "what": entry.what, "source": entry.source,
            "conditions": dict(entry.conditions), "values": dict(entry.values), "uncertainty": dict(entry.uncertainty)}


def _printed_lines(entry):
    for key, value in (entry.conditions | entry.values).items():
        error = f" +- {entry.uncertainty[key]:g}" if key in entry.uncertainty else ""
        yield f"{key} = {value}{error}"


def _glass_record(glass):
    from dataclasses import asdict

    return {key: {"type": type(part).__name__} | asdict(part) for key, part in glass.contributions.items()}


def parameter_lines(glass):
    """One aligned line per parameter of the glass: path, value, unit, meaning; other options after them."""
    rows = [
        (path, _number(glass.value(path)), row.unit if row.unit != "1" else "", row.meaning)
        for path, row in glass.paths().items()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [f"{path:{widths[0]}}  {value:>{widths[1]}}  {unit:{widths[2]}}  {meaning}".rstrip()
             for path, value, unit, meaning in rows]
    return lines + [f"{path} = {value!r}" for path, value in glass.options().items()]


def _number(value):
    return "not given" if value is None else f"{value:.8g}"


def convert(options):
    """Convert values; the constants and numbers of the sample that the way needed are printed below them."""
    from glasstunnel.conversions.routes import convert_amount

    values = parse_grid(options.value, "VALUE", options.from_unit)
    numbers, way = convert_amount(values, options.from_unit, options.to_unit, _sample(options))
    for given, number in zip(values, numbers, strict=True):
        if not math.isfinite(number):
            raise ParameterError(f"{given:g} {options.from_unit} is beyond any number in {options.to_unit}")
        print(f"{number:.12g} {options.to_unit}")
    if way.steps:
        print("(" + ", ".join(way.steps) + ")")


def _sample(options):
    """What the options say about the sample."""
    from glasstunnel.conversions.routes import Sample

    mass, density = (
        None if text is None else _positive(text, name, unit)
        for name, text, unit in (("--molar-mass", options.molar_mass, "g/mol"), ("--density", options.density, "g/cm3"))
    )
    return Sample.of(
        molar_mass=None if mass is None else 1e-3 * mass, composition=options.composition,
        density=None if density is None else 1e3 * density,
    )


def _positive(text, name, unit):
    values = parse_grid(text, name, unit)
    if len(values) != 1 or not values[0] > 0:
        raise ParameterError(f"{name} must be one positive number [{unit}], got {text!r}")
    return float(values[0])
