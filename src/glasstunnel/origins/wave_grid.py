"""Sinc grids (discrete variable representation) with exact link phases, in two and three dimensions.

The kinetic energy of a sinc grid couples points on a line along one axis only, and in the gauge A = B x r/2 the
component of A along an axis does not depend on that coordinate: the phase exp(i b int A dl) of each link is therefore
exact minimal coupling, not an approximation of the order of the spacing.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import real_number, whole_number
from glasstunnel.records import brief

HIGHEST = 25.0  #: grid points where the potential exceeds this many barriers are left out
_SPACING = {(True, 2): 0.42, (True, 3): 0.6, (False, 2): 0.28, (False, 3): 0.5}  # (polynomial, dimension)
DENSE = 1300  #: up to this many points the matrix is diagonalized as a whole


@dataclass(frozen=True)
class WaveGrid:
    """Equally spaced points per axis: `axes` are the coordinates along each."""

    axes: tuple[np.ndarray, ...]

    __repr__ = brief

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(axis) for axis in self.axes)

    def points(self) -> list[np.ndarray]:
        return list(np.meshgrid(*self.axes, indexing="ij"))


def grid_for(potential, quantum: float, finer: float = 1.0) -> WaveGrid:
    """A grid whose spacing resolves 25 barriers of kinetic energy and whose box holds the tails of the lowest states.

    In three dimensions it resolves 14 barriers: eight digits instead of eleven. Potentials given by functions, which
    may have cusps, get a grid finer by a half. finer : the spacing is divided by it.
    """
    spacing = quantum / finer * _SPACING[potential.terms is not None, potential.dimension]
    low, high = _box(potential, quantum)
    counts = [max(int(np.ceil((b - a) / spacing)) + 1, 8) for a, b in zip(low, high, strict=True)]
    return WaveGrid(tuple(np.linspace(a, b, n) for a, b, n in zip(low, high, counts, strict=True)))


def square_grid(potential, half_width: float, points: int) -> WaveGrid:
    """The same number of points from -half_width to half_width along every axis."""
    points = whole_number("grid: points per axis", points, 5, 2000)
    if not real_number("grid: half width", half_width) > 0.0:
        raise ParameterError(f"a grid needs a positive half width, got {half_width!r}")
    return WaveGrid((np.linspace(-half_width, half_width, points),) * potential.dimension)


def grid_states(
    potential, quantum: float, field, grid: WaveGrid, count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(energies (count,), states (points, count), positions (points, dimension)) of the lowest levels on the grid.

    field : b, or its three components in three dimensions (a number stands for the z axis).
    `ParameterError` for a grid that cuts the wave functions.
    """
    operator = _Hamiltonian(potential, quantum, field, grid)
    if operator.size <= count + 2:
        raise ParameterError(f"{potential.name}: a grid of {operator.size} points cannot hold {count} levels")
    energies, states = operator.dense(count) if operator.size <= DENSE else operator.lanczos(count)
    _check_edge(potential, operator, states)
    return energies, states, operator.positions


class _Hamiltonian:
    """H on the kept points: kinetic matrices per axis, link phases, potential."""

    def __init__(self, potential, quantum, field, grid):
        points = grid.points()
        values = potential.value(*points)
        self.kept = np.isfinite(values) & (values < HIGHEST)
        self.shape, self.size = grid.shape, int(self.kept.sum())
        self.values = np.where(self.kept, values, 0.0)
        self.positions = np.column_stack([each[self.kept] for each in points])
        self.kinetic = [_kinetic(axis, quantum) for axis in grid.axes]
        b = _field_vector(field, potential.dimension)
        # phase of the link i -> j along an axis: A_axis (x_i - x_j), written as a unitary on either side of T
        self.phases = None if not b.any() else _link_phases(points, b)

    def apply(self, vector):
        full = np.zeros(self.shape, dtype=complex if self.phases is not None else vector.dtype)
        full[self.kept] = vector
        total = self.values * full
        for axis, kinetic in enumerate(self.kinetic):
            phase = 1.0 if self.phases is None else self.phases[axis]
            turned = np.tensordot(kinetic, np.conj(phase) * full, axes=(1, axis))
            total = total + phase * np.moveaxis(turned, 0, axis)
        return total[self.kept]

    def dense(self, count):
        from scipy.linalg import eigh

        identity = np.eye(self.size)
        matrix = np.column_stack([self.apply(column) for column in identity])
        return eigh(matrix, subset_by_index=(0, count - 1))

    def lanczos(self, count):
        """Lowest levels by Lanczos, repeated in the space left over until no member of a multiplet is missing."""
        from scipy.sparse.linalg import LinearOperator, eigsh

        linear_operator: Any = LinearOperator
        solver: Any = eigsh
        dtype = float if self.phases is None else complex
        energies, states = np.zeros(0), np.zeros((self.size, 0), dtype=dtype)
        seed = np.random.default_rng(1)
        while True:
            known = states

            def deflated(vector, known=known):
                return self.apply(vector) + 1e3 * (known @ (known.conj().T @ vector))

            operator = linear_operator((self.size, self.size), matvec=deflated, dtype=dtype)
            wanted = count if not len(energies) else 1
            found, vectors = solver(
                operator, k=wanted, which="SA", ncv=max(4 * wanted, 40), v0=seed.normal(size=self.size), tol=1e-12
            )
            if len(energies) and found[0] > energies[count - 1] - 1e-12:
                return energies[:count], states[:, :count]
            energies = np.concatenate([energies, found])
            order = np.argsort(energies)
            energies, states = energies[order], np.hstack([states, vectors])[:, order]


def _kinetic(axis, quantum):
    """Sinc kinetic matrix (quantum^2/2) p^2 on equally spaced points."""
    spacing = axis[1] - axis[0]
    steps = np.subtract.outer(np.arange(len(axis)), np.arange(len(axis)))
    with np.errstate(divide="ignore"):
        elements = 2.0 * (-1.0) ** steps / steps.astype(float) ** 2
    elements[steps == 0] = np.pi**2 / 3.0
    return 0.5 * (quantum / spacing) ** 2 * elements


def _field_vector(field, dimension):
    try:
        b = np.atleast_1d(np.asarray(field, dtype=float))
    except (TypeError, ValueError):
        b = np.array([np.nan])
    if b.shape == (1,):
        b = np.array([0.0, 0.0, b[0]])
    if b.shape != (3,) or not np.all(np.isfinite(b)) or (dimension == 2 and b[:2].any()):
        raise ParameterError(f"field must be a finite number, or three components in three dimensions, got {field!r}")
    return b


def _link_phases(points, b):
    positions = [*points, np.zeros_like(points[0])][:3]
    bx, by, bz = b
    x, y, z = positions
    potential = (0.5 * (by * z - bz * y), 0.5 * (bz * x - bx * z), 0.5 * (bx * y - by * x))
    return [np.exp(1j * component * each) for component, each in zip(potential, points, strict=False)]


def _box(potential, quantum, action=15.0):
    """Corners of the box outside which the semiclassical amplitude is below exp(-action)."""
    directions = _directions(potential.dimension)
    reach = 1.5 * max(np.linalg.norm(potential.wells, axis=1))
    while True:
        distance = np.linspace(0.0, reach, 600)
        values = potential.value(*(direction[:, None] * distance for direction in directions.T))
        forbidden = np.sqrt(2.0 * np.clip(values - 1.0, 0.0, None))
        damping = np.cumsum(forbidden, axis=1) * distance[1] / quantum
        inside = np.where(values < 1.0, damping, 0.0).max(axis=1, keepdims=True)
        far = (damping - inside > action) | ~np.isfinite(values)
        if far[:, -1].all():
            ends = directions * distance[np.argmax(far, axis=1)][:, None]
            return ends.min(axis=0), ends.max(axis=0)
        reach *= 1.3
        if reach > 60.0:
            raise ParameterError(f"{potential.name}: it does not confine the particle; a potential must rise outside")


def _directions(dimension):
    if dimension == 2:
        angles = 2.0 * np.pi * np.arange(72) / 72
        return np.column_stack([np.cos(angles), np.sin(angles)])
    grid = np.array(np.meshgrid(*[np.arange(-2.0, 3.0)] * 3)).reshape(3, -1).T
    grid = grid[np.any(grid != 0.0, axis=1)]
    return grid / np.linalg.norm(grid, axis=1)[:, None]


def _check_edge(potential, operator, states):
    """The probability on the outermost points of the box, where the potential does not confine, is negligible."""
    edge = np.zeros(operator.shape, dtype=bool)
    for axis in range(len(operator.shape)):
        sides = np.moveaxis(edge, axis, 0)
        sides[[0, -1]] = True
    share = float(np.max(np.sum(np.abs(states[edge[operator.kept]]) ** 2, axis=0), initial=0.0))
    if share > 1e-6:
        raise ParameterError(
            f"{potential.name}: the grid cuts the wave function (probability {share:.1e} on its edge); "
            "give a wider grid"
        )
