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

from glasstunnel.errors import GlassTunnelError
from glasstunnel.inference.batches import ModelBatch
from glasstunnel.inference.drifts import DRIFT_RANGE
from glasstunnel.inference.measurements import reference_sigma
from glasstunnel.inference.priors import Normal, Prior, Uniform
from glasstunnel.inference.problem import Problem

#: Range of an estimated sigma: from this part to that multiple of the standard deviation of the measured values.
NOISE_RANGE = (1e-6, 10.0)
_FAR = 8.0  # a bound further away than this many standard deviations takes nothing away
_NODES = 24  # of the Gauss rule per dimension in `box_probability`
_BLOCK = 64  # parameter sets that are evaluated together


@dataclass(frozen=True, eq=False)
class MarginalPosterior:
    """Density of the sampled coordinates of a problem, its linear parameters integrated out.

    The coordinates are those of `outer` (see `Prior.coordinate`), then ln(sigma/reference) of every dataset whose
    noise is estimated, then ln of every drift that is. `log_density` is likelihood times normalized prior, up to the
    constant -sum ln(sigma sqrt(2 pi)) that all models of the same data share.
    """

    problem: Problem

    @cached_property
    def inner(self) -> tuple[str, ...]:
        """The linear parameters that are integrated out: those with a flat or Normal prior."""
        return tuple(name for name in self.problem.linear if not self.problem.priors[name].logarithmic)

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
        return np.log(box_probability(low[:, active], high[:, active], correlation[:, active][:, :, active]))

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
            drawn[start : start + _BLOCK] = _truncated_normals(amplitudes, covariance, low, high, generator)
        return drawn


def _truncated_normals(means, covariances, low, high, generator):
    """One draw for each of many normals inside a box: tries for all at once, then one by one what is left."""
    drawn = np.empty_like(means)
    left = np.arange(len(means))
    diagonal = np.einsum("skk->sk", covariances)
    roots = np.linalg.cholesky(covariances + 1e-14 * diagonal[:, :, None] * np.eye(means.shape[1]))
    for _ in range(12):
        tries = means[left] + np.einsum("skl,sl->sk", roots[left], generator.standard_normal((len(left), len(low))))
        inside = np.all((tries >= low) & (tries <= high), axis=1)
        drawn[left[inside]] = tries[inside]
        left = left[~inside]
        if not len(left):
            return drawn
    for row in left:
        drawn[row] = truncated_normal(means[row], covariances[row], low, high, generator)
    return drawn


def _best_amplitudes(residuals, columns):
    """(amplitudes, covariance, r.C a, ln det F) of each set; columns are scaled to unit length on the way."""
    scale = np.sqrt(np.einsum("snk,snk->sk", columns, columns))
    scale = np.where(scale > 0.0, scale, 1.0)
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


def box_probability(low: np.ndarray, high: np.ndarray, correlation: np.ndarray) -> np.ndarray:
    """Probability of a standard normal with the given correlation inside a box; low, high (sets, k) in deviations.

    Genz's separation of variables  [J. Comput. Graph. Stat. 1, 141 (1992)] with a fixed Gauss-Legendre rule for up to
    three dimensions, a fixed Sobol sequence beyond; smooth in its arguments.

    >>> box_probability(np.array([[0.0, 0.0]]), np.array([[np.inf, np.inf]]), np.array([[[1.0, 0.5], [0.5, 1.0]]]))
    array([0.333...])
    """
    from scipy.special import log_ndtr, ndtr, ndtri

    sets, k = low.shape
    triangle = np.linalg.cholesky(correlation + 1e-12 * np.eye(k))
    nodes, weights = _unit_cube_rule(k - 1)
    total, y = np.ones((sets, len(nodes))), np.empty((k, sets, len(nodes)))
    for i in range(k):
        shift = np.einsum("sj,jsn->sn", triangle[:, i, :i], y[:i]) if i else np.zeros((sets, len(nodes)))
        a, b = ((ends[:, i, None] - shift) / triangle[:, i, i, None] for ends in (low, high))
        flipped = a > 0.0  # in the upper tail, where ndtr rounds to 1
        a, b = np.where(flipped, -b, a), np.where(flipped, -a, b)
        below, above = ndtr(a), ndtr(b)
        width = np.where(b < -35.0, np.exp(np.maximum(log_ndtr(b), -700.0)), above - below)
        total *= width
        if i < k - 1:
            inside = ndtri(np.clip(below + nodes[:, i] * width, 1e-300, 1.0 - 1e-16))
            inside = np.clip(inside, np.maximum(a, -37.0), np.minimum(b, 37.0))
            y[i] = np.where(flipped, -inside, inside)
    return np.maximum(total @ weights, 1e-300)


def _unit_cube_rule(dimensions):
    """(nodes (n, dimensions), weights (n,)) on the unit cube."""
    if dimensions == 0:
        return np.empty((1, 0)), np.ones(1)
    if dimensions <= 2:
        x, w = np.polynomial.legendre.leggauss(_NODES)
        x, w = 0.5 * (x + 1.0), 0.5 * w
        grid = np.stack([axis.ravel() for axis in np.meshgrid(*[x] * dimensions, indexing="ij")], axis=1)
        return grid, np.prod(np.stack(np.meshgrid(*[w] * dimensions, indexing="ij")), axis=0).ravel()
    from scipy.stats import qmc

    nodes = qmc.Sobol(dimensions, seed=0).random(1024)  # pyright: ignore[reportCallIssue]  # `rng` from SciPy 1.15 on
    return nodes, np.full(len(nodes), 1.0 / len(nodes))


def truncated_normal(mean, covariance, low, high, generator: np.random.Generator) -> np.ndarray:
    """One draw of a normal inside a box: by rejection where that is quick, else by a Gibbs sampler."""
    from scipy.special import ndtr, ndtri

    root = np.linalg.cholesky(covariance + 1e-14 * np.diag(np.diag(covariance)))
    tries = mean + generator.standard_normal((256, len(mean))) @ root.T
    inside = np.flatnonzero(np.all((tries >= low) & (tries <= high), axis=1))
    if len(inside):
        return tries[inside[0]]
    precision = np.linalg.inv(covariance)
    x = np.clip(mean, low, high)
    for _ in range(60):
        for i in range(len(x)):
            sd = 1.0 / math.sqrt(precision[i, i])
            center = x[i] - (precision[i] @ (x - mean)) * sd**2
            a, b = ((end - center) / sd for end in (low[i], high[i]))
            sign = -1.0 if a > 0.0 else 1.0
            a, b = (-b, -a) if a > 0.0 else (a, b)
            p = ndtr(a) + generator.random() * (ndtr(b) - ndtr(a))
            x[i] = np.clip(center + sign * sd * (ndtri(p) if p > 0.0 else b), low[i], high[i])
    return x


def physical_fraction(problem: Problem, generator: np.random.Generator, draws: int = 500) -> float:
    """The part of the product of the priors for which there is a glass (ordered cutoffs)."""
    physical = 0
    for _ in range(draws):
        z = problem.coordinates({name: prior.draw(generator) for name, prior in problem.priors.items()})
        try:
            physical += problem.is_physical(z)
        except GlassTunnelError:
            continue
    return physical / draws
