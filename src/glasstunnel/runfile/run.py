"""Run files: a TOML file that mirrors `fit` and `compare`, and nothing else.

    title = "BK7 chip"

    [glass]                                   # or published = "<id>", or both
    contributions.larmor = {type = "LarmorDiamagnetism", susceptibility = 4e-3}
    contributions.fe3 = {type = "MagneticIons", species = "Fe3+", concentration = 1e19}

    [[data]]
    file = "chip_20kOe.dat"                   # beside the run file
    name = "chip"
    steps = [{do = "keep_range", column = "temperature", low = 2, high = 100}, {do = "average_repeats"}]
    mass_mg = 96.8
    noise = {relative = 0.003}                # or absolute, given, repeats, residuals; and drift = true (or sigmas)

    [vary]
    larmor.susceptibility = {prior = "uniform", lower = 0, upper = 0.1}
    fe3.concentration = {prior = "log-uniform", lower = 1e17, upper = 1e21}
    data.chip.offset = {prior = "normal", mean = 0, sigma = 1e-6}
    "data.*.scale" = {prior = "normal", mean = 1, sigma = 0.005}   # of every dataset

    [ties]                                    # "path" = {to = "varied path", factor = 2.0}
    [start]                                   # "path" = number
    [options]                                 # starts, seed, jacobian, max_evaluations, profile, profile_level,
                                              # holdout, posterior, evidence (true or false), contours (pairs)
    [[predict]]                               # like [[data]]: not fitted, but compared with what the fit predicts
    [view]                                    # written by `glasstunnel explore`; of no meaning to a fit

With ``[models.<name>]`` tables (each with glass, vary, ties) instead of glass and vary it is a comparison; its fits
start from the numbers in the glasses. ``[iron] value, sigma, unit`` is an independent iron concentration.
"""

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glasstunnel.data import Dataset
from glasstunnel.data.dataset import dataset_name
from glasstunnel.errors import FitError, GlassTunnelError, RunFileError
from glasstunnel.inference.fitting import fit
from glasstunnel.inference.priors import LogUniform, Normal, Uniform
from glasstunnel.inference.setup import build_problem, starting_values
from glasstunnel.records import brief
from glasstunnel.runfile.data import datasets_of
from glasstunnel.runfile.glass import glass_of
from glasstunnel.runfile.sample import number_or_quantity, sample_of_table
from glasstunnel.runfile.table import RunTable, flatten
from glasstunnel.systems.glass import Glass
from glasstunnel.units import convert

_LARGEST = 1_000_000  # bytes
_MOST_STARTS = 10_000

#: prior in a run file -> (class, required numbers, optional numbers).
_PRIORS = {
    "uniform": (Uniform, ("lower", "upper"), ()),
    "log-uniform": (LogUniform, ("lower", "upper"), ()),
    "normal": (Normal, ("mean", "sigma"), ("lower", "upper")),
}


@dataclass(frozen=True, eq=False)
class VariedGlass:
    """A glass and what varies in it."""

    glass: Glass
    vary: Mapping[str, Any]
    ties: Mapping[str, tuple[str, float]]

    __repr__ = brief


@dataclass(frozen=True, eq=False)
class Run:
    """A run file, read and checked, its data ready to fit.

    models : {name: VariedGlass}; a single one called "" is a fit, several are compared.
    options : keywords of `fit`. profile : paths to profile (None: none, (): all). iron : (value, sigma) [1/kg] or None.
    holdout : whether each dataset is left out in turn (None: in the report of a fit, where that is affordable).
    posterior : whether it is sampled. evidence : whether the models are compared by it. predicted : datasets that are
    not fitted but predicted. store : file in which the sampler of the posterior keeps its state. contours : pairs of
    varied paths whose profile contours are wanted.
    """

    path: str
    title: str
    text: str
    datasets: tuple[Dataset, ...]
    models: Mapping[str, VariedGlass]
    options: Mapping[str, Any] = field(default_factory=dict)
    profile: tuple[str, ...] | None = None
    profile_level: float = 0.6827
    iron: tuple[float, float] | None = None
    holdout: bool | None = None
    posterior: bool = False
    evidence: bool = False
    predicted: tuple[Dataset, ...] = ()
    store: str | None = None
    contours: tuple[tuple[str, str], ...] = ()

    __repr__ = brief


def load_run(path):
    """Read and check a run file.

    Returns a `Run`: data are read and corrected, every path and prior is checked. `RunFileError` names the file and
    the key (for what is no TOML, line and column) of the first thing that cannot be meant.
    """
    text, table = _parse(path)
    title = table.take("title", str, Path(path).stem)
    datasets = _datasets(table)
    models = _models(table)
    options, chosen, level, extra = _options(table.table("options", {}))
    predicted = _datasets(table, "predict") if "predict" in table else ()
    table.asked.add("predict")
    start = _numbers(table.table("start", {}))
    if start:
        options["start"] = start
    iron = _iron(table.table("iron")) if "iron" in table else None
    table.asked.update(("iron", "view"))  # the view is the explorer's
    table.finish()
    run = Run(str(path), title, text, datasets, models, options, chosen, level, iron, **extra, predicted=predicted)
    _check(table, run, start)
    return run


def read_glass(path: str | Path) -> Glass:
    """The `Glass` of the ``[glass]`` table of a TOML file (a run file, or a file with nothing else, as `write_glass`
    makes it); `RunFileError` naming file, table and key."""
    return glass_of(_parse(path)[1].table("glass"))


def execute(run, progress=None):
    """Do what a `Run` says: (FitResult, ...) with what follows from the fit as asked, or (Comparison,).

    progress : function of one sentence, or None. Raises `FitError`, naming the run file, where the fit itself is
    impossible.
    """
    try:
        return _execute(run, progress)
    except GlassTunnelError as error:
        raise FitError(f"{run.path}: {error}") from None


def _execute(run, progress):
    if list(run.models) != [""]:
        from glasstunnel.inference.comparison import compare

        models = {name: (model.glass, model.vary, model.ties) for name, model in run.models.items()}
        return (compare(models, run.datasets, iron=run.iron, evidence=run.evidence, progress=progress, **run.options),)
    model = run.models[""]
    result = fit(model.glass, run.datasets, model.vary, ties=model.ties, progress=progress, **run.options)
    if not result.converged:  # what follows needs a minimum to start from
        return (result,)
    return result, *_following(run, result, progress)


def _following(run, result, progress):
    """Profiles, predictions, hold-outs, posterior and contours, as the run asks."""
    drawn = None
    if run.profile is not None:
        from glasstunnel.inference.profiles import profile

        yield profile(result, run.profile or None, level=run.profile_level, progress=progress)
    for dataset in run.predicted:
        yield result.predict_data(dataset)
    if run.holdout:
        yield result.holdout(progress=progress)
    if run.posterior:
        from glasstunnel.inference.posteriors import posterior

        drawn = posterior(result, seed=run.options.get("seed", 0), store=run.store, progress=progress)
        yield drawn
    for first, second in run.contours:
        from glasstunnel.inference.pair_profiles import contours

        scanned = contours(result, first, second, progress=progress)
        yield scanned if drawn is None else scanned.beside(drawn)


def datasets_like(run, path):
    """Datasets of another file: the [[data]] of a run file, or a measured file, treated as the first [[data]] of `run`.

    path : text. `RunFileError` or `ReadError` where it cannot be read.
    """
    if str(path).endswith(".toml"):
        return _datasets(_parse(path)[1])
    _, table = _parse(run.path)
    first = dict(table.take("data", list)[0])
    first |= {"file": str(Path(path).resolve()), "name": dataset_name(Path(path).stem)}
    return tuple(datasets_of(RunTable(first, run.path, f"--predict {path} (read as [[data]] 1)")))


def _example_hint(path, error):
    """Where the example of that name is, for somebody who followed a page outside the sources."""
    example = Path(__file__).parents[1] / "examples" / Path(path).name
    found = isinstance(error, FileNotFoundError) and example.is_file()
    return f"; the example of that name comes with the package: {example}" if found else ""


def _parse(path):
    """(text, `RunTable` of the whole file)."""
    file = str(path)
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe would wait for its writer
            raise OSError("a directory" if os.path.isdir(path) else "not a regular file")
        with open(path, "rb") as stream:
            content = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise RunFileError(f"{file}: cannot be opened ({reason}){_example_hint(path, error)}") from None
    if len(content) > _LARGEST:
        raise RunFileError(f"{file}: larger than {_LARGEST} bytes, this is no run file")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RunFileError(f"{file}: line {line} is not UTF-8 text") from None
    try:
        return text, RunTable(tomllib.loads(text), file)
    except tomllib.TOMLDecodeError as error:
        sentence = str(error).replace("Cannot overwrite a value", "a key is given twice or in two ways")
        raise RunFileError(f"{file}: no valid TOML: {sentence}") from None
    except (RecursionError, ValueError) as error:
        raise RunFileError(f"{file}: no usable TOML: {error}") from None


def _datasets(table, key="data"):
    entries = table.take(key, list)
    datasets = []
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise table.error(f"each must be a table [[{key}]]", key)
        datasets += datasets_of(RunTable(entry, table.file, f"[[{key}]] {number}"))
    if not datasets:
        raise table.error(f"there is no [[{key}]] table")
    return tuple(datasets)


def _models(table):
    if "models" not in table:
        return {"": read_model(table)}
    table.asked.update(("glass", "vary", "ties"))
    for key in ("glass", "vary", "ties", "start"):
        if key in table:
            raise table.error(f"[{key}] and [models] cannot both be given; put {key} into each model")
    models = table.table("models")
    if not models.values:
        raise models.error("names no model")
    described = {}
    for name in models.values:
        if not name:
            raise models.error("a model needs a name")
        entry = models.table(name)
        described[name] = read_model(entry)
        entry.finish()
    return described


def read_model(table: RunTable) -> VariedGlass:
    """The `VariedGlass` of a table with glass, vary and ties."""
    described = table.table("glass")
    glass, sample = glass_of(described), sample_of_table(described)
    units = {path: row.unit for path, row in glass.paths().items()}
    vary = table.table("vary")
    priors = {
        path: _prior(_inner(vary, path, leaf, 'a prior such as {prior = "uniform", lower = 0, upper = 1}'),
                     units.get(path), sample)
        for path, leaf in flatten(vary, lambda value: "prior" in value).items()
    }
    ties = table.table("ties", {})
    tied = {
        path: _tie(_inner(ties, path, leaf, 'a tie such as {to = "ats.density", factor = 1}'))
        for path, leaf in flatten(ties, lambda value: "to" in value).items()
    }
    return VariedGlass(glass, priors, tied)


def _inner(table, path, leaf, wanted):
    """The table that a dotted path leads to."""
    if not isinstance(leaf, dict):
        raise table.error(f"must be {wanted}, got {leaf!r}", path)
    return table.inside(path, leaf)


def _prior(table, unit, sample):
    """unit : of the parameter; None for that of a dataset, which takes no units."""
    kind, required, optional = _PRIORS[table.choice("prior", tuple(_PRIORS))]
    for key in (*required, *optional):
        if unit is not None and isinstance(table.values.get(key), str):
            table.values[key] = number_or_quantity(table, key, table.values[key], unit, sample)
    numbers = {key: table.number(key) for key in required}
    numbers |= {key: table.number(key, infinite=True) for key in optional if key in table}
    table.asked.update(optional)
    table.finish()
    return table.calling(kind, **numbers)


def _tie(table):
    tie = table.take("to", str), table.number("factor", 1.0)
    table.finish()
    return tie


def _numbers(table):
    return {path: table.as_number(path, number) for path, number in flatten(table, lambda value: False).items()}


def _options(table):
    """(keywords of fit, paths to profile or None, level of the profile, {what follows from the fit: whether})."""
    options = {key: table.take(key, int) for key in ("starts", "seed", "max_evaluations") if key in table}
    if "jacobian" in table:
        options["jacobian"] = table.choice("jacobian", ("auto", "structured"))
    table.asked.update(("starts", "seed", "max_evaluations", "jacobian"))
    for key, low, high in (("starts", 1, _MOST_STARTS), ("seed", 0, 2**63), ("max_evaluations", 1, 10**6)):
        if not low <= options.get(key, low) <= high:
            raise table.error(f"must be from {low} to {high}, got {options[key]}", key)
    level = table.number("profile_level", 0.6827)
    if not 0.0 < level < 1.0:
        raise table.error(f"must lie between 0 and 1, got {level:g}", "profile_level")
    table.asked.add("profile")
    wanted = table.values.get("profile", False)
    if isinstance(wanted, bool):
        chosen = () if wanted else None
    elif isinstance(wanted, list) and wanted and all(isinstance(path, str) for path in wanted):
        chosen = tuple(wanted)
    else:
        raise table.error("must be true, false or a list of varied paths", "profile")
    extra = {key: table.take(key, bool) for key in ("holdout", "posterior", "evidence") if key in table}
    table.asked.update(("holdout", "posterior", "evidence", "contours"))
    if pairs := table.values.get("contours"):
        if not (isinstance(pairs, list) and all(map(_is_pair, pairs))):
            raise table.error('must be a list of pairs of varied paths, as [["a.density", "a.coupling"]]', "contours")
        extra["contours"] = tuple(tuple(pair) for pair in pairs)
    table.finish()
    return options, chosen, level, extra


def _is_pair(entry):
    return isinstance(entry, list) and len(entry) == 2 and len(set(map(str, entry))) == 2 and all(
        isinstance(path, str) for path in entry)  # fmt: skip


def _iron(table):
    unit = table.take("unit", str)
    value, sigma = (
        float(table.calling(convert, table.number(key), unit, "1/kg")) for key in ("value", "sigma")
    )
    if value < 0 or sigma <= 0:
        raise table.error("value must be >= 0 and sigma > 0")
    table.finish()
    return value, sigma


def _check(table, run, start):
    """Everything a fit would refuse, found before anything is calculated."""
    for name, model in run.models.items():
        place = table.inside(f"models.{name}", {}) if name else table
        try:
            problem = build_problem(model.glass, run.datasets, model.vary, model.ties)
            starting_values(problem, start)
        except GlassTunnelError as error:
            raise place.error(str(error)) from None
        for path in run.profile or ():
            if path not in model.vary:
                raise table.error(f"{path!r} does not vary", "[options] profile")
        for path in (path for pair in run.contours for path in pair):
            if path not in model.vary:
                raise table.error(f"{path!r} does not vary", "[options] contours")
    several = list(run.models) != [""]
    if run.profile is not None and several:
        raise table.error("profile intervals belong to a single fit; leave profile out or [models]", "[options]")
    if several and (run.holdout or run.posterior or run.predicted or run.contours):
        raise table.error("holdout, posterior, contours and [[predict]] belong to a single fit; leave them out or "
                          "[models]")  # fmt: skip
    if run.evidence and not several:
        raise table.error("evidence compares models; give [models], or posterior = true for one", "[options]")
    if run.iron is not None and list(run.models) == [""]:
        raise table.error("an independent iron value is compared with [models]", "[iron]")
