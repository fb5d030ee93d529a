"""Candidate pairs of minima and the cheap features stored for each before any path is searched."""

from dataclasses import asdict, dataclass

import numpy as np

from glasstunnel.landscape.matching import moves
from glasstunnel.records import brief

#: Default cuts: |energy difference| [eps], chord and largest single displacement [sigma], smallest chord.
MAX_DIFFERENCE, MAX_CHORD, MAX_SINGLE, MIN_CHORD = 0.1, 2.0, 1.0, 0.02


@dataclass(frozen=True)
class Pair:
    """Two minima i < j of a harvest: features in reduced units.

    difference : E_j - E_i; chord : distance in 3N dimensions; largest : three largest single displacements;
    participation : (sum u^2)^2 / sum u^4, how many atoms move; mover : species of the atom that moves most;
    gyration : radius of gyration of u^2; visits : how often the two followed each other; exchange : permuted copies.
    """

    i: int
    j: int
    difference: float
    chord: float
    largest: tuple[float, float, float]
    participation: float
    mover: int
    gyration: float
    visits: int
    exchange: bool

    __repr__ = brief

    def to_dict(self):
        """Plain numbers for tables."""
        return asdict(self)


def participation(u):
    """(sum u^2)^2 / sum u^4 of a displacement field (atoms, 3): the number of atoms that share the motion.

    >>> import numpy as np
    >>> from glasstunnel.landscape import participation
    >>> participation(np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 0]]))
    2.0
    """
    square = np.sum(np.asarray(u) ** 2, axis=-1)
    total = float(np.sum(square))
    return total**2 / float(np.sum(square**2)) if total > 0 else 0.0


def pair_features(harvest, i, j, visits=0):
    """The `Pair` of minima i and j of a harvest (i < j)."""
    u = moves(harvest.minima[i], harvest.minima[j])
    square = np.sum(u**2, axis=1)
    top = np.sort(np.sqrt(square))[::-1]
    top = np.pad(top, (0, max(0, 3 - len(top))))
    center = int(np.argmax(square))
    box = harvest.glass.box
    arms = harvest.minima[i].positions - harvest.minima[i].positions[center]
    arms -= np.where(np.isfinite(box), box * np.rint(arms / np.where(np.isfinite(box), box, 1.0)), 0.0)
    weight = square / max(square.sum(), 1e-300)
    mean = weight @ arms
    return Pair(
        i, j, float(harvest.energies[j] - harvest.energies[i]), float(np.sqrt(square.sum())),
        (float(top[0]), float(top[1]), float(top[2])), participation(u), int(harvest.glass.types[center]),
        float(np.sqrt(weight @ np.sum((arms - mean) ** 2, axis=1))), int(visits),
        bool(harvest.structures[i] == harvest.structures[j]),
    )  # fmt: skip


def candidate_pairs(harvest, max_difference=MAX_DIFFERENCE, max_chord=MAX_CHORD):
    """(pairs to join, {reason: number} of what the cuts refused), consecutive visits first, then close energies.

    All consecutive pairs of the visit sequences are looked at, and all pairs close in energy and position.
    """
    seen = harvest.transitions()
    order = np.argsort(harvest.energies, kind="stable")
    near = set()
    for a, i in enumerate(order):
        for j in order[a + 1 :]:
            if harvest.energies[j] - harvest.energies[i] > max_difference:
                break
            near.add((int(min(i, j)), int(max(i, j))))
    kept, refused = [], {}
    for i, j in [*sorted(seen), *sorted(near - set(seen))]:
        pair = pair_features(harvest, i, j, seen.get((i, j), 0))
        reason = refusal(pair, max_difference, max_chord)
        if reason:
            refused[reason] = refused.get(reason, 0) + 1
        else:
            kept.append(pair)
    return kept, refused


def refusal(pair, max_difference, max_chord):
    """Why a pair is not searched for a saddle, or an empty string."""
    if abs(pair.difference) > max_difference:
        return "energy difference"
    if pair.exchange:
        return "exchange of equal atoms"
    if not MIN_CHORD <= pair.chord <= max_chord:
        return "chord"
    if pair.largest[0] > MAX_SINGLE and not pair.visits:
        return "single displacement"
    return ""
