"""Response of two-level systems to an electric field: integrals of 002 Eqs. 29-40 and 004 Eqs. 3-9.

Distribution dDelta dDelta0/Delta0 above `_LOWEST`, gaps below `_HIGHEST` [K], isotropic dipoles (a third). Results are
per unit A = P p0^2/(eps0 eps): 004 Table I, silica.
"""

import numpy as np
from mpmath import acosh, cosh, digamma, log, mp, mpc, mpf, pi, quad, sech, sinh, sqrt, tanh
from tools.reference.constants import BOLTZMANN, PLANCK

mp.dps = 20
_LOWEST, _HIGHEST, _RATE = mpf("3.9e-3"), mpf(10), mpf("5.30e-8")
_QUANTUM = PLANCK / BOLTZMANN  # K per Hz


def single():
    """One system, Delta = 0.6, Delta0 = 0.8, T = 0.5 (hbar = k_B = 1), T2 = 6, T1 = 4, at two frequencies."""
    gap, T, rows = mpf(1), mpf("0.5"), []
    for omega in (mpf("0.3"), mpf(1)):
        width = 1j / mpf(6)
        lines = 1 / (gap - omega - width) + 1 / (gap + omega + width)
        resonant = mpf("0.64") * tanh(gap / (2 * T)) * lines
        relaxational = mpf("0.36") / T * sech(gap / (2 * T)) ** 2 / (1 - 4j * omega)
        rows.append([float(omega), complex(resonant), complex(relaxational)])
    return {"rows": rows}


def _resonant_static(T, photon=0):
    """(1/3) int ds tanh(E/2T) tanh^2(s) 2 E^2/(E^2 - photon^2), E = lowest cosh(s): below every gap."""
    end = acosh(_HIGHEST / _LOWEST)

    def integrand(s):
        E = _LOWEST * cosh(s)
        return tanh(E / (2 * T)) * tanh(s) ** 2 * 2 * E**2 / (E**2 - photon**2)

    return quad(integrand, [0, 1, 2, 4, 6, end]) / 3


def _relaxational(T, frequency, rate=_RATE, lowest=_LOWEST, highest=_HIGHEST):
    """(1/3) int dE int dDelta0/Delta0 (E/Delta) (Delta/E)^2 sech^2(E/2T)/T/(1 - i omega tau): Delta0 = E/cosh(v)."""
    T, omega, lowest = float(T), 2.0 * np.pi * float(frequency), float(lowest)
    x, weight = _rule(np.linspace(np.log(lowest), np.log(min(float(highest), 80.0 * T)), 161))
    E = np.exp(x)
    delay = omega * float(rate) * np.tanh(E / (2.0 * T)) / E**3
    share, share_weight = _rule(np.linspace(0.0, 1.0, 161))
    end = np.arccosh(np.maximum(E / lowest, 1.0))
    v = end[:, None] * share
    inner = np.tanh(v) ** 2 / (1.0 - 1j * delay[:, None] * np.cosh(v) ** 2) @ share_weight * end
    return np.sum(weight * E / np.cosh(E / (2.0 * T)) ** 2 / T * inner) / 3.0


def _rule(edges):
    """Gauss-Legendre rule of twenty nodes on each panel."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    half = 0.5 * np.diff(edges)[:, None]
    return (edges[:-1, None] + half * (nodes + 1.0)).ravel(), (half * weights).ravel()


def ensemble():
    """Silica at 1 kHz: resonant (real) and relaxational part."""
    rows = []
    for T in (mpf("0.01"), mpf("0.05"), mpf("0.1"), mpf("0.5")):
        rows.append([float(T), float(_resonant_static(T, _QUANTUM * 1000)), complex(_relaxational(T, mpf(1000)))])
    return {"rows": rows}


def other_conditions():
    """Relaxation at 0.1 K with gamma = 0.82e-8 s K^3 and 10 kHz, and of silica at zero frequency."""
    return {
        "fast": complex(_relaxational(mpf("0.1"), mpf(10000), mpf("0.82e-8"))),
        "static": float(_relaxational(mpf("0.1"), mpf(0)).real),
    }


def ideal():
    """Relaxation without cutoffs as a function of x = T/(gamma omega)^(1/3) only."""
    rows = []
    for x in (3, 10):
        T = mpf("0.1")
        frequency = (T / x) ** 3 / (2 * pi * _RATE)
        rows.append([x, complex(_relaxational(T, frequency, lowest=mpf("1e-9"), highest=mpf(1000)))])
    return {"rows": rows}


def time_integral():
    """2 int dv tanh^2(v)/(1 - i x cosh^2 v): over times from 1 to cosh^2(s) = 1e4 of the shortest, x = 0.7."""
    end = acosh(mpf(100))
    return {"value": complex(2 * quad(lambda v: tanh(v) ** 2 / (1 - mpf("0.7") * 1j * cosh(v) ** 2), [0, 1, 2, end]))}


def gigahertz():
    """Resonant part at 0.1 K and 5 GHz (principal value and pole); digamma shift and tanh(hf/2kT) at three T."""
    T, photon = mpf("0.1"), _QUANTUM * mpf("5e9")
    pole, end = acosh(photon / _LOWEST), acosh(_HIGHEST / _LOWEST)

    def smooth(s):  # the integrand times (cosh s - cosh pole)
        E = _LOWEST * cosh(s)
        return tanh(E / (2 * T)) * tanh(s) ** 2 * 2 * cosh(s) ** 2 / (cosh(s) + cosh(pole))

    def symmetric(h):  # both sides of the pole together
        return smooth(pole + h) / (cosh(pole + h) - cosh(pole)) + smooth(pole - h) / (cosh(pole - h) - cosh(pole))

    principal = quad(symmetric, [mpf("1e-9"), 1, 2, pole - mpf("1e-12")]) + symmetric(mpf("1e-7")) * mpf("1e-9")
    principal += quad(lambda s: smooth(s) / (cosh(s) - cosh(pole)), [2 * pole, end])
    residue = pi * smooth(pole) / sinh(pole)
    rows = []
    for temperature in (mpf("0.02"), mpf("0.1"), mpf("0.5")):
        y = photon / (2 * pi * temperature)
        shift = digamma(mpc("0.5", -y)).real - log(y)
        rows.append([float(temperature), float(shift), float(tanh(photon / (2 * temperature)))])
    largest = mpf(10)
    y = photon / (2 * pi * T)
    unlimited = -mpf(2) / 3 * (digamma(mpc("0.5", -y)).real - log(y) + log(photon / largest))
    above = -log(1 - (photon / largest) ** 2)  # int 2 w^2/(E (E^2 - w^2)) dE beyond the largest gap
    return {"limited": complex(principal / 3, residue / 3), "without_smallest": float(unlimited - above / 3),
            "shifts": rows}  # fmt: skip


def cold_loss():
    """pi/3 A tanh(hf/2kT) of silica at 1 mK and 5 GHz: the plateau of resonant absorption."""
    return {"loss": float(pi / 3 * mpf("47.2e-5") * tanh(_QUANTUM * mpf("5e9") / (2 * mpf("1e-3"))))}


def saturation():
    """Averages of 1/sqrt(1 + I cos^2) over directions, and also over amplitudes with T1 ~ 1/u^2."""
    rows = []
    for intensity in (mpf("0.5"), mpf(3), mpf(100)):
        direct = quad(lambda c, i=intensity: 3 * c**2 / sqrt(1 + i * c**2), [0, 1])

        def of_angle(a, i=intensity):
            ratio = i / mp.sin(a) ** 2
            return mp.sin(a) * quad(lambda c: 3 * c**2 / sqrt(1 + ratio * c**2), [0, mpf("0.1"), 1])

        both = quad(of_angle, [0, mpf("0.01"), mpf("0.1"), mpf("0.5"), pi / 2])
        rows.append([float(intensity), float(direct), float(both)])
    return {"rows": rows}
