"""Echo of the two-level background: independent of the magnetic field, one number per condition."""

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from glasstunnel.echoes.flux.conditions import EchoConditions
from glasstunnel.echoes.flux.doublet import far_response, response
from glasstunnel.echoes.flux.energy_grids import PER_KELVIN, energy_grid
from glasstunnel.numerics.quadrature import legendre

_ANGLES = 14  # nodes in alpha, sin(alpha) = Delta0/E, and
_COSINES = 8  # nodes in y, the cosine between dipole and field; one more of each per radian of pulse area
_CHUNK = 500_000  # values evaluated at a time
_HIGHEST = 6.0  # gaps up to this many times the carrier quantum count


@dataclass(frozen=True)
class TwoLevelEcho(EchoConditions):
    """What the echo of two-level systems needs; rate : 1/gamma [1/(s K^3)]. energy_max [K].

    diffusion : exponent of spectral diffusion over Delta/E at the echo (`response.spectral_diffusion.exponent`).
    """

    energy_max: float = np.inf
    diffusion: float = 0.0

    def population_rate(self, gap: np.ndarray, sine: np.ndarray) -> np.ndarray:
        """1/tau = E Delta0^2/(gamma tanh(E/2T)) [1/s]  [002, Eq. 39]."""
        return self.rate * gap**3 * sine**2 / np.tanh(0.5 * gap / self.temperature)


def two_level_spectrum(
    conditions: TwoLevelEcho, *, weight: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
    longest: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Detunings z [rad/s] and shares (nodes,) [K rad/s], complex, whose sum is

    int dE int_0^(pi/2) dalpha/sin(alpha) int_0^1 dy tanh(E/2T) e^(-decay) Omega^4/O^3 (S + i C)

    with Omega = (p0 F0/hbar) sin(alpha) y, for the distribution dDelta dDelta0/Delta0 with Delta > 0  [002, Eqs. 40
    and 62, the latter with 1/E^4 for its 1/E^2]. weight, longest: as in `EchoTable`. Delta0 has no lower cutoff here:
    weights fall as its fourth power.
    """
    timeless = dataclasses.replace(
        conditions, temperature=1.0, echo_time=0.0, stored_time=0.0, rate=0.0, dephasing=0.0,
        diffusion=0.0,
    )
    grid, responses = _responses(timeless, longest)
    z = grid.detuning(conditions.carrier)
    values = np.concatenate([
        _over_angles(conditions, grid.gap[part], z[part], responses[part], weight)
        for part in _parts(conditions, len(z))
    ])
    if weight is not None:
        values = np.where(grid.near, values, 0.0)
    return z, values * grid.weight


@lru_cache(maxsize=2)
def _responses(conditions, longest):
    """The grid and the response averaged over y, the same for all temperatures and waits: (nodes, angles)."""
    quantum = conditions.carrier / PER_KELVIN
    grid = energy_grid(
        0.0, conditions.carrier, conditions.durations, min(_HIGHEST * quantum, conditions.energy_max), longest=longest
    )
    z = grid.detuning(conditions.carrier)
    x, _, y, cosine_weight = (array for count in _counts(conditions) for array in legendre(count))
    rabi = conditions.rabi * np.sin(0.5 * np.pi * x)[:, None] * y
    near = int(grid.near.sum())
    parts = [
        kernel(z[start:stop][part][:, None, None], rabi, conditions.durations) @ cosine_weight
        for start, stop, kernel in ((0, near, response), (near, len(z), far_response))
        for part in _parts(conditions, stop - start)
    ]
    return grid, np.concatenate(parts)


def _counts(conditions):
    """Nodes in alpha and in y."""
    more = int(conditions.rabi * max(conditions.durations))
    return _ANGLES + more, _COSINES + more


def _parts(conditions, count):
    """Slices of `count` nodes, a few thousand each."""
    size = max(1, _CHUNK // math.prod(_counts(conditions)))
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def _over_angles(conditions, gap, z, responses, weight):
    """The integrand over alpha at each gap (n,)."""
    x, angle_weight = legendre(_counts(conditions)[0])
    sine = np.sin(0.5 * np.pi * x)
    gap = gap[:, None]
    rate = conditions.population_rate(gap, sine)
    decay = conditions.echo_time * conditions.amplitude_rate(rate) + conditions.stored_time * rate
    decay = decay + conditions.diffusion * np.cos(0.5 * np.pi * x)
    values = responses * np.exp(-decay) * np.tanh(0.5 * gap / conditions.temperature)
    if weight is not None:
        values = values * weight(z[:, None], conditions.amplitude_rate(rate))
    return values @ (0.5 * np.pi * angle_weight / sine)
