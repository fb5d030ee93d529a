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
