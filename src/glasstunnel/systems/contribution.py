"""What every contribution to a glass provides: free energy per kilogram and its derivatives."""

import dataclasses
import math

import numpy as np

from glasstunnel.errors import ParameterError
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

    def permittivity(self, T, B, frequency, *, part="both"):
        """Complex relative change Delta eps/eps = Delta eps'/eps' + i tan(delta); zero for what carries no dipole.

        frequency [Hz] broadcasts with T and B; `part` is "resonant", "relaxational" or "both".
        """
        return zeros(T, B, frequency) + 0j

    def loss_tangent(self, T, B, frequency):
        """tan(delta) = Im Delta eps/eps [1]."""
        return np.imag(self.permittivity(T, B, frequency))

    def dielectric_shift(self, T, B, frequency, reference_temperature=None):
        """Delta eps'/eps' = Re Delta eps/eps [1], from its value at `reference_temperature` [K] where that is given,
        else from a glass without tunneling systems."""
        shift = np.real(self.permittivity(T, B, frequency))
        if reference_temperature is None:
            return shift
        return shift - np.real(self.permittivity(reference_temperature, B, frequency))

    def internal_loss(self, T, B, frequency, photon_number=None, power=None):
        """1/Q_i [1] of a resonator around the glass; `ParameterError` unless there is one."""
        raise ParameterError(f"{type(self).__name__} has no internal loss: put it into a Glass with a Resonator")

    def frequency_shift(self, T, B, frequency, reference_temperature):
        """[f(T) - f(T_ref)]/f [1] of a resonator around the glass; `ParameterError` unless there is one."""
        raise ParameterError(f"{type(self).__name__} has no frequency shift: put it into a Glass with a Resonator")

    def derivatives(self, observable, T, B, names, **further):
        """Value of `observable` and its derivative by each parameter in `names`.

        `further` are the conditions of the observable beside T and B, such as frequency.

        Exact for linear parameters; central differences for the others, in the logarithm where the parameter is
        positive (relative error about 1e-9). A subclass with closed forms replaces it.
        Returns (value, {name: derivative}), all of the broadcast shape.
        """
        value = getattr(self, observable)(T, B, **further)
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
                slopes[name] = self.difference(name, lambda moved: getattr(moved, observable)(T, B, **further))
        return value, slopes

    def _number(self, name):
        number = getattr(self, name)
        if number is None or (math.isinf(number)):
            raise ParameterError(f"{type(self).__name__}.{name} is {number}; give it a number to vary it")
        return number

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


def zeros(*arguments):
    """Zeros of the broadcast shape of the arguments."""
    return np.zeros(np.broadcast_shapes(*(np.shape(a) for a in arguments)))
