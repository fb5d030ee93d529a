"""Voids between growing cells: closed forms against sampling, published-style tables, and the cutoffs they give."""

import math

import numpy as np
import pytest

from glasstunnel.conversions import void_volume as void_volume_of_radius
from glasstunnel.errors import ParameterError
from glasstunnel.origins import (
    area_ratio_for,
    growth_for_ratio,
    tunneler_ratio,
    void_area,
    void_kind,
    void_perimeter,
    void_surface,
    void_volume,
)

# r = N/N0, growth and A/A0 in two dimensions, growth, V/V0 and window A/A0 in three: another program
TABLE = [
    (0.9, 0.0014073, 0.9744, 0.02076, 0.7906, 0.6970), (0.7, 0.0132457, 0.7940, 0.05955, 0.4607, 0.3256),
    (0.5, 0.0379886, 0.5090, 0.09538, 0.2320, 0.1204), (0.3, 0.0757801, 0.2187, 0.12884, 0.0895, 0.0221),
]  # fmt: skip


@pytest.mark.parametrize("ratio,flat,area,solid,volume,window", TABLE)
def test_growth_agrees_with_an_independent_calculation(ratio, flat, area, solid, volume, window):
    assert growth_for_ratio(ratio) == pytest.approx(flat, abs=6e-8)
    assert growth_for_ratio(ratio, 3) == pytest.approx(solid, abs=6e-6)
    assert void_area(growth_for_ratio(ratio)) / void_area(0.0) == pytest.approx(area, abs=6e-5)
    assert void_volume(growth_for_ratio(ratio, 3)) / void_volume(0.0) == pytest.approx(volume, abs=6e-5)
    assert void_area(growth_for_ratio(ratio, 3)) / void_area(0.0) == pytest.approx(window, abs=6e-5)
    assert area_ratio_for(ratio) == pytest.approx(area, abs=6e-5)


def test_touching_cells_have_the_known_voids():
    """Triangle, tetrahedron and octahedron of edge 2 less the unit balls of their corners, by solid angles."""
    tetrahedral, octahedral = 3.0 * math.acos(1.0 / 3.0) - math.pi, 4.0 * math.asin(1.0 / 3.0)
    assert void_area(0.0) == pytest.approx(math.sqrt(3.0) - math.pi / 2.0, rel=1e-12)
    assert void_area(0.0, "four-cusped") == pytest.approx(0.858407, abs=6e-7)
    assert (void_perimeter(0.0), void_perimeter(0.0, "four")) == pytest.approx((math.pi, 2.0 * math.pi))
    assert void_surface(0.0) == pytest.approx(4.0 * tetrahedral, rel=1e-12)
    assert void_volume(0.0, "octahedral") == pytest.approx(8.0 * math.sqrt(2.0) / 3.0 - 2.0 * octahedral, rel=1e-11)
    assert void_surface(0.0, "octahedral") == pytest.approx(6.0 * octahedral, rel=1e-12)
    assert void_volume(0.0) == pytest.approx(float(void_volume_of_radius(1.0)))
    cell = 2.0 * void_volume(0.0) + void_volume(0.0, "octahedral") + 4.0 * math.pi / 3.0
    assert cell == pytest.approx(4.0 * math.sqrt(2.0))
    octahedra = void_volume(0.0, "octahedral") / (cell - 4.0 * math.pi / 3.0)
    assert octahedra == pytest.approx(0.72, abs=5e-3)  # of the void volume in close packing
    assert void_surface(0.0, "octahedral") / (4.0 * math.pi) == pytest.approx(0.65, abs=2e-3)


@pytest.mark.parametrize("growth", [0.0, 0.05, 0.12])
def test_areas_and_volumes_agree_with_sampling(growth):
    rng = np.random.default_rng(3)
    rho = 1.0 + growth
    corners = np.array([[0.0, 0.0], [2.0, 0.0], [1.0, math.sqrt(3.0)]])
    points = inside_simplex(rng, corners, 200_000)
    free = np.all(np.linalg.norm(points[:, None] - corners, axis=-1) > rho, axis=1)
    assert free.mean() * math.sqrt(3.0) == pytest.approx(void_area(growth), abs=4e-3)
    square = rng.uniform(0.0, 2.0, (200_000, 2))
    four = 2.0 * np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
    free = np.all(np.linalg.norm(square[:, None] - four, axis=-1) > rho, axis=1)
    assert free.mean() * 4.0 == pytest.approx(void_area(growth, "four-cusped"), abs=1.2e-2)
    tetrahedron = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / math.sqrt(2.0)
    points = inside_simplex(rng, tetrahedron, 200_000)
    free = np.all(np.linalg.norm(points[:, None] - tetrahedron, axis=-1) > rho, axis=1)
    assert free.mean() * 2.0 * math.sqrt(2.0) / 3.0 == pytest.approx(void_volume(growth), abs=3e-3)
    octahedron = math.sqrt(2.0) * np.vstack([np.eye(3), -np.eye(3)])
    points = rng.uniform(-math.sqrt(2.0), math.sqrt(2.0), (400_000, 3))
    inside = np.abs(points).sum(axis=1) < math.sqrt(2.0)
    free = inside & np.all(np.linalg.norm(points[:, None] - octahedron, axis=-1) > rho, axis=1)
    assert free.mean() * (2.0 * math.sqrt(2.0)) ** 3 == pytest.approx(void_volume(growth, "octahedral"), abs=4e-2)


def inside_simplex(rng, corners, count):
    weights = rng.exponential(size=(count, len(corners)))
    return weights / weights.sum(axis=1, keepdims=True) @ corners


@pytest.mark.parametrize("kind", ["tetrahedral", "octahedral"])
def test_surfaces_are_the_slopes_of_the_volumes(kind):
    step = 1e-6
    for growth in (0.01, 0.07, 0.14):
        slope = (void_volume(growth - step, kind) - void_volume(growth + step, kind)) / (2.0 * step)
        assert slope == pytest.approx(void_surface(growth, kind), rel=1e-7)
    for flat in ("three-cusped", "four-cusped"):
        slope = (void_area(0.05 - step, flat) - void_area(0.05 + step, flat)) / (2.0 * step)
        assert slope == pytest.approx(void_perimeter(0.05, flat), rel=1e-7)


def test_a_small_growth_costs_the_flat_void_the_square_root():
    assert 1.0 - tunneler_ratio(0.0014) == pytest.approx(0.1, abs=1e-3)
    flat, solid = ((1.0 - tunneler_ratio(1e-4, d)) / (1.0 - tunneler_ratio(1e-6, d)) for d in (2, 3))
    assert flat == pytest.approx(10.0, rel=0.01) and solid == pytest.approx(100.0, rel=0.01)


def test_the_area_follows_the_tunnelers_with_a_power_from_zero_to_two():
    ratios = (0.998, 0.6, 1e-3, 1e-12)
    slopes = [math.log(area_ratio_for(r * 1.001) / area_ratio_for(r)) / math.log(1.001) for r in ratios]
    assert slopes[0] < 0.02 and slopes[0] < slopes[1] < slopes[2] and slopes[3] == pytest.approx(2.0, abs=1e-3)


def test_the_growth_that_the_cutoffs_of_bk7_ask_for_is_large():
    ratios = [math.exp(-0.319 / T) for T in (20.0, 1.0, 0.3)]
    np.testing.assert_allclose(ratios, [0.984, 0.727, 0.345], atol=6e-4)
    assert growth_for_ratio(ratios[2], 3) - growth_for_ratio(ratios[0], 3) == pytest.approx(0.12, abs=0.005)


@pytest.mark.parametrize("call,sentence", [
    (lambda: void_area(0.2), "closes the three-cusped void"),
    (lambda: void_area([0.1, -0.1]), "0 or more"),
    (lambda: void_area(math.nan), "0 or more"),
    (lambda: void_area(0.0, "five-cusped"), "must be one of"),
    (lambda: void_kind(""), "must be one of"),
    (lambda: void_volume(0.0, "three-cusped"), "need 'tetrahedral'"),
    (lambda: growth_for_ratio(1.2), "up to 1"),
    (lambda: growth_for_ratio(0.01, 3), "windows close"),
    (lambda: tunneler_ratio(0.0, 4), "2 or 3"),
    (lambda: area_ratio_for([0.5, 0.0]), "above 0"),
])  # fmt: skip
def test_bad_input_ends_in_a_sentence(call, sentence):
    with pytest.raises(ParameterError, match=sentence):
        call()


@pytest.mark.parametrize("function", [void_area, void_perimeter, void_volume, void_surface])
def test_a_growth_that_is_no_number_gets_a_sentence(function):
    with pytest.raises(ParameterError, match="must be a number"):
        function("much")
