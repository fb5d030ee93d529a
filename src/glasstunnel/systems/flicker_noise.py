"""The 1/f noise of a resonance frequency, as a law with fitted numbers."""

from dataclasses import dataclass

import numpy as np

from glasstunnel.systems.contribution import WithoutEnergy, zeros
from glasstunnel.systems.parameters import parameter


@dataclass(frozen=True)
class FlickerNoise(WithoutEnergy):  # a law of noise holds no energy
    """1/f noise of the frequency of a resonator (a fitted law).

    S_y = level (T/1 K)^-exponent/f. Measured noise of superconducting resonators grows on cooling [J. Burnett et al.,
    Nat. Commun. 5, 4119 (2014)]; interacting tunneling systems explain it [L. Faoro, L. B. Ioffe, Phys. Rev. B 91,
    014201 (2015)]. Nothing is derived here: level and exponent are numbers of a fit.

    >>> from glasstunnel import FlickerNoise, frequency_noise
    >>> print(f"{float(frequency_noise(FlickerNoise(1e-17, 1.5), 0.1, 0.0, 5e9, 1.0)):.3e}")
    3.162e-16
    """

    summary = "1/f noise of the frequency of a resonator (a fitted law)"
    validity = "The temperatures and frequencies at which it was fitted: a law with fitted numbers, not derived"
    equations = (
        "J. Burnett et al., Nat. Commun. 5, 4119 (2014); L. Faoro, L. B. Ioffe, Phys. Rev. B 91, 014201 (2015)"
    )

    level: float = parameter("1", "f S_y at 1 K", open_lower=False)
    exponent: float = parameter("1", "of the growth on cooling", lower=-10.0, upper=10.0, span=3.0, default=1.0)

    def frequency_noise(self, T, B, frequency, noise_frequency, mass=None, coherence_time=None):
        """S_y [1/Hz]; independent of the resonance frequency."""
        slow = np.asarray(noise_frequency, float)
        return self.level * np.asarray(T, float) ** -self.exponent / slow + zeros(B, frequency)
