"""How the zero-field splitting differs from site to site: the distributions `MagneticIons` offers."""

import numpy as np

from glasstunnel.numerics.quadrature import normal_mean
from glasstunnel.numerics.random_tensors import axial_rhombic, czjzek, extended_czjzek

_NODES = 16


def czjzek_sites(D, rhombicity, sigma):
    """Random tensor of strength sigma around the tensor with D and E/D (Czjzek's distribution where D = 0)."""
    if D == 0.0:
        nodes = czjzek(20, 8)
    else:
        nodes = extended_czjzek(D / sigma, D / sigma * rhombicity)
    return _sites(sigma * np.array(axial_rhombic(nodes.size, nodes.shape)), nodes.weights)


def normal_sites(D, rhombicity, sigma):
    """D normal with standard deviation sigma, E/D fixed."""
    x, weights = normal_mean(_NODES)
    return _fixed_shape(D + sigma * x, rhombicity, weights)


def lognormal_sites(D, rhombicity, sigma):
    """D lognormal with mean D and standard deviation sigma, E/D fixed; never changes its sign."""
    x, weights = normal_mean(_NODES)
    width = np.sqrt(np.log1p((sigma / D) ** 2))
    return _fixed_shape(D * np.exp(width * x - 0.5 * width**2), rhombicity, weights)


def _fixed_shape(D, rhombicity, weights):
    return _sites(np.array([D, D * rhombicity]), weights)


def _sites(splittings, weights):
    """(((D, E), ...), (weight, ...)) as plain numbers."""
    return tuple(map(tuple, splittings.T.tolist())), tuple(weights.tolist())


#: Option `distribution` of `MagneticIons` -> its sites, a function of D [K], E/D and sigma [K].
DISTRIBUTIONS = {"czjzek": czjzek_sites, "normal": normal_sites, "lognormal": lognormal_sites}
