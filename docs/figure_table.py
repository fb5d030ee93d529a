"""Which gallery script draws which figure of the papers, from the headings of the scripts."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path

DOCS = Path(__file__).parent
_NAMED = re.compile(r"\b(00[0-4])\s+Figs?\.\s*((?:(?!00\d\b)\d+[a-z]?(?:\s*(?:,|-|–|and|to)\s*)?)+)")
_PART = re.compile(r"(\d+)[a-z]?(?:\s*(?:-|–|to)\s*(\d+))?")
_DIFFERS = re.compile(r"\*Where this differs from the paper\.\*\s*(.*?)(?:\n\n|\Z)", re.DOTALL)


def figures():
    """{figure: what it shows}, in the order of the papers."""
    return tomllib.loads((DOCS / "figures.toml").read_text(encoding="utf-8"))


def figures_in(text):
    """The figures that a text names, ``"002.F4"``, ranges written out."""
    found = []
    for paper, numbers in _NAMED.findall(text):
        for first, last in _PART.findall(numbers):
            found += [f"{paper}.F{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def drawn():
    """{figure: names of the gallery scripts that draw it}: those named before "Where this differs"."""
    table = defaultdict(list)
    for path in sorted((DOCS / "gallery").glob("plot_*.py")):
        for figure in figures_in(docstring(path).split("*Where this differs")[0]):
            if path.stem not in table[figure]:
                table[figure].append(path.stem)
    return table


def difference(name):
    """What a script says of the difference to its paper, as one paragraph."""
    match = _DIFFERS.search(docstring(DOCS / "gallery" / f"{name}.py"))
    return " ".join(match[1].split()) if match else ""


def docstring(path):
    return path.read_text(encoding="utf-8").split('"""')[1]
