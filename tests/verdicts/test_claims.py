"""The package's copy of the printed claims."""

import pytest

from glasstunnel.errors import ParameterError
from glasstunnel.verdicts import all_claims, claim, verdict
from glasstunnel.verdicts.judging import half_digits


def test_every_claim_of_the_five_papers_is_there():
    counts = {paper: sum(id.startswith(paper) for id in all_claims()) for paper in ("000", "001", "002", "003", "004")}
    assert counts == {"000": 84, "001": 65, "002": 127, "003": 31, "004": 87}


@pytest.mark.parametrize("record", all_claims().values(), ids=lambda record: record.id)
def test_each_claim_states_what_is_printed_and_where(record):
    assert record.what and record.printed != "" and record.sources
    for paper, where, line in record.sources:
        assert paper in ("000", "001", "002", "003", "004") and where and line > 0


def test_an_unknown_claim_is_refused_with_the_nearest_ones():
    for function in (claim, verdict):
        with pytest.raises(ParameterError, match="did you mean 000.peak.T"):
            function("000.peak.TT")


def test_half_the_last_printed_digit_is_read_off_the_number():
    assert half_digits((158.0, 17.5, 0.043)) == (0.5, 0.05, 0.0005)
    assert half_digits((1.539e18, 5600000.0, 1e16, 1.63e-6)) == pytest.approx((5e14, 5e4, 5e15, 5e-9))


def test_a_list_of_ids_is_refused_in_one_sentence():
    with pytest.raises(ParameterError, match="did you mean 000.wells"):
        verdict(["000.wells"])  # pyright: ignore


@pytest.mark.parametrize("id", [None, 5, ""])
def test_what_is_no_id_is_refused_without_a_guess(id):
    with pytest.raises(ParameterError, match="no printed claim [^?]*; 'glasstunnel verdict' lists all"):
        verdict(id)


def test_the_id_of_a_parameter_set_is_sent_to_the_command_that_knows_it():
    with pytest.raises(ParameterError, match="parameter set, whose verdict 'glasstunnel show 002.T14.BK7.M' prints"):
        verdict("002.T14.BK7.M")
