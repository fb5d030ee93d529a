"""Weights of the angle between flux loop, static field and measuring field."""

import math

#: W(x) = first x + third x^3 below x = 1 and 1 above; the last number scales phi.  Measuring field parallel and
#: perpendicular to B: weights (3/2)(1 - x^2) and (3/4)(1 + x^2), because the dipoles lie in the plane of the loop.
ORIENTATIONS = {
    "random": (1.0, 0.0, 1.0),
    "parallel": (1.5, -0.5, 1.0),
    "perpendicular": (0.75, 0.25, 1.0),
    "rms": (0.0, 0.0, 1.0 / math.sqrt(3.0)),  # the papers' phi -> phi/sqrt(3)
}


def has_inner(orientation):
    """Whether directions with x < 1 count ("rms" has only x = 1)."""
    return bool(orientation[0] or orientation[1])


def moment(orientation, n):
    """Mean of x^n over the directions, x the cosine between loop normal and field (1 for "rms", whose phi is scaled).

    >>> [round(moment(ORIENTATIONS[name], 2), 9) for name in ("random", "parallel", "perpendicular")]
    [0.333333333, 0.2, 0.4]
    """
    first, third, _ = orientation
    return first / (n + 1) + 3.0 * third / (n + 3) + (1.0 - first - third)
