"""Leaving a dataset out: nuisance parameters tied across datasets stay tied, and the report shows its own numbers."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import kstest

import glasstunnel as gt
from glasstunnel.inference.holdouts import routine_hold_out
from glasstunnel.report import sections_of

OFFSET, T = 1e-4, np.linspace(2.0, 20.0, 12)


def run(name, field, seed):
    """Larmor diamagnetism of 4e-3 with an offset that is the same in every run."""
    noise = 1e-6 * np.random.default_rng(seed).standard_normal(12)
    columns = {
        "temperature": gt.Column(T, "K"), "field": gt.Column(np.full(12, field), "T"),
        "magnetization": gt.Column(-4e-3 * field + OFFSET + noise, "A m2/kg"),
        "sigma": gt.Column(np.full(12, 1e-6), "A m2/kg"),
    }  # fmt: skip
    return gt.Dataset(columns, "magnetization", name=name, noise="given")


@pytest.fixture(scope="module")
def holdout():
    runs = [run(f"r{number}", field, number) for number, field in enumerate((1.0, 2.0, 3.0))]
    vary = {"larmor.susceptibility": gt.Uniform(0.0, 1.0), "data.r0.offset": gt.Uniform(-1.0, 1.0)}
    ties = {f"data.r{number}.offset": ("data.r0.offset", 1.0) for number in (1, 2)}
    return gt.fit(gt.LarmorDiamagnetism(4e-3), runs, vary, ties=ties).holdout()


def test_every_dataset_is_predicted_by_the_others_with_the_offset_they_share(holdout):
    assert not holdout.failures
    for name, prediction in holdout.predicted.items():
        assert 0.001 < prediction.p_value, name
        assert 2.0 < prediction.chi2 < 33.0, name  # 12 points


def test_an_offset_of_one_run_alone_is_found(holdout):
    runs = [run(f"r{number}", field, number) for number, field in enumerate((1.0, 2.0, 3.0))]
    shifted = gt.Column(runs[1].measured.values + 2e-5, "A m2/kg")
    runs[1] = runs[1].with_column("magnetization", shifted)
    vary = {"larmor.susceptibility": gt.Uniform(0.0, 1.0), "data.r0.offset": gt.Uniform(-1.0, 1.0)}
    ties = {f"data.r{number}.offset": ("data.r0.offset", 1.0) for number in (1, 2)}
    result = gt.fit(gt.LarmorDiamagnetism(4e-3), runs, vary, ties=ties)
    assert result.holdout().predicted["r1"].p_value < 1e-6


def test_the_tables_of_the_report_stand_under_their_headers(holdout):
    (section,) = sections_of(holdout)
    predictions, errors = (block for block in section.blocks if hasattr(block, "rows"))
    assert [row[0] for row in predictions.rows] == ["r0", "r1", "r2"] and len(predictions.header) == 4
    assert errors.rows[0][0] == "larmor.susceptibility" and len(errors.rows[0]) == len(errors.header)


@pytest.mark.slow
def test_chi_squares_of_hold_outs_with_a_shared_offset_follow_their_law():
    """Their mean over simulations is the number of points: what is known of the offset goes with the glass."""
    vary = {"larmor.susceptibility": gt.Uniform(0.0, 1.0), "data.r0.offset": gt.Uniform(-1.0, 1.0)}
    ties = {f"data.r{number}.offset": ("data.r0.offset", 1.0) for number in (1, 2)}
    found = []
    for k in range(100):
        runs = [run(f"r{number}", field, (7, k, number)) for number, field in enumerate((1.0, 2.0, 3.0))]
        held_out = gt.fit(gt.LarmorDiamagnetism(4e-3), runs, vary, ties=ties).holdout()
        found.append([prediction.p_value for prediction in held_out.predicted.values()])
    for p_values in np.transpose(found):
        for level in (0.05, 0.3, 0.5):
            assert abs(np.mean(p_values < level) - level) < 4.0 * np.sqrt(level * (1.0 - level) / 100)
        assert kstest(p_values, "uniform").pvalue > 1e-3


def test_a_nuisance_tied_with_a_factor_is_followed_through_its_heir():
    """r0 left out: its offset is half of that of r1, with the covariance to the susceptibility."""
    runs = [run(f"r{number}", field, number) for number, field in enumerate((1.0, 2.0, 3.0))]
    doubled = gt.Column(runs[1].measured.values + OFFSET, "A m2/kg")
    runs[1] = runs[1].with_column("magnetization", doubled)
    vary = {"larmor.susceptibility": gt.Uniform(0.0, 1.0), "data.r0.offset": gt.Uniform(-1.0, 1.0)}
    ties = {"data.r1.offset": ("data.r0.offset", 2.0), "data.r2.offset": ("data.r0.offset", 1.0)}
    held_out = gt.fit(gt.LarmorDiamagnetism(4e-3), runs, vary, ties=ties).holdout()
    assert not held_out.failures and held_out.adequate
    assert held_out.predicted["r0"].log_density < -0.5 * held_out.predicted["r0"].chi2


def test_a_report_says_why_nothing_was_left_out():
    alone = gt.fit(gt.LarmorDiamagnetism(4e-3), [run("r0", 1.0, 0)], {"larmor.susceptibility": gt.Uniform(0.0, 1.0)})
    assert "there is only one" in str(routine_hold_out(alone))
    slow = dataclasses.replace(alone, datasets=(*alone.datasets, run("r1", 2.0, 1)), seconds=1e3)
    assert "--holdout" in str(routine_hold_out(slow))


def test_what_the_datasets_disagree_on_is_what_there_is_to_quote(holdout):
    assert not holdout.advice
    runs = [run(f"r{number}", field, number) for number, field in enumerate((1.0, 2.0, 3.0))]
    shifted = gt.Column(1.01 * runs[1].measured.values, "A m2/kg")
    runs[1] = runs[1].with_column("magnetization", shifted)
    result = gt.fit(gt.LarmorDiamagnetism(4e-3), runs, {"larmor.susceptibility": gt.Uniform(0.0, 1.0)})
    found = result.holdout()
    assert "quote larmor.susceptibility (" in found.advice and "not adequate" in found.advice
    assert found.errors["larmor.susceptibility"] > 10.0 * result.errors["larmor.susceptibility"]


def test_a_scatter_beyond_the_errors_is_said_though_every_dataset_is_predicted(holdout):
    path = "larmor.susceptibility"
    wide = dataclasses.replace(holdout, jackknife={path: 5.0 * holdout.of_fit[path]},
                               errors=dict(holdout.errors) | {path: 1e-4})  # fmt: skip
    assert not holdout.scattered and wide.scattered == (path,)
    assert wide.adequate and "quote larmor.susceptibility (4.00 ± 0.10)e-03" in wide.report() and wide.advice


# --- datasets that know unequally much -----------------------------------------------------------------------------

GLASS = gt.Glass({"debye": gt.DebyePhonons(cubic_coefficient=1e-3), "tls": gt.TwoLevelSystems(density=1e19)})
HOT, COLD = np.linspace(5.0, 10.0, 15), np.linspace(0.05, 0.3, 15)
PRIORS = {
    "logarithmic": {"debye.cubic_coefficient": gt.LogUniform(1e-5, 1e-1), "tls.density": gt.LogUniform(1e16, 1e21)},
    "linear": {"debye.cubic_coefficient": gt.Uniform(0.0, 1e-1), "tls.density": gt.Uniform(0.0, 1e21)},
}


def heat(name, T, sigma, seed, scale=1.0):
    """Heat capacity of GLASS: hot runs know the phonons, cold ones the tunneling systems."""
    values = scale * gt.heat_capacity(GLASS, T, 0.0) + sigma * np.random.default_rng(seed).standard_normal(len(T))
    columns = {"temperature": gt.Column(T, "K"), "heat_capacity": gt.Column(values, "J/(kg K)"),
               "sigma": gt.Column(np.full(len(T), sigma), "J/(kg K)")}  # fmt: skip
    return gt.Dataset(columns, "heat_capacity", name=name, noise="given")


@pytest.mark.parametrize("start", [1e17, 1e19, 1e20])
@pytest.mark.parametrize("priors", PRIORS)
def test_what_the_others_do_not_determine_is_not_predicted_whatever_the_start(priors, start):
    runs = [heat("hot", HOT, 1.0, 1), heat("warm", HOT + 0.1, 1.0, 2), heat("cold", COLD, 1e-7, 3)]
    result = gt.fit(GLASS, runs, PRIORS[priors], start={"tls.density": start})
    found = result.holdout()
    assert set(found.predicted) == set(found.without) == {"hot", "warm"} and found.adequate and not found.failures
    assert "tls.density" in found.undetermined["cold"] and not found.advice
    assert "tls.density: cold left out, nothing can be predicted" in found.report()
    assert found.errors["tls.density"] < 1.5 * result.errors["tls.density"]
    assert found.to_dict()["undetermined"]["cold"] == list(found.undetermined["cold"])


def test_where_no_dataset_follows_from_the_others_nothing_is_said_to_be_predicted():
    runs = [run("r0", 1.0, 0), heat("cold", COLD, 1e-9, 3)]
    glass = gt.Glass({**GLASS.contributions, "larmor": gt.LarmorDiamagnetism(4e-3)})
    vary = {"larmor.susceptibility": gt.Uniform(0.0, 1.0), "tls.density": gt.Uniform(0.0, 1e21)}
    found = gt.fit(glass, runs, vary).holdout()
    assert found.undetermined == {"r0": ("larmor.susceptibility",), "cold": ("tls.density",)}
    assert not found.predicted and "is predicted" not in found.report() and not found.advice
    assert sections_of(found)


def test_an_amplitude_that_nothing_determines_does_not_forbid_a_prediction():
    """Two amplitudes of the same form: only their sum is known, with or without any dataset, and it predicts."""
    glass = gt.Glass({"one": gt.DebyePhonons(cubic_coefficient=5e-4), "two": gt.DebyePhonons(cubic_coefficient=5e-4)})
    vary = {f"{name}.cubic_coefficient": gt.Uniform(0.0, 1e-2) for name in ("one", "two")}
    T = np.linspace(5.0, 6.0, 9)
    truth = gt.heat_capacity(glass, T, 0.0)
    runs = [heat(name, T, 1e-2, seed).with_column("heat_capacity", gt.Column(truth * (1.0 + 1e-6 * seed), "J/(kg K)"))
            for seed, name in enumerate("abc")]  # fmt: skip
    found = gt.fit(glass, runs, vary).holdout()
    assert not found.undetermined and not found.failures and len(found.predicted) == 3 and found.adequate


def test_a_dataset_that_knows_most_does_not_look_like_a_contradiction():
    """Without the cold run the density is known a hundred times worse: its shift is no error of the fit to all."""
    said = 0
    for k in range(40):
        runs = [heat("hot", HOT, 1e-3, (k, 1)), heat("warm", HOT + 0.1, 1e-3, (k, 2)), heat("cold", COLD, 1e-7, (k, 3))]
        result = gt.fit(GLASS, runs, PRIORS["linear"])
        found = result.holdout()
        assert found.expected["tls.density"] > 50.0 * result.errors["tls.density"]
        said += bool(found.advice)
    assert said <= 8  # two standard errors of a normal variable: 5 % for each of two parameters


def test_a_scale_error_of_the_run_that_knows_most_is_still_found():
    runs = [heat("hot", HOT, 1e-4, 1), heat("warm", HOT + 0.1, 1e-4, 2), heat("cold", COLD, 1e-8, 3, scale=1.2)]
    found = gt.fit(GLASS, runs, PRIORS["linear"]).holdout()
    assert not found.adequate and "not adequate" in found.advice


def test_a_large_error_of_a_parameter_fitted_in_the_logarithm_is_a_factor(holdout):
    path = "larmor.susceptibility"
    wide = dataclasses.replace(holdout, jackknife={path: 8e-3}, errors=dict(holdout.errors) | {path: 8e-3},
                               logarithmic=frozenset({path}))  # fmt: skip
    factor = np.exp(8e-3 / wide.values[path])
    assert f"{path} 0.004 (×/÷ {factor:.2g})" in wide.advice and wide.rows()[1][1] == f"0.004 (×/÷ {factor:.2g})"
    assert "+-" not in wide.report()
