"""Packings, their triangulation and their voids: against crystals, sampling and an independent program."""

import dataclasses
import math

import numpy as np
import pytest

from glasstunnel.errors import ParameterError
from glasstunnel.origins import (
    Packing,
    area_spread_from_cells,
    exposed_share,
    packing,
    three_cusped_area,
    tunneler_ratio,
    void_area,
    void_perimeter,
    voids_of,
    windows_of,
)

CELLS = packing(120, 0.1, 2, seed=4)


def crystal(rows, columns, height, shift, box):
    """Rows of discs of radius 1, moved by 1e-7 so that no four centers lie on one circle."""
    rng = np.random.default_rng(0)
    centers = [(2.0 * c + shift * (r % 2), height * r) for r in range(rows) for c in range(columns)]
    moved = np.array(centers) + 1e-7 * rng.normal(size=(len(centers), 2)) + 0.3
    return Packing(moved, np.ones(len(centers)), box, 0, 0.0, 0.0)


def sampled_void_area(cells, growth, count=100_000):
    rng = np.random.default_rng(2)
    points = rng.uniform(0.0, cells.box, (count, 2))
    free = np.ones(count, dtype=bool)
    for center, radius in zip(cells.centers, cells.radii * (1.0 + growth), strict=True):
        away = points - center
        away -= cells.box * np.round(away / cells.box)
        free &= np.sum(away**2, axis=1) > radius**2
    return free.mean() * cells.box**2


def test_a_square_crystal_has_four_cusped_voids():
    square = crystal(8, 8, 2.0, 0.0, 16.0)
    voids = voids_of(square, gap=1e-4)
    assert len(voids.area) == 64 and set(voids.sides) == {4}
    np.testing.assert_allclose(voids.area, void_area(0.0, "four-cusped"), rtol=1e-5)
    np.testing.assert_allclose(voids.perimeter, void_perimeter(0.0, "four-cusped"), rtol=1e-3)
    grown = voids_of(square, growth=0.05, gap=1e-4)
    np.testing.assert_allclose(grown.area, void_area(0.05, "four-cusped"), rtol=1e-5)
    np.testing.assert_allclose(grown.perimeter, void_perimeter(0.05, "four-cusped"), rtol=1e-5)
    share = exposed_share(square, [0.05]) * 1.05
    assert share[0] == pytest.approx(void_perimeter(0.05, "four-cusped") / (2.0 * math.pi), rel=1e-6)


def test_a_hexagonal_crystal_has_three_cusped_voids():
    even = crystal(30, 26, 52.0 / 30.0, 1.0, 52.0)  # rows 0.07 % too far apart, to fit a square box
    voids = voids_of(even, growth=0.03)
    assert len(voids.area) == 2 * 780 and set(voids.sides) == {3}
    assert voids.area.mean() == pytest.approx(void_area(0.03), rel=0.03)
    assert voids.perimeter.mean() == pytest.approx(void_perimeter(0.03), rel=0.02)
    assert exposed_share(even, 0.03) * 1.03 == pytest.approx(tunneler_ratio(0.03), rel=0.02)


@pytest.mark.parametrize("growth", [0.0, 0.03, 0.08])
def test_the_void_areas_add_up_to_what_sampling_finds(growth):
    voids = voids_of(CELLS, growth)
    sampled = sampled_void_area(CELLS, growth)
    assert voids.area.sum() == pytest.approx(sampled, abs=0.01 * sampled + 0.004 * CELLS.box**2)


@pytest.mark.parametrize("growth", [0.0, 0.02, 0.06])
def test_perimeters_of_voids_are_the_exposed_arcs_of_cells(growth):
    total = voids_of(CELLS, growth).perimeter.sum()
    exposed = exposed_share(CELLS, growth) * 2.0 * math.pi * CELLS.radii.sum() * (1.0 + growth)
    assert total == pytest.approx(float(exposed), rel=0.02)


def test_the_triangulation_fills_the_box_with_two_triangles_per_disc():
    mesh = CELLS.triangulation
    assert len(mesh.cells) == 2 * 120
    for place, row in enumerate(mesh.neighbors):
        assert all(place in mesh.neighbors[other] for other in row)


def test_no_disc_reaches_into_the_power_circle_of_a_triangle():
    # the property that defines the weighted triangulation: no cell has a smaller power at the center of a triangle
    from glasstunnel.origins.void_statistics import _power

    mesh = CELLS.triangulation
    radii = CELLS.radii[mesh.cells]
    own = _power(mesh.corners, radii)
    for corners, cells, power in zip(mesh.corners[::7], mesh.cells[::7], own[::7], strict=True):
        matrix = 2.0 * (corners[1:] - corners[0])
        radius = CELLS.radii[cells]
        right = np.sum((corners[1:] - corners[0]) ** 2, axis=1) - radius[1:] ** 2 + radius[0] ** 2
        center = corners[0] + np.linalg.solve(matrix, right)
        away = center - CELLS.centers
        away -= CELLS.box * np.round(away / CELLS.box)
        assert np.min(np.sum(away**2, axis=1) - CELLS.radii**2) > power - 1e-6


def test_the_same_seed_gives_the_same_packing_and_another_seed_another():
    again = packing(120, 0.1, 2, seed=4)
    np.testing.assert_array_equal(again.centers, CELLS.centers)
    assert again.hash == CELLS.hash != packing(120, 0.1, 2, seed=5).hash
    assert CELLS.hash in str(CELLS) and CELLS.fraction == pytest.approx(0.85)


@pytest.mark.parametrize("spread,expected", [(0.1, 0.115), (0.2, 0.221), (0.4, 0.459)])
def test_voids_of_three_touching_cells_have_a_log_normal_area(spread, expected):
    radii = np.exp(spread * np.random.default_rng(1).normal(size=(3, 100_000)))
    logarithm = np.log(three_cusped_area(*radii))
    assert np.std(logarithm) == pytest.approx(expected, rel=0.05)  # measured in packings by another program
    assert np.std(logarithm) == pytest.approx(area_spread_from_cells(spread), rel=0.02)
    assert abs(np.mean((logarithm - logarithm.mean()) ** 3)) < 0.02 * np.std(logarithm) ** 3 + 0.1 * spread**3


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_random_packing_has_the_voids_that_an_independent_program_finds(seed):
    cells = packing(300, 0.1, 2, seed)
    voids = voids_of(cells)
    shares = voids.sides_share()
    assert len(voids.area) / 300 == pytest.approx(1.1, abs=0.13)
    assert 0.42 < shares[3] < 0.59 and 0.21 < shares[4] < 0.41 and 0.10 < shares[5] < 0.17
    assert 0.80 < voids.area_spread < 0.96
    three = np.log(voids.area[voids.sides == 3])
    assert np.std(three) == pytest.approx(0.115, abs=0.02)
    exposed = exposed_share(cells, [0.01, 0.1]) * [1.01, 1.1]
    np.testing.assert_allclose(exposed, [0.791, 0.378], rtol=0.06)


@pytest.mark.slow
@pytest.mark.parametrize("spread,face_spread", [(0.0, 0.111), (0.1, 0.155)])
def test_a_packing_of_spheres_has_the_tetrahedra_that_an_independent_program_finds(spread, face_spread):
    cells = packing(250, spread, 3, 1)
    windows = windows_of(cells)
    assert windows.per_sphere == pytest.approx(6.15, abs=0.1)
    assert windows.per_volume == pytest.approx(0.940, rel=0.04)
    assert windows.face_area.mean() / math.sqrt(3.0) == pytest.approx(1.147, rel=0.02)
    assert windows.face_spread == pytest.approx(face_spread, abs=0.012)
    assert math.hypot(0.111, area_spread_from_cells(spread)) == pytest.approx(face_spread, abs=0.006)
    assert np.all(np.diff([windows_of(cells, g).window_area.sum() for g in (0.0, 0.05, 0.1)]) < 0.0)


def test_the_surface_of_spheres_falls_linearly_with_growth():
    cells = packing(60, 0.0, 3, 2)
    share = exposed_share(cells, [0.0, 0.02, 0.04], points=4000)
    assert share[0] > 0.95
    assert (share[0] - share[2]) / (share[0] - share[1]) == pytest.approx(2.0, abs=0.45)


def test_more_growth_leaves_fewer_and_smaller_voids_until_none_is_left():
    areas = [voids_of(CELLS, growth).area.sum() for growth in (0.0, 0.02, 0.05, 0.1)]
    assert sorted(areas, reverse=True) == areas
    with pytest.raises(ParameterError, match="closes every void"):
        voids_of(CELLS, 0.6)


@pytest.mark.parametrize("call,sentence", [
    (lambda: packing(5), "count"),
    (lambda: packing("many"), "count"),
    (lambda: packing(20, "wide"), "spread"),
    (lambda: packing(20.5), "count"),
    (lambda: packing(100_000), "count"),
    (lambda: packing(50, 2.0), "spread"),
    (lambda: packing(50, math.nan), "spread"),
    (lambda: packing(50, 0.1, 4), "dimension"),
    (lambda: packing(50, 0.1, 2, -1), "seed"),
    (lambda: voids_of(CELLS, -0.1), "growth"),
    (lambda: voids_of(dataclasses.replace(CELLS, centers=np.zeros((120, 3)))), "those of discs"),
    (lambda: windows_of(CELLS), "those of spheres"),
    (lambda: area_spread_from_cells(-0.1), "spread"),
])  # fmt: skip
def test_bad_input_ends_in_a_sentence(call, sentence):
    with pytest.raises(ParameterError, match=sentence):
        call()


def test_cells_that_close_every_window_and_radii_without_sense_get_a_sentence():
    with pytest.raises(ParameterError, match="closes every window"):
        windows_of(packing(30, 0.0, 3, 1), 3.0)
    with pytest.raises(ParameterError, match="positive and finite"):
        three_cusped_area(1.0, 1.0, -1.0)
