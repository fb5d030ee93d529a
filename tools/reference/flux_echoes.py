"""Echoes of tunneling systems in flux: the integrals of 002 Sec. 5 by product rules in the variables of the text.

The rows of 002 Table 8 at 12 mK. Variables: detuning z = E/hbar - omega in panels of half of 2 pi/tau2, and
v = ln(u/(1 - u)), u = (D0 phi/E)^2, in which the measure dD/D dD0/D0 is flat. Results in rad/s.
"""

from math import pi

import numpy as np
from mpmath import mp
from tools.reference.constants import BOLTZMANN, HBAR, PHASE

_PER_KELVIN = float(BOLTZMANN / HBAR)  # rad/s
_DEBYE_KILOVOLT = float(mp.mpf("1e-21") / 299792458 * 1000 / HBAR)  # rad/s
_PHASE = float(PHASE)
_T = 0.012
#: D_min [K], D0 q S min, max [K Angstrom^2], Gamma^-1 [1/(s K^5)], c [1/(s K)], p1 F0 [debye kV/m], f [Hz], gap [s].
_ROWS = {
    "AlBaSiO 1": (17.74e-3, 950.0, 21300.0, 9.22e12, 5.008e6, 0.461, 1.0e9, 2.0e-6),
    "AlBaSiO 2": (27.20e-3, 1140.0, 8960.0, 2.57e11, 3.825e6, 0.450, 1.0e9, 2.0e-6),
    "BK7 1.5 us": (16.76e-3, 920.0, 13400.0, 8.91e12, 1.03e6, 0.60, 0.9e9, 1.5e-6),
    "BK7 6 us": (15.94e-3, 890.0, 33100.0, 3.25e12, 5.72e6, 0.98, 0.9e9, 6.0e-6),
}
_PULSES = (1e-7, 2e-7)


def _rule(edges, count):
    """Gauss-Legendre nodes and weights of consecutive panels."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    edges = np.asarray(edges, float)
    half = 0.5 * np.diff(edges)[:, None]
    return (edges[:-1, None] + half * (nodes + 1.0)).ravel(), (half * weights).ravel()


def _two_pulses(z, rabi, durations, over_rabi=False):
    """(Omega^4/Og^3)(S + i C); with `over_rabi` the z/Og in C is z/Omega, as printed."""
    first, second = durations
    total = np.sqrt(rabi**2 + z**2)
    read = np.sin(0.5 * total * second) ** 2
    sine = np.sin(total * first) * read
    cosine = -2.0 * z / (rabi if over_rabi else total) * np.sin(0.5 * total * first) ** 2 * read
    return rabi**4 / total**3 * (sine + 1j * cosine)


def _integrand(row, printed, z, u, orientation=None):
    """tanh(E/2T) exp(-2 tb w) (Omega^4/Og^3)(S + i C) at detunings and shares u, rms or one direction of the drive."""
    _, _, _, rate, diffusion, drive, frequency, gap = _ROWS[row]
    kappa = 5.0 / 6.0 if printed else 0.5
    E = (2.0 * pi * frequency + z) / _PER_KELVIN
    occupied = np.tanh(E / (2.0 * _T))
    population = rate * E**5 * (u + kappa * (1.0 - u)) / occupied
    damping = diffusion * _T + (1.0 if printed else 0.5) * population
    peak = drive * _DEBYE_KILOVOLT
    if orientation is None:
        rabi = peak * np.sqrt((u + kappa * (1.0 - u)) / 6.0)
    else:
        tilt, turn = orientation
        rabi = 0.5 * peak * np.sin(tilt) * np.sqrt(1.0 - (1.0 - u) * np.cos(turn) ** 2)
    time = sum(_PULSES) + 2.0 * gap
    return occupied * np.exp(-time * damping) * _two_pulses(z, rabi, _PULSES, printed)


def _detunings(row, lowest, breaks):
    """Panels from the lowest gap [K] until the phonons damp everything; `breaks` [K] are edges."""
    _, _, _, rate, _, _, frequency, gap = _ROWS[row]
    carrier = 2.0 * pi * frequency
    highest = max((45.0 / (0.5 * rate * (2.0 * gap + sum(_PULSES)))) ** 0.2, 6.0 * carrier / _PER_KELVIN)
    start, end = (_PER_KELVIN * E - carrier for E in (lowest, highest))
    edges = [start, *(_PER_KELVIN * E - carrier for E in breaks if lowest < E < highest)]
    step = pi / _PULSES[1]
    edges = np.unique([*edges, *np.arange(np.ceil(start / step) * step, end, step), end])
    return _rule(edges, 12)


def _integral(row, printed, B, orientations=None):
    """J_S + i J_C of loops that face the field, rms or summed over (tilt, turn, weight)."""
    D_min, low, high = _ROWS[row][:3]
    least, most = (_PHASE * x * B for x in (low, high))
    z, weight = _detunings(row, np.hypot(D_min, least), [np.hypot(D_min, most)])
    E = (2.0 * pi * _ROWS[row][6] + z) / _PER_KELVIN
    # ln(u/(1 - u)) at D0min, and at D0max or D_min
    start = np.log(least**2 / ((E - least) * (E + least)))
    with np.errstate(divide="ignore", invalid="ignore"):
        by_loops = np.log(most**2 / ((E - most) * (E + most)))
    end = np.where(np.hypot(D_min, most) < E, by_loops, np.log((E - D_min) * (E + D_min) / D_min**2))
    nodes, weights = np.polynomial.legendre.leggauss(20)
    v = start[:, None] + 0.5 * (end - start)[:, None] * (nodes + 1.0)
    u = 1.0 / (1.0 + np.exp(-v))
    total = 0.0
    for tilt, turn, share in orientations or [(None, None, 1.0)]:
        values = _integrand(row, printed, z[:, None], u, None if tilt is None else (tilt, turn))
        total += share * np.sum(weight / (_PER_KELVIN * E) * 0.5 * (end - start) * 0.5 * (values @ weights))
    return complex(total)


def facing():
    """J_S, J_C at B [T] of loops that face the field: printed (5/6, z/Omega, whole rate), then derived (1/2, z/Og,
    half the rate), mean-square Rabi frequency.
    """
    rows = [[row, B, _integral(row, True, B), _integral(row, False, B)] for row in _ROWS for B in (1e-4, 0.1, 0.3, 0.6)]
    return {"rows": rows}


def _over_loops(row, printed, B):
    """int_0^1 dc J(B c) with c done first: loops with D0 phi = f count min(f/least, 1) - min(f/most, 1)."""
    D_min, low, high = _ROWS[row][:3]
    least, most = (_PHASE * x * B for x in (low, high))
    near = D_min * (1.0 + 1e-3 * 0.2 ** np.arange(16))  # the range of f opens as a root there
    z, weight = _detunings(row, D_min, [*near, np.hypot(D_min, least), np.hypot(D_min, most)])
    E = (2.0 * pi * _ROWS[row][6] + z) / _PER_KELVIN
    top = np.sqrt((E - D_min) * (E + D_min))
    nodes, weights = np.polynomial.legendre.leggauss(20)
    nodes, weights = 0.5 * (nodes + 1.0), 0.5 * weights
    # below the smallest loops: even in f
    end = np.minimum(least, top)[:, None]
    f = end * nodes
    inner = _integrand(row, printed, z[:, None], (f / E[:, None]) ** 2) / (1.0 - (f / E[:, None]) ** 2)
    total = (1.0 / least - 1.0 / most) * (end * inner) @ weights
    for start, stop in ((least, most), (most, np.inf)):
        first, last = (np.minimum(edge, top)[:, None] for edge in (start, stop))
        first, last = (2.0 * np.log(edge) - np.log((E[:, None] - edge) * (E[:, None] + edge)) for edge in (first, last))
        u = 1.0 / (1.0 + np.exp(-(first + (last - first) * nodes)))
        f = E[:, None] * np.sqrt(u)
        share = np.minimum(f / least, 1.0) - np.minimum(f / most, 1.0)
        total = total + (0.5 * (last - first) * share * _integrand(row, printed, z[:, None], u)) @ weights
    return complex(np.sum(weight / (_PER_KELVIN * E) * total))


def over_loops():
    """J_S, J_C averaged over the loops' directions: int_0^1 dc J(B c), mean-square Rabi frequency."""
    cases = [("AlBaSiO 2", False, 0.1), ("AlBaSiO 2", False, 0.3), ("AlBaSiO 1", True, 0.1), ("AlBaSiO 1", True, 0.3)]
    rows = []
    for row, printed, B in cases:
        rows.append([row, "printed" if printed else "derived", B, _over_loops(row, printed, B)])
    return {"rows": rows}


def over_orientations():
    """J_S, J_C of facing loops (derived), the Rabi frequency averaged over all directions of the drive, not squared."""
    nodes, weights = np.polynomial.legendre.leggauss(10)
    tilts, turns = 0.25 * pi * (nodes + 1.0), pi * (np.arange(6) + 0.5) / 12.0
    shares = 0.25 * pi * weights * np.sin(tilts) / len(turns)
    directions = [(a, b, share) for a, share in zip(tilts, shares, strict=True) for b in turns]
    rows = []
    for row in ("AlBaSiO 1", "BK7 6 us"):
        for B in (1e-4, 0.1, 0.3):
            rows.append([row, B, _integral(row, False, B, directions)])
    return {"rows": rows}


def without_field():
    """ln(D0max/D0min) int dE/E F(E, u = 0) of AlBaSiO 2, derived; the integrand (z, u) at single points."""
    row = "AlBaSiO 2"
    D_min, low, high = _ROWS[row][:3]
    z, weight = _detunings(row, D_min, [])
    E = 2.0 * pi * _ROWS[row][6] + z  # rad/s: only dE/E counts
    limit = np.log(high / low) * np.sum(weight / E * _integrand(row, False, z, 0.0))
    points = [("derived", 0.0, 0.0), ("derived", 1e7, 0.5), ("derived", -5e7, 1.0), ("printed", 1e7, 0.5)]
    rows = [[name, z, u, complex(_integrand(row, name == "printed", z, u))] for name, z, u in points]
    return {"limit": complex(limit), "integrand": rows}


def scales():
    """Of each row: fields [T] at which the largest and smallest loops that face it reach the carrier, rms Rabi
    frequency at u = 1 [rad/s], rate of the population and of spectral diffusion [1/us], decay over 2 tb.
    """
    rows = []
    for row, (D_min, low, high, rate, diffusion, drive, frequency, gap) in _ROWS.items():
        quantum = 2.0 * pi * frequency / _PER_KELVIN
        flux = np.sqrt(quantum**2 - D_min**2) / _PHASE
        population = rate * quantum**5 / np.tanh(quantum / (2.0 * _T))
        rows.append([row, float(flux / high), float(flux / low), drive * _DEBYE_KILOVOLT / 6.0**0.5,
                     float(1e-6 * population), 1e-6 * diffusion * _T,
                     float(np.exp(-(2.0 * gap + sum(_PULSES)) * population))])  # fmt: skip
    return {"debye_kilovolt": _DEBYE_KILOVOLT, "rows": rows}


def _shape(rabi, time, durations=(1.0, 2.0), end=2.0e4):
    """Z(s)/Omega = int dz (Omega/Og)^3 (S + i C) e^{izs}, to +-end, finer where Omega is small."""
    z, weight = _rule([0.0, *np.geomspace(1e-5, 0.5, 16), *np.arange(1.0, end + 0.5, 0.5)], 8)
    values = weight * _two_pulses(z, rabi, durations) / rabi  # S even, C odd in z
    times = np.atleast_1d(time)
    return np.array([2.0 * np.sum(values.real * np.cos(z * s) - values.imag * np.sin(z * s)) for s in times])


def shapes():
    """Echo of a flat spectrum, tau2 = 2 tau1 = 2: area of the first pulse, Z(0)/Omega, time of the maximum after
    2 tb, Z there/Omega.
    """
    rows = []
    for rabi in (0.05, 0.6, 1.2655, pi / 2, 2 * pi / 3):
        low, high = 0.4, 0.8
        for _ in range(5):  # the maximum of a parabola through five points, closer and closer
            times = np.linspace(low, high, 5)
            middle = times[np.argmax(_shape(rabi, times))]
            low, high = middle - 0.25 * (high - low), middle + 0.25 * (high - low)
        times = np.array([low, 0.5 * (low + high), high])
        curve = np.polynomial.Polynomial.fit(times, _shape(rabi, times), 2)
        peak = float(curve.deriv().roots()[0])
        center, top = _shape(rabi, [0.0, peak])
        rows.append([rabi, float(center / rabi), peak, float(top / rabi)])
    return {"rows": rows}


def two_level_average():
    """int dalpha/sin(alpha) int_0^1 dy Omega tau1 Z(0) tau1, Omega tau1 = area sin(alpha) y, tau2 = 2 tau1."""
    rows = []
    (alpha, of_alpha), (y, of_y) = _rule([0.0, 0.5 * pi], 12), _rule([0.0, 1.0], 12)
    for area in (0.1, 1.0, 2.0):
        rabi = (area * np.sin(alpha)[:, None] * y).ravel()
        weight = (of_alpha / np.sin(alpha))[:, None] * of_y
        mean = sum(w * x * _shape(x, 0.0, end=8e3)[0] for x, w in zip(rabi, weight.ravel(), strict=True))
        rows.append([area, float(mean)])
    return {"rows": rows}


def gate():
    """|int_{-0.6}^{end} dz (Omega/Og)^3 (S + iC)/2 G(z)| e^{-(tau1 + tau2)}, G = int_{-0.4}^{0.4} ds e^{(iz - 1)s}:
    pulses of 0.01 and 0.02, Omega tau1 = pi/2, by the end of the band.
    """
    rabi, rows = 0.5 * pi / 0.01, []
    for end in (5e3, 5e4):
        z, weight = _rule(np.linspace(-0.6, end, round(2 * end)), 10)
        opened = (np.exp(0.4 * (1j * z - 1.0)) - np.exp(-0.4 * (1j * z - 1.0))) / (1j * z - 1.0)
        total = np.sum(weight * _two_pulses(z, rabi, (0.01, 0.02)) / (2.0 * rabi) * opened)
        rows.append([end, float(abs(total) * np.exp(-0.03))])
    return {"rows": rows}


_WELLS, _DIPOLES = np.array([0.5, -0.3, -0.2]), 0.004 * np.array([0.0, -(3.0**0.5) / 2.0, 3.0**0.5 / 2.0])
_CARRIER, _DURATIONS, _GAP, _TEMPERATURE = 0.7835, (300.0, 601.3), 3000.7, 0.5
_READ = _GAP + np.array([-3.1, 0.0, 2.2, 50.0])


def _ring(wells, hopping, phase):
    H = np.diag(np.array(wells, complex))
    for i, j in ((0, 1), (1, 2), (2, 0)):
        H[i, j], H[j, i] = hopping * np.exp(1j * phase / 3.0), hopping * np.exp(-1j * phase / 3.0)
    return H


def _driven(H, V, phase, time, harmonics=8):
    """Propagator of H + V cos(omega t + phase) from 0 to `time`, by the Floquet matrix of all harmonics."""
    n, count = len(H), 2 * harmonics + 1
    big = np.kron(np.diag(_CARRIER * np.arange(-harmonics, harmonics + 1)), np.eye(n)) + np.kron(np.eye(count), H)
    up = 0.5 * np.kron(np.diag(np.ones(count - 1), -1), V * np.exp(1j * phase))
    levels, states = np.linalg.eigh(big + up + up.conj().T)
    middle = slice(harmonics * n, (harmonics + 1) * n)
    columns = (states * np.exp(-1j * levels * time)) @ states.conj().T[:, middle]
    turns = np.exp(1j * _CARRIER * time * np.arange(-harmonics, harmonics + 1))
    return np.einsum("k,kij->ij", turns, columns.reshape(count, n, n))


def _free(H, time):
    levels, states = np.linalg.eigh(H)
    return (states * np.exp(-1j * levels * time)) @ states.conj().T


def ring_echo():
    """Two pulses (300, 601.3, gap 3000.7, omega 0.7835, carriers restarted) on a ring with wells (0.5, -0.3, -0.2),
    hopping 26, phi 0.02 at T = 0.5: levels, coupling of the lowest two, F0 p after gap + (-3.1, 0, 2.2, 50), all
    levels with the field's own phase, then the closed form of the lowest doublet.
    """
    H, V = _ring(_WELLS, 26.0, 0.02), np.diag(_DIPOLES)
    levels, states = np.linalg.eigh(H)
    weights = np.exp(-(levels - levels[0]) / _TEMPERATURE)
    weights /= weights.sum()
    start, count = (states * weights) @ states.conj().T, 5
    total = np.zeros(len(_READ))
    for i, j in np.ndindex(count, count):
        first, second = (2.0 * pi * k / count for k in (i, j))
        U = _driven(H, V, second, _DURATIONS[1]) @ _free(H, _GAP) @ _driven(H, V, first, _DURATIONS[0])
        for k, time in enumerate(_READ):
            full = _free(H, time) @ U
            signal = -np.trace(full @ start @ full.conj().T @ V).real
            total[k] += 2.0 * signal * np.cos(2.0 * second - first) / count**2
    coupling = abs(states[:, 0].conj() @ V @ states[:, 1])
    gap = levels[1] - levels[0]
    shape = _two_pulses(gap - _CARRIER, coupling, _DURATIONS)
    phase = gap * (_READ - _GAP) + _CARRIER * (_DURATIONS[1] - _DURATIONS[0])
    closed = -(weights[0] - weights[1]) * (shape * np.exp(1j * phase)).imag
    return {"levels": [float(x) for x in levels], "coupling": float(coupling), "exact": [float(x) for x in total],
            "doublet": [float(x) for x in closed]}  # fmt: skip


def couplings():
    """<|A01|^2>/(p1 F0)^2 over asymmetries with D = 1 and directions of the field, rescaled D0 = 1000, by D0 phi."""
    rows, corners = [], 2.0 * pi * np.arange(3) / 3.0
    for flux in (0.0, 0.5, 1.0, 3.0):
        total, turns = 0.0, 2.0 * pi * (np.arange(24) + 0.1) / 24
        for turn in turns:
            states = np.linalg.eigh(_ring(np.cos(corners - turn), 0.5 * 3.0**0.5 * 1000.0, flux / 1000.0))[1]
            for direction in turns:
                total += abs(np.sum(np.cos(corners - direction) * states[:, 0].conj() * states[:, 1])) ** 2
        rows.append([flux, float(2.0 / 3.0 * total / 24**2)])
    return {"rows": rows}


def relaxation():
    """Echo after tau over that after none: Lindblad equation, T1 = 7, E/kT = 1.3, pi/2 and pi pulses without length."""
    down = 1.0 / (1.0 + np.exp(-1.3)) / 7.0
    lower = np.array([[0, 0], [1, 0]], complex)  # excited first
    free = np.diag([1.15, -1.15]).astype(complex)
    one = np.eye(2)
    L = -1j * (np.kron(free, one) - np.kron(one, free.T))
    for jump, rate in ((lower, down), (lower.T, down * np.exp(-1.3))):
        both = jump.conj().T @ jump
        L += rate * (np.kron(jump, jump.conj()) - 0.5 * np.kron(both, one) - 0.5 * np.kron(one, both.T))
    values, vectors = np.linalg.eig(L)
    inverse = np.linalg.inv(vectors)

    def amplitude(time):
        wait = (vectors * np.exp(values * time)) @ inverse
        rho = np.diag([np.exp(-1.3), 1.0]).astype(complex) / (1.0 + np.exp(-1.3))
        for angle in (0.25 * pi, 0.5 * pi):
            U = np.array([[np.cos(angle), -1j * np.sin(angle)], [-1j * np.sin(angle), np.cos(angle)]])
            rho = (wait @ (U @ rho @ U.conj().T).ravel()).reshape(2, 2)
        return abs(rho[0, 1])

    return {"rows": [[tau, float(amplitude(tau) / amplitude(0.0))] for tau in (1.0, 3.0, 6.0)]}
