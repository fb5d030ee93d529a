"""Many normals cut to one box: the probability inside and draws from it, also far out in their tails.

What a bound takes away of a linear parameter that is integrated out. Where the box lies deep in the tails no rule with
fixed nodes sees its edge; there the probability is that of expectation propagation, whose error is below 1e-3 in its
logarithm once the probability is below e^-11 (tested against integrals).
"""

import math

import numpy as np

_NODES = 24  # of the Gauss rule per dimension
_DEEP = -11.0  # ln of a probability below which expectation propagation takes over
_ROUNDS = 60  # of it, at most
_SWEEPS = 40  # of the Gibbs sampler
_NARROW = 1e-5  # width in standard deviations below which a normal is flat
_TAIL = 15.0  # standard deviations beyond which a normal falls like an exponential


def log_box_probability(low: np.ndarray, high: np.ndarray, correlation: np.ndarray) -> np.ndarray:
    """ln of the probability of standard normals with the given correlations inside a box, (sets,).

    low, high : (sets, k) in standard deviations. Genz's separation of variables  [J. Comput. Graph. Stat. 1, 141
    (1992)] with a fixed Gauss-Legendre rule for up to three dimensions, a fixed Sobol sequence beyond; where the box is
    deep in the tails, expectation propagation  [J. P. Cunningham, P. Hennig, S. Lacoste-Julien, arXiv 1111.6832].

    >>> two = log_box_probability(np.zeros((1, 2)), np.full((1, 2), np.inf), np.array([[[1.0, 0.5], [0.5, 1.0]]]))
    >>> np.exp(two)
    array([0.333...])
    """
    if low.shape[1] == 1:
        return _log_width(low[:, 0], high[:, 0])
    found = _separated(low, high, correlation)
    deep = found < _DEEP
    if deep.any():
        found[deep] = _propagated(low[deep], high[deep], correlation[deep], found[deep])
    # Millions of standard deviations out no digit is left; but a box is never more probable than one pair of its sides.
    return np.minimum(found, np.min(_log_width(low, high), axis=1))


def _separated(low, high, correlation):
    """Genz's separation of variables at fixed nodes."""
    from scipy.special import logsumexp

    sets, k = low.shape
    triangle = np.linalg.cholesky(correlation + 1e-12 * np.eye(k))
    nodes, weights = _unit_cube_rule(k - 1)
    total, y = np.zeros((sets, len(nodes))), np.empty((k, sets, len(nodes)))
    for i in range(k):
        shift = np.einsum("sj,jsn->sn", triangle[:, i, :i], y[:i]) if i else np.zeros((sets, len(nodes)))
        a, b = ((ends[:, i, None] - shift) / triangle[:, i, i, None] for ends in (low, high))
        total += _log_width(a, b)
        if i < k - 1:
            y[i] = _quantile(a, b, nodes[:, i])
    return np.asarray(logsumexp(total, axis=1, b=weights))


def _unit_cube_rule(dimensions):
    """(nodes (n, dimensions), weights (n,)) on the unit cube."""
    if dimensions <= 2:
        x, w = np.polynomial.legendre.leggauss(_NODES)
        x, w = 0.5 * (x + 1.0), 0.5 * w
        grid = np.stack([axis.ravel() for axis in np.meshgrid(*[x] * dimensions, indexing="ij")], axis=1)
        return grid, np.prod(np.stack(np.meshgrid(*[w] * dimensions, indexing="ij")), axis=0).ravel()
    from scipy.stats import qmc

    nodes = qmc.Sobol(dimensions, seed=0).random(1024)  # pyright: ignore[reportCallIssue]  # `rng` from SciPy 1.15 on
    return nodes, np.full(len(nodes), 1.0 / len(nodes))


def _propagated(low, high, correlation, otherwise):
    """Expectation propagation: every bound replaced by the normal factor that leaves its moments; (sets,)."""
    sets, k = low.shape
    inverse = np.linalg.inv(correlation + 1e-12 * np.eye(k))
    tau, nu = np.zeros((sets, k)), np.zeros((sets, k))  # precision and precision times mean of the factors
    with np.errstate(all="ignore"):
        for _ in range(_ROUNDS):
            before = tau.copy()
            for i in range(k):
                covariance, mean = _together(inverse, tau, nu)
                own_tau = 1.0 / covariance[:, i, i] - tau[:, i]
                own_nu = mean[:, i] / covariance[:, i, i] - nu[:, i]
                sd, center = 1.0 / np.sqrt(own_tau), own_nu / own_tau
                _, m, v = _moments((low[:, i] - center) / sd, (high[:, i] - center) / sd)
                tau[:, i] = np.maximum(1.0 / (v * sd**2) - own_tau, 0.0)
                nu[:, i] = (center + sd * m) / (v * sd**2) - own_nu
            if np.max(np.abs(tau - before) / (1.0 + tau)) < 1e-9:
                break
        covariance, mean = _together(inverse, tau, nu)
        diagonal = np.einsum("skk->sk", covariance)
        own_tau, own_nu = 1.0 / diagonal - tau, mean / diagonal - nu
        sd, center = 1.0 / np.sqrt(own_tau), own_nu / own_tau
        factors = (_moments((low - center) / sd, (high - center) / sd)[0] + 0.5 * np.log1p(tau / own_tau)
                   + 0.5 * (own_nu**2 / own_tau - (own_nu + nu) ** 2 / (own_tau + tau)))  # fmt: skip
        volume = 0.5 * (np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(inverse)[1])
        found = np.sum(factors, axis=1) + volume + 0.5 * np.einsum("sk,skl,sl->s", nu, covariance, nu)
    return np.where(np.isfinite(found), found, otherwise)


def _together(inverse, tau, nu):
    """(covariance, mean) of the normal times all factors."""
    covariance = np.linalg.inv(inverse + tau[:, :, None] * np.eye(tau.shape[1]))
    return covariance, np.einsum("skl,sl->sk", covariance, nu)


# --- one dimension -------------------------------------------------------------------------------------------------


def _lower_half(a, b):
    """(turned round, a, b): ends mirrored where they lie in the upper half, in which probabilities round to 1."""
    turned = a > 0.0
    return turned, np.where(turned, -b, a), np.where(turned, -a, b)


def _log_width(a, b):
    """ln of the probability of a standard normal between a and b."""
    from scipy.special import log_ndtr, ndtr

    _, a, b = _lower_half(a, b)
    with np.errstate(all="ignore"):
        plain = ndtr(b) - ndtr(a)
        found, hard = np.log(plain), (plain < 1e-12) | (b - a < _NARROW)
        if hard.any():
            a, b = a[hard], b[hard]
            upper = log_ndtr(b)
            width = upper + np.log(-np.expm1(np.minimum(log_ndtr(a) - upper, 0.0)))
            flat = (b - a) * (1.0 + np.abs(b)) < _NARROW
            found[hard] = np.where(flat, -0.125 * (a + b) ** 2 - 0.5 * math.log(2.0 * math.pi) + np.log(b - a), width)
        return found


def _moments(a, b):
    """(ln probability, mean, variance) of a standard normal between a and b."""
    turned, a, b = _lower_half(a, b)
    log_width = _log_width(a, b)
    with np.errstate(all="ignore"):
        at_a, at_b = (np.where(np.isfinite(x), np.exp(-0.5 * x**2 - 0.5 * math.log(2.0 * math.pi) - log_width), 0.0)
                      for x in (a, b))  # fmt: skip
        mean = at_a - at_b
        variance = 1.0 + np.where(at_a > 0.0, a * at_a, 0.0) - np.where(at_b > 0.0, b * at_b, 0.0) - mean**2
        # Far out nearly exponential from b down, over `length` decay lengths to a.
        length = np.minimum((a - b) * b, 700.0)
        deep = b < -_TAIL
        whole = length > 40.0
        step = np.where(whole, 1.0 - 2.0 / b**2, 1.0 - length / np.expm1(length)) / -b
        spread = np.where(whole, 1.0 - 6.0 / b**2, 1.0 - length**2 * np.exp(-length) / np.expm1(-length) ** 2) / b**2
        mean = np.clip(np.where(deep, b - step, mean), a, b)
        variance = np.clip(np.where(deep, spread, variance), 1e-300, 1.0)
    return log_width, np.where(turned, -mean, mean), variance


def _quantile(low, high, p):
    """The point below which a standard normal between low and high has the share p (from either end)."""
    from scipy.special import ndtr, ndtri

    turned, a, b = _lower_half(low, high)
    with np.errstate(all="ignore"):
        plain = ndtri(ndtr(a) + p * (ndtr(b) - ndtr(a)))
        tail = -np.sqrt(b**2 - 2.0 * np.log1p(p * np.expm1(0.5 * (b**2 - a**2))))  # far out: |x| exp(-x^2/2)
        found = np.where(b - a < _NARROW, a + p * (b - a), plain)
        found = np.clip(np.where(b < -2.0 * _TAIL, tail, found), a, b)
    return np.where(turned, -found, found)


# --- draws ---------------------------------------------------------------------------------------------------------


def truncated_normals(means: np.ndarray, covariances: np.ndarray, low, high,
                      generator: np.random.Generator) -> np.ndarray:
    """One draw for each of many normals inside a box: tries for all at once, then Gibbs sampling of what is left."""
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
    drawn[left] = _gibbs(means[left], covariances[left], low, high, generator)
    return drawn


def _gibbs(means, covariances, low, high, generator):
    """Draws (sets, k) inside the box after sweeps along its axes and the principal axes of each normal."""
    k = means.shape[1]
    precision = np.linalg.inv(covariances)
    sd = np.sqrt(np.einsum("skk->sk", covariances))
    principal = np.linalg.eigh(covariances / (sd[:, :, None] * sd[:, None, :]))[1] * sd[:, :, None]
    x = np.clip(means, low, high)
    for step in range(_SWEEPS * 2 * k):
        place = step % (2 * k)
        direction = principal[:, :, place - k] if place >= k else np.tile(np.eye(k)[place], (len(x), 1))
        pulled = np.einsum("sk,skl->sl", direction, precision)
        width = 1.0 / np.sqrt(np.einsum("sk,sk->s", pulled, direction))
        center = -np.einsum("sk,sk->s", pulled, x - means) * width**2
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = np.sort(np.stack([(low - x) / direction, (high - x) / direction]), axis=0)
        still = direction == 0.0
        near = np.max(np.where(still, -np.inf, ends[0]), axis=1)
        far = np.min(np.where(still, np.inf, ends[1]), axis=1)
        t = center + width * _quantile((near - center) / width, (far - center) / width, generator.random(len(x)))
        x = np.clip(x + t[:, None] * direction, low, high)
    return x
