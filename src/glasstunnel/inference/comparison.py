"""`compare`: several models on the same data, and what each says about the iron in the glass."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.data.dataset import Dataset
from glasstunnel.errors import FitError
from glasstunnel.frames import data_array_set, data_frame, headed
from glasstunnel.inference.diagnostics import curve_diagnostics
from glasstunnel.inference.evidence import Evidence
from glasstunnel.inference.fitting import fit
from glasstunnel.inference.identifiability import combination_error
from glasstunnel.inference.misfits import DOES_NOT_DESCRIBE
from glasstunnel.inference.results import FitResult
from glasstunnel.inference.wording import align, error_factor, finite_or_none, quoted, with_error
from glasstunnel.lazy import later
from glasstunnel.progress import shows_progress
from glasstunnel.records import brief, shorter
from glasstunnel.systems.magnetic_ions import MagneticIons

#: Difference of AICc beyond which a model has "essentially no support" [Burnham and Anderson, Model Selection, 2002].
_NO_SUPPORT = 10.0
_LEAST_FREEDOM = 3  # degrees of freedom a comparison needs


@dataclass(frozen=True, eq=False)
class ComparedModel:
    """One model of a comparison: its fit, its distance from the best, the iron it needs.

    delta_aic, delta_bic : distance in AICc and BIC; NaN where nothing is ranked.
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

    @property
    def iron_factor(self) -> float | None:
        """The factor either way that the error of the iron is, where it was fitted in the logarithm and is large."""
        priors = [prior for path, prior in self.result.priors.items() if path in _iron_paths(self.result)]
        return error_factor(self.iron, self.iron_error, bool(priors) and all(prior.logarithmic for prior in priors))

    @property
    def contradiction(self) -> str:
        """What in the residuals speaks against the model, as the end of a sentence; nothing where they are noise."""
        if _misfits(self):
            return f"chi-square {self.result.chi2:.4g} for {self.result.dof} degrees of freedom"
        named = [found.name for found in curve_diagnostics(self.result) if found.patterned]
        if not named:
            return ""
        more = f" and {len(named) - 1} more" if len(named) > 1 else ""
        return (f"its residuals of {named[0]}{more} follow one another, so it misses a trend or the noise is not "
                "independent")  # fmt: skip

    @property
    def quoted_iron(self) -> str:
        """The iron [1/g] with its error as plain text."""
        return quoted(1e-3 * self.iron, 1e-3 * self.iron_error, self.iron_factor is not None)

    @property
    def iron_sentence(self) -> str:
        """How the iron stands to the independent value, in words; nothing without one."""
        if self.pull is None:
            return ""
        word = "agrees with" if abs(self.pull) < 3.0 else "contradicts"
        doubt = ", by an error that is too small: this model does not describe the data" if _misfits(self) else ""
        return f"the iron of {self.name} {word} the independent value ({self.pull:+.1f} sigma{doubt})"

    __repr__ = brief


def _misfits(model):
    return any(note.startswith(DOES_NOT_DESCRIBE) for note in model.result.notes)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Models ranked by AICc; in the order given, without a ranking, where a fit did not converge.

    independent_iron : (value, sigma) [1/kg] from elsewhere, or None. evidence : where it was asked for.
    """

    models: tuple[ComparedModel, ...]
    independent_iron: tuple[float, float] | None
    evidence: Evidence | None = None

    @property
    def unconverged(self) -> tuple[str, ...]:
        """Names of the models whose fit did not converge; with any of them nothing is ranked."""
        return tuple(model.name for model in self.models if not model.result.converged)

    @property
    def best(self) -> ComparedModel:
        """The model with the smallest AICc; `FitError` where a fit did not converge, so that nothing is ranked."""
        if self.unconverged:
            raise FitError(f"the fit of {', '.join(self.unconverged)} did not converge, so no model is the best; give "
                           "it other starting values, more starts or more evaluations")
        return self.models[0]

    @property
    def describing(self) -> tuple[str, ...]:
        """Names of the models that describe the data: converged, with residuals that look like the noise."""
        return tuple(model.name for model in self.models if model.result.converged and not model.contradiction)

    @property
    def sentences(self):
        """What the comparison says, in words."""
        return tuple([*(self._failures() if self.unconverged else self._ranking()), *self._iron()])

    def _failures(self):
        yield "nothing is ranked, because not every fit reached a minimum"
        for model in self.models:
            if not model.result.converged:
                yield f"the fit of {model.name} did not converge: {model.result.message}"

    def _ranking(self):
        contradiction = self.best.contradiction
        if contradiction and not self.describing:
            yield f"none of these models describes these data; the best of them, {self.best.name}: {contradiction}"
            yield f"{self.best.name} ranks first (AICc), in a ranking of models that the residuals contradict"
        elif contradiction:
            yield f"{self.best.name} ranks first (AICc), but does not describe these data: {contradiction}"
        else:
            yield f"{self.best.name} describes these data best (AICc)"
        if any(model.delta_bic < 0 for model in self.models):
            yield f"BIC prefers {min(self.models, key=lambda model: model.delta_bic).name}"
        for model in self.models[1:]:
            word = "has essentially no support" if model.delta_aic > _NO_SUPPORT else "cannot be excluded by these data"
            yield f"{model.name} {word} (AICc higher by {model.delta_aic:.3g})"

    def _iron(self):
        yield from filter(None, (model.iron_sentence for model in self.models))

    def _columns(self):
        chosen = {"chi2": "chi2", "dof": "dof", "aicc": "aicc", "bic": "bic"}
        columns = {key: [getattr(model.result, name) for model in self.models] for key, name in chosen.items()}
        for key in ("delta_aic", "delta_bic", "iron", "iron_error"):
            columns[key] = [getattr(model, key) for model in self.models]
        units = {"iron": "1/kg", "iron_error": "1/kg"}
        return {key: (values, units.get(key, "")) for key, values in columns.items()}

    def to_dataframe(self) -> Any:
        """One row for each model as a `pandas.DataFrame`, in their order; `ParameterError` without pandas."""
        return data_frame({"model": [model.name for model in self.models]} | headed(self._columns()))

    def to_xarray(self) -> Any:
        """The same as an `xarray.Dataset` along "model"; `ParameterError` without xarray."""
        names = np.array([model.name for model in self.models])
        return data_array_set(self._columns(), {"model": (names, "")})

    def plot(self, axes: Any = None, **options: Any) -> Any:
        """`glasstunnel.plot_comparison` of this record: residuals of every model; returns an array of axes."""
        return later("plots", "plot_comparison")(self, axes, **options)

    def __repr__(self):
        return f"<Comparison of {shorter(', '.join(model.name for model in self.models), 200)}>"

    def _repr_html_(self) -> str:
        return later("report.notebook", "comparison_html")(self)

    def report(self):
        """The comparison as a text table, then in words."""
        rows: list[tuple[str, ...]] = [("model", "chi-square", "dof", "AICc", "dAICc", "dBIC", "iron [1/g]", "pull")]
        for model in self.models:
            result = model.result
            iron = model.quoted_iron if model.iron else "none"
            numbers = (f"{result.aicc:.6g}", f"{model.delta_aic:.4g}", f"{model.delta_bic:.4g}")
            if self.unconverged:
                numbers = ("-", "not ranked" if result.converged else "NOT CONVERGED", "-")
            rows.append((model.name, f"{result.chi2:.6g}", str(result.dof), *numbers, iron,
                         "-" if model.pull is None else f"{model.pull:+.1f}"))  # fmt: skip
        if self.independent_iron is not None:
            value, sigma = self.independent_iron
            rows.append(("independent value", "", "", "", "", "", with_error(1e-3 * value, 1e-3 * sigma), ""))
        lines = [*align(rows), "", *(f"  - {sentence}" for sentence in self.sentences)]
        return "\n".join([*lines, "", self.evidence.report()] if self.evidence else lines)

    def to_dict(self):
        """JSON-able numbers and texts."""
        return {
            "models": [
                {
                    "name": model.name, "delta_aic": finite_or_none(model.delta_aic),
                    "delta_bic": finite_or_none(model.delta_bic), "iron_per_kg": model.iron,
                    "iron_error_per_kg": finite_or_none(model.iron_error), "pull": model.pull,
                    "fit": model.result.to_dict(),
                }
                for model in self.models
            ],
            "independent_iron_per_kg": None if self.independent_iron is None else list(self.independent_iron),
            "sentences": list(self.sentences), "evidence": self.evidence.to_dict() if self.evidence else None,
        }


@shows_progress
def compare(models: Mapping[str, tuple], datasets: "Dataset | Sequence[Dataset]", *,
            iron: tuple[float, float] | None = None, evidence: bool = False,
            progress: Callable[[str], None] | None = None, **options: Any) -> "Comparison":
    """Fit several models to the same data with the same noise, and rank them.

    The question behind it: do paramagnetic ions alone (000 Eq. 1: Larmor + Langevin) describe a magnetization, or are
    tunneling systems needed, and which iron concentration follows?  [000, Tables 1-2 against mass spectrometry]

    Parameters
    ----------
    models : {name: (glass, vary) or (glass, vary, ties)}, as for `fit`.
    datasets : sequence of Dataset.
    iron : (value, sigma) [1/kg], an independent iron concentration (mass spectrometry), or None.
    evidence : also sample every model and compare their evidence, with the range that the priors leave it (slow).
    progress : function of one sentence, or None. options : passed on to `fit` (starts, seed, ...).

    Returns
    -------
    Comparison, models ranked by AICc (which differs from AIC where points are few). Raises `FitError` as `fit` does,
    naming the model, and where two degrees of freedom or fewer are left: three points cannot choose.

    Examples
    --------
    >>> from glasstunnel import Column, Dataset, Glass, LarmorDiamagnetism, MagneticIons, Uniform, compare
    >>> chip = Dataset({"temperature": Column([4.0, 8.0, 16.0, 32.0, 64.0], "K"), "field": Column([2.0] * 5, "T"),
    ...                 "magnetization": Column([-8e-3] * 5, "A m2/kg"), "sigma": Column([1e-4] * 5, "A m2/kg")},
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
        iron = _checked_iron(iron)
    results = {}
    for name, model in models.items():
        named_progress = progress and (lambda text, name=name: progress(f"{name}: {text}"))
        results[name] = _fit_model(name, model, datasets, named_progress, options)
    for name, result in results.items():
        if result.dof < _LEAST_FREEDOM:
            raise FitError(f"model {name!r} leaves {result.dof} degrees of freedom: three points cannot choose between "
                           f"models; a comparison needs {_LEAST_FREEDOM} points more than parameters")
    best = min(results.values(), key=lambda result: result.aicc)
    ranked = all(result.converged for result in results.values())
    rows = [_compared_model(name, result, best if ranked else None, iron) for name, result in results.items()]
    found_evidence = None
    if evidence and ranked:
        from glasstunnel.inference.evidence import model_evidence

        found_evidence = model_evidence(results, seed=options.get("seed", 0), progress=progress)
    return Comparison(tuple(sorted(rows, key=lambda row: row.delta_aic) if ranked else rows), iron, found_evidence)


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


def _checked_iron(iron):
    try:
        value, sigma = (float(number) for number in iron)
    except (TypeError, ValueError):
        raise FitError(f"iron must be (value, sigma) in 1/kg, got {iron!r}") from None
    if not (0.0 <= value < math.inf and 0.0 < sigma < math.inf):
        raise FitError(f"iron must be a value >= 0 with sigma > 0 in 1/kg, got {value:g} and {sigma:g}")
    return value, sigma


def _compared_model(name, result, best, independent):
    iron, error = iron_concentration(result)
    pull = None
    if independent is not None and math.isfinite(error):
        pull = (iron - independent[0]) / math.hypot(error, independent[1])
    distances = (math.nan, math.nan) if best is None else (result.aicc - best.aicc, result.bic - best.bic)
    return ComparedModel(name, result, *distances, iron, error, pull)


def _iron_paths(result):
    """Paths of the concentrations of all iron ions."""
    return [
        f"{key}.concentration"
        for key, part in result.glass.contributions.items()
        if isinstance(part, MagneticIons) and part.species.startswith("Fe")
    ]


def iron_concentration(result):
    """(sum of the iron ions, its standard error) of a fitted glass [1/kg]."""
    paths, weights = _iron_paths(result), {}
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
    # A species at its bound is let go: its error then covers what the others would take over from it.
    return total, combination_error(result.problem, z, {}, weights)
