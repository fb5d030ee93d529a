"""glasstunnel verdict."""

import json

import pytest

from glasstunnel.cli import main
from glasstunnel.verdicts import verdict
from glasstunnel.verdicts.tables import select, totals


def run(capsys, *arguments):
    code = main(["verdict", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_one_claim_is_told_in_full(capsys):
    code, out, _ = run(capsys, "000.peak.T")
    assert code == 0
    for part in ("contradicted", "000 Sec. E", "2.4757", "moves the maximum", "letter.shift_of_the_maximum"):
        assert part in out


@pytest.mark.slow
def test_a_paper_gives_totals_and_a_line_per_claim(capsys):
    _, out, _ = run(capsys, "003")
    head, *lines = out.splitlines()
    assert head.startswith("31 claims: ") and len(lines) == 31
    assert sum(totals(select("003")).values()) == 31


def test_the_contradicted_claims_are_selected(capsys):
    _, out, _ = run(capsys, "000", "--contradicted")
    _, *lines = out.splitlines()
    assert all(line.startswith("    ") and line.endswith(".") for line in lines[1::2])  # the reason of each
    assert [line.split()[0] for line in lines[::2]] == ["000.BK7.LL65.ppm", "000.Duran.2xi", "000.peak.T"]


@pytest.mark.slow
def test_json_gives_every_claim_with_all_fields(capsys):
    _, out, _ = run(capsys, "--json")
    records = json.loads(out)
    assert len(records) == 394
    fields = {"id", "printed", "computed", "tolerance", "verdict", "reason", "source", "seconds", "function"}
    assert all(fields <= set(record) for record in records)
    single = json.loads(run(capsys, "000.wells", "--json")[1])
    assert single["computed"] == verdict("000.wells").computed == 4.0


@pytest.mark.parametrize("name", ["007", "000.peak.TT"])
def test_an_unknown_claim_or_paper_ends_in_one_sentence(capsys, name):
    code, out, err = run(capsys, name)
    assert code == 2 and out == "" and err.count("\n") == 1 and name in err
