"""Posterior and evidence against closed forms and brute force on a grid."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.inference.simulations import CURIE, binomial_error, curie_run, weighed

from glasstunnel import Glass, LarmorDiamagnetism, LogUniform, MagneticIons, Normal, Uniform, fit
from glasstunnel.errors import FitError
from glasstunnel.inference.boxes import log_box_probability
from glasstunnel.inference.marginal import MarginalPosterior
from glasstunnel.inference.posteriors import posterior

IONS = Glass({"iron": MagneticIons("effective", 1e20, spin=2.5, g_factor=2.0), "larmor": LarmorDiamagnetism(4e-3)})
VARY = {"iron.concentration": Uniform(0.0, 4e20), "iron.g_factor": Uniform(1.0, 3.0),
        "larmor.susceptibility": Uniform(0.0, 8e-3)}  # fmt: skip


def result(absolute=2e-4, vary=VARY, seed=0, points=20):
    data = weighed(curie_run(seed, points=points, absolute=absolute, glass=IONS, field=3.0), absolute=absolute)
    return fit(IONS, [data], vary)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_the_probability_of_a_box_is_that_of_draws(k):
    generator = np.random.default_rng(k)
    root = generator.standard_normal((k, k)) + np.eye(k)
    covariance = root @ root.T
    sd = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(sd, sd)
    low, high = np.full(k, -0.3), np.array([np.inf, 1.0, 0.5, 2.0][:k])
    draws = generator.multivariate_normal(np.zeros(k), correlation, size=200_000)
    counted = np.mean(np.all((draws > low) & (draws < high), axis=1))
    found = np.exp(log_box_probability(low[None], high[None], correlation[None])[0])
    assert abs(found - counted) < 5.0 * binomial_error(counted, 200_000)


def test_the_marginal_likelihood_is_the_integral_over_the_linear_parameters():
    """Brute force on a grid of the two amplitudes, at a noise for which positivity takes part of the volume away."""
    made = MarginalPosterior(result(absolute=0.05).problem)
    assert set(made.inner) == {"iron.concentration", "larmor.susceptibility"} and made.outer == ("iron.g_factor",)
    n, x = 150, {}
    for name in made.inner:
        prior = made.problem.priors[name]
        x[name] = prior.lower + (np.arange(n) + 0.5) / n * (prior.upper - prior.lower)
    grid = np.meshgrid(*x.values(), indexing="ij")
    for g_factor in (1.7,):
        Z = np.empty((n * n, 3))
        Z[:, made.problem.names.index("iron.g_factor")] = g_factor
        for name, values in zip(made.inner, grid, strict=True):
            Z[:, made.problem.names.index(name)] = values.ravel()
        logs = np.concatenate([made.problem.log_likelihoods(block) for block in np.array_split(Z, 50)])
        brute = np.log(np.mean(np.exp(logs - logs.max()))) + logs.max() - np.log(2.0)  # and the prior of g, 1/2
        assert_allclose(made.log_density(np.array([[g_factor]]))[0], brute, atol=5e-4)


def test_evidence_and_intervals_agree_with_a_grid():
    found = posterior(result(absolute=5e-4), seed=3, draws=16_000)  # an end scatters by a quarter of the tolerance
    made = MarginalPosterior(found.fit.problem)
    g = np.linspace(1.0, 3.0, 4001)
    logs = made.log_density(g[:, None])
    density = np.exp(logs - logs.max())
    log_evidence = np.log(np.trapezoid(density, g)) + logs.max()
    assert found.trusted and abs(found.log_evidence - log_evidence) < 4.0 * found.log_evidence_error + 1e-3
    cumulative = np.cumsum(density) / density.sum()
    for level in (0.6827, 0.95):
        ends = np.interp([0.5 - level / 2.0, 0.5 + level / 2.0], cumulative, g)
        assert_allclose(found.interval("iron.g_factor", level), ends, atol=0.02 * np.diff(ends)[0] + 2e-3)


def test_draws_cover_the_linear_parameters_too_and_stay_in_their_priors():
    found = posterior(result(absolute=5e-4, seed=1), seed=1)
    for path, prior in VARY.items():
        assert found.samples[path].min() >= prior.lower and found.samples[path].max() <= prior.upper
    correlation = np.corrcoef(found.samples["iron.concentration"], found.samples["iron.g_factor"])[0, 1]
    assert correlation < -0.8  # in weak fields only concentration x g^2 acts
    assert posterior(found.fit, seed=1).log_evidence == found.log_evidence


def test_normal_and_logarithmic_priors_have_their_evidence():
    """One linear parameter with a Normal prior: the evidence is a normal density, written down at once."""
    data = weighed(curie_run(2, points=1, absolute=1e-3), absolute=1e-3)
    found = fit(CURIE, [data], {"iron.concentration": Normal(1.2e20, 3e19, 0.0, 1e22)})
    column = found.problem.jacobian(found.problem.coordinates(found.values))[0, 0] * 1e-3
    variance = 1e-6 + (column * 3e19) ** 2
    y, mean = data["magnetization"].values[0], column * 1.2e20
    expected = -0.5 * (y - mean) ** 2 / variance - 0.5 * np.log(variance / 1e-6)
    assert_allclose(posterior(found).log_evidence, expected, atol=1e-4)
    wide = fit(CURIE, [data], {"iron.concentration": LogUniform(1e18, 1e21)})
    c = np.exp(np.linspace(np.log(1e18), np.log(1e21), 20001))
    brute = np.log(np.mean(np.exp(-0.5 * ((y - column * c) / 1e-3) ** 2)))
    sampled = posterior(wide)
    assert_allclose(sampled.log_evidence, brute, atol=4.0 * sampled.log_evidence_error + 1e-3)


@pytest.mark.slow
def test_estimated_noise_is_sampled_and_widens_as_students_t():
    draws, inside = 20, 0
    for seed in range(draws):
        data = weighed(curie_run(seed, points=6, absolute=1e-3), residuals=True)
        found = posterior(fit(CURIE, [data], {"iron.concentration": Uniform(0.0, 1e22)}), seed=seed)
        inside += 1e20 in found.interval("iron.concentration", 0.68)
    assert abs(inside / draws - 0.68) < 3.5 * binomial_error(0.68, draws)
    assert "data.run.noise" in found.samples


@pytest.mark.slow
def test_an_ensemble_finds_the_same_and_goes_on_from_its_file(tmp_path):
    best = result(absolute=2e-3)
    one, other = posterior(best, method="ensemble", store=tmp_path / "walkers.npz"), posterior(best)
    assert abs(one.log_evidence - other.log_evidence) < 0.1
    assert_allclose(one.interval("iron.g_factor"), other.interval("iron.g_factor"), atol=0.12)
    assert (tmp_path / "walkers.npz").exists()
    assert posterior(best, method="ensemble", store=tmp_path / "walkers.npz").trusted


def test_predictions_of_draws_agree_with_those_of_the_fit():
    found = posterior(result(), seed=2)
    T = np.geomspace(2.0, 100.0, 5)
    curve, line = found.predict(T, 3.0), found.fit.predict(T, 3.0)
    assert_allclose(curve.value, line.value, atol=3.0 * line.sigma.max() / np.sqrt(200) + 0.2 * line.sigma.max())
    assert_allclose(curve.sigma, line.sigma, rtol=0.3)
    lower, upper = curve.band(0.95, noise=1.0)
    assert_allclose(upper - lower, 2.0 * 1.96, rtol=0.3)


def test_a_posterior_is_written_with_what_made_it(tmp_path):
    found = posterior(result(), seed=2)
    with np.load(found.save(tmp_path / "draws")) as kept:
        assert_allclose(kept["sample:iron.g_factor"], found.samples["iron.g_factor"])
        assert '"seed": 2' in str(kept["about"])
    assert "ln Z" in found.report() and "integrated out exactly" in found.report()


def test_what_cannot_be_sampled_is_refused_in_a_sentence():
    with pytest.raises(FitError, match="method must be one of"):
        posterior(result(), method="magic")
    with pytest.raises(FitError, match="did not converge"):
        posterior(fit(IONS, result().datasets, VARY, max_evaluations=1, start={"iron.g_factor": 1.1}))


def test_draws_go_to_arviz():
    found = posterior(result(), seed=2, draws=500, method="importance")
    made = found.to_arviz()
    assert_allclose(made.posterior["iron.g_factor"].values[0], found.samples["iron.g_factor"])
    assert made.observed_data["run"].shape == (20,)
    assert {"T", "B", "sigma"} == {name.removeprefix("run_") for name in made.constant_data}
    points, lp = made.log_likelihood["run"].values[0], made.sample_stats["lp"].values[0]
    sigma = found.fit.problem.sigma
    assert_allclose(points.sum(axis=1) + np.sum(np.log(sigma * np.sqrt(2.0 * np.pi))), lp, rtol=1e-9)
    off = (made.posterior_predictive["run"].values[0] - found.at_data(draws=500)) / sigma
    assert abs(np.std(off) - 1.0) < 4.0 / np.sqrt(2.0 * off.size)
    assert "log_likelihood" not in found.to_arviz(pointwise=False).groups() and "prior" in made.groups()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_nautilus_finds_the_same_evidence():
    best = result(absolute=5e-4, vary=VARY | {"iron.concentration": LogUniform(1e19, 1e21)})
    one, other = posterior(best, method="nautilus"), posterior(best)
    assert abs(one.log_evidence - other.log_evidence) < 0.06
    with pytest.raises(FitError, match="two parameters or more"):
        posterior(result(), method="nautilus")
