"""Molecular dynamics: Langevin (BAOAB splitting) and, without friction, velocity Verlet; and the harvest loop."""

import numpy as np

from glasstunnel.landscape.engine.compile import kernel
from glasstunnel.landscape.engine.field import evaluate
from glasstunnel.landscape.engine.minimization import minimize
from glasstunnel.landscape.engine.vectors import rescale

#: A run is stopped when an atom would move farther than this in one step (in units of length of the model).
TOO_FAR = 1.0


@kernel
def seed_random(seed):
    """Start the random numbers of the kernels; the same seed gives the same run."""
    np.random.seed(seed)  # noqa: NPY002  (the only generator inside compiled code)


@kernel
def thermal_velocities(masses, temperature):
    """Maxwell-Boltzmann velocities (atoms, 3) without center-of-mass motion."""
    v = np.empty((masses.size, 3))
    momentum = np.zeros(3)
    for i in range(masses.size):
        for k in range(3):
            v[i, k] = np.sqrt(temperature / masses[i]) * np.random.normal()  # noqa: NPY002
            momentum[k] += masses[i] * v[i, k]
    for i in range(masses.size):
        for k in range(3):
            v[i, k] -= momentum[k] / (masses[i] * masses.size)
    return v


@kernel
def propagate(field, slot, x, v, bath, count):
    """`count` steps while the temperature of the `Langevin` bath goes linearly to its end; x and v change in place.

    Returns (potential energy, steps done); fewer steps done than asked for means the integrator exploded.
    """
    masses, step, friction, start, end = bath.masses, bath.step, bath.friction, bath.start, bath.end
    forces = np.empty_like(x)
    energy = evaluate(field, slot, x, forces)
    keep = np.exp(-friction * step)
    for n in range(count):
        temperature = start + (end - start) * (n + 0.5) / count
        for i in range(masses.size):
            noise = np.sqrt((1.0 - keep * keep) * temperature / masses[i])
            for k in range(3):
                v[i, k] += 0.5 * step * forces[i, k] / masses[i]
                x[i, k] += 0.5 * step * v[i, k]
                if friction > 0.0:
                    v[i, k] = keep * v[i, k] + noise * np.random.normal()  # noqa: NPY002
                x[i, k] += 0.5 * step * v[i, k]
                if not abs(step * v[i, k]) < TOO_FAR:
                    return energy, n
        energy = evaluate(field, slot, x, forces)
        for i in range(masses.size):
            for k in range(3):
                v[i, k] += 0.5 * step * forces[i, k] / masses[i]
    return energy, count


@kernel
def visit(field, x, v, bath, segments):
    """`Segments` of dynamics, a quench of a copy after each, which is filled in.

    Slot 0 follows the dynamics, slot 1 the quenches. Returns the segments done.
    """
    minima, energies = segments.minima, segments.energies
    for n in range(energies.size):
        _energy, done = propagate(field, 0, x, v, bath, segments.length)
        if done < segments.length:
            return n
        rescale(minima[n], x, 1.0)
        found = minimize(field, 1, minima[n], segments.tolerance, segments.limit, 0.1)
        energies[n], segments.worst[n] = found[0], found[1]
    return energies.size
