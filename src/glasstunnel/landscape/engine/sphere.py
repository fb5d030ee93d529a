"""Minimize on the sphere |x - center| = radius: valleys of a basin at a given distance from its minimum."""

import numpy as np

from glasstunnel.landscape.engine.band import fire_mix, fire_move, fire_pace
from glasstunnel.landscape.engine.compile import kernel
from glasstunnel.landscape.engine.dimer import remove_rigid
from glasstunnel.landscape.engine.field import evaluate
from glasstunnel.landscape.engine.vectors import combine, inner, largest, normalize, project_out


@kernel
def place_on_sphere(x, center, radius, rigid, arm):
    """Put x (in place) on the sphere, without rigid motion; `arm` becomes the unit vector to it."""
    combine(arm, x, -1.0, center)
    remove_rigid(arm, center, rigid)
    normalize(arm)
    combine(x, center, radius, arm)


@kernel
def minimize_on_sphere(field, slot, x, sphere, until):
    """Projected FIRE for x (in place); returns (energy, largest tangential force, iterations)."""
    center, radius, rigid = sphere.center, sphere.radius, sphere.rigid
    forces, velocity, arm = np.empty_like(x), np.zeros_like(x), np.empty_like(x)
    place_on_sphere(x, center, radius, rigid, arm)
    step, mixing, downhill, count = 0.005, 0.1, 0, 0
    while True:
        energy = evaluate(field, slot, x, forces)
        project_out(forces, arm)
        remove_rigid(forces, center, rigid)
        worst = largest(forces)
        if worst <= until.tolerance or count >= until.limit:
            return energy, worst, count
        count += 1
        project_out(velocity, arm)
        power = inner(velocity, forces)
        ratio = np.sqrt(inner(velocity, velocity) / inner(forces, forces)) if power > 0.0 else 0.0
        mix = mixing if power > 0.0 else 1.0
        step, mixing, downhill = fire_pace(power, step, mixing, downhill)
        fire_mix(velocity, forces, mix, ratio, step)
        fire_move(x, velocity, step, 0.1)
        place_on_sphere(x, center, radius, rigid, arm)
