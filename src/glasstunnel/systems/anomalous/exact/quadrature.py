r"""Direct quadrature of the exact three-level theory: reference for the table, and fallback outside its domain.

Everything is in units of the temperature (p = D/T, a = D0/T) and per A = 2 pi P*. At one temperature the population
is a function of the phase phi alone,

.. math:: \langle\langle f \rangle\rangle(\varphi) = \int \frac{dD}{D} \int \frac{dD_0}{D_0}
          \int_0^\pi \frac{d\psi}{\pi} f, \qquad S(\varphi) = \langle\langle -\partial (F/T)/\partial\varphi
          \rangle\rangle = R(\varphi) \sin\varphi,

and every field is an average of it over the direction of the flux loop, phi = b cos(beta), b = B/B*  [002, Sec. 2].
R, the entropy and the energy variance are even and periodic in phi, so that panels on [0, pi] hold them.

Panels follow the only singularities of these functions, the complex zeros of the partition function: they lie at
|Im| = pi/2 in ln D and ln D0, at |Im phi| = pi T/D0 and at |Im psi| = sqrt(3) pi T/D.
"""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from glasstunnel.numerics.few_level import ring_levels
from glasstunnel.numerics.quadrature import legendre, panels
from glasstunnel.systems.anomalous.exact.harmonics import harmonic_means
from glasstunnel.systems.anomalous.exact.quantities import FREE_ENERGY, QUANTITIES

_PANEL = 2.5  #: longest panel in ln D; 16 nodes give 1e-13
_PHASE_NODES = 20
_FAR = 1e5  #: D beyond this times the largest other energy is taken by its power law


class ReducedCutoffs(NamedTuple):
    """Cutoffs of D and D0 divided by the temperature (floats at one temperature, or arrays over temperatures)."""

    asymmetry_min: Any
    asymmetry_max: Any
    amplitude_min: Any
    amplitude_max: Any


@dataclass(frozen=True)
class PhaseProfile:
    """Population at one temperature on phase panels: `edges` (panels+1,) from 0 to pi, values (panels, nodes).

    restoring : R(phi) = -d(F/T)/dphi / sin(phi).  entropy, variance : entropy and Var(E)/T^2, per A and k_B.
    """

    edges: np.ndarray
    restoring: np.ndarray
    entropy: np.ndarray
    variance: np.ndarray


def angle_average(asymmetry, amplitude, phase, count=32):
    """Averages over the angle psi of R, entropy and variance of one system, each (amplitudes, phases).

    asymmetry : float p > 0.  amplitude : (n,) values of a.  phase : (k,) [rad].
    """
    angle, weight = _angle_nodes(math.sqrt(3.0) * math.pi / asymmetry, count)
    levels = ring_levels(asymmetry, angle[:, None, None], np.asarray(amplitude)[:, None], phase)
    middle, top = np.exp(-levels.middle_gap), np.exp(-levels.top_gap)
    partition = 1.0 + middle + top
    # The slopes sum to zero: weights less one, exact where levels meet. Elsewhere weights, exact where they vanish.
    torque = np.expm1(-levels.middle_gap) * levels.middle_stiffness + np.expm1(-levels.top_gap) * levels.top_stiffness
    mean = (middle * levels.middle_gap + top * levels.top_gap) / partition
    square = (middle * levels.middle_gap**2 + top * levels.top_gap**2) / partition
    averaged = (-torque / partition, np.log1p(middle + top) + mean, square - mean**2)
    return [np.tensordot(weight, f, 1) for f in averaged]


def zero_field_free_energy(asymmetry, amplitude, count=48):
    """Average of F/T over psi at B = 0, from the ground level of each system up; (amplitudes,).

    The ground level has a kink of width D0/D in psi, narrower than the thermal one.
    """
    widths = math.sqrt(3.0) * np.minimum(math.pi, amplitude) / asymmetry
    angle, weight = np.stack([_angle_nodes(width, count) for width in np.atleast_1d(widths)], axis=1)
    levels = ring_levels(asymmetry, angle, np.atleast_1d(amplitude)[:, None], 0.0)
    return -np.sum(weight * np.log1p(np.exp(-levels.middle_gap) + np.exp(-levels.top_gap)), axis=-1)


def phase_profile(cutoffs, phase_nodes=_PHASE_NODES):
    """`PhaseProfile` of the population between the `ReducedCutoffs` of one temperature; relative error about 1e-11."""
    edges = _phase_edges(cutoffs)
    phase, _ = panels(edges, phase_nodes)
    amplitude, amplitude_weight = _amplitude_nodes(cutoffs)
    total = np.zeros((3, phase.size))
    for asymmetry, *weights in zip(*_asymmetry_nodes(cutoffs), strict=True):
        averages = angle_average(asymmetry, amplitude, phase)
        for row, (weight, average) in enumerate(zip((weights[0], weights[1], weights[1]), averages, strict=True)):
            total[row] += weight * (amplitude_weight @ average)
    return PhaseProfile(edges, *total.reshape(3, edges.size - 1, phase_nodes))


def population_free_energy(cutoffs):
    """<<F/T>> of the population at B = 0, relative to the ground level of each system (float)."""
    amplitude, amplitude_weight = _amplitude_nodes(cutoffs)
    return sum(
        weight * (amplitude_weight @ zero_field_free_energy(asymmetry, amplitude))
        for asymmetry, _, weight in zip(*_asymmetry_nodes(cutoffs), strict=True)
    )


def averages(observable, cutoffs, b, spread=0.0):
    """One observable per A of the population at one temperature for b = B/B* (points,).

    free_energy : F/(k_B T).  entropy, heat_capacity : in k_B.  magnetization : <c S(bc)>, which is M B*/(k_B T).
    magnetic_susceptibility : its derivative by b.  spread : standard deviation of ln A, A the area of the loops.
    """
    profile = phase_profile(cutoffs)
    quantity = QUANTITIES[observable]
    start = population_free_energy(cutoffs) if quantity is FREE_ENERGY else 0.0
    if spread:
        return start + _averages_over_areas(quantity, profile, cutoffs, b, spread)
    size = np.maximum(np.abs(b), 1e-8)  # keeps 0/0 away; below it M is linear
    return start + quantity.closed(_running_integrals(profile, size), size, b)


def _averages_over_areas(quantity, profile, cutoffs, b, spread):
    """As `averages`, from the Fourier series in the phase: its coefficients fall as exp(-pi m T/D0)."""
    from scipy.fft import dct, dst

    count = 40 + math.ceil(10.0 * cutoffs.amplitude_max)
    phase = (np.arange(2 * count) + 0.5) * math.pi / (2 * count)
    panel = np.searchsorted(profile.edges, phase) - 1
    local = (phase - profile.edges[panel]) / np.diff(profile.edges)[panel]
    matrix = _interpolation(local, legendre(profile.restoring.shape[1])[0])
    means = harmonic_means(quantity, count, b, spread)[0]
    values = np.sum(matrix * getattr(profile, quantity.profile)[panel], axis=-1)
    if quantity.thermal:
        series = dct(values, type=2) / (2 * count)
        return 0.5 * series[0] + series[1:].sum() + means @ series[1 : count + 1]
    return means @ (dst(values * np.sin(phase), type=2) / (2 * count))[:count]


class RunningIntegrals(NamedTuple):
    """Integrals from 0 to each b of phi S, S, entropy and variance, and R at b, (k,) each."""

    torque: np.ndarray
    force: np.ndarray
    entropy: np.ndarray
    variance: np.ndarray
    end: np.ndarray


def _running_integrals(profile, b):
    """`RunningIntegrals` at b > 0."""
    count = profile.restoring.shape[1]
    base = len(profile.edges) - 1
    repeats = int(np.max(b) // math.pi) + 1
    widths = np.diff(profile.edges)
    order = np.concatenate([np.arange(base)[:: (-1) ** k] for k in range(repeats)])
    mirrored = np.repeat(np.arange(repeats) % 2 == 1, base)
    edges = np.concatenate([[0.0], np.cumsum(widths[order])])
    nodes, weights = legendre(count)

    values = np.stack([profile.restoring, profile.entropy, profile.variance])[:, order]
    values = np.where(mirrored[:, None], values[..., ::-1], values)
    phase = edges[:-1, None] + widths[order][:, None] * nodes
    whole = np.sum(_integrands(phase, values) * (widths[order][:, None] * weights), axis=-1)
    before = np.concatenate([np.zeros((4, 1)), np.cumsum(whole, axis=1)], axis=1)

    panel = np.clip(np.searchsorted(edges, b, side="right") - 1, 0, order.size - 1)
    part = b - edges[panel]
    local = (part / widths[order][panel])[:, None] * np.append(nodes, 1.0)
    inside = np.einsum("kni,vki->vkn", _interpolation(local, nodes), values[:, panel])
    phase = edges[panel][:, None] + part[:, None] * nodes
    rest = np.sum(_integrands(phase, inside[..., :-1]) * (part[:, None] * weights), axis=-1)
    torque, force, entropy, variance = before[:, panel] + rest
    return RunningIntegrals(torque, force, entropy, variance, inside[0, :, -1])


def _integrands(phase, values):
    restoring, entropy, variance = values
    force = restoring * np.sin(phase)
    return np.stack([phase * force, force, entropy, variance])


def _interpolation(points, nodes):
    """Matrix (..., nodes) that takes values at the Legendre nodes on [0, 1] to the points (...)."""
    vandermonde = np.polynomial.legendre.legvander
    degree = nodes.size - 1
    return vandermonde(2.0 * points - 1.0, degree) @ np.linalg.inv(vandermonde(2.0 * nodes - 1.0, degree))


def _angle_nodes(width, count):
    """Nodes and weights of the mean over psi in (0, pi), crowded towards 0 on the scale `width` (psi = w sinh u)."""
    nodes, weights = legendre(count)
    reach = math.asinh(math.pi / width)
    return width * np.sinh(reach * nodes), weights * (width / math.pi * reach) * np.cosh(reach * nodes)


def _amplitude_nodes(cutoffs):
    span = math.log(cutoffs.amplitude_max / cutoffs.amplitude_min)
    pieces = max(1, math.ceil(span / _PANEL))
    edges = np.linspace(0.0, span, pieces + 1)
    nodes, weights = panels(edges, 6 + math.ceil(4.0 * span / pieces))
    return cutoffs.amplitude_min * np.exp(nodes), weights


def _asymmetry_nodes(cutoffs):
    """Nodes in D/T with the weights of the magnetic response (falls as D^-2) and of thermal functions (as 1/D)."""
    low, high = cutoffs.asymmetry_min, cutoffs.asymmetry_max
    far = _FAR * max(1.0, low, cutoffs.amplitude_max)
    span = math.log(min(high, far) / low)
    nodes, weights = panels(np.linspace(0.0, span, math.ceil(span / _PANEL) + 1), 16)
    nodes = np.append(low * np.exp(nodes), min(high, far))
    rest = min(high, far) / high
    return nodes, np.append(weights, 0.5 * (1.0 - rest**2)), np.append(weights, 1.0 - rest)


def _phase_edges(cutoffs):
    """Panel edges on [0, pi], growing threefold from the width of the feature at phi = 0, at most 0.8 long."""
    edges = [0.0, min(max(1.0, cutoffs.asymmetry_min) / cutoffs.amplitude_max, 0.8)]
    while edges[-1] < math.pi:
        edges.append(edges[-1] + min(2.0 * edges[-1], 0.8))
    return np.array([*edges[:-1], math.pi]) if math.pi - edges[-2] > 0.05 else np.array([*edges[:-2], math.pi])
