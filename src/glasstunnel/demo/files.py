"""Where the example files are."""

from pathlib import Path

import glasstunnel
from glasstunnel.errors import ReadError

_FOLDER = Path(glasstunnel.__file__).parent / "examples"


def example_file(name: str) -> Path:
    """Path of an example run file, or of a measured file ("data/..."), that comes with the package.

    `ReadError` when there is none of that name.
    """
    if not (_FOLDER / name).is_file():
        raise ReadError(f"there is no example file {name!r}; {_FOLDER} holds those that come with glasstunnel")
    return _FOLDER / name
