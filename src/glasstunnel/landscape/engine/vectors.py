"""Small operations on (atoms, 3) arrays as loops: compiled once, where array expressions would be each anew."""

import numpy as np

from glasstunnel.landscape.engine.compile import kernel, summing_kernel


@kernel
def largest(vectors):
    """Largest length of the rows of (atoms, 3); NaN when one is NaN."""
    worst = 0.0
    for i in range(vectors.shape[0]):
        square = vectors[i, 0] ** 2 + vectors[i, 1] ** 2 + vectors[i, 2] ** 2
        if not square <= worst:
            worst = square
    return np.sqrt(worst)


@summing_kernel
def inner(a, b):
    """Sum of a * b over all components, in an order that fills the vector units."""
    left, right, total = a.reshape(a.size), b.reshape(b.size), 0.0
    for n in range(left.size):
        total += left[n] * right[n]
    return total


@kernel
def combine(out, a, scale, b):
    """out = a + scale * b."""
    result, first, second = out.reshape(out.size), a.reshape(a.size), b.reshape(b.size)
    for n in range(result.size):
        result[n] = first[n] + scale * second[n]


@kernel
def rescale(out, a, scale):
    """out = scale * a."""
    result, given = out.reshape(out.size), a.reshape(a.size)
    for n in range(result.size):
        result[n] = scale * given[n]


@kernel
def project_out(vector, direction):
    """Take the part along a normalized direction out of `vector`; returns that part."""
    along = inner(vector, direction)
    combine(vector, vector, -along, direction)
    return along


@kernel
def normalize(vector):
    """Scale to length 1 (a zero vector stays); returns the length it had."""
    length = np.sqrt(inner(vector, vector))
    if length > 0.0:
        rescale(vector, vector, 1.0 / length)
    return length


@kernel
def cap_length(direction, cap):
    """Shorten `direction` until no atom moves more than `cap`."""
    longest = largest(direction)
    if longest > cap:
        rescale(direction, direction, cap / longest)
