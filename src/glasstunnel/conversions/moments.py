"""Curie constants, effective moments and Curie-Weiss temperatures."""

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.constants import bohr_magneton, boltzmann
from glasstunnel.numerics.checks import not_negative, positive


def effective_moment(curie_constant: ArrayLike, concentration: ArrayLike) -> np.ndarray:
    """Effective moment per ion [Bohr magnetons]: mu_eff^2 = 3 k_B C/(n mu_B^2)  [textbook: Van Vleck 1932].

    curie_constant : C = chi T [A m2 K/(kg T)]. concentration : ions per kilogram n.

    >>> from glasstunnel import effective_moment
    >>> from glasstunnel.conversions import curie_constant
    >>> n = 1e24  # free Gd3+: g sqrt(J(J+1)) = 7.94
    >>> float(effective_moment(curie_constant(7.937254, n), n).round(6))
    7.937254
    """
    mu = np.sqrt(3.0 * boltzmann * not_negative(curie_constant=curie_constant) / positive(concentration=concentration))
    return mu / bohr_magneton


def curie_constant(effective_moment: ArrayLike, concentration: ArrayLike) -> np.ndarray:
    """Curie constant C [A m2 K/(kg T)] of n ions per kilogram with an effective moment [Bohr magnetons].

    >>> from glasstunnel.conversions import curie_constant
    >>> from glasstunnel.constants import avogadro  # one mole of spins 1/2 with g = 2 has 0.3751 emu K/(mol Oe)
    >>> from glasstunnel import units
    >>> round(float(units.convert(curie_constant(3.0**0.5, avogadro), "A m2 K/(mol T)", "emu K/(mol Oe)")), 4)
    0.3751
    """
    moment = bohr_magneton * not_negative(effective_moment=effective_moment)
    return not_negative(concentration=concentration) * moment**2 / (3.0 * boltzmann)


def curie_weiss_temperature(mean_field: ArrayLike, spin: ArrayLike) -> np.ndarray:
    """theta [K] of spins with zJ = `mean_field` [K]: zJ S(S+1)/3, positive ferromagnetic  [Weiss].

    >>> from glasstunnel.conversions import curie_weiss_temperature
    >>> float(curie_weiss_temperature(-1.0, 2.5).round(6))
    -2.916667
    """
    S = np.asarray(positive(spin=spin), float)
    return np.asarray(mean_field, float) * S * (S + 1.0) / 3.0
