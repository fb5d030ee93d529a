"""`posterior`: what data and priors together say of the parameters, and the evidence for the model."""

import json
import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from glasstunnel.errors import FitError, ParameterError
from glasstunnel.frames import data_frame, headed
from glasstunnel.inference.degeneracies import marginal_posterior
from glasstunnel.inference.intervals import Interval, check_level, standard_quantile
from glasstunnel.inference.marginal import physical_fraction
from glasstunnel.inference.predictions import PredictedPosterior, places_asked
from glasstunnel.inference.priors import Prior
from glasstunnel.inference.results import FitResult, fit_result
from glasstunnel.inference.samplers import METHODS, SamplingTask, laplace_of, run_sampler, start_of
from glasstunnel.inference.sampling import Sampled
from glasstunnel.inference.wording import align, finite_or_none
from glasstunnel.lazy import later
from glasstunnel.numerics.checks import is_whole_number, seed_number
from glasstunnel.observables import evaluation
from glasstunnel.progress import shows_progress
from glasstunnel.records import brief

_FEWEST = 500  # draws
_FEW_REPEATS = 50  # degrees of freedom below which it is said that they were taken as exact
_PRIOR_DOMINATED = 0.5  # posterior over prior standard deviation, in the coordinate


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws from the posterior of a fit.

    samples : {path: equally weighted draws (n,)} of varied and tied parameters; where they are estimated,
        ``data.<name>.noise``, sigma over that of the fit, and ``data.<name>.drift`` in units of sigma.
    log_likelihood : (n,), -chi-square/2 of each draw.
    log_evidence, log_evidence_error : ln of the likelihood averaged over the priors, up to -sum ln(sigma sqrt(2 pi)),
        which all models of the same data share. marginalized : linear parameters that were integrated out exactly.
    sampled : the run of the sampler with its checks. fit : the `FitResult` it started from. seed : of the draws.
    """

    samples: Mapping[str, np.ndarray]
    log_likelihood: np.ndarray
    log_evidence: float
    log_evidence_error: float
    laplace: float
    marginalized: tuple[str, ...]
    sampled: Sampled
    fit: FitResult
    seed: int

    __repr__ = brief

    def _repr_html_(self) -> str:
        return later("report.notebook", "posterior_html")(self)

    def to_dataframe(self) -> Any:
        """The draws as a `pandas.DataFrame`, one column for each parameter; `ParameterError` without pandas."""
        return data_frame(headed({path: (draws, self.fit.units.get(path, "")) for path, draws in self.samples.items()}))

    def plot(self, axes: Any = None) -> np.ndarray:
        """`glasstunnel.plot_posterior` of these draws: marginals and contours; returns an array of axes."""
        return later("plots", "plot_posterior")(self, axes)

    @property
    def trusted(self) -> bool:
        """Whether all checks of the sampler passed."""
        return self.sampled.trusted

    def interval(self, path: str, level: float = 0.6827) -> Interval:
        """(lower, upper), equal tails, at a probability."""
        check_level(level)
        if path not in self.samples:
            raise FitError(f"posterior: there is no {path!r}; there are {', '.join(self.samples)}")
        low, high = np.quantile(self.samples[path], [0.5 * (1.0 - level), 0.5 * (1.0 + level)])
        return Interval(float(low), float(high))

    def predict(self, T, B, observable: str | None = None, *, draws: int = 200, **conditions) -> PredictedPosterior:
        """Curves of `draws` draws at T [K] and B [T]: see `FitResult.predict`.

        n draws give `sigma` to 0.7/sqrt(n) of itself (5 % for 200) and the ends of a 95 % band to 2.7/sqrt(n) sigma
        (0.19 sigma for 200; take 2000 draws for 0.06).
        """
        if not is_whole_number(draws, least=2):
            raise ParameterError(f"predict: draws must be a whole number of at least 2, got {draws!r}")
        row, T, B, given = places_asked(self.fit, T, B, observable, conditions)
        problem, count = self.fit.problem, min(draws, len(self.log_likelihood))
        curves = [
            evaluation.value(row, problem.glass_at(self._values(i)), T.ravel(), B.ravel(), given, {})
            for i in np.linspace(0, len(self.log_likelihood) - 1, count).astype(int)
        ]
        return PredictedPosterior(row.name, row.unit, T, B, np.array(curves), given)

    def _values(self, i):
        return {path: float(x[i]) for path, x in self.samples.items() if not path.startswith("data.")}

    @property
    def prior_dominated(self) -> tuple[str, ...]:
        """Paths of which the data say little more than their prior."""
        return tuple(
            path for path, prior in self.fit.priors.items()
            if np.std(np.log(self.samples[path]) if prior.logarithmic else self.samples[path])
            > _PRIOR_DOMINATED * prior.spread
        )  # fmt: skip

    @property
    def sentences(self) -> tuple[str, ...]:
        """How far to believe it, in words."""
        run = self.sampled
        words = [f"{run.method}: {run.calls} evaluations, {run.effective:.0f} effective draws"
                 + (f", k-hat {run.k_hat:.2f}" if math.isfinite(run.k_hat) else "")]  # fmt: skip
        if not self.trusted:
            reason = f" ({run.remark})" if run.remark else ""
            words.append(f"NOT to be believed: the checks of the sampler failed{reason}")
        if self.marginalized:
            words.append(f"integrated out exactly, within their bounds: {', '.join(self.marginalized)}")
        if self.prior_dominated:
            words.append(f"{', '.join(self.prior_dominated)}: the width is that of the prior more than of the data")
        fractions = [m.name for m in self.fit.problem.measurements if m.fraction is not None]
        if fractions:
            words.append(f"{', '.join(fractions)}: noise that is a fraction of the model was taken of the best fit")
        words += [f"{m.name}: its sigma, known from {m.freedom:.0f} degrees of freedom of repeats, was taken as exact: "
                  f"intervals of the fit are up to {_t_over_normal(m.freedom):.2g} times wider"
                  for m in self.fit.problem.measurements if m.freedom < _FEW_REPEATS]  # fmt: skip
        return tuple(words)

    def rows(self) -> list[tuple[str, ...]]:
        """Header and one row for each parameter: median, 68 and 95 % intervals."""
        rows: list[tuple[str, ...]] = [("parameter", "median", "68 %", "95 %", "unit")]
        for path, draws in self.samples.items():
            ends = [" to ".join(f"{end:.4g}" for end in self.interval(path, level)) for level in (0.6827, 0.95)]
            rows.append((path, f"{np.median(draws):.5g}", *ends, self.fit.units.get(path, "1")))
        return rows

    def report(self) -> str:
        """The posterior as a text table, then in words."""
        evidence = f"ln Z = {self.log_evidence:.3f} ± {self.log_evidence_error:.2g} (Laplace {self.laplace:.3f})"
        return "\n".join([evidence, "", *align(self.rows()), "", *(f"  - {line}" for line in self.sentences)])

    def to_dict(self) -> dict[str, Any]:
        """JSON-able numbers; the draws themselves go to `save`."""
        return {
            "log_evidence": finite_or_none(self.log_evidence),
            "log_evidence_error": finite_or_none(self.log_evidence_error), "laplace": finite_or_none(self.laplace),
            "trusted": self.trusted, "method": self.sampled.method, "evaluations": self.sampled.calls,
            "effective_draws": self.sampled.effective, "k_hat": finite_or_none(self.sampled.k_hat),
            "marginalized": list(self.marginalized), "sentences": list(self.sentences), "seed": self.seed,
            "parameters": {
                path: {"median": float(np.median(draws)), "68 %": list(self.interval(path)),
                       "95 %": list(self.interval(path, 0.95))}
                for path, draws in self.samples.items()
            },
        }  # fmt: skip

    def to_arviz(self, *, pointwise: bool = True) -> Any:
        """The draws as ArviZ's InferenceData (0.x) or DataTree (1.x); `FitError` where ArviZ is not installed.

        Groups: posterior, prior, sample_stats, observed_data, constant_data (T, B, sigma), and with `pointwise` those
        that need the model of every draw again: posterior_predictive and log_likelihood, as for ``arviz.loo``.
        """
        from glasstunnel.inference.arviz_export import arviz_groups

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # its announcement of version 1
                import arviz  # pyright: ignore[reportMissingImports]  # an extra
        except ImportError:
            raise FitError("to_arviz needs ArviZ: pip install arviz") from None
        groups = arviz_groups(self, pointwise=pointwise)
        if int(arviz.__version__.split(".")[0]) >= 1:
            return arviz.from_dict(groups)
        return arviz.from_dict(**cast(Any, groups))

    def at_data(self, *, draws: int = 200) -> np.ndarray:
        """What `draws` draws say at every measured point, (draws, points) [SI], their offsets and scales included."""
        from glasstunnel.inference.arviz_export import models_of_draws

        count = min(draws, len(self.log_likelihood))
        return models_of_draws(self, np.linspace(0, len(self.log_likelihood) - 1, count).astype(int))

    def save(self, path: str | Path) -> Path:
        """Write draws, evidence, seed and versions into one .npz file."""
        path = Path(path).with_suffix(".npz")
        about = self.to_dict() | {"versions": dict(self.fit.versions), "hashes": dict(self.fit.hashes)}
        columns = {f"sample:{name}": draws for name, draws in self.samples.items()}
        columns |= {"about": np.array(json.dumps(about)), "log_likelihood": self.log_likelihood}
        np.savez_compressed(path, **cast(Any, columns))
        return path


@shows_progress
def posterior(result: FitResult, *, seed: int = 0, method: str = "auto", draws: int = 4000,
              store: str | Path | None = None, progress: Callable[[str], None] | None = None) -> Posterior:
    """Draw from the posterior of a fit and integrate its evidence.

    Linear parameters are integrated out exactly, positivity included. The rest is sampled: importance sampling from a
    frozen Student-t around the minimum, and where its checks fail an ensemble (differential evolution) with bridge
    sampling for the evidence.

    Parameters
    ----------
    result : FitResult that converged. seed : int; the same seed gives the same draws.
    draws : int, how many count in importance sampling, and how many equally weighted ones come back.
    method : "auto", "importance", "ensemble", or "nautilus" (needs ``pip install nautilus-sampler``; for posteriors
        with several modes). store : file in which the ensemble (or nautilus) keeps its state, to go on after a stop.
    progress : function of one sentence, or None.

    Returns
    -------
    Posterior with `samples`, `log_evidence`, `interval`, `predict`, `to_arviz`. `trusted` says whether checks passed.

    Examples
    --------
    >>> from glasstunnel import Column, Dataset, Glass, LarmorDiamagnetism, Uniform, fit, posterior
    >>> chip = Dataset({"temperature": Column([4.0], "K"), "field": Column([2.0], "T"),
    ...                 "magnetization": Column([-8e-3], "A m2/kg"), "sigma": Column([1e-3], "A m2/kg")},
    ...                "magnetization", name="chip", noise="given")
    >>> best = fit(Glass({"larmor": LarmorDiamagnetism(1e-3)}), [chip], {"larmor.susceptibility": Uniform(0, 1)})
    >>> round(posterior(best).log_evidence, 3)  # ln(5e-4 sqrt(2 pi)), everything integrated out
    -6.682
    """
    fit_result(result, "posterior")
    if method not in METHODS:
        raise FitError(f"posterior: method must be one of {', '.join(METHODS)}, got {method!r}")
    if not result.converged:
        raise FitError(f"posterior: the fit did not converge ({result.message}); fit again first")
    seed = seed_number("posterior", seed)
    target, generator = marginal_posterior(result), np.random.default_rng(seed)
    if not is_whole_number(draws, least=_FEWEST):
        raise ParameterError(f"posterior: draws must be a whole number of at least {_FEWEST}, got {draws!r}")
    log_fraction = math.log(physical_fraction(result.problem))
    task = SamplingTask(target, *start_of(target, result), result, generator, draws, store, progress)
    sampled = run_sampler(task, method)
    laplace = laplace_of(target, task.mean, task.covariance) - log_fraction
    return _finished(task, sampled, seed, sampled.log_evidence - log_fraction, laplace)


def laplace_evidence(result: FitResult, priors: Mapping[str, Prior] | None = None, *, seed: int = 0) -> float:
    """ln of the evidence in the normal approximation at the minimum, in the units of `Posterior.log_evidence`.

    Linear parameters are integrated out exactly, the others as if their posterior were normal: milliseconds instead of
    thousands of evaluations; good to 0.1 where the data determine the parameters, wrong by up to some units where one
    stands at its bound or is hardly determined. priors : {path: prior} in place of those of the fit, as for a scan.

    >>> from glasstunnel import Column, Dataset, Glass, LarmorDiamagnetism, Uniform, fit, laplace_evidence
    >>> chip = Dataset({"temperature": Column([4.0], "K"), "field": Column([2.0], "T"),
    ...                 "magnetization": Column([-8e-3], "A m2/kg"), "sigma": Column([1e-3], "A m2/kg")},
    ...                "magnetization", name="chip", noise="given")
    >>> best = fit(Glass({"larmor": LarmorDiamagnetism(1e-3)}), [chip], {"larmor.susceptibility": Uniform(0, 1)})
    >>> round(laplace_evidence(best), 3)
    -6.682
    """
    result = fit_result(result, "laplace_evidence")
    if not result.converged:
        raise FitError(f"laplace_evidence: the fit did not converge ({result.message}); fit again first")
    if priors:
        problem = replace(result.problem, priors=result.problem.priors | dict(priors))
        result = replace(result, problem=problem, priors=problem.priors)
    target = marginal_posterior(result)
    return laplace_of(target, *start_of(target, result)) - math.log(physical_fraction(result.problem))


def _finished(task, sampled, seed, log_evidence, laplace):
    target, result, generator = task.target, task.result, task.generator
    problem = result.problem
    rows = _resampled(sampled.weights, task.draws, generator)
    U = sampled.draws[rows]
    inner = target.drawn_inner(U, generator)
    Z = np.empty((len(U), len(problem.names)))
    for k, name in enumerate(target.outer):
        Z[:, problem.names.index(name)] = U[:, k]
    for k, name in enumerate(target.inner):
        Z[:, problem.names.index(name)] = inner[:, k]
    samples = {path: x for path, x in target.batch.parameters(Z).items() if path in result.values}
    for k, name in enumerate(target.noises, len(target.outer)):
        m = next(m for m in problem.measurements if m.name == name)
        fitted = float(np.mean(np.log(m.sigma / target.references[name])))
        samples[f"data.{name}.noise"] = np.exp(U[:, k] - fitted)
    for k, name in enumerate(target.drifts, len(target.outer) + len(target.noises)):
        samples[f"data.{name}.drift"] = np.exp(U[:, k])
    return Posterior(samples, _log_likelihoods(target, Z), log_evidence, sampled.log_evidence_error, laplace,
                     target.inner, sampled, result, seed)  # fmt: skip


def _t_over_normal(freedom):
    return standard_quantile(0.95, freedom) / standard_quantile(0.95)


def _log_likelihoods(target, Z):
    Z, which = np.unique(Z, axis=0, return_inverse=True)  # resampled draws repeat
    found = [target.problem.log_likelihoods(Z[i : i + 64]) for i in range(0, len(Z), 64)]
    return np.concatenate(found)[which.ravel()]


def _resampled(weights, count, generator):
    """Systematic resampling to equal weights, in random order."""
    positions = (generator.random() + np.arange(count)) / count
    rows = np.minimum(np.searchsorted(np.cumsum(weights), positions), len(weights) - 1)
    return generator.permutation(rows)
