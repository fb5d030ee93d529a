"""Distribution of the phase through a flux loop, folded into 0 to pi: directions and areas together.

A loop of relative area A (median 1) whose normal has the cosine c to the field, uniform from 0 to 1, has the phase
b A c, b = B/B*. The levels are even in the phase and have the period 2 pi.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

_SMALLEST = 1e-9  #: b below which the phase does not show
_REACH = 6.5  #: standard deviations of ln A that are followed
_POINTS = 3000  #: of the splines in ln phi, and more for a narrow spread


@dataclass(frozen=True)
class PhaseDistribution:
    """below(phi): share of the loops with a smaller folded phase; quantile: its inverse; edges: where `below` bends."""

    below: Callable
    quantile: Callable
    edges: tuple[float, ...]


@lru_cache(maxsize=32)
def phase_distribution(b: float, area_spread: float) -> PhaseDistribution:
    """The distribution at b = B/B* for a standard deviation of ln A.

    >>> distribution = phase_distribution(4.0, 0.0)  # from 0 to pi evenly, and once more from pi back to 4
    >>> print(f"{distribution.below(math.pi - (4.0 - math.pi)) * 4.0:.6f}")  # 2 pi - 4
    2.283185
    """
    b = max(abs(b), _SMALLEST)
    return _spread(b, area_spread) if area_spread else _even(b)


def _even(b):
    """One area: even density on [0, pi], with one step where the last turn ends."""
    turns = math.floor(b / math.pi)
    rest = b - turns * math.pi
    edge = rest if turns % 2 == 0 else math.pi - rest
    phase = np.array([0.0, edge, math.pi])
    inside = np.array([turns + 1.0, turns]) if turns % 2 == 0 else np.array([turns, turns + 1.0])
    share = np.concatenate([[0.0], np.cumsum(inside * np.diff(phase))]) / b
    kept = np.append(np.diff(share) > 0.0, True)
    kept[0] = True
    if turns == 0:  # nothing beyond the edge
        phase, share = phase[:2], share[:2] / share[1]
    elif not kept.all():
        phase, share = phase[kept], share[kept]
    edges = (edge,) if 0.0 < edge < math.pi else ()
    return PhaseDistribution(lambda x: np.interp(x, phase, share), lambda f: np.interp(f, share, phase), edges)


def _spread(b, spread):
    """Areas of a log-normal distribution: a smooth density, by splines in ln phi."""
    from scipy.interpolate import CubicSpline

    lowest = min(1e-4, 1e-3 * b * math.exp(-_REACH * spread))
    count = min(200_000, math.ceil(_POINTS + 30.0 * math.log(math.pi / lowest) / spread))
    phase = np.geomspace(lowest, math.pi, count)
    density = _folded_density(phase, b, spread)
    share = CubicSpline(np.log(phase), phase * density).antiderivative()(np.log(phase)) + lowest * density[0]
    phase, share = np.append(0.0, phase), np.append(0.0, share)
    rising = np.append(True, np.diff(share) > 1e-15)
    phase, share = phase[rising], share[rising] / share[-1]
    below, quantile = CubicSpline(phase, share), CubicSpline(share, phase)
    return PhaseDistribution(
        lambda x: np.clip(below(np.minimum(x, phase[-1])), 0.0, 1.0),
        lambda f: np.clip(quantile(np.minimum(f, 1.0)), 0.0, math.pi), _soft_edges(b, spread),
    )


def _soft_edges(b, spread):
    """Where the density falls within a standard deviation, folded: not kinks, but soon narrower than any panel."""
    phases = [b * math.exp(deviate * spread) % (2.0 * math.pi) for deviate in (-2.5, -0.8, 0.8, 2.5)]
    return tuple(sorted(min(phase, 2.0 * math.pi - phase) for phase in phases))


def _folded_density(phase, b, spread):
    """Density of the folded phase: every turn, the far ones by the sum formula of Euler and Maclaurin."""
    turn = 2.0 * math.pi
    last = b * math.exp(_REACH * spread) / turn
    direct = math.ceil(min(last + 1.0, 20.0 + 20.0 / spread))
    total = _density(phase, b, spread)
    for k in range(1, direct):
        total = total + _density(turn * k + phase, b, spread) + _density(turn * k - phase, b, spread)
    for sign in (-1.0, 1.0):
        start = turn * (direct - 0.5) + sign * phase
        total += _beyond(start, b, spread) / turn + turn / 24.0 * _slope(start, b, spread)
    return total


def _density(x, b, spread):
    """Density of the phase b A c before it is folded: <1/A; A > x/b>/b."""
    from scipy.special import ndtr

    return math.exp(0.5 * spread**2) / b * ndtr(-np.log(x / b) / spread - spread)


def _slope(x, b, spread):
    deviate = np.log(x / b) / spread + spread
    return -math.exp(0.5 * spread**2) / (b * spread * x) * np.exp(-0.5 * deviate**2) / math.sqrt(2.0 * math.pi)


def _beyond(x, b, spread):
    """Share of the loops whose phase, before it is folded, is larger than x."""
    from scipy.special import ndtr

    return ndtr(-np.log(x / b) / spread) - x * _density(x, b, spread)
