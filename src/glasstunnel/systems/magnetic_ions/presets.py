"""Ranges of the zero-field splitting of ions in glasses, each with its source and with what is only assumed."""

from dataclasses import dataclass

from glasstunnel.constants import boltzmann, planck, speed_of_light
from glasstunnel.errors import ParameterError
from glasstunnel.records import brief
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

    __repr__ = brief

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

_NOT_READ = "(not checked against the original)"

_FE3_SITES = (
    "Castner, Newell, Holton, Slichter, J. Chem. Phys. 32, 668 (1960) " + _NOT_READ + ": the line at g = 4.3 of Fe3+ "
    "in glass is that of E/D near 1/3 with a splitting well above the microwave quantum of 0.3 cm^-1 = 0.43 K. "
    "Crystals bound it from above: D = 15.0(1) and 20.1(1) kG, 2.0 and 2.7 K, at the two Al sites of andalusite (ESR "
    "spectra of Fe3+ in single crystals of andalusite (1966), abstract); E/D = 0.32 and 0.22 at the tetrahedral sites "
    "of sanidine (Am. Mineral. 73, 97 (1988), abstract)"
)
_FE3_GLASS = {
    "silicate": "In soda-lime-silica glass Fe3+ takes tetrahedral and octahedral sites (Volotinen et al., Phys. Chem. "
                "Glasses 49, 258 (2008), abstract)",
    "borosilicate": "No D of Fe3+ in a borosilicate glass is known to us: the range is that of the silicates. Borate "
                    "glasses show the same lines, g = 4.2 and 6.0 (Chakradhar, Sivaramaiah, Rao, Gopal, Fe3+ ions in "
                    "alkali lead tetraborate glasses, abstract)",
    "aluminosilicate": "No D of Fe3+ in an aluminosilicate glass is known to us: the range is that of the crystals "
                       "named",
}  # fmt: skip
_FE3_ASSUMED = (
    "that a glass spreads its sites over the range from the microwave quantum to the largest splitting of the "
    "crystals, rounded up to 3 K; axial sites are not excluded, which is why E/D runs from 0"
)
_FE2_SALTS = (
    "Six oxygen neighbors in salts: D = 11.95(1) cm^-1 = 17.2 K, E = 0.658(4) cm^-1 of [Fe(H2O)6]SiF6 and 13.42(1) "
    "cm^-1 = 19.3 K diluted in the zinc salt (Krzystek et al., J. Magn. Reson. 213, 158 (2011)); D = 12.02 and 12.15, "
    "E = 2.12 and 1.37 cm^-1 in CsFe(H2O)6PO4, where D is found extremely sensitive to small changes of the structure "
    "(Carver et al., Inorg. Chem. (2006), doi 10.1021/ic0601889, abstract)"
)
_FE2_GLASS = {
    "silicate": "In soda-lime-silica glass Fe2+ takes octahedral and tetrahedral sites, both distorted (Volotinen et "
                "al., Phys. Chem. Glasses 49, 258 (2008), abstract)",
    "borosilicate": "Nothing on Fe2+ in a borosilicate glass was found: the range is that of the silicates",
    "aluminosilicate": "The Moessbauer spectra of Fe2+ in FeO-Al2O3-SiO2 glass show a wide distribution of "
                       "crystal-field parameters (Spin glass transition and hyperfine parameters in FeO-Al2O3-SiO2 "
                       "glasses, year not known to us, abstract)",
}  # fmt: skip
_FE2_ASSUMED = (
    "no D of Fe2+ in a glass is known to us, so that all families share one range: that of the salts down to a third, "
    "D of either sign, any E/D. Larger ones are possible: the spin-orbit levels of Fe2+ in fayalite lie at 3.3 to 11.4 "
    "meV, 38 to 132 K, part of which is the field of the ordered neighbors (Aronson et al., Am. Mineral. 92, 481 "
    "(2007)); D below 33 K if all of it were 4 D. The quintet keeps orbital moment, so that g (2.0 to 2.25 in the "
    "salts) and a temperature-independent term are uncertain too"
)
_GD3 = (
    "Koopmans, Perik, Nieuwenhuijse, Gellings, Phys. Status Solidi B (1983), p. 745, abstract: the spectra of Gd3+ in "
    "ceramics and glasses are superpositions of many powder spectra with different splittings, of which only those "
    "transitions stay visible that do not depend on the splitting; Brodbeck and Iton, J. Chem. Phys. 83, 4285 (1985) "
    + _NOT_READ + ": the U spectrum is that of broadly distributed splittings comparable with the microwave quantum of "
    "0.3 cm^-1. Neither tells the families of glass apart"
)
_GD3_ASSUMED = "the range, from a sixth of that quantum (the widest interval is 6 D) to the quantum itself, is a choice"
_MULTIPLETS = (
    "Structure-dependent spectroscopic properties of Yb3+-doped phosphosilicate glasses modified by SiO2, Materials "
    "10, 241 (2017), abstract: the ground multiplet of Yb3+ spreads over up to 781 cm^-1; 11B NMR relaxation in "
    "Nd3+-doped alkali borate glasses (Mukhopadhyay, Ramesh, Ramakrishna, abstract): the two lowest levels of Nd3+ lie "
    "around 100 cm^-1 apart. Dieke, Spectra and Energy Levels of Rare Earth Ions in Crystals (1968) " + _NOT_READ + " "
    "has some hundred cm^-1 in crystals"
)
_MULTIPLET_ASSUMED = (
    "an overall splitting D (J^2 - 1/4) of 100 to 800 cm^-1 in any oxide glass; "
    "that D and E alone describe the field, in place of up to 27 crystal-field parameters; a Kramers doublet with an "
    "anisotropic g is left at low temperature, the free ion only far above the splitting"
)


def _multiplet(ion):
    """D [K] for overall splittings D (J^2 - 1/4) of 100 and 800 cm^-1."""
    largest = SPECIES[ion][0] ** 2 - 0.25
    return 100.0 * _KELVIN / largest, 800.0 * _KELVIN / largest


def _multiplet_source(ion):
    return _MULTIPLETS if ion in _MULTIPLETS else f"{_MULTIPLETS}. Nothing on {ion} itself was checked"


_ANY_SHAPE = (0.0, 1.0 / 3.0)
_GLASSES = ("silicate", "borosilicate", "aluminosilicate")

_ROWS = [
    *(IonRange("Fe3+", glass, (0.3 * _KELVIN, 3.0), _ANY_SHAPE, f"{_FE3_SITES}. {_FE3_GLASS[glass]}", _FE3_ASSUMED)
      for glass in _GLASSES),
    *(IonRange("Fe2+", glass, (6.0, 20.0), _ANY_SHAPE, f"{_FE2_SALTS}. {_FE2_GLASS[glass]}", _FE2_ASSUMED)
      for glass in _GLASSES),
    *(IonRange("Gd3+", glass, (0.05 * _KELVIN, 0.3 * _KELVIN), _ANY_SHAPE, _GD3, _GD3_ASSUMED) for glass in _GLASSES),
    *(IonRange(ion, "any", _multiplet(ion), _ANY_SHAPE, _multiplet_source(ion), _MULTIPLET_ASSUMED)
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
