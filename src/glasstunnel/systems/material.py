"""Elastic constants of the host material, and the one-phonon rates that follow from them."""

from dataclasses import dataclass

from glasstunnel.constants import elementary_charge
from glasstunnel.errors import ParameterError
from glasstunnel.systems.parameters import check_parameters, known, parameter
from glasstunnel.systems.response.two_level import one_phonon_constant


@dataclass(frozen=True)
class Material:
    """What a tunneling system feels of its host.

    >>> from glasstunnel import Material
    >>> silica = Material(2200.0, 5800.0, 3800.0, 1.04, 0.65)
    >>> f"{silica.elastic_constant():.3e}"
    '2.055e-08'
    """

    density: float = parameter("kg/m3", "mass density", span=1.0)
    longitudinal_speed: float = parameter("m/s", "speed of longitudinal sound", span=1.0)
    transverse_speed: float = parameter("m/s", "speed of transverse sound", span=1.0)
    longitudinal_potential: float | None = parameter(
        "eV", "deformation potential of longitudinal strain (not given: no rate, no strength follows)",
        open_lower=False, optional=True, default=None,
    )
    transverse_potential: float | None = parameter(
        "eV", "deformation potential of transverse strain", optional=True, default=None
    )

    def __post_init__(self):
        check_parameters(self)

    def speed(self, mode: str) -> float:
        """Speed of sound [m/s] of a mode, "longitudinal" or "transverse"; `ParameterError` for another one."""
        if mode not in ("longitudinal", "transverse"):
            raise ParameterError(f"phonons are longitudinal or transverse, got mode {mode!r}")
        return self.longitudinal_speed if mode == "longitudinal" else self.transverse_speed

    @property
    def has_potentials(self) -> bool:
        """Whether both deformation potentials are given."""
        return self.longitudinal_potential is not None and self.transverse_potential is not None

    def elastic_constant(self) -> float:
        """gamma [s K^3] of the one-phonon rate 1/tau = (Delta0^2 E/gamma) coth(E/2T)  [002, Eq. 39; 004, Eq. 9].

        Golden rule with coupling g to each of the three acoustic branches; 004 Table I misprints the unit (s J^3).
        """
        return one_phonon_constant(
            self.density, self.longitudinal_speed, self.transverse_speed,
            known(self, "longitudinal_potential") * elementary_charge,
            known(self, "transverse_potential") * elementary_charge,
        )
