"""Checks what a person asks a fit to vary, and builds the `Problem`."""

import difflib
import math
from collections.abc import Mapping

from glasstunnel.errors import FitError
from glasstunnel.inference.measurements import measurement
from glasstunnel.inference.priors import Normal, Prior
from glasstunnel.inference.problem import NUISANCES, Problem
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.systems.glass import as_glass


def build_problem(glass, datasets, vary, ties=None):
    """The `Problem` of a fit; `FitError` with one sentence for whatever cannot be meant."""
    glass = as_glass(glass, "fit")
    if not datasets:
        raise FitError("there is no dataset to fit")
    check_vary(vary)
    measurements = tuple(measurement(dataset) for dataset in datasets)
    names = [m.name for m in measurements]
    for name in names:
        if names.count(name) > 1:
            raise FitError(f"two datasets are called {name!r}; give each its own name")
    known = known_paths(glass, measurements)
    vary = _for_every_dataset(vary, names)
    priors = {}
    for path, prior in vary.items():
        check_path(path, known, "vary")
        priors[path] = checked_prior(path, prior, known[path])
    problem = Problem(glass, measurements, priors, check_ties(ties or {}, vary, known))
    for m in measurements:
        path = f"data.{m.name}.scale"
        if m.arbitrary and path not in vary and path not in problem.ties:
            raise FitError(
                f"dataset {m.name!r} states its {m.observable} in {m.unit or 'no unit'}, not in "
                f"{OBSERVABLES[m.observable].unit}: vary its scale, {path!r}"
            )
    points, free = len(problem.observed), len(vary)
    if points < free:
        raise FitError(f"{free} parameters cannot be determined by {points} measured points")
    return problem


def check_vary(vary):
    """`FitError` unless `vary` is a mapping that names a parameter."""
    if not isinstance(vary, Mapping) or not vary:
        raise FitError('vary must name at least one parameter, as in {"ats.density": LogUniform(1e15, 1e20)}')


def _for_every_dataset(vary, names):
    """What varies, with ``data.*.scale`` written out for every dataset that has no entry of its own."""
    spread = {f"data.{name}.{path.split('.', 2)[2]}": prior for path, prior in vary.items()
              if isinstance(path, str) and path.startswith("data.*.") for name in names}  # fmt: skip
    if not spread:
        return vary
    return {path: prior for path, prior in vary.items() if path[:7] != "data.*."} | {
        path: prior for path, prior in spread.items() if path not in vary}  # fmt: skip


def known_paths(glass, measurements):
    """{path: `Parameter` row, or None for nuisance parameters} of everything that may be varied."""
    nuisances = {
        f"data.{m.name}.{nuisance}": None
        for m in measurements
        for nuisance in NUISANCES
        if nuisance != "holder" or m.holder is not None
    }
    return glass.paths() | nuisances


def check_path(path, known, where):
    """Raise `FitError`, with the nearest known path, unless `path` is known."""
    if path in known:
        return
    if isinstance(path, str) and path.startswith("data.") and path.endswith(".holder"):
        raise FitError(f"{where}: {path!r} needs a column 'holder' in that dataset (the signal of the empty holder)")
    near = difflib.get_close_matches(str(path), known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
    raise FitError(f"{where}: there is no parameter {path!r}; {hint}")


def checked_prior(path, prior, row):
    """The prior, a `Normal` without bounds cut to the physical limits; `FitError` where it reaches beyond them."""
    if not isinstance(prior, Prior):
        raise FitError(f"vary: {path} needs a prior (Uniform, LogUniform or Normal), got {prior!r}")
    if row is None:
        return prior
    if isinstance(prior, Normal) and row.allows(prior.mean):
        lowest = row.lower + (1e-6 * (prior.mean - row.lower) if row.open_lower and math.isfinite(row.lower) else 0.0)
        lower = lowest if math.isinf(prior.lower) else prior.lower
        upper = row.upper if math.isinf(prior.upper) else prior.upper
        prior = Normal(prior.mean, prior.sigma, lower, upper)
    below = prior.lower < row.lower or (row.open_lower and prior.lower <= row.lower and math.isfinite(row.lower))
    if below or prior.upper > row.upper:
        raise FitError(
            f"vary: the prior of {path} runs from {prior.lower:g} to {prior.upper:g}, "
            f"but the parameter must be {row.describe_limits()}"
        )
    return prior


def check_ties(ties, vary, known):
    """The ties as {path: (varied path, factor)} with float factors, checked."""
    if not isinstance(ties, Mapping):
        raise FitError('ties must be a mapping, as in {"fe2.concentration": ("fe3.concentration", 0.1)}, '
                       f"got {ties!r}")
    checked = {}
    for path, tie in ties.items():
        check_path(path, known, "ties")
        if path in vary:
            raise FitError(f"ties: {path} cannot both vary and be tied")
        try:
            other, factor = tie
            factor = float(factor)
        except (TypeError, ValueError):
            raise FitError(f"ties: {path} needs (other path, factor), got {tie!r}") from None
        if other not in vary:
            raise FitError(f"ties: {path} is tied to {other!r}, which does not vary; tie to one of {', '.join(vary)}")
        if not math.isfinite(factor):
            raise FitError(f"ties: the factor of {path} must be finite, got {factor}")
        checked[path] = (other, factor)
    return checked


def starting_values(problem, start=None):
    """{path: value} to start from: what `start` says, else the glass, else the middle of the prior.

    A number of the glass outside its prior is replaced by the middle of the prior; one given in `start` is refused.
    """
    if start is not None and not isinstance(start, Mapping):
        raise FitError(f'start must be a mapping, as in {{"ats.density": 1e18}}, got {start!r}')
    start = dict(start or {})
    for path, value in start.items():
        check_path(path, problem.priors, "start")
        if not problem.priors[path].contains(value):
            prior = problem.priors[path]
            raise FitError(
                f"start: {path} = {value:g} is outside its prior, {prior.lower:g} to {prior.upper:g}"
            )
    return {path: start.get(path, _default(problem, path)) for path in problem.priors}


def _default(problem, path):
    prior = problem.priors[path]
    if path.startswith("data."):
        value = NUISANCES[path.rsplit(".", 1)[1]]
    else:
        value = problem.glass.value(path)
    if value is None or not (math.isfinite(value) and prior.contains(value)):
        return prior.center
    return float(value)
