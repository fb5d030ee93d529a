"""Reference numbers, each table with its origin: the program or paper that made it."""

import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def reference(name: str) -> dict:
    """{table: {"origin": text, key: numbers, ...}} of a file of this folder; complex numbers are pairs there."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
