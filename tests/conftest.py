"""Settings shared by all tests: drawing without a screen, hypothesis without a clock, comparison without 1e-12."""

import os
import sys

import hypothesis
import pytest

os.environ.setdefault("MPLBACKEND", "Agg")

hypothesis.settings.register_profile("steady", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("steady")

_compare = pytest.approx


def approx(expected, rel=None, abs=None, nan_ok=False):
    """`pytest.approx` whose absolute tolerance is 0 unless given: its 1e-12 lets any number pass for 1e-24 A m2."""
    return _compare(expected, 1e-6 if rel is None and abs is None else rel, abs or 0.0, nan_ok)


pytest.approx = approx


@pytest.fixture(autouse=True)
def _closed_figures():
    """Figures that a test opened for a notebook are closed behind it."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def written(tmp_path):
    """Writes bytes or text to a file and returns its path."""

    def write(content, name="file.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


from tests.toy_models import heat_capacity, magnetization, models  # noqa: E402, F401  fixtures of every folder
