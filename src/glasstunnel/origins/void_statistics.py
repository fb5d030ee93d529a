"""Voids of a packing: their areas, perimeters and flux loops, and what growth of the cells leaves of them."""

import math
from dataclasses import dataclass

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import check_record, finite, real_number
from glasstunnel.origins.packings import Packing, touching_pairs
from glasstunnel.records import brief


@dataclass(frozen=True)
class Voids:
    """Voids of a packing of discs: areas and perimeters in the median radius, sides, members; all over the same voids.

    sides : number of cells around each void. triangles : void of each triangle of the triangulation, -1 where closed.
    growth : of the cells, gap : necks wider than this share of the two radii join triangles into one void.
    """

    area: np.ndarray
    perimeter: np.ndarray
    sides: np.ndarray
    triangles: np.ndarray
    growth: float
    gap: float

    __repr__ = brief

    @property
    def area_spread(self) -> float:
        """Standard deviation of ln A over all voids."""
        return float(np.std(np.log(self.area)))

    def sides_share(self) -> dict[int, float]:
        """{number of sides: share of the voids}."""
        sides, counts = np.unique(self.sides, return_counts=True)
        return dict(zip(sides.tolist(), (counts / counts.sum()).tolist(), strict=True))


def voids_of(cells: Packing, growth: float = 0.0, gap: float = 0.01) -> Voids:
    """`Voids` between discs grown by `growth`, joined over necks wider than `gap`  [001, Figs. 3 and 22; 002, Fig. 2a].

    Areas are those of the triangles less the sectors of the discs plus the zips counted twice. `ParameterError` for
    spheres (use `windows_of`), bad input, or growth that closes every void.

    >>> from glasstunnel.origins import packing, voids_of
    >>> voids = voids_of(packing(60, 0.1, 2, seed=1))
    >>> 0.5 < len(voids.area) / 60 < 2.0
    True
    """
    check_record("voids_of: the cells", cells, Packing, "packing")
    if cells.dimension != 2:
        raise ParameterError("voids_of: voids are those of discs; use windows_of for spheres")
    _check_growth(growth, gap)
    cells = cells.grown(growth)
    mesh = cells.triangulation
    radii = cells.radii[mesh.cells]
    free, arcs = _free_triangles(mesh.corners, radii)
    covered = _power(mesh.corners, radii) <= 0.0
    free, arcs = np.where(covered, 0.0, free), np.where(covered, 0.0, arcs)
    necks = _edge_gaps(mesh.corners, radii)
    member = _joined(mesh.neighbors, (necks > gap) & ~covered[:, None] & ~covered[mesh.neighbors], ~covered)
    if not np.any(member >= 0):
        raise ParameterError(f"voids_of: a growth of {growth:g} closes every void of this packing")
    number = member.max() + 1
    inside = member >= 0
    area, perimeter = (np.bincount(member[inside], part[inside], number) for part in (free, arcs))
    closed = (necks <= gap).sum(axis=1)
    sides = np.bincount(member[inside], closed[inside], number).astype(int)
    kept = area > 1e-4 * math.pi  # a sliver between overlapping discs is no void
    renumber = np.where(kept, np.cumsum(kept) - 1, -1)
    return Voids(area[kept], perimeter[kept], sides[kept], np.where(inside, renumber[member], -1), growth, gap)


def three_cusped_area(first, second, third):
    """Area of the void between three touching discs of these radii; arrays broadcast.

    >>> from glasstunnel.origins import three_cusped_area
    >>> round(float(three_cusped_area(1.0, 1.0, 1.0)), 9)
    0.161254481
    """
    finite(first=first, second=second, third=third)
    a, b, c = (np.asarray(radius, dtype=float) for radius in (first, second, third))
    if not all(np.all(np.isfinite(radius) & (radius > 0.0)) for radius in (a, b, c)):
        raise ParameterError(
            f"three_cusped_area: radii must be positive and finite, got {first!r}, {second!r} and {third!r}"
        )
    triangle = np.sqrt((a + b + c) * a * b * c)

    def angle(here, left, right):
        return 2.0 * np.arctan2(triangle, here * (here + left + right))

    return triangle - 0.5 * (a**2 * angle(a, b, c) + b**2 * angle(b, a, c) + c**2 * angle(c, a, b))


def area_spread_from_cells(spread: float) -> float:
    """sigma ln A of flux areas between three cells whose radii have sigma ln R = `spread`: 2/sqrt3 of it.

    Each radius enters ln A with the power 2/3. What `AnomalousTunnelingSystems.area_spread` takes; voids with more
    sides and gaps make it wider (0.8 to 0.9 over all voids of a random packing).

    >>> from glasstunnel.origins import area_spread_from_cells
    >>> round(area_spread_from_cells(0.1), 4)
    0.1155
    """
    if not 0.0 <= real_number("area_spread_from_cells: spread", spread) <= 1.0:
        raise ParameterError(f"area_spread_from_cells: spread must lie between 0 and 1, got {spread!r}")
    return 2.0 / math.sqrt(3.0) * spread


@dataclass(frozen=True)
class Windows:
    """Tetrahedra of a packing of spheres: number per sphere and per volume, areas of faces and their open windows."""

    per_sphere: float
    per_volume: float
    face_area: np.ndarray
    window_area: np.ndarray

    __repr__ = brief

    @property
    def face_spread(self) -> float:
        """Standard deviation of ln(area) of the faces."""
        return float(np.std(np.log(self.face_area)))


def windows_of(cells: Packing, growth: float = 0.0) -> Windows:
    """`Windows` of the tetrahedral voids between spheres grown by `growth`  [001, Fig. 3; 003, Eqs. 35-40].

    face_area, window_area : (faces,), the triangle of three centers and what the spheres leave open of it, in the
    median radius. `ParameterError` for discs or bad input.
    """
    check_record("windows_of: the cells", cells, Packing, "packing")
    if cells.dimension != 3:
        raise ParameterError("windows_of: windows are those of spheres; use voids_of for discs")
    _check_growth(growth, 0.0)
    cells = cells.grown(growth)
    mesh = cells.triangulation
    faces, open_areas = [], []
    for opposite in range(4):
        others = [corner for corner in range(4) if corner != opposite]
        once = mesh.neighbors[:, opposite] >= np.arange(len(mesh.cells))  # every face belongs to two tetrahedra
        corners, radii = mesh.corners[once][:, others], cells.radii[mesh.cells[once][:, others]]
        flat = _in_plane(corners)
        faces.append(_triangle_area(flat))
        free, _ = _free_triangles(flat, radii)
        open_areas.append(np.clip(np.where(_power(flat, radii) > 0.0, free, 0.0), 0.0, None))
    if not np.any(np.concatenate(open_areas) > 0.0):
        raise ParameterError(f"windows_of: a growth of {growth:g} closes every window of this packing")
    count = len(mesh.cells)
    return Windows(
        count / len(cells.radii), count / cells.box**3, np.concatenate(faces), np.concatenate(open_areas)
    )


def exposed_share(cells: Packing, growth=0.0, points: int = 2000) -> np.ndarray:
    """Share of the perimeter or surface of the cells that faces a void after growth; shape of `growth`.

    Discs: exact, from the union of the hidden arcs. Spheres: `points` evenly spread points on each. Tunnelers live
    there, so that N/N0 is this share times (1 + g)^(dimension - 1), against its value without growth.
    """
    check_record("exposed_share: the cells", cells, Packing, "packing")
    growth = np.asarray(growth, dtype=float)
    _check_growth(float(np.min(growth, initial=0.0)), 0.0)
    share = _exposed_arcs if cells.dimension == 2 else _exposed_points
    return np.array([share(cells, g, points) for g in growth.ravel()]).reshape(growth.shape)


def _check_growth(growth, gap):
    growth, gap = real_number("voids: growth", growth), real_number("voids: gap", gap)
    if not (growth >= 0.0 and 0.0 <= gap < 1.0):
        raise ParameterError(f"voids: growth must be 0 or more and the gap in 0 ... 1, got {growth!r} and {gap!r}")


def _exposed_arcs(cells, growth, _):
    radii = cells.radii * (1.0 + growth)
    pairs, vectors = touching_pairs(cells.centers, radii, cells.box)
    hidden: list[list[tuple[float, float]]] = [[] for _ in radii]
    for (i, j), vector in zip(pairs.tolist(), vectors, strict=True):
        distance = float(np.hypot(*vector))
        for here, other, direction in ((i, j, vector), (j, i, -vector)):
            cosine = (distance**2 + radii[here] ** 2 - radii[other] ** 2) / (2.0 * distance * radii[here])
            half = math.acos(min(max(cosine, -1.0), 1.0))
            middle = math.atan2(direction[1], direction[0])
            hidden[here].append((middle - half, middle + half))
    open_arc = sum(radius * (2.0 * math.pi - _covered(arcs)) for radius, arcs in zip(radii, hidden, strict=True))
    return float(open_arc / (2.0 * math.pi * radii.sum()))


def _covered(arcs):
    """Length of the union of arcs (begin, end) on the circle."""
    pieces = []
    for begin, end in arcs:
        turn = math.floor(begin / (2.0 * math.pi)) * 2.0 * math.pi
        begin, end = begin - turn, end - turn
        pieces.append((begin, min(end, 2.0 * math.pi)))
        if end > 2.0 * math.pi:
            pieces.append((0.0, end - 2.0 * math.pi))
    total, reached = 0.0, 0.0
    for begin, end in sorted(pieces):
        total += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return total


def _exposed_points(cells, growth, points):
    radii = cells.radii * (1.0 + growth)
    pairs, vectors = touching_pairs(cells.centers, radii, cells.box)
    index = np.arange(points) + 0.5
    z, turn = 1.0 - 2.0 * index / points, math.pi * (1.0 + math.sqrt(5.0)) * index
    sphere = np.column_stack([np.sqrt(1.0 - z * z) * np.cos(turn), np.sqrt(1.0 - z * z) * np.sin(turn), z])
    hidden = np.zeros((len(radii), points), dtype=bool)
    for (i, j), vector in zip(pairs.tolist(), vectors, strict=True):
        distance = float(np.linalg.norm(vector))
        for here, other, direction in ((i, j, vector), (j, i, -vector)):
            cosine = (distance**2 + radii[here] ** 2 - radii[other] ** 2) / (2.0 * distance * radii[here])
            hidden[here] |= sphere @ direction > cosine * distance
    return float(np.sum((1.0 - hidden.mean(axis=1)) * radii**2) / np.sum(radii**2))


def _triangle_area(corners):
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    return 0.5 * np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])


def _in_plane(corners):
    """Triangles in space laid into a plane, (n, 3, 2)."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    length = np.linalg.norm(first, axis=1)
    along = np.einsum("ij,ij->i", first, second) / length
    across = np.linalg.norm(np.cross(first, second), axis=1) / length
    flat = np.zeros((len(corners), 3, 2))
    flat[:, 1, 0], flat[:, 2, 0], flat[:, 2, 1] = length, along, across
    return flat


def _free_triangles(corners, radii):
    """(area that three discs leave of their triangle, exposed arcs in it), (n,)."""
    area, arcs = _triangle_area(corners), np.zeros(len(corners))
    for here in range(3):
        left, right = (here + 1) % 3, (here + 2) % 3
        sides = [corners[:, other] - corners[:, here] for other in (left, right)]
        lengths = [np.linalg.norm(side, axis=1) for side in sides]
        angle = np.arccos(np.clip(np.einsum("ij,ij->i", *sides) / (lengths[0] * lengths[1]), -1.0, 1.0))
        radius = radii[:, here]
        area = area - 0.5 * radius**2 * angle
        for other, length in zip((left, right), lengths, strict=True):
            zipped = _half_angle(radius, radii[:, other], length)
            area = area + 0.5 * radius**2 * (zipped - np.sin(zipped) * np.cos(zipped))
            angle = angle - zipped
        arcs = arcs + radius * np.clip(angle, 0.0, None)
    return np.clip(area, 0.0, None), arcs


def _half_angle(radius, other, distance):
    """Half angle that a neighbor hides of a disc, 0 where they do not overlap."""
    cosine = (distance**2 + radius**2 - other**2) / (2.0 * distance * radius)
    return np.where(distance < radius + other, np.arccos(np.clip(cosine, -1.0, 1.0)), 0.0)


def _edge_gaps(corners, radii):
    """Gap of the edge opposite each corner over the sum of its two radii, (n, 3)."""
    gaps = []
    for opposite in range(3):
        left, right = (opposite + 1) % 3, (opposite + 2) % 3
        reach = radii[:, left] + radii[:, right]
        gaps.append(np.linalg.norm(corners[:, left] - corners[:, right], axis=1) / reach - 1.0)
    return np.column_stack(gaps)


def _power(corners, radii):
    """Power of the point with equal power to three discs: negative where they cover their triangle."""
    origin = corners[:, 0]
    matrix = 2.0 * (corners[:, 1:] - origin[:, None])
    right = np.sum((corners[:, 1:] - origin[:, None]) ** 2, axis=-1) - radii[:, 1:] ** 2 + radii[:, :1] ** 2
    center = np.linalg.solve(matrix, right[..., None])[..., 0]
    return np.sum(center**2, axis=1) - radii[:, 0] ** 2


def _joined(neighbors, open_faces, allowed):
    """Number of the void of each simplex, -1 where it is covered."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    rows, faces = np.nonzero(open_faces)
    size = len(neighbors)
    links = coo_matrix((np.ones(len(rows)), (rows, neighbors[rows, faces])), shape=(size, size))
    _, member = connected_components(links, directed=False)
    _, compact = np.unique(member[allowed], return_inverse=True)
    result = np.full(size, -1)
    result[allowed] = compact
    return result
