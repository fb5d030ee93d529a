"""Coverage of a fit's own intervals: simulate its data from the fit, refit, count."""

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glasstunnel.errors import FitError, GlassTunnelError
from glasstunnel.inference.binomial import TELLING, TOO_SMALL, missed_chance, reach_in_words
from glasstunnel.inference.drifts import drift_between
from glasstunnel.inference.identifiability import bounds_reached, determination
from glasstunnel.inference.intervals import Interval, check_level, standard_quantile
from glasstunnel.inference.ledgers import Ledger
from glasstunnel.inference.priors import Normal
from glasstunnel.inference.problem import Problem
from glasstunnel.inference.wording import align, finite_or_none
from glasstunnel.numerics.checks import is_whole_number, seed_number
from glasstunnel.progress import shows_progress
from glasstunnel.records import brief

if TYPE_CHECKING:
    from glasstunnel.inference.results import FitResult

LEVELS = (0.68, 0.95)
_FEWEST = 20


@dataclass(frozen=True)
class Systematics:
    """Errors that the points of a dataset share, beside the stated noise.

    scale : {dataset: relative standard deviation of one factor on it}. drift : {dataset: standard deviation, in units
    of sigma, of a slow drift along ln T}; `length` is its correlation length in ln T.
    """

    scale: Mapping[str, float]
    drift: Mapping[str, float]
    length: float = 0.3

    __repr__ = brief


@dataclass(frozen=True, eq=False)
class ParameterCoverage:
    """One parameter: how often its interval held the value the data were simulated from.

    coverage : {level: fraction}, of the simulations that gave it a symmetric error. bias : mean of (found - put
    in)/error. spread : standard deviation of the same, 1 where errors are right. without : fraction of simulations
    without a symmetric error (at a bound, not determined). corrected : {level: interval that holds}.
    """

    path: str
    coverage: Mapping[float, float]
    bias: float
    spread: float
    without: float
    counted: int
    corrected: Mapping[float, Interval]

    __repr__ = brief

    def holds(self, level: float) -> bool:
        """Whether the counted coverage agrees with the level, within binomial error."""
        error = math.sqrt(level * (1.0 - level) / max(self.counted, 1))
        return abs(self.coverage[level] - level) <= TELLING * error

    @property
    def biased(self) -> bool:
        """Whether the mean deviation is neither small nor within its own error."""
        return self.counted > 1 and abs(self.bias) > max(0.2, 3.0 * self.spread / math.sqrt(self.counted))


@dataclass(frozen=True, eq=False)
class CoverageCard:
    """What the intervals of a fit are worth: by parameter, `wanted` simulations of which `failed` gave no fit."""

    parameters: Mapping[str, ParameterCoverage]
    levels: tuple[float, ...]
    wanted: int
    done: int
    failed: int
    systematics: bool

    __repr__ = brief

    def __getitem__(self, path: str) -> ParameterCoverage:
        return self.parameters[path]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What follows, in words."""
        shared = ", with the scale and drift errors that the residuals allow" if self.systematics else ""
        words = [f"{self.done} simulations of these data from the fit, {self.failed} of them without a fit{shared}"]
        if self.done < self.wanted:
            words.append(f"stopped after {self.done} of {self.wanted}; the same command goes on from there")
        for path, entry in self.parameters.items():
            bad = [level for level in self.levels if entry.counted and not entry.holds(level)]
            for level in bad:
                lower, upper = entry.corrected[level]
                instead = f"use {lower:.4g} to {upper:.4g}" if math.isfinite(upper - lower) else "do not quote it"
                words.append(f"the {100 * level:.3g} % interval of {path} holds {100 * entry.coverage[level]:.3g} %: "
                             f"{instead}")  # fmt: skip
            if entry.biased:
                words.append(f"{path} comes out {abs(entry.bias):.2g} of its error too "
                             f"{'high' if entry.bias > 0.0 else 'low'}")  # fmt: skip
            if entry.without > 0.05:
                words.append(f"{path} had no symmetric error in {100 * entry.without:.3g} % of the simulations: take "
                             "its profile or posterior interval")  # fmt: skip
        if len(words) == 1:
            words.append("every interval holds what it says, as far as so many simulations can see")
        return (*words, self.reach)

    @property
    def reach(self) -> str:
        """What so many simulations would have missed, in words."""
        return reach_in_words(self.done - self.failed, max(self.levels))

    def rows(self) -> list[tuple[str, ...]]:
        """Header and one row for each parameter."""
        rows = [("parameter", *(f"{100 * level:.3g} % covers" for level in self.levels), "bias [error]", "true/quoted",
                 "no error", *(f"corrected {100 * level:.3g} %" for level in self.levels))]  # fmt: skip
        for path, entry in self.parameters.items():
            counted = entry.counted > 0
            rows.append((
                path, *(f"{100 * entry.coverage[level]:.3g} %" if counted else "-" for level in self.levels),
                f"{entry.bias:+.2f}" if counted else "-", f"{entry.spread:.2f}" if counted else "-",
                f"{100 * entry.without:.3g} %",
                *(_interval_text(entry.corrected[level]) if counted else "-" for level in self.levels),
            ))  # fmt: skip
        return rows

    def report(self) -> str:
        """The card as a text table, then in words."""
        return "\n".join([*align(self.rows()), "", *(f"  - {sentence}" for sentence in self.sentences)])

    def to_dict(self) -> dict[str, Any]:
        """JSON-able numbers."""
        return {
            "simulations": self.done, "wanted": self.wanted, "failed": self.failed, "systematics": self.systematics,
            "sentences": list(self.sentences),
            "missed": {f"errors {factor:g} times too small": missed_chance(self.done - self.failed, max(self.levels),
                                                                          factor) for factor in TOO_SMALL},
            "parameters": {
                path: {
                    "coverage": {str(level): finite_or_none(entry.coverage[level]) for level in self.levels},
                    "bias": finite_or_none(entry.bias), "spread": finite_or_none(entry.spread),
                    "without_error": entry.without, "counted": entry.counted,
                    "corrected": {str(level): [finite_or_none(end) for end in entry.corrected[level]]
                                  for level in self.levels},
                }
                for path, entry in self.parameters.items()
            },
        }  # fmt: skip


@shows_progress
def coverage(result: "FitResult", n: int = 200, *, levels: Iterable[float] = LEVELS, seed: int = 0,
             systematics: bool = False, workers: int = 1, store: str | Path | None = None,
             max_evaluations: int = 300, progress: Callable[[str], None] | None = None) -> CoverageCard:
    """See `FitResult.coverage`."""
    levels = tuple(levels)
    for level in levels:
        check_level(level)
    if not is_whole_number(n, least=_FEWEST):
        raise FitError(f"coverage: n must be a whole number of at least {_FEWEST} simulations, got {n!r}")
    if not result.converged:
        raise FitError(f"coverage: the fit did not converge ({result.message}), so nothing can be simulated from it")
    seed = seed_number("coverage", seed)
    shared = allowed_systematics(result) if systematics else None
    task = _Task(result.problem, result.problem.coordinates(result.values), seed, shared, max_evaluations)
    ledger = Ledger(store, task)
    try:
        for number, row in _simulated(task, [i for i in range(n) if i not in ledger.rows], workers):
            ledger.add(number, row)
            if progress:
                progress(f"simulation {len(ledger.rows)} of {n}")
    except KeyboardInterrupt:
        if len(ledger.rows) < _FEWEST:
            raise
    rows = [ledger.rows[i] for i in sorted(ledger.rows) if i < n]
    return _card(result, rows, levels, n, systematics)


# --- simulations ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Task:
    """What every simulation needs; goes to other processes."""

    problem: Problem
    z: np.ndarray
    seed: int
    systematics: Systematics | None
    max_evaluations: int

    def __call__(self, number: int) -> list[list[float]] | None:
        """[[value, error], ...] in z of one simulation; an infinite error where there is none; None without a fit."""
        from glasstunnel.inference.fitting import minimize_with_noise

        generator = np.random.default_rng((self.seed, number))
        problem = simulated(self.problem, self.z, generator, self.systematics)
        try:
            refitted, solution = minimize_with_noise(problem, self.z, self.max_evaluations)
            if not solution.converged:
                return None
            known = determination(refitted, solution.z, bounds_reached(refitted, solution.z))
        except GlassTunnelError:
            return None
        slopes = [prior.slope(float(prior.value(x)))
                  for prior, x in zip(refitted.priors.values(), solution.z, strict=True)]  # fmt: skip
        errors = [known.errors[name] / slope for name, slope in zip(refitted.names, slopes, strict=True)]
        return [[float(x), float(error)] for x, error in zip(solution.z, errors, strict=True)]


def simulated(problem: Problem, z, generator: np.random.Generator, systematics: Systematics | None = None) -> Problem:
    """The problem with data drawn from its model at z, with its noise; every dataset in its own rows."""
    model, measurements = np.asarray(problem.model(z)), []
    for m in problem.measurements:
        exact = model[problem.rows[m.name]]
        sigma = m.sigma_of(exact)
        noise = sigma * generator.standard_normal(len(m))
        noise = noise if m.drift is None else noise + sigma * m.drift.draw(generator)
        if systematics is not None:
            noise = noise + exact * systematics.scale.get(m.name, 0.0) * generator.standard_normal()
            noise = noise + sigma * systematics.drift.get(m.name, 0.0) * _drift(m.T, systematics.length, generator)
        drawn = dataclasses.replace(m, values=exact + noise, sigma=sigma)
        if math.isfinite(m.freedom):  # other repeats would have given another sigma
            drawn = drawn.scaled(math.sqrt(generator.chisquare(m.freedom) / m.freedom))
        measurements.append(drawn)
    # Normal priors are measurements too: what they state is drawn anew, around what the data are simulated from.
    priors = {name: prior.redrawn(float(prior.value(x)), generator)
              for (name, prior), x in zip(problem.priors.items(), z, strict=True)}  # fmt: skip
    return dataclasses.replace(problem, measurements=tuple(measurements), priors=priors)


def _drift(T, length, generator):
    """An Ornstein-Uhlenbeck process in ln T with unit variance."""
    x = np.log(T)
    covariance = np.exp(-np.abs(x[:, None] - x) / length) + 1e-10 * np.eye(len(x))
    return np.linalg.cholesky(covariance) @ generator.standard_normal(len(x))


def allowed_systematics(result: "FitResult") -> Systematics:
    """The scale and drift errors that the residuals of a fit allow: what they show plus one standard deviation of it.

    scale from the projection of the residuals on the model; drift from the covariance of neighboring residuals along
    the sweep, whose error for independent noise is 1/sqrt(points).
    """
    from glasstunnel.inference.misfits import rows_along_sweep

    scale, drift = {}, {}
    for name, curve in result.curves.items():
        pull = curve.model / curve.sigma
        strength = math.sqrt(float(pull @ pull))
        scale[name] = (abs(float(curve.residuals @ pull)) / strength + 1.0) / strength if strength else 0.0
        ordered = curve.residuals[rows_along_sweep(curve)]
        neighbors = float(np.mean(ordered[1:] * ordered[:-1])) if len(ordered) > 1 else 0.0
        drift[name] = math.sqrt(max(neighbors, 0.0) + 1.0 / math.sqrt(len(ordered)))
    return Systematics(scale, drift)


def reckoned_with(result: "FitResult") -> tuple[Problem, float, float]:
    """(problem with the scale and drift errors that the residuals allow, median scale error, median drift)."""
    allowed, changed, priors = allowed_systematics(result), [], dict(result.problem.priors)
    for m in result.problem.measurements:
        if m.drift is None:
            m = dataclasses.replace(m, drift=drift_between(m.T, m.B, allowed.drift[m.name]))
        changed.append(m)
        path = f"data.{m.name}.scale"
        if path not in priors and path not in result.ties and allowed.scale[m.name]:
            priors[path] = Normal(1.0, allowed.scale[m.name])
    problem = dataclasses.replace(result.problem, measurements=tuple(changed), priors=priors)
    return problem, float(np.median(list(allowed.scale.values()))), float(np.median(list(allowed.drift.values())))


def _simulated(task, numbers, workers):
    if workers <= 1:
        for number in numbers:
            yield number, task(number)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers) as pool:
        try:
            yield from zip(numbers, pool.map(task, numbers, chunksize=4), strict=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


# --- counting ------------------------------------------------------------------------------------------------------


def _card(result, rows, levels, wanted, systematics):
    good = np.array([row for row in rows if row is not None], dtype=float).reshape(-1, len(result.names), 2)
    center = result.problem.coordinates(result.values)
    parameters = {path: _counted(result, path, good[:, i], center[i], levels) for i, path in enumerate(result.names)}
    return CoverageCard(parameters, levels, wanted, len(rows), len(rows) - len(good), systematics)


def _counted(result, path, fitted, truth, levels):
    usable = np.isfinite(fitted[:, 1])
    values, errors = fitted[usable].T if usable.any() else np.empty((2, 0))
    pulls = (values - truth) / errors
    held = {level: float(np.mean(np.abs(pulls) <= standard_quantile(level, result.freedom(path))))
            if len(pulls) else math.nan for level in levels}  # fmt: skip
    prior, error = result.priors[path], result.errors[path] / result.priors[path].slope(result.values[path])
    corrected = {level: _corrected(prior, truth, error, pulls, level) for level in levels}
    spread = float(np.std(pulls, ddof=1)) if len(pulls) > 1 else math.nan
    return ParameterCoverage(path, held, float(np.mean(pulls)) if len(pulls) else math.nan, spread,
                             float(np.mean(~usable)) if len(usable) else math.nan, len(pulls), corrected)  # fmt: skip


def pull_ends(pulls: np.ndarray, level: float) -> tuple[float, float]:
    """Between which the next pull lies with this probability: order statistics, and where there are too few pulls for
    the tails Student's interval of one more of normal ones, if it is wider."""
    n, tail = len(pulls), 0.5 * (1.0 - level)
    low, high = np.quantile(pulls, [tail, 1.0 - tail], method="weibull")
    if tail * (n + 1) < 1.0:
        half = standard_quantile(level, n - 1) * float(np.std(pulls, ddof=1)) * math.sqrt(1.0 + 1.0 / n)
        low, high = min(low, np.mean(pulls) - half), max(high, np.mean(pulls) + half)
    return float(low), float(high)


def _interval_text(interval):
    """Both ends, or that there is none: a fit without a symmetric error has nothing to correct.

    >>> _interval_text(Interval(1.0, 2.5)), _interval_text(Interval(-math.inf, math.inf))
    ('1 to 2.5', 'none')
    """
    return " to ".join(f"{end:.4g}" for end in interval) if all(map(math.isfinite, interval)) else "none"


def _corrected(prior, z, error, pulls, level):
    """The interval whose ends follow from the simulated pulls  [Efron's bootstrap-t, 1981], inside the prior."""
    if len(pulls) < 2 or not math.isfinite(error):
        return Interval(-math.inf, math.inf)
    low, high = pull_ends(pulls, level)
    ends = np.clip([z - high * error, z - low * error], *prior.limits)
    return Interval(float(prior.value(ends[0])), float(prior.value(ends[1])))
