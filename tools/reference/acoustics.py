"""Sound, heat and slow relaxation of two-level systems in vitreous silica: double integrals by product rules.

H = -(Delta sz + Delta0 sx)/2 + gamma e sz, distribution Pbar dDelta dDelta0/Delta0, rate (Delta0^2 E/G) coth(E/2T);
Delta0 = E/cosh(v). W. A. Phillips, Rep. Prog. Phys. 50, 1657 (1987); J. Jaeckle, Z. Phys. 257, 212 (1972).
"""

import math

import numpy as np
from tools.reference.constants import BOLTZMANN, CHARGE, HBAR, PLANCK

_KB, _HBAR, _QUANTUM = float(BOLTZMANN), float(HBAR), float(PLANCK / BOLTZMANN)
_RHO, _SPEEDS, _POTENTIALS, _PBAR = 2200.0, (5800.0, 3800.0), (1.04, 0.65), 8e44
_JOULE = [float(CHARGE) * each for each in _POTENTIALS]
_STRENGTHS = [_PBAR * g**2 / (_RHO * v**2) for g, v in zip(_JOULE, _SPEEDS, strict=True)]
_BRANCHES = (1, 2)
_COUPLING = sum(n * g**2 / v**5 for n, g, v in zip(_BRANCHES, _JOULE, _SPEEDS, strict=True))
_G = 2.0 * math.pi * _RHO * _HBAR**4 / (_COUPLING * _KB**3)  # s K^3
_DENSITY = _PBAR * _KB / _RHO  # 1/(K kg)


def _rule(edges, count=20):
    """Gauss-Legendre nodes and weights of consecutive panels."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    edges = np.asarray(edges, float)
    half = 0.5 * np.diff(edges)[:, None]
    return (edges[:-1, None] + half * (nodes + 1.0)).ravel(), (half * weights).ravel()


def _shortest(E, T):
    return _G * np.tanh(E / (2.0 * T)) / E**3


def _relaxation(T, frequency, lowest, highest):
    """int dE/T sech^2(E/2T) int dv tanh^2(v)/(1 - i omega tau), per unit C."""
    x, weight = _rule(np.linspace(math.log(lowest), math.log(min(highest, 80.0 * T)), 121))
    E = np.exp(x)
    share, of_share = _rule(np.linspace(0.0, 1.0, 121))
    end = np.arccosh(np.maximum(E / lowest, 1.0))
    v = end[:, None] * share
    delay = 2.0 * math.pi * frequency * _shortest(E, T)
    inner = np.tanh(v) ** 2 / (1.0 - 1j * delay[:, None] * np.cosh(v) ** 2) @ of_share * end
    return complex(np.sum(weight * E / np.cosh(E / (2.0 * T)) ** 2 / T * inner))


def _resonance(T, frequency, lowest, highest):
    """PV int ds tanh(E/2T) tanh^2(s) 2 E^2/(E^2 - w^2), E = lowest cosh(s), w = hf/k_B, and pi times its residue."""
    photon, end = _QUANTUM * frequency, math.acosh(highest / lowest)

    def smooth(s):  # times (cosh s - photon/lowest)
        E = lowest * np.cosh(s)
        return np.tanh(E / (2.0 * T)) * np.tanh(s) ** 2 * 2.0 * np.cosh(s) ** 2 / (np.cosh(s) + photon / lowest)

    if photon < lowest:
        s, weight = _rule(np.linspace(0.0, end, 201))
        return complex(np.sum(weight * smooth(s) / (np.cosh(s) - photon / lowest)))
    pole = math.acosh(photon / lowest)
    h, weight = _rule(np.linspace(0.0, pole, 101))
    above, below = (smooth(s) / (np.cosh(s) - np.cosh(pole)) for s in (pole + h, pole - h))
    s, rest = _rule(np.linspace(2.0 * pole, end, 101))
    principal = np.sum(weight * (above + below)) + np.sum(rest * smooth(s) / (np.cosh(s) - np.cosh(pole)))
    return complex(principal, math.pi * smooth(pole) / np.sinh(pole))


def sound():
    """Silica, Delta0 above 6.6 mK, gaps to 20 K: frequency, T, velocity shift and internal friction per C; the static
    relaxational part at 1 K per C/3; C of longitudinal and transverse sound and of a bar, k_B Pbar/rho, G [s K^3].
    """
    rows = []
    for frequency, T in ((90e3, 0.02), (90e3, 0.1), (90e3, 1.0), (5e3, 0.05), (5e3, 1.0), (1e9, 0.1),
                         (1e9, 1.0), (1e9, 5.0)):  # fmt: skip
        total = _relaxation(T, frequency, 0.0066, 20.0) + _resonance(T, frequency, 0.0066, 20.0)
        rows.append([frequency, T, -0.5 * total.real, total.imag])
    squares = [v**2 for v in _SPEEDS]
    share = squares[0] * squares[1] / ((3.0 * squares[0] - 4.0 * squares[1]) * (squares[0] - squares[1]))
    return {
        "rows": rows, "static": _relaxation(1.0, 0.0, 0.0066, 20.0).real / 3.0, "strengths": _STRENGTHS,
        "bar": share * _STRENGTHS[0] + (1.0 - share) * _STRENGTHS[1], "density": _DENSITY, "rate_constant": _G,
    }  # fmt: skip


def activation():
    """T, f, internal friction and velocity shift per C of systems that hop over barriers with density
    exp(-V^2/2 s^2)/E0, E0 = 13 K, s = 445 K, tau = 1e-13 s e^(V/T) sech(Delta/2T).
    """
    rows, (delta, of_delta) = [], _rule(np.linspace(0.0, 20.0, 81))
    for T, frequency in ((20.0, 90e3), (50.0, 90e3), (100.0, 35e9)):
        V, of_V = _rule(np.arange(0.0, 6000.0, 0.5 * T), 16)
        tau = 1e-13 * np.exp(np.minimum(V / T, 600.0))[:, None] / np.cosh(delta)
        inner = (2.0 / np.cosh(delta) ** 2 / (1.0 - 2j * math.pi * frequency * tau)) @ of_delta
        total = np.sum(of_V / 13.0 * np.exp(-0.5 * (V / 445.0) ** 2) * inner)
        rows.append([T, frequency, float(total.imag), float(-0.5 * total.real)])
    return {"rows": rows}


def _conductivity(T, relaxing=False, size=None, energy=None, attempt_time=None):
    """Sum over modes of T^3 int dx x^4 e^x/(e^x - 1)^2 l(x); x from 1e-12 to 60."""
    breaks = [] if attempt_time is None else [math.log(_HBAR / (_KB * T * attempt_time * math.e))]
    edges = [*np.linspace(math.log(1e-12), math.log(60.0), 61), *(b for b in breaks if b < 4.0)]
    u, weight = _rule(np.unique(edges), 8)
    x, total = np.exp(u), 0.0
    omega = x * _KB * T / _HBAR
    friction = math.pi * np.tanh(0.5 * x)
    if relaxing:
        friction = friction + np.array([_unlimited_loss(T, each) for each in omega / (2.0 * math.pi)])
    if energy is not None:
        friction = friction + math.pi / 8.0 * (x * T / energy) ** 3
    if attempt_time is not None:
        logarithm = np.maximum(1.0, -np.log(omega * attempt_time))
        friction = friction + math.pi * (T / energy) ** 0.75 * logarithm**-0.25
    for branches, speed, strength in zip(_BRANCHES, _SPEEDS, _STRENGTHS, strict=True):
        inverse = omega / speed * strength * friction + (0.0 if size is None else 1.0 / size)
        carried = np.sum(weight * x * x**4 * np.exp(x) / np.expm1(x) ** 2 / inverse)
        total += branches * _KB**4 * T**3 / (6.0 * math.pi**2 * _HBAR**3 * speed**2) * carried
    return float(total)


def _unlimited_loss(T, frequency):
    """Loss per C by relaxation of systems without cutoffs: the inner integral to v = 40 and gaps from 1e-7 T."""
    E, weight = _rule(np.linspace(math.log(1e-7 * T), math.log(80.0 * T), 41), 8)
    v, of_v = _rule(np.linspace(0.0, 40.0, 81), 8)
    delay = 2.0 * math.pi * frequency * _shortest(np.exp(E), T)
    inner = (np.tanh(v) ** 2 / (1.0 - 1j * delay[:, None] * np.cosh(v) ** 2)).imag @ of_v
    return float(np.sum(weight * np.exp(E) / np.cosh(np.exp(E) / (2.0 * T)) ** 2 / T * inner))


def conductivity():
    """Thermal conductivity [W/(m K)] of silica: what scatters, T [K], size [m], value. "resonant", "full" (relaxation
    too), "soft" (and quasi-harmonic modes of energy 4 K), "classical" (and their relaxation, attempts of 1e-13 s).
    """
    cases = [("resonant", 0.1, 0.0), ("full", 0.1, 0.0), ("full", 1.0, 0.0), ("resonant", 0.1, 5e-3),
             ("resonant", 0.02, 5e-3), ("soft", 1.0, 0.0), ("soft", 10.0, 0.0), ("soft", 0.05, 5e-3),
             ("classical", 1.0, 0.0), ("classical", 10.0, 0.0)]  # fmt: skip
    rows = []
    for name, T, size in cases:
        modes = 4.0 if name in ("soft", "classical") else None
        value = _conductivity(T, name != "resonant", size or None, modes, 1e-13 if name == "classical" else None)
        rows.append([name, T, size, value])
    return {"rows": rows}


def _unlimited(function, T, time, warmest=None):
    """int dE int dv of function(E, z, cosh^2 v, tanh v), z = t/shortest: gaps from 1e-9 K, v to 40."""
    x, weight = _rule(np.linspace(math.log(1e-9), math.log(100.0 * (warmest or T)), 161), 12)
    v, of_v = _rule(np.linspace(0.0, 40.0, 201), 8)
    E = np.exp(x)
    z = time / _shortest(E, T)
    return float(np.sum(weight * E * (function(E[:, None], z[:, None], np.cosh(v) ** 2, np.tanh(v)) @ of_v)))


def slow_heat():
    """Silica without cutoffs: T, t, heat capacity within t [J/(kg K)]; T before, after, t, power released [W/kg]; T, t,
    S = 2 int dE sech^2(E/2T) int dv tanh(v) (1 - e^(-t/tau)) [K] of spectral diffusion.
    """
    def capacity(T, time):
        return _KB * _DENSITY * _unlimited(
            lambda E, z, c, _: (0.5 * E / T / np.cosh(0.5 * E / T)) ** 2 * -np.expm1(-z / c), T, time)

    def release(start, T, time):
        def power(E, z, c, _):
            change = 0.5 * E * (np.tanh(0.5 * E / T) - np.tanh(0.5 * E / start))
            return change * np.exp(-z / c) * z / c / time

        return _KB * _DENSITY * _unlimited(power, T, time, start)

    def diffusion(T, time):
        return 2.0 * _unlimited(lambda E, z, c, t: np.cosh(0.5 * E / T) ** -2.0 * t * -np.expm1(-z / c), T, time)

    capacities = [(0.1, 1e-4), (0.1, 1.0), (1.0, 1e-4), (1.0, 100.0)]
    releases = [(1.0, 0.1, 1e-6), (1.0, 0.1, 1.0), (1.0, 0.1, 3600.0), (0.3, 0.1, 1e-5)]
    widths = [(0.05, 1e-7), (0.05, 1e-5), (0.05, 1e-2), (0.02, 1e-5)]
    return {"heat_capacities": [[*each, capacity(*each)] for each in capacities],
            "heat_releases": [[*each, release(*each)] for each in releases],
            "spectral_diffusion": [[*each, diffusion(*each)] for each in widths]}  # fmt: skip


def triangles():
    """Rate constant [s K^3] of three-well systems with 1 eV in silica: 6 times that of two-level systems whose
    couplings squared are 1/5 and 3/20 of it.
    """
    square = float(CHARGE) ** 2
    coupling = sum(n * part * square / v**5 for n, part, v in zip(_BRANCHES, (0.2, 0.15), _SPEEDS, strict=True))
    return {"rate_constant": 6.0 * 2.0 * math.pi * _RHO * _HBAR**4 / (coupling * _KB**3)}
