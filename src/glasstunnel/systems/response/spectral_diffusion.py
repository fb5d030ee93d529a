r"""Phase that echoes lose because thermal two-level systems in the neighborhood flip: plain functions of arrays.

A flip of a neighbor at distance r moves a gap by A/r^3, so that over random neighbors the mean of the phase factors is
exp(-K), with the one average that Lorentzian statistics ask for (J. L. Black, B. I. Halperin, Phys. Rev. B 16, 2879
(1977); J. R. Klauder, P. W. Anderson, Phys. Rev. 125, 912 (1962)),

.. math:: K = \frac{2\pi^2}{3}\frac{k_B}{\hbar}\,\bar P U_0\langle|s|\rangle\frac{\Delta}{E}\,W(T, \tau, T_w), \qquad
          W = 4\int dE\int dv\,\tanh v\,\langle|X|\rangle,

X the time that a neighbor spends flipped between pulses 1 and 2 less that after the last pulse. Of the telegraph signal
<|X|> is exact here, at any number of flips, and not only for rare ones.
"""

import math
from functools import lru_cache

import numpy as np

from glasstunnel.constants import boltzmann, hbar
from glasstunnel.numerics.quadrature import legendre, panels
from glasstunnel.numerics.stable import sech_squared

_GAPS = panels([0.0, 2.0, 6.0, 14.0, 44.0], 6)  # E/T
_FIRST, _LAST, _PER_DECADE = 1e-4, 1e7, 4  # of z = tau/tau_r
_RAREST = 1e-8  # of p0 p1: below it <|X|> is proportional to it, as far as it counts
_FEW = 20.0  # of z: beyond it hardly a neighbor has not flipped


def exponent(T: float, delay: float, wait: float, strength: float, tunneling_min: float, elastic_constant: float):
    """K/(Delta/E) of a two-pulse echo (wait 0) or a three-pulse echo; delay tau and wait T_w [s], dimensionless."""
    moved = wandering(T, delay, wait, tunneling_min, elastic_constant)
    return 2.0 * math.pi**2 / 3.0 * boltzmann / hbar * strength * moved


@lru_cache(maxsize=512)
def wandering(T: float, delay: float, wait: float, tunneling_min: float, elastic_constant: float) -> float:
    """W(T, tau, T_w) [K s]; for gaps without upper cutoff, relative error below 1e-3.

    With z = tau/tau_r and dv tanh v = -dz/2z it is 2 tau Int dE [H(z_max) - H(z_min)], H = Int dz <|X|>/(tau_r z^2).
    Two pulses, short delays: 24.3522727585 T^4 tau^2/gamma; three pulses and a long wait: tau S(T, T_w) of
    `slow_heat.spectral_diffusion`.

    >>> short = wandering(0.02, 1e-9, 0.0, 1e-9, 2e-8)
    >>> print(f"{short / (24.3522727585 * 0.02**4 * 1e-18 / 2e-8):.4f}")
    1.0000
    """
    if delay == 0.0:
        return 0.0
    x, weight = _GAPS
    logarithm, table = _shares(wait / delay)
    longest = delay * x**3 * T**3 / (elastic_constant * np.tanh(0.5 * x))
    # The amplitude of a system is at most its gap.
    shortest = longest * np.minimum(tunneling_min / (x * T), 1.0) ** 2
    ends = [_cumulative(logarithm, table, np.log(z)) for z in (longest, shortest)]
    return float(2.0 * delay * T * np.sum(weight * (ends[0] - ends[1])))


def _cumulative(logarithm, table, at):
    """H at ln z for each gap; proportional to z below the table and constant above."""
    inside = np.clip(at, logarithm[0], logarithm[-1])
    values = np.exp([float(row(point)) for point, row in zip(inside, table, strict=True)])
    return np.where(at < logarithm[0], values * np.exp(at - logarithm[0]), values)


@lru_cache(maxsize=64)
def _shares(ratio: float) -> tuple[np.ndarray, list]:
    """ln z (points,) and splines of ln H, one for each gap, for T_w = ratio tau."""
    from scipy.interpolate import CubicSpline

    first = _FIRST / max(1.0, ratio)
    count = math.ceil(_PER_DECADE * math.log10(_LAST / first)) + 1
    logarithm = np.linspace(math.log(first), math.log(_LAST), count)
    node, weight = legendre(3)
    step = logarithm[1] - logarithm[0]
    z = np.exp(logarithm[:-1, None] + step * node)
    warm = 0.25 * sech_squared(0.5 * _GAPS[0])  # p0 p1 of a neighbor
    rare = np.maximum(warm, _RAREST)
    mean = warm / rare * np.array([time_flipped(each, ratio * each, rare) for each in z.ravel()])
    steps = step * np.einsum("pkg,k->gp", (mean / z.ravel()[:, None]).reshape(*z.shape, -1), weight)
    below = 2.0 * (1.0 + ratio) * first * np.asarray(warm)  # <|X|> = 2 p0 p1 (z^2 + z z_w) while flips are rare
    table = np.log(np.cumsum(np.concatenate([below[:, None], steps], axis=1), axis=1))
    return logarithm, [CubicSpline(logarithm, row) for row in table]


def time_flipped(z: float, wait: float, square: np.ndarray) -> np.ndarray:
    """<|X|>/tau_r for delays z and waits in units of tau_r; `square` = p0 p1 of the two states, (n,).

    (2/pi) Int_0^inf dk [1 - Re <exp(i k X)>]/k^2, with the characteristic function of a chain of two states.

    >>> rare = time_flipped(1e-3, 0.0, np.array([0.25]))
    >>> print(f"{rare[0] / 1e-6:.3f}")
    0.500
    """
    if z < _FEW:
        k, weight = panels(np.linspace(0.0, 60.0, 61) * 2.0 * math.pi / z, 6)
    else:
        k, weight = panels(np.concatenate([[0.0], np.geomspace(1e-3 / z, 1e4, 60)]), 6)
    square = np.asarray(square, float)[:, None]
    # p1 of the upper state; 1 - 4 p0 p1 = (p0 - p1)^2
    upper = 2.0 * square / (1.0 + np.sqrt(np.maximum(1.0 - 4.0 * square, 0.0)))
    kept = _characteristic(k, z, wait, upper)
    tail = (1.0 - _unmoved(z, wait, upper)[:, 0]) / k[-1]
    return 2.0 / math.pi * (np.sum(weight * (1.0 - kept) / k**2, axis=-1) + tail)


def _unmoved(z, wait, upper):
    """Probability of X = 0: no flip before or after, and the same state on both sides of the wait."""
    lower, gone = 1.0 - upper, np.exp(-wait)
    stays = (lower + upper * gone, upper + lower * gone)
    return lower * np.exp(-2.0 * upper * z) * stays[0] + upper * np.exp(-2.0 * lower * z) * stays[1]


def _characteristic(k, z, wait, upper):
    """Re of 1^T exp[(Q - i k N) z] exp[Q wait] exp[(Q + i k N) z] p, (n, k): rates upper up, 1 - upper down."""
    lower = 1.0 - upper
    start = _evolved(lower + 0j * k, upper + 0j * k, 1j * k, z, upper)
    gone = np.exp(-wait)
    total = start[0] + start[1]
    middle = (lower * total * (1.0 - gone) + start[0] * gone, upper * total * (1.0 - gone) + start[1] * gone)
    end = _evolved(*middle, -1j * k, z, upper)
    return np.real(end[0] + end[1])


def _evolved(first, second, turn, z, upper):
    """exp[(Q + turn N) z] (first, second), Q = [[-upper, lower], [upper, -lower]], N = diag(0, 1)."""
    lower = 1.0 - upper
    trace = turn - 1.0
    root = np.sqrt(0.25 * trace**2 + turn * upper)
    root = np.where(root.real < 0.0, -root, root)
    fast = 0.5 * trace - root
    slow = -turn * upper / fast  # the product of both is the determinant; it does not cancel at small turns
    grown, faded = np.exp(slow * z), np.exp(fast * z)
    mean, slope = 0.5 * (grown + faded), 0.5 * (grown - faded) / root
    new_first = mean * first + slope * ((-upper - 0.5 * trace) * first + lower * second)
    new_second = mean * second + slope * (upper * first + (turn - lower - 0.5 * trace) * second)
    return new_first, new_second
