"""Model comparison and the iron each model needs."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from glasstunnel import FitError, Glass, LarmorDiamagnetism, LogUniform, MagneticIons, Uniform, compare
from glasstunnel.inference.comparison import iron_concentration
from glasstunnel.report.sections import comparison_answers

TRUTH = Glass({
    "larmor": LarmorDiamagnetism(4e-3), "fe2": MagneticIons("Fe2+", 2e19), "fe3": MagneticIons("Fe3+", 1e19),
})  # fmt: skip
WIDE = {
    "larmor.susceptibility": Uniform(0.0, 0.1), "fe2.concentration": Uniform(0.0, 1e21),
    "fe3.concentration": Uniform(0.0, 1e21),
}  # fmt: skip


def without(key):
    parts = {name: part for name, part in TRUTH.contributions.items() if name != key}
    return Glass(parts), {path: prior for path, prior in WIDE.items() if not path.startswith(f"{key}.")}


@pytest.fixture
def runs(magnetization):
    generator = np.random.default_rng(8)
    made = []
    for number, B in enumerate((0.5, 2.0, 7.0)):
        T = np.geomspace(2.0, 200.0, 40)
        M = TRUTH.magnetization(T, np.full(40, B))
        sigma = 1e-4 * np.abs(M).max()
        made.append(magnetization(T, B, M + sigma * generator.normal(size=40), sigma, name=f"run{number}"))
    return made


def test_the_true_model_wins_and_its_iron_agrees_with_the_independent_value(runs):
    models = {"one species": without("fe2"), "two species": (TRUTH, WIDE)}
    result = compare(models, runs, iron=(3e19, 2e17))
    assert result.best.name == "two species"
    assert result.models[1].delta_aic > 100 and result.models[0].delta_aic == 0
    assert abs(result.best.pull) < 3.5 and abs(result.models[1].pull) > 3.5
    assert_allclose(result.best.iron, 3e19, atol=4 * result.best.iron_error)
    assert "one species has essentially no support" in result.report()
    assert "contradicts the independent value" in result.report()
    json.dumps(result.to_dict(), allow_nan=False)


def test_a_ranking_of_models_that_all_fail_says_so(runs):
    alone = {"one species": without("fe2"), "the other": without("fe3")}
    sentences = compare(alone, runs).sentences
    assert sentences[0].startswith("none of these models describes these data") and "chi-square" in sentences[0]
    assert "ranks first (AICc)" in sentences[1]
    good = compare(alone | {"two species": (TRUTH, WIDE)}, runs)
    assert good.sentences[0] == "two species describes these data best (AICc)" and good.describing == ("two species",)
    assert "none of these" not in " ".join(good.sentences)


def curved(magnetization, bend, seed):
    """A magnetization linear in the field but for `bend`; its noise is found from the residuals."""
    B = np.linspace(0.5, 7.0, 50)
    M = -4e-3 * B * (1.0 + bend * np.sin(B)) + 1e-4 * np.random.default_rng(seed).normal(size=50)
    glass = Glass({"larmor": LarmorDiamagnetism(1e-3)})
    models = {name: (glass, {"larmor.susceptibility": Uniform(0.0, top)}) for name, top in (("a", 0.1), ("b", 0.2))}
    return compare(models, [magnetization(4.0, B, M, noise="residuals")])


def test_a_trend_that_every_model_misses_is_said_before_the_ranking_where_chi_square_cannot_tell(magnetization):
    comparison = curved(magnetization, 0.05, 1)
    none, first = comparison.sentences[:2]
    assert none.startswith("none of these models describes these data") and "follow one another" in none
    assert "a ranks first (AICc)" in first and comparison.describing == ()
    answers = comparison_answers(comparison)
    assert [(answer.value, answer.label) for answer in answers[:2]] == [
        ("none", "describes the data"), ("a", "ranks first"),
    ]  # fmt: skip
    assert "describes these data best" not in comparison.report()


def test_a_winner_that_leaves_noise_is_praised_whatever_the_noise(magnetization):
    """One false alarm is expected in about 500 comparisons."""
    for seed in range(20):
        comparison = curved(magnetization, 0.0, seed)
        assert comparison.sentences[0] == "a describes these data best (AICc)"
    assert comparison_answers(comparison)[0].label == "best model"


def test_the_error_of_the_iron_sum_uses_the_covariance(runs):
    result = compare({"both": (TRUTH, WIDE)}, runs).best.result
    block = result.covariance[1:, 1:]
    iron, error = iron_concentration(result)
    assert_allclose(error, np.sqrt(block.sum()), rtol=1e-6)
    assert_allclose(iron, result.values["fe2.concentration"] + result.values["fe3.concentration"])


def test_tied_species_count_with_their_factor(runs):
    vary = {path: prior for path, prior in WIDE.items() if path != "fe3.concentration"}
    ties = {"fe3.concentration": ("fe2.concentration", 0.5)}
    result = compare({"tied": (TRUTH, vary, ties)}, runs).best
    assert_allclose(result.iron, 1.5 * result.result.values["fe2.concentration"])
    assert_allclose(result.iron_error, 1.5 * result.result.errors["fe2.concentration"], rtol=1e-6)


def test_information_criteria_count_an_estimated_noise(magnetization):
    """Against the closed form N ln(RSS/N) + N + 2 (k + 1)."""
    generator = np.random.default_rng(1)
    B = np.linspace(0.5, 7.0, 50)
    M = -4e-3 * B + 1e-4 * generator.normal(size=50)
    data = magnetization(4.0, B, M, noise="residuals")
    glass = Glass({"larmor": LarmorDiamagnetism(1e-3)})
    best = compare({"larmor": (glass, {"larmor.susceptibility": LogUniform(1e-5, 1.0)})}, [data]).best.result
    square = np.sum((M - B * (B @ M) / (B @ B)) ** 2)
    assert_allclose(best.aic, 50 * np.log(square / 50) + 50 + 4, rtol=1e-10)
    assert_allclose(best.bic, 50 * np.log(square / 50) + 50 + 2 * np.log(50), rtol=1e-10)


@pytest.mark.parametrize("models, iron, sentence", [
    ({}, None, "needs models"),
    ({"a": 3}, None, "model 'a' must be (glass, vary)"),
    ({"a": (TRUTH, {"larmor.x": Uniform(0.0, 1.0)})}, None, "model 'a': vary: there is no parameter 'larmor.x'"),
    ({"a": (TRUTH, WIDE)}, 3e19, "(value, sigma)"),
    ({"a": (TRUTH, WIDE)}, (3e19, 0.0), "sigma > 0"),
])  # fmt: skip
def test_impossible_comparisons_are_refused(runs, models, iron, sentence):
    with pytest.raises(FitError) as caught:
        compare(models, runs, iron=iron)
    assert sentence in str(caught.value)


def test_a_model_without_iron_is_said_to_have_none(magnetization):
    B = np.linspace(0.5, 7.0, 20)
    data = magnetization(4.0, B, -4e-3 * B, 1e-5)
    glass = Glass({"larmor": LarmorDiamagnetism(1e-3)})
    comparison = compare({"larmor": (glass, {"larmor.susceptibility": LogUniform(1e-5, 1.0)})}, [data])
    assert "none" in comparison.report().splitlines()[1].split()


def test_the_iron_of_a_fit_that_did_not_converge_has_no_error(magnetization):
    T = np.geomspace(2.0, 100.0, 20)
    iron = MagneticIons("Fe3+", 1e20)
    data = magnetization(T, 3.0, iron.magnetization(T, 3.0), 1e-6)
    vary = {"fe3.concentration": LogUniform(1e18, 1e22), "fe3.g_factor": Uniform(0.5, 5.0)}
    start = Glass({"fe3": MagneticIons("Fe3+", 1e19, g_factor=0.7)})
    model = compare({"iron": (start, vary)}, [data], max_evaluations=1).models[0]
    assert not model.result.converged and np.isinf(model.iron_error)
