r"""Density of states of the exact three-level theory: how many systems have the gap E between their two low levels.

With t = D/D0 the gap is D0 gamma(t, psi, phi), so that the integral over ln D0 of delta(E - gap) is 1/E or nothing:

.. math:: g(E) = \frac{nA}{E} \int d\ln t\; \big[ I(\gamma_>, t) - I(\gamma_<, t) \big], \qquad
          I(\gamma, t) = \mathrm{Prob}\big[ \gamma(t, \psi, \varphi) < \gamma \big],

where gamma<(t) and gamma>(t) are E over the largest and the smallest D0 inside the cutoffs of D and D0. The gap grows
with psi, and 1 - cos(theta) of `numerics.few_level` is a sum of one term of psi and one of phi: the gap is below
gamma D0 where sin^2(psi/2) < (Q - sin^2(phi/2))/s^(3/2), with Q(gamma, t). So the mean over psi is closed; the one over
the phase runs on its distribution function, which a spread of areas makes smooth; and the integral over ln t is split
where the extremes of the gap, psi and phi 0 or pi, pass gamma (the van Hove points).
"""

import math

import numpy as np

from glasstunnel.constants import flux_phase_per_area
from glasstunnel.numerics.quadrature import legendre
from glasstunnel.systems.anomalous.exact.phases import phase_distribution

_FAR = 1e9  #: without an upper cutoff: D_max over the largest other energy
_SCAN = 0.06  #: in ln t, within which the gap passes an extreme once
_PANEL = 1.5  #: longest panel in ln t
_RATIO_NODES, _PHASE_NODES = 16, 16
_BISECTIONS = 34
_BLOCK = 20_000  #: (t, phase) pairs at a time


def density_of_states(contribution, E, B):
    """Systems per kilogram and kelvin [1/(K kg)] with gap E [K] at flux density B [T]  [002, Eqs. 8 and 10].

    The cutoffs are those of the reference temperature. Relative error below 1e-6, with a spread of areas too; some
    milliseconds for each energy and field.
    """
    E, B = np.broadcast_arrays(np.asarray(E, float), np.asarray(B, float))
    result = np.empty(E.shape)
    for field in np.unique(np.abs(B)):
        phases = phase_distribution(field / contribution.flux_field, contribution.area_spread)
        at = np.abs(B) == field
        distinct, index = np.unique(E[at], return_inverse=True)
        result[at] = np.array([_measure(contribution, gap, phases) / gap for gap in distinct])[index]
    return 2.0 * math.pi * contribution.density * result


def _measure(contribution, gap, phases):
    """The integral over ln t of the share of systems at one gap E [K]."""
    bounds = _Bounds(contribution, gap)
    ln_t, weight = _rule(bounds, phases)
    size = max(1, _BLOCK // _PHASE_NODES)
    total = 0.0
    for start in range(0, ln_t.size, size):
        t, w = np.exp(ln_t[start : start + size]), weight[start : start + size]
        total += w @ (_share_below(bounds.upper(t), t, phases) - _share_below(bounds.lower(t), t, phases))
    return total


class _Bounds:
    """Between which gamma = E/D0 the amplitude stays inside the cutoffs, at each t = D/D0."""

    def __init__(self, contribution, gap):
        to_amplitude = flux_phase_per_area * contribution.flux_field
        self.small = contribution.amplitude_area_min * to_amplitude
        self.large = contribution.amplitude_area_max * to_amplitude
        self.low = contribution.asymmetry_min
        self.high = min(contribution.asymmetry_max, _FAR * max(self.large, self.low, gap))
        self.gap = gap

    def lower(self, t):
        return self.gap * np.maximum(1.0 / self.large, t / self.high)

    def upper(self, t):
        return self.gap * np.minimum(1.0 / self.small, t / self.low)

    def marks(self):
        """ln t at which a bound of D takes over from one of D0; the first and the last are the ends."""
        pairs = ((d, d0) for d in (self.low, self.high) for d0 in (self.small, self.large))
        return np.sort(np.log([d / d0 for d, d0 in pairs]))


def _rule(bounds, phases):
    """Nodes in ln t and weights; panels end where the integrand has a kink or a logarithm and crowd there."""
    marks = bounds.marks()
    scan = np.linspace(marks[0], marks[-1], math.ceil((marks[-1] - marks[0]) / _SCAN) + 1)
    scan = np.unique(np.concatenate([scan, marks]))
    kinks = [_passes(bound, scan, np.array(_levels(phases))) for bound in (bounds.lower, bounds.upper)]
    stops = np.unique(np.concatenate([marks, *kinks]))
    stops = stops[np.append(np.diff(stops) > 1e-9, True)]
    edges = np.concatenate([
        np.linspace(start, stop, math.ceil((stop - start) / _PANEL), endpoint=False)
        for start, stop in zip(stops[:-1], stops[1:], strict=True)
    ])
    width = np.diff(np.append(edges, stops[-1]))[:, None]
    u, weight = legendre(_RATIO_NODES)
    # crowded at both ends, so that a logarithm there is integrated as well as a polynomial
    place, measure = u**3 * (10.0 - 15.0 * u + 6.0 * u**2), 30.0 * weight * (u * (1.0 - u)) ** 2
    return (edges[:, None] + width * place).ravel(), (width * measure).ravel()


def _levels(phases):
    """Extremes of the gap: (whether psi = pi, sin^2(phi/2)); the edge of the phases counts as one."""
    return [(top, math.sin(0.5 * phase) ** 2) for top in (0.0, 1.0) for phase in (0.0, *phases.edges, math.pi)]


def _passes(bound, scan, levels):
    """ln t at which the bound passes an extreme of the gap; levels (n, 2)."""

    def distance(ln_t, top, phase):
        t = np.exp(ln_t)
        reduced, cube = _reduced(bound(t), t)
        return reduced - top * cube - phase

    sign = np.sign(distance(scan, *levels.T[..., None]))
    level, change = np.nonzero(sign[:, 1:] * sign[:, :-1] < 0.0)
    low, high, before, at = scan[change], scan[change + 1], sign[level, change], levels[level].T
    for _ in range(_BISECTIONS if change.size else 0):
        middle = 0.5 * (low + high)
        same = np.sign(distance(middle, *at)) == before
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return 0.5 * (low + high)


def _reduced(gamma, t):
    """Q and s^(3/2): the gap is below gamma D0 where s^(3/2) sin^2(psi/2) + sin^2(phi/2) < Q."""
    s = t * t / 3.0
    cube = s * np.sqrt(s)
    inverse = 1.0 / np.maximum(s, 1.0)
    excess = np.where(s < 1.0, np.expm1(1.5 * np.log1p(s)) - cube, cube * np.expm1(1.5 * np.log1p(inverse)) - 1.0)
    sine = np.minimum(gamma / (3.0 * np.sqrt(1.0 + s)), 0.5 * math.sqrt(3.0))
    full = (1.0 + s) ** 1.5 * np.sin(1.5 * np.arcsin(sine)) ** 2
    return full - 0.5 * excess, cube


def _share_below(gamma, t, phases):
    """I(gamma, t): share of the angles and phases whose gap is below gamma D0, (n,)."""
    reduced, cube = _reduced(gamma, t)
    first, last = (2.0 * np.arcsin(np.sqrt(np.clip(q, 0.0, 1.0))) for q in (reduced - cube, reduced))
    share = phases.below(first)
    inner = np.flatnonzero(last > first)
    if not inner.size:
        return share
    stops = [first[inner], *(np.clip(edge, first[inner], last[inner]) for edge in phases.edges), last[inner]]
    u, weight = legendre(_PHASE_NODES)
    place, measure = 0.5 - 0.5 * np.cos(math.pi * u), 0.5 * math.pi * weight * np.sin(math.pi * u)
    for start, stop in zip(stops[:-1], stops[1:], strict=True):
        low, high = phases.below(start)[:, None], phases.below(stop)[:, None]
        phase = phases.quantile(low + (high - low) * place)
        square = (reduced[inner, None] - np.sin(0.5 * phase) ** 2) / cube[inner, None]
        angle = 2.0 * np.arcsin(np.sqrt(np.clip(square, 0.0, 1.0)))
        share[inner] += (high - low)[:, 0] * (angle @ measure) / math.pi
    return share
