"""The likelihood with its linear parameters integrated out, positivity included, for many parameter sets at once.

With whitened columns C (points x k) of the k linear parameters and whitened residuals r of the rest, F = C^T C and
a = F^-1 C^T r, flat priors on a box of volume V give

    ln L = -(r.r - a.C^T r)/2 + (k/2) ln 2 pi - (ln det F)/2 - ln V + ln P,

P the probability of N(a, F^-1) inside the box. A Normal prior is one more row of C and r. Noise that is estimated from
residuals is one more sampled coordinate, the logarithm of sigma, flat over a range that does not depend on the model;
so is the logarithm of a drift that is estimated.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from glasstunnel.errors import FitError, GlassTunnelError
from glasstunnel.inference.batches import ModelBatch
from glasstunnel.inference.boxes import log_box_probability, truncated_normals
from glasstunnel.inference.drifts import DRIFT_RANGE
from glasstunnel.inference.measurements import reference_sigma
from glasstunnel.inference.priors import Normal, Prior, Uniform
from glasstunnel.inference.problem import Problem
from glasstunnel.records import brief

#: Range of an estimated sigma: from this part to that multiple of the standard deviation of the measured values.
NOISE_RANGE = (1e-6, 10.0)
_FAR = 8.0  # a bound further away than this many standard deviations takes nothing away
_BLOCK = 64  # parameter sets that are evaluated together
_NO_EFFECT = 1e-30  # taken for the length of a column of zeros: its parameter is known by its prior alone
_PROBES = 1024  # points of the priors


@dataclass(frozen=True, eq=False)
class MarginalPosterior:
    """Density of the sampled coordinates of a problem, its linear parameters integrated out.

    The coordinates are those of `outer` (see `Prior.coordinate`), then ln(sigma/reference) of every dataset whose
    noise is estimated, then ln of every drift that is. `log_density` is likelihood times normalized prior, up to the
    constant -sum ln(sigma sqrt(2 pi)) that all models of the same data share. apart : linear parameters that are
    sampled all the same (see `inference.degeneracies`).
    """

    problem: Problem
    apart: tuple[str, ...] = ()

    __repr__ = brief

    @cached_property
    def inner(self) -> tuple[str, ...]:
        """The linear parameters that are integrated out: those with a flat or Normal prior."""
        flat = (name for name in self.problem.linear if not self.problem.priors[name].logarithmic)
        return tuple(name for name in flat if name not in self.apart)

    @cached_property
    def outer(self) -> tuple[str, ...]:
        """The sampled parameters."""
        return tuple(name for name in self.problem.names if name not in self.inner)

    @cached_property
    def noises(self) -> tuple[str, ...]:
        """Datasets whose noise is sampled."""
        return tuple(m.name for m in self.problem.measurements if m.estimated)

    @cached_property
    def drifts(self) -> tuple[str, ...]:
        """Datasets whose drift is sampled."""
        return tuple(m.name for m in self.problem.measurements if m.drift is not None and m.drift.estimated)

    @cached_property
    def references(self) -> dict[str, np.ndarray]:
        """{dataset: the sigma (points,) that its sampled noise is measured in}, the same for every model."""
        return {m.name: reference_sigma(m) for m in self.problem.measurements if m.estimated}

    @cached_property
    def priors(self) -> list[Prior]:
        """Priors of the sampled coordinates, in their order."""
        noise = Uniform(*(math.log(end) for end in NOISE_RANGE))
        drift = Uniform(*(math.log(end) for end in DRIFT_RANGE))
        return [*(self.problem.priors[name] for name in self.outer), *(noise for _ in self.noises),
                *(drift for _ in self.drifts)]  # fmt: skip

    @property
    def dimension(self) -> int:
        return len(self.priors)

    @cached_property
    def limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Ends of the priors in the coordinates."""
        low, high = zip(*(prior.limits for prior in self.priors), strict=True) if self.priors else ((), ())
        return np.array(low), np.array(high)

    @cached_property
    def batch(self) -> ModelBatch:
        return ModelBatch(self.problem)

    # --- density ----------------------------------------------------------------------------------------------------

    def log_prior(self, U: np.ndarray) -> np.ndarray:
        """ln of the normalized prior density of the sampled coordinates, (sets,); -inf outside."""
        low, high = self.limits
        inside = np.all((U >= low) & (U <= high), axis=1)
        total = np.zeros(len(U))
        for u, prior in zip(U.T, self.priors, strict=True):
            total += prior.log_density(u)
        return np.where(inside, total, -np.inf)

    def log_density(self, U: np.ndarray) -> np.ndarray:
        """ln(likelihood x prior) of the sampled coordinates U (sets, dimension), (sets,); -inf where there is none."""
        values = self.log_prior(U)
        for start in range(0, len(U), _BLOCK):
            rows = np.flatnonzero(np.isfinite(values[start : start + _BLOCK])) + start
            if len(rows):
                values[rows] += self._log_marginal(U[rows])
        return values

    def _log_marginal(self, U):
        residuals, columns, log_sigma = self.whitened(U)
        square = np.einsum("sn,sn->s", residuals, residuals)
        if not self.inner:
            values = -0.5 * square - log_sigma
        else:
            with np.errstate(all="ignore"):
                amplitudes, covariance, gain, log_det = _best_amplitudes(residuals, columns)
                volume = 0.5 * len(self.inner) * math.log(2.0 * math.pi) - 0.5 * log_det
                values = -0.5 * (square - gain) - log_sigma + volume
            values = values + self._log_box(amplitudes, covariance) - self._log_volume
        return np.where(np.isfinite(values), values, -np.inf)

    @cached_property
    def _log_volume(self):
        """ln of the normalization of the priors of the linear parameters, their box included."""
        return sum(-float(prior.log_density(np.array([prior.center]))[0]) for prior in self._inner_priors)

    @property
    def _inner_priors(self):
        return [self.problem.priors[name] for name in self.inner]

    @property
    def _box(self):
        """Lower and upper ends (k,) of the priors of the linear parameters."""
        priors = self._inner_priors
        return np.array([prior.lower for prior in priors]), np.array([prior.upper for prior in priors])

    def _log_box(self, amplitudes, covariance):
        """ln of the probability (sets,) of the linear parameters inside their box."""
        low, high = self._box
        sd = np.sqrt(np.einsum("skk->sk", covariance))
        low, high = (low - amplitudes) / sd, (high - amplitudes) / sd
        active = np.flatnonzero(np.any((low > -_FAR) | (high < _FAR), axis=0))
        if not len(active):
            return np.zeros(len(amplitudes))
        correlation = covariance / (sd[:, :, None] * sd[:, None, :])
        return log_box_probability(low[:, active], high[:, active], correlation[:, active][:, :, active])

    # --- the model, split ---------------------------------------------------------------------------------------------

    def whitened(self, U: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(residuals (sets, rows) without the linear parameters, their columns (sets, rows, k), sum of ln sigma).

        Rows are the measured points, then the Normal priors of linear parameters. NaN where there is no model.
        """
        Z = np.full((len(U), len(self.problem.names)), 1.0)
        for k, name in enumerate(self.outer):
            Z[:, self.problem.names.index(name)] = U[:, k]
        rest, columns = self.batch.split(Z, self.inner)
        sigma, log_sigma = self._sigma(U)
        residuals = (self.problem.observed - rest) / sigma
        columns = columns / sigma[:, :, None]
        if self.problem.drifting:
            residuals, columns, log_drift = self._without_drift(U, residuals, columns)
            log_sigma = log_sigma + log_drift
        priors = enumerate(self._inner_priors)
        rows = [(k, prior.mean, prior.sigma) for k, prior in priors if isinstance(prior, Normal)]
        for k, mean, width in rows:
            row = np.zeros((len(U), 1, len(self.inner)))
            row[:, 0, k] = 1.0 / width
            columns = np.concatenate([columns, row], axis=1)
            residuals = np.column_stack([residuals, np.full(len(U), mean / width)])
        return residuals, columns, log_sigma

    def _without_drift(self, U, residuals, columns):
        """Residuals and columns in the basis in which drift and noise are independent, and half the sum of ln det."""
        residuals, columns, log_drift = residuals.copy(), columns.copy(), np.zeros(len(U))
        for m in self.problem.measurements:
            if m.drift is None:
                continue
            rows, (values, vectors) = self.problem.rows[m.name], m.drift.basis
            amounts = np.full(len(U), m.drift.amount)
            if m.name in self.drifts:
                amounts = np.exp(U[:, len(self.outer) + len(self.noises) + self.drifts.index(m.name)])
            width = np.sqrt(1.0 + amounts[:, None] ** 2 * values)
            residuals[:, rows] = residuals[:, rows] @ vectors / width
            columns[:, rows] = np.einsum("snk,nm->smk", columns[:, rows], vectors) / width[:, :, None]
            log_drift += np.sum(np.log(width), axis=1)
        return residuals, columns, log_drift

    def _sigma(self, U):
        """(standard deviations (sets, points), sum of their logarithms up to a constant (sets,))."""
        sigma, log_sigma = np.tile(self.problem.sigma, (len(U), 1)), np.zeros(len(U))
        for m in self.problem.measurements:
            rows = self.problem.rows[m.name]
            if m.estimated:
                u = U[:, len(self.outer) + self.noises.index(m.name)]
                shape = m.sigma / np.exp(np.mean(np.log(m.sigma / self.references[m.name])))
                sigma[:, rows] = np.exp(u)[:, None] * shape
                log_sigma += len(m) * u
            elif m.fraction is not None:
                log_sigma += np.sum(np.log(m.sigma / reference_sigma(m)))
        return sigma, log_sigma

    def drawn_inner(self, U: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        """The linear parameters drawn from their truncated normal, given the sampled ones: (sets, k)."""
        if not self.inner:
            return np.empty((len(U), 0))
        low, high = self._box
        drawn = np.empty((len(U), len(self.inner)))
        for start in range(0, len(U), _BLOCK):
            residuals, columns, _ = self.whitened(U[start : start + _BLOCK])
            amplitudes, covariance, *_ = _best_amplitudes(residuals, columns)
            drawn[start : start + _BLOCK] = truncated_normals(amplitudes, covariance, low, high, generator)
        return drawn


def _best_amplitudes(residuals, columns):
    """(amplitudes, covariance, r.C a, ln det F) of each set; columns are scaled to unit length on the way."""
    scale = np.sqrt(np.einsum("snk,snk->sk", columns, columns))
    scale = np.where(scale > 0.0, scale, _NO_EFFECT)
    unit = columns / scale[:, None, :]
    fisher = np.einsum("snk,snl->skl", unit, unit) + 1e-13 * np.eye(columns.shape[2])
    pull = np.einsum("snk,sn->sk", unit, residuals)
    bad = ~(np.isfinite(fisher).all(axis=(1, 2)) & np.isfinite(pull).all(axis=1))
    fisher[bad], pull[bad] = np.eye(columns.shape[2]), np.nan
    covariance = np.linalg.inv(fisher)
    amplitudes = np.einsum("skl,sl->sk", covariance, pull)
    log_det = np.linalg.slogdet(fisher)[1] + 2.0 * np.sum(np.log(scale), axis=1)
    gain = np.einsum("sk,sk->s", amplitudes, pull)
    return amplitudes / scale, covariance / (scale[:, :, None] * scale[:, None, :]), gain, log_det


def physical_fraction(problem: Problem) -> float:
    """The part of the product of the priors for which there is a glass (ordered cutoffs), to a part in some hundred.

    `FitError` where there is hardly any. By a fixed Kronecker sequence: the same for every seed.
    """
    names, physical = list(problem.priors), 0
    root = _plastic(len(names))
    steps = (root ** -np.arange(1.0, len(names) + 1.0)) % 1.0
    for number in range(1, _PROBES + 1):
        shares = (0.5 + number * steps) % 1.0
        values = {name: problem.priors[name].quantile(float(p)) for name, p in zip(names, shares, strict=True)}
        try:
            physical += problem.is_physical(problem.coordinates(values))
        except GlassTunnelError:
            continue
    if not physical:
        reason = problem.unphysical(problem.coordinates(values))
        raise FitError(f"none of {_PROBES} points of the priors is physical ({reason}); narrow the priors, or tie one "
                       "parameter to another")  # fmt: skip
    return physical / _PROBES


def _plastic(dimensions):
    """The root above 1 of x^(d + 1) = x + 1, whose powers fill a cube evenly  [M. Roberts 2018]."""
    x = 2.0
    for _ in range(40):
        x = (1.0 + x) ** (1.0 / (dimensions + 1.0))
    return x
