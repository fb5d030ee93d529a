"""Rings of any number of wells, the closed forms of four wells, and the two-well minimal system."""

import math
from typing import NamedTuple

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import finite, real_numbers
from glasstunnel.systems.anomalous.effective.integrals import doublet_density
from glasstunnel.systems.wells import four_well_levels


class RingDoublet(NamedTuple):
    """Lowest two levels of a ring: their gap, and sum |d01|^2 over the two axes of the plane in units p^2."""

    gap: float
    strength: float


def ring_spectrum(energies, amplitude: float, phase: float) -> tuple[np.ndarray, np.ndarray]:
    """(levels (n,), states (n, n)) of n wells on a regular polygon, hopping D0 exp(i phi/n) between neighbors.

    energies : (n,), n >= 3. amplitude : D0 of the Hamiltonian, not rescaled. phase : around the ring [rad].
    """
    finite(energies=energies)
    real_numbers("ring_spectrum", amplitude=amplitude, phase=phase)
    E = np.asarray(energies, dtype=float)
    if E.ndim != 1 or len(E) < 3 or not np.all(np.isfinite(E)) or not math.isfinite(amplitude * phase):
        raise ParameterError(f"ring: needs three or more finite well energies, amplitude and phase, got {energies!r}")
    index = np.arange(len(E))
    matrix = np.diag(E).astype(complex)
    matrix[index, (index + 1) % len(E)] += amplitude * np.exp(1j * phase / len(E))
    matrix[(index + 1) % len(E), index] += amplitude * np.exp(-1j * phase / len(E))
    levels, states = np.linalg.eigh(matrix)
    return levels, states


def ring_doublet(energies, amplitude: float, phase: float) -> RingDoublet:
    """`RingDoublet` of n wells by diagonalization; well i carries the dipole p (cos 2 pi i/n, sin 2 pi i/n)."""
    finite(energies=energies)
    real_numbers("ring_doublet", amplitude=amplitude, phase=phase)
    levels, states = ring_spectrum(energies, amplitude, phase)
    corners = np.exp(2j * math.pi * np.arange(len(levels)) / len(levels))
    elements = [abs(np.vdot(states[:, 0], part * states[:, 1])) ** 2 for part in (np.real(corners), np.imag(corners))]
    return RingDoublet(float(levels[1] - levels[0]), float(sum(elements)))


def odd_ring_doublet(energies, amplitude: float, phase: float) -> RingDoublet:
    """Closed form for odd n, D0 > 0, small asymmetries and phases  [002, Eq. 45, corrected for n > 3].

    gap = hypot(2 |Ehat|, w), Ehat = (1/n) sum E_j exp(2 pi i j/n), w = 4 D0 sin(pi/n) sin(phi/n), and
    sum |d01|^2 = (p^2/4)(1 + w^2/gap^2) for every odd n. An even ring has no ground doublet: `ParameterError`.

    >>> from glasstunnel.origins import odd_ring_doublet
    >>> round(odd_ring_doublet([1e-3, 0.0, -1e-3], 1.0, 0.0).strength, 12)
    0.25
    """
    finite(energies=energies)
    real_numbers("odd_ring_doublet", amplitude=amplitude, phase=phase)
    E = np.asarray(energies, dtype=float)
    if E.ndim != 1 or len(E) < 3 or len(E) % 2 == 0 or not amplitude > 0.0:
        raise ParameterError(
            "odd_ring_doublet: a ground doublet needs an odd number of wells and an amplitude > 0, got "
            f"{len(E) if E.ndim else 0} wells and {amplitude!r}"
        )
    n = len(E)
    uneven = abs(np.mean(E * np.exp(2j * math.pi * np.arange(n) / n)))
    width = 4.0 * amplitude * math.sin(math.pi / n) * math.sin(phase / n)
    gap = math.hypot(2.0 * uneven, width)
    if gap == 0.0:
        raise ParameterError("odd_ring_doublet: equal wells without flux have an exact doublet; no dipole is defined")
    return RingDoublet(gap, 0.25 * (1.0 + (width / gap) ** 2))


def printed_ring_strength(count: int, gap: float, flux_energy: float) -> float:
    """sum |d01|^2/p^2 that 002 Eq. 45 implies, n/(n-1) ((n-2) E^2 + D0^2 phi^2)/(6 E^2): right for n = 2 and 3 only."""
    real_numbers("printed_ring_strength", count=count, gap=gap, flux_energy=flux_energy)
    return count / (count - 1.0) * ((count - 2.0) * gap**2 + flux_energy**2) / (6.0 * gap**2)


def four_well_closed_form(energies, amplitude: float, phase: float, limit: str) -> np.ndarray:
    """The four levels in a closed form of 004, ascending, (4,); an approximation, or exact where it says so.

    limit : "sides" : 004 Eq. 38, hopping along the sides only; drops the odd term and E1 E2 E3 E4.
    "diagonals" : 004 Eq. 40, hopping along the diagonals only, with the same terms dropped.
    "pairs" : diagonals only, exact: two independent double wells, (E1 + E3)/2 +- hypot((E1 - E3)/2, D2 cos(phi/2)).
    `ParameterError` for a sum of energies other than zero (the forms assume it) and where a root turns complex.

    >>> from glasstunnel.origins import four_well_closed_form
    >>> four_well_closed_form([0.01, -0.02, 0.015, -0.005], 1.0, 0.4, "sides").round(10).tolist()
    [-1.9900634538, -0.2000561172, 0.2000561172, 1.9900634538]
    """
    finite(energies=energies)
    real_numbers("four_well_closed_form", amplitude=amplitude, phase=phase)
    E = np.asarray(energies, dtype=float)
    if E.shape != (4,) or abs(E.sum()) > 1e-9 * max(np.abs(E).max(initial=0.0), abs(amplitude)) or not amplitude:
        raise ParameterError("four_well_closed_form: four energies that sum to zero and an amplitude are needed")
    if limit == "pairs":
        hop = amplitude * math.cos(0.5 * phase)
        pairs = [(0.5 * (E[i] + E[i + 2]), math.hypot(0.5 * (E[i] - E[i + 2]), hop)) for i in (0, 1)]
        return np.sort([mean + sign * half for mean, half in pairs for sign in (1.0, -1.0)])
    if limit not in ("sides", "diagonals"):
        raise ParameterError(f"four_well_closed_form: limit must be 'sides', 'diagonals' or 'pairs', got {limit!r}")
    e = E / amplitude
    products = -0.5 * np.sum(e**2)  # sum over pairs, for a vanishing sum
    if limit == "sides":
        middle = 4.0 - products
        under = middle**2 + 4.0 * (e[0] + e[2]) * (e[1] + e[3]) + 8.0 * (math.cos(phase) - 1.0)
    else:
        square = math.cos(0.5 * phase) ** 2
        middle = 2.0 * square - products
        under = middle**2 + 4.0 * (e[0] * e[2] + e[1] * e[3]) - 4.0 * square**2
    under = 0.0 if abs(under) < 1e-12 * middle**2 else under
    split = math.sqrt(max(under, 0.0))
    squares = np.array([middle - split, middle + split])
    if under < 0.0 or np.any(squares < -1e-12 * abs(middle)):
        raise ParameterError(f"four_well_closed_form: the form for {limit} has no real levels at these values")
    roots = abs(amplitude) * np.sqrt(np.clip(squares, 0.0, None) / 2.0)
    return np.sort(np.concatenate([roots, -roots]))


def four_well_error(energies, amplitude: float, phase: float, limit: str) -> float:
    """Largest deviation of a level of `four_well_closed_form` from the exact one, in the unit of the energies."""
    finite(energies=energies)
    sides, diagonals = (amplitude, 0.0) if limit == "sides" else (0.0, amplitude)
    exact = four_well_levels(energies, sides, diagonals, phase)
    return float(np.max(np.abs(four_well_closed_form(energies, amplitude, phase, limit) - exact)))


def two_well_density_of_states(E, asymmetry_min: float, amplitude_min: float, amplitude_max: float):
    """Density of states of the two-well minimal system per P*, (...)  [004, after Eq. 6].

    With P*/(D0 sqrt(E1^2 + E2^2)), E1 = -E2 = Delta/2 and Delta0 = 2 D0, the measure is sqrt2 P* dln Delta dln Delta0
    and the gap hypot(Delta, Delta0): the density of the three-well system with D0 phi replaced by Delta0, which no
    field moves. asymmetry_min : of Delta; amplitude_min, amplitude_max : of Delta0; one unit of energy, in which the
    result is inverse.

    >>> from glasstunnel.origins import two_well_density_of_states
    >>> round(float(two_well_density_of_states(0.8, 0.1, 0.2, 0.5)), 5)
    2.00055
    """
    finite(E=E)
    real_numbers("two_well_density_of_states", asymmetry_min=asymmetry_min, amplitude_min=amplitude_min,
                 amplitude_max=amplitude_max)  # fmt: skip
    if not (0.0 < asymmetry_min and 0.0 < amplitude_min < amplitude_max < math.inf):
        raise ParameterError("two_well_density_of_states: cutoffs must be positive and ascending")
    E = np.asarray(E, dtype=float)
    return math.sqrt(2.0) * doublet_density(E, asymmetry_min, amplitude_min, amplitude_max)
