"""Levels of three and four wells on a ring with flux, of clusters of particles, and their response: mpmath matrices."""

from itertools import combinations, product

import numpy as np
from mpmath import conj, cos, cosh, eigh, exp, expj, mp, mpf, pi, quad, sqrt, tanh
from tools.reference.constants import BOHR_MAGNETON, BOLTZMANN, PLANCK

mp.dps = 30
_WELLS, _HOPPING, _FLUX, _T = ("0.03", "-0.01", "-0.02"), mpf(2), mpf("0.05"), mpf("0.05")
_DIPOLES = (1, mpf("-0.5"), mpf("-0.5"))


def _ring(energies, hopping, phase):
    """002 Eq. 6: wells on the diagonal, H12 = H23 = H31 = D0 e^(i phi/3); for four wells e^(i phi/4)."""
    n = len(energies)
    H = mp.matrix(n, n)
    for i in range(n):
        H[i, i] += mpf(energies[i])
        H[i, (i + 1) % n] += hopping * expj(mpf(phase) / n)
        H[(i + 1) % n, i] += hopping * expj(-mpf(phase) / n)
    return H


def _levels(H):
    return [float(level) for level in eigh(H, eigvals_only=True)]


def three_wells():
    """Wells (0.3, -0.1, -0.2), D0 = 1, phi = 0.7; gaps for D = 0.3, D0 = 1 (rescaled), phi = 0.5 at three angles."""
    levels = eigh(_ring(("0.3", "-0.1", "-0.2"), mpf(1), "0.7"), eigvals_only=True)
    gaps = []
    for quarter in (0, 1, 2):
        psi = quarter * pi / 2
        wells = [mpf("0.3") * cos((psi + 2 * pi * i) / 3) for i in range(3)]
        low, middle, _ = eigh(_ring(wells, sqrt(mpf(3)) / 2, "0.5"), eigvals_only=True)
        gaps.append([float(psi), float(middle - low)])
    squares = mpf("0.3") ** 2 + mpf("0.1") ** 2 + mpf("0.2") ** 2
    linear = sqrt(2 * squares / 3 + (2 / sqrt(mpf(3)) * mpf("0.7")) ** 2)  # rescaled D and D0
    return {"levels": [float(x) for x in levels], "gap": float(levels[1] - levels[0]), "linear_gap": float(linear),
            "gaps": gaps}  # fmt: skip


def four_wells():
    """Square of wells (0.01, -0.02, 0.015, -0.005), side hopping D1 e^(i phi/4), diagonal D2 cos(phi/2), phi = 0.4;
    for the first, the roots of the characteristic polynomial without its odd term and E1 E2 E3 E4 [004 Eq. 38].
    """
    rows = []
    for side, diagonal in ((1, 0), (0, 1), (1, mpf("0.1"))):
        H = _ring(("0.01", "-0.02", "0.015", "-0.005"), mpf(side), "0.4")
        for i, j in ((0, 2), (1, 3)):
            H[i, j] += mpf(diagonal) * cos(mpf("0.2"))  # mean of the two ways around the square
            H[j, i] += mpf(diagonal) * cos(mpf("0.2"))
        rows.append([float(side), float(diagonal), *_levels(H)])
    E, phase = [mpf(e) for e in ("0.01", "-0.02", "0.015", "-0.005")], mpf("0.4")
    sides = _ring(E, mpf(1), phase)
    square = sum(level**2 for level in eigh(sides, eigvals_only=True)) / 2
    truncated = mp.polyroots([mp.det(sides).real - E[0] * E[1] * E[2] * E[3], 0, -square, 0, 1], asc=True)
    return {"rows": rows, "printed_sides": sorted(float(root.real) for root in truncated)}


def clusters():
    """Splitting of N particles that each sit left or right, t = 1, and attract by U = 10 on one side: 2^N states."""
    rows = []
    for count in (2, 3, 4):
        states = list(product((0, 1), repeat=count))
        H = np.zeros((len(states), len(states)))
        for a, one in enumerate(states):
            H[a, a] = -10.0 * sum(i == j for i, j in combinations(one, 2))
            for b, two in enumerate(states):
                H[a, b] += sum(i != j for i, j in zip(one, two, strict=True)) == 1
        low, next_one = np.linalg.eigvalsh(H)[:2]
        rows.append([count, float(next_one - low)])
    return {"rows": rows}


def ring_response():
    """Dipoles (1, -1/2, -1/2) on wells (0.03, -0.01, -0.02), D0 = 2, phi = 0.05, T = 0.05: perturbation theory."""
    energies, vectors = eigh(_ring(_WELLS, _HOPPING, _FLUX))
    dipole = [[sum(conj(vectors[i, n]) * _DIPOLES[i] * vectors[i, m] for i in range(3)) for m in range(3)]
              for n in range(3)]  # fmt: skip
    weights = [exp(-(e - energies[0]) / _T) for e in energies]
    p = [w / sum(weights) for w in weights]
    pairs = [(0, 1), (0, 2), (1, 2)]
    strength = {(a, b): abs(dipole[a][b]) ** 2 for a, b in pairs}

    def line(a, b, omega, width):
        gap = energies[b] - energies[a]
        return strength[a, b] * (p[a] - p[b]) * (1 / (gap - omega - 1j * width) + 1 / (gap + omega + 1j * width))

    diagonal = [dipole[n][n].real for n in range(3)]
    mean = sum(p[n] * diagonal[n] for n in range(3))
    static = sum(p[n] * (diagonal[n] - mean) ** 2 for n in range(3)) / _T
    curve = mp.diff(lambda field: -_T * mp.log(sum(
        exp(-(e - energies[0]) / _T)
        for e in eigh(_ring([mpf(w) - field * d for w, d in zip(_WELLS, _DIPOLES, strict=True)], _HOPPING, _FLUX),
                      eigvals_only=True))), 0, 2, h=mpf("1e-8"))  # fmt: skip
    return {
        "levels": [float(e) for e in energies], "gap": float(energies[1] - energies[0]),
        "strengths": [float(strength[pair]) for pair in pairs], "diagonal": [float(x) for x in diagonal],
        "lowest_pair": float(line(0, 1, 0, 0).real), "all_pairs": float(sum(line(a, b, 0, 0).real for a, b in pairs)),
        "static": float(static), "driven": complex(sum(line(a, b, mpf("0.03"), mpf("0.002")) for a, b in pairs)),
        "relaxed": _relaxed(energies, diagonal, p), "curvature": float(curve),
    }


def _relaxed(energies, diagonal, p):
    """Rate equation dp/dt = W p with down rates 1e-3, 2e-3, 3e-3 and detailed balance, driven at omega = 1e-3."""
    down = {(1, 0): mpf("1e-3"), (2, 0): mpf("2e-3"), (2, 1): mpf("3e-3")}
    W = mp.matrix(3, 3)
    for (high, low), rate in down.items():
        up = rate * exp(-(energies[high] - energies[low]) / _T)
        for start, end, each in ((high, low, rate), (low, high, up)):
            W[end, start] += each
            W[start, start] -= each
    mean = sum(p[n] * diagonal[n] for n in range(3))
    drive = mp.matrix([p[n] * (diagonal[n] - mean) / _T for n in range(3)])  # change of the equilibrium per field
    # (-i omega - W) dp = -W (change of equilibrium)
    answer = mp.lu_solve(-1j * mpf("1e-3") * mp.eye(3) - W, -W * drive)
    return complex(sum(diagonal[n] * answer[n] for n in range(3)))


def ring_doublet():
    """The two-level form of the same ring: rescaled D and D0, dipoles along the field."""
    wells = [sqrt(mpf(2) / 3) * mpf(w) for w in _WELLS]
    D, u = sqrt(sum(w**2 for w in wells)), 2 / sqrt(mpf(3)) * _HOPPING * _FLUX
    gap = sqrt(D**2 + u**2)
    along = sum(w * d for w, d in zip(wells, _DIPOLES, strict=True)) ** 2 / gap**2 / 6
    across = sum(mpf(d) ** 2 for d in _DIPOLES) / 6 - along
    return {"gap": float(gap), "resonant": float(2 * across * tanh(gap / (2 * _T)) / gap),
            "relaxational": float(along / cosh(gap / (2 * _T)) ** 2 / _T)}  # fmt: skip


def iron_oxygen_center():
    """Heat capacity in k_B of a two-level system with gap g V averaged over 4 V^2/V0^3 e^(-2V/V0), V0 = 0.42 K."""
    rows = []
    for name, gap in (("printed", mpf("1.25")), ("corrected", mpf("2.5"))):
        for T in (mpf("0.1"), mpf("0.5")):
            scale = mpf("0.42")

            def integrand(V, gap=gap, T=T, scale=scale):
                x = gap * V / T
                return 4 * V**2 / scale**3 * exp(-2 * V / scale) * (x / 2 / cosh(x / 2)) ** 2

            rows.append([name, float(T), float(quad(integrand, [0, 0.01, 0.1, 0.4, 1, 2, 4, 8, 20]))])
    return {"rows": rows}


def quantum():
    """h f/k_B of one gigahertz in kelvin."""
    return {"kelvin_per_gigahertz": float(PLANCK * 10**9 / BOLTZMANN)}


def free_ions():
    """Spins of 2 and 5/2, g = 2, by their levels: Brillouin function and heat capacity in k_B with steps of
    1.3 T; moments of Fe2+ and Fe3+ in Bohr magnetons at 2 T and 4.5 K.
    """
    def sums(J, step):
        m = [-mpf(J) + k for k in range(int(2 * J) + 1)]
        Z = sum(exp(step * k) for k in m)
        mean = sum(k * exp(step * k) for k in m) / Z
        return mean, step**2 * (sum(k**2 * exp(step * k) for k in m) / Z - mean**2)

    spins, step = (mpf(2), mpf("2.5")), 4 * BOHR_MAGNETON / (BOLTZMANN * mpf("4.5"))
    return {
        "brillouin": [[float(J), float(sums(J, mpf("1.3"))[0] / J)] for J in spins],
        "schottky": [[float(J), float(sums(J, mpf("1.3"))[1])] for J in spins],
        "moments": [[name, float(2 * sums(J, step)[0])] for name, J in zip(("Fe2+", "Fe3+"), spins, strict=True)],
    }
