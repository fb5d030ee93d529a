"""Several particles through a barrier together: how the splitting depends on what is common, the mass or the barrier.

004 (below Eq. 40) takes Omega (Delta0/Omega)^sqrt(N) for N particles. That is right for N masses in *one* barrier V0;
if each particle brings its own barrier the action is N-fold and the exponent N. All in the quartic (x^2 - 1)^2, in
units of the barrier of one particle and of the distance of a minimum from the center.
"""

import math

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import real_number, real_numbers, whole_number
from glasstunnel.origins.double_wells import quartic_level_pair
from glasstunnel.origins.levels import solve_wells
from glasstunnel.origins.potentials import MultiWell


def rigid_cluster_splitting(count: int, quantum: float, barrier: str = "each") -> float:
    """Splitting of N particles bound rigidly together in the quartic double well, in barriers of one particle.

    quantum : hbar/(a sqrt(m V0)) of one particle. barrier : "each" (N masses, N barriers) or "common" (N masses, one).
    `ParameterError` for bad input or where the splitting is lost in rounding.

    >>> from glasstunnel.origins import rigid_cluster_splitting
    >>> print(f"{rigid_cluster_splitting(2, 0.3):.5e} {rigid_cluster_splitting(2, 0.3, 'common'):.5e}")
    2.64720e-05 5.99207e-04
    """
    whole_number("rigid_cluster_splitting: count", count, 1, 10**6)
    real_numbers("rigid_cluster_splitting", quantum=quantum)
    if barrier not in ("each", "common"):
        raise ParameterError(f"rigid_cluster_splitting: barrier must be 'each' or 'common', got {barrier!r}")
    even, odd = quartic_level_pair(quantum, mass=float(count), height=float(count) if barrier == "each" else 1.0)
    return odd - even


def coupled_pair_splitting(spring: float, quantum: float) -> float:
    """Splitting of two particles in the quartic double well with the spring energy K (x1 - x2)^2/2 between them.

    From one particle's splitting at K = 0 to that of the rigid pair for a stiff spring. `ParameterError` for bad input.

    >>> from glasstunnel.origins import coupled_pair_splitting
    >>> print(f"{coupled_pair_splitting(4.0, 0.3):.5e}")
    8.36591e-05
    """
    if not 0.0 <= real_number("coupled_pair_splitting: spring", spring) <= 1e3:
        raise ParameterError(f"coupled_pair_splitting: spring must lie between 0 and 1000, got {spring!r}")
    solved = solve_wells(_pair(spring), quantum, count=2)
    gap = float(solved.energies[1] - solved.energies[0])
    if solved.change > 0.01 * gap:
        raise ParameterError(
            f"coupled_pair_splitting: {gap:.1e} is known to {solved.change:.1e} only; lower the spring"
        )
    return gap


def _pair(spring):
    """(x^2 - 1)^2 + (y^2 - 1)^2 + K (x - y)^2/2 as a plane potential with wells at x = y = +-1."""
    terms = (
        ((0, 0), 2.0), ((2, 0), -2.0 + 0.5 * spring), ((0, 2), -2.0 + 0.5 * spring), ((4, 0), 1.0), ((0, 4), 1.0),
        ((1, 1), -spring),
    )  # fmt: skip
    return MultiWell("two coupled double wells", ((1.0, 1.0), (-1.0, -1.0)), terms)


def root_law(count: int, splitting: float, attempt: float) -> float:
    """Omega (Delta0/Omega)^sqrt(N): 004's law, for N masses in one common barrier, to leading exponential order."""
    real_numbers("root_law", count=count, splitting=splitting, attempt=attempt)
    if not 0.0 < splitting < attempt < math.inf:
        raise ParameterError(
            f"root_law: the splitting must lie between 0 and the attempt energy, got {splitting!r} and {attempt!r}"
        )
    return attempt * (splitting / attempt) ** math.sqrt(count)
