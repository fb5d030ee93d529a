"""Larmor diamagnetism of the closed shells."""

from dataclasses import dataclass

from glasstunnel.systems.contribution import Contribution, zeros
from glasstunnel.systems.parameters import parameter


@dataclass(frozen=True)
class LarmorDiamagnetism(Contribution):
    """Temperature-independent diamagnetism, M = -chi_L B  [letter 000, Eq. 1, first term].

    >>> from glasstunnel import LarmorDiamagnetism, magnetization
    >>> float(magnetization(LarmorDiamagnetism(susceptibility=4e-6), T=4.0, B=2.0))
    -8e-06
    """

    summary = "Temperature-independent diamagnetism, M = -chi_L B"
    validity = "Closed shells, at every temperature and field of a laboratory"
    equations = "letter 000, Eq. 1, first term"

    susceptibility: float = parameter(
        "A m2/(kg T)", "Larmor susceptibility chi_L, given positive (1 emu/(g Oe) is 1e4 A m2/(kg T))",
        open_lower=False, linear=True,
    )

    def free_energy(self, T, B):
        """F = chi_L B^2 / 2 [J/kg]."""
        return 0.5 * self.susceptibility * B**2 + zeros(T, B)

    def entropy(self, T, B):
        """Zero: nothing depends on temperature."""
        return zeros(T, B)

    def heat_capacity(self, T, B):
        """Zero: nothing depends on temperature."""
        return zeros(T, B)

    def magnetization(self, T, B):
        """M = -chi_L B [A m2/kg]."""
        return -self.susceptibility * B + zeros(T, B)

    def magnetic_susceptibility(self, T, B):
        """-chi_L [A m2/(kg T)]."""
        return -self.susceptibility + zeros(T, B)
