r"""Scale-free tables of ions with random zero-field splittings: a curve is a few matrix products.

Only ratios enter: with x = g mu_B B/k_B T and s = sigma/T the mean over sites and directions

.. math:: L(x, s) = \langle \ln \textstyle\sum_k e^{-(E_k - E_0)/T} \rangle

(E_0: lowest level of each site without field) is one smooth function for each spin and distribution, even in x. It is a
Chebyshev series in arcsinh(x) and arcsinh(s/scale); every observable is a derivative of the same series, so that they
agree with each other to rounding. The series of Czjzek's distribution is stored. That of any other distribution follows
in milliseconds from the stored series of ln Z of one site, averaged over directions, in x, rho/T and c (size and shape
of `numerics.random_tensors`). Both are built by ``tools/build_czjzek_table.py``, which states the errors: for Czjzek's
distribution a few 1e-7 g mu_B S in the moment and 1e-6 k_B in the heat capacity at worst (S = 7/2: 1e-5 k_B), 1e-9
where x and s are of order one; for others about ten times as much.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev

from glasstunnel.constants import bohr_magneton, bohr_magneton_kelvin, boltzmann
from glasstunnel.numerics.random_tensors import axial_rhombic
from glasstunnel.numerics.spin import quadratic_form
from glasstunnel.systems.magnetic_ions.powder import PowderIon

PATH = Path(__file__).with_name("czjzek_table.npz")
SITE_PATH = Path(__file__).with_name("site_table.npz")
SPINS = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5)
FIELD_MAX = 12.0  #: largest x of the table
DISORDER_MAX = 16.0  #: largest s of the table
DISORDER_SCALE = 0.7
SIZE_MAX = 36.0  #: largest rho/T of the table for any distribution
_FIELD_END = float(np.arcsinh(FIELD_MAX))
_ORDER = 48  #: of the series in s of `sites_table`


class RatioTable(NamedTuple):
    """L(x, s) of a spin and a distribution: {(i, j): coefficients of the i-th and j-th derivative}, scale and end of s.

    The derivatives are by arcsinh(x) and arcsinh(s/scale), in even orders of y = arcsinh(x)/arcsinh(12) only; those
    odd in x are divided by y.
    """

    series: dict[tuple[int, int], np.ndarray]
    scale: float
    largest: float

    @property
    def end(self) -> float:
        """arcsinh(s/scale) at the largest s."""
        return float(np.arcsinh(self.largest / self.scale))


@dataclass(frozen=True)
class TabulatedIon:
    """One ion in random sites, from a table where it reaches and else from `beyond`.

    disorder : sigma [K].  beyond : the same ion as nodes, for x > 12 or s beyond the table; up to 0.5 s a point.

    >>> from glasstunnel import MagneticIons, magnetization
    >>> iron = MagneticIons("Fe2+", 1.0, disorder=10.0)
    >>> round(float(magnetization(iron, T=2.0, B=1.0)) / bohr_magneton, 6)
    1.074388
    """

    g_factor: float
    disorder: float
    table: RatioTable
    beyond: PowderIon

    def free_energy(self, T, B):
        """F = -k_B T L, from the lowest level of each site in zero field [J]."""
        return self._evaluate(self.beyond.free_energy, T, B, lambda T, x, s, L: -boltzmann * T * L(0, 0))

    def entropy(self, T, B):
        """S = k_B (L - x L_x - s L_s) [J/K]."""
        return self._evaluate(
            self.beyond.entropy, T, B,
            lambda T, x, s, L: boltzmann * np.maximum(L(0, 0) - x * L(1, 0) - s * L(0, 1), 0.0),
        )

    def heat_capacity(self, T, B):
        """C = k_B (x^2 L_xx + 2 x s L_xs + s^2 L_ss) [J/K]."""
        return self._evaluate(
            self.beyond.heat_capacity, T, B,
            lambda T, x, s, L: boltzmann * np.maximum(
                x**2 * L(2, 0) + 2.0 * x * s * L(1, 1) + s**2 * L(0, 2), 0.0  # where it freezes out, below its error
            ),
        )

    def magnetization(self, T, B):
        """M = g mu_B L_x [A m2]."""
        moment = self.g_factor * bohr_magneton
        return np.sign(B) * self._evaluate(self.beyond.magnetization, T, np.abs(B), lambda T, x, s, L: moment * L(1, 0))

    def magnetic_susceptibility(self, T, B):
        """dM/dB = (g mu_B)^2 L_xx/(k_B T) [A m2/T]."""
        square = self.g_factor**2 * bohr_magneton * bohr_magneton_kelvin
        return self._evaluate(self.beyond.magnetic_susceptibility, T, B, lambda T, x, s, L: square / T * L(2, 0))

    def thermal_slope(self, T, B):
        """dM/dT = -g mu_B (x L_xx + s L_xs)/T [A m2/K]."""
        moment = self.g_factor * bohr_magneton
        return np.sign(B) * self._evaluate(
            self.beyond.thermal_slope, T, np.abs(B), lambda T, x, s, L: -moment / T * (x * L(2, 0) + s * L(1, 1))
        )

    def _evaluate(self, beyond, T, B, formula):
        T, B = np.broadcast_arrays(np.asarray(T, dtype=float), np.asarray(B, dtype=float))
        x, s = self.g_factor * bohr_magneton_kelvin * np.abs(B) / T, self.disorder / T
        inside = (x <= FIELD_MAX) & (s <= self.table.largest)
        if inside.all():
            return formula(T, x, s, _PartialDerivatives(self.table, x, s))
        value = np.empty(T.shape)
        value[inside] = formula(T[inside], x[inside], s[inside], _PartialDerivatives(self.table, x[inside], s[inside]))
        value[~inside] = beyond(T[~inside], np.abs(B[~inside]))
        return value


class _PartialDerivatives:
    """Partial derivatives of L at points x, s: series(i, j) is the i-th by x and the j-th by s."""

    def __init__(self, table, x, s):
        self.series = table.series
        self.width = np.sqrt(1.0 + x**2)
        self.depth = np.sqrt(table.scale**2 + s**2)
        self.x, self.s = x, s
        orders = self.series[0, 0].shape
        self.odd = np.arcsinh(x) / _FIELD_END
        self.field = chebyshev.chebvander(2.0 * self.odd**2 - 1.0, orders[0] - 1)  # T_2k(y) = T_k(2 y^2 - 1)
        self.disorder = chebyshev.chebvander(np.arcsinh(s / table.scale) / table.end * 2.0 - 1.0, orders[1] - 1)

    def __call__(self, by_x, by_s):
        # with u = arcsinh x: d/dx = (1/w) d/du and d2/dx2 = (1/w^2) d2/du2 - (x/w^3) d/du, w^2 = 1 + x^2
        if by_x == 2:
            return self._sum(2, by_s) / self.width**2 - self.x / self.width**3 * self._sum(1, by_s)
        if by_s == 2:
            return self._sum(by_x, 2) / self.depth**2 - self.s / self.depth**3 * self._sum(by_x, 1)
        return self._sum(by_x, by_s) / self.width**by_x / self.depth**by_s

    def _sum(self, by_u, by_v):
        total = np.sum((self.field @ self.series[by_u, by_v]) * self.disorder, axis=-1)
        total = total.reshape(self.x.shape)  # chebvander makes a point a list of one
        return self.odd * total if by_u % 2 else total


@lru_cache(maxsize=16)
def czjzek_table(spin: float) -> RatioTable:
    """The stored table of Czjzek's distribution for one of `SPINS`; s = sigma/T up to 16."""
    with np.load(PATH) as stored:
        even = stored[f"spin_{round(2 * spin)}"]
    return _ratio_table(even, DISORDER_SCALE, DISORDER_MAX)


@lru_cache(maxsize=64)
def sites_table(spin: float, size: tuple, shape: tuple, weights: tuple) -> RatioTable:
    """The table of any distribution, given by nodes of rho/sigma and c (`RandomTensors`), for one of `SPINS`.

    It reaches to the s = sigma/T at which the largest node has rho/T = 36.
    """
    sizes, shapes, shares = (np.array(numbers) for numbers in (size, shape, weights))
    largest, scale = SIZE_MAX / sizes.max(), 1.5 / (shares @ sizes)
    stored = _stored_sites(spin)
    s = scale * np.sinh(0.5 * (1.0 + _chebyshev_nodes(_ORDER)) * np.arcsinh(largest / scale))
    by_shape = chebyshev.chebvander(shapes, stored.shape[2] - 1) * shares[:, None]
    place = np.arcsinh(np.multiply.outer(s, sizes)) * 2.0 / np.arcsinh(SIZE_MAX) - 1.0
    moments = np.swapaxes(chebyshev.chebvander(place, stored.shape[1] - 1), 1, 2) @ by_shape
    values = np.tensordot(stored, moments, ([1, 2], [1, 2]))
    ground = np.linalg.eigvalsh(quadratic_form(spin, *axial_rhombic(sizes, shapes)))[:, 0] @ shares
    values[0] += s * ground
    matrix = 2.0 / _ORDER * np.cos(np.outer(np.arange(_ORDER), np.pi * (np.arange(_ORDER) + 0.5) / _ORDER))
    matrix[0] *= 0.5
    return _ratio_table(values @ matrix.T, float(scale), float(largest))


def _chebyshev_nodes(count):
    return np.cos(np.pi * (np.arange(count) + 0.5) / count)


@lru_cache(maxsize=8)
def _stored_sites(spin):
    with np.load(SITE_PATH) as stored:
        return stored[f"spin_{round(2 * spin)}"]


def _ratio_table(even, scale, largest):
    """`RatioTable` of coefficients (even orders in arcsinh x, orders in arcsinh(s/scale))."""
    full = np.zeros((2 * len(even) - 1, even.shape[1]))
    full[::2] = even
    series, end = {}, float(np.arcsinh(largest / scale))
    for i, j in ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)):
        slope = chebyshev.chebder(chebyshev.chebder(full, i, 1.0 / _FIELD_END, 0), j, 2.0 / end, 1)
        half = _over_variable(slope[1::2]) if i % 2 else slope[::2]
        series[i, j] = np.pad(half, [(0, n - m) for n, m in zip(even.shape, half.shape, strict=True)])
    return RatioTable(series, scale, largest)


def _over_variable(odd):
    """Coefficients of T_2k of a series in T_(2k+1), divided by its variable: T_(2k+1)/y = 2 (T_2k - T_2k-2 + ...)."""
    sign = (-1.0) ** np.arange(len(odd))[:, None]
    result = 2.0 * sign * np.cumsum((sign * odd)[::-1], axis=0)[::-1]
    result[0] *= 0.5
    return result
