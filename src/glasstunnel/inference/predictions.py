"""What a fit says where nothing was measured, and about data that it has not seen."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasstunnel.errors import FitError, ParameterError
from glasstunnel.inference.identifiability import coordinate_covariance
from glasstunnel.inference.intervals import check_level, standard_quantile
from glasstunnel.inference.measurements import Measurement, measurement
from glasstunnel.inference.priors import Prior
from glasstunnel.inference.problem import NUISANCES, Problem
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.observables import evaluation
from glasstunnel.observables.table import OBSERVABLES, Observable

if TYPE_CHECKING:
    from glasstunnel.data import Dataset
    from glasstunnel.inference.results import FitResult

_IMPROBABLE = 1e-3  # probability of a prediction's chi-square below which it is said to fail


@dataclass(frozen=True, eq=False)
class Prediction:
    """A predicted curve, SI, arrays of the broadcast shape of what was asked.

    sigma : standard deviation of the curve, from the covariance of the fitted parameters; where the data leave a
        parameter open its prior bounds it. freedom : degrees of freedom behind the noise (infinite where it is known).
    """

    observable: str
    unit: str
    T: np.ndarray
    B: np.ndarray
    value: np.ndarray
    sigma: np.ndarray
    freedom: float

    def band(self, level: float = 0.6827, noise: float | np.ndarray = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """(lower, upper) of the curve at a probability; of a new measurement where its `noise` [SI] is given."""
        half = standard_quantile(level, self.freedom) * np.hypot(self.sigma, noise_of_points(noise))
        return self.value - half, self.value + half


@dataclass(frozen=True, eq=False)
class PredictedPosterior:
    """Predicted curves of the draws (draws, points), SI; `value` is their median, `sigma` their standard deviation."""

    observable: str
    unit: str
    T: np.ndarray
    B: np.ndarray
    curves: np.ndarray

    @property
    def value(self) -> np.ndarray:
        return np.median(self.curves, axis=0).reshape(self.T.shape)

    @property
    def sigma(self) -> np.ndarray:
        return np.std(self.curves, axis=0).reshape(self.T.shape)

    def band(
        self, level: float = 0.6827, noise: float | np.ndarray = 0.0, seed: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """(lower, upper) of the curve; of a new measurement where its standard deviation `noise` [SI] is given."""
        check_level(level)
        curves, noise = self.curves, noise_of_points(noise)
        if noise.any():
            width = np.broadcast_to(noise, self.T.shape).ravel()
            curves = curves + width * np.random.default_rng(seed).standard_normal(curves.shape)
        ends = np.quantile(curves, [0.5 * (1.0 - level), 0.5 * (1.0 + level)], axis=0)
        return ends[0].reshape(self.T.shape), ends[1].reshape(self.T.shape)


def noise_of_points(noise) -> np.ndarray:
    """The standard deviation of new measurements as an array; `ParameterError` where it is no number of 0 or more."""
    (values,) = real_arrays(("noise", noise))
    if not (np.isfinite(values) & (values >= 0.0)).all():
        raise ParameterError(f"noise must be 0 or more and finite, got {noise!r}")
    return values


def predict(result: "FitResult", T, B, observable: str | None = None, **conditions) -> Prediction:
    """See `FitResult.predict`."""
    row, T, B, given = places_asked(result, T, B, observable, conditions)
    value, slopes = glass_slopes(result.problem, result.values, row, T.ravel(), B.ravel(), given)
    variance = np.einsum("pi,ij,pj->p", slopes, covariance_of(result), slopes)
    sigma = np.sqrt(np.maximum(variance, 0.0))
    if not np.isfinite(value).all():
        raise FitError(f"predict: the {row.label} is not finite everywhere at these conditions")
    return Prediction(row.name, row.unit, T, B, value.reshape(T.shape), sigma.reshape(T.shape), result.noise_freedom)


def places_asked(result: "FitResult", T, B, observable: str | None, conditions: Mapping[str, Any]):
    """(row, T, B, {condition: flat array or text}) of a prediction, T and B of their common shape; `FitError` or
    `ParameterError` for what cannot be meant."""
    name = observable or next(iter(result.curves.values())).observable
    row = OBSERVABLES.get(name) if isinstance(name, str) else None
    if row is None:
        raise FitError(f"predict: {name!r} is no observable; there are {', '.join(OBSERVABLES)}")
    if needed := [key for key in row.conditions if key not in conditions]:
        raise FitError(f"predict: {row.name} depends on {', '.join(needed)}; give it by name")
    evaluation.check_given(row, result.glass)
    T, B, given = evaluation.checked(row, T, B, conditions)
    numbers = {key: entry for key, entry in given.items() if not isinstance(entry, str)}
    T, B, *others = np.broadcast_arrays(T, B, *numbers.values())
    flat = dict(zip(numbers, (x.ravel() for x in others), strict=True))
    return row, T, B, given | flat


def covariance_of(result: "FitResult") -> np.ndarray:
    """Covariance of all coordinates of a fit, bounded by the priors; `FitError` where it did not converge."""
    if not result.converged:
        raise FitError(f"the fit did not converge ({result.message}), so it predicts nothing")
    z = result.problem.coordinates(result.values)
    return coordinate_covariance(result.problem, result.problem.jacobian(z))


def glass_slopes(problem: Problem, values, row: Observable, T, B, conditions) -> tuple[np.ndarray, np.ndarray]:
    """(observable (points,), its derivative by every coordinate (points, parameters)) of the bare glass."""
    paths = [path for path in (*problem.names, *problem.ties) if not path.startswith("data.")]
    value, by_path = evaluation.derivatives(row, problem.glass_at(values), T, B, paths, conditions, memory={})
    slopes = np.zeros((len(T), len(problem.names)))
    for path in paths:
        other, factor = problem.ties.get(path, (path, 1.0))
        if other in problem.names:
            slopes[:, problem.names.index(other)] += factor * by_path[path]
    chain = [prior.slope(values[name]) for name, prior in problem.priors.items()]
    return np.broadcast_to(value, np.shape(T)), slopes * chain


# --- data that were not fitted -------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class PredictedData:
    """A dataset that was not fitted beside what the fit predicts for it.

    chi2 : with the covariance of prediction and noise together, for `points` points. p_value : chance of at least
        such a chi-square when the model holds. plain_chi2 : as if the prediction had no error. log_density : ln of the
        predicted density of the data, up to -sum ln(sigma sqrt(2 pi)). sentence : in words.
    """

    name: str
    points: int
    chi2: float
    plain_chi2: float
    p_value: float
    log_density: float
    sentence: str

    @property
    def agrees(self) -> bool:
        """Whether the prediction is good within its errors (p above 0.001)."""
        return self.p_value >= _IMPROBABLE

    def report(self) -> str:
        """The sentence."""
        return self.sentence

    def to_dict(self) -> dict:
        """JSON-able numbers."""
        return {
            "name": self.name, "points": self.points, "chi2": self.chi2, "p_value": self.p_value,
            "chi2_without_prediction_error": self.plain_chi2, "log_density": self.log_density, "agrees": self.agrees,
            "sentence": self.sentence,
        }  # fmt: skip


def predict_dataset(result: "FitResult", dataset: "Dataset") -> PredictedData:
    """Compare a dataset that was not fitted with what a fit predicts: `FitResult.predict_data`."""
    known = measurement(dataset)
    if known.estimated:
        raise FitError(f"dataset {dataset.name!r}: what is predicted cannot tell its own noise; state it with "
                       "with_noise(relative=... or absolute=...)")  # fmt: skip
    return compare_with_prediction(result, known)


def compare_with_prediction(
    result: "FitResult", m: Measurement, ties: Mapping[str, tuple[str, float]] | None = None,
    free: Mapping[str, Prior] | None = None,
) -> PredictedData:
    """`PredictedData` of one measurement.

    ties : {path of its own offset, scale or holder amplitude: (varied path of the fit, factor)}: known as well as the
    fit knows it, with the covariance between it and the glass. free : {path: prior} of those that only a prior bounds.
    """
    from scipy.linalg import cho_factor, cho_solve
    from scipy.special import chdtrc, fdtrc

    unseen, z, covariance = unseen_problem(result, m, ties or {}, free or {})
    expected, slopes = np.asarray(unseen.model(z)), unseen.slopes(z)
    sigma = m.sigma_of(expected)
    off = (m.values - expected) / sigma
    # In units of sigma, so that the matrix is well scaled whatever the unit of the observable.
    together = (slopes @ covariance @ slopes.T) / np.outer(sigma, sigma)
    together = together + (np.eye(len(m)) if m.drift is None else m.drift.covariance)
    factors = cho_factor(together)
    chi2 = float(off @ cho_solve(factors, off))
    freedom = result.noise_freedom
    p_value = float(chdtrc(len(m), chi2) if np.isinf(freedom) else fdtrc(len(m), freedom, chi2 / len(m)))
    verb = "is predicted within its errors" if p_value >= _IMPROBABLE else "is NOT predicted within its errors"
    sentence = f"{m.name} {verb}: chi-square {chi2:.4g} for {len(m)} points (p = {p_value:.2g})"
    log_density = -0.5 * chi2 - float(np.sum(np.log(np.diag(factors[0]))))
    return PredictedData(m.name, len(m), chi2, float(off @ off), p_value, log_density, sentence)


def unseen_problem(result, m, ties, free):
    """(problem, coordinates z, their covariance) of a measurement that was not fitted; those of `free` come last."""
    problem, known = result.problem, covariance_of(result)
    kept = {path: tie for path, tie in problem.ties.items() if not path.startswith("data.")} | dict(ties)
    unseen = dataclasses.replace(problem, measurements=(m,), priors=problem.priors | dict(free), ties=kept)
    values = dict(result.values) | {path: NUISANCES[path.rsplit(".", 1)[1]] for path in free}
    z = unseen.coordinates(values)
    covariance = np.zeros((len(z), len(z)))
    covariance[: len(known), : len(known)] = known
    for i, prior in enumerate(free.values(), len(known)):
        covariance[i, i] = prior.spread**2
    return unseen, z, covariance
