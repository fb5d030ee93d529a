"""Anomalous systems in the two-level form: double integrals over asymmetry and flux energy by Gauss-Legendre panels.

Distribution dD/D du0/u0, u = u0 |cos(beta)| with loop normals over the sphere ("average"), u = u0/sqrt(3) ("rms"), or
weighted by how the electric field lies to the magnetic one. E = sqrt(D^2 + u^2), energies in kelvin.
"""

import numpy as np
from tools.reference.constants import BOLTZMANN, PHASE, PLANCK

_KB, _PHASE, _H = float(BOLTZMANN), float(PHASE), float(PLANCK)
#: 001 Tables 3 and 4, 002 Table 14: density [1/kg], D_min [K], D0|q/e|S from and to [K A^2], E0 [K].
_BK7 = {
    "001 T3": (1.352e19, 0.02671, 271700.0, 292500.0, 0.319),
    "001 T4": (1.340e19, 0.05238, 210700.0, 216000.0, 0.615),
    "002 T14": (1.400e19, 0.05990, 88700.0, 120000.0, 0.480),
}
#: 002 Tables 5-7: D_min [K], D0|q/e|S from and to [K A^2], C_ATS [K], Gamma [s K^5].
_DIELECTRIC = {
    "BK7": (0.03, 166800.0, 457600.0, 8.9e-7, None), "Duran": (0.021, 245700.0, 415100.0, 5.2e-7, None),
    "AlBaSiO": (0.015, 244000.0, 308000.0, 8.9e-6, None), "hydrocarbon": (0.015, 76.0, 30470.0, 4.38e-5, None),
    "AlBaSiO loss": (0.0209, 19800.0, 496000.0, 1.54e-5, 1.0 / 5.0e9),
    "BK7 loss": (0.0287, 690.0, 6600.0, 2.02e-5, 1.0 / 3.34e9),
}


def _rule(edges, count=20):
    nodes, weights = np.polynomial.legendre.leggauss(count)
    half = 0.5 * np.diff(edges)[:, None]
    return (np.asarray(edges)[:-1, None] + half * (nodes + 1.0)).ravel(), (half * weights).ravel()


def _directions(orientation):
    """|cos(beta)| and weights of the mean."""
    if orientation == "rms":
        return np.array([1.0 / np.sqrt(3.0)]), np.ones(1)
    x, w = _rule(np.concatenate([[0.0], np.geomspace(1e-6, 1.0, 19)]))
    across = 1.0 - x**2
    share = {
        "average": 1.0, "parallel": 1.5 * across, "perpendicular": 0.75 * (1.0 + x**2),
        # strain on triangles: squares of the part of the wave in their plane
        "longitudinal parallel": 1.875 * across**2, "longitudinal perpendicular": 1.875 * (x**2 + 0.375 * across**2),
        "transverse parallel": 1.25 * (1.0 - x**4), "transverse perpendicular": 2.5 * (x**2 + 0.125 * across**2),
    }[orientation]
    return x, w * share


def _mean(function, low, high, smallest, orientation="average", largest=np.inf):
    """Mean over directions of int dD/D int du0/u0 function(D, u); flux energies from low to high [K]."""
    D, dD = _rule(np.linspace(np.log(smallest), np.log(min(largest, smallest * 1e15)), 81))
    x, share = _directions(orientation)
    u0, du = _rule(np.linspace(np.log(low), np.log(high), 5 + 2 * int(np.log(high / low))))
    D = np.exp(D)[:, None]
    values = [dD @ function(D, (np.exp(each) * x)[None, :]) @ share for each in u0]
    return sum(weight * value for weight, value in zip(du, values, strict=True))


def _tanh(D, u, T):
    E = np.hypot(D, u)
    return E, np.tanh(0.5 * E / T)


def _magnetization(name, B, orientation, flux_field=np.inf, largest=np.inf):
    """At 4.5 K; with a finite B* [T at 1.26 K] of the quartic gap E^2 = D^2 + u^2 (1 - phi^2/27), phi = x B/B*.

    "rms" with B* is 001's recipe: u^2 (1 - phi^2/27) averaged before the root, and a factor 1 - b^2/54, b = B/B*.
    """
    density, smallest, low, high, energy = _BK7[name]
    ratio, T = np.exp(energy * (1.0 / 1.26 - 1.0 / 4.5)), 4.5
    edges = [_PHASE * B * area * ratio**3 for area in (low, high)]

    x, _ = _directions(orientation)
    b2 = (B * ratio**2 / flux_field) ** 2

    def moment(D, u, share):
        phi2 = share**2 * b2
        gap, slope = (1.0 - b2 / 45.0, (1.0 - b2 / 45.0) * (1.0 - b2 / 54.0)) if orientation == "rms" else (
            1.0 - phi2 / 27.0, 1.0 - 2.0 * phi2 / 27.0)
        E = np.sqrt(D**2 + u**2 * gap)
        return 0.5 * np.tanh(0.5 * E / T) * u**2 * slope / E / B

    return 2.0 * np.pi * density * _KB * _mean(
        lambda D, u: moment(D, u, x[None, :]), *edges, smallest * ratio, orientation, largest
    )


def magnetization():
    """BK7 at 4.5 K [emu/g]: at 2 T with phi -> phi/sqrt(3); then linear and with the quartic gap over all directions, D
    up to 300 times the largest energy (0: beyond the end of that gap), and by the recipe of 001 (Eqs. 10-11).
    """
    rows = []
    for name, star, B in (("001 T3", 1.3, 0.05), ("001 T3", 1.3, 2.0), ("001 T3", 1.3, 4.0), ("001 T3", 10.0, 2.0),
                          ("001 T3", 10.0, 6.5), ("001 T3", 100.0, 2.0), ("001 T4", 1.3, 0.05), ("001 T4", 1.3, 2.0),
                          ("001 T4", 1.3, 4.0), ("001 T4", 10.0, 2.0)):  # fmt: skip
        scale = np.exp(_BK7[name][4] * (1.0 / 1.26 - 1.0 / 4.5))
        largest = 300.0 * max(4.5, _PHASE * _BK7[name][3] * star * scale)
        quartic = B * scale**2 / star < np.sqrt(27.0)  # beyond, the quartic gap ends
        rows.append([name, star, B, float(_magnetization(name, B, "average", largest=largest)),
                     float(_magnetization(name, B, "average", star, largest)) if quartic else 0.0,
                     float(2.0 * _magnetization(name, B, "rms", star))])  # fmt: skip
    return {"rms": [[name, float(_magnetization(name, 2.0, "rms"))] for name in _BK7], "forms": rows}


def susceptibility():
    """Initial susceptibility of BK7 at 4.5 K [emu/(g Oe)], 001 Eq. 12; its integral of tanh(y)/y^2 from x up."""
    rows = []
    for name, (density, smallest, low, high, energy) in _BK7.items():
        ratio = np.exp(energy * (1.0 / 1.26 - 1.0 / 4.5))
        D, dD = _rule(np.linspace(np.log(smallest * ratio), np.log(smallest * ratio * 1e17), 121))
        thermal = np.sum(dD * np.tanh(np.exp(D) / 9.0) * np.exp(-D))
        squares = 0.5 * (high**2 - low**2) * ratio**6 * _PHASE**2
        rows.append([name, float(2.0 * np.pi * density * _KB * squares / 3.0 * 0.5 * thermal * 1e-4)])
    integrals = []
    for x in (0.01, 1.0):
        y, dy = _rule(np.linspace(np.log(x), np.log(x * 1e17), 121))
        integrals.append([x, float(np.sum(dy * np.tanh(np.exp(y)) * np.exp(-y)))])
    return {"rows": rows, "integrals": integrals}


def population():
    """Unit populations: B M in k_B K (D_min 0.05, u 1 to 3 K, 2 K), C in k_B per 2 pi P* (D_min 0.5, 0.9 K)."""
    moments = []
    for orientation in ("rms", "average"):
        moments.append([orientation, float(_mean(
            lambda D, u: 0.5 * np.tanh(0.25 * np.hypot(D, u)) * u**2 / np.hypot(D, u), 1.0, 3.0, 0.05, orientation
        ))])

    def heat(D, u):
        x = np.hypot(D, u) / 1.8
        return (x / np.cosh(np.minimum(x, 300.0))) ** 2

    cases = [(0.3 * np.sqrt(3.0), 1.2 * np.sqrt(3.0), "rms"), (0.3, 1.2, "rms"), (0.3, 1.2, "average")]
    capacities = [[float(a), float(b), way, float(2.0 * np.pi * _mean(heat, a, b, 0.5, way))] for a, b, way in cases]
    zero = 2.0 * np.pi * np.log(4.0) * _mean(lambda D, u: heat(D, 0.0 * u), 1.0, np.e, 0.5, "rms")
    return {"moments": moments, "heat_capacities": capacities, "heat_capacity_without_field": float(zero)}


def _resonant(row, T, B, orientation):
    """int int tanh(E/2T)/E (1 + u^2/E^2): the static resonant part per pi P* p1^2 [1/K]."""
    smallest, low, high = _DIELECTRIC[row][:3]

    def response(D, u):
        E, thermal = _tanh(D, u, T)
        return thermal / E * (1.0 + (u / E) ** 2)

    if B == 0.0:
        return np.log(high / low) * _mean(lambda D, u: response(D, 0.0 * u), 1.0, np.e, smallest, "rms")
    return _mean(response, _PHASE * B * low, _PHASE * B * high, smallest, orientation)


def resonant():
    """Static resonant part of 002 Tables 5-6 without field, and its change with a field, (C/2) times it."""
    changes = []
    for row, T, B in (("BK7", 0.015, 0.005), ("BK7", 0.015, 0.05), ("BK7", 0.015, 0.5), ("Duran", 0.015, 0.05),
                      ("AlBaSiO", 0.05, 0.05), ("AlBaSiO", 0.05, 0.5), ("hydrocarbon", 0.05, 0.5)):  # fmt: skip
        with_field, without = (_resonant(row, T, b, "rms") for b in (B, 0.0))
        changes.append([row, T, B, float(with_field), float(0.5 * _DIELECTRIC[row][3] * (with_field - without))])
    ways = []
    for row, T, B in (("BK7", 0.015, 0.05), ("BK7", 0.015, 0.5), ("AlBaSiO", 0.05, 0.05)):
        without, half = _resonant(row, T, 0.0, "rms"), 0.5 * _DIELECTRIC[row][3]
        ways.append([row, T, B, *(float(half * (_resonant(row, T, B, way) - without))
                                  for way in ("average", "parallel", "perpendicular"))])  # fmt: skip
    zero = [[row, T, float(_resonant(row, T, 0.0, "rms"))]
            for row, T in (("BK7", 0.015), ("Duran", 0.015), ("AlBaSiO", 0.05), ("hydrocarbon", 0.05))]  # fmt: skip
    return {"zero_field": zero, "changes": changes, "orientations": ways}


def _relaxational(row, T, B, kappa, orientation="rms", omega=2e3 * np.pi):
    """int int (D/E)^2 sech^2(E/2T)/(2T)/(1 - i omega tau), 1/tau = E^3 (E^2 - kappa D^2)/(Gamma tanh(E/2T))."""
    smallest, low, high, _, gamma = _DIELECTRIC[row]

    def response(D, u):
        E, thermal = _tanh(D, u, T)
        tau = gamma * thermal / (E**3 * (E**2 - kappa * D**2))
        return (D / E) ** 2 / np.cosh(np.minimum(0.5 * E / T, 300.0)) ** 2 / (2.0 * T) / (1.0 - 1j * omega * tau)

    if B == 0.0:
        return np.log(high / low) * _mean(lambda D, u: response(D, 0.0 * u), 1.0, np.e, smallest, "rms", 1e3)
    return _mean(response, _PHASE * B * low, _PHASE * B * high, smallest, orientation, 1e3)


def relaxational():
    """Relaxational part of 002 Table 7 at 1 kHz, and the change of the loss with the field, (C/2) times it."""
    parts = [["AlBaSiO loss", 0.077, 0.0, 1 / 6], ["AlBaSiO loss", 0.077, 0.05, 1 / 6],
             ["AlBaSiO loss", 0.077, 0.5, 1 / 6], ["AlBaSiO loss", 0.077, 0.0, 1 / 2],
             ["AlBaSiO loss", 0.077, 0.05, 1 / 2], ["BK7 loss", 0.015, 0.0, 1 / 6]]  # fmt: skip
    changes = []
    for row, T, B, kappa, way in (
        ("AlBaSiO loss", 0.077, 0.05, 1 / 6, "rms"), ("AlBaSiO loss", 0.077, 0.5, 1 / 6, "rms"),
        ("AlBaSiO loss", 0.077, 0.05, 1 / 2, "rms"), ("AlBaSiO loss", 0.077, 0.05, 1 / 6, "average"),
        ("AlBaSiO loss", 0.077, 0.05, 1 / 2, "average"), ("BK7 loss", 0.015, 0.5, 1 / 6, "rms"),
    ):
        change = _relaxational(row, T, B, kappa, way) - _relaxational(row, T, 0.0, kappa)
        changes.append([row, T, B, kappa, way, float(0.5 * _DIELECTRIC[row][3] * change.imag)])
    return {"parts": [[*row, complex(_relaxational(*row))] for row in parts], "loss_changes": changes,
            "loss_without_field": float(0.5 * 1.54e-5 * _relaxational("AlBaSiO loss", 0.077, 0.0, 1 / 6).imag)}


def alkali_silicates():
    """Zero-field integrals of 004 Table I per ln(D0_max/D0_min): D_min int dD/D^2 tanh(D/2T), and the relaxation."""
    resonant_rows, relaxational_rows = [], []
    for T, smallest in ((0.3, 0.65), (0.1, 0.65), (0.3, 0.87)):
        D, dD = _rule(np.linspace(np.log(smallest), np.log(smallest * 1e17), 121))
        resonant_rows.append([T, smallest, float(smallest * np.sum(dD * np.tanh(np.exp(D) / (2 * T)) * np.exp(-D)))])
    for T, smallest, gamma, frequency, kappa in (
        (0.3, 0.65, 69.73e-6, 1e3, 0.0), (0.3, 0.65, 69.73e-6, 1e3, 1 / 6), (0.3, 0.65, 69.73e-6, 1e3, 1 / 2),
        (0.3, 0.87, 6.44e-6, 1e4, 0.0),
    ):
        D, dD = _rule(np.linspace(np.log(smallest), np.log(smallest * 1e3), 121))
        D = np.exp(D)
        tau = gamma * np.tanh(D / (2 * T)) / ((1.0 - kappa) * D**5)
        line = 1.0 / np.cosh(np.minimum(D / (2 * T), 300.0)) ** 2 / (2 * T) / (1.0 - 2j * np.pi * frequency * tau)
        value = 0.5 * smallest * np.sum(dD * line)
        relaxational_rows.append([T, smallest, gamma, frequency, kappa, complex(value)])
    return {"resonant": resonant_rows, "relaxational": relaxational_rows}


def gigahertz():
    """Loss (C/2) alpha'' of BK7 at 15 mK: pi/2 tanh(W/2T) int du/u (1 + u^2/W^2) W/(W^2 - u^2), W = h f/k_B."""
    smallest, low, high, strength, _ = _DIELECTRIC["BK7"]
    rows = []
    for frequency in (1e9, 5e9):
        W = _H * frequency / _KB
        factor = 0.5 * strength * 0.5 * np.pi * np.tanh(W / 0.03)
        a, b = (_PHASE * 0.005 * area / np.sqrt(3.0) for area in (low, high))
        u, du = _rule(np.linspace(np.log(a), np.log(min(b, np.sqrt(W**2 - smallest**2))), 21))
        square = np.exp(2.0 * u)
        field = factor * np.sum(du * (1.0 + square / W**2) * W / (W**2 - square))
        rows.append([frequency, float(factor * np.log(high / low) / W), float(field)])
    return {"rows": rows}


def strain():
    """Change of the sound velocity of 002 Table 5 (BK7, 15 mK) with the field, per C': -1/4 of the change of the
    resonant part, triangles weighted by the wave (mode and direction of B to it), at 5 mT, 50 mT, 0.5 T.
    """
    cases = [("longitudinal", "random"), ("longitudinal", "parallel"), ("longitudinal", "perpendicular"),
             ("transverse", "parallel"), ("transverse", "perpendicular")]  # fmt: skip
    zero, rows = _resonant("BK7", 0.015, 0.0, "rms"), []
    for mode, direction in cases:
        orientation = "average" if direction == "random" else f"{mode} {direction}"
        changes = [-0.25 * float(_resonant("BK7", 0.015, B, orientation) - zero) for B in (5e-3, 0.05, 0.5)]
        rows.append([mode, direction, changes])
    return {"rows": rows}
