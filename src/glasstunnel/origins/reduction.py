"""From a potential to the few-well Hamiltonian of the papers: well energies, amplitudes, loop phase, flux area.

The three (or four) lowest states are projected on states localized in the wells (Loewdin): H_ij, with the well energies
on the diagonal. In a symmetric well this is the discrete Fourier transform of the lowest levels of the blocks l mod n,
tau = (1/n) sum_k E_k exp(2 pi i k/n), free of any choice of gauge: t = tau without field, the phase around the loop is
n arg(tau/t). Three levels can always be written so; what 002 Eq. 6 claims is that |tau| and the mean level do not
depend on the field and that the phase is proportional to it. `WellReduction` says how far that is true.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import real_number
from glasstunnel.origins.circular_basis import circular_terms, rotational_symmetry
from glasstunnel.origins.levels import block_states, check_quantum, grid_of, hamiltonian, lowest_states, natural_basis
from glasstunnel.origins.potentials import MultiWell, check_potential, enclosed_area
from glasstunnel.origins.wave_grid import grid_states
from glasstunnel.records import brief


@dataclass(frozen=True)
class WellReduction:
    """The few-well Hamiltonian of a potential and what it neglects; energies in units of the barrier, areas of a^2.

    hopping : H_ij, (wells, wells), complex Hermitian; its eigenvalues are the lowest levels exactly. field : b at which
    it stands. still : H_ij of the untilted potential without field. slope : d(loop phase)/db without field, the flux
    area S. next_level : distance from the mean of the wells to the next level, `next_count` fold. shift_curvature :
    d^2(mean)/db^2, the common diamagnetism of the wells, which no few-well Hamiltonian contains. change : relative
    change of the amplitude with the size of the calculation; in a field also of the levels, over the amplitude. Phases
    and sign of the amplitude are computed, not assumed.
    """

    potential: MultiWell
    quantum: float
    field: float
    hopping: np.ndarray
    still: np.ndarray
    slope: float
    next_level: float
    next_count: int
    shift_curvature: float
    positions: np.ndarray
    change: float

    __repr__ = brief

    @property
    def energies(self) -> np.ndarray:
        """E_i about their mean, (wells,)."""
        diagonal = np.real(np.diag(self.hopping))
        return diagonal - diagonal.mean()

    @property
    def mean(self) -> float:
        return float(np.mean(np.real(np.diag(self.hopping))))

    @property
    def amplitudes(self) -> np.ndarray:
        """Mean t between wells 1, 2, ... places apart, (wells - 1,), with the sign they have without field."""
        return _strengths(self.hopping, self.still)

    @property
    def amplitude(self) -> float:
        """t between neighboring wells; negative for one particle in a potential (node-free ground state)."""
        return float(self.amplitudes[0])

    @property
    def phase(self) -> float:
        """Phase around the loop of the wells, relative to that without field [rad], up to n pi for n wells."""
        return _loop_phase(self.hopping, self.still)

    @property
    def area(self) -> float:
        """Flux area S in a^2: d(phase)/db without field."""
        return self.slope

    @property
    def area_ratio(self) -> float:
        """S over the area of the polygon (in three dimensions: the face) of the wells."""
        wells = self.potential.wells
        return self.slope / enclosed_area(wells if self.potential.dimension == 2 else wells[:3])

    @property
    def kinetic_constant(self) -> float:
        """c1 in D0|q/e|S = c1 |q/e| hbar^2/(M k_B), with the rescaled D0 = (2/sqrt3)|t|.

        In a symmetric triple well it is exactly the angular momentum of the circulating pair, in hbar.
        """
        still = abs(float(_strengths(self.still, self.still)[0]))
        return 2.0 / math.sqrt(3.0) * still * abs(self.slope) / self.quantum**2

    @property
    def diamagnetic_shift(self) -> float:
        """Common shift of the wells at this field to lowest order."""
        return 0.5 * self.shift_curvature * self.field**2

    def temperature_range(self, tolerance: float = 0.01) -> float:
        """T below which the left-out levels hold less than `tolerance` of the partition function, k_B T in barriers."""
        _check_tolerance(tolerance)
        weight = self.next_count / (tolerance * len(self.hopping))
        return self.next_level / math.log(weight) if weight > 1.0 else math.inf

    def field_range(self, tolerance: float = 0.01) -> float:
        """Largest b at which fixed t and S give |t|, phase and lowest gap to `tolerance`; plane symmetric wells only.

        The phase there is `field_range() * area`. The common shift of the wells is not part of the criterion.
        """
        _check_tolerance(tolerance)
        return _largest_field(self, tolerance)

    @cached_property
    def levels(self) -> np.ndarray:
        return np.linalg.eigvalsh(self.hopping)

    def __str__(self):
        wells = self.potential.name
        return (
            f"{wells}, hbar/(a sqrt(M V0)) = {self.quantum:g}: t = {self.amplitude:.6e} V0, flux area {self.area:.4f} "
            f"a^2 ({self.area_ratio:.3f} of the polygon), next level {self.next_level:.4f} V0 up; t converged to "
            f"{self.change:.1e} of itself"
        )


def reduce_to_wells(
    potential: MultiWell, quantum: float, field: float = 0.0, *, grid: tuple[float, int] | None = None
) -> WellReduction:
    """`WellReduction` of a potential: the Hamiltonian of 002 Eq. 6 with everything in it computed.

    quantum : hbar/(a sqrt(M V0)). field : b = q B a^2/hbar, across the plane of the (first three) wells. grid : (half
    width, points) where the grid is used: potentials that are no polynomial with one well per turn of its axis.
    `ParameterError` for bad input, or where t is not converged to a tenth.

    >>> from glasstunnel.origins import triple_well, reduce_to_wells
    >>> reduced = reduce_to_wells(triple_well(1.0), 0.3)
    >>> print(f"{reduced.amplitude:.6e} {reduced.area_ratio:.5f} {reduced.kinetic_constant:.3f}")
    -1.839133e-02 0.57755 0.177
    """
    check_potential(potential)
    check_quantum(quantum)
    field = real_number("reduce_to_wells: field", field)
    reduce = _reduce_by_basis if grid is None and has_ring_symmetry(potential) else _reduce_by_grid
    reduced = reduce(potential, quantum, field, grid)
    if reduced.change > 0.1:
        raise ParameterError(
            f"{potential.name}: t = {reduced.amplitude:.1e} V0 is only known to {reduced.change:.0%}; "
            "take a larger quantum number or a finer grid"
        )
    return reduced


def has_ring_symmetry(potential: MultiWell) -> bool:
    """True for a plane polynomial whose wells are the turns of the first one around the symmetry axis."""
    if potential.terms is None or potential.dimension != 2:
        return False
    count = len(potential.wells)
    corners = np.array(potential.wells) @ [1.0, 1.0j]
    turned = corners[0] * np.exp(2j * np.pi * np.arange(count) / count)
    symmetry = rotational_symmetry(circular_terms(potential.symmetric.polynomial()))
    return count >= 3 and symmetry == count and np.allclose(corners, turned, atol=1e-6)


def ring_amplitudes(block_levels: np.ndarray) -> np.ndarray:
    """tau_m = (1/n) sum_k E_k exp(2 pi i k m/n) for m = 0 ... n-1 from the lowest levels of the blocks l mod n."""
    return np.fft.ifft(np.asarray(block_levels, dtype=float))


def block_levels(potential: MultiWell, quantum: float, field: float, share: float = 1.0) -> np.ndarray:
    """Lowest level of each block l mod n of a symmetric plane polynomial, (n,)."""
    states = block_states(potential.symmetric, quantum, field, natural_basis(potential, quantum, share), 1)
    return np.array([energies[0] for energies, _ in states])


def _reduce_by_basis(potential, quantum, field, _):
    count = len(potential.wells)
    basis = natural_basis(potential, quantum)
    blocks = block_states(potential.symmetric, quantum, 0.0, basis, 2)
    lowest = np.array([energies[0] for energies, _ in blocks])
    tau = ring_amplitudes(lowest)
    momentum = np.array([np.sum(basis.angular_momentum() * np.abs(states[:, 0]) ** 2) for _, states in blocks])
    # Hellmann-Feynman: dE_k/db = -(quantum^2/2) <L>_k, and the phase is n Im(tau'/t)
    slope = count * float((ring_amplitudes(-0.5 * quantum**2 * momentum)[1] / tau[1].real).imag)
    following = np.sort([energies[1] for energies, _ in blocks])
    smaller = ring_amplitudes(block_levels(potential, quantum, 0.0, 0.875))[1].real
    rounding = 1e-15 * lowest.max()
    moved = max(abs(float(smaller - tau[1].real)), basis_change(potential, quantum, field) if field else 0.0)
    hopping = _localized_hopping(potential, quantum, field, basis)
    return WellReduction(
        potential, quantum, field, hopping, _circulant(tau), slope, float(following[0] - lowest.mean()),
        int(np.sum(following < following[0] + 1e-8)), _shift_curvature(potential, quantum, lowest.mean()),
        _centers(basis, blocks), (moved + rounding) / abs(float(tau[1].real)),
    )  # fmt: skip


def basis_change(potential: MultiWell, quantum: float, field: float) -> float:
    """Largest change of the lowest level of a block between two bases in a field, in barriers."""
    full, smaller = (block_levels(potential, quantum, field, share) for share in (1.0, 0.875))
    return float(np.max(np.abs(full - smaller)))


def _circulant(tau):
    """H_ij = tau_(i-j): hopping to the next well carries exp(+i phase/n)."""
    places = np.subtract.outer(np.arange(len(tau)), np.arange(len(tau))) % len(tau)
    return tau[places]


def _localized_hopping(potential, quantum, field, basis):
    """H_ij in the states localized by the symmetric problem in the same field."""
    count = len(potential.wells)
    if potential.tilt is None:
        levels = [energies[0] for energies, _ in block_states(potential, quantum, field, basis, 1)]
        return _circulant(ring_amplitudes(np.array(levels)))
    local = _localized_states(basis, block_states(potential.symmetric, quantum, field, basis, 1))
    matrix, _ = hamiltonian(potential, quantum, field, basis)
    energies, states = lowest_states(matrix, count, floor=potential.floor)
    return loewdin(energies, local.conj().T @ states)


def loewdin(energies: np.ndarray, overlaps: np.ndarray) -> np.ndarray:
    """Hamiltonian in the orthonormal states closest to the localized ones; overlaps <localized i|eigenstate k>."""
    left, sizes, right = np.linalg.svd(overlaps)
    if sizes.min() < 0.3:
        raise ParameterError(
            "reduce_to_wells: the lowest states do not live in the wells (a tilt or a field too strong, or a barrier "
            "too low); no few-well Hamiltonian describes them"
        )
    unitary = left @ right
    return (unitary * energies) @ unitary.conj().T


def _localized_states(basis, blocks):
    """(states, wells): sums of the lowest state of each block, their signs chosen so that z raises l positively."""
    states = [vectors[:, 0] for _, vectors in blocks]
    raising = basis.operator({(1, 0): 1.0})
    for k in range(1, len(states)):
        if (states[k] @ (raising @ states[k - 1])).real < 0.0:
            states[k] = -states[k]
    count = len(states)
    turns = np.exp(-2j * np.pi * np.outer(np.arange(count), np.arange(count)) / count)
    return np.array(states).T @ turns / math.sqrt(count)


def _centers(basis, blocks):
    """Mean positions of the localized states, (wells, 2)."""
    local = _localized_states(basis, blocks)
    centers = np.einsum("ij,ij->j", local.conj(), basis.operator({(1, 0): 1.0}) @ local)
    return np.column_stack([centers.real, centers.imag])


def _shift_curvature(potential, quantum, mean):
    """d^2(mean level)/db^2 at zero field, from two small fields."""
    small, large = (
        2.0 * (block_levels(potential, quantum, b).mean() - mean) / b**2 for b in (0.1, 0.2)
    )
    return float((4.0 * small - large) / 3.0)


def _reduce_by_grid(potential, quantum, field, grid):
    enclosed = enclosed_area(_loop(potential))
    if enclosed < 1e-9:
        raise ParameterError(f"{potential.name}: the wells enclose no area; for two wells use well_levels")
    b = 0.1 / enclosed
    still, following, degeneracy = _grid_hopping(potential.symmetric, quantum, 0.0, grid)
    weak = _grid_hopping(potential.symmetric, quantum, b, grid)[0]
    double = _grid_hopping(potential.symmetric, quantum, 2.0 * b, grid)[0]
    phases = _loop_phase(weak, still), _loop_phase(double, still)
    slope = (8.0 * phases[0] - phases[1]) / (6.0 * b)
    curvature = 2.0 * float(np.trace(weak - still).real) / len(still) / b**2
    coarser = (grid[0], round(grid[1] * 0.9)) if grid else None
    coarse = _grid_hopping(potential.symmetric, quantum, 0.0, coarser, 0.875)[0]
    strength = _strengths(still, still)[0]
    plain = field == 0.0 and potential.tilt is None
    hopping = still if plain else _grid_hopping(potential, quantum, field, grid)[0]
    moved = abs(float(_strengths(coarse, coarse)[0] - strength))
    if field:
        there = _grid_hopping(potential, quantum, field, coarser, 0.875)[0]
        moved = max(moved, float(np.max(np.abs(np.linalg.eigvalsh(hopping) - np.linalg.eigvalsh(there)))))
    return WellReduction(
        potential, quantum, field, hopping, still, float(slope), following, degeneracy, curvature,
        np.array(potential.wells), moved / abs(float(strength)),
    )  # fmt: skip


def _grid_hopping(potential, quantum, field, grid, finer=1.0):
    """(H_ij, distance to the next level, its degeneracy) on a grid, localized by projecting Gaussians at the wells."""
    count, corners = len(potential.wells), np.array(potential.wells)
    normal = _normal(potential)
    b = field * normal if potential.dimension == 3 else field
    points = grid_of(potential, quantum, grid, finer)
    energies, states, positions = grid_states(potential, quantum, b, points, count + 3)
    distance = positions[None, :, :] - corners[:, None, :]
    width = math.sqrt(float(np.prod(potential.curvatures())) ** (1.0 / potential.dimension))
    shapes = np.exp(-0.5 * width / quantum * np.sum(distance**2, axis=-1))
    spread = np.zeros((*positions.shape[:1], 3)), np.zeros((count, 3))
    spread[0][:, : potential.dimension], spread[1][:, : potential.dimension] = positions, corners
    at_wells = 0.5 * field * np.cross(normal, spread[1])
    shapes = shapes * np.exp(1j * at_wells @ spread[0].T)  # the gauge in which A vanishes at the well
    shapes = shapes / np.linalg.norm(shapes, axis=1)[:, None]
    hopping = loewdin(energies[:count], shapes.conj() @ states[:, :count])
    following = float(energies[count] - energies[:count].mean())
    return hopping, following, int(np.sum(energies[count:] < energies[count] + 1e-6))


def _loop(potential):
    """The wells around which the phase is taken: all in a plane, the first three in space."""
    return np.array(potential.wells if potential.dimension == 2 else potential.wells[:3])


def _normal(potential):
    if potential.dimension == 2:
        return np.array([0.0, 0.0, 1.0])
    first, second, third = _loop(potential)
    normal = np.cross(second - first, third - first)
    return normal / np.linalg.norm(normal)


def _strengths(hopping, still):
    """Mean |H_ij| for wells 1, 2, ... places apart with the sign of `still`; one value where all are neighbors."""
    count = len(hopping)
    index = np.arange(count)
    values = []
    for places in range(1, count):
        here, there = (matrix[(index + places) % count, index] for matrix in (hopping, still))
        values.append(np.mean(np.abs(here)) * np.sign(np.mean(there.real)))
    return np.array(values)


def _loop_phase(hopping, still):
    """Phase of H_21 H_32 ... H_1n relative to the one without field, for loops through the wells in order."""
    count = 3 if len(hopping) == 3 or _all_neighbors(still) else len(hopping)
    index = np.arange(count)
    steps = hopping[(index + 1) % count, index] / still[(index + 1) % count, index]
    if count == len(hopping) and np.allclose(steps, steps[0]):
        return float(count * np.angle(steps[0]))
    return float(np.angle(np.prod(steps)))


def _all_neighbors(still):
    """True for the tetrahedron, where every amplitude is the same."""
    off = np.abs(still[~np.eye(len(still), dtype=bool)])
    return bool(off.min() > 0.9 * off.max())


def _largest_field(reduced, tolerance):
    from scipy.optimize import brentq

    potential, quantum = reduced.potential, reduced.quantum
    if not has_ring_symmetry(potential):
        raise ParameterError(f"{potential.name}: field_range needs a symmetric plane polynomial")
    still = ring_amplitudes(block_levels(potential, quantum, 0.0, 0.875))[1].real

    def excess(b):
        return _field_error(block_levels(potential, quantum, b, 0.875), still, b * reduced.slope) - tolerance

    upper = 0.25 / abs(reduced.slope)
    while excess(upper) < 0.0:
        upper *= 1.4
    lower = upper / 1.4 if upper > 0.26 / abs(reduced.slope) else 1e-3 * upper
    root: Any = brentq(excess, lower, upper, xtol=1e-4 * upper)
    return float(root)


def _field_error(levels, still, phase):
    """Largest relative error of amplitude, phase and lowest gap if amplitude and area are taken as fixed."""
    count = len(levels)
    tau = ring_amplitudes(levels)[1]
    turns = 2.0 * math.pi * np.arange(count) / count
    ring = np.sort(2.0 * still * np.cos(phase / count - turns))
    exact = np.sort(levels)
    true_phase = count * float(np.angle(tau / still))
    gap = (exact[1] - exact[0]) / (ring[1] - ring[0])
    return max(abs(abs(tau / still) - 1.0), abs(true_phase / phase - 1.0), abs(gap - 1.0) if count == 3 else 0.0)


def _check_tolerance(tolerance):
    if not 0.0 < real_number("tolerance", tolerance) < 1.0:
        raise ParameterError(f"tolerance must lie between 0 and 1, got {tolerance!r}")
