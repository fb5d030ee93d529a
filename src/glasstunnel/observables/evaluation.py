"""From a glass, a row of the table and conditions to numbers: the one way in which observables are evaluated."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES, Observable
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.glass import Glass, as_glass
from glasstunnel.systems.registry import LOAD_FIRST

_EXTREME = 1e100  # of a temperature (or its inverse) and a field: squares and cubes are still numbers


def observable(name: str) -> Observable:
    """The row called `name`; `ParameterError` with what there is for another one.

    >>> observable("magnetization").unit
    'A m2/kg'
    """
    if not isinstance(name, str) or name not in OBSERVABLES:
        raise ParameterError(f"no observable {name!r}; there are {', '.join(OBSERVABLES)}; {LOAD_FIRST}")
    return OBSERVABLES[name]


def evaluate(name: str, glass: Contribution, T: ArrayLike, B: ArrayLike, **conditions: Any) -> Any:
    """The observable `name` of a glass (or of one contribution) at T [K] (for a density of states E [K]) and B [T].

    conditions : those of its row, in SI; None stands for one that is not given. Everything broadcasts together.
    `ParameterError` for what is no glass, an observable that no contribution gives, conditions that are missing,
    unknown or out of range.

    >>> from glasstunnel import LarmorDiamagnetism
    >>> float(evaluate("magnetization", LarmorDiamagnetism(4e-6), 4.0, 2.0))
    -8e-06
    """
    row, glass = observable(name), as_glass(glass, name)
    T, B, given = checked(row, T, B, conditions)
    check_given(row, glass)
    return _finite(row, glass, value(row, glass, T, B, given))


def _finite(row, glass, numbers):
    """The numbers; `ParameterError` where one of them is none."""
    if not np.logical_and.reduce(np.isfinite(numbers), axis=None):
        raise ParameterError(f"{row.name} of {glass.name or 'the glass'} is beyond any number at some of these "
                             "conditions; come closer to those of a laboratory")
    return numbers


def value(
    row: Observable, glass: Glass, T: ArrayLike, B: ArrayLike, conditions: Mapping[str, Any],
    memory: dict | None = None,
) -> Any:
    """The observable of a row at checked conditions. memory : see `derivatives`."""
    return _combination(row).value(row, glass, T, B, conditions, memory)


def parts(
    row: Observable, glass: Glass, T: ArrayLike, B: ArrayLike, conditions: Mapping[str, Any],
    memory: dict | None = None,
) -> dict[str, Any]:
    """{contribution: its share}, adding up to `value`; empty where the glass gives the observable as a whole."""
    return _combination(row).parts(row, glass, T, B, conditions, memory)


def derivatives(
    row: Observable, glass: Glass, T: ArrayLike, B: ArrayLike, paths: Sequence[str], conditions: Mapping[str, Any],
    *, memory: dict | None = None,
) -> tuple[Any, dict[str, Any]]:
    """(value, {path: derivative by that parameter}), all of the broadcast shape.

    memory : a dict that the caller keeps for these T, B and conditions; what does not change between calls with other
        parameters is remembered in it.
    """
    return _combination(row).derivatives(row, glass, T, B, paths, conditions, memory=memory)


def _combination(row: Observable) -> ModuleType:
    return _module(row.combination)


_module = cache(import_module)  # which takes longer to find what it has imported


def check_given(row: Observable, glass: Glass) -> None:
    """`ParameterError` naming what is missing unless a contribution of the glass gives the observable."""
    if row.method and not glass.gives(row.method):
        name = f" of {glass.name}" if glass.name else ""
        raise ParameterError(f"{row.name}{name}: {row.missing}")


def checked(row: Observable, T: ArrayLike, B: ArrayLike, conditions: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """(T or E, B, {condition: array or text}) of a row as checked arrays that broadcast together."""
    named = "gap energy E" if row.argument == "energy" else "temperature T"
    if not (conditions or row.conditions):
        return *temperature_and_field(T, B, named), {}
    given = {key: entry for key, entry in conditions.items() if entry is not None}
    wrong = [key for key in row.conditions if key not in given]
    wrong += [key for key in given if key not in (*row.conditions, *row.optional, *row.choices)]
    if wrong:
        optional = (f"{key} (optional)" for key in (*row.optional, *row.choices))
        raise ParameterError(
            f"{row.name} is a function of {', '.join(('T', 'B', *row.conditions, *optional))}; check {', '.join(wrong)}"
        )
    T, B = temperature_and_field(T, B, named)
    chosen = {key: given.pop(key) for key in row.choices if key in given}
    for key, choice in chosen.items():
        if choice not in row.choices[key]:
            raise ParameterError(f"{key} must be one of {', '.join(map(repr, row.choices[key]))}, got {choice!r}")
    numbers = {key: condition(key, entry) for key, entry in given.items()}
    if numbers:
        real_arrays((named, T), ("flux density B", B), *numbers.items())  # that they broadcast together
    return T, B, numbers | chosen


def temperature_and_field(T: ArrayLike, B: ArrayLike, named: str = "temperature T") -> tuple:
    """T (or what `named` says) and B as float arrays, checked."""
    T, B = real_arrays((named, T), ("flux density B", B))
    if T.size and B.size and _ordinary(T, 1.0 / _EXTREME) and _ordinary(B, -_EXTREME):
        return T, B
    if not (np.isfinite(T) & (T > 0)).all():
        raise ParameterError(f"{named} must be positive and finite (kelvin), got {_first_bad(T, T > 0)}")
    if not np.isfinite(B).all():
        raise ParameterError(f"flux density B must be finite (tesla), got {_first_bad(B, B == B)}")
    for name, numbers, allowed in ((named, T, (T >= 1.0 / _EXTREME) & (T <= _EXTREME)),
                                   ("flux density B", B, np.abs(B) <= _EXTREME)):  # fmt: skip
        if not allowed.all():
            raise ParameterError(f"{name} = {_first_bad(numbers, allowed)} is too extreme to be calculated with")
    return T, B


def _ordinary(numbers, lowest):
    """Whether all numbers, none of them NaN, lie between `lowest` and what is too extreme."""
    if not numbers.ndim:
        return lowest <= numbers.item() <= _EXTREME
    return lowest <= np.minimum.reduce(numbers, axis=None) and np.maximum.reduce(numbers, axis=None) <= _EXTREME


def condition(name: str, values: ArrayLike) -> np.ndarray:
    """The values of a condition as a float array; `ParameterError` outside its range."""
    (numbers,) = real_arrays((name, values))
    allowed = CONDITIONS[name].allows(numbers)
    if not (np.isfinite(numbers) & allowed).all():
        raise ParameterError(f"{name} {CONDITIONS[name].describe_range()}, got {_first_bad(numbers, allowed)}")
    return numbers


def _first_bad(values, allowed):
    bad = values[~(np.isfinite(values) & allowed)]
    return f"{float(np.ravel(bad)[0])!r}"
