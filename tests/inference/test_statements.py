"""Statements beyond single intervals, counted on simulated data: bands, contours, verdicts."""

import numpy as np
import pytest
from benchmarks import statement_tables
from benchmarks.planted_errors import PREDICTED, hold_out_p_values, planted_errors
from benchmarks.statements import LEVELS, SUBJECTS, bands, contour_coverage, posterior_bands, verdicts
from tests.inference.simulations import binomial_error

from glasstunnel.inference.binomial import missed_chance


@pytest.mark.slow
def test_bands_of_predictions_cover_what_they_say():
    hold(bands(60))


@pytest.mark.slow
@pytest.mark.parametrize("subject", SUBJECTS)
def test_bands_of_posteriors_cover_what_they_say(subject):
    hold(posterior_bands(30, subject))


def hold(found):
    """Coverage within four binomial standard deviations, all places of a simulation counted as one."""
    for what in ("curve", "new measurement"):
        for level, counted in zip(LEVELS, found[what], strict=True):
            assert abs(counted - level) < 4.0 * binomial_error(level, found["simulations"]), what


@pytest.mark.slow
@pytest.mark.parametrize("known", PREDICTED)
def test_p_values_of_hold_outs_are_uniform_however_the_noise_is_known(known):
    found = hold_out_p_values(150, known)
    for level, counted in zip(found["levels"], found["below"], strict=True):
        assert abs(counted - level) < 4.0 * binomial_error(level, 150) + 0.01, level


@pytest.mark.slow
def test_planted_errors_are_found_by_leaving_their_run_out():
    found = planted_errors(10, 20)
    assert found["nothing"]["hold-out"] == 0
    assert all(row["hold-out"] >= 8 for name, row in found.items() if name != "nothing")
    assert all(row["rms"][1] < 1.6 for row in found.values())


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


def test_the_tables_of_the_page_are_those_that_were_counted():
    page = (statement_tables.DOCS / "honest_numbers.md").read_text(encoding="utf-8")
    for name, rows in statement_tables.rows().items():
        assert rows and "\n".join(rows) in page, name
    for n in (20, 200):
        missed = ", ".join(f"{missed_chance(n, 0.95, factor):.2f}" for factor in (1.25, 1.5, 2.0))
        assert missed.replace(", ", " and ")[-9:] in " ".join(page.split())
