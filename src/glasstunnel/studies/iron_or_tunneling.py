"""Iron or tunneling: which models of the magnetization describe simulated runs of a glass, and by how much."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from glasstunnel.data.dataset import Column, Dataset
from glasstunnel.errors import FitError, ParameterError
from glasstunnel.inference.fitting import fit
from glasstunnel.inference.posteriors import laplace_evidence
from glasstunnel.inference.results import FitResult
from glasstunnel.systems.glass import Glass

_EVALUATIONS = 400  #: for each minimization: what has not converged by then hardly depends on some parameter


@dataclass(frozen=True)
class ModelTrial:
    """How one model describes the runs.

    chi2, freedom, aicc : of the fit. log_evidence : normal approximation (`laplace_evidence`). iron : all ions found,
    as a multiple of what was put in. holdout_p : chance of the worst predicted run among all of them (smallest p times
    their number, at most 1), each run predicted by the fit to the others; missed : runs that are not predicted.
    None where it was not asked for or a fit did not converge.
    """

    chi2: float
    freedom: int
    aicc: float
    log_evidence: float | None
    iron: float
    holdout_p: float | None
    missed: int | None

    def to_dict(self) -> dict[str, Any]:
        """JSON-able numbers."""
        return asdict(self)


def simulated_runs(glass: Glass, temperatures: Sequence[float] | np.ndarray, fields: Sequence[float], noise: float,
                   seed: int = 5) -> list[Dataset]:
    """Magnetization of a glass at each field, with normal noise: a fraction of the root mean square of each run.

    >>> from glasstunnel import Glass, MagneticIons
    >>> runs = simulated_runs(Glass({"fe3": MagneticIons("Fe3+", 1e20)}), [2.0, 4.0], [0.5, 5.0], 0.01)
    >>> [run.name for run in runs]
    ['SIMULATED_0p5T', 'SIMULATED_5T']
    """
    if not 0.0 < noise < math.inf:
        raise ParameterError(f"simulated_runs: noise must be a positive fraction of the run, got {noise!r}")
    T = np.asarray(temperatures, dtype=float)
    generator, runs = np.random.default_rng(seed), []
    for B in fields:
        moment = np.asarray(glass.magnetization(T, B))
        sigma = np.full_like(moment, noise * np.sqrt(np.mean(moment**2)))
        columns = {
            "temperature": Column(T, "K"), "field": Column(np.full_like(moment, B), "T"),
            "magnetization": Column(moment + sigma * generator.standard_normal(len(moment)), "A m2/kg"),
            "sigma": Column(sigma, "A m2/kg"),
        }  # fmt: skip
        runs.append(Dataset(columns, "magnetization", name=f"SIMULATED_{B:g}T".replace(".", "p"), noise="given"))
    return runs


def fit_models(runs: Sequence[Dataset], models: Mapping[str, Any], starts: int = 2) -> dict[str, FitResult]:
    """{name: fit} of models with `glass`, `vary` and `ties`, such as those of a run file, to the same runs.

    A model that contains a smaller one also starts where the best of the smaller ones ended, so that it is not worse.
    """
    found: dict[str, FitResult] = {}
    for name in sorted(models, key=lambda name: len(models[name].vary)):
        smaller = [found[other] for other in found if set(models[other].vary) < set(models[name].vary)]
        found[name] = best_fit(runs, models[name], smaller, starts=1 if smaller else starts)
    return {name: found[name] for name in models}


def best_fit(runs: Sequence[Dataset], model: Any, smaller: Sequence[FitResult] = (), starts: int = 1,
             evaluations: int = _EVALUATIONS) -> FitResult:
    """Best of the fits of a model from its own numbers, `starts` - 1 draws of its priors, and the best smaller fit.

    With `starts` 0 the smaller fits alone are started from; `evaluations` limits each minimization.
    """
    options = {"ties": model.ties, "max_evaluations": evaluations}
    fits = [fit(model.glass, runs, model.vary, starts=starts, **options)] if starts else []
    if smaller:
        best = min(smaller, key=lambda result: result.chi2)
        fits.append(fit(model.glass, runs, model.vary, start=_nearby(model, best), **options))
    return min(fits, key=lambda result: result.chi2)


def _nearby(model, smaller):
    """Values of a smaller model, what it lacks at a tenth of the number in the glass."""
    tenths = {path: 0.1 * getattr(model.glass[path.split(".")[0]], path.split(".")[1]) for path in model.vary}
    inside = {path: min(max(value, model.vary[path].lower), model.vary[path].upper) for path, value in tenths.items()}
    return inside | {path: value for path, value in smaller.values.items() if path in model.vary}


def trial(result: FitResult, ions: Sequence[str], put_in: float, holdout: bool = True) -> ModelTrial:
    """`ModelTrial` of a fit; ions : names of the contributions that are counted, put_in : their number [1/kg]."""
    iron = sum(result.values[f"{name}.concentration"] for name in ions) / put_in
    evidence, p, missed = None, None, None
    if result.converged:
        evidence = laplace_evidence(result)
    if result.converged and holdout:
        try:
            found = result.holdout(max_evaluations=300)
        except FitError:
            found = None
        if found is not None and found.predicted and not found.failures:
            chances = [run.p_value for run in found.predicted.values()]
            p = min(1.0, min(chances) * len(chances))
            missed = sum(not run.agrees for run in found.predicted.values())
    return ModelTrial(result.chi2, result.dof, result.aicc, evidence, iron, p, missed)
