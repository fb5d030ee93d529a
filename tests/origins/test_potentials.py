"""The potentials have the wells, saddles, symmetry and curvatures that their formulas claim."""

import math

import numpy as np
import pytest

from glasstunnel.errors import ParameterError
from glasstunnel.origins import MultiWell, parabola_well, potential_from, square_well, tetrahedral_well, triple_well

FAMILIES = [*(triple_well(s) for s in (0.3, 1.0, 3.5)), *(square_well(s) for s in (0.2, 0.5, 2.0)),
            *(tetrahedral_well(s) for s in (0.5, 1.0, 3.0))]  # fmt: skip


@pytest.mark.parametrize("well", FAMILIES, ids=lambda well: well.name)
def test_every_well_is_a_zero_and_every_saddle_has_the_height_one(well):
    for corner in well.wells:
        assert abs(well.value(*corner)) < 1e-12
    if well.dimension == 2:  # on the ray halfway between neighbors the saddle is the lowest point
        angle = math.pi / len(well.wells)
        r = np.linspace(0.0, 1.5, 20001)
        assert well.value(r * math.cos(angle), r * math.sin(angle)).min() == pytest.approx(1.0, abs=1e-7)
    else:
        z = np.linspace(0.0, 1.5, 20001)
        assert well.value(0.0 * z, 0.0 * z, z).min() == pytest.approx(1.0, abs=1e-7)


@pytest.mark.parametrize("count,well", [(3, triple_well(1.7)), (4, square_well(0.8)), (3, parabola_well(3))])
def test_a_turn_by_one_well_changes_nothing(count, well):
    z = np.random.default_rng(1).normal(size=(2, 50))
    turned = (z[0] + 1j * z[1]) * np.exp(2j * math.pi / count)
    np.testing.assert_allclose(well.value(turned.real, turned.imag), well.value(*z), rtol=1e-11)


def test_curvatures_are_those_of_the_closed_form():
    center = 32.0 / 27.0
    np.testing.assert_allclose(triple_well(1.0).curvatures(), [9.0 * center] * 2, rtol=2e-6)  # w_r = w_t = 3.2660
    assert math.sqrt(9.0 * center) == pytest.approx(3.2660, abs=1e-4)
    np.testing.assert_allclose(parabola_well(3).curvatures(), [8.0 / 3.0] * 2, rtol=1e-6)


def test_a_tilt_adds_a_force_times_the_position():
    well = triple_well(1.0)
    tilted = well.tilted(0.02, -0.03)
    assert tilted.value(0.4, 0.7) - well.value(0.4, 0.7) == pytest.approx(0.02 * 0.4 - 0.03 * 0.7)
    assert tilted.symmetric == well


def test_a_function_serves_as_a_potential():
    well = triple_well(1.0)
    same = potential_from(lambda x, y: well.value(x, y), well.wells)
    assert same.tilted(0.1, 0.2).value(0.3, 0.4) == pytest.approx(well.tilted(0.1, 0.2).value(0.3, 0.4))


@pytest.mark.parametrize("make,sentence", [
    (lambda: triple_well(0.0), "between 0 and 4"),
    (lambda: triple_well(4.0), "between 0 and 4"),
    (lambda: square_well(-1.0), "above 0"),
    (lambda: tetrahedral_well(4.5), "between 0 and 4"),
    (lambda: parabola_well(2), "count"),
    (lambda: potential_from(lambda x, y: -(x**2) - y**2, [(1, 0), (-1, 0)]), "no minimum"),
    (lambda: potential_from(lambda x, y: x + np.nan * y, [(1, 0), (-1, 0)]), "no minimum"),
    (lambda: potential_from(lambda x, y: x**2 + y**2, [(0, 0)]), "at least two wells"),
    (lambda: MultiWell("none", ((1.0, 0.0), (-1.0, 0.0))), "terms or a function"),
    (lambda: triple_well(1.0).tilted(0.1), "2 components"),
])  # fmt: skip
def test_bad_potentials_end_in_a_sentence(make, sentence):
    with pytest.raises(ParameterError, match=sentence):
        make()
