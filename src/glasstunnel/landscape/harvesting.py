"""Harvest: cool a sample, let isoconfigurational replicas run, quench often, keep the distinct minima."""

from dataclasses import dataclass, field

import numpy as np

from glasstunnel.errors import LandscapeError, ParameterError
from glasstunnel.landscape.configuration import Configuration, check_status, energy
from glasstunnel.landscape.matching import MinimumList, distance, moves
from glasstunnel.landscape.samples import QUENCH_LIMIT, QUENCH_TOLERANCE, quench
from glasstunnel.records import brief

#: Time step and Langevin friction, in units of sigma sqrt(m/eps).
TIME_STEP, FRICTION = 0.005, 1.0
#: Consecutive minima should be neighbors: a warning is noted when more than half of them lie farther apart [sigma].
NEIGHBOR_DISTANCE = 2.0


@dataclass(frozen=True, eq=False)
class Harvest:
    """Minima found in one glass.

    glass : the quenched glass the replicas started from. minima : distinct configurations in order of discovery.
    energies (minima,); structures (minima,): equal numbers for permuted copies, of which only labels differ.
    visits : one array of minimum indices per replica, in time order, -1 for a rejected quench.
    propensity : (atoms,) mean squared displacement over the replicas [sigma^2], the map of 002 Fig. 1.
    rejected : {reason: number}; notes : sentences a reader must see.
    """

    glass: Configuration
    minima: tuple[Configuration, ...]
    energies: np.ndarray
    structures: np.ndarray
    visits: tuple[np.ndarray, ...]
    propensity: np.ndarray
    rejected: dict = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    __repr__ = brief

    @property
    def preparation(self):
        """Seed, cooling, temperatures and segment lengths that led here."""
        return self.glass.preparation

    def transitions(self):
        """{(i, j) with i < j: times seen as consecutive minima}."""
        seen = {}
        for visits in self.visits:
            for i, j in zip(visits[:-1], visits[1:], strict=True):
                if i != j and min(i, j) >= 0:
                    pair = (int(min(i, j)), int(max(i, j)))
                    seen[pair] = seen.get(pair, 0) + 1
        return seen

    def completeness(self):
        """(minima found by k replicas for k = 1, 2, ...; Chao estimate of how many there are within reach).

        Capture-recapture over the replicas; the estimate is a lower bound, infinite when nothing was found twice.
        """
        times = np.zeros(len(self.minima), dtype=int)
        for visits in self.visits:
            times[np.unique(visits[visits >= 0])] += 1
        counts = np.bincount(times, minlength=3)[1:]
        total = float(counts.sum())
        if counts[1] == 0:
            return counts, float("inf") if counts[0] else total
        return counts, total + counts[0] ** 2 / (2.0 * counts[1])

    def saturation(self):
        """(quenches, distinct minima known after them), in the order replica by replica."""
        sequence = np.concatenate(self.visits) if self.visits else np.array([], dtype=int)
        known, curve = set(), []
        for index in sequence:
            known.add(int(index))
            curve.append(len(known - {-1}))
        return np.arange(1, len(curve) + 1), np.array(curve)


def run_dynamics(configuration, start, end, steps, seed, *, step=TIME_STEP, friction=FRICTION):
    """Langevin dynamics while the bath goes from `start` to `end` [eps]; returns the final `Configuration`.

    friction 0 gives Newton's dynamics (velocity Verlet). Raises `LandscapeError` when the integrator explodes.
    """
    from glasstunnel.landscape.engine import algorithms
    from glasstunnel.landscape.engine.dynamics import seed_random, thermal_velocities
    from glasstunnel.landscape.engine.records import Langevin

    if not (start >= 0 and end >= 0 and steps >= 0 and step > 0) or steps != int(steps):
        raise ParameterError(f"temperatures and steps must not be negative, steps whole, got {start}, {end}, {steps}")
    field, x = configuration.field(), configuration.positions.copy()
    seed_random(int(seed) % 2**32)
    v = thermal_velocities(configuration.masses, float(start))
    bath = Langevin(configuration.masses, float(step), float(friction), float(start), float(end))
    _energy, done = algorithms(field).propagate(field, 0, x, v, bath, int(steps))
    check_status(field, configuration)
    _check_stable(done, steps, configuration, step)
    return configuration.moved(x)


def _check_stable(done, steps, configuration, step):
    if done < steps:
        raise LandscapeError(
            f"the integrator exploded after {done} of {steps} steps: an atom moved more than one length unit in "
            f"a step; shorten the time step ({step:g}), lower the density or relax the start "
            f"({configuration.preparation or 'no preparation record'})"
        )


def cool(configuration, seed=0, start=0.7, end=0.3, steps=100_000, step=TIME_STEP):
    """A glass: equilibrate for a tenth of `steps` at `start`, then cool linearly to `end` [eps], then quench.

    The preparation record keeps seed, temperatures and cooling rate: densities of tunneling systems depend on them.
    """
    hot = run_dynamics(configuration, start, start, steps // 10, seed, step=step)
    cold = run_dynamics(hot, start, end, steps, seed + 1, step=step)
    rate = (start - end) / (steps * step) if steps else float("inf")
    return quench(cold.moved(cold.positions, cooling_seed=int(seed), from_temperature=start, to_temperature=end,
                             cooling_rate=rate))


def harvest(glass, temperature=0.3, replicas=8, segments=100, length=40, seed=0, *, step=TIME_STEP,
            tolerance=QUENCH_TOLERANCE):
    """Minima around a glass: `replicas` runs with new velocities, each `segments` pieces of `length` steps + a quench.

    glass : a `Configuration` (quenched here first). temperature [eps] below the glass transition, 0.2 to 0.3 for
    Kob-Andersen. The result depends only on the arguments. Raises `LandscapeError` when the integrator explodes.

    >>> from glasstunnel.landscape import harvest, lennard_jones_cluster
    >>> found = harvest(lennard_jones_cluster(7), temperature=0.2, replicas=1, segments=2, length=10)
    >>> round(float(found.energies[0]), 6)
    -16.505384
    """
    if not (replicas >= 1 and segments >= 1 and length >= 1 and temperature > 0):
        raise ParameterError("harvest needs a positive temperature and at least one replica, segment and step")
    glass = quench(glass, tolerance)
    glass = glass.moved(glass.positions, harvest_temperature=float(temperature), harvest_seed=int(seed),
                        replicas=int(replicas), segments=int(segments), segment_length=int(length))
    schedule = _Schedule(float(temperature), int(segments), int(length), float(step), float(tolerance))
    minima, visits, squares = _DistinctMinima(glass, schedule.tolerance), [], np.zeros(glass.count)
    for replica in range(replicas):
        points, energies, worst = _replica(glass, schedule, seed * 1000 + replica)
        visits.append(minima.sort_in(points, energies, worst))
        squares += np.sum(moves(glass, glass.moved(points[-1])) ** 2, axis=1)
    known = minima.known
    return Harvest(glass, tuple(known.configurations), np.array(known.energies), np.array(known.structures),
                   tuple(visits), squares / replicas, minima.rejected, _notes(glass, minima.jumps))


@dataclass(frozen=True)
class _Schedule:
    """What every replica does: `segments` pieces of `length` time steps at a temperature, a quench after each."""

    temperature: float
    segments: int
    length: int
    step: float
    tolerance: float


def _replica(glass, schedule, seed):
    """(quenched points, their energies, their largest forces) of one run."""
    from glasstunnel.landscape.engine import algorithms
    from glasstunnel.landscape.engine.dynamics import seed_random, thermal_velocities
    from glasstunnel.landscape.engine.records import Langevin, Segments

    field, x = glass.field(2), glass.positions.copy()
    minima = np.empty((schedule.segments, glass.count, 3))
    energies, worst = np.empty(schedule.segments), np.empty(schedule.segments)
    seed_random(int(seed) % 2**32)
    v = thermal_velocities(glass.masses, schedule.temperature)
    bath = Langevin(glass.masses, schedule.step, FRICTION, schedule.temperature, schedule.temperature)
    segments = Segments(schedule.length, schedule.tolerance, QUENCH_LIMIT, minima, energies, worst)
    done = algorithms(field).visit(field, x, v, bath, segments)
    check_status(field, glass)
    _check_stable(done * schedule.length, schedule.segments * schedule.length, glass, schedule.step)
    return minima, energies, worst


class _DistinctMinima:
    """The minima found so far, beginning with the glass; what was rejected, and how far consecutive ones lie apart."""

    def __init__(self, glass, tolerance):
        self.glass, self.tolerance = glass, tolerance
        self.known, self.rejected, self.jumps = MinimumList(), {}, []
        self.known.add(glass, energy(glass))

    def sort_in(self, points, energies, worst):
        """Indices of quenched points among the minima; -1 and a count of the reason for what is no minimum."""
        visits, last = np.full(len(energies), -1), None
        for n, (x, value, force) in enumerate(zip(points, energies, worst, strict=True)):
            index = self._index(self.glass.moved(x), value, force)
            if index is None:
                continue
            visits[n] = index
            if last is not None and last != index:
                self.jumps.append(distance(self.known.configurations[last], self.known.configurations[index]))
            last = index
        return visits

    def _index(self, minimum, value, force):
        if not force <= self.tolerance:
            return self._reject("not converged")
        size = len(self.known)
        index = self.known.add(minimum, value)
        if index == size and lowest_curvature(minimum) < -1e-6:
            for column in (self.known.configurations, self.known.energies, self.known.structures):
                column.pop()
            return self._reject("negative curvature")
        return index

    def _reject(self, reason):
        self.rejected[reason] = self.rejected.get(reason, 0) + 1


def lowest_curvature(configuration, iterations=40):
    """Lowest curvature apart from rigid motions, by Lanczos steps (an upper estimate) [eps/sigma^2]."""
    from glasstunnel.landscape.engine import algorithms
    from glasstunnel.landscape.engine.records import Lanczos

    field, x = configuration.field(), configuration.positions.copy()
    run = algorithms(field)
    forces = np.empty_like(x)
    run.evaluate(field, 0, x, forces)
    mode = np.random.default_rng(1).normal(size=x.shape)
    return float(run.soften(field, 0, x, forces, mode, Lanczos(rigid_motions(configuration), iterations)))


def rigid_motions(configuration):
    """Which rigid motions a configuration has: 0 none, 1 translations, 2 translations and rotations."""
    return {0: 0, 3: 1}.get(configuration.zero_modes, 2)


def rigid_vectors(configuration):
    """Free translations and rotations in mass-weighted coordinates, each (3 atoms,), not normalized."""
    kind, root = rigid_motions(configuration), np.sqrt(configuration.masses)[:, None]
    if kind == 0:
        return []
    axes = np.eye(3)
    vectors = [(root * axis).ravel() for axis in axes]
    if kind == 2:
        x = configuration.positions - configuration.positions.mean(axis=0)
        vectors += [(root * np.cross(axis, x)).ravel() for axis in axes]
    return vectors


def crystal_order(configuration):
    """Largest |rho_k|^2/N^2 over wave vectors between 5 and 9 /sigma: below about 0.1 for a glass, 1 for a crystal."""
    if not configuration.periodic:
        return 0.0
    reach = np.ceil(9.0 * configuration.box.max() / (2 * np.pi)).astype(int)
    n = np.arange(-reach, reach + 1)
    grid = np.stack(np.meshgrid(n[n >= 0], n, n, indexing="ij"), axis=-1).reshape(-1, 3) * 2 * np.pi / configuration.box
    size = np.linalg.norm(grid, axis=1)
    waves = grid[(size > 5.0) & (size < 9.0)]
    sums = [np.abs(np.exp(1j * configuration.positions @ wave).mean()) ** 2 for wave in waves]
    return float(max(sums, default=0.0))


def _notes(glass, jumps):
    notes = []
    if jumps and np.mean(np.array(jumps) > NEIGHBOR_DISTANCE) > 0.5:
        notes.append("more than half of the consecutive minima lie farther apart than 2 sigma: shorten the segments or "
                     "lower the temperature")
    order = crystal_order(glass)
    if order > max(0.1, 40.0 / glass.count):  # a disordered sample of few atoms has peaks of this height by chance
        notes.append(f"the sample is partly crystalline (order parameter {order:.2f}): its tunneling systems are not "
                     "those of a glass")
    return tuple(notes)
