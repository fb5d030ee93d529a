"""Leaving a dataset out: nuisance parameters tied across datasets stay tied, and the report shows its own numbers."""

import numpy as np
import pytest

import glasstunnel as gt
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
