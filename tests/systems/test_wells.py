"""Single few-well systems against brute-force diagonalization, reference numbers, limits and symmetries."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import reference

from glasstunnel import ParameterError, four_well_levels, tetrahedral_levels, three_well_levels, two_level_gap
from glasstunnel.systems.wells import (
    TETRAHEDRON,
    coherent_cluster_splitting,
    rescaled,
    tetrahedral_hamiltonian,
    well_energies,
)

REFERENCE = reference("levels")
energy = st.floats(-3.0, 3.0).map(lambda x: round(x, 6))
angle = st.floats(-7.0, 7.0)
direction = st.lists(st.floats(-5.0, 5.0), min_size=3, max_size=3)


def ring_matrix(energies, amplitude, phase):
    """002 Eq. 6: H12 = H23 = H31 = D0 exp(i phi/3)."""
    H = np.diag(np.asarray(energies, dtype=complex))
    for i in range(3):
        H[i, (i + 1) % 3] += amplitude * np.exp(1j * phase / 3)
        H[(i + 1) % 3, i] += amplitude * np.exp(-1j * phase / 3)
    return H


# Three wells


def test_three_well_levels_have_their_reference_values():
    found = three_well_levels([0.3, -0.1, -0.2], 1.0, 0.7)
    np.testing.assert_allclose(found, REFERENCE["three_wells"]["levels"], rtol=1e-14)
    np.testing.assert_allclose(found[1] - found[0], REFERENCE["three_wells"]["gap"], rtol=1e-14)


@given(st.lists(energy, min_size=3, max_size=3), st.sampled_from([-2.0, -0.3, 0.1, 1.0]), angle)
def test_three_well_levels_equal_diagonalization(energies, amplitude, phase):
    exact = np.linalg.eigvalsh(ring_matrix(energies, amplitude, phase))
    np.testing.assert_allclose(three_well_levels(energies, amplitude, phase), exact, atol=2e-14)


@pytest.mark.parametrize("psi, gap", REFERENCE["three_wells"]["gaps"])
def test_the_gap_depends_on_the_direction_of_the_asymmetry(psi, gap):
    """Rescaled D = 0.3, D0 = 1, phi = 0.5."""
    levels = three_well_levels(well_energies(0.3, psi), np.sqrt(3.0) / 2.0, 0.5)
    np.testing.assert_allclose(levels[1] - levels[0], gap, rtol=1e-13)


@given(st.floats(0.01, 3.0), st.floats(-3.0, 3.0), st.floats(0.1, 2.0))
def test_polar_form_and_well_energies_are_inverse(asymmetry, psi, amplitude):
    energies = well_energies(asymmetry, psi)
    ring = rescaled(energies, np.sqrt(3.0) / 2.0 * amplitude)
    np.testing.assert_allclose([ring.asymmetry, ring.amplitude], [asymmetry, amplitude], rtol=1e-13)
    np.testing.assert_allclose(np.cos(ring.angle), np.cos(psi), atol=1e-12)
    np.testing.assert_allclose(np.sqrt(2.0 / 3.0 * (energies**2).sum()), asymmetry, rtol=1e-13)


def test_equal_wells_have_a_degenerate_ground_state_or_a_single_one_by_the_sign_of_the_hopping():
    np.testing.assert_allclose(three_well_levels([1.0, 1.0, 1.0], 2.0, 0.0), [-1.0, -1.0, 5.0], atol=1e-14)
    np.testing.assert_allclose(three_well_levels([1.0, 1.0, 1.0], -2.0, 0.0), [-3.0, 3.0, 3.0], atol=1e-14)


def test_three_wells_broadcast_over_energies_and_phase():
    levels = three_well_levels(np.zeros((4, 1, 3)), 1.0, np.linspace(0.1, 1.0, 5))
    assert levels.shape == (4, 5, 3)


def test_three_wells_without_hopping_or_with_four_energies_are_refused():
    with pytest.raises(ParameterError, match="must not be zero"):
        three_well_levels([0.1, 0.2, 0.3], 0.0, 0.1)
    with pytest.raises(ParameterError, match="3 entries along the last axis"):
        three_well_levels([0.1, 0.2, 0.3, 0.4], 1.0, 0.1)


# Two-level gap


def test_the_linear_gap_has_its_reference_value():
    """Raw wells (0.3, -0.1, -0.2), D0 = 1, phi = 0.7: two-level gap 0.864, exact 0.850."""
    ring = rescaled([0.3, -0.1, -0.2], 1.0)
    gap = two_level_gap(ring.asymmetry, ring.amplitude, 0.7)
    np.testing.assert_allclose(gap, REFERENCE["three_wells"]["linear_gap"], rtol=1e-14)


@pytest.mark.parametrize("form, order", [("linear", 2), ("quartic", 4), ("sine", 6)])
def test_each_form_of_the_gap_has_the_stated_error_for_equal_wells(form, order):
    """Exact: 3 D0 sin(phi/3) = D0 phi (1 - phi^2/54 + ...); 002 Eq. 95 keeps one more order."""
    phi = np.array([0.02, 0.2, 1.0])
    levels = three_well_levels(np.zeros(3), np.sqrt(3.0) / 2.0, phi)
    exact = levels[:, 1] - levels[:, 0]
    error = np.abs(two_level_gap(0.0, 1.0, phi, form=form) / exact - 1.0)
    assert (error < {2: 1.2 / 54, 4: 1.2 / 3645, 6: 0.0}[order] * phi**order + 1e-14).all()


def test_the_sine_gap_is_periodic_and_even_in_the_phase():
    phi = np.linspace(0.0, np.pi, 7)[1:-1]
    gap = two_level_gap(0.1, 1.0, phi, form="sine")
    for other in (-phi, phi + 2 * np.pi, 6 * np.pi - phi):
        np.testing.assert_allclose(two_level_gap(0.1, 1.0, other, form="sine"), gap, rtol=1e-13)


def test_a_gap_the_form_cannot_give_is_refused():
    with pytest.raises(ParameterError, match="ends at"):
        two_level_gap(0.1, 1.0, 6.0, form="quartic")
    with pytest.raises(ParameterError, match="form must be one of"):
        two_level_gap(0.1, 1.0, 1.0, form="cubic")


# Four wells on a square

SQUARE = [0.01, -0.02, 0.015, -0.005]


@pytest.mark.parametrize("side, diagonal, levels", [
    (side, diagonal, levels) for side, diagonal, *levels in REFERENCE["four_wells"]["rows"]
])
def test_four_well_levels_have_their_reference_values(side, diagonal, levels):
    np.testing.assert_allclose(four_well_levels(SQUARE, side, diagonal, 0.4), levels, atol=1e-13)


@given(st.lists(energy, min_size=4, max_size=4), energy, energy, angle)
def test_four_well_levels_solve_the_published_characteristic_equation(energies, side, diagonal, phase):
    """004 Eq. 35, for wells that sum to zero."""
    E = np.array(energies) - np.mean(energies)
    e1, e2, e3, e4 = E
    second = sum(a * b for a, b in itertools.combinations(E, 2))
    third = sum(a * b * c for a, b, c in itertools.combinations(E, 3))
    flux = 1.0 + np.cos(phase)
    D1, D2 = side**2, diagonal**2

    def equation(x):
        return (
            x**4 + x**2 * (second - 4 * D1 - D2 * flux) - x * (third + 4 * D1 * diagonal * flux)
            + e1 * e2 * e3 * e4 - D1 * (e1 * e2 + e2 * e3 + e3 * e4 + e4 * e1)
            - 0.5 * D2 * (e1 * e3 + e2 * e4) * flux - 2 * D1 * D2 * flux
            + 2 * D1**2 * (1 - np.cos(phase)) + D2**2 * (3 + 4 * np.cos(phase) + np.cos(2 * phase)) / 8
        )  # fmt: skip

    levels = four_well_levels(E, side, diagonal, phase)
    scale = 1.0 + np.abs(levels).max() ** 4
    np.testing.assert_allclose(equation(levels) / scale, 0.0, atol=1e-12)


def test_equal_wells_on_the_sides_only_give_the_reduced_spectrum():
    phi = np.linspace(-2.0, 2.0, 9)
    cosine, sine = np.abs(2 * np.cos(phi / 4)), np.abs(2 * np.sin(phi / 4))
    exact = np.stack([-cosine, -sine, sine, cosine], axis=-1)
    np.testing.assert_allclose(four_well_levels(np.zeros(4), 1.0, 0.0, phi), exact, atol=1e-14)


def test_diagonals_alone_give_two_double_wells_whose_lowest_gap_ignores_the_flux():
    phi = np.array([0.0, 0.5, 1.0])
    levels = four_well_levels(SQUARE, 0.0, 1.0, phi)
    pairs = []
    for a, b in ((SQUARE[0], SQUARE[2]), (SQUARE[1], SQUARE[3])):
        root = np.sqrt((a - b) ** 2 / 4 + np.cos(phi / 2) ** 2)
        pairs += [(a + b) / 2 - root, (a + b) / 2 + root]
    np.testing.assert_allclose(levels, np.sort(np.stack(pairs, axis=-1)), atol=1e-14)
    np.testing.assert_allclose(levels[:, 1] - levels[:, 0], 0.025025, atol=4e-6)


# Tetrahedron


def loop_phase(H, corners):
    return np.angle(np.prod([H[i, j] for i, j in zip(corners, np.roll(corners, -1), strict=True)]))


@given(direction)
def test_each_face_of_the_tetrahedron_carries_the_flux_through_it(field):
    phase = 0.3 * np.array(field) / 5.0
    H = tetrahedral_hamiltonian(np.zeros(4), 1.0, phase)
    np.testing.assert_allclose(H, H.conj().T)
    total = 0.0
    for apex in range(4):
        outward = -TETRAHEDRON[apex] / np.sqrt(3.0)
        corners = [i for i in range(4) if i != apex]
        if np.linalg.det(TETRAHEDRON[corners]) * (outward @ TETRAHEDRON[corners[0]]) < 0:
            corners.reverse()  # circulate about the outward normal
        found = loop_phase(H, np.array(corners))
        np.testing.assert_allclose(found, phase @ outward, atol=1e-14)
        total += found
    np.testing.assert_allclose(total, 0.0, atol=1e-14)  # no flux out of a closed surface


@given(st.lists(energy, min_size=4, max_size=4), direction, direction)
def test_tetrahedral_levels_do_not_depend_on_the_gauge(energies, field, origin):
    here = tetrahedral_levels(energies, 0.8, field)
    there = np.linalg.eigvalsh(tetrahedral_hamiltonian(energies, 0.8, field, origin=origin))
    np.testing.assert_allclose(here, there, atol=1e-13)


def rotations():
    """The 12 proper rotations of the tetrahedron as (matrix, permutation of the corners)."""
    for axes in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        for signs in itertools.product((1, -1), repeat=3):
            matrix = np.eye(3)[list(axes)] * np.array(signs)[:, None]
            moved = TETRAHEDRON @ matrix.T
            match = (moved[:, None, :] == TETRAHEDRON[None, :, :]).all(axis=-1)
            if match.any(axis=1).all() and np.linalg.det(matrix) > 0:
                yield matrix, match.argmax(axis=1)


def test_rotating_field_and_wells_together_leaves_the_tetrahedral_levels():
    found = list(rotations())
    assert len(found) == 12
    energies, field = np.array([0.3, -0.2, 0.1, 0.0]), np.array([0.4, 1.1, -0.7])
    levels = tetrahedral_levels(energies, 1.0, field)
    for matrix, moved in found:
        turned = np.empty(4)
        turned[moved] = energies
        np.testing.assert_allclose(tetrahedral_levels(turned, 1.0, matrix @ field), levels, atol=1e-13)


@given(st.lists(energy, min_size=4, max_size=4), direction)
def test_reversing_the_field_leaves_the_tetrahedral_levels(energies, field):
    np.testing.assert_allclose(
        tetrahedral_levels(energies, 1.0, field), tetrahedral_levels(energies, 1.0, [-b for b in field]), atol=1e-13
    )


def test_the_field_splits_the_triplet_like_an_orbital_moment():
    """Linear in a weak field and the same for every direction, levels -1, 0, +1 times a slope.

    Along a corner the opposite face is a ring with phase phi: -1 -+ 2 sin(2 pi/3) phi/3, slope 1/sqrt(3).
    """
    small = 1e-4
    for field in ([0, 0, 1], [1, 1, 1], [1, 1, 0], [0.2, -0.5, 0.8]):
        unit = np.array(field) / np.linalg.norm(field)
        split = (tetrahedral_levels(np.zeros(4), 1.0, small * unit)[:3] + 1.0) / small
        np.testing.assert_allclose(split, [-split[2], 0.0, split[2]], atol=2e-4)
        np.testing.assert_allclose(split[2], 1.0 / np.sqrt(3.0), rtol=1e-4)


def test_a_corner_pushed_far_up_leaves_the_three_well_ring_of_the_opposite_face():
    energies = np.array([1e7, 0.3, -0.1, -0.2])
    field = np.array([0.3, -0.5, 0.9])
    face = abs(field @ TETRAHEDRON[0]) / np.sqrt(3.0)
    np.testing.assert_allclose(
        tetrahedral_levels(energies, 1.0, field)[:3], three_well_levels(energies[1:], 1.0, face), atol=1e-6
    )


# Clusters of coherent tunnelers


def full_cluster(count, t, U):
    """All 2^count product states: hops flip one particle, pairs in the same well gain U."""
    states = list(itertools.product((0, 1), repeat=count))
    H = np.zeros((len(states), len(states)))
    for a, one in enumerate(states):
        H[a, a] = -U * sum(i == j for i, j in itertools.combinations(one, 2))
        for b, two in enumerate(states):
            if sum(i != j for i, j in zip(one, two, strict=True)) == 1:
                H[a, b] = t
    levels = np.linalg.eigvalsh(H)
    return levels[1] - levels[0]


@pytest.mark.parametrize("count, splitting", REFERENCE["clusters"]["rows"])
def test_cluster_splittings_have_their_reference_values(count, splitting):
    assert coherent_cluster_splitting(count, 1.0, 10.0) == pytest.approx(splitting, rel=1e-10)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("U", [0.0, 0.4, 3.0])
def test_cluster_splitting_equals_diagonalization_of_all_states(count, U):
    np.testing.assert_allclose(coherent_cluster_splitting(count, 0.7, U), full_cluster(count, 0.7, U), atol=1e-13)


def test_two_attracting_particles_have_the_closed_form_and_free_ones_2t():
    t, U = 0.6, 5.0
    np.testing.assert_allclose(coherent_cluster_splitting(2, t, U), np.sqrt(U**2 / 4 + 4 * t**2) - U / 2, rtol=1e-13)
    np.testing.assert_allclose(coherent_cluster_splitting(7, t, 0.0), 2 * t, rtol=1e-13)


@pytest.mark.parametrize("arguments", [(0, 1.0, 1.0), (2.5, 1.0, 1.0), (3, 0.0, 1.0), (3, 1.0, -1.0)])
def test_impossible_clusters_are_refused(arguments):
    with pytest.raises(ParameterError, match="coherent_cluster_splitting"):
        coherent_cluster_splitting(*arguments)
