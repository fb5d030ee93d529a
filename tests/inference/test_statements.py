"""Statements beyond single intervals, counted on simulated data: bands, contours, verdicts."""

import numpy as np
import pytest
from benchmarks.statements import LEVELS, bands, contour_coverage, verdicts
from tests.inference.simulations import binomial_error


@pytest.mark.slow
def test_bands_of_predictions_cover_what_they_say():
    found = bands(60, 16)
    for kind, count in (("fit", 60), ("posterior", 16)):
        for what in ("curve", "new measurement"):
            for level, counted in zip(LEVELS, found[kind][what], strict=True):
                assert abs(counted - level) < 4.0 * binomial_error(level, count), (kind, what)


@pytest.mark.slow
def test_contours_of_two_parameters_hold_both_true_values():
    for level, counted in zip(LEVELS, contour_coverage(80)["coverage"], strict=True):
        assert abs(counted - level) < 4.0 * binomial_error(level, 80)


@pytest.mark.slow
def test_no_verdict_of_the_evidence_is_wrong_and_bayes_factors_are_calibrated():
    found = verdicts(40)
    assert found["favored"][0] == found["favored"][1] > 0 and found["disfavored"][0] == found["disfavored"][1]
    true, expected = (sum(row[key] for row in found["bins"]) for key in ("true", "expected"))
    assert abs(true - expected) < 4.0 * np.sqrt(40) * 0.5 and found["untrusted"] <= 2
