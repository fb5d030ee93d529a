"""`fit`: from datasets and priors to the best glass and what is known of its parameters."""

import hashlib
import logging
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from glasstunnel.data.dataset import Dataset, as_datasets
from glasstunnel.errors import FitError, GlassTunnelError
from glasstunnel.inference.drifts import estimated_drifts
from glasstunnel.inference.freedoms import noise_freedoms
from glasstunnel.inference.identifiability import bounds_reached, determination, undetermined
from glasstunnel.inference.measurements import noise_from_residuals
from glasstunnel.inference.misfits import NOISE_FROM_RESIDUALS, misfit_notes
from glasstunnel.inference.priors import Prior
from glasstunnel.inference.results import FitResult, fitted_curves
from glasstunnel.inference.setup import build_problem, starting_values
from glasstunnel.inference.solve import minimize
from glasstunnel.numerics.checks import is_whole_number, seed_number
from glasstunnel.observables.evaluation import check_given
from glasstunnel.origins.kinetics import kinetic_notes
from glasstunnel.progress import CountedSentence, shows_progress
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.registry import modules_outside

_NOISE_ROUNDS = 40
_FULL_ROUNDS = 16  # afterwards only half the way
_PLAIN_ROUNDS, _STRIDE, _LONGEST = 6, 1.4, 8.0  # where sigmas then still creep the same way, steps grow by so much
_MOST_REFUSED = 300  # draws outside the physical region for each starting point
_UNSETTLED = 0.01  # left after all rounds
_SETTLED = 3e-5  # relative change of sigma
_DRIFT_WEIGHT = 0.03  # of a change of drift beside one of sigma: it moves the parameters less
_COARSE = 1e-6  # tolerance while the estimated noise still changes

_LOG = logging.getLogger(__name__)


@shows_progress
def fit(
    glass: Contribution, datasets: Sequence[Dataset] | Dataset, vary: Mapping[str, Prior], *,
    ties: Mapping[str, tuple[str, float]] | None = None, start: Mapping[str, float] | None = None, starts: int = 1,
    seed: int = 0, jacobian: str = "auto", max_evaluations: int = 500, progress: Callable[[str], None] | None = None,
) -> FitResult:
    """Fit the parameters of a glass to any number of datasets, of any mix of observables, at once.

    Parameters
    ----------
    glass : Glass, its numbers are the start (and stay where nothing varies).
    datasets : sequence of Dataset, each with a noise model (column ``sigma``, or noise "residuals": then one common
        sigma, or one common fraction of the values, is estimated with the fit, and chi-square is no test of the model).
    vary : {path: prior}. A path is ``"<contribution>.<parameter>"`` or a nuisance parameter of one dataset,
        ``"data.<name>.offset"`` (SI unit of its observable), ``"data.<name>.scale"`` (``"data.*.scale"``: one for
        every dataset) or ``"data.<name>.holder"``
        (amplitude of the column ``holder``): model = scale * observable + offset + holder amplitude * holder.
        The support of the prior is the bound of the parameter; LogUniform ones are fitted in the logarithm.
    ties : {path: (varied path, factor)}, path = factor * varied path.
    start : {path: value}, instead of the numbers in the glass.
    starts : int, how many starting points; all but the first are drawn from the priors (`seed`). The best one counts.
    jacobian : "auto" or "structured", which are the same: exact for linear parameters, closed forms where a
        contribution has them, central differences else (docs/decisions/010).
    max_evaluations : int, limit for each minimization.
    progress : function that is called with one sentence now and then, or None.

    Returns
    -------
    FitResult. A fit that did not converge is a result with `converged` False and a message.

    Raises
    ------
    FitError for an unknown path, a prior outside the physical limits, a dataset without noise model, and the like.

    Notes
    -----
    Weighted least squares (maximum likelihood for normal noise; Normal priors count as measured points). Errors are
    those of the curvature at the minimum, without rescaling by chi-square where sigma was given.

    Examples
    --------
    >>> from glasstunnel import Column, Dataset, Glass, LarmorDiamagnetism, Uniform, fit
    >>> data = Dataset(
    ...     {"temperature": Column([4.0, 4.0], "K"), "field": Column([10.0, 20.0], "kOe"),
    ...      "magnetization": Column([-4e-6, -8e-6], "emu/g"), "sigma": Column([1e-7, 1e-7], "emu/g")},
    ...     "magnetization", name="chip", noise="given")
    >>> result = fit(Glass({"larmor": LarmorDiamagnetism(1e-6)}), [data], {"larmor.susceptibility": Uniform(0, 1e-4)})
    >>> round(result.values["larmor.susceptibility"] * 1e6, 6), result.dof
    (4.0, 1)
    """
    began = time.perf_counter()
    datasets = as_datasets(datasets, "fit")
    problem = build_problem(glass, datasets, vary, ties)
    first = problem.coordinates(starting_values(problem, start))
    if jacobian not in ("auto", "structured"):
        raise FitError(f"jacobian must be 'auto' or 'structured', got {jacobian!r}")
    drawn, refused = _drawn(problem, starts, seed)
    problem, solution, costs = _best(problem, [first, *drawn], max_evaluations, progress)
    result = _result(problem, solution, datasets, costs, time.perf_counter() - began)
    return replace(result, notes=(*result.notes, *_on_starts(costs, refused)))


def _drawn(problem, starts, seed):
    """(starting points drawn from the priors, inside the physical region; how many draws that region refused)."""
    if not is_whole_number(starts, least=1):
        raise FitError(f"starts must be a whole number of at least 1, got {starts!r}")
    generator = np.random.default_rng(seed_number("fit", seed))
    drawn, refused = [], 0
    while len(drawn) < starts - 1:
        z = problem.coordinates({name: prior.draw(generator) for name, prior in problem.priors.items()})
        reason = problem.unphysical(z)
        if not reason:
            drawn.append(z)
        elif (refused := refused + 1) > _MOST_REFUSED * starts:
            raise FitError(f"of {refused + len(drawn)} draws from the priors only {len(drawn)} are physical; narrow "
                           f"the priors, or tie one parameter to another ({reason})")
    return drawn, refused


def _on_starts(costs, refused):
    """What a reader should know of the starting points."""
    if refused:
        yield (f"{refused} of {refused + len(costs) - 1} draws of starting points were not physical (as where a lower "
               "cutoff lies above the upper one) and were drawn again: the prior is the product of the stated ones "
               "inside the physical region")
    if lost := sum(not np.isfinite(cost) for cost in costs):
        yield f"from {lost} of {len(costs)} starting points no fit was possible (inf among the starts)"


def _best(problem, points, max_evaluations, progress):
    """The best (problem with its noise, solution) over the starting points, and chi-square reached from each."""
    best, costs, failure = None, [], None
    began = time.perf_counter()
    for number, z in enumerate(points, 1):
        left = (time.perf_counter() - began) / (number - 1) * (len(points) - number + 1) if number > 1 else None
        tell = progress and _told_of_start(progress, number, len(points), left)
        try:
            check_start(problem, z)
            candidate = minimize_with_noise(problem, z, max_evaluations, tell)
        except GlassTunnelError as error:
            failure = failure or error
            costs.append(float("inf"))
            continue
        costs.append(_badness(*candidate))
        _LOG.info("start %d of %d: chi-square %.6g, %s", number, len(points), candidate[1].cost, candidate[1].message)
        if tell:
            cost = float(candidate[1].cost)
            tell(CountedSentence(f"chi-square {cost:.6g}, {candidate[1].message}", cost=cost))
        if best is None or costs[-1] < _badness(*best):
            best = candidate
    if best is None:
        raise failure if isinstance(failure, FitError) else FitError(
            f"the model cannot be evaluated at the start: {failure}; give other values with start"
        )
    return *best, tuple(costs)


def _told_of_start(progress, number, of, left):
    """The `progress` of one starting point: its sentences say which, and carry the numbers."""

    def tell(text):
        cost = getattr(text, "cost", None)
        progress(CountedSentence(f"start {number} of {of}: {text}", number=number, of=of, cost=cost, left=left))

    return tell


def _badness(problem, solution):
    """-2 ln(likelihood) up to a constant: what the starting points are ranked by."""
    depends = [m for m in problem.measurements if m.estimated or m.fraction is not None]
    drifts = sum(m.drift.log_determinant for m in problem.measurements if _drifts(m))
    return solution.cost + drifts + sum(2.0 * float(np.sum(np.log(m.sigma))) for m in depends)


def check_start(problem, z):
    """Raise `FitError` naming the dataset where the model is not finite at coordinates z."""
    glass = problem.glass_at(problem.parameters(z))
    for row, *_ in problem.groups:
        check_given(row, glass)
    model = np.asarray(problem.model(z))
    for name, rows in problem.rows.items():
        if not np.isfinite(model[rows]).all():
            raise FitError(f"the model is not finite at the start for dataset {name!r}; give other values with start")


def minimize_with_noise(problem, z, max_evaluations, progress=None):
    """Minimize, and where noise follows from residuals or model, repeat until it settles. (problem, `Solution`)."""
    depends = any(m.estimated or m.fraction is not None or _drifts(m) for m in problem.measurements)
    coarse = {"tolerance": _COARSE} if depends else {}
    solution = minimize(problem, z, max_evaluations, progress, **coarse)
    change, last, stride = 0.0, {}, 1.0
    for number in range(_NOISE_ROUNDS):
        step = 1.0 if number < _FULL_ROUNDS else 0.5  # where sigma and a wrong model chase each other
        updated = problem.weighed_by(np.asarray(problem.model(solution.z)), step)
        updated = updated.with_drifts(estimated_drifts(updated, solution.z))
        factors = residual_noise(updated, solution.z)
        onward = all((factors[name] - 1.0) * (last[name] - 1.0) > 0.0 for name in last)
        stride = min(_LONGEST, _STRIDE * stride) if onward and number >= _PLAIN_ROUNDS else 1.0
        last, updated = factors, updated.with_noise({name: factor**stride for name, factor in factors.items()})
        change = max(float(np.max(np.abs(updated.sigma / problem.sigma - 1.0))), _moved(problem, updated))
        problem = updated
        if change < _SETTLED:
            break
        coarse = {"tolerance": _COARSE} if change > 1e-3 else {}
        solution = minimize(problem, solution.z, max_evaluations, progress, **coarse)
    if change > _UNSETTLED and solution.converged:
        words = "not converged: noise and model did not settle on each other"
        solution = replace(solution, converged=False, message=words)
    return problem, solution


def _drifts(m):
    return m.drift is not None and m.drift.estimated


def _moved(problem, updated):
    """Change of the estimated drifts, a tenth of sigma counting as none of its own."""
    pairs = zip(problem.measurements, updated.measurements, strict=True)
    return max((abs(new.drift.amount - old.drift.amount) / (0.1 + new.drift.amount) * _DRIFT_WEIGHT
                for old, new in pairs if _drifts(old)), default=0.0)  # fmt: skip


def residual_noise(problem, z):
    """{dataset name: factor on sigma} of the datasets whose noise follows from their residuals, at coordinates z."""
    estimated = [m for m in problem.measurements if m.estimated]
    if not estimated:
        return {}
    off, freedoms = np.asarray(problem.model(z)) - problem.observed, noise_freedoms(problem, z)
    return {m.name: noise_from_residuals(m, off[problem.rows[m.name]], freedoms[m.name]) for m in estimated}


def _result(problem, solution, datasets, costs, seconds):
    z = solution.z
    values = {path: float(x) for path, x in problem.parameters(z).items()}
    at_bound = bounds_reached(problem, z) if solution.converged else {}
    known = determination(problem, z, at_bound) if solution.converged else undetermined(problem)
    curves = fitted_curves(problem, z)
    by_dataset = {name: curve.chi2 for name, curve in curves.items()}
    chi2 = sum(by_dataset.values())
    for name, curve in curves.items():
        if not np.isfinite(curve.chi2):
            raise FitError(f"chi-square of dataset {name!r} is beyond any number; check its noise (the smallest sigma "
                           f"is {np.min(curve.sigma):.3g}) and the ranges of the priors")
    pulls = sum(1 for prior in problem.priors.values() if prior.pull(0.0) is not None)
    aic, aicc, bic = information_criteria(problem, curves)
    return FitResult(
        values=values, errors=known.errors, covariance=known.covariance, names=problem.names, chi2=chi2,
        prior_chi2=max(0.0, solution.cost - chi2) if pulls else 0.0,
        dof=len(problem.observed) + pulls - len(problem.names), chi2_by_dataset=by_dataset, aic=aic, aicc=aicc,
        bic=bic,
        converged=solution.converged, message=solution.message, at_bound=at_bound, identifiability=known.sentences,
        conditional=known.conditional,
        glass=problem.glass_at(values), datasets=datasets, curves=curves, priors=problem.priors, ties=problem.ties,
        units={path: _unit(problem, path) for path in values}, evaluations=solution.evaluations, seconds=seconds,
        starts=costs, notes=(*misfit_notes(curves, len(problem.names)), *_notes(problem, datasets, values)),
        versions=versions(),
        hashes={dataset.name: dataset_hash(dataset) for dataset in datasets}, problem=problem,
    )


def information_criteria(problem, curves):
    """(AIC, AICc, BIC) of fitted curves, up to a constant common to all models of the data.

    [Akaike 1974; Hurvich and Tsai, Biometrika 76, 297 (1989); Schwarz 1978]. AICc is infinite where there are not
    enough points for its correction.
    """
    deviance, unknown, points = 0.0, len(problem.names), len(problem.observed)
    for m in problem.measurements:
        curve = curves[m.name]
        if _drifts(m):
            deviance += m.drift.log_determinant
            unknown += 1
        if m.estimated:
            deviance += len(m) * (np.log(curve.chi2 / len(m)) + 1.0) + 2.0 * np.sum(np.log(curve.sigma))
            unknown += 1
        else:
            deviance += curve.chi2
            if m.fraction is not None:  # sigma follows the model, so that its logarithm differs between models
                deviance += 2.0 * np.sum(np.log(curve.sigma / np.hypot(m.constant, m.fraction * m.values)))
    spare = points - unknown - 1
    small = 2.0 * unknown * (unknown + 1) / spare if spare > 0 else np.inf
    aic = float(deviance + 2.0 * unknown)
    return aic, float(aic + small), float(deviance + unknown * np.log(points))


def _unit(problem, path):
    if not path.startswith("data."):
        return problem.glass.paths()[path].unit
    _, name, nuisance = path.split(".")
    unit = next(m.unit for m in problem.measurements if m.name == name)
    return unit if nuisance == "offset" else "1"


def _notes(problem, datasets, values):
    notes = [f"{dataset.name}: {note}" for dataset in datasets for note in dataset.notes]
    notes += [f"{m.name}: a drift along ln T of {m.drift.amount:.2g} sigma (length {m.drift.length:g}) "
              f"{'estimated with the fit' if m.drift.estimated else 'as stated'} is part of the noise"
              for m in problem.measurements if m.drift is not None]  # fmt: skip
    estimated = [m.name for m in problem.measurements if m.estimated]
    if estimated:
        notes.append(
            f"the noise of {', '.join(estimated)} {NOISE_FROM_RESIDUALS}"
        )
    without = [dataset.name for dataset in datasets if "field" not in dataset.columns]
    if without:
        notes.append(f"{', '.join(without)}: no field column, taken as measured in zero field")
    return (*notes, *problem.glass.notes, *kinetic_notes(problem.glass_at(values)))


def versions():
    """Versions of the package and of what computes; of a module outside of it, the beginning of its SHA-256."""
    import scipy

    from glasstunnel import __version__

    return {
        "glasstunnel": __version__, "numpy": np.__version__, "scipy": scipy.__version__,
        "python": platform.python_version(), **modules_outside(),
    }


def dataset_hash(dataset):
    """SHA-256 over the columns of a dataset (names, units and values)."""
    digest = hashlib.sha256()
    for key, column in sorted(dataset.columns.items()):
        digest.update(f"{key}\0{column.unit}\0".encode())
        digest.update(np.ascontiguousarray(column.values).tobytes())
    return digest.hexdigest()
