"""Grids as they are typed: ``2:300:100``, ``2:300:100:log``, ``2,4.2,10``, ``1:65:9 kOe``."""

import re

from glasstunnel.errors import ParameterError

_MOST_POINTS = 1_000_000
_WIDE = 20.0  # spans for which an axis is logarithmic
_UNIT = re.compile(r"(?<![A-Za-z:])\s*([A-Za-z][A-Za-z0-9/ ]*|cm\^?-1)$")
_FORMS = "write first:last:count, first:last:count:log (or :lin), or a comma list; a unit may follow"


def parse_grid(text, name, unit, wide_is_log=False, routes=False):
    """The numbers that `text` stands for, as an array in `unit`.

    text : ``first:last:count`` (even steps), ``first:last:count:log`` (even steps in the logarithm), a comma list, or
    one number; a unit after it is converted, none means `unit`. name : what the grid is, for the error message.
    wide_is_log : a range over more than a factor of 20 without ``:lin`` is logarithmic, as its axis is. routes : the
    unit may be any of an energy (meV, GHz, cm^-1, K), converted through k_B, h and c.
    Raises `ParameterError` naming the part that cannot be read, and `UnitError` for an unknown unit.

    >>> parse_grid("1:3:5", "temperature", "K")
    array([1. , 1.5, 2. , 2.5, 3. ])
    >>> parse_grid("1:100:3:log", "temperature", "K").round(9)
    array([  1.,  10., 100.])
    >>> parse_grid("10, 65 kOe", "field", "T")
    array([1. , 6.5])
    """
    import numpy as np

    numbers, given_unit = _split_unit(text, name)
    if ":" in numbers:
        values = _range(numbers, name, wide_is_log)
    else:
        values = np.array([_number(part, name, text) for part in numbers.split(",")])
    if given_unit in ("", unit):
        return values
    if routes:
        from glasstunnel.conversions.routes import convert_amount

        return convert_amount(values, given_unit, unit)[0]
    from glasstunnel.units import convert

    return convert(values, given_unit, unit)


def _split_unit(text, name):
    spacing = text.strip().removesuffix(":log").removesuffix(":lin")
    unit = _UNIT.search(spacing)
    if not unit or re.fullmatch(r"nan|inf|infinity|log|lin|e\d+", unit[1], re.IGNORECASE):
        return text.strip(), ""
    if spacing != text.strip():
        raise ParameterError(f"{name} {text!r}: the unit comes last, as in '1:65:9:log kOe'")
    return spacing[: unit.start()].strip(), unit[1].strip()


def _range(text, name, wide_is_log):
    import numpy as np

    first, last, count, *spacing = text.split(":") if text.count(":") in (2, 3) else ("", "", "", "?")
    if spacing not in ([], ["log"], ["lin"]):
        raise ParameterError(f"{name} {text!r} is no grid; {_FORMS}")
    if not count.strip().isdigit() or not 1 <= int(count) <= _MOST_POINTS:
        raise ParameterError(
            f"{name} {text!r}: the count must be a whole number from 1 to {_MOST_POINTS}, not {count!r}"
        )
    low, high = _number(first, name, text), _number(last, name, text)
    if not spacing and wide_is_log and min(low, high) > 0.0 and max(low, high) > _WIDE * min(low, high):
        spacing = ["log"]
    if spacing in ([], ["lin"]):
        return np.linspace(low, high, int(count))
    if low <= 0 or high <= 0:
        raise ParameterError(f"{name} {text!r}: a logarithmic grid needs positive ends")
    return np.geomspace(low, high, int(count))


def _number(part, name, text):
    import math

    try:
        value = float(part)
    except ValueError:
        raise ParameterError(f"{name} {text!r}: {part.strip() or text!r} is no number; {_FORMS}") from None
    if not math.isfinite(value):
        raise ParameterError(f"{name} {text!r}: {part.strip()!r} is not finite")
    return value
