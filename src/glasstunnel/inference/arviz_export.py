"""A posterior as ArviZ wants it: groups of draws, predictions, likelihoods by point, data and conditions."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from glasstunnel.inference.posteriors import Posterior

_BLOCK = 64  # draws whose models are computed at once


def arviz_groups(posterior: "Posterior", *, pointwise: bool = True) -> dict[str, dict[str, Any]]:
    """{group: {variable: array}}: draws stand in one chain, (1, draws) or (1, draws, points); SI units, paths as names.

    pointwise : with the groups that need the model of every draw: posterior_predictive, and log_likelihood (not of
    datasets whose points share a drift: they are not independent, and leaving single points out would mean nothing).
    """
    measurements = posterior.fit.problem.measurements
    groups: dict[str, dict[str, Any]] = {
        "posterior": {path: draws[None, :] for path, draws in posterior.samples.items()},
        "sample_stats": {"lp": posterior.log_likelihood[None, :]},
        "prior": _prior_draws(posterior),
        "observed_data": {m.name: m.values for m in measurements},
        "constant_data": {f"{m.name}_{axis}": getattr(m, axis) for m in measurements for axis in ("T", "B", "sigma")},
    }
    if pointwise:
        groups |= _pointwise(posterior)
    return {name: group for name, group in groups.items() if group}


def models_of_draws(posterior: "Posterior", rows: np.ndarray) -> np.ndarray:
    """What the model says at every measured point for the draws `rows`: (rows, points) [SI], nuisances included."""
    problem = posterior.fit.problem
    columns = [np.log(posterior.samples[name][rows]) if prior.logarithmic else posterior.samples[name][rows]
               for name, prior in problem.priors.items()]  # fmt: skip
    Z = np.column_stack(columns)
    return np.concatenate([problem.models(Z[i : i + _BLOCK]) for i in range(0, len(Z), _BLOCK)])


def _pointwise(posterior):
    """Groups of what every draw says of every point: data simulated from it, and ln of the density of the measured."""
    problem, count = posterior.fit.problem, len(posterior.log_likelihood)
    models, generator = models_of_draws(posterior, np.arange(count)), np.random.default_rng(posterior.seed)
    predictive, likelihood = {}, {}
    for m in problem.measurements:
        model = models[:, problem.rows[m.name]]
        sigma = m.sigma * posterior.samples.get(f"data.{m.name}.noise", np.ones(count))[:, None]
        noise = sigma * generator.standard_normal(model.shape)
        if m.drift is None:
            pulls = (m.values - model) / sigma
            likelihood[m.name] = (-0.5 * pulls**2 - np.log(sigma * np.sqrt(2.0 * np.pi)))[None]
        else:
            amounts = posterior.samples.get(f"data.{m.name}.drift", np.full(count, m.drift.amount))
            unit = m.drift.with_amount(1.0)
            noise = noise + sigma * amounts[:, None] * np.array([unit.draw(generator) for _ in range(count)])
        predictive[m.name] = (model + noise)[None]
    return {"posterior_predictive": predictive, "log_likelihood": likelihood}


def _prior_draws(posterior, count=1000):
    generator = np.random.default_rng(posterior.seed)
    return {path: np.array([[prior.draw(generator) for _ in range(count)]])
            for path, prior in posterior.fit.priors.items()}  # fmt: skip
