"""The columns of fitted points and parameters, as tables outside the package take them."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.frames import headed
from glasstunnel.observables.table import CONDITIONS

if TYPE_CHECKING:
    from glasstunnel.inference.results import FitResult, FittedCurve


def point_coordinates(curve: "FittedCurve") -> dict[str, tuple[Any, str]]:
    """{condition: (values (points,), unit)} of the points of a dataset, SI."""
    numbers = {key: values for key, values in curve.conditions.items() if not isinstance(values, str)}
    further = {key: (np.broadcast_to(values, curve.measured.shape), CONDITIONS[key].unit)
               for key, values in numbers.items()}  # fmt: skip
    return {"temperature": (curve.temperature, "K"), "field": (curve.field, "T")} | further


def point_values(curve: "FittedCurve") -> dict[str, tuple[Any, str]]:
    """Measured values, sigma, model and residual (in units of sigma) of the points of a dataset."""
    known = {"measured": curve.measured, "sigma": curve.sigma, "model": curve.model}
    return {key: (values, curve.unit) for key, values in known.items()} | {"residual": (curve.residuals, "")}


def fit_columns(result: "FitResult", what: str) -> dict[str, list]:
    """{heading: values} of the "points" or the "parameters" of a fit; `ParameterError` for anything else."""
    if what == "points":
        return _stacked(result.curves.values())
    if what != "parameters":
        raise ParameterError(f'to_dataframe: what must be "points" or "parameters", got {what!r}')
    return {"parameter": list(result.values), "value": list(result.values.values()),
            "error": [result.errors[path] for path in result.values],
            "unit": [result.units[path] for path in result.values]}  # fmt: skip


def _stacked(curves: Iterable["FittedCurve"]) -> dict[str, list]:
    """The points of all datasets one below the other; a condition that a dataset lacks is NaN in its rows."""
    columns: dict[str, list] = {}
    before = 0
    for curve in curves:
        size = len(curve.measured)
        known = {"dataset": [curve.name] * size, "observable": [curve.observable] * size}
        known |= headed(point_coordinates(curve)) | {key: values for key, (values, _) in point_values(curve).items()}
        known["unit"] = [curve.unit] * size
        for heading in columns | known:
            column = columns.setdefault(heading, [math.nan] * before)
            column.extend(known.get(heading, [math.nan] * size))
        before += size
    return columns
