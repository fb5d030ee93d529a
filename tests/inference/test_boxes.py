"""Normals cut to a box against integrals, deep in the tails too; posteriors of linear parameters against grids."""

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import log_ndtr
from scipy.stats import truncnorm
from tests.inference.simulations import curie_run, weighed

from glasstunnel import (
    AnomalousTunnelingSystems,
    Column,
    Dataset,
    Glass,
    LarmorDiamagnetism,
    LogUniform,
    MagneticIons,
    Uniform,
    fit,
    magnetization,
    posterior,
    published,
)
from glasstunnel.data import with_noise
from glasstunnel.errors import FitError
from glasstunnel.inference.boxes import log_box_probability, truncated_normals
from glasstunnel.inference.degeneracies import marginal_posterior
from glasstunnel.inference.marginal import physical_fraction

FE2, FE3, TOP = "fe2.concentration", "fe3.concentration", 1e21


def integral(low, correlation):
    """ln of the probability above both ends: one integral left, on a grid that crowds at the end."""
    sd = np.sqrt(1.0 - correlation**2)
    x = low[0] + np.concatenate([[0.0], np.geomspace(1e-8, 3.0 * (np.abs(low).sum() + 10.0), 200_001)])
    logs = -0.5 * x**2 - 0.5 * np.log(2.0 * np.pi) + log_ndtr((correlation * x - low[1]) / sd)
    return logs.max() + np.log(np.trapezoid(np.exp(logs - logs.max()), x))


@pytest.mark.parametrize("low", [(0.0, 0.0), (3.0, -2.0), (6.0, -3.0), (37.0, -20.0), (370.0, -300.0), (40.0, 40.0)])
@pytest.mark.parametrize("correlation", [-0.99, -0.5, 0.5, 0.9])
def test_the_probability_of_a_quadrant_is_an_integral_however_far_out(low, correlation):
    """A floor of e^-690 made ln Z wrong by 68 000 where the data asked for a negative amplitude."""
    matrix = np.array([[[1.0, correlation], [correlation, 1.0]]])
    found = log_box_probability(np.array([low]), np.full((1, 2), np.inf), matrix)[0]
    assert_allclose(found, integral(np.array(low), correlation), rtol=1e-6, atol=2e-3)


def test_no_box_is_more_probable_than_one_pair_of_its_sides():
    """5e6 standard deviations out rounding made a probability of e^(1e15), of one draw in 4000: no evidence left."""
    generator = np.random.default_rng(0)
    for scale in (1.0, 10.0, 1e3, 1e5, 1e7):
        low = scale * generator.standard_normal((50, 3))
        root = generator.standard_normal((50, 3, 3))
        matrix = root @ np.swapaxes(root, 1, 2)
        sd = np.sqrt(np.einsum("skk->sk", matrix))
        found = log_box_probability(low, np.full((50, 3), np.inf), matrix / (sd[:, :, None] * sd[:, None, :]))
        assert (found <= np.min(log_ndtr(-low), axis=1) + 1e-9).all()


def test_the_probability_of_a_narrow_slit_is_density_times_width():
    low = np.array([[0.3], [20.0], [-5.0]])
    found = log_box_probability(low, low + 1e-14 * np.array([[2.0], [100.0], [10.0]]), np.ones((3, 1, 1)))
    width = (low + 1e-14 * np.array([[2.0], [100.0], [10.0]]) - low)[:, 0]
    assert_allclose(found, -0.5 * low[:, 0] ** 2 - 0.5 * np.log(2.0 * np.pi) + np.log(width), rtol=1e-6)


@pytest.mark.parametrize(("a", "b"), [(8.0, 9.0), (40.0, 41.0), (-3.0, 1.0), (35.0, np.inf), (100.0, 1000.0)])
def test_draws_between_two_ends_have_the_mean_and_width_of_a_cut_normal(a, b):
    draws = truncated_normals(np.zeros((20_000, 1)), np.ones((20_000, 1, 1)), np.array([a]), np.array([b]),
                              np.random.default_rng(0))[:, 0]  # fmt: skip
    mean, sd = truncnorm.mean(a, b), truncnorm.std(a, b)
    assert a <= draws.min() and draws.max() <= b
    assert abs(draws.mean() - mean) < 4.0 * sd / np.sqrt(len(draws))
    assert_allclose(draws.std(), sd, rtol=0.03)


def test_draws_move_along_a_sheet_that_lies_across_the_box():
    """Two amplitudes of which hardly more than the sum is known: sweeps along the axes alone stay where they began."""
    sheet = 1e6 * np.array([[1.0, -1.0], [-1.0, 1.0]]) + np.eye(2)
    draws = truncated_normals(np.tile([50.0, 50.0], (4000, 1)), np.tile(sheet, (4000, 1, 1)), np.zeros(2),
                              np.full(2, np.inf), np.random.default_rng(1))  # fmt: skip
    share = draws[:, 0] / draws.sum(axis=1)  # uniform between 0 and 1
    assert_allclose(np.quantile(share, [0.025, 0.25, 0.5, 0.75, 0.975]), [0.025, 0.25, 0.5, 0.75, 0.975], atol=0.03)


def two_ions(data):
    """(posterior, whitened columns, whitened data) of Fe2+ and Fe3+."""
    glass = Glass({"fe2": MagneticIons("Fe2+", 3e19), "fe3": MagneticIons("Fe3+", 1e20)})
    result = fit(glass, [data], {FE2: Uniform(0.0, TOP), FE3: Uniform(0.0, TOP)})
    z = result.problem.coordinates(result.values)
    return posterior(result, seed=1), result.problem.jacobian(z), data.measured.values / result.problem.sigma


def exact(columns, y, top):
    """(ln Z, quantiles of the first amplitude): the second integrated in closed form, the first on a grid."""
    f = columns.T @ columns
    x = np.concatenate([[0.0], np.geomspace(1e-9 * top, top, 400_001)])
    second, sd = (y @ columns[:, 1] - f[0, 1] * x) / f[1, 1], 1.0 / np.sqrt(f[1, 1])
    logs = -0.5 * (y @ y - 2.0 * x * (y @ columns[:, 0]) + x**2 * f[0, 0] - second**2 * f[1, 1])
    logs += log_ndtr(second / sd) + 0.5 * np.log(2.0 * np.pi) + np.log(sd)
    weights = np.exp(logs - logs.max())
    cumulated = np.concatenate([[0.0], np.cumsum(0.5 * (weights[1:] + weights[:-1]) * np.diff(x))])
    log_z = logs.max() + np.log(cumulated[-1]) - 2.0 * np.log(TOP)
    return log_z, np.interp([0.025, 0.5, 0.975], cumulated / cumulated[-1], x)


@pytest.mark.slow
@pytest.mark.parametrize(("field", "sigma"), [(5.0, 5e-5), (0.1, 1e-6), (0.01, 1e-7), (0.01, 1e-8)])
def test_two_ions_that_the_field_hardly_tells_apart(field, sigma):
    """At 100 Oe two Curie laws agree to 1e-6: ln Z was wrong by 9 to 1280, the upper limit by a fifth."""
    truth = Glass({"fe2": MagneticIons("Fe2+", 3e19), "fe3": MagneticIons("Fe3+", 1e20)})
    drawn, columns, y = two_ions(weighed(curie_run(0, points=60, absolute=sigma, glass=truth, field=field),
                                         absolute=sigma))  # fmt: skip
    log_z, quantiles = exact(columns, y, 3e20)
    assert drawn.trusted and abs(drawn.log_evidence - log_z) < 0.03
    width = quantiles[2] - quantiles[0]
    found = np.quantile(drawn.samples[FE2], [0.025, 0.5, 0.975])
    assert_allclose(found, quantiles, atol=0.03 * width)


@pytest.mark.slow
@pytest.mark.parametrize("sigma", [5e-5, 5e-6, 5e-7])  # -4, -37 and -370 standard deviations
def test_an_amplitude_that_the_data_ask_to_be_negative(sigma):
    T = np.geomspace(2.0, 300.0, 60)
    of_fe2, of_fe3 = (np.asarray(magnetization(Glass({"ion": MagneticIons(ion, 1e20)}), T, 5.0))
                      for ion in ("Fe2+", "Fe3+"))  # fmt: skip
    noise = sigma * np.random.default_rng(0).standard_normal(60)
    data = Dataset({"temperature": Column(T, "K"), "field": Column(np.full(60, 5.0), "T"),
                    "magnetization": Column(of_fe3 - 0.3 * of_fe2 + noise, "A m2/kg")}, "magnetization")  # fmt: skip
    drawn, columns, y = two_ions(with_noise(data, absolute=sigma))
    log_z, quantiles = exact(columns, y, 1e19)
    assert abs(drawn.log_evidence - log_z) < 0.02
    assert_allclose(np.quantile(drawn.samples[FE2], [0.5, 0.975]), quantiles[1:], rtol=0.12)


def test_a_parameter_without_effect_keeps_its_prior_and_leaves_the_evidence():
    """A susceptibility fitted to a heat capacity: half of the box was taken away, and the draws stayed at its end."""
    glass = Glass({"iron": MagneticIons("Fe3+", 1e20), "larmor": LarmorDiamagnetism(4e-3)})
    T = np.geomspace(2.0, 20.0, 30)
    C = 1e-4 / T**2
    data = with_noise(Dataset({"temperature": Column(T, "K"), "field": Column(np.ones(30), "T"),
                               "heat_capacity": Column(C, "J/(kg K)")}, "heat_capacity"), absolute=1e-6)  # fmt: skip
    vary = {"iron.concentration": Uniform(0.0, 1e22)}
    alone = posterior(fit(glass, [data], vary))
    both = posterior(fit(glass, [data], vary | {"larmor.susceptibility": Uniform(0.0, 1e9)}))
    assert abs(both.log_evidence - alone.log_evidence) < 0.03
    assert_allclose(np.quantile(both.samples["larmor.susceptibility"], [0.1, 0.5, 0.9]), [1e8, 5e8, 9e8], rtol=0.08)
    assert "larmor.susceptibility" in both.prior_dominated


def test_the_physical_part_of_the_priors_is_an_area_and_none_of_it_is_an_error():
    glass = Glass({"ats": published("001.T3T4.BK7.sample2000").contributions["ats"]})
    assert isinstance(glass.contributions["ats"], AnomalousTunnelingSystems)
    data = weighed(curie_run(0, points=8, absolute=1e-5, glass=glass), absolute=1e-5)
    vary = {"ats.amplitude_area_min": LogUniform(1e4, 1e6), "ats.amplitude_area_max": LogUniform(1e4, 1e6)}
    result = fit(glass, [data], vary)
    assert_allclose(physical_fraction(result.problem), 0.5, atol=0.005)
    crossed = {"ats.amplitude_area_min": LogUniform(1e5, 1e6), "ats.amplitude_area_max": LogUniform(1e3, 9e4)}
    with pytest.raises(FitError, match="none of 1024 points of the priors is physical"):
        physical_fraction(dataclasses.replace(result.problem, priors=crossed))


def test_ions_that_are_told_apart_are_both_integrated_out():
    truth = Glass({"fe2": MagneticIons("Fe2+", 3e19), "fe3": MagneticIons("Fe3+", 1e20)})
    for field, count in ((5.0, 2), (0.01, 1)):
        data = weighed(curie_run(0, points=60, absolute=1e-6, glass=truth, field=field), absolute=1e-6)
        result = fit(truth, [data], {FE2: Uniform(0.0, TOP), FE3: Uniform(0.0, TOP)})
        assert len(marginal_posterior(result).inner) == count
