"""Arrays from what a person gives, or a sentence that names it."""

import numpy as np
import pytest

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import real_arrays


def test_numbers_lists_and_arrays_become_float_arrays():
    T, B, E = real_arrays(("T", 1), ("B", [0, 2]), ("E", np.float32(0.5)))
    assert T.dtype == B.dtype == E.dtype == float
    assert T == 1.0 and B.tolist() == [0.0, 2.0] and E == 0.5


def test_shapes_that_do_not_broadcast_are_named_with_their_owners():
    with pytest.raises(ParameterError, match=r"^T of shape \(2,\) and B of shape \(3,\) do not broadcast together$"):
        real_arrays(("T", [1, 2]), ("B", [1, 2, 3]))


@pytest.mark.parametrize("wrong", ["1", True, 1j, None, [[1, 2], [3]], "x" * 100])
def test_what_is_no_real_number_is_refused_and_shown_shortly(wrong):
    with pytest.raises(ParameterError, match="^B must be real numbers, got ") as refusal:
        real_arrays(("T", 1.0), ("B", wrong))
    assert len(str(refusal.value)) < 100
