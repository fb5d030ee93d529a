"""Classification of edges into tunneling systems: planted systems, products of independent ones, doubled glasses."""

import numpy as np
import pytest

from glasstunnel.errors import ParameterError
from glasstunnel.landscape import (
    Configuration,
    Edge,
    classify,
    double_well_levels,
    edge_of,
    extend_path,
    find_saddle,
    fit_wells,
    law_tests,
    loop_area,
    planar_surface,
    transverse_zero_point,
)

BOX = np.full(3, 20.0)


def edge(i, j, atom, *, direction=(1.0, 0, 0), atoms=40, energies=(0.0, 0.01), barrier=0.1, place=None):
    u = np.zeros((atoms, 3))
    u[atom] = 0.5 * np.asarray(direction)
    center = np.array([10.0 * (atom % 2), 6.0 * (atom // 2 % 3), 0.0]) if place is None else np.asarray(place, float)
    return Edge(i, j, energies, max(energies) + barrier, u, center, tunneling=-1e-3)


def square_of(first, second):
    """Four minima of two independent double wells a, b: 00, 10, 01, 11."""
    a, b = {"atom": first, "barrier": 0.1}, {"atom": second, "barrier": 0.2}
    return [edge(0, 1, **a, energies=(0.0, 0.01)), edge(2, 3, **a, energies=(0.02, 0.03)),
            edge(0, 2, **b, energies=(0.0, 0.02)), edge(1, 3, **b, energies=(0.01, 0.03))]  # fmt: skip


def test_two_far_double_wells_are_two_pairs_and_no_square():
    found = classify(square_of(0, 1), BOX)
    assert found.counts() == {"pair": 2}
    assert found.dropped["copies in other surroundings"] == 2


def test_both_motions_at_once_are_no_triangle():
    both = edge(0, 3, 0, energies=(0.0, 0.03), barrier=0.25)
    both.displacement[1] = [0.5, 0, 0]
    found = classify([*square_of(0, 1), both], BOX)
    assert found.counts() == {"pair": 2} and found.dropped["two motions at once"] == 1


@pytest.mark.parametrize(("pairs", "kind", "closed"), [
    ([(0, 1)], "pair", False), ([(0, 1), (1, 2)], "chain", False), ([(0, 1), (1, 2), (0, 2)], "triangle", True),
    ([(0, 1), (0, 2), (0, 3)], "star", False), ([(0, 1), (1, 2), (2, 3), (0, 3)], "square", True),
    ([(0, 1), (1, 2), (2, 3), (0, 3), (0, 2), (1, 3)], "tetrahedron", True)])  # fmt: skip
def test_overlapping_edges_make_the_shape_of_their_graph(pairs, kind, closed):
    levels = (0.0, 0.01, 0.02, 0.005)
    turns = np.random.default_rng(0).normal(size=(6, 3))
    edges = [edge(i, j, 0, direction=turns[n], energies=(levels[i], levels[j]), barrier=0.1 + 0.03 * n)
             for n, (i, j) in enumerate(pairs)]  # fmt: skip
    found = classify(edges, BOX)
    assert found.counts() == {kind: 1}
    (group,) = found.groups
    assert group.closed == closed and not group.escapes
    assert group.energies.min() == 0 and group.wells == len({node for pair in pairs for node in pair})
    assert np.isnan(group.product) if kind != "triangle" else group.product == pytest.approx(-1e-9)
    assert bool(found.notes) == (kind == "triangle")


def test_an_easier_way_out_is_seen():
    way_out = edge(1, 5, 0, direction=(0, 1, 0), energies=(0.01, -0.5), barrier=0.05)
    found = classify([edge(0, 1, 0), way_out], BOX)
    assert found.counts() == {"pair": 1} and found.groups[0].escapes
    far = edge(1, 5, 3, energies=(0.01, -0.5), barrier=0.05)
    assert not classify([edge(0, 1, 0), far], BOX).groups[0].escapes


def test_thresholds_and_bad_input():
    found = classify([edge(0, 1, 0, energies=(0, 0.3)), edge(2, 3, 0, barrier=0.9)], BOX)
    assert not found.groups and found.dropped["thresholds"] == 2
    with pytest.raises(ParameterError, match="edge_of"):
        classify([(0, 1)])
    with pytest.raises(ParameterError, match="positive thresholds"):
        classify([], BOX, max_barrier=0)


def test_a_glass_put_twice_in_one_box_gives_the_same_systems_twice_and_no_larger_ones():
    turns = np.random.default_rng(0).normal(size=(6, 3))
    one = [edge(0, 1, 0, direction=turns[0]), edge(1, 2, 0, direction=turns[1], energies=(0.01, 0.02), barrier=0.2)]
    doubled = []
    for state in range(3):  # every state of the other half
        for e in one:
            doubled.append(Edge(10 * e.i + state, 10 * e.j + state, e.energies, e.saddle_energy, e.displacement,
                                np.zeros(3), -1e-3))  # fmt: skip
            u = np.roll(e.displacement, 20, axis=0)
            doubled.append(Edge(10 * state + e.i, 10 * state + e.j, e.energies, e.saddle_energy, u, 0.5 * BOX, -1e-3))
    assert classify(one, BOX).counts() == {"chain": 1}
    assert classify(doubled, BOX).counts() == {"chain": 2}


def cage(depth=0.02, radius=0.4, stiff=30.0):
    """A ring-shaped valley with three wells: stiff/8 (r^2 - a^2)^2/a^2 - depth Re (x + iy)^3/a^3."""
    k, a = stiff / (8 * radius**2), radius
    rows = [("power", k, 4, 0), ("power", 2 * k, 2, 2), ("power", k, 0, 4), ("power", -2 * k * a**2, 2, 0),
            ("power", -2 * k * a**2, 0, 2), ("power", -depth / a**3, 3, 0),
            ("power", 3 * depth / a**3, 1, 2)]  # fmt: skip
    return planar_surface("three-site cage", rows)


@pytest.mark.slow
def test_a_planted_three_site_cage_is_a_triangle_with_the_exact_tunneling_and_area():
    from scipy.sparse.linalg import eigsh

    model, hbar = cage(), 0.03
    ends = [Configuration([[0.41 * np.cos(p), 0.41 * np.sin(p), 0]], [np.inf] * 3, [0], model)
            for p in (0, 2 * np.pi / 3, 4 * np.pi / 3)]  # fmt: skip
    saddles = [find_saddle(ends[i], ends[j]) for i, j in ((0, 1), (1, 2), (2, 0))]
    edges = []
    for n, saddle in enumerate(saddles):
        path = extend_path(saddle.configuration, saddle.path)
        found = double_well_levels(path, hbar=hbar, transverse=transverse_zero_point(saddle.configuration, path, hbar))
        edges.append(edge_of(saddle, n, (n + 1) % 3, found.tunneling_amplitude))
    grid = np.linspace(-0.85, 0.85, 56)
    d = np.subtract.outer(np.arange(56), np.arange(56))
    T = np.where(d == 0, np.pi**2 / 3, 2 * (-1.0) ** d / np.where(d == 0, 1, d) ** 2)
    T *= (hbar / (grid[1] - grid[0])) ** 2 / 2
    x, y = grid[:, None], grid[None]
    V = 30 / (8 * 0.16) * ((x**2 + y**2) ** 2 - 0.32 * (x**2 + y**2)) - 0.02 / 0.064 * (x**3 - 3 * x * y**2)
    H = np.kron(T, np.eye(56)) + np.kron(np.eye(56), T) + np.diag((V - V.min()).ravel())
    levels = np.sort(eigsh(H, 3, sigma=0, return_eigenvectors=False, v0=np.ones(len(H))))
    exact = fit_wells(levels)[1]
    assert levels[2] - levels[1] < 1e-9 and exact < 0
    assert [e.tunneling for e in edges] == pytest.approx([edges[0].tunneling] * 3, rel=1e-2)
    assert edges[0].tunneling == pytest.approx(exact, rel=0.2)  # method level L1 on a curved path
    found = classify(edges)
    assert found.counts() == {"triangle": 1}
    assert found.groups[0].product == pytest.approx(edges[0].tunneling**3, rel=0.05)
    area = loop_area([saddle.path for saddle in saddles])
    side = np.linalg.norm(saddles[0].displacement)
    assert np.sqrt(3) / 4 * side**2 < area[2] < np.pi * side**2 / 3  # more than the triangle, less than its circle
    assert area[:2] == pytest.approx([0, 0], abs=1e-9)


def test_the_area_of_a_circle_and_of_an_open_line():
    p = np.linspace(0, 2 * np.pi, 2001)
    circle = np.stack([0.3 * np.cos(p), 0.3 * np.sin(p), 0 * p], axis=1)[:, None]
    assert loop_area([circle[:900], circle[899:]])[2] == pytest.approx(np.pi * 0.09, rel=1e-5)
    assert loop_area([circle], charges=[2.0])[2] == pytest.approx(2 * np.pi * 0.09, rel=1e-5)
    with pytest.raises(ParameterError, match="do not close"):
        loop_area([circle[:900]])


def test_law_tests_tell_log_uniform_from_uniform():
    random = np.random.default_rng(0)
    logs = law_tests([], np.exp(random.uniform(-10, 0, 400)), random.uniform(0, 1, 400))
    flat = law_tests([], random.uniform(0, 1, 400), np.exp(random.uniform(-10, 0, 400)))
    assert min(logs["ln Delta0 uniform"], logs["Delta uniform"]) > 0.01
    assert max(flat["ln Delta0 uniform"], flat["Delta uniform"]) < 1e-6
    assert np.isnan(logs["ln D uniform"])


@pytest.mark.slow
def test_a_glass_put_twice_into_one_box_has_every_system_twice_and_no_larger_one():
    from glasstunnel.errors import LandscapeError
    from glasstunnel.landscape import candidate_pairs, cool, harvest, kob_andersen
    from glasstunnel.landscape.saddles import prove_saddle

    glass = cool(kob_andersen(150, seed=2), start=1.0, steps=1000)
    found = harvest(glass, temperature=0.42, replicas=2, segments=60, length=30)
    for pair in candidate_pairs(found, max_difference=5.0)[0]:
        try:
            saddle = find_saddle(found.minima[pair.i], found.minima[pair.j])
        except LandscapeError:
            continue
        if saddle.direct and saddle.participation < 20:
            break
    shift, (a, b), top, u = np.array([glass.box[0], 0, 0]), saddle.ends, saddle.configuration, saddle.displacement
    box = glass.box * [2, 1, 1]

    def twice(first, second):
        return Configuration(np.concatenate([first.positions, second.positions + shift]), box,
                             np.concatenate([glass.types] * 2), glass.model)  # fmt: skip

    still = np.zeros_like(u)
    edges = []
    for i, j, halves, motion in ((0, 1, (top, a), (u, still)), (2, 3, (top, b), (u, still)),
                                 (0, 2, (a, top), (still, u)), (1, 3, (b, top), (still, u))):  # fmt: skip
        proven, reason = prove_saddle(twice(*halves), np.concatenate(motion))
        assert proven is not None, reason
        # its periodic image is twice as far along one side; the strain of the two helps or hinders, as they lie
        assert 0.7 * saddle.barrier < proven.barrier < 1.3 * saddle.barrier, (i, j, proven.barrier, saddle.barrier)
        edges.append(edge_of(proven, i, j, -1e-3))
    limits = {"max_asymmetry": 5.0, "max_barrier": 5.0}
    assert classify(edges, box, **limits).counts() == {"pair": 2}
    alone = classify([edge_of(saddle, 0, 1, -1e-3)], glass.box, **limits)
    assert alone.counts() == {"pair": 1}


@pytest.mark.slow
def test_wrapping_translating_and_reordering_a_pair_changes_nothing_that_is_stored():
    from dataclasses import replace

    from glasstunnel.landscape import cool, harvest, kob_andersen
    from glasstunnel.landscape.pairs import pair_features

    glass = cool(kob_andersen(150, seed=2), start=1.0, steps=1000)
    found = harvest(glass, temperature=0.42, replicas=1, segments=40, length=30)
    order = np.random.default_rng(0).permutation(150)

    def changed(x, turn):
        return replace(x, positions=np.mod(x.positions + [3.1 * turn, -7.7, 0.4], x.box)[order], types=x.types[order])

    other = replace(found, glass=changed(found.glass, 0), minima=tuple(changed(x, 1) for x in found.minima))
    for i, j in ((0, 1), (0, 2)):
        one, two = pair_features(found, i, j).to_dict(), pair_features(other, i, j).to_dict()
        assert one.keys() == two.keys()
        for name in set(one) - {"exchange", "mover", "visits"}:
            assert two[name] == pytest.approx(one[name], rel=1e-7, abs=1e-9)
        assert one["mover"] == two["mover"]
