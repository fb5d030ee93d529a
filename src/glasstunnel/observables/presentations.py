"""The ways in which the field draws an observable: M T against T, C/T against T^2, an echo against the waiting time.

`PRESENTATIONS` lists those that are more than the observable against its argument; the explorer reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from glasstunnel.observables.table import CONDITIONS, OBSERVABLES, Observable
from glasstunnel.records import brief

#: Not in the table, since it is not one number of a glass: the levels that `Contribution.level_diagram` states.
LEVELS = Observable("levels", "K", "levels of one system", "E", "K", span=(0.5, 20.0))

#: The variables of a curve beside the conditions: unit, symbol.
_COORDINATES = {"temperature": ("K", "T"), "energy": ("K", "E"), "field": ("T", "B")}


@dataclass(frozen=True)
class Presentation:
    """An observable times powers of its variables, against powers of them.

    x : the variable that runs along the axis. x_powers, y_powers : {variable: power}; no x_powers: x itself.
    unit, cgs_unit, x_unit : of what is drawn. x_log : whether the axis is logarithmic. span : of the running variable
    (none: that of the observable).
    """

    name: str
    observable: str
    x: str
    label: str
    unit: str
    cgs_unit: str
    x_label: str
    x_unit: str
    x_powers: Mapping[str, int] = field(default_factory=dict)
    y_powers: Mapping[str, int] = field(default_factory=dict)
    x_log: bool = True
    span: tuple[float, float] | None = None

    __repr__ = brief

    @property
    def row(self) -> Observable:
        """The observable that is drawn."""
        return OBSERVABLES.get(self.observable, LEVELS)

    def abscissa(self, variables: Mapping[str, np.ndarray]) -> np.ndarray:
        """What is drawn along the axis, from {variable: values} in SI."""
        return _product(variables, self.x_powers or {self.x: 1})

    def factor(self, variables: Mapping[str, np.ndarray]) -> np.ndarray:
        """What the observable is multiplied by."""
        return _product(variables, self.y_powers)


def _product(variables, powers):
    product = np.ones(())
    for name, power in powers.items():
        product = product * np.asarray(variables[name], float) ** power
    return product


def variable_unit(name: str) -> str:
    """SI unit of a variable of a curve: temperature, energy, field or a condition.

    >>> variable_unit("waiting_time")
    's'
    """
    return _COORDINATES[name][0] if name in _COORDINATES else CONDITIONS[name].unit


def variable_label(name: str) -> str:
    """A variable as an axis names it.

    >>> variable_label("field"), variable_label("waiting_time")
    ('B', 'waiting time')
    """
    return _COORDINATES[name][1] if name in _COORDINATES else name.replace("_", " ")


def plain_presentation(observable: str, x: str | None = None) -> Presentation:
    """An observable itself, against its argument or another of its variables.

    >>> plain_presentation("magnetization").x
    'temperature'
    """
    row = OBSERVABLES[observable]
    x = x or row.argument
    along = "" if x == row.argument else f" against {x.replace('_', ' ')}"
    power = row.axis_power if x == row.argument else 1
    label, unit = variable_label(x), variable_unit(x)
    return Presentation(
        f"{row.label}{along}", observable, x, row.symbol, row.unit, row.cgs_unit,
        f"{label}^{power}" if power != 1 else label, f"{unit}{power}" if power != 1 else unit,
        x_powers={} if power == 1 else {x: power}, x_log=x != "field" and power == 1,
        span=(0.0, 1.0) if x == "field" else None,
    )  # fmt: skip


def all_presentations() -> dict[str, Presentation]:
    """{name: `Presentation`}: every observable against its argument, and what is listed in `PRESENTATIONS`.

    >>> list(all_presentations())[3:5]
    ['heat capacity', 'magnetization']
    """
    plain = (plain_presentation(name) for name in OBSERVABLES)
    return {row.name: row for row in (*plain, *PRESENTATIONS.values())}


def presentation(name: str) -> Presentation:
    """The presentation called `name`."""
    from glasstunnel.errors import ParameterError

    known = all_presentations()
    if name not in known:
        raise ParameterError(f"nothing called {name!r} can be drawn; there are {', '.join(known)}")
    return known[name]


PRESENTATIONS: dict[str, Presentation] = {
    row.name: row
    for row in (
        Presentation("magnetization times temperature", "magnetization", "temperature", "M T", "A m2 K/kg", "emu K/g",
                     "T", "K", y_powers={"temperature": 1}),
        Presentation("magnetization against B", "magnetization", "field", "M", "A m2/kg", "emu/g", "B", "T",
                     x_log=False, span=(0.0, 7.0)),
        Presentation("magnetization against B/T", "magnetization", "field", "M", "A m2/kg", "emu/g", "B/T", "T/K",
                     x_powers={"field": 1, "temperature": -1}, x_log=False, span=(0.0, 7.0)),
        Presentation("levels against field", "levels", "field", "E", "K", "K", "B", "T", x_log=False, span=(0.0, 5.0)),
        Presentation("echo against field", "echo", "field", "A", "C m/kg", "C m/kg", "B", "T", x_log=False,
                     span=(0.0, 0.5)),
        Presentation("echo against waiting time", "echo", "waiting_time", "A", "C m/kg", "C m/kg", "waiting time", "s",
                     x_log=False, span=(1e-6, 5e-5)),
    )
}  # fmt: skip
