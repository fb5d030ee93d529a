"""Where the measured example files are."""

from pathlib import Path

from glasstunnel.errors import ReadError


def example_file(name):
    """Path of a measured example file: in the package when installed from a wheel, else in the repository."""
    package = Path(__file__).parents[1]
    for folder in (package / "example_data", package.parents[1] / "examples" / "data"):
        if (folder / name).is_file():
            return folder / name
    raise ReadError(f"the example file {name} is not installed; run the demo from a clone of the repository")
