r"""Levels of three wells on a ring threaded by a phase, in closed form and without cancellation.

Rescaled energies: asymmetry D, angle psi and hopping D0 state the wells as E_i = D cos((psi + 2 pi i)/3), which sum
to zero, and the hopping matrix element as (sqrt(3)/2) D0 exp(i phi/3)  [002, Eqs. 6-9]. With s = (D/D0)^2/3

.. math:: \cos\theta = \frac{\cos\varphi + s^{3/2}\cos\psi}{(1+s)^{3/2}}, \qquad
          \lambda_x = \sqrt{3(1+s)}\,D_0 \cos x, \quad x = \tfrac{\theta}{3} + \{\tfrac{2\pi}{3}, -\tfrac{2\pi}{3}, 0\}

for the low, middle and top level. The papers take theta from an arccosine, which loses half of the digits where the
two low levels meet; here theta comes from 1 - cos(theta) and 1 + cos(theta), each a sum without cancellation.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.numerics.arrays import Real


class ThreeLevels(NamedTuple):
    """Levels of one ring, relative to the lowest, and their response to the phase (arrays of one shape).

    low : lowest level.  middle_gap, top_gap : the other two above it.
    middle_stiffness, top_stiffness : dE/dphi = stiffness * sin(phi) for the middle and top level itself (not the gap);
    that of the lowest level is minus their sum.
    """

    low: Any
    middle_gap: Any
    top_gap: Any
    middle_stiffness: Any
    top_stiffness: Any


def ring_levels(asymmetry: ArrayLike, angle: ArrayLike, amplitude: Real, phase: ArrayLike) -> ThreeLevels:
    """`ThreeLevels` for arrays that broadcast: D >= 0, psi, D0 > 0 (one energy unit) and phi (radians).

    Levels hold to 1e-14 of D0 and the gap to full relative precision. Where D = 0 and phi is a multiple of pi two
    levels touch and the stiffness of each is not defined (infinite or NaN there).

    >>> levels = ring_levels(0.3, 0.0, 1.0, 0.5)
    >>> round(float(levels.middle_gap), 13)
    0.570206730602
    """
    s = (np.asarray(asymmetry) / amplitude) ** 2 / 3.0
    cube = s * np.sqrt(s)
    norm = (1.0 + s) ** -1.5
    # (1+s)^(3/2) - 1 - s^(3/2) >= 0, from whichever side does not cancel.
    inverse = 1.0 / np.maximum(s, 1.0)
    excess = np.where(s < 1.0, np.expm1(1.5 * np.log1p(s)) - cube, cube * np.expm1(1.5 * np.log1p(inverse)) - 1.0)
    half_angle, half_phase = 0.5 * np.asarray(angle), 0.5 * np.asarray(phase)
    # 1 -+ cos(theta), times (1+s)^(3/2): sums of terms that are never negative.
    minus = (excess + 2.0 * cube * np.sin(half_angle) ** 2) + 2.0 * np.sin(half_phase) ** 2
    plus = (excess + 2.0 * cube * np.cos(half_angle) ** 2) + 2.0 * np.cos(half_phase) ** 2
    root_minus, root_plus = np.sqrt(minus), np.sqrt(plus)
    third = (2.0 / 3.0) * np.arctan2(root_minus, root_plus)
    sine, cosine = np.sin(third), np.cos(third)
    size = amplitude * np.sqrt(1.0 + s)
    stiffness = amplitude / (math.sqrt(3.0) * (1.0 + s) * norm * root_minus * root_plus)
    return ThreeLevels(
        low=-size * (0.5 * math.sqrt(3.0) * cosine + 1.5 * sine),
        middle_gap=3.0 * size * sine,
        top_gap=size * (1.5 * sine + 1.5 * math.sqrt(3.0) * cosine),
        middle_stiffness=stiffness * (0.5 * sine + 0.5 * math.sqrt(3.0) * cosine),
        top_stiffness=-stiffness * sine,
    )
