"""From datasets in the units of their files to SI arrays with uncertainties: the one conversion of a fit."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from glasstunnel.errors import FitError, UnitError
from glasstunnel.inference.drifts import Drift, drift_of
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES
from glasstunnel.records import brief

_AROUND = 3  # values to either side that say what is usual
_LEAST_FREEDOM = 1e-3  # degrees of freedom that tell a noise


@dataclass(frozen=True, eq=False)
class Measurement:
    """One dataset ready to be compared with a glass.

    observable : name in `OBSERVABLES`. T [K], B [T], values and sigma [SI unit of the observable], all of shape (n,).
    estimated : sigma is not known and follows from the residuals: a common value or a common fraction, whose size the
        fit updates.
    fraction : part of sigma that is a fraction of the value, shape (n,), or None. Of the *model's* value: with a
        fraction of the measured one, low points would weigh more and every amplitude would come out low.
    constant : the rest of sigma where there is a fraction.
    holder : signal of the sample holder at every point, SI, or None.
    conditions : {name: values (n,)} of the observable's other conditions, SI: frequency [Hz], reference_temperature
        [K], photon_number [1], power [W]; and {choice: text}.
    drift : of the points along the sweep, beside sigma; None where they are independent.
    freedom : degrees of freedom of the repeats that sigma was found from; infinite where it was stated.
    unit : of values and sigma; not that of the observable where a file has a unit of its own (see `arbitrary`).
    """

    name: str
    observable: str
    T: np.ndarray
    B: np.ndarray
    values: np.ndarray
    sigma: np.ndarray
    estimated: bool
    holder: np.ndarray | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict)
    fraction: np.ndarray | None = None
    constant: np.ndarray | float = 0.0
    unit: str = ""
    drift: Drift | None = None
    freedom: float = math.inf

    __repr__ = brief

    @property
    def arbitrary(self) -> bool:
        """Whether only a scale relates the values to the observable."""
        return self.unit != OBSERVABLES[self.observable].unit

    def __len__(self) -> int:
        return len(self.values)

    def sigma_of(self, model: np.ndarray) -> np.ndarray:
        """Sigma where the model, not the measured value, is what a fraction is taken of.

        A model far below a measured value counts as a tenth of it, so that no weight is infinite.
        """
        if self.fraction is None:
            return self.sigma
        return np.hypot(self.constant, self.fraction * np.maximum(np.abs(model), 0.1 * np.abs(self.values)))

    def whitened(self, deviations: np.ndarray) -> np.ndarray:
        """Deviations [SI] (n,) or (n, k) in units of their noise, independent of each other."""
        pulls = (deviations.T / self.sigma).T
        return pulls if self.drift is None else self.drift.whitened(pulls)

    def scaled(self, factor: float) -> "Measurement":
        """The same with its noise multiplied by a factor."""
        fraction = None if self.fraction is None else factor * self.fraction
        return replace(self, sigma=factor * self.sigma, fraction=fraction, constant=factor * self.constant)


def measurement(dataset):
    """The `Measurement` of a `Dataset`.

    The measured column, `temperature`, `field` and `sigma` are converted to SI; the column ``holder``, where there is
    one, is the signal of an empty holder in the unit of the measured column.
    `FitError` when the quantity is no observable, a unit does not fit, a number is missing, or no noise model was
    chosen.
    """
    name, quantity = dataset.name, dataset.quantity
    if quantity not in OBSERVABLES:
        raise FitError(
            f"dataset {name!r} measures {quantity!r}, which no model predicts; convert it to one of "
            f"{', '.join(OBSERVABLES)} first (a moment needs the sample mass: per_mass; a quality factor "
            "quality_factor_to_loss; a capacitance a reference: relative_to)"
        )
    if OBSERVABLES[quantity].fit_instead:
        raise FitError(f"dataset {name!r} measures {quantity}: {OBSERVABLES[quantity].fit_instead}")
    unit = _unit(dataset)
    T = _column(dataset, "temperature", "K")
    values = _column(dataset, quantity, unit)
    B = _field(dataset)
    if (T <= 0).any():
        row = int(np.argmax(T <= 0))
        raise FitError(f"dataset {name!r}, row {row + 1}: temperature must be positive, got {T[row]:g} K")
    sigma, estimated = _sigma(dataset, values, unit)
    fraction = np.ones(len(values)) if dataset.noise.startswith("residuals, relative") else _fraction(dataset)
    holder = _column(dataset, "holder", unit) if "holder" in dataset.columns else None
    constant = 0.0 if fraction is None else _rest(sigma, fraction * values)
    conditions = _conditions(dataset)
    drift = _drift(dataset, T, B)
    sigma = _first_weights(T, B, values, sigma, fraction, constant)
    return Measurement(name, quantity, T, B, values, sigma, estimated, holder, conditions, fraction, constant, unit,
                       drift, _freedom(dataset))  # fmt: skip


def _first_weights(T, B, values, sigma, fraction, constant):
    """Sigma before there is a model to take a fraction of: a value near zero counts as half of what is usual around it.

    A single value that noise brought close to zero would otherwise weigh more than all others together.
    """
    if fraction is None:
        return sigma
    order, sizes = np.lexsort((T, B)), np.abs(values)
    padded = np.pad(sizes[order], _AROUND, mode="reflect" if len(sizes) > _AROUND else "edge")
    usual = np.empty(len(sizes))
    usual[order] = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1), axis=1)
    return np.hypot(constant, fraction * np.maximum(sizes, 0.5 * usual))


def _freedom(dataset):
    if "sigma_freedom" not in dataset.columns or dataset.noise.startswith("residuals"):
        return math.inf
    return float(np.min(dataset["sigma_freedom"].values))


def _drift(dataset, T, B):
    """The drift that the noise model states: its amount is to be estimated where there is only a length."""
    if "drift_length" not in dataset.columns:
        return None
    amount = float(dataset["drift"].values[0]) if "drift" in dataset.columns else None
    return drift_of(dataset.name, T, B, amount, float(dataset["drift_length"].values[0]))


def _unit(dataset):
    """SI unit of the observable; for a column in a unit of its own, where that is allowed, this one."""
    row, stated = OBSERVABLES[dataset.quantity], dataset.measured.unit
    return stated if row.arbitrary and stated != row.unit else row.unit


def _rest(sigma, relative):
    """sqrt(sigma^2 - relative^2), exactly 0 where rounding alone is left."""
    square = sigma**2 - relative**2
    return np.sqrt(np.where(square > 1e-9 * sigma**2, square, 0.0))


def _fraction(dataset):
    has = "sigma_fraction" in dataset.columns and "sigma" in dataset.columns
    return _column(dataset, "sigma_fraction", "1") if has else None


def _conditions(dataset):
    """The conditions of the observable beside T and B, from their columns."""
    row, conditions = OBSERVABLES[dataset.quantity], {}
    for key in (*row.conditions, *row.optional):
        condition = CONDITIONS[key]
        if key not in dataset.columns:
            if key in row.optional:
                continue
            advice = condition.advice or f"with_condition(data, {key}=...)"
            raise FitError(f"dataset {dataset.name!r} has no column {key!r}, on which {row.name} depends; give it with "
                           f"{advice}")  # fmt: skip
        values = conditions[key] = _column(dataset, key, condition.unit)
        wrong = ~condition.allows(values)
        if wrong.any():
            number = int(np.argmax(wrong))
            limit = condition.describe_range().removeprefix("must ").removesuffix(" and finite")
            limit = limit.removesuffix(", NaN or infinite")
            raise FitError(
                f"dataset {dataset.name!r}, row {number + 1}: {key} must {limit}, got {values[number]:g}"
            )
    return conditions | _choices(dataset, row)


def _choices(dataset, row):
    """The options of the observable that a text column of the dataset states, one for the whole dataset."""
    choices = {}
    for key, allowed in row.choices.items():
        if key in dataset.columns:
            given = set(map(str, dataset[key].values))
            if len(given) != 1 or not given <= set(allowed):
                raise FitError(
                    f"dataset {dataset.name!r}: {key} must be one of {', '.join(allowed)} in all rows, got "
                    f"{', '.join(sorted(given)[:4])}"
                )
            choices[key] = given.pop()
    return choices


def _column(dataset, key, unit):
    if key not in dataset.columns:
        raise FitError(f"dataset {dataset.name!r} has no column {key!r}; it has {', '.join(dataset.columns)}")
    try:
        values = np.asarray(dataset[key].to(unit), dtype=float)
    except UnitError as error:
        raise FitError(f"dataset {dataset.name!r}, {error}") from None
    bad = ~np.isfinite(values)
    if bad.any():
        raise FitError(
            f"dataset {dataset.name!r}, row {int(np.argmax(bad)) + 1}: {key} is not a finite number; "
            "drop such rows with select, in a run file with drop_range"
        )
    return values


def _field(dataset):
    if "field" not in dataset.columns and OBSERVABLES[dataset.quantity].zero_field:
        return np.zeros(len(dataset))
    return _column(dataset, "field", "T")


def _sigma(dataset, values, unit):
    """(sigma, estimated); a sigma still to be estimated starts at the spread of the values."""
    if dataset.noise.startswith("residuals, relative"):
        if (values == 0.0).any():
            row = int(np.argmax(values == 0.0)) + 1
            raise FitError(f"dataset {dataset.name!r}, row {row}: a value of 0 has no relative noise; drop the row")
        return np.abs(values), True
    if dataset.noise.startswith("residuals"):
        return np.full(len(values), float(np.std(values)) or float(np.max(np.abs(values))) or 1.0), True
    if "sigma" not in dataset.columns:
        raise FitError(
            f"dataset {dataset.name!r} has no uncertainties; choose a noise model with with_noise(dataset, "
            "relative=..., absolute=..., given=True, repeats=True or residuals=True), in a run file with "
            "noise = {relative = ...} and so on"
        )
    sigma = _column(dataset, "sigma", unit)
    if (sigma <= 0).any():
        row = int(np.argmax(sigma <= 0))
        raise FitError(f"dataset {dataset.name!r}, row {row + 1}: sigma must be positive, got {sigma[row]:g} {unit}")
    return sigma, False


def reference_sigma(m: Measurement) -> np.ndarray:
    """The sigma (points,) [SI] that noise which depends on a model is measured in: the same for every model."""
    if not m.estimated:
        return m.sigma_of(m.values)
    return np.abs(m.values) if m.fraction is not None else np.full(len(m), np.std(m.values) or 1.0)


def noise_from_residuals(measurement, residuals, degrees):
    """Factor by which the estimated sigma has to grow; residuals [SI] with `degrees` of freedom (`noise_freedoms`).

    Raises `FitError` when the model passes through every point, so that the residuals say nothing.
    """
    scale = float(np.max(np.abs(measurement.values))) or 1.0
    if degrees < _LEAST_FREEDOM or math.sqrt(float(residuals @ residuals)) <= 1e-14 * scale:
        raise FitError(
            f"dataset {measurement.name!r}: its noise cannot be estimated from residuals, the model passes through "
            "every point; state the noise instead (with_noise with relative=... or absolute=...)"
        )
    pulls = measurement.whitened(residuals)
    return math.sqrt(float(pulls @ pulls) / degrees)
