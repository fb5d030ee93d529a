"""Nuclei with a quadrupole moment in the tunneling particles: what the second explanation of echo data needs."""

import math
from dataclasses import dataclass

from glasstunnel.errors import ParameterError
from glasstunnel.systems.contribution import WithoutEnergy
from glasstunnel.systems.nuclei import NUCLEI
from glasstunnel.systems.parameters import option, parameter


@dataclass(frozen=True)
class NuclearQuadrupoles(WithoutEnergy):  # nuclei order far below the temperatures of these experiments
    """Nuclear spins that ride on two-level systems and change their echo in a magnetic field, and nothing else.

    The quadrupole axes of the two wells differ by `axis_angle`, so that the nuclear levels differ between the
    tunneling states and beat with the echo  [Wuerger, Fleischmann, Enss, Phys. Rev. Lett. 89, 237601 (2002)]. A share
    `fraction` of the systems carries such a nucleus: the echo of the two-level systems of the glass is multiplied by
    1 - fraction + fraction A(B, waiting time), A of `nuclear_quadrupole_echo` averaged over frequencies with a normal
    distribution of their logarithm. Several kinds of nuclei multiply. Their Schottky heat capacity, below 1 mK, is not
    evaluated.

    nucleus : name in `NUCLEI`.

    >>> from glasstunnel import NuclearQuadrupoles
    >>> NuclearQuadrupoles("B-11", quadrupole_frequency=8e5, axis_angle=0.5).fraction
    1.0
    """

    summary = "Nuclear spins that ride on two-level systems and change their echo in a magnetic field, and nothing else"
    validity = (
        "Echoes above 1 mK (thermally populated nuclear levels) of nuclei that do not feel each other; the "
        "systems themselves take no notice of the field"
    )
    equations = "Wuerger, Fleischmann, Enss, Phys. Rev. Lett. 89, 237601 (2002)"

    nucleus: str = option(NUCLEI)
    quadrupole_frequency: float = parameter("rad/s", "omega_q = e^2 q Q/(4 I (2I-1) hbar), median")
    axis_angle: float = parameter(
        "rad", "angle between the quadrupole axes of the two wells", open_lower=False, upper=0.5 * math.pi
    )
    quadrupole_spread: float = parameter(
        "1", "standard deviation of ln(quadrupole_frequency)", open_lower=False, upper=2.0, default=0.0
    )
    fraction: float = parameter(
        "1", "share of two-level systems that carry the nucleus", open_lower=False, upper=1.0, default=1.0
    )
    asymmetry_parameter: float = parameter(
        "1", "eta of the field gradient", open_lower=False, upper=1.0, default=0.0
    )

    def __post_init__(self):
        super().__post_init__()
        if self.nucleus not in NUCLEI:
            raise ParameterError(f"NuclearQuadrupoles: no nucleus {self.nucleus!r}; there are {', '.join(NUCLEI)}")
