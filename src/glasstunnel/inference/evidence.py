"""What evidence says of two models, and how far the priors decide it: the report rule behind `compare(evidence=True)`.

ln B with its error; its range when every prior that the models do not share is widened and narrowed by a decade on each
side; the curve of ln B against an amplitude and its maximum, the most that any prior of the amplitude could claim; AICc
and BIC beside it. Words only where |ln B| > 5 over the whole range [Kass and Raftery, J. Am. Stat. Assoc. 90, 773
(1995)], else "these data do not decide".
"""

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.errors import GlassTunnelError
from glasstunnel.inference.posteriors import Posterior, posterior
from glasstunnel.inference.priors import LogUniform, Normal, Prior, Uniform
from glasstunnel.inference.results import FitResult, align, finite_or_none

_DECISIVE = 5.0  # |ln B|
_BINS = 24  # of the curve against an amplitude
_AMPLITUDES = ("density", "concentration")


@dataclass(frozen=True, eq=False)
class AmplitudeCurve:
    """ln B against the amplitude `path` held at a value, where the posterior reaches; `most` is its maximum."""

    path: str
    values: np.ndarray
    log_bayes: np.ndarray

    @property
    def most(self) -> float:
        return float(np.max(self.log_bayes))


@dataclass(frozen=True, eq=False)
class ModelEvidence:
    """One model against the reference (the model with the smallest AICc among the others).

    log_evidence, error : of the model. log_bayes : ln B(model : reference). lowest, highest : its range over the prior
    scan; scan : {"path wider" or "path narrower": ln B}. curves : one `AmplitudeCurve` for each amplitude of its own.
    """

    name: str
    log_evidence: float
    error: float
    trusted: bool
    log_bayes: float
    lowest: float
    highest: float
    scan: Mapping[str, float]
    curves: tuple[AmplitudeCurve, ...]
    posterior: Posterior

    @property
    def verdict(self) -> str:
        """In words, only where the whole range of priors says the same."""
        if not self.trusted:
            return "the sampler's checks failed: no statement"
        if self.lowest > _DECISIVE:
            return "favored whatever the priors within a decade"
        if self.highest < -_DECISIVE:
            return "disfavored whatever the priors within a decade"
        return "these data do not decide"


@dataclass(frozen=True, eq=False)
class Evidence:
    """Evidence of all models of a comparison; `reference` is what the Bayes factors are taken against."""

    models: Mapping[str, ModelEvidence]
    reference: str
    criteria: Mapping[str, str]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What follows, in words."""
        words = []
        for name, model in self.models.items():
            if name == self.reference:
                continue
            words.append(f"ln B({name} : {self.reference}) = {model.log_bayes:.2f} +- {model.error:.2g}, "
                         f"{model.lowest:.2f} to {model.highest:.2f} over the prior scan: {model.verdict}")  # fmt: skip
            words += [f"no prior of {curve.path} could claim more than ln B = {curve.most:.2f}"
                      for curve in model.curves]  # fmt: skip
        if len(set(self.criteria.values())) > 1:
            preferences = (f"{criterion} prefers {name}" for criterion, name in self.criteria.items())
            words.append("the criteria disagree: " + ", ".join(preferences))
        if any(model.posterior.fit.at_bound for model in self.models.values()):
            words.append("an amplitude stands at its bound: differences of chi-square then follow a mixture of "
                         "chi-square laws [Self and Liang, J. Am. Stat. Assoc. 82, 605 (1987)]")  # fmt: skip
        return tuple(words)

    def rows(self) -> list[tuple[str, ...]]:
        """Header and one row for each model."""
        rows: list[tuple[str, ...]] = [("model", "ln Z", "ln B", "over the prior scan", "verdict")]
        for name, model in self.models.items():
            against = (f"{model.log_bayes:.2f}", f"{model.lowest:.2f} to {model.highest:.2f}", model.verdict)
            rows.append((name, f"{model.log_evidence:.3f} +- {model.error:.2g}",
                         *(("-", "-", "reference") if name == self.reference else against)))  # fmt: skip
        return rows

    def report(self) -> str:
        """The evidence as a text table, then in words."""
        return "\n".join([*align(self.rows()), "", *(f"  - {line}" for line in self.sentences)])

    def to_dict(self) -> dict[str, Any]:
        """JSON-able numbers."""
        return {
            "reference": self.reference, "criteria": dict(self.criteria), "sentences": list(self.sentences),
            "models": {
                name: {
                    "log_evidence": finite_or_none(model.log_evidence), "error": finite_or_none(model.error),
                    "log_bayes": finite_or_none(model.log_bayes), "lowest": finite_or_none(model.lowest),
                    "highest": finite_or_none(model.highest), "trusted": model.trusted, "verdict": model.verdict,
                    "scan": {key: finite_or_none(value) for key, value in model.scan.items()},
                    "curves": {curve.path: {"values": curve.values.tolist(), "log_bayes": curve.log_bayes.tolist()}
                               for curve in model.curves},
                }
                for name, model in self.models.items()
            },
        }  # fmt: skip


def model_evidence(results: Mapping[str, FitResult], *, seed: int = 0,
             progress: Callable[[str], None] | None = None) -> Evidence:
    """The `Evidence` of fits to the same data; the model with the fewest parameters is the reference."""
    reference = min(results, key=lambda name: (len(results[name].names), results[name].aicc))
    posteriors = {}
    for number, (name, result) in enumerate(results.items()):
        tell = progress and (lambda text, name=name: progress(f"evidence of {name}: {text}"))
        posteriors[name] = posterior(result, seed=seed + number, progress=tell)
    base = posteriors[reference]
    shared = {path: prior for path, prior in next(iter(results.values())).priors.items()
              if all(result.priors.get(path) == prior for result in results.values())}  # fmt: skip
    models = {}
    for name, drawn in posteriors.items():
        scan = _scan(drawn, shared, seed, progress) if name != reference else {}
        factors = {key: value - base.log_evidence for key, value in scan.items()}
        plain = drawn.log_evidence - base.log_evidence
        error = math.hypot(drawn.log_evidence_error, base.log_evidence_error if name != reference else 0.0)
        curves = _curves(drawn, shared, base.log_evidence) if name != reference else ()
        models[name] = ModelEvidence(
            name, drawn.log_evidence, error, drawn.trusted and base.trusted, plain, min([plain, *factors.values()]),
            max([plain, *factors.values()]), factors, curves, drawn,
        )  # fmt: skip
    criteria = {
        "AICc": min(results, key=lambda name: results[name].aicc),
        "BIC": min(results, key=lambda name: results[name].bic),
        "evidence": max(posteriors, key=lambda name: posteriors[name].log_evidence),
    }
    return Evidence(models, reference, criteria)


def _scan(drawn, shared, seed, progress):
    """{"path wider": ln Z, ...} with each prior of the model's own a decade wider or narrower on each side."""
    scan = {}
    for path, prior in drawn.fit.priors.items():
        if path in shared or isinstance(prior, Normal):
            continue
        narrow = _stretched(prior, 0.1)
        if narrow is not None:
            scan[f"{path} narrower"] = _narrowed(drawn, path, narrow)
        wide = _allowed(drawn, path, _stretched(prior, 10.0))
        if wide is None:
            continue
        if progress:
            progress(f"prior scan: {path} wider")
        scan[f"{path} wider"] = _widened(drawn, path, wide, seed)
    return scan


def _stretched(prior: Prior, factor: float) -> Prior | None:
    """The prior with its ends moved by a factor outward (> 1) or inward; None where nothing is left."""
    if prior.logarithmic:
        ends = prior.lower / factor, prior.upper * factor
        return LogUniform(*ends) if ends[0] < ends[1] else None
    ends = [end * (factor if (end > 0) == (side > 0) else 1.0 / factor)
            for side, end in ((-1, prior.lower), (1, prior.upper))]  # fmt: skip
    return Uniform(*ends) if ends[0] < ends[1] else None


def _allowed(drawn, path, prior):
    """A widened prior cut to the physical limits of the parameter; None where that leaves it as it was."""
    row = drawn.fit.glass.paths().get(path)
    if prior is None or row is None:
        return prior
    kept = drawn.fit.priors[path]
    lower = kept.lower if prior.lower < row.lower or (row.open_lower and prior.lower <= row.lower) else prior.lower
    upper = min(prior.upper, row.upper)
    return None if (lower, upper) == (kept.lower, kept.upper) else dataclasses.replace(prior, lower=lower, upper=upper)


def _narrowed(drawn, path, prior):
    """ln Z under a narrower prior, from the draws that lie in it."""
    x, old = drawn.samples[path], drawn.fit.priors[path]
    inside = (np.sum((x >= prior.lower) & (x <= prior.upper)) + 0.5) / (len(x) + 1.0)
    return drawn.log_evidence + math.log(inside) + math.log(np.ptp(old.limits) / np.ptp(prior.limits))


def _widened(drawn, path, prior, seed):
    """ln Z under a wider prior, by a new run; where that fails, as if the added range were excluded."""
    problem = dataclasses.replace(drawn.fit.problem, priors=drawn.fit.problem.priors | {path: prior})
    moved = dataclasses.replace(drawn.fit, problem=problem, priors=problem.priors)
    excluded = drawn.log_evidence - math.log(np.ptp(prior.limits) / np.ptp(drawn.fit.priors[path].limits))
    try:
        wider = posterior(moved, seed=seed, method="importance")
    except GlassTunnelError:
        return excluded
    return max(wider.log_evidence, excluded) if math.isfinite(wider.log_evidence) else excluded


def _curves(drawn, shared, reference):
    """ln B with an amplitude of the model's own held, from the ratio of posterior and prior density [Dickey 1971]."""
    curves = []
    for path, prior in drawn.fit.priors.items():
        if path in shared or path.rsplit(".", 1)[-1] not in _AMPLITUDES:
            continue
        z = np.log(drawn.samples[path]) if prior.logarithmic else drawn.samples[path]
        counts, edges = np.histogram(z, bins=_BINS)
        kept = counts >= 20
        if not kept.any():
            continue
        middle, width = 0.5 * (edges[1:] + edges[:-1])[kept], edges[1] - edges[0]
        density = counts[kept] / (len(z) * width)
        ratio = np.log(density) - prior.log_density(middle)
        curves.append(AmplitudeCurve(path, np.asarray(prior.value(middle)), drawn.log_evidence - reference + ratio))
    return tuple(curves)
