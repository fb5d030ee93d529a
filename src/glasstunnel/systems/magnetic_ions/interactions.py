r"""Ions that feel each other: exchange pairs, and the mean field of many neighbors.

Both take exchange as :math:`-J\,\mathbf S_1\cdot\mathbf S_2` for each pair, J > 0 ferromagnetic.
"""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.constants import bohr_magneton, bohr_magneton_kelvin, boltzmann
from glasstunnel.errors import ParameterError
from glasstunnel.systems.contribution import zeros
from glasstunnel.systems.magnetic_ions import occupation
from glasstunnel.systems.magnetic_ions.free import FreeMoment
from glasstunnel.systems.magnetic_ions.hamiltonian import FieldLevels

_STEPS = 100
_TRIALS = 33  #: moments of which the free energy is compared
_LONGEST = 600.0  #: processor seconds that a mean field may take


@dataclass(frozen=True)
class PairedIon:
    """Half a pair of equal spins S with isotropic exchange J [K], per ion in SI.

    Levels -(J/2)[S_t(S_t+1) - 2S(S+1)] of total spin S_t = 0 ... 2S, each split by the field like a free spin
    (Abragam and Bleaney, Electron Paramagnetic Resonance of Transition Ions (1970), Sec. 9.2). Zero-field splitting is
    left out: the pair is right for |J| much larger than it.

    >>> pair = PairedIon(0.5, 2.0, exchange=-4.0)  # a singlet, 4 K below the triplet
    >>> round(float(pair.entropy(1e6, 0.0)) / boltzmann, 6)  # half of ln 4
    0.693147
    """

    spin: float
    g_factor: float
    exchange: float

    def free_energy(self, T, B):
        """F, from the ground state of the pair without field [J]."""
        return self._half(occupation.FREE_ENERGY, T, B)

    def entropy(self, T, B):
        """S [J/K]."""
        return self._half(occupation.ENTROPY, T, B)

    def heat_capacity(self, T, B):
        """C [J/K]."""
        return self._half(occupation.HEAT_CAPACITY, T, B)

    def magnetization(self, T, B):
        """M [A m2]."""
        return self._half(occupation.MAGNETIZATION, T, B)

    def magnetic_susceptibility(self, T, B):
        """dM/dB [A m2/T]."""
        return self._half(occupation.SUSCEPTIBILITY, T, B)

    def thermal_slope(self, T, B):
        """dM/dT [A m2/K]."""
        return self._half(occupation.THERMAL_SLOPE, T, B)

    def _half(self, mean, T, B):
        T, B = np.broadcast_arrays(np.asarray(T, dtype=float), np.asarray(B, dtype=float))
        energies, moments = self._states()
        levels = energies + moments * np.abs(B)[..., None]
        order = np.argsort(levels, axis=-1)
        levels = np.take_along_axis(levels, order, axis=-1)
        slopes = moments[order]
        half = 0.5 * boltzmann * mean.value(occupation.Occupation(FieldLevels(levels, slopes, None), T))
        return np.sign(B) * half if mean.odd else half

    def _states(self):
        """Energies above the ground state without field [K] and slopes dE/dB [K/T] of the (2S+1)^2 states."""
        totals = np.arange(round(2 * self.spin) + 1)
        energies = -0.5 * self.exchange * totals * (totals + 1.0)
        m = np.concatenate([np.arange(-total, total + 1) for total in totals])
        above = np.repeat(energies - energies.min(), 2 * totals + 1)
        return above, self.g_factor * bohr_magneton_kelvin * m


@dataclass(frozen=True)
class MixedIon:
    """The mean over ions of several kinds: `parts` are (share, model), the shares adding up to one."""

    parts: tuple[tuple[float, Any], ...]

    def __getattr__(self, quantity):
        if quantity.startswith("_"):
            raise AttributeError(quantity)
        return lambda T, B: sum((share * getattr(ion, quantity)(T, B) for share, ion in self.parts), start=zeros(T, B))


@dataclass(frozen=True)
class MeanFieldIon:
    """An ion in the mean field of its neighbors: B + lambda M with lambda = zJ k_B/(g mu_B)^2, per ion in SI.

    coupling : zJ [K], number of neighbors times J; the Curie-Weiss temperature of a free spin is zJ S(S+1)/3
        (Carlin, Magnetochemistry (1986), Sec. 6.3). Below the ordering temperature of a ferromagnetic coupling the
        branch with M along B is taken; at B = 0 its moment is averaged to zero, its entropy is that of the domains.
        Where several moments solve the equation (ions that gain their moment at a crossing of levels), the one of
        lowest free energy is taken: the field at which M jumps is right to some 1e-4 of zJ S/(g mu_B).

    >>> from glasstunnel.systems.magnetic_ions.free import FreeMoment
    >>> ion = MeanFieldIon(FreeMoment(2.5, 2.0), -1.0, 2.5, 2.0)
    >>> curie = FreeMoment(2.5, 2.0).magnetic_susceptibility(1.0, 0.0)
    >>> round(float(curie / ion.magnetic_susceptibility(4.0, 0.0)) - 4.0, 9)  # minus the Curie-Weiss temperature
    2.916666667
    """

    ion: Any
    coupling: float
    spin: float
    g_factor: float

    @property
    def field_constant(self):
        """lambda [T per A m2 of the mean moment of an ion]."""
        return self.coupling / (self.g_factor**2 * bohr_magneton * bohr_magneton_kelvin)

    def free_energy(self, T, B):
        """F = F_0(T, B + lambda M) + lambda M^2/2 [J]."""
        moment, field = self._state(T, B)
        return self.ion.free_energy(T, field) + 0.5 * self.field_constant * moment**2

    def entropy(self, T, B):
        """S = S_0(T, B + lambda M) [J/K]."""
        return self.ion.entropy(T, self._state(T, B)[1])

    def heat_capacity(self, T, B):
        """C = C_0 + T lambda (dM_0/dT)^2/(1 - lambda chi_0) [J/K]."""
        _, field = self._state(T, B)
        slope = self.ion.thermal_slope(T, field)
        return self.ion.heat_capacity(T, field) + T * self.field_constant * slope**2 / self._stiffness(T, field)

    def magnetization(self, T, B):
        """M = M_0(T, B + lambda M) [A m2]."""
        return np.sign(B) * self._state(T, B)[0]

    def magnetic_susceptibility(self, T, B):
        """chi_0/(1 - lambda chi_0) [A m2/T]."""
        _, field = self._state(T, B)
        return self.ion.magnetic_susceptibility(T, field) / self._stiffness(T, field)

    def thermal_slope(self, T, B):
        """dM/dT = (dM_0/dT)/(1 - lambda chi_0) [A m2/K]."""
        _, field = self._state(T, B)
        return np.sign(B) * self.ion.thermal_slope(T, field) / self._stiffness(T, field)

    def _stiffness(self, T, field):
        return 1.0 - self.field_constant * self.ion.magnetic_susceptibility(T, field)

    def _state(self, T, B):
        """(|M|, field that an ion feels) by Newton's method from the largest moment down, bisected where it fails."""
        T, B = np.broadcast_arrays(np.asarray(T, dtype=float), np.abs(np.asarray(B, dtype=float)))
        low, high = self._bracket(T, B)
        moment, smallest = high, 1e-13 * self._largest
        for _ in range(_STEPS):
            field = B + self.field_constant * moment
            excess = moment - self.ion.magnetization(T, field)
            high, low = np.where(excess >= 0.0, moment, high), np.where(excess < 0.0, moment, low)
            slope = self._stiffness(T, field)
            with np.errstate(divide="ignore", invalid="ignore"):
                guess = moment - excess / slope
            inside = (guess >= low) & (guess <= high) & (slope > 0.0)
            new = np.where(inside, guess, np.where(slope > 0.0, 0.5 * (low + high), moment - excess))
            step, moment = np.abs(new - moment), new
            if (step <= 1e-14 * moment + 1e-3 * smallest).all():
                break
        moment = np.where(moment < smallest * (B == 0.0), 0.0, moment)
        return moment, B + self.field_constant * moment

    def _bracket(self, T, B):
        """Moments between which the solution lies; ParameterError where finding it would take very long."""
        started = time.process_time()
        unordered = np.asarray(self.ion.magnetization(T, B))  # with a ferromagnetic coupling the moment is larger
        _refuse_long(time.process_time() - started, T.size)
        if self.coupling < 0.0:
            return np.zeros(T.shape), unordered
        low, high = unordered.copy(), np.full(T.shape, self._largest)
        if not isinstance(self.ion, FreeMoment):  # whose moment is concave in the field: one solution
            cold = 2.0 * self.coupling * self.spin**2 > T  # else the coupling times the susceptibility is below one
            low[cold], high[cold] = self._lowest(T[cold], B[cold], low[cold], high[cold])
        return low, high

    def _lowest(self, T, B, low, high):
        """Bracket of the minimum of F_0(T, B + lambda M) + lambda M^2/2, stationary where M solves its equation."""
        moment = low + (high - low) * np.linspace(0.0, 1.0, _TRIALS)[:, None]
        energy = self.ion.free_energy(np.broadcast_to(T, moment.shape), B + self.field_constant * moment)
        best = np.argmin(energy + 0.5 * self.field_constant * moment**2, axis=0)
        point = np.arange(len(T))
        return moment[np.maximum(best - 1, 0), point], moment[np.minimum(best + 1, _TRIALS - 1), point]

    @property
    def _largest(self):
        return self.g_factor * bohr_magneton * self.spin


def _refuse_long(seconds, points):
    """`ParameterError` where one evaluation took so long that some fifty of them would not end."""
    if seconds > _LONGEST / 50.0:
        raise ParameterError(
            f"MagneticIons.mean_field: at these {points} temperatures and fields the splittings lie beyond the stored "
            f"tables, and the mean field would take some {50.0 * seconds / 60.0:.0f} minutes; ask for fewer points at "
            "once or higher temperatures, or leave out mean_field"
        )
