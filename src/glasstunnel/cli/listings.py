"""The command show: published sets, and lists of what there is."""

from glasstunnel.errors import ParameterError
from glasstunnel.files import as_json


def show(options):
    """List the published sets, or show one: every parameter of a whole glass with its unit, else the printed row.

    The verdict on the set follows. The name of a glass shows its recommended set, that of a kind of contribution its
    parameter table, that of an observable its row, and a name of `LISTS` the list.
    """
    from dataclasses import asdict

    from glasstunnel.observables.table import OBSERVABLES
    from glasstunnel.papers import published_entry, published_ids, recommended
    from glasstunnel.papers.advice import recommended_glasses
    from glasstunnel.papers.glasses import printed_row
    from glasstunnel.systems.registry import CONTRIBUTIONS
    from glasstunnel.verdicts import set_verdict

    if options.id in LISTS:
        return _print_list(LISTS[options.id](), options.json)
    if options.id in CONTRIBUTIONS:
        return _show_kind(options)
    if options.id in OBSERVABLES:
        return _show_observable(options)
    if options.id is None or options.glass or options.observable:
        return _print_list(_sets(options), options.json)
    id = recommended(options.id).id if options.id in recommended_glasses() else options.id
    if printed_row(id) not in published_ids():
        _refuse_misspelt(id, [*LISTS, *CONTRIBUTIONS, *OBSERVABLES, *recommended_glasses()])
    entry = published_entry(printed_row(id))
    glass, why_none = _published_glass(options.id)
    judged = set_verdict(printed_row(id))
    if options.json:
        contributions = _glass_record(glass) if glass else None
        notes = glass.notes if glass else (*entry.notes, why_none)
        record = {"contributions": contributions, "notes": list(notes), "verdict": asdict(judged)}
        print(as_json(_entry_record(entry) | record))
        return
    print(f"{entry.id}: {entry.glass}, {entry.what}\nsource: {entry.source}\n")
    print("\n".join([*parameter_lines(glass), *amount_lines(glass)] if glass else _printed_lines(entry)))
    for note in glass.notes if glass else (*entry.notes, why_none):
        print(f"\nnote: {note}")
    print("\n".join(["", *_verdict_lines(judged)]))


def _refuse_misspelt(name, known):
    """`ParameterError` where something else than a printed set is perhaps meant."""
    from difflib import get_close_matches

    for near in get_close_matches(name, known, n=1, cutoff=0.75):
        raise ParameterError(f"there is no {name!r} to show; did you mean {near!r}? 'glasstunnel show' lists the sets, "
                             f"and of the rest show {', '.join(LISTS)}")  # fmt: skip


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
        elsewhere = f"{number_text(tension.there)} in {tension.other}"
        yield f"  {tension.what}: {number_text(tension.here)} here, {elsewhere}, {apart}"


def _show_kind(options):
    from dataclasses import asdict, fields

    from glasstunnel.systems.parameters import parameter_table
    from glasstunnel.systems.registry import contribution_class

    kind = contribution_class(options.id)
    rows = parameter_table(kind)
    if options.json:
        return print(as_json({row.name: asdict(row) for row in rows}))
    print(f"{kind.summary}.\nequations: {kind.equations}\nvalid: {kind.validity or 'not stated'}\n")
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
        error = f" ± {entry.uncertainty[key]:g}" if key in entry.uncertainty else ""
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


def amount_lines(glass):
    """The numbers of ions as papers and laboratories state them: per gram, and per formula unit where that is known."""
    from glasstunnel.conversions.amounts import concentration_to_ppm

    amounts = {path: glass.value(path) for path, row in glass.paths().items()
               if row.unit == "1/kg" and path.endswith(".concentration")}  # fmt: skip
    molar_mass = glass.sample and glass.sample.molar_mass
    if amounts:
        yield ""
    for path, value in amounts.items():
        words = [f"{1e-3 * value:.6g} 1/g"]
        if molar_mass:
            ppm = float(concentration_to_ppm(value, molar_mass))
            words += [f"{ppm:.6g} ppm of formula units", f"{1e-6 * ppm:.6g} per formula unit"]
        yield f"{path} is {', '.join(words)}"
    if amounts and molar_mass:
        yield f"formula unit: {1e3 * molar_mass:.6g} g/mol, as the papers count"


def _number(value):
    return "not given" if value is None else f"{value:.8g}"


# --- lists ----------------------------------------------------------------------------------------------------------


def _sets(options):
    """{id: what it is} of the published sets, those of a glass, and those that give an observable."""
    from glasstunnel.papers import published_entry, published_ids

    entries = [published_entry(name) for name in published_ids()]
    if options.glass:
        entries = [entry for entry in entries if entry.glass.lower().startswith(options.glass.lower())]
        if not entries:
            known = ", ".join(dict.fromkeys(published_entry(name).glass for name in published_ids()))
            raise ParameterError(f"--glass: no printed set of {options.glass!r}; there are sets of {known}")
    if options.observable:
        from glasstunnel.observables.evaluation import observable

        row = observable(options.observable)
        entries = [entry for entry in entries if _gives(entry.id, row)]
        if not entries:
            raise ParameterError(f"--observable: no such set gives {row.name}")
    return {entry.id: f"{entry.glass}: {entry.what}" for entry in entries}


def _gives(id, row):
    """Whether a set says something about an observable: an echo as a printed echo, the others through their parts."""
    if id.startswith("002.T8."):
        return row.name == "echo"
    glass, _ = _published_glass(id)
    if glass is None or row.name == "echo":
        return False
    if not row.method:
        return _knows(glass, row)
    return any(part.gives(row.method) and _knows(part, row) for part in glass.contributions.values())


def _knows(part, row):
    """Whether a value comes out, and not zero: a density that is not printed leaves nothing to calculate."""
    import numpy as np

    from glasstunnel.errors import GlassTunnelError
    from glasstunnel.observables.evaluation import evaluate
    from glasstunnel.observables.table import CONDITIONS

    try:
        conditions = {key: CONDITIONS[key].typical for key in row.conditions}
        return bool(np.any(evaluate(row.name, part, 1.0, 1.0, **conditions) != 0.0))
    except GlassTunnelError:
        return False


def _kinds():
    from glasstunnel.systems.registry import CONTRIBUTIONS, contribution_class

    return {kind: contribution_class(kind).summary for kind in CONTRIBUTIONS}


def _observables():
    from glasstunnel.observables.table import OBSERVABLES

    texts = {}
    for name, row in OBSERVABLES.items():
        needs = f"; needs {', '.join(row.conditions)}" if row.conditions else ""
        texts[name] = f"{row.label} [{row.unit}]{needs}"
    return texts


def _steps():
    from glasstunnel.runfile.reference import sections

    return {section.name.removeprefix("step "): section.meaning for section in sections()
            if section.name.startswith("step ")}  # fmt: skip


def _noise():
    from glasstunnel.runfile.reference import NOISE

    return {key.name: f"{key.kind}: {key.meaning}" for key in NOISE}


def _units():
    from glasstunnel.units import unit_names

    return unit_names()


#: What `show` lists beside the published sets.
LISTS = {"kinds": _kinds, "observables": _observables, "steps": _steps, "noise": _noise, "units": _units}


def _print_list(texts, json):
    if json:
        return print(as_json(texts))
    width = max(map(len, texts))
    print("\n".join(f"{name:{width}}  {text}".rstrip() for name, text in texts.items()))


def _show_observable(options):
    """One row of the table of observables."""
    from glasstunnel.observables.table import CONDITIONS, OBSERVABLES

    row = OBSERVABLES[options.id]
    texts = {"what": row.label, "unit": row.unit, "in CGS": row.cgs_unit}
    texts |= {f"needs {key}": f"{CONDITIONS[key].meaning} [{CONDITIONS[key].unit}]" for key in row.conditions}
    texts |= {f"takes {key}": f"{CONDITIONS[key].meaning} [{CONDITIONS[key].unit}]" for key in row.optional}
    texts |= {f"option {key}": ", ".join(allowed) for key, allowed in row.choices.items()}
    if row.headings:
        texts["heading in a file"] = row.headings.replace("\\", "")
    if row.fit_instead:
        texts["in a fit"] = row.fit_instead
    _print_list(texts, options.json)
