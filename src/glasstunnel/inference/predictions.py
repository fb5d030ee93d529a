"""What a fit says where nothing was measured, and about data that it has not seen."""

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasstunnel.errors import FitError, ParameterError
from glasstunnel.frames import data_array_set, data_frame, headed
from glasstunnel.inference.deviations import deviation_in_words, noise_in_words
from glasstunnel.inference.estimated_weights import kenward_roger_p_value, noise_estimates
from glasstunnel.inference.freedoms import errors_of_combinations, standard_quantiles
from glasstunnel.inference.identifiability import reached_directions
from glasstunnel.inference.intervals import check_level
from glasstunnel.inference.measurements import Measurement, measurement, reference_sigma
from glasstunnel.inference.priors import Prior
from glasstunnel.inference.problem import NUISANCES, Problem
from glasstunnel.inference.results import FittedCurve
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.observables import evaluation
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES, Observable
from glasstunnel.records import brief

if TYPE_CHECKING:
    from glasstunnel.data import Dataset
    from glasstunnel.inference.results import FitResult

_FEW_BEHIND = 7.5  # degrees of freedom behind a noise, below which p of a prediction is too small (see the page)
_IMPROBABLE = 1e-3  # probability of a prediction's chi-square below which it is said to fail


@dataclass(frozen=True, eq=False)
class Prediction:
    """A predicted curve, SI, arrays of the broadcast shape of what was asked.

    sigma : standard deviation of the curve, from the covariance of the fitted parameters; where the data leave a
        parameter open its prior bounds it. freedom : degrees of freedom behind sigma (infinite where noise is known).
    """

    observable: str
    unit: str
    T: np.ndarray
    B: np.ndarray
    value: np.ndarray
    sigma: np.ndarray
    freedom: np.ndarray
    conditions: Mapping[str, np.ndarray] = dataclasses.field(default_factory=dict)

    __repr__ = brief

    def to_dataframe(self) -> Any:
        """The curve as a `pandas.DataFrame`, SI; `ParameterError` without pandas."""
        return _table(self)

    def to_xarray(self) -> Any:
        """The curve as an `xarray.Dataset`, SI; `ParameterError` without xarray.

        Temperature, field and further conditions that each run along an axis of their own are its dimensions.
        """
        return _grid(self)

    def band(self, level: float = 0.6827, noise: float | np.ndarray = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """(lower, upper) of the curve at a probability; of a new measurement where its `noise` [SI] is given."""
        check_level(level)
        half = standard_quantiles(level, self.freedom) * np.hypot(self.sigma, noise_of_points(noise, self.T.shape))
        return self.value - half, self.value + half


@dataclass(frozen=True, eq=False)
class PredictedPosterior:
    """Predicted curves of the draws (draws, points), SI; `value` is their median, `sigma` their standard deviation."""

    observable: str
    unit: str
    T: np.ndarray
    B: np.ndarray
    curves: np.ndarray
    conditions: Mapping[str, np.ndarray] = dataclasses.field(default_factory=dict)

    __repr__ = brief

    def to_dataframe(self) -> Any:
        """As `Prediction.to_dataframe`."""
        return _table(self)

    def to_xarray(self) -> Any:
        """As `Prediction.to_xarray`."""
        return _grid(self)

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
        curves, noise = self.curves, noise_of_points(noise, self.T.shape)
        if noise.any():
            curves = curves + noise.ravel() * np.random.default_rng(seed).standard_normal(curves.shape)
        ends = np.quantile(curves, [0.5 * (1.0 - level), 0.5 * (1.0 + level)], axis=0)
        return ends[0].reshape(self.T.shape), ends[1].reshape(self.T.shape)


def _columns(curve):
    """({coordinate: (array, unit)}, {value: (array, unit)}) of a prediction."""
    along = {"temperature": (curve.T, "K"), "field": (curve.B, "T")}
    along |= {key: (np.reshape(values, curve.T.shape), CONDITIONS[key].unit)
              for key, values in curve.conditions.items() if not isinstance(values, str)}  # fmt: skip
    return along, {curve.observable: (curve.value, curve.unit), "sigma": (curve.sigma, curve.unit)}


def _table(curve):
    along, values = _columns(curve)
    return data_frame({heading: np.ravel(column) for heading, column in headed(along | values).items()})


def _grid(curve):
    along, values = _columns(curve)
    return data_array_set(values, along)


def noise_of_points(noise, shape: tuple[int, ...]) -> np.ndarray:
    """The standard deviation of new measurements at every point of a curve; `ParameterError` where it is no number of 0
    or more, or has another shape."""
    (values,) = real_arrays(("noise", noise))
    try:
        values = np.broadcast_to(values, shape)
    except ValueError:
        raise ParameterError(f"noise of shape {values.shape} does not fit a curve of shape {shape}") from None
    if not (np.isfinite(values) & (values >= 0.0)).all():
        raise ParameterError(f"noise must be 0 or more and finite, got {noise!r}")
    return values


def predict(result: "FitResult", T, B, observable: str | None = None, **conditions) -> Prediction:
    """See `FitResult.predict`."""
    row, T, B, given = places_asked(result, T, B, observable, conditions)
    value, slopes = glass_slopes(result.problem, result.values, row, T.ravel(), B.ravel(), given)
    z = result.problem.coordinates(result.values)
    sigma, freedom = errors_of_combinations(result.problem, z, slopes, covariance_of(result))
    if not np.isfinite(value).all():
        raise FitError(f"predict: the {row.label} is not finite everywhere at these conditions")
    return Prediction(row.name, row.unit, T, B, value.reshape(T.shape), sigma.reshape(T.shape),
                      freedom.reshape(T.shape), given)


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
    return _known_by(result).widened


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


class UnknownNoiseError(FitError):
    """Data that would have to tell their own noise, and are too few for it."""


@dataclass(frozen=True, eq=False)
class PredictedData:
    """A dataset that was not fitted beside what the fit predicts for it.

    chi2 : with the covariance of prediction and noise together, for `points` points; where the noise follows from its
        own residuals, of its deviation in the `directions` that the model can follow, the rest being its noise.
    p_value : chance of at least such a chi-square when the model holds. plain_chi2 : as if the prediction had no error.
    log_density : ln of the predicted density of the data, up to a number common to all models. sentence : in words.
    fitted : how much of it was among the fitted data after all, in words; nothing where none was.
    curve : its points with their noise, beside what is predicted as the model. spread : standard deviation of the
        prediction at every point, SI.
    """

    name: str
    points: int
    chi2: float
    plain_chi2: float
    p_value: float
    log_density: float
    sentence: str
    directions: int | None = None
    fitted: str = ""
    curve: FittedCurve | None = None
    spread: np.ndarray | None = None

    __repr__ = brief

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
            "directions": self.directions, "fitted": self.fitted, "sentence": self.sentence,
        }  # fmt: skip


def predict_dataset(result: "FitResult", dataset: "Dataset") -> PredictedData:
    """Compare a dataset that was not fitted with what a fit predicts: `FitResult.predict_data`.

    Where its file, or any of its points, was fitted, the sentence says so: that is no test then.
    """
    from glasstunnel.data.dataset import as_dataset

    known = measurement(as_dataset(dataset, "predict_data"))
    found, seen = compare_with_prediction(result, known), among_fitted(result, dataset, known)
    words = [found.sentence]
    if common := _common_conditions(known):
        words.append(f"predicted for {common}")
    if seen:
        words.append(f"but {seen}, so this is no prediction and its chi-square is no test")
    return dataclasses.replace(found, fitted=seen, sentence="; ".join(words))


def _common_conditions(m):
    """Conditions beside temperature and field that all points share, in words: they may come from a run file."""
    shared = {key: np.unique(values) for key, values in m.conditions.items() if not isinstance(values, str)}
    return ", ".join(f"{key.replace('_', ' ')} {values[0]:.4g} {CONDITIONS[key].unit}"
                     for key, values in shared.items() if len(values) == 1)  # fmt: skip


def among_fitted(result: "FitResult", dataset: "Dataset", m: Measurement) -> str:
    """How much of a dataset was fitted, by its points and its file, in words; nothing where none was."""
    points = _points(m)
    shared = {other.name: len(points & _points(other)) for other in result.problem.measurements}
    shared = {name: count for name, count in shared.items() if count}
    if sum(shared.values()) >= len(points):
        return f"all its points were fitted (as {', '.join(shared)})"
    if shared:
        return f"{sum(shared.values())} of its {len(points)} points were fitted (as {', '.join(shared)})"
    if not dataset.source:
        return ""
    files = {other.name: os.path.realpath(other.source) for other in result.datasets if other.source}
    same = [name for name, path in files.items() if path == os.path.realpath(dataset.source)]
    return f"{os.path.basename(dataset.source)} is a file that was fitted (as {', '.join(same)})" if same else ""


def _points(m):
    """The measured points, by which a dataset is known whatever its name."""
    numbers = (x for x in m.conditions.values() if not isinstance(x, str))
    return set(zip([m.observable] * len(m), m.T.tolist(), m.B.tolist(), m.values.tolist(),
                   *(np.broadcast_to(x, len(m)).tolist() for x in numbers), strict=True))  # fmt: skip


def compare_with_prediction(
    result: "FitResult", m: Measurement, ties: Mapping[str, tuple[str, float]] | None = None,
    free: Mapping[str, Prior] | None = None,
) -> PredictedData:
    """`PredictedData` of one measurement.

    ties : {path of its own offset, scale or holder amplitude: (varied path of the fit, factor)}: known as well as the
    fit knows it, with the covariance between it and the glass. free : {path: prior} of those that only a prior bounds.
    `FitError` where its noise is not known and it has too few points to tell.
    """
    unseen, z, known = unseen_problem(result, m, ties or {}, free or {})
    expected = np.asarray(unseen.model(z))
    m = dataclasses.replace(m, sigma=_starting_sigma(m, expected) if m.estimated else m.sigma_of(expected))
    bare = unseen.slopes(z)
    widths = np.sqrt(np.maximum(np.einsum("pi,ij,pj->p", bare, known.widened, bare), 0.0))
    off, slopes = m.whitened(m.values - expected), m.whitened(bare)
    directions, own_freedom = None, m.freedom
    told = f" for {len(m)} point{'s' * (len(m) != 1)}"
    if m.estimated:
        directions, own_freedom, off, slopes, m = _apart_from_noise(unseen, slopes, off, m)
        told = (f" along the {directions} direction{'s' * (directions != 1)} in which parameters can move its {len(m)} "
                f"points, with the noise that the other {len(m) - directions} show")  # fmt: skip
    chi2, log_density, p_value = _weighed(off, slopes, own_freedom, known)
    verb = "is predicted within its errors" if p_value >= _IMPROBABLE else "is NOT predicted within its errors"
    sentence = f"{m.name} {verb}: chi-square {chi2:.4g}{told} (p = {p_value:.2g})"
    curve = FittedCurve(m.name, m.observable, m.unit, m.T, m.B, m.values, m.sigma, expected, m.estimated, m.conditions,
                        m.drift)  # fmt: skip
    words = [deviation_in_words(curve) if p_value < _IMPROBABLE else "",
             noise_in_words(curve, list(result.curves.values())) if m.estimated else ""]  # fmt: skip
    fewest = min([own_freedom, *known.freedom.values()])
    if fewest < _FEW_BEHIND:
        words.append(f"a noise is known from {fewest:.2g} degrees of freedom only, where small p come too often")
    sentence = "; ".join([sentence, *filter(None, words)])
    log_density += _noise_density(m, None if directions is None else len(m) - directions)
    return PredictedData(m.name, len(m), chi2, float(off @ off), p_value, log_density, sentence, directions,
                         curve=curve, spread=widths)  # fmt: skip


def _starting_sigma(m, expected):
    """What unknown noise is measured in: of the size of what is predicted, so that a wrong unit is not taken for it."""
    size = np.abs(expected)
    if m.fraction is None:
        return np.minimum(m.sigma, float(np.std(expected)) or float(np.max(size)) or np.inf)
    with np.errstate(divide="ignore"):
        factor = np.nan_to_num(np.median(np.abs(m.values) / size), nan=1.0, posinf=1.0)
    return np.hypot(m.constant, m.fraction * np.maximum(size, 0.1 * np.abs(m.values) / max(1.0, factor)))


def _apart_from_noise(unseen, slopes, off, m):
    """(directions k, degrees of freedom behind its noise, deviation (k,), slopes (k, p), m with its noise): what the
    model cannot follow, whatever its parameters, is the noise of this dataset."""
    basis = reached_directions(unseen, slopes)
    k = basis.shape[1]
    if not k:
        raise UnknownNoiseError(f"dataset {m.name!r}: nothing that was fitted changes what is predicted for it, and "
                                "its noise is not known: no deviation would tell; state it with with_noise(relative= "
                                "or absolute=)")  # fmt: skip
    freedom, along = len(m) - k, basis.T @ off
    rest = off - basis @ along
    if freedom < 1 or not np.any(rest):
        raise UnknownNoiseError(f"dataset {m.name!r}: its noise is not known, and {len(m)} points for {k} parameters "
                                "cannot tell it; state it with with_noise(relative=... or absolute=...)")  # fmt: skip
    size = float(np.sqrt(rest @ rest / freedom))
    return k, freedom, along / size, basis.T @ slopes / size, m.scaled(size)


def _weighed(off, slopes, own_freedom, known):
    """(chi-square, -chi2/2 - ln det/2, p) of deviations in units of their own noise, beside the error of a prediction.

    known : `NoiseEstimates` of the fit that predicts.
    """
    from scipy.linalg import cho_factor, cho_solve

    unit = np.eye(len(off))
    factors = cho_factor(unit + slopes @ known.widened @ slopes.T)
    chi2 = float(off @ cho_solve(factors, off))
    log_density = -0.5 * chi2 - float(np.sum(np.log(np.diag(factors[0]))))
    moved = slopes @ known.covariance
    parts, spread = [moved @ share @ moved.T for share in known.shares.values()], known.spread
    if np.isfinite(own_freedom):
        parts, spread = [unit, *parts], np.pad(spread, (1, 0))
        spread[0, 0] = 2.0 / own_freedom
    return chi2, log_density, kenward_roger_p_value(chi2, unit + moved @ slopes.T, parts, spread)


def _noise_density(m, freedom):
    """What ln of the density of a dataset has beside -chi2/2 - ln det/2, up to a number that all models share."""
    drift = 0.0 if m.drift is None else -0.5 * m.drift.log_determinant
    if freedom is not None:  # sigma is estimated: the deviations that are its noise count as well
        drift -= 0.5 * freedom
    return drift - float(np.sum(np.log(m.sigma / reference_sigma(m))))


def unseen_problem(result, m, ties, free):
    """(problem, coordinates z, `NoiseEstimates` of the fit in them) of a measurement that was not fitted; the
    coordinates of `free` come last."""
    problem, known = result.problem, _known_by(result)
    kept = {path: tie for path, tie in problem.ties.items() if not path.startswith("data.")} | dict(ties)
    unseen = dataclasses.replace(problem, measurements=(m,), priors=problem.priors | dict(free), ties=kept)
    values = dict(result.values) | {path: NUISANCES[path.rsplit(".", 1)[1]] for path in free}
    more = np.zeros(len(known.covariance)), np.array([prior.spread**2 for prior in free.values()])
    return unseen, unseen.coordinates(values), known.beside(np.concatenate(more))


def _known_by(result):
    """`NoiseEstimates` of a fit; `FitError` where it did not converge."""
    if not result.converged:
        raise FitError(f"the fit did not converge ({result.message}), so it predicts nothing")
    return noise_estimates(result.problem, result.problem.coordinates(result.values))
