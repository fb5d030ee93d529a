"""Temperature-independent paramagnetism."""

from dataclasses import dataclass

from glasstunnel.systems.contribution import Contribution, zeros
from glasstunnel.systems.parameters import parameter


@dataclass(frozen=True)
class VanVleckParamagnetism(Contribution):
    """Temperature-independent susceptibility from the mixing of distant levels, M = chi_VV B.

    Source: Van Vleck, The Theory of Electric and Magnetic Susceptibilities (1932), Ch. IX. The term itself is positive.
    Only its sum with `LarmorDiamagnetism` can be measured: vary one of the two. A negative value is allowed and stands
    for a net diamagnetism.

    >>> from glasstunnel import VanVleckParamagnetism, magnetization
    >>> float(magnetization(VanVleckParamagnetism(susceptibility=4e-6), T=4.0, B=2.0))
    8e-06
    """

    summary = "Temperature-independent susceptibility from the mixing of distant levels, M = chi_VV B"
    validity = "k_B T and mu_B B well below the distance of the levels that mix"
    equations = "Van Vleck, The Theory of Electric and Magnetic Susceptibilities (1932), Ch. IX"

    susceptibility: float = parameter(
        "A m2/(kg T)", "chi_VV, positive for a paramagnet (1 emu/(g Oe) is 1e4 A m2/(kg T))", lower=float("-inf"),
        linear=True,
    )

    def free_energy(self, T, B):
        """F = -chi_VV B^2 / 2 [J/kg]."""
        return -0.5 * self.susceptibility * B**2 + zeros(T, B)

    def entropy(self, T, B):
        """Zero: nothing depends on temperature."""
        return zeros(T, B)

    def heat_capacity(self, T, B):
        """Zero: nothing depends on temperature."""
        return zeros(T, B)

    def magnetization(self, T, B):
        """M = chi_VV B [A m2/kg]."""
        return self.susceptibility * B + zeros(T, B)

    def magnetic_susceptibility(self, T, B):
        """chi_VV [A m2/(kg T)]."""
        return self.susceptibility + zeros(T, B)
