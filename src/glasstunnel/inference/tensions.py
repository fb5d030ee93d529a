"""`tension`: does one set of parameters serve all observables, or does each ask for its own?"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glasstunnel.errors import FitError
from glasstunnel.inference.fitting import fit
from glasstunnel.inference.results import FitResult, align, finite_or_none
from glasstunnel.inference.setup import build_problem, starting_values

_SIGNIFICANCE = 0.01


@dataclass(frozen=True, eq=False)
class Tension:
    """Outcome of `tension`.

    statistic : rise of -2 ln(likelihood) when the groups have to share their parameters. dof : parameters they share,
        counted as directions that the data determine. p_value : chance of such a rise when one set serves all.
    sigma : the same as a one-sided number of standard deviations. serves_all : p_value above 0.01.
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

    def rows(self):
        """(header, rows): the value of every parameter in the joint fit and in each group that determines it."""
        header = ("parameter", "joint", *self.separate)
        fits = (self.joint, *self.separate.values())
        return header, [(path, *(_shown(one, path) for one in fits)) for path in self.joint.names]

    def report(self):
        """The verdict, then the parameters side by side."""
        header, rows = self.rows()
        return "\n".join([self.sentence, "", *align([header, *rows])])

    def to_dict(self):
        """JSON-able numbers and the verdict."""
        return {
            "statistic": self.statistic, "dof": self.dof, "p_value": self.p_value, "sigma": finite_or_none(self.sigma),
            "sentence": self.sentence, "joint": self.joint.to_dict(),
            "separate": {name: one.to_dict() for name, one in self.separate.items()},
        }  # fmt: skip


def tension(glass, groups, vary, *, ties=None, progress=None, **options):
    """Fit groups of datasets together and each alone; by how much are they worse together?

    The statistic is the parameter goodness of fit [M. Maltoni, T. Schwetz, Phys. Rev. D 68, 033020 (2003), Eqs. 6-7]:
    chi-square of the joint minimum minus those of the separate ones, chi-square distributed with as many degrees of
    freedom as there are determined parameters in the separate fits beyond those of the joint one. It does not
    dilute with points that say nothing about the shared parameters, as the joint chi-square does. Noise that is
    estimated from residuals enters through the likelihood.

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
    >>> from glasstunnel import Column, Dataset, Glass, LarmorDiamagnetism, Uniform
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
    groups = {name: tuple(datasets) for name, datasets in groups.items()}
    separate = {}
    for name, datasets in groups.items():
        own, tied = _felt(glass, datasets, vary, ties or {})
        if not own:
            raise FitError(f"tension: the data of group {name!r} do not depend on any varied parameter")
        separate[name] = _fit(glass, datasets, own, name, progress, options | {"ties": tied})
    together = tuple(dataset for datasets in groups.values() for dataset in datasets)
    joint = _fit(glass, together, vary, "all data", progress, options | {"ties": ties})
    dof = sum(_determined(one) for one in separate.values()) - _determined(joint)
    if dof < 1:
        raise FitError("tension: the groups determine no parameter together, so there is nothing to compare")
    return _verdict(joint, separate, dof)


def _fit(glass, datasets, vary, name, progress, options):
    tell = progress and (lambda text: progress(f"{name}: {text}"))
    return fit(glass, datasets, vary, progress=tell, **options)


def _felt(glass, datasets, vary, ties):
    """The parts of `vary` and `ties` that the data of a group depend on."""
    names = {dataset.name for dataset in datasets}

    def belongs(path):
        return not path.startswith("data.") or path.split(".")[1] in names

    own = {path: prior for path, prior in vary.items() if belongs(path)}
    tied = {path: tie for path, tie in ties.items() if belongs(path) and tie[0] in own}
    problem = build_problem(glass, datasets, own, tied)
    slopes = problem.jacobian(problem.coordinates(starting_values(problem)))[: len(problem.observed)]
    felt = {path: prior for (path, prior), slope in zip(own.items(), slopes.T, strict=True) if np.any(slope != 0.0)}
    return felt, {path: tie for path, tie in tied.items() if tie[0] in felt}


def _determined(result):
    """Number of directions in which the data say more than the priors."""
    problem = result.problem
    slopes = problem.jacobian(problem.coordinates(result.values))[: len(problem.observed)]
    spreads = np.array([prior.spread for prior in problem.priors.values()])
    return int(np.sum(np.linalg.svd(slopes * spreads, compute_uv=False) > 1.0))


def deviance(result):
    """-2 ln(likelihood) of a fit, up to a constant common to all models of the same data."""
    return result.aic - 2.0 * (len(result.names) + len(result.noise_estimated))


def _verdict(joint, separate, dof):
    from scipy.special import chdtrc, ndtri

    statistic = max(0.0, deviance(joint) - sum(deviance(one) for one in separate.values()))
    p_value = float(chdtrc(dof, statistic))
    # Far out the normal quantile of p underflows; there chi-square itself is Gaussian enough to say "more than".
    sigma = float(-ndtri(p_value)) if p_value > 0.0 else math.inf
    found = f"chi-square rises by {statistic:.4g} for {dof} shared parameters, p = {p_value:.2g}"
    names = " and ".join(separate)
    serves = p_value > _SIGNIFICANCE
    sentence = (
        f"One set of parameters serves {names} ({found})." if serves else
        f"No one set of parameters serves {names} ({found}, {min(sigma, 37.0):.2g} sigma"
        f"{' or more' if sigma > 37.0 else ''})."
    )  # fmt: skip
    failed = [name for name, one in {"all data": joint, **separate}.items() if not one.converged]
    if failed:
        sentence += f" The fit of {', '.join(failed)} did not converge: nothing follows."
    return Tension(statistic, dof, p_value, sigma, serves, joint, separate, sentence)


def _shown(result, path):
    if path not in result.values:
        return "-"
    error = result.errors[path]
    return f"{result.values[path]:.4g}" + (f" +- {error:.2g}" if math.isfinite(error) else " (not determined)")
