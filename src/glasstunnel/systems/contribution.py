"""What every contribution to a glass provides: free energy per kilogram and its derivatives."""

import dataclasses
import math

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import is_jax, namespace
from glasstunnel.systems.parameters import check_parameters, parameter_table

#: The observables that follow from the free energy, as method names of `Contribution`.
THERMODYNAMIC = ("free_energy", "entropy", "heat_capacity", "magnetization", "magnetic_susceptibility")


class Contribution:
    """Something in the glass: a frozen dataclass of numbers that knows its free energy per kilogram.

    Every method takes temperature T [K] and flux density B [T] as arrays that broadcast together and returns the
    broadcast shape, in SI per kilogram. A subclass without any field dependence leaves `magnetization` and
    `magnetic_susceptibility` as they are here (zero).
    """

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

    def density_of_states(self, E, B):
        """Number of tunneling systems per energy gap [1/(K kg)] at gap E [K]; zero for what does not tunnel."""
        return zeros(E, B)

    def derivatives(self, observable, T, B, names):
        """Value of `observable` and its derivative by each parameter in `names`.

        Exact for linear parameters; central differences for the others, in the logarithm where the parameter is
        positive (relative error about 1e-9). A subclass with closed forms replaces it.
        Returns (value, {name: derivative}), all of the broadcast shape.
        """
        value = getattr(self, observable)(T, B)
        rows = {row.name: row for row in parameter_table(self)}
        slopes = {}
        for name in names:
            number = getattr(self, name)
            if number is None or (not is_jax(number) and math.isinf(number)):
                raise ParameterError(f"{type(self).__name__}.{name} is {number}; give it a number to vary it")
            if rows[name].linear and number != 0.0:
                slopes[name] = value / number
            elif rows[name].linear:
                slopes[name] = getattr(dataclasses.replace(self, **{name: 1.0}), observable)(T, B)
            else:
                slopes[name] = self._central_difference(observable, T, B, rows[name])
        return value, slopes

    def _central_difference(self, observable, T, B, row):
        number = getattr(self, row.name)
        step = 6e-6 * (abs(number) or 1.0)
        high = number + step
        low = number - step if row.allows(number - step) else number
        return (
            getattr(dataclasses.replace(self, **{row.name: high}), observable)(T, B)
            - getattr(dataclasses.replace(self, **{row.name: low}), observable)(T, B)
        ) / (high - low)


def zeros(*arguments):
    """Zeros of the broadcast shape of the arguments, in their namespace."""
    xp = namespace(*arguments)
    return xp.zeros(np.broadcast_shapes(*(np.shape(a) for a in arguments)))
