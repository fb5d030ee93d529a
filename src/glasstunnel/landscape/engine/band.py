"""Elastic band with the improved tangent, relaxed by FIRE; optionally the top image climbs.

[G. Henkelman and H. Jonsson, J. Chem. Phys. 113, 9978 (2000); E. Bitzek et al., Phys. Rev. Lett. 97, 170201 (2006)]
"""

import numpy as np

from glasstunnel.landscape.engine.compile import kernel
from glasstunnel.landscape.engine.field import evaluate
from glasstunnel.landscape.engine.vectors import combine, inner, largest, normalize, rescale


@kernel
def tangent_at(images, energies, k, ahead, behind, tangent):
    """Improved tangent of image k, normalized: towards the higher neighbor, weighted at an extremum."""
    combine(ahead, images[k + 1], -1.0, images[k])
    combine(behind, images[k], -1.0, images[k - 1])
    up, down = energies[k + 1] - energies[k], energies[k] - energies[k - 1]
    high, low = max(abs(up), abs(down)), min(abs(up), abs(down))
    forward, backward = high, low
    if up > 0.0 and down > 0.0:
        forward, backward = 1.0, 0.0
    elif up < 0.0 and down < 0.0:
        forward, backward = 0.0, 1.0
    elif energies[k + 1] <= energies[k - 1]:
        forward, backward = low, high
    rescale(tangent, ahead, forward)
    combine(tangent, tangent, backward, behind)
    normalize(tangent)


@kernel
def band_forces(field, band, forces, spring, climb):
    """Evaluate the interior images and project: returns the largest force that the band still has to relax."""
    images, energies, raw = band.images, band.energies, band.raw
    last = images.shape[0] - 1
    top = 1
    for k in range(1, last):
        energies[k] = evaluate(field, k, images[k], raw[k])
        top = k if energies[k] > energies[top] else top
    tangent, ahead, behind = np.empty_like(images[0]), np.empty_like(images[0]), np.empty_like(images[0])
    worst = 0.0
    for k in range(1, last):
        tangent_at(images, energies, k, ahead, behind, tangent)
        along = inner(raw[k], tangent)
        climbs = climb and k == top
        combine(forces[k], raw[k], -2.0 * along if climbs else -along, tangent)
        worst = max(worst, largest(forces[k]))
        if not climbs:
            pull = spring * (np.sqrt(inner(ahead, ahead)) - np.sqrt(inner(behind, behind)))
            combine(forces[k], forces[k], pull, tangent)
    return worst


@kernel
def fire_mix(velocity, forces, mixing, ratio, step):
    """FIRE: turn the velocity towards the forces, then accelerate."""
    rescale(velocity, velocity, 1.0 - mixing)
    combine(velocity, velocity, mixing * ratio + step, forces)


@kernel
def fire_pace(power, step, mixing, downhill):
    """FIRE: (step, mixing, steps downhill in a row) that come next; longer steps downhill, a fresh start uphill."""
    if not power > 0.0:
        return max(0.5 * step, 1e-4), 0.1, 0
    if downhill >= 5:
        return min(1.1 * step, 0.06), 0.99 * mixing, downhill + 1
    return step, mixing, downhill + 1


@kernel
def fire_move(x, velocity, step, cap):
    """Move x along the velocity, no atom farther than `cap`."""
    longest = step * largest(velocity)
    combine(x, x, step * min(1.0, cap / longest) if longest > 0.0 else step, velocity)


@kernel
def relax_band(field, band, spring, climb, until):
    """Relax the images of an `ElasticBand` between fixed ends; the field needs a slot for each.

    Its energies and raw forces are filled. Returns (largest remaining force, iterations).
    """
    images, energies, raw = band.images, band.energies, band.raw
    last = images.shape[0] - 1
    for k in range(0, last + 1, last):
        energies[k] = evaluate(field, k, images[k], raw[k])
    forces, velocities = np.zeros_like(images), np.zeros_like(images)
    step, mixing, downhill = 0.01, 0.1, 0
    worst = band_forces(field, band, forces, spring, climb)
    count = 0
    while worst > until.tolerance and count < until.limit:
        count += 1
        power, speed, strength = 0.0, 0.0, 0.0
        for k in range(1, last):
            power += inner(velocities[k], forces[k])
            speed += inner(velocities[k], velocities[k])
            strength += inner(forces[k], forces[k])
        ratio = np.sqrt(speed / strength) if power > 0.0 else 0.0
        mix = mixing if power > 0.0 else 1.0
        step, mixing, downhill = fire_pace(power, step, mixing, downhill)
        for k in range(1, last):
            fire_mix(velocities[k], forces[k], mix, ratio, step)
            fire_move(images[k], velocities[k], step, 0.1)
        worst = band_forces(field, band, forces, spring, climb)
    return worst, count
