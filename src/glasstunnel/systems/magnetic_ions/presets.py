"""Ranges of the zero-field splitting of ions in glasses, each with its source and with what is only assumed."""

from dataclasses import dataclass

from glasstunnel.constants import boltzmann, planck, speed_of_light
from glasstunnel.errors import ParameterError
from glasstunnel.systems.magnetic_ions.contribution import MagneticIons
from glasstunnel.systems.magnetic_ions.species import SPECIES

_KELVIN = 100.0 * planck * speed_of_light / boltzmann  #: 1 cm^-1 [K]


@dataclass(frozen=True)
class IonRange:
    """What is known about the splitting of an ion in a kind of glass: a range, no point.

    splitting : |D| [K] from and to.  rhombicity : E/D from and to.  source : where the range comes from.
    assumed : what the source does not say.
    """

    species: str
    glass: str
    splitting: tuple[float, float]
    rhombicity: tuple[float, float]
    source: str
    assumed: str

    @property
    def disorder(self) -> tuple[float, float]:
        """sigma [K] of Czjzek's distribution with the same root mean square of D, which is 1.817 sigma; from and to."""
        low, high = self.splitting
        return low / _RATIO, high / _RATIO

    def ions(self, concentration: float) -> MagneticIons:
        """`MagneticIons` with Czjzek's distribution in the middle of the range (geometric mean); vary `disorder`.

        >>> ion_range("Fe2+", "silicate").ions(1e20).disorder > 0
        True
        """
        low, high = self.disorder
        return MagneticIons(self.species, concentration, disorder=(low * high) ** 0.5)


#: Root mean square of D over sigma in Czjzek's distribution, with the axes named as usual.
_RATIO = 1.817

_FE3_LINE = (
    "Castner, Newell, Holton, Slichter, J. Chem. Phys. 32, 668 (1960): the line at g = 4.3 of Fe3+ in glass is that of "
    "E/D near 1/3 with a splitting well above the microwave quantum of 0.3 cm^-1"
)
_FE3_ASSUMED = (
    "the upper end of 3 K is a choice: the line says that the splitting is not small, not how large it is; axial "
    "sites are not excluded, which is why E/D runs from 0"
)
_FE2_SALT = (
    "Krzystek et al., J. Magn. Reson. 213, 158 (2011): D = 11.95(1) cm^-1 = 17.2 K of [Fe(H2O)6]SiF6 and 13.42(1) "
    "cm^-1 = 19.3 K diluted in the zinc salt, six oxygen neighbors"
)
_FE2_ASSUMED = (
    "no splitting of Fe2+ in a glass is known to us; the range is that of the salts down to a third, D of either sign, "
    "any E/D. The quintet keeps orbital moment, so that g and a temperature-independent term are uncertain too"
)
_GD3 = (
    "Brodbeck and Iton, J. Chem. Phys. 83, 4285 (1985): the U spectrum of Gd3+ in glasses is that of broadly "
    "distributed splittings comparable with the microwave quantum of 0.3 cm^-1"
)
_GD3_ASSUMED = "the range, from a sixth of that quantum (the widest interval is 6 D) to the quantum itself, is a choice"
_FREE_ION_FAILS = (
    "Dieke, Spectra and Energy Levels of Rare Earth Ions in Crystals (1968): the ground multiplet of {ion} is split by "
    "some hundred cm^-1 in low symmetry"
)
_MULTIPLET_ASSUMED = (
    "an overall splitting D (J^2 - 1/4) of 100 to 500 cm^-1; "
    "that D and E alone describe the field, in place of up to 27 crystal-field parameters; a Kramers doublet with an "
    "anisotropic g is left at low temperature, the free ion only far above the splitting"
)


def _multiplet(ion):
    """D [K] for overall splittings D (J^2 - 1/4) of 100 and 500 cm^-1."""
    largest = SPECIES[ion][0] ** 2 - 0.25
    return 100.0 * _KELVIN / largest, 500.0 * _KELVIN / largest


_GLASSES = ("silicate", "borosilicate", "aluminosilicate")

_ROWS = [
    *(IonRange("Fe3+", glass, (0.3 * _KELVIN, 3.0), (0.0, 1.0 / 3.0), _FE3_LINE, _FE3_ASSUMED) for glass in _GLASSES),
    *(IonRange("Fe2+", glass, (6.0, 20.0), (0.0, 1.0 / 3.0), _FE2_SALT, _FE2_ASSUMED) for glass in _GLASSES),
    *(IonRange("Gd3+", glass, (0.05 * _KELVIN, 0.3 * _KELVIN), (0.0, 1.0 / 3.0), _GD3, _GD3_ASSUMED)
      for glass in _GLASSES),
    *(IonRange(ion, "any", _multiplet(ion), (0.0, 1.0 / 3.0), _FREE_ION_FAILS.format(ion=ion), _MULTIPLET_ASSUMED)
      for ion in ("Dy3+", "Er3+", "Yb3+")),
]  # fmt: skip

#: (species, glass) -> `IonRange`.
RANGES = {(row.species, row.glass): row for row in _ROWS}


def ion_range(species: str, glass: str) -> IonRange:
    """The `IonRange` of an ion in a silicate, borosilicate or aluminosilicate glass; `ParameterError` for others.

    >>> low, high = ion_range("Fe2+", "borosilicate").splitting
    >>> low, high
    (6.0, 20.0)
    """
    row = RANGES.get((species, glass), RANGES.get((species, "any")))
    if row is None:
        known = ", ".join(sorted({f"{ion} in {where}" for ion, where in RANGES}))
        raise ParameterError(f"no range for {species!r} in {glass!r} glass; there are {known}")
    return row
