"""The calibration of the intervals: a short run, what is stored of a long one, and that it finds what is wrong."""

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks import calibration

STORED = Path(__file__).parents[2] / "docs" / "calibration.json"


@pytest.mark.slow
def test_a_few_runs_of_every_problem_hold_what_they_say():
    found = calibration.calibrate(10, workers=1)
    assert set(found) == set(calibration.cases())
    assert not list(calibration.failures(found)), calibration.report(found)
    assert all(problem["failed"] == 0 for problem in found.values())


def test_the_stored_calibration_is_of_a_hundred_runs_of_every_problem_and_holds():
    found = json.loads(STORED.read_text(encoding="utf-8"))
    assert set(found) == set(calibration.cases())
    assert all(problem["runs"] >= 100 and problem["failed"] == 0 for problem in found.values())
    for problem in found.values():
        for parameter in problem["parameters"].values():
            assert set(parameter["intervals"]) == set(calibration.METHODS)
    assert not list(calibration.failures(found))


def test_an_interval_that_holds_too_seldom_is_named():
    covered = {"coverage": [0.3, 0.95], "counted": 100}
    found = {"case": {"parameters": {"a.b": {"intervals": {"profile": covered}, "p": 1e-4}}}}
    assert list(calibration.failures(found)) == [
        "case, a.b: profile 68 % holds 30 %", "case, a.b: ranks are not uniform (p = 0.0001)",
    ]  # fmt: skip


@pytest.mark.parametrize("name", list(calibration.cases()))
def test_every_problem_simulates_the_data_it_fits(name):
    case = calibration.cases()[name]
    generator = np.random.default_rng(0)
    truth = case.glass.with_values({path: prior.draw(generator) for path, prior in case.vary.items()})
    data = case.data(truth, generator)
    assert len(data) == len(case.runs) and all(len(dataset) > 5 for dataset in data)
