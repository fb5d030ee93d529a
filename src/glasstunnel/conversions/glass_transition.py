r"""Glass transition temperature against cooling rate in the cellular picture  [003, Eqs. 35-37].

.. math:: \ln\frac{T_c - T_g}{\kappa\tau_0} = \frac{w_0/k_B}{T_g - \Theta}

has no or two solutions between Theta and T_c. The lower one is physical: there T_g rises with the cooling rate.
Arguments: cooling, the product kappa tau_0 of cooling rate and microscopic time [K]; critical_temperature T_c [K];
formation_energy w_0/k_B [K]; interaction_temperature Theta [K], 0 for 003 Eq. 36.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import not_negative, positive


def glass_transition_temperature(
    cooling: ArrayLike,
    critical_temperature: ArrayLike,
    formation_energy: ArrayLike,
    interaction_temperature: ArrayLike = 0.0,
) -> np.ndarray:
    """T_g [K], the lower solution; arrays broadcast. `ParameterError` where none exists, naming the largest cooling.

    >>> from glasstunnel.conversions import glass_transition_temperature
    >>> round(float(glass_transition_temperature(1e-12, 1000.0, 1e4, 300.0)), 6)
    597.361871
    """
    arguments = _arguments(critical_temperature, formation_energy, interaction_temperature)
    return np.vectorize(_lower_root, otypes=[float])(positive(cooling=cooling), *arguments)[()]


def glass_transition_slope(
    cooling: ArrayLike,
    critical_temperature: ArrayLike,
    formation_energy: ArrayLike,
    interaction_temperature: ArrayLike = 0.0,
) -> np.ndarray:
    """dT_g/d ln(cooling) [K]: positive, and nearly constant (T_g logarithmic in the rate).

    >>> from glasstunnel.conversions import glass_transition_slope
    >>> round(float(glass_transition_slope(1e-12, 1000.0, 1e4, 300.0)), 6)
    9.040958
    """
    T = glass_transition_temperature(cooling, critical_temperature, formation_energy, interaction_temperature)
    critical, energy, interaction = _arguments(critical_temperature, formation_energy, interaction_temperature)
    return 1.0 / (energy / (T - interaction) ** 2 - 1.0 / (critical - T))


def largest_cooling(
    critical_temperature: ArrayLike, formation_energy: ArrayLike, interaction_temperature: ArrayLike = 0.0
) -> np.ndarray:
    """Largest kappa tau_0 [K] for which a glass transition exists.

    >>> from glasstunnel.conversions import largest_cooling
    >>> f"{largest_cooling(1000.0, 1e4, 300.0):.6e}"
    '1.054885e-05'
    """
    critical, energy, interaction = _arguments(critical_temperature, formation_energy, interaction_temperature)
    distance = _distance_of_maximum(critical, energy, interaction)
    return (critical - interaction - distance) * np.exp(-energy / distance)


def _arguments(critical_temperature, formation_energy, interaction_temperature):
    critical, energy = positive(critical_temperature=critical_temperature, formation_energy=formation_energy)
    interaction = not_negative(interaction_temperature=interaction_temperature)
    if not (interaction < critical).all():
        raise ParameterError("interaction_temperature must be below critical_temperature")
    return critical, energy, interaction


def _distance_of_maximum(critical, energy, interaction):
    """T - Theta where ln(T_c - T) - w/(T - Theta) is largest: both solutions meet there."""
    return 0.5 * (np.sqrt(energy * (energy + 4.0 * (critical - interaction))) - energy)


def _lower_root(cooling, critical, energy, interaction):
    from scipy.optimize import brentq

    largest = largest_cooling(critical, energy, interaction)
    if cooling > largest:
        raise ParameterError(
            f"no glass transition for a cooling (rate times time) of {cooling:g} K; it must be at most {largest:.4g} K"
        )

    def balance(distance):
        return math.log((critical - interaction - distance) / cooling) - energy / distance

    low = energy / math.log((critical - interaction) / cooling)  # balance < 0 here, and rising up to its maximum
    high = _distance_of_maximum(critical, energy, interaction)
    if balance(high) <= 0.0:  # the two solutions have met, up to rounding
        return interaction + high
    return interaction + brentq(balance, low, high, xtol=1e-300, rtol=np.float64(1e-15))
