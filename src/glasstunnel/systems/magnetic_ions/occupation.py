"""Thermal means over the levels of sites whose states mix in the field."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class Occupation:
    """Means over `FieldLevels` (..., states) at T [K], a number or (...); every quantity is (...), with k_B = 1.

    Sums over the levels of each site and direction. The susceptibility is Kubo's, in which levels that cross or are
    degenerate need no special care; its part between different levels is Van Vleck's.
    """

    def __init__(self, levels, T):
        self.levels, self.slopes, self.couplings = levels
        self.T = np.asarray(T)
        self.excess = self.levels - self.levels[..., :1]
        self.ratio = np.minimum(self.excess / self.T[..., None], 800.0)  # beyond, the occupation is zero
        factors = np.exp(-self.ratio)
        self.partition = factors.sum(axis=-1)
        self.share = factors / self.partition[..., None]

    def _mean(self, quantity):
        return np.einsum("...k,...k->...", self.share, quantity)

    def _covariance(self, first, second):
        return np.einsum(
            "...k,...k,...k->...",
            self.share, first - self._mean(first)[..., None], second - self._mean(second)[..., None],
        )

    def free_energy(self):
        """F = E_0 - T ln sum exp(-(E_k - E_0)/T) [K]."""
        return self.levels[..., 0] - self.T * np.log(self.partition)

    def entropy(self):
        """S = ln Z + <E>/T."""
        return np.log(self.partition) + self._mean(self.ratio)

    def heat_capacity(self):
        """C = Var(E)/T^2."""
        return self._covariance(self.ratio, self.ratio)

    def magnetization(self):
        """M = -<dE/dB> [K/T]."""
        return -self._mean(self.slopes)

    def thermal_slope(self):
        """dM/dT = -Cov(E, dE/dB)/T^2 [1/T]."""
        return -self._covariance(self.ratio, self.slopes) / self.T

    def susceptibility(self):
        """dM/dB = Var(dE/dB)/T + 2 sum_{k<l} |V_kl|^2 (p_k - p_l)/(E_l - E_k) [K/T2]."""
        if self.couplings is None:  # the moment is conserved
            return self._covariance(self.slopes, self.slopes) / self.T
        low, high = np.triu_indices(self.levels.shape[-1], 1)
        gap = (self.excess[..., high] - self.excess[..., low]) / self.T[..., None]  # without the limit of `ratio`
        with np.errstate(invalid="ignore"):
            decay = np.where(gap > 1e-9, -np.expm1(-gap) / gap, 1.0)
        mixing = np.einsum("...k,...k,...k->...", self.share[..., low], decay, self.couplings[..., low, high])
        return (self._covariance(self.slopes, self.slopes) + 2.0 * mixing) / self.T


class ThermalMean(NamedTuple):
    """One of the means over the levels.

    value : of an `Occupation`. free_size : its size for a free ion with a moment [K/T] at T [K]. odd : in the field.
    """

    value: Callable[[Occupation], Any]
    free_size: Callable[[float, Any], Any]
    odd: bool = False


FREE_ENERGY = ThermalMean(Occupation.free_energy, lambda moment, T: T)
ENTROPY = ThermalMean(Occupation.entropy, lambda moment, T: 1.0)
HEAT_CAPACITY = ThermalMean(Occupation.heat_capacity, lambda moment, T: 1.0)
MAGNETIZATION = ThermalMean(Occupation.magnetization, lambda moment, T: moment, odd=True)
SUSCEPTIBILITY = ThermalMean(Occupation.susceptibility, lambda moment, T: moment**2 / T)
THERMAL_SLOPE = ThermalMean(Occupation.thermal_slope, lambda moment, T: moment / T, odd=True)
