"""How a posterior is sampled: importance sampling where its checks pass, else an ensemble; nautilus where asked for."""

import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from glasstunnel.errors import FitError
from glasstunnel.inference.drifts import drift_start
from glasstunnel.inference.ensembles import bridge_evidence, run_ensemble
from glasstunnel.inference.identifiability import floored_covariance
from glasstunnel.inference.marginal import MarginalPosterior
from glasstunnel.inference.results import FitResult
from glasstunnel.inference.sampling import Sampled, frozen_importance

_WALKERS = 40
_SINGLE_MINIMUM = 20.0  # other minima of chi-square closer than this make a single mode doubtful
_EVIDENCE_ERROR = 0.3  # of ln Z, beyond which it is not to be believed
METHODS = ("auto", "importance", "ensemble", "nautilus")


class SamplingTask(NamedTuple):
    """What is to be sampled: from where, with which random numbers, how many draws, where the state is kept."""

    target: MarginalPosterior
    mean: np.ndarray
    covariance: np.ndarray
    result: FitResult
    generator: np.random.Generator
    draws: int
    store: str | Path | None
    progress: Callable[[str], None] | None


def start_of(target: MarginalPosterior, result: FitResult) -> tuple[np.ndarray, np.ndarray]:
    """(mean, covariance) of the sampled coordinates at the minimum of the fit."""
    problem = result.problem
    z = problem.coordinates(result.values)
    full = floored_covariance(problem, problem.jacobian(z))
    places = [problem.names.index(name) for name in target.outer]
    size = target.dimension
    mean, covariance = np.empty(size), np.zeros((size, size))
    mean[: len(places)], covariance[: len(places), : len(places)] = z[places], full[np.ix_(places, places)]
    for k, name in enumerate(target.noises, len(places)):
        m = next(m for m in problem.measurements if m.name == name)
        mean[k] = float(np.mean(np.log(m.sigma / target.references[name])))
        covariance[k, k] = 0.5 / len(m)
    for k, name in enumerate(target.drifts, len(places) + len(target.noises)):
        drift = next(m.drift for m in problem.measurements if m.name == name)
        mean[k], covariance[k, k] = drift_start(drift)
    return mean, covariance


def laplace_of(target: MarginalPosterior, mean: np.ndarray, covariance: np.ndarray) -> float:
    """ln of the evidence in the normal approximation at the minimum of the fit."""
    top = float(target.log_density(mean[None])[0])
    if not target.dimension:
        return top
    return top + 0.5 * target.dimension * math.log(2.0 * math.pi) + 0.5 * float(np.linalg.slogdet(covariance)[1])


def run_sampler(task: SamplingTask, method: str) -> Sampled:
    """The run of one of `METHODS`; exact where nothing is left to sample."""
    target, mean, covariance, result, generator, draws, store, progress = task
    if not target.dimension:
        top = float(target.log_density(mean[None])[0])
        return Sampled(np.empty((draws, 0)), np.full(draws, 1.0 / draws), top, 0.0, float(draws), 1.0, -math.inf, 1,
                       "exact", True)  # fmt: skip
    if method == "nautilus":
        return _nautilus(target, generator, store, progress)
    importance = None
    if method in ("auto", "importance"):
        importance = frozen_importance(target.log_density, lambda count: _prior_draws(target, count, generator),
                                  target.log_prior, mean, covariance, generator, size=max(draws // 4, 300),
                                  fresh=draws, progress=progress)  # fmt: skip
        if method == "importance" or (importance.trusted and not _several_minima(result)):
            return importance
    return _ensemble(task, importance)


def _several_minima(result):
    costs = np.array([cost for cost in result.starts if math.isfinite(cost)])
    others = costs[costs > costs.min() + 0.5] - costs.min()
    return bool(np.any(others < _SINGLE_MINIMUM))


def _prior_draws(target, count, generator):
    columns = [np.array([prior.coordinate(prior.draw(generator)) for _ in range(count)]) if hasattr(prior, "mean")
               else generator.uniform(*prior.limits, count) for prior in target.priors]  # fmt: skip
    return np.column_stack(columns)


def _ensemble(task, importance):
    target, generator = task.target, task.generator
    sampled = run_ensemble(target.log_density, lambda: _walkers(target, task.mean, task.covariance, generator),
                           generator, store=task.store, mark=_mark(target, task.mean),
                           progress=task.progress)  # fmt: skip
    log_evidence, error = bridge_evidence(target.log_density, sampled.chain, sampled.logs, generator)
    remark = [] if sampled.r_hat < 1.01 else [f"R-hat {sampled.r_hat:.3f}"]
    remark += [] if sampled.effective > 400.0 else [f"{sampled.effective:.0f} effective draws"]
    remark += [] if error < _EVIDENCE_ERROR else [f"the evidence is known to {error:.2g} only"]
    if importance is not None and importance.efficiency > 0.3:
        apart = abs(log_evidence - importance.log_evidence)
        if apart > 0.1 + 3.0 * math.hypot(error, importance.log_evidence_error):
            remark.append(f"importance sampling found an evidence that is off by {apart:.2g}")
    draws = sampled.chain.reshape(-1, target.dimension)
    weights = np.full(len(draws), 1.0 / len(draws))
    method = f"differential evolution and bridge, R-hat {sampled.r_hat:.3f}"
    return Sampled(draws, weights, log_evidence, error, sampled.effective, math.nan, math.nan, sampled.calls, method,
                   not remark, "; ".join(remark))  # fmt: skip


def _mark(target, mean):
    """What tells the run of one problem from another: the data, where it starts, the ends of the priors."""
    digest = hashlib.sha256(np.asarray(mean).tobytes())
    for part in (target.problem.observed, target.problem.sigma, *target.limits):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()


def _walkers(target, mean, covariance, generator):
    """Overdispersed walkers around the minimum, all with some probability."""
    low, high = target.limits
    root, walkers = np.linalg.cholesky(covariance + 1e-12 * np.diag(np.diag(covariance))), []
    for widening in (1.5, 1.0, 0.5, 0.2, 0.05, 0.01):
        x = mean + widening * generator.standard_normal((4 * _WALKERS, len(mean))) @ root.T
        x = np.where((x < low) | (x > high), low + (high - low) * generator.random(x.shape), x) if widening > 1.0 else x
        walkers += list(x[np.isfinite(target.log_density(x))])
        if len(walkers) >= _WALKERS:
            return np.array(walkers[:_WALKERS])
    raise FitError("posterior: hardly any point near the minimum has a model; narrow the priors or tie the cutoffs")


def _nautilus(target, generator, store, progress):
    try:
        from nautilus import Sampler  # pyright: ignore[reportMissingImports]  # an extra
    except ImportError:
        raise FitError("method 'nautilus' needs it: pip install nautilus-sampler") from None
    low, high = target.limits
    if target.dimension < 2:
        raise FitError("method 'nautilus' samples two parameters or more; here one is left once the linear ones are "
                       "integrated out: use method 'auto'")  # fmt: skip
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        raise FitError("method 'nautilus' needs priors with two ends: give every Normal prior lower and upper")
    volume = float(np.sum(np.log(high - low)))

    def likelihood(unit):
        return target.log_density(low + unit * (high - low)) + volume

    if progress:
        progress("nautilus")
    sampler: Any = Sampler(lambda unit: unit, likelihood, n_dim=target.dimension, n_live=1000, vectorized=True,
                      seed=int(generator.integers(2**31)), filepath=None if store is None else str(store))  # fmt: skip
    sampler.run(discard_exploration=True, verbose=False)
    points, log_weights, _ = sampler.posterior()
    weights = np.exp(log_weights - np.max(log_weights))
    weights /= weights.sum()
    effective = float(sampler.n_eff)
    return Sampled(low + points * (high - low), weights, float(sampler.log_z), 1.0 / math.sqrt(effective), effective,
                   math.nan, math.nan, int(sampler.n_like), "nautilus", effective > 400.0)  # fmt: skip
