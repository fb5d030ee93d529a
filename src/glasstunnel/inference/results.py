"""Finished records of a fit. Plots and reports read only these."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from glasstunnel.errors import FitError, ParameterError
from glasstunnel.frames import data_array_set, data_frame, headed
from glasstunnel.inference.wording import align, as_factor, describe_prior, error_factor, finite_or_none, quoted
from glasstunnel.lazy import later
from glasstunnel.records import brief, shorter
from glasstunnel.systems.glass import Glass

if TYPE_CHECKING:
    from glasstunnel.inference.calibration import CoverageCard
    from glasstunnel.inference.diagnostics import Diagnostics
    from glasstunnel.inference.drifts import Drift
    from glasstunnel.inference.holdouts import HoldOut
    from glasstunnel.inference.intervals import Interval
    from glasstunnel.inference.predictions import PredictedData, Prediction


@dataclass(frozen=True, eq=False)
class FittedCurve:
    """One dataset beside its best model, SI units, arrays of shape (points,).

    residuals : (measured - model)/sigma. drift : what the noise has beside sigma, or None. model includes the nuisance
        parameters of the dataset.
    estimated : sigma was estimated from these residuals, so chi-square is no test of the model. freedom : degrees of
        freedom of the repeats that sigma was found from; infinite where it was stated.
    conditions : {name: array} of the observable's other conditions, SI (see `observables.table.CONDITIONS`).
    """

    name: str
    observable: str
    unit: str
    temperature: np.ndarray
    field: np.ndarray
    measured: np.ndarray
    sigma: np.ndarray
    model: np.ndarray
    estimated: bool
    conditions: Mapping[str, np.ndarray] = dataclasses.field(default_factory=dict)
    drift: "Drift | None" = None
    freedom: float = math.inf

    __repr__ = brief

    def to_dataframe(self) -> Any:
        """The points as a `pandas.DataFrame`, SI; `ParameterError` without pandas."""
        from glasstunnel.inference.tables import point_coordinates, point_values

        return data_frame(headed(point_coordinates(self) | point_values(self)))

    def to_xarray(self) -> Any:
        """The points as an `xarray.Dataset` along "point", SI; `ParameterError` without xarray."""
        from glasstunnel.inference.tables import point_coordinates, point_values

        points = {"point": (np.arange(len(self.measured)), "")}
        about = {"name": self.name, "observable": self.observable}
        return data_array_set(point_values(self), points | point_coordinates(self), about)

    @property
    def residuals(self):
        return (self.measured - self.model) / self.sigma

    @property
    def independent_residuals(self):
        """The residuals with their drift, where the noise has one, taken out of account."""
        return self.residuals if self.drift is None else self.drift.whitened(self.residuals)

    @property
    def chi2(self):
        """Sum of squared residuals, with the covariance of the drift."""
        return float(np.sum(self.independent_residuals**2))


@dataclass(frozen=True, eq=False)
class FitResult:
    """What a fit found.

    values : {path: best value} of varied, then tied parameters. errors : {path: standard error} from the curvature at
        the minimum; infinite where the data do not determine the parameter, it stands at a bound or the fit did not
        converge.
    names : varied paths, in the order of `covariance` (values, not logarithms; infinite on the diagonal and NaN beside
        it where the error is infinite).
    chi2, chi2_by_dataset : over the data; `prior_chi2` adds the pulls of informative (Normal) priors.
    dof : measured points plus informative priors minus varied parameters.
    aic, aicc, bic : -2 ln(likelihood) + 2 k, with the correction for few points, or + k ln(points), up to a constant
        common to all models of the same data; each noise estimated from residuals counts as one more parameter and
        enters as points * ln(sigma^2).
    converged, message : whether the optimizer reached a minimum, and its last word.
    at_bound : {path: "lower" or "upper"}. conditional : paths without a symmetric error because it would hold only
        with a parameter at its bound: `interval` says what is known.
    identifiability : sentences on what the data do not determine.
    glass : the best glass. datasets, curves : what was fitted. notes : sentences a reader must see.
    priors, ties : as given. units : {path: unit}. starts : what each starting point reached, chi-square plus prior
        pulls (and the logarithms of estimated noise). evaluations, seconds : what the best start and all of it took.
    problem : the least-squares problem with its final noise, for profiles.
    versions : of the package and its libraries. hashes : {dataset name: SHA-256 of its columns}.
    """

    values: Mapping[str, float]
    errors: Mapping[str, float]
    covariance: np.ndarray
    names: tuple[str, ...]
    chi2: float
    prior_chi2: float
    dof: int
    chi2_by_dataset: Mapping[str, float]
    aic: float
    aicc: float
    bic: float
    converged: bool
    message: str
    at_bound: Mapping[str, str]
    identifiability: tuple[str, ...]
    conditional: tuple[str, ...]
    glass: Glass
    datasets: tuple[Any, ...]
    curves: Mapping[str, FittedCurve]
    priors: Mapping[str, Any]
    ties: Mapping[str, tuple[str, float]]
    units: Mapping[str, str]
    evaluations: int
    seconds: float
    starts: tuple[float, ...]
    notes: tuple[str, ...]
    versions: Mapping[str, str]
    hashes: Mapping[str, str]
    problem: Any

    @property
    def correlation(self):
        """Correlation matrix of the varied parameters; NaN where an error is infinite."""
        errors = np.sqrt(np.diag(self.covariance))
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.covariance / np.outer(errors, errors)

    @property
    def noise_estimated(self) -> tuple[str, ...]:
        """Names of the datasets whose noise was estimated from their residuals."""
        return tuple(name for name, curve in self.curves.items() if curve.estimated)

    @cached_property
    def noise_freedom(self) -> float:
        """Degrees of freedom behind the worst known noise: infinite where every sigma was stated."""
        from glasstunnel.inference.freedoms import noise_freedoms

        return min(noise_freedoms(self.problem, self.problem.coordinates(self.values)).values(), default=math.inf)

    def freedom(self, path: str) -> float:
        """Degrees of freedom behind the error of a varied or tied parameter: infinite where only known noise is."""
        return self._freedoms[self.names.index(self.ties.get(path, (path, 1.0))[0])]

    def rise(self, path: str, level: float) -> float:
        """The rise of chi-square at the ends of the profile interval of a varied parameter at a probability.

        Student's t squared with the freedom behind it; larger where datasets are weighed by noise that is estimated.
        """
        from glasstunnel.inference.intervals import standard_quantile

        return standard_quantile(level, self.freedom(path)) ** 2 * self._widenings[self.names.index(path)]

    @cached_property
    def _freedoms(self):
        from glasstunnel.inference.freedoms import freedoms_behind

        z = self.problem.coordinates(self.values)
        return freedoms_behind(self.problem, z, np.eye(len(self.names))).tolist()

    @cached_property
    def _widenings(self):
        from glasstunnel.inference.freedoms import widenings

        return widenings(self.problem, self.problem.coordinates(self.values)).tolist()

    def interval(self, path: str, level: float = 0.6827) -> "Interval":
        """(lower, upper) of a varied or tied parameter at a probability; infinite where the data set no limit.

        Exact where the model is linear in everything that varies and no bound is near; the profile of chi-square
        (see `profile`) else. Student's t takes the place of the normal quantile where noise was estimated from
        residuals.
        """
        from glasstunnel.inference.intervals import parameter_interval

        return parameter_interval(self, path, level)

    def predict(self, T, B, observable: str | None = None, **conditions) -> "Prediction":
        """What the fit says at temperatures T [K] and fields B [T], with its standard deviation.

        observable : a name in `OBSERVABLES`; that of the first dataset by default. conditions : frequency [Hz] and
        what else it depends on. Returns a `Prediction` with `value`, `sigma` (of the curve) and `band(level, noise)`.
        """
        from glasstunnel.inference.predictions import predict

        return predict(self, T, B, observable, **conditions)

    def predict_data(self, dataset) -> "PredictedData":
        """The hold-out chi-square of a dataset that was not fitted, with the covariance of the prediction."""
        from glasstunnel.inference.predictions import predict_dataset

        return predict_dataset(self, dataset)

    def holdout(self, *, max_evaluations: int = 500, progress=None) -> "HoldOut":
        """Leave each dataset out, fit the others, predict it; and the errors that include what they disagree on."""
        from glasstunnel.inference.holdouts import hold_out

        return hold_out(self, max_evaluations=max_evaluations, progress=progress)

    def error_factor(self, path: str) -> float | None:
        """The factor either way that the standard error of a parameter fitted in the logarithm is, where it is large;
        else None."""
        prior = self.priors.get(self.ties.get(path, (path, 1.0))[0])
        logarithmic = prior is not None and prior.logarithmic
        return error_factor(self.values[path], self.errors[path], logarithmic)

    def quoted(self, path: str) -> str:
        """A parameter with its standard error as plain text; a factor where it was fitted in the logarithm."""
        value = self.values[path]
        if path in self.at_bound:
            return f"{value:.4g} (at its {self.at_bound[path]} bound)"
        if path in self.conditional:
            return f"{value:.4g} (no symmetric error)"
        prior = self.priors.get(self.ties.get(path, (path, 1.0))[0])
        return quoted(value, self.errors[path], prior is not None and prior.logarithmic)

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """`glasstunnel.plot_fit` of this result: data, fit and residuals; returns axes of matplotlib."""
        return later("plots", "plot_fit")(self, ax, **options)

    def to_dataframe(self, what: str = "points") -> Any:
        """A `pandas.DataFrame`; `ParameterError` without pandas.

        what : "points", every fitted point with its dataset, observable and unit; or "parameters", value, standard
        error and unit of what was fitted.
        """
        from glasstunnel.inference.tables import fit_columns

        return data_frame(fit_columns(self, what))

    def to_xarray(self, dataset: str | None = None) -> Any:
        """The points of one dataset and the fit as an `xarray.Dataset`; `ParameterError` without xarray.

        dataset : its name, where several were fitted. On a grid of your own: ``result.predict(T, B).to_xarray()``.
        """
        if dataset is None and len(self.curves) > 1 or dataset is not None and dataset not in self.curves:
            raise ParameterError(f"to_xarray: choose one of the datasets {', '.join(self.curves)}")
        return self.curves[dataset or next(iter(self.curves))].to_xarray()

    def diagnostics(self) -> "Diagnostics":
        """What the residuals show in words: runs and correlation of neighbors along T and B, by dataset."""
        from glasstunnel.inference.diagnostics import residual_diagnostics

        return residual_diagnostics(self)

    def coverage(self, n: int = 200, **options) -> "CoverageCard":
        """How often the intervals of this fit hold: simulate its data n times, refit, count.

        options : levels (0.68, 0.95), seed, systematics (True adds the scale and drift errors that the residuals
        allow), workers (processes), store (a file that keeps finished simulations, from which a run that was stopped
        goes on), progress. Where an interval does not hold, the card offers a corrected one.
        """
        from glasstunnel.inference.calibration import coverage

        return coverage(self, n, **options)

    def __repr__(self):
        state = "converged" if self.converged else "NOT CONVERGED"
        values = shorter(", ".join(f"{path} = {self.quoted(path)}" for path in self.values), 120)
        return f"<FitResult: {state}, chi-square {self.chi2:.6g} for {self.dof} degrees of freedom, {values}>"

    def _repr_html_(self) -> str:
        return later("report.notebook", "fit_html")(self)

    def report(self) -> str:
        """The result as a text table with units."""
        lines = [self._headline(), "", *self._parameter_table(), "", *self._dataset_table()]
        diagnostics = self.diagnostics()
        shown = diagnostics.sentences if diagnostics.telling else ()
        parts = {"Identifiability": self.identifiability, "Notes": self.notes, "Residuals": shown}
        for title, sentences in parts.items():
            if sentences:
                lines += ["", f"{title}:", *(f"  - {sentence}" for sentence in sentences)]
        return "\n".join(lines)

    def _headline(self):
        state = "Converged" if self.converged else "NOT CONVERGED"
        corrected = f"{self.aicc:.6g}" if math.isfinite(self.aicc) else "none (too few points)"
        return (
            f"{state}: {self.message}.\n"
            f"chi-square {self.chi2:.6g} for {self.dof} degrees of freedom, AIC {self.aic:.6g}, "
            f"AICc {corrected}, BIC {self.bic:.6g}"
        )

    def _parameter_table(self):
        rows = [("parameter", "value", "error", "unit", "")]
        for path, value in self.values.items():
            error = self.errors[path]
            remark = f"at its {self.at_bound[path]} bound" if path in self.at_bound else ""
            if path in self.ties:
                other, factor = self.ties[path]
                remark = f"= {factor:g} x {other}"
            if path in self.conditional:
                remark = "no symmetric error: take its interval"
            if not remark and math.isinf(error):
                remark = "not determined by these data" if self.converged else "not converged"
            printed = self._printed_error(path, value, error)
            rows.append((path, f"{value:.6g}", printed, self.units[path], remark))
        return align(rows)

    def _printed_error(self, path, value, error):
        """A standard error; a factor where one of a logarithm is large; a dash where there is none."""
        if math.isinf(error) or self.ties.get(path, (path, 1.0))[0] not in self.priors:
            return "-"
        return as_factor(value, error, self.priors[self.ties.get(path, (path, 1.0))[0]].logarithmic) or f"{error:.2g}"

    def _dataset_table(self):
        rows = [("dataset", "observable", "points", "chi-square", "noise")]
        noises = {dataset.name: dataset.noise for dataset in self.datasets}
        for name, curve in self.curves.items():
            noise = "estimated from residuals" if curve.estimated else noises[name]
            points = len(curve.measured)
            rows.append((name, curve.observable, str(points), f"{self.chi2_by_dataset[name]:.6g}", noise))
        return align(rows)

    def to_dict(self):
        """All but the arrays of the datasets, as JSON-able numbers, lists and texts; null for what is infinite."""
        return {
            "values": dict(self.values),
            "errors": {path: finite_or_none(error) for path, error in self.errors.items()},
            "error_factors": {path: finite_or_none(factor) for path in self.values
                              if (factor := self.error_factor(path)) is not None},
            "quoted": {path: self.quoted(path) for path in self.values},
            "units": dict(self.units),
            "names": list(self.names),
            "covariance": [[finite_or_none(entry) for entry in row] for row in self.covariance],
            "chi2": self.chi2, "prior_chi2": self.prior_chi2, "dof": self.dof,
            "chi2_by_dataset": dict(self.chi2_by_dataset),
            "noise_estimated_from_residuals": list(self.noise_estimated),
            "aic": self.aic, "aicc": finite_or_none(self.aicc), "bic": self.bic,
            "converged": self.converged, "message": self.message,
            "at_bound": dict(self.at_bound), "conditional": list(self.conditional),
            "identifiability": list(self.identifiability),
            "priors": {path: describe_prior(prior) for path, prior in self.priors.items()},
            "ties": {path: list(tie) for path, tie in self.ties.items()},
            "glass": {path: finite_or_none(self.glass.value(path)) for path in self.glass.paths()},
            "contributions": {key: type(part).__name__ for key, part in self.glass.contributions.items()},
            "options": {path: _plain_option(value) for path, value in self.glass.options().items()},
            "datasets": {dataset.name: _described(dataset, self.curves[dataset.name]) for dataset in self.datasets},
            "evaluations": self.evaluations, "seconds": self.seconds, "starts": list(self.starts),
            "notes": list(self.notes), "versions": dict(self.versions), "hashes": dict(self.hashes),
        }


def _described(dataset, curve):
    """Where a dataset comes from, what was done to it and how it was weighed, JSON-able."""
    return {
        "source": str(dataset.source), "format": dataset.format, "observable": curve.observable,
        "points": len(curve.measured), "noise": dataset.noise, "history": list(dataset.history),
        "file_sha256": dataset.digest or None,
    }  # fmt: skip


def fitted_curves(problem, z):
    """{dataset name: `FittedCurve`} of a problem at coordinates z."""
    model = np.asarray(problem.model(z))
    return {
        m.name: FittedCurve(
            m.name, m.observable, m.unit, m.T, m.B, m.values, m.sigma,
            model[problem.rows[m.name]], m.estimated, m.conditions, m.drift, m.freedom,
        )
        for m in problem.measurements
    }


def _plain_option(value):
    """An option of a contribution as JSON knows it: a record by its fields."""
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else value


def fit_result(subject: object, where: str) -> FitResult:
    """`subject` where it is a `FitResult`, which `fit` returns; `FitError` for anything else.

    where : what was asked for, for the message.
    """
    if isinstance(subject, FitResult):
        return subject
    raise FitError(f"{where} needs the FitResult that fit returns, got {type(subject).__name__}")
