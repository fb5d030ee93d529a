"""Climb to a saddle: the softest direction by Lanczos on force differences, L-BFGS on the force inverted along it.

[G. Henkelman, H. Jonsson, J. Chem. Phys. 111, 7010 (1999); L. J. Munro, D. J. Wales, Phys. Rev. B 59, 3969 (1999)]
"""

import numpy as np

from glasstunnel.landscape.engine.compile import kernel
from glasstunnel.landscape.engine.field import evaluate
from glasstunnel.landscape.engine.minimization import empty_memory, newton_direction, remember
from glasstunnel.landscape.engine.records import Lanczos
from glasstunnel.landscape.engine.vectors import cap_length, combine, inner, largest, normalize, project_out, rescale

#: Which rigid motions are no displacement: nothing (external surface), translations (periodic box), both (cluster).
NOTHING, TRANSLATIONS, RIGID = 0, 1, 2
#: Near a saddle (largest force below `NEAR`) the softest direction hardly turns: it is kept for `KEPT` further steps.
NEAR, KEPT = 0.02, 4


@kernel
def mean_of(x, k):
    """Mean of coordinate k."""
    total = 0.0
    for i in range(x.shape[0]):
        total += x[i, k]
    return total / x.shape[0]


@kernel
def remove_rigid(vector, x, rigid):
    """Take translations, and for `rigid` 2 also rotations about the center, out of a displacement."""
    if rigid == NOTHING:
        return
    for k in range(3):
        shift = mean_of(vector, k)
        for i in range(x.shape[0]):
            vector[i, k] -= shift
    if rigid == TRANSLATIONS or x.shape[0] < 2:
        return
    axes = np.zeros((3, x.shape[0], 3))
    for k in range(3):
        a, b = (k + 1) % 3, (k + 2) % 3
        center_a, center_b = mean_of(x, a), mean_of(x, b)
        for i in range(x.shape[0]):
            axes[k, i, a] = center_b - x[i, b]
            axes[k, i, b] = x[i, a] - center_a
        for m in range(k):
            project_out(axes[k], axes[m])
        if normalize(axes[k]) > 1e-8:
            project_out(vector, axes[k])
        else:
            rescale(axes[k], axes[k], 0.0)


@kernel
def lowest_of_chain(diagonal, beside, vector):
    """Lowest eigenvalue of a symmetric tridiagonal matrix by bisection, its eigenvector by recursion (in place)."""
    size = diagonal.size
    low, high = diagonal[0], diagonal[0]
    for n in range(size):
        reach = (abs(beside[n - 1]) if n > 0 else 0.0) + (abs(beside[n]) if n < size - 1 else 0.0)
        low, high = min(low, diagonal[n] - reach), min(high, diagonal[n])
    high += 1e-12 + 1e-12 * abs(high)
    for _n in range(80):
        middle = 0.5 * (low + high)
        pivot, negative = 1.0, False
        for n in range(size):
            square = beside[n - 1] ** 2 if n > 0 else 0.0
            pivot = diagonal[n] - middle - square / pivot
            if pivot < 0.0:
                negative = True
                break
            pivot = max(pivot, 1e-300)
        if negative:
            high = middle
        else:
            low = middle
    value = 0.5 * (low + high)
    vector[0] = 1.0
    for n in range(size - 1):
        before = beside[n - 1] * vector[n - 1] if n > 0 else 0.0
        vector[n + 1] = ((value - diagonal[n]) * vector[n] - before) / beside[n]
    return value


@kernel
def soften(field, slot, x, forces, mode, lanczos):
    """Turn `mode` (in place, normalized) to the softest direction at x by Lanczos steps; returns its curvature.

    One force evaluation per iteration; `forces` are those at x.
    """
    step = 1e-5
    size = min(lanczos.iterations, 3 * x.shape[0])
    basis, diagonal, beside = np.zeros((size, x.shape[0], 3)), np.zeros(size), np.zeros(size)
    vector, there, point = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    rescale(vector, mode, 1.0)
    kept = 0
    for n in range(size):
        remove_rigid(vector, x, lanczos.rigid)
        for _twice in range(2):
            for m in range(kept):
                project_out(vector, basis[m])
        length = normalize(vector)
        if length < 1e-6:
            break
        if n > 0:
            beside[n - 1] = length
        rescale(basis[n], vector, 1.0)
        kept = n + 1
        combine(point, x, step, vector)
        evaluate(field, slot, point, there)
        combine(vector, forces, -1.0, there)
        rescale(vector, vector, 1.0 / step)
        diagonal[n] = inner(vector, basis[n])
    parts = np.zeros(kept)
    value = lowest_of_chain(diagonal[:kept], beside[:kept], parts)
    rescale(mode, mode, 0.0)
    for n in range(kept):
        combine(mode, mode, parts[n], basis[n])
    normalize(mode)
    return value


@kernel
def climb_dimer(field, slot, x, mode, climb):
    """Move x (in place) to a saddle, starting along `mode` (in place), as the `Climb` says.

    Returns (energy, curvature along the mode, largest force, force evaluations).
    """
    forces, effective, old = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    direction = np.empty_like(x)
    memory, cap = empty_memory(x), climb.cap
    energy, calls, first = evaluate(field, slot, x, forces), 1, True
    stored = calls - 1
    curvature, iterations, rest = 0.0, 12, 0
    while calls < climb.limit:
        worst = largest(forces)
        if rest == 0 or worst <= climb.tolerance:
            curvature = soften(field, slot, x, forces, mode, Lanczos(climb.rigid, iterations))
            calls += iterations
            iterations = 3
            rest = KEPT if curvature < 0.0 and worst < NEAR else 0
        else:
            rest -= 1
        if worst <= climb.tolerance and curvature < 0.0:
            break
        along = inner(forces, mode)
        if curvature < 0.0:
            combine(effective, forces, -2.0 * along, mode)
            if not first:
                stored = remember(memory, stored, direction, old, effective)
            stored = newton_direction(effective, memory, stored, direction)
            rescale(old, effective, 1.0)
            first = False
        else:
            first, stored = True, 0
            combine(effective, forces, -along, mode)
            rescale(direction, effective, 2e-3)
            cap_length(direction, cap)
            combine(direction, direction, (-1.0 if along > 0.0 else 1.0) * cap / largest(mode), mode)
        cap_length(direction, cap)
        combine(x, x, 1.0, direction)
        energy = evaluate(field, slot, x, forces)
        calls += 1
    return energy, curvature, largest(forces), calls
