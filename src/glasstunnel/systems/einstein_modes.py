"""Einstein modes: local vibrations of one frequency."""

import math
from dataclasses import dataclass

import numpy as np

from glasstunnel.constants import boltzmann
from glasstunnel.numerics.stable import log_one_minus_exp
from glasstunnel.systems.contribution import Contribution, zeros
from glasstunnel.systems.parameters import parameter


@dataclass(frozen=True)
class EinsteinModes(Contribution):
    """Independent harmonic oscillators of one energy, without zero-point energy
    [A. Einstein, Ann. Phys. 22, 180 (1907)].

    C = k_B n (x/2)^2/sinh(x/2)^2 with x = E/T; 3 modes per rattling atom.

    >>> from glasstunnel import EinsteinModes, heat_capacity
    >>> f"{float(heat_capacity(EinsteinModes(concentration=1e25, energy=50.0), 300.0, 0.0)):.3f}"
    '137.746'
    """

    summary = "Independent harmonic oscillators of one energy, without zero-point energy"
    validity = "Harmonic modes of one sharp energy, at temperatures at which they neither soften nor decay"
    equations = "A. Einstein, Ann. Phys. 22, 180 (1907)"

    concentration: float = parameter("1/kg", "number of modes", open_lower=False, linear=True)
    energy: float = parameter("K", "energy of a quantum", span=1.0)

    def free_energy(self, T, B):
        x = self.energy / np.asarray(T, float)
        return boltzmann * self.concentration * T * log_one_minus_exp(x) + zeros(B)

    def entropy(self, T, B):
        x = np.minimum(self.energy / np.asarray(T, float), 700.0)
        return boltzmann * self.concentration * (x / np.expm1(x) - log_one_minus_exp(x)) + zeros(B)

    def heat_capacity(self, T, B):
        half = 0.5 * np.minimum(self.energy / np.asarray(T, float), 2.0 * math.log(1e150))
        return boltzmann * self.concentration * (half / np.sinh(half)) ** 2 + zeros(B)
