"""Weights of the angle between flux loop, static field and measuring field or strain."""

import math
from typing import NamedTuple


class Orientation(NamedTuple):
    """W(x) = first x + third x^3 + fifth x^5 below x = 1 and 1 above: the share of directions with cosine below x.

    x is the cosine between the normal of a flux loop and B, each weighted by how strongly the loop feels what measures
    it; `scale` multiplies the phase phi.
    """

    first: float
    third: float
    scale: float = 1.0
    fifth: float = 0.0


#: Measuring electric field parallel and perpendicular to B: weights (3/2)(1 - x^2) and (3/4)(1 + x^2), because the
#: dipoles lie in the plane of the loop.
ORIENTATIONS = {
    "random": Orientation(1.0, 0.0),
    "parallel": Orientation(1.5, -0.5),
    "perpendicular": Orientation(0.75, 0.25),
    "rms": Orientation(0.0, 0.0, 1.0 / math.sqrt(3.0)),  # the papers' phi -> phi/sqrt(3)
}

#: The same for sound, by (branch, direction): the traceless strain in the plane of a loop has the weights
#: (15/8)(1 - (n.k)^2)^2 for longitudinal and (5/2)(1 - (n.k)^2)(1 - (n.u)^2) for transverse waves of direction k and
#: polarization u. Longitudinal: k along or across B; transverse: k or u along B, or both across.
STRAIN_ORIENTATIONS = {
    ("longitudinal", "random"): Orientation(1.0, 0.0),
    ("longitudinal", "parallel"): Orientation(15 / 8, -5 / 4, fifth=3 / 8),
    ("longitudinal", "perpendicular"): Orientation(45 / 64, 5 / 32, fifth=9 / 64),
    ("transverse", "random"): Orientation(1.0, 0.0),
    ("transverse", "parallel"): Orientation(5 / 4, 0.0, fifth=-1 / 4),
    ("transverse", "perpendicular"): Orientation(5 / 16, 5 / 8, fifth=1 / 16),
}


def has_inner(orientation: Orientation) -> bool:
    """Whether directions with x < 1 count ("rms" has only x = 1)."""
    return bool(orientation.first or orientation.third or orientation.fifth)


def moment(orientation: Orientation, n: int) -> float:
    """Mean of x^n over the directions, x the cosine between loop normal and field (1 for "rms", whose phi is scaled).

    >>> [round(moment(ORIENTATIONS[name], 2), 9) for name in ("random", "parallel", "perpendicular")]
    [0.333333333, 0.2, 0.4]
    """
    first, third, _, fifth = orientation
    inner = first / (n + 1) + 3.0 * third / (n + 3) + 5.0 * fifth / (n + 5)
    return inner + (1.0 - first - third - fifth)
