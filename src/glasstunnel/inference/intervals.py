"""Intervals of single parameters: from the curvature where that is exact, from the profile of chi-square else."""

import math
from typing import TYPE_CHECKING, NamedTuple

from glasstunnel.errors import FitError
from glasstunnel.numerics.checks import is_number

if TYPE_CHECKING:
    from glasstunnel.inference.results import FitResult


class Interval(NamedTuple):
    """Ends of an interval; infinite where the data set no limit within the prior.

    >>> from glasstunnel.inference import Interval
    >>> lower, upper = Interval(1.0, 2.0)
    >>> 1.5 in Interval(1.0, 2.0)
    True
    """

    lower: float
    upper: float

    def __contains__(self, value: object) -> bool:
        return isinstance(value, (int, float)) and self.lower <= value <= self.upper


def standard_quantile(level: float, freedom: float = math.inf) -> float:
    """How many standard errors to either side hold the probability `level`: normal, or Student's t  [Student 1908].

    freedom : degrees of freedom behind the noise; infinite where it is known.

    >>> round(standard_quantile(0.95), 3), round(standard_quantile(0.95, 4), 3)
    (1.96, 2.776)
    """
    from scipy.special import ndtri, stdtrit

    check_level(level)
    tail = 0.5 * (1.0 + level)
    return float(ndtri(tail) if math.isinf(freedom) else stdtrit(freedom, tail))


def johansen_p_value(chi2: float, directions: int, spread: float) -> float:
    """Chance of at least such a chi-square where the noise behind it is estimated  [S. Johansen, Biometrika 67, 85].

    spread : 1/2 sum over independent estimates of [tr(Q^2) + (tr Q)^2]/nu, Q the share of an estimate in the whole
    covariance, nu its degrees of freedom; 0 where all noise is known: then it is chi-square, else an F.

    >>> round(johansen_p_value(4.0, 1, 0.0), 4), round(johansen_p_value(4.0, 1, 1.0 / 5.0), 4)  # Student, 5 degrees
    (0.0455, 0.1019)
    """
    from scipy.special import chdtrc, fdtrc

    chi2, k = max(0.0, chi2), directions
    if not spread:
        return float(chdtrc(k, chi2))
    return float(fdtrc(k, k * (k + 2.0) / (3.0 * spread), chi2 / (k + 2.0 * spread - 6.0 * spread / (k + 2.0))))


def check_level(level: float) -> None:
    """`FitError` unless a probability lies between 0 and 1."""
    if not (is_number(level) and 0.0 < level < 1.0):
        raise FitError(f"level must lie between 0 and 1, got {level!r}")


def parameter_interval(result: "FitResult", path: str, level: float) -> Interval:
    """The interval of a varied or tied parameter: see `FitResult.interval`."""
    check_level(level)
    if path in result.ties:
        other, factor = result.ties[path]
        return scaled(parameter_interval(result, other, level), factor)
    if path not in result.names:
        raise FitError(f"interval: {path!r} does not vary in this fit; it varies {', '.join(result.names)}")
    if not result.converged:
        raise FitError(f"interval: the fit did not converge ({result.message}), so nothing is known of {path}")
    exact = _curvature_interval(result, path, level)
    return exact if exact is not None else profile_interval(result, path, level)


def profile_interval(result: "FitResult", path: str, level: float) -> Interval:
    """The ends of the profile of chi-square."""
    from glasstunnel.inference.profiles import profile_ends

    return Interval(*profile_ends(result, path, [level])[0])


def scaled(interval: Interval, factor: float) -> Interval:
    """The interval of factor * x."""
    ends = [factor * end if factor else 0.0 for end in interval]
    return Interval(min(ends), max(ends))


def _curvature_interval(result, path, level):
    """Value and standard error, where chi-square is an exact parabola and no bound cuts it off; else None."""
    problem = result.problem
    if set(problem.linear) != set(problem.names) or result.at_bound or math.isinf(result.errors[path]):
        return None
    width = standard_quantile(level, result.freedom(path))
    for name in result.names:
        prior, value, error = result.priors[name], result.values[name], result.errors[name]
        if not (prior.lower <= value - width * error and value + width * error <= prior.upper):
            return None
    half = width * result.errors[path]
    return Interval(result.values[path] - half, result.values[path] + half)
