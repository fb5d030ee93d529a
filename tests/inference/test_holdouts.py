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
    assert "quote larmor.susceptibility 0.00" in found.advice and "not adequate" in found.advice
    assert found.errors["larmor.susceptibility"] > 10.0 * result.errors["larmor.susceptibility"]


def test_a_scatter_beyond_the_errors_is_said_though_every_dataset_is_predicted(holdout):
    path = "larmor.susceptibility"
    wide = dataclasses.replace(holdout, jackknife={path: 5.0 * holdout.of_fit[path]},
                               errors=dict(holdout.errors) | {path: 1e-4})  # fmt: skip
    assert not holdout.scattered and wide.scattered == (path,)
    assert wide.adequate and "quote larmor.susceptibility 0.004 +- 0.0001" in wide.report() and wide.advice
