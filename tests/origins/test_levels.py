"""Levels in multi-well potentials: against an independent program, against each other, against limits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import reference

from glasstunnel.errors import ParameterError
from glasstunnel.origins import (
    parabola_well,
    potential_from,
    solve_wells,
    square_well,
    tetrahedral_well,
    triple_well,
    well_levels,
)

REFERENCE = reference("triple_wells")
TETRAHEDRA = reference("wells")["tetrahedra"]


@pytest.mark.parametrize("shape,quantum,levels", [(row[0], row[1], row[2:6]) for row in REFERENCE["still"]["rows"]])
def test_the_triple_well_has_the_levels_of_an_independent_calculation(shape, quantum, levels):
    solved = solve_wells(triple_well(shape), quantum, count=4)
    np.testing.assert_allclose(solved.energies, levels, atol=1e-10)
    assert solved.change < 1e-9 and "converged" in str(solved)


@pytest.mark.parametrize("quantum,levels", REFERENCE["in_field"]["rows"])
def test_the_levels_in_a_field_agree_between_basis_and_grid_and_an_independent_calculation(quantum, levels):
    well = triple_well(1.0)
    np.testing.assert_allclose(well_levels(well, quantum, 2.0, 3), levels, atol=1e-10)
    on_grid = solve_wells(well, quantum, 2.0, 3, method="grid")
    np.testing.assert_allclose(on_grid.energies, well_levels(well, quantum, 2.0, 3), atol=1e-10)
    assert on_grid.change < 1e-9 and on_grid.method == "grid"


def test_a_given_grid_is_as_accurate_as_it_says():
    exact = well_levels(triple_well(1.0), 0.3, count=3)
    solved = solve_wells(triple_well(1.0), 0.3, count=3, grid=(2.0, 33))
    error = np.max(np.abs(solved.energies - exact))
    assert 1e-10 < error < 2.5e-9 and error < 4.0 * solved.change


def finite_differences(potential, quantum, field, half_width, points, count):
    """Five-point finite differences with Peierls phases on the links: an independent method of low order."""
    from scipy import sparse
    from scipy.sparse.linalg import eigsh

    x = np.linspace(-half_width, half_width, points)
    h = x[1] - x[0]
    X, Y = np.meshgrid(x, x, indexing="ij")
    index = np.arange(points**2).reshape(points, points)
    scale = 0.5 * (quantum / h) ** 2
    rows = [index[1:, :].ravel(), index[:, 1:].ravel()]
    columns = [index[:-1, :].ravel(), index[:, :-1].ravel()]
    links = [np.exp(-0.5j * field * h * Y[1:, :]).ravel(), np.exp(0.5j * field * h * X[:, 1:]).ravel()]
    size = points**2
    upper = sum(
        sparse.coo_matrix((-scale * link, (r, c)), shape=(size, size))
        for r, c, link in zip(rows, columns, links, strict=True)
    )
    matrix = sparse.diags(4.0 * scale + potential.value(X, Y).ravel()) + upper + upper.conj().T
    return np.sort(eigsh(matrix.tocsc(), k=count, sigma=0.0, v0=np.ones(size), return_eigenvectors=False))


@pytest.mark.parametrize("field", [2.0])
def test_finite_differences_extrapolate_to_the_same_levels(field):
    well = triple_well(1.0)
    coarse, fine = (finite_differences(well, 0.3, field, 2.0, n, 3) for n in (61, 121))
    np.testing.assert_allclose((4.0 * fine - coarse) / 3.0, well_levels(well, 0.3, field, 3), atol=1e-5)


def test_a_separable_square_is_the_sum_of_two_double_wells():
    # s = 1/2 in coordinates turned by 45 degrees; one dimension by finite differences
    well, quantum = square_well(0.5), 0.3
    u_, v_ = 0.3, -0.9
    one = lambda s: well.value(s / math.sqrt(2.0), s / math.sqrt(2.0)) - 0.5 * well.value(0.0, 0.0)  # noqa: E731
    total = well.value((u_ - v_) / math.sqrt(2.0), (u_ + v_) / math.sqrt(2.0))
    assert total == pytest.approx(one(u_) + one(v_))
    from scipy.linalg import eigh_tridiagonal

    def lowest(points):
        u = np.linspace(-2.2, 2.2, points)
        step = u[1] - u[0]
        return eigh_tridiagonal((quantum / step) ** 2 + one(u), np.full(points - 1, -0.5 * (quantum / step) ** 2),
                                select="i", select_range=(0, 2))[0]  # fmt: skip

    single = (4.0 * lowest(3201) - lowest(1601)) / 3.0
    sums = np.sort(np.add.outer(single, single).ravel())[:5]
    np.testing.assert_allclose(well_levels(well, quantum, count=5), sums, atol=1e-7)


@pytest.mark.slow
def test_the_tetrahedron_has_one_level_below_three_and_the_field_splits_the_three():
    single, triplet, following = TETRAHEDRA["low_barrier"]
    levels = solve_wells(tetrahedral_well(1.0), 0.3, count=5, grid=(2.0, 22))
    np.testing.assert_allclose(levels.energies, [single, triplet, triplet, triplet, following], atol=4e-6)
    np.testing.assert_allclose(levels.energies[:4], [single, *[triplet] * 3], atol=2e-7)
    in_field = solve_wells(tetrahedral_well(1.0), 0.3, 0.1, 4, grid=(2.0, 22)).energies
    np.testing.assert_allclose(in_field, TETRAHEDRA["in_field"], atol=2.5e-7)


@pytest.mark.slow
def test_the_tetrahedron_with_a_higher_barrier():
    levels = well_levels(tetrahedral_well(1.0), 0.2, count=4)
    single, triplet, *_ = TETRAHEDRA["high_barrier"]
    np.testing.assert_allclose(levels, [single, *[triplet] * 3], atol=1e-7)


@pytest.mark.slow
def test_the_direction_of_the_field_does_not_matter_to_the_split_triplet():
    directions = np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 1.0]]) / np.sqrt([[1.0], [3.0]])
    levels = [well_levels(tetrahedral_well(1.0), 0.5, 0.05 * direction, 4) for direction in directions]
    splits = [level[3] - level[1] for level in levels]
    assert splits[1] == pytest.approx(splits[0], rel=1e-3)


def test_a_deep_well_is_an_oscillator():
    well, quantum = triple_well(1.0), 0.06
    expected = quantum * math.sqrt(32.0 / 3.0)  # zero-point energy of two equal frequencies
    assert well_levels(well, quantum, count=1)[0] == pytest.approx(expected, rel=0.02)


@settings(max_examples=3)
@given(x=st.floats(-3.0, 3.0), y=st.floats(-3.0, 3.0))
def test_a_shift_of_the_origin_is_a_gauge_and_moves_no_level(x, y):
    well = triple_well(1.0)
    moved = potential_from(lambda X, Y: well.value(X - x, Y - y), np.array(well.wells) + [x, y])
    grid_levels = solve_moved(moved, (x, y))
    np.testing.assert_allclose(grid_levels, well_levels(well, 0.4, 1.5, 3), atol=1e-8)


def solve_moved(moved, shift):
    from glasstunnel.origins.wave_grid import WaveGrid, grid_for, grid_states

    reference = grid_for(triple_well(1.0), 0.4)
    grid = WaveGrid(tuple(axis + each for axis, each in zip(reference.axes, shift, strict=True)))
    return grid_states(moved, 0.4, 1.5, grid, 3)[0]


@settings(max_examples=6)
@given(shape=st.floats(0.2, 3.8), quantum=st.floats(0.15, 1.0))
def test_the_ground_state_without_field_is_single_and_the_field_only_raises_it(shape, quantum):
    # Perron and Frobenius: node-free ground state; Simon: diamagnetic inequality
    levels = well_levels(triple_well(shape), quantum, count=3)
    assert levels[0] < levels[1] - 1e-9 and levels[2] == pytest.approx(levels[1], abs=1e-8)
    assert well_levels(triple_well(shape), quantum, 1.0, 1)[0] > levels[0]


def test_the_sign_of_the_field_does_not_matter():
    np.testing.assert_allclose(well_levels(triple_well(2.0), 0.3, 1.3), well_levels(triple_well(2.0), 0.3, -1.3))


@pytest.mark.slow
def test_cusps_leave_the_parabolas_with_the_accuracy_they_state():
    solved = solve_wells(parabola_well(3), 0.3, count=3)
    finer = solve_wells(parabola_well(3), 0.3, count=3, grid=(3.8, 121))
    assert np.max(np.abs(solved.energies - finer.energies)) < 3.0 * solved.change < 1e-3


def test_members_of_exact_multiplets_are_not_lost_without_symmetry_to_help():
    # the polynomial of a triple well about another origin shows no axis, but has the same pairs of equal levels
    from glasstunnel.origins import MultiWell

    well = triple_well(1.0)
    terms, a = {}, 0.2
    for (i, j), c in well.terms:
        for k in range(i + 1):
            terms[k, j] = terms.get((k, j), 0.0) + c * math.comb(i, k) * a ** (i - k)
    moved = MultiWell("moved", tuple((x - a, y) for x, y in well.wells), tuple(terms.items()))
    np.testing.assert_allclose(well_levels(moved, 0.3, count=5), well_levels(well, 0.3, count=5), atol=1e-7)


def open_wells(x, y):
    return 1.0 - np.exp(-((x - 1.0) ** 2) - y**2) - np.exp(-((x + 1.0) ** 2) - y**2)


@pytest.mark.parametrize("call,sentence", [
    (lambda: well_levels(triple_well(1.0), 0.01), "between 0.04"),
    (lambda: well_levels(triple_well(1.0), math.nan), "quantum must be"),
    (lambda: well_levels(triple_well(1.0), "small"), "quantum must be"),
    (lambda: well_levels(triple_well("round"), 0.3), "shape must be"),
    (lambda: well_levels(triple_well(1.0), 0.3, math.inf), "finite"),
    (lambda: well_levels(triple_well(1.0), 0.3, count="all"), "count"),
    (lambda: well_levels(triple_well(1.0), 0.3, count=0), "count"),
    (lambda: well_levels(triple_well(1.0), 0.3, [0.0, 0.0, 1.0]), "one finite number"),
    (lambda: solve_wells(triple_well(1.0), 0.3, method="magic"), "'basis' or 'grid'"),
    (lambda: solve_wells(parabola_well(3), 0.3, method="basis"), "plane polynomials"),
    (lambda: solve_wells(triple_well(1.0), 0.3, grid=(0.8, 30)), "cuts the wave function"),
    (lambda: solve_wells(triple_well(1.0), 0.3, grid=(2.0, 3)), "points per axis must be a whole number from 5"),
    (lambda: well_levels(potential_from(open_wells, [(1, 0), (-1, 0)]), 0.3), "does not confine"),
])  # fmt: skip
def test_bad_input_ends_in_a_sentence(call, sentence):
    with pytest.raises(ParameterError, match=sentence):
        call()


def test_levels_far_below_the_wells_of_a_strong_tilt_are_found():
    """A spectrum inverted above its lowest levels would lose them; the grid does not invert."""
    tilted = triple_well(1.0).tilted(5.0, 0.0)
    by_basis = solve_wells(tilted, 0.2, count=4)
    by_grid = solve_wells(tilted, 0.2, count=4, method="grid")
    assert by_basis.energies[0] < -1.0
    assert by_basis.energies == pytest.approx(by_grid.energies, abs=1e-6)


@pytest.mark.parametrize("potential", ["triple", None, lambda x, y: x * x + y * y])
def test_what_is_no_multi_well_gets_a_sentence(potential):
    with pytest.raises(ParameterError, match="must be a MultiWell"):
        well_levels(potential, 0.2)


@pytest.mark.parametrize(
    ("function", "wells"), [(3, [(1, 0), (-1, 0)]), (lambda x: x, [(1, 0), (-1, 0)]), (lambda x, y: x, "round")]
)
def test_what_is_no_potential_gets_a_sentence(function, wells):
    with pytest.raises(ParameterError, match="needs a function of the coordinates"):
        potential_from(function, wells)
