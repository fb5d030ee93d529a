"""Arguments of the origins: one real number, one whole number, or one clear sentence."""

import math
from typing import Any

from glasstunnel.errors import ParameterError


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


def check_record(name: str, value: Any, kind: type, maker: str) -> None:
    """`ParameterError` unless the value is a record of this kind. maker : what gives one, for the message."""
    if not isinstance(value, kind):
        raise ParameterError(f"{name} must be a {kind.__name__}, as {maker} gives it, got {value!r}")
