"""Thermal quasiparticles of the film of a resonator: complex conductivity of a BCS superconductor.

Sources: D. C. Mattis, J. Bardeen, Phys. Rev. 111, 412 (1958), Eqs. 3.9-3.10, for the integrals; J. Gao, thesis, Caltech
(2008), chapter 2, for their form at low temperature and the use for resonators. The gap is Delta/k_B in kelvin.
"""

import math

import numpy as np

from glasstunnel.numerics.quadrature import panels
from glasstunnel.systems.response.two_level import THERMAL_RANGE, quantum

#: Delta(0)/(k_B T_c) of weak coupling.
GAP_RATIO = 1.76387699
_NEWTON = 4  # steps from the tanh interpolation, which is within 2 %
_TRAPEZOIDS = 32


def energy_gap(T, gap):
    """Delta(T) [K] of the BCS gap equation in weak coupling, T_c = gap/1.764; zero above T_c.

    ln(gap/Delta) = 2 Int_0^inf dt/(exp[(Delta/T) cosh t] + 1)  [Bardeen, Cooper, Schrieffer, Phys. Rev. 108, 1175
    (1957), Eq. 3.27], by Newton's method in Delta^2. The interpolations by a tanh that are in use are right to 2 %, but
    at T_c/4 they give six times the true fall, and a frequency shift is made of just that.

    >>> round(float(energy_gap(1.0, 2.0)), 6)
    1.134676
    """
    critical = gap / GAP_RATIO
    below = np.asarray(T) < critical
    T = np.where(below, T, 0.5 * critical)
    delta = gap * np.tanh(1.74 * np.sqrt(critical / T - 1.0))
    for _ in range(_NEWTON):
        occupied, slope = _thermal_integral(delta / T)
        square = delta**2 * (1.0 - 2.0 * (np.log(delta / gap) + 2.0 * occupied) / (1.0 + 2.0 * slope))
        delta = np.sqrt(np.maximum(square, 0.01 * delta**2))
    return np.where(below, delta, 0.0)


def _thermal_integral(y):
    """I = Int_0^inf dt/(exp(y cosh t) + 1) and y dI/dy, by the trapezoidal rule (exponentially accurate here)."""
    y = np.asarray(y)[..., None]
    steps = np.linspace(0.0, 1.0, _TRAPEZOIDS)
    span = np.arccosh(1.0 + THERMAL_RANGE / y)
    weight = span / (_TRAPEZOIDS - 1) * np.where((steps == 0.0) | (steps == 1.0), 0.5, 1.0)
    energy = y * np.cosh(span * steps)
    boltzmann_factor = np.exp(-energy)
    occupied = boltzmann_factor / (1.0 + boltzmann_factor)
    return np.sum(weight * occupied, axis=-1), -np.sum(weight * energy * occupied * (1.0 - occupied), axis=-1)


def conductivity(T, frequency, gap):
    """(sigma_1, sigma_2) over the normal conductivity from the full Mattis-Bardeen integrals, for h f < 2 Delta(T).

    T [K] and frequency [Hz] broadcast; `gap` = Delta(0)/k_B [K]. Relative error below 1e-9 (sigma_1 2e-8 at 1 kHz).
    The square-root ends are taken out: E = Delta cosh(t) for sigma_1, E = Delta - (h f/2)(1 - sin psi) for sigma_2.
    """
    T = np.asarray(T, dtype=float)[..., None]
    photon = quantum(np.asarray(frequency, dtype=float))[..., None]
    delta = energy_gap(T, gap)
    unit, weight = panels(np.linspace(0.0, 1.0, 4), 20)
    layer = np.sqrt(2.0 * photon / delta)
    span = np.arcsinh(np.arccosh(1.0 + THERMAL_RANGE * T / delta) / layer)
    t = layer * np.sinh(span * unit)
    energy = delta * np.cosh(t)
    after = np.sqrt((delta * np.sinh(t)) ** 2 + 2.0 * photon * energy + photon**2)
    coherence = energy**2 + delta**2 + photon * energy
    steps = span * weight * layer * np.cosh(span * unit)
    first = 2.0 / photon * np.sum(steps * _fermi_drop(energy, photon, T) * coherence / after, axis=-1, keepdims=True)
    # Towards h f = 2 Delta a logarithm grows out of the lower end.
    psi, weight = panels(math.pi * np.array([-0.5, -0.499, -0.49, -0.4, 0.5]), 16)
    energy = delta - 0.5 * photon * (1.0 - np.sin(psi))
    coherence = energy**2 + delta**2 + photon * energy
    blocked = np.tanh((energy + photon) / (2.0 * T))
    second = np.sum(
        weight * blocked * coherence / np.sqrt((energy + delta) * (energy + photon + delta)), axis=-1, keepdims=True
    )
    return first[..., 0], (second / photon)[..., 0]


def _fermi_drop(energy, photon, T):
    """f(E) - f(E + h f) without cancellation."""
    here, there = np.exp(-energy / T), np.exp(-(energy + photon) / T)
    return -here * np.expm1(-photon / T) / ((1.0 + here) * (1.0 + there))


def low_temperature_conductivity(T, frequency, gap):
    """(sigma_1, sigma_2) over the normal conductivity for h f, k_B T << Delta, NumPy only.

    sigma_1 = (4 Delta/h f) e^(-Delta/T) sinh(x) K0(x), sigma_2 = (pi Delta/h f)[1 - 2 e^(-Delta/T) e^(-x) I0(x)],
    x = h f/2T, Delta = Delta(T).
    """
    from scipy.special import i0e, k0e

    photon = quantum(np.asarray(frequency, dtype=float))
    delta = energy_gap(T, gap)
    x = photon / (2.0 * np.asarray(T, dtype=float))
    thermal = np.exp(-delta / T)
    # sinh(x) K0(x) = (1 - e^(-2x)) k0e(x)/2 and e^(-x) I0(x) = i0e(x).
    first = -2.0 * delta / photon * thermal * np.expm1(-2.0 * x) * k0e(x)
    return first, math.pi * delta / photon * (1.0 - 2.0 * thermal * i0e(x))
