"""Echoes of one transition, of nuclei on tunneling systems, and the papers' integrated echo: direct propagation."""

from math import pi

import numpy as np
from mpmath import cos, exp, mp, mpf

mp.dps = 25


def _exponential(H, time):
    levels, states = np.linalg.eigh(H)
    return (states * np.exp(-1j * levels * time)) @ states.conj().T


def _pathway(rabi, detuning, durations, gaps, signs):
    """rho_eg after the sequence, projected on powers of the pulse phases by repeating it over eight phases."""
    count, total = 8, 0.0
    free = np.diag([0.5 * detuning, -0.5 * detuning]).astype(complex)
    for index in np.ndindex(*(count,) * len(durations)):
        rho = np.diag([0.1, 0.9]).astype(complex)  # inversion -0.8
        for k, duration, gap in zip(index, durations, gaps, strict=True):
            phase = np.exp(-2j * np.pi * k / count)
            U = _exponential(free, gap) @ _exponential(
                free + 0.5 * rabi * np.array([[0, phase], [np.conj(phase), 0]]), duration)
            rho = U @ rho @ U.conj().T
        total += rho[0, 1] * np.exp(2j * np.pi / count * np.dot(signs, index))
    return complex(total / count ** len(durations))


def doublet():
    """Rotating-frame density matrix of one transition, inversion -0.8, waiting time 5, read 5.3 after the last pulse:
    (Omega, z, tau1, tau2) of two pulses; three pulses of 0.6, 0.9, 1.1 at Omega = 1, z = 0.7.
    """
    cases = [(1.0, 0.7, 0.6, 1.2), (1.0, -2.3, 0.6, 1.2), (1.0, 3.0, pi / 2, pi), (1.0, 0.0, 0.6, 1.2),
             (0.4, -1.1, 1.0, 2.0)]  # fmt: skip
    rows = [[*case, _pathway(case[0], case[1], case[2:], (5.0, 5.3), (-1, 2))] for case in cases]
    return {"two_pulses": rows, "three_pulses": _pathway(1.0, 0.7, (0.6, 0.9, 1.1), (5.0, 9.0, 5.3), (-1, 1, 1))}


_DIRECTION = np.array([0.3, -0.5, 0.8]) / np.linalg.norm([0.3, -0.5, 0.8])
_CASES = {"first": (1.5, 0.3, 0.2, 0.4, 0.6), "second": (2.5, 0.05, 0.1, 0.5, 0.7), "third": (1.0, 0.26, 0.0, 0.6, 0.5)}


def _spin(I):
    m = I - np.arange(int(2 * I) + 1)
    plus = np.diag(np.sqrt(I * (I + 1) - m[1:] * (m[1:] + 1)), 1)
    return 0.5 * (plus + plus.T), -0.5j * (plus - plus.T), np.diag(m)


def _hamiltonians(case, larmor, direction=_DIRECTION):
    """Nuclear Hamiltonians with the tunneling system down and up: mean of the wells +- (Delta/E) half difference."""
    I, frequency, eta, angle, ratio = _CASES[case] if isinstance(case, str) else case
    x, y, z = _spin(I)
    wells = []
    for sign in (-0.5, 0.5):
        c, s = np.cos(sign * angle), np.sin(sign * angle)
        axis, side = s * x + c * z, c * x - s * z
        wells.append(frequency * (3.0 * axis @ axis - I * (I + 1) * np.eye(len(x)) + eta * (side @ side - y @ y)))
    zeeman = -larmor * sum(d * part for d, part in zip(direction, (x, y, z), strict=True))
    mean, half = 0.5 * (wells[0] + wells[1]) + zeeman, 0.5 * ratio * (wells[0] - wells[1])
    return mean + half, mean - half


def _two(case, larmor, tau, direction=_DIRECTION):
    down, up = (_exponential(H, tau) for H in _hamiltonians(case, larmor, direction))
    return complex(np.trace(down @ up @ down.conj().T @ up.conj().T) / len(down))


def _three(case, larmor, tau, wait):
    H = _hamiltonians(case, larmor)
    down, up = (_exponential(each, tau) for each in H)
    total = 0.0
    for each in H:
        pause = _exponential(each, wait)
        total += np.trace(down @ pause @ up @ down.conj().T @ pause.conj().T @ up.conj().T)
    return complex(total / (2 * len(down)))


def nuclei():
    """Tr[Ug Ue Ug+ Ue+]/N for three nuclei, Larmor vectors along (0.3, -0.5, 0.8); stimulated echo likewise; finite
    pulses of areas 0.6 and 1.2 on all levels together (first nucleus, waiting time 3.7).
    """
    finite = []
    for rabi in (1000.0, 100.0, 10.0, 3.0):
        finite.append([rabi, float((_finite("first", rabi) / _finite(None, rabi)).real)])
    return {
        "two": [["first", 0.7, 3.7, _two("first", 0.7, 3.7)], ["second", 0.9, 4.0, _two("second", 0.9, 4.0)],
                ["third", 0.0, 6.0, _two("third", 0.0, 6.0)]],
        "three": [["first", 0.7, 3.7, 5.1, _three("first", 0.7, 3.7, 5.1)],
                  ["second", 0.9, 4.0, 2.5, _three("second", 0.9, 4.0, 2.5)]],
        "finite_pulses": finite,
    }  # fmt: skip


def weak_coupling():
    """First nucleus, waiting time 3.7: mean of the two-pulse trace over all directions of the field; second order in
    H_e - H_g; loss 1 - A without field by (I, frequency, Delta/E, waiting time) at an angle of 0.01.
    """
    nodes, weights = np.polynomial.legendre.leggauss(24)
    mean = 0.0
    for c, weight in zip(nodes, weights, strict=True):
        for turn in 2.0 * pi * (np.arange(48) + 0.5) / 48:
            across = np.sqrt(1.0 - c**2)
            direction = across * np.cos(turn), across * np.sin(turn), c
            mean += 0.5 * weight / 48 * _two("first", 0.7, 3.7, direction).real
    down, up = _hamiltonians("first", 0.7)
    levels, states = np.linalg.eigh(0.5 * (down + up))
    change = np.abs(states.conj().T @ (up - down) @ states) ** 2
    sum_of_pairs = 0.0
    for m, n in np.ndindex(len(levels), len(levels)):
        if m != n:
            beat = levels[m] - levels[n]
            sum_of_pairs += change[m, n] * np.sin(0.5 * beat * 3.7) ** 4 / beat**2
    small = []
    for I, frequency, ratio, tau in ((1.5, 0.3, 0.6, 2.2), (1.0, 0.26, 0.5, 6.0)):
        small.append([I, frequency, ratio, tau, 1.0 - _two((I, frequency, 0.0, 0.01, ratio), 0.0, tau).real])
    return {"powder": float(mean), "second_order": float(1.0 - 8.0 / len(levels) * sum_of_pairs), "small_angles": small}


def _finite(case, rabi):
    down, up = _hamiltonians(case, 0.7) if case else (np.zeros((1, 1)), np.zeros((1, 1)))
    n, count, total = len(down), 4, 0.0
    free = np.zeros((2 * n, 2 * n), complex)
    free[:n, :n], free[n:, n:] = up, down
    wait = _exponential(free, 3.7)
    for i, j in np.ndindex(count, count):
        rho = np.kron(np.diag([0.5, -0.5]), np.eye(n)).astype(complex)
        for k, duration in ((i, 0.6 / rabi), (j, 1.2 / rabi)):
            phase = np.exp(-2j * np.pi * k / count)
            drive = np.kron(0.5 * rabi * np.array([[0, phase], [np.conj(phase), 0]]), np.eye(n))
            U = wait @ _exponential(free + drive, duration)
            rho = U @ rho @ U.conj().T
        total += np.trace(rho[:n, n:]) * np.exp(2j * np.pi / count * (2 * j - i))
    return total / count**2 / n


def decay():
    """I(a, b) = int_0^b cos(x)/(x^2 + a^2) dx; X = e^-a/2 + (a/pi) I(a, 2 tau offset), a = 2 tau/T2, at tau of
    0.5 to 10, for T2 and offset from the carrier.
    """
    pairs = [(1, 2), (0.5, 5), (3, 1.8), (2, 12), (10, 6), (4, 0.1)]
    edges = []
    for dephasing, offset in ((1.0, 0.6), (0.3, 0.6), (1.0, 2.0 * pi * 0.6)):
        row = []
        for time in (0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0):
            a = 2 * mpf(time) / mpf(dephasing)
            row.append(float(exp(-a) / 2 + a / mp.pi * _integral(a, 2 * mpf(time) * mpf(offset))))
        edges.append([dephasing, offset, row])
    return {"rows": [[float(a), float(b), float(_integral(mpf(a), mpf(b)))] for a, b in pairs], "edges": edges}


def _integral(a, b):
    return mp.quad(lambda x: cos(x) / (x**2 + a**2), mp.linspace(0, b, 3 + int(b)))
