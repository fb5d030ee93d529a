"""One parameter table per record: name, unit, meaning, bounds. Documentation, fits and run files all read it."""

import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number
from glasstunnel.records import brief

_DECADES = 3.0  # to each side of a value, where a parameter says nothing else
_LARGEST, _SMALLEST = 1.7e308, 5e-324  # of a float


@dataclass(frozen=True)
class Parameter:
    """One row of a parameter table.

    `lower` and `upper` are the physical limits; `open_lower` excludes the lower limit itself.
    `linear` says that every observable is proportional to the parameter; `infinite` that infinity is a value of it.
    log : whether one looks at it in decades (None: where it is positive and unlimited). span : how far one looks to
    each side of a value, in decades or, where it is not logarithmic, in `unit` (None: see `reach`).
    """

    name: str
    unit: str
    meaning: str
    lower: float
    upper: float
    open_lower: bool
    linear: bool
    optional: bool = False
    infinite: bool = False
    log: bool | None = None
    span: float | None = None

    __repr__ = brief

    @property
    def logarithmic(self) -> bool:
        """Whether sliders and menus show it in decades."""
        return self.lower >= 0.0 and math.isinf(self.upper) if self.log is None else self.log

    def reach(self, value: float) -> tuple[float, float, bool]:
        """(lowest, highest, whether in decades) of what one looks at around a value; a zero has no decades.

        >>> Parameter("density", "1/kg", "number", 0.0, math.inf, True, True, span=1.0).reach(2e19)
        (2e+18, 2e+20, True)
        >>> Parameter("mean_field", "K", "zJ", -1e5, 1e5, False, False, span=10.0).reach(0.0)
        (-10.0, 10.0, False)
        """
        if self.logarithmic and value > 0.0:
            factor = 10.0 ** (_DECADES if self.span is None else self.span)
            return max(self.lower, _SMALLEST, value / factor), min(self.upper, _LARGEST, value * factor), True
        if self.span is None and self.lower >= 0.0 and math.isfinite(self.upper):
            return self._lowest(self.upper), self.upper, False
        side = (3.0 * abs(value) or 1.0) if self.span is None or self.logarithmic else self.span
        low, high = max(self.lower, -_LARGEST, value - side), min(self.upper, _LARGEST, value + side)
        return (self._lowest(high) if low == self.lower else low), high, False

    def describe_reach(self) -> str:
        """How far one looks to each side of a value, in words.

        >>> Parameter("mean_field", "K", "zJ", -1e5, 1e5, False, False, span=10.0).describe_reach()
        '± 10 K'
        """
        if self.logarithmic:
            decades = _DECADES if self.span is None else self.span
            return f"{decades:g} decade{'' if decades == 1.0 else 's'} each side"
        if self.span is None:
            return "all of it" if self.lower >= 0.0 and math.isfinite(self.upper) else "± 3 times the value"
        return f"± {self.span:g}{'' if self.unit in ('', '1') else ' ' + self.unit}"

    def _lowest(self, high):
        """The lower limit, or just above it where it is excluded."""
        return self.lower + 1e-3 * (high - self.lower) if self.open_lower else self.lower

    def describe_limits(self) -> str:
        """The allowed range in words, for error messages.

        >>> Parameter("density", "1/kg", "number", 0.0, math.inf, True, True).describe_limits()
        '> 0 1/kg'
        """
        unit = f" {self.unit}" if self.unit not in ("", "1") else ""
        low = "" if self.lower == -math.inf else f"{'>' if self.open_lower else '>='} {self.lower:g}{unit}"
        high = "" if self.upper == math.inf else f"<= {self.upper:g}{unit}"
        return " and ".join(part for part in (low, high) if part) or "finite"

    def allows(self, value: float) -> bool:
        """True when `value` lies inside the limits; whether infinity itself is a value stands in `infinite`."""
        if math.isnan(value):
            return False
        above = value > self.lower if self.open_lower else value >= self.lower
        return above and value <= self.upper


def parameter(unit, meaning, *, lower=0.0, upper=math.inf, open_lower=True, linear=False, optional=False,
              infinite=False, log=None, span=None, default=dataclasses.MISSING) -> Any:
    """A dataclass field that is a physical parameter: unit, meaning and limits stand beside it.

    `optional` allows None (not given), `infinite` allows infinity; `log` and `span` say how one looks at it.
    """
    row = dict(unit=unit, meaning=meaning, lower=lower, upper=upper, open_lower=open_lower, linear=linear,
               optional=optional, infinite=infinite, log=log, span=span)
    return dataclasses.field(default=default, metadata={"parameter": row})


def option(choices, default=dataclasses.MISSING) -> Any:
    """A dataclass field that is a choice, not a number; what it may be stands beside it, for menus and messages.

    choices : the allowed values (of a mapping its names).
    """
    return dataclasses.field(default=default, metadata={"choices": tuple(choices)})


def option_choices(record: object) -> dict[str, tuple]:
    """{field: what it may be} of the fields that are choices.

    >>> from glasstunnel import FeO4Centers
    >>> option_choices(FeO4Centers)
    {'gap': ('corrected', 'printed')}
    """
    return _choices_of(record if isinstance(record, type) else type(record))


@lru_cache(maxsize=256)
def _choices_of(cls):
    return {
        field.name: field.metadata["choices"] for field in dataclasses.fields(cls) if "choices" in field.metadata
    }


def parameter_table(record: object) -> tuple[Parameter, ...]:
    """The `Parameter` rows of a record or record class, in the order of its fields."""
    return _table_of(record if isinstance(record, type) else type(record))


@lru_cache(maxsize=256)
def _table_of(cls):
    return tuple(
        Parameter(name=field.name, **field.metadata["parameter"])
        for field in dataclasses.fields(cls)
        if "parameter" in field.metadata
    )


def check_parameters(record):
    """Raise `ParameterError` for the first parameter of `record` outside its limits.

    NumPy's scalars become plain numbers, so that records print and compare as they were written.
    """
    for row in parameter_table(record):
        value: Any = getattr(record, row.name)
        where = f"{type(record).__name__}.{row.name}"
        if (value is None and row.optional):
            continue
        if not is_number(value):
            raise ParameterError(f"{where} must be a number ({row.describe_limits()}), got {value!r}")
        if isinstance(value, np.generic):
            value = value.item()
            object.__setattr__(record, row.name, value)
        size = cast(float, value)
        if not row.allows(size) or (math.isinf(size) and not row.infinite):
            raise ParameterError(f"{where} must be {row.describe_limits()}, got {value!r}")


def known(record: object, name: str) -> Any:
    """The parameter `name` of `record`; `ParameterError` where it was left open (None) and a result needs it.

    >>> from glasstunnel import TwoLevelSystems
    >>> known(TwoLevelSystems(None, dielectric_strength=1e-3), "density")
    Traceback (most recent call last):
    glasstunnel.errors.ParameterError: TwoLevelSystems.density is not known and this result needs it; give it a number
    """
    value = getattr(record, name)
    if value is None:
        raise ParameterError(
            f"{type(record).__name__}.{name} is not known and this result needs it; give it a number"
        )
    return value


def check_choice(record, name):
    """Raise `ParameterError` unless the option `name` of `record` is one of those its field lists."""
    value, choices = getattr(record, name), option_choices(record)[name]
    if value not in choices:
        allowed = ", ".join(repr(choice) for choice in choices)
        raise ParameterError(f"{type(record).__name__}.{name} must be one of {allowed}, got {value!r}")
