"""Dielectric constant and loss against `scipy` double integrals of the printed formulas."""

import time

import numpy as np
from scipy.integrate import dblquad, quad

from benchmarks.timing import best_time
from glasstunnel.constants import flux_phase_per_area
from glasstunnel.systems.anomalous.effective import response as anomalous_dielectric
from glasstunnel.systems.anomalous.effective.response import Doublets, RelaxationRate
from glasstunnel.systems.response import two_level as two_level_dielectric

TOLERANCE = 1e-8
SILICA = dict(tunneling_min=3.9e-3, energy_max=10.0)
GAMMA = 5.3e-8
# 002 Tables 5 and 7, AlBaSiO: D_min, D0min|q/e|S, D0max|q/e|S, Gamma.
CUTOFFS = (0.015, 244000.0, 308000.0)
LOSS_CUTOFFS, LOSS_GAMMA, KAPPA = (0.0209, 19800.0, 496000.0), 1.0 / 5.0e9, 1.0 / 6.0
RMS = anomalous_dielectric.ORIENTATIONS["rms"]


def rows():
    """(what, measured, wanted) for the table."""
    return [_surface(), _field_curve(), _averaged_field_curve(), _loss_surface(), _loss_curve()]


def printed_relaxation(T, frequency, part):
    """004 Eq. 8, relaxational part per unit A: double integral over E and ln tau; `part` 0 real, 1 imaginary."""
    omega = 2.0 * np.pi * frequency

    def shortest(E):
        return GAMMA * np.tanh(E / (2.0 * T)) / E**3

    def integrand(ln_tau, E):
        tau = np.exp(ln_tau)
        debye = (1.0, omega * tau)[part] / (1.0 + (omega * tau) ** 2)
        return np.sqrt(max(0.0, 1.0 - shortest(E) / tau)) * debye / np.cosh(E / (2.0 * T)) ** 2 / (6.0 * T)

    low = SILICA["tunneling_min"]
    return dblquad(
        integrand, low, min(SILICA["energy_max"], low + 44.0 * T), lambda E: np.log(shortest(E)),
        lambda E: np.log(shortest(E) * (E / low) ** 2), epsabs=0.0, epsrel=TOLERANCE,
    )[0]


def printed_resonance(T):
    """004 Eq. 8, resonant part per unit A at low frequency."""
    low = SILICA["tunneling_min"]

    def integrand(E):
        return np.tanh(E / (2.0 * T)) / E * np.sqrt(1.0 - (low / E) ** 2)

    return 2.0 / 3.0 * quad(integrand, low, SILICA["energy_max"], epsabs=0.0, epsrel=TOLERANCE, limit=500)[0]


def printed_field_resonance(T, B, cosine=3.0**-0.5):
    """002 Eq. 46 with its sign corrected: alpha_1 + alpha_0 as a double integral over D and D0; phi/sqrt(3)."""
    low, first, second = CUTOFFS
    energy = flux_phase_per_area * B * cosine

    def integrand(D, area):
        flux = energy * area
        E = np.hypot(D, flux)
        return np.tanh(E / (2.0 * T)) / E * (1.0 + (flux / E) ** 2) / (D * area)

    return dblquad(integrand, first, second, low, np.inf, epsabs=0.0, epsrel=TOLERANCE)[0]


def printed_field_loss(T, B, frequency):
    """002 Eqs. 54-55: imaginary part as a double integral over D and D0, phi/sqrt(3)."""
    low, first, second = LOSS_CUTOFFS
    energy, omega = flux_phase_per_area * B / np.sqrt(3.0), 2.0 * np.pi * frequency

    def integrand(D, area):
        E = np.hypot(D, energy * area)
        if E > low + 44.0 * T:
            return 0.0
        delay = omega * LOSS_GAMMA * np.tanh(E / (2.0 * T)) / (E**3 * (E**2 - KAPPA * D**2))
        return D / E**2 / np.cosh(E / (2.0 * T)) ** 2 * delay / (1.0 + delay**2) / (2.0 * T * area)

    far = low + 44.0 * T
    return dblquad(integrand, first, second, low, far, epsabs=0.0, epsrel=TOLERANCE)[0]


def _surface():
    T, frequency = np.geomspace(0.01, 1.0, 100)[:, None], np.geomspace(1e2, 1e5, 20)

    def ours():
        return two_level_dielectric.resonant(T, frequency, **SILICA).real + two_level_dielectric.relaxational(
            T, frequency, elastic_constant=GAMMA, **SILICA
        ).real

    points = [(3, 2), (40, 8), (70, 15), (95, 19)]
    return _compare("eps'(T, f) of two-level systems, 2000 points", ours, points, 2000, lambda i, j: printed_resonance(
        T[i, 0]) + printed_relaxation(T[i, 0], frequency[j], 0), 1000)


def _loss_surface():
    T, frequency = np.geomspace(0.01, 1.0, 100)[:, None], np.geomspace(1e2, 1e5, 20)

    def ours():
        return two_level_dielectric.relaxational(T, frequency, elastic_constant=GAMMA, **SILICA).imag

    points = [(3, 2), (40, 8), (70, 15), (95, 19)]
    return _compare("loss(T, f) of two-level systems, 2000 points", ours, points, 2000,
                    lambda i, j: printed_relaxation(T[i, 0], frequency[j], 1), 3000)


def _field_curve():
    fields = np.geomspace(1e-3, 1.0, 1000)

    def ours():
        return anomalous_dielectric.resonant(Doublets(*CUTOFFS, RMS), 0.05, fields, 1e3).real

    points = [(100,), (400,), (700,), (950,)]
    return _compare("eps'(B) of anomalous systems, 1000 points", ours, points, 1000,
                    lambda i: printed_field_resonance(0.05, fields[i]), 1000)


def _averaged_field_curve():
    fields = np.geomspace(1e-3, 1.0, 1000)

    def ours():
        return anomalous_dielectric.resonant(Doublets(*CUTOFFS), 0.05, fields, 1e3).real

    def theirs(i):
        return quad(lambda x: printed_field_resonance(0.05, fields[i], x), 0.0, 1.0, epsabs=0.0, epsrel=TOLERANCE)[0]

    return _compare("the same averaged over directions", ours, [(400,), (700,)], 1000, theirs, 1000)


def _loss_curve():
    fields = np.geomspace(1e-3, 1.0, 1000)

    def ours():
        return anomalous_dielectric.relaxational(
            Doublets(*LOSS_CUTOFFS, RMS), RelaxationRate(LOSS_GAMMA, 3, KAPPA), 0.077, fields, 2e3 * np.pi
        ).imag

    points = [(100,), (400,), (700,), (950,)]
    return _compare("loss(B) of anomalous systems, 1000 points", ours, points, 1000,
                    lambda i: printed_field_loss(0.077, fields[i], 1e3), 3000)


def _compare(what, ours, points, size, theirs, wanted):
    ours_per_point = best_time(ours) / size
    start = time.perf_counter()
    reference = [theirs(*point) for point in points]
    theirs_per_point = (time.perf_counter() - start) / len(points)
    values = ours()
    error = max(abs(values[point] / value - 1.0) for point, value in zip(points, reference, strict=True))
    return (
        what,
        f"{theirs_per_point / ours_per_point:.0f} times faster than scipy at {TOLERANCE:g} "
        f"({1e6 * ours_per_point:.1f} us against {1e3 * theirs_per_point:.0f} ms a point), agreement {error:.0e}",
        f"at least {wanted} times",
    )
