"""Dielectric response of the standard tunneling model: plain functions of arrays.

Units: energies in kelvin, times in seconds, frequency f in hertz (omega = 2 pi f). Response sign:
F(t) = Re F e^{-i w t}, absorption is a positive imaginary part. The asymmetry is counted on
one side (Delta >= 0), which 004 Eq. 8 needs. The ensemble functions return Delta eps/eps per unit
A_2LS = Pbar p0^2/(eps0 eps_r).
"""

import math
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from glasstunnel.constants import boltzmann, hbar, planck
from glasstunnel.numerics.blocks import in_blocks
from glasstunnel.numerics.quadrature import scaled_panels
from glasstunnel.numerics.stable import sech_squared

#: Temperatures above the smallest gap beyond which sech^2(E/2T) < 1e-18.
THERMAL_RANGE = 44.0
#: T_min / (gamma omega)^(1/3) of eps'(T) for an unlimited distribution: where REL + RES has its minimum.
MINIMUM_SCALE = 1.30366005384


def quantum(frequency):
    """Photon energy h f/k_B [K] of a frequency [Hz].

    >>> round(quantum(1e9), 12)
    0.047992430734
    """
    return planck / boltzmann * frequency


def single_resonant(asymmetry, amplitude, T, omega, coherence_time, dipole=1.0):
    """Resonant response of one two-level system, in units hbar = k_B = 1  [002, Eq. 29, with w0 = +E/hbar].

    `dipole` is p0 cos(theta) for H = -(Delta sz + Delta0 sx)/2 + p F sz; isotropic orientation is p^2 -> p0^2/3.
    """
    gap = np.hypot(asymmetry, amplitude)
    width = 1j / coherence_time
    lines = 1.0 / (gap - omega - width) + 1.0 / (gap + omega + width)
    return dipole**2 * (amplitude / gap) ** 2 * np.tanh(gap / (2.0 * T)) * lines


def single_relaxational(asymmetry, amplitude, T, omega, relaxation_time, dipole=1.0):
    """Relaxational response of one two-level system, in units hbar = k_B = 1  [002, Eq. 30]."""
    gap = np.hypot(asymmetry, amplitude)
    static = dipole**2 / T * (asymmetry / gap) ** 2 * sech_squared(gap / (2.0 * T))
    return static / (1.0 - 1j * omega * relaxation_time)


def relaxation_time(E, amplitude, T, elastic_constant):
    """One-phonon relaxation time tau = gamma tanh(E/2T)/(Delta0^2 E) [s]  [002, Eq. 39; 004, Eq. 9]."""
    return elastic_constant * np.tanh(E / (2.0 * T)) / (amplitude**2 * E)


@dataclass(frozen=True)
class RelaxationLaw:
    """How the fastest relaxation rate 1/tau_min (Delta0 = E) depends on gap and temperature.

    dimension : of the phonons that carry the energy away, 3 in bulk, 2 in membranes, 1 in beams (the elastic constant
        is then in s K^dimension). raman : rate over T^7 of two-phonon processes [1/(s K^7)]  [P. Doussineau et al.,
        J. Phys. (Paris) 41, 1193 (1980)]. electrons : rate over E coth(E/2T)
        of conduction electrons [1/(s K)]. Every rate is proportional to (Delta0/E)^2, so the integral over tau stays
        closed.
    """

    dimension: int = 3
    raman: float = 0.0
    electrons: float = 0.0

    def shortest(self, gap, T, elastic_constant):
        """tau_min [s] at gap [K] and T [K]."""
        thermal = np.tanh(gap / (2.0 * T))
        shortest = elastic_constant * thermal / gap**self.dimension
        if self.raman == 0.0 and self.electrons == 0.0:
            return shortest
        return 1.0 / (1.0 / shortest + self.raman * T**7 + self.electrons * gap / thermal)


ONE_PHONON = RelaxationLaw()


def relaxational(T, frequency, tunneling_min, energy_max, elastic_constant, law=ONE_PHONON):
    """Relaxational part per unit A_2LS, complex, of the broadcast shape  [004, Eq. 8; 002, Eq. 35 with 6 for 3].

    The integral over tau is closed; the one over the gap runs on E = tunneling_min cosh(s). Relative error below 1e-10.
    """
    return in_blocks(
        partial(_relaxational, law=law), T, frequency, tunneling_min, energy_max, elastic_constant
    )


def _relaxational(T, frequency, tunneling_min, energy_max, elastic_constant, law):
    tunneling_min, elastic_constant = np.asarray(tunneling_min), np.asarray(elastic_constant)[..., None]
    T, omega = np.asarray(T), 2.0 * math.pi * np.asarray(frequency)[..., None]
    highest = np.minimum(energy_max, tunneling_min + THERMAL_RANGE * T)
    s, weights = scaled_panels(np.arccosh(highest / tunneling_min), 2.0, 24)
    T, tunneling_min = T[..., None], tunneling_min[..., None]
    gap = tunneling_min * np.cosh(s)
    shortest = law.shortest(gap, T, elastic_constant)
    thermal = weights * tunneling_min * np.sinh(s) * sech_squared(gap / (2.0 * T)) / (6.0 * T)
    return np.sum(thermal * relaxation_integral(omega * shortest, s), axis=-1)


def unlimited_loss(ratio):
    """Imaginary part of `relaxational` for unlimited amplitudes and gaps, a function of gamma omega/T^3 alone.

    From pi/6 at small ratios to (pi^4/36)/ratio at large ones; a cubic spline in logarithms, relative error 1e-8.

    >>> print(f"{unlimited_loss(1e-9) * 6.0 / math.pi:.4f}")
    1.0000
    """
    ratio = np.asarray(ratio, float)
    inside = np.exp(_unlimited_loss()(np.log(np.clip(ratio, *_RATIOS))))
    return np.where(ratio < _RATIOS[0], math.pi / 6.0, np.where(ratio > _RATIOS[1], math.pi**4 / 36.0 / ratio, inside))


_RATIOS = 1e-14, 1e9


@lru_cache(maxsize=1)
def _unlimited_loss():
    from scipy.interpolate import CubicSpline

    logarithm = np.linspace(np.log(_RATIOS[0]), np.log(_RATIOS[1]), 1600)
    # T = 1 and gamma = 1: the ratio is the angular frequency. Amplitudes down to 1e-12 T count as unlimited.
    loss = np.imag(relaxational(1.0, np.exp(logarithm) / (2.0 * math.pi), 1e-12, 1e3, 1.0))
    return CubicSpline(logarithm, np.log(loss))


def relaxation_integral(x, s):
    """J = Int dtau/tau sqrt(1 - tau_min/tau)/(1 - i w tau) from tau_min to tau_max = tau_min cosh(s)^2, x = w tau_min.

    J = 2 [k arctanh(y/k) - y] with k^2 = 1 - i x and y = tanh(s); k^2 - y^2 = sech^2(s) - i x is used as it stands, so
    that neither w tau -> 0 nor s -> 0 cancels.
    """
    y = np.tanh(s)
    root = np.sqrt(1.0 - 1j * x)
    closed = root * (np.log(root + y) - 0.5 * np.log(sech_squared(s) - 1j * x)) - y
    square = (y / root) ** 2
    series = y * square * (1 / 3 + square * (1 / 5 + square * (1 / 7 + square * (1 / 9 + square / 11))))
    return 2.0 * np.where(np.abs(square) < 1e-3, series, closed)


def resonant(T, frequency, tunneling_min, energy_max):
    """Resonant part per unit A_2LS at any frequency, complex, of the broadcast shape  [004, Eq. 8; 002, Eq. 35].

    Real part: principal value of (1/3) Int dE tanh(E/2T) sqrt(1 - (tunneling_min/E)^2) 2E/(E^2 - (h f)^2), on
    E = tunneling_min cosh(s) with the pole taken out in closed form. Imaginary part:
    (pi/3) tanh(h f/2T) sqrt(1 - (tunneling_min/h f)^2) where h f lies between the cutoffs, else zero.
    """
    return in_blocks(_resonant, T, frequency, tunneling_min, energy_max)


def _resonant(T, frequency, tunneling_min, energy_max):
    tunneling_min = np.asarray(tunneling_min)
    T, photon = np.asarray(T), quantum(np.asarray(frequency))
    ratio = (photon / tunneling_min) ** 2
    saturation = np.tanh(photon / (2.0 * T))
    s, weights = scaled_panels(np.arccosh(np.asarray(energy_max / tunneling_min)), 3.0, 24)
    gap = tunneling_min[..., None] * np.cosh(s)
    strength = np.tanh(gap / (2.0 * T[..., None])) * np.tanh(s) ** 2
    quotient = _pole_quotient(strength, gap, T[..., None], photon[..., None], tunneling_min[..., None])
    regular = np.sum(weights * strength, axis=-1) + np.sum(weights * quotient, axis=-1)
    real = 2.0 / 3.0 * regular + saturation / 3.0 * _pole_integral(ratio, tunneling_min / energy_max)
    inside = (ratio > 1.0) & (photon < energy_max)
    absorbed = np.where(inside, np.sqrt(1.0 - 1.0 / np.where(inside, ratio, 2.0)), 0.0)
    return real + 1j * math.pi / 3.0 * saturation * absorbed


def _pole_quotient(strength, gap, T, photon, tunneling_min):
    """r [h(x) - h(r)]/(x - r): x = (E/tunneling_min)^2, r the same at the photon energy, h = tanh(E/2T)(1 - 1/x)."""
    x, ratio = (gap / tunneling_min) ** 2, (photon / tunneling_min) ** 2
    near = np.abs(x - ratio) < 1e-6 * ratio
    difference = ratio * strength - np.tanh(photon / (2.0 * T)) * (ratio - 1.0)
    slope = sech_squared(gap / (2.0 * T)) * gap / (4.0 * T * x) * (1.0 - 1.0 / x) + np.tanh(gap / (2.0 * T)) / x**2
    return np.where(near, ratio * slope, difference / np.where(near, 1.0, x - ratio))


def _pole_integral(ratio, cutoff_ratio):
    """2 (r - 1) PV Int_0^S ds/(cosh(s)^2 - r) with cosh(S) = 1/cutoff_ratio."""
    end = np.sqrt(1.0 - np.asarray(cutoff_ratio) ** 2)
    above = ratio > 1.0
    large = np.where(above, ratio, 2.0)
    pole = np.sqrt(1.0 - 1.0 / large)
    # Where h f meets energy_max the logarithm diverges; a last digit beside it is the closest that floats can tell.
    distance = np.maximum(np.abs(1.0 / large - cutoff_ratio**2), 1e-16 / large)
    logarithm = pole * np.log(distance / (end + pole) ** 2)
    small = np.where(above, 0.5, ratio)
    sine, cosine = np.sqrt(1.0 - small), np.sqrt(small)
    return np.where(above, logarithm, -2.0 * sine / cosine * np.arctan2(cosine * end, sine))


def one_phonon_constant(density, longitudinal_speed, transverse_speed, longitudinal_potential, transverse_potential):
    """Elastic constant gamma = 2 pi rho hbar^4/[k_B^3 (g_l^2/v_l^5 + 2 g_t^2/v_t^5)] [s K^3] of 1/tau.

    Mass density [kg/m3], sound speeds [m/s], deformation potentials [J].
    """
    coupling = longitudinal_potential**2 / longitudinal_speed**5 + 2.0 * transverse_potential**2 / transverse_speed**5
    return 2.0 * math.pi * density * hbar**4 / (boltzmann**3 * coupling)
