"""Where two models differ most: T-optimal designs  [A. C. Atkinson, V. V. Fedorov, Biometrika 62, 57 (1975)]."""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.inference.candidates import RUN, Candidates
from glasstunnel.inference.measurements import Measurement
from glasstunnel.inference.problem import Problem
from glasstunnel.inference.results import FitResult
from glasstunnel.inference.solve import bounded_amplitudes, minimize
from glasstunnel.inference.wording import align
from glasstunnel.observables import evaluation
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.records import brief

_DECIDES = 25.0  # difference of chi-square that is called a decision
_OPTIMAL = 1.01  # max psi/lambda at which the search ends


@dataclass(frozen=True, eq=False)
class Discrimination:
    """A T-optimal design: where the model of a fit and a rival differ most, the rival doing its best everywhere.

    weights : share of the points for every candidate (n,). per_point : lambda, the difference of chi-square that one
    point brings on average. worst : max psi/lambda, 1 at the optimum. uniform : lambda of equal weights.
    """

    candidates: Candidates
    weights: np.ndarray
    per_point: float
    worst: float
    uniform: float

    __repr__ = brief

    @property
    def points_needed(self) -> int:
        """Points for an expected difference of chi-square of 25."""
        return max(1, math.ceil(_DECIDES / self.per_point)) if self.per_point > 0.0 else 0

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the design promises, in words."""
        if self.per_point <= 0.0:
            return ("the rival describes every candidate exactly: no measurement among these tells the two apart",)
        return (
            f"{self.per_point:.4g} of chi-square per point, {self.per_point / max(self.uniform, 1e-300):.3g} times "
            f"what equal weights bring; a difference of {_DECIDES:.0f} is expected after "
            f"{self.points_needed} point{'s' * (self.points_needed != 1)}",
            "keep some points elsewhere: the design trusts both models",
        )

    def rows(self) -> list[tuple[str, ...]]:
        """Header and the points that get at least 1 % of the measurements."""
        order = [i for i in np.argsort(-self.weights) if self.weights[i] > 0.01]
        return [("T [K]", "B [T]", "share"), *(
            (f"{self.candidates.T[i]:.4g}", f"{self.candidates.B[i]:.4g}", f"{100 * self.weights[i]:.3g} %")
            for i in order)]  # fmt: skip

    def report(self) -> str:
        """The design as a text table, then in words."""
        return "\n".join([*align(self.rows()), "", *(f"  - {line}" for line in self.sentences)])

    def to_dict(self) -> dict[str, Any]:
        """JSON-able numbers."""
        return {"per_point": self.per_point, "uniform": self.uniform, "points_needed": self.points_needed,
                "worst": self.worst, "sentences": list(self.sentences),
                "points": [{"T": float(self.candidates.T[i]), "B": float(self.candidates.B[i]),
                            "share": float(self.weights[i])} for i in np.flatnonzero(self.weights > 0.01)]}  # fmt: skip


def discriminate(result: FitResult, rival: FitResult, made: Candidates) -> Discrimination:
    """T-optimal weights by Wynn's steps, the rival fitted again at each: see `plan(versus=...)`."""
    row = OBSERVABLES[made.observable]
    truth = np.asarray(evaluation.value(row, result.glass, made.T, made.B, made.conditions, {}))
    fitted = _Rival(rival, made, truth)
    n = len(made)
    weights = np.full(n, 1.0 / n)
    psi = fitted.differences(weights)
    uniform = float(weights @ psi)
    for number in range(fitted.steps):
        if psi.max() <= _OPTIMAL * (weights @ psi):
            break
        step = 1.0 / (number + 50.0)
        weights = (1.0 - step) * weights
        weights[int(np.argmax(psi))] += step
        psi = fitted.differences(weights)
    per_point = float(weights @ psi)
    return Discrimination(made, weights, per_point, float(psi.max()) / per_point if per_point > 0.0 else 1.0, uniform)


class _Rival:
    """The squared differences, in sigma, between what is true and the rival's best at given weights."""

    def __init__(self, rival, made, truth):
        measured = Measurement(RUN, made.observable, made.T, made.B, truth, made.sigma, False, None, made.conditions)
        kept = {path: prior for path, prior in rival.priors.items() if not path.startswith("data.")}
        ties = {path: tie for path, tie in rival.ties.items() if not path.startswith("data.")}
        self.problem = Problem(rival.glass, (measured,), kept, ties)
        self.z = self.problem.coordinates({path: rival.values[path] for path in kept})
        self.linear = set(self.problem.linear) == set(self.problem.names)
        self.steps = 5000 if self.linear else 80
        self.truth, self.sigma = truth, made.sigma
        if self.linear:
            residuals, columns = self.problem.linear_columns(self.z, list(self.problem.names))
            values = np.array([rival.values[path] for path in kept])
            self.columns, self.target = columns[: len(truth)], columns[: len(truth)] @ values - residuals[: len(truth)]
            self.low, self.high = (np.array([getattr(prior, end) for prior in kept.values()])
                                   for end in ("lower", "upper"))  # fmt: skip

    def differences(self, weights: np.ndarray) -> np.ndarray:
        """psi (n,)."""
        root = np.sqrt(weights)
        if self.linear:
            best, _ = bounded_amplitudes(self.columns * root[:, None], self.target * root, self.low, self.high)
            return (self.columns @ best - self.target) ** 2
        m = dataclasses.replace(self.problem.measurements[0], sigma=self.sigma / np.maximum(root, 1e-6))
        solution = minimize(dataclasses.replace(self.problem, measurements=(m,)), self.z, 100, tolerance=1e-8)
        self.z = solution.z
        return ((np.asarray(self.problem.model(solution.z)) - self.truth) / self.sigma) ** 2


