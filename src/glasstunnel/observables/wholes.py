"""Observables that a glass gives as a whole: nothing adds up, so there are no shares, and slopes are differences."""

from functools import lru_cache
from importlib import import_module

from glasstunnel.systems.glass import owned
from glasstunnel.systems.parameters import parameter_table

_STEP = 1e-6  # of a parameter, relative


@lru_cache
def _function(place):
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def value(row, glass, T, B, conditions, memory=None):
    """What the function of the row gives for the whole glass."""
    return _function(row.function)(glass, T, B, **conditions)


def parts(row, glass, T, B, conditions, memory=None):
    """No contribution has a share of its own."""
    return {}


def derivatives(row, glass, T, B, paths, conditions, *, memory=None):
    """(value, {path: derivative}) by one-sided differences, relative error about 1e-6: a whole is dear to evaluate.

    By an amplitude to which it is proportional the step is that amplitude itself, which is exact.
    """
    here, slopes = value(row, glass, T, B, conditions), {}
    exact = row.keeps_linearity(conditions)
    for key, part in glass.contributions.items():
        linear = {entry.name for entry in parameter_table(part) if entry.linear and exact}
        for name in owned(paths, key):
            moved, step = part.stepped(name, 1.0 if name in linear else _STEP)
            slopes[f"{key}.{name}"] = (value(row, glass.with_contribution(key, moved), T, B, conditions) - here) / step
    return here, slopes
