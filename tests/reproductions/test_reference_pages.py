"""The reference pages follow the registries: every key, contribution and observable has a place and says something."""

from pathlib import Path

import pytest
import reference_pages

from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.runfile.reference import sections
from glasstunnel.systems.parameters import parameter_table
from glasstunnel.systems.registry import CONTRIBUTIONS, contribution_class
from glasstunnel.units import unit_names

DOCS = Path(__file__).parents[2] / "docs"


def test_every_key_of_a_run_file_is_in_the_page():
    """That these are the keys that the code takes is tested in tests/runfile/test_reference.py."""
    page = reference_pages.run_file_page()
    for section in sections():
        assert section.name in page and section.meaning in page
        for key in section.keys:
            assert f"| `{key.name}` |" in page
    assert "split_by" in page


@pytest.mark.parametrize("kind", CONTRIBUTIONS)
def test_a_contribution_has_a_page_with_parameters_and_a_figure_that_shows_it(kind):
    page = reference_pages.contribution_page(kind, f"{kind}.svg")
    cls = contribution_class(kind)
    assert cls.summary in page and f"![{kind}]" in page
    assert len(cls.validity) > 30 and f"Validity: {cls.validity}." in page
    assert all(f"| `{row.name}` |" in page for row in parameter_table(cls))
    assert reference_pages.has_something_to_show(kind)


def test_printed_values_stand_on_the_page_of_their_contribution():
    """002 Table 14: 1.4e16 systems per gram."""
    page = reference_pages.contribution_page("AnomalousTunnelingSystems", "x.svg")
    assert "| 002.T14.BK7.M | 1.4e+19 |" in page


def test_every_unit_is_in_its_page():
    page = reference_pages.units_page()
    assert all(f"| `{name}` |" in page for name in unit_names())


@pytest.mark.parametrize("name", OBSERVABLES)
def test_an_observable_has_a_page_with_its_conditions(name):
    page = reference_pages.observable_page(name)
    row = OBSERVABLES[name]
    assert page.startswith(f"# {name}\n") and row.unit in page
    assert all(f"`{key}`" in page for key in (*row.conditions, *row.optional))
    assert f"glasstunnel curve {name}" in page


@pytest.mark.slow
def test_all_pages_are_written_with_their_figures(tmp_path):
    written = reference_pages.write_pages(tmp_path)
    assert {path.name for path in written} > {f"{kind}.md" for kind in CONTRIBUTIONS}
    assert all((tmp_path / "contributions" / f"{kind}.svg").stat().st_size > 1000 for kind in CONTRIBUTIONS)
