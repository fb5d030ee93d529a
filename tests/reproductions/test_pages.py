"""The pages with computed tables show what the package computes today."""

import re
from pathlib import Path

import make_pages
import pytest

DOCS = Path(__file__).parents[2] / "docs"
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["iron_bias.md", "what_the_exact_theory_changes.md", "dielectric_tables.md", "echoes.md",
             "iron_at_full_strength.md"]
)
def test_page_is_up_to_date(name):
    written = (DOCS / name).read_text(encoding="utf-8")
    computed = make_pages.PAGES[name]()
    assert NUMBER.sub("#", written) == NUMBER.sub("#", computed), "python docs/make_pages.py writes the pages anew"
    pairs = zip(NUMBER.findall(written), NUMBER.findall(computed), strict=True)
    for before, now in pairs:
        decimals = len(before.partition(".")[2])
        assert abs(float(before) - float(now)) <= 2.0 * 10.0**-decimals, f"{before} became {now}"
