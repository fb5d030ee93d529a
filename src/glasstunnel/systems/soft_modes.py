"""Soft modes: the quasi-harmonic vibrations of the soft-potential model, which make the excess over Debye's law."""

import math
from dataclasses import dataclass

import numpy as np

from glasstunnel.constants import boltzmann, hbar
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.quadrature import panels
from glasstunnel.numerics.stable import log_one_minus_exp
from glasstunnel.systems.contribution import Contribution, zeros
from glasstunnel.systems.parameters import known, parameter

#: Gaps of up to this many crossover energies hold modes.
_LAST = 6.0
#: C = (2 pi^6/21) k_B P_s (T/W)^5 while the density of states grows as E^4.
_FIFTH = 2.0 * math.pi**6 / 21.0


@dataclass(frozen=True)
class SoftModes(Contribution):
    """Quasi-harmonic modes of the soft-potential model
    [V. G. Karpov, M. I. Klinger, F. N. Ignatiev, Sov. Phys. JETP 57, 439 (1983); U. Buchenau, Yu. M. Galperin,
    V. L. Gurevich, D. A. Parshin, M. A. Ramos, H. R. Schober, Phys. Rev. B 46, 2798 (1992)].

    Density of states g(E) = (density/8 W)(E/W)^4, which gives C = (2 pi^6/21) k_B density (T/W)^5. With a `crossover`
    E_b the density grows only linearly above it and ends at 6 E_b, so that C/T^3 has its maximum at 0.2555 E_b; the T^5
    law is then 4 % high at E_b/10 and twice too high at E_b/5.

    They scatter phonons as (E/W)^3 (the Rayleigh law of this model) and, with an `attempt_time`, by relaxation over
    barriers, both in proportion to the tunneling strengths of the same soft potentials: of `longitudinal_strength` and
    `transverse_strength`, else of the two-level systems in the same glass.

    >>> from glasstunnel import SoftModes, heat_capacity
    >>> modes = SoftModes(density=1e22, energy=4.0)
    >>> f"{float(heat_capacity(modes, 1.0, 0.0)):.6e}"
    '1.234506e-02'
    """

    summary = "Quasi-harmonic modes of the soft-potential model"
    validity = (
        "The T^5 law (no `crossover`) up to a tenth of the energy at which the density of states leaves E^4, "
        "where it is 4 % high; with `crossover` at temperatures up to about that energy"
    )
    equations = (
        "V. G. Karpov, M. I. Klinger, F. N. Ignatiev, Sov. Phys. JETP 57, 439 (1983); U. Buchenau, Yu. M. "
        "Galperin, V. L. Gurevich, D. A. Parshin, M. A. Ramos, H. R. Schober, Phys. Rev. B 46, 2798 (1992)"
    )

    density: float | None = parameter(
        "1/kg", "P_s: soft potentials per unit of both shape parameters (None: not known, phonon scattering only)",
        open_lower=False, linear=True, optional=True,
    )
    energy: float = parameter("K", "W: energy scale of the quartic potential")
    crossover: float | None = parameter(
        "K", "E_b where the density of states leaves E^4 (not given: never)", optional=True, default=None
    )
    longitudinal_strength: float | None = parameter(
        "1", "C_l of the soft potentials (not given: that of the two-level systems)", open_lower=False, optional=True,
        default=None,
    )
    transverse_strength: float | None = parameter(
        "1", "C_t of the soft potentials (not given: that of the two-level systems)", open_lower=False, optional=True,
        default=None,
    )
    attempt_time: float | None = parameter(
        "s", "tau0 of the relaxation over barriers (not given: none)", optional=True, default=None
    )

    def free_energy(self, T, B):
        """k_B T Int g ln(1 - exp(-E/T)) dE; -C T/30 while g grows as E^4."""
        if self.crossover is None:
            return -self._fifth_power(T) * T / 30.0 + zeros(B)
        return self._sum(T, log_one_minus_exp, power=1) + zeros(B)

    def entropy(self, T, B):
        if self.crossover is None:
            return self._fifth_power(T) / 5.0 + zeros(B)
        return self._sum(T, lambda x: x / np.expm1(x) - log_one_minus_exp(x), power=0) + zeros(B)

    def heat_capacity(self, T, B):
        if self.crossover is None:
            return self._fifth_power(T) + zeros(B)
        return self._sum(T, lambda x: (0.5 * x / np.sinh(0.5 * x)) ** 2, power=0) + zeros(B)

    def vibrational_density(self, E):
        """g(E) [1/(K kg)] of the modes; they are vibrations, so no part of `density_of_states`."""
        E = np.asarray(E, float)
        fourth = known(self, "density") / (8.0 * self.energy) * (E / self.energy) ** 4
        if self.crossover is None:
            return fourth
        return np.where(E <= self.crossover, fourth, np.where(E < _LAST * self.crossover,
                        fourth * (self.crossover / np.maximum(E, self.crossover)) ** 3, 0.0))  # fmt: skip

    def _fifth_power(self, T):
        return _FIFTH * boltzmann * known(self, "density") * (np.asarray(T, float) / self.energy) ** 5

    def _sum(self, T, per_mode, power):
        """k_B T^power Int g(E) per_mode(E/T) dE, panels crowded below the temperatures."""
        T = np.asarray(T, float)[..., None]
        # Modes beyond 50 T count for nothing, so each temperature has its own end, and a panel edge at the crossover.
        unit, weight = panels(np.concatenate([[0.0], np.geomspace(1e-3, 1.0, 13)]), 12)
        total = 0.0
        crossover = known(self, "crossover")
        for start, stop in ((0.0, crossover), (crossover, _LAST * crossover)):
            end = np.minimum(stop, np.maximum(start, 50.0 * T))
            E = start + (end - start) * unit
            x = np.clip(E / T, 1e-300, 700.0)
            total = total + np.sum((end - start) * weight * self.vibrational_density(E) * per_mode(x), axis=-1)
        return boltzmann * T[..., 0] ** power * total

    def couples_to_strain(self) -> bool:
        """Whether strengths of its own are given."""
        return self.longitudinal_strength is not None and self.transverse_strength is not None

    @property
    def scattering_edges(self) -> tuple[float, ...]:
        """Where the logarithm of the relaxation over barriers reaches one [K]."""
        return () if self.attempt_time is None else (hbar / (boltzmann * math.e * self.attempt_time),)

    def inverse_mean_free_path(self, energy, T, B, mode, strength, speed):
        """1/l [1/m] of phonons of `energy` [K]: (w/v) pi C [(E/W)^3/8 + (T/W)^(3/4) L^(-1/4)], L = ln(1/(w tau0)) >= 1.

        strength, speed : C [1] and v [m/s] of the mode.
        """
        omega = energy * boltzmann / hbar
        scattering = (energy / self.energy) ** 3 / 8.0
        if self.attempt_time is not None:
            logarithm = np.maximum(1.0, -np.log(omega * self.attempt_time))
            scattering = scattering + (T / self.energy) ** 0.75 * logarithm**-0.25
        return omega / speed * math.pi * strength * scattering + zeros(B)

    def mode_strength(self, mode: str, otherwise: float = 0.0) -> float:
        """C of a mode [1], `otherwise` (of the two-level systems) where it is not given; `ParameterError` without."""
        given = self.longitudinal_strength if mode == "longitudinal" else self.transverse_strength
        if given is None and otherwise > 0.0:
            return otherwise
        if given is None:
            raise ParameterError(
                f"SoftModes.{mode}_strength is not given, and the glass has no two-level systems to take it from"
            )
        return given
