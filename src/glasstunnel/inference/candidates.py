"""Points that could be measured next, with the noise each would have."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glasstunnel.errors import FitError
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.numerics.checks import is_number
from glasstunnel.observables import evaluation
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.records import brief

RUN = "planned"  # name of the run that is planned


@dataclass(frozen=True, eq=False)
class Candidates:
    """Points that could be measured, SI arrays of shape (n,), with the noise each would have."""

    observable: str
    T: np.ndarray
    B: np.ndarray
    conditions: Mapping[str, np.ndarray | str]
    sigma: np.ndarray

    __repr__ = brief

    def __len__(self) -> int:
        return len(self.T)


def candidates_of(result, given, noise) -> Candidates:
    """The grid of candidate points that `plan` was given; `FitError` for what cannot be measured."""
    if not isinstance(given, Mapping):
        raise FitError('plan: candidates are {"T": temperatures, "B": fields, ...}, got ' + repr(given)[:60])
    given = dict(given)
    row = OBSERVABLES.get(given.pop("observable", next(iter(result.curves.values())).observable))
    if row is None:
        raise FitError(f"plan: there is no such observable; there are {', '.join(OBSERVABLES)}")
    try:
        axes = [np.unique(real_arrays((key, given.pop(key)))[0]) for key in "TB"]
    except KeyError as error:
        raise FitError(f"plan: candidates need {error.args[0]!r}, an array") from None
    T, B = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
    missing = [key for key in row.conditions if key not in given]
    if missing:
        raise FitError(f"plan: {row.name} depends on {', '.join(missing)}; give it among the candidates")
    evaluation.check_given(row, result.glass)
    T, B, known = evaluation.checked(row, T, B, given)
    conditions = {key: entry if isinstance(entry, str) else np.broadcast_to(entry, T.shape).astype(float)
                  for key, entry in known.items()}  # fmt: skip
    value = np.asarray(evaluation.value(row, result.glass, T, B, conditions, {}))
    return Candidates(row.name, T, B, conditions, _sigma(result, row.name, value, noise))


def _sigma(result, observable, value, noise):
    if noise is None:
        same = [curve.sigma for curve in result.curves.values() if curve.observable == observable]
        if not same:
            raise FitError(f"plan: no {observable} was fitted, so its noise is not known; give noise")
        return np.full(len(value), float(np.median(np.concatenate(same))))
    parts = dict(noise) if isinstance(noise, Mapping) else {"absolute": noise}
    if set(parts) - {"relative", "absolute"} or not all(is_number(part, finite=True) for part in parts.values()):
        raise FitError("plan: noise is a number, or {'relative': ..., 'absolute': ...}")
    sigma = np.hypot(parts.get("absolute", 0.0), parts.get("relative", 0.0) * np.abs(value))
    if not (sigma > 0.0).all():
        raise FitError("plan: the noise of every candidate must be positive; give an absolute part")
    return sigma
