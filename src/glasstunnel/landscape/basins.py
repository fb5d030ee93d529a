"""Valleys inside one basin: local minima of the energy on a sphere around a minimum, and whether they could tunnel.

The idea that valleys are "local minima within the basin of an inherent structure" [002, Sec. 8] is empty as it stands,
for a local minimum has a basin of its own. Its testable form: local minima on the sphere |x - x0| = r.
"""

from dataclasses import dataclass, replace

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.landscape.configuration import Configuration, check_status, energy, normal_modes
from glasstunnel.landscape.harvesting import rigid_motions
from glasstunnel.landscape.matching import distance
from glasstunnel.landscape.samples import quench
from glasstunnel.records import brief

#: Two directions are the same valley when their dot product exceeds this.
SAME_DIRECTION = 0.97


@dataclass(frozen=True, eq=False)
class Valleys:
    """Valleys at one radius [sigma], lowest first: directions (valleys, atoms, 3), energies above the minimum [eps].

    inside : whether each quenches back to the minimum it surrounds (all False where that was not asked); starts :
    searches made (the number is a lower bound).
    """

    radius: float
    directions: np.ndarray
    energies: np.ndarray
    inside: np.ndarray
    starts: int

    __repr__ = brief

    def __len__(self):
        return len(self.energies)

    @property
    def returned(self) -> int:
        """How many quench back to the minimum they surround."""
        return int(np.sum(self.inside))

    def inside_basin(self) -> "Valleys":
        """Only the valleys that quench back: the others belong to a neighboring minimum."""
        return replace(self, directions=self.directions[self.inside], energies=self.energies[self.inside],
                       inside=self.inside[self.inside])  # fmt: skip


def valleys(minimum: Configuration, radius: float, starts: int = 30, seed: int = 0, *, tolerance: float = 1e-4,
            limit: int = 2000, check_return: bool = True) -> Valleys:
    """`Valleys` of a quenched minimum at a radius, from + and - its softest modes and random combinations of them.

    In the harmonic limit there are exactly two, + and - the softest mode, and not one per coordinate.
    """
    from glasstunnel.landscape.engine import algorithms
    from glasstunnel.landscape.engine.records import Sphere, Until

    if not (radius > 0 and starts >= 2):
        raise ParameterError(f"valleys need a positive radius and two starts or more, got {radius!r} and {starts!r}")
    field = minimum.field()
    run, sphere = algorithms(field), Sphere(minimum.positions.copy(), float(radius), rigid_motions(minimum))
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
            value, force, _steps = run.minimize_on_sphere(field, 0, x, sphere, Until(float(tolerance), int(limit)))
        arm = (x - minimum.positions) / radius
        known = any(np.sum(arm * other) > SAME_DIRECTION for other in found)
        if force <= 10 * tolerance and not known:
            found.append(arm)
            heights.append(value - bottom)
    check_status(field, minimum)
    order = np.argsort(heights, kind="stable")
    directions = np.array([found[n] for n in order]).reshape(-1, *minimum.positions.shape)
    ends = [minimum.moved(minimum.positions + radius * arm) for arm in directions] if check_return else []
    inside = np.array([distance(minimum, quench(end)) < 0.05 for end in ends] or [False] * len(found), dtype=bool)
    return Valleys(float(radius), directions, np.array(heights)[order], inside, starts)


def _soft_modes(minimum, count):
    values, vectors = normal_modes(minimum)
    free = vectors[:, minimum.zero_modes :] if minimum.zero_modes else vectors
    return free[:, : min(count, free.shape[1])].T.reshape(-1, *minimum.positions.shape)


@dataclass(frozen=True)
class ValleyVerdict:
    """Whether the valleys of a minimum form a tunneling system: levels on the plane of its lowest valleys [eps].

    height : of the lowest valley above the minimum. zero_point : E0. splitting : E1 - E0. quantum : hbar Omega of the
    softest mode. reached : E0 lies above the lowest valley. passes : E1 - E0 below a tenth of the quantum, and two
    separated maxima of the density.
    """

    radius: float
    height: float
    zero_point: float
    splitting: float
    quantum: float
    reached: bool
    passes: bool


def valley_verdict(minimum: Configuration, found: Valleys, hbar: float, points: int = 24) -> ValleyVerdict:
    """The quantum criterion for the valleys of a minimum: two-dimensional levels on the plane of the lowest ones.

    The plane holds the lowest valley and the lowest one that is not along the same line (else the softest mode across
    it). sinc-DVR on points x points positions, out to 1.6 radii; energies across the plane are not relaxed and the zero
    point of the other modes is left out, so the method level is L0.
    """
    from scipy.linalg import eigh

    if not len(found):
        raise ParameterError("no valley was found at this radius; take more starts")
    if not hbar > 0:
        raise ParameterError(f"valley_verdict needs a positive hbar, got {hbar!r}")
    first, second = _valley_plane(minimum, found)
    axis = np.linspace(-1.6 * found.radius, 1.6 * found.radius, points)
    V = np.clip(_plane_energies(minimum, first, second, axis), None, 60.0 * hbar * _softest_frequency(minimum))
    n = np.arange(points)
    gap = n[:, None] - n[None]
    kinetic = np.where(gap == 0, np.pi**2 / 3.0, 2.0 * (-1.0) ** gap / np.where(gap == 0, 1, gap) ** 2)
    kinetic *= (hbar / (axis[1] - axis[0])) ** 2 / 2.0 / float(np.mean(minimum.masses))
    identity = np.eye(points)
    matrix = np.kron(kinetic, identity) + np.kron(identity, kinetic) + np.diag(V.ravel())
    levels, states = eigh(matrix, subset_by_index=[0, 1])  # pyright: ignore
    density = np.sum(states**2, axis=1).reshape(points, points)
    height, quantum = float(found.energies[0]), hbar * _softest_frequency(minimum)
    splitting = float(levels[1] - levels[0])
    return ValleyVerdict(found.radius, height, float(levels[0]), splitting, quantum, bool(levels[0] > height),
                         bool(splitting < 0.1 * quantum and _maxima(density) > 1))


def _valley_plane(minimum, found):
    """Two orthonormal directions (atoms, 3): the lowest valley, and the next one that is not on its line."""
    first = found.directions[0]
    for other in [*found.directions[1:], *_soft_modes(minimum, count=2)]:
        across = other - np.sum(other * first) * first
        size = np.linalg.norm(across)
        if size > 0.3:
            return first, across / size
    raise ParameterError("the valleys of this minimum span no plane")


def _plane_energies(minimum, first, second, axis):
    from glasstunnel.landscape.engine import algorithms

    field, start = minimum.field(), energy(minimum)
    run, out = algorithms(field), np.empty_like(minimum.positions)
    at = lambda x, y: minimum.positions + x * first + y * second  # noqa: E731
    V = np.array([[run.evaluate(field, 0, at(x, y), out) for y in axis] for x in axis])
    return np.where(np.isfinite(V), V, np.inf) - start


def _softest_frequency(minimum):
    return float(np.sqrt(max(normal_modes(minimum)[0][minimum.zero_modes], 0.0)))


def _maxima(density):
    """Local maxima of a density on a grid above a tenth of its largest value."""
    inner = density[1:-1, 1:-1]
    around = [density[1 + a : density.shape[0] - 1 + a, 1 + b : density.shape[1] - 1 + b]
              for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0)]  # fmt: skip
    return int(np.sum(np.all([inner > side for side in around], axis=0) & (inner > 0.1 * density.max())))


def soft_mode_quartics(minimum: Configuration, count: int = 4, step: float = 0.05) -> np.ndarray:
    """(k, t, q) of V = k s^2/2 + t s^3/6 + q s^4/24 along the `count` softest modes, (count, 3) [eps/sigma^n].

    From the forces at s = +-step and +-2 step [sigma]. These are linear modes: a nonlinear one, which follows the
    valley, is softer, so the pairs that `quartic_pairs` finds with these numbers are a lower bound.
    """
    from glasstunnel.landscape.engine import algorithms

    field = minimum.field()
    run, out, rows = algorithms(field), np.empty_like(minimum.positions), []
    for mode in _soft_modes(minimum, count):
        slope = {}
        for n in (-2, -1, 1, 2):
            run.evaluate(field, 0, minimum.positions + n * step * mode, out)
            slope[n] = -float(np.sum(out * mode))
        odd, wide = slope[1] - slope[-1], slope[2] - slope[-2]
        rows.append(((8.0 * odd - wide) / (12.0 * step), (slope[1] + slope[-1]) / step**2,
                     (wide - 2.0 * odd) / (2.0 * step**3)))  # fmt: skip
    check_status(field, minimum)
    return np.array(rows).reshape(-1, 3)


def quartic_pairs(stiffness: float, cubic: float, quartic: float) -> tuple[bool, bool]:
    """(a second stationary pair exists, a second minimum that is lower or equal exists) for k, t, q of a soft mode.

    V = k s^2/2 + t s^3/6 + q s^4/24 along a nonlinear mode: 3 t^2 > 8 k q, and t^2 >= 3 k q (equality: a symmetric
    double well).

    >>> quartic_pairs(1.0, 1.7, 1.0), quartic_pairs(1.0, 3.0**0.5 + 1e-9, 1.0), quartic_pairs(1.0, 1.0, 1.0)
    ((True, False), (True, True), (False, False))
    """
    if not (stiffness > 0 and quartic > 0):
        raise ParameterError("quartic_pairs needs a positive stiffness and quartic term")
    return bool(3.0 * cubic**2 > 8.0 * stiffness * quartic), bool(cubic**2 >= 3.0 * stiffness * quartic)
