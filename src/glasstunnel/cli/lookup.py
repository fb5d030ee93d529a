"""Commands that look at a file or a number: read, convert."""

import math

from glasstunnel.cli.grids import parse_grid
from glasstunnel.errors import ParameterError, SampleError, UnrecognizedError
from glasstunnel.files import as_json


def read(options):
    """Print what was recognized in a file; what a file looks like that is not recognized."""
    from glasstunnel.data import read as read_file

    if options.preview:
        return _preview(options.file)
    given = {key: getattr(options, key) for key in ("quantity", "delimiter", "decimal", "after")}
    given = {key: value.replace("\\t", "\t") for key, value in given.items() if value is not None}
    if options.columns is not None:
        from glasstunnel.data.readers.previews import columns_of_text

        given["columns"] = columns_of_text(options.columns)
    try:
        dataset = read_file(options.file, options.format, **given)
    except UnrecognizedError as error:
        if not options.json:
            _preview(options.file)
        raise error
    print(as_json(_dataset_record(dataset)) if options.json else dataset)


def _preview(path):
    from glasstunnel.data.readers.previews import preview

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


def convert(options):
    """Convert values; the constants and numbers of the sample that the way needed are printed below them."""
    from glasstunnel.conversions.routes import convert_amount

    values = parse_grid(options.value, "VALUE", options.from_unit)
    try:
        numbers, way = convert_amount(values, options.from_unit, options.to_unit, _sample(options))
    except SampleError as error:
        raise SampleError(f"{error}: give --molar-mass 60.08, --composition SiO2 or --density 2.2 [g/cm3]") from None
    for given, number in zip(values, numbers, strict=True):
        if not math.isfinite(number):
            raise ParameterError(f"{given:g} {options.from_unit} is beyond any number in {options.to_unit}")
        print(f"{number:.12g} {options.to_unit}")
    if way.steps:
        print("(" + ", ".join(way.steps) + ")")


def _element(options):
    """What counts the atoms of an element in a mass fraction: its atomic mass in place of that of a formula unit."""
    from glasstunnel.conversions.composition import elements, molar_mass
    from glasstunnel.conversions.routes import Sample
    from glasstunnel.units import parse_unit

    if options.molar_mass is not None or options.composition is not None:
        raise ParameterError("--element: the mass fraction of an element needs neither --molar-mass nor --composition")
    if not any(not any(parse_unit(unit).dimension) for unit in (options.from_unit, options.to_unit)):
        raise ParameterError("--element: one of the two units must be a mass fraction, such as ppm, % or ug/g")
    if list(elements(options.element).values()) != [1]:
        raise ParameterError(f"--element takes the symbol of one element, such as Fe, got {options.element!r}")
    return Sample(molar_mass=molar_mass(options.element))


def _sample(options):
    """What the options say about the sample."""
    from glasstunnel.conversions.routes import Sample

    if options.element is not None:
        return _element(options)

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
