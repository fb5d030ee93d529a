"""What a plan promises, checked: existing and planned data simulated together and refitted."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.errors import FitError, GlassTunnelError
from glasstunnel.inference.calibration import simulated
from glasstunnel.inference.identifiability import coordinate_covariance
from glasstunnel.inference.solve import minimize
from glasstunnel.inference.wording import align
from glasstunnel.records import brief

_IMPROBABLE = 1e-3  # probability of a spread, for normal deviations, below which it is not what was predicted
_NOTABLE = 0.15  # what a spread may be off before it is said, however many simulations see it


@dataclass(frozen=True, eq=False)
class Simulation:
    """The check of a plan by n refits; standard deviations in the coordinate z, the logarithm where it is fitted.

    predicted : of the linear model, at the parameter sets that were simulated. found : root mean square deviation from
    the truth, with the relative error 1/sqrt(2 n). bias : mean deviation. within : fraction of the refits closer to the
    truth than predicted, 0.68 where the prediction is right.
    """

    n: int
    failed: int
    predicted: Mapping[str, float]
    found: Mapping[str, float]
    bias: Mapping[str, float]
    within: Mapping[str, float]

    __repr__ = brief

    @property
    def kept(self) -> bool:
        """Whether every spread is the predicted one, as far as so many simulations can see."""
        return not self.missed

    @property
    def missed(self) -> tuple[str, ...]:
        """Paths whose spread is more than 15 % off, and beyond the scatter of n normal deviations."""
        from scipy.special import chdtr, chdtrc

        n, wrong = self.n - self.failed, []
        for path, predicted in self.predicted.items():
            ratio = self.found[path] / predicted
            p = min(chdtr(n, n * ratio**2), chdtrc(n, n * ratio**2))
            if 2.0 * p < _IMPROBABLE and abs(math.log(ratio)) > _NOTABLE:
                wrong.append(path)
        return tuple(wrong)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Whether the promise is kept, and how well so many simulations can tell."""
        n = self.n - self.failed
        words = [f"{self.n} simulations, {self.failed} without a fit; they know a standard deviation to "
                 f"{100.0 / math.sqrt(2.0 * n):.2g} %"]  # fmt: skip
        for path in self.missed:
            ratio = self.found[path] / self.predicted[path]
            words.append(f"{path} comes out {ratio:.3g} times as uncertain as predicted: the prediction takes the "
                         "model for linear over its error, far from bounds; take what was found")  # fmt: skip
        if self.kept:
            words.append("every standard deviation is the predicted one, as far as so many simulations can see")
        return tuple(words)

    def rows(self) -> list[tuple[str, ...]]:
        """Header and one row for each parameter."""
        rows = [("parameter", "predicted sd", "found", "bias", "within predicted sd")]
        return rows + [(path, f"{self.predicted[path]:.3g}", f"{self.found[path]:.3g}", f"{self.bias[path]:+.2g}",
                        f"{100.0 * self.within[path]:.0f} %") for path in self.predicted]  # fmt: skip

    def report(self) -> str:
        """Predicted beside found, then in words."""
        return "\n".join([*align(self.rows()), "", *(f"  - {line}" for line in self.sentences)])

    def to_dict(self) -> dict[str, Any]:
        """JSON-able numbers."""
        return {"simulations": self.n, "failed": self.failed, "predicted": dict(self.predicted),
                "found": dict(self.found), "bias": dict(self.bias), "within": dict(self.within),
                "kept": self.kept, "sentences": list(self.sentences)}  # fmt: skip


def simulated_plan(problem, truths, names, draws, progress=None) -> Simulation:
    """The `Simulation` of a problem of existing and planned data, each of the truths (coordinates z) in turn.

    names : paths that are reported. draws : (how many, seed). `FitError` where no fit succeeds.
    """
    n, seed = draws
    deviations = []
    for number in range(n):
        if progress:
            progress(f"simulation {number + 1} of {n}")
        z = truths[number % len(truths)]
        try:
            drawn = simulated(problem, z, np.random.default_rng((seed, number)))
            deviations.append(minimize(drawn, z, 200).z - z)
        except GlassTunnelError:
            continue
    if not deviations:
        raise FitError(f"simulate: none of {n} simulations of the plan could be fitted")
    used = truths[:n] if n < len(truths) else truths
    variances = np.mean([np.diag(coordinate_covariance(problem, problem.jacobian(z))) for z in used], axis=0)
    predicted, found = np.sqrt(variances), np.sqrt(np.mean(np.square(deviations), axis=0))
    bias, within = np.mean(deviations, axis=0), np.mean(np.abs(deviations) < predicted, axis=0)

    def by_path(numbers):
        return {path: float(numbers[problem.names.index(path)]) for path in names}

    return Simulation(n, n - len(deviations), *map(by_path, (predicted, found, bias, within)))
