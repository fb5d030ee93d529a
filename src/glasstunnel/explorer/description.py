"""What a page is told: rows, menus and panels, all read off the registries."""

import dataclasses
import math
import re
from functools import cache
from typing import Any

import numpy as np

from glasstunnel.errors import GlassTunnelError
from glasstunnel.explorer.journal import Journal
from glasstunnel.explorer.panels import as_shown, read_panel, shown_unit, variables_of
from glasstunnel.explorer.sliders import slider_range
from glasstunnel.explorer.state import State
from glasstunnel.explorer.theories import theory_of
from glasstunnel.observables.presentations import LEVELS, all_presentations
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES
from glasstunnel.plots.appearance import pretty_unit
from glasstunnel.systems.parameters import option_choices
from glasstunnel.systems.registry import CONTRIBUTIONS, contribution_class


def describe(journal: Journal, fit: dict[str, Any]) -> dict[str, Any]:
    """Everything a page shows but the curves."""
    state = journal.state
    return {
        "version": journal.version, "can_undo": journal.index > 0, "can_redo": journal.index + 1 < len(journal.states),
        "last": journal.states[journal.index][0], "saved_at": journal.saved_at,
        "title": state.document.get("title", ""), "name": state.glass.name, "source": state.glass.source,
        "notes": list(state.glass.notes), "guidance": guidance(state),
        "rows": rows(state, journal.first, fit.get("result") or journal.fit, journal.before),
        "contributions": [_contribution(key, part) for key, part in state.glass.contributions.items()],
        "panels": [_panel(table, state) for table in state.view.get("panels", ())],
        "view": {"units": state.view.get("units", "SI"), "parts": state.view.get("parts", False),
                 "theories": list(state.view.get("theories", ())), "hidden": list(state.view.get("hidden", ()))},
        "datasets": [_dataset(row, state) for row in state.measured],
        "options": dict(state.document.get("options", {})), "compare": _compared(state), "fit": fit,
        "lost": journal.fit if fit["result"] is None else None,
    }  # fmt: skip


@cache
def catalog() -> dict[str, Any]:
    """What there is to choose from, the same for every session."""
    return {
        "presentations": [{"name": row.name, "observable": row.observable} for row in all_presentations().values()],
        "kinds": [{"name": name, "summary": contribution_class(name).summary} for name in CONTRIBUTIONS],  # type: ignore[attr-defined]
        "published": _published(),
        "columns": ["temperature", "field", *OBSERVABLES, *CONDITIONS],
        "units": ["SI", "CGS"], "scales": ["linear", "log", "asinh"],
    }  # fmt: skip


def _published():
    from glasstunnel.papers import published, published_entry, published_ids
    from glasstunnel.papers.advice import recommended_glasses

    found = [{"id": name, "what": "the recommended set"} for name in recommended_glasses()]
    for id in published_ids():
        try:
            published(id)
        except GlassTunnelError:
            continue  # a row of samples or rates is no glass
        entry = published_entry(id)
        found.append({"id": id, "what": f"{entry.glass}: {entry.what}"})
    return found


def guidance(state: State) -> list[str]:
    """Three sentences on what to try."""
    sentences = ["Move a slider: every panel follows. Arrow keys move by a hundredth, with Shift by a thousandth."]
    if any(part.variants for part in state.glass.contributions.values()):
        sentences.append("Tick another theory at the head of a group: it is drawn dashed beside the chosen one.")
    else:
        sentences.append("Choose another observable, field or axis in the head of a panel.")
    if state.measured:
        sentences.append("Choose 'vary' beside what the data may decide, then Fit; undo brings back what was before.")
    else:
        sentences.append("Drop a measured file on the page: its points appear, and what you choose to vary can be "
                         "fitted.")  # fmt: skip
    return sentences


# --- rows -------------------------------------------------------------------------------------------------------------


def rows(
    state: State, first: State, fitted: dict[str, Any] | None, before: State | None = None
) -> list[dict[str, Any]]:
    """One record for each slider: parameters of the glass, then what belongs to the data.

    before : the state of the last step, whose number an infinite or missing one may go back to.
    """
    begun, found = first.glass.paths(), []
    for path, parameter in state.glass.paths().items():
        at_first = first.glass.value(path) if path in begun else _neutral(state, path, parameter)
        row = _row(state, path, parameter, state.glass.value(path), at_first, fitted)
        found.append(row | {"finite": _finite(path, row, (before or first, first))})
    for path in _nuisance_paths(state):
        neutral = 1.0 if path.endswith(".scale") else 0.0
        found.append(_row(state, path, None, state.nuisances.get(path, neutral), neutral, fitted))
    return found


def _nuisance_paths(state):
    from glasstunnel.inference.problem import NUISANCES

    for row in state.measured:
        if row.measurement is None:
            continue
        for name in NUISANCES:
            if name != "holder" or row.measurement.holder is not None:
                yield f"data.{row.name}.{name}"


def _row(state, path, parameter, value, begun, fitted):
    low, high, log = slider_range(state, path)
    group, name = path.rsplit(".", 1)
    return {
        "path": path, "group": group, "name": name, "unit": _unit(state, path, parameter),
        "meaning": parameter.meaning if parameter else f"{name} of this dataset", "value": _number(value),
        "text": _text(value), "infinite": bool(parameter and parameter.infinite),
        "optional": bool(parameter and parameter.optional) and _can_miss(state.glass[group], name),
        "low": low, "high": high, "log": log,
        "given": value is not None, "density": _density(state, path, low, high, log),
        "changed": value != begun, "idle": value == _neutral(state, path, parameter), **_role(state, path),
        **_verdict(path, fitted),
    }  # fmt: skip


def _can_miss(part, name):
    """Whether a contribution stands without a parameter, as it is now."""
    try:
        return getattr(dataclasses.replace(part, **{name: None}), name) is None
    except GlassTunnelError:
        return False


def _finite(path, row, earlier):
    """A number for what is infinite or not given: the one it had, else the middle of its slider."""
    if row["value"] is not None:
        return row["value"]
    for state in earlier:
        value = state.glass.value(path) if path in state.glass.paths() else None
        if value is not None and math.isfinite(value):
            return value
    return math.sqrt(row["low"] * row["high"]) if row["log"] else 0.5 * (row["low"] + row["high"])


def _neutral(state, path, parameter):
    """The value at which a parameter does nothing: the default of its field; of the data, what leaves them alone."""
    if parameter is None:
        return 1.0 if path.endswith(".scale") else 0.0
    key, name = path.split(".", 1)
    return type(state.glass[key]).__dataclass_fields__[name].default


def _unit(state, path, parameter):
    if parameter is not None:
        return pretty_unit("" if parameter.unit == "1" else parameter.unit)
    if not path.endswith(".offset"):
        return ""
    unit = next(row.measurement.unit for row in state.measured if row.name == path.split(".")[1])
    return pretty_unit("" if unit == "1" else unit)


def _number(value):
    return value if value is not None and math.isfinite(value) else None


def _text(value):
    if value is None:
        return ""
    return "inf" if math.isinf(value) else re.sub(r"e([+-])0", r"e\1", f"{value:.6g}")


def _role(state, path):
    if path in state.priors:
        from glasstunnel.inference.wording import describe_prior

        return {"role": "vary", "prior": describe_prior(state.priors[path]), "tie": None}
    if path in state.ties:
        other, factor = state.ties[path]
        return {"role": "tied", "prior": None, "tie": {"to": other, "factor": factor}}
    return {"role": "fixed", "prior": None, "tie": None}


def _verdict(path, fitted):
    """What the last fit says of a parameter: its error, or that the data do not determine it."""
    if not fitted or path not in fitted.get("values", {}):
        return {"error": None, "undetermined": "", "at_bound": "", "one_sided": False, "fitted": None}
    error, bound = fitted["errors"].get(path), fitted.get("at_bound", {}).get(path, "")
    one_sided = path in fitted.get("conditional", ())
    why = "" if error is not None or bound or one_sided else "not determined by these data"
    return {"error": error, "undetermined": why if fitted.get("converged", True) else "", "at_bound": bound,
            "one_sided": one_sided, "fitted": fitted["values"][path]}  # fmt: skip


_SHAPE = 41  # points of the density of a prior along its slider


def _density(state, path, low, high, log):
    """Density of the prior along the slider of what varies, its greatest value 1; nothing for what does not vary."""
    prior = state.priors.get(path)
    if prior is None:
        return []
    space: Any = np.geomspace if log else np.linspace
    x = space(low, high, _SHAPE)
    inside = (prior.lower <= x) & (x <= prior.upper) & ((x > 0) | (not prior.logarithmic))
    z = np.log(np.where(inside, x, 1.0)) if prior.logarithmic else x
    stretch = (x if log else 1.0) / (np.where(inside, x, 1.0) if prior.logarithmic else 1.0)  # dz along the slider
    heights = np.where(inside, np.exp(prior.log_density(z) - np.max(prior.log_density(z))) * stretch, 0.0)
    top = float(heights.max())
    return [round(float(h) / top, 4) for h in heights] if top > 0 else []


# --- groups, panels, data ---------------------------------------------------------------------------------------------


def _contribution(key, part):
    parameters = {field.name for field in dataclasses.fields(part) if "parameter" in field.metadata}
    choices = option_choices(part)
    options = [
        {"name": field.name, "value": _plain(getattr(part, field.name)),
         "choices": [_plain(choice) for choice in choices.get(field.name, ())]}
        for field in dataclasses.fields(part) if field.name not in parameters
    ]  # fmt: skip
    return {"key": key, "kind": type(part).__name__, "summary": part.summary, "options": options,
            "theories": [f"{key}:{name}" for name in part.variants], "theory": theory_of(part)}  # fmt: skip


def _plain(value):
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _panel(table, state):
    """A panel as a page shows it: fields in the units of the view."""
    panel, cgs = read_panel(table), state.view.get("units") == "CGS"
    row, x = panel.presentation.row, panel.presentation.x
    variables = [name for name in variables_of(row) if name != panel.presentation.x]
    shown = [name for name in variables if name != panel.along]
    fixed = [
        {"name": name, "label": name.replace("_", " "), "unit": shown_unit(name, cgs),
         "value": as_shown(name, panel.conditions.get(name, 0.0 if name == "field" else None), cgs),
         "optional": name in row.optional}
        for name in shown
    ]  # fmt: skip
    choices = [{"name": name, "choices": list(texts), "value": panel.conditions.get(name, texts[0])}
               for name, texts in row.choices.items()]  # fmt: skip
    return {
        "id": panel.id, "show": panel.show, "low": as_shown(x, panel.low, cgs), "high": as_shown(x, panel.high, cgs),
        "x_log": panel.x_log,
        "x": x.replace("_", " "), "x_unit": shown_unit(x, cgs), "range": "" if panel.presentation.x_powers else x,
        "along": panel.along, "along_unit": shown_unit(panel.along, cgs),
        "values": [as_shown(panel.along, value, cgs) for value in panel.values],
        "levels": _with_levels(state, panel), "without": list(panel.without),
        "variables": [{"name": name, "label": name.replace("_", " ")} for name in variables], "fixed": fixed,
        "choices": choices, "y_scale": panel.y_scale, "ratio": panel.ratio,
    }  # fmt: skip


def _with_levels(state, panel):
    """The contributions among which a panel of levels chooses; none for another panel."""
    if panel.presentation.row is not LEVELS:
        return []
    return [key for key, part in state.glass.contributions.items() if _states_levels(part)]


def _states_levels(part):
    try:
        return bool(part.level_diagram(2.0, 1.0))
    except GlassTunnelError:
        return True  # some, once what the panel says is missing has been given


def _dataset(row, state):
    entry = state.document["data"][row.entry]
    noise = entry.get("noise", {})
    steps = [step for step in entry.get("steps", []) if step.get("do") == "keep_range"]
    return {
        "name": row.name, "entry": row.entry, "quantity": row.dataset.quantity, "points": len(row.dataset),
        "file": entry["file"], "format": row.dataset.format, "noise": noise, "noise_words": row.dataset.noise,
        "notes": list(row.dataset.notes), "history": list(row.dataset.history), "problem": row.problem,
        "drawn": row.measurement is not None, "mass_mg": entry.get("mass_mg"),
        "columns": {key: column.unit for key, column in row.dataset.columns.items() if key in ("temperature", "field")},
        "ranges": {step["column"]: {key: step.get(key) for key in ("low", "high", "unit")} for step in steps},
        "hidden": row.name in state.view.get("hidden", ()), "conditions": _conditions(row.dataset, entry),
    }  # fmt: skip


def _conditions(dataset, entry):
    """What one may state of the whole run: the conditions of the observable that the file itself does not hold."""
    held = {}
    for step in entry.get("steps", ()):
        held |= step if step.get("do") == "with_condition" else {}
    row = OBSERVABLES.get(dataset.quantity)
    if row is None or row.fit_instead:
        return []
    names = (*row.conditions, *row.optional)
    return [{"name": name, "label": name.replace("_", " "), "unit": CONDITIONS[name].unit,
             "text": str(held.get(name, "")), "optional": name not in row.conditions}
            for name in names if name in held or name not in dataset.columns]  # fmt: skip


def _compared(state):
    """The glasses side by side: numbers that differ, chi-squares, and what the papers' numbers come to."""
    kept = state.view.get("compare", ())
    if not kept:
        return []
    entries = [{"name": "now", "glass": state.document["glass"]}, *kept]
    states = [State({"glass": entry["glass"]}) for entry in entries]
    working = {path for compared in states for path, row in compared.glass.paths().items()
               if compared.glass.value(path) != _neutral(compared, path, row)}  # fmt: skip
    return [{"name": entry["name"], "verdict": _judged(entry["glass"]),
             "values": {path: _text(compared.glass.value(path)) for path in compared.glass.paths() if path in working}}
            for entry, compared in zip(entries, states, strict=True)]  # fmt: skip


@cache
def _verdict_of(id: str) -> str:
    from glasstunnel.papers.advice import recommended, recommended_glasses
    from glasstunnel.verdicts import set_verdict

    judged = set_verdict(recommended(id).id if id in recommended_glasses() else id)
    return f"{judged.verdict}: {judged.reason}"


def _judged(table):
    """The verdict on a printed set, as long as its numbers are the printed ones."""
    if "published" not in table or table.get("values") or table.get("contributions"):
        return ""
    return _verdict_of(table["published"])
