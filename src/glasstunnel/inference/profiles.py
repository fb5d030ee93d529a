"""Profile intervals: how far a parameter can move while all others follow it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from glasstunnel.errors import FitError, GlassTunnelError
from glasstunnel.inference.identifiability import combination_error
from glasstunnel.inference.results import FitResult, fit_result
from glasstunnel.inference.solve import minimize
from glasstunnel.inference.wording import align, finite_or_none
from glasstunnel.numerics.uncertainty import like_error
from glasstunnel.progress import shows_progress
from glasstunnel.records import brief

_GROWTH = 1.6  # of the step while looking for the end of an interval
_MAX_STEPS = 60
_MAX_EVALUATIONS = 200  # of each refit
_TOLERANCE = 1e-8  # of the refits: the ends of an interval are wanted to a part in a thousand


@dataclass(frozen=True, eq=False)
class Profile:
    """Profile of one parameter.

    lower, upper : ends of the interval; None where chi-square does not rise enough before the prior ends.
    value : best value of the fit. level : probability of the interval. rise : the rise of chi-square at its ends.
    scan, rises : the scanned values and the rise of chi-square there, ascending.
    sentence : the interval in words. unit : of the parameter. lowest : the smallest rise seen; clearly negative
        when the fit had not found the minimum.
    """

    path: str
    value: float
    lower: float | None
    upper: float | None
    level: float
    rise: float
    scan: np.ndarray
    rises: np.ndarray
    sentence: str
    unit: str = "1"

    __repr__ = brief

    @property
    def lowest(self):
        return float(self.rises.min())


@dataclass(frozen=True, eq=False)
class Profiles(Mapping):
    """{path: `Profile`} with a text report."""

    by_path: dict[str, Profile]

    __repr__ = brief

    def __getitem__(self, path):
        return self.by_path[path]

    def __iter__(self):
        return iter(self.by_path)

    def __len__(self):
        return len(self.by_path)

    def report(self):
        """The intervals as a text table and in words."""
        rows = [("parameter", "value", "minus", "plus")]
        for path, curve in self.by_path.items():
            minus = "open" if curve.lower is None else f"-{curve.value - curve.lower:.3g}"
            plus = "open" if curve.upper is None else f"+{curve.upper - curve.value:.3g}"
            rows.append((path, f"{curve.value:.6g}", minus, plus))
        return "\n".join([*align(rows), *(f"  - {curve.sentence}" for curve in self.by_path.values())])

    def to_dict(self):
        """JSON-able numbers; null for open ends."""
        return {
            path: {
                "value": curve.value, "lower": curve.lower, "upper": curve.upper, "level": curve.level,
                "rise": curve.rise, "sentence": curve.sentence, "scan": curve.scan.tolist(),
                "rises": [finite_or_none(rise) for rise in curve.rises],
            }
            for path, curve in self.by_path.items()
        }


@shows_progress
def profile(result: FitResult, paths: str | Sequence[str] | None = None, *, level: float = 0.6827,
            max_evaluations: int = _MAX_EVALUATIONS, progress: Callable[[str], None] | None = None) -> "Profiles":
    """Profile-likelihood intervals of a fit  [Venzon and Moolgavkar, Appl. Stat. 37, 87 (1988); as MINOS].

    The parameter is held at one value after the other while all others are fitted again, until chi-square has risen
    by the quantile of chi-square with one degree of freedom (1.00 for level 0.6827). Noise estimated from residuals
    stays as the fit left it, and the quantile is then that of F with the degrees of freedom behind the noise (Student's
    t squared), which is larger.

    Parameters
    ----------
    result : FitResult. paths : sequence of varied paths; all of them by default. level : probability, 0 to 1.
    max_evaluations : int, for each refit. progress : function of one sentence, or None.

    Returns
    -------
    Profiles, a mapping {path: Profile}. An interval that reaches the end of the prior is open there (None).

    Raises
    ------
    FitError for a fit that did not converge, a path that does not vary or a level outside 0 to 1.

    Examples
    --------
    >>> from glasstunnel import Column, Dataset, Glass, LarmorDiamagnetism, Uniform, fit, profile
    >>> chip = Dataset({"temperature": Column([4.0], "K"), "field": Column([2.0], "T"),
    ...                 "magnetization": Column([-8e-3], "A m2/kg"), "sigma": Column([1e-3], "A m2/kg")},
    ...                "magnetization", name="chip", noise="given")
    >>> best = fit(Glass({"larmor": LarmorDiamagnetism(1e-3)}), [chip], {"larmor.susceptibility": Uniform(0, 1)})
    >>> interval = profile(best)["larmor.susceptibility"]
    >>> round(interval.lower, 6), round(interval.upper, 6)
    (0.0035, 0.0045)
    """
    fit_result(result, "profile")
    if not 0.0 < level < 1.0:
        raise FitError(f"profile: level must lie between 0 and 1, got {level!r}")
    if not result.converged:
        raise FitError(
            f"profile: the fit did not converge ({result.message}), so there is no minimum to start from; "
            "fit again with other starting values, more starts or more evaluations"
        )
    paths = result.names if paths is None else tuple(paths)
    for path in paths:
        if path not in result.names:
            raise FitError(f"profile: {path!r} does not vary in this fit; it varies {', '.join(result.names)}")
    profiles = {}
    for number, path in enumerate(paths, 1):
        if progress:
            progress(f"profile {number} of {len(paths)}: {path}")
        profiles[path] = _Scan(result, path, level, max_evaluations).profile()
    return Profiles(profiles)


def profile_ends(result: FitResult, path: str, levels: Sequence[float]) -> list[tuple[float, float]]:
    """(lower, upper) end of `profile` for each level, infinite where it is open; no curve, and refits are shared."""
    scan, ends = _Scan(result, path, levels[0], _MAX_EVALUATIONS), []
    for level in levels:
        scan.aim_at(level)
        lower, upper = scan.end(-1), scan.end(+1)
        ends.append((-math.inf if lower is None else lower, math.inf if upper is None else upper))
    return ends


class _Scan:
    """Refits with one parameter held, remembered by its coordinate."""

    def __init__(self, result, path, level, max_evaluations):
        self.problem, self.path, self.max_evaluations = result.problem, path, max_evaluations
        self.prior = self.problem.priors[path]
        self.index = result.names.index(path)
        self.best = self.problem.coordinates(result.values)
        self.result = result
        self.others = {float(self.best[self.index]): np.delete(self.best, self.index)}
        self.floor = _cost(self.problem, self.best)
        self.rises = {float(self.best[self.index]): 0.0}
        self.aim_at(level)

    def aim_at(self, level):
        """The ends are those of this level from now on."""
        self.level, self.target = level, self.result.rise(self.path, level)

    def profile(self):
        lower, upper = self.end(-1), self.end(+1)
        self._fill_in(lower, upper)
        points = sorted(self.rises)
        scan = np.array([float(self.prior.value(z)) for z in points])
        value = self.result.values[self.path]
        sentence = self._sentence(lower, upper)
        rises = np.array([self.rises[z] for z in points])
        return Profile(self.path, value, lower, upper, self.level, self.target, scan, rises, sentence,
                       self.result.units[self.path])  # fmt: skip

    def end(self, side):
        """Value where chi-square has risen enough, walking down (-1) or up (+1); None when it never does."""
        from scipy.optimize import brentq

        limit = self.prior.limits[0 if side < 0 else 1]
        inside = z = float(self.best[self.index])
        step = self._first_step()
        for _ in range(_MAX_STEPS):
            if z == limit:
                return None
            z = z + side * step
            z = max(z, limit) if side < 0 else min(z, limit)
            if self.rise(z) >= self.target:
                break
            inside, step = z, _GROWTH * step
        else:
            return None
        # The root of the rise is nearly linear, so that few refits are needed.
        end = brentq(lambda x: self._root(x) - math.sqrt(self.target), inside, z, xtol=1e-4 * step)
        return float(self.prior.value(end))

    def _fill_in(self, lower, upper):
        """A few refits between the minimum and the ends, and beyond: the search itself crowds at the ends."""
        best = float(self.best[self.index])
        low, high = self.prior.limits
        for end, limit in ((lower, low), (upper, high)):
            far = limit if end is None else self.prior.coordinate(end)
            if math.isfinite(far) and far != best:
                for share in (0.3, 0.65, 1.35, 1.7) if end is not None else (0.3, 0.65):
                    self.rise(min(max(best + share * (far - best), low), high))

    def _root(self, z):
        return math.sqrt(min(max(self.rise(z), 0.0), 1e3 * self.target))

    def _first_step(self):
        value = self.result.values[self.path]
        others = {path: side for path, side in self.result.at_bound.items() if path != self.path}
        error = combination_error(self.problem, self.best, others, {self.path: 1.0 / self.prior.slope(value)})
        return min(error * math.sqrt(self.target), 0.3 * self.prior.spread)

    def _guess(self, z):
        """Where the other coordinates will be: on the line through the two nearest known points."""
        near, *more = sorted(self.others, key=lambda known: abs(known - z))
        guess = self.others[near]
        if more:
            guess = guess + (z - near) / (more[0] - near) * (self.others[more[0]] - guess)
        limits = np.array([prior.limits for path, prior in self.problem.priors.items() if path != self.path])
        return np.clip(guess, *limits.T)

    def rise(self, z):
        """Rise of chi-square (with prior pulls) above the fit when the coordinate is held at z."""
        z = float(z)
        if z not in self.rises:
            self.rises[z] = self._refit(z)
        return self.rises[z]

    def _refit(self, z):
        x = float(self.prior.value(z))
        held = self.problem.without(self.path, x)
        try:
            if held.names:
                solution = minimize(held, self._guess(z), self.max_evaluations, tolerance=_TOLERANCE)
                self.others[z], cost = solution.z, solution.cost
            else:
                cost = _cost(held, np.empty(0))
        except GlassTunnelError:
            return math.inf
        pull = self.prior.pull(x) or 0.0
        return cost + pull**2 - self.floor

    def _sentence(self, lower, upper):
        percent = f"{100 * self.level:.4g} % confidence"
        value, unit = self.result.values[self.path], self.result.units[self.path]
        behind = "" if unit == "1" else f" {unit}"
        low, high = ("" if end is None else like_error(end, end - value) + behind for end in (lower, upper))
        if lower is None and upper is None:
            words = f"{self.path} has no limits at {percent} within its prior: these data do not determine it"
        elif lower is None:
            words = f"{self.path} has no lower limit within its prior; below {high} at {percent}"
        elif upper is None:
            words = f"{self.path} has no upper limit within its prior; above {low} at {percent}"
        else:
            words = f"{self.path} lies between {low} and {high} at {percent}"
        lowest = min(self.rises, key=self.rises.__getitem__)
        if self.rises[lowest] < -0.01 * self.target:
            better = float(self.prior.value(lowest))
            words += f"; the fit had missed a better minimum near {better:.4g}, start again from there"
        return words


def _cost(problem, z):
    residuals = problem.residuals(z)
    return float(residuals @ residuals)
