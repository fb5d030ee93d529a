"""Turning oval cells: what it changes of the voids' perimeter (001 Fig. 22).

The void perimeter of rigid cells that do not overlap is the sum of the cells' perimeters at every angle: turning them
changes nothing. With overlap the exposed perimeter varies by a share that averages out as one over the square root of
the number of cells.
"""

import math

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import check_record, finite, real_numbers, whole_number
from glasstunnel.origins.packings import Packing, touching_pairs


def exposed_oval_perimeter(cells: Packing, angles, elongation: float = 1.2, growth: float = 0.03, points: int = 360):
    """Perimeter of the ellipses that no other ellipse covers, in the median radius.

    angles : (cells,), of the long axes [rad]. elongation : long over short axis, 1 to 2; the ellipse has the area of
    the disc grown by `growth`. points : per ellipse; the error is about one over their number. `ParameterError` for
    bad input.
    """
    check_record("exposed_oval_perimeter: the cells", cells, Packing, "packing")
    real_numbers("exposed_oval_perimeter", elongation=elongation, growth=growth)
    finite(angles=angles)
    angles = np.asarray(angles, dtype=float)
    if cells.dimension != 2 or angles.shape != cells.radii.shape or not 1.0 <= elongation <= 2.0 or growth < 0.0:
        raise ParameterError("exposed_oval_perimeter: discs, one angle per cell, elongation 1 ... 2 and growth >= 0")
    axes = np.sqrt([elongation, 1.0 / elongation])[:, None] * cells.radii * (1.0 + growth)
    turn = 2.0 * math.pi * (np.arange(points) + 0.5) / points
    local = np.stack([axes[0][:, None] * np.cos(turn), axes[1][:, None] * np.sin(turn)], axis=-1)
    slopes = np.stack([-axes[0][:, None] * np.sin(turn), axes[1][:, None] * np.cos(turn)], axis=-1)
    lengths = np.linalg.norm(slopes, axis=-1) * 2.0 * math.pi / points
    cosine, sine = np.cos(angles), np.sin(angles)
    rotation = np.stack([np.stack([cosine, -sine], -1), np.stack([sine, cosine], -1)], -2)
    outline = np.einsum("nij,npj->npi", rotation, local)
    free = np.ones(lengths.shape, dtype=bool)
    pairs, vectors = touching_pairs(cells.centers, 1.01 * np.broadcast_to(axes[0].max(), angles.shape), cells.box)
    for (i, j), vector in zip(pairs.tolist(), vectors, strict=True):
        free[i] &= ~_inside(outline[i] - vector, rotation[j], axes[:, j])
        free[j] &= ~_inside(outline[j] + vector, rotation[i], axes[:, i])
    return float(np.sum(lengths[free]))


def turning_noise(cells: Packing, turn: float | None = None, samples: int = 40, seed: int = 0, **oval) -> float:
    """Relative rms of the exposed perimeter times sqrt(cells): between random angles, or for random turns [rad] of rms.

    turn : rms angle of each cell's turn from one random arrangement; not given, all angles are random. `oval` goes to
    `exposed_oval_perimeter`. Multiply by (number of voids)^(-1/2) for a sample: 1e-8 and less for a macroscopic one.
    """
    check_record("turning_noise: the cells", cells, Packing, "packing")
    if turn is not None:
        real_numbers("turning_noise", turn=turn)
    whole_number("turning_noise: samples", samples, 2, 10**6)
    rng = np.random.default_rng(seed)
    count = len(cells.radii)
    first = rng.uniform(0.0, math.pi, count)
    perimeters = []
    for _ in range(samples):
        angles = rng.uniform(0.0, math.pi, count) if turn is None else first + rng.normal(0.0, turn, count)
        perimeters.append(exposed_oval_perimeter(cells, angles, **oval))
    return float(np.std(perimeters) / np.mean(perimeters) * math.sqrt(count))


def _inside(points, rotation, axes):
    local = points @ rotation / axes
    return np.sum(local**2, axis=-1) < 1.0
