r"""Thermodynamic observables: the free energy per kilogram and its derivatives.

.. math:: S = -\partial F/\partial T, \quad C = T\,\partial S/\partial T, \quad
          M = -\partial F/\partial B, \quad \chi = \partial M/\partial B

Every function takes a contribution (usually a `Glass`), temperature T [K] and flux density B [T] as numbers or
arrays that broadcast together, and returns the broadcast shape. `ParameterError` for T <= 0, NaN, infinity, what is no
real number, and shapes that do not broadcast.

Minus the derivative of `free_energy` by T is `entropy` and minus that by B is `magnetization`; the first only while
the cutoffs of anomalous systems stand still: with ``activation_energy > 0`` entropy and heat capacity hold them at
their value at T, a derivative of the free energy moves them along (docs/decisions/003).
"""


from typing import Any

from numpy.typing import ArrayLike

from glasstunnel.observables.evaluation import evaluate
from glasstunnel.systems.contribution import Contribution


def free_energy(contribution: Contribution, T: ArrayLike, B: ArrayLike) -> Any:
    """Helmholtz free energy F per kilogram [J/kg], from the zero-field ground state of each system.

    >>> from glasstunnel import LarmorDiamagnetism, free_energy
    >>> float(free_energy(LarmorDiamagnetism(4e-6), 4.0, 2.0))
    8e-06
    """
    return evaluate("free_energy", contribution, T, B)


def entropy(contribution: Contribution, T: ArrayLike, B: ArrayLike) -> Any:
    """Entropy S = -dF/dT per kilogram [J/(K kg)]; goes to zero with T (a ground-state degeneracy g leaves k_B ln g).

    >>> from glasstunnel import LarmorDiamagnetism, entropy
    >>> float(entropy(LarmorDiamagnetism(4e-6), 4.0, 2.0))
    0.0
    """
    return evaluate("entropy", contribution, T, B)


def heat_capacity(contribution: Contribution, T: ArrayLike, B: ArrayLike) -> Any:
    """Heat capacity C = T dS/dT per kilogram at constant field [J/(K kg)]; never negative, even in B.

    >>> from glasstunnel import LarmorDiamagnetism, heat_capacity
    >>> float(heat_capacity(LarmorDiamagnetism(4e-6), 4.0, 2.0))
    0.0
    """
    return evaluate("heat_capacity", contribution, T, B)


def magnetization(contribution: Contribution, T: ArrayLike, B: ArrayLike) -> Any:
    """Magnetization M = -dF/dB per kilogram [A m2/kg], which equals emu/g. Odd in B.

    >>> from glasstunnel import LarmorDiamagnetism, magnetization
    >>> float(magnetization(LarmorDiamagnetism(4e-6), 4.0, 2.0))
    -8e-06
    """
    return evaluate("magnetization", contribution, T, B)


def susceptibility(contribution: Contribution, T: ArrayLike, B: ArrayLike) -> Any:
    """Differential susceptibility dM/dB per kilogram [A m2/(kg T)]; at B = 0 the initial susceptibility.

    >>> from glasstunnel import LarmorDiamagnetism, susceptibility
    >>> float(susceptibility(LarmorDiamagnetism(4e-6), 4.0, 0.0))
    -4e-06
    """
    return evaluate("susceptibility", contribution, T, B)


def entropy_change(contribution: Contribution, T: ArrayLike, B_from: ArrayLike, B_to: ArrayLike) -> Any:
    """Magnetocaloric entropy change S(T, B_to) - S(T, B_from) per kilogram [J/(K kg)].

    Equals the integral of dM/dT over the field (Maxwell relation), negative for a paramagnet magnetized isothermally.

    >>> from glasstunnel import LarmorDiamagnetism, entropy_change
    >>> float(entropy_change(LarmorDiamagnetism(4e-6), 4.0, 0.0, 2.0))
    0.0
    """
    return evaluate("entropy_change", contribution, T, B_to, reference_field=B_from)


def density_of_states(contribution: Contribution, E: ArrayLike, B: ArrayLike) -> Any:
    """Tunneling systems per kilogram and per unit energy gap at gap E [K] and flux density B [T]: [1/(K kg)].

    E and B broadcast together; `ParameterError` for E <= 0 and for what is not finite. It counts tunneling systems:
    phonons, soft modes and ions of a glass are left out, and a glass of these alone has none (`ParameterError`).
    Sources: 002 Eqs. 12-13 (two-level and anomalous systems), with the distribution constants as each record states.

    >>> from glasstunnel import DebyePhonons, Glass, TwoLevelSystems, density_of_states
    >>> glass = Glass({"tls": TwoLevelSystems(2e19), "phonons": DebyePhonons(2.5e-3)})
    >>> float(density_of_states(glass, 0.1, 0.0))
    2e+19
    """
    return evaluate("density_of_states", contribution, E, B)


def static_susceptibility(contribution: Contribution, T: ArrayLike, B: ArrayLike) -> Any:
    """M/B [A m2/(kg T)], what a magnetometer calls chi; at B = 0 its limit dM/dB.

    >>> from glasstunnel import LarmorDiamagnetism, static_susceptibility
    >>> float(static_susceptibility(LarmorDiamagnetism(4e-6), 4.0, 2.0))
    -4e-06
    """
    return evaluate("static_susceptibility", contribution, T, B)


def susceptibility_times_temperature(contribution: Contribution, T: ArrayLike, B: ArrayLike) -> Any:
    """T M/B [A m2 K/(kg T)], the Curie constant where a Curie law holds."""
    return evaluate("susceptibility_times_temperature", contribution, T, B)


def inverse_susceptibility(contribution: Contribution, T: ArrayLike, B: ArrayLike) -> Any:
    """B/M [kg T/(A m2)], a straight line where a Curie-Weiss law holds; `ParameterError` where M is zero."""
    return evaluate("inverse_susceptibility", contribution, T, B)


def heat_capacity_over_temperature(contribution: Contribution, T: ArrayLike, B: ArrayLike) -> Any:
    """C/T [J/(K2 kg)]; drawn against T^2, where tunneling systems and phonons make a straight line."""
    return evaluate("heat_capacity_over_temperature", contribution, T, B)


def heat_capacity_over_cubed_temperature(contribution: Contribution, T: ArrayLike, B: ArrayLike) -> Any:
    """C/T^3 [J/(K4 kg)], constant for phonons alone; its maximum is the boson peak."""
    return evaluate("heat_capacity_over_cubed_temperature", contribution, T, B)
