"""A glass as the sum of its contributions."""

import copy
import dataclasses
import pickle

import numpy as np
import pytest

from glasstunnel import (
    DebyePhonons,
    Glass,
    MagneticIons,
    entropy,
    free_energy,
    heat_capacity,
    magnetization,
)

PARTS = {"phonons": DebyePhonons(8e-4), "iron": MagneticIons("Fe3+", 1e20)}


@pytest.mark.parametrize("observable", [free_energy, entropy, heat_capacity, magnetization])
def test_thermodynamics_add_up(observable):
    T, B = np.array([0.5, 4.0]), np.array([2.0, 0.3])  # exchanged, they give other numbers
    separate = sum(observable(part, T, B) for part in PARTS.values())
    np.testing.assert_allclose(observable(Glass(PARTS), T, B), separate, rtol=1e-14)
    np.testing.assert_allclose(getattr(Glass(PARTS), observable.__name__)(T, B), separate, rtol=1e-14)


def test_a_contribution_keeps_the_glass_of_itself_alone_and_travels_with_it():
    ions = MagneticIons("Fe3+", 1e20)
    entropy(ions, 4.0, 1.0)
    for other in (pickle.loads(pickle.dumps(ions)), copy.deepcopy(ions)):
        assert other == ions
        assert other.alone[list(other.alone.contributions)[0]] is other
    more = dataclasses.replace(ions, concentration=2e20)
    assert entropy(more, 4.0, 1.0) == pytest.approx(2.0 * entropy(ions, 4.0, 1.0), rel=1e-14)
