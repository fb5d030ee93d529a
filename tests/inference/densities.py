"""Densities in the unit box whose evidence is known: the Gaussian and the twisted Gaussian of the sampler tests."""

import numpy as np

DIMENSION = 6


def box(generator, count):
    return generator.uniform(-0.5, 0.5, (count, DIMENSION))


def in_box(x):
    return np.where(np.all(np.abs(x) <= 0.5, axis=1), 0.0, -np.inf)


def gaussian(seed=0):
    """A rotated Gaussian, axes 3e-4 to 3e-2 of the unit box, ln Z = 0."""
    rotation = np.linalg.qr(np.random.default_rng(seed).standard_normal((DIMENSION, DIMENSION)))[0]
    axes = np.geomspace(3e-4, 3e-2, DIMENSION)
    constant = -0.5 * DIMENSION * np.log(2.0 * np.pi) - np.sum(np.log(axes))

    def density(x):
        return constant - 0.5 * np.sum((x @ rotation / axes) ** 2, axis=1) + in_box(x)

    return density, rotation * axes**2 @ rotation.T


def twisted():
    """The same with a parabola in its first two axes, which leaves the volume alone: ln Z = 0."""
    axes = np.array([0.08, 0.01, 0.02, 0.02, 0.02, 0.02])
    constant = -0.5 * DIMENSION * np.log(2.0 * np.pi) - np.sum(np.log(axes))

    def density(x):
        straight = x.copy()
        straight[:, 1] += 5.0 * (x[:, 0] ** 2 - axes[0] ** 2)
        return constant - 0.5 * np.sum((straight / axes) ** 2, axis=1) + in_box(x)

    return density, np.diag(axes**2)
