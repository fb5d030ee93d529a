"""Priors are bounds, coordinates and, when informative, measurements."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import kstest, truncnorm, uniform

from glasstunnel import LogUniform, Normal, ParameterError, Uniform


@pytest.mark.parametrize("prior", [Uniform(-1.0, 3.0), LogUniform(1e-3, 1e5), Normal(2.0, 0.5, 1.0, 4.0)])
def test_coordinates_go_there_and_back(prior):
    for x in (max(prior.lower, 1.1), prior.center, prior.upper):
        assert_allclose(float(prior.value(prior.coordinate(x))), x, rtol=1e-14)
        step = 1e-6
        slope = (prior.value(prior.coordinate(x) + step) - prior.value(prior.coordinate(x) - step)) / (2 * step)
        assert_allclose(prior.slope(x), slope, rtol=1e-8)


@pytest.mark.parametrize("prior, mean, deviation", [
    (Uniform(0.0, 2.0), 1.0, 2.0 / math.sqrt(12.0)),
    (LogUniform(1.0, math.e**2), 1.0, 2.0 / math.sqrt(12.0)),
    (Normal(1.0, 0.3), 1.0, 0.3),
])  # fmt: skip
def test_draws_have_the_mean_and_spread_of_the_prior(prior, mean, deviation):
    generator = np.random.default_rng(0)
    z = np.array([prior.coordinate(prior.draw(generator)) for _ in range(4000)])
    assert_allclose(z.mean(), mean, atol=4 * deviation / math.sqrt(4000))
    assert_allclose(z.std(), deviation, rtol=0.05)
    assert_allclose(prior.spread, deviation)


def test_draws_stay_inside_a_truncated_normal():
    prior, generator = Normal(0.0, 1.0, lower=-0.1, upper=0.2), np.random.default_rng(0)
    assert all(prior.contains(prior.draw(generator)) for _ in range(200))


@pytest.mark.parametrize("prior", [
    Normal(1.0, 1e30, lower=0.999999, upper=1.0), Normal(0.0, 1.0, upper=1e-9), Normal(1e5, 1.0, lower=99_999.9),
    Normal(0.0, 1e-3, lower=-1e300, upper=1e300), Normal(1.0, 2.0, lower=0.0, upper=9.0),
])  # fmt: skip
def test_draws_follow_a_normal_however_narrow_its_bounds_are(prior):
    ends = [(end - prior.mean) / prior.sigma for end in (prior.lower, prior.upper)]
    generator = np.random.default_rng(1)
    pulls = np.array([(prior.draw(generator) - prior.mean) / prior.sigma for _ in range(2000)])
    if ends[1] - ends[0] < 1e-6:  # flat
        assert kstest(pulls, uniform(ends[0], ends[1] - ends[0]).cdf).pvalue > 1e-3
    else:
        assert kstest(pulls, truncnorm(*ends).cdf).pvalue > 1e-3


def test_only_normal_priors_pull():
    assert Uniform(0.0, 1.0).pull(0.3) is None and LogUniform(0.1, 1.0).pull(0.3) is None
    assert Normal(1.0, 0.5).pull(2.0) == 2.0


@pytest.mark.parametrize("make, sentence", [
    (lambda: Uniform(2.0, 1.0), "lower must be below upper, got 2.0 and 1.0"),
    (lambda: Uniform(1.0, 1.0), "lower must be below upper"),
    (lambda: Uniform(0.0, math.inf), "upper must be a finite number"),
    (lambda: LogUniform(0.0, 1.0), "lower must be positive"),
    (lambda: LogUniform("1", 2.0), "lower must be a finite number, got '1'"),
    (lambda: LogUniform(True, 2.0), "lower must be a finite number"),
    (lambda: Normal(1.0, 0.0), "sigma must be positive"),
    (lambda: Normal(1.0, math.nan), "sigma must be a finite number"),
    (lambda: Normal(1.0, 0.1, lower=2.0), "the mean must lie between the bounds"),
    (lambda: Normal(1.0, 0.1, upper=math.nan), "upper must be a number"),
])  # fmt: skip
def test_impossible_priors_are_refused(make, sentence):
    with pytest.raises(ParameterError) as caught:
        make()
    assert sentence in str(caught.value)
