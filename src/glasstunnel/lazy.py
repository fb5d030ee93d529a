"""Names of a package that are imported when first used, so that importing the package stays quick."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def later(room: str, name: str) -> Any:
    """What is called `name` in a room further up, for a method of a record that only hands the record on.

    >>> later("constants", "boltzmann")
    1.380649e-23
    """
    return getattr(import_module(f"glasstunnel.{room}"), name)


def lazy_names(package: str, modules: Mapping[str, str]) -> tuple[list[str], Callable, Callable]:
    """__all__, __getattr__ and __dir__ of `package` for {name: module that defines it}.

    >>> names, get, _ = lazy_names("toy", {"pi": "math"})
    >>> names, round(get("pi"), 4)
    (['pi'], 3.1416)
    """
    names = sorted(modules)

    def get(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(modules[name]), name)
        if package in sys.modules:
            setattr(sys.modules[package], name, value)  # so that the next use finds it at once
        return value

    return names, get, lambda: names
