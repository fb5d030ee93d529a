"""The next experiment: which points tell a parameter best, or two models apart.

A candidate with the whitened slope j adds j j^T to the information F. Greedy choice by gain over cost, then an exchange
pass [V. V. Fedorov, Theory of Optimal Experiments (1972); A. C. Atkinson, A. N. Donev, R. D. Tobias, Optimum
Experimental Designs (2007)]. `discrimination` tells two models apart.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasstunnel.errors import FitError
from glasstunnel.inference.calibration import reckoned_with
from glasstunnel.inference.candidates import RUN, Candidates, candidates_of
from glasstunnel.inference.drifts import drift_between
from glasstunnel.inference.exchange import exchanged_counts, greedy_counts, mean_gains
from glasstunnel.inference.identifiability import information
from glasstunnel.inference.measurements import Measurement
from glasstunnel.inference.posteriors import Posterior
from glasstunnel.inference.predictions import glass_slopes
from glasstunnel.inference.priors import Normal
from glasstunnel.inference.problem import Problem
from glasstunnel.inference.results import FitResult, fit_result
from glasstunnel.inference.simulated_plans import Simulation, simulated_plan
from glasstunnel.inference.wording import align
from glasstunnel.numerics.checks import is_number, is_whole_number, seed_number
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.progress import shows_progress
from glasstunnel.records import brief

if TYPE_CHECKING:
    from glasstunnel.inference.discrimination import Discrimination

_DRAWS = 16  # of a posterior, that a plan is averaged over
_BENT = 0.3  # error of a logarithm from which a model is not linear over it
#: Minutes: for one point, for every temperature or field that is new, and once for cooling down.
COST = {"point": 2.0, "temperature": 5.0, "field": 0.0, "cooldown": 0.0}


@dataclass(frozen=True)
class Block:
    """Points at one temperature and field; `sigmas` are the predicted standard errors once it is measured."""

    T: float
    B: float
    count: int
    minutes: float
    sigmas: Mapping[str, float]

    __repr__ = brief


@dataclass(frozen=True, eq=False)
class Plan:
    """What to measure next.

    blocks : in the order to measure (cold first). before, after : {path: standard error}, of values; of logarithms for
    parameters with a logarithmic prior (root mean square over `places`, the parameter sets it is averaged over).
    minutes : of all blocks. map : gain of one more point for every candidate. scale, drift : of the new run. problem :
    of the existing data, with the systematic errors that were reckoned with.
    """

    blocks: tuple[Block, ...]
    goal: str
    before: Mapping[str, float]
    after: Mapping[str, float]
    minutes: float
    candidates: Candidates
    counts: np.ndarray
    map: np.ndarray
    result: FitResult
    scale: float
    drift: float
    problem: Problem
    places: tuple[Mapping[str, float], ...]

    __repr__ = brief

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the plan promises, and on what condition."""
        points = sum(block.count for block in self.blocks)
        coldest = min(block.T for block in self.blocks)
        words = [f"{points} points in {self.minutes:.0f} minutes, goal {self.goal}"]
        words += [f"{_named(self.result, path)} {path} from {self.before[path]:.3g} to {self.after[path]:.3g}"
                  for path in self.result.names if not path.startswith("data.")]  # fmt: skip
        if all(block.T == coldest for block in self.blocks):
            words.append(f"everything at {coldest:.3g} K: keep 10 to 20 % of the points for temperatures between, "
                         "where the model itself may fail")  # fmt: skip
        if bent := [path for path in self.result.names if not path.startswith("data.") and self._is_bent(path)]:
            words.append(f"taken for linear, which these errors of {', '.join(bent)} are too large for: simulate "
                         "(--simulate 100 on the command line) finds what the points will really bring")  # fmt: skip
        if len(self.places) > 1:
            words.append(f"averaged over {len(self.places)} draws of the posterior")
        if self.drift:
            words.append(f"reckoned with: a scale error of {100 * self.scale:.2g} % and a drift of {self.drift:.2g} "
                         "sigma of the new run, and what the residuals allow of both in the old ones")  # fmt: skip
        elif not self.scale:
            words.append("no scale error of the new run is reckoned with (scale=..., or systematics=True): repeats "
                         "promise too much then")  # fmt: skip
        return tuple(words)

    def rows(self) -> list[tuple[str, ...]]:
        """Header and one row for each block."""
        paths = [path for path in self.result.names if not path.startswith("data.")]
        rows = [("T [K]", "B [T]", "points", "minutes", *(f"{_named(self.result, path)} {path}" for path in paths))]
        rows.append(("now", "", "", "", *(f"{self.before[path]:.3g}" for path in paths)))
        rows += [(f"{block.T:.4g}", f"{block.B:.4g}", str(block.count), f"{block.minutes:.0f}",
                  *(f"{block.sigmas[path]:.3g}" for path in paths)) for block in self.blocks]  # fmt: skip
        return rows

    def report(self) -> str:
        """The plan as a text table, then in words."""
        return "\n".join([*align(self.rows()), "", *(f"  - {line}" for line in self.sentences)])

    def to_dict(self) -> dict[str, Any]:
        """JSON-able numbers."""
        return {
            "goal": self.goal, "minutes": self.minutes, "before": dict(self.before), "after": dict(self.after),
            "sentences": list(self.sentences),
            "blocks": [{"T": block.T, "B": block.B, "points": block.count, "minutes": block.minutes,
                        "sigmas": dict(block.sigmas)} for block in self.blocks],
        }  # fmt: skip

    @shows_progress
    def simulate(self, n: int = 100, *, seed: int = 0, progress: Callable[[str], None] | None = None) -> Simulation:
        """Prove the prediction: draw existing and planned data n times, refit, compare the spread.

        The truth is the fit; for a plan averaged over a posterior, each of its draws in turn.
        """
        if not is_whole_number(n, least=2):
            raise FitError(f"simulate: n must be a whole number of at least 2, got {n!r}")
        problem = self._whole()
        truths = [problem.coordinates(self._values(problem, place)) for place in self.places]
        names = [path for path in self.result.names if not path.startswith("data.")]
        return simulated_plan(problem, truths, names, (n, seed_number("simulate", seed)), progress)

    def _is_bent(self, path):
        """Whether the model is not linear over the promised error: of a logarithm, or as far as a bound."""
        error, prior, value = self.after[path], self.result.priors[path], self.result.values[path]
        room = np.min(np.abs(np.array(prior.limits) - prior.coordinate(value)))
        return (prior.logarithmic and error > _BENT) or room < error

    def _values(self, problem, place):
        known = {path: 1.0 for path in problem.names if path.endswith(".scale")}
        return known | dict(self.result.values) | place

    def _whole(self) -> Problem:
        """The problem of existing and planned data together, with the systematic errors that were reckoned with."""
        chosen = np.repeat(np.arange(len(self.candidates)), self.counts)
        c = self.candidates
        conditions = {key: values[chosen] if isinstance(values, np.ndarray) else values
                      for key, values in c.conditions.items()}  # fmt: skip
        planned = Measurement(RUN, c.observable, c.T[chosen], c.B[chosen], np.ones(len(chosen)), c.sigma[chosen], False,
                              None, conditions, drift=drift_between(c.T[chosen], c.B[chosen], self.drift))
        priors = self.problem.priors
        if self.scale:
            priors = priors | {f"data.{RUN}.scale": Normal(1.0, self.scale)}
        return dataclasses.replace(self.problem, measurements=(*self.problem.measurements, planned), priors=priors)


def _named(result, path):
    return "error of ln" if result.priors[path].logarithmic else "error of"


def plan(result: FitResult | Posterior, candidates: Mapping[str, Any], goal: str | Mapping[str, float] = "D", *,
         versus: FitResult | None = None, points: int = 40, noise: float | Mapping[str, float] | None = None,
         cost: Mapping[str, float] | None = None, scale: float = 0.0, systematics: bool = False,
         target: float | None = None) -> "Plan | Discrimination":
    """Which points to measure next, given what is measured already.

    Parameters
    ----------
    result : FitResult that converged: its data count as measured. Or the Posterior of one: then gains are averaged over
        16 of its draws, which matters where an error is not small (above 0.3 in a logarithm).
    candidates : {"T": temperatures [K], "B": fields [T], "observable": name (that of the first dataset by default)} and
        other conditions (frequency [Hz], ...), each one number. Every temperature is combined with every field.
    goal : "D" (all parameters at once), a varied path, or {path: weight} for a weighted sum of values.
    versus : FitResult of a rival model: then the plan tells the two apart (`Discrimination`), and goal is not used.
    points : how many. target : stop when the standard error of the goal (of its logarithm where the prior is
        logarithmic) is reached. noise : of a point, SI number, or {"relative": ..., "absolute": ...}; by default the
        median of the fitted data. cost : minutes, see `COST`.
    scale : standard deviation of an unknown factor on the whole new run, e.g. 0.005. systematics : reckon with scale
        and drift errors of the size that the residuals of the fit allow, in the data that exist and in the new run.

    Returns
    -------
    Plan, with `simulate(n)` to check what it promises; or Discrimination.

    Examples
    --------
    >>> from glasstunnel import Column, Dataset, Glass, LarmorDiamagnetism, Uniform, fit, plan
    >>> chip = Dataset({"temperature": Column([4.0], "K"), "field": Column([2.0], "T"),
    ...                 "magnetization": Column([-8e-3], "A m2/kg"), "sigma": Column([1e-3], "A m2/kg")},
    ...                "magnetization", name="chip", noise="given")
    >>> best = fit(Glass({"larmor": LarmorDiamagnetism(1e-3)}), [chip], {"larmor.susceptibility": Uniform(0, 1)})
    >>> made = plan(best, {"T": [4.0], "B": [1.0, 7.0]}, points=3)
    >>> [(block.B, block.count) for block in made.blocks]
    [(7.0, 3)]
    """
    result, places = _subject(result)
    if not is_number(scale, finite=True) or scale < 0.0:
        raise FitError(f"plan: scale must be a number of 0 or more, got {scale!r}")
    if target is not None and (not is_number(target, finite=True) or target <= 0.0):
        raise FitError(f"plan: target must be a number above 0, got {target!r}")
    if not is_whole_number(points, least=1):
        raise FitError(f"plan: points must be a whole number of at least 1, got {points!r}")
    made = candidates_of(result, candidates, noise)
    if versus is not None:
        from glasstunnel.inference.discrimination import discriminate

        return discriminate(result, versus, made)
    price = COST | dict(cost or {})
    if unknown := set(price) - set(COST):
        raise FitError(f"plan: cost knows {', '.join(COST)}, not {', '.join(sorted(unknown))}")
    problem, drift = result.problem, 0.0
    if systematics:
        problem, allowed, drift = reckoned_with(result)
        scale = scale or allowed
    local = [_local(problem, result, place, made, scale, drift) for place in places]
    direction = _direction(result, goal, local[0][0].shape[1])
    counts = greedy_counts(local, direction, made, price, points, target)
    if target is None:
        counts = exchanged_counts(local, direction, counts, np.isin(made.T, made.T[counts > 0]))
    blocks, after = _blocks(result, made, local, counts, price)
    known = [start for _, start in local]
    return Plan(blocks, goal if isinstance(goal, str) else " + ".join(goal), _by_path(result, _spreads(known)), after,
                sum((block.minutes for block in blocks), start=price["cooldown"]), made, counts,
                mean_gains(local, [np.linalg.inv(start) for start in known], direction), result, scale, drift,
                problem, places)  # fmt: skip


def _subject(result):
    """(fit, parameter sets to average over)."""
    if isinstance(result, Posterior):
        drawn, fitted = result, result.fit
        rows = np.linspace(0, len(drawn.log_likelihood) - 1, _DRAWS).astype(int)
        places = tuple({path: float(drawn.samples[path][i]) for path in fitted.values} for i in rows)
    else:
        fitted = fit_result(result, "plan")
        places = ({},)
    if not fitted.converged:
        raise FitError(f"plan: the fit did not converge ({fitted.message}), so nothing can be planned from it")
    return fitted, places


def _local(problem, result, place, made, scale, drift):
    """(whitened slopes of the candidates (n, parameters), information of what is known already) at one parameter set.

    Behind the parameters stand a factor on the new run, known to `scale`, and its drift at every candidate point.
    """
    values = {path: 1.0 for path in problem.names if path.endswith(".scale")} | dict(result.values) | place
    z = problem.coordinates(values)
    value, slopes = glass_slopes(problem, problem.parameters(z), OBSERVABLES[made.observable], made.T, made.B,
                                 made.conditions)  # fmt: skip
    slopes, start = slopes / made.sigma[:, None], information(problem, problem.jacobian(z))
    if scale:
        slopes, start = np.column_stack([slopes, value / made.sigma]), _joined(start, np.full((1, 1), scale**-2))
    process = drift_between(made.T, made.B, drift)
    if process is not None:
        known = np.linalg.inv(drift**2 * process.correlation + 1e-9 * np.eye(len(made)))
        slopes, start = np.column_stack([slopes, np.eye(len(made))]), _joined(start, known)
    return slopes, start


def _joined(first, second):
    zeros = np.zeros((len(first), len(second)))
    return np.block([[first, zeros], [zeros.T, second]])


def _direction(result, goal, size):
    """c of a goal that is a combination of coordinates; None for "D"."""
    if goal == "D":
        return None
    if not isinstance(goal, (str, Mapping)) or not goal:
        raise FitError(f'plan: goal is "D", a varied path or {{path: weight}}, got {goal!r}')
    weights = {goal: None} if isinstance(goal, str) else dict(goal)
    direction = np.zeros(size)
    for path, weight in weights.items():
        if path not in result.names:
            raise FitError(f"plan: goal {path!r} does not vary in this fit; it varies {', '.join(result.names)}")
        if weight is not None and not is_number(weight, finite=True):
            raise FitError(f"plan: the weight of {path} must be a number, got {weight!r}")
        slope = 1.0 if weight is None else weight * result.priors[path].slope(result.values[path])
        direction[result.names.index(path)] = slope
    return direction


def _blocks(result, made, local, counts, price):
    """(what to measure, in the order of temperatures and fields; {path: standard error} after all of it)."""
    known = [start.copy() for _, start in local]
    blocks, temperatures, fields = [], set(), set()
    for i in sorted(np.flatnonzero(counts), key=lambda i: (made.T[i], made.B[i])):
        new = price["temperature"] * (made.T[i] not in temperatures) + price["field"] * (made.B[i] not in fields)
        temperatures.add(made.T[i])
        fields.add(made.B[i])
        known = [F + counts[i] * np.outer(slopes[i], slopes[i]) for F, (slopes, _) in zip(known, local, strict=True)]
        spent = float(counts[i] * price["point"] + new)
        blocks.append(Block(float(made.T[i]), float(made.B[i]), int(counts[i]), spent,
                            _by_path(result, _spreads(known))))  # fmt: skip
    return tuple(blocks), _by_path(result, _spreads(known))


def _spreads(known):
    """Standard errors of all coordinates, root mean square over the parameter sets."""
    return np.sqrt(np.mean([np.diag(np.linalg.inv(F)) for F in known], axis=0))


def _by_path(result, sigmas):
    return {path: float(sigma) for path, sigma in zip(result.names, sigmas, strict=False)}
