"""What a person can do to the state: each action is a function (state, arguments) to a new state.

Arguments come from a page and are read strictly: a `RunTable` says in one sentence what is wrong with them.
"""

import dataclasses
import math
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from glasstunnel.errors import ParameterError, RunFileError
from glasstunnel.explorer import view_actions
from glasstunnel.explorer.documents import check_shapes
from glasstunnel.explorer.opening import first_contribution, with_view
from glasstunnel.explorer.panels import read_panel
from glasstunnel.explorer.sliders import slider_range
from glasstunnel.explorer.state import PLACE, State, nested
from glasstunnel.explorer.theories import variant_options
from glasstunnel.numerics.checks import is_number
from glasstunnel.runfile.table import RunTable, flatten
from glasstunnel.runfile.writing import contribution_table
from glasstunnel.systems.registry import CONTRIBUTIONS, contribution_class, short_name
from glasstunnel.units import quantity_in

_PRIORS = {"uniform": ("lower", "upper"), "log-uniform": ("lower", "upper"), "normal": ("mean", "sigma")}

Action = Callable[[State, RunTable], State]


def act(state: State, name: str, arguments: Mapping[str, Any]) -> State:
    """The state after an action; `GlassTunnelError` with one sentence where it cannot be done."""
    if name not in ACTIONS:
        raise RunFileError(f"there is no action {name!r}; there are {', '.join(ACTIONS)}")
    table = RunTable(dict(arguments), PLACE, name)
    changed = ACTIONS[name](state, table)
    table.finish()
    return checked(changed)


def checked(state: State) -> State:
    """The state, everything in it read once: what is wrong is said before it is kept."""
    glass = state.glass
    state.measured, state.nuisances, state.ties  # noqa: B018
    for path in (*state.priors, *state.ties):
        if not path.startswith("data.") and path not in glass.paths():
            raise ParameterError(f"the glass has no parameter {path!r}")
    for panel in state.view.get("panels", ()):
        read_panel(panel)
    return state


def with_numbers(state: State, numbers: Mapping[str, float]) -> State:
    """The state with parameters of the glass and of the data at new values; what is tied follows."""
    numbers = dict(numbers)
    numbers |= {path: factor * numbers[other] for path, (other, factor) in state.ties.items() if other in numbers}
    of_glass = {path: number for path, number in numbers.items() if not path.startswith("data.")}
    glass = dict(state.document["glass"])
    present = flatten(RunTable(dict(glass.get("values", {})), PLACE), lambda value: False)
    state.glass.with_values(of_glass)  # says what is wrong with them
    glass["values"] = nested({**present, **of_glass})
    if not glass["values"]:
        del glass["values"]
    start = flatten(state.table("start"), lambda value: False)
    start = {path: number for path, number in start.items() if path not in of_glass}
    start |= {path: number for path, number in numbers.items() if path.startswith("data.")}
    return state.with_tables(glass=glass, start=nested(start))


def read_numbers(state: State, values: Mapping[str, Any]) -> dict[str, float]:
    """{path: number in SI} from numbers and texts such as "20 mK" or "inf"."""
    rows, numbers = state.glass.paths(), {}
    for path, value in values.items():
        unit = rows[path].unit if path in rows else "1"
        if path not in rows and not path.startswith("data."):
            raise ParameterError(f"no parameter {path!r} in this glass")
        numbers[path] = _number(value, unit, path)
    return numbers


def _number(value, unit, path):
    if isinstance(value, str):
        text = value.strip().replace(",", ".")
        if text.lower() in ("inf", "infinity", "∞"):
            return math.inf
        if not text:
            raise ParameterError(f"{path}: the field is empty; type a number in {unit}, or one with its unit")
        return quantity_in(text, unit) if " " in text else quantity_in(f"{text} {unit}", unit)
    if not is_number(value) or math.isnan(value):
        raise ParameterError(f"{path}: {str(value)[:40]!r} is no number")
    return float(value)


def _set(state, table):
    return with_numbers(state, read_numbers(state, table.take("values", dict)))


def _clear(state, table):
    """A parameter that need not be given is not given."""
    path = table.take("path", str)
    key, _, name = path.partition(".")
    row = state.glass.paths().get(path)
    if row is None or not row.optional:
        raise ParameterError(f"{path} must have a number" if row else f"no parameter {path!r} in this glass")
    if path in state.priors or path in state.ties:
        raise ParameterError(f"{path} varies or is tied; choose 'fix' first")
    state.glass.with_values({path: None})  # says what misses it
    part = dataclasses.replace(state.glass[key], **{name: None})
    return _with_part(state, key, contribution_table(part))


def _option(state, table):
    """One choice of a contribution, or several at once."""
    key, options = table.take("contribution", str), table.take("options", dict)
    return _with_part(state, key, {**contribution_table(state.glass[key]), **options})


def _with_part(state, key, part):
    """A contribution spelled out in the document; its numbers move there from ``values``."""
    glass = dict(state.document["glass"])
    glass["contributions"] = {**glass.get("contributions", {}), key: {k: v for k, v in part.items() if v is not None}}
    values = {name: entry for name, entry in glass.get("values", {}).items() if name != key}
    values = {path: number for path, number in values.items() if not path.startswith(f"{key}.")}
    glass = {name: entry for name, entry in glass.items() if name != "values"}
    return state.with_tables(glass=glass | ({"values": values} if values else {}))


def _variant(state, table):
    key, name = table.take("contribution", str), table.take("name", str)
    return _with_part(state, key, {**contribution_table(state.glass[key]), **variant_options(state.glass[key], name)})


def _role(state, table):
    """A parameter is fixed, varies with a prior, or is tied to one that varies: exactly one of the three."""
    path, role = table.take("path", str), table.choice("role", ("fixed", "vary", "tied"))
    vary = flatten(state.table("vary"), lambda value: "prior" in value)
    ties = flatten(state.table("ties"), lambda value: "to" in value)
    followers = [other for other, tie in ties.items() if tie["to"] == path]
    if followers and role != "vary":
        raise ParameterError(f"{', '.join(followers)} is tied to {path}; free it first")
    vary.pop(path, None)
    ties.pop(path, None)
    if role == "vary":
        vary[path] = _prior(state, path, table)
    if role == "tied":
        other, factor = table.take("to", str), table.number("factor", 1.0)
        if other not in vary:
            raise ParameterError(f"{path} can only be tied to what varies; {other} does not")
        ties[path] = {"to": other, "factor": factor}
    state = state.with_tables(vary=nested(vary), ties=nested(ties))
    if role != "tied" or path.startswith("data."):
        return state
    return with_numbers(state, {ties[path]["to"]: state.glass.value(ties[path]["to"])})


def _prior(state, path, table):
    kind = table.take("prior", str, None)
    if kind is None:
        low, high, log = slider_range(state, path)
        return {"prior": "log-uniform" if log else "uniform", "lower": low, "upper": high}
    names = _PRIORS[table.choice("prior", tuple(_PRIORS))]
    return {"prior": kind} | {name: table.number(name) for name in names}


def _add(state, table):
    kind = table.choice("kind", tuple(CONTRIBUTIONS))
    wanted, parts = table.take("name", str, short_name(kind)), state.glass.contributions
    name, number = wanted, 2
    while name in parts:
        name, number = f"{wanted}{number}", number + 1
    given = table.take("fields", dict, None)
    if given is None:
        return _with_part(state, name, contribution_table(first_contribution(kind)))
    return _with_part(state, name, {"type": contribution_class(kind).__name__, **given})


def _remove(state, table):
    key, glass = table.take("contribution", str), dict(state.document["glass"])
    state.glass[key]
    added = dict(glass.get("contributions", {}))
    added.pop(key, None)
    without = {**glass, "contributions": added}
    without = {name: entry for name, entry in without.items() if entry}
    if "published" in glass and key not in glass.get("without", []) and key in _published_names(glass):
        without["without"] = [*glass.get("without", []), key]
    values = {name: entry for name, entry in glass.get("values", {}).items() if name != key}
    without.pop("values", None)
    return _pruned(state.with_tables(glass=without | ({"values": values} if values else {})))


def _published_names(glass):
    bare = {key: glass[key] for key in glass if key not in ("contributions", "values", "without")}
    return State({"glass": bare}).glass.contributions


def _pruned(state):
    """Roles of parameters that are no longer there are forgotten."""
    paths = state.glass.paths()
    names = {row.name for row in state.measured}

    def alive(path):
        return path.split(".")[1] in names if path.startswith("data.") else path in paths

    vary = {k: v for k, v in flatten(state.table("vary"), lambda value: "prior" in value).items() if alive(k)}
    ties = flatten(state.table("ties"), lambda value: "to" in value)
    ties = {k: v for k, v in ties.items() if alive(k) and v["to"] in vary}
    start = {k: v for k, v in flatten(state.table("start"), lambda value: False).items() if alive(k)}
    return state.with_tables(vary=nested(vary), ties=nested(ties), start=nested(start))


def _load(state, table):
    """Another printed glass in the place of this one; data and panels stay."""
    glass: dict[str, Any] = {"published": table.take("published", str)}
    if "theory" in table:
        glass["theory"] = table.take("theory", str)
    changed = _pruned(state.with_tables(glass=glass, title=glass["published"]))
    if state.document.get("data"):
        return changed
    return with_view(changed.with_tables(view={**changed.view, "panels": []}))


def _data_set(state, table):
    """Noise, range, name or steps of one ``[[data]]`` table."""
    entries = [dict(entry) for entry in state.document.get("data", [])]
    entry = _entry(entries, table)
    for key, kind in (("noise", dict), ("steps", list), ("mass_mg", (int, float)), ("name", str)):
        if key in table:
            value = table.take(key, kind)
            if "file" in json_text(value):
                raise ParameterError("a step with a file of its own stays as the run file says")
            entry[key] = value
    if "conditions" in table:
        entry["steps"] = _with_conditions(entry.get("steps", []), table.take("conditions", dict))
    if "range" in table:
        entry["steps"] = _ranged(entry.get("steps", []), table.table("range"))
    return _pruned(state.with_tables(data=[{k: v for k, v in each.items() if v not in ({}, [])} for each in entries]))


def _with_conditions(steps, given):
    """The steps with conditions that held for the whole run; an empty text takes one away."""
    kept = [step for step in steps if step.get("do") != "with_condition"]
    held = {key: value for step in steps if step.get("do") == "with_condition" for key, value in step.items()}
    held |= {"do": "with_condition", **{key: _number_or_text(value) for key, value in given.items()}}
    held = {key: value for key, value in held.items() if value != ""}
    return [*kept, held] if len(held) > 1 else kept


def _number_or_text(value):
    """A number as a text field has it, without a unit in SI; any other text as it is."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def json_text(value: Any) -> list[str]:
    """Every key in nested tables."""
    if isinstance(value, Mapping):
        return [*value, *(key for entry in value.values() for key in json_text(entry))]
    return [key for entry in value for key in json_text(entry)] if isinstance(value, list) else []


def _ranged(steps, table):
    """The steps with one keep_range of a column; one that is there already is replaced."""
    step: dict[str, Any] = {"do": "keep_range", "column": table.take("column", str)}
    for name in ("low", "high"):
        if table.values.get(name) is not None:
            step[name] = table.number(name)
    table.asked.update(("low", "high"))
    if "unit" in table:
        step["unit"] = table.take("unit", str)
    table.finish()
    kept = [row for row in steps if (row.get("do"), row.get("column")) != ("keep_range", step["column"])]
    return [*kept, step] if len(step) > 2 + ("unit" in step) else kept


def _entry(entries, table):
    number = table.take("entry", int)
    if not 0 <= number < len(entries):
        raise ParameterError(f"there is no data table {number}; there are {len(entries)}")
    return entries[number]


def _data_remove(state, table):
    entries = list(state.document.get("data", []))
    entries.remove(_entry(entries, table))
    return _pruned(state.with_tables(data=entries))


def _options(state, table):
    """How a fit goes about it: starts, seed."""
    options = dict(state.document.get("options", {}))
    for key, most in (("starts", 100), ("seed", 2**31), ("max_evaluations", 100_000)):
        if key in table:
            options[key] = table.take(key, int)
            if not 0 <= options[key] <= most or (key != "seed" and options[key] < 1):
                raise table.error(f"must be from {0 if key == 'seed' else 1} to {most}", key)
    return state.with_tables(options=options)


def _title(state, table):
    return state.with_tables(title=table.take("title", str)[:200])


def _compare_take(state, table):
    """A compared glass becomes the one that is explored, with what varies in it."""
    kept, number = view_actions.compared(state, table)
    roles = {key: kept[number].get(key, {}) for key in ("vary", "ties")} if "vary" in kept[number] else {}
    return _pruned(state.with_tables(glass=kept[number]["glass"], **roles))


def _replace(state, table):
    """The whole run file, as text; its files are those that are here already."""
    text = table.take("text", str)
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RunFileError(f"no valid TOML: {error}") from None
    known = ("title", "glass", "data", "vary", "ties", "start", "options", "iron", "predict", "view")
    for key in document:
        if key not in known:
            raise RunFileError(f"unknown table {key!r}; possible are {', '.join(known)}")
    return with_view(State(check_shapes(document), state.files))


ACTIONS: dict[str, Action] = {
    "set": _set, "clear": _clear, "option": _option, "variant": _variant, "role": _role, "add": _add, "remove": _remove,
    "load": _load,
    "panel_add": view_actions.panel_add, "panel_set": view_actions.panel_set,
    "panel_remove": view_actions.panel_remove, "view": view_actions.view,
    "data_set": _data_set, "data_remove": _data_remove, "options": _options, "title": _title,
    "compare_add": view_actions.compare_add, "compare_remove": view_actions.compare_remove,
    "compare_take": _compare_take, "replace": _replace,
}  # fmt: skip
