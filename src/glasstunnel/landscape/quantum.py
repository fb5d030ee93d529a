"""Tunneling along a path: levels by sinc-DVR, the symmetrized splitting, and what kind of system it is.

H = -(hbar^2/2) d^2/ds^2 + V(s) with the mass-weighted arc length s. A number is never given without its method level
(L0 bare path, L1 with transverse zero point, L2 least-action path) and its error class.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.records import brief

#: What is known about the error of Delta0 per method level: the factor found on curved two-dimensional wells.
ERROR_CLASS = {
    "L0": "a factor of 2 to 20 too small on curved paths",
    "L1": "too small by 5 to 50 %, more for soft transverse modes",
    "L2": "within about 20 % where the transverse frequencies stay the same along the path",
}
#: Splittings below this fraction of the well frequency are lost in double precision: WKB replaces them.
LOST = 1e-12
#: Levels among which that of the higher well is looked for.
LOCALIZED = 8
TWO_LEVEL, SINGLE_WELL, THIRD_LEVEL = "two-level system", "single well", "third level too close"


@dataclass(frozen=True, eq=False)
class DoubleWellLevels:
    """Levels of a double well along its path, energies in the unit of the path.

    levels : lowest energies, from the bottom of the lower well. splitting : E = E1 - E0 as it stands.
    tunnel_splitting : Delta0 of the symmetrized well (smallest E1 - E0 under a tilt). asymmetry : Delta of the two
    localized levels, zero points included, positive when the second well is higher. barrier : V0 above the higher well.
    kind : two-level system, single well, or third level too close. method : L0, L1 or L2; error_class says what that
    means; solver : "sinc-DVR", or "WKB" where Delta0 is below 1e-12 of the well frequency.
    consistency : E / sqrt(Delta^2 + Delta0^2), 1 for a two-level system.
    """

    levels: np.ndarray
    splitting: float
    tunnel_splitting: float
    asymmetry: float
    barrier: float
    frequency: float
    kind: str
    method: str
    solver: str
    action: float
    consistency: float

    __repr__ = brief

    @property
    def error_class(self) -> str:
        """What is known about the error of the splitting at this method level."""
        return ERROR_CLASS[self.method]

    @property
    def tunneling_amplitude(self) -> float:
        """t = -Delta0/2: negative, because a particle without spin has a ground state without nodes."""
        return -0.5 * self.tunnel_splitting


def double_well_levels(path, mass=1.0, *, hbar=1.0, transverse=None, method=None, points=None, count=4):
    """Levels, splitting and kind of a double well along a path; see `DoubleWellLevels`.

    path : a `landscape.saddles.Path` or `Saddle`, or (arc lengths, energies) or (arc lengths, energies, slopes), from
    one minimum or a point beyond it to the other. mass multiplies the squared arc length (1 where it is mass-weighted
    already); hbar in the units of the path, e.g. 0.02957 for argon in reduced units. transverse : zero-point energies
    added at the points of the path, which makes the method L1. `method` names it where the path decides it (L2).

    >>> import numpy as np
    >>> from glasstunnel.landscape import double_well_levels
    >>> s = np.linspace(-1.8, 1.8, 81)  # beyond its ends a path is continued harmonically
    >>> found = double_well_levels((s, 0.5 * (s**2 - 1)**2), hbar=0.125)     # V0 = 2 hbar Omega
    >>> f"{found.tunnel_splitting / 0.25:.3e}", found.kind
    ('1.895e-04', 'two-level system')
    """
    s, values, slopes = _path_numbers(path)
    if not (mass > 0 and hbar > 0):
        raise ParameterError(f"double_well_levels needs a positive mass and hbar, got {mass!r} and {hbar!r}")
    s = s * math.sqrt(mass)
    if slopes is not None:
        slopes = slopes / math.sqrt(mass)
    well = _well(s, values, slopes, transverse)
    method = method or ("L0" if transverse is None else "L1")
    if method not in ERROR_CLASS:
        raise ParameterError(f"no method level {method!r}; there are {', '.join(ERROR_CLASS)}")
    return _solve_well(well, hbar, method, points, count)


def _path_numbers(path):
    path = getattr(path, "path", path)
    if hasattr(path, "arc"):
        return np.asarray(path.arc), np.asarray(path.energies), np.asarray(path.slopes)
    rows = [np.asarray(row, dtype=float) for row in path]
    if len(rows) not in (2, 3) or any(row.ndim != 1 or len(row) != len(rows[0]) for row in rows) or len(rows[0]) < 5:
        raise ParameterError("a path is (arc lengths, energies) or (arc lengths, energies, slopes), 5 points or more")
    if not all(np.all(np.isfinite(row)) for row in rows) or np.any(np.diff(rows[0]) <= 0):
        raise ParameterError("the arc lengths of a path must increase and all its numbers must be finite")
    return rows[0], rows[1], rows[2] if len(rows) == 3 else None


@dataclass(frozen=True)
class _Well:
    """V(s) along a path from `low` to `high`, zero at its lower end, and the curvatures of its two wells."""

    potential: Callable
    curvatures: list[float]
    low: float
    high: float


def _well(s, values, slopes, transverse) -> _Well:
    """The double well of a path: cubic pieces between the ends, harmonic beyond; zero at the lower end."""
    from scipy.interpolate import CubicHermiteSpline, CubicSpline

    inside = CubicSpline(s, values) if slopes is None else CubicHermiteSpline(s, values, slopes)
    added = None
    if transverse is not None:
        extra = np.asarray(transverse, dtype=float)
        if extra.shape != s.shape or not np.all(np.isfinite(extra)):
            raise ParameterError("the transverse zero-point energies must be finite, one for each point of the path")
        from scipy.interpolate import PchipInterpolator

        added = PchipInterpolator(s, extra)
    total = (lambda x: inside(x)) if added is None else (lambda x: inside(x) + added(x))
    low, high = s[0], s[-1]
    base = min(float(total(low)), float(total(high)))
    fine = np.linspace(low, high, 1201)
    left, _top, right = _wells(total(fine))
    curvatures = [_curvature_at(inside, fine[left], low, s[1]), _curvature_at(inside, fine[right], high, s[-2])]
    ends = [(float(total(x)), float(inside(x, 1)), max(float(inside(x, 2)), curvature))
            for x, curvature in ((low, curvatures[0]), (high, curvatures[1]))]  # fmt: skip

    def potential(x):
        x = np.asarray(x, dtype=float)
        result = total(np.clip(x, low, high))
        for (value, slope, curvature), edge, beyond in zip(ends, (low, high), (x < low, x > high), strict=True):
            step = x[beyond] - edge
            result[beyond] = value + slope * step + 0.5 * curvature * step**2
        return result - base

    return _Well(potential, curvatures, low, high)


def _curvature_at(inside, minimum, edge, near):
    """V'' at a minimum; at the edge of the path the rise to the next point where the spline's end is off."""
    curvature = float(inside(minimum, 2))
    if minimum != edge:
        return max(curvature, 1e-6)
    step = near - edge
    rise = 2.0 * (float(inside(near)) - float(inside(edge)) - float(inside(edge, 1)) * step) / step**2
    return curvature if curvature > 0.2 * abs(rise) else max(rise, 1e-6)


def dvr_levels(potential, low, high, hbar, points, count=3):
    """Lowest `count` levels and states of V on [low, high] by sinc-DVR with `points` points: (levels, states, grid).

    [D. T. Colbert and W. H. Miller, J. Chem. Phys. 96, 1982 (1992)]

    >>> levels, _states, _grid = dvr_levels(lambda x: 0.5 * x**2, -9.0, 9.0, 1.0, 80)
    >>> bool(np.allclose(levels, [0.5, 1.5, 2.5], rtol=0, atol=1e-10))
    True
    """
    from scipy.linalg import eigh

    grid = np.linspace(low, high, points)
    n = np.arange(points)
    gap = n[:, None] - n[None]
    kinetic = np.where(gap == 0, math.pi**2 / 3.0, 2.0 * (-1.0) ** gap / np.where(gap == 0, 1, gap) ** 2)
    matrix = kinetic * (hbar / (grid[1] - grid[0])) ** 2 / 2.0 + np.diag(potential(grid))
    if not np.all(np.isfinite(matrix)):
        raise ParameterError(f"no levels of this path: hbar = {hbar:.3g} or its energies are too large")
    levels, states = eigh(matrix, subset_by_index=[0, count - 1], check_finite=False)  # pyright: ignore
    return np.asarray(levels), np.asarray(states), grid


def _solve_well(well, hbar, method, points, count):
    low, high = well.low, well.high
    fine = np.linspace(low, high, 1201)
    shape = well.potential(fine)
    left, top, right = _wells(shape)
    barrier = float(shape[top] - max(shape[left], shape[right]))
    omegas = [math.sqrt(curvature) for curvature in well.curvatures]
    margins = [6.5 * math.sqrt(hbar / omega) for omega in omegas]
    reach = (min(low, fine[left] - margins[0]), max(high, fine[right] + margins[1]))
    if points is None:
        momentum = math.sqrt(2.0 * (max(shape[top], 0.0) + 24.0 * hbar * max(omegas)))
        points = int(np.clip((reach[1] - reach[0]) * momentum / (math.pi * hbar), 128, 500))

    def solve(tilt, number):
        return dvr_levels(lambda x: well.potential(x) - tilt * (x - low) / (high - low), *reach, hbar, points, number)

    levels, states, grid = solve(0.0, max(count, LOCALIZED))
    upper = _upper_level(levels, states, grid, fine[top], shape[left] > shape[right])
    levels = levels[: max(count, 3)]
    splitting = float(levels[1] - levels[0])
    frequency = min(omegas)
    start = float(shape.min())
    if not barrier > 1e-12:
        return DoubleWellLevels(levels - start, splitting, splitting, math.nan, max(barrier, 0.0), frequency,
                                SINGLE_WELL, method, "sinc-DVR", 0.0, math.nan)
    zero_points = 0.5 * hbar * (omegas[1] - omegas[0])
    level = (shape[right] - shape[left] + zero_points) * (high - low) / (fine[right] - fine[left])
    tunnel, asymmetry = _symmetrized(solve, low, high, level)
    action = wkb_action((shape - max(shape[left], shape[right]))[left:right], fine[left:right], 0.5 * hbar * frequency)
    solver = "sinc-DVR"
    if tunnel < LOST * hbar * frequency * max(1.0, shape[top] / (hbar * frequency)):
        even = shape - level * (fine - low) / (high - low)  # both wells at one level
        across = wkb_action((even - max(even[left], even[right]))[left:right], fine[left:right], 0.5 * hbar * frequency)
        tunnel, solver = hbar * frequency / math.pi * math.exp(-across / hbar), "WKB"
        asymmetry = math.copysign(splitting, shape[right] - shape[left]) if asymmetry == 0.0 else asymmetry
    kind = TWO_LEVEL
    if upper > shape[top]:
        kind = SINGLE_WELL
    consistency = splitting / math.hypot(asymmetry, tunnel)
    if kind == TWO_LEVEL and (levels[2] - levels[1] < 3.0 * splitting or abs(consistency - 1.0) > 0.1):
        kind = THIRD_LEVEL
    return DoubleWellLevels(levels - start, splitting, tunnel, asymmetry, barrier, frequency, kind, method, solver,
                            action, consistency)


def _wells(shape):
    """Indices of the lowest minimum left of the top, of the top between them, and of the minimum right of it."""
    inside = (shape[1:-1] < shape[:-2]) & (shape[1:-1] <= shape[2:])
    minima = [n for n in range(len(shape)) if (n == 0 and shape[0] < shape[1]) or
              (n == len(shape) - 1 and shape[-1] < shape[-2]) or (0 < n < len(shape) - 1 and inside[n - 1])]
    if len(minima) < 2:
        return 0, 0, len(shape) - 1
    a, b = sorted(sorted(minima, key=lambda n: shape[n])[:2])
    return a, a + int(np.argmax(shape[a : b + 1])), b


def _symmetrized(solve, low, high, tilt):
    """(Delta0, Delta): the smallest E1 - E0 under a tilt, and the difference of the localized levels without it.

    tilt : that brings both wells about to one level; farther away E1 - E0 may be an excitation inside one well.
    Near the crossing E^2 = Delta0^2 + c^2 (tilt - tilt*)^2, so a Newton step on E dE/dtilt finds it.
    """
    best = None
    for _step in range(12):
        levels, states, grid = solve(tilt, 2)
        gap = float(levels[1] - levels[0])
        position = (grid - low) / (high - low)
        mean = states.T @ (position[:, None] * states)
        slope = -(mean[1, 1] - mean[0, 0])  # dE/dtilt
        across = math.hypot(mean[1, 1] - mean[0, 0], 2.0 * mean[0, 1])  # distance of the localized states
        if best is None or gap < best[0]:
            best = (gap, tilt * across)
        step = -gap * slope / max(across, 1e-12) ** 2
        tilt += step
        if abs(step) < 1e-13 + 1e-7 * gap:
            break
    assert best is not None
    return best


def _upper_level(levels, states, grid, top, left):
    """The lowest level of the higher well: up to it the states hold most (3/4) of one state beyond the top."""
    beyond = grid < top if left else grid > top
    held = np.cumsum(np.sum(states[beyond] ** 2, axis=0))
    return float(levels[min(int(np.searchsorted(held, 0.75)), len(levels) - 1)])


def wkb_action(shape, s, energy=0.0):
    """S = integral of sqrt(2 (V - E)) over the barrier [unit of hbar], V from the higher well."""
    return float(np.trapezoid(np.sqrt(2.0 * np.clip(shape - energy, 0.0, None)), s))


def fit_wells(levels, asymmetries=(0.0, 0.0)):
    """(energies (3,), t12, t23, t31) of a three-well Hamiltonian diag(E) + t with equal t and the given E2-E1, E3-E1.

    levels : three lowest levels. The sign of t is that of the fit to the level order: a node-free ground state gives
    t < 0. Least squares; `ParameterError` unless there are three increasing finite levels.
    """
    from scipy.optimize import least_squares

    levels = np.sort(np.asarray(levels, dtype=float))
    if levels.shape != (3,) or not np.all(np.isfinite(levels)) or not levels[2] > levels[0]:
        raise ParameterError("fit_wells needs the three lowest levels as finite numbers that are not all equal")
    offsets = np.array([0.0, *asymmetries])
    spread = max(levels[2] - levels[0], 1e-300)

    def misfit(parameters):
        base, t = parameters
        matrix = np.diag(base + offsets) + t * (1.0 - np.eye(3))
        return (np.linalg.eigvalsh(matrix) - levels) / spread

    fits = [least_squares(misfit, (levels.mean(), sign * spread / 3), xtol=1e-15, ftol=1e-15, gtol=1e-15)
            for sign in (-1.0, 1.0)]
    base, t = min(fits, key=lambda fit: fit.cost).x
    return base + offsets, float(t)
