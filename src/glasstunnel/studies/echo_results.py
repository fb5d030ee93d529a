"""Finished records of a comparison of two explanations of echo data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glasstunnel.inference.results import align, finite_or_none

_NO_SUPPORT = 10.0  # difference of AIC [Burnham and Anderson, Model Selection, 2002]


@dataclass(frozen=True, eq=False)
class EchoExplanation:
    """One model fitted to echo data.

    values, errors, units : by parameter name; an infinite error means that the data do not determine it. scales : one
    amplitude per waiting time. model : best curve (points,). parameters : number of fitted numbers, scales included.
    """

    name: str
    values: Mapping[str, float]
    errors: Mapping[str, float]
    units: Mapping[str, str]
    scales: tuple[float, ...]
    chi2: float
    dof: int
    parameters: int
    model: np.ndarray
    converged: bool

    @property
    def aic(self):
        return self.chi2 + 2.0 * self.parameters

    @property
    def bic(self):
        return self.chi2 + self.parameters * math.log(len(self.model))


@dataclass(frozen=True, eq=False)
class EchoComparison:
    """Both explanations, the one with the smaller AIC first."""

    explanations: tuple[EchoExplanation, ...]

    @property
    def best(self):
        return self.explanations[0]

    @property
    def sentences(self):
        """What the comparison says, in words."""
        best, other = self.explanations
        distance = other.aic - best.aic
        word = "has essentially no support" if distance > _NO_SUPPORT else "cannot be excluded by these data"
        said = [f"{best.name} describes these data best (AIC)", f"{other.name} {word} (AIC higher by {distance:.3g})"]
        for one in self.explanations:
            if not one.converged:
                said.append(f"the fit of {one.name} did not converge")
            unknown = [name for name, error in one.errors.items() if math.isinf(error)]
            if unknown:
                said.append(f"{one.name}: these data do not determine {', '.join(unknown)}")
            if one.values.get("relative_amplitude", 0.0) < 0.0:
                said.append(f"{one.name} needs a negative relative amplitude, against the sign the theory gives")
        return tuple(said)

    def report(self):
        """The comparison as text tables, then in words."""
        rows = [("explanation", "chi-square", "dof", "AIC", "BIC")]
        rows += [(one.name, f"{one.chi2:.6g}", str(one.dof), f"{one.aic:.6g}", f"{one.bic:.6g}")
                 for one in self.explanations]
        lines = align(rows)
        for one in self.explanations:
            table = [("parameter", "value", "error", "unit")]
            for name, value in one.values.items():
                error = one.errors[name]
                table.append((name, f"{value:.5g}", "-" if math.isinf(error) else f"{error:.2g}", one.units[name]))
            lines += ["", f"{one.name}:", *align(table)]
        return "\n".join([*lines, "", *(f"  - {sentence}" for sentence in self.sentences)])

    def to_dict(self):
        """JSON-able numbers and texts."""
        return {
            "explanations": [
                {
                    "name": one.name, "values": dict(one.values),
                    "errors": {name: finite_or_none(error) for name, error in one.errors.items()},
                    "units": dict(one.units), "scales": list(one.scales), "chi2": one.chi2, "dof": one.dof,
                    "aic": one.aic, "bic": one.bic, "converged": one.converged,
                }
                for one in self.explanations
            ],
            "sentences": list(self.sentences),
        }
