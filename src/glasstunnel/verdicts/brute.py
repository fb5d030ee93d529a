"""Independent computations: sums over levels, matrices and nested quadrature, free of the package's own closed forms.

They share no code with the observables: only constants come from the package.
"""

import math
from functools import cache

import numpy as np

from glasstunnel.constants import bohr_magneton, bohr_magneton_kelvin, boltzmann, flux_phase_per_area


def ion_moment(spin: float, T: float, B: float, g: float = 2.0) -> float:
    """Mean moment of one free ion [A m2], the sum over its 2J+1 levels."""
    m = np.arange(-spin, spin + 0.5)
    weights = np.exp(m * g * bohr_magneton_kelvin * B / T)
    return float(g * bohr_magneton * np.sum(m * weights) / np.sum(weights))


def level_heat_capacity(levels, T: float) -> float:
    """Heat capacity over k_B of one system with these levels [K]: the variance of the energy over T^2."""
    shifted = np.asarray(levels, float) - np.min(levels)
    weights = np.exp(-shifted / T)
    mean = np.sum(shifted * weights) / np.sum(weights)
    return float(np.sum((shifted - mean) ** 2 * weights) / np.sum(weights) / T**2)


def ring_matrix(energies, amplitude: float, phase: float) -> np.ndarray:
    """Hamiltonian of wells on a ring, hopping amplitude between neighbors with an equal share of the phase."""
    count = len(energies)
    matrix = np.diag(np.asarray(energies, complex))
    for well in range(count):
        matrix[well, (well + 1) % count] += amplitude * np.exp(1j * phase / count)
        matrix[(well + 1) % count, well] += amplitude * np.exp(-1j * phase / count)
    return matrix


def rescaled_ring(D: float, psi: float, D0: float, phase: float) -> np.ndarray:
    """Three-well Hamiltonian of rescaled asymmetry D, angle psi and amplitude D0."""
    wells = D * np.cos(psi / 3.0 + 2.0 * math.pi / 3.0 * np.arange(3))
    return ring_matrix(wells, 0.5 * math.sqrt(3.0) * D0, phase)


def gap(D: float, psi: float, D0: float, phase: float) -> float:
    """Distance of the two lowest levels of a three-well system, by diagonalization."""
    levels = np.linalg.eigvalsh(rescaled_ring(D, psi, D0, phase))
    return float(levels[1] - levels[0])


def doublet_magnetization(density, asymmetry_min, area_min, area_max, T, B, share=3.0**-0.5) -> float:
    """M per kilogram of anomalous systems as two-level systems at one loop direction, -dF/dB of each one summed up.

    The double integral over ln D and ln D0 of (1/2) tanh(E/2T) dE/dB, weight 2 pi density; `share` is cos(beta).
    """
    from scipy.integrate import dblquad

    scale = share * flux_phase_per_area * B

    def moment(log_asymmetry, log_amplitude):
        flux = scale * math.exp(log_amplitude)
        E = math.hypot(math.exp(log_asymmetry), flux)
        return 0.5 * math.tanh(0.5 * E / T) * flux**2 / (E * B)

    largest = scale * area_max
    top = math.log(1e4 * max(T, largest))
    total = dblquad(moment, math.log(area_min), math.log(area_max), math.log(asymmetry_min), top,
                    epsabs=0.0, epsrel=1e-9)[0]
    tail = scale**2 * (area_max**2 - area_min**2) / (4.0 * B) * math.exp(-top)
    return 2.0 * math.pi * density * boltzmann * (total + tail)


@cache
def legendre(count: int):
    """Nodes and weights of Gauss-Legendre quadrature on 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return 0.5 * (nodes + 1.0), 0.5 * weights


def printed_line_integral(asymmetry_min, area_min, area_max, T, B) -> float:
    """The two integrals of 001 Eq. 10 over the energy [K], by adaptive quadrature, with phi -> phi/sqrt(3)."""
    from scipy.integrate import quad

    low, high = (flux_phase_per_area * B * area / math.sqrt(3.0) for area in (area_min, area_max))
    first, second = math.hypot(asymmetry_min, low), math.hypot(asymmetry_min, high)

    def below(E):
        return math.tanh(0.5 * E / T) * math.log((E * E - low**2) / asymmetry_min**2)

    def above(E):
        return math.tanh(0.5 * E / T) * math.log((E * E - low**2) / (E * E - high**2))

    far = 50.0 * max(T, second)
    parts = quad(below, first, second, epsrel=1e-11, limit=400)[0]
    parts += quad(above, second, far, epsrel=1e-11, limit=400)[0]
    return parts + (high**2 - low**2) / far + (high**4 - low**4) / (6.0 * far**3)


def sphere_mean(function, count: int = 400) -> float:
    """Mean over isotropic directions of a function of the direction cosine."""
    nodes, weights = legendre(count)
    return float(np.sum(weights * function(nodes)))
