"""Which printed set to start from, per glass and observable."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from glasstunnel.errors import ParameterError
from glasstunnel.records import brief


@dataclass(frozen=True)
class Recommendation:
    """The printed set `id` to start from for an observable of a glass, and the reason in words."""

    glass: str
    observable: str
    id: str
    reason: str

    __repr__ = brief


@cache
def recommendations() -> tuple[Recommendation, ...]:
    """Every `Recommendation`; the first one of a glass is its default.

    >>> from glasstunnel.papers import recommendations
    >>> recommendations()[0].id
    '001.T3.BK7.constH'
    """
    text = Path(__file__).with_name("recommended.toml").read_text(encoding="utf-8")
    return tuple(Recommendation(**row) for row in tomllib.loads(text)["set"])


def recommended(glass: str, observable: str | None = None) -> Recommendation:
    """The `Recommendation` for an observable of a glass, or the default one of the glass.

    observable : "magnetization", "heat_capacity", "permittivity", "loss_tangent" or "echo", where there is one.
    `ParameterError` for a glass or an observable without a printed set, naming those that have one.

    >>> from glasstunnel.papers import recommended
    >>> recommended("Duran", "magnetization").id
    '002.T11.Duran.M'
    """
    rows = [row for row in recommendations() if row.glass == glass]
    if not rows:
        raise ParameterError(f"no printed set of {glass!r}; there are sets of {', '.join(recommended_glasses())}")
    for row in rows:
        if observable in (None, row.observable):
            return row
    observables = ", ".join(row.observable for row in rows)
    raise ParameterError(f"no printed set is recommended for the {observable!r} of {glass}; there are {observables}")


def recommended_glasses() -> tuple[str, ...]:
    """The glasses that have a recommended set, as `published` takes their names."""
    return tuple(dict.fromkeys(row.glass for row in recommendations()))
