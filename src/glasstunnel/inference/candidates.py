"""Points that could be measured next, with the noise each would have."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from glasstunnel.errors import FitError
from glasstunnel.inference.deviations import typical_noise, typical_sigma
from glasstunnel.inference.drifts import drift_between
from glasstunnel.inference.measurements import Measurement
from glasstunnel.inference.priors import Prior
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.numerics.checks import is_number
from glasstunnel.observables import evaluation
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES
from glasstunnel.records import brief

RUN = "planned"  # name of the run that is planned
_MOST = 20_000  # candidates
_MOST_DRIFTING = 1500  # whose covariance is a matrix


@dataclass(frozen=True, eq=False)
class Candidates:
    """Points that could be measured, arrays of shape (n,) of a full grid, with the noise each would have.

    swept : conditions beside T and B that take several values. shape : of the grid, along T, B and `swept`. unit, sigma
    : of the values, SI, or in the unit of the file where only a scale relates them to the observable. scale_path :
    of that scale in the fit, "" where there is none; scales : {run: prior} of the new run's own, one for every setting
    of `swept`. noise : in words. run : the name of the new run, which no fitted dataset has.
    """

    observable: str
    T: np.ndarray
    B: np.ndarray
    conditions: Mapping[str, np.ndarray | str]
    sigma: np.ndarray
    swept: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()
    unit: str = ""
    scale_path: str = ""
    scales: Mapping[str, Prior] = field(default_factory=dict)
    noise: str = ""
    run: str = RUN

    __repr__ = brief

    def __len__(self) -> int:
        return len(self.T)

    @property
    def runs(self) -> list[tuple[str, np.ndarray]]:
        """[(name, indices (k,))] of the runs in which they would be measured: one, or one for each unknown scale."""
        if len(self.scales) < 2:
            return [(self.run, np.arange(len(self)))]
        each = np.arange(len(self)) % len(self.scales)
        return [(name, np.flatnonzero(each == number)) for number, name in enumerate(self.scales)]

    def measurements(self, chosen: np.ndarray, values: np.ndarray, drift: float = 0.0) -> list[Measurement]:
        """What would be measured at the candidates `chosen` (k,), which may repeat, with these values (k,)."""
        found = []
        for name, indices in self.runs:
            here = np.isin(chosen, indices)
            if here.any():
                at = chosen[here]
                conditions = {key: entry if isinstance(entry, str) else entry[at]
                              for key, entry in self.conditions.items()}  # fmt: skip
                found.append(Measurement(name, self.observable, self.T[at], self.B[at], values[here], self.sigma[at],
                                         False, None, conditions, unit=self.unit or OBSERVABLES[self.observable].unit,
                                         drift=drift_between(self.T[at], self.B[at], drift)))  # fmt: skip
        return found

    def place(self, i: int) -> dict[str, float]:
        """{condition that is swept: its value} of candidate i."""
        return {key: float(self.conditions[key][i]) for key in self.swept}  # pyright: ignore[reportArgumentType]


def candidates_of(result, given, noise) -> Candidates:
    """The grid of candidate points that `plan` was given; `FitError` for what cannot be measured."""
    if not isinstance(given, Mapping):
        raise FitError('plan: candidates are {"T": temperatures, "B": fields, ...}, got ' + repr(given)[:60])
    given = {key: entry for key, entry in given.items() if entry is not None}
    name = given.pop("observable", next(iter(result.curves.values())).observable)
    row = OBSERVABLES.get(name) if isinstance(name, str) else None
    if row is None:
        raise FitError(f"plan: there is no such observable; there are {', '.join(OBSERVABLES)}")
    given = _held(result, row) | given
    if absent := [key for key in "TB" if key not in given]:
        raise FitError(f"plan: candidates need {absent[0]!r}, an array")
    if missing := [key for key in row.conditions if key not in given]:
        raise FitError(f"plan: {row.name} depends on {', '.join(missing)}; give it among the candidates")
    texts = {key: entry for key, entry in given.items() if isinstance(entry, str) and key not in "TB"}
    axes = {key: np.unique(real_arrays((key, entry))[0]) for key, entry in given.items() if key not in texts}
    _check_axes(axes)
    evaluation.check_given(row, result.glass)
    swept = tuple(key for key, values in axes.items() if key not in "TB" and len(values) > 1)
    order = ("T", "B", *swept, *(key for key in axes if key not in ("T", "B", *swept)))
    grid = dict(zip(order, (x.ravel() for x in np.meshgrid(*(axes[key] for key in order), indexing="ij")), strict=True))
    T, B, known = evaluation.checked(row, grid.pop("T"), grid.pop("B"), grid | texts)
    conditions = {key: entry if isinstance(entry, str) else np.asarray(entry, dtype=float)
                  for key, entry in known.items()}  # fmt: skip
    value = np.asarray(evaluation.value(row, result.glass, T, B, conditions, {}), dtype=float)
    if not np.isfinite(value).all():
        raise FitError(f"plan: the {row.label} is not finite at some candidates")
    shape = tuple(len(axes[key]) for key in ("T", "B", *swept))
    run = unused_name(result)
    unit, path, scales = scales_of(result, row, run, math.prod(shape[2:]))
    value = np.broadcast_to(value, T.shape)
    sigma, words = _sigma(result, row.name, result.values.get(path, 1.0) * value, noise, unit)
    return Candidates(row.name, T, B, conditions, sigma, swept, shape, unit, path, scales, words, run)


def _held(result, row):
    """What all fitted data of the observable hold at one value: its field, a condition that it needs."""
    measured = [m for m in result.problem.measurements if m.observable == row.name]
    held = {}
    for key in ("T", "B", *row.conditions):
        entries = [{"T": m.T, "B": m.B}.get(key, m.conditions.get(key)) for m in measured]
        if entries and all(entry is not None and not isinstance(entry, str) for entry in entries):
            values = np.unique(np.concatenate([np.ravel(entry) for entry in entries]))
            if len(values) == 1:
                held[key] = float(values[0])
    return held


def unused_name(result) -> str:
    """A name for the new run that no fitted dataset has."""
    taken, number = {m.name for m in result.problem.measurements}, 1
    while (name := RUN if number == 1 else f"{RUN} {number}") in taken:
        number += 1
    return name


def _check_axes(axes):
    for key, values in axes.items():
        if not len(values):
            raise FitError(f"plan: candidates: {key} is empty")
        if key not in ("T", "B", *CONDITIONS):
            raise FitError(f"plan: candidates: {key!r} is none of T, B, observable, {', '.join(CONDITIONS)}")
    if (number := math.prod(map(len, axes.values()))) > _MOST:
        raise FitError(f"plan: {number} candidates are more than the {_MOST} that can be compared; take a coarser grid")


def check_drifting(candidates: Candidates) -> None:
    """`FitError` where there are too many candidates for the covariance of a drift between them."""
    if len(candidates) > _MOST_DRIFTING:
        raise FitError(f"plan: {len(candidates)} candidates are more than the {_MOST_DRIFTING} between which a drift "
                       "can be reckoned with; take a coarser grid, or leave systematics out")  # fmt: skip


def scales_of(result, row, run: str, settings: int) -> tuple[str, str, dict[str, Prior]]:
    """(unit, path of the scale of the fitted run, {run: prior of its own}) where a file has a unit of its own."""
    same = [m for m in result.problem.measurements if m.observable == row.name]
    first = next((m for m in same if m.arbitrary), None)
    if first is None:
        return row.unit, "", {}
    path = f"data.{first.name}.scale"
    if path not in result.priors:
        return first.unit, path, {}
    names = [run] if settings == 1 else [f"{run}, setting {number + 1}" for number in range(settings)]
    prior: Prior = result.priors[path]
    return first.unit, path, {name: prior for name in names}


def _sigma(result, observable, value, noise, unit):
    """(standard deviation of every candidate, in words where it comes from)."""
    if noise is None:
        return _sigma_of_the_data(result, observable, value, unit)
    parts = dict(noise) if isinstance(noise, Mapping) else {"absolute": noise}
    if set(parts) - {"relative", "absolute"} or not all(is_number(part, finite=True) for part in parts.values()):
        raise FitError("plan: noise is a number, or {'relative': ..., 'absolute': ...}")
    if min(parts.values(), default=0.0) < 0.0:
        raise FitError(f"plan: noise must not be negative, got {min(parts.values()):g}")
    sigma = np.hypot(parts.get("absolute", 0.0), parts.get("relative", 0.0) * np.abs(value))
    if not (sigma > 0.0).all():
        raise FitError("plan: the noise of every candidate must be positive; give an absolute part")
    return sigma, _noise_in_words(parts.get("relative", 0.0), parts.get("absolute", 0.0), unit)


def _sigma_of_the_data(result, observable, value, unit):
    """What the noise of the fitted data would be there: of each dataset a common fraction of the signal or a common
    number, whichever varies less from point to point; the median over the datasets."""
    same = [curve for curve in result.curves.values() if curve.observable == observable]
    if not same:
        raise FitError(f"plan: no {observable} was fitted, so its noise is not known; give noise")
    noises, sigma = [typical_noise(curve) for curve in same], typical_sigma(same, value)
    if not (sigma > 0.0).all():
        raise FitError("plan: the noise of the data is a fraction of a signal that is 0 at some candidates; give noise")
    fractions = [100.0 * fraction for fraction, _ in noises if fraction is not None]
    constants = [sigma for fraction, sigma in noises if fraction is None]
    words = [_range_in_words(numbers, what) for numbers, what in ((fractions, "% of the signal"), (constants, unit))
             if numbers]  # fmt: skip
    return sigma, f"{' or '.join(words)}, as in the data"


def _range_in_words(numbers, what):
    """The smallest and the largest of some numbers, one where they read the same.

    >>> _range_in_words([1.02, 1.0], "%"), _range_in_words([1.04, 1.2, 1.3], "%")
    ('1 %', '1 to 1.3 %')
    >>> _range_in_words([2e-8], "1")
    '2e-08'
    """
    ends = " to ".join(dict.fromkeys(f"{number:.2g}" for number in (min(numbers), max(numbers))))
    return ends if what == "1" else f"{ends} {what}"


def _noise_in_words(relative, absolute, unit):
    parts = [f"{100.0 * relative:.2g} % of the signal"] if relative else []
    parts += [f"{absolute:.2g} {unit}".strip()] if absolute else []
    return " and ".join(parts)
