"""Degrees of freedom behind the noise that a fit estimates from its residuals, and behind its errors."""

import numpy as np

from glasstunnel.inference.identifiability import bounds_reached, floored_covariance
from glasstunnel.inference.intervals import standard_quantile
from glasstunnel.inference.leverages import behind_directions, covariance_of_weights, is_uncertain, noise_degrees


def noise_freedoms(problem, z) -> dict[str, float]:
    """{dataset: degrees of freedom behind its sigma} where residuals or repeats tell it, at the minimum z."""
    return noise_degrees(problem, *_slopes_and_covariance(problem, z)) if _estimates(problem) else {}


def freedoms_behind(problem, z, gradients: np.ndarray) -> np.ndarray:
    """Degrees of freedom behind the errors of combinations gradients (k, parameters) of the coordinates, (k,)."""
    if not _estimates(problem):
        return np.full(len(gradients), np.inf)
    return behind_directions(problem, *_slopes_and_covariance(problem, z), gradients)


def widened_covariance(problem, z, covariance: np.ndarray) -> np.ndarray:
    """A covariance of all coordinates with what weighing datasets by estimated noise adds to it."""
    if not _estimates(problem):
        return covariance
    return covariance + covariance_of_weights(problem, *_slopes_and_covariance(problem, z))


def errors_of_combinations(problem, z, gradients: np.ndarray, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(standard error (k,), degrees of freedom behind it (k,)) of combinations gradients (k, parameters) of the
    coordinates with this covariance."""
    variance = np.einsum("kp,pq,kq->k", gradients, covariance, gradients)
    return np.sqrt(np.maximum(variance, 0.0)), freedoms_behind(problem, z, gradients)


def standard_quantiles(level: float, freedoms: np.ndarray) -> np.ndarray:
    """`standard_quantile` for an array of degrees of freedom."""
    from scipy.special import stdtrit

    known = np.isinf(freedoms)
    return np.where(known, standard_quantile(level), stdtrit(np.where(known, 1.0, freedoms), 0.5 * (1.0 + level)))


def widenings(problem, z) -> np.ndarray:
    """Factor on the variance of every coordinate because its noise is estimated: see `covariance_of_weights`."""
    if not _estimates(problem):
        return np.ones(len(problem.names))
    slopes, covariance = _slopes_and_covariance(problem, z)
    return 1.0 + np.diag(covariance_of_weights(problem, slopes, covariance)) / np.diag(covariance)


def _estimates(problem):
    return any(map(is_uncertain, problem.measurements))


def _slopes_and_covariance(problem, z):
    """Whitened slopes of what is not held at a bound (zeros elsewhere), and the covariance of all coordinates."""
    slopes = problem.jacobian(z)
    held = [problem.names.index(name) for name in bounds_reached(problem, z, slopes)]
    slopes[: len(problem.observed), held] = 0.0
    return slopes[: len(problem.observed)], floored_covariance(problem, slopes)
