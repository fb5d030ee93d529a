"""Echo of the two-level background: independent of the magnetic field, one number per condition."""

from dataclasses import dataclass

import numpy as np

from glasstunnel.echoes.doublet import far_response, response
from glasstunnel.echoes.energy_grid import PER_KELVIN, energy_grid
from glasstunnel.numerics.quadrature import legendre

_ANGLES = 14  # nodes in alpha, sin(alpha) = Delta0/E
_COSINES = 8  # nodes in y, the cosine between dipole and field
_HIGHEST = 6.0  # gaps up to this many times the carrier quantum count


@dataclass(frozen=True)
class TwoLevelEcho:
    """What the echo of two-level systems needs, energies in kelvin, else SI.

    temperature [K]. carrier : omega [rad/s]. rabi : p0 F0/hbar [rad/s]. durations : of the pulses [s]. echo_time,
    stored_time : time over which coherence decays, and time spent as a population [s]. rate : 1/gamma [1/(s K^3)].
    damping_factor : the amplitude decays with damping_factor/tau. energy_max : largest gap [K].
    """

    temperature: float
    carrier: float
    rabi: float
    durations: tuple[float, ...]
    echo_time: float
    stored_time: float
    rate: float
    damping_factor: float = 0.5
    energy_max: float = np.inf

    def population_rate(self, gap, sine):
        """1/tau = E Delta0^2/(gamma tanh(E/2T)) [1/s]  [002, Eq. 39]."""
        return self.rate * gap**3 * sine**2 / np.tanh(0.5 * gap / self.temperature)


def two_level_integral(system, weight=None, further_times=()):
    """int dE int_0^(pi/2) dalpha/sin(alpha) int_0^1 dy tanh(E/2T) e^(-decay) Omega^4/O^3 (S + i C) [K rad/s], complex.

    Omega = (p0 F0/hbar) sin(alpha) y, for the distribution dDelta dDelta0/Delta0 with Delta > 0  [002, Eqs. 40, 62, the
    latter with 1/E^4 for its 1/E^2]. weight(z, E, sine) is a factor on the integrand, (E, alpha) -> complex.
    `Delta0` is not cut off from below: weights fall as its fourth power.
    """
    grid = energy_grid(
        0.0, system.carrier, [*system.durations, *further_times],
        min(_HIGHEST * system.carrier / PER_KELVIN, system.energy_max), everywhere=weight is not None,
    )
    x, angle_weight = legendre(_ANGLES)
    sine, angle_weight = np.sin(0.5 * np.pi * x), 0.5 * np.pi * angle_weight
    y, cosine_weight = legendre(_COSINES)
    rabi = system.rabi * sine[:, None] * y
    z = grid.detuning(system.carrier)
    values = np.concatenate([
        kernel(z[part][:, None, None], rabi, system.durations) @ cosine_weight
        for kernel, part in ((response, grid.near), (far_response, ~grid.near))
    ])
    gap = grid.gap[:, None]
    rate = system.population_rate(gap, sine)
    decay = np.exp(-(system.damping_factor * system.echo_time + system.stored_time) * rate)
    values = values * decay * np.tanh(0.5 * gap / system.temperature) * angle_weight / sine
    if weight is not None:
        values = values * weight(z[:, None], gap, sine)
    return np.sum(values, axis=1) @ grid.weight
