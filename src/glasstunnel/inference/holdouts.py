"""Leave one dataset out, fit the others, predict it: the check of a model that no chi-square of the fit can make."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasstunnel.errors import FitError, GlassTunnelError
from glasstunnel.inference.identifiability import open_steps
from glasstunnel.inference.predictions import PredictedData, UnknownNoiseError, compare_with_prediction, unseen_problem
from glasstunnel.inference.results import fit_result
from glasstunnel.inference.wording import align, finite_or_none, quoted
from glasstunnel.numerics.uncertainty import like_error
from glasstunnel.progress import shows_progress
from glasstunnel.records import brief

if TYPE_CHECKING:
    from glasstunnel.inference.results import FitResult


_SCATTER = 2.0  # times what the errors of the fits let expect, beyond which a jackknife error is said
_PERMITTED = 4.0  # growth of chi-square up to which a fit permits a step
_INVOLVED = 0.1  # share of an open direction from which a parameter is named
_FRACTIONS = (0.1, 0.3, 1.0, 4.0)  # of the width of the priors, how far open directions are followed
_AFFORDABLE = 30.0  # seconds for all fits, that a report spends without being asked


@dataclass(frozen=True, eq=False)
class HoldOut:
    """Each dataset predicted by the fit to the others.

    predicted : {dataset: PredictedData}. without : {dataset: {path: value of the fit without it}}.
    jackknife : {path: standard error from the spread of these fits}  [Efron and Stein, Ann. Stat. 9, 586 (1981)], in
        which errors that the datasets do not share show. expected : {path: what it comes to in the mean where the
        model holds}; beyond `of_fit` where the datasets know the parameter unequally well.
    errors : {path: the larger of jackknife and fit; that of the fit where one dataset carries so much of what is known
        that the jackknife tells nothing}. of_fit : {path: standard error of the fit to all}.
    failures : {dataset: why there is no fit without it}. undetermined : {dataset: paths on which it depends and which
        the others do not determine, or "its noise"}: nothing is predicted then, and the jackknife goes without it.
    logarithmic : paths fitted in the logarithm, whose large errors are factors. units : {path: unit}.
    """

    predicted: Mapping[str, PredictedData]
    without: Mapping[str, Mapping[str, float]]
    jackknife: Mapping[str, float]
    errors: Mapping[str, float]
    values: Mapping[str, float]
    failures: Mapping[str, str]
    of_fit: Mapping[str, float]
    expected: Mapping[str, float]
    undetermined: Mapping[str, tuple[str, ...]]
    logarithmic: frozenset[str]
    units: Mapping[str, str]

    __repr__ = brief

    @property
    def adequate(self) -> bool:
        """Whether every dataset that the others can predict is predicted within its errors."""
        return not self.failures and all(prediction.agrees for prediction in self.predicted.values())

    @property
    def sentences(self) -> tuple[str, ...]:
        """What follows, in words."""
        missed = [name for name, prediction in self.predicted.items() if not prediction.agrees]
        words = [f"without {name} there is no fit: {reason}" for name, reason in self.failures.items()]
        words += [f"the other datasets do not determine {', '.join(paths)}: {name} left out, nothing can be predicted"
                  for name, paths in self.undetermined.items()]  # fmt: skip
        if missed:
            words.append(
                f"the model fitted to the other datasets does not predict {', '.join(missed)}: it is not adequate, and "
                "the errors of the fit hold only within it; quote the errors given here, or none"
            )
        elif not self.failures and self.predicted:
            named = f"each of {', '.join(self.predicted)}" if self.undetermined else "each dataset"
            words.append(f"{named} is predicted by the others within the errors")
        if not missed and self.advice:
            words.append(self.advice)
        return (*words, *(prediction.sentence for prediction in self.predicted.values()))

    @property
    def scattered(self) -> tuple[str, ...]:
        """Paths of which the fits without one dataset scatter more than twice as much as their errors say."""
        return tuple(
            path for path, error in self.jackknife.items()
            if not math.isinf(error) and error > _SCATTER * max(self.of_fit[path], self.expected[path])
        )  # fmt: skip

    @property
    def advice(self) -> str:
        """What to quote where the datasets disagree; nothing where they do not."""
        if not self.predicted or (self.adequate and not self.scattered):
            return ""
        if self.adequate:
            numbers = ", ".join(map(self._quoted, self.scattered))
            return ("left out in turn, the datasets move these parameters by more than twice what the errors of the "
                    f"fits let expect; quote {numbers}")  # fmt: skip
        numbers = ", ".join(self._quoted(path) for path in self.errors if not math.isinf(self.jackknife[path]))
        missed = ", ".join(name for name, held in self.predicted.items() if not held.agrees) or "some of them"
        return (f"left out in turn, the datasets do not all follow from each other ({missed}): errors from the "
                "curvature hold only within a model that is not adequate; "
                + (f"quote {numbers}" if numbers else "quote no error"))  # fmt: skip

    def _quoted(self, path):
        return f"{path} {self._value(path)}"

    def _value(self, path):
        value, error = self.values[path], self.errors[path]
        return f"{value:.4g} (no error)" if math.isinf(error) else quoted(value, error, path in self.logarithmic)

    def report(self) -> str:
        """Predictions and parameters as text tables, then in words."""
        rows = [("left out", "points", "chi-square", "p")]
        rows += [(name, str(prediction.points), f"{prediction.chi2:.4g}", f"{prediction.p_value:.2g}")
                 for name, prediction in self.predicted.items()]  # fmt: skip
        rows += [(name, "-", "-", "-") for name in self.undetermined]
        return "\n".join([*align(rows), "", *align(self.rows()), "", *(f"  - {line}" for line in self.sentences)])

    def rows(self) -> list[tuple[str, ...]]:
        """The parameters with the error that includes what the datasets disagree on."""
        rows = [("parameter", "value", "unit", *(f"without {name}" for name in self.without))]
        rows += [(path, self._value(path), "" if unit == "1" else unit,
                  *(like_error(values[path], self.errors[path]) if path in values else "-"
                    for values in self.without.values())) for path, unit in self.units.items()]  # fmt: skip
        return rows

    def to_dict(self) -> dict:
        """JSON-able numbers; null for what is infinite."""
        return {
            "adequate": self.adequate, "sentences": list(self.sentences), "failures": dict(self.failures),
            "undetermined": {name: list(paths) for name, paths in self.undetermined.items()},
            "predicted": {name: prediction.to_dict() for name, prediction in self.predicted.items()},
            "without": {name: dict(values) for name, values in self.without.items()},
            "jackknife": {path: finite_or_none(error) for path, error in self.jackknife.items()},
            "jackknife_expected": {path: finite_or_none(error) for path, error in self.expected.items()},
            "errors": {path: finite_or_none(error) for path, error in self.errors.items()},
        }  # fmt: skip


def routine_hold_out(result: "FitResult", *, progress=None) -> HoldOut | str:
    """`hold_out` where it is possible within half a minute, else a sentence on why it is not done."""
    count = len(result.datasets)
    if count < 2:
        return ("no dataset was left out to check the model: there is only one; split it (split_by) by what may carry "
                "an error of its own, as field, run or power")  # fmt: skip
    expected = count * result.seconds / max(1, len(result.starts))
    if expected > _AFFORDABLE:
        return (f"no dataset was left out to check the model: {count} more fits would take about {expected:.0f} s; ask "
                "for it with --holdout, or holdout = true in [options]")  # fmt: skip
    return hold_out(result, progress=progress)


@shows_progress
def hold_out(result: "FitResult", *, max_evaluations: int = 500, progress=None) -> HoldOut:
    """See `FitResult.holdout`."""
    fit_result(result, "hold_out")
    if len(result.datasets) < 2:
        raise FitError("holdout needs two datasets or more; split the one there is with split_by(data, 'field')")
    if not result.converged:
        raise FitError(f"holdout: the fit did not converge ({result.message})")
    predicted, fits, failures, undetermined = {}, {}, {}, {}
    for number, dataset in enumerate(result.datasets, 1):
        if progress:
            progress(f"holdout {number} of {len(result.datasets)}: without {dataset.name}")
        try:
            others = _fit_without(result, dataset.name, max_evaluations)
            if not others.converged:
                raise FitError(others.message)
            unseen = _unseen(result, others, dataset.name)
            if paths := _left_open(others, *unseen):
                undetermined[dataset.name] = paths
                continue
            prediction = compare_with_prediction(others, *unseen)
        except UnknownNoiseError:
            undetermined[dataset.name] = ("its noise",)
            continue
        except GlassTunnelError as error:
            failures[dataset.name] = str(error)
            continue
        predicted[dataset.name], fits[dataset.name] = prediction, others
    without = {name: {path: others.values[path] for path in others.names} for name, others in fits.items()}
    jackknife = {path: _jackknife(result, path, without) for path in result.names}
    expected = {path: _expected_jackknife(result, path, fits.values()) for path in result.names}
    shared = {path: value for path, value in result.values.items() if path in jackknife}
    errors = {path: _larger(result.errors[path], jackknife[path], expected[path]) for path in shared}
    of_fit = {path: result.errors[path] for path in shared}
    logarithmic = frozenset(path for path, prior in result.priors.items() if prior.logarithmic)
    return HoldOut(
        predicted, without, jackknife, errors, shared, failures, of_fit, expected, undetermined, logarithmic,
        {path: result.units[path] for path in shared},
    )


def _fit_without(result, name, max_evaluations):
    from glasstunnel.inference.fitting import fit

    def kept(path):
        return not path.startswith(f"data.{name}.")

    priors = {path: prior for path, prior in result.priors.items() if kept(path)}
    ties = {path: tie for path, tie in result.ties.items() if kept(path)}
    # What ties of the other datasets point to went with this one: the first of them varies in its place.
    for target in {target for target, _ in ties.values() if not kept(target)}:
        tied = [path for path, (aim, _) in ties.items() if aim == target]
        heir = next((path for path in tied if ties[path][1] == 1.0), None)
        if heir is not None:
            priors[heir] = result.priors[target]
            ties |= {path: (heir, ties[path][1]) for path in tied}
            del ties[heir]
    start = {path: float(np.clip(result.values[path], prior.lower, prior.upper)) for path, prior in priors.items()}
    others = [dataset for dataset in result.datasets if dataset.name != name]
    return fit(result.glass, others, priors, ties=ties, start=start, max_evaluations=max_evaluations)


def _unseen(result, others, name):
    """(measurement, ties, free) for `compare_with_prediction`; the noise is that which the fit of all data gave it."""
    m = next(m for m in result.problem.measurements if m.name == name)
    ties, free = {}, {}
    for path in (*result.priors, *result.ties):
        if path.startswith(f"data.{name}."):
            tie = _tied_to_others(result, others, path)
            if tie is not None:
                ties[path] = tie
            else:  # nothing else in the data says what it is: it may be whatever its prior allows
                free[path] = result.priors[path if path in result.priors else result.ties[path][0]]
    return m, ties, free


def _left_open(others, m, ties, free):
    """Paths which the fit to the others leaves open and on which the dataset left out depends.

    Open directions are followed as far as priors and the others permit: where the prediction changes by more than the
    noise on the way, it is no prediction.
    """
    problem = others.problem
    z = problem.coordinates(others.values)
    unseen, start, _ = unseen_problem(others, m, ties, free)
    prediction, chi2 = np.asarray(unseen.model(start)), float(np.sum(problem.residuals(z) ** 2))
    spreads = np.array([prior.spread for prior in problem.priors.values()])
    limits = np.array([prior.limits for prior in problem.priors.values()])
    involved = np.zeros(len(z), dtype=bool)
    for step in open_steps(problem, z):
        for fraction in (sign * size for size in _FRACTIONS for sign in (-1.0, 1.0)):
            moved = np.clip(z + fraction * step, *limits.T)
            try:
                permitted = float(np.sum(problem.residuals(moved) ** 2)) < chi2 + _PERMITTED
                change = (unseen.model(np.concatenate([moved, start[len(z) :]])) - prediction) / m.sigma
            except GlassTunnelError:
                continue
            if permitted and not change @ change < 1.0:
                share = np.abs(step / spreads)
                involved |= share > _INVOLVED * np.max(share)
                break
    return tuple(name for name, is_involved in zip(problem.names, involved, strict=True) if is_involved)


def _tied_to_others(result, others, path):
    """(varied path of the fit to the others, factor) of a nuisance of the dataset left out; None where it is free."""
    target, factor = result.ties.get(path, (path, 1.0))
    if target in others.names:
        return target, factor
    heirs = ((other, share) for other, (aim, share) in result.ties.items() if aim == target and share)
    return next(((other, factor / share) for other, share in heirs if other in others.names), None)


def _jackknife(result, path, without):
    """Standard error of a value from the fits that leave one dataset out; infinite where there are none."""
    logarithmic = result.priors[path].logarithmic
    values = np.array([values[path] for values in without.values() if path in values])
    if len(values) < 2:
        return math.inf
    if logarithmic:
        values = np.log(values)
    spread = math.sqrt((len(values) - 1) / len(values) * float(np.sum((values - values.mean()) ** 2)))
    return spread * (abs(result.values[path]) if logarithmic else 1.0)


def _expected_jackknife(result, path, fits):
    """What `_jackknife` comes to in the mean where the model holds: a fit to some of the data differs from that to all
    by the difference of their variances  [Hausman, Econometrica 46, 1251 (1978)]. That is the error of the fit where
    all datasets know the parameter equally well, and far more where one of them knows it best."""
    logarithmic = result.priors[path].logarithmic
    fits = [fit for fit in fits if path in fit.names]
    if len(fits) < 2:
        return math.inf
    errors = [fit.errors[path] / (abs(fit.values[path]) if logarithmic else 1.0) for fit in fits]
    of_all = result.errors[path] / (abs(result.values[path]) if logarithmic else 1.0)
    if math.isinf(of_all) or math.isinf(max(errors)):
        return math.inf
    variance = (len(fits) - 1) / len(fits) * sum(max(0.0, error**2 - of_all**2) for error in errors)
    return math.sqrt(variance) * (abs(result.values[path]) if logarithmic else 1.0)


def _larger(of_fit, of_jackknife, expected):
    """The error to quote: that of the jackknife where larger, unless it is no more than unequal datasets make it."""
    if math.isinf(of_jackknife) or (expected > _SCATTER * of_fit and of_jackknife < _SCATTER * expected < math.inf):
        return of_fit
    return max(of_fit, of_jackknife)
