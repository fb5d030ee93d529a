"""Where two models differ most: T-optimal designs  [A. C. Atkinson, V. V. Fedorov, Biometrika 62, 57 (1975)].

lambda(w), the misfit that the rival cannot avoid at shares w of the points, is concave: the smallest of sum w psi over
the rival's parameters. Every parameter set psi found so far bounds it from above, so the best shares follow by cutting
planes, with a proof of how good they are  [J. E. Kelley, J. Soc. Indust. Appl. Math. 8, 703 (1960)].
"""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.errors import FitError
from glasstunnel.inference.candidates import Candidates, scales_of
from glasstunnel.inference.problem import Problem
from glasstunnel.inference.results import FitResult
from glasstunnel.inference.solve import bounded_amplitudes, minimize
from glasstunnel.inference.wording import align
from glasstunnel.observables import evaluation
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES
from glasstunnel.records import brief

_DECIDES = 25.0  # difference of chi-square that is called a decision
_OPTIMAL = 1.005  # bound over lambda at which the search ends
_NEARLY_OPTIMAL = 1.02  # bound over lambda from which it is said
_REPRESENTED_POINTS = 1e4  # by the shares: what a Normal prior of the rival says is nothing beside so many
_LEAST_SHARE = 0.01  # of the points, below which a place is not measured at all
_NO_DIFFERENCE = 1e-9  # of chi-square per point, below which no point tells the two apart


@dataclass(frozen=True, eq=False)
class Discrimination:
    """A T-optimal design: where the model of a fit and a rival differ most, the rival doing its best everywhere.

    weights : share of the points for every candidate (n,). per_point : lambda, the difference of chi-square that one
    point of many brings on average. worst : upper bound of lambda over any shares, in units of this one; 1 at the
    optimum. uniform : lambda of equal weights. counts : the smallest rounded design (n,) that the rival misses by a
    chi-square of 25.
    """

    candidates: Candidates
    weights: np.ndarray
    per_point: float
    worst: float
    uniform: float
    counts: np.ndarray

    __repr__ = brief

    @property
    def points_needed(self) -> int:
        """Points for an expected difference of chi-square of 25; 0 where no number of them brings it."""
        return int(np.sum(self.counts))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the design promises, in words."""
        if self.per_point <= _NO_DIFFERENCE:
            return ("the rival describes every candidate exactly: no measurement among these tells the two apart",)
        n = self.points_needed
        more = self.per_point / max(self.uniform, 1e-300)
        words = [f"{self.per_point:.4g} of chi-square per point, {more:.3g} times what equal weights bring"]
        if n:
            words.append(f"a difference of {_DECIDES:.0f} is expected after {n} point{'s' * (n != 1)}, the rival "
                         "fitted to them alone")  # fmt: skip
        if self.worst > _NEARLY_OPTIMAL:
            words.append(f"other shares may bring up to {self.worst:.3g} times as much: the search ended before")
        words.append(f"noise of a point: {self.candidates.noise}")
        if self.candidates.scales:
            words.append("both models know the size of the signal up to an unknown scale only"
                         f"{', another one at every setting' * (len(self.candidates.scales) > 1)}")  # fmt: skip
        return (*words, "keep some points elsewhere: the design trusts both models")

    def rows(self) -> list[tuple[str, ...]]:
        """Header and the points that get at least 1 % of the measurements, and of the fewest that decide."""
        candidates = self.candidates
        order = [i for i in np.argsort(-self.weights) if self.weights[i] > _LEAST_SHARE or self.counts[i]]
        units = [f"{key} [{CONDITIONS[key].unit}]" for key in candidates.swept]
        return [("T [K]", "B [T]", *units, "share", f"of {self.points_needed} points"), *(
            (f"{candidates.T[i]:.4g}", f"{candidates.B[i]:.4g}",
             *(f"{value:.4g}" for value in candidates.place(int(i)).values()),
             f"{100 * self.weights[i]:.3g} %", str(self.counts[i])) for i in order)]  # fmt: skip

    def report(self) -> str:
        """The design as a text table, then in words."""
        table = align(self.rows()) if self.per_point > _NO_DIFFERENCE else []
        return "\n".join([*table, "", *(f"  - {line}" for line in self.sentences)])

    def to_dict(self) -> dict[str, Any]:
        """JSON-able numbers."""
        candidates = self.candidates
        return {"per_point": self.per_point, "uniform": self.uniform, "points_needed": self.points_needed,
                "worst": self.worst, "sentences": list(self.sentences),
                "points": [{"T": float(candidates.T[i]), "B": float(candidates.B[i]), **candidates.place(int(i)),
                            "share": float(self.weights[i]), "points": int(self.counts[i])}
                           for i in np.flatnonzero((self.weights > _LEAST_SHARE) | (self.counts > 0))]}  # fmt: skip


def discriminate(result: FitResult, rival: FitResult, candidates: Candidates) -> Discrimination:
    """T-optimal weights, the rival fitted again at each: see `plan(versus=...)`."""
    if not rival.converged:
        raise FitError(f"plan: the fit of the rival did not converge ({rival.message}), so nothing can be planned")
    row = OBSERVABLES[candidates.observable]
    evaluation.check_given(row, rival.glass)
    T, B = candidates.T, candidates.B
    truth = np.asarray(evaluation.value(row, result.glass, T, B, candidates.conditions, {}), dtype=float)
    scale = result.values.get(candidates.scale_path, 1.0)
    fitted = _Rival(rival, candidates, np.broadcast_to(truth, T.shape) * scale)
    weights = np.full(len(candidates), 1.0 / len(candidates))
    best, per_point, bound, cuts, uniform = weights, -1.0, math.inf, [], 0.0
    for number in range(fitted.steps):
        psi = fitted.differences(weights)
        cuts.append(psi)
        value = float(weights @ psi)
        if not number:
            uniform = value
        if value > per_point:
            best, per_point = weights, value
        target, bound = _best_shares(np.array(cuts))
        if bound <= max(_OPTIMAL * per_point, _NO_DIFFERENCE):
            break
        weights = 0.5 * (target + best)
    worst = max(bound / per_point, 1.0) if per_point > 0.0 else 1.0
    return Discrimination(candidates, best, per_point, worst, uniform, _fewest_that_decide(fitted, best, per_point))


def _best_shares(cuts):
    """(shares (n,), t) with the largest t that no cut (k, n) is below: a linear program."""
    from scipy.optimize import linprog

    k, n = cuts.shape
    size = max(float(np.max(cuts)), 1e-300)
    found = linprog(np.append(np.zeros(n), -1.0), A_ub=np.column_stack([-cuts / size, np.ones(k)]), b_ub=np.zeros(k),
                    A_eq=np.append(np.ones(n), 0.0)[None], b_eq=[1.0], bounds=[(0.0, 1.0)] * n + [(0.0, None)])
    shares = np.maximum(found.x[:-1], 0.0)
    return shares / np.sum(shares), float(found.x[-1] * size)


def _fewest_that_decide(fitted, weights, per_point):
    """The counts (n,) of the smallest rounded design in which the rival, fitted to it, misses by 25."""
    none = np.zeros(len(weights), dtype=int)
    if per_point <= _NO_DIFFERENCE:
        return none
    number = max(1, math.ceil(_DECIDES / per_point))
    for _ in range(60):
        counts = rounded_counts(weights, number)
        if float(counts @ fitted.differences(counts / number)) >= _DECIDES * (1.0 - 1e-3):
            return counts
        number = max(number + 1, math.ceil(1.05 * number))
    return none


def rounded_counts(weights: np.ndarray, number: int) -> np.ndarray:
    """Whole numbers of points near number * weights, none of its places left out where there are enough
    [F. Pukelsheim, S. Rieder, Biometrika 79, 763 (1992)].

    >>> rounded_counts(np.array([0.57, 0.36, 0.07]), 3), rounded_counts(np.array([0.57, 0.36, 0.07]), 10)
    (array([1, 1, 1]), array([5, 4, 1]))
    """
    shares = np.where(weights > _LEAST_SHARE, weights, 0.0)
    shares /= np.sum(shares)
    places = np.flatnonzero(shares)
    if number < len(places):
        counts = np.zeros(len(weights), dtype=int)
        counts[np.argsort(-shares, kind="stable")[:number]] = 1
        return counts
    counts = np.ceil((number - 0.5 * len(places)) * shares - 1e-9).astype(int)
    while (off := number - int(np.sum(counts))) != 0:
        rate = (counts[places] - (off < 0)) / shares[places]
        counts[places[np.argmin(rate) if off > 0 else np.argmax(rate)]] += np.sign(off)
    return counts


class _Rival:
    """The squared differences, in sigma, between what is true and the rival's best at given weights."""

    def __init__(self, rival, candidates, truth):
        order = np.concatenate([indices for _, indices in candidates.runs])
        measured = candidates.measurements(order, truth[order])
        kept = {path: prior for path, prior in rival.priors.items() if not path.startswith("data.")}
        ties = {path: tie for path, tie in rival.ties.items() if not path.startswith("data.")}
        start = {path: rival.values[path] for path in kept}
        settings = math.prod(candidates.shape[2:])
        unit, path, scales = scales_of(rival, OBSERVABLES[candidates.observable], candidates.run, settings)
        if unit != candidates.unit or len(scales) != len(candidates.scales):
            raise FitError(f"plan: the rival was fitted with {candidates.observable} in {unit}, the model in "
                           f"{candidates.unit}")  # fmt: skip
        kept |= {f"data.{run}.scale": prior for run, prior in scales.items()}
        start |= {f"data.{run}.scale": rival.values[path] for run in scales}
        held = {} if scales or not path else {f"data.{m.name}.scale": rival.values.get(path, 1.0) for m in measured}
        self.problem = Problem(rival.glass, tuple(measured), kept, ties, held)
        self.start = self.problem.coordinates(start)
        self.best_coordinates = [self.start]
        self.cuts = []
        self.linear = set(self.problem.linear) == set(self.problem.names)
        self.steps = 300 if self.linear else 100
        self.given_order = np.argsort(order)
        self.order, self.truth, self.sigma = order, truth, candidates.sigma
        if self.linear:
            residuals, columns = self.problem.linear_columns(self.start, list(self.problem.names))
            values = np.array([start[path] for path in kept])
            columns, residuals = columns[: len(truth)][self.given_order], residuals[: len(truth)][self.given_order]
            self.columns, self.target = columns, columns @ values - residuals
            self.low, self.high = (np.array([getattr(prior, end) for prior in kept.values()])
                                   for end in ("lower", "upper"))  # fmt: skip

    def differences(self, weights: np.ndarray) -> np.ndarray:
        """psi (n,) of the rival that is best at these weights."""
        root = np.sqrt(weights)
        if self.linear:
            best, _ = bounded_amplitudes(self.columns * root[:, None], self.target * root, self.low, self.high)
            return (self.columns @ best - self.target) ** 2
        sigma = self.sigma / np.maximum(np.sqrt(_REPRESENTED_POINTS) * root, 1e-6)
        measured = tuple(dataclasses.replace(m, sigma=sigma[self.order][self.problem.rows[m.name]])
                         for m in self.problem.measurements)  # fmt: skip
        problem = dataclasses.replace(self.problem, measurements=measured)
        starts = [self.start]
        if self.cuts:  # where the rival stood best so far at these weights
            starts.append(self.best_coordinates[1 + int(np.argmin([weights @ psi for psi in self.cuts]))])
        minima = [minimize(problem, z, 100, tolerance=1e-8).z for z in starts]
        models = [np.asarray(self.problem.model(z))[self.given_order] for z in minima]
        squares = [((model - self.truth) / self.sigma) ** 2 for model in models]
        best = int(np.argmin([weights @ psi for psi in squares]))
        self.best_coordinates.append(minima[best])
        self.cuts.append(squares[best])
        return squares[best]
