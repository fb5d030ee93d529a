"""From reduced units to kelvin and kilograms: what a model stands for."""

from dataclasses import dataclass

from glasstunnel.constants import avogadro, boltzmann, hbar
from glasstunnel.errors import ParameterError
from glasstunnel.records import brief


@dataclass(frozen=True)
class Units:
    """What eps, sigma and the mass of species A of a model stand for.

    energy : eps/k_B [K]; length : sigma [m]; mass : [kg]. `hbar` is hbar/(sigma sqrt(m eps)), the only number that the
    tunneling of a reduced landscape needs.
    """

    name: str
    energy: float
    length: float
    mass: float

    __repr__ = brief

    def __post_init__(self):
        if not (self.energy > 0 and self.length > 0 and self.mass > 0):
            raise ParameterError(f"Units {self.name!r} need a positive energy, length and mass")

    @property
    def hbar(self) -> float:
        """Planck's constant in reduced units.

        >>> from glasstunnel.landscape import UNITS
        >>> round(UNITS["argon"].hbar, 5)
        0.02957
        """
        return hbar / (self.length * (self.mass * boltzmann * self.energy) ** 0.5)

    @property
    def time(self) -> float:
        """sigma sqrt(m/eps) [s]."""
        return self.length * (self.mass / (boltzmann * self.energy)) ** 0.5

    def per_kilogram(self, count: float, particles: float) -> float:
        """Systems per kilogram for `count` systems among `particles` particles of this mass."""
        return count / (particles * self.mass)


#: Lennard-Jones parameters of argon, and of the Kob-Andersen model read as Ni80P20.
UNITS = {
    "argon": Units("argon", 119.8, 3.405e-10, 39.95e-3 / avogadro),
    "nickel-phosphorus": Units("nickel-phosphorus", 933.9, 2.218e-10, 58.69e-3 / avogadro),
}


def units(choice: "str | Units") -> Units:
    """The `Units` of a name, or the record itself; `ParameterError` for an unknown name."""
    if isinstance(choice, Units):
        return choice
    if choice not in UNITS:
        raise ParameterError(f"no units {choice!r}; there are {', '.join(UNITS)}, or give a Units record")
    return UNITS[choice]
