r"""Means of a Fourier series in the phase over the directions of the flux loops, and over a spread of their areas.

The phase of a loop of relative area A (median 1) is phi = b A c with c = cos(beta) uniform on (0, 1) and b = B/B*, so
<c sin(m phi)>_c = j1(m b A) and <cos(m phi)>_c = j0(m b A), spherical Bessel functions. With ln A normal, of standard
deviation sigma, such means oscillate too fast for nodes in ln A; the Mellin transform w(s) of j0 or j1 has them all:

.. math:: \langle A^k w(xA) \rangle_A = \frac{1}{2\pi i} \int ds\, \hat w(s)\, x^{-s} e^{\sigma^2 (k-s)^2/2},
          \qquad \hat\jmath_0(s) = \Gamma(s-1) \sin\tfrac{\pi(s-1)}{2}, \quad \hat\jmath_1(s) = (s-1)\hat\jmath_0(s-1)

(DLMF 10.22.43), a trapezoidal sum along Im s with errors below 1e-10 and a matrix product for all m and b. Below
sigma = 0.05, where that sum grows long, a few nodes in ln A do.
"""

import math
from functools import lru_cache

import numpy as np

from glasstunnel.numerics.special import spherical_bessel

#: Power k of the area that multiplies each mean: B enters as b A.
AREA_POWER = {
    "free_energy": 0, "entropy": 0, "heat_capacity": 0, "magnetization": 1, "magnetic_susceptibility": 2,
}
_NARROW = 0.05
_STEP = 0.1  #: in Im s; repeats the mean at ln x + 63
_SMALLEST = 1e-8  #: |b| below which means follow their power law


def harmonic_means(observable, count, b, spread=0.0, slopes=False):
    """Mean of the m-th harmonic, m = 1..count, over directions and areas: list of (points, count).

    The harmonics are those of -d(F/T)/dphi (sine) for free_energy, magnetization and magnetic_susceptibility, of the
    quantity itself (cosine, from its value at phase zero) for entropy and heat_capacity.
    b : (points,).  With `slopes` also the derivatives by ln b and by `spread`.
    """
    wide = spread >= _NARROW
    means = _wide_means if wide else _narrow_means
    distinct, position = np.unique(b, return_inverse=True)
    results = [part[position] for part in means(observable, count, distinct, spread, slopes)]
    return results if slopes else results[:1]


def _narrow_means(observable, count, b, spread, slopes):
    m = np.arange(1, count + 1)
    power = AREA_POWER[observable]
    total = [0.0, 0.0, 0.0]
    for deviation, weight in _normal_nodes(spread):
        area = math.exp(spread * deviation)
        wave, slope = _direction_mean(observable, m, b[:, None] * (m * area), 8.0 / spread if spread else None)
        weight = weight * area**power
        parts = (wave, slope, deviation * (slope + power * wave)) if slopes else (wave,)
        total = [whole + weight * part for whole, part in zip(total, parts, strict=False)]
    return total


def _normal_nodes(spread):
    """(node, weight) pairs of the trapezoidal mean over a standard normal variable; a single one without spread."""
    if not spread:
        return [(0.0, 1.0)]
    step = 0.4
    nodes = np.arange(-6.6, 6.7, step)
    return zip(nodes, step / math.sqrt(2.0 * math.pi) * np.exp(-0.5 * nodes**2), strict=True)


def _direction_mean(observable, m, z, cutoff):
    """Mean of the m-th harmonic over directions at z = m b A, and its derivative by ln z.

    Beyond `cutoff` oscillations are taken out: there their mean over areas is zero, and the nodes do not follow them.
    """
    j0, j1 = spherical_bessel(z)
    offset = 0.0
    match observable:
        case "magnetization":
            wave, slope = j1, z * j0 - 2.0 * j1
        case "magnetic_susceptibility":
            ratio = np.where(z == 0.0, 1.0 / 3.0, j1 / np.where(z == 0.0, 1.0, z))
            wave, slope = m * (j0 - 2.0 * ratio), m * (6.0 * ratio - z * j1 - 2.0 * j0)
        case "free_energy":
            wave, slope, offset = j0 / m, -z * j1 / m, 1.0 / m
        case _:
            wave, slope, offset = j0, -z * j1, 1.0
    if cutoff is not None:
        taper = np.exp(-((z / cutoff) ** 16))
        wave, slope = wave * taper, slope * taper
    return wave - offset, slope


def _wide_means(observable, count, b, spread, slopes):
    reach = 7.7 / spread
    s, transform = _mellin(observable, math.ceil(reach / _STEP) + 1)
    power = AREA_POWER[observable]
    size = np.maximum(np.abs(b), _SMALLEST)
    weight = transform * np.exp(0.5 * (spread * (power - s)) ** 2 - s * np.log(size)[:, None])
    m = np.arange(1, count + 1)
    harmonics = np.exp(-s[:, None] * np.log(m))
    if observable == "magnetization":
        weight = weight * (b / size)[:, None]
    elif observable == "magnetic_susceptibility":
        harmonics = harmonics * m
    elif observable == "free_energy":
        harmonics = harmonics / m
    factors = (1.0, -s, spread * (power - s) ** 2) if slopes else (1.0,)
    return [((weight * factor) @ harmonics).real for factor in factors]


@lru_cache(maxsize=16)
def _mellin(observable, count):
    """s = line + i tau (count,) and the transform of the direction mean there, times d(tau)/pi."""
    from scipy.special import gamma

    def j0(s):
        return gamma(s - 1.0) * np.sin(0.5 * math.pi * (s - 1.0))

    line = {"magnetization": -0.5, "magnetic_susceptibility": 0.5}.get(observable, -0.9)
    s = line + 1j * _STEP * np.arange(count)
    match observable:
        case "magnetization":
            transform = (s - 1.0) * j0(s - 1.0)
        case "magnetic_susceptibility":
            # of dj1/dx: -(s-1) times the transform of j1 at s - 1
            transform = -(s - 1.0) * (s - 2.0) * j0(s - 2.0)
        case _:
            # of j0 - 1, left of the pole at s = 0
            transform = j0(s)
    transform = transform * (_STEP / math.pi)
    transform[0] *= 0.5
    return s, transform
