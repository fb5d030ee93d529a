"""How strong the tests are: plant one error at a time in a copy of the project, and see whether a test fails.

    python tools/mutants.py                      # the sample that CONTRIBUTING.md states
    python tools/mutants.py --count 20 --seed 7 --rooms numerics echoes
    python tools/mutants.py --at inference/tensions.py:57    # every error of one line
    python tools/mutants.py --only 1:20 --record out/mutants.json    # in portions, without those caught before

An error is a number doubled, a sign turned, an exponent raised by one or a product made a quotient, two arguments
exchanged, a whole number moved by one. The sample takes the errors of every room and kind in the order of a hash of
the seed, the error and the line it stands in: moving a line or a file, or editing others, leaves the rest of the
sample as it was. Each error is run against the quick tests of its module (its test file and its own docstring, or the
nearest folder of tests when it has no file of its own); what the file misses, against its folder. A mutant that hangs
or asks for more than 4 GB counts as caught.
Errors that change nothing stand in `tools/equivalent_mutants.toml` with the reason and are not planted. Exit code 1
when fewer than 95 % are caught.
"""

import argparse
import ast
import hashlib
import json
import os
import resource
import shutil
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

# Loaded once; the children that run the tests inherit them.
import mpmath  # noqa: F401
import numpy  # noqa: F401
import pytest
import scipy.integrate
import scipy.optimize
import scipy.special
import scipy.stats  # noqa: F401

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("src/glasstunnel")
ROOMS = ("numerics", "systems", "observables", "echoes", "data", "inference")
KINDS = ("factor", "sign", "exponent", "exchange", "off by one")
REQUIRED = 0.95
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", ".hypothesis", ".pytest_cache", ".ruff_cache", "_build", "gallery_output",
    "demo-output", "build", "dist", "out",
)
_SIGNS = {ast.Add: ("+", "-"), ast.Sub: ("-", "+")}
_PRODUCTS = {ast.Mult: ("*", "/"), ast.Div: ("/", "*")}
_SYMMETRIC = {"hypot", "maximum", "minimum", "max", "min", "isclose"}  # of their arguments
_SLOWEST = 5.0  # times the sound run, after which a mutant counts as caught: it hangs
_MEMORY = 4 << 30  # bytes of data a test process may hold: an error in a size once took 14 GB


@dataclass(frozen=True)
class Mutant:
    """An error in one line of a module: `old` at a column becomes `new`."""

    module: str  # path below the package
    line: int
    column: int
    old: str
    new: str
    kind: str
    text: str  # the sound line

    def __str__(self) -> str:
        return f"{self.module}:{self.line}  {self.kind}: {self.old!r} -> {self.new!r}  in  {self.text}"

    def planted_in(self, source: str) -> str:
        """The source with the error."""
        lines = source.split("\n")
        line = lines[self.line - 1]
        lines[self.line - 1] = line[: self.column] + self.new + line[self.column + len(self.old) :]
        return "\n".join(lines)


def mutants_of(module: str, source: str) -> list[Mutant]:
    """Every error that can be planted in a module."""
    lines = source.split("\n")
    found = {}
    for node, exponent in _nodes(ast.parse(source), False):
        for kind, line, column, old, new in _errors(node, exponent, lines):
            found[(line, column, new)] = Mutant(module, line, column, old, new, kind, lines[line - 1].strip())
    return list(found.values())


def _nodes(node: ast.AST, exponent: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Nodes that compute, and whether each is an exponent: no messages, annotations or decorators."""
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.arg | ast.Assert):
        return
    yield node, exponent
    if isinstance(node, ast.FunctionDef):
        children = [*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body]
    elif isinstance(node, ast.ClassDef):
        children = node.body
    elif isinstance(node, ast.AnnAssign):
        children = [node.value] if node.value else []
    else:
        children = list(ast.iter_child_nodes(node))
    for child in children:
        power = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and child is node.right
        yield from _nodes(child, power)


def _errors(node, exponent, lines):
    """(kind, line, column, old, new) of each error in one node."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from _of_number(node, exponent, lines)
    elif isinstance(node, ast.BinOp):
        for table, kind in ((_SIGNS, "sign"), (_PRODUCTS, "exponent")):
            if type(node.op) in table and node.left.end_lineno == node.right.lineno:
                old, new = table[type(node.op)]
                between = lines[node.right.lineno - 1][node.left.end_col_offset : node.right.col_offset]
                if between.count(old) == 1:
                    yield kind, node.right.lineno, node.left.end_col_offset + between.index(old), old, new
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign", node.lineno, node.col_offset, "-", "+"
    elif isinstance(node, ast.Call) and len(node.args) >= 2:
        yield from _of_call(node, lines)


def _of_number(node, exponent, lines):
    old = lines[node.lineno - 1][node.col_offset : node.end_col_offset]
    if exponent:
        yield "exponent", node.lineno, node.col_offset, old, repr(node.value + 1)
    elif isinstance(node.value, float) and node.value != 0.0:
        yield "factor", node.lineno, node.col_offset, old, repr(2.0 * node.value)
    elif isinstance(node.value, int):
        yield "off by one", node.lineno, node.col_offset, old, repr(node.value + 1)


def _of_call(node, lines):
    if getattr(node.func, "attr", getattr(node.func, "id", "")) in _SYMMETRIC:
        return
    for first, second in zip(node.args, node.args[1:], strict=False):
        if first.lineno == second.end_lineno and not isinstance(first, ast.Starred | ast.Constant) and not isinstance(
            second, ast.Starred | ast.Constant
        ):
            line = lines[first.lineno - 1]
            a, b = line[first.col_offset : first.end_col_offset], line[second.col_offset : second.end_col_offset]
            between = line[first.end_col_offset : second.col_offset]
            if a != b:
                yield "exchange", first.lineno, first.col_offset, a + between + b, b + between + a


def is_program(mutant: Mutant) -> bool:
    """Whether the module with the error is still Python."""
    try:
        ast.parse(mutant.planted_in(read(mutant.module)))
    except SyntaxError:
        return False
    return True


@cache
def read(module: str) -> str:
    """Source of a module; other characters than ASCII replaced, because a syntax tree counts columns in bytes."""
    return (ROOT / PACKAGE / module).read_text(encoding="utf-8").encode("ascii", "replace").decode()


def sample(rooms, count: int, seed: int, left_out=()) -> list[Mutant]:
    """`count` errors of the rooms, spread evenly over rooms and kinds, none from two equal lines."""
    groups = {(room, kind): [] for room in rooms for kind in KINDS}
    for room in rooms:
        for path in sorted((ROOT / PACKAGE / room).rglob("*.py")):
            module = str(path.relative_to(ROOT / PACKAGE))
            for mutant in mutants_of(module, read(module)):
                if identity(mutant) not in left_out:
                    groups[room, mutant.kind].append(mutant)
    queues = [sorted(members, key=lambda mutant: rank(mutant, seed), reverse=True) for members in groups.values()]
    chosen, lines = [], set()
    while len(chosen) < count and any(queues):
        for queue in queues:
            while queue and (queue[-1].text in lines or not is_program(queue[-1])):
                queue.pop()
            if queue and len(chosen) < count:
                chosen.append(queue.pop())
                lines.add(chosen[-1].text)
    return chosen


def rank(mutant: Mutant, seed: int) -> str:
    """Where an error stands in the queue: it depends on the error and its line only, not on the rest of the project."""
    return hashlib.sha256("\n".join((str(seed), mutant.text, mutant.old, mutant.new)).encode()).hexdigest()


def identity(mutant: Mutant) -> tuple[str, str, str]:
    """What names an error wherever its line stands in the module: module, sound line, line with the error."""
    planted = mutant.planted_in(read(mutant.module)).split("\n")[mutant.line - 1]
    return mutant.module, mutant.text, planted.strip()


def targets(module: str, tree: Path) -> list[str]:
    """The quick tests of a module: the file that mirrors it and its docstrings, else the nearest folder of tests."""
    path = Path(module)
    mirror = Path("tests") / path.parent / f"test_{path.name}"
    if not (tree / mirror).exists():
        mirror = Path("tests") / path.parent
        while not list((tree / mirror).glob("test_*.py")):
            mirror = mirror.parent
    return [str(mirror), str(PACKAGE / path)]


def run_tests(tree: Path, tests: list[str], limit: float) -> bool:
    """Whether the tests pass in the copy, within the limit [s]."""
    process = get_context("fork").Process(target=_pytest, args=(tree, tests))
    process.start()
    process.join(limit)
    if process.is_alive():
        process.kill()
        process.join()
    return process.exitcode in (0, 5)  # 5: no test was selected


def _pytest(tree, tests):
    """In a child of this process, which has loaded the libraries but not the package; more memory ends in an error."""
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(tree / "src"), str(tree)]
    os.chdir(tree)
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)
    os._exit(int(pytest.main(["-x", "-q", "-m", "not slow", "-p", "no:cacheprovider", *tests])))


def judge(tree: Path, mutant: Mutant, limits: dict[tuple[str, ...], float]) -> str:
    """ "caught" by the tests of the module, "folder" by those beside them only, or "survived"."""
    path = tree / PACKAGE / mutant.module
    sound = path.read_text(encoding="utf-8")
    stages = {"caught": targets(mutant.module, tree)}
    if stages["caught"][0].endswith(".py"):
        stages["folder"] = [str(Path(stages["caught"][0]).parent)]
    for verdict, tests in stages.items():
        if tuple(tests) not in limits:
            start = time.perf_counter()
            if not run_tests(tree, tests, 3600.0):
                raise SystemExit(f"{' '.join(tests)} fail without any error planted")
            limits[tuple(tests)] = 20.0 + _SLOWEST * (time.perf_counter() - start)
        path.write_text(mutant.planted_in(sound), encoding="utf-8")
        passed = run_tests(tree, tests, limits[tuple(tests)])
        path.write_text(sound, encoding="utf-8")
        if not passed:
            return verdict
    return "survived"


def equivalents() -> set[tuple[str, str, str]]:
    """Identities of the errors that change nothing."""
    table = tomllib.loads((ROOT / "tools" / "equivalent_mutants.toml").read_text(encoding="utf-8"))
    return {(row["module"], row["text"], row["becomes"]) for row in table["mutant"]}


class Record:
    """Verdicts of earlier runs in a file: {error: verdict}; an error once caught in a line is not run again there."""

    def __init__(self, path: str | None):
        self._path = Path(path) if path else None
        known = self._path is not None and self._path.exists()
        self._verdicts = json.loads(self._path.read_text(encoding="utf-8")) if self._path and known else {}

    def caught(self, mutant: Mutant) -> str | None:
        """The verdict of an earlier run that caught the error."""
        verdict = self._verdicts.get(self._key(mutant))
        return None if verdict == "survived" else verdict

    def keep(self, mutant: Mutant, verdict: str) -> None:
        """Write a verdict."""
        self._verdicts[self._key(mutant)] = verdict
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps(self._verdicts, indent=0), encoding="utf-8")

    @staticmethod
    def _key(mutant: Mutant) -> str:
        return " | ".join(identity(mutant))


def chosen_errors(options) -> list[Mutant]:
    """The sample, a part of it, or the errors of one line."""
    if options.at:
        module, _, line = options.at.partition(":")
        found = mutants_of(module, read(module))
        return [mutant for mutant in found if mutant.line == int(line) and is_program(mutant)]
    chosen = sample(options.rooms, options.count, options.seed, equivalents())
    first, _, last = options.only.partition(":")
    return chosen[int(first or 1) - 1 : int(last or len(chosen))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=60, help="how many errors to plant")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", nargs="+", default=ROOMS)
    parser.add_argument("--at", help="only the errors of one line, such as inference/tensions.py:57")
    parser.add_argument("--only", default=":", metavar="FIRST:LAST", help="only these of the sample, counted from 1")
    parser.add_argument("--record", help="file that keeps verdicts: errors caught before are not run again")
    parser.add_argument("--list", action="store_true", help="print the errors and plant none")
    options = parser.parse_args()
    chosen, record, verdicts, limits = chosen_errors(options), Record(options.record), Counter(), {}
    if options.list:
        print(*(f"{number:3d} {mutant}" for number, mutant in enumerate(chosen, 1)), sep="\n")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "copy"
        shutil.copytree(ROOT, tree, ignore=_LEFT_OUT, symlinks=True)
        for number, mutant in enumerate(chosen, 1):
            verdict = record.caught(mutant) or judge(tree, mutant, limits)
            record.keep(mutant, verdict)
            verdicts[verdict] += 1
            print(f"{number:3d} {verdict:10s} {mutant}", flush=True)
    caught = verdicts["caught"] + verdicts["folder"]
    share = caught / len(chosen) if chosen else 1.0
    print(f"{len(chosen)} errors: {caught} caught ({verdicts['folder']} of them only by the folder), "
          f"{verdicts['survived']} survived: {100.0 * share:.1f} % caught")
    return 0 if share >= REQUIRED else 1


if __name__ == "__main__":
    sys.exit(main())
