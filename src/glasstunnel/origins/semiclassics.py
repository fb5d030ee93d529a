"""Semiclassical limit of a multi-well potential: the path of least action between wells and the area its loop
encloses."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import positive, whole_number
from glasstunnel.origins.potentials import MultiWell, check_potential, enclosed_area
from glasstunnel.records import brief


@dataclass(frozen=True)
class LeastAction:
    """Action of one passage and the loop around all wells, in units a sqrt(M V0) and a^2.

    action : S0 = int sqrt(2 V) ds; the amplitude falls as |t| = K V0 sqrt(h) exp(-S0/h), h = hbar/(a sqrt(M V0)), with
    K of about 8 to 10 for the families here. area : enclosed by the loop, the limit of the flux area for small h.
    area_ratio : area over that of the polygon of the wells. path : (points, 2) from the first well to the second.
    """

    action: float
    area: float
    area_ratio: float
    path: np.ndarray

    __repr__ = brief

    def barrier_exponent(self, quantum: float) -> float:
        """d ln|t|/d ln V0 at fixed mass and distance: 3/4 - S0/(2 h)."""
        return 0.75 - 0.5 * self.action / positive(quantum=quantum)

    def mass_ratio(self, quantum: float, factor: float) -> float:
        """|t| for a mass `factor` times larger over |t|: factor^(-1/4) exp(-S0 (sqrt(factor) - 1)/h)."""
        positive(quantum=quantum, factor=factor)
        return factor**-0.25 * math.exp(-self.action * (math.sqrt(factor) - 1.0) / quantum)


def least_action(potential: MultiWell, bends: int = 12) -> LeastAction:
    """`LeastAction` between neighboring wells of a plane potential without its tilt, in the order of `wells`.

    bends : terms of the path's deviation from the straight line. `ParameterError` in three dimensions.

    >>> from glasstunnel.origins import least_action, triple_well
    >>> least = least_action(triple_well(1.0))  # a straight valley: S0 = sqrt(8/3), area of the triangle
    >>> round(least.action, 6), round(least.area_ratio, 4)
    (1.632993, 1.0)
    """
    check_potential(potential)
    whole_number("least_action: bends", bends, 1, 100)
    if potential.dimension != 2:
        raise ParameterError(f"least_action: plane potentials only, not {potential.name}")
    wells = [np.array(well) for well in (*potential.wells, potential.wells[0])]
    results = [_passage(potential.symmetric, start, end, bends) for start, end in pairwise(wells)]
    area = enclosed_area(potential.wells) + sum(bulge for _, bulge, _ in results)
    return LeastAction(results[0][0], area, area / enclosed_area(potential.wells), results[0][2])


def _passage(potential, start, end, bends):
    """(action, area between path and chord counted positive on the right, path) from one well to the next."""
    from scipy.optimize import minimize

    nodes, weights = np.polynomial.legendre.leggauss(160)
    time, weights = 0.5 * (nodes + 1.0), 0.5 * weights
    chord = end - start
    normal = np.array([chord[1], -chord[0]])
    order = math.pi * np.arange(bends)

    def along(time):
        """Way along the chord, crowded at the wells, where the path may leave in any direction."""
        return 0.5 * (1.0 - np.cos(math.pi * time))

    base = start + np.outer(along(time), chord)

    def bending(time):
        """cos((m + 2) pi t) - cos(m pi t): zero at both wells, where it starts as the way along the chord does."""
        return np.cos(np.outer(time, order + 2.0 * math.pi)) - np.cos(np.outer(time, order))

    shapes = bending(time)
    slopes = order * np.sin(np.outer(time, order))
    slopes -= (order + 2.0 * math.pi) * np.sin(np.outer(time, order + 2.0 * math.pi))
    advance = 0.5 * math.pi * np.sin(math.pi * time)

    def action(bend):
        points = base + np.outer(shapes @ bend, normal)
        speed = np.hypot(advance, slopes @ bend) * np.linalg.norm(chord)
        return float(weights @ (np.sqrt(2.0 * np.clip(potential.value(*points.T), 0.0, None)) * speed))

    least = minimize(action, np.zeros(bends), method="BFGS", options={"gtol": 1e-9})
    bulge = float(chord @ chord) * float(weights @ (advance * (shapes @ least.x)))
    even = np.linspace(0.0, 1.0, 101)
    path = start + np.outer(along(even), chord) + np.outer(bending(even) @ least.x, normal)
    return float(least.fun), bulge, path
