"""What residuals say, dataset by dataset: their size, their runs, their correlation along temperature and field."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from glasstunnel.inference.error_sources import SharedError, drift_chances, shared_errors
from glasstunnel.inference.intervals import standard_quantile
from glasstunnel.inference.misfits import runs_probability, too_large
from glasstunnel.inference.results import FitResult, FittedCurve
from glasstunnel.inference.wording import align
from glasstunnel.records import brief

_MOST_NAMED = 3  # datasets named one by one
_IMPROBABLE_RUNS = 1e-3  # probability of so few runs that is said
_IMPROBABLE_CORRELATION = 1e-3  # probability, in all tests together, of a correlation that speaks against a model


@dataclass(frozen=True)
class CurveDiagnostics:
    """Residuals of one dataset.

    chi2 : over `points`. runs : probability of so few changes of sign. along_T, along_B : lag-1 autocorrelation of the
    residuals in the order of temperature at each field, and of field at each temperature; NaN where nothing is swept.
    limit : beyond which a correlation is said: 2/sqrt(points), more where many datasets are looked at.
    """

    name: str
    points: int
    chi2: float
    runs: float
    along_T: float
    along_B: float
    tests: int = 1

    __repr__ = brief

    @property
    def limit(self) -> float:
        return self._limit(0.0455)  # as of two standard deviations

    def _limit(self, chance):
        """The correlation that independent noise exceeds with this probability in all tests together."""
        return standard_quantile(1.0 - chance / self.tests) / math.sqrt(self.points)

    @property
    def strength(self) -> float:
        """The larger of the two correlations, in units of the limit."""
        known = [abs(value) for value in (self.along_T, self.along_B) if math.isfinite(value)]
        return max(known, default=0.0) / self.limit

    @property
    def correlated(self) -> bool:
        """Whether neighbors move together more than independent noise would."""
        return self.strength > 1.0

    @property
    def patterned(self) -> bool:
        """Whether neighbors lie on the same side so often that independent noise is ruled out (to about 1e-3)."""
        limit = self._limit(_IMPROBABLE_CORRELATION)
        return self.runs < _IMPROBABLE_RUNS / self.tests or self.along_T > limit or self.along_B > limit


@dataclass(frozen=True)
class Diagnostics:
    """`CurveDiagnostics` of every dataset of a fit; shared : errors of single runs that would explain them. hidden :
    {dataset whose noise follows from its residuals: chance that a drift of twice the noise would be named}."""

    curves: tuple[CurveDiagnostics, ...]
    scales_vary: bool
    drifts: bool = False
    shared: tuple[SharedError, ...] = ()
    hidden: Mapping[str, float] = field(default_factory=dict)

    __repr__ = brief

    @property
    def telling(self) -> bool:
        """Whether anything but independent noise shows."""
        return bool(self.shared) or any(found.correlated or found.runs < _IMPROBABLE_RUNS for found in self.curves)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the residuals show, and what to do about it."""
        correlated = [curve for curve in self.curves if curve.correlated]
        patterned = [curve.name for curve in self.curves if curve.runs < _IMPROBABLE_RUNS]
        words = []
        for curve in sorted(correlated, key=lambda curve: -curve.strength)[:_MOST_NAMED]:
            parts = [f"{value:+.2f} along {axis}" for axis, value in (("T", curve.along_T), ("B", curve.along_B))
                     if math.isfinite(value)]  # fmt: skip
            words.append(f"{curve.name}: neighboring residuals are correlated ({', '.join(parts)}; independent noise "
                         f"stays within {curve.limit:.2f})")  # fmt: skip
        if len(correlated) > _MOST_NAMED:
            words.append(f"so are those of {len(correlated) - _MOST_NAMED} more datasets")
        if patterned:
            more = f" and {len(patterned) - _MOST_NAMED} more" if len(patterned) > _MOST_NAMED else ""
            words.append(f"{', '.join(patterned[:_MOST_NAMED])}{more}: too few changes of sign for independent noise")
        words += [error.sentence for error in self.shared]
        if (correlated or patterned) and len(self.curves) > 1 and not self.scales_vary and not self.shared:
            name = self.curves[0].name
            words.append(f"vary a scale of every run with a Normal prior (data.{name}.scale, or data.*.scale for all: "
                         "Normal(1, 0.005)): it costs hardly anything, and a scale error that is not in the model "
                         "makes errors up to ten times too small")  # fmt: skip
        if any(curve.along_T > curve.limit for curve in correlated) and not self.drifts and not self.shared:
            words.append("where nothing is missing in the model, give the noise a drift along T (noise = {..., drift = "
                         "true}): its size is then found with the fit, and errors grow by what it hides")  # fmt: skip
        if correlated:
            words.append("result.coverage(systematics=True), or glasstunnel calibrate --systematics, shows how wide "
                         "the intervals have to be")
        return tuple(words) or (f"the residuals look like independent noise{self._unseen}",)

    @property
    def _unseen(self):
        """What they would not show."""
        if not self.hidden:
            return ""
        low, high = min(self.hidden.values()), max(self.hidden.values())
        chance = f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f} to {high:.2f}"
        return ("; but noise that follows from residuals hides slow errors: a drift of twice the noise along T would "
                f"be named with probability {chance}")  # fmt: skip

    def report(self) -> str:
        """A text table, then in words."""
        rows = [("dataset", "points", "chi-square", "p (runs)", "along T", "along B")]
        rows += [(curve.name, str(curve.points), f"{curve.chi2:.4g}", f"{curve.runs:.2g}", *(
            f"{value:+.2f}" if math.isfinite(value) else "-" for value in (curve.along_T, curve.along_B)))
            for curve in self.curves]  # fmt: skip
        return "\n".join([*align(rows), "", *(f"  - {line}" for line in self.sentences)])

    def to_dict(self) -> dict[str, Any]:
        """JSON-able numbers."""
        return {
            "sentences": list(self.sentences),
            "chance_to_name_a_drift_of_2_sigma": dict(self.hidden),
            "would_explain": [{"dataset": error.dataset, "kind": error.kind, "gain": error.gain,
                               "others": dict(error.others), "not_told_from": list(error.rivals)}
                              for error in self.shared],
            "datasets": {curve.name: {"chi2": curve.chi2, "points": curve.points, "runs": curve.runs,
                                      "correlated": curve.correlated} for curve in self.curves},
        }  # fmt: skip


def residual_diagnostics(result: FitResult) -> Diagnostics:
    """See `FitResult.diagnostics`."""
    curves = curve_diagnostics(result)
    found = Diagnostics(curves, any(path.endswith(".scale") for path in result.names),
                        any(curve.drift is not None for curve in result.curves.values()))  # fmt: skip
    explain = result.converged and (found.telling or any(map(too_large, result.curves.values())))
    if explain:
        return replace(found, shared=shared_errors(result))
    return replace(found, hidden=drift_chances(result)) if result.converged else found


def curve_diagnostics(result: FitResult) -> tuple[CurveDiagnostics, ...]:
    """The residuals of every dataset, without the search for what would explain them."""
    plain = [_curve_diagnostics(curve) for curve in result.curves.values()]
    tests = sum(math.isfinite(value) for curve in plain for value in (curve.along_T, curve.along_B))
    return tuple(replace(curve, tests=max(tests, 1)) for curve in plain)


def _curve_diagnostics(curve: FittedCurve) -> CurveDiagnostics:
    residuals = curve.independent_residuals
    return CurveDiagnostics(
        curve.name, len(curve.measured), curve.chi2, runs_probability(curve),
        neighbor_correlation(residuals, curve.temperature, curve.field),
        neighbor_correlation(residuals, curve.field, curve.temperature),
    )


def neighbor_correlation(residuals: np.ndarray, swept: np.ndarray, held: np.ndarray) -> float:
    """Lag-1 autocorrelation in the order of `swept`, within equal values of `held` (to 1 %); NaN for under 5 pairs."""
    order = np.lexsort((swept, np.round(np.log1p(np.abs(held)) / 0.01)))
    group = np.round(np.log1p(np.abs(held)) / 0.01)[order]
    x, moved = residuals[order], np.diff(swept[order]) != 0.0
    pairs = (np.diff(group) == 0.0) & moved
    if pairs.sum() < 5 or not np.any(x):
        return math.nan
    return float(np.mean((x[1:] * x[:-1])[pairs]) / np.mean(x**2))
