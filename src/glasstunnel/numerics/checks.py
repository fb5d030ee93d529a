"""What a person gives, numbers above all: what counts as one, and one clear sentence where it does not do."""

import math
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.errors import ParameterError


def is_number(value: object, finite: bool = False) -> bool:
    """Whether `value` is a real number of Python or NumPy (no truth value, no array); `finite`: neither inf nor NaN.

    >>> is_number(np.float64(2.0)), is_number(True), is_number("2"), is_number(math.inf, finite=True)
    (True, False, False, False)
    """
    if not isinstance(value, (int, float, np.integer, np.floating)) or isinstance(value, bool):
        return False
    try:
        return not finite or math.isfinite(value)
    except OverflowError:  # a whole number of more than 308 digits
        return False


def is_whole_number(value: Any, least: int | None = None) -> TypeGuard[int]:
    """Whether `value` is an integer of Python or NumPy (no truth value), not below `least`.

    >>> is_whole_number(3, least=1), is_whole_number(0, least=1), is_whole_number(3.0), is_whole_number(True)
    (True, False, False, False)
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    return whole and (least is None or bool(value >= least))


def seed_number(where: str, seed: object) -> int:
    """The seed of random numbers; `ParameterError` beginning with `where` unless it is a whole number from 0 on."""
    if not is_whole_number(seed, least=0):
        raise ParameterError(f"{where}: seed must be a whole number, 0 or more, got {seed!r}")
    return int(seed)


def real_number(name: str, value: Any) -> float:
    """The value as a float; `ParameterError` naming it if it is no single finite number."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, (bool, str)) or not math.isfinite(number):
        raise ParameterError(f"{name} must be one finite number, got {value!r}")
    return number


def whole_number(name: str, value: Any, least: int, most: int) -> int:
    """The value as an integer between `least` and `most`; `ParameterError` naming it otherwise."""
    number = real_number(name, value)
    if number != int(number) or not least <= number <= most:
        raise ParameterError(f"{name} must be a whole number from {least} to {most}, got {value!r}")
    return int(number)


def real_numbers(function: str, **values: Any) -> None:
    """`ParameterError` naming function and argument unless every value is one finite number."""
    for name, value in values.items():
        real_number(f"{function}: {name}", value)


def positive(**quantities: ArrayLike) -> Any:
    """The quantities (numbers or arrays) as float arrays in order; `ParameterError` unless positive and finite."""
    return _checked(quantities, "positive", lambda values: values > 0.0)


def not_negative(**quantities: ArrayLike) -> Any:
    """The same for quantities that may be zero."""
    return _checked(quantities, "not negative", lambda values: values >= 0.0)


def finite(**quantities: ArrayLike) -> Any:
    """The same for quantities of any sign."""
    return _checked(quantities, "real", np.isfinite)


def _checked(quantities, words, allowed):
    arrays = []
    for name, value in quantities.items():
        try:
            values = np.asarray(value, dtype=float)
        except (TypeError, ValueError) as error:
            raise ParameterError(f"{name} must be a number or an array of numbers, got {value!r}") from error
        bad = ~(np.isfinite(values) & allowed(values))
        if bad.any():
            raise ParameterError(f"{name} must be {words} and finite, got {float(values[bad].flat[0])!r}")
        arrays.append(values)
    return arrays[0] if len(arrays) == 1 else arrays


def check_record(name: str, value: Any, kind: type, maker: str) -> None:
    """`ParameterError` unless the value is a record of this kind. maker : what gives one, for the message."""
    if not isinstance(value, kind):
        raise ParameterError(f"{name} must be a {kind.__name__}, as {maker} gives it, got {value!r}")
