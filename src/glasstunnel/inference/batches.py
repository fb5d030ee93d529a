"""The model of a problem for many parameter sets at once: what does not vary is evaluated once per problem.

Contributions add up in thermodynamic observables. There, a contribution in which nothing varies is a constant, one in
which only an amplitude varies is a constant column times that amplitude, and only what is left is evaluated for every
set, without rebuilding the glass. Other observables are evaluated set by set.
"""

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from glasstunnel.errors import GlassTunnelError, ParameterError
from glasstunnel.observables.table import SUM
from glasstunnel.systems.contribution import THERMODYNAMIC

if TYPE_CHECKING:
    from glasstunnel.inference.problem import Problem


class ModelBatch:
    """Constant parts and columns of a `Problem`, computed once; `models` evaluates what is left."""

    def __init__(self, problem: "Problem"):
        self.problem = problem
        observables = [row for row, *_ in problem.groups]
        self.additive = all(row.combination == SUM and not row.function for row in observables)
        proportional = all(row.method in THERMODYNAMIC for row in observables)
        moved = [*problem.names, *problem.ties]
        glass = problem.glass_at(problem.held)
        self.by_owner: dict[str, list[str]] = {}
        for path in moved:
            if not path.startswith("data."):
                owner, name = path.split(".", 1)
                self.by_owner.setdefault(owner, []).append(name)
        rows = glass.paths()
        self.constant = np.zeros(len(problem.observed))
        self.columns: dict[str, np.ndarray] = {}
        self.evaluated: list[str] = []
        if not self.additive:
            return
        for owner, part in glass.contributions.items():
            names = self.by_owner.get(owner, [])
            if not names:
                self.constant += self._values(part)
            elif len(names) == 1 and proportional and rows[f"{owner}.{names[0]}"].linear:
                self.columns[f"{owner}.{names[0]}"] = self._values(dataclasses.replace(part, **{names[0]: 1.0}))
            else:
                self.evaluated.append(owner)
        self.glass = glass

    def _values(self, part):
        """One contribution at every measured point, (points,)."""
        values = np.empty(len(self.problem.observed))
        for row, rows, T, B, conditions, _ in self.problem.groups:
            values[rows] = getattr(part, row.method)(T, B, **conditions) if part.gives(row.method) else 0.0
        return values

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
            return np.array([self._one(z) for z in Z]).reshape(len(Z), -1)
        pure = np.tile(self.constant, (len(Z), 1))
        if self.columns:
            pure += np.column_stack([values[path] for path in self.columns]) @ np.array(list(self.columns.values()))
        for owner in self.evaluated:
            part, names = self.glass.contributions[owner], self.by_owner[owner]
            for row, pure_row in enumerate(pure):
                numbers = {name: float(values[f"{owner}.{name}"][row]) for name in names}
                pure_row += self._evaluated(part, numbers)
        return self._with_nuisances(pure, values)

    def _evaluated(self, part, numbers):
        try:
            return self._values(dataclasses.replace(part, **numbers))
        except GlassTunnelError:
            return np.nan

    def _one(self, z):
        try:
            return self.problem.model(z)
        except GlassTunnelError:
            return np.full(len(self.problem.observed), np.nan)

    def _with_nuisances(self, pure: np.ndarray, values: Mapping[str, np.ndarray]) -> np.ndarray:
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
    sets = np.asarray(Z, dtype=float)
    if sets.ndim != 2 or sets.shape[1] != len(problem.names):
        raise ParameterError(f"Z must have the shape (sets, {len(problem.names)}), one column for each of "
                             f"{', '.join(problem.names)}, got {sets.shape}")  # fmt: skip
    return sets
