"""Noise that dissipation in tunneling systems must make, and what is no longer fluctuation and dissipation."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.constants import boltzmann, planck
from glasstunnel.numerics.checks import positive
from glasstunnel.observables.acoustics import internal_friction
from glasstunnel.observables.dielectric import loss_tangent
from glasstunnel.systems.contribution import Contribution


def thermal_energy(T: ArrayLike, frequency: ArrayLike) -> Any:
    """(h f/2) coth(h f/2 k_B T) [J], mean energy of an oscillator, which is k_B T for h f << k_B T.

    H. B. Callen and T. A. Welton, Phys. Rev. 83, 34 (1951).

    >>> print(f"{float(thermal_energy(0.1, 1e3)) / (1.380649e-23 * 0.1):.9f}")
    1.000000000
    """
    half = 0.5 * planck * np.asarray(frequency, float)
    return half / np.tanh(half / (boltzmann * np.asarray(T, float)))


def capacitor_noise(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, capacitance: ArrayLike
) -> Any:
    """One-sided spectral density of the voltage [V2/Hz] on a capacitor [F] filled with the glass.

    4 N(f, T) tan(delta)/(omega C), N = `thermal_energy`: on the plateau of tan(delta) exactly 1/f. For small losses.
    Source: the fluctuation-dissipation theorem, as in `thermal_energy`.

    >>> from glasstunnel import TwoLevelSystems
    >>> plateau = TwoLevelSystems(0.0, 1e-9, 1e3, dielectric_strength=1e-3, elastic_constant=1e-14)
    >>> print(f"{float(capacitor_noise(plateau, 0.1, 0.0, 1e3, 1e-12)):.2e}")
    4.60e-19
    """
    farad = positive(capacitance=capacitance)
    loss = loss_tangent(contribution, T, B, frequency)
    return 4.0 * thermal_energy(T, frequency) * loss / (2.0 * np.pi * np.asarray(frequency, float) * farad)


def displacement_noise(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, stiffness: ArrayLike,
    mode: str = "longitudinal",
) -> Any:
    """One-sided spectral density of a displacement [m2/Hz] of a body of stiffness [N/m], off its resonances.

    4 N(f, T)/(Q omega k): what internal friction of a mirror coating or a suspension does to an interferometer.
    Source: the fluctuation-dissipation theorem, as in `thermal_energy`.

    >>> from glasstunnel import TwoLevelSystems
    >>> coating = TwoLevelSystems(None, longitudinal_strength=3e-4, elastic_constant=2e-8)
    >>> bool(displacement_noise(coating, 10.0, 0.0, 100.0, 1e9) > 0.0)
    True
    """
    spring = positive(stiffness=stiffness)
    friction = internal_friction(contribution, T, B, frequency, mode)
    return 4.0 * thermal_energy(T, frequency) * friction / (2.0 * np.pi * np.asarray(frequency, float) * spring)


def relaxation_rate(
    contribution: Contribution, T: ArrayLike, B: ArrayLike, frequency: ArrayLike, participation: ArrayLike = 1.0
) -> Any:
    """Mean relaxation rate [1/s] of a qubit or resonator whose field has the share `participation` in the glass.

    omega p tan(delta) at its own frequency; interfaces add. Few systems within a line width scatter about this mean
    as a Poisson sum of Lorentzians, which this function does not describe. Source: J. M. Martinis et al., Phys. Rev.
    Lett. 95, 210503 (2005).

    >>> from glasstunnel import TwoLevelSystems
    >>> oxide = TwoLevelSystems(0.0, 1e-3, 100.0, dielectric_strength=1e-3)
    >>> print(f"{float(relaxation_rate(oxide, 0.02, 0.0, 5e9, 1e-3)):.3e}")
    3.290e+04
    """
    share = positive(participation=participation)
    return 2.0 * np.pi * np.asarray(frequency, float) * share * loss_tangent(contribution, T, B, frequency)
