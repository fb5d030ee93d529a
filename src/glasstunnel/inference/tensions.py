"""`tension`: does one set of parameters serve all observables, or does each ask for its own?"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from glasstunnel.data.dataset import Dataset, as_datasets
from glasstunnel.errors import FitError, GlassTunnelError
from glasstunnel.inference.fitting import fit
from glasstunnel.inference.identifiability import reached_directions, yardsticks
from glasstunnel.inference.intervals import johansen_p_value
from glasstunnel.inference.leverages import is_uncertain
from glasstunnel.inference.misfits import too_large
from glasstunnel.inference.priors import Prior
from glasstunnel.inference.problem import Problem
from glasstunnel.inference.results import FitResult
from glasstunnel.inference.setup import build_problem, check_vary, starting_values
from glasstunnel.inference.solve import minimize
from glasstunnel.inference.wording import align, finite_or_none
from glasstunnel.progress import shows_progress
from glasstunnel.records import brief
from glasstunnel.systems.contribution import Contribution

_SIGNIFICANCE = 0.01
_PROBES = 4  # draws from the priors that show whether a parameter acts on the data of a group
_EVALUATIONS = 500


@dataclass(frozen=True, eq=False)
class Tension:
    """Outcome of `tension`.

    statistic : rise of chi-square when the groups have to share their parameters, each dataset with the noise of its
        separate fit. dof : parameters they share, counted as directions that the data determine. p_value : chance of
        such a rise when one set serves all: of chi-square, or of F where noise was estimated from residuals.
    sigma : the same as a one-sided number of standard deviations. serves_all : p_value above 0.01, and no objections.
    objections : why nothing follows: fits that did not converge, missed their minimum or do not describe their data.
    joint : fit of all data. separate : {group: fit}. sentence : the verdict.
    """

    statistic: float
    dof: int
    p_value: float
    sigma: float
    serves_all: bool
    joint: FitResult
    separate: Mapping[str, FitResult]
    sentence: str
    objections: tuple[str, ...] = ()

    __repr__ = brief

    def rows(self):
        """(header, rows): the value of every parameter in the joint fit and in each group that determines it."""
        header = ("parameter", "unit", "joint", *self.separate)
        fits, units = (self.joint, *self.separate.values()), self.joint.units
        return header, [(path, "" if units[path] == "1" else units[path], *(_printed(fitted, path) for fitted in fits))
                        for path in self.joint.names]  # fmt: skip

    def report(self):
        """The verdict, then the parameters side by side."""
        header, rows = self.rows()
        return "\n".join([self.sentence, "", *align([header, *rows])])

    def to_dict(self):
        """JSON-able numbers and the verdict."""
        return {
            "statistic": self.statistic, "dof": self.dof, "p_value": self.p_value, "sigma": finite_or_none(self.sigma),
            "sentence": self.sentence, "objections": list(self.objections), "joint": self.joint.to_dict(),
            "separate": {name: alone.to_dict() for name, alone in self.separate.items()},
        }  # fmt: skip


@shows_progress
def tension(
    glass: Contribution, groups: Mapping[str, Sequence[Dataset]], vary: Mapping[str, Prior], *,
    ties: Mapping[str, tuple[str, float]] | None = None, progress: Callable[[str], None] | None = None, **options: Any,
) -> Tension:
    """Fit groups of datasets together and each alone; by how much are they worse together?

    The statistic is the parameter goodness of fit [M. Maltoni, T. Schwetz, Phys. Rev. D 68, 033020 (2003), Eqs. 6-7]:
    chi-square of the joint minimum minus those of the separate ones, chi-square distributed with as many degrees of
    freedom as there are determined parameters in the separate fits beyond those of the joint one. It does not
    dilute with points that say nothing about the shared parameters, as the joint chi-square does. Noise that is
    estimated from residuals is that of the separate fits, and the statistic is then referred to F [S. Johansen,
    Biometrika 67, 85 (1980); for one parameter in two groups: Welch's test].

    Parameters
    ----------
    glass, vary, ties : as for `fit`. groups : {name: sequence of Dataset}, two or more, for instance one for each
        observable. A group varies only what its data depend on.
    progress : function of one sentence, or None. options : passed on to `fit` (starts, seed, ...).

    Returns
    -------
    Tension. Raises `FitError` as `fit` does, and when the groups share no parameter.

    Examples
    --------
    >>> from glasstunnel import Column, Dataset, Glass, LarmorDiamagnetism, Uniform, tension
    >>> def run(name, moment):
    ...     columns = {"temperature": Column([4.0], "K"), "field": Column([2.0], "T"),
    ...                "magnetization": Column([moment], "A m2/kg"), "sigma": Column([1e-4], "A m2/kg")}
    ...     return Dataset(columns, "magnetization", name=name, noise="given")
    >>> glass, vary = Glass({"larmor": LarmorDiamagnetism(4e-3)}), {"larmor.susceptibility": Uniform(0, 1)}
    >>> round(tension(glass, {"one": [run("a", -8e-3)], "other": [run("b", -9e-3)]}, vary).statistic, 6)
    50.0
    """
    if not isinstance(groups, Mapping) or len(groups) < 2:
        raise FitError('tension needs two or more groups of datasets, as in {"heat capacity": [...], "loss": [...]}')
    check_vary(vary)
    groups = {name: as_datasets(datasets, f"tension: group {name!r}") for name, datasets in groups.items()}
    separate = {}
    for name, datasets in groups.items():
        priors, tied = _varied_in(glass, datasets, vary, ties or {})
        if not priors:
            raise FitError(f"tension: the data of group {name!r} do not depend on any varied parameter")
        separate[name] = _fit(glass, datasets, priors, name, progress, options | {"ties": tied})
    together = tuple(dataset for datasets in groups.values() for dataset in datasets)
    joint = _fit(glass, together, vary, "all data", progress, options | {"ties": ties})
    for name, datasets in groups.items():
        if _missed(separate[name], joint):
            again = {"start": {path: joint.values[path] for path in separate[name].names}}
            alone = separate[name]
            separate[name] = _fit(glass, datasets, alone.priors, name, progress, options | {"ties": alone.ties} | again)
    dof = sum(_determined(alone) for alone in separate.values()) - _determined(joint)
    if dof < 1:
        raise FitError("tension: the groups determine no parameter together, so there is nothing to compare")
    return _verdict(joint, separate, dof)


def _fit(glass, datasets, vary, name, progress, options):
    tell = progress and (lambda text: progress(f"{name}: {text}"))
    return fit(glass, datasets, vary, progress=tell, **options)


def _missed(alone, joint):
    """Whether the joint fit describes a group better than the fit of that group alone: its minimum was missed."""
    best, shared = (alone.problem.residuals(alone.problem.coordinates(fit.values)) for fit in (alone, joint))
    cost = float(best @ best)
    return float(shared @ shared) < cost - 1e-6 * (1.0 + cost)


def _varied_in(glass, datasets, vary, ties):
    """The parts of `vary` and `ties` that the data of a group depend on, at the start or anywhere in the priors."""
    names = {dataset.name for dataset in datasets}

    def belongs(path):
        return not path.startswith("data.") or path.split(".")[1] in names

    priors = {path: prior for path, prior in vary.items() if belongs(path)}
    tied = {path: tie for path, tie in ties.items() if belongs(path) and tie[0] in priors}
    problem = build_problem(glass, datasets, priors, tied)
    strength = np.sum([_strength(problem, z) for z in _probes(problem)], axis=0)
    acting = {path: prior for (path, prior), acts in zip(priors.items(), strength, strict=True) if acts}
    return acting, {path: tie for path, tie in tied.items() if tie[0] in acting}


def _probes(problem):
    """Where it is seen whether a parameter acts: the start, then draws (an amplitude may start at 0, hiding others)."""
    yield problem.coordinates(starting_values(problem))
    generator = np.random.default_rng(0)
    for _ in range(_PROBES):
        yield problem.coordinates({name: prior.draw(generator) for name, prior in problem.priors.items()})


def _strength(problem, z):
    """Largest slope of the model by each coordinate; 0 everywhere where there is no model."""
    try:
        slopes = np.abs(problem.jacobian(z)[: len(problem.observed)])
    except GlassTunnelError:
        return np.zeros(len(problem.names))
    return np.max(np.where(np.isfinite(slopes), slopes, 0.0), axis=0)


def _determined(result):
    """Number of directions in which the data say more than the priors."""
    problem = result.problem
    slopes = problem.jacobian(problem.coordinates(result.values))[: len(problem.observed)]
    widths = yardsticks(problem, slopes, range(len(problem.names)))
    return int(np.sum(np.linalg.svd(slopes * widths, compute_uv=False) > 1.0))


def deviance(result):
    """-2 ln(likelihood) of a fit, up to a constant common to all models of the same data."""
    return result.aic - 2.0 * (len(result.names) + len(result.noise_estimated))


def _verdict(joint, separate, dof):
    from scipy.special import ndtri

    together = _with_noise_of(separate, joint)
    statistic = together.cost - sum(_cost(alone) for alone in separate.values())
    noise_freedom = _noise_freedom(separate, together, dof)
    p_value = johansen_p_value(statistic, dof, dof * (dof + 2.0) / (3.0 * noise_freedom))
    # Far out the normal quantile of p underflows; there chi-square itself is Gaussian enough to say "more than".
    sigma = float(-ndtri(p_value)) if p_value > 0.0 else math.inf
    behind = "" if math.isinf(noise_freedom) else f", {noise_freedom:.3g} degrees of freedom behind the noise"
    finding = f"chi-square rises by {statistic:.4g} for {dof} shared parameters{behind}, p = {p_value:.2g}"
    names = " and ".join(separate)
    serves = p_value > _SIGNIFICANCE
    sentence = (
        f"One set of parameters serves {names} ({finding})." if serves else
        f"No one set of parameters serves {names} ({finding}, {min(sigma, 37.0):.2g} sigma"
        f"{' or more' if sigma > 37.0 else ''})."
    )  # fmt: skip
    objections = tuple(_objections(joint, separate, statistic))
    if objections:
        sentence = f"Nothing follows: {'; '.join(objections)} ({finding})."
    return Tension(statistic, dof, p_value, sigma, serves and not objections, joint, separate, sentence, objections)


def _objections(joint, separate, statistic):
    """Why the statistic is no test: fits that reached no minimum or do not describe even their own data."""
    failed = [name for name, fitted in {"all data": joint, **separate}.items() if not fitted.converged]
    if failed:
        yield f"the fit of {', '.join(failed)} did not converge"
    bad = [name for name, alone in separate.items() if any(map(too_large, alone.curves.values()))]
    if bad:
        yield f"the fit of {', '.join(bad)} alone does not describe its own data within the stated noise"
    pulls = sum(prior.pull(joint.values[path]) ** 2 for path, prior in joint.priors.items() if hasattr(prior, "mean"))
    if statistic < -(1e-3 + (len(separate) - 1) * pulls):
        yield "a separate fit missed its minimum (the joint one is better); start it elsewhere, or with more starts"


@dataclass(frozen=True, eq=False)
class _Together:
    """The shared parameters at their best when every group keeps the noise of its own fit."""

    problem: Problem
    z: np.ndarray
    cost: float


def _with_noise_of(separate, joint):
    """`_Together`, the best of walks that start at the joint fit and at every separate one."""
    measurements = tuple(replace(m, estimated=False) for alone in separate.values() for m in alone.problem.measurements)
    problem = replace(joint.problem, measurements=measurements)
    starts = [joint.values, *({**joint.values, **alone.values} for alone in separate.values())]
    minima = []
    for values in starts:
        try:
            solution = minimize(problem, problem.coordinates(values), _EVALUATIONS)
        except GlassTunnelError:  # two groups' numbers may make no glass together
            continue
        minima.append(_Together(problem, solution.z, solution.cost))
    return min(minima, key=lambda together: together.cost)


def _cost(result):
    residuals = result.problem.residuals(result.problem.coordinates(result.values))
    return float(residuals @ residuals)


def _noise_freedom(separate, together, dof):
    """(3/p (p + 2) A)^-1 of Johansen, Biometrika 67, 85 (1980): degrees of freedom behind the denominator of F.

    A = 1/2 sum over datasets of [tr(Q^2) + (tr Q)^2]/nu, Q the block of that dataset in the projection onto what the
    separate fits can follow and the joint one cannot, nu its points minus what its fit used up of them. Infinite
    where no noise was estimated. With one parameter in two groups it is the number of Welch and Satterthwaite.
    """
    problem = together.problem
    shared = reached_directions(problem, problem.jacobian(together.z)[: len(problem.observed)])
    total, start = 0.0, 0
    for alone in separate.values():
        points = len(alone.problem.observed)
        at = alone.problem.coordinates({name: together.problem.parameters(together.z)[name] for name in alone.names})
        basis = reached_directions(alone.problem, alone.problem.jacobian(at)[:points])
        rows = shared[start : start + points]
        for m in alone.problem.measurements:
            if is_uncertain(m):
                block = alone.problem.rows[m.name]
                part, joint_part = basis[block], rows[block]
                projection = part @ part.T - joint_part @ joint_part.T
                freedom = len(m) - float(np.sum(part**2)) if m.estimated else m.freedom
                total += (np.sum(projection**2) + np.trace(projection) ** 2) / (2.0 * max(freedom, 1e-6))
        start += points
    return dof * (dof + 2.0) / (3.0 * total) if total > 0.0 else math.inf


def _printed(result, path):
    if path not in result.values:
        return "-"
    return result.quoted(path)
