r"""Scale-free table of ions with Czjzek's distribution of zero-field splittings: a curve is a few matrix products.

Only ratios enter: with x = g mu_B B/k_B T and s = sigma/T the mean over sites and directions

.. math:: L(x, s) = \langle \ln \textstyle\sum_k e^{-(E_k - E_0)/T} \rangle

(E_0: lowest level of each site without field) is one smooth function for each spin, even in x. It is stored as a
Chebyshev series in arcsinh(x) and arcsinh(s/0.7); every observable is a derivative of the same series, so that they
agree with each other to rounding. Built by ``tools/build_czjzek_table.py``, which states the error: a few 1e-7 g mu_B S
in the moment and 1e-6 k_B in the heat capacity at worst (S = 7/2: 1e-5 k_B), 1e-9 where x and s are of order one.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.polynomial import chebyshev

from glasstunnel.constants import bohr_magneton, bohr_magneton_kelvin, boltzmann
from glasstunnel.systems.magnetic_ions.powder import PowderIon

PATH = Path(__file__).with_name("czjzek_table.npz")
SPINS = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5)
FIELD_MAX = 12.0  #: largest x of the table
DISORDER_MAX = 16.0  #: largest s of the table
DISORDER_SCALE = 0.7
_FIELD_END = float(np.arcsinh(FIELD_MAX))
_DISORDER_END = float(np.arcsinh(DISORDER_MAX / DISORDER_SCALE))


@dataclass(frozen=True)
class CzjzekIon:
    """One ion in sites of Czjzek's distribution, from the table where it reaches and else from `beyond`.

    disorder : sigma [K].  beyond : the same ion as nodes, for x > 12 or sigma > 16 T.

    >>> from glasstunnel import MagneticIons, magnetization
    >>> iron = MagneticIons("Fe2+", 1.0, disorder=10.0)
    >>> round(float(magnetization(iron, T=2.0, B=1.0)) / bohr_magneton, 6)
    1.074388
    """

    spin: float
    g_factor: float
    disorder: float
    beyond: PowderIon

    def free_energy(self, T, B):
        """F = -k_B T L, from the lowest level of each site in zero field [J]."""
        return self._evaluate("free_energy", T, B, lambda T, x, s, L: -boltzmann * T * L(0, 0))

    def entropy(self, T, B):
        """S = k_B (L - x L_x - s L_s) [J/K]."""
        return self._evaluate(
            "entropy", T, B, lambda T, x, s, L: boltzmann * (L(0, 0) - x * L(1, 0) - s * L(0, 1))
        )

    def heat_capacity(self, T, B):
        """C = k_B (x^2 L_xx + 2 x s L_xs + s^2 L_ss) [J/K]."""
        return self._evaluate(
            "heat_capacity", T, B,
            lambda T, x, s, L: boltzmann * (x**2 * L(2, 0) + 2.0 * x * s * L(1, 1) + s**2 * L(0, 2)),
        )

    def magnetization(self, T, B):
        """M = g mu_B L_x [A m2]."""
        moment = self.g_factor * bohr_magneton
        return np.sign(B) * self._evaluate("magnetization", T, np.abs(B), lambda T, x, s, L: moment * L(1, 0))

    def magnetic_susceptibility(self, T, B):
        """dM/dB = (g mu_B)^2 L_xx/(k_B T) [A m2/T]."""
        square = self.g_factor**2 * bohr_magneton * bohr_magneton_kelvin
        return self._evaluate("magnetic_susceptibility", T, B, lambda T, x, s, L: square / T * L(2, 0))

    def thermal_slope(self, T, B):
        """dM/dT = -g mu_B (x L_xx + s L_xs)/T [A m2/K]."""
        moment = self.g_factor * bohr_magneton
        return np.sign(B) * self._evaluate(
            "thermal_slope", T, np.abs(B), lambda T, x, s, L: -moment / T * (x * L(2, 0) + s * L(1, 1))
        )

    def _evaluate(self, quantity, T, B, formula):
        T, B = np.broadcast_arrays(np.asarray(T, dtype=float), np.asarray(B, dtype=float))
        x, s = self.g_factor * bohr_magneton_kelvin * np.abs(B) / T, self.disorder / T
        inside = (x <= FIELD_MAX) & (s <= DISORDER_MAX)
        if inside.all():
            return formula(T, x, s, _Series(self.spin, x, s))
        value = np.empty(T.shape)
        value[inside] = formula(T[inside], x[inside], s[inside], _Series(self.spin, x[inside], s[inside]))
        value[~inside] = getattr(self.beyond, quantity)(T[~inside], np.abs(B[~inside]))
        return value


class _Series:
    """Partial derivatives of L at points x, s: series(i, j) is the i-th by x and the j-th by s."""

    def __init__(self, spin, x, s):
        self.series = _derivatives(spin)
        self.width = np.sqrt(1.0 + x**2)
        self.depth = np.sqrt(DISORDER_SCALE**2 + s**2)
        self.x, self.s = x, s
        orders = self.series[0, 0].shape
        self.field = chebyshev.chebvander(np.arcsinh(x) / _FIELD_END, orders[0] - 1)
        self.disorder = chebyshev.chebvander(np.arcsinh(s / DISORDER_SCALE) / _DISORDER_END * 2.0 - 1.0, orders[1] - 1)

    def __call__(self, by_x, by_s):
        # with u = arcsinh x: d/dx = (1/w) d/du and d2/dx2 = (1/w^2) d2/du2 - (x/w^3) d/du, w^2 = 1 + x^2
        if by_x == 2:
            return self._sum(2, by_s) / self.width**2 - self.x / self.width**3 * self._sum(1, by_s)
        if by_s == 2:
            return self._sum(by_x, 2) / self.depth**2 - self.s / self.depth**3 * self._sum(by_x, 1)
        return self._sum(by_x, by_s) / self.width**by_x / self.depth**by_s

    def _sum(self, by_u, by_v):
        total = np.sum((self.field @ self.series[by_u, by_v]) * self.disorder, axis=-1)
        return total.reshape(self.x.shape)  # chebvander makes a point a list of one


@lru_cache(maxsize=16)
def _derivatives(spin):
    """{(i, j): coefficients of the i-th derivative by arcsinh x and the j-th by arcsinh(s/0.7)}."""
    with np.load(PATH) as stored:
        even = stored[f"spin_{round(2 * spin)}"]
    full = np.zeros((2 * len(even) - 1, even.shape[1]))
    full[::2] = even
    result = {}
    for i, j in ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)):
        slope = chebyshev.chebder(chebyshev.chebder(full, i, 1.0 / _FIELD_END, 0), j, 2.0 / _DISORDER_END, 1)
        result[i, j] = np.pad(slope, [(0, n - m) for n, m in zip(full.shape, slope.shape, strict=True)])
    return result
