"""What is drawn: panels, units, theories, and the glasses to compare with. Actions on the view of a state."""

from glasstunnel.errors import ParameterError
from glasstunnel.explorer.panels import from_shown, new_panel
from glasstunnel.explorer.state import State
from glasstunnel.explorer.theories import variant_options
from glasstunnel.observables.presentations import presentation

#: As many panels as can be drawn.
MOST_PANELS = 12
_MOST_COMPARED = 5
_SHOWN = ("field",)  # variables whose unit the view chooses


def panel_add(state, table):
    panels = list(state.view.get("panels", ()))
    if len(panels) >= MOST_PANELS:
        raise ParameterError(f"{MOST_PANELS} panels are as many as can be drawn")
    numbers = [int(panel["id"][1:]) for panel in panels]
    row = presentation(table.take("show", str))
    return _with_panels(state, [*panels, new_panel(state, row, f"p{max(numbers, default=0) + 1}")])


def _with_panels(state, panels):
    return state.with_tables(view={**state.view, "panels": panels})


def panel_set(state, table):
    """Other fields, units or limits of one panel. changes : in SI; shown : in the units of the view."""
    wanted, changes = table.take("id", str), table.take("changes", dict, {})
    panels = list(state.view.get("panels", ()))
    if wanted not in [panel["id"] for panel in panels]:
        raise ParameterError(f"there is no panel {wanted!r}")
    if "shown" in table:
        (present,) = (panel for panel in panels if panel["id"] == wanted)
        changes = {**changes, **_in_si(state, present, table.take("shown", dict))}
    if "id" in changes:
        raise ParameterError("the id of a panel stays")
    if "show" in changes:
        changes = {**new_panel(state, presentation(_text(changes["show"])), wanted), **changes}
        return _with_panels(state, [changes if panel["id"] == wanted else panel for panel in panels])
    merged = [{**panel, **changes} if panel["id"] == wanted else panel for panel in panels]
    return _with_panels(state, [{k: v for k, v in panel.items() if v is not None} for panel in merged])


def _in_si(state, present, shown):
    """Changes of a panel with the numbers of variables taken from the units of the view to SI."""
    cgs = state.view.get("units") == "CGS"
    along, x = shown.get("along", present["along"]), presentation(present["show"]).x
    changes = {key: from_shown(x, value, cgs) if key in ("low", "high") else value for key, value in shown.items()}
    if isinstance(shown.get("values"), list):
        changes["values"] = [from_shown(along, value, cgs) for value in shown["values"]]
    if isinstance(shown.get("conditions"), dict):
        changes["conditions"] = {key: from_shown(key, value, cgs) if key in _SHOWN else value
                                 for key, value in shown["conditions"].items()}  # fmt: skip
    return changes


def _text(value):
    if not isinstance(value, str):
        raise ParameterError(f"a text is needed, got {str(value)[:40]!r}")
    return value


def panel_remove(state, table):
    wanted, panels = table.take("id", str), state.view.get("panels", ())
    if wanted not in [panel["id"] for panel in panels]:
        raise ParameterError(f"there is no panel {wanted!r}")
    return _with_panels(state, [panel for panel in panels if panel["id"] != wanted])


def view(state, table):
    """Units, theories drawn beside the chosen one, shares of the contributions, hidden datasets."""
    view = dict(state.view)
    if "units" in table:
        view["units"] = table.choice("units", ("SI", "CGS"))
    if "parts" in table:
        view["parts"] = table.take("parts", bool)
    if "theories" in table:
        view["theories"] = _theories(state, table.take("theories", list))
    if "hidden" in table:
        view["hidden"] = [_text(name) for name in table.take("hidden", list)]
    return state.with_tables(view=view)


def _theories(state, wanted):
    for name in wanted:
        key, _, theory = _text(name).partition(":")
        variant_options(state.glass[key], theory)
    return wanted


def compare_add(state, table):
    """The glass as it is now, or a printed one, kept to be compared with."""
    kept = list(state.view.get("compare", ()))
    if len(kept) >= _MOST_COMPARED:
        raise ParameterError(f"{_MOST_COMPARED + 1} glasses are as many as can be compared; take one away first")
    published = table.take("published", str, None)
    glass = {"published": published} if published else state.document["glass"]
    roles = {key: state.document[key] for key in ("vary", "ties") if key in state.document and not published}
    name = table.take("name", str, "") or published or f"kept {len(kept) + 1}"
    if published:
        State({"glass": glass}).glass  # noqa: B018 - says what is wrong with it
    return state.with_tables(view={**state.view, "compare": [*kept, {"name": name[:80], "glass": glass, **roles}]})


def compared(state, table):
    kept, number = list(state.view.get("compare", ())), table.take("number", int)
    if not 0 <= number < len(kept):
        raise ParameterError(f"there is no compared glass {number}; there are {len(kept)}")
    return kept, number


def compare_remove(state, table):
    kept, number = compared(state, table)
    del kept[number]
    view = {**state.view, "compare": kept}
    return state.with_tables(view=view if kept else {k: v for k, v in view.items() if k != "compare"})
