"""Where the measured example files are."""

from pathlib import Path

from glasstunnel.errors import ReadError

_FOLDER = Path(__file__).parents[3] / "examples" / "data"


def example_file(name):
    """Path of a measured example file of the repository; `ReadError` when the package is installed without it."""
    if not (_FOLDER / name).is_file():
        raise ReadError(f"the example file {name} is not installed; run the demo from a clone of the repository")
    return _FOLDER / name
