"""The ``[glass]`` table of a run file: a published glass, contributions, or both."""

import dataclasses
from pathlib import Path

from glasstunnel.conversions.routes import Sample
from glasstunnel.errors import GlassTunnelError
from glasstunnel.papers import published
from glasstunnel.runfile.sample import number_or_quantity, sample_of_table
from glasstunnel.runfile.table import flatten
from glasstunnel.systems.glass import Glass
from glasstunnel.systems.registry import CONTRIBUTIONS, LOAD_FIRST, contribution_class

#: What a run file says of a parameter that is not known, where the contribution asks for one.
NOT_GIVEN = "not given"


def glass_of(table):
    """The `Glass` of a ``[glass]`` table.

    ``published = "id"`` starts from a published glass, with the options of `published` (theory, convention,
    higher_field, flux_field); ``contributions`` adds to it or replaces, each with its ``type`` and the fields of that
    type; ``values`` changes single parameters; ``without`` leaves contributions out. molar_mass, composition and
    density_g_cm3 say what "126 ppm" or "3 1/f.u." of a parameter mean.
    """
    sample = sample_of_table(table)
    glass = _published(table)
    parts = dict(glass.contributions)
    for key in table.take("without", list, []):
        if not isinstance(key, str) or key not in parts:
            raise table.error(f"the glass has no contribution {key!r}; it has {', '.join(parts) or 'none'}", "without")
        del parts[key]
    added = table.table("contributions", {})
    for key in added.values:
        parts[key] = _contribution(added.table(key), sample)
    if not parts:
        raise table.error("a glass needs contributions, or published = an id")
    name = table.take("name", str, glass.name)
    table.asked.add("published")
    glass = table.calling(dataclasses.replace, glass, contributions=parts, name=name, sample=_known(sample))
    values = table.table("values", {})
    numbers = {
        path: number_or_quantity(values, path, number, _unit(glass, path), sample)
        for path, number in flatten(values, lambda value: False).items()
    }
    glass = values.calling(glass.with_values, numbers)
    table.finish()
    return glass


def _known(sample):
    return None if sample == Sample() else sample


def _unit(glass, path):
    row = glass.paths().get(path)
    return row.unit if row else "1"


def _published(table):
    """The published glass a table starts from, with the options of `published`; an empty one without it."""
    options = {"theory": str, "convention": str, "higher_field": bool}
    chosen = {key: table.take(key, kind) for key, kind in options.items() if key in table}
    if "flux_field" in table:
        chosen["flux_field"] = table.number("flux_field")
    if "published" not in table:
        if chosen:
            raise table.error("belongs to published = an id", next(iter(chosen)))
        return Glass({})
    table.asked.update((*options, "flux_field"))
    return table.calling(published, table.take("published", str), **chosen)


def _contribution(table, sample):
    kind = table.choice("type", tuple(CONTRIBUTIONS), hint=LOAD_FIRST)
    if kind == "TunnelingCatalogue" and "pairs" in table:
        return _catalogue(table)
    cls = contribution_class(kind)
    fields = {field.name: field for field in dataclasses.fields(cls)}
    table.asked.update(fields)
    table.finish()
    for name, field in fields.items():
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if required and name not in table:
            raise table.error(f"{name} is missing (a {kind} needs it)")
    values = {name: value for name, value in table.values.items() if name != "type"}
    for name in values:
        row = fields[name].metadata.get("parameter", {})
        if row.get("optional") and values[name] == NOT_GIVEN:
            values[name] = None
        elif row:
            unit = row["unit"]
            values[name] = number_or_quantity(table, name, values[name], unit, sample)
    try:
        return cls(**values)
    except GlassTunnelError as error:
        raise table.error(str(error)) from None
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise table.error(f"not usable for a {kind}: {error}") from None


def _catalogue(table):
    """A `TunnelingCatalogue` from ``pairs``, a CSV table beside the run file, and what else that takes."""
    from glasstunnel.landscape.tables import catalogue_from_pairs
    from glasstunnel.systems.catalogue import TunnelingCatalogue

    file = Path(table.file).parent / table.take("pairs", str)
    for name in ("glasses", "particles"):
        if name not in table:
            raise table.error(f"{name} is missing (a table of pairs needs it)")
    fields = {field.name for field in dataclasses.fields(TunnelingCatalogue)} - {"concentration", "lower_bound"}
    table.asked.update(fields - {"asymmetries", "splittings"}, ("type", "glasses", "particles", "units", "splitting",
                                                                "max_gap"))  # fmt: skip
    table.finish()
    options = {name: value for name, value in table.values.items() if name not in ("type", "pairs")}
    try:
        return table.calling(catalogue_from_pairs, file, **options)
    except (TypeError, ValueError) as error:
        raise table.error(f"not usable for a table of pairs: {error}") from None
