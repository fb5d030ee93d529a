"""Per kilogram, per mole, per volume, and parts per million."""

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.constants import avogadro
from glasstunnel.conversions.composition import Composition
from glasstunnel.conversions.composition import molar_mass as formula_mass
from glasstunnel.numerics.arrays import Real
from glasstunnel.numerics.checks import not_negative, positive


def ppm_to_concentration(ppm: ArrayLike, composition: Composition | str | float) -> np.ndarray:
    """Ions per kilogram from parts per million of formula units  [002, Eqs. 98-100].

    ppm : number or array. composition : a `Composition`, a formula, or the molar mass [kg/mol] itself.
    The ppm of the papers count formula units of the oxide mixture, not atoms and not mass.

    >>> from glasstunnel.conversions import ppm_to_concentration
    >>> f"{ppm_to_concentration(102.0, 80.530e-3):.4e}"  # 002, Eq. 99, where it is 7.63e17 per gram
    '7.6277e+20'
    """
    return 1e-6 * avogadro / _mass_per_mole(composition) * not_negative(ppm=ppm)


def concentration_to_ppm(concentration: ArrayLike, composition: Composition | str | float) -> np.ndarray:
    """Parts per million of formula units from ions per kilogram [1/kg]; inverse of `ppm_to_concentration`.

    >>> from glasstunnel.conversions import concentration_to_ppm
    >>> round(float(concentration_to_ppm(1.539e21, 61.873e-3)), 1)
    158.1
    """
    return 1e6 * _mass_per_mole(composition) / avogadro * not_negative(concentration=concentration)


def mass_ppm_to_concentration(ppm: ArrayLike, element: str) -> np.ndarray:
    """Atoms of an element per kilogram from parts per million by mass (micrograms per gram, mass spectrometry).

    >>> from glasstunnel.conversions import mass_ppm_to_concentration
    >>> f"{mass_ppm_to_concentration(15.36, 'Fe'):.3e}"
    '1.656e+20'
    """
    return 1e-6 * avogadro / formula_mass(element) * not_negative(ppm=ppm)


def per_mole(per_kilogram: Real, composition: Composition | str | float) -> Real:
    """A quantity per mole of formula units from the same per kilogram (heat capacity, magnetization, ...).

    >>> from glasstunnel.conversions import per_mole
    >>> round(float(per_mole(740.0, "SiO2")), 1)  # specific heat of silica, J/(K kg), to J/(K mol)
    44.5
    """
    return per_kilogram * _mass_per_mole(composition)


def per_kilogram_from_mole(value_per_mole: Real, composition: Composition | str | float) -> Real:
    """Inverse of `per_mole`.

    >>> from glasstunnel.conversions import per_kilogram_from_mole
    >>> round(float(per_kilogram_from_mole(44.46, "SiO2")), 1)
    740.0
    """
    return value_per_mole / _mass_per_mole(composition)


def per_volume(per_kilogram: Real, mass_density: ArrayLike) -> Real:
    """A quantity per cubic meter from the same per kilogram; mass_density [kg/m3]. M in A m2/kg becomes A/m.

    >>> from glasstunnel.conversions import per_volume
    >>> float(per_volume(2.0, 2500.0))
    5000.0
    """
    return per_kilogram * positive(mass_density=mass_density)


def per_kilogram_from_volume(value_per_volume: Real, mass_density: ArrayLike) -> Real:
    """Inverse of `per_volume`.

    >>> from glasstunnel.conversions import per_kilogram_from_volume
    >>> float(per_kilogram_from_volume(5000.0, 2500.0))
    2.0
    """
    return value_per_volume / positive(mass_density=mass_density)


def _mass_per_mole(composition):
    """kg/mol of a composition, a formula or a number."""
    if isinstance(composition, Composition):
        return composition.molar_mass
    if isinstance(composition, str):
        return formula_mass(composition)
    return positive(molar_mass=composition)
