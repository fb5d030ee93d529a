"""Importance sampling against densities whose evidence is known."""

import numpy as np
import pytest
from tests.inference.densities import DIMENSION, box, gaussian, in_box, twisted

from glasstunnel.inference.sampling import frozen_importance, pareto_shape


def importance(density, covariance, seed):
    generator = np.random.default_rng(seed)
    return frozen_importance(density, lambda count: box(generator, count), in_box, np.zeros(DIMENSION), covariance,
                             generator)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_frozen_importance_finds_the_evidence_of_a_gaussian(seed):
    found = importance(*gaussian(), seed)
    assert found.trusted and found.calls == 5000 and found.effective > 2000.0
    assert abs(found.log_evidence) < 4.0 * found.log_evidence_error < 0.06


def test_importance_sampling_knows_where_it_is_not_to_be_believed():
    found = importance(*twisted(), 1)
    assert not found.trusted and (found.efficiency < 0.3 or found.k_hat > 0.5)


def test_the_tail_of_weights_is_recognized():
    """Draws of a generalized Pareto law have its shape."""
    generator = np.random.default_rng(5)
    for shape in (0.2, 0.8):
        weights = (generator.random(20000) ** -shape - 1.0) / shape + 1.0
        assert abs(pareto_shape(np.log(weights)) - shape) < 0.15


def test_weights_that_no_component_can_follow_are_said_not_to_be_believed():
    def needle(x):
        return np.where(np.all(np.abs(x - 0.31) < 1e-3, axis=1), 0.0, -1e5) + in_box(x)

    assert not importance(needle, 1e-8 * np.eye(DIMENSION), 0).trusted
