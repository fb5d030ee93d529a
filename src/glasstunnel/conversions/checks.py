"""Arguments of conversions: positive and finite, or one clear sentence."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.errors import ParameterError


def positive(**quantities: ArrayLike) -> Any:
    """The quantities (numbers or arrays) as float arrays in order; `ParameterError` unless positive and finite."""
    return _checked(quantities, "positive", lambda values: values > 0.0)


def not_negative(**quantities: ArrayLike) -> Any:
    """The same for quantities that may be zero."""
    return _checked(quantities, "not negative", lambda values: values >= 0.0)


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
