"""Levels of one particle in a multi-well potential, with or without a magnetic field."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import real_number, whole_number
from glasstunnel.origins.circular_basis import CircularBasis, circular_terms, rotational_symmetry
from glasstunnel.origins.potentials import MultiWell, check_potential
from glasstunnel.origins.wave_grid import WaveGrid, grid_for, grid_states, square_grid
from glasstunnel.records import brief

SHIFT = 0.5  #: the spectrum is inverted about this many barriers below the lowest point of the potential
MOST_QUANTA = 130  #: beyond this the basis is too large for a dense diagonalization


@dataclass(frozen=True)
class WellLevels:
    """Lowest levels and how far they can be trusted.

    energies : (count,), ascending, in units of the barrier. change : largest change of a level when the basis or grid
    is made coarser by an eighth, an upper estimate of the error. method : "basis" or "grid". size : number of states
    or points. blocks : for a basis with an n-fold axis, the lowest level of each l mod n, (n,), else None.
    """

    energies: np.ndarray
    change: float
    method: str
    size: int
    blocks: np.ndarray | None = None

    __repr__ = brief

    def __str__(self):
        unit = "states" if self.method == "basis" else "grid points"
        return f"{len(self.energies)} levels from {self.size} {unit}, converged to {self.change:.1e} of the barrier"


def well_levels(potential: MultiWell, quantum: float, field=0.0, count: int = 6) -> np.ndarray:
    """The lowest `count` levels in units of the barrier, ascending, (count,)  [002, Eq. 6 from the potential].

    quantum : hbar/(a sqrt(M V0)), between 0.04 and 3. field : b = q B a^2/hbar, along z; three components in three
    dimensions. H = (quantum^2/2)(p - b A)^2 + V. `ParameterError` for bad input and where the levels change by more
    than 1e-3 of the barrier between two sizes of the calculation; `solve_wells` says how well they are converged.

    >>> from glasstunnel.origins import triple_well, well_levels
    >>> well_levels(triple_well(1.0), 0.3, count=3).round(8).tolist()
    [0.85926576, 0.91443973, 0.91443973]
    """
    solved = solve_wells(potential, quantum, field, count)
    if solved.change > 1e-3:
        raise ParameterError(
            f"{potential.name}: the levels change by {solved.change:.1e} of the barrier between two "
            f"{'bases' if solved.method == 'basis' else 'grids'}; use solve_wells with a finer grid"
        )
    return solved.energies


def solve_wells(
    potential: MultiWell, quantum: float, field=0.0, count: int = 6, *, method: str | None = None,
    grid: tuple[float, int] | None = None,
) -> WellLevels:  # fmt: skip
    """`WellLevels`: the levels of `well_levels` with their convergence.

    method : "basis" (oscillator functions, plane polynomials only; ten digits) or "grid" (any potential); not given:
    the basis where it can be used. grid : (half width, points per axis) of the grid method, instead of its own choice.

    >>> from glasstunnel.origins import triple_well, solve_wells
    >>> solve_wells(triple_well(1.0), 0.3).change < 1e-9
    True
    """
    check_potential(potential)
    check_quantum(quantum)
    count = whole_number("well levels: count", count, 1, 60)
    possible = potential.dimension == 2 and potential.terms is not None
    chosen = method or ("basis" if possible and grid is None else "grid")
    if chosen not in ("basis", "grid"):
        raise ParameterError(f"well levels: method must be 'basis' or 'grid', got {method!r}")
    if chosen == "basis":
        if not possible:
            raise ParameterError(f"{potential.name}: the basis serves plane polynomials; use method='grid'")
        return _by_basis(potential, quantum, field, count)
    return _by_grid(potential, quantum, field, count, grid)


def check_quantum(quantum: float) -> None:
    """`ParameterError` unless the quantum number is one the solvers can treat."""
    if not 0.04 <= real_number("quantum", quantum) <= 3.0:
        raise ParameterError(
            "quantum = hbar/(a sqrt(M V0)) must lie between 0.04 (below, tunneling is lost in rounding: "
            f"use the semiclassical form of least_action) and 3 (far above the barrier), got {quantum!r}"
        )


def natural_basis(potential: MultiWell, quantum: float, share: float = 1.0) -> CircularBasis:
    """The basis that gives ten digits for the families here; `share` below 1 makes it smaller."""
    low, high = potential.curvatures()
    quanta = min(max(math.ceil(27.0 / math.sqrt(quantum)), 40), MOST_QUANTA)
    return CircularBasis(round(share * quanta), 0.55 * (low * high) ** 0.25 / quantum)


def block_states(potential: MultiWell, quantum: float, field: float, basis: CircularBasis, count: int):
    """[(energies, states in the full basis)] of the lowest `count` levels of each block l mod n; one block if n < 2."""
    matrix, symmetry = hamiltonian(potential, quantum, field, basis)
    momentum = basis.angular_momentum()
    mirrored = field == 0.0 and not np.any(matrix.data.imag)  # y -> -y turns the block l into -l
    results = []
    for block in range(max(symmetry, 1)):
        if mirrored and 2 * block > symmetry > 2:
            energies, states = results[symmetry - block]
            results.append((energies, states[basis.mirror()]))
            continue
        inside = np.flatnonzero(momentum % symmetry == block) if symmetry else np.arange(len(momentum))
        part = matrix[inside][:, inside]
        energies, vectors = lowest_states(
            part, min(count, len(inside) - 2), multiplets=symmetry < 2, floor=potential.floor
        )
        states = np.zeros((len(momentum), len(energies)), dtype=vectors.dtype)
        states[inside] = vectors
        results.append((energies, states))
    return results


def lowest_states(
    matrix, count: int, *, multiplets: bool = False, floor: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """(energies, states) of the lowest levels of a sparse Hermitian matrix, by shift and invert below its spectrum.

    Rounding is that of the lowest levels, not of the largest: splittings of 1e-14 survive. multiplets : look for
    members of exact multiplets that Lanczos has lost; not needed where symmetry forbids them. floor : an energy that no
    level lies below.
    """
    from scipy.sparse import identity
    from scipy.sparse.linalg import LinearOperator, eigsh, splu

    matrix = matrix.real if not np.any(matrix.data.imag) else matrix
    size, start = matrix.shape[0], np.random.default_rng(2).normal(size=matrix.shape[0])
    operator: Any = LinearOperator
    inverse = splu((matrix + (SHIFT - floor) * identity(size)).tocsc())
    states = np.zeros((size, 0), dtype=matrix.dtype)
    values, wanted = np.zeros(0), min(count + 3, size - 1)
    while True:
        known, weights = states, values

        def solve(vector, known=known, weights=weights):
            return inverse.solve(np.asarray(vector, dtype=matrix.dtype)) - known @ (weights * (known.conj().T @ vector))

        eigenvalues, vectors = eigsh(operator((size, size), solve, dtype=matrix.dtype), k=wanted, which="LM", v0=start)
        last = np.sort(values)[::-1][count - 1] if len(values) else 0.0
        if not len(values) or eigenvalues[0] > last * (1.0 + 1e-13):
            values, states = np.concatenate([values, eigenvalues]), np.hstack([states, vectors])
        if not multiplets or (wanted == 1 and eigenvalues[0] <= last * (1.0 + 1e-13)):
            order = np.argsort(-values)[:count]
            return 1.0 / values[order] - SHIFT + floor, states[:, order]
        wanted = 1


def hamiltonian(potential: MultiWell, quantum: float, field: float, basis: CircularBasis):
    """(sparse Hamiltonian in the basis, n of its symmetry axis)."""
    from scipy import sparse

    terms = circular_terms(potential.polynomial())
    symmetry = rotational_symmetry(terms)
    plus, minus = basis.states()
    radial = 0.125 * (quantum * field) ** 2 - 0.5 * (quantum * basis.width) ** 2
    terms = terms | {(1, 1): terms.get((1, 1), 0.0) + radial}
    diagonal = quantum**2 * (basis.width * (plus + minus + 1.0) - 0.5 * field * (plus - minus))
    return (basis.operator(terms) + sparse.diags(diagonal)).tocsr(), symmetry


def _by_basis(potential, quantum, field, count):
    field = real_number("field of a plane potential", field)
    solved = []
    for share in (1.0, 0.875):
        basis = natural_basis(potential, quantum, share)
        blocks = block_states(potential, quantum, field, basis, count)
        solved.append(np.sort(np.concatenate([energies for energies, _ in blocks]))[:count])
        if share == 1.0:
            size = len(basis.angular_momentum())
            lowest = np.array([energies[0] for energies, _ in blocks]) if len(blocks) > 1 else None
    return WellLevels(solved[0], float(np.max(np.abs(solved[0] - solved[1]))), "basis", size, lowest)


def _by_grid(potential, quantum, field, count, given):
    if given is not None:
        half_width, points = given
        grids = [square_grid(potential, half_width, points), square_grid(potential, half_width, round(0.875 * points))]
    else:
        grids = [grid_for(potential, quantum), grid_for(potential, quantum, finer=0.875)]
    (fine, states, _), (coarse, _, _) = (grid_states(potential, quantum, field, grid, count) for grid in grids)
    return WellLevels(fine, float(np.max(np.abs(fine - coarse))), "grid", len(states))


def grid_of(potential: MultiWell, quantum: float, grid: tuple[float, int] | None, finer: float = 1.0) -> WaveGrid:
    """The grid asked for, or the natural one."""
    return grid_for(potential, quantum, finer) if grid is None else square_grid(potential, *grid)
