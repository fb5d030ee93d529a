"""Levels and paths in plane and space potentials with wells: sinc functions on a cubic grid, Lanczos iteration.

Units of `tools.reference.triple_wells`, whose potential this is too. Square: V = c (1 - 2 r^2 + (1 + s - s cos 4 theta)
r^4), 1 on the diagonals. Tetrahedron: the profile of the triple well along [111], the saddles on the cube axes at 1.
"""

import math
from itertools import pairwise

import numpy as np
from scipy.optimize import minimize
from scipy.sparse.linalg import LinearOperator, eigsh
from tools.reference.triple_wells import _potential as triple


def _square(shape, x, y):
    center, fourth = (1.0 + 2.0 * shape) / (2.0 * shape), x**4 - 6.0 * x**2 * y**2 + y**4
    square = x**2 + y**2
    return center * (1.0 - 2.0 * square + (1.0 + shape) * square**2 - shape * fourth)


def _tetrahedron(shape, x, y, z):
    saddle, square = (4.0 - shape) / (2.0 * (shape + 2.0)), x**2 + y**2 + z**2
    form = -2.0 * saddle * square + 4.0 / 3.0 * (saddle - 1.0) * 3.0 * math.sqrt(3.0) * x * y * z + square**2
    lowest = -2.0 * saddle + 4.0 / 3.0 * (saddle - 1.0) + 1.0
    return (form - lowest) / (-(saddle**2) - lowest)


def _axis(half_width, points):
    """Points, -d^2/dx^2 and d/dx in sinc functions."""
    x = np.linspace(-half_width, half_width, points)
    step = x[1] - x[0]
    n = np.subtract.outer(np.arange(points), np.arange(points))
    sign, safe = np.where(n % 2 == 0, 1.0, -1.0), np.where(n == 0, 1, n)
    second = np.where(n == 0, np.pi**2 / 3.0, 2.0 * sign / safe**2) / step**2
    return x, second, np.where(n == 0, 0.0, sign / safe) / step


def _states(potential, dimension, quantum, count, half_width, points, field=0.0):
    """Lowest levels and states (flat, in columns) of (k^2/2) p^2 + V, with a field along the last axis of three."""
    x, second, first = _axis(half_width, points)
    axes = np.meshgrid(*[x] * dimension, indexing="ij")
    shape = (points,) * dimension
    diagonal = potential(*axes) + 0.125 * (quantum * field) ** 2 * (axes[0] ** 2 + axes[1] ** 2)

    def along(matrix, psi, axis):
        return np.moveaxis(np.tensordot(matrix, psi, (1, axis)), 0, axis)

    def apply(vector):
        psi = vector.reshape(shape)
        out = 0.5 * quantum**2 * sum(along(second, psi, axis) for axis in range(dimension)) + diagonal * psi
        if field:
            out = out + 0.5j * quantum**2 * field * (axes[0] * along(first, psi, 1) - axes[1] * along(first, psi, 0))
        return out.ravel()

    kind = complex if field else float
    operator = LinearOperator((points**dimension,) * 2, matvec=apply, dtype=kind)
    weights = (0.1, -0.05, 0.03)[:dimension]
    start = np.exp(-sum(a**2 for a in axes) / 2.0 - sum(w * a for w, a in zip(weights, axes, strict=True)))
    levels, states = eigsh(operator, k=count, which="SA", v0=start.ravel().astype(kind), ncv=60, tol=1e-13)
    order = np.argsort(levels)
    return levels[order], states[:, order], axes


def tilted():
    """Triple well, s = 1, k = 0.2: center of the state of one well (the sum of the three lowest states that are even
    about its axis, its phases the same there), and the two gaps with the energy F . r, |F| = 0.02 at 0.3 rad.
    """
    _, states, (x, y) = _states(lambda x, y: triple(1.0, x, y), 2, 0.2, 3, 2.2, 67)
    pair = states[:, 1:] * np.sign(y.ravel())[:, None]  # the odd one of the pair has an odd overlap
    odd = pair.T @ np.exp(-((x.ravel() + 0.5) ** 2)) / np.linalg.norm(pair.T @ np.exp(-((x.ravel() + 0.5) ** 2)))
    even = states[:, 1:] @ np.array([odd[1], -odd[0]])
    at_well = np.argmin((x - 1.0) ** 2 + y**2)
    single, even = (state * np.sign(state[at_well]) for state in (states[:, 0], even))
    well = (single + math.sqrt(2.0) * even) / math.sqrt(3.0)
    force = 0.02 * np.array([math.cos(0.3), math.sin(0.3)])
    levels = _states(lambda x, y: triple(1.0, x, y) + force[0] * x + force[1] * y, 2, 0.2, 3, 2.2, 67)[0]
    return {"center": float(well**2 @ x.ravel()), "gaps": [float(level - levels[0]) for level in levels[1:]]}


def squares():
    """s, k, amplitudes along a side and along a diagonal of the four lowest levels E0, E1 = E-1, E2 of the square."""
    rows = []
    for shape, quantum in ((0.5, 0.3), (0.5, 0.2), (1.0, 0.3), (1.0, 0.2), (2.0, 0.3), (2.0, 0.2)):
        e = _states(lambda x, y, s=shape: _square(s, x, y), 2, quantum, 4, 2.2, 67)[0]
        rows.append([shape, quantum, float(e[0] - e[3]) / 4.0, float(e[0] + e[3] - e[1] - e[2]) / 4.0])
    return {"rows": rows}


def tetrahedra():
    """Tetrahedron, s = 1: the lowest levels at k = 0.3 and 0.2, equal ones once (single, triplet, next), and four at
    k = 0.3 with b = 0.1 along a cube axis; grids of 28^3 and 32^3 points.
    """
    def well(x, y, z):
        return _tetrahedron(1.0, x, y, z)

    low, high = _states(well, 3, 0.3, 4, 2.2, 28)[0], _states(well, 3, 0.2, 4, 2.0, 32)[0]
    in_field = _states(well, 3, 0.3, 4, 2.2, 28, 0.1)[0]
    return {"low_barrier": _distinct(low), "high_barrier": _distinct(high), "in_field": _distinct(in_field)}


def _distinct(levels):
    """One vector to start from finds one or more of equal levels, by rounding."""
    return [float(level) for level in levels[np.append(True, np.diff(levels) > 1e-7)]]


def two_sheets():
    """p^2/2 + r^2/2 on two sheets coupled by k z + (g/2) z*^2, z = x + i y, k = 2: g, the lowest pair and the single
    level, a third of their difference, and the next level. A grid with two components.
    """
    points, rows = 56, []
    axis, second, _ = _axis(9.5, points)
    x, y = np.meshgrid(axis, axis, indexing="ij")
    z, diagonal = x + 1j * y, 0.5 * (x**2 + y**2)
    for warping in (0.2, 0.3):
        coupling = 2.0 * z + 0.5 * warping * z.conj() ** 2

        def apply(vector, coupling=coupling):
            upper, lower = vector.reshape(2, points, points)
            plain = [0.5 * (second @ psi + psi @ second) + diagonal * psi for psi in (upper, lower)]
            return np.concatenate([(plain[0] + coupling * lower).ravel(), (plain[1] + coupling.conj() * upper).ravel()])

        operator = LinearOperator((2 * points**2,) * 2, matvec=apply, dtype=complex)
        start = np.exp(-diagonal - 0.3 * x + 0.2 * y).ravel() * (1.0 + 0.3j)
        e = np.sort(eigsh(operator, k=5, which="SA", v0=np.concatenate([start, -0.7 * start]), ncv=60, tol=1e-13,
                          return_eigenvectors=False))  # fmt: skip
        rows.append([warping, float(e[0]), float(e[2]), float(e[2] - e[0]) / 3.0, float(e[3])])
    return {"rows": rows}


def least_actions():
    """Triple well: s, the least integral of sqrt(2 V) ds between two wells, area of the loop of three such paths over
    that of the triangle. Paths y(x) along a side, y a polynomial, symmetric and zero at the wells.
    """
    rows = []
    for shape in (0.5, 1.0, 2.0, 3.0):
        best = np.zeros(0)
        for size in (2, 4, 6, 8, 10):
            start = np.append(best, np.zeros(size - len(best)))
            best = minimize(_action, start, args=(shape,), method="BFGS", options={"gtol": 1e-9}).x
        x, weights = _gauss()
        outward = float(weights @ _bulge(best, x)[0]) * 0.75  # between the side and the path
        triangle = 3.0 * math.sqrt(3.0) / 4.0
        rows.append([shape, float(_action(best, shape)), 1.0 + 3.0 * outward / triangle])
    return {"rows": rows}


def _gauss():
    """Nodes and weights over -1 ... 1 in pieces that are finer towards the wells."""
    nodes, weights = np.polynomial.legendre.leggauss(16)
    ends = np.concatenate([[-1.0, -0.99, -0.9], np.linspace(-0.6, 0.6, 7), [0.9, 0.99, 1.0]])
    pieces = [(0.5 * (a + b) + 0.5 * (b - a) * nodes, 0.5 * (b - a) * weights) for a, b in pairwise(ends)]
    return tuple(np.concatenate(each) for each in zip(*pieces, strict=True))


def _bulge(coefficients, x):
    """Height outside the side and its slope, per half a side."""
    series = np.polynomial.polynomial.Polynomial([1.0, 0.0, -1.0]) * np.polynomial.polynomial.Polynomial(
        np.ravel(np.column_stack([coefficients, np.zeros(len(coefficients))])))
    return series(x), series.deriv()(x)


def _action(coefficients, shape):
    """Wells at +-60 degrees: the side lies at x = 1/2, outside it is to the right."""
    along, weights = _gauss()
    half = math.sqrt(3.0) / 2.0
    height, slope = _bulge(coefficients, along)
    values = np.maximum(triple(shape, -(0.5 + height * half), along * half), 0.0)  # saddle opposite to a well
    return float(weights @ (np.sqrt(2.0 * values) * np.sqrt(1.0 + slope**2)) * half)
