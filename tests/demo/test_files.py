"""The example files that come with the package."""

import pytest

from glasstunnel.demo.files import example_file
from glasstunnel.errors import ReadError


def test_a_missing_example_file_is_a_sentence():
    with pytest.raises(ReadError, match="no-such-file"):
        example_file("no-such-file.dat")
