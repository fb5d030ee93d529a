"""What an explorer opens with: a printed glass, a run file, a measured file, or objects from Python."""

import dataclasses
import math
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from glasstunnel.data import Dataset
from glasstunnel.errors import GlassTunnelError, ParameterError
from glasstunnel.explorer.first_look import first_panels
from glasstunnel.explorer.state import State, file_key
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES
from glasstunnel.runfile.run import load_run
from glasstunnel.runfile.writing import glass_table
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.glass import as_glass
from glasstunnel.systems.parameters import parameter_table

#: What is opened where nothing is named: a printed set for which all theories can be compared.
FIRST_LOOK = {"published": "002.T14.BK7.M", "theory": "exact"}

_CONVERSIONS = ("per_mass", "quality_factor_to_loss")  # steps tried where a file measures what no model predicts


def open_subject(text: str | None) -> State:
    """The state that a word of the command line names: nothing, a printed set or glass, a run file, a measured file."""
    if text is None:
        return with_view(State({"title": "A first look", "glass": dict(FIRST_LOOK)}))
    if text.endswith(".toml"):
        return open_run(text)
    if Path(text).is_file():
        return open_measured(text)
    return with_view(State({"title": text, "glass": {"published": text}}))


def open_run(path: str | Path) -> State:
    """The state of a run file, or of a file with nothing but a ``[glass]`` table; several models are compared."""
    document: dict[str, Any] = {"data": []}
    if Path(path).is_file():
        document = _parsed(path)
    if "data" in document or "glass" not in document:
        load_run(path)  # says in one sentence what is wrong
    models = document.pop("models", None)
    if models:
        document |= next(iter(models.values()))
    files: dict[str, str] = {}
    document["data"] = [_keyed(entry, Path(path).parent, files) for entry in document.get("data", [])]
    document.setdefault("title", Path(path).stem)
    known = ("title", "glass", "data", "vary", "ties", "start", "options", "iron", "predict", "view")
    document["predict"] = [_keyed(entry, Path(path).parent, files) for entry in document.get("predict", [])]
    state = with_view(State({key: document[key] for key in known if document.get(key)}, files))
    if models and len(models) > 1:
        kept = ("glass", "vary", "ties")
        others = [{"name": name, **{key: model[key] for key in kept if model.get(key)}}
                  for name, model in list(models.items())[1:6]]  # fmt: skip
        state = state.with_tables(view={**state.view, "compare": others})
    return state


def _parsed(path):
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (ValueError, OSError):
        return {"data": []}  # load_run says in one sentence what is wrong


def _keyed(table, folder, files):
    """A ``[[data]]`` table with a key in the place of every path; the paths go to `files`."""
    if isinstance(table, Mapping):
        return {key: _enter(folder / value, files) if key == "file" and isinstance(value, str) else
                _keyed(value, folder, files) for key, value in table.items()}  # fmt: skip
    return [_keyed(value, folder, files) for value in table] if isinstance(table, list) else table


def _enter(path, files):
    path = path.resolve()
    key = file_key(path, files)
    files[key] = str(path)
    return key


def open_measured(path: str | Path) -> State:
    """A measured file beside the glass of the first look."""
    state = State({"title": Path(path).stem, "glass": dict(FIRST_LOOK)})
    return with_view(with_file(state, path))


def with_file(state: State, path: str | Path, options: Mapping[str, Any] | None = None) -> State:
    """The state with a measured file added: per mass where the file states one, a quality factor as its loss, noise
    from its residuals.

    `ReadError` where `gt.read` cannot read it; options : further keys of its ``[[data]]`` table.
    """
    from glasstunnel.data.dataset import dataset_name

    files = dict(state.files)
    key = _enter(Path(path), files)
    taken = {row.name for row in state.measured}
    name, number = dataset_name(Path(path).stem), 2
    while name in taken:
        name, number = f"{dataset_name(Path(path).stem)}_{number}", number + 1
    entry: dict[str, Any] = {"file": key, "name": name, **(options or {})}
    entries = state.document.get("data", [])
    state = dataclasses.replace(state, files=files)
    plain = state.with_tables(data=[*entries, {**entry, "noise": {"residuals": True}}])
    measured = plain.measured  # says what is wrong with the file
    if measured[-1].measurement is not None:
        return plain
    for step in _CONVERSIONS:
        candidate = state.with_tables(data=[*entries, {**entry, "steps": [{"do": step}], "noise": {"residuals": True}}])
        try:
            row = OBSERVABLES.get(candidate.measured[-1].dataset.quantity)
            if row is not None and not row.fit_instead:
                return candidate
        except GlassTunnelError:
            continue  # this step does not belong to what the file measures
    return plain


def open_objects(glass: Contribution, datasets: Iterable[Dataset], folder: Path) -> State:
    """The state of objects from Python; the datasets are written as tables into `folder`.

    `ParameterError` for what a run file cannot say.
    """
    whole = as_glass(glass, "explore")
    for part in whole.contributions.values():
        _check_importable(type(part))
    state = State({"title": whole.name or "glass", "glass": glass_table(whole)})
    files, entries = {}, []
    for dataset in datasets:
        path = folder / f"{dataset.name}.csv"
        entries.append(_write_dataset(dataset, path))
        files[path.name] = str(path)
    return with_view(dataclasses.replace(state, files=files).with_tables(data=entries))


def _check_importable(cls):
    """`ParameterError` for a class that neither a run file nor the processes that calculate can find."""
    from glasstunnel.systems.registry import CONTRIBUTIONS

    where = f"{cls.__name__} is defined in this notebook or script" if cls.__module__ == "__main__" else cls.__name__
    if cls.__module__ == "__main__" or cls.__name__ not in CONTRIBUTIONS:
        raise ParameterError(
            f"{where}: explore calculates in processes of its own, which cannot find it; put the class into a module, "
            f"register it there (CONTRIBUTIONS[{cls.__name__!r}] = Kind(__name__, its short name)) and import that"
        )


def _write_dataset(dataset, path):
    """The ``[[data]]`` table of a dataset, written as a plain table beside it."""
    from glasstunnel.files import write_csv, written_whole

    choices = {key for row in OBSERVABLES.values() for key in row.choices}
    keys = ["temperature", "field", dataset.quantity, "holder", *CONDITIONS]
    keys = [key for key in keys if key in dataset and not dataset[key].is_text]
    columns = {key: dataset[key] for key in keys}
    entry: dict[str, Any] = {"file": path.name, "name": dataset.name, "quantity": dataset.quantity}
    if dataset.noise.startswith("residuals"):
        entry["noise"] = {"residuals": "relative" if "relative" in dataset.noise else True}
    elif "sigma_fraction" in dataset and np.allclose(
        dataset["sigma"].values, dataset["sigma_fraction"].values * np.abs(dataset.measured.values), rtol=1e-9
    ) and np.ptp(dataset["sigma_fraction"].values) < 1e-12:
        entry["noise"] = {"relative": float(dataset["sigma_fraction"].values[0])}
    elif "sigma" in dataset:
        columns[f"{dataset.quantity}_error"] = dataset["sigma"]
        entry["noise"] = {"given": True}
    texts = {key: str(dataset[key].values[0]) for key in choices if key in dataset}
    if texts:
        entry["steps"] = [{"do": "with_condition", **texts}]
    with written_whole(path) as part, open(part, "w", encoding="utf-8") as stream:
        write_csv(stream, {key: column.values for key, column in columns.items()})
    entry["columns"] = {key: [number, column.unit] for number, (key, column) in enumerate(columns.items(), 1)}
    return entry


def with_view(state: State) -> State:
    """The state with panels to begin with, unless it has some."""
    state.glass, state.measured, state.priors, state.ties, state.nuisances  # noqa: B018 - what is wrong is said now
    if state.view.get("panels"):
        return state
    return state.with_tables(view={**state.view, "panels": first_panels(state)})


def first_contribution(kind: str) -> Contribution:
    """A contribution of a kind to begin with: that of a printed glass, else numbers that its limits allow.

    `ParameterError` where no simple numbers make one.

    >>> first_contribution("DebyePhonons").gives("heat_capacity")
    True
    """
    from glasstunnel.papers import published, recommendations
    from glasstunnel.systems.registry import contribution_class

    cls = contribution_class(kind)
    for row in recommendations():
        try:
            parts = published(row.id).contributions.values()
        except GlassTunnelError:
            continue
        for part in parts:
            if type(part) is cls:
                return part
    return cls(**_guessed(cls))


def _guessed(cls):
    """Values for the fields that have no default: growing numbers inside their limits, the first choice of each."""
    rows, guesses = {row.name: row for row in parameter_table(cls)}, {}
    for number, field in enumerate(dataclasses.fields(cls), 1):
        if field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING:
            continue
        row = rows.get(field.name)
        if row is None:
            guesses[field.name] = field.metadata.get("choices", ("",))[0]
        elif math.isfinite(row.upper):
            guesses[field.name] = 0.5 * (max(row.lower, -row.upper) + row.upper)
        else:
            guesses[field.name] = max(row.lower, 0.0) + float(number)
    return guesses
