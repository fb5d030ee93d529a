"""The Curie-Weiss law: moments that feel each other, seen from high temperature."""

from dataclasses import dataclass

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.systems.contribution import Contribution, zeros
from glasstunnel.systems.parameters import parameter


@dataclass(frozen=True)
class CurieWeissLaw(Contribution):
    """Moments with the susceptibility C/(T - theta), without saturation
    [P. Weiss, J. Phys. Theor. Appl. 6, 661 (1907)].

    The straight line of 1/chi against T; only for mu_eff B well below k_B (T - theta), and only above
    theta (`ParameterError` at and below it). For ions with a Brillouin function and a mean field use `MagneticIons`.
    `effective_moment` turns C and a number of ions into Bohr magnetons per ion.

    >>> from glasstunnel import CurieWeissLaw, inverse_susceptibility
    >>> law = CurieWeissLaw(curie_constant=2e-3, weiss_temperature=-10.0)
    >>> float(inverse_susceptibility(law, T=90.0, B=0.1).round(6))
    50000.0
    """

    summary = "Moments with the susceptibility C/(T - theta), without saturation"
    validity = "T above |theta|, and mu_eff B well below k_B (T - theta): nothing saturates and nothing orders"
    equations = "P. Weiss, J. Phys. Theor. Appl. 6, 661 (1907)"

    curie_constant: float = parameter("A m2 K/(kg T)", "C of C/(T - theta)", open_lower=False, linear=True)
    weiss_temperature: float = parameter("K", "theta, positive ferromagnetic", lower=float("-inf"), span=50.0,
                                         default=0.0)

    def curie_weiss(self):
        """(C, None, theta): the law does not say how many ions there are."""
        return self.curie_constant, None, self.weiss_temperature

    def free_energy(self, T, B):
        """F = -C B^2/(2 (T - theta)) [J/kg]; the entropy of the moments at B = 0 is not in it."""
        return -0.5 * self.curie_constant * B**2 / self._above(T) + zeros(T, B)

    def entropy(self, T, B):
        """S = -C B^2/(2 (T - theta)^2) [J/(K kg)], the change by the field."""
        return -0.5 * self.curie_constant * B**2 / self._above(T) ** 2 + zeros(T, B)

    def heat_capacity(self, T, B):
        """T dS/dT = C B^2 T/(T - theta)^3 [J/(K kg)]."""
        return self.curie_constant * B**2 * T / self._above(T) ** 3 + zeros(T, B)

    def magnetization(self, T, B):
        """M = C B/(T - theta) [A m2/kg]."""
        return self.curie_constant * B / self._above(T) + zeros(T, B)

    def magnetic_susceptibility(self, T, B):
        """C/(T - theta) [A m2/(kg T)]."""
        return self.curie_constant / self._above(T) + zeros(T, B)

    def _above(self, T):
        T = np.asarray(T, float)
        if np.any(T <= self.weiss_temperature):
            raise ParameterError(
                f"CurieWeissLaw holds above weiss_temperature = {self.weiss_temperature:g} K only, got T = "
                f"{float(np.min(T)):g} K"
            )
        return T - self.weiss_temperature
