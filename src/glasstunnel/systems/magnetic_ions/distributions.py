"""How the zero-field splitting differs from site to site: the distributions `MagneticIons` offers."""

import numpy as np

from glasstunnel.numerics.quadrature import legendre
from glasstunnel.numerics.random_tensors import RandomTensors, czjzek, extended_czjzek, size_and_shape

_LARGEST = 6.2  #: of (D - mean)/sigma: beyond lie 6e-10 of the sites
_LARGEST_LOG = 7.5  #: of ln D in standard deviations; the rare large D weigh more
_PANELS = np.array([0.0, 0.1, 0.4, 1.2, 3.0, 6.0, 10.0, 15.0])  #: away from D = 0, in sigma, 8 nodes each
_STEP = 0.25  #: between the nodes of ln D, in standard deviations


def czjzek_sites(D: float, rhombicity: float, sigma: float) -> RandomTensors:
    """Random tensor of strength sigma around the tensor with D and E/D (Czjzek's distribution where D = 0)."""
    return czjzek(20, 8) if D == 0.0 else extended_czjzek(D / sigma, D / sigma * rhombicity)


def normal_sites(D: float, rhombicity: float, sigma: float) -> RandomTensors:
    """D normal with standard deviation sigma, E/D fixed.

    When cold, everything has a kink where D changes its sign, which no Gauss-Hermite rule sees: panels end there.
    """
    mean = D / sigma
    inside = min(max(0.0, mean - _LARGEST), mean + _LARGEST)  # where |D| is smallest
    edges = np.unique(np.clip(inside + np.concatenate([-_PANELS, _PANELS]), mean - _LARGEST, mean + _LARGEST))
    nodes, weights = legendre(8)
    sizes = (edges[:-1, None] + np.diff(edges)[:, None] * nodes).ravel()
    shares = np.multiply.outer(np.diff(edges), weights).ravel() * np.exp(-0.5 * (sizes - mean) ** 2)
    return _fixed_shape(sizes, rhombicity, shares / shares.sum())


def lognormal_sites(D: float, rhombicity: float, sigma: float) -> RandomTensors:
    """D lognormal with mean D and standard deviation sigma, E/D fixed; never changes its sign."""
    x = np.arange(-_LARGEST_LOG, _LARGEST_LOG + 0.5 * _STEP, _STEP)  # equal steps are best for a Gaussian
    weights = np.exp(-0.5 * x**2)
    width = np.sqrt(np.log1p(min(abs(sigma / D), 1e100) ** 2))
    return _fixed_shape(D / sigma * np.exp(width * x - 0.5 * width**2), rhombicity, weights / weights.sum())


def _fixed_shape(D, rhombicity, weights):
    return RandomTensors(*size_and_shape(D, D * rhombicity), weights)


#: Option `distribution` of `MagneticIons` -> its sites in units of sigma, a function of D [K], E/D and sigma [K].
DISTRIBUTIONS = {"czjzek": czjzek_sites, "normal": normal_sites, "lognormal": lognormal_sites}
