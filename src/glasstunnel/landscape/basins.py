"""Valleys inside one basin: local minima of the energy on a sphere around a minimum, and whether they could tunnel.

The idea that valleys are "local minima within the basin of an inherent structure" [002, Sec. 8] is empty as it stands,
for a local minimum has a basin of its own. Its testable form: local minima on the sphere |x - x0| = r.
"""

from dataclasses import dataclass

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.landscape.configuration import Configuration, check_status, energy, normal_modes
from glasstunnel.landscape.harvesting import rigid_motions
from glasstunnel.landscape.matching import distance
from glasstunnel.landscape.samples import quench

#: Two directions are the same valley when their dot product exceeds this.
SAME_DIRECTION = 0.97


@dataclass(frozen=True, eq=False)
class Valleys:
    """Valleys at one radius [sigma], lowest first: directions (valleys, atoms, 3), energies above the minimum [eps].

    returned : how many quench back to the minimum they surround. starts : searches made (the number is a lower bound).
    """

    radius: float
    directions: np.ndarray
    energies: np.ndarray
    returned: int
    starts: int

    def __len__(self):
        return len(self.energies)


def valleys(minimum: Configuration, radius: float, starts: int = 30, seed: int = 0, tolerance: float = 1e-4,
            limit: int = 2000, check_return: bool = True) -> Valleys:
    """`Valleys` of a quenched minimum at a radius, from + and - its softest modes and random combinations of them.

    In the harmonic limit there are exactly two, + and - the softest mode, and not one per coordinate.
    """
    from glasstunnel.landscape.engine import algorithms

    if not (radius > 0 and starts >= 2):
        raise ParameterError(f"valleys need a positive radius and two starts or more, got {radius!r} and {starts!r}")
    field = minimum.field()
    run = algorithms(field)
    soft = _soft_modes(minimum, count=8)
    random, bottom = np.random.default_rng(seed), energy(minimum)
    first = [sign * mode for mode in soft for sign in (1.0, -1.0)][:starts]
    mixed = [np.tensordot(random.normal(size=len(soft)), soft, axes=1) for _n in range(starts - len(first))]
    found, heights = [], []
    for direction in [*first, *mixed]:
        x, value, force = minimum.positions + 1e-2 * direction, 0.0, 0.0
        for _twice in range(2):  # again from beside it: the force vanishes at saddles of the sphere too
            off = random.normal(size=direction.shape)
            x += 0.1 * np.linalg.norm(x - minimum.positions) * off / np.linalg.norm(off)
            value, force, _steps = run.minimize_on_sphere(field, 0, minimum.positions.copy(), x, float(radius),
                                                          rigid_motions(minimum), tolerance, limit)  # fmt: skip
        arm = (x - minimum.positions) / radius
        known = any(np.sum(arm * other) > SAME_DIRECTION for other in found)
        if force <= 10 * tolerance and not known:
            found.append(arm)
            heights.append(value - bottom)
    check_status(field, minimum)
    order = np.argsort(heights, kind="stable")
    directions = np.array([found[n] for n in order]).reshape(-1, *minimum.positions.shape)
    ends = [minimum.moved(minimum.positions + radius * arm) for arm in directions] if check_return else []
    back = sum(distance(minimum, quench(end)) < 0.05 for end in ends)
    return Valleys(float(radius), directions, np.array(heights)[order], int(back), starts)


def _soft_modes(minimum, count):
    values, vectors = normal_modes(minimum)
    free = vectors[:, minimum.zero_modes :] if minimum.zero_modes else vectors
    return free[:, : min(count, free.shape[1])].T.reshape(-1, *minimum.positions.shape)


@dataclass(frozen=True)
class ValleyVerdict:
    """Whether two opposite valleys of a minimum form a tunneling system: levels on the line through them [eps].

    ratio : (E1 - E0)/(E2 - E1); a tunneling system has a small one. reached : the zero-point level lies above the
    energy of the valleys. passes : E1 - E0 below a tenth of the well's quantum, with two wells.
    """

    radius: float
    height: float
    zero_point: float
    ratio: float
    reached: bool
    passes: bool


def valley_verdict(minimum: Configuration, found: Valleys, hbar: float, points: int = 41) -> ValleyVerdict:
    """The quantum criterion for the lowest valley of a minimum, on the straight line from - to + its direction.

    A line is the least that tunneling between valleys would need; energies across it are not relaxed.
    """
    from glasstunnel.landscape.engine import algorithms
    from glasstunnel.landscape.quantum import TWO_LEVEL, double_well_levels

    if not len(found):
        raise ParameterError("no valley was found at this radius; take more starts")
    field = minimum.field()
    run, out, arm = algorithms(field), np.empty_like(minimum.positions), found.directions[0]
    s = np.linspace(-1.5 * found.radius, 1.5 * found.radius, points)
    V = np.array([run.evaluate(field, 0, minimum.positions + step * arm, out) for step in s])
    levels = double_well_levels((s, V), hbar=hbar, method="L0")
    first, second = levels.levels[1] - levels.levels[0], levels.levels[2] - levels.levels[1]
    height = float(found.energies[0])
    return ValleyVerdict(found.radius, height, float(levels.levels[0]), float(first / second),
                         bool(levels.levels[0] > height), bool(levels.kind == TWO_LEVEL and first < 0.1 * second))


def quartic_pairs(stiffness: float, cubic: float, quartic: float) -> tuple[bool, bool]:
    """(a second stationary pair exists, a second minimum that is lower or equal exists) for k, t, q of a soft mode.

    V = k s^2/2 + t s^3/6 + q s^4/24 along a nonlinear mode: 3 t^2 > 8 k q, and t^2 >= 3 k q (equality: a symmetric
    double well).

    >>> quartic_pairs(1.0, 1.7, 1.0), quartic_pairs(1.0, 3.0**0.5 + 1e-9, 1.0), quartic_pairs(1.0, 1.0, 1.0)
    ((True, False), (True, True), (False, False))
    """
    if not (stiffness > 0 and quartic > 0):
        raise ParameterError("quartic_pairs needs a positive stiffness and quartic term")
    return 3.0 * cubic**2 > 8.0 * stiffness * quartic, cubic**2 >= 3.0 * stiffness * quartic
