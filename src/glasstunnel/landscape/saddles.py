"""Saddles and the paths over them: dimer, proof, steepest descent both ways.

A saddle counts only when its Hessian has exactly one negative eigenvalue and accurate steepest descent both ways along
it ends in two different minima.
"""

from dataclasses import dataclass

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.landscape.configuration import Configuration, hessian
from glasstunnel.landscape.harvesting import rigid_motions, rigid_vectors
from glasstunnel.landscape.matching import ENERGY_TOLERANCE, distance, moves
from glasstunnel.landscape.pairs import participation
from glasstunnel.landscape.samples import QUENCH_TOLERANCE, relaxed
from glasstunnel.records import brief

#: Largest force at a saddle [eps/sigma]; eigenvalues below minus `NEGATIVE` [eps/sigma^2] count as negative.
SADDLE_TOLERANCE, NEGATIVE = 1e-6, 1e-4
#: Points of the stored path, equidistant in mass-weighted arc length.
PATH_POINTS = 25


@dataclass(frozen=True, eq=False)
class Path:
    """A path between two minima: points (points, atoms, 3), mass-weighted arc length [sigma sqrt(m)], energies, slopes.

    slopes : dV/ds, minus the tangential force. The first and the last point are minima.
    """

    positions: np.ndarray
    arc: np.ndarray
    energies: np.ndarray
    slopes: np.ndarray

    __repr__ = brief

    @property
    def length(self):
        """Mass-weighted length [sigma sqrt(m)]."""
        return float(self.arc[-1] - self.arc[0])


@dataclass(frozen=True, eq=False)
class Saddle:
    """A proven saddle: exactly one negative eigenvalue, two different minima below it.

    configuration, energy : the saddle point. ends, end_energies : the minima that descent reaches, in the order asked
    for where they were asked for. curvature : the negative eigenvalue of the mass-weighted Hessian (omega^2).
    force : largest force at the saddle. path : steepest descent path from one minimum to the other.
    steps : all saddles of the chain where the minima asked for are joined through intermediate minima.
    """

    configuration: Configuration
    energy: float
    ends: tuple[Configuration, Configuration]
    end_energies: tuple[float, float]
    curvature: float
    force: float
    path: Path
    evaluations: int = 0
    steps: tuple = ()

    __repr__ = brief

    @property
    def barrier(self):
        """V0: saddle energy above the higher minimum [eps]."""
        return self.energy - max(self.end_energies)

    @property
    def asymmetry(self):
        """Energy of the second minimum minus that of the first [eps]."""
        return self.end_energies[1] - self.end_energies[0]

    @property
    def chord(self):
        """Distance of the minima [sigma]."""
        return distance(*self.ends)

    @property
    def displacement(self):
        """Displacement field from the first to the second minimum (atoms, 3)."""
        return moves(*self.ends)

    @property
    def participation(self):
        """Number of atoms that share the motion."""
        return participation(self.displacement)

    @property
    def direct(self):
        """True when the two minima asked for are the two ends of this one saddle."""
        return len(self.steps) <= 1

    def reversed(self):
        """The same saddle with its ends exchanged."""
        path = self.path
        turned = Path(path.positions[::-1], path.arc[-1] - path.arc[::-1], path.energies[::-1], -path.slopes[::-1])
        ends, energies = (self.ends[1], self.ends[0]), (self.end_energies[1], self.end_energies[0])
        return Saddle(self.configuration, self.energy, ends, energies, self.curvature, self.force, turned,
                      self.evaluations)


def prove_saddle(guess, direction, limit=6000):
    """(`Saddle`, "") from a guess and a direction to climb along, or (None, reason).

    Dimer to a force of 1e-6, exactly one negative eigenvalue, accurate descent both ways to two different minima.
    """
    from glasstunnel.landscape.engine import algorithms
    from glasstunnel.landscape.engine.records import Climb

    field, x, mode = guess.field(), guess.positions.copy(), np.array(direction, dtype=float)
    norm = np.linalg.norm(mode)
    if not norm > 0:
        return None, "no direction to climb along"
    mode /= norm
    energy, _curvature, force, calls = algorithms(field).climb_dimer(
        field, 0, x, mode, Climb(rigid_motions(guess), SADDLE_TOLERANCE, limit, 0.1))
    if not force <= SADDLE_TOLERANCE:
        return None, "the dimer did not converge"
    point = guess.moved(x)
    values, vectors = lowest_modes(point, 3)
    negative = int(np.sum(values < -NEGATIVE))
    if negative != 1:
        return None, f"{negative if negative < 3 else '3 or more'} negative eigenvalues"
    downhill = vectors[:, 0].reshape(-1, 3) / np.sqrt(point.masses)[:, None]
    if np.sum(downhill * np.asarray(direction)) < 0:
        downhill = -downhill
    behind, ahead = _descend(point, -downhill), _descend(point, downhill)
    if behind is None or ahead is None:
        return None, "the descent did not converge"
    (start, start_energy, before), (end, end_energy, after) = behind, ahead
    if abs(start_energy - end_energy) < ENERGY_TOLERANCE and distance(start, end) < 1e-2:
        return None, "both sides end in one minimum"
    track = np.concatenate([[start.positions], before[::-1], [x], after, [end.positions]])
    path = resampled_path(point, track, len(before) + 1)
    return Saddle(point, float(energy), (start, end), (start_energy, end_energy), float(values[0]), float(force), path,
                  int(calls)), ""


def lowest_modes(configuration, count):
    """Lowest eigenvalues and eigenvectors (columns) of the mass-weighted Hessian, rigid motions left out."""
    from scipy.linalg import eigh

    root = np.repeat(np.sqrt(configuration.masses), 3)
    matrix = hessian(configuration) / np.outer(root, root)
    rigid = rigid_vectors(configuration)
    if rigid:
        frame, _r = np.linalg.qr(np.array(rigid).T)
        matrix += 1e6 * frame @ frame.T
    values, vectors = eigh(matrix, subset_by_index=[0, min(count, len(root)) - 1])  # pyright: ignore
    return np.asarray(values), np.asarray(vectors)


def _descend(point, downhill, first=0.02, spacing=0.05, accuracy=1e-4):
    """(minimum, its energy, points on the way) on one side of a saddle, or None."""
    from glasstunnel.landscape.engine import algorithms
    from glasstunnel.landscape.engine.records import Descent

    mobility = point.masses.min() / point.masses
    x = point.positions + first * downhill / np.linalg.norm(downhill)
    field, track = point.field(), np.empty((400, *x.shape))
    rule = Descent(mobility, accuracy, spacing, 0.02, 200_000)
    stored, _force, _calls = algorithms(field).descend(field, 0, x, rule, track)
    if stored == len(track):
        return None
    minimum, value = relaxed(point.moved(x))
    if _largest_force(minimum) > 10 * QUENCH_TOLERANCE or distance(point.moved(x), minimum) > 0.3:
        return None
    return minimum, value, track[:stored].copy()


def _largest_force(configuration):
    from glasstunnel.landscape.configuration import forces

    return float(np.linalg.norm(forces(configuration), axis=1).max())


def resampled_path(configuration, track, fixed=None, points=PATH_POINTS):
    """A `Path` along a track (rows, atoms, 3), equidistant in mass-weighted arc length on both sides of row `fixed`."""
    from scipy.interpolate import CubicSpline

    weights = np.sqrt(configuration.masses)[:, None]
    steps = np.diff(track, axis=0)
    if configuration.model.periodic_modes:
        shares = (weights**2 / np.sum(weights**2))[None]  # a translation of the whole box is no part of the path
        steps = steps - np.sum(shares * steps, axis=1, keepdims=True)
    lengths = np.sqrt(np.sum((weights * steps) ** 2, axis=(1, 2)))
    keep = np.concatenate([[True], lengths > 1e-6])
    along = np.concatenate([[0.0], np.cumsum(lengths[keep[1:]])])
    course = track[0] + np.concatenate([np.zeros((1, *track[0].shape)), np.cumsum(steps, axis=0)])
    spline = CubicSpline(along, course[keep])
    middle = along[np.cumsum(keep)[len(track) // 2 if fixed is None else fixed] - 1]
    before = min(max(4, round((points - 1) * middle / along[-1])), points - 5)
    s = np.concatenate([np.linspace(0.0, middle, before + 1)[:-1], np.linspace(middle, along[-1], points - before)])
    return evaluated_path(configuration, spline(s), s, spline(s, 1))


def evaluated_path(configuration, positions, arc, tangents):
    """The `Path` through given points with energies and slopes dV/ds from the forces."""
    from glasstunnel.landscape.engine import algorithms

    field = configuration.field()
    run, out = algorithms(field), np.empty_like(positions[0])
    energies, slopes = np.empty(len(arc)), np.empty(len(arc))
    for k, (x, tangent) in enumerate(zip(positions, tangents, strict=True)):
        energies[k] = run.evaluate(field, 0, x.copy(), out)
        slopes[k] = -np.sum(out * tangent)
    slopes[[0, -1]] = 0.0
    return Path(positions, arc, energies, slopes)


def search_from(minimum, direction, push=0.1, limit=6000):
    """Single-ended search: from a minimum along a direction to a saddle; (`Saddle` or None, reason)."""
    u = np.asarray(direction, dtype=float).reshape(-1, 3)
    if u.shape != minimum.positions.shape or not 0 < np.linalg.norm(u) < np.inf:
        raise ParameterError(f"search_from needs a direction of {minimum.count} vectors, finite and not all zero")
    u = u / np.linalg.norm(u)
    return prove_saddle(minimum.moved(minimum.positions + push * u), u, limit)
