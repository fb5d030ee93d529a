"""From mass, charge, distance and barrier to the parameters of a contribution, and what kinetic energy allows.

In a symmetric triple well D0|q/e|S = c1 |q/e| hbar^2/(M k_B) holds exactly, with the rescaled D0 and c1 = <L>/hbar, the
mean angular momentum of either state of the pair l = +-1 mod 3 (Hellmann and Feynman). It is 1 for a free particle on a
ring, below 1 wherever wells mix in l = -2, 4, ..., and below 0.2 in the tunneling regime. A cluster with N times the
charge and N times the mass has the same bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from glasstunnel.constants import angstrom, atomic_mass, boltzmann, flux_phase_per_area, hbar
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import check_record, real_number, real_numbers
from glasstunnel.systems.anomalous.contribution import AnomalousTunnelingSystems
from glasstunnel.systems.glass import as_glass

if TYPE_CHECKING:
    from glasstunnel.origins.reduction import WellReduction


@dataclass(frozen=True)
class KineticBound:
    """A value of D0|q/e|S against the largest that a particle can have.

    amplitude_area [K Angstrom^2]; mass [u]; charge |q/e|; bound : |q/e| hbar^2/(M k_B) [K Angstrom^2], c1 = 1; ratio :
    amplitude_area over bound, the c1 that the value needs, or the angular momentum in units of hbar.
    """

    amplitude_area: float
    mass: float
    charge: float
    bound: float
    ratio: float

    @property
    def allowed(self) -> bool:
        return self.ratio <= 1.0

    def __str__(self):
        verdict = "within" if self.allowed else f"{self.ratio:.2g} times"
        return (
            f"D0|q/e|S = {self.amplitude_area:.3g} K Angstrom^2 is {verdict} the most a particle of {self.mass:g} u "
            f"and charge {self.charge:g} e can have, {self.bound:.3g} K Angstrom^2 (one hbar of angular momentum; the "
            "bound is the same for a cluster with N times the mass and charge)"
        )


def kinetic_bound(amplitude_area: float, mass: float = 15.999, charge: float = 1.0) -> KineticBound:
    """`KineticBound` of a fitted D0|q/e|S [K Angstrom^2] for a particle of `mass` [u] and `charge` [e].

    Derived for the three-well reduction and checked in every potential computed here: at most one hbar circulates.
    `ParameterError` unless all three are positive and finite (the sign of the charge does not matter).

    >>> from glasstunnel.origins import kinetic_bound
    >>> bound = kinetic_bound(2.9e5)  # BK7, read as oxygen ions
    >>> print(f"{bound.bound:.2f} {bound.ratio:.0f}")
    3.03 95647
    """
    amplitude_area, mass = real_number("amplitude_area", amplitude_area), real_number("mass", mass)
    charge = abs(real_number("charge", charge))
    for name, value in (("amplitude_area", amplitude_area), ("mass", mass), ("charge", charge)):
        if not 0.0 < value < math.inf:
            raise ParameterError(f"kinetic_bound: {name} must be positive and finite, got {value!r}")
    bound = charge * kinetic_scale(mass)
    return KineticBound(float(amplitude_area), float(mass), float(charge), bound, float(amplitude_area) / bound)


def kinetic_notes(glass) -> tuple[str, ...]:
    """One sentence per contribution of anomalous systems of a glass: its largest D0|q/e|S against one oxygen ion.

    glass : a `Glass`. Empty for a glass without such systems.
    """
    glass = as_glass(glass, "kinetic_notes")
    return tuple(
        f"{key}: {kinetic_bound(part.amplitude_area_max)}"
        for key, part in glass.contributions.items()
        if isinstance(part, AnomalousTunnelingSystems)
    )


def kinetic_scale(mass: float) -> float:
    """hbar^2/(M k_B) [K Angstrom^2] for a mass in u.

    >>> from glasstunnel.origins import kinetic_scale
    >>> round(kinetic_scale(1.0), 4)
    48.5087
    """
    if not real_number("kinetic_scale: mass", mass) > 0.0:
        raise ParameterError(f"kinetic_scale: the mass must be positive, got {mass!r}")
    return hbar**2 / (mass * atomic_mass * boltzmann * angstrom**2)


def quantum_number(mass: float, radius: float, barrier: float) -> float:
    """hbar/(a sqrt(M V0)) for a mass [u], a well radius [Angstrom] and a barrier [K].

    >>> from glasstunnel.origins import quantum_number
    >>> round(quantum_number(16.0, 1.0, 100.0), 3)
    0.174
    """
    for name, value in (("mass", mass), ("radius", radius), ("barrier", barrier)):
        if not real_number(f"quantum_number: {name}", value) > 0.0 or not 0.0 < value < math.inf:
            raise ParameterError(f"quantum_number: {name} must be positive and finite, got {value!r}")
    return math.sqrt(kinetic_scale(mass) / barrier) / radius


def reduced_field(charge: float, radius: float, flux_density: float) -> float:
    """b = q B a^2/hbar for a charge [e], a well radius [Angstrom] and B [T]."""
    real_numbers("reduced_field", charge=charge, radius=radius, flux_density=flux_density)
    return flux_phase_per_area * charge * radius**2 * flux_density


@dataclass(frozen=True)
class AnomalousParameters:
    """What one particle in a triple well gives for `AnomalousTunnelingSystems`, with the solved wells behind it.

    tunneling_amplitude : rescaled D0 = (2/sqrt3) t [K], with its sign. charge_area : A_q = |q/e| S [Angstrom^2].
    amplitude_area : |D0| A_q [K Angstrom^2]. flux_field : B* [T]. next_level [K] above the doublet's mean. Sign, area
    and amplitude are computed. kinetic_constant : c1.
    """

    tunneling_amplitude: float
    charge_area: float
    amplitude_area: float
    flux_field: float
    next_level: float
    kinetic_constant: float
    reduction: WellReduction

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be known before these numbers are used."""
        sign = (
            "D0 is negative: one particle on one potential sheet has a single, node-free ground state and no doublet "
            "at zero field; the populations of this package assume D0 > 0, which takes two sheets (vibronic_levels)",
        )
        window = self.reduction.temperature_range() * self.next_level / self.reduction.next_level
        limits = f"the three-level form holds to 1 % of the partition function below {window:.3g} K"
        return (*(sign if self.tunneling_amplitude < 0.0 else ()), limits)

    def system(
        self, density: float, asymmetry_min: float, asymmetry_max: float = math.inf, *, amplitude_ratio: float = 1.5,
        assume_positive: bool = False,
    ) -> AnomalousTunnelingSystems:  # fmt: skip
        """The contribution: cutoffs of D0|q/e|S a factor `amplitude_ratio` apart around the computed value.

        density [1/kg], asymmetries [K] as in `AnomalousTunnelingSystems`. `ParameterError` for a negative D0 unless
        `assume_positive` says that the sign comes from elsewhere.
        """
        if self.tunneling_amplitude < 0.0 and not assume_positive:
            raise ParameterError(
                "to_anomalous: D0 comes out negative, for which AnomalousTunnelingSystems (a ground doublet at zero "
                "field) is the wrong model; pass assume_positive=True if the sign has another origin, e.g. two sheets"
            )
        if not amplitude_ratio > 1.0:
            raise ParameterError(f"to_anomalous: amplitude_ratio must exceed 1, got {amplitude_ratio!r}")
        half = math.sqrt(amplitude_ratio)
        return AnomalousTunnelingSystems(
            density, asymmetry_min, asymmetry_max, self.amplitude_area / half, self.amplitude_area * half,
            flux_field=self.flux_field,
        )


def to_anomalous(
    mass: float, charge: float, radius: float, barrier: float, shape: float = 1.0
) -> AnomalousParameters:
    """`AnomalousParameters` of a particle in a warped triple well  [002, Eqs. 6-9 from the potential].

    mass [u], charge [e], radius [Angstrom] (center to well: the wells are sqrt3 of it apart), barrier [K], shape of
    `triple_well`. `ParameterError` for bad input and beyond what the solver can treat.

    >>> from glasstunnel.origins import to_anomalous
    >>> particle = to_anomalous(mass=16.0, charge=-1.0, radius=1.0, barrier=100.0)
    >>> print(f"{particle.tunneling_amplitude:.4f} K, {particle.amplitude_area:.4f} K Angstrom^2")
    -0.0378 K, 0.0352 K Angstrom^2
    """
    if not abs(real_number("to_anomalous: charge", charge)) > 0.0:
        raise ParameterError(f"to_anomalous: charge must be a finite number other than 0, got {charge!r}")
    from glasstunnel.origins.potentials import triple_well  # a fit asks for the bound alone: no solver is loaded
    from glasstunnel.origins.reduction import reduce_to_wells

    reduced = reduce_to_wells(triple_well(shape), quantum_number(mass, radius, barrier))
    numbers = charge_numbers(reduced, charge, radius, barrier)
    return AnomalousParameters(*numbers, reduced.next_level * barrier, reduced.kinetic_constant, reduced)


def charge_numbers(
    reduced: WellReduction, charge: float, radius: float, barrier: float
) -> tuple[float, float, float, float]:
    """(rescaled D0 [K] with its sign, |q/e| S [Angstrom^2], |D0||q/e|S [K Angstrom^2], B* [T]) of a reduction.

    charge [e], radius [Angstrom], barrier [K], all of them not zero.
    """
    from glasstunnel.origins.reduction import WellReduction

    check_record("charge_numbers: the reduction", reduced, WellReduction, "reduce_to_wells")
    real_numbers("charge_numbers", charge=charge, radius=radius, barrier=barrier)
    amplitude = 2.0 / math.sqrt(3.0) * reduced.amplitude * barrier
    area = abs(charge) * reduced.area * radius**2
    if not 0.0 < area < math.inf:
        raise ParameterError(f"a charge other than 0 is needed for a flux area, got {charge!r}")
    return amplitude, area, abs(amplitude) * area, 1.0 / (flux_phase_per_area * area)
