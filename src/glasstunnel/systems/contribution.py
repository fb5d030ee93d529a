"""What every contribution to a glass provides: free energy per kilogram and its derivatives."""

import dataclasses
import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from glasstunnel.errors import GlassTunnelError, ParameterError
from glasstunnel.lazy import later
from glasstunnel.records import brief
from glasstunnel.systems.parameters import check_parameters, parameter_table
from glasstunnel.systems.registry import short_name

#: The observables that follow from the free energy, as method names of `Contribution`.
THERMODYNAMIC = ("free_energy", "entropy", "heat_capacity", "magnetization", "magnetic_susceptibility")


class Contribution:
    """Something in the glass: a frozen dataclass of numbers that knows its free energy per kilogram.

    Every method takes temperature T [K] and flux density B [T] as arrays that broadcast together and returns the
    broadcast shape, in SI per kilogram. A subclass without any field dependence leaves `magnetization` and
    `magnetic_susceptibility` as they are here (zero).
    """

    def __init_subclass__(cls, **options: Any):
        super().__init_subclass__(**options)
        if "__repr__" not in vars(cls):
            cls.__repr__ = brief  # stands before `dataclass` would write its own, which states every default

    def _repr_html_(self) -> str:
        return later("report.notebook", "glass_html")(self)

    def __post_init__(self):
        check_parameters(self)

    def free_energy(self, T, B):
        """Helmholtz free energy F [J/kg], from each system's zero-field ground state unless said otherwise."""
        raise NotImplementedError(f"{type(self).__name__} does not state its free energy")

    def entropy(self, T, B):
        """S = -dF/dT [J/(K kg)]."""
        raise NotImplementedError(f"{type(self).__name__} does not state its entropy")

    def heat_capacity(self, T, B):
        """C = T dS/dT at constant B [J/(K kg)]."""
        raise NotImplementedError(f"{type(self).__name__} does not state its heat capacity")

    def magnetization(self, T, B):
        """M = -dF/dB [A m2/kg]."""
        return zeros(T, B)

    def magnetic_susceptibility(self, T, B):
        """Differential susceptibility dM/dB [A m2/(kg T)]."""
        return zeros(T, B)

    def entropy_change(self, T, B, reference_field=0.0):
        """S(T, B) - S(T, reference_field) [J/(K kg)]."""
        return self.entropy(T, B) - self.entropy(T, reference_field)

    def short_time_heat_capacity(self, T, B, time):
        """What takes up heat within `time` [s]; all of it, unless the contribution says what is slow [J/(K kg)]."""
        return self.heat_capacity(T, B) + zeros(time)

    def level_diagram(self, T: Any, B: Any) -> dict[str, np.ndarray]:
        """{level: its energy [K]} of one typical system at T [K] and B [T]; nothing where levels say nothing."""
        return {}

    def curie_weiss(self) -> tuple[float, float | None, float] | None:
        """(C [A m2 K/(kg T)], effective moment [Bohr magnetons per ion] or None, theta [K]) where k_B T is large.

        None where the susceptibility follows no Curie-Weiss law.
        """
        return None

    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]  # every contribution is a dataclass
    #: What it is, in one line, and where its equations come from: what a report says of it.
    summary: ClassVar[str] = ""
    #: Where it holds: temperatures, fields, what it leaves out.
    validity: ClassVar[str] = ""
    equations: ClassVar[str] = ""
    #: {name: options} of the theories in which it can be evaluated side by side: the exact one and what papers print.
    variants: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    #: {observable (name of its method): parameter without which the contribution does not give it}.
    needs: ClassVar[Mapping[str, str]] = {}

    @cached_property
    def alone(self) -> Any:
        """The `Glass` of this contribution alone, under the short name of its kind."""
        return later("systems.glass", "Glass")({short_name(type(self).__name__): self})

    def gives(self, method: str) -> bool:
        """Whether the contribution says anything about an observable, be it zero."""
        return hasattr(self, method) and (method not in self.needs or getattr(self, self.needs[method]) is not None)

    def derivatives(self, observable, T, B, names, **conditions):
        """Value of `observable` and its derivative by each parameter in `names`.

        `conditions` are the conditions of the observable beside T and B, such as frequency.

        Exact for linear parameters; central differences for the others, in the logarithm where the parameter is
        positive (relative error about 1e-9). A subclass with closed forms replaces it.
        Returns (value, {name: derivative}), all of the broadcast shape.
        """
        value = getattr(self, observable)(T, B, **conditions)
        rows = {row.name: row for row in parameter_table(self)}
        slopes = {}
        for name in names:
            number = self._number(name)
            linear = rows[name].linear and observable in THERMODYNAMIC
            if linear and number != 0.0:
                slopes[name] = value / number
            elif linear:
                slopes[name] = getattr(dataclasses.replace(self, **{name: 1.0}), observable)(T, B)
            else:
                slopes[name] = self.difference(name, lambda moved: getattr(moved, observable)(T, B, **conditions))
        return value, slopes

    def over_sets(self, observable, values, T, B, **conditions):
        """`observable` (the name of a method) for many parameter sets at once: (sets, points).

        values : {name: (sets,)} parameters that differ; T, B : (points,). NaN in the rows of sets that the contribution
        refuses. A subclass with a quicker way than one set after the other replaces it.
        """
        rows = []
        for numbers in zip(*values.values(), strict=True):
            try:
                part = dataclasses.replace(self, **dict(zip(values, map(float, numbers), strict=True)))
                rows.append(getattr(part, observable)(T, B, **conditions))
            except GlassTunnelError:
                rows.append(np.full(np.shape(T), np.nan))
        return np.array(rows).reshape(-1, *np.shape(T))

    def _number(self, name):
        number = getattr(self, name)
        if number is None or (math.isinf(number)):
            raise ParameterError(f"{type(self).__name__}.{name} is {number}; give it a number to vary it")
        return number

    def stepped(self, name: str, share: float) -> tuple["Contribution", float]:
        """(the contribution with one parameter moved by a share of its value, the step), inside its limits."""
        row = next(row for row in parameter_table(self) if row.name == name)
        number = self._number(name)
        step = share * (abs(number) or 1.0)
        step = step if row.allows(number + step) else -step
        return dataclasses.replace(self, **{name: number + step}), step

    def difference(self, name, function):
        """Derivative by the parameter `name` of function(contribution), by central differences."""
        row = next(row for row in parameter_table(self) if row.name == name)
        number = self._number(name)
        step = 6e-6 * (abs(number) or 1.0)
        high = number + step if row.allows(number + step) else number
        low = number - step if row.allows(number - step) else number
        return (
            function(dataclasses.replace(self, **{name: high})) - function(dataclasses.replace(self, **{name: low}))
        ) / (high - low)


class WithoutEnergy(Contribution):
    """A contribution that holds no energy, so that it adds nothing to the heat: a law of noise, a resonator."""

    def free_energy(self, T, B):
        """Zero."""
        return zeros(T, B)

    def entropy(self, T, B):
        """Zero."""
        return zeros(T, B)

    def heat_capacity(self, T, B):
        """Zero."""
        return zeros(T, B)


def zeros(*arguments):
    """Zeros of the broadcast shape of the arguments."""
    return np.zeros(np.broadcast(*arguments).shape)
