r"""Random symmetric traceless tensors: what differs from site to site in a glass.

Zero-field splittings of ions and quadrupole couplings of nuclei are such tensors. With the five normalized operators
Q_k (O20/sqrt12, O22/2, (xy+yx)/2, (xz+zx)/2, (yz+zy)/2) a tensor is H = sum_k u_k Q_k. Turning it changes neither its
*size* rho = |u| nor its *shape* c = cos(3 psi), and with its axes along x, y, z

.. math:: D = \tfrac{\sqrt3}{2}\rho\cos\psi, \qquad E = \tfrac12\rho\sin\psi, \qquad 0 \le \psi \le \pi/3 .

c = 1 is axial with D > 0, c = -1 axial with D < 0, c = 0 has E/D = 1/3. Czjzek et al., Phys. Rev. B 23, 2513 (1981),
take the u_k as independent and normal with one standard deviation sigma: then rho/sigma is chi-distributed with five
degrees of freedom and c is uniform. The extended distribution adds the random tensor to a fixed one: Le Caer, Bureau,
Massiot, J. Phys.: Condens. Matter 22, 065402 (2010).
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from glasstunnel.numerics.quadrature import legendre, normal_mean

_LARGEST = 8.5  # of rho/sigma: beyond lie 1e-13 of the sites


class RandomTensors(NamedTuple):
    """Nodes of a distribution of tensors: size rho, shape c, and weights with sum one; each (nodes,)."""

    size: np.ndarray
    shape: np.ndarray
    weights: np.ndarray

    def axial_rhombic(self):
        """D and E of every node [unit of the size], each (nodes,)."""
        return axial_rhombic(self.size, self.shape)

    def largest_and_asymmetry(self):
        """The principal value largest in size, 2D/3 with the usual axes, and eta = 3 E/D from 0 to 1; each (nodes,)."""
        D, E = self.axial_rhombic()
        principal = np.array([E - D / 3.0, -E - D / 3.0, 2.0 * D / 3.0])
        order = np.argsort(np.abs(principal), axis=0)
        x, y, z = np.take_along_axis(principal, order, axis=0)
        return z, np.abs(y - x) / np.abs(z)


def axial_rhombic(size, shape):
    """(D, E) of a tensor of size rho and shape c; E/D may exceed 1/3, where D < 0 with renamed axes is meant.

    >>> [round(float(number), 12) for number in axial_rhombic(2.0, 1.0)]
    [1.732050807569, 0.0]
    """
    angle = np.arccos(np.clip(shape, -1.0, 1.0)) / 3.0
    return 0.5 * math.sqrt(3.0) * size * np.cos(angle), 0.5 * size * np.sin(angle)


def size_and_shape(axial, rhombic):
    """(rho, c) of the tensor with D and E.

    >>> [round(float(number), 12) for number in size_and_shape(-3.0, 0.0)]
    [3.464101615138, -1.0]
    """
    along, across = 2.0 / math.sqrt(3.0) * np.asarray(axial, dtype=float), 2.0 * np.asarray(rhombic, dtype=float)
    return np.hypot(along, across), np.cos(3.0 * np.arctan2(across, along))


@lru_cache(maxsize=8)
def czjzek(sizes=24, shapes=8):
    """Czjzek's distribution with sigma = 1: `RandomTensors` of `sizes` * `shapes` nodes.

    >>> nodes = czjzek()
    >>> round(float(nodes.weights @ nodes.size**2), 9)  # five components of variance one
    5.0
    """
    unit, weight = legendre(sizes)
    size = _LARGEST * unit
    radial = weight * size**4 * np.exp(-0.5 * size**2)
    shape, share = legendre(shapes)
    return _product(size, radial / radial.sum(), 2.0 * shape - 1.0, share)


def _product(size, radial, shape, share):
    sizes, shapes = (grid.ravel() for grid in np.meshgrid(size, shape, indexing="ij"))
    return RandomTensors(sizes, shapes, np.multiply.outer(radial, share).ravel())


@lru_cache(maxsize=16)
def extended_czjzek(axial, rhombic, sizes=24, shapes=10):
    """Czjzek's distribution with sigma = 1 around the tensor with D, E (in units of sigma): `RandomTensors`.

    The density over size and shape is that of five normal components, integrated over all turns of the axes: in closed
    form over one Euler angle, by Gauss-Legendre over the other two. Around a tensor of size below 12 sigma the means
    of rho^2, rho^3 c and rho^4 are right to 3e-5; around a larger one the components are sampled instead.

    >>> nodes = extended_czjzek(4.0, 0.5)
    >>> round(float(nodes.weights @ nodes.size**2) - 4 / 3 * 16 - 4 * 0.25, 5)
    5.0
    """
    mean, shape = (float(number) for number in size_and_shape(axial, rhombic))
    if mean > 12.0:
        return _narrow(axial, rhombic)
    unit, weight = legendre(sizes)
    low, high = max(0.0, mean - 6.5), mean + 7.5
    size = low + (high - low) * unit
    turn, share = legendre(shapes)
    middle, reach = math.acos(shape) / 3.0, 6.0 / np.maximum(size, 1e-3)
    first, last = np.maximum(0.0, middle - reach), np.minimum(math.pi / 3.0, middle + reach)
    angle = first[:, None] + (last - first)[:, None] * turn
    density = size[:, None] ** 4 * np.sin(3.0 * angle) * _orbit_mean(mean, shape, size[:, None], angle)
    weights = weight[:, None] * (last - first)[:, None] * share * density
    sizes = np.broadcast_to(size[:, None], angle.shape)
    return RandomTensors(sizes.ravel(), np.cos(3.0 * angle).ravel(), (weights / weights.sum()).ravel())


def _orbit_mean(mean, shape, size, angle):
    """Mean over all rotations R of exp(-|R u - u0|^2/2), u of the given size and angle psi, u0 = (mean, shape)."""
    from scipy.special import i0e

    nodes = min(40, 16 + 3 * math.ceil(mean))  # the mean narrows as the tensor grows
    polar, weight = legendre(nodes)
    turn, share = legendre(nodes)
    c, g = (grid[..., None, None] for grid in np.meshgrid(polar, math.pi * turn, indexing="ij"))
    x, y, z = _principal(size, angle)
    # the tensor turned by gamma about z, then by beta about y; half ranges of both by symmetry
    xx, yy, xy = _turned(x, y, 0.5 * g)
    sine2 = 1.0 - c**2
    zz, across = sine2 * xx + c**2 * z, c**2 * xx + sine2 * z
    mixed = np.hypot(across - yy, 2.0 * c * xy)
    a, b, d = _principal(mean, math.acos(shape) / 3.0)
    swing = np.abs(a - b) * mixed
    exponent = 2.0 * d * zz + (a + b) * (across + yy) - 0.5 * (size**2 + mean**2)
    values = i0e(swing) * np.exp(exponent + swing)
    return np.einsum("i,j,ij...->...", weight, share, values)


def _principal(size, angle):
    """Diagonal of the 3 x 3 matrix A with 2 tr A^2 = size^2 in its own axes."""
    axial, rhombic = size * np.cos(angle), size * np.sin(angle)
    third = axial / math.sqrt(12.0)
    return 0.5 * rhombic - third, -0.5 * rhombic - third, 2.0 * third


def _turned(x, y, angle):
    """xx, yy, xy of diag(x, y) turned by an angle about z."""
    mean, half = 0.5 * (x + y), 0.5 * (x - y)
    return mean + half * np.cos(2.0 * angle), mean - half * np.cos(2.0 * angle), half * np.sin(2.0 * angle)


def _narrow(axial, rhombic):
    """Gauss-Hermite over the five components, for disorder much smaller than the tensor."""
    (a, wa), (c, wc) = normal_mean(5), normal_mean(3)
    u = np.stack([grid.ravel() for grid in np.meshgrid(a, a, c, c, c, indexing="ij")])
    weights = np.einsum("i,j,k,l,m->ijklm", wa, wa, wc, wc, wc).ravel()
    u[0] += 2.0 / math.sqrt(3.0) * axial
    u[1] += 2.0 * rhombic
    size, shape = _invariants(u)
    keys = np.round(np.stack([size, shape]), 11)
    _, first, where = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    return RandomTensors(size[first], shape[first], np.bincount(where.ravel(), weights))


def _invariants(u):
    """(rho, c) of tensors with components u (5, ...), in the order of the operators above."""
    axial, rhombic, xy, xz, yz = u
    x, y, z = 0.5 * rhombic - axial / math.sqrt(12.0), -0.5 * rhombic - axial / math.sqrt(12.0), axial / math.sqrt(3.0)
    xy, xz, yz = 0.5 * xy, 0.5 * xz, 0.5 * yz
    determinant = x * (y * z - yz**2) - xy * (xy * z - yz * xz) + xz * (xy * yz - y * xz)
    size = np.sqrt(np.sum(u**2, axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        shape = np.where(size > 0.0, 12.0 * math.sqrt(3.0) * determinant / size**3, 1.0)
    return size, np.clip(shape, -1.0, 1.0)


def random_tensor_components(axial, rhombic, sigma, count, seed):
    """Monte Carlo sites, (5, count): components u_k of the extended distribution, for checks and pictures.

    >>> random_tensor_components(0.0, 0.0, 1.0, 3, seed=1).shape
    (5, 3)
    """
    u = sigma * np.random.default_rng(seed).standard_normal((5, count))
    u[0] += 2.0 / math.sqrt(3.0) * axial
    u[1] += 2.0 * rhombic
    return u
