"""Saddles between minima: coarse band, dimer, proof of connection, recursion at intermediate minima.

A saddle counts only when its Hessian has exactly one negative eigenvalue and accurate steepest descent both ways along
it ends in two different minima. What is refused is kept with its reason.
"""

from dataclasses import dataclass, field

import numpy as np

from glasstunnel.errors import LandscapeError, ParameterError
from glasstunnel.landscape.configuration import Configuration, check_status, hessian
from glasstunnel.landscape.harvesting import rigid_motions, rigid_vectors
from glasstunnel.landscape.matching import ENERGY_TOLERANCE, MinimumList, distance, moves
from glasstunnel.landscape.pairs import participation
from glasstunnel.landscape.samples import QUENCH_TOLERANCE, relaxed
from glasstunnel.records import brief

#: Largest force at a saddle [eps/sigma]; eigenvalues below minus `NEGATIVE` [eps/sigma^2] count as negative.
SADDLE_TOLERANCE, NEGATIVE = 1e-6, 1e-4
#: Coarse band: images, spring constant, largest force left, iterations.
IMAGES, SPRING, BAND_FORCE, BAND_LIMIT = 7, 10.0, 0.1, 400
#: Pairs tried for one pair asked for, intermediate minima included.
ATTEMPTS = 12
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


@dataclass
class Connection:
    """What the search between two minima found: new minima, saddles between them, what was refused and why."""

    minima: MinimumList
    saddles: list = field(default_factory=list)
    links: list = field(default_factory=list)
    rejected: list = field(default_factory=list)
    tried: set = field(default_factory=set)

    __repr__ = brief

    def keep(self, saddle):
        """Add a saddle; its ends become minima of the list. Returns the pair of indices."""
        pair = tuple(self.minima.add(end, value) for end, value in zip(saddle.ends, saddle.end_energies, strict=True))
        known = any(set(old) == set(pair) and abs(other.energy - saddle.energy) < ENERGY_TOLERANCE
                    for old, other in zip(self.links, self.saddles, strict=True))
        if pair[0] != pair[1] and not known:
            self.saddles.append(saddle)
            self.links.append(pair)
        return pair

    def chain(self, start, end):
        """Saddles of the chain between two minima with the lowest highest saddle, or an empty tuple."""
        import networkx

        graph = networkx.Graph()
        for (a, b), saddle in sorted(zip(self.links, self.saddles, strict=True), key=lambda row: row[1].energy):
            graph.add_edge(a, b, saddle=saddle) if not graph.has_edge(a, b) else None
            if start in graph and end in graph and networkx.has_path(graph, start, end):
                nodes = networkx.shortest_path(graph, start, end)
                return tuple(self._oriented(graph[a][b]["saddle"], a) for a, b in zip(nodes[:-1], nodes[1:],
                                                                                      strict=True))
        return ()

    def _oriented(self, saddle, first):
        return saddle if self.minima.add(saddle.ends[0], saddle.end_energies[0]) == first else saddle.reversed()


def find_saddle(a, b, depth=4):
    """The saddle between two minima: `Saddle` with energy, barrier, path; its ends are in the order of a and b.

    a, b : configurations of one sample, quenched here first. Where intermediate minima lie between, the highest saddle
    of the chain is returned, with all of them in `steps` (and `direct` False).
    Raises `LandscapeError` when the two are one minimum or no proven chain is found.
    """
    connection, start, end = connect(a, b, depth)
    if start == end:
        raise LandscapeError("the two configurations quench to one minimum: there is no saddle between them")
    steps = connection.chain(start, end)
    if not steps:
        reasons = "; ".join(sorted({reason for _pair, reason in connection.rejected})) or "nothing was found"
        raise LandscapeError(f"no proven saddle between the two minima: {reasons}")
    top = max(steps, key=lambda saddle: saddle.energy)
    return Saddle(top.configuration, top.energy, top.ends, top.end_energies, top.curvature, top.force, top.path,
                  top.evaluations, steps)


def connect(a, b, depth=4, connection=None):
    """Join two minima by proven saddles, through intermediate minima where the path shows them.

    connection : a `Connection` to add to; what it has tried is not tried again. At most `ATTEMPTS` pairs are tried, and
    only pairs closer than the two asked for: far ones would lead away. Returns (`Connection`, index of a, of b).
    """
    if a.model.identity != b.model.identity or not np.array_equal(a.types, b.types):
        raise ParameterError("a saddle needs two configurations of the same atoms under the same model")
    (a, energy_a), (b, energy_b) = relaxed(a), relaxed(b)
    connection = connection or Connection(MinimumList())
    start, end = connection.minima.add(a, energy_a), connection.minima.add(b, energy_b)
    todo, attempts, reach = [(start, end, 0)], 0, distance(a, b)
    while todo and attempts < ATTEMPTS:
        i, j, level = todo.pop(0)
        if i == j or frozenset((i, j)) in connection.tried or connection.chain(i, j):
            continue
        ends = connection.minima.configurations[i], connection.minima.configurations[j]
        if level and distance(*ends) > reach:
            connection.rejected.append(((i, j), "farther apart than the pair asked for"))
            continue
        connection.tried.add(frozenset((i, j)))
        attempts += 1
        more, reason = _join(connection, i, j)
        if reason:
            connection.rejected.append(((i, j), reason))
        if more and level >= depth:
            connection.rejected.append(((i, j), "recursion too deep"))
            continue
        todo += [(*pair, level + 1) for pair in more]
    return connection, start, end


def _join(connection, i, j):
    """One attempt between minima i and j: (pairs to try next, reason of a failure or "")."""
    a, b = connection.minima.configurations[i], connection.minima.configurations[j]
    images, energies = coarse_band(a, b)
    maxima, dips = _extrema(energies)
    if not maxima:
        return [], "monotone band: one minimum with a shoulder, or a maximum between the images"
    if dips:
        middles = []
        for k in dips:
            quenched, value = relaxed(a.moved(images[k]))
            middles.append(connection.minima.add(quenched, value))
        between = [k for k in dict.fromkeys(middles) if k not in (i, j)]
        if between:
            stops = [i, *between, j]
            return list(zip(stops[:-1], stops[1:], strict=True)), ""
    top = maxima[int(np.argmax(energies[maxima]))]
    saddle, reason = prove_saddle(a.moved(images[top]), images[top + 1] - images[top - 1])
    if saddle is None:
        return [], reason
    pair = connection.keep(saddle)
    if set(pair) == {i, j}:
        return [], ""
    if not {i, j} & set(pair):
        return [], "the saddle connects elsewhere"
    near = i if i in pair else j
    return [(pair[0] if pair[1] == near else pair[1], j if near == i else i)], "the saddle connects elsewhere"


def coarse_band(a, b, images=IMAGES, climb=False, tolerance=BAND_FORCE, limit=BAND_LIMIT):
    """A relaxed band from a to b: (positions (images, atoms, 3), energies (images,))."""
    from glasstunnel.landscape.engine import algorithms
    from glasstunnel.landscape.engine.records import ElasticBand, Until

    u = moves(a, b)
    images = max(images, min(15, 2 * int(np.linalg.norm(u) / 0.5) + 3))
    band = a.positions + np.linspace(0.0, 1.0, images)[:, None, None] * u
    spread_close_atoms(band, a)
    field = a.field(images)
    energies, raw = np.empty(images), np.zeros_like(band)
    algorithms(field).relax_band(field, ElasticBand(band, energies, raw), SPRING, climb, Until(float(tolerance), limit))
    check_status(field, a)
    return band, energies


def spread_close_atoms(band, configuration, fraction=0.8):
    """Push apart atoms that a straight line brings closer than `fraction` of their sigma (in place)."""
    model = configuration.model
    if model.form != 0:
        return
    high, low = np.maximum.outer(configuration.types, configuration.types), np.minimum.outer(
        configuration.types, configuration.types)
    least = fraction * model.coefficients[low + high * (high + 1) // 2, 1]
    box = np.where(np.isfinite(configuration.box), configuration.box, 1e300)
    if not _meets(band[0], band[-1] - band[0], box, least):
        return
    for image in band[1:-1]:
        for _sweep in range(10):
            gaps = image[:, None] - image[None]
            gaps -= box * np.rint(gaps / box)
            size = np.linalg.norm(gaps, axis=2) + 1e3 * np.eye(len(image))
            close = np.argwhere(np.triu(size < least))
            if len(close) == 0:
                break
            for i, j in close:
                axis = gaps[i, j] / size[i, j] if size[i, j] > 1e-9 else np.array([1.0, 0.0, 0.0])
                push = 0.5 * (least[i, j] - size[i, j]) * axis
                image[i] += push
                image[j] -= push


def _meets(start, u, box, least):
    """Whether any two atoms come closer than `least` (atoms, atoms) on the straight line from `start` along u."""
    gaps = start[:, None] - start[None]
    gaps -= box * np.rint(gaps / box)
    size = np.linalg.norm(u, axis=1)
    i, j = np.nonzero(np.triu(np.einsum("ijk,ijk->ij", gaps, gaps) < (least + size + size[:, None]) ** 2, 1))
    gap, change = gaps[i, j], u[i] - u[j]
    squares = np.maximum(np.einsum("ik,ik->i", change, change), 1e-300)
    nearest = np.clip(-np.einsum("ik,ik->i", gap, change) / squares, 0.0, 1.0)[:, None]
    return bool(np.any(np.linalg.norm(gap + nearest * change, axis=1) < least[i, j] + 1e-9))


def _extrema(energies):
    """Indices of interior maxima and of the dips between them."""
    inner = range(1, len(energies) - 1)
    maxima = [k for k in inner if energies[k] >= energies[k - 1] and energies[k] > energies[k + 1]]
    dips = [k for k in inner if energies[k] < energies[k - 1] and energies[k] <= energies[k + 1]]
    return maxima, dips


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
