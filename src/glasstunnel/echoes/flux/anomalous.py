"""Echo of anomalous tunneling systems: the field-independent part tabulated once, every field from two look-ups.

With the flux energy f = D0 |phi| and u = f^2/E^2 the distribution is dD/D df/f. The angle of the flux loops is averaged
before anything is integrated: the mean over directions of the df/f between a and b (a loop that faces the field) is
df/f [W(f/a) - W(f/b)] with W(x) = min(x, 1). At each gap E the response is a polynomial in u, so that the integral
over f is closed and a direction average costs nothing; `direction="parallel"` is W(x) = step(x - 1).
"""

import dataclasses
import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from glasstunnel.echoes.convention import EchoConvention
from glasstunnel.echoes.flux.conditions import EchoConditions
from glasstunnel.echoes.flux.doublet import far_response, response
from glasstunnel.echoes.flux.energy_grids import PER_KELVIN, energy_grid
from glasstunnel.echoes.flux.orientation import rabi_rule
from glasstunnel.numerics.quadrature import legendre

_SHARES = 16  # Chebyshev points in u
_TAIL = 1e3  # beyond, the mean response is followed up to this many times
_CHUNK = 4096  # gaps evaluated at a time
_LADDER = 8.0  # rungs per factor e of the largest gap
_NEGLIGIBLE = 45.0  # exponent of the damping at which gaps stop to count


@dataclass(frozen=True)
class AnomalousEcho(EchoConditions):
    """What the echo of anomalous systems needs, apart from the field; rate : Gamma^-1.

    asymmetry_min : D_min [K]. convention : an `EchoConvention`.
    """

    asymmetry_min: float = field(kw_only=True)
    convention: EchoConvention = field(kw_only=True)

    def population_rate(self, gap: np.ndarray, share: np.ndarray) -> np.ndarray:
        """1/tau = E^m (u + kappa (1-u))/(Gamma tanh(E/2T)) [1/s]  [002, Eq. 55, with its 5/6 as kappa_rate]."""
        kappa, power = self.convention.kappa_rate, self.convention.rate_power
        return self.rate * gap**power * (share + kappa * (1.0 - share)) / np.tanh(0.5 * gap / self.temperature)

    def integrand(self, gap: np.ndarray, share: np.ndarray, near: bool = True) -> np.ndarray:
        """tanh(E/2T) e^(-decay) <Omega^4/O^3 (S + i C)> [rad/s], complex; gap (n,), share (m,) -> (n, m).

        `near`: the full response (True) or its mean over ripples (False)  [002, Eqs. 73-77].
        """
        return self.mean_response(gap, share, near) * self.remainder(gap, share)

    def mean_response(self, gap: np.ndarray, share: np.ndarray, near: bool = True) -> np.ndarray:
        """<Omega^4/O^3 (S + i C)> over directions of the drive [rad/s], the same for all temperatures and waits."""
        nodes, weights = rabi_rule(tuple(np.asarray(share).tolist()), *self._rabi_options())
        rabi = self.rabi * nodes
        z = PER_KELVIN * np.asarray(gap) - self.carrier
        kernel = response if near else far_response
        resonant = self.convention.shift_denominator == "resonant"
        values = kernel(z[:, None, None], rabi, self.durations, resonant)
        return np.sum(weights / nodes**4 * values, axis=-1)

    def remainder(self, gap: np.ndarray, share: np.ndarray) -> np.ndarray:
        """tanh(E/2T) e^(-decay), what is left of the thermal inversion at the echo: gap (n,), share (m,) -> (n, m)."""
        gap = np.asarray(gap)[:, None]
        rate = self.population_rate(gap, np.asarray(share))
        decay = self.echo_time * self.amplitude_rate(rate) + self.stored_time * rate
        return np.tanh(0.5 * gap / self.temperature) * np.exp(-decay)

    def _rabi_options(self):
        area = float(self.rabi * max(self.durations))
        return self.convention.kappa_rabi, self.convention.rabi == "exact", 4, area


def _highest(conditions):
    """Gap beyond which nothing contributes [K]: the tail, or where the damping has killed everything."""
    quantum = conditions.carrier / PER_KELVIN
    convention = conditions.convention
    time = conditions.damping_factor * conditions.echo_time + conditions.stored_time
    slowest = conditions.rate * min(convention.kappa_rate, 1.0) * time
    start = max(quantum, conditions.asymmetry_min)
    if slowest <= 0.0:
        return _TAIL * start
    return float(np.clip((_NEGLIGIBLE / slowest) ** (1.0 / convention.rate_power), 1.5 * start, _TAIL * start))


class EchoTable:
    """The response at nodes of the gap as polynomials of the flux share; `spectrum` integrates over flux energies."""

    def __init__(self, conditions, *, weight=None, longest=0.0, edges=()):
        """weight(z, w): factor on the integrand at detuning z and amplitude rate w, for all but an instant receiver
        at the echo time; longest : longest time in it [s]. edges : gaps at which panels end [K].
        """
        grid, values = _unweighted(conditions, longest, edges)
        if weight is not None:
            detuning = grid.detuning(conditions.carrier)[:, None]
            rate = conditions.amplitude_rate(conditions.population_rate(grid.gap[:, None], _share_nodes()))
            values = values * np.where(grid.near[:, None], weight(detuning, rate), 0.0)
        # from the largest gap down: the gaps that a flux energy reaches stand first, and slices need no copies
        order = np.argsort(-grid.gap, kind="stable")
        self.gap, values = grid.gap[order], values[order]
        self.detuning, self.weights = grid.detuning(conditions.carrier)[order], grid.weight[order] / self.gap  # dE/E
        self.at_zero, self.at_one = values[:, 0], values[:, -1]
        both = np.stack([matrix @ values.T for matrix in _integration_matrices()], axis=-1)
        self.polynomials = np.ascontiguousarray(both).view(float)  # (points, nodes, 4)
        square = (self.gap - conditions.asymmetry_min) * (self.gap + conditions.asymmetry_min)
        self.flux_max = np.sqrt(np.maximum(square, (1e-9 * conditions.asymmetry_min) ** 2))
        # 1 - u at the largest flux energy, which rounds to the gap where D_min is below 1e-8 of it
        rest = (conditions.asymmetry_min / self.gap) ** 2
        self.above_all, self.below_all = self._integrals(self.flux_max, rest)

    def spectrum(self, low: float, high: float, averaged: bool = True) -> np.ndarray:
        """Share of each node in J = int dE/E int df/f E^2/(E^2-f^2) F [W(f/low) - W(f/high)], low < high [K].

        (nodes,), complex; their sum is J [rad/s].
        """
        return (self._kernel(low, averaged) - self._kernel(high, averaged)) * self.weights

    def _kernel(self, x, averaged):
        """int df/f E^2/(E^2-f^2) P(f^2/E^2) W(f/x) at each gap, up to a part that does not depend on x: (nodes,)."""
        reached = int(np.searchsorted(-self.flux_max, -x))
        gap = self.gap[:reached]
        above, below = self._integrals(x, (gap - x) * (gap + x) / gap**2)
        result = np.zeros(len(self.gap), complex)
        result[:reached] = self.above_all[:reached] - above
        if averaged:
            result[reached:] = self.below_all[reached:] / x
            result[:reached] += below / x
        return result

    def _integrals(self, f, rest):
        """Two antiderivatives at the flux energies f for the first gaps, complex; rest (gaps,): 1 - u, never zero.

        int^f df/f E^2/(E^2-f^2) P(f^2/E^2) = P(0) ln f - (P(1)/2) ln(1 - u) + polynomial in u = f^2/E^2, and
        int_0^f df E^2/(E^2-f^2) P(f^2/E^2) = E [P(1) artanh(s) + s polynomial], s = f/E.
        """
        count = len(rest)
        gap, at_one = self.gap[:count], self.at_one[:count]
        ratio, ln_rest = f / gap, np.log(rest)
        logarithmic, odd = _clenshaw(self.polynomials[:, :count], ratio**2).T
        above = self.at_zero[:count] * np.log(f) - 0.5 * at_one * ln_rest + logarithmic
        artanh = np.where(ratio < 0.5, np.arctanh(np.minimum(ratio, 0.5)), np.log1p(ratio) - 0.5 * ln_rest)
        return above, gap * (at_one * artanh + ratio * odd)


@lru_cache(maxsize=4)
def _unweighted(conditions, longest, edges):
    """The grid and the integrand at its gaps and the Chebyshev points of u: (nodes, points)."""
    step = math.ceil(_LADDER * math.log(_highest(conditions)))  # so that neighboring waiting times share a grid
    timeless = dataclasses.replace(
        conditions, temperature=1.0, echo_time=0.0, stored_time=0.0, rate=0.0, dephasing=0.0
    )
    grid, values = _responses(timeless, math.exp(step / _LADDER), longest, edges)
    shares, parts = _share_nodes(), [slice(i, i + _CHUNK) for i in range(0, len(grid.gap), _CHUNK)]
    return grid, np.concatenate([values[part] * conditions.remainder(grid.gap[part], shares) for part in parts])


@lru_cache(maxsize=2)
def _responses(conditions, highest, longest, edges):
    """The grid and the mean response, which knows no temperature, no waiting time and no decay: (nodes, points)."""
    grid = energy_grid(
        conditions.asymmetry_min, conditions.carrier, conditions.durations, highest, longest=longest, edges=edges
    )
    values = [_in_chunks(conditions, grid.gap[grid.near], True), _in_chunks(conditions, grid.gap[~grid.near], False)]
    return grid, np.concatenate(values)


def _in_chunks(conditions, gap, near):
    """The mean response at the gaps (n,) and the Chebyshev points of u: (n, points)."""
    shares = _share_nodes()
    parts = [conditions.mean_response(gap[i : i + _CHUNK], shares, near) for i in range(0, len(gap), _CHUNK)]
    return np.concatenate(parts) if parts else np.zeros((0, _SHARES))


def _share_nodes():
    """Chebyshev points of u from 0 to 1."""
    return 0.5 - 0.5 * np.cos(np.pi * np.arange(_SHARES) / (_SHARES - 1))


@lru_cache(maxsize=1)
def _integration_matrices():
    """From the values P(u_j) to Chebyshev coefficients of the two polynomials of `_integrals`: two matrices."""
    from numpy.polynomial import Chebyshev, chebyshev

    domain, u = [0.0, 1.0], _share_nodes()
    line = Chebyshev([0.5, 0.5], domain=domain)  # u itself
    radius, weight = legendre(_SHARES)
    to_coefficients = np.linalg.inv(chebyshev.chebvander(2.0 * u - 1.0, _SHARES - 1))
    above, below = np.zeros((2, _SHARES, _SHARES))
    for k in range(1, _SHARES):
        basis = Chebyshev.basis(k, domain=domain)
        # P = P(0)(1-u) + P(1) u + u (1-u) Q: half the integral of Q from 0
        if k > 1:
            quotient = (basis - basis(0.0) * (1.0 - line) - basis(1.0) * line) // (line * (1.0 - line))
            integral = 0.5 * np.asarray(quotient.integ(lbnd=0.0).coef, float)
            above[: len(integral), k] = integral
        # int_0^s ds' h(s'^2) = s int_0^1 dr h(s^2 r^2) with h = (P - P(1))/(1 - u)
        ratio = (basis - 1.0) // (1.0 - line)
        below[:, k] = to_coefficients @ (ratio(u[:, None] * radius**2) @ weight)
    return above @ to_coefficients, below @ to_coefficients


def _clenshaw(coefficients, share):
    """sum_k c_k T_k(2u - 1) of two complex polynomials, as pairs of numbers (points, nodes, 4), at u (nodes,)."""
    argument = (4.0 * share - 2.0)[:, None]
    after = following = np.zeros_like(coefficients[0])
    for row in coefficients[:0:-1]:
        after, following = row + argument * after - following, after
    return np.ascontiguousarray(coefficients[0] + 0.5 * argument * after - following).view(complex)
