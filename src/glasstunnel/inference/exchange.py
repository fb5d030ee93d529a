"""Choice of points for a plan: greedy by gain over cost, then an exchange pass.

A point with the whitened slope j adds j j^T to the information F
[V. V. Fedorov, Theory of Optimal Experiments (1972)].
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from glasstunnel.inference.candidates import Candidates

#: (whitened slopes of the candidates (n, parameters), information that is there already) at one parameter set.
Local = tuple[np.ndarray, np.ndarray]


def gains(slopes: np.ndarray, covariance: np.ndarray, direction: np.ndarray | None) -> np.ndarray:
    """What one point at each candidate gains: of ln det of the information, or minus ln of the variance of c.z.

    Rank-one update of the covariance S: S - (S j)(S j)^T/(1 + j.S j).
    """
    moved = slopes @ covariance
    strength = np.einsum("ni,ni->n", moved, slopes)
    if direction is None:
        return np.log1p(strength)
    variance = float(direction @ covariance @ direction)
    return -np.log1p(-((moved @ direction) ** 2) / (1.0 + strength) / variance)


def added(covariance: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """The covariance after one more point (Sherman and Morrison)."""
    moved = covariance @ slope
    return covariance - np.outer(moved, moved) / (1.0 + float(slope @ moved))


def greedy_counts(local: Sequence[Local], direction: np.ndarray | None, made: Candidates, price: Mapping[str, float],
                  points: int, target: float | None) -> np.ndarray:
    """How many points at each candidate: one after the other, each where it gains most for its minutes.

    target : standard error of the goal at which no more are taken.
    """
    covariances, counts = [np.linalg.inv(start) for _, start in local], np.zeros(len(made), dtype=int)
    known_T: set[float] = set()
    known_B: set[float] = set()
    for _ in range(points):
        minutes = np.array([price["point"] + price["temperature"] * (T not in known_T) + price["field"]
                            * (B not in known_B) for T, B in zip(made.T, made.B, strict=True)])  # fmt: skip
        best = int(np.argmax(mean_gains(local, covariances, direction) / minutes))
        counts[best] += 1
        known_T.add(float(made.T[best]))
        known_B.add(float(made.B[best]))
        covariances = [added(S, slopes[best]) for S, (slopes, _) in zip(covariances, local, strict=True)]
        if target is not None and direction is not None and _goal_error(covariances, direction) <= target:
            break
    return counts


def mean_gains(local: Sequence[Local], covariances: Sequence[np.ndarray], direction: np.ndarray | None) -> np.ndarray:
    """Gains averaged over the parameter sets  [K. Chaloner, I. Verdinelli, Stat. Sci. 10, 273 (1995)]."""
    return np.mean([gains(slopes, S, direction) for (slopes, _), S in zip(local, covariances, strict=True)], axis=0)


def _goal_error(covariances, direction):
    return math.sqrt(np.mean([direction @ S @ direction for S in covariances]))


def exchanged_counts(local: Sequence[Local], direction: np.ndarray | None, counts: np.ndarray,
                     paid: np.ndarray) -> np.ndarray:
    """Points moved one by one among the temperatures already paid for, as long as the goal gains."""
    counts = counts.copy()
    for _ in range(20):
        moved = False
        for i in np.flatnonzero(counts):
            counts[i] -= 1
            covariances = [np.linalg.inv(start + (slopes.T * counts) @ slopes) for slopes, start in local]
            gain = np.where(paid, mean_gains(local, covariances, direction), -np.inf)
            best = int(np.argmax(gain))
            counts[best if gain[best] > gain[i] + 1e-9 else i] += 1
            moved = moved or gain[best] > gain[i] + 1e-9
        if not moved:
            break
    return counts
