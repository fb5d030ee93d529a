"""Finished records of a fit. Plots and reports read only these."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from glasstunnel.observables import OBSERVABLES
from glasstunnel.systems.glass import Glass


@dataclass(frozen=True, eq=False)
class FittedCurve:
    """One dataset beside its best model, SI units, arrays of shape (points,).

    residuals : (measured - model)/sigma. model includes the nuisance parameters of the dataset.
    estimated : sigma was estimated from these residuals, so chi-square is no test of the model.
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
    conditions: Mapping = field(default_factory=dict)

    @property
    def residuals(self):
        return (self.measured - self.model) / self.sigma

    @property
    def chi2(self):
        """Sum of squared residuals."""
        return float(self.residuals @ self.residuals)


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
    aic, bic : -2 ln(likelihood) + 2 k, or k ln(points), up to a constant common to all models of the same data;
        each noise estimated from residuals counts as one more parameter and enters as points * ln(sigma^2).
    converged, message : whether the optimizer reached a minimum, and its last word.
    at_bound : {path: "lower" or "upper"}. identifiability : sentences on what the data do not determine.
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
    bic: float
    converged: bool
    message: str
    at_bound: Mapping[str, str]
    identifiability: tuple[str, ...]
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
    def noise_estimated(self):
        """Names of the datasets whose noise was estimated from their residuals."""
        return tuple(name for name, curve in self.curves.items() if curve.estimated)

    def report(self):
        """The result as a text table with units."""
        lines = [self._headline(), "", *self._parameter_table(), "", *self._dataset_table()]
        for title, sentences in (("Identifiability", self.identifiability), ("Notes", self.notes)):
            if sentences:
                lines += ["", f"{title}:", *(f"  - {sentence}" for sentence in sentences)]
        return "\n".join(lines)

    def _headline(self):
        state = "Converged" if self.converged else "NOT CONVERGED"
        return (
            f"{state}: {self.message}.\n"
            f"chi-square {self.chi2:.6g} for {self.dof} degrees of freedom, AIC {self.aic:.6g}, BIC {self.bic:.6g}"
        )

    def _parameter_table(self):
        rows = [("parameter", "value", "error", "unit", "")]
        for path, value in self.values.items():
            error = self.errors[path]
            remark = f"at its {self.at_bound[path]} bound" if path in self.at_bound else ""
            if path in self.ties:
                other, factor = self.ties[path]
                remark = f"= {factor:g} x {other}"
            if not remark and math.isinf(error):
                remark = "not determined by these data" if self.converged else "not converged"
            shown = "-" if math.isinf(error) else f"{error:.2g}"
            rows.append((path, f"{value:.6g}", shown, self.units[path], remark))
        return align(rows)

    def _dataset_table(self):
        rows = [("dataset", "observable", "points", "chi-square", "noise")]
        said = {dataset.name: dataset.noise for dataset in self.datasets}
        for name, curve in self.curves.items():
            noise = "estimated from residuals" if curve.estimated else said[name]
            points = len(curve.measured)
            rows.append((name, curve.observable, str(points), f"{self.chi2_by_dataset[name]:.6g}", noise))
        return align(rows)

    def to_dict(self):
        """All but the arrays of the datasets, as JSON-able numbers, lists and texts; null for what is infinite."""
        return {
            "values": dict(self.values),
            "errors": {path: finite_or_none(error) for path, error in self.errors.items()},
            "units": dict(self.units),
            "names": list(self.names),
            "covariance": [[finite_or_none(entry) for entry in row] for row in self.covariance],
            "chi2": self.chi2, "prior_chi2": self.prior_chi2, "dof": self.dof,
            "chi2_by_dataset": dict(self.chi2_by_dataset),
            "noise_estimated_from_residuals": list(self.noise_estimated),
            "aic": self.aic, "bic": self.bic,
            "converged": self.converged, "message": self.message,
            "at_bound": dict(self.at_bound), "identifiability": list(self.identifiability),
            "priors": {path: describe_prior(prior) for path, prior in self.priors.items()},
            "ties": {path: list(tie) for path, tie in self.ties.items()},
            "glass": {path: finite_or_none(self.glass.value(path)) for path in self.glass.paths()},
            "contributions": {key: type(part).__name__ for key, part in self.glass.contributions.items()},
            "options": dict(self.glass.options()),
            "datasets": {dataset.name: _described(dataset, self.curves[dataset.name]) for dataset in self.datasets},
            "evaluations": self.evaluations, "seconds": self.seconds, "starts": list(self.starts),
            "notes": list(self.notes), "versions": dict(self.versions), "hashes": dict(self.hashes),
        }


def _described(dataset, curve):
    """Where a dataset comes from, what was done to it and how it was weighed, JSON-able."""
    return {
        "source": str(dataset.source), "format": dataset.format, "observable": curve.observable,
        "points": len(curve.measured), "noise": dataset.noise, "history": list(dataset.history),
    }  # fmt: skip


def align(rows):
    """Rows of texts as lines with aligned columns."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def finite_or_none(value):
    """The number for JSON: None where it is infinite, NaN or absent."""
    return float(value) if value is not None and math.isfinite(value) else None


def describe_prior(prior):
    """A prior as JSON-able {kind, numbers}."""
    numbers = {name: finite_or_none(value) for name, value in vars(prior).items()}
    return {"kind": type(prior).__name__} | numbers


def fitted_curves(problem, z):
    """{dataset name: `FittedCurve`} of a problem at coordinates z."""
    model = np.asarray(problem.model(z))
    return {
        m.name: FittedCurve(
            m.name, m.observable, OBSERVABLES[m.observable].unit, m.T, m.B, m.values, m.sigma,
            model[problem.rows[m.name]], m.estimated, m.conditions,
        )
        for m in problem.measurements
    }
