"""Particles that tunnel together: matrices of the particles, one by one or as a large spin, and double wells.

Double wells: H = -(k^2/2) d^2/dx^2 + (x^2 - 1)^2, lengths in half the distance of the wells, energies in the barrier.
"""

from itertools import combinations, permutations, product

import numpy as np
from mpmath import conj, eigh, expj, findroot, mp, mpf, pcfd, pi, sqrt
from scipy.linalg import eigh as eigh_of_arrays

mp.dps = 30


def left_or_right():
    """N particles, each left or right with hopping t, attraction U for each pair on one side, as a spin N/2 whose
    even and odd half are tridiagonal: N, U N/(2 t), (E1 - E0)/(2 t), by bisection with 80 digits.
    """
    rows = [(200, "0.5"), (10, 1), (50, 1), (200, 1), (10, 2), (50, 2), (200, 2), (4, 20)]
    with mp.workdps(80):
        return {"rows": [[count, float(x), float(_gap(count, mpf(x)) / 2)] for count, x in rows]}


def _gap(count, x):
    spin, attraction = mpf(count) / 2, 2 * x / count
    links = {m: sqrt(spin * (spin + 1) - m * (m + 1)) for m in (spin - k for k in range(count + 1))}
    m = [spin - k for k in range(count // 2 + 1) if spin - k >= 0]  # down to 0 or 1/2
    diagonal, between = [-attraction * each**2 for each in m], [-links[each] for each in m[1:]]
    if count % 2 == 0:  # |m> + |-m> and |m> - |-m>: m = 0 is even
        even = diagonal, [*between[:-1], between[-1] * sqrt(2)]
        odd = diagonal[:-1], between[:-1]
    else:
        half = links[-mpf(1) / 2]
        even, odd = (([*diagonal[:-1], diagonal[-1] + sign * half], between) for sign in (-1, 1))
    return _lowest(*odd) - _lowest(*even)


def _lowest(diagonal, links):
    """Lowest eigenvalue of a tridiagonal matrix: below it all pivots of H - E are positive."""
    reach = 2 * max(map(abs, links), default=0)
    low, high = min(diagonal) - reach, min(diagonal) + reach
    while high - low > mpf(10) ** (6 - mp.dps) * max(abs(low), 1):
        middle = (low + high) / 2
        low, high = (middle, high) if _is_below(middle, diagonal, links) else (low, middle)
    return (low + high) / 2


def _is_below(energy, diagonal, links):
    pivot = diagonal[0] - energy
    for entry, link in zip(diagonal[1:], links, strict=True):
        if pivot <= 0:
            return False
        pivot = entry - energy - link**2 / pivot
    return pivot > 0


def in_three_wells():
    """N particles, each in one of three wells on a ring with flux, t = 1, attraction U for each pair in one well:
    N, U, the amplitude tau of the three states that are lowest for each rotation, and d arg(tau)/d(phi/3). In the 3^N
    states of the particles, made symmetric under exchange.
    """
    rows = []
    for count, attraction in ((2, 10), (3, 10), (4, 10), (2, 1000), (3, 1000)):
        still, turned = (_ring_amplitude(count, attraction, phase) for phase in (mpf(0), mpf("1e-6")))
        rows.append([count, attraction, float(still.real), abs(float(mp.arg(turned / still) / mpf("1e-6") * 3))])
    return {"rows": rows}


def _ring_amplitude(count, attraction, phase):
    levels = [_lowest_of_rotation(count, attraction, phase, turn) for turn in range(3)]
    return sum(level * expj(2 * pi * turn / 3) for turn, level in enumerate(levels)) / 3


def _lowest_of_rotation(count, attraction, phase, turn):
    """Lowest level of the states that gain e^(2 pi i turn/3) when every particle moves on by one well."""
    def rotated(state, by):
        return tuple((well + by) % 3 for well in state)

    vectors = []
    for start in sorted({min(tuple(sorted(rotated(s, k))) for k in range(3)) for s in product(range(3), repeat=count)}):
        vector = {}
        for k in range(3):
            for state in set(permutations(rotated(start, k))):
                vector[state] = vector.get(state, 0) + expj(-2 * pi * turn * k / 3)
        norm = sqrt(sum(abs(c) ** 2 for c in vector.values()))
        if norm > mpf("1e-20"):
            vectors.append({state: c / norm for state, c in vector.items()})
    H = mp.matrix(len(vectors), len(vectors))
    for b, vector in enumerate(vectors):
        moved = {}
        for state, c in vector.items():
            pairs = sum(i == j for i, j in combinations(state, 2))
            moved[state] = moved.get(state, 0) - attraction * pairs * c
            for particle, well in enumerate(state):
                for step in (1, -1):
                    other = (*state[:particle], (well + step) % 3, *state[particle + 1 :])
                    moved[other] = moved.get(other, 0) + c * expj(step * phase / 3)
        for a, other in enumerate(vectors):
            H[a, b] = sum(conj(c) * moved.get(state, 0) for state, c in other.items())
    return min(eigh(H, eigvals_only=True)) if len(vectors) > 1 else H[0, 0].real


def quartic_wells():
    """k and the splitting of one particle; N particles bound rigidly at k = 0.3: N, splitting with one barrier in
    common (mass N), and with a barrier each (mass N, height N). Power series at x = 0 with 100 digits that vanish at
    x = 2.8.
    """
    with mp.workdps(100):
        k = mpf("0.3")
        rigid = [[N, float(_quartic_gap(k / sqrt(N))), float(N * _quartic_gap(k / N))] for N in (2, 3)]
        one = [[float(each), float(_quartic_gap(each))] for each in (k, k * sqrt(2), mpf("0.2") * sqrt(2))]
        return {"single": one, "rigid": rigid}


def _quartic_gap(k):
    def end_of_parity(parity):
        def end(energy):
            a = [mpf(parity == 0), mpf(parity == 1)]
            for n in range(1200):
                before, fourth = (a[n - 2] if n >= 2 else 0), (a[n - 4] if n >= 4 else 0)
                a.append(2 / k**2 * ((1 - energy) * a[n] - 2 * before + fourth) / ((n + 1) * (n + 2)))
            value = mpf(0)
            for coefficient in reversed(a):
                value = value * mpf("2.8") + coefficient
            return value

        return end

    x = np.linspace(-3.0, 3.0, 241)  # finite differences to start from
    h, q = x[1] - x[0], float(k)
    matrix = np.diag(q**2 / h**2 + (x**2 - 1.0) ** 2) - 0.5 * q**2 / h**2 * (np.eye(241, k=1) + np.eye(241, k=-1))
    start = np.linalg.eigvalsh(matrix)[:2]
    even, odd = (findroot(end_of_parity(p), (start[p], start[p] * (1 + mpf("1e-3"))), verify=False) for p in (0, 1))
    return odd - even


def springs():
    """Two double wells, k = 0.3, with the energy K (x1 - x2)^2/2: K, splitting. Sinc functions on a square grid."""
    x = np.linspace(-2.2, 2.2, 38)
    h = x[1] - x[0]
    n = np.subtract.outer(np.arange(38), np.arange(38))
    second = np.where(n == 0, np.pi**2 / 3.0, 2.0 * (-1.0) ** n / np.where(n == 0, 1, n) ** 2) / h**2
    X, Y = np.meshgrid(x, x, indexing="ij")
    rows = []
    for spring in (1.0, 4.0, 16.0):
        potential = (X**2 - 1.0) ** 2 + (Y**2 - 1.0) ** 2 + 0.5 * spring * (X - Y) ** 2
        kinetic = 0.045 * (np.kron(second, np.eye(38)) + np.kron(np.eye(38), second))
        low, high = eigh_of_arrays(kinetic + np.diag(potential.ravel()), eigvals_only=True, subset_by_index=(0, 1))
        rows.append([spring, float(high - low)])
    return {"rows": rows}


def parabolas():
    """Two parabolas of height u (in the quantum of one): u, splitting by parabolic cylinder functions, its leading
    form sqrt(8 u/pi) e^(-2u), the splitting of the two ground states of one parabola (in numbers: <L|H|R> and <L|R>
    by quadrature), all in the quantum; and the height at which the leading forms of parabolas and of the quartic
    potential, 8 sqrt(2 u/pi) e^(-16 u/3), reach a splitting.
    """
    rows = []
    for u in (mpf(1), mpf(2), mpf(3), mpf(4)):
        leading = sqrt(8 * u / pi) * mp.exp(-2 * u)
        rows.append([float(u), float(_of_parabolas(u, leading / 2)), float(leading), float(_of_orbitals(u)),
                     float(_printed(u))])  # fmt: skip
    heights = [[float(s), float(_height(8 / pi, 2, s)), float(_height(128 / pi, mpf(16) / 3, s))]
               for s in (mpf("1e-3"), mpf("1e-6"))]  # fmt: skip
    return {"rows": rows, "heights": heights}


def _of_parabolas(u, start):
    x = -2 * sqrt(u)
    odd = findroot(lambda v: pcfd(v, x), (start, start * mpf("1.05")))
    even = findroot(lambda v: x / 2 * pcfd(v, x) - pcfd(v + 1, x), (-start, -start * mpf("0.95")))
    return odd - even


def _height(factor, action, small):
    """The u of sqrt(factor u) e^(-action u) = small beyond its maximum."""
    return findroot(lambda u: mp.log(factor * u) / 2 - action * u - mp.log(small), 10 / action)


def _elements(u):
    """<L|L>-normalized <L|R>, <L|H|L>, <L|H|R> of oscillator ground states about -d and d, V = (|x| - d)^2/2."""
    d = sqrt(2 * u)
    ends = [-14, -d, 0, d, 14]

    def orbital(x, c):
        return pi ** (-mpf(1) / 4) * mp.exp(-((x - c) ** 2) / 2)

    def element(a, b):  # -psi''/2 = (1 - (x - c)^2)/2 psi
        return mp.quad(lambda x: orbital(x, a) * orbital(x, b) * (1 - (x - b) ** 2 + (abs(x) - d) ** 2) / 2, ends)

    return mp.quad(lambda x: orbital(x, -d) * orbital(x, d), ends), element(-d, -d), element(-d, d)


def _of_orbitals(u):
    overlap, same, crossed = _elements(u)
    return (same - crossed) / (1 - overlap) - (same + crossed) / (1 + overlap)


def _printed(u):
    """002 Eq. 4 is <L|H|R> + <L|R>."""
    overlap, _, crossed = _elements(u)
    return crossed + overlap
