"""How a record is shown in one line: what an interactive session prints."""

import dataclasses
from collections.abc import Mapping, Sized
from typing import Any

_LONGEST, _LONGEST_VALUE = 240, 48  # letters


def brief(self: Any) -> str:
    """A dataclass or named tuple by its fields that are not at their default; arrays by their shape, cut where long.

    >>> from glasstunnel.records import brief
    >>> from glasstunnel import LarmorDiamagnetism, Pulses
    >>> brief(LarmorDiamagnetism(4e-3))
    'LarmorDiamagnetism(susceptibility=0.004)'
    """
    words, length = [], len(type(self).__name__) + 2
    for name, value in _fields(self):
        words.append(f"{name}={brief_value(value)}")
        length += len(words[-1]) + 2
        if length > _LONGEST:
            words[-1] = "..."
            break
    return f"{type(self).__name__}({', '.join(words)})"


def _fields(record):
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        default = field.default
        plain = value is None or isinstance(value, (bool, int, float, str, tuple))
        if field.repr and not (plain and type(value) is type(default) and value == default):
            yield field.name, value


def brief_value(value: Any) -> str:
    """A value in a few words.

    >>> brief_value([1.0, 2.0]), brief_value({"a": 1.0}), brief_value("x" * 100)[-8:]
    ('[1.0, 2.0]', "{'a': 1.0}", "xxxx...'")
    """
    if isinstance(value, str):
        return repr(shorter(value, _LONGEST_VALUE - 2))
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        if value.size > 4 or value.ndim > 1:
            return f"array of shape {value.shape}"
        value = value.tolist()
    if isinstance(value, (Mapping, list, tuple, set, frozenset)):
        if not hasattr(value, "_fields") and len(value) > 6:
            return f"{type(value).__name__} of {len(value)}"
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        text = repr(value)
        return text if len(text) <= _LONGEST_VALUE else f"{type(value).__name__}(...)"
    text = repr(value)
    if len(text) <= _LONGEST_VALUE and "array(" not in text:
        return text
    return f"{type(value).__name__} of {len(value)}" if isinstance(value, Sized) else f"<{type(value).__name__}>"


def shorter(text: str, letters: int = 60) -> str:
    """The text, cut with three dots where it is long.

    >>> shorter("a long name of a glass", 10)
    'a long ...'
    """
    return text if len(text) <= letters else text[: letters - 3] + "..."
