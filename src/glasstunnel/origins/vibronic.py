"""A triple well on two electronic sheets (Jahn-Teller E x e): where a positive D0, a ground doublet, can come from.

H = p^2/2 + r^2/2 + k (z s+ + z* s-) + (g/2)(z*^2 s+ + z^2 s-) with z = x + i y, hbar = mass = frequency = 1, and s+-
acting on the two electronic states. The lower sheet has three wells; carried around the center, the electronic state
changes its sign, as if half a flux quantum threaded the loop. The levels belong to j = l - (1 for |+>) mod 3.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import real_number, whole_number
from glasstunnel.origins.circular_basis import CircularBasis
from glasstunnel.origins.levels import lowest_states


@dataclass(frozen=True)
class VibronicWell:
    """The lowest levels of a two-sheet triple well reduced to three wells; energies in hbar omega, areas in hbar/(M
    omega).

    doublet, single : E_E and E_A. amplitude : t = (E_A - E_E)/3, positive for a ground doublet. area : flux area of the
    loop, from the linear opening of the doublet for a charge that follows the coordinate; next_level : the level above
    the three; triangle : area of the triangle of the minima of the lower sheet; change : of the levels with the basis.
    """

    doublet: float
    single: float
    amplitude: float
    area: float
    next_level: float
    triangle: float
    change: float

    @property
    def ground_doublet(self) -> bool:
        return self.amplitude > 0.0


def vibronic_levels(linear: float, quadratic: float, field: float = 0.0, count: int = 6) -> np.ndarray:
    """The lowest levels of the two-sheet well in units of hbar omega, ascending, (count,)  [derived; see the module].

    linear : k >= 0. quadratic : g, |g| < 1, warps the trough into three wells. field : b = q B/(M omega), for a charge
    that moves with the coordinate. `ParameterError` for bad input.

    >>> from glasstunnel.origins import vibronic_levels
    >>> vibronic_levels(2.0, 0.2, count=3).round(9).tolist()
    [-1.65179127, -1.65179127, -1.580378226]
    """
    count = whole_number("vibronic_levels: count", count, 1, 60)
    blocks = _blocks(linear, quadratic, field, _quanta(linear, quadratic), count)
    return np.sort(np.concatenate([energies for energies, _ in blocks]))[:count]


def reduce_vibronic(linear: float, quadratic: float) -> VibronicWell:
    """`VibronicWell`: the three lowest levels of the two-sheet well as three wells  [002, Eq. 6, with a computed sign].

    `ParameterError` for bad input.

    >>> from glasstunnel.origins import reduce_vibronic
    >>> well = reduce_vibronic(2.0, 0.2)
    >>> print(f"{well.amplitude:+.10f} {well.ground_doublet}")
    +0.0238043478 True
    """
    quanta = _quanta(linear, quadratic)
    blocks = _blocks(linear, quadratic, 0.0, quanta, 2)
    lowest = np.array([energies[0] for energies, _ in blocks])
    smaller = np.array([e[0] for e, _ in _blocks(linear, quadratic, 0.0, round(0.875 * quanta), 2)])
    alone = _alone(lowest)
    single, doublet = lowest[alone], lowest[alone - 1]
    momentum = CircularBasis(quanta, 1.0).angular_momentum()
    circulation = abs(np.sum(np.tile(momentum, 2) * np.abs(blocks[alone - 1][1][:, 0]) ** 2))
    amplitude = (single - doublet) / 3.0
    # the pair splits by b <L>, and by 2 sqrt3 |t| sin(b S/3) in three wells
    area = 0.5 * math.sqrt(3.0) * circulation / abs(amplitude) if amplitude else math.inf
    radius = linear / (1.0 - abs(quadratic))
    following = float(np.min(np.concatenate([energies[1:] for energies, _ in blocks])))
    return VibronicWell(
        float(doublet), float(single), float(amplitude), float(area), following,
        0.75 * math.sqrt(3.0) * radius**2, float(np.max(np.abs(smaller - lowest))),
    )  # fmt: skip


def _alone(lowest):
    """Which of the three blocks is not one of the equal pair."""
    return int(np.argmax([abs(2.0 * lowest[k] - lowest[k - 1] - lowest[k - 2]) for k in range(3)]))


def _quanta(linear, quadratic):
    linear = real_number("two-sheet well: linear", linear)
    quadratic = real_number("two-sheet well: quadratic", quadratic)
    if not (0.0 <= linear <= 6.0 and abs(quadratic) <= 0.7):
        raise ParameterError(
            "two-sheet well: the linear coupling must lie between 0 and 6 and the quadratic one between -0.7 and 0.7 "
            f"(at 1 the sheet opens downward), got {linear!r} and {quadratic!r}"
        )
    return math.ceil(34.0 + 2.0 * (linear / (1.0 - abs(quadratic))) ** 2)


def _blocks(linear, quadratic, field, quanta, count):
    """[(energies, states)] for j = 0, 1, 2 mod 3; states in the basis |+>, then |->."""
    from scipy import sparse

    field = real_number("two-sheet well: field", field)
    basis = CircularBasis(quanta, 1.0)
    plus, minus = basis.states()
    momentum = plus - minus
    oscillator = sparse.diags(plus + minus + 1.0 - 0.5 * field * momentum) + basis.operator({(1, 1): 0.125 * field**2})
    coupling = basis.operator({(1, 0): linear, (0, 2): 0.5 * quadratic})
    matrix: Any = sparse.bmat([[oscillator, coupling], [coupling.conj().T, oscillator]]).tocsr()
    floor = 0.5 * linear**2 / (1.0 - abs(quadratic))  # no level lies below the sheet's minimum
    j = np.concatenate([momentum - 1, momentum]) % 3
    results = []
    for block in range(3):
        inside = np.flatnonzero(j == block)
        part = matrix[inside][:, inside]
        energies, vectors = lowest_states(part + floor * sparse.identity(len(inside)), count)
        states = np.zeros((len(j), len(energies)), dtype=vectors.dtype)
        states[inside] = vectors
        results.append((energies - floor, states))
    return results
