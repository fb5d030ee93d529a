"""Nuclei of glass formers: spin, gyromagnetic ratio and quadrupole moment."""

import math
from dataclasses import dataclass

from glasstunnel.constants import elementary_charge, hbar
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number
from glasstunnel.records import brief

_BARN = 1e-28  # [m2]


@dataclass(frozen=True)
class Nucleus:
    """A nucleus with a quadrupole moment.

    spin : I, a multiple of 1/2, at least 1 (less has no quadrupole moment).
    gyromagnetic_ratio : gamma [rad/(s T)], with its sign.
    quadrupole_moment : Q [m2].

    >>> from glasstunnel import NUCLEI
    >>> round(NUCLEI["B-11"].gyromagnetic_ratio / 6.283185307e6, 3)  # MHz/T
    13.663
    """

    name: str
    spin: float
    gyromagnetic_ratio: float
    quadrupole_moment: float

    __repr__ = brief

    def __post_init__(self):
        check_spin(self.spin)

    def quadrupole_frequency(self, field_gradient: float) -> float:
        """omega_q = e q Q / (4 I (2I-1) hbar) [rad/s] for the largest field gradient eq = V_zz [V/m2].

        >>> from glasstunnel import NUCLEI
        >>> round(NUCLEI["B-11"].quadrupole_frequency(1e21) / 1e6, 4)
        0.514
        """
        scale = 4.0 * self.spin * (2.0 * self.spin - 1.0) * hbar
        return elementary_charge * self.quadrupole_moment * field_gradient / scale


def check_spin(spin: float) -> None:
    """Raise `ParameterError` unless `spin` is 1, 3/2, 2, ...: a spin with a quadrupole moment."""
    if not is_number(spin, finite=True) or 2.0 * spin != round(2.0 * spin):
        raise ParameterError(f"nuclear spin must be a multiple of 1/2, got {spin!r}")
    if spin < 1.0:
        raise ParameterError(f"nuclear spin must be at least 1 to have a quadrupole moment, got {spin!r}")


def _nucleus(name, spin, megahertz_per_tesla, barn):
    return Nucleus(name, spin, 2e6 * math.pi * megahertz_per_tesla, barn * _BARN)


#: Gyromagnetic ratios: Harris et al., Pure Appl. Chem. 73, 1795 (2001) (IUPAC recommendations).
#: Quadrupole moments: Stone, INDC(NDS)-0658 (2014), and Pyykko, Mol. Phys. 106, 1965 (2008).
NUCLEI = {
    nucleus.name: nucleus
    for nucleus in (
        _nucleus("D", 1.0, 6.536, 0.00286),
        _nucleus("B-10", 3.0, 4.575, 0.0846),
        _nucleus("B-11", 1.5, 13.663, 0.0406),
        _nucleus("O-17", 2.5, -5.774, -0.0256),
        _nucleus("Na-23", 1.5, 11.270, 0.104),
        _nucleus("Al-27", 2.5, 11.103, 0.1466),
        _nucleus("K-39", 1.5, 1.990, 0.0585),
        _nucleus("Ba-135", 1.5, 4.258, 0.160),
        _nucleus("Ba-137", 1.5, 4.763, 0.245),
    )
}
