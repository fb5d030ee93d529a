"""Every reference number has an origin, and the programs that made them still give them."""

from importlib import import_module

import pytest
from tests.reference import FOLDER, reference

FILES = sorted(path.stem for path in FOLDER.glob("*.toml"))
PROGRAMS = sorted(path.stem for path in (FOLDER.parents[1] / "tools" / "reference").glob("[!_]*.py"))


def flat(value):
    """Numbers and texts of nested lists, complex numbers as pairs."""
    if isinstance(value, (list, tuple)):
        return [item for part in value for item in flat(part)]
    return [value.real, value.imag] if isinstance(value, complex) else [value]


@pytest.mark.parametrize("name", FILES)
def test_every_table_says_where_its_numbers_come_from(name):
    for table, content in reference(name).items():
        assert len(content["origin"]) > 20, f"{name}.toml, [{table}]"
        assert len(content) > 1


def test_every_program_has_its_file():
    assert set(PROGRAMS) - {"constants"} <= set(FILES)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FILES if name in PROGRAMS])
def test_the_program_gives_the_numbers_of_the_file(name):
    module = import_module(f"tools.reference.{name}")
    for table, content in reference(name).items():
        if not content["origin"].startswith(f"{module.__name__}: "):
            continue  # from a paper
        for key, value in getattr(module, table)().items():
            found, stored = flat(value), flat(content[key])
            assert len(found) == len(stored)
            for new, old in zip(found, stored, strict=True):
                assert new == (old if isinstance(old, str) else pytest.approx(old, rel=1e-10, abs=1e-14)), (table, key)
