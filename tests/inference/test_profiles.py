"""Profile intervals against chi-square curves that are known in closed form."""

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import chi2 as chi_square

import glasstunnel as gt
from glasstunnel import FitError, Glass, LogUniform, Normal, Uniform, fit, profile

T = np.linspace(1.0, 3.0, 30)


@pytest.mark.parametrize("level", [0.6827, 0.95])
def test_a_linear_problem_has_symmetric_intervals_of_the_curvature(models, heat_capacity, level):
    glass = Glass({f"p{n}": models["Power"](1.0, float(n)) for n in (1, 3)})
    data = heat_capacity(T, 0.5 * T + 0.7 * T**3 + 0.1 * np.cos(7 * T), 0.1)
    result = fit(glass, [data], {f"p{n}.amplitude": Uniform(0.0, 10.0) for n in (1, 3)})
    intervals = profile(result, level=level)
    reach = np.sqrt(chi_square.ppf(level, 1))
    for path in result.names:
        one = intervals[path]
        assert_allclose(one.upper - one.value, reach * result.errors[path], rtol=1e-3)
        assert_allclose(one.value - one.lower, reach * result.errors[path], rtol=1e-3)
        curvature = ((one.scan - one.value) / result.errors[path]) ** 2
        assert_allclose(one.rises, curvature, rtol=1e-5, atol=1e-6)
    json.dumps(intervals.to_dict(), allow_nan=False)
    assert "lies between" in intervals.report()


def test_a_nonlinear_parameter_has_the_interval_of_its_own_chi_square(models, heat_capacity):
    """C = T^a with one point of C at T = e: chi-square is ((e^a - c)/sigma)^2, so e^a = c +- sigma at the ends."""
    data = heat_capacity([np.e, 1.0], [2.0, 1.0], [0.5, 0.5])
    result = fit(Glass({"p": models["Power"]()}), [data], {"p.exponent": Uniform(-2.0, 5.0)})
    one = profile(result)["p.exponent"]
    assert_allclose([one.lower, one.value, one.upper], np.log([1.5, 2.0, 2.5]), rtol=1e-4)


def test_an_end_at_the_prior_is_open(models, heat_capacity):
    glass = Glass({f"p{n}": models["Power"](1.0, float(n)) for n in (1, 3)})
    data = heat_capacity(T, 1.0 * T, 0.1)
    vary = {"p1.amplitude": Uniform(0.0, 10.0), "p3.amplitude": LogUniform(1e-6, 10.0)}
    one = profile(fit(glass, [data], vary), ["p3.amplitude"])["p3.amplitude"]
    assert one.lower is None and one.upper > 0
    assert "no lower limit within its prior" in one.sentence


def test_an_undetermined_parameter_is_open_on_both_sides(models, heat_capacity):
    data = heat_capacity(T, 1.0 / T, 0.01)
    vary = {"h.density": LogUniform(0.1, 10.0), "h.size": LogUniform(0.5, 2.0)}
    one = profile(fit(Glass({"h": models["Hidden"]()}), [data], vary), ["h.size"])["h.size"]
    assert one.lower is None and one.upper is None
    assert "do not determine it" in one.sentence


def test_a_normal_prior_counts_in_its_own_profile(models, heat_capacity):
    data = heat_capacity([1.0, 1.0], [2.0, 2.0], 0.1)
    result = fit(Glass({"p": models["Power"]()}), [data], {"p.amplitude": Normal(2.0, 0.1)})
    one = profile(result)["p.amplitude"]
    assert_allclose(one.upper - 2.0, 0.1 / np.sqrt(3.0), rtol=1e-3)


def test_coverage_of_a_bounded_scale(models, heat_capacity):
    """68 % intervals of a noisy exponent contain the truth in about 68 % of simulated experiments."""
    generator, hits, tries = np.random.default_rng(2), 0, 80
    x = np.array([1.0, 1.5, 2.0, 2.5])
    for _ in range(tries):
        data = heat_capacity(x, x**1.2 + 0.3 * generator.normal(size=4), 0.3)
        result = fit(Glass({"p": models["Power"](1.0, 1.0)}), [data], {
            "p.amplitude": LogUniform(0.01, 100.0), "p.exponent": Uniform(-5.0, 8.0),
        })  # fmt: skip
        one = profile(result, ["p.exponent"])["p.exponent"]
        hits += one.lower < 1.2 < one.upper
    assert abs(hits / tries - 0.6827) < 3.5 * np.sqrt(0.6827 * 0.3173 / tries)


def test_a_missed_minimum_is_said(models, heat_capacity):
    """A fit stopped early and taken for converged; the profile finds lower chi-square and says so."""
    glass = Glass({"s": models["Saturation"](100.0, 1e-3)})
    x = np.linspace(50.0, 800.0, 20)
    data = heat_capacity(x, -240.0 * np.expm1(-5.5e-4 * x), 0.5)
    vary = {"s.height": Uniform(1.0, 1e4), "s.rate": LogUniform(1e-6, 1.0)}
    stopped = fit(glass, [data], vary, max_evaluations=2)
    with pytest.raises(FitError, match="did not converge.*no minimum"):
        profile(stopped)
    one = profile(replace(stopped, converged=True), ["s.height"])["s.height"]
    assert one.lowest < 0 and "missed a better minimum" in one.sentence


def test_impossible_profiles_are_refused(models, heat_capacity):
    result = fit(Glass({"p": models["Power"]()}), [heat_capacity(T, T, 0.1)], {"p.amplitude": Uniform(0.0, 2.0)})
    with pytest.raises(FitError, match="does not vary"):
        profile(result, ["p.exponent"])
    with pytest.raises(FitError, match="level"):
        profile(result, level=1.0)


@pytest.mark.parametrize("ask", [
    lambda wrong: gt.profile(wrong), lambda wrong: gt.posterior(wrong), lambda wrong: gt.plan(wrong, {}),
])
def test_what_is_no_fit_result_is_refused_in_a_sentence(ask):
    with pytest.raises(gt.FitError, match="needs the FitResult that fit returns, got str"):
        ask("a file name")
