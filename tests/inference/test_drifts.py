"""Errors that the points of a run share: what they hide when no model has them, and what a fit with them says."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.inference.evidence_cases import bk7_fit
from tests.inference.simulations import binomial_error, curie_run, weighed

from glasstunnel import Column, Glass, LarmorDiamagnetism, MagneticIons, Normal, Uniform, fit, posterior
from glasstunnel.errors import FitError, ParameterError
from glasstunnel.inference.drifts import drift_between, drift_of, drift_start
from glasstunnel.inference.marginal import MarginalPosterior

GLASS = Glass({"iron": MagneticIons("Fe3+", 1e20), "larmor": LarmorDiamagnetism(4e-3)})
VARY = {"iron.concentration": Uniform(0.0, 1e21), "larmor.susceptibility": Uniform(0.0, 0.1)}
POINTS = 60


def drifting(seed, amount, *, noise=1e-4, drift: bool | float = True, **options):
    """A simulated run with an Ornstein-Uhlenbeck drift of `amount` times its noise."""
    data = curie_run((1, seed), points=POINTS, absolute=noise, glass=GLASS)
    x = np.log(data["temperature"].values)
    shape = np.linalg.cholesky(np.exp(-np.abs(x[:, None] - x) / 0.3) + 1e-12 * np.eye(POINTS))
    moved = data["magnetization"].values + amount * noise * shape @ np.random.default_rng((2, seed)).standard_normal(
        POINTS)  # fmt: skip
    data = data.with_column("magnetization", Column(moved, "A m2/kg"))
    return weighed(data, absolute=noise, drift=drift, **options) if drift else weighed(data, absolute=noise)


@pytest.fixture(scope="module")
def bk7():
    """(whitened slopes of the simulated BK7 by (n, D_min, area, E0), the rest, rows of each field, model/sigma)."""
    result = bk7_fit()
    problem = result.problem
    z = problem.coordinates(result.values)
    return problem, problem.slopes(z) / problem.sigma[:, None], np.asarray(problem.model(z)) / problem.sigma


def ratios(bk7, covariance):
    """True over reported standard deviation of n, D_min, area, E0 if the fit takes the noise for white."""
    problem, slopes, _ = bk7
    inverse = np.linalg.inv(slopes.T @ slopes)
    true = inverse @ (slopes.T @ covariance @ slopes) @ inverse
    names = ("ats.density", "ats.asymmetry_min", "ats.amplitude_area_min", "ats.activation_energy")
    places = [problem.names.index(name) for name in names]
    return np.sqrt(np.diag(true) / np.diag(inverse))[places]


def ornstein_uhlenbeck(problem):
    """Correlation of all points, zero between fields."""
    total = np.zeros((len(problem.observed),) * 2)
    for m in problem.measurements:
        rows = problem.rows[m.name]
        total[rows, rows] = drift_of(m.name, m.T, m.B, 1.0, 0.3).correlation
    return total


def test_what_a_hidden_drift_does_to_the_errors(bk7):
    """2.3 2.7 1.9 2.0 for a drift as large as the noise, 5.0 to 7.6 for three times, 1.1 to 1.25 for 0.3 times."""
    white, drift = np.eye(len(bk7[0].observed)), ornstein_uhlenbeck(bk7[0])
    assert_allclose(ratios(bk7, white + drift), [2.3, 2.7, 1.9, 2.0], atol=0.06)
    assert_allclose(np.sort(ratios(bk7, white + 9.0 * drift))[[0, -1]], [5.0, 7.6], atol=0.15)
    assert_allclose(np.sort(ratios(bk7, white + 0.09 * drift))[[0, -1]], [1.1, 1.25], atol=0.04)


def test_what_a_hidden_scale_error_of_every_field_does(bk7):
    """0.5 %: 11 13 3.6 5.4; with a Normal scale of every run in the model errors grow by 1.05 1.07 1.01 1.01 only."""
    problem, slopes, strength = bk7
    scales = np.zeros((len(strength), len(problem.measurements)))
    for k, m in enumerate(problem.measurements):
        scales[problem.rows[m.name], k] = strength[problem.rows[m.name]]
    white = np.eye(len(strength))
    assert_allclose(ratios(bk7, white + 0.005**2 * scales @ scales.T), [11.0, 13.0, 3.6, 5.4], rtol=0.05)
    both = np.column_stack([slopes, scales])
    prior = np.diag(np.r_[np.zeros(slopes.shape[1]), np.full(scales.shape[1], 0.005**-2)])
    grown = np.sqrt(np.diag(np.linalg.inv(both.T @ both + prior))[: slopes.shape[1]]
                    / np.diag(np.linalg.inv(slopes.T @ slopes)))  # fmt: skip
    places = [problem.names.index(f"ats.{name}") for name in ("density", "asymmetry_min", "amplitude_area_min",
                                                              "activation_energy")]  # fmt: skip
    assert_allclose(grown[places], [1.05, 1.07, 1.01, 1.01], atol=0.012)


def test_a_known_drift_weighs_as_its_covariance_does():
    """chi-square, errors and evidence against the plain formulas with the full covariance matrix."""
    data = drifting(0, 1.0, drift=1.0)
    result = fit(GLASS, [data], VARY)
    problem = result.problem
    (m,) = problem.measurements
    covariance = np.outer(m.sigma, m.sigma) * (np.eye(POINTS) + m.drift.correlation)
    J, inverse = problem.slopes(problem.coordinates(result.values)), np.linalg.inv(covariance)
    off = m.values - problem.model(problem.coordinates(result.values))
    assert_allclose(result.chi2, off @ inverse @ off, rtol=1e-9)
    assert_allclose(result.covariance, np.linalg.inv(J.T @ inverse @ J), rtol=1e-7)
    assert (np.abs(J.T @ inverse @ off) < 1e-6 * np.abs(J.T @ inverse @ m.values)).all()
    log_det = np.linalg.slogdet(covariance)[1] - 2.0 * np.sum(np.log(m.sigma))
    volume = np.log(2.0 * np.pi) + 0.5 * np.linalg.slogdet(result.covariance)[1] - np.log(1e21 * 0.1)
    assert_allclose(posterior(result).log_evidence, -0.5 * result.chi2 - 0.5 * log_det + volume, atol=1e-6)
    Z = np.array([problem.coordinates(result.values)])
    assert_allclose(problem.log_likelihoods(Z)[0], -0.5 * result.chi2, rtol=1e-9)


def test_a_drift_is_found_and_its_neighbors_are_independent_again():
    amounts = [fit(GLASS, [drifting(seed, 1.0)], VARY).curves["run"].drift.amount for seed in range(12)]
    assert 0.6 < np.median(amounts) < 1.5
    none = [fit(GLASS, [drifting(seed, 0.0)], VARY).curves["run"].drift.amount for seed in range(12)]
    assert np.median(none) < 0.25
    plain, shared = (fit(GLASS, [drifting(3, 2.0, drift=on)], VARY) for on in (False, True))
    assert "drift = true" in plain.diagnostics().report()
    assert shared.diagnostics().sentences == ("the residuals look like independent noise",)
    assert shared.errors["iron.concentration"] > 1.5 * plain.errors["iron.concentration"]
    assert any("drift along ln T" in note for note in shared.notes)


@pytest.mark.slow
def test_errors_with_an_estimated_drift_cover_what_they_say():
    truth, held, white = 1e20, [], []
    for seed in range(150):
        for on, inside in ((True, held), (False, white)):
            result = fit(GLASS, [drifting((9, seed), 1.5, drift=on)], VARY)
            pull = (result.values["iron.concentration"] - truth) / result.errors["iron.concentration"]
            inside.append([abs(pull) < 1.0, abs(pull) < 1.96])
    for level, found in zip((0.6827, 0.95), np.mean(held, axis=0), strict=True):
        assert abs(found - level) < 4.0 * binomial_error(level, 150)
    assert np.mean(white, axis=0)[1] < 0.8


def test_the_posterior_samples_the_drift():
    result = fit(GLASS, [drifting(5, 1.0)], VARY)
    found = posterior(result, seed=1)
    draws = found.samples["data.run.drift"]
    target = MarginalPosterior(result.problem)
    grid = np.linspace(*target.limits, 400)
    weights = np.exp(target.log_density(grid) - target.log_density(grid).max())
    expected = np.sum(weights * grid[:, 0]) / np.sum(weights)
    assert found.trusted and abs(np.mean(np.log(draws)) - expected) < 0.1
    top = target.log_density(grid).max()
    assert_allclose(found.log_evidence, top + np.log(np.trapezoid(weights, grid[:, 0])), atol=0.05)


def test_one_entry_varies_the_scale_of_every_run():
    runs = [weighed(curie_run(k, points=20, absolute=1e-4, glass=GLASS, name=f"r{k}", field=1.0 + k), absolute=1e-4)
            for k in range(3)]  # fmt: skip
    own = Normal(1.0, 0.02)
    result = fit(GLASS, runs, VARY | {"data.*.scale": Normal(1.0, 0.005), "data.r1.scale": own})
    assert [path for path in result.names if path.startswith("data.")] == [
        "data.r1.scale", "data.r0.scale", "data.r2.scale"]  # fmt: skip
    assert result.priors["data.r1.scale"].sigma == own.sigma and result.holdout().adequate


def test_drifts_that_cannot_be_meant_are_refused_in_a_sentence():
    with pytest.raises(ParameterError, match="drift must be true or a number above 0"):
        drifting(0, 0.0, drift=-1.0)
    with pytest.raises(ParameterError, match="drift_length must be"):
        drifting(0, 0.0, drift_length=0.0)
    data = drifting(0, 0.0)
    flat = data.with_column("temperature", Column(np.full(POINTS, 4.0), "K"))
    with pytest.raises(FitError, match="no field of it is swept in temperature"):
        fit(GLASS, [flat], VARY)


@pytest.mark.parametrize("amount, variance", [(0.1, 2.0), (10.0, 1.0 / (6.0 * (100.0 / 101.0) ** 2))])
def test_a_sampler_starts_as_wide_as_the_data_tell_of_the_drift(amount, variance):
    """Three fields of one point each: curvature 2 sum (s^2/(1 + s^2))^2 in ln s, taken as 1/2 at least."""
    drift = drift_between(np.ones(3), np.array([0.1, 1.0, 5.0]), amount)
    assert drift is not None
    found = drift_start(drift)
    assert_allclose(found, (np.log(amount), variance), rtol=1e-12)


def test_noise_and_drift_are_found_together():
    """Neither is known: the fit settles, and total and share of both come out on average."""
    sigmas, amounts = [], []
    for seed in range(12):
        data = weighed(drifting((3, seed), 2.0, drift=False), residuals=True, drift=True)
        curve = fit(GLASS, [data], VARY).curves["run"]
        sigmas.append(curve.sigma[0])
        amounts.append(curve.drift.amount)
    assert np.median(sigmas) == pytest.approx(1e-4, rel=0.3) and 1.2 < np.median(amounts) < 3.2
