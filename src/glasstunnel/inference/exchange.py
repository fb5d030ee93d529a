"""Choice of points for a plan: no design of as many points that takes no more minutes should be better.

A point with the whitened slope j adds j j^T to the information F
[V. V. Fedorov, Theory of Optimal Experiments (1972)]. Three designs are started from: greedy by gain over cost for the
goal, the same for everything at once, and the convex optimum of shares rounded. Each is improved by moving single
points, and whole temperatures or fields, and the one that gains most for its minutes is taken.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glasstunnel.records import brief

#: (whitened slopes of the candidates (n, parameters), information that is there already) at one parameter set.
Local = tuple[np.ndarray, np.ndarray]
_LEAST_GAIN = 1e-9  # below it nothing is gained
_MOST_PRODUCTS = 2e7  # multiplications that moving points two by two may take

_ROUNDS = 150  # steps of the convex optimum, which is only a start


def covariance_of(information: np.ndarray) -> np.ndarray:
    """The inverse of an information on parameters in units of any size, which rounding must not leave indefinite."""
    unit = 1.0 / np.sqrt(np.diag(information))
    return np.linalg.inv(information * np.outer(unit, unit)) * np.outer(unit, unit)


def gains(slopes: np.ndarray, covariance: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """What one point at each candidate takes off ln det of the covariance of the combinations `goal` (k, parameters).

    Rank-one update of the covariance S: S - (S j)(S j)^T/(1 + j.S j).
    """
    moved = slopes @ covariance
    strength = np.einsum("ni,ni->n", moved, slopes)
    goal_slopes = moved @ goal.T
    share = np.einsum("nk,kl,nl->n", goal_slopes, np.linalg.inv(goal @ covariance @ goal.T), goal_slopes)
    return -np.log1p(-np.minimum(share / (1.0 + strength), 1.0 - 1e-15))


def added(covariance: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """The covariance after one more point (Sherman and Morrison)."""
    moved = covariance @ slope
    return covariance - np.outer(moved, moved) / (1.0 + float(slope @ moved))


def mean_gains(local: Sequence[Local], covariances: Sequence[np.ndarray], goal: np.ndarray) -> np.ndarray:
    """Gains averaged over the parameter sets  [K. Chaloner, I. Verdinelli, Stat. Sci. 10, 273 (1995)]."""
    return np.mean([gains(slopes, S, goal) for (slopes, _), S in zip(local, covariances, strict=True)], axis=0)


@dataclass(frozen=True, eq=False)
class DesignTask:
    """What is to be found: candidates that form a full grid, and what is to be known of it.

    local : at every parameter set. goal : combinations of the parameters (k, parameters) whose ln det of covariance is
    to fall. shape : of the grid of candidates. prices : minutes of a new level along each of its axes. point : minutes
    of a point. cooldown : minutes of any design.
    """

    local: Sequence[Local]
    goal: np.ndarray
    shape: tuple[int, ...]
    prices: tuple[float, ...]
    point: float
    cooldown: float = 0.0

    __repr__ = brief

    @property
    def size(self) -> int:
        """How many candidates there are."""
        return math.prod(self.shape)

    def minutes(self, counts: np.ndarray) -> float:
        """Minutes that a design takes, without the cooldown."""
        used = (counts > 0).reshape(self.shape)
        axes = range(len(self.shape))
        levels = [np.count_nonzero(used.any(axis=tuple(other for other in axes if other != axis))) for axis in axes]
        return self.point * float(np.sum(counts)) + float(np.dot(self.prices, levels))

    def extra_minutes(self, counts: np.ndarray) -> np.ndarray:
        """Minutes that one more point at each candidate takes (n,)."""
        used, extra = (counts > 0).reshape(self.shape), np.full(self.shape, self.point)
        for axis, price in enumerate(self.prices):
            others = tuple(other for other in range(len(self.shape)) if other != axis)
            extra = extra + price * ~used.any(axis=others, keepdims=True)
        return extra.ravel()

    def covariances(self, counts: np.ndarray) -> list[np.ndarray]:
        """Covariances of all parameters once the design is measured, at every parameter set."""
        return [covariance_of(start + (slopes.T * counts) @ slopes) for slopes, start in self.local]

    def value(self, counts: np.ndarray) -> float:
        """Minus ln det of the covariance of the goal, averaged over the parameter sets."""
        dets = [np.linalg.slogdet(self.goal @ S @ self.goal.T)[1] for S in self.covariances(counts)]
        return -float(np.mean(dets))

    def gains(self, counts: np.ndarray) -> np.ndarray:
        """What one more point at each candidate gains (n,)."""
        return mean_gains(self.local, self.covariances(counts), self.goal)


def chosen_counts(task: DesignTask, points: int, budget: float | None = None) -> np.ndarray:
    """How many points at each candidate (n,). points : how many; budget : minutes, cooldown included, for all of them.

    With a budget as many of the points are taken as fit into it.
    """
    room = math.inf if budget is None else budget - task.cooldown
    everything = DesignTask(task.local, np.eye(len(task.local[0][1])), task.shape, task.prices, task.point)
    nothing = np.zeros(task.size, dtype=int)
    greedy = filled(task, nothing, points, room)
    starts = [greedy, filled(everything, nothing, points, room), _rounded(task, greedy, points, room)]
    found = [exchanged_counts(task, start, task.minutes(start) if budget is None else room) for start in starts]
    before = task.value(nothing)
    spent = [1.0 if budget is not None else task.cooldown + task.minutes(counts) for counts in found]
    merit = [(task.value(counts) - before) / minutes for counts, minutes in zip(found, spent, strict=True)]
    return found[int(np.argmax(np.array(merit) > max(merit) * (1.0 - 1e-12)))]


def filled(task: DesignTask, counts: np.ndarray, points: int, room: float = math.inf,
           allowed: np.ndarray | None = None) -> np.ndarray:
    """A design with points added one after the other, each where it gains most for its minutes, as long as there is
    room for them. allowed : candidates (n,) that may be taken."""
    counts, covariances, spent = counts.copy(), task.covariances(counts), task.minutes(counts)
    for _ in range(points - int(np.sum(counts))):
        extra = task.extra_minutes(counts)
        affordable = (spent + extra <= room + 1e-9) & (True if allowed is None else allowed)
        if not affordable.any():
            break
        rate = np.where(affordable, mean_gains(task.local, covariances, task.goal) / extra, -np.inf)
        best = int(np.argmax(rate))
        counts[best] += 1
        spent += extra[best]
        covariances = [added(S, slopes[best]) for S, (slopes, _) in zip(covariances, task.local, strict=True)]
    return counts


def exchanged_counts(task: DesignTask, counts: np.ndarray, room: float) -> np.ndarray:
    """A design with points moved, one by one or all of a level together, as long as the goal gains within the room."""
    for _ in range(30):
        counts, moved = _moved_points(task, counts, room)
        if not moved:
            counts, moved = _moved_levels(task, counts, room)
        if not moved:
            counts, moved = _moved_pairs(task, counts, room)
        if not moved:
            break
    return counts


def _moved_points(task, counts, room):
    """Every point in turn where it gains most, and whether any of them moved."""
    counts, moved = counts.copy(), False
    for i in np.flatnonzero(counts):
        counts[i] -= 1
        gain = np.where(task.minutes(counts) + task.extra_minutes(counts) <= room + 1e-9, task.gains(counts), -np.inf)
        best = int(np.argmax(gain))
        better = gain[best] > gain[i] + _LEAST_GAIN
        counts[best if better else i] += 1
        moved = moved or better
    return counts, moved


def _moved_levels(task, counts, room):
    """The best design in which all points of one temperature, field, ... stand at another one."""
    grid, best, value = counts.reshape(task.shape), counts, task.value(counts)
    for axis in range(len(task.shape)):
        lines = np.moveaxis(grid, axis, 0)
        used = np.flatnonzero(lines.reshape(len(lines), -1).any(axis=1))
        for i, j in ((i, j) for i in used for j in range(len(lines)) if i != j):
            changed = lines.copy()
            changed[j] += changed[i]
            changed[i] = 0
            changed = np.moveaxis(changed, 0, axis).ravel()
            if task.minutes(changed) <= room + 1e-9 and (changed_value := task.value(changed)) > value + _LEAST_GAIN:
                best, value = changed, changed_value
    return best, best is not counts


def _moved_pairs(task, counts, room):
    """The best design in which two points stand elsewhere: where a goal needs two points at once, one moves nowhere."""
    used, size = np.flatnonzero(counts), len(task.local[0][1])
    if len(used) ** 2 * task.size**2 * size**2 * len(task.local) > _MOST_PRODUCTS:
        return counts, False
    best, value = counts, task.value(counts) + _LEAST_GAIN
    for a, i in enumerate(used):
        for j in used[a:]:
            less = counts.copy()
            less[i] -= 1
            less[j] -= 1
            if less.min() < 0:
                continue
            for k in range(task.size):
                with_first = less.copy()
                with_first[k] += 1
                within = task.minutes(with_first) + task.extra_minutes(with_first) <= room + 1e-9
                reached = np.where(within, task.value(with_first) + task.gains(with_first), -np.inf)
                second = int(np.argmax(reached))
                if reached[second] > value + _LEAST_GAIN:
                    best, value = with_first.copy(), reached[second]
                    best[second] += 1
    return best, best is not counts


# --- the convex optimum ---------------------------------------------------------------------------------------------


def _rounded(task, greedy, points, room):
    """The best shares of the minutes of the greedy design, rounded and filled up."""
    total, room = max(int(np.sum(greedy)), 1), min(room, task.minutes(greedy))
    allowed, shares, rounds = np.ones(task.size, dtype=bool), np.full(task.size, 1.0 / task.size), _ROUNDS
    while True:
        shares, rounds = _optimal_shares(task, total, allowed * shares, rounds), _ROUNDS // 5
        counts = np.floor(shares * total + 1e-9).astype(int)
        needed = (shares * total > 0.4).astype(int)
        over = task.minutes(needed) + task.point * (total - int(np.sum(needed))) > room + 1e-9
        if not over or not _drop_level(task, shares, needed, allowed):
            break
    return filled(task, counts if task.minutes(counts) <= room + 1e-9 else 0 * counts, points, room, allowed)


def _optimal_shares(task, total, shares, rounds):
    """Shares (n,) of `total` points that make the goal best, from others: multiplicative steps, each uphill
    [S. Silvey, D. Titterington, B. Torsney, Commun. Stat. Theory Methods 7, 1379 (1978)]."""
    shares = shares / np.sum(shares)
    for _ in range(rounds):
        slope = np.zeros(task.size)
        for (slopes, _), S in zip(task.local, task.covariances(total * shares), strict=True):
            goal_slopes = slopes @ S @ task.goal.T
            slope += np.einsum("nk,kl,nl->n", goal_slopes, np.linalg.inv(task.goal @ S @ task.goal.T), goal_slopes)
        if not slope.any():
            break
        shares = shares * np.sqrt(slope)
        shares /= np.sum(shares)
    return shares


def _drop_level(task, shares, needed, allowed):
    """Forbid the dearest level with the least share; False where every axis that costs has one level left."""
    weights, used = shares.reshape(task.shape), needed.reshape(task.shape)
    worth = []
    for axis, price in enumerate(task.prices):
        others = tuple(other for other in range(len(task.shape)) if other != axis)
        levels = np.flatnonzero(used.any(axis=others))
        if price > 0.0 and len(levels) > 1:
            share = weights.sum(axis=others)[levels]
            worth.append((float(np.min(share)) / price, axis, int(levels[np.argmin(share)])))
    if not worth:
        return False
    _, axis, level = min(worth)
    np.moveaxis(allowed.reshape(task.shape), axis, 0)[level] = False
    return True

