"""Samplers against densities whose evidence is known: the Gaussian and the twisted Gaussian of the reference tests."""

import numpy as np
import pytest

from glasstunnel.errors import FitError
from glasstunnel.inference.ensembles import bridge_evidence, effective_draws, run_ensemble
from glasstunnel.inference.sampling import frozen_importance, pareto_shape

DIMENSION = 6


def box(generator, count):
    return generator.uniform(-0.5, 0.5, (count, DIMENSION))


def in_box(x):
    return np.where(np.all(np.abs(x) <= 0.5, axis=1), 0.0, -np.inf)


def gaussian(seed=0):
    """A rotated Gaussian, axes 3e-4 to 3e-2 of the unit box, ln Z = 0."""
    rotation = np.linalg.qr(np.random.default_rng(seed).standard_normal((DIMENSION, DIMENSION)))[0]
    axes = np.geomspace(3e-4, 3e-2, DIMENSION)
    constant = -0.5 * DIMENSION * np.log(2.0 * np.pi) - np.sum(np.log(axes))

    def density(x):
        return constant - 0.5 * np.sum((x @ rotation / axes) ** 2, axis=1) + in_box(x)

    return density, rotation * axes**2 @ rotation.T


def twisted():
    """The same with a parabola in its first two axes, which leaves the volume alone: ln Z = 0."""
    axes = np.array([0.08, 0.01, 0.02, 0.02, 0.02, 0.02])
    constant = -0.5 * DIMENSION * np.log(2.0 * np.pi) - np.sum(np.log(axes))

    def density(x):
        straight = x.copy()
        straight[:, 1] += 5.0 * (x[:, 0] ** 2 - axes[0] ** 2)
        return constant - 0.5 * np.sum((straight / axes) ** 2, axis=1) + in_box(x)

    return density, np.diag(axes**2)


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


def test_ensemble_and_bridge_find_the_evidence_where_importance_sampling_fails():
    density, covariance = twisted()
    generator = np.random.default_rng(4)
    start = 0.3 * np.sqrt(np.diag(covariance)) * generator.standard_normal((40, DIMENSION))
    found = run_ensemble(density, lambda: start, generator, most=4000)
    log_evidence, error = bridge_evidence(density, found.chain, found.logs, generator)
    assert found.converged and found.calls < 2e5
    assert abs(log_evidence) < 0.1 and error < 0.05  # the accuracy that is wanted; importance sampling: -0.14(7)
    draws = found.chain.reshape(-1, DIMENSION)
    assert abs(np.std(draws[:, 0]) - 0.08) < 0.012
    assert abs(np.mean(draws[:, 1])) < 0.01


def test_the_tail_of_weights_is_recognized():
    """Draws of a generalized Pareto law have its shape."""
    generator = np.random.default_rng(5)
    for shape in (0.2, 0.8):
        weights = (generator.random(20000) ** -shape - 1.0) / shape + 1.0
        assert abs(pareto_shape(np.log(weights)) - shape) < 0.15


def test_effective_draws_of_an_autoregression():
    """An AR(1) chain has (1 - r)/(1 + r) effective draws per draw."""
    generator, r = np.random.default_rng(6), 0.8
    x = np.zeros((4000, 20, 1))
    for i in range(1, 4000):
        x[i] = r * x[i - 1] + np.sqrt(1.0 - r**2) * generator.standard_normal((20, 1))
    assert abs(effective_draws(x) / (80000 * (1.0 - r) / (1.0 + r)) - 1.0) < 0.15


def test_an_ensemble_that_was_killed_draws_what_it_would_have_drawn(tmp_path):
    density, covariance = twisted()

    def sampled(store=None, progress=None):
        generator = np.random.default_rng(7)
        start = generator.multivariate_normal(np.zeros(DIMENSION), covariance, 40)
        found = run_ensemble(density, lambda: start, generator, most=600, least=100, store=store, mark="twisted",
                             progress=progress)  # fmt: skip
        return found, generator.random()

    def kill(sentence):
        if "step 400" in sentence:
            raise KeyboardInterrupt

    store = tmp_path / "walkers.npz"
    with pytest.raises(KeyboardInterrupt):
        sampled(store, kill)
    whole, again = sampled(), sampled(store)
    np.testing.assert_array_equal(again[0].chain, whole[0].chain)
    assert again[1] == whole[1] and again[0].calls == whole[0].calls


def test_a_file_of_another_problem_or_of_none_is_refused(tmp_path):
    store = tmp_path / "walkers.npz"
    start = np.random.default_rng(0).standard_normal((8, 1))

    def sampled(mark):
        run_ensemble(lambda x: -0.5 * x[:, 0] ** 2, lambda: start, np.random.default_rng(1), most=20, least=10,
                     store=store, mark=mark)  # fmt: skip

    sampled("one")
    with pytest.raises(FitError, match="another problem"):
        sampled("other")
    store.write_bytes(b"no archive")
    with pytest.raises(FitError, match="holds no state"):
        sampled("one")


def test_weights_that_no_component_can_follow_are_said_not_to_be_believed():
    def needle(x):
        return np.where(np.all(np.abs(x - 0.31) < 1e-3, axis=1), 0.0, -1e5) + in_box(x)

    assert not importance(needle, 1e-8 * np.eye(DIMENSION), 0).trusted
