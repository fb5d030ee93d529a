"""Debye phonons."""

import math
from dataclasses import dataclass

import numpy as np

from glasstunnel.constants import boltzmann
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number
from glasstunnel.numerics.quadrature import legendre
from glasstunnel.systems.contribution import Contribution, zeros
from glasstunnel.systems.parameters import known, parameter

_NODES = 48
_FAR = 46.0  # in units of T: beyond it a mode adds less than 1e-15 of the integral
_INFINITE = 1e100  # K: stands for an infinite Debye temperature, whose quotients would have no derivative
_CUBIC = 15.0 / (4.0 * math.pi**4)  # 1 / integral of x^4 e^x/(e^x-1)^2 over all x


@dataclass(frozen=True)
class DebyePhonons(Contribution):
    """Debye phonons, given by their cubic heat capacity C = cubic_coefficient T^3 (the papers' B_ph)  [004, Eq. 21].

    With a `debye_temperature` theta the heat capacity is the full Debye integral, which leaves the cubic law at about
    theta/50 and ends at 3 k_B per atom; the number of atoms is fixed by both parameters, `atoms_per_kilogram`.
    Without it (None or infinity) the cubic law holds at every temperature. The free energy has no zero-point term.
    Phonons do not feel the magnetic field.

    The measured glass also has a boson peak (an excess near 10 K) which this contribution does not contain.

    >>> from glasstunnel import DebyePhonons, heat_capacity
    >>> round(float(heat_capacity(DebyePhonons(cubic_coefficient=2.4555e-3), T=2.0, B=0.0)), 9)
    0.019644
    >>> silica = DebyePhonons.from_atoms(debye_temperature=495.0, atoms_per_kilogram=3.0068e25)
    >>> f"{silica.cubic_coefficient:.4e}"
    '8.0017e-04'
    """

    summary = "Debye phonons, given by their cubic heat capacity C = cubic_coefficient T^3 (the papers' B_ph)"
    validity = (
        "The cubic law (no `debye_temperature`) below about a fiftieth of the Debye temperature; Debye's "
        "density of states leaves out the boson peak of a glass near 10 K, which `SoftModes` add"
    )
    equations = "004, Eq. 21"

    cubic_coefficient: float = parameter("J/(K^4 kg)", "heat capacity over T^3 at low temperature", open_lower=False,
                                         span=1.0, linear=True)
    debye_temperature: float | None = parameter("K", "Debye temperature (infinity: pure T^3)", optional=True,
                                                infinite=True, default=None)

    def __post_init__(self):
        if self.debye_temperature is None:
            object.__setattr__(self, "debye_temperature", math.inf)
        super().__post_init__()

    @classmethod
    def from_atoms(cls, debye_temperature, atoms_per_kilogram):
        """Phonons of a number of atoms: cubic_coefficient = (12 pi^4/5) k_B atoms/theta^3.

        `ParameterError` unless the Debye temperature [K] and the number of atoms [1/kg] are finite and positive.
        """
        for name, value in (("debye_temperature", debye_temperature), ("atoms_per_kilogram", atoms_per_kilogram)):
            if not (is_number(value) and 0.0 < value < math.inf):
                raise ParameterError(f"DebyePhonons.from_atoms: {name} must be a positive number, got {value!r}")
        cubic = 12.0 * math.pi**4 / 5.0 * boltzmann * atoms_per_kilogram / debye_temperature**3
        return cls(cubic_coefficient=cubic, debye_temperature=debye_temperature)

    @property
    def atoms_per_kilogram(self):
        """Number of atoms whose 3 modes each make up the spectrum [1/kg]; infinite for the pure T^3 law."""
        return 5.0 * self.cubic_coefficient * known(self, "debye_temperature") ** 3 / (12.0 * math.pi**4 * boltzmann)

    def free_energy(self, T, B):
        """F = (15/4 pi^4) cubic T^4 times the integral of x^2 ln(1 - e^-x) up to theta/T, taken by parts [J/kg]."""
        end, bose, _ = self._integrals(T)
        integral = (end**3 * np.log(-np.expm1(-end)) - bose) / 3.0
        return _CUBIC * self.cubic_coefficient * T**4 * integral + zeros(T, B)

    def entropy(self, T, B):
        """S = (energy - F)/T with the energy (15/4 pi^4) cubic T^4 times the integral of x^3/(e^x - 1) [J/(K kg)]."""
        end, bose, _ = self._integrals(T)
        integral = (4.0 * bose - end**3 * np.log(-np.expm1(-end))) / 3.0
        return _CUBIC * self.cubic_coefficient * T**3 * integral + zeros(T, B)

    def heat_capacity(self, T, B):
        """C = (15/4 pi^4) cubic T^3 times the integral of x^4 e^x/(e^x - 1)^2 up to theta/T [J/(K kg)]."""
        _, _, fluctuation = self._integrals(T)
        return _CUBIC * self.cubic_coefficient * T**3 * fluctuation + zeros(T, B)

    def _integrals(self, T):
        """Upper end theta/T, and the integrals of x^3/(e^x - 1) and x^4 e^x/(e^x - 1)^2 up to it."""
        theta = np.minimum(known(self, "debye_temperature"), _INFINITE)
        end = np.minimum(theta / np.asarray(T, dtype=float), _FAR)
        nodes, weights = legendre(_NODES)
        x = end[..., None] * nodes
        bose = x**3 / np.expm1(x)
        fluctuation = x * bose / -np.expm1(-x)
        return end, end * np.sum(weights * bose, axis=-1), end * np.sum(weights * fluctuation, axis=-1)
