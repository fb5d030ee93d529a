"""The model of a problem for one parameter set or many at once: what does not vary is evaluated once per problem.

Contributions add up in thermodynamic observables. There, a contribution in which nothing varies is a constant, one in
which only an amplitude varies is a constant column times that amplitude, and only what is left is evaluated for every
set, without rebuilding the glass. Observables that are no sums are evaluated set by set, from the glass.
"""

import dataclasses
import math
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from glasstunnel.errors import GlassTunnelError, ParameterError
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.numerics.blocks import keep_freed_memory
from glasstunnel.observables.table import SUM, WHOLE
from glasstunnel.systems.contribution import THERMODYNAMIC

if TYPE_CHECKING:
    from glasstunnel.inference.problem import Problem


class ModelBatch:
    """Constant parts and columns of a `Problem`, computed once; `models` evaluates what is left."""

    def __init__(self, problem: "Problem"):
        keep_freed_memory()
        self.problem = problem
        observables = [row for row, *_ in problem.groups]
        self.additive = all(row.combination == SUM and not row.function for row in observables)
        self.proportional = all(row.method in THERMODYNAMIC for row in observables)
        moved = [*problem.names, *problem.ties]
        glass = problem.glass_at(problem.held)
        self.by_owner: dict[str, list[str]] = {}
        for path in moved:
            if not path.startswith("data."):
                owner, name = path.split(".", 1)
                self.by_owner.setdefault(owner, []).append(name)
        self.limits = glass.paths()
        self.constant = np.zeros(len(problem.observed))
        self.columns: dict[str, np.ndarray] = {}
        self.evaluated: list[str] = []
        if not self.additive:
            return
        for owner, part in glass.contributions.items():
            names = self.by_owner.get(owner, [])
            if not names:
                self.constant += self._remembered_values(part)
            elif len(names) == 1 and self.proportional and self.limits[f"{owner}.{names[0]}"].linear:
                unit = dataclasses.replace(part, **{names[0]: 1.0})
                self.columns[f"{owner}.{names[0]}"] = self._remembered_values(unit)
            else:
                self.evaluated.append(owner)
        self.glass = glass

    def _values(self, part):
        """One contribution at every measured point, (points,)."""
        values = np.empty(len(self.problem.observed))
        for row, rows, T, B, conditions, _ in self.problem.groups:
            values[rows] = getattr(part, row.method)(T, B, **conditions) if part.gives(row.method) else 0.0
        return values

    def _remembered_values(self, part):
        """`_values` of what stands still, remembered by all problems with the same measurements."""
        shares = self.problem.shares
        try:
            if part not in shares:
                shares[part] = self._values(part)
            return shares[part]
        except TypeError:  # a record with lists or arrays in it
            return self._values(part)

    def value(self, values: Mapping[str, float]) -> np.ndarray:
        """The model without nuisances for one set of values, (points,) [SI]; only where it is `additive`."""
        pure = self._share_of_columns(values)
        for part in self._parts(values).values():
            pure += self._values(part)
        return pure

    def slopes(self, values: Mapping[str, float], paths: list[str]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """`value`, and {path: its derivative, not to be written to} for the varied or tied `paths` of the glass."""
        pure, slopes = self._share_of_columns(values), {}
        for owner, part in self._parts(values).items():
            names = [path.split(".", 1)[1] for path in paths if path.startswith(owner + ".")]
            share, by_name = self._derivatives(part, names)
            pure += share
            slopes |= {f"{owner}.{name}": slope for name, slope in by_name.items()}
        return pure, {path: self.columns[path] if path in self.columns else slopes[path] for path in paths}

    def _share_of_columns(self, values):
        """What is constant or only multiplied by an amplitude; `ParameterError` for an amplitude beyond its limits."""
        pure = self.constant.copy()
        for path, column in self.columns.items():
            if not self.limits[path].allows(values[path]):
                self.problem.glass_at(values)
            pure += values[path] * column
        return pure

    def _parts(self, values):
        """{owner: contribution} of what is evaluated, with the values of this set."""
        return {
            owner: dataclasses.replace(
                self.glass.contributions[owner], **{name: values[f"{owner}.{name}"] for name in self.by_owner[owner]}
            )
            for owner in self.evaluated
        }

    def _derivatives(self, part, names):
        """(values (points,), {name: derivatives (points,)}) of one contribution."""
        if len(self.problem.groups) == 1 and part.gives(self.problem.groups[0][0].method):
            row, _, T, B, conditions, _ = self.problem.groups[0]
            return part.derivatives(row.method, T, B, names, **conditions)
        value = np.zeros(len(self.problem.observed))
        slopes = {name: np.zeros(len(value)) for name in names}
        for row, rows, T, B, conditions, _ in self.problem.groups:
            if not part.gives(row.method):
                continue
            value[rows], by_name = part.derivatives(row.method, T, B, names, **conditions)
            for name, slope in by_name.items():
                slopes[name][rows] = slope
        return value, slopes

    def parameters(self, Z: np.ndarray) -> dict[str, np.ndarray]:
        """{path: values (sets,)} of everything that varies, is held or tied."""
        problem = self.problem
        values = {path: np.full(len(Z), x) for path, x in problem.held.items()}
        values |= {name: np.asarray(prior.value(Z[:, i])) for i, (name, prior) in enumerate(problem.priors.items())}
        return values | {path: factor * values[other] for path, (other, factor) in problem.ties.items()}

    def models(self, Z: np.ndarray) -> np.ndarray:
        """(sets, points) [SI]; a row of NaN where there is no model."""
        values = self.parameters(Z)
        if not self.additive:
            return self._models_of_wholes(Z, values)
        pure = np.tile(self.constant, (len(Z), 1))
        if self.columns:
            amplitudes = np.column_stack([self._allowed_or_nan(path, values[path]) for path in self.columns])
            pure += amplitudes @ np.array(list(self.columns.values()))
        for owner in self.evaluated:
            numbers = {name: values[f"{owner}.{name}"] for name in self.by_owner[owner]}
            pure += self._over_sets(self.glass.contributions[owner], numbers)
        return self._with_nuisances(pure, values)

    def _models_of_wholes(self, Z, values):
        """From columns where only amplitudes vary to which the observables are proportional, else set by set."""
        if self._amplitudes is None:
            return np.array([self._model_or_nan(z) for z in Z]).reshape(len(Z), -1)
        constant, columns = self._amplitudes
        pure = np.tile(constant, (len(Z), 1))
        for path, column in columns.items():
            pure += self._allowed_or_nan(path, values[path])[:, None] * column
        return self._with_nuisances(pure, values)

    def _allowed_or_nan(self, path, values):
        """Values (sets,) of a parameter, NaN where there is no glass with them."""
        allowed = [math.isfinite(x) and self.limits[path].allows(x) for x in values.tolist()]
        return np.where(allowed, values, np.nan)

    @cached_property
    def _amplitudes(self) -> tuple[np.ndarray, dict[str, np.ndarray]] | None:
        """(what is left without amplitudes, {path: column}) of wholes in which nothing else varies; else None."""
        problem = self.problem
        paths = [f"{owner}.{name}" for owner, names in self.by_owner.items() for name in names]
        wholes = all(row.combination == WHOLE for row, *_ in problem.groups)
        if not wholes or len(paths) > len(self.by_owner) or not all(map(problem.is_linear, paths)):
            return None
        try:
            centers = {name: prior.center for name, prior in problem.priors.items()}
            values = problem.parameters(problem.coordinates(centers))
            pure, columns = problem.slopes_of_glass(values, paths)
        except GlassTunnelError:
            return None
        return pure - sum(values[path] * column for path, column in columns.items()), columns

    def split(self, Z: np.ndarray, inner: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        """(rest (sets, points), columns (sets, points, k)): the model is rest + columns @ (values of `inner`).

        `inner` are varied paths in which the model is linear (`Problem.linear`); their coordinates in Z are ignored.
        """
        if not inner:
            return self.models(Z), np.zeros((len(Z), len(self.problem.observed), 0))
        if not (self.additive and self.proportional):
            return self._split_set_by_set(Z, inner)
        problem, values = self.problem, self.parameters(Z)
        rest, columns = np.tile(self.constant, (len(Z), 1)), np.zeros((len(Z), len(problem.observed), len(inner)))
        linear = {name: (k, 1.0) for k, name in enumerate(inner)}
        linear |= {path: (linear[other][0], factor)
                   for path, (other, factor) in problem.ties.items() if other in linear}  # fmt: skip
        for path, column in self.columns.items():
            if path in linear:
                k, factor = linear[path]
                columns[:, :, k] += factor * column
            else:
                rest += values[path][:, None] * column
        for owner in self.evaluated:
            names = self.by_owner[owner]
            amplitude = next((name for name in names if f"{owner}.{name}" in linear), None)
            share = self._contribution_share(owner, names, values, amplitude)
            if amplitude is None:
                rest += share
            else:
                k, factor = linear[f"{owner}.{amplitude}"]
                columns[:, :, k] += factor * share
        return self._split_nuisances(rest, columns, values, linear)

    def _contribution_share(self, owner, names, values, amplitude):
        """The share of one contribution (sets, points), with its amplitude at 1 where one is named."""
        numbers = {name: np.ones_like(values[f"{owner}.{name}"]) if name == amplitude else values[f"{owner}.{name}"]
                   for name in names}  # fmt: skip
        return self._over_sets(self.glass.contributions[owner], numbers)

    def _split_nuisances(self, rest, columns, values, linear):
        """The same with scale, offset and holder of every dataset; linear : {path: (its column, factor)}."""
        for m in self.problem.measurements:
            rows = self.problem.rows[m.name]
            scale = values.get(f"data.{m.name}.scale")
            if scale is not None:
                rest[:, rows] *= scale[:, None]
                columns[:, rows] *= scale[:, None, None]
            for nuisance, signal in (("offset", 1.0), ("holder", m.holder)):
                path = f"data.{m.name}.{nuisance}"
                if path in linear:
                    k, factor = linear[path]
                    columns[:, rows, k] += factor * signal
                elif path in values:
                    rest[:, rows] += values[path][:, None] * signal
        return rest, columns

    def _split_set_by_set(self, Z, inner):
        """The same for observables that are no sums, from the model and its derivatives, set by set."""
        problem = self.problem
        rest = np.full((len(Z), len(problem.observed)), np.nan)
        columns = np.zeros((*rest.shape, len(inner)))
        places = [problem.names.index(name) for name in inner]
        centers = np.array([problem.priors[name].center for name in inner])
        for row, z in enumerate(Z):
            moved = np.array(z)
            moved[places] = centers
            try:
                model, slopes = problem.model_columns(moved, list(inner))
            except GlassTunnelError:
                continue
            columns[row] = slopes
            rest[row] = model - slopes @ centers
        return rest, columns

    def _over_sets(self, part, numbers):
        """One contribution with the numbers {name: (sets,)}: (sets, points), NaN where it refuses them."""
        sets = np.zeros((len(next(iter(numbers.values()))), len(self.problem.observed)))
        for row, rows, T, B, conditions, _ in self.problem.groups:
            if part.gives(row.method):
                sets[:, rows] = part.over_sets(row.method, numbers, T, B, **conditions)
        return sets

    def _model_or_nan(self, z):
        try:
            return self.problem.model(z)
        except GlassTunnelError:
            return np.full(len(self.problem.observed), np.nan)

    def _with_nuisances(self, pure: np.ndarray, values: Mapping[str, np.ndarray]) -> np.ndarray:
        """Models (sets, points) of the glass alone with scale, offset and holder of every dataset, in place."""
        for m in self.problem.measurements:
            rows = self.problem.rows[m.name]
            for nuisance in ("scale", "offset", "holder"):
                x = values.get(f"data.{m.name}.{nuisance}")
                if x is None:
                    continue
                if nuisance == "scale":
                    pure[:, rows] *= x[:, None]
                else:
                    pure[:, rows] += x[:, None] * (m.holder if nuisance == "holder" else 1.0)
        return pure


def checked_sets(problem: "Problem", Z) -> np.ndarray:
    """Coordinates as (sets, parameters); `ParameterError` for another shape."""
    (sets,) = real_arrays(("Z", Z))
    if sets.ndim != 2 or sets.shape[1] != len(problem.names):
        raise ParameterError(f"Z must have the shape (sets, {len(problem.names)}), one column for each of "
                             f"{', '.join(problem.names)}, got {sets.shape}")  # fmt: skip
    return sets
