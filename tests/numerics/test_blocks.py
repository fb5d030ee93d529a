import numpy as np

from glasstunnel.numerics.blocks import in_blocks


def test_blocks_give_what_one_call_gives_and_keep_length_one_axes():
    seen = []

    def kernel(x, y, z):
        seen.append((np.shape(x), np.shape(y)))
        return x * y + z

    x, y = np.arange(7.0)[:, None], np.arange(3.0)
    np.testing.assert_array_equal(in_blocks(kernel, x, y, 2.0, block=6), x * y + 2.0)
    assert all(first[1] == 1 and second[-1] == 3 for first, second in seen)
    assert len(seen) == 4
    assert in_blocks(kernel, 2.0, 3.0, 1.0) == 7.0


def test_an_empty_shape_gives_an_empty_array():
    assert in_blocks(lambda x, y: x * y, np.zeros((0, 3)), np.zeros(3)).shape == (0, 3)
