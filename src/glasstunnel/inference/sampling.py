"""Samplers and evidence for a density that is cheap and has few dimensions. NumPy only; every draw follows a seed.

`frozen_importance`: a Student-t mixture adapted in rounds, then frozen; only fresh draws count.
`differential_evolution`: an ensemble for densities that no mixture matches [ter Braak, Stat. Comput. 16, 239 (2006);
ter Braak and Vrugt, ibid. 18, 435 (2008)], and `bridge_evidence` its evidence [Meng and Wong, Stat. Sinica 6, 831
(1996)].
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_FREEDOM = 5.0  # of the Student-t components
_BOUNDED = 8.0  # largest weight over the mean below which the weights count as bounded
_FROM_PRIOR = 0.02  # part of the draws that are the prior's, so that no mass is missed for good
_GOOD = 0.7  # efficiency of a round after which the proposal needs no more of them
Density = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class StudentMixture:
    """Multivariate Student-t components: weights (m,), means (m, d), lower triangles (m, d, d)."""

    weights: np.ndarray
    means: np.ndarray
    roots: np.ndarray

    @classmethod
    def single(cls, mean: np.ndarray, covariance: np.ndarray) -> "StudentMixture":
        """One component."""
        return cls(np.ones(1), mean[None], np.linalg.cholesky(_regular(covariance))[None])

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
        return np.array([np.sum(((x - mean) @ root.T) ** 2, axis=1)
                         for mean, root in zip(self.means, inverse, strict=True)])  # fmt: skip

    def fitted(self, x: np.ndarray, weights: np.ndarray, rounds: int = 1) -> "StudentMixture":
        """The mixture after expectation-maximization steps on weighted draws  [Peel and McLachlan 2000]."""
        mixture, d = self, x.shape[1]
        for _ in range(rounds):
            logs = np.log(mixture.weights)[:, None] + mixture._log_components(x)
            share = np.exp(logs - _log_sum(logs, axis=0)) * weights
            shrink = (_FREEDOM + d) / (_FREEDOM + mixture.distances(x))
            total = share.sum(axis=1) + 1e-300
            both = share * shrink
            means = (both @ x) / (both.sum(axis=1) + 1e-300)[:, None]
            off = x[None] - means[:, None]
            covariances = np.einsum("mn,mni,mnj->mij", both, off, off) / total[:, None, None]
            kept = total > 1e-4
            roots = np.array([np.linalg.cholesky(_regular(c)) for c in covariances[kept]])
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


def frozen_importance(density: Density, prior_draw, log_prior, mean, covariance, generator: np.random.Generator, *,
                      rounds: int = 3, size: int = 1000, fresh: int = 4000, progress=None) -> Sampled:
    """Importance sampling from a Student-t that starts at (mean, covariance), adapts, freezes; then fresh draws count.

    It adapts `rounds` times, or until a round is efficient.
    density(x) -> ln (n,); prior_draw(count) -> (count, d); log_prior(x) -> ln (n,).
    """
    mixture = StudentMixture.single(np.asarray(mean, dtype=float), np.asarray(covariance, dtype=float))
    first, calls, good = 0.0, 0, False
    for number in range(rounds + 1):
        frozen = good or number == rounds
        count = fresh if frozen else size
        from_prior = generator.random(count) < _FROM_PRIOR
        x = np.where(from_prior[:, None], prior_draw(count), mixture.draw(count, generator))
        values = density(x)
        calls += count
        if progress:
            progress(f"importance sampling, {calls} draws")
        proposal = np.logaddexp(math.log1p(-_FROM_PRIOR) + mixture.log_density(x), math.log(_FROM_PRIOR) + log_prior(x))
        log_weights = np.where(np.isfinite(values), values - proposal, -np.inf)
        if not np.isfinite(log_weights).any():
            return Sampled(x, np.full(count, 1.0 / count), -math.inf, math.inf, 0.0, 0.0, math.inf, calls,
                           "importance sampling", False, "no draw had any probability")  # fmt: skip
        weights = np.exp(log_weights - np.max(log_weights))
        normalized = weights / weights.sum()
        effective = 1.0 / float(np.sum(normalized**2))
        first = effective / count if number == 0 else first
        if frozen:
            break
        good = effective > _GOOD * count
        mixture = mixture.fitted(x, normalized, rounds=2)
    log_evidence = float(np.max(log_weights) + math.log(weights.mean()))
    error = math.sqrt(max(1.0 / effective - 1.0 / count, 0.0))
    k_hat = pareto_shape(log_weights[np.isfinite(log_weights)])
    if weights.max() < _BOUNDED * weights.mean():  # a plateau has no tail to extrapolate
        k_hat = min(k_hat, 0.0)
    trusted = first > 0.3 and k_hat < 0.7 and effective > 400.0
    return Sampled(x, normalized, log_evidence, error, effective, first, k_hat, calls, "importance sampling", trusted)


def differential_evolution(density: Density, start: np.ndarray, generator: np.random.Generator, *, most: int = 4000,
                           least: int = 400, progress=None) -> tuple[np.ndarray, np.ndarray, float, float, int]:
    """Chains of an ensemble (steps, walkers, d) after burn-in, their ln densities, R-hat, effective draws, calls.

    start : overdispersed walkers (an even number) with finite density. 80 % differential-evolution, 20 % snooker moves
    of one half of the walkers by the other; checked every `least` steps until R-hat < 1.01 and 400 effective draws.
    """
    walkers, d = start.shape
    half = walkers // 2
    x, values = start.copy(), density(start)
    chain, logs, calls = [], [], walkers
    scale = 2.38 / math.sqrt(2.0 * d)
    r_hat, effective = math.inf, 0.0
    for step in range(1, most + 1):
        for mine, other in ((slice(0, half), slice(half, walkers)), (slice(half, walkers), slice(0, half))):
            moved, log_factor = _proposal(x[mine], x[other], scale if step % 10 else 1.0, generator)
            new = density(moved)
            calls += half
            accept = np.log(generator.random(half)) < new - values[mine] + log_factor
            x[mine] = np.where(accept[:, None], moved, x[mine])
            values[mine] = np.where(accept, new, values[mine])
        chain.append(x.copy())
        logs.append(values.copy())
        if step % least == 0:
            kept = np.array(chain[len(chain) // 3 :])
            r_hat, effective = split_r_hat(kept), effective_draws(kept)
            if progress:
                progress(f"ensemble, step {step}: R-hat {r_hat:.3f}, {effective:.0f} effective draws")
            if r_hat < 1.01 and effective > 400.0:
                break
    burned = len(chain) // 3
    return np.array(chain[burned:]), np.array(logs[burned:]), r_hat, effective, calls


def _proposal(mine, others, scale, generator):
    count, d = mine.shape
    first, second, third = (generator.integers(0, len(others), count) for _ in range(3))
    second = np.where(second == first, (second + 1) % len(others), second)
    third = np.where((third == first) | (third == second), (np.maximum(first, second) + 1) % len(others), third)
    plain = mine + scale * (1.0 + 1e-3 * generator.standard_normal((count, 1))) * (others[first] - others[second])
    axis = mine - others[third]
    length = np.linalg.norm(axis, axis=1, keepdims=True)
    unit = axis / np.where(length > 0.0, length, 1.0)
    along = np.sum(unit * (others[first] - others[second]), axis=1, keepdims=True)
    snooker = mine + 1.7 * along * unit
    after = np.linalg.norm(snooker - others[third], axis=1, keepdims=True)
    chosen = generator.random((count, 1)) < 0.2
    with np.errstate(divide="ignore"):
        factor = np.where(chosen, (d - 1) * (np.log(after) - np.log(np.where(length > 0.0, length, 1.0))), 0.0)[:, 0]
    return np.where(chosen, snooker, plain), factor


def bridge_evidence(density: Density, chain: np.ndarray, logs: np.ndarray, generator: np.random.Generator, *,
                    components: int = 3, fresh: int = 6000) -> tuple[float, float]:
    """(ln evidence, its error) by bridge sampling: a mixture fitted to the first half, bridged with the second.

    [Meng and Wong 1996; error after Fruehwirth-Schnatter, Econometrics J. 7, 143 (2004), with the autocorrelation of
    the chain]
    """
    d = chain.shape[-1]
    middle = len(chain) // 2
    train = chain[:middle].reshape(-1, d)
    train = train[:: max(1, len(train) // 4000)]
    mixture = _mixture_of(train, components, generator)
    tested, tested_logs = chain[middle:].reshape(-1, d), logs[middle:].ravel()
    x = mixture.draw(fresh, generator)
    effective = max(effective_draws(chain[middle:]), 10.0)
    l1 = tested_logs - mixture.log_density(tested)
    l2 = density(x) - mixture.log_density(x)
    s1, s2 = effective / (effective + fresh), fresh / (effective + fresh)
    center = float(np.median(l1))
    e1, e2 = np.exp(np.clip(l1 - center, -700.0, 700.0)), np.exp(np.clip(l2 - center, -700.0, 700.0))
    ratio = 1.0
    for _ in range(1000):
        new = np.mean(e2 / (s1 * e2 + s2 * ratio)) / np.mean(1.0 / (s1 * e1 + s2 * ratio))
        if abs(new / ratio - 1.0) < 1e-12:
            break
        ratio = new
    f1, f2 = ratio / (s1 * e1 + s2 * ratio), e2 / ratio / (s1 * e2 / ratio + s2)
    error = math.sqrt(np.var(f2) / np.mean(f2) ** 2 / fresh + np.var(f1) / np.mean(f1) ** 2 / effective)
    return center + math.log(ratio), error


def _mixture_of(x, components, generator):
    """A Student mixture fitted to equally weighted draws, from random seeds."""
    d = x.shape[1]
    covariance = np.cov(x.T).reshape(d, d)
    seeds = x[generator.choice(len(x), components, replace=False)]
    root = np.linalg.cholesky(_regular(covariance))
    start = StudentMixture(np.full(components, 1.0 / components), seeds, np.repeat(root[None], components, axis=0))
    return start.fitted(x, np.full(len(x), 1.0 / len(x)), rounds=40)


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


def split_r_hat(chain: np.ndarray) -> float:
    """Largest split R-hat over the coordinates, four groups of walkers as chains  [Gelman et al. 2013]."""
    steps, walkers, d = chain.shape
    half = steps // 2
    groups, halves = np.array_split(np.arange(walkers), 4), (slice(0, half), slice(half, 2 * half))
    parts = [chain[rows][:, group].reshape(-1, d) for group in groups for rows in halves]
    count = min(map(len, parts))
    means = np.array([part.mean(axis=0) for part in parts])
    within = np.mean([part.var(axis=0, ddof=1) for part in parts], axis=0)
    between = count * means.var(axis=0, ddof=1)
    return float(np.max(np.sqrt(((count - 1) / count * within + between / count) / within)))


def effective_draws(chain: np.ndarray) -> float:
    """Smallest effective number of draws over the coordinates, autocorrelation averaged over the walkers."""
    steps, walkers, d = chain.shape
    found = []
    for k in range(d):
        x = chain[:, :, k] - chain[:, :, k].mean()
        power = np.abs(np.fft.rfft(x, 2 * steps, axis=0)) ** 2
        correlation = np.fft.irfft(power.mean(axis=1))[:steps]
        correlation = correlation / correlation[0]
        time = 2.0 * np.cumsum(correlation) - 1.0
        window = np.arange(steps) >= 5.0 * time  # Sokal's rule, as in emcee
        found.append(steps * walkers / max(1.0, time[np.argmax(window)] if window.any() else time[-1]))
    return float(min(found))


def _regular(covariance):
    scale = np.sqrt(np.maximum(np.diag(covariance), 1e-300))
    return covariance + 1e-10 * np.diag(scale**2)


def _log_sum(values, axis):
    top = np.max(values, axis=axis, keepdims=True)
    return np.squeeze(top, axis) + np.log(np.sum(np.exp(values - top), axis=axis))
