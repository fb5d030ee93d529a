"""What evidence says of two models, and how far the priors decide it: the report rule behind `compare(evidence=True)`.

ln B with its error; its range when every prior that the models do not share is widened and narrowed by a decade on each
side, one by one and all together; the curve of ln B against an amplitude and its maximum, the most that any prior of
the amplitude could claim; AICc, BIC and the prediction of each dataset by the others beside it. Words only where
|ln B| > 5 over the whole range [Kass and Raftery, J. Am. Stat. Assoc. 90, 773 (1995)], else "these data do not decide".
"""

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.errors import GlassTunnelError
from glasstunnel.inference.holdouts import routine_hold_out
from glasstunnel.inference.marginal import physical_fraction
from glasstunnel.inference.posteriors import Posterior, posterior
from glasstunnel.inference.priors import LogUniform, Normal, Prior, Uniform
from glasstunnel.inference.results import FitResult
from glasstunnel.inference.wording import align, finite_or_none
from glasstunnel.progress import shows_progress
from glasstunnel.records import brief

_DECISIVE = 5.0  # |ln B|
_FEWEST = 20  # draws in a prior box, for its evidence to be said
_BINS = 24  # of the curve against an amplitude
_AMPLITUDES = ("density", "concentration")


@dataclass(frozen=True, eq=False)
class AmplitudeCurve:
    """ln B against the amplitude `path` held at a value, where the posterior reaches; `most` is its maximum."""

    path: str
    values: np.ndarray
    log_bayes: np.ndarray

    __repr__ = brief

    @property
    def most(self) -> float:
        return float(np.max(self.log_bayes))


@dataclass(frozen=True, eq=False)
class ModelEvidence:
    """One model against the reference (the model with the smallest AICc among the others).

    log_evidence, error : of the model. log_bayes : ln B(model : reference). lowest, highest : its range over the prior
    scan; scan : {"path wider" or "path narrower": ln B}. left_out : sum over the datasets of ln of the density that the
    others predict for it (None where that was not done). curves : one `AmplitudeCurve` for each amplitude of its own.
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
    left_out: float | None = None

    __repr__ = brief

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

    __repr__ = brief

    @property
    def sentences(self) -> tuple[str, ...]:
        """What follows, in words."""
        words = []
        for name, model in self.models.items():
            if name == self.reference:
                continue
            words.append(f"ln B({name} : {self.reference}) = {model.log_bayes:.2f} ± {model.error:.2g}, "
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
            rows.append((name, f"{model.log_evidence:.3f} ± {model.error:.2g}",
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
                    "leaving_each_dataset_out": model.left_out,
                    "scan": {key: finite_or_none(value) for key, value in model.scan.items()},
                    "curves": {curve.path: {"values": curve.values.tolist(), "log_bayes": curve.log_bayes.tolist()}
                               for curve in model.curves},
                }
                for name, model in self.models.items()
            },
        }  # fmt: skip


@shows_progress
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
    models, predicted = {}, _left_out(results, progress)
    for name, drawn in posteriors.items():
        scan, scanned = _scan(drawn, shared, seed, progress) if name != reference else ({}, True)
        factors = {key: value - base.log_evidence for key, value in scan.items()}
        plain = drawn.log_evidence - base.log_evidence
        error = math.hypot(drawn.log_evidence_error, base.log_evidence_error if name != reference else 0.0)
        curves = _curves(drawn, shared, base.log_evidence) if name != reference else ()
        trusted = drawn.trusted and base.trusted and scanned
        models[name] = ModelEvidence(
            name, drawn.log_evidence, error, trusted, plain, min([plain, *factors.values()]),
            max([plain, *factors.values()]), factors, curves, drawn, predicted.get(name),
        )  # fmt: skip
    criteria = {
        "AICc": min(results, key=lambda name: results[name].aicc),
        "BIC": min(results, key=lambda name: results[name].bic),
        "evidence": max(posteriors, key=lambda name: posteriors[name].log_evidence),
    }
    if predicted:
        criteria["leaving each dataset out"] = max(predicted, key=lambda name: predicted[name])
    return Evidence(models, reference, criteria)


def _left_out(results, progress):
    """{model: sum of ln predicted densities} where every model predicts every dataset by the others, else nothing."""
    predicted = {}
    for name, result in results.items():
        held_out = routine_hold_out(result, progress=progress)
        if isinstance(held_out, str) or held_out.failures or held_out.undetermined:
            return {}
        predicted[name] = sum(prediction.log_density for prediction in held_out.predicted.values())
    return predicted


def _scan(drawn, shared, seed, progress):
    """({"path wider": ln Z, ...}, whether the sampler may be believed): priors of the model's own a decade wider or
    narrower on each side, one by one and all at once. One run under the widest priors gives every wider one: the draws
    that lie inside it are counted.
    """
    priors, trusted = drawn.fit.priors, True
    unshared = [path for path, prior in priors.items() if path not in shared and not isinstance(prior, Normal)]
    narrow = {path: stretched(priors[path], 0.1) for path in unshared}
    narrow = {path: prior for path, prior in narrow.items() if prior is not None}
    scan = {f"{path} narrower": _inside(drawn, {path: prior}) for path, prior in narrow.items()}
    wide = {path: _allowed(drawn, path, stretched(priors[path], 10.0)) for path in unshared}
    wide = {path: prior for path, prior in wide.items() if prior is not None}
    if len(narrow) > 1:
        scan["all narrower"] = _inside(drawn, narrow)
    if wide:
        if progress:
            progress("prior scan: every prior of the model's own a decade wider")
        widest = _widest(drawn, wide, seed, progress)
        if widest is not None:
            scan |= {f"{path} wider": _inside(widest, {other: priors[other] for other in wide if other != path})
                     for path in wide}  # fmt: skip
            scan |= {"all wider": widest.log_evidence} if len(wide) > 1 else {}
            trusted = widest.trusted
    return {key: value for key, value in scan.items() if math.isfinite(value)}, trusted


def stretched(prior: Prior, factor: float) -> Prior | None:
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


def _inside(drawn, priors):
    """ln Z under narrower priors {path: prior}, from the draws that lie in them; -inf where hardly any does."""
    inside, volume = np.ones(len(drawn.log_likelihood), dtype=bool), 0.0
    for path, prior in priors.items():
        x = drawn.samples[path]
        inside &= (x >= prior.lower * (1.0 - 1e-12)) & (x <= prior.upper * (1.0 + 1e-12))
        volume += math.log(np.ptp(drawn.fit.priors[path].limits) / np.ptp(prior.limits))
    if np.sum(inside) < _FEWEST:
        return -math.inf
    return drawn.log_evidence + math.log(np.mean(inside)) + volume + _less_physical(drawn, priors)


def _less_physical(drawn, priors):
    """What the part of the product of the priors that is no glass (crossed cutoffs) changes between two prior boxes."""
    problem = drawn.fit.problem
    whole = physical_fraction(problem)
    if whole == 1.0:
        return 0.0
    part = dataclasses.replace(problem, priors=problem.priors | priors)
    return math.log(whole / physical_fraction(part))


def _widest(drawn, wide, seed, progress):
    """The posterior under wider priors; None where there is none."""
    problem = dataclasses.replace(drawn.fit.problem, priors=drawn.fit.problem.priors | wide)
    moved = dataclasses.replace(drawn.fit, problem=problem, priors=problem.priors)
    try:
        return posterior(moved, seed=seed, progress=progress)
    except GlassTunnelError:
        return None


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
