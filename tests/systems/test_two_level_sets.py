"""Loss of many two-level systems at once: the numbers of one set after the other."""

import dataclasses

import numpy as np
import pytest

from glasstunnel import TwoLevelSystems
from glasstunnel.systems.contribution import Contribution

SYSTEMS = TwoLevelSystems(2e20, 3.9e-3, 10.0, dielectric_strength=4e-4, elastic_constant=5e-8)
T = np.geomspace(0.02, 1.0, 7)
CONDITIONS = {"frequency": np.full(7, 1e3)}
STRENGTH = {"dielectric_strength": np.array([1e-4, 2e-3, -1.0, np.inf, 1e-3])}
RATE = {"elastic_constant": np.array([1e-8, 3e-7, 1e-7, 1e-7, -1.0])}


@pytest.mark.parametrize("values", [STRENGTH, RATE, STRENGTH | RATE])
@pytest.mark.parametrize("relaxing", [True, False])
def test_loss_of_sets_at_once_is_that_of_one_after_the_other(values, relaxing):
    systems = SYSTEMS if relaxing else dataclasses.replace(SYSTEMS, elastic_constant=None)
    found = systems.over_sets("loss_tangent", values, T, 0.0 * T, **CONDITIONS)
    expected = Contribution.over_sets(systems, "loss_tangent", values, T, 0.0 * T, **CONDITIONS)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_part_of_the_loss_and_other_parameters_go_one_after_the_other():
    found = SYSTEMS.over_sets("loss_tangent", {"energy_max": np.array([9.0, -1.0])}, T, 0.0 * T, **CONDITIONS)
    assert np.isfinite(found[0]).all() and np.isnan(found[1]).all()
    resonant = SYSTEMS.over_sets("loss_tangent", STRENGTH, T, 0.0 * T, part="resonant", **CONDITIONS)
    np.testing.assert_allclose(resonant[0], dataclasses.replace(SYSTEMS, dielectric_strength=1e-4).loss_tangent(
        T, 0.0 * T, part="resonant", **CONDITIONS))  # fmt: skip
