"""What one would write without this package: the printed formulas with `quad`, and 3x3 diagonalization."""

import numpy as np
from scipy.integrate import quad

from glasstunnel.constants import boltzmann, flux_phase_per_area


def effective_magnetization(T, B, density, asymmetry_min, area_min, area_max, tolerance=1e-9):
    """002 Eq. 93 (with its prefactor halved, as it must be) by nested `quad`, averaged over the direction. [A m2/kg]"""

    def at_angle(cosine):
        low, high = (flux_phase_per_area * area * B * cosine for area in (area_min, area_max))
        edge_low, edge_high = np.hypot(asymmetry_min, low), np.hypot(asymmetry_min, high)

        def below(E):
            return np.tanh(E / (2 * T)) * np.log((E**2 - low**2) / asymmetry_min**2)

        def above(E):
            return np.tanh(E / (2 * T)) * np.log1p((high**2 - low**2) / (E**2 - high**2))

        options = dict(epsabs=0.0, epsrel=tolerance, limit=400)
        return quad(below, edge_low, edge_high, **options)[0] + quad(above, edge_high, np.inf, **options)[0]

    average = quad(at_angle, 1e-12, 1.0, epsabs=0.0, epsrel=tolerance, limit=400)[0]
    return 0.5 * np.pi * density * boltzmann / B * average


def exact_magnetization_by_diagonalization(T, B, density, asymmetry, amplitude, flux_field, nodes):
    """The exact theory at one point: diagonalize every system, then M = (1/B)[<F>_c - F(c=1)]. [A m2/kg]

    asymmetry, amplitude : (lower, upper) rescaled cutoffs [K]; nodes : points in (ln D0, ln D per panel, psi, c).
    """
    count_amplitude, count_asymmetry, count_angle, count_cosine = nodes
    x, w = np.polynomial.legendre.leggauss(count_amplitude)
    log_range = np.log(amplitude[1] / amplitude[0])
    D0 = amplitude[0] * np.exp(0.5 * (x + 1) * log_range)
    weight_D0 = 0.5 * w * log_range
    edges = np.log(asymmetry[0]) + np.linspace(0, np.log(asymmetry[1] / asymmetry[0]), 13)
    x, w = np.polynomial.legendre.leggauss(count_asymmetry)
    lnD = (edges[:-1, None] + 0.5 * (x + 1) * np.diff(edges)[:, None]).ravel()
    weight_D = (0.5 * w * np.diff(edges)[:, None]).ravel()
    psi = np.pi * (np.arange(count_angle) + 0.5) / count_angle
    x, w = np.polynomial.legendre.leggauss(count_cosine)
    cosine = np.append(0.5 * (x + 1), 1.0)
    weight_cosine = np.append(0.5 * w, -1.0)

    total = 0.0
    raw_radius = np.sqrt(1.5) * np.exp(lnD)[:, None]
    wells = np.sqrt(2 / 3) * raw_radius[..., None] * np.cos(psi[:, None] / 3 + 2 * np.pi * np.arange(3) / 3)
    for hop, weight in zip(0.5 * np.sqrt(3) * D0, weight_D0, strict=True):
        for c, weight_c in zip(cosine, weight_cosine, strict=True):
            H = np.zeros(wells.shape + (3,), complex)
            H[..., range(3), range(3)] = wells
            amplitude_phase = hop * np.exp(1j * B / flux_field * c / 3)
            for i, j in ((0, 1), (1, 2), (2, 0)):
                H[..., i, j] = amplitude_phase
                H[..., j, i] = np.conj(amplitude_phase)
            levels = np.linalg.eigvalsh(H)
            F = levels[..., 0] - T * np.log(np.exp(-(levels - levels[..., :1]) / T).sum(-1))
            total += weight * weight_c * (weight_D @ F.mean(-1))
    return 2 * np.pi * density * boltzmann * total / B
