"""Levels in three wells around a center: sinc functions on a square grid, lowest levels by Lanczos iteration.

Lengths in the radius of the wells, energies in the barrier: H = (k^2/2)[(px + b y/2)^2 + (py - b x/2)^2] + V with
V = c0 + c2 r^2 - beta r^3 cos 3 theta + c4 r^4, V = 0 in the wells at r = 1, V = 1 in the saddles at
r = (4 - s)/(2 (s + 2)) opposite to them; k = hbar/(a sqrt(M V0)), b = q B a^2/hbar.
"""

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh


def _potential(shape, x, y):
    """The slope along a well is proportional to r (r - 1)(r + saddle)."""
    saddle = (4.0 - shape) / (2.0 * (shape + 2.0))

    def profile(square, cube, fourth):
        return -2.0 * saddle * square + 4.0 / 3.0 * (saddle - 1.0) * cube + fourth

    lowest, highest = profile(1.0, 1.0, 1.0), profile(saddle**2, -(saddle**3), saddle**4)
    square, cube = x**2 + y**2, x**3 - 3.0 * x * y**2
    return (profile(square, cube, square**2) - lowest) / (highest - lowest)


def _levels(shape, quantum, field=0.0, count=4):
    half_width, points = (2.8, 65) if quantum > 0.25 else (2.2, 67)
    x = np.linspace(-half_width, half_width, points)
    step = x[1] - x[0]
    n = np.subtract.outer(np.arange(points), np.arange(points))
    sign, safe = np.where(n % 2 == 0, 1.0, -1.0), np.where(n == 0, 1, n)
    second = np.where(n == 0, np.pi**2 / 3.0, 2.0 * sign / safe**2) / step**2  # p^2
    first = np.where(n == 0, 0.0, sign / safe) / step  # d/dx
    X, Y = np.meshgrid(x, x, indexing="ij")
    diagonal = _potential(shape, X, Y) + 0.125 * (quantum * field) ** 2 * (X**2 + Y**2)

    def apply(vector):
        psi = vector.reshape(points, points)
        out = 0.5 * quantum**2 * (second @ psi + psi @ second) + diagonal * psi
        if field:  # -(k^2 b/2) Lz, Lz = -i (x d/dy - y d/dx)
            out = out + 0.5j * quantum**2 * field * (X * (psi @ first.T) - Y * (first @ psi))
        return out.ravel()

    kind = complex if field else float
    operator = LinearOperator((points**2, points**2), matvec=apply, dtype=kind)
    start = np.exp(-(X**2 + Y**2) / 2.0 - 0.1 * X + 0.05 * Y).ravel().astype(kind)
    return np.sort(eigsh(operator, k=count, which="SA", v0=start, ncv=80, tol=1e-14, return_eigenvectors=False))


def still():
    """Shape s, k: the four lowest levels without a field (single, doublet, next) and the amplitude between two wells,
    a third of the single level less the doublet.
    """
    rows = []
    for shape, quantum in ((0.5, 0.3), (0.5, 0.1), (1.0, 0.3), (1.0, 0.2), (1.0, 0.15), (1.0, 0.1), (2.0, 0.2),
                           (3.0, 0.2)):  # fmt: skip
        levels = _levels(shape, quantum)
        amplitude = (levels[0] - 0.5 * (levels[1] + levels[2])) / 3.0
        rows.append([shape, quantum, *(float(level) for level in levels), float(amplitude)])
    return {"rows": rows}


def in_field():
    """k: the three lowest levels at s = 1, b = 2."""
    return {"rows": [[k, [float(level) for level in _levels(1.0, k, 2.0, 3)]] for k in (0.3, 0.2)]}
