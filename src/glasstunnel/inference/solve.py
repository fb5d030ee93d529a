"""Minimizes chi-square: bounded trust region in the nonlinear parameters, linear ones solved exactly inside.

Why this optimizer: docs/decisions, "Optimizer". Variable projection: Golub and Pereyra, SIAM J. Numer. Anal. 10, 413
(1973), with Kaufman's Jacobian (BIT 15, 49 (1975)); the trust region is SciPy's `least_squares(method="trf")`.
"""

import math
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from glasstunnel.errors import GlassTunnelError
from glasstunnel.progress import CountedSentence
from glasstunnel.records import brief

TOLERANCE = 1e-10  # relative, of chi-square, step and gradient
_NEAR = 1e-3  # of a prior's spread: closer to the bound than this, the bound itself is tried


@dataclass(frozen=True, eq=False)
class Solution:
    """Where the minimization ended: coordinates z, chi-square plus prior pulls, and why it stopped."""

    z: np.ndarray
    cost: float
    converged: bool
    message: str
    evaluations: int

    __repr__ = brief


def minimize(problem, z, max_evaluations, progress=None, tolerance=TOLERANCE):
    """The `Solution` reached from coordinates z.

    progress : function of one sentence, or None.
    Raises `GlassTunnelError` when the model cannot be evaluated at the start.
    """
    projection = Projection(problem, z)
    if len(projection.outer):
        solution = _trust_region(projection, z, max_evaluations, progress, tolerance)
    else:
        z = projection.at(np.empty(0)).z
        solution = Solution(z, _cost(problem, z), True, "solved exactly: every parameter is linear", 1)
    return _snap(problem, solution)


class Projection:
    """Residuals as a function of the nonlinear coordinates alone, the linear parameters at their best."""

    def __init__(self, problem, z):
        self.problem = problem
        self.start = np.array(z, dtype=float)
        linear = problem.linear
        self.inner = np.array([i for i, name in enumerate(problem.names) if name in linear], dtype=int)
        self.outer = np.array([i for i, name in enumerate(problem.names) if name not in linear], dtype=int)
        self.priors = [problem.priors[problem.names[i]] for i in self.inner]
        self.reference = np.array([prior.value(z[i]) for prior, i in zip(self.priors, self.inner, strict=True)])
        self.last: tuple[bytes | None, Any] = (None, None)

    def at(self, outer):
        """The `_Point` at the given nonlinear coordinates."""
        key = outer.tobytes()
        if self.last[0] != key:
            self.last = (key, self._solve(outer))
        return self.last[1]

    def _solve(self, outer):
        z = self.start.copy()
        z[self.outer] = outer
        residuals, columns = self.problem.linear_columns(z, [self.problem.names[i] for i in self.inner])
        amplitudes, free = bounded_amplitudes(
            columns, columns @ self.reference - residuals,
            np.array([prior.lower for prior in self.priors]), np.array([prior.upper for prior in self.priors]),
        )
        for prior, i, amplitude in zip(self.priors, self.inner, amplitudes, strict=True):
            z[i] = prior.coordinate(amplitude)
        return _Point(z, residuals + columns @ (amplitudes - self.reference), columns[:, free])

    def slopes(self, outer):
        """Kaufman's Jacobian: the part of the full one that no change of the free amplitudes can imitate."""
        point = self.at(outer)
        slopes = self.problem.jacobian(point.z)[:, self.outer]
        basis = np.linalg.qr(point.free)[0]
        return slopes - basis @ (basis.T @ slopes)


@dataclass(frozen=True, eq=False)
class _Point:
    z: np.ndarray
    residuals: np.ndarray
    free: np.ndarray


def bounded_amplitudes(columns, target, lower, upper):
    """Amplitudes that bring columns @ amplitudes closest to target, and which of them are off their bounds.

    columns (points, n), target (points,); lower and upper (n,). Where columns are dependent, the shortest solution.
    """
    n = columns.shape[1]
    if n == 0:
        return np.empty(0), np.empty(0, dtype=bool)
    scale = np.linalg.norm(columns, axis=0)
    scale[scale == 0] = 1.0
    small = np.asarray(np.linalg.qr(np.column_stack([columns / scale, target]), mode="r"))
    best = np.linalg.lstsq(small[:, :n], small[:, n], rcond=1e-12)[0]
    low, high = lower * scale, upper * scale
    if (best < low).any() or (best > high).any():
        from scipy.optimize import lsq_linear

        best = np.clip(lsq_linear(small[:, :n], small[:, n], bounds=(low, high), method="bvls").x, low, high)
    return np.clip(best / scale, lower, upper), (best > low) & (best < high)


def _trust_region(projection, z, max_evaluations, progress, tolerance):
    from scipy.optimize import least_squares

    problem, outer = projection.problem, projection.outer
    priors = [problem.priors[problem.names[i]] for i in outer]
    low, high = (np.array(limit) for limit in zip(*(prior.limits for prior in priors), strict=True))
    spread = np.array([prior.spread for prior in priors])
    start = np.clip(z[outer], np.maximum(low, z[outer] - spread), high)
    inside = np.where(np.isfinite(low) & np.isfinite(high), 1e-6 * spread, 0.0)
    start = np.clip(start, low + inside, high - inside)
    first = projection.at(start).residuals
    # A step the model refuses (crossed cutoffs, overflow) looks like a wall, so that the trust region shrinks.
    wall = np.full(len(first), 1e3 * (1.0 + np.linalg.norm(first)) / math.sqrt(len(first)))

    def residuals(x):
        try:
            values = projection.at(x).residuals
        except GlassTunnelError:
            return wall
        return values if np.isfinite(values).all() else wall

    def slopes(x):
        if progress:
            values = projection.at(x).residuals
            cost = float(values @ values)
            progress(CountedSentence(f"chi-square {cost:.6g}", cost=cost))
        return projection.slopes(x)

    minimum = least_squares(
        residuals, start, jac=cast(Any, slopes), bounds=(low, high), method="trf", x_scale=spread, ftol=tolerance,
        xtol=tolerance, gtol=tolerance, max_nfev=max_evaluations,
    )
    z = projection.at(minimum.x).z
    message = "converged" if minimum.status > 0 else (
        f"not converged: stopped after {minimum.nfev} evaluations, chi-square was still changing"
    )
    return Solution(z, _cost(problem, z), minimum.status > 0, message, int(minimum.nfev))


def _snap(problem, solution):
    """The solution with every parameter that leans against a bound put exactly on it, if chi-square allows."""
    z, cost = solution.z.copy(), solution.cost
    for i, prior in enumerate(problem.priors.values()):
        for limit in prior.limits:
            if z[i] != limit and abs(z[i] - limit) < _NEAR * prior.spread:
                moved = z.copy()
                moved[i] = limit
                try:
                    moved_cost = _cost(problem, moved)
                except GlassTunnelError:
                    continue
                if moved_cost <= cost:
                    z, cost = moved, moved_cost
    return Solution(z, cost, solution.converged, solution.message, solution.evaluations)


def _cost(problem, z):
    residuals = problem.residuals(z)
    return float(residuals @ residuals)
