"""Importance sampling for a density that is cheap and has few dimensions. NumPy only; every draw follows a seed.

`frozen_importance`: a Student-t mixture adapted in rounds, then frozen; only fresh draws count. `ensembles` has what
takes over where its checks fail.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from glasstunnel.records import brief

_FREEDOM = 5.0  # of the Student-t components
_BOUNDED = 8.0  # largest weight over the mean below which the weights count as bounded
_FROM_PRIOR = 0.02  # part of the draws that are the prior's, so that no mass is missed for good
_EFFICIENT = 0.7  # efficiency of a round after which the proposal needs no more of them
Density = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class StudentMixture:
    """Multivariate Student-t components: weights (m,), means (m, d), lower triangles (m, d, d)."""

    weights: np.ndarray
    means: np.ndarray
    roots: np.ndarray

    __repr__ = brief

    @classmethod
    def single(cls, mean: np.ndarray, covariance: np.ndarray) -> "StudentMixture":
        """One component."""
        return cls(np.ones(1), mean[None], np.linalg.cholesky(regular(covariance))[None])

    def draw(self, count: int, generator: np.random.Generator) -> np.ndarray:
        """(count, d)."""
        which = generator.choice(len(self.weights), size=count, p=self.weights)
        normal = generator.standard_normal((count, self.means.shape[1]))
        stretch = np.sqrt(_FREEDOM / generator.chisquare(_FREEDOM, count))
        return self.means[which] + stretch[:, None] * np.einsum("nij,nj->ni", self.roots[which], normal)

    def log_density(self, x: np.ndarray) -> np.ndarray:
        """(n,)."""
        return _log_sum(np.log(self.weights)[:, None] + self._log_components(x), axis=0)

    def _log_components(self, x):
        d = x.shape[1]
        constant = (math.lgamma(0.5 * (_FREEDOM + d)) - math.lgamma(0.5 * _FREEDOM)
                    - 0.5 * d * math.log(_FREEDOM * math.pi))  # fmt: skip
        square = self.distances(x)
        log_det = np.sum(np.log(np.einsum("mii->mi", self.roots)), axis=1)
        return constant - log_det[:, None] - 0.5 * (_FREEDOM + d) * np.log1p(square / _FREEDOM)

    def distances(self, x: np.ndarray) -> np.ndarray:
        """Squared Mahalanobis distances (m, n)."""
        inverse = np.linalg.inv(self.roots)
        with np.errstate(over="ignore"):  # of a component that has shrunk to a point
            return np.array([np.sum(((x - mean) @ root.T) ** 2, axis=1)
                             for mean, root in zip(self.means, inverse, strict=True)])  # fmt: skip

    def fitted(self, x: np.ndarray, weights: np.ndarray, rounds: int = 1) -> "StudentMixture":
        """The mixture after expectation-maximization steps on weighted draws  [Peel and McLachlan 2000]."""
        mixture, d = self, x.shape[1]
        for _ in range(rounds):
            with np.errstate(over="ignore", invalid="ignore"):
                logs = np.log(mixture.weights)[:, None] + mixture._log_components(x)
            share = np.exp(logs - _log_sum(logs, axis=0)) * weights
            shrink = (_FREEDOM + d) / (_FREEDOM + mixture.distances(x))
            total = share.sum(axis=1) + 1e-300
            both = share * shrink
            means = (both @ x) / (both.sum(axis=1) + 1e-300)[:, None]
            off = x[None] - means[:, None]
            covariances = np.einsum("mn,mni,mnj->mij", both, off, off) / total[:, None, None]
            kept = (total > 1e-4) & np.isfinite(covariances).all(axis=(1, 2))
            if not kept.any():  # weights that no component can follow
                return mixture
            roots = np.array([np.linalg.cholesky(regular(c)) for c in covariances[kept]])
            mixture = StudentMixture(total[kept] / total[kept].sum(), means[kept], roots)
        return mixture


@dataclass(frozen=True, eq=False)
class Sampled:
    """Draws (n, d) with normalized weights (n,), ln of the evidence with its Monte-Carlo error, and what checks say.

    efficiency : effective draws over draws of the first round. k_hat : shape of the tail of the weights [Vehtari et
    al. 2024]. effective : effective number of draws. calls : evaluations of the density. trusted : the checks pass.
    """

    draws: np.ndarray
    weights: np.ndarray
    log_evidence: float
    log_evidence_error: float
    effective: float
    efficiency: float
    k_hat: float
    calls: int
    method: str
    trusted: bool
    remark: str = ""

    __repr__ = brief


def frozen_importance(density: Density, prior_draw, log_prior, mean, covariance, generator: np.random.Generator, *,
                      rounds: int = 3, size: int = 1000, fresh: int = 4000, progress=None) -> Sampled:
    """Importance sampling from a Student-t that starts at (mean, covariance), adapts, freezes; then fresh draws count.

    It adapts `rounds` times, or until a round is efficient.
    density(x) -> ln (n,); prior_draw(count) -> (count, d); log_prior(x) -> ln (n,).
    """
    mixture = StudentMixture.single(np.asarray(mean, dtype=float), np.asarray(covariance, dtype=float))
    first_efficiency, calls, efficient = 0.0, 0, False
    for number in range(rounds + 1):
        frozen = efficient or number == rounds
        count = fresh if frozen else size
        from_prior = generator.random(count) < _FROM_PRIOR
        x = np.where(from_prior[:, None], prior_draw(count), mixture.draw(count, generator))
        values = density(x)
        calls += count
        if progress:
            progress(f"importance sampling, draw {calls} of {calls if frozen else rounds * size + fresh}")
        proposal = np.logaddexp(math.log1p(-_FROM_PRIOR) + mixture.log_density(x), math.log(_FROM_PRIOR) + log_prior(x))
        log_weights = np.where(np.isfinite(values), values - proposal, -np.inf)
        if not np.isfinite(log_weights).any():
            return Sampled(x, np.full(count, 1.0 / count), -math.inf, math.inf, 0.0, 0.0, math.inf, calls,
                           "importance sampling", False, "no draw had any probability")  # fmt: skip
        weights = np.exp(log_weights - np.max(log_weights))
        normalized = weights / weights.sum()
        effective = 1.0 / float(np.sum(normalized**2))
        first_efficiency = effective / count if number == 0 else first_efficiency
        if frozen:
            break
        efficient = effective > _EFFICIENT * count
        mixture = mixture.fitted(x, normalized, rounds=2)
    log_evidence = float(np.max(log_weights) + math.log(weights.mean()))
    error = math.sqrt(max(1.0 / effective - 1.0 / count, 0.0))
    k_hat = pareto_shape(log_weights[np.isfinite(log_weights)])
    if weights.max() < _BOUNDED * weights.mean():  # a plateau has no tail to extrapolate
        k_hat = min(k_hat, 0.0)
    trusted = first_efficiency > 0.3 and k_hat < 0.7 and effective > 400.0
    return Sampled(x, normalized, log_evidence, error, effective, first_efficiency, k_hat, calls,
                   "importance sampling", trusted)  # fmt: skip


# --- checks --------------------------------------------------------------------------------------------------------


def pareto_shape(log_weights: np.ndarray) -> float:
    """k-hat of the largest weights: below 0.5 their mean has a variance, up to 0.7 it is usable.

    [Zhang and Stephens, Technometrics 51, 316 (2009); Vehtari et al., J. Mach. Learn. Res. 25, 72 (2024)]
    """
    count = len(log_weights)
    tail = min(count // 5, int(3.0 * math.sqrt(count)))
    if tail < 5:
        return math.inf
    ordered = np.sort(log_weights)
    excess = np.exp(ordered[-tail:] - ordered[-1]) - math.exp(ordered[-tail - 1] - ordered[-1])
    if excess[-1] <= 1e-12:
        return -math.inf
    return _generalized_pareto(excess)


def _generalized_pareto(x):
    n = len(x)
    m = 30 + int(math.sqrt(n))
    j = np.arange(1, m + 1)
    b = 1.0 / x[-1] + (1.0 - np.sqrt(m / (j - 0.5))) / (3.0 * max(x[int(n / 4 + 0.5) - 1], 1e-300))
    k = np.mean(np.log1p(-b[:, None] * x), axis=1)
    likelihood = n * (np.log(-b / k) - k - 1.0)
    weights = 1.0 / np.sum(np.exp(likelihood - likelihood[:, None]), axis=1)
    best = float(np.sum(b * weights) / np.sum(weights))
    shape = float(np.mean(np.log1p(-best * x)))
    return (n * shape + 10.0 * 0.5) / (n + 10.0)


def regular(covariance: np.ndarray) -> np.ndarray:
    """A covariance that has a Cholesky factor whatever its rounding."""
    scale = np.sqrt(np.maximum(np.diag(covariance), 1e-300))
    return covariance + 1e-10 * np.diag(scale**2)


def _log_sum(values, axis):
    top = np.maximum(np.max(values, axis=axis, keepdims=True), -1e300)
    return np.squeeze(top, axis) + np.log(np.sum(np.exp(values - top), axis=axis))
