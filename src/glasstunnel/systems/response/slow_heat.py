r"""Heat that two-level systems take up or give off within a time: plain functions of arrays.

A system of gap E relaxes with tau = tau_min (E/Delta0)^2, tau_min = gamma tanh(E/2T)/E^3, so that with
E/Delta0 = cosh v the systems of one gap are spread evenly in v. What has relaxed after a time t is

.. math:: I(z, V) = \int_0^V dv\,[1 - e^{-z/\cosh^2 v}], \qquad z = t/\tau_{min}, \quad V = arccosh(E/\Delta_{0,min}).

Euler's constant belongs to it: I -> (ln 4z + 0.5772...)/2 for z >> 1 and an unlimited V, where a sharp cut tau < t
(W. A. Phillips, Rep. Prog. Phys. 50, 1657 (1987)) has ln(4z)/2.
"""

import math
from functools import lru_cache

import numpy as np

from glasstunnel.numerics.blocks import in_blocks
from glasstunnel.numerics.quadrature import legendre, scaled_panels
from glasstunnel.numerics.stable import sech_squared
from glasstunnel.systems.response.two_level import THERMAL_RANGE

_SMALL, _LARGE = 1e-6, 200.0  # of z: below a power series, above an asymptotic one, between a spline
_NARROW = 3.0  # of V: below it the integral over v is done as it stands
_KNOTS = 4000
_NEGLECTED = 3e-5  # of T: what gaps below it hold of the heat is less than 1e-12


def relaxed(z: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """I(z, V), the share of ln(Delta0) that has relaxed, for arrays z >= 0 and V = `limit` >= 0 of one shape.

    Relative error below 1e-10.

    >>> print(f"{relaxed(np.array([1e8]), np.array([60.0]))[0]:.9f}")
    10.192095382
    """
    z, limit = np.broadcast_arrays(np.asarray(z, float), np.asarray(limit, float))
    narrow = limit <= _NARROW
    values = np.empty(z.shape)
    if narrow.any():
        v, weight = legendre(48)
        v = limit[narrow][:, None] * v
        values[narrow] = limit[narrow] * (-np.expm1(-z[narrow][:, None] / np.cosh(v) ** 2) @ weight)
    wide = ~narrow
    if wide.any():
        inside, w = z[wide], np.asarray(sech_squared(limit[wide]))
        unlimited = relaxed_unlimited(inside)
        counts = inside * w > 1e-12 * np.minimum(inside, 1.0)
        if counts.any():
            unlimited[counts] -= _beyond(inside[counts], w[counts])
        values[wide] = unlimited
    return values


def relaxed_unlimited(z: np.ndarray) -> np.ndarray:
    """I(z, infinity) = z 2F2(1, 1; 3/2, 2; -z), dI/dz = D(sqrt z)/sqrt z with Dawson's integral D.

    >>> print(f"{float(relaxed_unlimited(np.array(1.0))):.12f}")
    0.739441630099
    """
    z = np.asarray(z, float)
    middle = np.clip(z, _SMALL, _LARGE)
    between = np.exp(_logarithm()(np.log(middle)))
    large = np.maximum(z, _LARGE)
    terms, coefficient = 0.0, 1.0
    for n in range(1, 9):
        coefficient *= (2 * n - 1) / 2.0
        terms = terms + coefficient / (2.0 * n * large**n)
    asymptotic = 0.5 * (np.log(4.0 * large) + np.euler_gamma) - terms
    return np.where(z < _SMALL, z * (1.0 - z / 3.0), np.where(z > _LARGE, asymptotic, between))


@lru_cache(maxsize=1)
def _logarithm():
    """ln I as a cubic Hermite spline of ln z (error 1e-12), from I = 2 Int_0^sqrt(z) D(u) du and its slope."""
    from scipy.interpolate import CubicHermiteSpline
    from scipy.special import dawsn

    logarithm = np.linspace(math.log(_SMALL) - 0.1, math.log(_LARGE) + 0.1, _KNOTS)
    root = np.exp(0.5 * logarithm)
    u, weight = legendre(96)
    values = 2.0 * root * (dawsn(root[:, None] * u) @ weight)
    return CubicHermiteSpline(logarithm, np.log(values), root * dawsn(root) / values)


def _beyond(z, w):
    """Int_V^infinity dv [1 - exp(-z/cosh^2 v)] for small w = 1/cosh(V)^2: dv = dw/(2 w sqrt(1 - w))."""
    x = z * w
    total = entire_exponential_integral(x)
    for part, correction in ((x < 1.0, _beyond_slow), (x >= 1.0, _beyond_fast)):
        counts = part & (w > 1e-13)  # the correction is of relative order w
        if counts.any():
            total[counts] += correction(z[counts], w[counts])
    return 0.5 * total


def _beyond_slow(z, w):
    """Int_0^w dw' (1 - exp(-z w')) (1/sqrt(1 - w') - 1)/w' for z w < 1, where the integrand is smooth."""
    node, weight = legendre(12)
    inner = w[:, None] * node
    root = np.sqrt(1.0 - inner)
    # (1/root - 1)/w' without cancellation
    return (-np.expm1(-z[:, None] * inner) / (root * (1.0 + root))) @ weight * w


def _beyond_fast(z, w):
    """The same for z w >= 1: (1/sqrt(1 - w') - 1)/w' = 1/2 + 3/8 w' + ..., term by term."""
    from scipy.special import gammainc

    total, scale = np.zeros(z.shape), 1.0
    for k, coefficient in enumerate((0.5, 0.375, 0.3125, 0.2734375, 0.24609375, 0.2255859375)):
        scale *= max(k, 1)
        total += coefficient * (w ** (k + 1) / (k + 1) - scale * gammainc(k + 1, z * w) / z ** (k + 1))
    return total


def entire_exponential_integral(x: np.ndarray) -> np.ndarray:
    """Ein(x) = Int_0^x dy (1 - e^-y)/y = ln x + Euler's constant + E1(x).

    >>> print(f"{float(entire_exponential_integral(np.array(1.0))):.12f}")
    0.796599599297
    """
    from scipy.special import exp1

    x = np.asarray(x, float)
    result = np.empty(x.shape)
    for part, terms in ((x < 1e-2, 6), ((x >= 1e-2) & (x < 1.0), 20)):
        near = x[part]
        term, series = near, near
        for k in range(2, terms):
            term = -term * near * (k - 1) / k**2
            series = series + term
        result[part] = series
    far = x[x >= 1.0]
    result[x >= 1.0] = np.log(far) + np.euler_gamma + exp1(far)
    return result


def heat_capacity(T, time, tunneling_min, energy_max, elastic_constant):
    """C(T, t)/(n k_B) = Int dE (E/2T)^2 sech^2(E/2T) I(t/tau_min, V) [K], of the broadcast shape."""
    return in_blocks(_heat_capacity, T, time, tunneling_min, energy_max, elastic_constant)


def _heat_capacity(T, time, tunneling_min, energy_max, elastic_constant):
    T, time = np.asarray(T, float)[..., None], np.asarray(time, float)[..., None]
    s, weight, gap = _gaps(T[..., 0], tunneling_min, energy_max, _NEGLECTED)
    shortest = elastic_constant * np.tanh(gap / (2.0 * T)) / gap**3
    thermal = weight * (gap / (2.0 * T)) ** 2 * sech_squared(gap / (2.0 * T))
    return np.sum(thermal * relaxed(time / shortest, s), axis=-1)


def heat_release(T, start_temperature, time, tunneling_min, energy_max, elastic_constant):
    """Heat given off per second at T, a time after cooling from `start_temperature`, over n k_B [K^2/s].

    Int dE (E/2) [tanh(E/2T) - tanh(E/2T1)] dI/dt; -> (pi^2/24)(T1^2 - T^2)/t for an unlimited distribution. Relative
    error below 1e-9.
    """
    return in_blocks(_heat_release, T, start_temperature, time, tunneling_min, energy_max, elastic_constant)


def _heat_release(T, start_temperature, time, tunneling_min, energy_max, elastic_constant):
    T, warm, time = (np.asarray(value, float)[..., None] for value in (T, start_temperature, time))
    s, weight, gap = _gaps(np.maximum(T, warm)[..., 0], tunneling_min, energy_max, _NEGLECTED)
    shortest = elastic_constant * np.tanh(gap / (2.0 * T)) / gap**3
    change = 0.5 * gap * (np.tanh(gap / (2.0 * T)) - np.tanh(gap / (2.0 * warm)))
    return np.sum(weight * change * relaxing(time / shortest, s) / shortest, axis=-1)


def relaxing(z: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """dI/dz = Int_0^V dv exp(-z/cosh^2 v)/cosh^2 v; with y = tanh v it is Int_0^tanh(V) dy exp(-z (1 - y^2)).

    exp(-z (1 - Y^2)) D(sqrt(z) Y)/sqrt z with Y = tanh V, in closed form.

    >>> print(f"{float(relaxing(np.array(1.0), np.array(50.0))):.12f}")
    0.538079506913
    """
    from scipy.special import dawsn

    root, end = np.sqrt(np.asarray(z, float)), np.tanh(limit)
    small = root < 1e-6
    inner = np.where(small, 1.0, root)
    # 1 - tanh^2 = sech^2 does not cancel.
    return np.exp(-(root**2) * sech_squared(limit)) * np.where(small, end, dawsn(inner * end) / inner)


def spectral_diffusion(T, time, tunneling_min, energy_max, elastic_constant):
    """S(T, t) = Int dE sech^2(E/2T) Int dv tanh(v) [1 - exp(-z/cosh^2 v)] [K]: how far a level has wandered.

    Times (2 pi^2/3) Pbar U0 <|s|> (Delta/E) the half width of the distribution of shifts (J. L. Black and
    B. I. Halperin, Phys. Rev. B 16, 2879 (1977)); the inner integral is [Ein(z) - Ein(z/cosh^2 V)]/2, times two here.
    """
    return in_blocks(_spectral_diffusion, T, time, tunneling_min, energy_max, elastic_constant)


def _spectral_diffusion(T, time, tunneling_min, energy_max, elastic_constant):
    T, time = np.asarray(T, float)[..., None], np.asarray(time, float)[..., None]
    s, weight, gap = _gaps(T[..., 0], tunneling_min, energy_max)
    z = time * gap**3 / (elastic_constant * np.tanh(gap / (2.0 * T)))
    wandered = entire_exponential_integral(z) - entire_exponential_integral(z * sech_squared(s))
    return np.sum(weight * sech_squared(gap / (2.0 * T)) * wandered, axis=-1)


def _gaps(T, tunneling_min, energy_max, neglected=0.0):
    """(v = arccosh(E/tunneling_min), weights dE, E) up to where nothing is thermally excited, each (..., nodes).

    neglected : gaps below this times T count for nothing.
    """
    tunneling_min = np.asarray(tunneling_min, float)
    highest = np.minimum(energy_max, tunneling_min + THERMAL_RANGE * T)
    first = np.arccosh(np.clip(neglected * T / tunneling_min, 1.0, highest / tunneling_min))
    s, weight = scaled_panels(np.arccosh(highest / tunneling_min) - first, 1.4, 14)
    s = s + first[..., None]
    return s, weight * tunneling_min[..., None] * np.sinh(s), tunneling_min[..., None] * np.cosh(s)
