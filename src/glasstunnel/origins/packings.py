"""Random packings of discs and spheres, the ordered cells of a polycluster, and the voids that they leave.

Discs or spheres with a log-normal spread of radii are pressed into a periodic box a little above jamming by minimizing
the harmonic energy of their overlaps. The voids come from the weighted (regular) triangulation of the centers, which is
the lower hull of the points lifted to |x|^2 - R^2: triangles are joined into one void across every neck that is open.
Lengths are in the median radius of the cells.
"""

import hashlib
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import real_number, whole_number
from glasstunnel.records import brief

#: dimension -> (packing fraction, just above jamming; most cells)
_FRACTION = {2: 0.85, 3: 0.65}
_MOST = {2: 3000, 3: 3000}


@dataclass(frozen=True)
class Packing:
    """Cells in a periodic box: centers (cells, dimension), radii (cells,), box length, and how it was made.

    overlap : mean overlap of touching pairs over the sum of their radii, the accuracy of "touching".
    """

    centers: np.ndarray
    radii: np.ndarray
    box: float
    seed: int
    spread: float
    overlap: float

    __repr__ = brief

    @property
    def dimension(self) -> int:
        return self.centers.shape[1]

    @property
    def fraction(self) -> float:
        """Sum of the cells' areas or volumes over that of the box."""
        content = math.pi if self.dimension == 2 else 4.0 * math.pi / 3.0
        return float(content * np.sum(self.radii**self.dimension) / self.box**self.dimension)

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that identify the rounded positions and radii."""
        data = np.round(np.column_stack([self.centers, self.radii]), 6) + 0.0
        return hashlib.sha256(data.tobytes()).hexdigest()[:12]

    @cached_property
    def triangulation(self) -> "Triangulation":
        return _triangulate(self)

    def grown(self, growth: float) -> "Packing":
        """The same centers with all radii grown by the share `growth`."""
        return replace(self, radii=self.radii * (1.0 + growth)) if growth else self

    def __str__(self):
        shape = "discs" if self.dimension == 2 else "spheres"
        return (
            f"{len(self.radii)} {shape}, spread {self.spread:g}, seed {self.seed}: fraction {self.fraction:.4f}, mean "
            f"overlap {self.overlap:.1e}, {self.hash}"
        )


@dataclass(frozen=True)
class Triangulation:
    """Simplices of the weighted triangulation that have their center in the box.

    cells : (simplices, dimension + 1), numbers of the cells.
    corners : (simplices, dimension + 1, dimension), their centers, unwrapped.
    neighbors : (simplices, dimension + 1), the simplex across the face opposite each corner.
    """

    cells: np.ndarray
    corners: np.ndarray
    neighbors: np.ndarray

    __repr__ = brief


def packing(count: int, spread: float = 0.0, dimension: int = 2, seed: int = 0) -> Packing:
    """`Packing` of `count` discs or spheres, the same for the same arguments  [the cells of 001, Fig. 3; 003, Fig. 2].

    count : 10 to 3000. spread : standard deviation of ln R, 0 to 0.6. dimension : 2 or 3. seed : of the random start.
    `ParameterError` for bad input.

    >>> from glasstunnel.origins import packing
    >>> cells = packing(40, 0.1, 2, seed=1)
    >>> cells.radii.shape, round(cells.fraction, 3), cells.overlap < 0.03
    ((40,), 0.85, True)
    """
    from scipy.optimize import minimize

    count, seed = _check(count, spread, dimension, seed)
    rng = np.random.default_rng(seed)
    radii = np.exp(spread * rng.normal(size=count))
    content = math.pi if dimension == 2 else 4.0 * math.pi / 3.0
    box = float((content * np.sum(radii**dimension) / _FRACTION[dimension]) ** (1.0 / dimension))
    start = rng.uniform(0.0, box, (count, dimension))

    def energy(flat):
        return _overlap_energy(flat.reshape(-1, dimension), radii, box)

    options: dict[str, Any] = {"maxiter": 4000, "maxfun": 8000, "ftol": 1e-14, "gtol": 1e-9, "maxcor": 20}
    relaxed = minimize(energy, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    centers = relaxed.x.reshape(-1, dimension) % box
    return Packing(centers, radii, box, seed, float(spread), _mean_overlap(centers, radii, box))


def _check(count, spread, dimension, seed):
    if dimension not in (2, 3):
        raise ParameterError(f"packing: the dimension must be 2 or 3, got {dimension!r}")
    count = whole_number("packing: count", count, 10, _MOST[dimension])
    if not 0.0 <= real_number("packing: spread", spread) <= 0.6:
        raise ParameterError(f"packing: spread, the standard deviation of ln R, must lie in 0 ... 0.6, got {spread!r}")
    return count, whole_number("packing: seed", seed, 0, 2**62)


def touching_pairs(centers: np.ndarray, radii: np.ndarray, box: float) -> tuple[np.ndarray, np.ndarray]:
    """(pairs (n, 2), vectors from the first to the second (n, dimension)) closer than the sum of their radii."""
    from scipy.spatial import KDTree

    wrapped = centers % box
    tree: Any = KDTree(np.where(wrapped >= box, 0.0, wrapped), boxsize=box)
    pairs = tree.query_pairs(2.0 * radii.max(), output_type="ndarray")
    vectors = centers[pairs[:, 1]] - centers[pairs[:, 0]]
    vectors -= box * np.round(vectors / box)
    near = np.einsum("ij,ij->i", vectors, vectors) < (radii[pairs[:, 0]] + radii[pairs[:, 1]]) ** 2
    return pairs[near], vectors[near]


def _overlap_energy(centers, radii, box):
    """sum (1 - d/(R_i + R_j))^2/2 over overlapping pairs, and its gradient, flat."""
    pairs, vectors = touching_pairs(centers, radii, box)
    first, second = pairs.T
    distance = np.linalg.norm(vectors, axis=1)
    reach = radii[first] + radii[second]
    overlap = 1.0 - distance / reach
    force = (overlap / (reach * np.maximum(distance, 1e-12)))[:, None] * vectors
    gradient = np.zeros_like(centers)
    np.add.at(gradient, first, force)
    np.add.at(gradient, second, -force)
    return 0.5 * float(overlap @ overlap), gradient.ravel()


def _mean_overlap(centers, radii, box):
    pairs, vectors = touching_pairs(centers, radii, box)
    if not len(pairs):
        return 0.0
    return float(np.mean(1.0 - np.linalg.norm(vectors, axis=1) / radii[pairs].sum(axis=1)))


def _triangulate(cells):
    """The weighted triangulation, periodic by images of the cells near the box."""
    from scipy.spatial import ConvexHull

    dimension, box = cells.dimension, cells.box
    margin = min(0.5 * box, 5.0 * float(cells.radii.max()))
    points, numbers = _images(cells.centers, box, margin)
    lifted = np.column_stack([points, np.sum(points**2, axis=1) - cells.radii[numbers] ** 2])
    hull: Any = ConvexHull(lifted)
    lower = hull.equations[:, dimension] < -1e-12
    simplices = hull.simplices[lower]
    position = np.full(len(lower), -1)
    position[lower] = np.arange(lower.sum())
    beyond = position[hull.neighbors[lower]]
    middle = points[simplices].mean(axis=1)
    inside = np.all((middle >= 0.0) & (middle < box), axis=1)
    cells = _by_cells(simplices, numbers, points, box)
    home = {key: place for place, key in enumerate(cells[index] for index in np.flatnonzero(inside))}
    neighbors = np.array([[home.get(cells[other], -1) for other in row] for row in beyond[inside]])
    corners = points[simplices[inside]]
    content = abs(np.linalg.det(corners[:, 1:] - corners[:, :1])) / math.factorial(dimension)
    if abs(content.sum() / box**dimension - 1.0) > 1e-6 or np.any(neighbors < 0):
        raise ParameterError("packing: its triangulation does not close around the box; take more cells")
    return Triangulation(numbers[simplices[inside]], corners, neighbors)


def _images(centers, box, margin):
    """(points, number of the cell) of all periodic images within `margin` of the box."""
    dimension = centers.shape[1]
    shifts = np.array(np.meshgrid(*[[-1, 0, 1]] * dimension)).reshape(dimension, -1).T
    points = (centers[None] + box * shifts[:, None]).reshape(-1, dimension)
    numbers = np.tile(np.arange(len(centers)), len(shifts))
    near = np.all((points > -margin) & (points < box + margin), axis=1)
    return points[near], numbers[near]


def _by_cells(simplices, numbers, points, box):
    """A key per simplex that its periodic images share: its cells and their offsets from the least of them."""
    offset = np.round((points - points.astype(float) % box) / box).astype(int)
    keys = []
    for simplex in simplices:
        ordered = sorted(simplex.tolist(), key=lambda p: (numbers[p], *offset[p]))
        origin = offset[ordered[0]]
        keys.append(tuple((int(numbers[p]), *(offset[p] - origin).tolist()) for p in ordered))
    return keys
