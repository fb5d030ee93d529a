"""Two parameters at once: chi-square where both are held and all others follow, beside the posterior's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from glasstunnel.errors import FitError, GlassTunnelError
from glasstunnel.inference.identifiability import coordinate_covariance
from glasstunnel.inference.results import FitResult, fit_result
from glasstunnel.inference.solve import minimize
from glasstunnel.progress import shows_progress
from glasstunnel.records import brief

if TYPE_CHECKING:
    from glasstunnel.inference.posteriors import Posterior

_WIDTH = 3.0  # standard errors to each side


@dataclass(frozen=True, eq=False)
class Contours:
    """Rise of chi-square over two parameters: rises (ny, nx) over the values x (nx,) and y (ny,).

    levels : {probability: rise of chi-square at its contour}, chi-square (or F) with two degrees of freedom. Infinite
    where there is no model. draws : (2, n) of a posterior to stand beside, or None; logarithmic : whether x and y are
    fitted in the logarithm.
    """

    paths: tuple[str, str]
    x: np.ndarray
    y: np.ndarray
    rises: np.ndarray
    levels: dict[float, float]
    draws: np.ndarray | None = None
    logarithmic: tuple[bool, bool] = (False, False)

    def beside(self, posterior: "Posterior") -> "Contours":
        """The same contours with the draws of a posterior, as it is drawn beside them."""
        return replace(self, draws=np.array([posterior.samples[path] for path in self.paths]))

    @property
    def sentence(self) -> str:
        """Whether data and priors say the same of this pair, where both are known."""
        pair = " and ".join(self.paths)
        if self.draws is None:
            return f"profile contours of {pair}: chi-square with both held, all others at their best"
        held = ", ".join(f"{100 * self.held(level):.0f} %" for level in self.levels)
        wanted = ", ".join(f"{100 * level:.0f} %" for level in self.levels)
        return (f"{pair}: the profile contours of {wanted} hold {held} of the draws of the posterior; where these "
                "differ, the priors or the shape of chi-square decide")  # fmt: skip

    def held(self, level: float) -> float:
        """The part of the draws inside the contour of a level; NaN without draws."""
        from scipy.interpolate import RegularGridInterpolator

        if self.draws is None:
            return float("nan")
        axes = [np.log(x) if is_log else x for x, is_log in zip((self.x, self.y), self.logarithmic, strict=True)]
        places = [np.log(x) if is_log else x for x, is_log in zip(self.draws, self.logarithmic, strict=True)]
        whole = bool(np.isfinite(self.rises).all()) and min(self.rises.shape) > 3
        rises = self.rises if whole else np.where(np.isfinite(self.rises), self.rises, 1e6)
        rise = RegularGridInterpolator((axes[1], axes[0]), rises, "cubic" if whole else "linear", bounds_error=False,
                                       fill_value=np.inf)  # fmt: skip
        return float(np.mean(rise(np.column_stack(places[::-1])) <= self.levels[level]))

    def report(self) -> str:
        """The sentence."""
        return self.sentence

    __repr__ = brief

    def to_dict(self) -> dict[str, Any]:
        """JSON-able numbers; null where there is no model."""
        rises = [[float(rise) if np.isfinite(rise) else None for rise in row] for row in self.rises]
        return {"paths": list(self.paths), "x": self.x.tolist(), "y": self.y.tolist(), "rises": rises,
                "levels": {str(level): rise for level, rise in self.levels.items()}, "sentence": self.sentence}


@shows_progress
def contours(result: FitResult, first: str, second: str, *, points: int = 15, levels=(0.6827, 0.95),
             max_evaluations: int = 100, progress: Callable[[str], None] | None = None) -> Contours:
    """Profile contours of two varied parameters: both are held on a grid, all others are fitted again.

    The grid of `points` by `points` reaches three standard errors to each side, within the priors.
    `FitError` where the fit did not converge or a path does not vary.

    >>> from glasstunnel.inference import contours
    >>> from glasstunnel import Column, Dataset, Glass, LarmorDiamagnetism, Uniform, fit
    >>> chip = Dataset({"temperature": Column([4.0, 4.0], "K"), "field": Column([1.0, 2.0], "T"),
    ...                 "magnetization": Column([-4e-3, -8e-3], "A m2/kg"), "sigma": Column([1e-3] * 2, "A m2/kg")},
    ...                "magnetization", name="chip", noise="given")
    >>> best = fit(Glass({"larmor": LarmorDiamagnetism(1e-3)}), [chip],
    ...            {"larmor.susceptibility": Uniform(0, 1), "data.chip.offset": Uniform(-1, 1)})
    >>> contours(best, "larmor.susceptibility", "data.chip.offset", points=5).rises.shape
    (5, 5)
    """
    fit_result(result, "contours")
    for path in (first, second):
        if path not in result.names:
            raise FitError(f"contours: {path!r} does not vary in this fit; it varies {', '.join(result.names)}")
    if first == second or not result.converged:
        raise FitError("contours need two different parameters of a fit that converged")
    problem = result.problem
    best = problem.coordinates(result.values)
    covariance = coordinate_covariance(problem, problem.jacobian(best))
    x, y = (_grid(problem, best, covariance, path, points) for path in (first, second))
    floor = float(np.sum(problem.residuals(best) ** 2))
    rises = np.empty((len(y), len(x)))
    for row, b in enumerate(y):
        if progress:
            progress(f"contours: row {row + 1} of {len(y)}")
        for column, a in enumerate(x):
            rises[row, column] = _cost(problem, best, {first: a, second: b}, max_evaluations) - floor
    logarithmic = (result.priors[first].logarithmic, result.priors[second].logarithmic)
    heights = {level: _rise(level, min(result.freedom(first), result.freedom(second))) for level in levels}
    return Contours((first, second), x, y, rises, heights, None, logarithmic)


def held_rise(
    result: FitResult, values: Mapping[str, float], levels=(0.6827, 0.95)
) -> tuple[float, dict[float, float]]:
    """(rise of chi-square with two varied parameters held at `values`, {level: rise at the contour of that level}).

    The pair lies inside the contour where the rise is below that of the level.
    """
    problem = result.problem
    best = problem.coordinates(result.values)
    rise = _cost(problem, best, dict(values), 200) - float(np.sum(problem.residuals(best) ** 2))
    return rise, {level: _rise(level, min(map(result.freedom, values))) for level in levels}


def _grid(problem, best, covariance, path, points):
    i, prior = problem.names.index(path), problem.priors[path]
    half = _WIDTH * np.sqrt(covariance[i, i])
    low, high = prior.limits
    return np.asarray(prior.value(np.linspace(max(low, best[i] - half), min(high, best[i] + half), points)))


def _cost(problem, best, held, max_evaluations):
    """chi-square plus prior pulls with two parameters held, the others at their best."""
    pulls = sum((problem.priors[path].pull(value) or 0.0) ** 2 for path, value in held.items())
    reduced, rest = problem, best
    for path, value in held.items():
        rest = np.delete(rest, reduced.names.index(path))
        reduced = reduced.without(path, float(value))
    try:
        if not reduced.names:
            return float(np.sum(reduced.residuals(rest) ** 2)) + pulls
        # From the best coordinates of all others: near, since the grid is a few standard errors wide.
        return minimize(reduced, rest, max_evaluations, tolerance=1e-8).cost + pulls
    except GlassTunnelError:
        return np.inf


def _rise(level, freedom):
    from scipy.special import chdtri, fdtri

    return float(chdtri(2, 1.0 - level) if np.isinf(freedom) else 2.0 * fdtri(2, freedom, level))
