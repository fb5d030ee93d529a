"""A CSV table of double wells found by others, as a contribution in a run file."""

import pytest

from glasstunnel import heat_capacity
from glasstunnel.errors import RunFileError
from glasstunnel.landscape import catalogue_from_pairs
from glasstunnel.runfile.glass import glass_of
from glasstunnel.runfile.table import RunTable

PAIRS = "energy difference [K],splitting [K],barrier [K]\n0.1,0.5,20\n3,8,30\n0.2,0.6,40\n"


def glass(folder, **entries):
    (folder / "pairs.csv").write_text(PAIRS, encoding="utf-8")
    found = {"type": "TunnelingCatalogue", "pairs": "pairs.csv", "glasses": 3, "particles": 100, **entries}
    return glass_of(RunTable({"contributions": {"found": found}}, str(folder / "run.toml"), "glass"))


def test_a_table_beside_the_run_file_is_the_catalogue_that_python_makes(tmp_path):
    options = {"units": "nickel-phosphorus", "dipoles": 2e-30, "max_gap": 5.0}
    ours = glass(tmp_path, **options)
    expected = catalogue_from_pairs(tmp_path / "pairs.csv", glasses=3, particles=100, **options)
    assert ours.contributions["found"] == expected
    assert heat_capacity(ours, T=0.3, B=0.0) == heat_capacity(expected, T=0.3, B=0.0)


@pytest.mark.parametrize(("entries", "words"), [
    ({"pairs": "none.csv"}, "none.csv: cannot be read"), ({"glasses": 0}, "positive numbers"),
    ({"dipole": 1e-30}, "did you mean 'dipoles'"), ({"asymmetries": [1.0]}, "unknown key 'asymmetries'"),
    ({"max_gap": "all"}, "not usable for a table of pairs"), ({"units": "iron"}, "iron"),
    ({"pairs": 3}, "pairs"),
])  # fmt: skip
def test_what_cannot_be_used_is_said_with_its_place(tmp_path, entries, words):
    with pytest.raises(RunFileError, match=words):
        glass(tmp_path, **entries)
