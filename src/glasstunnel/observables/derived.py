"""Derived columns: chi T, 1/chi, C/T, C/T^3, each a base observable times powers of T and B, or one over that.

Nothing is evaluated here but the base; where the power of B is -1 and B is zero, the limit is the derivative by B.
"""

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.observables import sums
from glasstunnel.observables.table import OBSERVABLES

#: The base whose derivative by B is its limit over B at zero field.
_SLOPE = {"magnetization": "susceptibility"}


def value(row, glass, T, B, conditions, memory=None):
    """The derived column, of the broadcast shape."""
    number = _scaled(row, T, B, lambda base: sums.value(base, glass, T, B, conditions))
    return _inverse(row, number) if row.inverse else number


def parts(row, glass, T, B, conditions, memory=None):
    """{contribution: its share}; none of an inverse, which does not add up."""
    if row.inverse:
        return {}
    shares = {base.name: sums.parts(base, glass, T, B, conditions) for base in _needed(row, B)}
    names = shares[row.base]
    return {name: _scaled(row, T, B, lambda base, name=name: shares[base.name][name]) for name in names}


def derivatives(row, glass, T, B, paths, conditions, *, memory=None):
    """(value, {path: derivative}) by the chain rule from those of the base."""
    found = {base.name: sums.derivatives(base, glass, T, B, paths, conditions) for base in _needed(row, B)}
    number = _scaled(row, T, B, lambda base: found[base.name][0])
    slopes = {path: _scaled(row, T, B, lambda base, path=path: found[base.name][1][path]) for path in paths}
    if row.inverse:
        number = _inverse(row, number)
        slopes = {path: -(number**2) * slope for path, slope in slopes.items()}
    return number, slopes


def _needed(row, B):
    """The base, and at zero field its derivative by B."""
    limit = [OBSERVABLES[_SLOPE[row.base]]] if row.field_power == -1 and np.any(np.asarray(B) == 0.0) else []
    return [OBSERVABLES[row.base], *limit]


def _scaled(row, T, B, base_value):
    """base_value(row of the base) times the powers of T and B."""
    T, B = np.asarray(T, float), np.asarray(B, float)
    base, *limit = _needed(row, B)
    result = base_value(base) * np.where(B == 0.0, 1.0, B) ** row.field_power
    if limit:
        result = np.where(B == 0.0, base_value(limit[0]), result)
    return result * T**row.temperature_power


def _inverse(row, number):
    if np.any(number == 0.0):
        raise ParameterError(f"{row.name}: {OBSERVABLES[row.base].name} is zero, so that its inverse is not defined")
    return 1.0 / number
