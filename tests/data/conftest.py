"""Where the files are: real ones in examples/data, made-up ones beside the tests."""

from pathlib import Path

import pytest

MADE_UP = Path(__file__).parent
REAL = MADE_UP.parents[1] / "examples" / "data"


@pytest.fixture
def real():
    """Folder of the measured files."""
    return REAL


@pytest.fixture
def made_up():
    """Folder of the synthetic files; their formulas are in its README."""
    return MADE_UP


@pytest.fixture
def written(tmp_path):
    """Writes bytes or text to a file and returns its path."""

    def write(content, name="file.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
