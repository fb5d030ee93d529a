"""The least-squares problem of a fit: parameter paths to residuals and their Jacobian."""

import dataclasses
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.inference.batches import ModelBatch, checked_sets
from glasstunnel.inference.measurements import Measurement
from glasstunnel.inference.priors import Prior
from glasstunnel.observables import evaluation
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.records import brief
from glasstunnel.systems.glass import Glass

#: Per-dataset nuisance parameters, "data.<name>.<nuisance>", with the value that leaves the data alone.
NUISANCES = {"offset": 0.0, "scale": 1.0, "holder": 0.0}


@dataclass(frozen=True, eq=False)
class Problem:
    """Measurements, a glass, the priors of what varies, and ties {path: (other path, factor)}.

    held : {path: value} of parameters that neither vary nor stand in the glass as given.

    The model of a dataset is scale * observable(glass) + offset + holder * (holder signal).
    The fit moves z, one coordinate per varied parameter (`Prior.coordinate`).
    """

    glass: Glass
    measurements: tuple[Measurement, ...]
    priors: dict[str, Prior]
    ties: dict[str, tuple[str, float]]
    held: dict[str, float] = dataclasses.field(default_factory=dict)

    __repr__ = brief

    @cached_property
    def names(self):
        """Paths of the varied parameters, in the order of z."""
        return tuple(self.priors)

    @cached_property
    def observed(self):
        """All measured values, one dataset after the other [SI]."""
        return np.concatenate([m.values for m in self.measurements])

    @cached_property
    def sigma(self):
        """The uncertainty of every measured value [SI]."""
        return np.concatenate([m.sigma for m in self.measurements])

    @cached_property
    def _weights(self):
        return 1.0 / self.sigma

    @cached_property
    def rows(self):
        """{dataset name: slice of its rows}."""
        ends = np.cumsum([len(m) for m in self.measurements])
        return {m.name: slice(int(end) - len(m), int(end)) for m, end in zip(self.measurements, ends, strict=True)}

    @cached_property
    def groups(self):
        """[(observable, rows, T, B, conditions, memory)], each evaluated once for all datasets of the same conditions.

        `conditions` is {name: array} of what the observable depends on beside T and B, `memory` a dict for
        `evaluation.derivatives`.
        """
        kinds = {}
        for m in self.measurements:
            texts = tuple((key, entry) for key, entry in m.conditions.items() if isinstance(entry, str))
            names = tuple(key for key, entry in m.conditions.items() if not isinstance(entry, str))
            kinds.setdefault((m.observable, names, texts), []).append(m)
        groups = []
        for (observable, names, texts), members in kinds.items():
            rows = np.concatenate([np.arange(len(self.observed))[self.rows[m.name]] for m in members])
            if rows[-1] - rows[0] == len(rows) - 1:  # one after the other: a view instead of a copy
                rows = slice(int(rows[0]), int(rows[-1]) + 1)
            T, B = (np.concatenate([getattr(m, axis) for m in members]) for axis in "TB")
            conditions = {key: np.concatenate([m.conditions[key] for m in members]) for key in names} | dict(texts)
            groups.append((OBSERVABLES[observable], rows, T, B, conditions, {}))
        return groups

    def with_noise(self, factors):
        """The problem with sigma multiplied by {dataset name: factor} for the named datasets."""
        changed = tuple(m.scaled(factors[m.name]) if m.name in factors else m for m in self.measurements)
        return dataclasses.replace(self, measurements=changed)

    def with_drifts(self, amounts):
        """The problem with the drifts of {dataset name: amount in units of sigma}."""
        changed = tuple(
            dataclasses.replace(m, drift=m.drift.with_amount(amounts[m.name]))
            if m.name in amounts and m.drift is not None else m for m in self.measurements
        )  # fmt: skip
        return dataclasses.replace(self, measurements=changed) if amounts else self

    def weighed_by(self, model: np.ndarray, step: float = 1.0) -> "Problem":
        """The problem with noise that is a fraction of the value taken of the given model (points,) [SI].

        step : how far sigma goes from where it stands to there, on a logarithmic scale.
        """
        if all(m.fraction is None for m in self.measurements):
            return self
        changed = tuple(
            dataclasses.replace(m, sigma=m.sigma ** (1.0 - step) * m.sigma_of(model[self.rows[m.name]]) ** step)
            for m in self.measurements
        )
        return dataclasses.replace(self, measurements=changed)

    def without(self, path, x):
        """The problem with one varied parameter held at x."""
        priors = {name: prior for name, prior in self.priors.items() if name != path}
        changed = dataclasses.replace(self, priors=priors, held=self.held | {path: x})
        of_measurements = ("observed", "sigma", "rows", "groups", "shares")  # cached, and the same in both
        changed.__dict__.update({name: self.__dict__[name] for name in of_measurements if name in self.__dict__})
        return changed

    @cached_property
    def linear(self):
        """Names of varied parameters in which the whole model is linear at once: at most one per contribution."""
        taken, names = set(), []
        products = any(self.is_linear(path) for path in self._moved if not path.startswith("data."))
        for name in self.names:
            moved = [name, *(path for path, (other, _) in self.ties.items() if other == name)]
            owners = {path.split(".", 1)[0] for path in moved if not path.startswith("data.")}
            scales = any(path.endswith(".scale") for path in moved if path.startswith("data."))
            if all(self.is_linear(path) for path in moved) and not owners & taken and not (scales and products):
                taken |= owners
                names.append(name)
        return tuple(names)

    @property
    def _moved(self):
        """Paths that change during the fit: varied or tied."""
        return (*self.names, *self.ties)

    def is_linear(self, path: str) -> bool:
        """Whether the model is linear in the number at a path, all others held."""
        if path.startswith("data."):
            return True
        return self.glass.paths()[path].linear and all(
            row.keeps_linearity(conditions) for row, _, _, _, conditions, _ in self.groups
        )

    # --- values ---------------------------------------------------------------------------------------------------

    def parameters(self, z):
        """{path: value} of every varied, held and tied parameter at coordinates z."""
        values = self.held | {name: prior.value(z[i]) for i, (name, prior) in enumerate(self.priors.items())}
        return values | {path: factor * values[other] for path, (other, factor) in self.ties.items()}

    def coordinates(self, values):
        """z of {path: value}."""
        return np.array([prior.coordinate(values[name]) for name, prior in self.priors.items()], dtype=float)

    def glass_at(self, values):
        """The glass with the given parameter values."""
        return self.glass.with_values({path: x for path, x in values.items() if not path.startswith("data.")})

    def is_physical(self, z) -> bool:
        """Whether there is a glass with these numbers: ordered cutoffs, numbers inside their limits."""
        return not self.unphysical(z)

    def unphysical(self, z) -> str:
        """Why there is no glass with these numbers; nothing where there is one."""
        try:
            self.glass_at(self.parameters(z))
        except ParameterError as error:
            return str(error)
        return ""

    def model(self, z):
        """What the model says at every measured point [SI], shape (points,)."""
        return self._model(self.parameters(z))

    def _model(self, values):
        if self.batch.additive:
            return self._with_nuisances(self.batch.value(values), values)
        glass, pure = self.glass_at(values), np.empty(len(self.observed))
        for row, rows, T, B, conditions, memory in self.groups:
            pure[rows] = evaluation.value(row, glass, T, B, conditions, memory)
        return self._with_nuisances(pure, values)

    @cached_property
    def shares(self) -> dict:
        """What `ModelBatch` has evaluated of contributions that stand still, {contribution: (points,)}."""
        return {}

    @cached_property
    def batch(self) -> ModelBatch:
        """What is evaluated once for all parameter sets, and what is left to evaluate for each."""
        return ModelBatch(self)

    def models(self, Z) -> np.ndarray:
        """`model` for many sets of coordinates at once: Z (sets, parameters) to (sets, points) [SI].

        NaN in the row of a set for which there is no glass. Same numbers as `model` to 1e-12.
        """
        return self.batch.models(checked_sets(self, Z))

    def log_likelihoods(self, Z) -> np.ndarray:
        """-chi-square/2 for many sets of coordinates: Z (sets, parameters) to (sets,).

        Without the logarithms of sigma, which are the same for all sets, and without priors. -inf where there is no
        model.
        """
        off = self.models(Z) - self.observed
        off = self.whitened(off.T).T if self.drifting else off / self.sigma
        with np.errstate(invalid="ignore", over="ignore"):
            values = -0.5 * np.einsum("ij,ij->i", off, off)
        return np.where(np.isfinite(values), values, -np.inf)

    @cached_property
    def _has_nuisances(self):
        return any(path.startswith("data.") for path in (*self._moved, *self.held))

    def _with_nuisances(self, pure, values):
        if not self._has_nuisances:
            return pure
        parts = []
        for m in self.measurements:
            part = pure[self.rows[m.name]] * values.get(f"data.{m.name}.scale", 1.0)
            part = part + values.get(f"data.{m.name}.offset", 0.0)
            if m.holder is not None:
                part = part + values.get(f"data.{m.name}.holder", 0.0) * m.holder
            parts.append(part)
        return np.concatenate(parts)

    def pulls(self, z):
        """(model - measured)/sigma at every point, drifts included."""
        return (self.model(z) - self.observed) / self.sigma

    @cached_property
    def drifting(self):
        """Names of the datasets whose points share a drift."""
        return tuple(m.name for m in self.measurements if m.drift is not None)

    def whitened(self, deviations):
        """Deviations [SI] (points,) or (points, k) in units of their noise, drifts made independent."""
        return self._whiten(np.array(deviations, dtype=float))

    def _whiten(self, white):
        """`whitened` in the place of the deviations, which are given away."""
        white.T[...] *= self._weights
        return self._without_drifts(white)

    def _without_drifts(self, white):
        """What is in units of sigma already, with drifts made independent."""
        for m in self.measurements:
            if m.drift is not None:
                white[self.rows[m.name]] = m.drift.whitened(white[self.rows[m.name]])
        return white

    def residuals(self, z):
        """(model - measured) in units of the noise, independent of each other, then the pulls of informative priors."""
        values = self.parameters(z)
        return self._residuals(self._model(values), values)

    def _residuals(self, model, values):
        pulls = [pull for _, pull, _ in self._pulls(values)]
        return np.concatenate([self._whiten(model - self.observed), np.array(pulls, dtype=float)])

    # --- slopes ---------------------------------------------------------------------------------------------------

    def jacobian(self, z):
        """Derivative of `residuals` by z, shape (points + informative priors, varied parameters)."""
        values = self.parameters(z)
        _, columns = self._columns(values, self.names)
        return columns * np.array([prior.slope(values[name]) for name, prior in self.priors.items()])

    def slopes(self, z):
        """Derivative of `model` by z [SI], shape (points, varied parameters)."""
        values = self.parameters(z)
        _, columns = self._model_columns(values, self.names)
        return columns * np.array([prior.slope(values[name]) for name, prior in self.priors.items()])

    def model_columns(self, z, names):
        """(model, its derivative by the *values* of the parameters `names`) [SI]."""
        return self._model_columns(self.parameters(z), names)

    def linear_columns(self, z, names):
        """(residuals, their derivative by the *values* of the parameters `names`), one evaluation of the model."""
        values = self.parameters(z)
        model, columns = self._columns(values, names)
        return self._residuals(model, values), columns

    def _columns(self, values, names):
        """Model, and the derivative of the residuals by the values of `names`, prior rows included."""
        model, columns = self._model_columns(values, names, self._weights)
        white, rows = self._without_drifts(columns), self._prior_rows(values, names)
        return model, np.vstack([white, *rows]) if rows else white

    def _model_columns(self, values, names, weights: np.ndarray | float = 1.0):
        """Model [SI], and `weights` times its derivative by the values of `names`."""
        pure, slopes = self._slopes(values, names)
        columns = np.empty((len(names), len(pure)))
        for column, name in zip(columns, names, strict=True):
            np.multiply(slopes[name], weights, out=column)
        for path, (other, factor) in self.ties.items():
            if path in slopes:
                columns[names.index(other)] += factor * weights * slopes[path]
        return self._with_nuisances(pure, values), columns.T

    def _prior_rows(self, values, names):
        return [[slope if name == other else 0.0 for other in names] for name, _, slope in self._pulls(values)]

    def prior_rows(self, z):
        """The rows of informative priors in `jacobian`."""
        values = self.parameters(z)
        chain = [prior.slope(values[name]) for name, prior in self.priors.items()]
        rows = self._prior_rows(values, self.names)
        return np.reshape(rows, (len(rows), len(chain))) * chain

    def _pulls(self, values):
        """(name, pull, derivative of the pull by the value) of every informative prior."""
        for name in self._informative:
            prior = self.priors[name]
            yield name, prior.pull(values[name]), 1.0 / prior.sigma

    @cached_property
    def _informative(self):
        """Names of the varied parameters whose priors pull."""
        return [name for name, prior in self.priors.items() if prior.pull(prior.center) is not None]

    def _slopes(self, values, names):
        """The bare model and {path: its derivative by the value of that path}, for `names` and what is tied to them."""
        moved = [*names, *(path for path, (other, _) in self.ties.items() if other in names)]
        if not self._has_nuisances:
            return self.slopes_of_glass(values, moved)
        pure, slopes = self.slopes_of_glass(values, [path for path in moved if not path.startswith("data.")])
        scale = np.concatenate([np.full(len(m), values.get(f"data.{m.name}.scale", 1.0)) for m in self.measurements])
        slopes = {path: slope * scale for path, slope in slopes.items()}
        slopes |= {path: np.zeros(len(pure)) for path in moved if path not in slopes}
        for m in self.measurements:
            rows = self.rows[m.name]
            for nuisance, slope in (("offset", 1.0), ("scale", pure[rows]), ("holder", m.holder)):
                if (path := f"data.{m.name}.{nuisance}") in slopes:
                    slopes[path][rows] = slope
        return pure, slopes

    def slopes_of_glass(self, values, paths):
        """The bare model and {path: its derivative} by parameters of the glass."""
        if self.batch.additive:
            return self.batch.slopes(values, paths)
        glass, pure = self.glass_at(values), np.zeros(len(self.observed))
        slopes = {path: np.zeros(len(pure)) for path in paths}
        for row, rows, T, B, conditions, memory in self.groups:
            pure[rows], by_path = evaluation.derivatives(row, glass, T, B, paths, conditions, memory=memory)
            for path in paths:
                slopes[path][rows] = by_path[path]
        return pure, slopes
