"""The record of a plan: what to measure, what it promises, and the check of the promise."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.errors import FitError
from glasstunnel.inference.candidates import Candidates
from glasstunnel.inference.priors import Normal
from glasstunnel.inference.problem import Problem
from glasstunnel.inference.results import FitResult
from glasstunnel.inference.simulated_plans import Simulation, simulated_plan
from glasstunnel.inference.wording import align
from glasstunnel.numerics.checks import is_whole_number, seed_number
from glasstunnel.observables.table import CONDITIONS
from glasstunnel.progress import shows_progress
from glasstunnel.records import brief

_NEAR = 1.15  # factor beyond the data that is still near them
_NONLINEAR_ERROR = 0.3  # error of a logarithm from which a model is not linear over it


@dataclass(frozen=True)
class PlannedPoints:
    """Points at one temperature and field; `sigmas` are the predicted standard errors once it is measured.

    conditions : {name: value} of others that the candidates differ in, such as the frequency.
    """

    T: float
    B: float
    count: int
    minutes: float
    sigmas: Mapping[str, float]
    conditions: Mapping[str, float] = dataclasses.field(default_factory=dict)

    __repr__ = brief


@dataclass(frozen=True, eq=False)
class Plan:
    """What to measure next.

    blocks : in the order to measure (cold first). before, after : {path: standard error}, of values; of logarithms for
    parameters with a logarithmic prior (root mean square over `places`, the parameter sets it is averaged over).
    minutes : of all blocks and of cooling down. map : what one point alone at every candidate would gain: ln of the
    factor by which the variance of the goal falls. scale, drift : of the new run. problem : of the existing data, with
    the systematic errors that were reckoned with. factor : by which the error of the goal falls; for "D" the geometric
    mean of the axes of the error ellipsoid of all `goals` parameters of the glass. target : of the error, or None.
    """

    blocks: tuple[PlannedPoints, ...]
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
    factor: float
    target: float | None = None
    goals: int = 1

    __repr__ = brief

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the plan promises, and on what condition."""
        points = sum(block.count for block in self.blocks)
        coldest = min(block.T for block in self.blocks)
        prior = self.result.priors.get(self.goal)
        goal = "all parameters of the glass" if self.goal == "D" else self.goal
        goal = f"ln {goal}" if prior is not None and prior.logarithmic else goal
        words = [f"{points} points in {self.minutes:.0f} minutes make the error of {goal} {self.factor:.3g} times "
                 f"smaller{' (geometric mean)' * (self.goal == 'D')}"]  # fmt: skip
        if self.target is not None:
            reached = self.after[self.goal] <= self.target * (1.0 + 1e-9)
            words.append(f"the target {self.target:.3g} is {'' if reached else 'NOT '}reached with these points")
        words += [f"{_error_name(self.result, path)} from {self.before[path]:.3g} to {self.after[path]:.3g}"
                  for path in self.before]  # fmt: skip
        words.append(f"noise of a point: {self.candidates.noise}")
        if len(np.unique(self.candidates.T)) > 1 and all(block.T == coldest for block in self.blocks):
            words.append(f"everything at {coldest:.3g} K: keep 10 to 20 % of the points for temperatures between, "
                         "where the model itself may fail")  # fmt: skip
        names = [path for path in self.result.names if not path.startswith("data.")]
        words += [f"{self._beyond(axis)}: there the model is trusted outside what was fitted" for axis in "TB"
                  if self._beyond(axis)]  # fmt: skip
        if nonlinear := [path for path in names if self._is_nonlinear(path)]:
            words.append(f"taken for linear, which these errors of {', '.join(nonlinear)} are too large for: simulate "
                         "(--simulate 100 on the command line) finds what the points will really bring")  # fmt: skip
        if len(self.places) > 1:
            words.append(f"averaged over {len(self.places)} draws of the posterior")
        if self.candidates.scales:
            words.append("the run is reckoned with as one in a unit of its own, its scale as unknown as that of the "
                         f"data was{', at every setting anew' * (len(self.candidates.scales) > 1)}")  # fmt: skip
        if self.drift:
            words.append(f"reckoned with: a scale error of {100 * self.scale:.2g} % and a drift of {self.drift:.2g} "
                         "sigma of the new run, and what the residuals allow of both in the old ones")  # fmt: skip
        elif not self.scale and not self.candidates.scales:
            words.append("no scale error of the new run is reckoned with (scale or systematics would): repeats promise "
                         "too much then")  # fmt: skip
        return tuple(words)

    def rows(self) -> list[tuple[str, ...]]:
        """Header and one row for each block."""
        swept = self.candidates.swept
        rows = [("T [K]", "B [T]", *(f"{key} [{CONDITIONS[key].unit}]" for key in swept), "points", "minutes",
                 *(_error_name(self.result, path) for path in self.before))]  # fmt: skip
        rows.append(("now", "", *("" for _ in swept), "", "", *(f"{sigma:.3g}" for sigma in self.before.values())))
        rows += [(f"{block.T:.4g}", f"{block.B:.4g}", *(f"{block.conditions[key]:.4g}" for key in swept),
                  str(block.count), f"{block.minutes:.0f}", *(f"{block.sigmas[path]:.3g}" for path in self.before))
                 for block in self.blocks]  # fmt: skip
        return rows

    def report(self) -> str:
        """The plan as a text table, then in words."""
        return "\n".join([*align(self.rows()), "", *(f"  - {line}" for line in self.sentences)])

    def to_dict(self) -> dict[str, Any]:
        """JSON-able numbers."""
        return {
            "goal": self.goal, "minutes": self.minutes, "factor": self.factor,
            "before": dict(self.before), "after": dict(self.after),
            "sentences": list(self.sentences),
            "blocks": [{"T": block.T, "B": block.B, **block.conditions, "points": block.count, "minutes": block.minutes,
                        "sigmas": dict(block.sigmas)} for block in self.blocks],
        }  # fmt: skip

    @shows_progress
    def simulate(self, n: int = 100, *, seed: int = 0, progress: Callable[[str], None] | None = None) -> Simulation:
        """Prove the prediction: draw existing and planned data n times, refit, compare the spread.

        The truth is the fit; for a plan averaged over a posterior, each of its draws in turn.
        """
        if not is_whole_number(n, least=2):
            raise FitError(f"simulate: n must be a whole number of at least 2, got {n!r}")
        problem = self._whole_problem()
        truths = [problem.coordinates(self._true_values(problem, place)) for place in self.places]
        names = [path for path in self.result.names if not path.startswith("data.")]
        return simulated_plan(problem, truths, names, (n, seed_number("simulate", seed)), progress)

    def _beyond(self, axis):
        """Temperatures or fields of the plan outside those of the data, in words; nothing where there are none."""
        name, unit = {"T": ("temperature", "K"), "B": ("field", "T")}[axis]
        fitted = np.abs(np.concatenate([getattr(curve, name) for curve in self.result.curves.values()]))
        low, high = float(np.min(fitted)) / _NEAR, float(np.max(fitted)) * _NEAR
        out = sorted({x for block in self.blocks if not low <= (x := abs(getattr(block, axis))) <= high})
        several = f" to {out[-1]:.3g}" if len(out) > 1 else ""
        return f"{out[0]:.3g}{several} {unit}" if out else ""

    def _is_nonlinear(self, path):
        """Whether the model is not linear over the promised error: of a logarithm, or as far as a bound."""
        error, prior, value = self.after[path], self.result.priors[path], self.result.values[path]
        room = np.min(np.abs(np.array(prior.limits) - prior.coordinate(value)))
        return (prior.logarithmic and error > _NONLINEAR_ERROR) or room < error

    def _true_values(self, problem, place):
        """{path: value} from which data are simulated: those of the fit, or of a draw of its posterior."""
        known = {path: 1.0 for path in problem.names if path.endswith(".scale")} | dict(self.result.values) | place
        scale = known.get(self.candidates.scale_path, 1.0)
        return known | {f"data.{run}.scale": scale for run in self.candidates.scales}

    def _whole_problem(self) -> Problem:
        """The problem of existing and planned data together, with the systematic errors that were reckoned with."""
        chosen = np.repeat(np.arange(len(self.candidates)), self.counts)
        planned = self.candidates.measurements(chosen, np.ones(len(chosen)), self.drift)
        priors = dict(self.problem.priors)
        for m in planned:
            if m.name in self.candidates.scales:
                priors[f"data.{m.name}.scale"] = self.candidates.scales[m.name]
            elif self.scale:
                priors[f"data.{m.name}.scale"] = Normal(1.0, self.scale)
        return dataclasses.replace(self.problem, measurements=(*self.problem.measurements, *planned), priors=priors)


def _error_name(result, path):
    """What the error of a parameter is called, with its unit."""
    if path not in result.priors:
        return f"error of {path}"
    logarithmic, unit = result.priors[path].logarithmic, result.units.get(path, "")
    return f"error of {'ln ' * logarithmic}{path}{f' [{unit}]' * (not logarithmic and unit not in ('', '1'))}"
