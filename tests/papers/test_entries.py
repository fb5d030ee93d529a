"""The printed numbers: complete, with sources, and self-consistent where the papers print a quantity twice."""

import math

import pytest

from glasstunnel import ParameterError
from glasstunnel.conversions import concentration_to_ppm
from glasstunnel.papers import paper_citations, published_entry, published_ids


def test_all_67_rows_of_the_papers_are_there_with_a_source():
    entries = [published_entry(id) for id in published_ids() if not id.startswith("acoustics.")]
    assert len(entries) == 67
    assert all(entry.glass and entry.what and "Table" in entry.source and entry.values for entry in entries)


def test_every_number_is_finite_and_every_uncertainty_belongs_to_a_value():
    for id in published_ids():
        entry = published_entry(id)
        numbers = [v for v in (*entry.values.values(), *entry.uncertainty.values()) if not isinstance(v, str)]
        assert all(math.isfinite(number) for number in numbers), id
        assert set(entry.uncertainty) <= set(entry.values), id


def test_source_names_every_paper_that_prints_the_table():
    source = published_entry("002.T2.BAS.Cp.T0.90K").source
    assert "002: Realistic Tunneling States" in source and "003: " in source


@pytest.mark.parametrize("id", ["002.T14.BK7", "002.t14.bk7.m", "BK7.M"])
def test_unknown_id_names_the_nearest_ones(id):
    with pytest.raises(ParameterError, match="did you mean .*BK7.*published_ids"):
        published_entry(id)


def test_repeated_tables_agree():
    summary, table = published_entry("002.T12.BAS.M").values, published_entry("002.T10.BAS.M").values
    assert summary["n_Fe2_per_g"] == table["n_Fe2_per_g"]
    assert (
        published_entry("002.T13.Duran.Cp").values["Pstar_n_ATS_per_g"]
        == published_entry("002.T3.Duran.Cp").values["Pstar_n_ATS_per_g"]
    )
    rounded, full = published_entry("001.T3T4.BK7.sample2000").values, published_entry("002.T14.BK7.M").values
    assert rounded["D0max_qe_S_K_A2"] == full["D0max_qe_S_K_A2"]
    assert rounded["n_Fe2_per_g"] == pytest.approx(full["n_Fe2_per_g"], rel=2e-3)


@pytest.mark.parametrize("id, molar_mass", [("002.T12.BAS.Cp", 80.530), ("002.T12.BAS.M", 80.530),
                                            ("002.T13.Duran.Cp", 61.873), ("002.T13.Duran.M", 61.873),
                                            ("002.T14.BK7.M", 63.530)])
def test_ppm_columns_follow_from_the_concentrations_within_their_rounding(id, molar_mass):
    values = published_entry(id).values
    for species in ("Fe2", "Fe3"):
        ppm = concentration_to_ppm(1e3 * values[f"n_{species}_per_g"], 1e-3 * molar_mass)
        assert ppm == pytest.approx(values[f"n_{species}_ppm"], abs=0.08)
    assert published_entry(id).conditions["molar_mass_g_per_mol"] == molar_mass


def test_total_iron_is_the_sum_of_the_species():
    for id in ("001.T3.BK7.constH", "001.T4.BK7.constT", "001.T3T4.BK7.sample2000"):
        values = published_entry(id).values
        assert values["n_Fe2_per_g"] + values["n_Fe3_per_g"] == pytest.approx(values["n_Fe_total_per_g"], rel=1e-12)


def test_lower_cutoffs_are_below_upper_ones():
    for id in published_ids():
        values = published_entry(id).values
        if "D0min_qe_S_K_A2" in values:
            assert values["D0min_qe_S_K_A2"] < values["D0max_qe_S_K_A2"], id


def test_citations_carry_the_authors_and_dates_the_copies_print_and_say_where_they_print_none():
    cited = paper_citations()
    assert list(cited) == ["000", "001", "002", "003", "004"]
    for number, names, year in (("000", "Jug Recchia", "2021"), ("002", "Jug Bonfanti Kob", "2015"),
                                ("004", "Jug Paliienko", "2021")):
        assert all(word in cited[number] for word in (*names.split(), year))
    assert "neither authors nor date" in cited["003"]


def test_a_glass_in_other_letters_is_recognized_and_nonsense_gets_no_guess():
    with pytest.raises(ParameterError, match="did you mean BK7"):
        published_entry("bk7")
    with pytest.raises(ParameterError, match="no published entry ''; published_ids"):
        published_entry("")
