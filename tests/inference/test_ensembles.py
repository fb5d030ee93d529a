"""Ensembles of walkers: evidence of a twisted Gaussian, effective draws, and walkers kept on disk."""

import numpy as np
import pytest
from tests.inference.densities import DIMENSION, twisted

from glasstunnel.errors import FitError
from glasstunnel.inference.ensembles import bridge_evidence, effective_draws, run_ensemble


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
