"""From proven saddles to tunneling systems: factorize, then pairs, chains, triangles, squares, tetrahedra.

Far-apart double wells share minima of the whole glass without being one system: their product squares and the triangle
corners of these are dropped before anything is counted.
"""

from dataclasses import dataclass, field

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.landscape.pairs import participation
from glasstunnel.records import brief

#: Two edges are independent below this overlap and beyond this distance of their centers [sigma].
INDEPENDENT_OVERLAP, INDEPENDENT_DISTANCE = 0.05, 3.0
#: Two edges are the same motion in different surroundings above this overlap, within this relative difference.
EQUAL_OVERLAP, EQUAL_RELATIVE = 0.9, 0.05


@dataclass(frozen=True, eq=False)
class Edge:
    """A proven saddle between minima i and j of one glass.

    energies : of minimum i and j; saddle_energy; displacement : (atoms, 3) from i to j; center : (3,) of the motion;
    tunneling : signed amplitude t = -Delta0/2, NaN where it was not solved; length : of the path.
    """

    i: int
    j: int
    energies: tuple[float, float]
    saddle_energy: float
    displacement: np.ndarray
    center: np.ndarray
    tunneling: float = float("nan")
    length: float = float("nan")
    name: str = ""

    __repr__ = brief

    @property
    def barrier(self):
        """Saddle energy above the higher minimum."""
        return self.saddle_energy - max(self.energies)

    @property
    def asymmetry(self):
        """Energy of j minus energy of i."""
        return self.energies[1] - self.energies[0]

    @property
    def nodes(self):
        """The two minima, in increasing order."""
        return (min(self.i, self.j), max(self.i, self.j))


@dataclass(frozen=True, eq=False)
class TunnelingGroup:
    """One tunneling system: its minima, edges and shape.

    kind : pair, chain, triangle, star, square, tetrahedron, ...; closed : a loop that carries flux.
    energies : of the minima above the lowest. product : t12 t23 t31 of a triangle (invariant under sign changes of the
    well states; negative for a particle without spin), else NaN. escapes : an easier way out of the group exists.
    """

    kind: str
    nodes: tuple[int, ...]
    edges: tuple[Edge, ...]
    energies: np.ndarray
    closed: bool
    product: float
    escapes: bool

    __repr__ = brief

    @property
    def wells(self):
        """Number of minima."""
        return len(self.nodes)


@dataclass(frozen=True, eq=False)
class Classification:
    """Groups found in one glass, and what was taken out on the way: {reason: number}; notes for a reader."""

    groups: tuple[TunnelingGroup, ...]
    dropped: dict = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    __repr__ = brief

    def counts(self):
        """{kind: number of groups}, in order of frequency."""
        kinds = [group.kind for group in self.groups]
        return {kind: kinds.count(kind) for kind in sorted(set(kinds), key=lambda kind: -kinds.count(kind))}


def edge_of(saddle, i, j, tunneling=float("nan"), name=""):
    """The `Edge` of a `Saddle` whose ends are minima i and j."""
    u = saddle.displacement
    return Edge(i, j, saddle.end_energies, saddle.energy, u, motion_center(saddle.configuration.positions, u,
                saddle.configuration.box), tunneling, saddle.path.length, name)  # fmt: skip


def motion_center(positions, u, box):
    """Mean position of the atoms weighted with u^2, near the atom that moves most (3,)."""
    square = np.sum(u**2, axis=1)
    start = positions[int(np.argmax(square))]
    arms = positions - start
    lengths = np.where(np.isfinite(box), box, 1.0)
    arms = arms - np.where(np.isfinite(box), lengths * np.rint(arms / lengths), 0.0)
    return start + square @ arms / square.sum()


def overlap(first, second):
    """O = sum u1^2 u2^2 / sqrt(sum u1^4 sum u2^4) of two displacement fields, 0 for motions of different atoms.

    >>> u = np.array([[1.0, 0, 0], [0, 0, 0]])
    >>> overlap(u, u), overlap(u, u[::-1])
    (1.0, 0.0)
    """
    a, b = np.sum(first**2, axis=1), np.sum(second**2, axis=1)
    return float(np.sum(a * b) / np.sqrt(np.sum(a**2) * np.sum(b**2)))


def independent(first, second, box):
    """True when two edges move different atoms in different places."""
    gap = first.center - second.center
    lengths = np.where(np.isfinite(box), box, 1.0)
    gap = gap - np.where(np.isfinite(box), lengths * np.rint(gap / lengths), 0.0)
    far = float(np.linalg.norm(gap)) > INDEPENDENT_DISTANCE
    return far and overlap(first.displacement, second.displacement) < INDEPENDENT_OVERLAP


def same_motion(first, second):
    """True when two edges are one motion seen in different surroundings (either direction)."""
    if overlap(first.displacement, second.displacement) <= EQUAL_OVERLAP:
        return False
    scale = max(first.barrier, second.barrier, 1e-12)
    close = abs(first.barrier - second.barrier) <= EQUAL_RELATIVE * scale
    return close and abs(abs(first.asymmetry) - abs(second.asymmetry)) <= EQUAL_RELATIVE * scale


def classify(edges, box=(np.inf, np.inf, np.inf), *, max_asymmetry=0.1, max_barrier=0.5, margin=0.0):
    """Tunneling systems among the edges of one glass: a `Classification`.

    edges : the edges; box : (3,) lengths of the glass. Kept are edges with |asymmetry| < max_asymmetry and
    barrier < max_barrier [eps]; composite edges (two independent motions at once) and copies of one motion in
    different surroundings are taken out, then connected groups of edges that share a minimum and atoms are named.
    A group escapes when an edge that leads out has a barrier below those of the group plus `margin`.
    """
    edges, box = list(edges), np.asarray(box, dtype=float)
    if not all(isinstance(edge, Edge) for edge in edges):
        raise ParameterError("classify needs Edge records; make them with edge_of(saddle, i, j)")
    if not (max_asymmetry > 0 and max_barrier > 0):
        raise ParameterError(f"classify needs positive thresholds, got {max_asymmetry!r} and {max_barrier!r}")
    kept = [edge for edge in edges if abs(edge.asymmetry) < max_asymmetry and edge.barrier < max_barrier]
    composite = _composite(edges, box)
    single = [edge for edge in kept if id(edge) not in composite]
    linked = _linked(single, box)
    systems = _without_copies(linked, _opposite_sides(single, box))
    outside = [edge for edge in edges if id(edge) not in composite]
    groups = tuple(_group(system, outside, box, max_asymmetry, margin) for system in systems)
    dropped = {"thresholds": len(edges) - len(kept), "two motions at once": len(kept) - len(single),
               "copies in other surroundings": len(linked) - len(systems)}  # fmt: skip
    return Classification(groups, dropped, _notes(groups))


def _composite(edges, box):
    """ids of the edges i-k that are two independent edges i-j and j-k at once."""
    at, found = {}, set()
    for edge in edges:
        for node in edge.nodes:
            at.setdefault(node, []).append(edge)
    for edge in edges:
        for first in at[edge.i]:
            middle = first.j if first.i == edge.i else first.i
            for second in at.get(middle, ()):
                if first is edge or second is edge or first is second or edge.j not in second.nodes:
                    continue
                if independent(first, second, box) and _sum_of(edge, first, second):
                    found.add(id(edge))
    return found


def _sum_of(edge, first, second):
    total = np.sum(edge.displacement**2, axis=1)
    parts = np.sum(first.displacement**2, axis=1) + np.sum(second.displacement**2, axis=1)
    return float(np.abs(total - parts).sum()) < 0.3 * float(total.sum())


def _linked(edges, box):
    """Edges in groups: two belong together when they share a minimum and are not independent."""
    import networkx

    links = networkx.Graph()
    links.add_nodes_from(range(len(edges)))
    for a, first in enumerate(edges):
        for b in range(a):
            if set(first.nodes) & set(edges[b].nodes) and not independent(first, edges[b], box):
                links.add_edge(a, b)
    return [[edges[k] for k in sorted(group)] for group in networkx.connected_components(links)]


def _opposite_sides(edges, box):
    """Pairs of ids of edges that face each other in the product square of two independent motions.

    Both are one motion, once for each position of the other one; through strain that shifts barrier and asymmetry, in a
    small glass by more than `EQUAL_RELATIVE`.
    """
    at, found = {}, set()
    for edge in edges:
        for node in edge.nodes:
            at.setdefault(node, []).append(edge)
    for edge in edges:
        for side in at[edge.i]:
            if side is edge or not independent(edge, side, box):
                continue
            corner = side.j if side.i == edge.i else side.i
            for other in at[corner]:
                far = other.j if other.i == corner else other.i
                closes = any(far in last.nodes for last in at[edge.j] if last is not edge)
                alike = overlap(edge.displacement, other.displacement) > EQUAL_OVERLAP
                if other not in (edge, side) and closes and alike:
                    found |= {(id(edge), id(other)), (id(other), id(edge))}
    return found


def _without_copies(systems, opposite):
    """The systems, largest first, without those whose every edge is an edge of one already kept."""
    kept = []

    def same(edge, other):
        return (id(edge), id(other)) in opposite or same_motion(edge, other)

    for system in sorted(systems, key=lambda group: (-len(group), min(edge.nodes for edge in group))):
        copies = (all(any(same(edge, other) for other in known) for edge in system) for known in kept)
        if not any(copies):
            kept.append(system)
    return kept


def _group(edges, everything, box, max_asymmetry, margin):
    nodes = tuple(sorted({node for edge in edges for node in edge.nodes}))
    level = {}
    for edge in edges:
        level[edge.i], level[edge.j] = edge.energies
    energies = np.array([level[node] for node in nodes])
    energies -= energies.min()
    pairs = {edge.nodes for edge in edges}
    kind = _shape(nodes, pairs)
    product = float("nan")
    if kind == "triangle":
        product = float(np.prod([edge.tunneling for edge in edges[:3]]))
    worst = max(edge.barrier for edge in edges)
    ways_out = [edge for edge in everything
                if edge.nodes not in pairs and len(set(edge.nodes) & set(nodes)) == 1
                and any(not independent(edge, inner, box) for inner in edges)]  # fmt: skip
    escapes = any(_exit_barrier(edge, nodes) < worst + margin for edge in ways_out)
    return TunnelingGroup(kind, nodes, tuple(edges), energies, len(pairs) >= len(nodes), product,
                          bool(escapes or energies.max() > max_asymmetry))


def _exit_barrier(edge, nodes):
    return edge.saddle_energy - edge.energies[0 if edge.i in nodes else 1]


def _shape(nodes, pairs):
    """Name of a graph with these nodes and edges.

    >>> _shape((0, 1, 2), {(0, 1), (1, 2), (0, 2)}), _shape((0, 1, 2, 3), {(0, 1), (1, 2), (2, 3), (0, 3)})
    ('triangle', 'square')
    """
    degrees = sorted(sum(node in pair for pair in pairs) for node in nodes)
    names = {
        (1, 1): "pair", (1, 1, 2): "chain", (2, 2, 2): "triangle", (1, 1, 2, 2): "chain of four",
        (1, 1, 1, 3): "star", (2, 2, 2, 2): "square", (1, 2, 2, 3): "triangle with a tail",
        (2, 2, 3, 3): "square with a diagonal", (3, 3, 3, 3): "tetrahedron",
    }  # fmt: skip
    return names.get(tuple(degrees), f"group of {len(nodes)}")


def _notes(groups):
    notes = []
    if any(group.kind == "triangle" for group in groups):
        notes.append("t12 t23 t31 of a triangle is negative here (ground state without nodes); the positive D0 of the "
                     "anomalous systems is an added assumption about their surroundings")
    return tuple(notes)


def loop_area(paths, charges=None):
    """Vector area [sigma^2] that the atoms sweep around a closed chain of paths: (1/2) sum_a q_a sum int r x dr.

    paths : paths or arrays (points, atoms, 3), the end of each the start of the next; charges : (atoms,), default 1.
    """
    if not len(paths):
        raise ParameterError("loop_area needs one path or more")
    tracks = [np.asarray(getattr(path, "positions", path), dtype=float) for path in paths]
    charges = np.ones(tracks[0].shape[1]) if charges is None else np.asarray(charges, dtype=float)
    course = [tracks[0] - tracks[0][0]]
    for track in tracks[1:]:
        course.append(track - track[0] + course[-1][-1])
    line = np.concatenate(course)
    if np.linalg.norm(line[-1]) > 0.05 * np.abs(line).max() * np.sqrt(line.shape[1]):
        raise ParameterError("the paths do not close: the end of the last must be the start of the first")
    area = 0.5 * np.sum(np.cross(line[:-1], np.diff(line, axis=0)), axis=0)
    return charges @ area


def law_tests(groups, splittings, asymmetries):
    """p-values (Kolmogorov-Smirnov) of the laws that ensembles assume, for what was found.

    "ln Delta0 uniform" and "Delta uniform" between the extremes found (standard tunneling model); for systems of three
    wells D^2 = sum E_i^2 about their mean: "ln D uniform" (002 Eq. 10) against "D^2 uniform" (a flat law).
    A small p-value says that the law does not describe these systems; fewer than 5 give NaN.
    """
    triples = [group.energies - group.energies.mean() for group in groups if group.wells == 3]
    D = np.sqrt([float(np.sum(e**2)) for e in triples])
    return {
        "ln Delta0 uniform": _uniform_p(np.log(np.abs(splittings))),
        "Delta uniform": _uniform_p(np.abs(asymmetries)),
        "ln D uniform": _uniform_p(np.log(D[D > 0])),
        "D^2 uniform": _uniform_p(D**2),
    }


def _uniform_p(values):
    from scipy.stats import kstest

    values = np.sort(np.asarray(values, dtype=float))
    if len(values) < 5:
        return float("nan")
    inner = (values[1:-1] - values[0]) / (values[-1] - values[0])  # uniform between its own extremes
    return float(kstest(inner, "uniform").pvalue)


def localization(edges):
    """(atoms per motion, overlap of every two edges that share a minimum) of a list of edges."""
    sizes = np.array([participation(edge.displacement) for edge in edges])
    shared = [overlap(a.displacement, b.displacement) for n, a in enumerate(edges) for b in edges[:n]
              if set(a.nodes) & set(b.nodes)]  # fmt: skip
    return sizes, np.array(shared)

