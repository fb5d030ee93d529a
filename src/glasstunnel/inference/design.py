"""The next experiment: which points tell a parameter best, or two models apart.

A candidate with the whitened slope j adds j j^T to the information F. Greedy choice by gain over cost, then an exchange
pass [V. V. Fedorov, Theory of Optimal Experiments (1972); A. C. Atkinson, A. N. Donev, R. D. Tobias, Optimum
Experimental Designs (2007)]. `discrimination` tells two models apart.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.errors import FitError, GlassTunnelError
from glasstunnel.inference.calibration import simulated
from glasstunnel.inference.identifiability import information
from glasstunnel.inference.measurements import Measurement
from glasstunnel.inference.predictions import glass_slopes
from glasstunnel.inference.priors import Normal
from glasstunnel.inference.problem import Problem
from glasstunnel.inference.results import FitResult, align, fit_result
from glasstunnel.inference.solve import minimize
from glasstunnel.observables import evaluation
from glasstunnel.observables.table import OBSERVABLES

#: Minutes: for one point, for every temperature or field that is new, and once for cooling down.
COST = {"point": 2.0, "temperature": 5.0, "field": 0.0, "cooldown": 0.0}
RUN = "planned"  # name of the run that is planned


@dataclass(frozen=True, eq=False)
class Candidates:
    """Points that could be measured, SI arrays of shape (n,), with the noise each would have."""

    observable: str
    T: np.ndarray
    B: np.ndarray
    conditions: Mapping[str, np.ndarray]
    sigma: np.ndarray

    def __len__(self) -> int:
        return len(self.T)


@dataclass(frozen=True)
class Block:
    """Points at one temperature and field; `sigmas` are the predicted standard errors once it is measured."""

    T: float
    B: float
    count: int
    minutes: float
    sigmas: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Simulation:
    """The check of a plan: existing and planned data simulated, refitted; standard deviations in the coordinate z.

    found has the relative error 1/sqrt(2 (n - 1)).
    """

    n: int
    failed: int
    predicted: Mapping[str, float]
    found: Mapping[str, float]
    bias: Mapping[str, float]

    def report(self) -> str:
        """Predicted beside found."""
        rows = [("parameter", "predicted sd", "found", "bias")]
        rows += [(path, f"{self.predicted[path]:.3g}", f"{self.found[path]:.3g}", f"{self.bias[path]:+.2g}")
                 for path in self.predicted]  # fmt: skip
        return "\n".join([*align(rows), f"{self.n} simulations, {self.failed} without a fit"])

    def to_dict(self) -> dict[str, Any]:
        """JSON-able numbers."""
        return {"simulations": self.n, "failed": self.failed, "predicted": dict(self.predicted),
                "found": dict(self.found), "bias": dict(self.bias)}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Plan:
    """What to measure next.

    blocks : in the order to measure (cold first). before, after : {path: standard error}, of values; of logarithms for
    parameters with a logarithmic prior. minutes : of all blocks. map : gain of one more point for every candidate.
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
        if not self.scale:
            words.append("no scale error of the new run is reckoned with (scale=...): repeats promise too much then")
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

    def simulate(self, n: int = 100, *, seed: int = 0, progress: Callable[[str], None] | None = None) -> Simulation:
        """Prove the prediction: draw existing and planned data n times from the fit, refit, compare the spread."""
        problem, z = self._whole()
        refitted, failed = [], 0
        for number in range(n):
            if progress:
                progress(f"simulation {number + 1} of {n}")
            drawn = simulated(problem, z, np.random.default_rng((seed, number)))
            try:
                solution = minimize(drawn, z, 200)
            except GlassTunnelError:
                failed += 1
                continue
            refitted.append(solution.z)
        spread, mean = np.std(refitted, axis=0, ddof=1), np.mean(refitted, axis=0) - z
        names = [path for path in self.result.names if not path.startswith("data.")]
        places = [problem.names.index(path) for path in names]
        return Simulation(n, failed, {path: self.after[path] for path in names},
                          {path: float(spread[i]) for path, i in zip(names, places, strict=True)},
                          {path: float(mean[i]) for path, i in zip(names, places, strict=True)})  # fmt: skip

    def _whole(self) -> tuple[Problem, np.ndarray]:
        """The problem of existing and planned data together, and its coordinates at the fit."""
        chosen = np.repeat(np.arange(len(self.candidates)), self.counts)
        c = self.candidates
        conditions = {key: values[chosen] for key, values in c.conditions.items()}
        planned = Measurement(RUN, c.observable, c.T[chosen], c.B[chosen], np.ones(len(chosen)), c.sigma[chosen], False,
                              None, conditions)  # fmt: skip
        problem = self.result.problem
        values, priors = dict(self.result.values), problem.priors
        if self.scale:
            path = f"data.{RUN}.scale"
            values[path], priors = 1.0, priors | {path: Normal(1.0, self.scale)}
        whole = dataclasses.replace(problem, measurements=(*problem.measurements, planned), priors=priors)
        return whole, whole.coordinates(values)


def _named(result, path):
    return "error of ln" if result.priors[path].logarithmic else "error of"


def plan(result: FitResult, candidates: Mapping[str, Any], goal: str | Mapping[str, float] = "D", *,
         versus: FitResult | None = None, points: int = 40, noise: float | Mapping[str, float] | None = None,
         cost: Mapping[str, float] | None = None, scale: float = 0.0, target: float | None = None):
    """Which points to measure next, given what is measured already.

    Parameters
    ----------
    result : FitResult that converged: its data count as measured.
    candidates : {"T": temperatures [K], "B": fields [T], "observable": name (that of the first dataset by default)} and
        other conditions (frequency [Hz], ...), each one number. Every temperature is combined with every field.
    goal : "D" (all parameters at once), a varied path, or {path: weight} for a weighted sum of values.
    versus : FitResult of a rival model: then the plan tells the two apart (`Discrimination`), and goal is not used.
    points : how many. target : stop when the standard error of the goal (of its logarithm where the prior is
        logarithmic) is reached. noise : of a point, SI number, or {"relative": ..., "absolute": ...}; by default the
        median of the fitted data. cost : minutes, see `COST`.
    scale : standard deviation of an unknown factor on the whole new run, e.g. 0.005.

    Returns
    -------
    Plan, with `simulate(n)` to check what it promises; or Discrimination.

    Examples
    --------
    >>> from glasstunnel import Column, Dataset, Glass, LarmorDiamagnetism, Uniform, fit
    >>> chip = Dataset({"temperature": Column([4.0], "K"), "field": Column([2.0], "T"),
    ...                 "magnetization": Column([-8e-3], "A m2/kg"), "sigma": Column([1e-3], "A m2/kg")},
    ...                "magnetization", name="chip", noise="given")
    >>> best = fit(Glass({"larmor": LarmorDiamagnetism(1e-3)}), [chip], {"larmor.susceptibility": Uniform(0, 1)})
    >>> made = plan(best, {"T": [4.0], "B": [1.0, 7.0]}, points=3)
    >>> [(block.B, block.count) for block in made.blocks]
    [(7.0, 3)]
    """
    fit_result(result, "plan")
    if not result.converged:
        raise FitError(f"plan: the fit did not converge ({result.message}), so nothing can be planned from it")
    if isinstance(points, bool) or not isinstance(points, int) or points < 1:
        raise FitError(f"plan: points must be a whole number of at least 1, got {points!r}")
    made = _candidates(result, candidates, noise)
    if versus is not None:
        from glasstunnel.inference.discrimination import discriminate

        return discriminate(result, versus, made)
    price = COST | dict(cost or {})
    if unknown := set(price) - set(COST):
        raise FitError(f"plan: cost knows {', '.join(COST)}, not {', '.join(sorted(unknown))}")
    slopes, start = _slopes(result, made, scale)
    direction = _direction(result, goal, slopes.shape[1])
    counts = _greedy(slopes, start, direction, made, price, points, target)
    if target is None:
        counts = _exchanged(slopes, start, direction, counts, np.isin(made.T, made.T[counts > 0]))
    return _plan(result, made, slopes, start, direction, counts, price, goal, scale)


def _candidates(result, given, noise):
    given = dict(given)
    row = OBSERVABLES.get(given.pop("observable", next(iter(result.curves.values())).observable))
    if row is None:
        raise FitError(f"plan: there is no such observable; there are {', '.join(OBSERVABLES)}")
    try:
        axes = [np.unique(np.atleast_1d(np.asarray(given.pop(key), dtype=float))) for key in "TB"]
    except KeyError as error:
        raise FitError(f"plan: candidates need {error.args[0]!r}, an array") from None
    T, B = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
    if (T <= 0.0).any() or not (np.isfinite(T).all() and np.isfinite(B).all()):
        raise FitError("plan: candidate temperatures must be positive and finite, fields finite")
    missing = [key for key in row.conditions if key not in given]
    if missing:
        raise FitError(f"plan: {row.name} depends on {', '.join(missing)}; give it among the candidates")
    conditions = {key: np.full(len(T), float(value)) for key, value in given.items()}
    value = np.asarray(evaluation.value(row, result.glass, T, B, conditions, {}))
    return Candidates(row.name, T, B, conditions, _sigma(result, row.name, value, noise))


def _sigma(result, observable, value, noise):
    if noise is None:
        same = [curve.sigma for curve in result.curves.values() if curve.observable == observable]
        if not same:
            raise FitError(f"plan: no {observable} was fitted, so its noise is not known; give noise")
        return np.full(len(value), float(np.median(np.concatenate(same))))
    parts = dict(noise) if isinstance(noise, Mapping) else {"absolute": float(noise)}
    if set(parts) - {"relative", "absolute"}:
        raise FitError("plan: noise is a number, or {'relative': ..., 'absolute': ...}")
    sigma = np.hypot(parts.get("absolute", 0.0), parts.get("relative", 0.0) * np.abs(value))
    if not (sigma > 0.0).all():
        raise FitError("plan: the noise of every candidate must be positive; give an absolute part")
    return sigma


def _slopes(result, made, scale):
    """(whitened slopes of the candidates (n, parameters), information of what is known already)."""
    problem = result.problem
    z = problem.coordinates(result.values)
    value, slopes = glass_slopes(problem, result.values, OBSERVABLES[made.observable], made.T, made.B, made.conditions)
    slopes, start = slopes / made.sigma[:, None], information(problem, problem.jacobian(z))
    if scale:  # one more parameter: the factor on the new run, known to `scale`
        slopes = np.column_stack([slopes, value / made.sigma])
        start = np.block([[start, np.zeros((len(start), 1))], [np.zeros((1, len(start))), np.full((1, 1), scale**-2)]])
    return slopes, start


def _direction(result, goal, size):
    """c of a goal that is a combination of coordinates; None for "D"."""
    if goal == "D":
        return None
    weights = {goal: None} if isinstance(goal, str) else dict(goal)
    direction = np.zeros(size)
    for path, weight in weights.items():
        if path not in result.names:
            raise FitError(f"plan: goal {path!r} does not vary in this fit; it varies {', '.join(result.names)}")
        slope = 1.0 if weight is None else weight * result.priors[path].slope(result.values[path])
        direction[result.names.index(path)] = slope
    return direction


def gains(slopes: np.ndarray, covariance: np.ndarray, direction: np.ndarray | None) -> np.ndarray:
    """What one point at each candidate gains: of ln det of the information, or minus ln of the variance of c.z.

    Rank-one update of the covariance S: S - (S j)(S j)^T/(1 + j.S j).
    """
    moved = slopes @ covariance
    strength = np.einsum("ni,ni->n", moved, slopes)
    if direction is None:
        return np.log1p(strength)
    variance = float(direction @ covariance @ direction)
    return -np.log1p(-((moved @ direction) ** 2) / (1.0 + strength) / variance)


def added(covariance: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """The covariance after one more point (Sherman and Morrison)."""
    moved = covariance @ slope
    return covariance - np.outer(moved, moved) / (1.0 + float(slope @ moved))


def _greedy(slopes, start, direction, made, price, points, target):
    covariance, counts = np.linalg.inv(start), np.zeros(len(made), dtype=int)
    known_T: set[float] = set()
    known_B: set[float] = set()
    for _ in range(points):
        minutes = np.array([price["point"] + price["temperature"] * (T not in known_T) + price["field"]
                            * (B not in known_B) for T, B in zip(made.T, made.B, strict=True)])  # fmt: skip
        best = int(np.argmax(gains(slopes, covariance, direction) / minutes))
        counts[best] += 1
        known_T.add(float(made.T[best]))
        known_B.add(float(made.B[best]))
        covariance = added(covariance, slopes[best])
        if target is not None and direction is not None and math.sqrt(direction @ covariance @ direction) <= target:
            break
    return counts


def _exchanged(slopes, start, direction, counts, paid):
    """Points moved one by one among the temperatures already paid for, as long as the goal gains."""
    counts = counts.copy()
    for _ in range(20):
        moved = False
        for i in np.flatnonzero(counts):
            counts[i] -= 1
            covariance = np.linalg.inv(start + (slopes.T * counts) @ slopes)
            gain = np.where(paid, gains(slopes, covariance, direction), -np.inf)
            best = int(np.argmax(gain))
            counts[best if gain[best] > gain[i] + 1e-9 else i] += 1
            moved = moved or gain[best] > gain[i] + 1e-9
        if not moved:
            break
    return counts


def _plan(result, made, slopes, start, direction, counts, price, goal, scale):
    known = start.copy()
    before = np.sqrt(np.diag(np.linalg.inv(known)))
    blocks, minutes, temperatures, fields = [], price["cooldown"], set(), set()
    for i in sorted(np.flatnonzero(counts), key=lambda i: (made.T[i], made.B[i])):
        new = price["temperature"] * (made.T[i] not in temperatures) + price["field"] * (made.B[i] not in fields)
        temperatures.add(made.T[i])
        fields.add(made.B[i])
        known = known + counts[i] * np.outer(slopes[i], slopes[i])
        sigmas = np.sqrt(np.diag(np.linalg.inv(known)))
        spent = float(counts[i] * price["point"] + new)
        minutes += spent
        blocks.append(Block(float(made.T[i]), float(made.B[i]), int(counts[i]), spent, _by_path(result, sigmas)))
    covariance = np.linalg.inv(known)
    return Plan(tuple(blocks), goal if isinstance(goal, str) else " + ".join(goal), _by_path(result, before),
                _by_path(result, np.sqrt(np.diag(covariance))), minutes, made, counts,
                gains(slopes, np.linalg.inv(start), direction), result, scale)  # fmt: skip


def _by_path(result, sigmas):
    return {path: float(sigma) for path, sigma in zip(result.names, sigmas, strict=False)}
