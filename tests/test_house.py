"""Habits of the house that a reader relies on: modules are not named like what they hold, arguments stay few."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

import glasstunnel

PACKAGE = Path(glasstunnel.__file__).parent
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def short(path):
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", TREES, ids=short)
def test_no_module_is_named_like_a_function_in_it(path):
    name = path.parent.name if path.stem == "__init__" else path.stem
    functions = (node.name for node in TREES[path].body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    assert name not in functions, f"{short(path)}: `{name}` is a module and a function; a module is a noun"


@pytest.mark.parametrize("room", [path.parent for path in TREES if path.stem == "__init__"], ids=short)
def test_no_public_name_hides_the_module_beside_it(room):
    package = import_module(".".join(["glasstunnel", *room.relative_to(PACKAGE).parts]))
    modules = {path.stem for path in room.glob("*.py")} | {path.parent.name for path in room.glob("*/__init__.py")}
    hidden = [name for name in getattr(package, "__all__", ()) if name in modules
              and getattr(getattr(package, name), "__file__", None) is None]
    assert not hidden, f"{short(room)}: {hidden} is a module and a public name of its package"
