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

NARROW = 0.05  #: spread below which nodes in ln A do
_STEP = 0.1  #: in Im s; repeats the mean at ln x + 63
_SMALLEST = 1e-8  #: |b| below which means follow their power law


def harmonic_means(quantity, count, b, spread=0.0, slopes=False):
    """Mean of the m-th harmonic, m = 1..count, over directions and areas: list of (points, count).

    quantity : a `Quantity`. The harmonics are those of -d(F/T)/dphi (sine), for thermal quantities those of the
    quantity itself (cosine, from its value at phase zero). b : (points,). With `slopes` also the derivatives by ln b
    and by `spread`.
    """
    wide = spread >= NARROW
    means = _wide_means if wide else _narrow_means
    distinct, position = np.unique(b, return_inverse=True)
    results = [part[position] for part in means(quantity, count, distinct, spread, slopes)]
    return results if slopes else results[:1]


def _narrow_means(quantity, count, b, spread, slopes):
    m = np.arange(1, count + 1)
    power = quantity.area_power  # of the area that multiplies each mean: B enters as b A
    total = [0.0, 0.0, 0.0]
    for deviation, weight in _normal_nodes(spread):
        area = math.exp(spread * deviation)
        wave, slope = _direction_mean(quantity, m, b[:, None] * (m * area), 8.0 / spread if spread else None)
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


def _direction_mean(quantity, m, z, cutoff):
    """Mean of the m-th harmonic over directions at z = m b A, and its derivative by ln z.

    Beyond `cutoff` oscillations are taken out: there their mean over areas is zero, and the nodes do not follow them.
    """
    j0, j1 = spherical_bessel(z)
    wave, slope = quantity.wave(m, z, j0, j1)
    if cutoff is not None:
        taper = np.exp(-((z / cutoff) ** 16))
        wave, slope = wave * taper, slope * taper
    return wave - quantity.offset(m), slope


def _wide_means(quantity, count, b, spread, slopes):
    terms = mellin_terms(spread)
    harmonics = mellin_harmonics(quantity, terms, np.arange(1, count + 1))
    return [(weight @ harmonics).real for weight in mellin_weights(quantity, terms, b, spread, slopes)]


def mellin_terms(spread):
    """Number of terms of the sum along Im s."""
    return math.ceil(7.7 / spread / _STEP) + 1


def mellin_harmonics(quantity, terms, m):
    """m^-s with the power of m of the quantity, (terms, m)."""
    s, _ = _mellin(quantity, terms)
    return np.exp((quantity.harmonic_power - s[:, None]) * np.log(m))


def mellin_weights(quantity, terms, b, spread, slopes):
    """What multiplies `mellin_harmonics` at each b, (points, terms); with `slopes` also for the derivatives."""
    s, transform = _mellin(quantity, terms)
    power = quantity.area_power
    size = np.maximum(np.abs(b), _SMALLEST)
    weight = transform * np.exp(0.5 * (spread * (power - s)) ** 2 - s * np.log(size)[:, None])
    if quantity.is_odd:
        weight = weight * (b / size)[:, None]
    factors = (1.0, -s, spread * (power - s) ** 2) if slopes else (1.0,)
    return [weight * factor for factor in factors]


@lru_cache(maxsize=16)
def _mellin(quantity, count):
    """s = line + i tau (count,) and the transform of the direction mean there, times d(tau)/pi."""
    from scipy.special import gamma

    def j0(s):
        return gamma(s - 1.0) * np.sin(0.5 * math.pi * (s - 1.0))

    s = quantity.line + 1j * _STEP * np.arange(count)
    transform = quantity.transform(s, j0) * (_STEP / math.pi)
    transform[0] *= 0.5
    return s, transform
