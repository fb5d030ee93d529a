"""What would explain residuals: against refits with the error in the model, and on planted errors."""

import numpy as np
import pytest
from benchmarks.planted_errors import ALARMS, NOISE, PLANTED, TRUTH, VARY, T, best_power, heat_runs
from scipy.stats import chi2, multivariate_normal

import glasstunnel as gt
from glasstunnel.data import with_noise
from glasstunnel.inference import error_sources
from glasstunnel.inference.error_sources import drift_chances, drift_gains, shared_errors

SIGMA = NOISE * np.asarray(gt.heat_capacity(TRUTH, T, 0.0))
EXPECTED = {"its scale off by 1 %": "scale", "an offset of 2 sigma": "offset", "a drift of 2 sigma": "drift",
            "its noise four times what is stated": "noise", "one point off by 15 sigma": "point"}  # fmt: skip


def fixed_runs(seed, planted):
    """The runs with sigma stated, so that it does not follow the model."""
    stated = {"sigma": gt.Column(SIGMA, "J/(kg K)")}
    return [gt.Dataset({key: run[key] for key in ("temperature", "heat_capacity")} | stated, "heat_capacity",
                       name=run.name, noise="given") for run in heat_runs(seed, planted)]  # fmt: skip


@pytest.mark.parametrize("planted", EXPECTED)
def test_a_planted_error_is_named_with_its_run_and_kind(planted):
    (first, *_) = found = shared_errors(gt.fit(TRUTH, heat_runs(0, planted), VARY))
    assert set(EXPECTED) | {"nothing"} == set(PLANTED)
    assert first.dataset == "run1" and (first.kind == EXPECTED[planted] or first.rivals) and len(found) == 1


def test_nothing_is_named_where_nothing_is_wrong():
    named = [shared_errors(gt.fit(TRUTH, heat_runs(seed), VARY)) for seed in range(20)]
    assert not any(named)


@pytest.mark.parametrize("planted", [name for name in EXPECTED if EXPECTED[name] != "noise"])
def test_a_planted_error_is_named_where_the_noise_follows_from_the_residuals(planted):
    """But larger noise, which is then no error at all; a drift, which then is hardly told from noise, where it is."""
    found = shared_errors(gt.fit(TRUTH, heat_runs(0, planted, residuals="relative"), VARY))
    assert found and found[0].dataset == "run1"
    assert found[0].kind == EXPECTED[planted] or found[0].rivals or EXPECTED[planted] in found[0].others


@pytest.mark.slow
@pytest.mark.parametrize("points", [6, 20])
def test_noise_that_follows_from_the_residuals_is_no_drift(points):
    """Without a limit from the other runs, a drift could take all of a run for itself: it was named in every fit."""
    kept = np.linspace(0, 19, points).round().astype(int)
    named = 0
    for seed in range(40):
        runs = [run.select(np.isin(np.arange(20), kept), "fewer") for run in heat_runs(seed, residuals="relative")]
        named += bool(shared_errors(gt.fit(TRUTH, runs, VARY)))
    assert named <= 2  # 1/100 each: twenty candidates of 1/2000; 7 of 600 were counted


def test_the_gain_of_an_offset_beside_unknown_noise_has_its_probability():
    """One run, linear in all: Student's t of the offset and the gain, a chi-square of one degree, are equally rare."""
    from scipy.stats import t

    (_, run, *_) = heat_runs(3, "an offset of 2 sigma", residuals="relative")
    plain = gt.fit(TRUTH, [run], VARY)
    weight = 1.0 / np.asarray(plain.curves["run1"].sigma)
    columns = np.array([gt.heat_capacity(TRUTH.with_values({path: 0.0 for path in VARY if path != kept}), T, 0.0)
                        for kept in VARY] + [np.ones(20)]).T * weight[:, None]  # fmt: skip
    columns /= np.linalg.norm(columns, axis=0)
    values = run.measured.values * weight
    best = np.linalg.lstsq(columns, values, rcond=None)[0]
    rest = values - columns @ best
    pull = best[2] / np.sqrt(np.linalg.inv(columns.T @ columns)[2, 2] * (rest @ rest) / 17)
    state = error_sources._State.of(plain)
    gain = state.gains()["run1", "offset"]
    np.testing.assert_allclose(chi2.logsf(gain, 1), np.log(2.0) + t.logsf(abs(pull), 17), rtol=1e-4)


@pytest.mark.parametrize("kind", ["offset", "scale"])
def test_a_gain_is_what_a_fit_with_that_error_gains(kind):
    """The model is linear in phonons, tunneling systems and an offset, nearly so in a scale."""
    runs = fixed_runs(3, "an offset of 2 sigma" if kind == "offset" else "its scale off by 1 %")
    plain = gt.fit(TRUTH, runs, VARY)
    prior = gt.Uniform(-1.0, 1.0) if kind == "offset" else gt.Uniform(0.5, 2.0)
    more = gt.fit(TRUTH, runs, VARY | {f"data.run1.{kind}": prior})
    (first, *_) = shared_errors(plain)
    assert (first.dataset, first.kind) == ("run1", kind)
    np.testing.assert_allclose(first.gain, plain.chi2 - more.chi2, rtol=1e-6 if kind == "offset" else 0.02)
    assert not any((error.dataset, error.kind) == ("run1", kind) for error in shared_errors(more))


def test_the_gain_of_a_drift_is_that_of_the_likelihood():
    """Against the density of all points as one normal vector, phonons and tunneling systems minimized on a grid."""
    runs = fixed_runs(0, "a drift of 2 sigma")
    found = {error.kind: error for error in shared_errors(gt.fit(TRUTH, runs, VARY))}["drift"]
    columns = np.array([gt.heat_capacity(TRUTH.with_values({path: 0.0 for path in VARY if path != kept}), T, 0.0)
                        / TRUTH.value(kept) for kept in VARY]).T  # fmt: skip
    values = np.concatenate([run.measured.values for run in runs])
    design, x = np.vstack([columns] * 4), np.log(T)
    correlation = np.zeros((80, 80))
    correlation[20:40, 20:40] = np.exp(-np.abs(x[:, None] - x) / 0.3)
    heights = []
    for amount in (0.0, *np.geomspace(0.3, 30.0, 60)):
        sigma = np.tile(SIGMA, 4)
        covariance = np.outer(sigma, sigma) * (np.eye(80) + amount**2 * correlation)
        weight = np.linalg.inv(covariance)
        best = np.linalg.solve(design.T @ weight @ design, design.T @ weight @ values)
        spent = np.linalg.slogdet(design.T @ weight @ design)[1]  # restricted: what the parameters take of it
        heights.append(-2.0 * multivariate_normal.logpdf(values, design @ best, covariance) + spent)
    assert abs(found.gain - (heights[0] - min(heights))) < 0.1


def test_the_gain_of_a_drift_beside_unknown_noise_is_that_of_the_restricted_likelihood():
    """One run, linear in all: sigma and parameters integrated out in closed form, at the same amounts of drift."""
    run = heat_runs(3, "a drift of 2 sigma", residuals="relative")[1]
    plain = gt.fit(TRUTH, [run], VARY)
    weight = 1.0 / np.asarray(plain.curves["run1"].sigma)
    design = np.array([gt.heat_capacity(TRUTH.with_values({path: 0.0 for path in VARY if path != kept}), T, 0.0)
                       / TRUTH.value(kept) for kept in VARY]).T * weight[:, None]  # fmt: skip
    design /= np.linalg.norm(design, axis=0)
    x, values = np.log(T), run.measured.values * weight

    def deviance(amount):
        covariance = np.eye(20) + amount**2 * np.exp(-np.abs(x[:, None] - x) / 0.3)
        inverse = np.linalg.inv(covariance)
        fisher = design.T @ inverse @ design
        rest = values - design @ np.linalg.solve(fisher, design.T @ inverse @ values)
        return 18 * np.log(rest @ inverse @ rest) + np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(fisher)[1]

    fall = deviance(0.0) - min(map(deviance, error_sources._AMOUNTS))
    gain = error_sources._State.of(plain).gains()["run1", "drift"]
    assert fall > 1.0
    np.testing.assert_allclose(chi2.logsf(gain, 1), np.log(0.5) + chi2.logsf(fall, 1), rtol=1e-3)


@pytest.mark.slow
def test_a_drift_beside_unknown_noise_is_found_nearly_as_often_as_any_test_could():
    """The best test knows amount and length of the drift and all parameters; false alarms are at most as stated."""
    x = np.log(T)
    values = np.linalg.eigvalsh(np.exp(-np.abs(x[:, None] - x) / 0.3))
    squares = np.random.default_rng(1).standard_normal((100_000, 20)) ** 2
    assert 0.5 < np.mean(drift_gains(squares, values) > error_sources._threshold_of_amount()) / ALARMS < 1.1
    known = squares @ (1.0 - 1.0 / (1.0 + 4.0 * values))  # the best test of 2 sigma where sigma is stated
    drifting = (squares * (1.0 + 4.0 * values)) @ (1.0 - 1.0 / (1.0 + 4.0 * values))
    assert abs(np.mean(drifting > np.quantile(known, 1.0 - ALARMS)) - 0.96) < 0.015
    for amount in (2.0, 5.0):
        gains = drift_gains(squares * (1.0 + amount**2 * values), values)
        found = np.mean(gains > error_sources._threshold_of_amount())
        assert 0.85 * best_power(amount) < found < 1.02 * best_power(amount)
    chances = drift_chances(gt.fit(TRUTH, heat_runs(0, residuals="relative"), VARY))
    assert set(chances) == {"run0", "run1", "run2", "run3"}
    assert all(abs(chance - best_power(2.0)) < 0.03 for chance in chances.values())


def test_residuals_that_look_like_noise_say_what_they_would_hide():
    told = gt.fit(TRUTH, heat_runs(0, residuals="relative"), VARY).diagnostics()
    assert not told.telling
    assert "a drift of twice the noise along T would be named with probability 0.1" in told.report()
    assert set(told.to_dict()["chance_to_name_a_drift_of_2_sigma"]) == {"run0", "run1", "run2", "run3"}
    assert "hides" not in gt.fit(TRUTH, heat_runs(0), VARY).diagnostics().report()


def test_an_offset_and_a_scale_of_a_constant_cannot_be_told_apart():
    T, runs = np.linspace(2.0, 20.0, 12), []
    for k in range(3):
        M = -8e-3 * (1.02 if k == 1 else 1.0) + 1e-5 * np.random.default_rng(k).standard_normal(12)
        columns = {"temperature": gt.Column(T, "K"), "field": gt.Column(np.full(12, 2.0), "T"),
                   "magnetization": gt.Column(M, "A m2/kg")}  # fmt: skip
        runs.append(with_noise(gt.Dataset(columns, "magnetization", name=f"r{k}"), absolute=1e-5))
    result = gt.fit(gt.LarmorDiamagnetism(4e-3), runs, {"larmor.susceptibility": gt.Uniform(0.0, 1.0)})
    (first, *_) = shared_errors(result)
    assert first.dataset == "r1" and first.rivals and "the data cannot tell it from" in first.sentence
    assert first.sentence in result.diagnostics().sentences and first.sentence in result.report()
