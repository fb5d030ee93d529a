"""Derived columns of measured data: chi T, 1/chi, C/T, C/T^3 from a magnetization or a heat capacity, and back."""

from dataclasses import replace

import numpy as np

from glasstunnel.data.dataset import Column, Dataset, of_dataset
from glasstunnel.errors import ParameterError
from glasstunnel.observables.table import OBSERVABLES
from glasstunnel.units import convert


@of_dataset
def derive(data: Dataset, observable: str) -> Dataset:
    """The dataset with a derived column as its quantity; what it was derived from stays beside it.

    observable : a derived row of `OBSERVABLES`, its base, or another one derived from the same base.
    Its error and sigma follow; a relative sigma stays the same fraction. `ParameterError` when the dataset measures
    something else, a field or value that must not be zero is, or there is no such column.

    >>> from glasstunnel.data import Column, Dataset, derive
    >>> columns = {"temperature": Column([2.0, 4.0], "K"), "heat_capacity": Column([8.0, 64.0], "mJ/(g K)")}
    >>> derive(Dataset(columns, "heat_capacity"), "heat_capacity_over_cubed_temperature").measured.values
    array([1., 1.])
    """
    if data.quantity == observable:
        return data
    target, start = OBSERVABLES.get(observable), OBSERVABLES.get(data.quantity)
    if target is None or start is None or _base(target) != _base(start):
        known = [name for name, row in OBSERVABLES.items() if start is not None and _base(row) == _base(start)]
        also = f"; from {data.quantity} follow {', '.join(known)}" if len(known) > 1 else ""
        raise ParameterError(f"dataset {data.name!r}: {observable!r} does not follow from {data.quantity}{also}")
    values = data.measured.to(start.unit)
    powers = {key: getattr(target, key) - getattr(start, key) for key in ("temperature_power", "field_power")}
    if start.inverse:
        values = 1.0 / _not_zero(data, data.quantity, values)
    factor = np.ones(len(data))
    for key, power in (("temperature", powers["temperature_power"]), ("field", powers["field_power"])):
        if power:
            unit = "K" if key == "temperature" else "T"
            factor = factor * _not_zero(data, key, data[key].to(unit)) ** float(power)
    result = values * factor
    if target.inverse:
        result = 1.0 / _not_zero(data, _base(target), result)
    ratio = np.abs(result) / np.abs(data.measured.to(start.unit)) if start.inverse or target.inverse else np.abs(factor)
    derived = data.with_column(observable, Column(result, target.unit, target.label), quantity=observable)
    for old, new in ((f"{data.quantity}_error", f"{observable}_error"), ("sigma", "sigma")):
        if old in data:
            errors = convert(data[old].to(data.measured.unit), data.measured.unit, start.unit) * ratio
            derived = derived.with_column(new, Column(errors, target.unit, data[old].label))
    return replace(derived, noise=data.noise).with_history(f"{observable} [{target.unit}] from {data.quantity}")


def _base(row):
    return row.base or row.name


def _not_zero(data, key, values):
    if np.any(values == 0.0):
        row = int(np.argmax(values == 0.0)) + 1
        raise ParameterError(f"dataset {data.name!r}, row {row}: {key} is 0, which cannot be divided by; drop the row")
    return values
