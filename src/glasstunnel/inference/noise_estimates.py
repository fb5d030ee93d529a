"""Noise that follows from residuals: the degrees of freedom behind it, and tests that allow for its error.

sigma of every such run is that of the restricted likelihood: its sum of squares over its points less what the fit used
up of *them*. Estimated weights make a prediction less certain than they say, and its chi-square an F: both after
Kenward and Roger [Biometrics 53, 983 (1997)], of whose method Student's t, Welch's test and the F of one common sigma
are special cases.
"""

from dataclasses import dataclass

import numpy as np

from glasstunnel.inference.identifiability import coordinate_covariance
from glasstunnel.inference.intervals import johansen_p_value
from glasstunnel.records import brief

_TOO_FEW = 0.8  # of A2/l: behind about 2.5 degrees of freedom the moments of F do not exist


@dataclass(frozen=True, eq=False)
class EstimatedNoise:
    """What the runs say whose sigma follows from their residuals, around a minimum.

    covariance : of all coordinates z, (p, p). shares : {run: its part (p, p) of the information on z}. freedom : {run:
    points less what the fit used up of them}. spread : covariance (runs, runs) of ln sigma^2 of these runs.
    """

    covariance: np.ndarray
    shares: dict[str, np.ndarray]
    freedom: dict[str, float]
    spread: np.ndarray

    __repr__ = brief

    @property
    def widened(self) -> np.ndarray:
        """The covariance of z, with what the errors of the weights add to it  [Kenward and Roger 1997, Sec. 2]."""
        C, shares = self.covariance, list(self.shares.values())
        added = np.zeros_like(C)
        for a, first in enumerate(shares):
            added += self.spread[a, a] * first
            for b, second in enumerate(shares):
                added -= self.spread[a, b] * first @ C @ second
        return C + 2.0 * C @ added @ C


def estimated_noise(problem, z) -> EstimatedNoise:
    """The `EstimatedNoise` of a problem at coordinates z, in units of the sigma that it has there."""
    slopes = problem.jacobian(z)
    covariance = coordinate_covariance(problem, slopes)
    runs = [m for m in problem.measurements if m.estimated]
    shares = {m.name: slopes[problem.rows[m.name]].T @ slopes[problem.rows[m.name]] for m in runs}
    used = [covariance @ share for share in shares.values()]
    information = np.array([[0.5 * np.sum(first * second.T) for second in used] for first in used])
    information = information.reshape(len(runs), len(runs))
    for a, (m, first) in enumerate(zip(runs, used, strict=True)):
        information[a, a] += 0.5 * len(m) - np.trace(first)
    freedom = {m.name: len(m) - float(np.trace(first)) for m, first in zip(runs, used, strict=True)}
    return EstimatedNoise(covariance, shares, freedom, np.linalg.pinv(information))


def kenward_roger_p_value(chi2: float, covariance: np.ndarray, parts, spread: np.ndarray) -> float:
    """Chance of at least such a chi-square of a deviation with covariance (l, l), its noise being estimated.

    parts : the share (l, l) that each estimated variance has in the covariance; spread : covariance of the logarithms
    of these variances. Johansen's approximation where an F of the wanted moments does not exist.

    >>> one = np.eye(2)  # one variance behind all, 7 degrees of freedom: F of 2 and 7
    >>> from scipy.stats import f
    >>> bool(abs(kenward_roger_p_value(9.0, one, [one], np.array([[2.0 / 7.0]])) - f.sf(4.5, 2, 7)) < 1e-12)
    True
    """
    from scipy.special import chdtrc, fdtrc

    size = len(covariance)
    relative = [np.linalg.solve(covariance, part) for part in parts]
    traces = np.array([np.trace(part) for part in relative])
    first = float(traces @ spread @ traces) if len(relative) else 0.0
    second = float(sum(spread[a, b] * np.sum(one * other.T)
                       for a, one in enumerate(relative) for b, other in enumerate(relative)))  # fmt: skip
    if second <= 1e-12:
        return float(chdtrc(size, chi2))
    scale, freedom = _moments(size, first, second)
    if second > _TOO_FEW * size or freedom <= 2.0:
        return johansen_p_value(chi2, size, 0.25 * (first + second))
    return float(fdtrc(size, freedom, scale * chi2 / size))


def _moments(size, first, second):
    """(factor on F, degrees of freedom of its denominator)  [Kenward and Roger 1997, Eqs. 6-8: A1, A2]."""
    g = ((size + 1) * first - (size + 4) * second) / ((size + 2) * second)
    B, whole = (first + 6.0 * second) / (2.0 * size), 3.0 * size + 2.0 * (1.0 - g)
    one, two, three = 1.0 + B * g / whole, 1.0 - B * (size - g) / whole, 1.0 - B * (size + 2.0 - g) / whole
    left = 1.0 - second / size  # one over the mean of F
    excess = one * left**2 - two**2 * three
    freedom = 4.0 + (size + 2.0) * two**2 * three / excess if excess > 0.0 else np.inf
    return (left * freedom / (freedom - 2.0) if np.isfinite(freedom) else left), freedom
