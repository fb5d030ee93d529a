"""The quantities of the exact theory, one row each: all that its kernels need to know of them.

Everything is per A = 2 pi P* and in units of T, at b = B/B*: the force S = -d(F/T)/dphi, odd in the phase, and the
thermal functions, even in it and counted from their value at phase zero, are averaged over the phase phi = b c of loops
whose normal has the cosine c to the field.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.numerics.special import spherical_bessel, spherical_bessel_ratios


@dataclass(frozen=True, eq=False)
class Quantity:
    """One quantity of the population.

    temperature_power, area_power : powers of T and of the area of the loops (so of 1/B*) in its unit.
    field_power : of b by which its mean vanishes at b = 0. harmonic_power : of m in the mean of the m-th harmonic.
    thermal : whether the table has it from the entropy, not from the force. profile : the attribute of
        `quadrature.PhaseProfile` that it comes from. zero_phase : what the table holds of it at phase zero, if any.
    stepped : whether it is the change of that function over the ranges of D and D0, not its integral.
    wave : (m, z, j0, j1) to the mean of the m-th harmonic over directions at z = m b, but for `offset` (of m), and its
        derivative by ln z. reduced_wave : (m, z) to that mean over b^field_power, finite at b = 0.
    line, transform : real part of s and the Mellin transform (of s and that of j0) of that mean.
    nodal : `phase_means.NodalIntegrals` to weights of the mean and of its derivative by ln b.
    closed : (`quadrature.RunningIntegrals`, |b|, b) to the mean.
    """

    name: str
    temperature_power: int
    area_power: int
    field_power: int
    harmonic_power: int
    profile: str
    wave: Callable[..., tuple[Any, Any]]
    offset: Callable[[Any], Any]
    reduced_wave: Callable[..., Any]
    line: float
    transform: Callable[..., Any]
    nodal: Callable[[Any], tuple[Any, Any]]
    closed: Callable[..., Any]
    zero_phase: str | None = None
    thermal: bool = False
    stepped: bool = False

    @property
    def is_odd(self) -> bool:
        """Whether it changes its sign with the field."""
        return self.field_power % 2 == 1


def _susceptibility_wave(m, z, j0, j1):
    ratio = np.where(z == 0.0, 1.0 / 3.0, j1 / np.where(z == 0.0, 1.0, z))
    return m * (j0 - 2.0 * ratio), m * (6.0 * ratio - z * j1 - 2.0 * j0)


def _susceptibility_reduced_wave(m, z):
    return m * (spherical_bessel(z)[0] - 2.0 * spherical_bessel_ratios(z)[0])


def _thermal_nodal(weights):
    mean = weights.integral / weights.b
    return mean, weights.value - mean


def _free_energy_nodal(weights):
    work = weights.torque / weights.b
    return work - weights.force_integral, -work


def _magnetization_nodal(weights):
    mean = weights.torque / weights.b**2
    return mean, weights.force - 2.0 * mean


def _susceptibility_nodal(weights):
    b = weights.b
    mean = (weights.force - 2.0 * weights.torque / b**2) / b
    return mean, weights.force_slope - 2.0 * weights.force / b + 4.0 * weights.torque / b**3 - mean


def _thermal(name, profile, closed, stepped=False):
    return Quantity(
        name, 0, 0, 2, 0, profile, zero_phase="entropy", thermal=True, stepped=stepped,
        wave=lambda m, z, j0, j1: (j0, -z * j1), offset=lambda m: 1.0,
        reduced_wave=lambda m, z: -(m**2) * spherical_bessel_ratios(z)[1],
        line=-0.9, transform=lambda s, j0: j0(s),  # of j0 - 1, left of the pole at s = 0
        nodal=_thermal_nodal, closed=closed,
    )


FREE_ENERGY = Quantity(
    "free_energy", 1, 0, 2, -1, "restoring", zero_phase="free_energy",
    wave=lambda m, z, j0, j1: (j0 / m, -z * j1 / m), offset=lambda m: 1.0 / m,
    reduced_wave=lambda m, z: -m * spherical_bessel_ratios(z)[1],
    line=-0.9, transform=lambda s, j0: j0(s),
    nodal=_free_energy_nodal, closed=lambda running, size, b: running.torque / size - running.force,
)
ENTROPY = _thermal("entropy", "entropy", lambda running, size, b: running.entropy / size)
HEAT_CAPACITY = _thermal("heat_capacity", "variance", lambda running, size, b: running.variance / size, stepped=True)
MAGNETIZATION = Quantity(
    "magnetization", 1, 1, 1, 0, "restoring",
    wave=lambda m, z, j0, j1: (j1, z * j0 - 2.0 * j1), offset=lambda m: 0.0,
    reduced_wave=lambda m, z: m * spherical_bessel_ratios(z)[0],
    line=-0.5, transform=lambda s, j0: (s - 1.0) * j0(s - 1.0),
    nodal=_magnetization_nodal, closed=lambda running, size, b: running.torque / size**3 * b,
)
SUSCEPTIBILITY = Quantity(
    "magnetic_susceptibility", 1, 2, 0, 1, "restoring",
    wave=_susceptibility_wave, offset=lambda m: 0.0, reduced_wave=_susceptibility_reduced_wave,
    line=0.5, transform=lambda s, j0: -(s - 1.0) * (s - 2.0) * j0(s - 2.0),  # of dj1/dx
    nodal=_susceptibility_nodal,
    closed=lambda running, size, b: (running.end * np.sin(size) - 2.0 * running.torque / size**2) / size,
)

#: By the method of the contribution that gives them.
QUANTITIES = {
    quantity.name: quantity for quantity in (FREE_ENERGY, ENTROPY, HEAT_CAPACITY, MAGNETIZATION, SUSCEPTIBILITY)
}
