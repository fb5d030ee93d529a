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
