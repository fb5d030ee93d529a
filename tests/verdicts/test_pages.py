"""The pages on verdicts show what is computed today."""

import re
from pathlib import Path

import conf
import equation_table
import figure_table
import pytest
import verdict_pages

DOCS = Path(__file__).parents[2] / "docs"
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]\d+)?")
#: Differences of two nearly equal numbers: their digits are noise.
NOISE = re.compile(r"\b\d\.\d+e-1[0-9]\b")
#: The other pages are written at each build, because they follow every citation and every gallery heading.
KEPT = [name for name in verdict_pages.PAGES if name not in ("equations.md", "figures.md")]
LINK = re.compile(r",? ?\{doc\}`[^`]*gallery_output[^`]*`|Figures drawn from this paper:[^\n]*")


@pytest.mark.slow
@pytest.mark.parametrize("name", KEPT)
def test_a_page_is_up_to_date(name):
    written, computed = (LINK.sub("", NOISE.sub("0", text)) for text in (
        (DOCS / "verdicts" / name).read_text(encoding="utf-8"), verdict_pages.PAGES[name]()))
    again = "python docs/verdict_pages.py writes the pages anew"
    assert NUMBER.sub("#", written) == NUMBER.sub("#", computed), again
    for before, now in zip(NUMBER.findall(written), NUMBER.findall(computed), strict=True):
        assert float(now) == pytest.approx(float(before), rel=2e-3), f"{before} became {now}; {again}"


def test_every_figure_is_drawn_or_says_why_not():
    drawn, figures = figure_table.drawn(), figure_table.figures()
    assert len(figures) == 91 and set(drawn) <= set(figures)
    for id, figure in figures.items():
        other = figure.get("same_as", "")
        reason = figure.get("why_not") or figures.get(other, {}).get("why_not")
        assert drawn.get(id) or drawn.get(other) or reason, f"{id} is neither drawn nor explained in docs/figures.toml"


def test_figures_are_read_off_headings():
    named = figure_table.figures_in("(000 Figs. 3a and 4a, 001 Figs. 16 and 17); 002 Fig. 5")
    assert named == ["000.F3", "000.F4", "001.F16", "001.F17", "002.F5"]


def test_the_table_of_equations_has_a_row_for_each():
    page = verdict_pages.equations_page()
    assert len(re.findall(r"^\| \d+ \|", page, re.MULTILINE)) == 210


@pytest.mark.parametrize("paper", ["000", "001", "002", "003", "004"])
def test_every_numbered_equation_is_in_the_code_or_has_a_remark(paper):
    for number, places, _, _, sentence in equation_table.rows(paper):
        assert places or sentence, f"{paper} Eq. {number} is neither cited in the package nor in docs/equations.toml"


def test_citations_are_read_with_ranges_and_lists():
    found = equation_table.equations_in("  [002, Eqs. 93-94, 001 Eq. 10; 004, Eqs. 8, 14-15]")
    assert [(paper, number) for paper, number, _ in found] == [
        ("002", 93), ("002", 94), ("001", 10), ("004", 8), ("004", 14), ("004", 15)]


def test_every_figure_of_a_paper_links_to_its_verdicts():
    page = [":orphan:"]
    conf.link_verdicts(None, "gallery_output/plot_002_fig04_three_well_levels", page)
    assert ":doc:`../verdicts/paper_002`" in page[0]
