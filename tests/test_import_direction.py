"""Imports point one way: a module imports only from its own layer or a lower one.

Seen are import statements, the room that a call of `later` names, and, in a file that calls `import_module` or
`lazy_names`, every text that begins with "glasstunnel.".
"""

import ast
import re
from pathlib import Path

import pytest

import glasstunnel

PACKAGE = Path(glasstunnel.__file__).parent
LAYERS = [
    {"constants", "errors", "frames", "lazy", "progress", "records"}, {"units"}, {"numerics"}, {"conversions"},
    {"systems"}, {"echoes"}, {"observables"}, {"origins"}, {"landscape"}, {"papers"}, {"verdicts"}, {"data"},
    {"inference"}, {"studies"}, {"runfile"}, {"files", "plots"}, {"report"}, {"explorer"}, {"examples", "demo"},
    {"cli"}, {"__main__"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
FILES = [path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"]  # the root names everything
#: Files whose `import_module` takes a room that is looked up in a table of names. These are signposts, not imports:
#: the file uses nothing of what it names, and who never asks for the name never loads the module.
_SHOWN = ({"plots", "report"}, "result.plot() and a notebook hand the finished record on to what shows it")
_TABLE = ({"report"}, "a notebook hands the record on to what shows it")
SIGNPOSTS = {
    "inference/__init__.py": ({"runfile"}, "load_run and execute moved there; scripts written for 0.1 find them here"),
    "inference/results.py": _SHOWN, "inference/posteriors.py": _SHOWN, "inference/comparison.py": _SHOWN,
    "data/dataset.py": _TABLE, "systems/contribution.py": _TABLE,
    "lazy.py": ({""}, "`later` takes the room from its caller, where it is seen"),
}  # fmt: skip


def imports_of(text):
    """Every module of the package that a file imports; "glasstunnel." for a room that only running the file tells."""
    tree = ast.parse(text)
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    loads = any(getattr(call, "id", getattr(call, "attr", "")) in ("import_module", "lazy_names") for call in calls)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = node.module or ""
            yield from [f"glasstunnel.{name.name}" for name in node.names] if base == "glasstunnel" else [base]
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "later":
            yield f"glasstunnel.{getattr(node.args[0], 'value', '')}"
        elif loads and isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            yield node.value


def rooms(text):
    named = (module.split(".") for module in imports_of(text) if module.startswith("glasstunnel."))
    return {parts[1] for parts in named} - {"__version__"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_to_lower_layers(path):
    name = str(path.relative_to(PACKAGE))
    storey = LEVEL[path.relative_to(PACKAGE).parts[0].removesuffix(".py")]
    for room in rooms(path.read_text(encoding="utf-8")):
        if name in SIGNPOSTS and room in SIGNPOSTS[name][0]:
            continue
        assert room, f"{name}: import_module of a room that only running it tells"
        assert LEVEL[room] <= storey, f"{name} imports {room} from a higher layer"


def test_loading_by_name_is_seen_too():
    table = 'from importlib import import_module\nTABLE = {"a": "glasstunnel.cli.program"}\n'
    assert rooms(table + 'import_module(TABLE["a"])') == {"cli"}
    assert rooms(table) == set()  # a name alone loads nothing
    assert rooms('import importlib\nimportlib.import_module(f"glasstunnel.report.{name}")') == {"report"}
    assert rooms('from importlib import import_module\nimport_module(f"glasstunnel.{name}")') == {""}
    assert rooms('later("report", "write_report")(self)') == {"report"}
    assert rooms("from glasstunnel import plots, __version__") == {"plots"}


def test_every_signpost_is_still_needed():
    for name, (allowed, reason) in SIGNPOSTS.items():
        assert reason and allowed <= rooms((PACKAGE / name).read_text(encoding="utf-8")), name


def test_the_picture_of_the_imports_is_up_to_date():
    """Each of its arrows carries the names of the two rooms; `python -m tools.draw_imports` draws it anew."""
    from tools.draw_imports import ROOT, arrows, storeys

    page = (ROOT / "docs" / "imports.svg").read_text(encoding="utf-8")
    assert set(re.findall(r'id="(\w+) imports (\w+)"', page)) == set(arrows())
    assert all(f">{room}</" in page for storey in storeys() for room in storey)
