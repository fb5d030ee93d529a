"""How the zero-field splitting differs from site to site: the distributions `MagneticIons` offers."""

import numpy as np

from glasstunnel.numerics.quadrature import normal_mean
from glasstunnel.numerics.random_tensors import RandomTensors, czjzek, extended_czjzek, size_and_shape

_NODES = 16


def czjzek_sites(D: float, rhombicity: float, sigma: float) -> RandomTensors:
    """Random tensor of strength sigma around the tensor with D and E/D (Czjzek's distribution where D = 0)."""
    return czjzek(20, 8) if D == 0.0 else extended_czjzek(D / sigma, D / sigma * rhombicity)


def normal_sites(D: float, rhombicity: float, sigma: float) -> RandomTensors:
    """D normal with standard deviation sigma, E/D fixed."""
    x, weights = normal_mean(_NODES)
    return _fixed_shape(D / sigma + x, rhombicity, weights)


def lognormal_sites(D: float, rhombicity: float, sigma: float) -> RandomTensors:
    """D lognormal with mean D and standard deviation sigma, E/D fixed; never changes its sign."""
    x, weights = normal_mean(_NODES)
    width = np.sqrt(np.log1p(min(abs(sigma / D), 1e100) ** 2))
    return _fixed_shape(D / sigma * np.exp(width * x - 0.5 * width**2), rhombicity, weights)


def _fixed_shape(D, rhombicity, weights):
    return RandomTensors(*size_and_shape(D, D * rhombicity), weights)


#: Option `distribution` of `MagneticIons` -> its sites in units of sigma, a function of D [K], E/D and sigma [K].
DISTRIBUTIONS = {"czjzek": czjzek_sites, "normal": normal_sites, "lognormal": lognormal_sites}
