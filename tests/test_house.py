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


MOST_ARGUMENTS = 6
#: Functions that may be called with more than six arguments in a row, and why.
MANY_ARGUMENTS = {
    "observables/dielectric.py:dielectric_shift": "a public name of the first version, called by position outside",
}


def positional_arguments(function, parent):
    arguments = function.args.posonlyargs + function.args.args
    decorators = {getattr(decorator, "id", "") for decorator in function.decorator_list}
    return len(arguments) - (isinstance(parent, ast.ClassDef) and "staticmethod" not in decorators)


def functions_with_many_arguments(tree):
    for parent in ast.walk(tree):
        for node in ast.iter_child_nodes(parent):
            if isinstance(node, ast.FunctionDef) and positional_arguments(node, parent) > MOST_ARGUMENTS:
                yield node.name


def test_no_function_takes_more_than_six_arguments_by_position():
    found = {f"{short(path)}:{name}" for path, tree in TREES.items() for name in functions_with_many_arguments(tree)}
    assert found - set(MANY_ARGUMENTS) == set(), "give a record, or make options keyword-only"
    assert set(MANY_ARGUMENTS) - found == set(), "these take fewer by now: strike them off the list"


def test_many_arguments_are_seen_where_they_are():
    source = "class A:\n def six(self, a, b, c, d, e, f, *, g): ...\n def seven(self, a, b, c, d, e, f, g=1): ...\n"
    assert list(functions_with_many_arguments(ast.parse(source))) == ["seven"]
    assert list(functions_with_many_arguments(ast.parse("def f(a, b, c, /, d, e, g, h): ..."))) == ["f"]


#: Files that ask for the type of a value they have parsed, to say in its own words what is wrong with it.
PARSERS = {
    "numerics/checks.py": "the one home", "runfile/writing.py": "values of a TOML document, all kinds of them",
    "files.py": "what JSON can hold", "landscape/settings.py": "a table of settings with the type of each",
    "report/fits.py": "prints a value by its kind", "report/numbers.py": "prints a value by its kind",
    "runfile/run.py": "true, false or a list", "runfile/table.py": "asks for a kind that is named in the error",
    "runfile/init.py": "a column by number or by heading", "runfile/data.py": "a column by number or by heading",
    "data/readers/delimited.py": "a column by number or by heading",
    "inference/intervals.py": "whether a number lies inside",
    "explorer/panels.py": "the kinds of a table from a page", "explorer/description.py": "what JSON can hold",
    "systems/magnetic_ions/model.py": "a number of orientations or a word", "records.py": "what a repr prints",
    "systems/anomalous/effective/sets.py": "one set or many", "systems/anomalous/parameter_sets.py": "one set or many",
    "systems/anomalous/effective/table.py": "one set or many",
}


def asks_whether_it_is_a_number(tree):
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    calls = (node for node in calls if getattr(node.func, "id", "") == "isinstance")
    names = ({child.id for child in ast.walk(call.args[1]) if isinstance(child, ast.Name)} for call in calls)
    return any(kinds & {"int", "float", "bool"} for kinds in names)


def test_what_counts_as_a_number_is_asked_in_one_place():
    found = {short(path) for path, tree in TREES.items() if asks_whether_it_is_a_number(tree)}
    assert found - set(PARSERS) == set(), "use is_number, is_whole_number, positive, ... of numerics.checks"
    assert set(PARSERS) - found == set(), "strike these off the list"
