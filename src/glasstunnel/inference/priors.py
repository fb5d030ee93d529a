"""Priors of the varied parameters. The support of a prior is the bound of the fit."""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number


class Prior:
    """What is known of one parameter before the fit.

    A fit works with a coordinate z of the parameter x: its logarithm where `logarithmic`, else x itself. `spread` is
    the width of the prior in z, the yardstick for "the data say more than the prior".
    """

    logarithmic: ClassVar[bool] = False
    lower: float
    upper: float
    sigma: float  # of a prior that pulls

    def coordinate(self, x):
        """z of the parameter value x."""
        return math.log(x) if self.logarithmic else x

    def value(self, z):
        """Parameter value x at z."""
        return np.exp(z) if self.logarithmic else z

    def slope(self, x):
        """dx/dz at the parameter value x."""
        return x if self.logarithmic else 1.0

    @property
    def limits(self):
        """(lower, upper) bound of z."""
        low = -math.inf if self.logarithmic and self.lower == 0 else self.coordinate(self.lower)
        return low, self.coordinate(self.upper)

    @property
    def spread(self):
        """Standard deviation of the prior in z."""
        low, high = self.limits
        return (high - low) / math.sqrt(12.0)

    @property
    def center(self):
        """The middle of the prior: where a fit starts when nothing better is known."""
        return float(self.value(0.5 * sum(self.limits)))

    def contains(self, x):
        """True when x lies in the support."""
        return self.lower <= x <= self.upper

    def draw(self, generator):
        """A random value, from a `numpy.random.Generator`."""
        return float(self.value(generator.uniform(*self.limits)))

    def quantile(self, p):
        """The value below which the prior has the probability p."""
        low, high = self.limits
        return float(self.value(low + p * (high - low)))

    def pull(self, x: float) -> float | None:
        """Residual the prior adds to the fit; None for a prior that is flat in its coordinate."""
        return None

    def log_density(self, z):
        """ln of the normalized density in the coordinate z, inside the support."""
        low, high = self.limits
        return np.full(np.shape(z), -math.log(high - low))

    def redrawn(self, truth, generator):
        """The prior as another measurement of the same truth would have given it: the same, where it is none."""
        return self


@dataclass(frozen=True)
class Uniform(Prior):
    """Equally likely anywhere from `lower` to `upper` (both finite, in the unit of the parameter).

    `ParameterError` when the bounds are not finite or not in order.

    >>> from glasstunnel import Uniform
    >>> Uniform(0.0, 2.0).center
    1.0
    """

    lower: float
    upper: float

    def __post_init__(self):
        _check_numbers(self, "lower", "upper")
        _check_order(self)


@dataclass(frozen=True)
class LogUniform(Prior):
    """Equally likely in each decade from `lower` to `upper` (0 < lower < upper); the fit works with the logarithm.

    `ParameterError` when the bounds are not positive or not in order.

    >>> from glasstunnel import LogUniform
    >>> round(LogUniform(1e15, 1e19).center / 1e17, 12)
    1.0
    """

    logarithmic: ClassVar[bool] = True

    lower: float
    upper: float

    def __post_init__(self):
        _check_numbers(self, "lower", "upper")
        _check_order(self)
        if self.lower <= 0:
            raise ParameterError(f"LogUniform: lower must be positive, got {self.lower!r}")


@dataclass(frozen=True)
class Normal(Prior):
    """A known value: `mean` with standard deviation `sigma`, cut off outside `lower` to `upper`.

    It adds the residual (x - mean)/sigma to the fit, as one more measured point.
    `ParameterError` when sigma is not positive or the bounds leave out the mean.

    >>> from glasstunnel import Normal
    >>> Normal(1.0, 0.1, lower=0.0).pull(1.2)
    1.99...
    """

    mean: float
    sigma: float
    lower: float = -math.inf
    upper: float = math.inf

    def __post_init__(self):
        _check_numbers(self, "mean", "sigma")
        _check_numbers(self, "lower", "upper", finite=False)
        _check_order(self)
        if self.sigma <= 0:
            raise ParameterError(f"Normal: sigma must be positive, got {self.sigma!r}")
        if not self.lower <= self.mean <= self.upper:
            raise ParameterError(
                f"Normal: the mean must lie between the bounds, got {self.mean!r} outside "
                f"{self.lower!r} to {self.upper!r}"
            )

    @property
    def spread(self):
        return self.sigma

    @property
    def center(self):
        return float(self.mean)

    def draw(self, generator):
        if (self.lower, self.upper) == (-math.inf, math.inf):
            return float(generator.normal(self.mean, self.sigma))
        return self.quantile(generator.random())

    def quantile(self, p):
        from scipy.special import erf, erfinv

        scale = self.sigma * math.sqrt(2.0)
        # The error function resolves the narrowest interval around the mean, where the distribution is flat.
        low, high = (float(erf((end - self.mean) / scale)) for end in (self.lower, self.upper))
        x = self.mean + scale * erfinv(low + p * (high - low))
        return float(min(max(x, self.lower), self.upper))

    def pull(self, x):
        return (x - self.mean) / self.sigma

    def log_density(self, z):
        low, high = ((end - self.mean) / (self.sigma * math.sqrt(2.0)) for end in (self.lower, self.upper))
        inside = 0.5 * (math.erf(high) - math.erf(low))
        pull = (np.asarray(z) - self.mean) / self.sigma
        return -0.5 * pull**2 - math.log(self.sigma * math.sqrt(2.0 * math.pi) * inside)

    def redrawn(self, truth, generator):
        mean = truth + self.sigma * float(generator.standard_normal())
        return replace(self, mean=min(max(mean, self.lower), self.upper))


def _check_numbers(prior, *names, finite=True):
    for name in names:
        value = getattr(prior, name)
        if not is_number(value, finite) or math.isnan(value):
            kind = "a finite number" if finite else "a number"
            raise ParameterError(f"{type(prior).__name__}: {name} must be {kind}, got {value!r}")


def _check_order(prior):
    if not prior.lower < prior.upper:
        raise ParameterError(
            f"{type(prior).__name__}: lower must be below upper, got {prior.lower!r} and {prior.upper!r}"
        )
