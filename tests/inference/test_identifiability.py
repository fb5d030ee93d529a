"""What the data leave open is named in words."""

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from glasstunnel import (
    AnomalousTunnelingSystems,
    DebyePhonons,
    Glass,
    LarmorDiamagnetism,
    LogUniform,
    MagneticIons,
    Normal,
    Uniform,
    fit,
)
from glasstunnel.inference.identifiability import _correlations, _from_prior, _products

T = np.linspace(1.0, 4.0, 30)


def hidden(models, heat_capacity, vary, **changes):
    glass = Glass({"h": models["Hidden"](**changes)})
    return fit(glass, [heat_capacity(T, glass.heat_capacity(T, 0.0), 0.01)], vary)


@pytest.mark.parametrize("density, size", [(2.0, 3.0), (1.0, 1.0), (1e3, 0.2)])
def test_a_product_of_powers_is_recognized(models, heat_capacity, density, size):
    vary = {"h.density": LogUniform(0.1, 1e5), "h.size": LogUniform(0.01, 100.0)}
    result = hidden(models, heat_capacity, vary, density=density, size=size)
    (sentence,) = result.identifiability
    assert "only the product h.density x h.size^2 is determined" in sentence
    assert np.isinf(result.errors["h.density"]) and np.isinf(result.errors["h.size"])


def test_a_parameter_without_effect_is_named_and_does_not_spoil_the_others(models, heat_capacity):
    vary = {"h.density": LogUniform(0.1, 100.0), "h.unseen": Uniform(0.5, 2.0)}
    result = hidden(models, heat_capacity, vary)
    assert result.identifiability[0].startswith("h.unseen is not determined")
    assert np.isinf(result.errors["h.unseen"])
    assert 0 < result.errors["h.density"] < 0.01


def test_a_known_value_closes_an_open_direction(models, heat_capacity):
    vary = {"h.density": LogUniform(0.1, 100.0), "h.size": Normal(1.0, 0.05, lower=0.1)}
    result = hidden(models, heat_capacity, vary)
    # density = product / size^2: its relative error is twice that of the size.
    assert abs(result.errors["h.density"] / (2 * 0.05) - 1) < 0.01


def test_a_sum_of_equal_contributions_is_recognized(magnetization):
    B = np.linspace(1.0, 5.0, 30)
    glass = Glass({"chip": LarmorDiamagnetism(1e-3), "holder": LarmorDiamagnetism(2e-3)})
    vary = {"chip.susceptibility": Uniform(0.0, 1.0), "holder.susceptibility": Uniform(0.0, 1.0)}
    result = fit(glass, [magnetization(4.0, B, -3e-3 * B, 1e-5)], vary)
    assert any(
        "only the sum chip.susceptibility + holder.susceptibility is determined" in sentence
        for sentence in result.identifiability
    )


def test_two_iron_species_far_above_saturation_leave_only_a_weighted_sum(magnetization):
    """In the Curie regime M ~ J(J+1): Fe3+ counts 8.75/6 of Fe2+."""
    warm = np.linspace(150.0, 300.0, 40)
    glass = Glass({"fe2": MagneticIons("Fe2+", 1e19), "fe3": MagneticIons("Fe3+", 2e19)})
    M = glass.magnetization(warm, np.full(40, 0.1))
    vary = {"fe2.concentration": Uniform(0.0, 1e20), "fe3.concentration": Uniform(0.0, 1e20)}
    result = fit(glass, [magnetization(warm, 0.1, M, 0.01 * M)], vary)
    (sentence,) = [text for text in result.identifiability if "only" in text]
    weights = [abs(float(word) / w - 1) for word in sentence.split() for w in (8.75 / 6, 6 / 8.75) if word[0].isdigit()
               and word.replace(".", "").isdigit()]
    assert min(weights) < 0.02


def test_correlated_parameters_are_named(models, heat_capacity):
    far = np.linspace(90.0, 100.0, 30)
    glass = Glass({"p": models["Power"](1.0, 1.0)})
    result = fit(
        glass, [heat_capacity(far, far, 0.01)], {"p.amplitude": Uniform(0.1, 10.0), "p.exponent": Uniform(0.1, 3.0)}
    )
    assert any(sentence.startswith("p.amplitude and p.exponent are correlated (-") for sentence in
               result.identifiability)


def test_an_error_bar_beyond_the_bound_is_announced(models, heat_capacity):
    glass = Glass({"p": models["Power"](1.0, 1.0), "q": models["Power"](1e-5, 3.0)})
    result = fit(
        glass, [heat_capacity(T, glass.heat_capacity(T, 0.0), 0.1)],
        {"p.amplitude": Uniform(0.0, 10.0), "q.amplitude": Uniform(0.0, 10.0)},
    )
    assert any("q.amplitude reaches beyond its lower bound" in sentence for sentence in result.identifiability)


def test_weak_fields_leave_only_density_times_area_squared(magnetization):
    """001 Eq. 12: the initial susceptibility of tunneling systems goes as density x (D0|q/e|S)^2."""
    temperatures = np.geomspace(2.0, 50.0, 40)
    ats = AnomalousTunnelingSystems(2e19, 0.05, None, 1e5, 2e5, theory="effective")
    glass = Glass({"ats": ats})
    M = np.asarray(glass.magnetization(temperatures, np.full(40, 0.01)))
    vary = {"ats.density": LogUniform(1e16, 1e22), "ats.amplitude_area_max": LogUniform(1e4, 1e7)}
    ties = {"ats.amplitude_area_min": ("ats.amplitude_area_max", 0.5)}
    result = fit(glass, [magnetization(temperatures, 0.01, M, 0.01 * M)], vary, ties=ties)
    assert any(
        "only the product ats.density x ats.amplitude_area_max^2 is determined" in sentence
        for sentence in result.identifiability
    )


def test_a_limit_on_one_side_is_not_called_without_effect(heat_capacity):
    """A Debye temperature far above T cannot be seen, one near T can: the data exclude it."""
    truth = Glass({"debye": DebyePhonons(cubic_coefficient=1e-2, debye_temperature=600.0)})
    vary = {"debye.cubic_coefficient": LogUniform(1e-4, 1.0), "debye.debye_temperature": Uniform(20.0, 2000.0)}
    result = fit(truth, [heat_capacity(T, truth.heat_capacity(T, 0.0), 1e-4)], vary)
    (sentence,) = result.identifiability
    assert "near 600 it changes the model by less than the noise, but not towards its lower bound" in sentence
    assert np.isinf(result.errors["debye.debye_temperature"])


def test_a_parameter_that_does_nothing_between_its_bounds_is_said_to_do_nothing(models, heat_capacity):
    result = hidden(models, heat_capacity, {"h.density": LogUniform(0.1, 100.0), "h.unseen": Uniform(0.5, 2.0)})
    assert result.identifiability[0].endswith("within its prior it changes the model by less than the noise")


def test_a_parameter_known_only_from_its_prior_is_said_to_be(models, heat_capacity):
    """Where the data are silent the posterior is the prior: mean 2, sigma 0.3, not "not determined"."""
    T = np.linspace(1.0, 3.0, 20)
    vary = {"h.density": LogUniform(0.1, 10.0), "h.unseen": Normal(2.0, 0.3)}
    result = fit(Glass({"h": models["Hidden"]()}), [heat_capacity(T, 1.0 / T, 0.01)], vary)
    assert_allclose([result.values["h.unseen"], result.errors["h.unseen"]], [2.0, 0.3], rtol=1e-6)
    (said,) = [sentence for sentence in result.identifiability if "h.unseen" in sentence]
    assert "value and error are those of its prior" in said and "not determined" not in said


def test_a_prior_that_separates_a_product_is_named(models, heat_capacity):
    T = np.linspace(1.0, 3.0, 20)
    vary = {"h.density": LogUniform(0.1, 10.0), "h.size": Normal(1.0, 0.1, lower=0.1)}
    result = fit(Glass({"h": models["Hidden"]()}), [heat_capacity(T, 1.0 / T, 0.01)], vary)
    (said,) = result.identifiability[:1]
    assert "separately" in said and "rests on the prior of h.size" in said


@pytest.mark.parametrize("strength", [0.05, 0.2, 0.29, 0.34, 0.6, 0.95])
def test_a_prior_is_said_to_be_the_answer_where_the_data_change_its_error_by_less_than_five_percent(strength):
    """Data whose own error is 1/strength times that of the prior shrink it by the factor 1/sqrt(1 + strength^2)."""
    shrinks = 1.0 - 1.0 / np.sqrt(1.0 + strength**2)
    assert ("are those of its prior" in _from_prior("p.x", strength)) == (shrinks < 0.05)


@pytest.mark.parametrize("correlation, named", [(0.975, False), (0.985, True), (-0.985, True), (-0.975, False)])
def test_correlations_are_named_from_98_percent_on(correlation, named):
    problem = SimpleNamespace(names=("a", "b"))
    covariance = np.array([[4.0, 6.0 * correlation], [6.0 * correlation, 9.0]])
    assert (list(_correlations(problem, covariance, [0, 1])) != []) == named


def test_a_share_of_three_percent_belongs_to_a_direction_and_one_of_one_percent_does_not(magnetization):
    """Three diamagnetic parts seen as one sum; the third prior is narrow, so its share in the direction is small."""
    B = np.linspace(1.0, 5.0, 20)
    for share, counted in ((0.03, True), (0.01, False)):
        glass = Glass({name: LarmorDiamagnetism(1.0) for name in ("one", "two", "three")})
        bounds = {"one": (0.0, 2.0), "two": (0.0, 2.0), "three": (1.0 - share, 1.0 + share)}
        vary = {f"{name}.susceptibility": Uniform(*ends) for name, ends in bounds.items()}
        result = fit(glass, [magnetization(4.0, B, -3.0 * B, 1e-4)], vary)
        directions = [text for text in result.identifiability if "only the sum" in text]
        assert any("three.susceptibility" in text for text in directions) == counted, directions


def test_a_product_with_large_powers_is_no_law_and_not_said():
    """Between two regimes a local exponent is any number: 16/3 in small integers is an accident."""
    assert _products({"a": 1.0, "b": -2.0}) == ["the product b x a^2"]
    assert _products({"a": 3.0, "b": -16.0}) is None
