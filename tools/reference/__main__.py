"""Print the tables of one reference file, computed anew: python -m tools.reference NAME > tests/reference/NAME.toml."""

import argparse
import inspect
from importlib import import_module


def as_toml(value) -> str:
    """A value as TOML text: numbers, texts, lists, complex numbers as pairs."""
    if isinstance(value, complex):
        return as_toml([value.real, value.imag])
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(float(value)) if not isinstance(value, (bool, int)) else str(value).lower()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="a module of tools/reference")
    print("# Numbers of an independent program; python -m tools.reference writes this file anew.\n")
    module = import_module(f"tools.reference.{parser.parse_args().name}")
    for name, table in vars(module).items():
        if inspect.isfunction(table) and table.__module__ == module.__name__ and not name.startswith("_"):
            origin = " ".join(inspect.getdoc(table).split())
            print(f"[{name}]\norigin = {as_toml(f'{module.__name__}: {origin}')}")
            for key, value in table().items():
                rows = isinstance(value, list) and value and isinstance(value[0], (list, tuple))
                lines = "[\n" + "".join(f"    {as_toml(row)},\n" for row in value) + "]" if rows else as_toml(value)
                print(f"{key} = {lines}")
            print()


if __name__ == "__main__":
    main()
