"""A free moment: 2J+1 equidistant levels in the field."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from glasstunnel.constants import bohr_magneton, bohr_magneton_kelvin, boltzmann


@dataclass(frozen=True)
class FreeMoment:
    """Observables of one ion of angular momentum J and Lande factor g, in SI  [000, Eq. 1; 002, Eqs. 16, 90-92].

    Every model of an ion has these six methods of (T, B); `MagneticIons` multiplies them with its concentration.

    >>> round(float(FreeMoment(2.5, 2.0).magnetization(4.5, 2.0)) / bohr_magneton, 10)
    2.8946583074
    """

    spin: float
    g_factor: float

    def free_energy(self, T, B):
        """F = -k_B T ln Z, Z the sum of exp(m z) over m = -J ... J [J]."""
        states = _Multiplet(self, T, B)
        return -boltzmann * T * (self.spin * states.size + states.log_partition)

    def entropy(self, T, B):
        """S = k_B (ln Z - z <m>) [J/K]."""
        states = _Multiplet(self, T, B)
        return boltzmann * (states.log_partition + states.size * states.depth)

    def heat_capacity(self, T, B):
        """C = k_B z^2 Var(m): the Schottky form, z = g mu_B B/k_B T [J/K]."""
        states = _Multiplet(self, T, B)
        return boltzmann * states.size**2 * states.variance

    def magnetization(self, T, B):
        """M = g mu_B <m>, the Brillouin magnetization [A m2]."""
        return self.g_factor * bohr_magneton * _Multiplet(self, T, B).mean

    def magnetic_susceptibility(self, T, B):
        """dM/dB = (g mu_B)^2 Var(m)/(k_B T) [A m2/T]."""
        per_kelvin = self.g_factor**2 * bohr_magneton * bohr_magneton_kelvin
        return per_kelvin * _Multiplet(self, T, B).variance / T

    def thermal_slope(self, T, B):
        """dM/dT = -(g mu_B)^2 B Var(m)/(k_B T^2) [A m2/K]."""
        return -self.magnetic_susceptibility(T, B) * B / T


class _Multiplet:
    """Moments of m over 2J+1 equidistant levels, as ratios of polynomials with positive coefficients.

    In t = exp(-|z|) nothing cancels for z -> 0 and nothing overflows for large z. `log_partition` is ln Z - J|z|,
    `depth` is J - |<m>|.
    """

    def __init__(self, ion, T, B):
        z = ion.g_factor * bohr_magneton_kelvin * np.asarray(B) / np.asarray(T)
        negative = z < 0.0  # not abs() and sign(): their derivatives vanish at z = 0
        self.size = np.where(negative, -z, z)
        t = np.exp(-self.size)
        excited, polarization, depth, pairs = (_horner(c, t) for c in _polynomials(round(2 * ion.spin)))
        count = 1.0 + t * excited
        self.log_partition = np.log1p(t * excited)
        self.mean = np.where(negative, -1.0, 1.0) * -np.expm1(-self.size) * polarization / count
        self.depth = t * depth / count
        self.variance = t * pairs / count**2


@lru_cache(maxsize=32)
def _polynomials(twice_spin):
    """Coefficients in t, lowest power first, for levels k = J - m = 0 ... 2J of weight t^k.

    Partition sum without the ground level; <m> times the partition sum; <k> times it; the sum over pairs of levels
    (k' - k)^2 t^(k+k'). The second is divided by 1 - t, the others by t.
    """
    k = np.arange(twice_spin + 1)
    polarization = np.cumsum(twice_spin / 2.0 - k)[:-1]  # sum of m t^k has the factor 1 - t: divide by partial sums
    pairs = np.zeros(2 * twice_spin - 1)
    for i in k:
        for j in range(i):
            pairs[i + j - 1] += (i - j) ** 2
    return np.ones(twice_spin), polarization, k[1:].astype(float), pairs


def _horner(coefficients, t):
    total = 0.0 * t + coefficients[-1]
    for c in coefficients[-2::-1]:
        total = total * t + c
    return total
