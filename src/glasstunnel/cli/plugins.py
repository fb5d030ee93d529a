"""Modules outside the package that register contributions, observables, formats, sections or figures of their own."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from glasstunnel.errors import ParameterError


def load_modules(arguments: Sequence[str]) -> list[ModuleType]:
    """Import what ``--module NAME`` or ``--module FILE.py`` names among the arguments of a command.

    That is done before the commands are described, because a module may add what they offer. A run file cannot name
    a module: opening data or a run file of somebody else never runs code. `ParameterError` for what is no module.

    >>> [module.__name__ for module in load_modules(["curve", "--module", "fractions", "--module=math"])]
    ['fractions', 'math']
    """
    return [_load(text) for text in _named(list(arguments))]


def _named(arguments):
    for place, text in enumerate(arguments):
        if text == "--":
            return
        if text.startswith("--module="):
            yield text.removeprefix("--module=")
        elif text == "--module" and place + 1 < len(arguments):
            yield arguments[place + 1]


def _load(text):
    path = Path(text).expanduser() if text.endswith(".py") else None
    if path and not path.is_file():
        raise ParameterError(f"--module {text}: there is no such file")
    name = path.stem if path else text
    if path and str(path.resolve().parent) not in sys.path:
        sys.path.append(str(path.resolve().parent))  # processes that this one starts find it too
    try:
        module = import_module(name)
    except ModuleNotFoundError as error:
        hint = "; a file is given with its path: --module FILE.py" if error.name == name else ""
        raise ParameterError(f"--module {text}: {error}{hint}") from None
    except (Exception, SystemExit) as error:  # whatever stands in it
        raise ParameterError(f"--module {text}: {type(error).__name__}: {error}") from None
    if path and not _same(module, path):
        raise ParameterError(f"--module {text}: another module is called {name!r} already; rename the file")
    return module


def _same(module, path):
    return Path(getattr(module, "__file__", None) or "").resolve() == path.resolve()
