"""Where each numbered equation of the five papers stands in the code, from the citations in it."""

import ast
import re
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "glasstunnel"
#: How many numbered equations each paper has.
COUNTS = {"000": 1, "001": 18, "002": 100, "003": 40, "004": 51}
_CITATION = re.compile(
    r"\b(00[0-4])(?:\]|,)?\s+Eqs?\.?\s*((?:\(?(?!00\d\b)\d+\b[a-z]?\)?(?:\s*(?:,|-|–|and|to)\s*)?)+)"
)
_PART = re.compile(r"(\d+)\)?(?:\s*(?:-|–|to)\s*\(?(\d+))?")


def equations_in(text):
    """[(paper, number, position)] of every equation that a text cites, ranges written out."""
    found = []
    for match in _CITATION.finditer(text):
        for first, last in _PART.findall(match[2]):
            for number in range(int(first), int(last or first) + 1):
                if 1 <= number <= COUNTS[match[1]]:
                    found.append((match[1], number, match.start()))
    return found


@cache
def places():
    """{(paper, number): names in the package that cite it}, the judgments of this package left out."""
    table = defaultdict(dict)
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).parts[0] in ("verdicts", "demo"):
            continue
        text = path.read_text(encoding="utf-8")
        spans = _spans(ast.parse(text))
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        joined = re.sub(r"\n\s*(?:#:?\s*)?", lambda gap: " " + " " * (len(gap[0]) - 1), text)  # citations across lines
        for paper, number, position in equations_in(joined):
            line = text.count("\n", 0, position) + 1
            table[paper, number][f"{module}{_name_at(spans, line)}"] = None
    return {key: list(names) for key, names in table.items()}


def _spans(tree):
    spans = []

    def visit(node, prefix):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                name = f"{prefix}.{child.name}"
                spans.append((child.lineno, child.end_lineno, name))
                visit(child, name)

    visit(tree, "")
    return spans


def _name_at(spans, line):
    """Dotted name of the innermost definition around a line, private ones given by their module alone."""
    inside = [(start, name) for start, end, name in spans if start <= line <= end]
    name = max(inside)[1] if inside else ""
    return "" if "._" in name else name


@cache
def tests():
    """{(paper, number): test files that cite it}."""
    table = defaultdict(dict)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if path.parent.name == "verdicts":
            continue
        for paper, number, _ in equations_in(path.read_text(encoding="utf-8")):
            table[paper, number][path.relative_to(ROOT / "tests").as_posix()] = None
    return {key: list(names) for key, names in table.items()}


@cache
def claims_on():
    """{(paper, number): verdicts on claims whose source is that equation}."""
    from glasstunnel.verdicts import all_claims, verdict

    table = defaultdict(list)
    for claim in all_claims().values():
        for paper, where, _ in claim.sources:
            for first, last in re.findall(r"Eqs?\. \((\d+)\)(?:-\((\d+)\))?", where):
                if not where.startswith(("below", "above", "text before")):
                    for number in range(int(first), int(last or first) + 1):
                        table[paper, number].append(verdict(claim.id))
    return table


@cache
def _remarks_file():
    return tomllib.loads((Path(__file__).parent / "equations.toml").read_text(encoding="utf-8"))


@cache
def remarks():
    """{(paper, number): sentence} for equations that need one: repeated, intermediate, or of no use in the code."""
    table = {}
    for paper, groups in _remarks_file().items():
        if paper != "same":
            for numbers, sentence in groups.items():
                for first, last in _PART.findall(numbers):
                    for number in range(int(first), int(last or first) + 1):
                        table[paper, number] = sentence
    return table


def same_as(paper, number):
    """(paper, number) of the equation that this one repeats, or itself: 003 repeats 002."""
    if paper == "003":
        for first, last, start in _remarks_file()["same"]["rows"]:
            if first <= number <= last:
                return "002", start + number - first
    return paper, number


def rows(paper):
    """[(number, places, tests, verdicts, sentence)] of every numbered equation of a paper."""
    code, files, judged, sentences = places(), tests(), claims_on(), remarks()
    table = []
    for number in range(1, COUNTS[paper] + 1):
        keys = dict.fromkeys([(paper, number), same_as(paper, number)])
        parts = [[item for key in keys for item in source.get(key, [])] for source in (code, files, judged)]
        first, last = list(keys)[0], list(keys)[-1]
        sentence = sentences.get(first) or sentences.get(last, "")
        if last != first:
            sentence = f"{last[0]} Eq. {last[1]}. {sentence}".strip()
        table.append((number, *(list(dict.fromkeys(part)) for part in parts), sentence))
    return table
