"""`compare`: several models on the same data, and what each says about the iron in the glass."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from glasstunnel.errors import FitError
from glasstunnel.inference.fitting import fit
from glasstunnel.inference.identifiability import combination_error
from glasstunnel.inference.results import FitResult, align, finite_or_none
from glasstunnel.systems.magnetic_ions import MagneticIons

#: Difference of AIC beyond which a model has "essentially no support" [Burnham and Anderson, Model Selection, 2002].
_NO_SUPPORT = 10.0


@dataclass(frozen=True, eq=False)
class ComparedModel:
    """One model of a comparison: its fit, its distance from the best, the iron it needs.

    iron, iron_error : sum over the iron ions in the glass [1/kg]; 0 for a glass without iron ions. The error is
        infinite where the data do not determine the sum, 0 where nothing of it varies.
    pull : (iron - independent value) in combined standard deviations; None without an independent value.
    """

    name: str
    result: FitResult
    delta_aic: float
    delta_bic: float
    iron: float
    iron_error: float
    pull: float | None


@dataclass(frozen=True, eq=False)
class Comparison:
    """Models ranked by AIC. independent_iron : (value, sigma) [1/kg] from elsewhere, or None."""

    models: tuple[ComparedModel, ...]
    independent_iron: tuple[float, float] | None

    @property
    def best(self):
        """The model with the smallest AIC."""
        return self.models[0]

    @property
    def sentences(self):
        """What the comparison says, in words."""
        best = self.best
        said = [f"{best.name} describes these data best (AIC)"]
        if any(one.delta_bic < 0 for one in self.models):
            said.append(f"BIC prefers {min(self.models, key=lambda one: one.delta_bic).name}")
        for one in self.models[1:]:
            word = "has essentially no support" if one.delta_aic > _NO_SUPPORT else "cannot be excluded by these data"
            said.append(f"{one.name} {word} (AIC higher by {one.delta_aic:.3g})")
        for one in self.models:
            if one.pull is not None:
                word = "agrees with" if abs(one.pull) < 3.0 else "contradicts"
                said.append(f"the iron of {one.name} {word} the independent value ({one.pull:+.1f} sigma)")
            if not one.result.converged:
                said.append(f"the fit of {one.name} did not converge: {one.result.message}")
        return tuple(said)

    def report(self):
        """The comparison as a text table, then in words."""
        rows = [("model", "chi-square", "dof", "AIC", "dAIC", "dBIC", "iron [1/g]", "pull")]
        for one in self.models:
            iron = _with_error(1e-3 * one.iron, 1e-3 * one.iron_error) if one.iron else "none"
            rows.append((
                one.name, f"{one.result.chi2:.6g}", str(one.result.dof), f"{one.result.aic:.6g}",
                f"{one.delta_aic:.4g}", f"{one.delta_bic:.4g}", iron,
                "-" if one.pull is None else f"{one.pull:+.1f}",
            ))  # fmt: skip
        if self.independent_iron is not None:
            value, sigma = self.independent_iron
            rows.append(("independent value", "", "", "", "", "", _with_error(1e-3 * value, 1e-3 * sigma), ""))
        return "\n".join([*align(rows), "", *(f"  - {sentence}" for sentence in self.sentences)])

    def to_dict(self):
        """JSON-able numbers and texts."""
        return {
            "models": [
                {
                    "name": one.name, "delta_aic": one.delta_aic, "delta_bic": one.delta_bic, "iron_per_kg": one.iron,
                    "iron_error_per_kg": finite_or_none(one.iron_error), "pull": one.pull,
                    "fit": one.result.to_dict(),
                }
                for one in self.models
            ],
            "independent_iron_per_kg": None if self.independent_iron is None else list(self.independent_iron),
            "sentences": list(self.sentences),
        }


def compare(models, datasets, *, iron=None, progress=None, **options):
    """Fit several models to the same data with the same noise, and rank them.

    The question behind it: do paramagnetic ions alone (000 Eq. 1: Larmor + Langevin) describe a magnetization, or are
    tunneling systems needed, and which iron concentration follows?  [000, Tables 1-2 against mass spectrometry]

    Parameters
    ----------
    models : {name: (glass, vary) or (glass, vary, ties)}, as for `fit`.
    datasets : sequence of Dataset.
    iron : (value, sigma) [1/kg], an independent iron concentration (mass spectrometry), or None.
    progress : function of one sentence, or None. options : passed on to `fit` (starts, seed, ...).

    Returns
    -------
    Comparison, models ranked by AIC. Raises `FitError` as `fit` does, naming the model.

    Examples
    --------
    >>> from glasstunnel import Column, Dataset, Glass, LarmorDiamagnetism, MagneticIons, Uniform
    >>> chip = Dataset({"temperature": Column([4.0, 8.0], "K"), "field": Column([2.0, 2.0], "T"),
    ...                 "magnetization": Column([-8e-3, -8e-3], "A m2/kg"), "sigma": Column([1e-4] * 2, "A m2/kg")},
    ...                "magnetization", name="chip", noise="given")
    >>> larmor, iron = LarmorDiamagnetism(4e-3), MagneticIons("Fe3+", 1e18)
    >>> vary = {"larmor.susceptibility": Uniform(0, 1)}
    >>> ranked = compare({"larmor": (Glass({"larmor": larmor}), vary),
    ...                   "iron": (Glass({"larmor": larmor, "fe3": iron}),
    ...                            vary | {"fe3.concentration": Uniform(0, 1e22)})}, [chip])
    >>> ranked.best.name
    'larmor'
    """
    if not isinstance(models, Mapping) or not models:
        raise FitError('compare needs models, as in {"ions": (glass, vary), "ions + ATS": (glass, vary)}')
    if iron is not None:
        iron = _independent(iron)
    results = {}
    for name, model in models.items():
        tell = progress and (lambda text, name=name: progress(f"{name}: {text}"))
        results[name] = _fit_model(name, model, datasets, tell, options)
    best = min(results.values(), key=lambda result: result.aic)
    rows = [_compared(name, result, best, iron) for name, result in results.items()]
    return Comparison(tuple(sorted(rows, key=lambda row: row.delta_aic)), iron)


def _fit_model(name, model, datasets, progress, options):
    try:
        glass, vary, *ties = model
    except (TypeError, ValueError):
        raise FitError(f"model {name!r} must be (glass, vary) or (glass, vary, ties)") from None
    if len(ties) > 1:
        raise FitError(f"model {name!r} must be (glass, vary) or (glass, vary, ties)")
    try:
        return fit(glass, datasets, vary, ties=ties[0] if ties else None, progress=progress, **options)
    except FitError as error:
        raise FitError(f"model {name!r}: {error}") from None


def _independent(iron):
    try:
        value, sigma = (float(number) for number in iron)
    except (TypeError, ValueError):
        raise FitError(f"iron must be (value, sigma) in 1/kg, got {iron!r}") from None
    if not (0.0 <= value < math.inf and 0.0 < sigma < math.inf):
        raise FitError(f"iron must be a value >= 0 with sigma > 0 in 1/kg, got {value:g} and {sigma:g}")
    return value, sigma


def _compared(name, result, best, independent):
    iron, error = iron_concentration(result)
    pull = None
    if independent is not None and math.isfinite(error):
        pull = (iron - independent[0]) / math.hypot(error, independent[1])
    return ComparedModel(name, result, result.aic - best.aic, result.bic - best.bic, iron, error, pull)


def iron_concentration(result):
    """(sum of the iron ions, its standard error) of a fitted glass [1/kg]."""
    paths = [
        f"{key}.concentration"
        for key, part in result.glass.contributions.items()
        if isinstance(part, MagneticIons) and part.species.startswith("Fe")
    ]
    weights = {}
    for path in paths:
        other, factor = result.ties.get(path, (path, 1.0))
        if other in result.names:
            weights[other] = weights.get(other, 0.0) + factor
    total = float(sum(result.glass.value(path) for path in paths))
    if weights and not result.converged:
        return total, math.inf
    if not weights or all(path in result.at_bound for path in weights):
        return total, 0.0 if not weights else math.inf
    z = result.problem.coordinates(result.values)
    return total, combination_error(result.problem, z, result.at_bound, weights)


def _with_error(value, error):
    return f"{value:.4g}" + (f" +- {error:.2g}" if math.isfinite(error) else " (not determined)") * (error != 0.0)
