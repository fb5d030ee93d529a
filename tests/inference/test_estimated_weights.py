"""Noise that follows from residuals: its restricted likelihood by brute force, and the F it makes of chi-square."""

import numpy as np
import pytest
from benchmarks.planted_errors import TRUTH, VARY, few_runs
from numpy.testing import assert_allclose
from scipy.optimize import minimize
from scipy.stats import f

import glasstunnel as gt
from glasstunnel.inference.estimated_weights import kenward_roger_p_value, noise_estimates


@pytest.fixture(scope="module")
def runs():
    return few_runs(3, residuals=True)


def design_of(runs):
    """Columns of phonons and tunneling systems at all points, each over its value in the truth."""
    T = np.concatenate([run["temperature"].values for run in runs])
    return np.array([gt.heat_capacity(TRUTH.with_values({path: 0.0 for path in VARY if path != kept}), T, 0.0)
                     for kept in VARY]).T  # fmt: skip


def restricted(log_sigma, runs, design):
    """-ln of the restricted likelihood: the density of the data, the amplitudes integrated out."""
    sigma = np.concatenate([np.full(len(run), 1e-5 * np.exp(x)) for run, x in zip(runs, log_sigma, strict=True)])
    values = np.concatenate([run.measured.values for run in runs])
    columns = design / sigma[:, None]
    fisher = columns.T @ columns
    best = np.linalg.solve(fisher, columns.T @ (values / sigma))
    return (0.5 * np.sum((values / sigma - columns @ best) ** 2) + np.sum(np.log(sigma))
            + 0.5 * np.linalg.slogdet(fisher)[1])  # fmt: skip


def test_every_sigma_is_where_the_restricted_likelihood_is_largest(runs):
    design = design_of(runs)
    result = gt.fit(TRUTH, runs, VARY)
    best = minimize(restricted, np.ones(3), (runs, design), method="Nelder-Mead",
                    options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000})  # fmt: skip
    found = [float(result.curves[run.name].sigma[0]) for run in runs]
    assert_allclose(found, 1e-5 * np.exp(best.x), rtol=2e-4)
    known = noise_estimates(result.problem, result.problem.coordinates(result.values))
    assert_allclose(sum(known.freedom.values()), 30 - 2, rtol=1e-6)
    for name, freedom in known.freedom.items():
        assert_allclose(result.curves[name].chi2, freedom, rtol=2e-4)


def test_the_covariance_of_the_noise_is_the_mean_curvature_of_the_restricted_likelihood(runs):
    """The expected information: the Hessian at data whose squares are what the noise makes of them in the mean."""
    design, result = design_of(runs), gt.fit(TRUTH, runs, VARY)
    known = noise_estimates(result.problem, result.problem.coordinates(result.values))
    sigma = np.concatenate([np.full(len(run), result.curves[run.name].sigma[0]) for run in runs])
    inverse = np.diag(1.0 / sigma**2)
    weight = inverse - inverse @ design @ np.linalg.solve(design.T @ inverse @ design, design.T @ inverse)
    parts = [np.diag(sigma**2 * (np.repeat(np.arange(3), [6, 9, 15]) == k)) for k in range(3)]
    information = [[0.5 * np.trace(weight @ a @ weight @ b) for b in parts] for a in parts]
    assert_allclose(known.spread, np.linalg.inv(information), rtol=1e-6)


def test_one_common_sigma_makes_an_exact_f_of_any_size():
    """A deviation of covariance V, its one sigma known from 7 degrees of freedom."""
    root = np.random.default_rng(1).standard_normal((4, 4))
    V = root @ root.T + np.eye(4)
    for size in (1, 2, 4):
        part = V[:size, :size]
        p = kenward_roger_p_value(3.0 * size, part, [part], np.array([[2.0 / 7.0]]))
        assert_allclose(p, f.sf(3.0, size, 7), rtol=1e-10)


def test_two_sigmas_and_one_parameter_make_welchs_test():
    own, other = 0.3, 0.7
    p = kenward_roger_p_value(5.0, np.eye(1), [own * np.eye(1), other * np.eye(1)], np.diag([2.0 / 5.0, 2.0 / 9.0]))
    freedom = 1.0 / (own**2 / 5.0 + other**2 / 9.0)
    assert_allclose(p, f.sf(5.0, 1, freedom), rtol=1e-10)


def test_known_noise_makes_chi_square():
    p = kenward_roger_p_value(6.0, np.eye(2), [], np.empty((0, 0)))
    assert_allclose(p, np.exp(-3.0), rtol=1e-12)


@pytest.mark.parametrize("freedom", [1.0, 2.0, 2.4])
def test_so_few_degrees_of_freedom_that_f_has_no_moments_still_give_a_probability(freedom):
    p = [kenward_roger_p_value(x, np.eye(3), [np.eye(3)], np.array([[2.0 / freedom]])) for x in (0.0, 3.0, 300.0)]
    assert 1.0 == p[0] > p[1] > p[2] > 0.0
