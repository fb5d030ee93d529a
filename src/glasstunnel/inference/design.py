"""The next experiment: which points tell a parameter best, or two models apart.

A candidate with the whitened slope j adds j j^T to the information F; `exchange` chooses
[V. V. Fedorov, Theory of Optimal Experiments (1972); A. C. Atkinson, A. N. Donev, R. D. Tobias, Optimum Experimental
Designs (2007)]. `discrimination` tells two models apart.
"""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from glasstunnel.errors import FitError
from glasstunnel.inference.calibration import reckoned_with
from glasstunnel.inference.candidates import candidates_of, check_drifting
from glasstunnel.inference.drifts import drift_between
from glasstunnel.inference.exchange import DesignTask, chosen_counts, covariance_of
from glasstunnel.inference.identifiability import information
from glasstunnel.inference.plans import Plan, PlannedPoints
from glasstunnel.inference.posteriors import Posterior
from glasstunnel.inference.predictions import glass_slopes
from glasstunnel.inference.results import FitResult, fit_result
from glasstunnel.numerics.checks import is_number, is_whole_number
from glasstunnel.observables.table import OBSERVABLES

if TYPE_CHECKING:
    from glasstunnel.inference.discrimination import Discrimination

_DRAWS = 16  # of a posterior, that a plan is averaged over
_MOST_POINTS = 10_000
_MANY_POINTS = 1000  # where minutes or a target say when to stop
_POINTS = 40  # where nothing does
#: Minutes: for one point, for every temperature or field that is new, and once for cooling down. A condition that is
#: swept, such as "frequency", can have its own; it is 0 where none is given.
COST = {"point": 2.0, "temperature": 5.0, "field": 0.0, "cooldown": 0.0}


def plan(result: FitResult | Posterior, candidates: Mapping[str, Any], goal: str | Mapping[str, float] = "D", *,
         versus: FitResult | None = None, points: int | None = None, minutes: float | None = None,
         noise: float | Mapping[str, float] | None = None, cost: Mapping[str, float] | None = None,
         scale: float = 0.0, systematics: bool = False, target: float | None = None) -> "Plan | Discrimination":
    """Which points to measure next, given what is measured already.

    Parameters
    ----------
    result : FitResult that converged: its data count as measured. Or the Posterior of one: then gains are averaged over
        16 of its draws, which matters where an error is not small (above 0.3 in a logarithm).
    candidates : {"T": temperatures [K], "B": fields [T], "observable": name (that of the first dataset by default)} and
        other conditions (frequency [Hz], ...), numbers or arrays. Every temperature is combined with every field, ...
    goal : "D" (all parameters of the glass at once), a varied path, or {path: weight} for a weighted sum of values.
    versus : FitResult of a rival model: then the plan tells the two apart (`Discrimination`), and goal is not used.
    points : how many, 40 by default. minutes : no more than these, with as many points as fit into them. target : as
        few points as bring the standard error of the goal (of its logarithm where the prior is logarithmic) there.
    noise : of a point, SI number, or {"relative": ..., "absolute": ...}; by default that of the fitted data, where it
        is about a fraction of the signal this fraction. cost : minutes, see `COST`.
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
    _check_numbers(points, minutes, scale, target)
    made = candidates_of(result, candidates, noise)
    if versus is not None:
        from glasstunnel.inference.discrimination import discriminate

        return discriminate(result, fit_result(versus, "plan"), made)
    price = _price(cost, made)
    problem, drift = result.problem, 0.0
    if systematics:
        check_drifting(made)
        problem, allowed, drift = reckoned_with(result)
        scale = scale or allowed
    local = [_local(problem, result, place, made, scale, drift) for place in places]
    units = 1.0 / np.sqrt(np.diag(local[0][1]))  # coordinates of about one: 1e20 ions beside 1e-7 of a susceptibility
    local = [(slopes * units, start * np.outer(units, units)) for slopes, start in local]
    weights = _goal(result, goal, len(units)) * units
    task = DesignTask(local, weights, made.shape, tuple(price[key] for key in ("temperature", "field", *made.swept)),
                      price["point"], price["cooldown"])  # fmt: skip
    nothing = np.zeros(len(made), dtype=int)
    points = (_POINTS if target is minutes is None else _MANY_POINTS) if points is None else points
    if target is not None:
        counts = _counts_for(task, target, goal, points, minutes)
    else:
        counts = chosen_counts(task, points, minutes)
    if not counts.any():
        raise FitError(f"plan: no point fits into {minutes:g} minutes: one takes "
                       f"{price['cooldown'] + float(np.min(task.extra_minutes(nothing))):g}")  # fmt: skip
    report = _reporter(result, goal, weights, units)
    blocks, after = _blocks(made, task, counts, report)
    factor = math.exp((task.value(counts) - task.value(nothing)) / (2.0 * len(weights)))
    return Plan(blocks, _goal_label(goal), report([start for _, start in local]), after,
                price["cooldown"] + task.minutes(counts), made, counts, task.gains(nothing), result, scale, drift,
                problem, places, factor, target, len(weights))  # fmt: skip


def _check_numbers(points, minutes, scale, target):
    if not is_number(scale, finite=True) or scale < 0.0:
        raise FitError(f"plan: scale must be a number of 0 or more, got {scale!r}")
    if target is not None and (not is_number(target, finite=True) or target <= 0.0):
        raise FitError(f"plan: target must be a number above 0, got {target!r}")
    if minutes is not None and (not is_number(minutes, finite=True) or minutes <= 0.0):
        raise FitError(f"plan: minutes must be a number above 0, got {minutes!r}")
    if points is not None and not (is_whole_number(points, least=1) and points <= _MOST_POINTS):
        raise FitError(f"plan: points must be a whole number of at least 1, at most {_MOST_POINTS}, got {points!r}")


def _price(cost, made):
    """{what: minutes}, complete."""
    if not isinstance(cost, Mapping | None):
        raise FitError(f"plan: cost is {{what: minutes}}, got {cost!r}")
    price = COST | dict.fromkeys(made.swept, 0.0)
    if unknown := set(cost or {}) - set(price):
        raise FitError(f"plan: cost knows {', '.join(price)}, not {', '.join(sorted(map(str, unknown)))}")
    price |= dict(cost or {})
    for key, number in price.items():
        if not is_number(number, finite=True) or number < 0.0 or (key == "point" and number == 0.0):
            least = "above 0" if key == "point" else "of 0 or more"
            raise FitError(f"plan: the cost of a {key} must be a number of minutes {least}, got {number!r}")
    return price


def _counts_for(task, target, goal, points, minutes):
    """The smallest design that brings the goal to its target; the largest allowed where none does."""
    if len(task.goal) > 1:
        raise FitError(f"plan: a target needs one goal, a varied path or a weighted sum, not {goal!r}")

    def missed(counts):
        variances = [float((task.goal @ S @ task.goal.T)[0, 0]) for S in task.covariances(counts)]
        return math.sqrt(np.mean(variances)) > target

    few, many = 0, 1
    while missed(counts := chosen_counts(task, many, minutes)):
        if many >= points or int(np.sum(counts)) < many:
            return counts
        few, many = many, min(2 * many, points)
    while many - few > 1:
        middle = (few + many) // 2
        tried = chosen_counts(task, middle, minutes)
        few, many, counts = (middle, many, counts) if missed(tried) else (few, middle, tried)
    return counts


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

    Behind the parameters stand the unknown scales of the new run, a factor known to `scale`, and its drift at every
    candidate point.
    """
    values = {path: 1.0 for path in problem.names if path.endswith(".scale")} | dict(result.values) | place
    z = problem.coordinates(values)
    value, slopes = glass_slopes(problem, problem.parameters(z), OBSERVABLES[made.observable], made.T, made.B,
                                 made.conditions)  # fmt: skip
    factor = values.get(made.scale_path, 1.0) / made.sigma
    slopes, start = slopes * factor[:, None], information(problem, problem.jacobian(z))
    for name, rows in made.runs if made.scales else ():
        prior, column = made.scales[name], np.zeros(len(made))
        column[rows] = (value * factor)[rows]
        width = prior.spread if prior.logarithmic else prior.spread / values[made.scale_path]
        slopes, start = np.column_stack([slopes, column]), _joined(start, np.full((1, 1), width**-2))
    if scale and not made.scales:
        slopes, start = np.column_stack([slopes, value * factor]), _joined(start, np.full((1, 1), scale**-2))
    process = drift_between(made.T, made.B, drift)
    if process is not None:
        known = np.linalg.inv(drift**2 * process.correlation + 1e-9 * np.eye(len(made)))
        slopes, start = np.column_stack([slopes, np.eye(len(made))]), _joined(start, known)
    return slopes, start


def _joined(first, second):
    zeros = np.zeros((len(first), len(second)))
    return np.block([[first, zeros], [zeros.T, second]])


def _goal(result, goal, size):
    """The combinations of coordinates (k, size) that are to be known: for "D" all parameters of the glass."""
    if isinstance(goal, str) and goal == "D":
        glass = [i for i, path in enumerate(result.names) if not path.startswith("data.")]
        if not glass:
            raise FitError("plan: nothing of the glass varies in this fit, so there is no error of it to make smaller; "
                           f"name a goal: {', '.join(result.names)}")  # fmt: skip
        return np.eye(size)[glass]
    if not isinstance(goal, (str, Mapping)) or not goal:
        raise FitError(f'plan: goal is "D", a varied path or {{path: weight}}, got {goal!r}')
    weights = {goal: None} if isinstance(goal, str) else dict(goal)
    direction = np.zeros((1, size))
    for path, weight in weights.items():
        if path not in result.names:
            raise FitError(f"plan: goal {path!r} does not vary in this fit; it varies {', '.join(result.names)}")
        if weight is not None and not is_number(weight, finite=True):
            raise FitError(f"plan: the weight of {path} must be a number, got {weight!r}")
        slope = 1.0 if weight is None else weight * result.priors[path].slope(result.values[path])
        direction[0, result.names.index(path)] = slope
    if not direction.any():
        raise FitError("plan: a goal needs a weight that is not 0")
    return direction


def _goal_label(goal):
    if isinstance(goal, str):
        return goal
    return " + ".join(path if weight == 1.0 else f"{weight:g} {path}" for path, weight in goal.items())


def _reporter(result, goal, weights, units):
    """Function of informations [(size, size)], coordinates in these units, that gives {path: standard error}, root mean
    square over the parameter sets, of the parameters of the glass and of a goal that is something else."""
    single = np.diag(units)
    rows = {path: single[i] for i, path in enumerate(result.names) if not path.startswith("data.")}
    if goal != "D":
        rows[_goal_label(goal)] = weights[0]

    def errors(known):
        covariances = [covariance_of(F) for F in known]
        return {path: math.sqrt(np.mean([row @ S @ row for S in covariances])) for path, row in rows.items()}

    return errors


def _blocks(made, task, counts, report):
    """(what to measure, in the order of temperatures and fields; {path: standard error} after all of it)."""
    blocks, done, errors = [], np.zeros_like(counts), {}
    places = {i: made.place(i) for i in np.flatnonzero(counts)}
    for i in sorted(places, key=lambda i: (made.T[i], made.B[i], *places[i].values())):
        before = task.minutes(done)
        done[i] = counts[i]
        errors = report([start + (slopes.T * done) @ slopes for slopes, start in task.local])
        blocks.append(PlannedPoints(float(made.T[i]), float(made.B[i]), int(counts[i]), task.minutes(done) - before,
                                    errors, places[i]))  # fmt: skip
    return tuple(blocks), errors
