"""What a fit says where nothing was measured, and about data that it has not seen."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from glasstunnel.errors import FitError
from glasstunnel.inference.identifiability import coordinate_covariance
from glasstunnel.inference.intervals import standard_quantile
from glasstunnel.inference.measurements import Measurement, measurement
from glasstunnel.inference.priors import Prior
from glasstunnel.inference.problem import NUISANCES, Problem
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
        half = standard_quantile(level, self.freedom) * np.hypot(self.sigma, noise)
        return self.value - half, self.value + half


def predict(result: "FitResult", T, B, observable: str | None = None, **conditions) -> Prediction:
    """See `FitResult.predict`."""
    row = OBSERVABLES.get(observable or next(iter(result.curves.values())).observable)
    if row is None:
        raise FitError(f"predict: {observable!r} is no observable; there are {', '.join(OBSERVABLES)}")
    texts = {key: entry for key, entry in conditions.items() if isinstance(entry, str)}  # options, as detection="peak"
    conditions = {key: entry for key, entry in conditions.items() if key not in texts}
    T, B, *others = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (T, B, *conditions.values())))
    needed = [key for key in row.conditions if key not in conditions]
    if needed:
        raise FitError(f"predict: {row.name} depends on {', '.join(needed)}; give it by name")
    given = dict(zip(conditions, (x.ravel() for x in others), strict=True)) | texts
    value, slopes = glass_slopes(result.problem, result.values, row, T.ravel(), B.ravel(), given)
    variance = np.einsum("pi,ij,pj->p", slopes, covariance_of(result), slopes)
    sigma = np.sqrt(np.maximum(variance, 0.0))
    if not np.isfinite(value).all():
        raise FitError(f"predict: the {row.label} is not finite everywhere at these conditions")
    return Prediction(row.name, row.unit, T, B, value.reshape(T.shape), sigma.reshape(T.shape), result.noise_freedom)


def covariance_of(result: "FitResult") -> np.ndarray:
    """Covariance of all coordinates of a fit, bounded by the priors; `FitError` where it did not converge."""
    if not result.converged:
        raise FitError(f"the fit did not converge ({result.message}), so it predicts nothing")
    z = result.problem.coordinates(result.values)
    return coordinate_covariance(result.problem, result.problem.jacobian(z))


def glass_slopes(problem: Problem, values, row: Observable, T, B, conditions) -> tuple[np.ndarray, np.ndarray]:
    """(observable (points,), its derivative by every coordinate (points, parameters)) of the bare glass."""
    paths = [path for path in (*problem.names, *problem.ties) if not path.startswith("data.")]
    value, by_path = evaluation.derivatives(row, problem.glass_at(values), T, B, paths, conditions, {})
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

    expected, slopes, covariance = _of_unseen(result, m, ties or {}, free or {})
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


def _of_unseen(result, m, ties, free):
    """(expected values, their slopes by all coordinates, covariance of these) of a measurement that was not fitted."""
    problem, known = result.problem, covariance_of(result)
    kept = {path: tie for path, tie in problem.ties.items() if not path.startswith("data.")} | dict(ties)
    unseen = dataclasses.replace(problem, measurements=(m,), priors=problem.priors | dict(free), ties=kept)
    values = dict(result.values) | {path: NUISANCES[path.rsplit(".", 1)[1]] for path in free}
    z = unseen.coordinates(values)
    covariance = np.zeros((len(z), len(z)))
    covariance[: len(known), : len(known)] = known
    for i, prior in enumerate(free.values(), len(known)):
        covariance[i, i] = prior.spread**2
    return np.asarray(unseen.model(z)), unseen.slopes(z), covariance
