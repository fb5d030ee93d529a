"""What `glasstunnel init` proposes for an observable of no listed kind of experiment, such as one from ``--module``."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from glasstunnel.data import Dataset
from glasstunnel.data.amounts import observable_of
from glasstunnel.errors import ParameterError
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.observables.table import CONDITIONS, OBSERVABLES, Observable
from glasstunnel.runfile.kinds import Experiment
from glasstunnel.runfile.proposals import FILL_IN, condition_step, vary_table
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.parameters import parameter_table
from glasstunnel.systems.registry import CONTRIBUTIONS, contribution_class, modules_outside

_DECADES = 1e3  # to each side of what the data ask for


def general_kind(quantity: str) -> Experiment:
    """The kind of experiment that measures one observable of the table and is in no list.

    Its glass is made of the contributions from outside the package that give the observable; `ParameterError` where
    there is none, and for an observable that no fit takes.
    """
    row = OBSERVABLES[observable_of(quantity)]
    if row.fit_instead:
        raise ParameterError(f"init: {row.fit_instead}")
    classes = [kind for kind in map(contribution_class, _from_outside()) if _gives(kind, row.method)]
    if not classes:
        raise ParameterError(
            f"init knows no glass to begin with for {row.name}: write [glass.contributions.NAME] and [vary] by hand; a "
            "contribution of your own that gives it is proposed with --module FILE.py"
        )
    return Experiment((quantity,), row.label[:1].upper() + row.label[1:], partial(_steps, row),
                      partial(_glass, row, classes))  # fmt: skip


def _from_outside() -> list[str]:
    outside = modules_outside()
    return [name for name, kind in CONTRIBUTIONS.items() if kind.module in outside]


def _gives(kind: type, method: str) -> bool:
    """Whether a class says something of its own about an observable; where the glass answers as a whole, any may."""
    return not method or getattr(kind, method, None) not in (None, getattr(Contribution, method, None))


def _steps(row: Observable, data: Dataset) -> Iterator[str]:
    yield from condition_step(data, "temperature", "4.2 K", "temperature of the sample")
    if not row.zero_field:
        yield from condition_step(data, "field", "0.1 T", "the file has no field")
    for key in row.conditions:
        condition = CONDITIONS[key]
        yield from condition_step(data, key, f"{_typical(row, key):g} {condition.unit}", condition.meaning)


def _typical(row, key):
    return row.typical.get(key, CONDITIONS[key].typical)


def _glass(row: Observable, classes: Sequence[type], datasets: Sequence[Dataset]) -> Iterator[str]:
    vary: dict[str, tuple[str, float, float, str]] = {}
    yield "[glass]"
    for kind in classes:
        short = CONTRIBUTIONS[kind.__name__].short
        numbers, varied = _start(kind, row, datasets)
        given = ", ".join([f'type = "{kind.__name__}"', *(f"{name} = {value:.4g}" for name, value in numbers.items())])
        guessed = [name for name in numbers if name != varied]
        yield f"contributions.{short} = {{{given}}}" + (f"   {FILL_IN}: {', '.join(guessed)}" if guessed else "")
        if varied:
            meaning = next(entry.meaning for entry in parameter_table(kind) if entry.name == varied)
            value = numbers[varied]
            vary[f"{short}.{varied}"] = ("log-uniform", value / _DECADES, value * _DECADES, meaning)
    yield from vary_table(vary)


def _start(kind: type, row: Observable, datasets: Sequence[Dataset]) -> tuple[dict[str, float], str | None]:
    """({parameter: value} to begin with, the one that varies): an amplitude takes the size that the data ask for."""
    entries = parameter_table(kind)
    required = {entry.name: _inside(entry) for entry in entries if _is_required(kind, entry.name)}
    varied = next((entry.name for entry in entries if entry.linear), None)
    if varied is None:
        return required, next(iter(required), None)
    numbers = required | {varied: 1.0}
    size = max((_size(kind(**numbers), row, data) for data in datasets), default=1.0)
    return numbers | {varied: size}, varied


def _is_required(kind: Any, name: str) -> bool:
    from dataclasses import MISSING

    return kind.__dataclass_fields__[name].default is MISSING


def _inside(entry) -> float:
    """A value that a parameter may have: 1, or the middle of its range."""
    return 1.0 if entry.allows(1.0) else 0.5 * (entry.lower + entry.upper)


def _size(contribution: Contribution, row: Observable, data: Dataset) -> float:
    """By what the observable of one unit of an amplitude must be multiplied to come to the data."""
    T = data["temperature"].to("K") if "temperature" in data else 4.2
    B = data["field"].to("T") if "field" in data else 0.1
    given = {key: data[key].to(CONDITIONS[key].unit) if key in data else _typical(row, key) for key in row.conditions}
    unit = np.abs(np.asarray(evaluate(row.name, contribution, T, B, **given)))
    measured = np.abs(data.measured.to(row.unit))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = float(np.median(measured) / np.median(unit))
    return ratio if np.isfinite(ratio) and ratio > 0.0 else 1.0
