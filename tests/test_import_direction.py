"""Imports point one way: a module imports only from its own layer or a lower one."""

import ast
from pathlib import Path

import pytest

import glasstunnel

PACKAGE = Path(glasstunnel.__file__).parent
LAYERS = [
    {"constants", "errors"}, {"units"}, {"numerics"}, {"conversions"}, {"systems"}, {"echoes"}, {"observables"},
    {"origins"}, {"landscape"}, {"papers"}, {"verdicts"}, {"data"}, {"inference"}, {"studies"}, {"runfile"},
    {"files", "plots"}, {"report"}, {"examples", "demo"}, {"cli"}, {"__main__"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
FILES = [path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_to_lower_layers(path):
    own = LEVEL[path.relative_to(PACKAGE).parts[0].removesuffix(".py")]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for module in modules:
            if module.startswith("glasstunnel."):
                assert LEVEL[module.split(".")[1]] <= own, f"{path.name} imports {module} from a higher layer"
