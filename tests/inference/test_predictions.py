"""Prediction, hold-out and coverage: against brute force, closed forms and simulations."""

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import f, norm, t
from tests.inference.simulations import CURIE, binomial_error, curie_run, weighed

from glasstunnel import (
    Column,
    Dataset,
    Glass,
    LarmorDiamagnetism,
    LogUniform,
    MagneticIons,
    Normal,
    Uniform,
    fit,
    posterior,
)
from glasstunnel.errors import FitError, GlassTunnelError
from glasstunnel.inference.binomial import missed_chance
from glasstunnel.inference.calibration import CoverageCard, ParameterCoverage, pull_ends
from glasstunnel.inference.diagnostics import neighbor_correlation

BOTH = Glass({"iron": MagneticIons("Fe3+", 1e20), "larmor": LarmorDiamagnetism(4e-3)})
IRON = "iron.concentration"
VARY = {"iron.concentration": LogUniform(1e18, 1e22), "larmor.susceptibility": Uniform(0.0, 1.0)}


def run(seed, **options):
    return weighed(curie_run(seed, points=30, absolute=1e-4, glass=BOTH, **options), absolute=1e-4)


@pytest.fixture(scope="module")
def result():
    return fit(BOTH, [run(0, name="a"), run(1, name="b", field=2.0)], VARY)


def test_a_prediction_has_the_spread_of_repeated_measurements(result):
    """sigma of the curve against the scatter of curves fitted to other data of the same glass."""
    T = np.array([2.5, 20.0, 200.0])
    found = result.predict(T, 3.0)
    curves = [fit(BOTH, [run((2, k), name="a"), run((3, k), name="b", field=2.0)], VARY).predict(T, 3.0).value
              for k in range(60)]  # fmt: skip
    assert_allclose(np.std(curves, axis=0), found.sigma, rtol=4.0 / np.sqrt(2.0 * 60))
    lower, upper = found.band(0.95, noise=1e-4)
    assert_allclose(upper - lower, 2.0 * norm.ppf(0.975) * np.hypot(found.sigma, 1e-4), rtol=1e-6)


def short_and_long(seed):
    """Iron seen by five points of one run, diamagnetism by forty of another, both with noise from their residuals."""
    runs = []
    for k, (points, field, low) in enumerate(((5, 1.0, 2.0), (40, 7.0, 150.0))):
        T = np.geomspace(low, 2.0 * low, points)
        exact = np.asarray(BOTH.magnetization(T, field))
        noisy = exact + 1e-4 * np.random.default_rng((20, seed, k)).standard_normal(points)
        columns = {"temperature": Column(T, "K"), "field": Column(np.full(points, field), "T"),
                   "magnetization": Column(noisy, "A m2/kg")}  # fmt: skip
        runs.append(weighed(Dataset(columns, "magnetization", name=f"run{k}"), residuals=True))
    return fit(BOTH, runs, VARY | {"iron.concentration": Uniform(0.0, 1e22)})


def test_a_band_has_the_degrees_of_freedom_of_what_it_rests_on():
    """The band of the curve once had those of the worst dataset everywhere: two to three times too wide here."""
    found = short_and_long(0).predict([2.0, 300.0], [1.0, 7.0])
    assert found.freedom[0] == pytest.approx(4.0, rel=0.1) and found.freedom[1] > 30.0
    lower, upper = found.band(0.95)
    assert_allclose((upper - lower) / found.sigma, 2.0 * t.ppf(0.975, found.freedom))


@pytest.mark.slow
def test_bands_of_short_and_long_runs_with_unknown_noise_hold():
    T, B = np.array([2.0, 5.0, 50.0, 300.0]), np.array([1.0, 1.0, 7.0, 7.0])
    exact, held = np.asarray(BOTH.magnetization(T, B)), {0.6827: 0.0, 0.9545: 0.0}
    for seed in range(300):
        found = short_and_long(seed).predict(T, B)
        for level in held:
            lower, upper = found.band(level)
            held[level] += ((lower <= exact) & (exact <= upper)) / 300.0
    for level, fraction in held.items():
        assert np.all(np.abs(fraction - level) < 4.0 * binomial_error(level, 300))


@pytest.mark.slow
def test_a_band_beside_a_bound_is_too_wide_rather_than_too_narrow():
    """No iron was put in and none can be negative: half of the fits end at the bound, bands hold more than they say."""
    T, B = np.array([2.0, 5.0, 50.0, 300.0]), 1.0
    truth = BOTH.with_values({"iron.concentration": 0.0})
    exact, held, at_bound = np.asarray(truth.magnetization(T, B)), {0.6827: 0.0, 0.9545: 0.0}, 0
    for seed in range(300):
        data = weighed(curie_run((21, seed), points=20, absolute=1e-4, glass=truth), absolute=1e-4)
        made = fit(BOTH, [data], VARY | {"iron.concentration": Uniform(0.0, 1e22)})
        at_bound += bool(made.at_bound)
        for level in held:
            lower, upper = made.predict(T, B).band(level)
            held[level] += ((lower <= exact) & (exact <= upper)) / 300.0
    assert 100 < at_bound < 200
    for level, fraction in held.items():
        assert np.all(fraction - level > -3.0 * binomial_error(level, 300)) and np.all(fraction[0] > level)


def test_another_observable_and_its_conditions(result):
    heat = result.predict([2.0, 4.0], [[1.0], [2.0]], "heat_capacity")
    assert heat.value.shape == heat.sigma.shape == (2, 2) and heat.unit == "J/(K kg)" and (heat.sigma > 0.0).all()
    with pytest.raises(FitError, match="depends on frequency"):
        result.predict(2.0, 1.0, "loss_tangent")
    with pytest.raises(FitError, match="is no observable"):
        result.predict(2.0, 1.0, "color")


def test_chi_square_of_unseen_data_is_chi_square_distributed(result):
    """With the covariance of prediction and noise together, and not without, it has as many degrees as points."""
    found = [fit(BOTH, [weighed(curie_run((4, k), points=3, absolute=1e-4, glass=BOTH), absolute=1e-4)], VARY)
             .predict_data(run((5, k))) for k in range(80)]  # fmt: skip
    mean = np.mean([one.chi2 for one in found])
    assert abs(mean - 30.0) < 4.0 * np.sqrt(60.0 / 80)
    assert np.mean([one.plain_chi2 for one in found]) > mean + 8.0
    wrong = result.predict_data(run(6, field=2.0).with_column("field", run(6, field=1.0)["field"]))
    assert not wrong.agrees and "NOT predicted" in wrong.sentence


def test_a_dataset_with_a_wrong_scale_is_found_by_leaving_it_out():
    runs = [run(k, name=f"r{k}", field=1.0 + k) for k in range(4)]
    good = fit(BOTH, runs, VARY).holdout()
    assert good.adequate and "each dataset is predicted" in good.report()
    column = runs[3]["magnetization"]
    bent = runs[3].with_column("magnetization", type(column)(1.05 * column.values, column.unit))
    bad = fit(BOTH, [*runs[:3], bent], VARY)
    found = bad.holdout()
    assert not found.adequate and not found.predicted["r3"].agrees and "is not adequate" in found.report()
    assert found.errors["iron.concentration"] > 3.0 * bad.errors["iron.concentration"]
    assert found.to_dict()["adequate"] is False


def test_the_own_scale_of_a_dataset_left_out_is_as_uncertain_as_its_prior():
    runs = [run(k, name=f"r{k}", field=1.0 + k) for k in range(3)]
    scales = {f"data.r{k}.scale": Normal(1.0, 0.05) for k in range(3)}
    column = runs[2]["magnetization"]
    bent = runs[2].with_column("magnetization", type(column)(1.05 * column.values, column.unit))
    assert fit(BOTH, [*runs[:2], bent], VARY | scales).holdout().adequate


def test_coverage_of_a_linear_fit_is_nominal_and_counted_rightly():
    result = fit(CURIE, [weighed(curie_run(7, points=6, absolute=1e-4), residuals=True)],
                 {"iron.concentration": Uniform(0.0, 1e22)})  # fmt: skip
    card = result.coverage(n=200, seed=1)
    found = card["iron.concentration"]
    for level in card.levels:
        assert abs(found.coverage[level] - level) < 4.0 * binomial_error(level, 200)
    assert abs(found.bias) < 4.0 * found.spread / np.sqrt(200) and card.failed == 0
    assert "every interval holds what it says" in card.report()


def test_coverage_finds_an_interval_that_drift_makes_too_narrow_and_offers_another():
    result = fit(BOTH, [run(8, name="a")], VARY)
    plain, shared = (result.coverage(n=60, systematics=on)["iron.concentration"] for on in (False, True))
    assert shared.spread > 1.2 * plain.spread
    lower, upper = shared.corrected[0.95]
    assert upper - lower > np.subtract(*plain.corrected[0.95][::-1])


@pytest.mark.parametrize("n", [20, 60, 200])
def test_a_corrected_interval_holds_the_next_pull_however_few_were_simulated(n):
    """Plain quantiles of twenty pulls, offered as a 95 % interval, hold 87 %."""
    generator, held = np.random.default_rng(n), []
    for level in (0.68, 0.95):
        for _ in range(1500):
            low, high = pull_ends(1.4 * generator.standard_normal(n) + 0.3, level)
            held.append(norm.cdf((high - 0.3) / 1.4) - norm.cdf((low - 0.3) / 1.4))
        assert -0.01 < np.mean(held) - level < 0.025
        held = []


@pytest.mark.parametrize(("bias", "said"), [(0.1, False), (0.3, True), (-0.3, True)])
def test_the_card_says_a_bias_that_is_more_than_chance(bias, said):
    """The bias of 200 simulations with unit spread has an error of 0.07."""
    found = ParameterCoverage("a.b", {0.68: 0.68, 0.95: 0.95}, bias, 1.0, 0.0, 200, {0.68: (0, 1), 0.95: (0, 1)})
    words = CoverageCard({"a.b": found}, (0.68, 0.95), 200, 200, 0, False).sentences[1]
    direction = "high" if bias > 0.0 else "low"
    held = "every interval holds what it says, as far as so many simulations can see"
    assert words == (f"a.b comes out 0.3 of its error too {direction}" if said else held)


@pytest.mark.parametrize(("n", "factor"), [(20, 1.25), (20, 1.5), (60, 1.5), (100, 1.25)])
def test_the_chance_to_miss_errors_that_are_too_small_is_that_of_simulated_counts(n, factor):
    """Against counting: pulls of a normal law whose spread is the factor, judged as the card judges them."""
    pulls = np.abs(np.random.default_rng(11).standard_normal((20000, n)) * factor)
    covered = np.mean(pulls <= norm.ppf(0.975), axis=1)
    entries = {value: ParameterCoverage("a.b", {0.95: value}, 0.0, 1.0, 0.0, n, {}) for value in np.unique(covered)}
    counted = np.mean([entries[value].holds(0.95) for value in covered])
    assert abs(missed_chance(n, 0.95, factor) - counted) < 4.0 * 0.5 / np.sqrt(20000)


def test_the_card_says_what_so_few_simulations_cannot_see(result):
    card = result.coverage(n=20)
    assert "what 20 simulations can see: errors 1.25, 1.5, 2 times too small" in card.report()
    assert card.to_dict()["missed"]["errors 1.5 times too small"] == missed_chance(20, 0.95, 1.5)


def test_data_that_were_fitted_are_no_test_and_it_is_said(result):
    again = result.predict_data(run(0, name="other_name"))
    assert again.fitted == "all its points were fitted (as a)" and again.sentence.endswith("is no test")
    some = dataclasses.replace(run(0, name="a"), columns={
        key: Column(np.concatenate([column.values[:5], 1.01 * column.values[5:]]), column.unit)
        for key, column in run(0).columns.items()})  # fmt: skip
    assert result.predict_data(some).fitted == "5 of its 30 points were fitted (as a)"
    assert not result.predict_data(run(12, name="a")).fitted


def test_a_file_that_was_fitted_is_known_though_its_points_were_corrected():
    fitted = fit(BOTH, [dataclasses.replace(run(0, name="a"), source="data/../chip.csv")], VARY)
    scaled = run(0, name="b")
    scaled = scaled.with_column("magnetization", Column(1.001 * scaled.measured.values, "A m2/kg"))
    said = fitted.predict_data(dataclasses.replace(scaled, source="chip.csv"))
    assert said.fitted == "chip.csv is a file that was fitted (as a)" and "no prediction" in said.report()


def test_new_data_with_unknown_noise_are_compared_where_the_model_can_follow():
    """Closed form: one parameter, known noise of the fit; Welch's test of the difference of two amplitudes."""
    known = fit(CURIE, [weighed(curie_run(20, points=6, absolute=1e-4), absolute=1e-4)], {IRON: Uniform(0.0, 1e22)})
    new = weighed(curie_run(21, points=8, absolute=3e-4), residuals=True)
    alone = fit(CURIE, [new], {IRON: Uniform(0.0, 1e22)})
    found = known.predict_data(new)
    variance = known.errors[IRON] ** 2 + alone.errors[IRON] ** 2
    statistic = (known.values[IRON] - alone.values[IRON]) ** 2 / variance
    freedom = 7.0 * (variance / alone.errors[IRON] ** 2) ** 2
    assert found.directions == 1 and found.points == 8
    assert_allclose(found.chi2, statistic, rtol=1e-5)
    assert_allclose(found.p_value, f.sf(statistic, 1, freedom), rtol=1e-5)


def test_coverage_goes_on_where_it_was_stopped(result, tmp_path):
    store = tmp_path / "simulations.jsonl"
    first = result.coverage(n=20, store=store)
    with open(store, "a", encoding="utf-8") as file:
        file.write('[20, [[4')  # killed while writing
    told = []
    again = result.coverage(n=30, store=store, progress=told.append)
    assert len(told) == 10 and again.done == 30 and first.done == 20
    whole = result.coverage(n=30)
    for path in result.names:
        assert again[path].coverage == whole[path].coverage
    other = fit(BOTH, [run(9, name="a")], VARY)
    with pytest.raises(FitError, match="simulations of another fit"):
        other.coverage(n=20, store=store)


def test_two_processes_count_the_same(result):
    assert result.coverage(n=20, workers=2).to_dict() == result.coverage(n=20).to_dict()


def test_diagnostics_find_a_drift_and_say_what_to_do():
    runs = [run(k, name=f"r{k}", field=1.0 + k) for k in range(2)]
    clean = fit(BOTH, runs, VARY).diagnostics()
    assert clean.sentences == ("the residuals look like independent noise",)
    column = runs[0]["magnetization"]
    drift = 3e-4 * np.sin(np.linspace(0.0, 6.0, 30))
    bent = runs[0].with_column("magnetization", type(column)(column.values + drift, column.unit))
    found = fit(BOTH, [bent, runs[1]], VARY).diagnostics()
    assert found.curves[0].along_T > found.curves[0].limit and np.isnan(found.curves[0].along_B)
    assert "r0: neighboring residuals are correlated" in found.report()
    assert "r0: a slow drift would lower chi-square by" in found.report()
    assert "give the noise of r0 a drift" in found.report()


def test_the_correlation_of_neighbors_is_that_of_an_autoregression():
    generator, x = np.random.default_rng(0), np.zeros(4000)
    for i in range(1, 4000):
        x[i] = 0.6 * x[i - 1] + generator.standard_normal()
    shuffled = generator.permutation(4000)
    found = neighbor_correlation(x[shuffled], shuffled.astype(float), np.zeros(4000))
    assert abs(found - 0.6) < 0.06
    assert abs(neighbor_correlation(generator.permutation(x), np.arange(4000.0), np.zeros(4000))) < 0.06


def test_what_cannot_be_predicted_is_refused_in_a_sentence(result):
    drawn = posterior(result, draws=500, method="importance")
    for subject in (result, drawn):
        for T, B, options, words in (
            (-1.0, 1.0, {}, "T must be positive"), (np.nan, 1.0, {}, "T must be positive"),
            ("x", 1.0, {}, "real numbers"),
            ([1.0, 2.0, 3.0], [1.0, 2.0], {}, "do not broadcast"), (2.0, np.inf, {}, "B must be finite"),
            (2.0, 1.0, {"frequency": 1e3}, "check frequency"), (2.0, 1.0, {"observable": 3}, "is no observable"),
        ):  # fmt: skip
            with pytest.raises(GlassTunnelError, match=words):
                subject.predict(T, B, **options)
        for options, words in (({"level": 2.0}, "level must lie"), ({"noise": "x"}, "noise must be real"),
                               ({"noise": -1.0}, "noise must be 0 or more")):  # fmt: skip
            with pytest.raises(GlassTunnelError, match=words):
                subject.predict(2.0, 1.0).band(**options)
        with pytest.raises(GlassTunnelError, match="does not fit a curve of shape"):
            subject.predict([2.0, 3.0], 1.0).band(noise=[1e-4, 1e-4, 1e-4])
    for wrong in (3, None, "run.dat", list(result.datasets)):
        with pytest.raises(GlassTunnelError, match="predict_data needs a Dataset"):
            result.predict_data(wrong)
    with pytest.raises(GlassTunnelError, match="draws must be"):
        drawn.predict(2.0, 1.0, draws=0)
