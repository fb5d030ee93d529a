"""Every reference number has an origin, and the programs that made them still give them."""

import tokenize
from importlib import import_module
from pathlib import Path

import mpmath
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


#: Tables that take 6 to 40 s of CPU each; `python -m tools.reference NAME` computes them anew.
EXPENSIVE = {"conductivity", "magnetization", "resonant", "over_orientations", "tetrahedra", "populations", "glasses",
             "response"}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FILES if name in PROGRAMS])
def test_the_program_gives_the_numbers_of_the_file(name):
    module = import_module(f"tools.reference.{name}")
    for table, content in reference(name).items():
        if not content["origin"].startswith(f"{module.__name__}: "):
            continue  # from a paper
        if table in EXPENSIVE:
            continue
        with mpmath.workdps(30):  # a module imported later may have set its own precision
            again = getattr(module, table)()
        for key, value in again.items():
            found, stored = flat(value), flat(content[key])
            assert len(found) == len(stored)
            for new, old in zip(found, stored, strict=True):
                assert new == (old if isinstance(old, str) else pytest.approx(old, rel=1e-8, abs=1e-12)), (table, key)


#: Constants of nature and units, exact or of CODATA 2022: k_B, h, hbar, e, N_A, mu_B, a_0 [Angstrom], Torr [Pa].
CONSTANTS = {
    "1.380649e-23", "6.62607015e-34", "1.054571817e-34", "1.602176634e-19", "6.02214076e23", "9.2740100657e-24",
    "0.529177210544", "133.322368",
}


def long_numbers(path):
    """(line, text) of the decimal numbers of a file that have seven significant digits or more."""
    with open(path, "rb") as source:
        for token in tokenize.tokenize(source.readline):
            text = token.string.lower().replace("_", "").rstrip("j")
            if token.type != tokenize.NUMBER or "." not in text or text.startswith("0x"):
                continue
            if len(text.split("e")[0].replace(".", "").strip("0")) >= 7 and token.string not in CONSTANTS:
                yield token.start[0], token.string


def test_no_test_holds_a_reference_number_of_its_own():
    tests = Path(__file__).parent
    files = tests.rglob("*.py")
    found = {f"{path.relative_to(tests)}:{line}": text for path in files for line, text in long_numbers(path)}
    assert not found, "move to tests/reference, with its origin"
