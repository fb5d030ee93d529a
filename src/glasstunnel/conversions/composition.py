"""Oxide compositions and molar masses."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from glasstunnel.constants import avogadro
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number
from glasstunnel.records import brief

#: Abridged standard atomic weights [g/mol]: T. Prohaska et al., Pure Appl. Chem. 94, 573 (2022), conventional values
#: where an interval is given. D is the isotope deuterium.
ATOMIC_WEIGHTS = {
    "H": 1.0080, "D": 2.0141, "He": 4.0026, "Li": 6.94, "Be": 9.0122, "B": 10.81, "C": 12.011, "N": 14.007,
    "O": 15.999, "F": 18.998, "Ne": 20.180, "Na": 22.990, "Mg": 24.305, "Al": 26.982, "Si": 28.085, "P": 30.974,
    "S": 32.06, "Cl": 35.45, "Ar": 39.95, "K": 39.098, "Ca": 40.078, "Sc": 44.956, "Ti": 47.867, "V": 50.942,
    "Cr": 51.996, "Mn": 54.938, "Fe": 55.845, "Co": 58.933, "Ni": 58.693, "Cu": 63.546, "Zn": 65.38, "Ga": 69.723,
    "Ge": 72.630, "As": 74.922, "Se": 78.971, "Br": 79.904, "Rb": 85.468, "Sr": 87.62, "Y": 88.906, "Zr": 91.224,
    "Nb": 92.906, "Mo": 95.95, "Ag": 107.87, "Cd": 112.41, "In": 114.82, "Sn": 118.71, "Sb": 121.76, "Te": 127.60,
    "I": 126.90, "Cs": 132.91, "Ba": 137.33, "La": 138.91, "Ce": 140.12, "Pr": 140.91, "Nd": 144.24, "Sm": 150.36,
    "Eu": 151.96, "Gd": 157.25, "Tb": 158.93, "Dy": 162.50, "Ho": 164.93, "Er": 167.26, "Tm": 168.93, "Yb": 173.05,
    "Lu": 174.97, "Hf": 178.49, "Ta": 180.95, "W": 183.84, "Tl": 204.38, "Pb": 207.2, "Bi": 208.98,
}  # fmt: skip

_TOKEN = re.compile(r"([A-Z][a-z]?)(\d+(?:\.\d+)?)?|(\()|\)(\d+(?:\.\d+)?)?")


@dataclass(frozen=True)
class Composition:
    """What a glass is melted from: mole fractions of formula units such as oxides.

    fractions : mapping formula -> mole fraction; they must add up to 1 (or to 100, then they are percent) within 1 %,
        and are scaled to add up to 1 exactly. `from_mass` takes mass fractions instead.
    Raises `ParameterError` for an unknown element, a fraction that is negative, or a wrong total.

    >>> from glasstunnel import Composition
    >>> silicate = Composition({"SiO2": 0.8, "K2O": 0.2})
    >>> round(silicate.molar_mass * 1e3, 3)  # g per mole of formula units
    66.905
    >>> f"{silicate.atoms_per_kilogram:.4e}"
    '2.7003e+25'
    """

    fractions: Mapping[str, float]

    __repr__ = brief

    def __post_init__(self):
        values = dict(self.fractions)
        for formula, fraction in values.items():
            elements(formula)
            if not is_number(fraction, finite=True) or fraction < 0.0:
                raise ParameterError(f"Composition: fraction of {formula} must be a number >= 0, got {fraction!r}")
        total = math.fsum(values.values())
        if not (abs(total - 1.0) <= 0.01 or abs(total - 100.0) <= 1.0):
            raise ParameterError(f"Composition: fractions must add up to 1 (or 100 percent), but add up to {total:g}")
        object.__setattr__(self, "fractions", MappingProxyType({key: value / total for key, value in values.items()}))

    def __reduce__(self):
        return Composition, (dict(self.fractions),)

    @classmethod
    def from_mass(cls, fractions: Mapping[str, float]) -> "Composition":
        """A composition given by mass fractions (or mass percent) of its formula units.

        >>> from glasstunnel import Composition
        >>> duran = {"SiO2": 81.0, "B2O3": 13.0, "Na2O": 2.0, "K2O": 2.0, "Al2O3": 2.0}  # Schott's round numbers
        >>> round(Composition.from_mass(duran).molar_mass * 1e3, 1)
        62.2
        """
        given = cls(fractions).fractions
        moles = {formula: fraction / molar_mass(formula) for formula, fraction in given.items()}
        total = math.fsum(moles.values())
        return cls({formula: amount / total for formula, amount in moles.items()})

    @property
    def molar_mass(self) -> float:
        """Mass of one mole of formula units [kg/mol]: the sum of xi_i A_i of 002 Eq. 98."""
        return math.fsum(fraction * molar_mass(formula) for formula, fraction in self.fractions.items())

    @property
    def formula_units_per_kilogram(self) -> float:
        """Number of formula units in a kilogram [1/kg]."""
        return avogadro / self.molar_mass

    @property
    def atoms_per_kilogram(self) -> float:
        """Number of atoms in a kilogram [1/kg], for instance for `DebyePhonons.from_atoms`."""
        atoms = math.fsum(x * sum(elements(formula).values()) for formula, x in self.fractions.items())
        return atoms * self.formula_units_per_kilogram

    @property
    def mass_fractions(self) -> dict[str, float]:
        """Mass fraction of each formula unit, as a dict."""
        return {formula: x * molar_mass(formula) / self.molar_mass for formula, x in self.fractions.items()}


def molar_mass(formula: str) -> float:
    """Molar mass of a chemical formula [kg/mol]  [standard atomic weights, `ATOMIC_WEIGHTS`].

    >>> from glasstunnel.conversions import molar_mass
    >>> round(molar_mass("Al2O3") * 1e3, 3), round(molar_mass("C3H5(OD)3") * 1e3, 3)
    (101.961, 95.112)
    """
    return 1e-3 * math.fsum(count * ATOMIC_WEIGHTS[element] for element, count in elements(formula).items())


def elements(formula: str) -> dict[str, float]:
    """Number of atoms of each element in a formula, as a dict; brackets allowed. `ParameterError` if unreadable.

    >>> elements("C3H5(OD)3")
    {'C': 3.0, 'H': 5.0, 'O': 3.0, 'D': 3.0}
    """
    if not isinstance(formula, str) or not formula:
        raise ParameterError(f"a chemical formula must be a text such as 'SiO2', got {formula!r}")
    stack, position = [{}], 0
    while position < len(formula):
        match = _TOKEN.match(formula, position)
        if match is None:
            raise ParameterError(f"chemical formula {formula!r} cannot be read from character {position + 1} on")
        position = match.end()
        element, count, opening, repeat = match.groups()
        if opening:
            stack.append({})
        elif element is None:
            if len(stack) == 1:
                raise ParameterError(f"chemical formula {formula!r} closes a bracket that was not opened")
            _add(stack[-2], stack.pop(), float(repeat or 1))
        elif element not in ATOMIC_WEIGHTS:
            raise ParameterError(f"chemical formula {formula!r}: {element!r} is no element of the table here")
        else:
            _add(stack[-1], {element: 1.0}, float(count or 1))
    if len(stack) > 1:
        raise ParameterError(f"chemical formula {formula!r} leaves a bracket open")
    return stack[0]


def composition_of(given: "Composition | Mapping[str, float] | str") -> Composition:
    """A `Composition` from one, from a mapping of fractions, or from text: a formula, or a mixture in mole fractions.

    `ParameterError` when it cannot be read.

    >>> from glasstunnel.conversions import composition_of
    >>> round(composition_of("SiO2").molar_mass * 1e3, 3)
    60.083
    >>> round(composition_of("80 SiO2 + 20 K2O").molar_mass * 1e3, 3) == round(
    ...     composition_of("SiO2=0.8, K2O=0.2").molar_mass * 1e3, 3)
    True
    """
    if isinstance(given, Composition):
        return given
    if isinstance(given, Mapping):
        return Composition(given)
    if not isinstance(given, str) or not given.strip():
        raise ParameterError(f"a composition must be a formula, a mixture or a table, got {given!r}")
    fractions: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in re.split(r"[+,;]", given))):
        number = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)\s*%?\s*[* ]?\s*(\S+)|(\S+?)\s*[=:]\s*(\d*\.?\d+)\s*%?", part)
        if number is None:
            formula, fraction = part, 1.0
        else:
            formula, fraction = number[2] or number[3], float(number[1] or number[4])
        fractions[formula] = fractions.get(formula, 0.0) + fraction
    return Composition(fractions)


def _add(total, counts, times):
    for element, count in counts.items():
        total[element] = total.get(element, 0.0) + times * count
