"""Saturation of the resonant absorption of two-level systems by a strong field.

What saturates is the imaginary part. The dispersive shift does not follow: it comes from all systems, most of them far
from resonance, and power broadening moves as much of it below the line as above. `driven_resonant` shows both.
"""

import math
from typing import NamedTuple

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import Real
from glasstunnel.numerics.quadrature import panels


class BlochSystem(NamedTuple):
    """A two-level system between its bath and a field, hbar = k_B = 1: numbers or arrays that broadcast.

    strength : M^2 with M = p Delta0/E. T : temperature. relaxation_time, coherence_time : T1 and T2.
    """

    gap: Real
    strength: Real
    T: Real
    relaxation_time: Real
    coherence_time: Real


def driven_resonant(system: BlochSystem, omega: Real, rabi_frequency: Real) -> np.ndarray:
    """Near-resonant response of one driven two-level system, hbar = k_B = 1 (Bloch equations, rotating wave).

    rabi_frequency Om = M F for a field F cos(omega t):
    chi = M^2 tanh(E/2T) T2 [(w0 - w) T2 + i]/(1 + (w0 - w)^2 T2^2 + Om^2 T1 T2).
    """
    T1, T2 = system.relaxation_time, system.coherence_time
    detuning = (system.gap - omega) * T2
    lorentzian = 1.0 / (1.0 + detuning**2 + rabi_frequency**2 * T1 * T2)
    return system.strength * np.tanh(system.gap / (2.0 * system.T)) * T2 * (detuning + 1j) * lorentzian


def average_saturation(intensity):
    """Loss over weak-field loss at s = (F/Fc)^2 = n/nc, averaged over directions; T2 independent of Delta0/E.

    (3/2)[sqrt(1 + s)/s - arcsinh(sqrt s)/s^(3/2)]; 1 at s = 0, 3/(2 sqrt s) for large s. Any shape.

    >>> round(float(average_saturation(3.0)), 10)
    0.6198270018
    """
    s = np.asarray(intensity)
    small = s < 0.02
    safe = np.where(small, 1.0, s)
    root = np.sqrt(safe)
    closed = 1.5 * (np.sqrt(1.0 + safe) - np.arcsinh(root) / root) / safe
    # 3 sum_n binom(-1/2, n) s^n/(2 n + 3)
    series, coefficient, power = 0.0, 1.0, 1.0
    for n in range(9):
        series = series + 3.0 * coefficient * power / (2 * n + 3)
        coefficient *= -(2 * n + 1) / (2.0 * n + 2.0)
        power = power * np.where(small, s, 0.0)
    return np.where(small, series, closed)


def lifetime_saturation(intensity):
    """The same where T2 = 2 T1: s cos^2 becomes s cos^2 (E/Delta0)^2, so weakly coupled systems saturate first.

    Integral of `average_saturation` at s/u^2 over u du/sqrt(1 - u^2), u = Delta0/E.

    >>> round(float(lifetime_saturation(3.0)), 10)
    0.5193785917
    """
    angle, weight = panels(0.5 * math.pi * np.array([0.0, 1e-3, 1e-2, 0.1, 0.4, 1.0]), 20)
    sine = np.sin(angle)
    return np.sum(weight * sine * average_saturation(np.asarray(intensity)[..., None] / sine**2), axis=-1)


def empirical_saturation(intensity, exponent=1.0):
    """1/sqrt(1 + (n/nc)^beta), the law resonator data are fitted with; beta < 1 points to interacting systems.

    >>> float(empirical_saturation(3.0))
    0.5
    """
    s = np.asarray(intensity)
    safe = np.where(s > 0.0, s, 1.0)
    return np.where(s > 0.0, 1.0 / np.sqrt(1.0 + safe**exponent), 1.0)


#: How the loss depends on n/nc: name -> function of (intensity, exponent).
SATURATION = {
    "empirical": empirical_saturation,
    "average": lambda intensity, exponent: average_saturation(intensity),
    "lifetime": lambda intensity, exponent: lifetime_saturation(intensity),
}


def saturation(law, intensity, exponent):
    """The factor on the weak-field resonant loss at n/nc = `intensity` by the law named in `SATURATION`."""
    if law not in SATURATION:
        raise ParameterError(f"saturation law must be one of {', '.join(map(repr, SATURATION))}, got {law!r}")
    return SATURATION[law](intensity, exponent)
