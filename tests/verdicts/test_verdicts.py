"""The verdict on each printed claim, against a stored table: a change fails and names itself."""

import tomllib
from pathlib import Path

import pytest

from glasstunnel.verdicts import MEANINGS, all_claims, all_verdicts, judgments, verdict
from glasstunnel.verdicts.judging import close
from glasstunnel.verdicts.record import CONTRADICTED, CORRECTED, MISPRINT, NOT_YET, REPRODUCED

TABLE = Path(__file__).with_name("expected.toml")
EXPECTED = {id: kind for kind, ids in tomllib.loads(TABLE.read_text(encoding="utf-8")).items() for id in ids}


@pytest.mark.parametrize("id", all_claims())
def test_the_verdict_on_each_claim_stands(id):
    found, expected = verdict(id), EXPECTED.get(id, NOT_YET)
    assert found.verdict == expected, (
        f"{id}: the verdict was '{expected}' and is now '{found.verdict}' (printed {found.printed}, computed "
        f"{found.computed}); if that is right, say why in its reason and move it in {TABLE.name}"
    )


@pytest.mark.parametrize("id", [id for id, kind in EXPECTED.items() if kind == CONTRADICTED])
def test_a_contradiction_is_computed_in_two_independent_ways(id):
    found = verdict(id)
    assert found.independent is not None, f"{id} is called contradicted without a second computation"
    assert close(found.computed, found.independent, 1e-3), (
        f"{id}: the two computations give {found.computed} and {found.independent}"
    )
    assert judgments()[id].second is not judgments()[id].compute


def test_the_table_holds_known_claims_and_verdicts_only():
    assert set(EXPECTED) <= set(all_claims())
    assert set(EXPECTED.values()) <= set(MEANINGS)


@pytest.mark.parametrize("id", [id for id, judgment in judgments().items() if judgment.reason], ids=str)
def test_a_reason_is_one_sentence(id):
    reason = judgments()[id].reason
    assert reason[-1] == "." or reason == MEANINGS[NOT_YET]
    assert ". " not in reason.replace("Eq. ", "").replace("Eqs. ", "").replace("Sec. ", "").replace("Fig. ", "")


def test_what_is_reproduced_or_corrected_was_computed():
    for found in all_verdicts():
        if found.verdict in (REPRODUCED, CORRECTED, CONTRADICTED):
            assert found.function and found.computed is not None, found.id
        if found.verdict in (REPRODUCED, CORRECTED, MISPRINT, CONTRADICTED):
            assert found.reason and found.source


def test_all_claims_are_judged_in_less_than_a_minute():
    found = list(all_verdicts())
    assert [record.id for record in found] == list(all_claims())
    assert sum(record.seconds for record in found) < 60.0
