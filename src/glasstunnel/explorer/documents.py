"""The document of a state as text: run file and Python script."""

import copy
import io
import zipfile
from collections.abc import Mapping
from typing import Any

from glasstunnel.errors import RunFileError
from glasstunnel.explorer.state import PLACE, RUN_FILE, State, nested
from glasstunnel.observables.presentations import LEVELS
from glasstunnel.runfile.table import flatten

_LARGEST = 200_000  # characters of a document


def run_text(state: State) -> str:
    """The state as a run file; its data files are expected beside it."""
    import tomli_w

    name = state.document.get("title", "glass")
    head = f"# Written by glasstunnel explore: {' '.join(str(name).split())}\n"
    return head + tomli_w.dumps(ordered(state.document))


def ordered(document: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of a run file in the order in which one reads them."""
    order = ("title", "glass", "data", "predict", "vary", "ties", "start", "options", "iron", "view")
    return {key: copy.deepcopy(document[key]) for key in order if document.get(key)}


def without_data(state: State) -> State:
    """The state without its data and what belongs to them, as a link carries it."""
    vary = flatten(state.table("vary"), lambda value: "prior" in value)
    ties = flatten(state.table("ties"), lambda value: "to" in value)
    kept = {key: table for key, table in state.document.items() if key in ("title", "glass", "options", "view")}
    kept["vary"] = nested({path: prior for path, prior in vary.items() if not path.startswith("data.")})
    kept["ties"] = nested({path: tie for path, tie in ties.items() if not path.startswith("data.")})
    kept["view"] = {key: entry for key, entry in kept.get("view", {}).items() if key != "hidden"}
    return State({key: table for key, table in kept.items() if table})


def run_archive(state: State) -> bytes:
    """The run file and its data files, zipped."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(RUN_FILE, run_text(state))
        for key, path in state.files.items():
            archive.write(path, key)
    return content.getvalue()


def python_script(state: State) -> str:
    """The state as a Python script: glass spelled out, data from the run file beside it, fit where something varies."""
    import dataclasses

    glass = state.glass
    kinds = sorted({type(part).__name__ for part in glass.contributions.values()})
    lines = [
        '"""Written by glasstunnel explore."""', "", "from math import inf  # noqa: F401", "",
        "import numpy as np", "", "import glasstunnel as gt",
        f"from glasstunnel import {', '.join(sorted({*kinds, 'DielectricConvention', 'Material'}))}  # noqa: F401",
        "from glasstunnel.observables.evaluation import evaluate", "", "glass = gt.Glass(", "    {",
    ]  # fmt: skip
    for key, part in glass.contributions.items():
        fields = (f"{field.name}={getattr(part, field.name)!r}" for field in dataclasses.fields(part))
        texts = (f"            {text}," for text in fields)
        lines += [f"        {key!r}: {type(part).__name__}(", *texts, "        ),"]
    lines += ["    },", f"    name={glass.name!r},", ")", ""]
    lines += _curves(state)
    if state.document.get("data"):
        lines += ["", "from glasstunnel.runfile import load_run  # noqa: E402", "",
                  'datasets = load_run("run.toml").datasets' if state.priors else _plain_data()]
    if state.priors and state.document.get("data"):
        vary = ", ".join(f"{path!r}: gt.{prior!r}" for path, prior in state.priors.items())
        options = "".join(f", {key}={value!r}" for key, value in state.document.get("options", {}).items()
                          if key in ("starts", "seed", "max_evaluations"))
        lines += [f"ties = {state.ties!r}", f"result = gt.fit(glass, datasets, {{{vary}}}, ties=ties{options})",
                  "print(result.report())"]
    return "\n".join(lines) + "\n"


def _plain_data():
    return 'datasets = ()  # nothing varies yet: vary a parameter and save again to fit the [[data]] of run.toml'


def _curves(state):
    """One line for each curve that is drawn."""
    from glasstunnel.explorer.panels import read_panel
    from glasstunnel.explorer.pictures import panel_curves

    yield "curves = {"
    for table in state.view.get("panels", ()):
        panel = read_panel(table)
        if panel.presentation.row is LEVELS:
            continue
        for label, T, B, given in panel_curves(panel):
            yield (f"    {(panel.id, label)!r}: evaluate({panel.observable!r}, glass, {T}, {B}"
                   + "".join(f", {key}={value}" for key, value in given.items()) + "),")  # fmt: skip
    yield "}"


def check_shapes(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document that came as text; `RunFileError` where a table has another shape than a run file's."""
    if len(str(document)) > _LARGEST:
        raise RunFileError(f"{PLACE}: the run file is too long")
    shapes = {"title": str, "data": list, "predict": list}
    for key, value in document.items():
        if not isinstance(value, shapes.get(key, dict)):
            raise RunFileError(f"{PLACE}: {key} has the wrong shape")
    for key in ("data", "predict"):
        for entry in document.get(key, []):
            if not isinstance(entry, dict):
                raise RunFileError(f"{PLACE}: each [[{key}]] must be a table")
    view = document.get("view", {})
    for key, kind in (("panels", list), ("compare", list), ("theories", list), ("hidden", list), ("units", str)):
        if key in view and not isinstance(view[key], kind):
            raise RunFileError(f"{PLACE}: view.{key} has the wrong shape")
    for entry in (*view.get("panels", ()), *view.get("compare", ())):
        if not isinstance(entry, dict):
            raise RunFileError(f"{PLACE}: panels and compare of [view] are lists of tables")
    return dict(document)
