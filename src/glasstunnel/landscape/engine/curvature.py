"""Second derivatives: analytic for pair potentials, central differences of the forces for everything else."""

import numpy as np

from glasstunnel.landscape.engine.compile import kernel
from glasstunnel.landscape.engine.field import LENNARD_JONES, SURFACE, evaluate, list_is_old, rebuild, separation


@kernel
def pair_derivatives(field, pair, r2):
    """First and second derivative of a pair energy by u = r^2."""
    if field.form == LENNARD_JONES:
        depth, sigma, c1 = field.coefficients[pair, 0], field.coefficients[pair, 1], field.coefficients[pair, 3]
        c2, c4 = field.coefficients[pair, 4], field.coefficients[pair, 5]
        u = r2 / (sigma * sigma)
        six = 1.0 / (u * u * u)
        first = -3.0 * six * (2.0 * six - 1.0) / u + c2 + 2.0 * c4 * u + 0.5 * c1 / np.sqrt(u)
        second = six * (42.0 * six - 12.0) / (u * u) + 2.0 * c4 - 0.25 * c1 / (u * np.sqrt(u))
        return depth * first / sigma**2, depth * second / sigma**4
    start, width = field.grid[pair, 0], field.grid[pair, 1]
    at = max(0, min(int((r2 - start) / width), field.table.shape[1] - 1))
    t = r2 - start - at * width
    a, b, c = field.table[pair, at, 0], field.table[pair, at, 1], field.table[pair, at, 2]
    return (3.0 * a * t + 2.0 * b) * t + c, 6.0 * a * t + 2.0 * b


@kernel
def squared_distance(field, a, b, d):
    """r^2 of two atoms; fills d with the shortest vector from b to a."""
    for k in range(3):
        d[k] = separation(field.box[k], a[k] - b[k])
    return d[0] * d[0] + d[1] * d[1] + d[2] * d[2]


@kernel
def close_pairs(field, slot, x):
    """Pairs within their cutoffs: atoms (n, 2), vectors (n, 3) from the second to the first, and first and second
    derivatives (n, 2) of their energies by r^2."""
    if list_is_old(field, slot, x):
        rebuild(field, slot, x)
    most, found = np.sum(field.counts[slot]), 0
    atoms, vectors, derivatives = np.empty((most, 2), np.int64), np.empty((most, 3)), np.empty((most, 2))
    for pair in range(field.counts.shape[1]):
        for n in range(field.counts[slot, pair]):
            i, j = field.first[slot, pair, n], field.second[slot, pair, n]
            r2 = squared_distance(field, x[i], x[j], vectors[found])
            if r2 < field.coefficients[pair, 6]:
                atoms[found, 0], atoms[found, 1] = i, j
                derivatives[found, 0], derivatives[found, 1] = pair_derivatives(field, pair, r2)
                found += 1
    return atoms[:found], vectors[:found], derivatives[:found]


@kernel
def pair_hessian(field, slot, x, matrix):
    """Analytic Hessian (3 atoms, 3 atoms) of a pair potential."""
    matrix[:] = 0.0
    atoms, vectors, derivatives = close_pairs(field, slot, x)
    for n in range(len(atoms)):
        i, j, d, first, second = atoms[n, 0], atoms[n, 1], vectors[n], derivatives[n, 0], derivatives[n, 1]
        for k in range(3):
            for l in range(3):
                value = 4.0 * second * d[k] * d[l] + (2.0 * first if k == l else 0.0)
                matrix[3 * i + k, 3 * i + l] += value
                matrix[3 * j + k, 3 * j + l] += value
                matrix[3 * i + k, 3 * j + l] -= value
                matrix[3 * j + k, 3 * i + l] -= value


@kernel
def pair_strain(field, slot, x, tensor):
    """Derivative of the energy by a homogeneous strain of atoms and box, added to `tensor` (3, 3)."""
    _, vectors, derivatives = close_pairs(field, slot, x)
    for n in range(len(vectors)):
        for k in range(3):
            for l in range(3):
                tensor[k, l] += 2.0 * derivatives[n, 0] * vectors[n, k] * vectors[n, l]


@kernel
def numerical_hessian(field, slot, x, matrix, step):
    """Hessian from central differences of the forces, made symmetric."""
    moved, up, down = x.copy(), np.empty_like(x), np.empty_like(x)
    for i in range(x.shape[0]):
        for k in range(3):
            moved[i, k] = x[i, k] + step
            evaluate(field, slot, moved, up)
            moved[i, k] = x[i, k] - step
            evaluate(field, slot, moved, down)
            moved[i, k] = x[i, k]
            for j in range(x.shape[0]):
                for l in range(3):
                    matrix[3 * i + k, 3 * j + l] = (down[j, l] - up[j, l]) / (2.0 * step)
    for m in range(3 * x.shape[0]):
        for n in range(m):
            mean = 0.5 * (matrix[m, n] + matrix[n, m])
            matrix[m, n] = mean
            matrix[n, m] = mean


@kernel
def hessian(field, slot, x, matrix):
    """Fill `matrix` with the second derivatives at x."""
    if field.form == SURFACE:
        numerical_hessian(field, slot, x, matrix, 1e-5)
    else:
        pair_hessian(field, slot, x, matrix)
