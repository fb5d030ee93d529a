"""Densities with known evidence: two Gaussians, and the simulated BK7 of the examples at several noise levels.

Noise is enlarged with the residual pattern scaled about the best fit, so that every level is the same data.
"""

import dataclasses
from typing import Any

import numpy as np

from glasstunnel import LogUniform
from glasstunnel.data import Column
from glasstunnel.demo.files import example_file
from glasstunnel.inference import fit
from glasstunnel.inference.identifiability import coordinate_covariance
from glasstunnel.inference.marginal import MarginalPosterior
from glasstunnel.inference.setup import build_problem
from glasstunnel.runfile import load_run

AREA, LARGER = "ats.amplitude_area_min", "ats.amplitude_area_max"
RATIO = np.log([1.01, 30.0])


def bk7_models():
    """({name: model}, datasets) of the run file."""
    run = load_run(example_file("simulated_bk7.toml"))
    return run.models, run.datasets


def enlarged(datasets, best, factor):
    """The datasets with their residuals about a fit, and their sigma, multiplied by a factor."""
    found = []
    for data in datasets:
        curve = best.curves[data.name]
        values = curve.model + factor * (curve.measured - curve.model)
        found.append(data.with_column("magnetization", Column(values, "A m2/kg"))
                     .with_column("sigma", Column(factor * curve.sigma, "A m2/kg")))  # fmt: skip
    return found


def bk7_fit(factor=1.0):
    """The fit of iron and anomalous systems at enlarged noise."""
    models, datasets = bk7_models()
    model = models["iron_and_ats"]
    best = fit(model.glass, datasets, model.vary, ties=model.ties)
    if factor == 1.0:
        return best
    start = {path: best.values[path] for path in model.vary}
    return fit(model.glass, enlarged(datasets, best, factor), model.vary, ties=model.ties, start=start)


@dataclasses.dataclass(frozen=True, eq=False)
class Case:
    """What a sampler is given: density, prior draws and density, where it starts, the ends of the priors."""

    density: Any
    prior_draw: Any
    log_prior: Any
    mean: np.ndarray
    covariance: np.ndarray
    limits: tuple


def marginal_case(result):
    """A fit with its linear parameters integrated out."""
    target = MarginalPosterior(result.problem)
    mean, covariance = _at_minimum(result, target.outer)
    return Case(target.log_density, _box_draws(target.limits), target.log_prior, mean, covariance, target.limits)


def full_case(result):
    """A fit with every parameter sampled."""
    problem = result.problem
    priors = list(problem.priors.values())
    limits = tuple(np.array(ends) for ends in zip(*(prior.limits for prior in priors), strict=True))

    def log_prior(x):
        inside = np.all((x >= limits[0]) & (x <= limits[1]), axis=1)
        return np.where(inside, -float(np.sum(np.log(limits[1] - limits[0]))), -np.inf)

    def density(x):
        values = log_prior(x)
        rows = np.flatnonzero(np.isfinite(values))
        for part in np.array_split(rows, max(1, len(rows) // 64)):
            if len(part):
                values[part] += problem.log_likelihoods(x[part])
        return values

    mean, covariance = _at_minimum(result, problem.names)
    return Case(density, _box_draws(limits), log_prior, mean, covariance, limits)


def with_free_ratio(case, names):
    """A case in which both areas vary, seen in ln(smaller) and ln(ratio), the ratio log-uniform from 1.01 to 30."""
    small, large = names.index(AREA), names.index(LARGER)
    low, high = (np.array(ends) for ends in case.limits)
    width = high[large] - low[large]
    low[large], high[large] = RATIO

    def straight(x):
        moved = x.copy()
        moved[:, large] += x[:, small]
        return moved

    def log_prior(x):
        inside = np.all((x >= low) & (x <= high), axis=1)
        return np.where(inside, -float(np.sum(np.log(high - low))), -np.inf)

    def density(x):
        with np.errstate(invalid="ignore"):
            found = case.density(straight(x)) + np.log(width / np.ptp(RATIO))
        return np.where(np.isfinite(log_prior(x)), found, -np.inf)

    turn = np.eye(len(names))
    turn[large, small] = -1.0
    mean = turn @ case.mean
    return Case(density, _box_draws((low, high)), log_prior, mean, turn @ case.covariance @ turn.T, (low, high))


def free_ratio_fit(factor=10.0):
    """BK7 at ten times the noise with both areas varied: a degenerate valley, its best ratio from 1.01 to 30."""
    tied, model = bk7_fit(factor), bk7_models()[0]["iron_and_ats"]
    fits = [fit(model.glass, tied.datasets, model.vary, ties={LARGER: (AREA, float(ratio))},
                start={path: tied.values[path] for path in model.vary}) for ratio in np.geomspace(1.01, 30.0, 9)]
    best = min(fits, key=lambda found: found.chi2)
    vary = model.vary | {LARGER: LogUniform(1e4, 1e8)}
    problem = build_problem(model.glass, best.datasets, vary, {})
    return dataclasses.replace(best, problem=problem, priors=problem.priors, ties={})


def _at_minimum(result, names):
    problem = result.problem
    z = problem.coordinates(result.values)
    full = coordinate_covariance(problem, problem.jacobian(z))
    places = [problem.names.index(name) for name in names]
    return z[places], full[np.ix_(places, places)]


def _box_draws(limits):
    generator = np.random.default_rng(99)
    return lambda count: generator.uniform(limits[0], limits[1], (count, len(limits[0])))
