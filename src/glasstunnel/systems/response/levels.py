"""Linear response of few-level systems, and the three-level anomalous system as a special case: no approximation.

Units hbar = k_B = 1 inside one call: levels and T in kelvin, photon energy h f/k_B in kelvin; rates and omega in 1/s
appear only as ratios. Response sign: F(t) = Re F e^{-i w t}, absorption is a positive imaginary part.
"""

import math

import numpy as np


def three_wells(energies, amplitude, phase):
    """Hamiltonian of one anomalous system: diagonal `energies` (..., 3), hopping D0 e^{i phi/3} around the loop.

    *True* variables of 002 Eq. 6 (not the rescaled cutoffs): (..., 3, 3) complex [K].
    """
    energies = np.asarray(energies)
    hop = (amplitude * np.exp(1j * np.asarray(phase) / 3.0))[..., None, None]
    around = np.asarray(np.roll(np.eye(3), 1, axis=1))
    return energies[..., None] * np.eye(3) + hop * around + np.conj(hop) * around.T


def occupations(levels, T):
    """Boltzmann occupations (..., n) of levels (..., n) [K]; T (...)."""
    factors = np.exp(-(levels - np.min(levels, axis=-1, keepdims=True)) / np.asarray(T)[..., None])
    return factors / np.sum(factors, axis=-1, keepdims=True)


def resonant(levels, strengths, T, photon, width=0.0):
    """Resonant Kubo response sum_{n<m} |P_nm|^2 (f_n - f_m)[1/(e - h w - i/T2) + 1/(e + h w + i/T2)].

    levels (..., n); strengths |P_nm|^2 (..., n, n); T, photon [K] and width = hbar/T2 [K] of shape (...).
    """
    return sum(resonant_pairs(levels, strengths, T, photon, width).values())


def resonant_pairs(levels, strengths, T, photon, width=0.0):
    """The terms of `resonant` by pair of levels: {(0, 1): ..., (0, 2): ..., (1, 2): ...} for three levels."""
    number = levels.shape[-1]
    occupied = occupations(levels, T)
    pairs = {}
    for low in range(number):
        for high in range(low + 1, number):
            gap = levels[..., high] - levels[..., low]
            lines = 1.0 / (gap - photon - 1j * width) + 1.0 / (gap + photon + 1j * width)
            pairs[low, high] = strengths[..., low, high] * (occupied[..., low] - occupied[..., high]) * lines
    return pairs


def one_phonon_rates(levels, overlaps, T, elastic_constant, power=1):
    """Rates k[..., n, m] from level n to level m [1/s], detailed balance included.

    Down: (3/Gamma) e^(power + 2) sum_i |U_in|^2 |U_im|^2 (1 + n_B(e)), the C3-averaged coupling of the well energies;
    for the doublet 1/tau = E^m (E^2 - D^2/2)/(Gamma tanh(E/2T)) with m = power. `overlaps` is the sum over wells.
    """
    energy = levels[..., :, None] - levels[..., None, :]
    x = energy / np.asarray(T)[..., None, None]
    safe = np.where(x == 0.0, 1.0, x)
    # e (1 + n_B(e)) for either sign of e: emission down, absorption up; T at e = 0. Exponents are kept negative.
    decay = np.exp(-np.abs(safe))
    thermal = np.where(safe > 0.0, 1.0, decay) * np.abs(energy) / (1.0 - decay)
    thermal = np.where(x == 0.0, np.asarray(T)[..., None, None], thermal)
    return 3.0 / elastic_constant * np.abs(energy) ** (power + 1) * overlaps * thermal


def relaxational(levels, diagonal, T, omega, rates):
    """Relaxational response (1/T) d^T (-L)(-i w - L)^{-1} v of three levels, v_n = f_n (d_n - <d>).

    diagonal d = P_nn (..., 3); rates k[n, m] from n to m (..., 3, 3); dp/dt = L p. Conservation of probability is
    used to reduce L to two by two, so that w -> 0 is regular.
    """
    T, omega = np.asarray(T), np.asarray(omega)
    occupied = occupations(levels, T)
    mean = np.sum(occupied * diagonal, axis=-1, keepdims=True)
    drive = (occupied * (diagonal - mean))[..., 1:]
    weight = (diagonal - diagonal[..., :1])[..., 1:]
    gain = np.swapaxes(rates, -1, -2)
    loss = np.sum(rates, axis=-1) - np.einsum("...ii->...i", rates)
    # -L restricted to levels 1 and 2, level 0 eliminated.
    m11 = loss[..., 1] + gain[..., 1, 0]
    m22 = loss[..., 2] + gain[..., 2, 0]
    m12 = gain[..., 1, 0] - gain[..., 1, 2]
    m21 = gain[..., 2, 0] - gain[..., 2, 1]
    a, d = m11 - 1j * omega, m22 - 1j * omega
    determinant = a * d - m12 * m21
    first = (d * drive[..., 0] - m12 * drive[..., 1]) / determinant
    second = (a * drive[..., 1] - m21 * drive[..., 0]) / determinant
    relaxed = weight[..., 0] * (m11 * first + m12 * second) + weight[..., 1] * (m21 * first + m22 * second)
    return relaxed / T


def static_relaxational(levels, diagonal, T):
    """Zero-frequency limit: the thermal variance of the diagonal dipole over T."""
    occupied = occupations(levels, T)
    mean = np.sum(occupied * diagonal, axis=-1, keepdims=True)
    return np.sum(occupied * (diagonal - mean) ** 2, axis=-1) / T


#: Unit dipoles of the three corners along two axes in the plane of the loop, (2, 3); they sum to zero.
CORNERS = np.stack([
    np.cos(2.0 * math.pi * np.arange(3) / 3.0), np.sin(2.0 * math.pi * np.arange(3) / 3.0)
])


def diagonalize(energies, amplitude, phase):
    """Levels (..., 3) and eigenvectors (..., wells, levels) of `three_wells`."""
    return np.linalg.eigh(three_wells(energies, amplitude, phase))


def dipole_matrix(vectors, dipoles):
    """U^+ diag(p) U for dipoles (..., 3) of the wells along the measuring field: (..., 3, 3) complex."""
    return np.swapaxes(np.conj(vectors), -1, -2) @ (np.asarray(dipoles)[..., None] * vectors)
