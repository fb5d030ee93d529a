"""The model of a fit between its points: lines on a grid of their own, with the uncertainty of the curve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from glasstunnel.inference.freedoms import errors_of_combinations, standard_quantiles
from glasstunnel.inference.measurements import Measurement
from glasstunnel.inference.predictions import covariance_of
from glasstunnel.observables import evaluation
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.records import brief

if TYPE_CHECKING:
    from glasstunnel.inference.results import FitResult

_LINE_POINTS = 161
_DERIVATIVES_EVERY = 4  # points of a line derivatives by the parameters are computed, and interpolated between
_HELD_WITHIN = 0.01  # a condition that stays within so much of itself is held
_WIDE_FACTOR = 3.0  # a positive range beyond this factor gets a logarithmic grid


@dataclass(frozen=True, eq=False)
class FittedLine:
    """The model of one dataset along one of its conditions, SI, arrays (points,), in the order of `x`.

    x : the condition that runs. value : with the offset, scale and holder of the dataset. sigma : standard deviation
        of the curve; None where the fit did not converge. freedom : degrees of freedom behind it.
    parts : {contribution: its share of the value}. smooth : False where another condition of the dataset varies from
        point to point, so that there is no curve and the line only joins the model at the measured points.
    """

    x: np.ndarray
    value: np.ndarray
    sigma: np.ndarray | None
    freedom: np.ndarray | None
    parts: Mapping[str, np.ndarray]
    smooth: bool

    __repr__ = brief

    def band(self, level: float) -> tuple[np.ndarray, np.ndarray] | None:
        """(lower, upper) of the curve at a probability."""
        if self.sigma is None or self.freedom is None:
            return None
        half = standard_quantiles(level, self.freedom) * self.sigma
        return self.value - half, self.value + half


def fitted_lines(result: "FitResult", wanted: Sequence[tuple[str, np.ndarray, str]]) -> list[FittedLine]:
    """The `FittedLine` for each (name of a dataset, rows of it, condition that runs: "temperature", "field", ...).

    The other conditions are held at their median where they stay within a percent, and interpolated where they rise or
    fall with the one that runs.
    """
    known = {m.name: m for m in result.problem.measurements}
    grids = [_measurement_on_grid(known[name], rows, along) for name, rows, along in wanted]
    names = list(dict.fromkeys(name for name, _, _ in wanted))
    of_name = {name: [i for i, (other, _, _) in enumerate(wanted) if other == name] for name in names}
    joined = tuple(_joined_measurements([grids[i][0] for i in of_name[name]]) for name in names)
    order = [i for name in names for i in of_name[name]]
    value, sigma, freedom = _model_and_sigma(result, joined, [(len(grids[i][1]), grids[i][2]) for i in order])
    lines, begin = {}, 0
    for i in order:
        m, x, smooth = grids[i]
        here = slice(begin, begin := begin + len(x))
        parts = parts_of_model(result, m.name, m.observable, m.T, m.B, m.conditions, model=value[here])
        error, behind = (None, None) if sigma is None or freedom is None else (sigma[here], freedom[here])
        lines[i] = FittedLine(x, value[here], error, behind, parts, smooth)
    return [lines[i] for i in range(len(wanted))]


def parts_of_model(
    result: "FitResult", name: str, observable: str, T, B, conditions, *, model
) -> dict[str, np.ndarray]:
    """{contribution: its share of a model of dataset `name`, then what its offset and holder add}; those that say
    something."""
    scale = result.values.get(f"data.{name}.scale", 1.0)
    shares = evaluation.parts(OBSERVABLES[observable], result.glass, T, B, conditions)
    shares = {key: scale * np.asarray(values) + 0.0 * model for key, values in shares.items() if np.any(values != 0.0)}
    if not shares:
        return {}
    rest = model - sum(shares.values())
    if np.max(np.abs(rest)) > 1e-9 * np.max(np.abs(model)):
        shares["offset and holder"] = rest
    return shares


def _model_and_sigma(result, measurements, shapes):
    """(model, its standard deviation or None, degrees of freedom behind that) at all points of measurements that were
    never taken.

    shapes : (points, smooth) of each line, in order.
    """
    problem = replace(result.problem, measurements=measurements)
    z = problem.coordinates(result.values)
    value = np.asarray(problem.model(z))
    if not result.converged:
        return value, None, None
    kept, end = [], 0
    for points, smooth in shapes:
        begin, end = end, end + points
        kept.append(np.unique(np.r_[begin : end : _DERIVATIVES_EVERY if smooth else 1, end - 1]))
    chosen, coarse, begin = np.concatenate(kept), [], 0
    for m in measurements:
        rows = chosen[(chosen >= begin) & (chosen < begin + len(m))] - begin
        coarse.append(_some_points(m, rows))
        begin += len(m)
    slopes = replace(problem, measurements=tuple(coarse)).slopes(z)
    # First and last point of every line are among those chosen: nothing is carried from one line to the next.
    everywhere = np.stack([np.interp(np.arange(len(value)), chosen, column) for column in slopes.T], axis=1)
    at = result.problem.coordinates(result.values)
    return value, *errors_of_combinations(result.problem, at, everywhere, covariance_of(result))


def _measurement_on_grid(m: Measurement, rows, along) -> tuple[Measurement, np.ndarray, bool]:
    """(the measurement on a grid, the values that run along it, whether that is a curve)."""
    values: dict[str, Any] = {"temperature": m.T, "field": m.B} | dict(m.conditions)
    rows = rows[np.argsort(values[along][rows], kind="stable")]
    x, place = np.unique(values[along][rows], return_inverse=True)
    held = {key: entry[rows] for key, entry in values.items() if not isinstance(entry, str) and key != along}
    curves = {key: _condition_along(x, place, entry) for key, entry in held.items()}
    if len(x) < 2 or any(curve is None for curve in curves.values()):
        return _some_points(m, rows), values[along][rows], False
    grid = _grid_over(x)
    taken = {key: np.interp(grid, x, curve) for key, curve in curves.items() if curve is not None} | {along: grid}
    conditions = {key: entry if isinstance(entry, str) else taken[key] for key, entry in m.conditions.items()}
    holder = None if m.holder is None else _holder_signal(grid, x, place, m.holder[rows])
    blank = np.ones(len(grid))
    dense = replace(m, T=taken["temperature"], B=taken["field"], values=blank, sigma=blank, holder=holder,
                    conditions=conditions, fraction=None, drift=None, estimated=False)  # fmt: skip
    return dense, grid, True


def _grid_over(x):
    """The grid over the values of `x`; a zero between them, where a cusp may stand, is one of its points."""
    low, high = float(x[0]), float(x[-1])
    spaced = np.geomspace if low > 0.0 and high > _WIDE_FACTOR * low else np.linspace
    grid = spaced(low, high, _LINE_POINTS)
    grid[[0, -1]] = low, high
    return np.unique(np.r_[grid, 0.0]) if low < 0.0 < high else grid


def _condition_along(x, place, entry):
    """A condition at the values `x` of the one that runs; None where it is no curve over it."""
    if np.ptp(entry) <= _HELD_WITHIN * np.max(np.abs(entry)):
        return np.full(len(x), np.median(entry))
    mean = np.bincount(place, entry) / np.bincount(place)
    repeated = np.max(np.abs(entry - mean[place])) <= _HELD_WITHIN * np.max(np.abs(entry))
    steps = np.diff(mean)
    return mean if repeated and (np.all(steps >= 0.0) or np.all(steps <= 0.0)) else None


def _holder_signal(grid, x, place, holder):
    """The signal of the holder: a step stays a step, anything else is interpolated."""
    mean = np.bincount(place, holder) / np.bincount(place)
    if len(np.unique(holder)) <= 2:
        return mean[np.clip(np.searchsorted(0.5 * (x[1:] + x[:-1]), grid), 0, len(x) - 1)]
    return np.interp(grid, x, mean)


def _some_points(m, rows):
    """Some points of a measurement, without the noise that belongs to all of them."""
    conditions = {key: entry if isinstance(entry, str) else entry[rows] for key, entry in m.conditions.items()}
    blank = np.ones(len(rows))
    return replace(m, T=m.T[rows], B=m.B[rows], values=blank, sigma=blank, conditions=conditions, fraction=None,
                   drift=None, estimated=False, holder=None if m.holder is None else m.holder[rows])  # fmt: skip


def _joined_measurements(measurements):
    """Several measurements of one dataset as one."""
    first, *others = measurements
    if not others:
        return first
    conditions = {key: entry if isinstance(entry, str) else np.concatenate([m.conditions[key] for m in measurements])
                  for key, entry in first.conditions.items()}  # fmt: skip
    holder = None if first.holder is None else np.concatenate([m.holder for m in measurements])
    T, B, blank = (np.concatenate([getattr(m, name) for m in measurements]) for name in ("T", "B", "values"))
    return replace(first, T=T, B=B, values=blank, sigma=blank, conditions=conditions, holder=holder)
