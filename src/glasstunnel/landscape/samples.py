"""Samples to start from: Kob-Andersen liquids, Lennard-Jones clusters; and quenching them."""

import math

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.landscape.configuration import Configuration, check_status
from glasstunnel.landscape.models import kob_andersen_model, lennard_jones_model
from glasstunnel.numerics.checks import is_whole_number, seed_number

#: A quench is done when no atom feels more than this force [eps/sigma].
QUENCH_TOLERANCE = 1e-7
#: Force evaluations after which a quench is given up.
QUENCH_LIMIT = 100_000


def kob_andersen(count, seed, variant="smooth", density=1.2):
    """A random Kob-Andersen sample: 80 % A, in a cubic box at the given density [1/sigma^3], overlaps relaxed away.

    The state is that of a very hot liquid; `cool` makes a glass of it. The same seed gives the same sample.
    Raises `ParameterError` for fewer atoms than the cutoff allows (150 at density 1.2) and for unknown variants.

    >>> from glasstunnel.landscape import kob_andersen
    >>> sample = kob_andersen(150, seed=1)
    >>> sample.positions.shape, int(sample.types.sum())
    ((150, 3), 30)
    """
    if not is_whole_number(count, least=1) or not (0.0 < density <= 2.0):
        raise ParameterError(f"kob_andersen needs a positive whole number of atoms and a density of at most 2, "
                             f"got count {count!r} and density {density!r}")
    random = np.random.default_rng(seed_number("kob_andersen", seed))
    types = np.zeros(count, dtype=np.int64)
    types[: round(0.2 * count)] = 1
    random.shuffle(types)
    box = np.full(3, (count / density) ** (1.0 / 3.0))
    preparation = {"model": f"kob-andersen/{variant}", "seed": int(seed), "density": density}
    start = Configuration(random.uniform(0.0, box, (count, 3)), box, types, kob_andersen_model(variant), preparation)
    return relaxed(start, tolerance=10.0, limit=2000)[0]


def lennard_jones_cluster(count, seed=None):
    """A free cluster of `count` Lennard-Jones atoms (eps = sigma = 1, no cutoff).

    Without a seed: the lowest minimum that a short search of fixed effort finds (icosahedral, cubic close packed and
    grown starts, surface atoms moved); the known global minimum for the counts tested, 3 to 13 and 38.
    With a seed: a random start, not relaxed beyond its overlaps.

    >>> from glasstunnel.landscape import energy, lennard_jones_cluster
    >>> round(energy(lennard_jones_cluster(13)), 6)
    -44.326801
    """
    if not is_whole_number(count, least=2):
        raise ParameterError(f"a cluster needs at least two atoms, got {count!r}")
    if seed is not None:
        random = np.random.default_rng(seed_number("lennard_jones_cluster", seed))
        radius = 0.7 * count ** (1 / 3)
        return relaxed(_cluster(random.uniform(-radius, radius, (count, 3)), {"seed": int(seed)}), 10.0, 2000)[0]
    candidates = [relaxed(_cluster(start, {"start": name})) for name, start in _starts(count)]
    candidates += [_improved(min(candidates, key=lambda pair: pair[1])[0], np.random.default_rng(count))]
    best = min(candidates, key=lambda pair: pair[1])[0]
    return best.moved(best.positions - best.positions.mean(axis=0))


def quench(configuration, tolerance=QUENCH_TOLERANCE):
    """The minimum (inherent structure) that L-BFGS with capped steps reaches: largest force below `tolerance`.

    Returns a `Configuration`; raises `ParameterError` if the forces do not fall below the tolerance.
    """
    result, _energy, worst = _relax(configuration, tolerance, QUENCH_LIMIT)
    if not worst <= tolerance:
        raise ParameterError(f"the quench stopped at a force of {worst:.3g} instead of {tolerance:.3g}; a force that "
                             "jumps (cut-and-shifted potential) or a looser calculator needs a larger tolerance")
    return result


def relaxed(configuration, tolerance=QUENCH_TOLERANCE, limit=QUENCH_LIMIT):
    """(configuration, energy) after at most `limit` force evaluations, converged or not."""
    result, energy, _worst = _relax(configuration, tolerance, limit)
    return result, energy


def _relax(configuration, tolerance, limit):
    from glasstunnel.landscape.engine import algorithms

    field, x = configuration.field(), configuration.positions.copy()
    energy, worst, _calls = algorithms(field).minimize(field, 0, x, tolerance, limit, 0.1)
    check_status(field, configuration)
    if not np.all(np.isfinite(x)):
        raise ParameterError("the quench diverged: two atoms at the same place?")
    return configuration.moved(x), float(energy), float(worst)


def _cluster(positions, preparation):
    count = len(positions)
    return Configuration(positions, np.full(3, np.inf), np.zeros(count), lennard_jones_model(), preparation)


def _starts(count):
    """Named starting points: pieces of an icosahedron and of a cubic close-packed crystal around several centers."""
    golden = (1 + math.sqrt(5)) / 2
    corners = np.array([[0, a, b * golden] for a in (-1, 1) for b in (-1, 1)])
    shell = np.vstack([np.roll(corners, k, axis=1) for k in range(3)]) * 1.1 / np.linalg.norm([0, 1, golden])
    middles = [(a + b) for n, a in enumerate(shell) for b in shell[:n] if np.linalg.norm(a - b) < 1.3]
    icosahedron = np.vstack([[0, 0, 0], shell, 2 * shell, middles])
    cells = np.array([(i, j, k) for i in range(-4, 5) for j in range(-4, 5) for k in range(-4, 5)
                      if (i + j + k) % 2 == 0]) * 1.1 / math.sqrt(2)  # fmt: skip
    for name, sites, centers in (("icosahedral", icosahedron, (0.0, 0.3)), ("cubic", cells, (0.0, 0.78))):
        for shift in centers:
            center = np.array([shift, 0.3 * (shift == 0.3), 0.2 * (shift == 0.3)])
            order = np.argsort(np.round(np.linalg.norm(sites - center, axis=1), 6), kind="stable")
            if len(sites) >= count:
                yield name, sites[order[:count]]


def _improved(best, random, tries=60):
    """Move the least bound atom to a random place on the surface and quench, keeping what is lower."""
    from glasstunnel.landscape.configuration import energy

    lowest = energy(best)
    for _try in range(tries):
        x = best.positions - best.positions.mean(axis=0)
        distance = np.linalg.norm(x[:, None] - x[None], axis=2) + 10.0 * np.eye(len(x))
        loose = int(np.argmax(np.sum(distance**-12 - distance**-6, axis=1)))
        direction = random.normal(size=3)
        x[loose] = direction / np.linalg.norm(direction) * (np.linalg.norm(x, axis=1).max() + 0.3)
        trial, value = relaxed(best.moved(x), 1e-7, 5000)
        if value < lowest - 1e-9:
            best, lowest = trial, value
    return best, lowest
