"""Minima joined by saddles: a coarse band between two of them, recursion at intermediate minima.

What is refused is kept with its reason.
"""

from dataclasses import dataclass, field

import numpy as np

from glasstunnel.errors import LandscapeError, ParameterError
from glasstunnel.landscape.configuration import check_status
from glasstunnel.landscape.matching import ENERGY_TOLERANCE, MinimumList, distance, moves
from glasstunnel.landscape.saddles import Saddle, prove_saddle
from glasstunnel.landscape.samples import relaxed
from glasstunnel.records import brief

#: Coarse band: images, spring constant, largest force left, iterations.
IMAGES, SPRING, BAND_FORCE, BAND_LIMIT = 7, 10.0, 0.1, 400
#: Pairs tried for one pair asked for, intermediate minima included.
ATTEMPTS = 12


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
