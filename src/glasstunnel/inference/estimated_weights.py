"""Tests of predictions whose noise, and with it the weight of every dataset, is an estimate.

Were all datasets known to have one common sigma, chi-square of a prediction over its directions would be an exact F.
Where each has its own, it is nearly one, with a factor and degrees of freedom after Kenward and Roger [Biometrics 53,
983 (1997)]: Student's t, Welch's test and the F of one common sigma are special cases.
"""

from dataclasses import dataclass, replace

import numpy as np

from glasstunnel.inference.freedoms import noise_freedoms, widened_covariance
from glasstunnel.inference.identifiability import coordinate_covariance
from glasstunnel.inference.intervals import johansen_p_value
from glasstunnel.inference.leverages import is_uncertain
from glasstunnel.records import brief

_TOO_FEW = 0.8  # of A2/l: behind about 2.5 degrees of freedom the moments of F do not exist


@dataclass(frozen=True, eq=False)
class NoiseEstimates:
    """What the datasets say whose sigma is an estimate, around a minimum.

    covariance : of all coordinates z, (p, p), as if every sigma were known. widened : with what the estimated weights
    add to it. shares : {dataset: its part (p, p) of the information on z}. freedom : {dataset: degrees of freedom
    behind its sigma}. spread : covariance of ln sigma^2 of these datasets.
    """

    covariance: np.ndarray
    widened: np.ndarray
    shares: dict[str, np.ndarray]
    freedom: dict[str, float]
    spread: np.ndarray

    __repr__ = brief

    def beside(self, variances: np.ndarray) -> "NoiseEstimates":
        """The same with more coordinates, of which only these variances are known."""
        more = len(variances) - len(self.covariance)
        added = np.diag(variances)
        return replace(self, covariance=np.pad(self.covariance, (0, more)) + added,
                       widened=np.pad(self.widened, (0, more)) + added,
                       shares={name: np.pad(share, (0, more)) for name, share in self.shares.items()})  # fmt: skip


def noise_estimates(problem, z) -> NoiseEstimates:
    """The `NoiseEstimates` of a problem at coordinates z, in units of the sigma that it has there.

    ln sigma^2 scatters as the restricted likelihood says where it follows from residuals, by 2/freedom where it does
    from repeats.
    """
    slopes = problem.jacobian(z)
    covariance, datasets = coordinate_covariance(problem, slopes), list(filter(is_uncertain, problem.measurements))
    freedom = noise_freedoms(problem, z)
    shares = {m.name: slopes[problem.rows[m.name]].T @ slopes[problem.rows[m.name]] for m in datasets}
    used = {name: covariance @ share for name, share in shares.items()}
    information = np.diag([0.5 * (len(m) - 2.0 * np.trace(used[m.name]) if m.estimated else freedom[m.name])
                           for m in datasets])  # fmt: skip
    for a, first in enumerate(datasets):
        for b, second in enumerate(datasets):
            if first.estimated and second.estimated:
                information[a, b] += 0.5 * np.sum(used[first.name] * used[second.name].T)
    return NoiseEstimates(covariance, widened_covariance(problem, z, covariance), shares, freedom,
                          np.linalg.pinv(information.reshape(len(datasets), len(datasets))))  # fmt: skip


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
