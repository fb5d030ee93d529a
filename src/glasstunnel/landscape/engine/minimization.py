"""The minimizer of every quench: L-BFGS with five memories, capped steps, and an energy that may not rise."""

import numpy as np

from glasstunnel.landscape.engine.compile import kernel
from glasstunnel.landscape.engine.field import evaluate
from glasstunnel.landscape.engine.records import Memory
from glasstunnel.landscape.engine.vectors import cap_length, combine, inner, largest, rescale

MEMORY = 5


@kernel
def empty_memory(x):
    """`Memory` for points of this shape."""
    return Memory(np.empty((MEMORY, x.shape[0], 3)), np.empty((MEMORY, x.shape[0], 3)), np.empty(MEMORY))


@kernel
def newton_direction(forces, memory, stored, direction):
    """Two-loop recursion: inverse Hessian estimate times the forces; the newest pair is at stored - 1."""
    steps, changes, curvatures = memory.steps, memory.changes, memory.curvatures
    alphas = np.zeros(MEMORY)
    rescale(direction, forces, 1.0)
    kept = min(stored, MEMORY)
    for back in range(kept):
        m = (stored - 1 - back) % MEMORY
        alphas[m] = inner(steps[m], direction) / curvatures[m]
        combine(direction, direction, -alphas[m], changes[m])
    scale = 1e-3
    if kept > 0:
        m = (stored - 1) % MEMORY
        scale = curvatures[m] / inner(changes[m], changes[m])
    rescale(direction, direction, scale)
    for back in range(kept - 1, -1, -1):
        m = (stored - 1 - back) % MEMORY
        combine(direction, direction, alphas[m] - inner(changes[m], direction) / curvatures[m], steps[m])
    if inner(direction, forces) <= 0.0:
        rescale(direction, forces, 1e-3)
        return 0
    return stored


@kernel
def remember(memory, stored, step, old, new):
    """Store a step and the change of forces over it if its curvature is positive; returns the new number stored."""
    steps, changes, curvatures = memory.steps, memory.changes, memory.curvatures
    m = stored % MEMORY
    rescale(steps[m], step, 1.0)
    combine(changes[m], old, -1.0, new)
    curvatures[m] = inner(steps[m], changes[m])
    large = np.sqrt(inner(step, step) * inner(changes[m], changes[m]))
    return stored + 1 if curvatures[m] > 1e-14 * large else (0 if stored >= MEMORY else stored)


@kernel
def minimize(field, slot, x, tolerance, limit, cap):
    """Quench x in place until the largest force is below `tolerance`; no atom moves more than `cap` in a step.

    Returns (energy, largest force, number of force evaluations).
    """
    forces, trial, new, direction = np.empty_like(x), np.empty_like(x), np.empty_like(x), np.empty_like(x)
    memory = empty_memory(x)
    energy, calls = evaluate(field, slot, x, forces), 1
    stored = calls - 1
    worst, attempt = largest(forces), 0
    while worst > tolerance and calls < limit:
        if attempt == 0:
            stored = newton_direction(forces, memory, stored, direction)
            cap_length(direction, cap)
        combine(trial, x, 1.0, direction)
        lower = evaluate(field, slot, trial, new)
        calls += 1
        if lower <= energy + 1e-12 * (1.0 + abs(energy)):
            stored = remember(memory, stored, direction, forces, new)
            rescale(x, trial, 1.0)
            rescale(forces, new, 1.0)
            energy, worst, attempt = lower, largest(forces), 0
        elif attempt < 12:
            rescale(direction, direction, 0.3)
            attempt += 1
        elif stored == 0:
            break
        else:
            stored, attempt = 0, 0
    return energy, worst, calls
