"""The verdict on each printed parameter set."""

import json

import numpy as np
import pytest

from glasstunnel import heat_capacity, magnetization, published
from glasstunnel.cli import main
from glasstunnel.constants import bohr_radius, flux_quantum
from glasstunnel.errors import ParameterError
from glasstunnel.papers import published_ids, recommendations
from glasstunnel.verdicts import all_set_verdicts, set_verdict
from glasstunnel.verdicts.parameter_sets import SET_MEANINGS

#: What the sets print and does not follow from them.
KNOWN = {("001.T3.BK7.constH", "total iron against mass spectrometry, 1.9e15 apart at most")}


@pytest.mark.parametrize("id", published_ids())
def test_every_set_has_a_verdict_with_a_reason(id):
    found = set_verdict(id)
    assert found.verdict in SET_MEANINGS and found.reason.endswith(".")
    assert found.recomputed or id.startswith("002.T9.")
    assert all(np.isfinite(quantity.value) for quantity in found.recomputed)


def test_derived_numbers_follow_but_for_the_known_ones():
    failing = {(found.id, check.what) for found in all_set_verdicts() for check in found.checks if not check.follows}
    assert failing == KNOWN


def test_only_usable_sets_are_recommended():
    for row in recommendations():
        found = set_verdict(row.id)
        fit = ("usable", "usable with a reading", "not printed")
        assert found.verdict in fit and row.observable in found.recommended_for


def test_the_two_fits_of_one_chip_differ_by_many_standard_deviations():
    tensions = {row.what: row for row in set_verdict("001.T3.BK7.constH").tensions if row.sigmas is not None}
    assert tensions["D_min (K)"].other == "001.T4.BK7.constT"
    assert tensions["D_min (K)"].sigmas == pytest.approx((0.05238 - 0.02671) / np.hypot(0.00076, 0.00488))
    assert tensions["P* n (1/g)"].sigmas > 8.0


def test_numbers_of_a_set_agree_with_other_ways_to_them():
    found = {quantity.what: quantity.value for quantity in set_verdict("002.T14.BK7.M").recomputed}
    area = flux_quantum / (2.0 * np.pi * 1.30)
    assert found["N from B*"] == pytest.approx(np.sqrt(area / 8.0) / bohr_radius)
    assert found["magnetization at 4.5 K and 2 T"] == magnetization(published("002.T14.BK7.M"), 4.5, 2.0)


@pytest.mark.parametrize(
    ("table", "flux_field", "low", "high"), [("002.T2", 1.02, 0.21, 0.60), ("002.T4", 1.63, 0.33, 0.45)]
)
def test_the_third_level_raises_the_heat_capacity_as_the_reason_says(table, flux_field, low, high):
    rises = []
    for id in (id for id in published_ids() if id.startswith(table)):
        T = float(id.rsplit(".T", 1)[1].rstrip("K"))
        systems = (published(id, **options)["ats"] for options in (
            {"theory": "exact", "flux_field": flux_field}, {"convention": "consistent"}))
        exact, effective = (heat_capacity(system, T, 0.0) for system in systems)
        rises.append(exact / effective - 1.0)
    assert (min(rises), max(rises)) == pytest.approx((low, high), abs=0.005)


def test_show_prints_the_verdict_of_a_set_and_takes_the_name_of_a_glass(capsys):
    assert main(["show", "BK7"]) == 0
    out = capsys.readouterr().out
    for part in ("001.T3.BK7.constH", "verdict: usable with a reading.", "recommended for: magnetization", "apart"):
        assert part in out
    main(["show", "002.T8.BAS.echo.s2", "--json"])
    assert json.loads(capsys.readouterr().out)["verdict"]["recommended_for"] == ["echo"]


def test_an_unknown_set_is_refused():
    with pytest.raises(ParameterError, match="did you mean"):
        set_verdict("002.T14.BK7")
