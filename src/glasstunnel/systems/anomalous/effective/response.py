"""Dielectric response of anomalous tunneling systems in a magnetic field: plain functions of arrays.

Doublet form (T << D0, phi << 1): gap E = sqrt(D^2 + u^2), u = D0 |phi|. The angle between flux loop and field is
averaged before anything is integrated: with W(x) = Int_0^x w the mean over the directions of the distribution dD0/D0
between a and b (both at x = 1) is du/u [W(u/a) - W(u/b)], so that a direction average costs nothing. Every ensemble
integral is then one integral over E of a closed inner one.

Results are alpha in units of (pi/2) P* p1^2, that is Delta eps/eps = (C_ATS/2) alpha with C_ATS in kelvin. Energies in
kelvin, B in tesla, frequency in hertz; absorption is a positive imaginary part.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.constants import flux_phase_per_area
from glasstunnel.numerics.blocks import in_blocks
from glasstunnel.numerics.quadrature import legendre
from glasstunnel.numerics.stable import arctanh_remainder, arctanh_second_remainder, sech_squared
from glasstunnel.systems.anomalous.effective.nodes import Edges, PanelRule, energy_nodes
from glasstunnel.systems.response.orientation import ORIENTATIONS, Orientation, has_inner
from glasstunnel.systems.response.two_level import THERMAL_RANGE, quantum

# Stands for B = 0: relative to D_min it moves no result above 1e-18.
_ZERO_FIELD = 1e-9


@dataclass(frozen=True)
class Doublets:
    """The doublets with D > asymmetry_min [K] and D0 |S| from area_min to area_max [K angstrom^2], floats or
    arrays that broadcast with the conditions."""

    asymmetry_min: Any
    area_min: Any
    area_max: Any
    orientation: Orientation = ORIENTATIONS["random"]

    def edges(self, B) -> Edges:
        """At flux density B [T], for a loop that faces the field (times 1/sqrt(3) for "rms")."""
        kelvin = flux_phase_per_area * self.orientation.scale * np.abs(np.asarray(B, dtype=float))
        kelvin = np.maximum(kelvin, _ZERO_FIELD * self.asymmetry_min / self.area_max)
        return Edges(self.asymmetry_min, kelvin * self.area_min, kelvin * self.area_max)

    def over_blocks(self, kernel, *conditions, block=64):
        """kernel(doublets, *conditions), a block of the broadcast shape at a time."""

        def one_block(asymmetry_min, area_min, area_max, *conditions):
            return kernel(Doublets(asymmetry_min, area_min, area_max, self.orientation), *conditions)

        return in_blocks(one_block, self.asymmetry_min, self.area_min, self.area_max, *conditions, block=block)


@dataclass(frozen=True)
class RelaxationRate:
    """1/tau = E^power (E^2 - kappa D^2)/(Gamma tanh(E/2T)), Gamma = elastic_constant  [002, Eq. 55: 3 and 1/6]."""

    elastic_constant: Any
    power: float = 3
    kappa: float = 1 / 6


def resonant(doublets: Doublets, T, B, frequency):
    """Resonant alpha, complex, of the broadcast shape  [002, Eqs. 46-50; GHz: the same with E^2 -> E^2 - (h f)^2].

    Real part: principal value of Int dE tanh(E/2T) K(E)/(E^2 - (h f)^2), K = L1 + L0 averaged over directions.
    Imaginary part: pi/(2 h f) tanh(h f/2T) K(h f), which is zero below the smallest gap.
    Relative error below 1e-11 for h f far below the smallest gap, about 1e-7 near and above it.
    """
    return doublets.over_blocks(_resonant, T, B, frequency, block=128)


def _resonant(doublets, T, B, frequency):
    T, photon = np.asarray(T, dtype=float), quantum(np.asarray(frequency, dtype=float))
    orientation, edges = doublets.orientation, doublets.edges(B)
    quiet = 2.0 * np.max(photon) < np.min(edges.asymmetry_min)
    # Beyond `far` the thermal factor is one and K a power series in 1/E.
    far = np.maximum(np.maximum(26.0 * T, 4.0 * photon), 4.0 * np.hypot(edges.asymmetry_min, edges.high))
    below = has_inner(orientation) or not quiet
    grid = energy_nodes(edges, far, PanelRule(width=4.0, count=12, below=below, graded=not quiet))
    temperature, pole, last = (np.asarray(value)[..., None] for value in (T, photon, far))
    edges = edges.along_nodes()
    inverse, weight = legendre(10)
    outer = last / inverse
    flux = np.sqrt((outer - edges.asymmetry_min) * (outer + edges.asymmetry_min))
    counted = coupling_sum(outer, flux, edges, orientation)
    tail = np.sum(weight / last * counted / (1.0 - (pole / outer) ** 2), axis=-1)
    coupling = coupling_sum(grid.gap, grid.flux_energy, edges, orientation)
    values = np.tanh(grid.gap / (2.0 * temperature)) * coupling
    if quiet:
        return np.sum(grid.weight * values / (grid.gap**2 - pole**2), axis=-1) + tail + 0j

    def strength(energy):
        above = energy > edges.asymmetry_min
        energy = np.where(above, energy, math.sqrt(2.0) * edges.asymmetry_min)
        flux = np.sqrt((energy - edges.asymmetry_min) * (energy + edges.asymmetry_min))
        counted = np.tanh(energy / (2.0 * temperature)) * coupling_sum(energy, flux, edges, orientation)
        return np.where(above, counted, 0.0)

    return tail + _through_the_pole(grid, values, strength, edges.asymmetry_min, pole, last)


def _through_the_pole(grid, values, strength, asymmetry_min, pole, last):
    """PV Int dE G(E)/(E^2 - W^2) from D_min to `last`, plus i pi G(W)/(2 W): the pole is taken out.

    values : G = tanh K at the nodes of the grid. strength : G as a function of energy, zero below D_min.
    """
    # A node that falls on the pole takes its quotient from a point beside the pole.
    near = np.abs(grid.gap**2 - pole**2) < 1e-9 * pole**2
    at_pole = strength(pole)
    beside = np.where(near, pole * (1.0 - 1e-8), pole)
    lifted = np.where(near, strength(pole * (1.0 - 1e-8)), at_pole)
    regular = np.sum(grid.weight * (values - lifted) / (grid.gap**2 - beside**2), axis=-1)
    # At pole = asymmetry_min the logarithm multiplies zero.
    distance = np.maximum(np.abs(asymmetry_min - pole), 1e-300)
    ends = np.log((last - pole) / (last + pole)) - np.log(distance / (asymmetry_min + pole))
    return regular + (at_pole * (ends + 1j * math.pi) / (2.0 * pole))[..., 0]


def coupling_sum(gap, flux_energy, edges, orientation):
    """K(E) = Int du/u [W(u/a) - W(u/b)] (E^2 + u^2)/(E^2 - u^2) over u up to `flux_energy` = sqrt(E^2 - D_min^2)."""
    first, third, _, fifth = orientation
    inside, outside = [], 1.0
    for edge in (edges.low, edges.high):
        beyond = edges.asymmetry_min**2 + np.maximum((flux_energy - edge) * (flux_energy + edge), 0.0)
        outside = np.maximum(flux_energy, edge) / edge * beyond / outside  # in the end low over high
        if has_inner(orientation):
            inner = np.minimum(edge, flux_energy)
            ratio, share = inner / gap, inner / edge
            remainder = arctanh_remainder(ratio, beyond / gap**2)
            linear, cubic = 1.0 + 2.0 * ratio**2 * remainder, 2.0 * remainder - 1.0 / 3.0
            inner_share = first * linear + third * share**2 * cubic
            if fifth:
                quintic = 2.0 * arctanh_second_remainder(ratio, remainder) - 1.0 / 5.0
                inner_share = inner_share + fifth * share**4 * quintic
            inside.append(share * inner_share)
    logarithm = -np.log(outside)
    return logarithm + inside[0] - inside[1] if inside else logarithm


def relaxation_time(E, flux_energy, T, elastic_constant, power, kappa):
    """tau = Gamma tanh(E/2T)/[E^m (E^2 - kappa D^2)] with D^2 = E^2 - u^2 [s]  [002, Eq. 55: m = 3, kappa = 1/6]."""
    return elastic_constant * np.tanh(E / (2.0 * T)) / (E**power * ((1.0 - kappa) * E**2 + kappa * flux_energy**2))


def relaxation_time_density(E, tau, T, elastic_constant, kappa):
    """Density of ln-distributed systems over (E, tau) per unit pi P* [1/(K s)]  [002, Eq. 57, for any kappa, m = 3].

    [kappa/(1 - kappa)] tau_min/[E (tau - tau_min)(tau_max - tau)] with tau_min = Gamma tanh(E/2T)/E^5 (D = 0) and
    tau_max = tau_min/(1 - kappa) (D = E); zero outside.
    """
    shortest = elastic_constant * np.tanh(E / (2.0 * T)) / E**5
    longest = shortest / (1.0 - kappa)
    inside = (tau > shortest) & (tau < longest)
    product = np.where(inside, (tau - shortest) * (longest - tau), 1.0)
    return np.where(inside, kappa / (1.0 - kappa) * shortest / (E * product), 0.0)


def relaxational(doublets: Doublets, rate: RelaxationRate, T, B, omega):
    """Relaxational alpha, complex, of the broadcast shape, at angular frequency omega [rad/s]  [002, Eqs. 54-61].

    (1/2T) Int dE/E sech^2(E/2T) Int du/u [W(u/a) - W(u/b)]/(1 - i omega tau); the inner integral is closed.
    Relative error below 1e-10 for the printed sets, 1e-7 in the worst corner of the parameters.
    """

    def kernel(doublets, elastic_constant, T, B, omega):
        return _relaxational(doublets, RelaxationRate(elastic_constant, rate.power, rate.kappa), T, B, omega)

    return doublets.over_blocks(kernel, rate.elastic_constant, T, B, omega)


def _relaxational(doublets, rate, T, B, omega):
    T, omega = np.asarray(T, dtype=float), np.asarray(omega, dtype=float)
    orientation, edges, kappa = doublets.orientation, doublets.edges(B), rate.kappa
    last = edges.asymmetry_min + THERMAL_RANGE * T
    grid = energy_nodes(edges, last, PanelRule(width=1.5, count=16, below=has_inner(orientation)))
    T, omega, elastic_constant = (np.asarray(value)[..., None] for value in (T, omega, rate.elastic_constant))
    edges = edges.along_nodes()
    low, high = edges.low, edges.high
    static = (1.0 - kappa) * grid.gap**2
    delay = omega * elastic_constant * np.tanh(grid.gap / (2.0 * T)) / grid.gap**rate.power
    thermal = grid.weight * sech_squared(grid.gap / (2.0 * T)) / (2.0 * T * grid.gap)
    real, imaginary = _outer_response(grid.flux_energy, static, delay, kappa, low, high)
    alpha = np.sum(thermal * real, axis=-1) + 1j * np.sum(thermal * imaginary, axis=-1)
    if not has_inner(orientation):
        return alpha
    inner = [_inner_response(grid.flux_energy, static, delay, kappa, edge, orientation) for edge in (low, high)]
    return alpha + np.sum(thermal * (inner[0] - inner[1]), axis=-1)


def _outer_response(flux_energy, static, delay, kappa, low, high):
    """Int du/u (c + kappa u^2)/(c + kappa u^2 - i g) from min(a, u_max) to min(b, u_max), real and imaginary part.

    c = static, g = delay. The integrand is 1 + lag/(1 + curvature u^2), lag = i g/(c - i g) and curvature =
    kappa/(c - i g), so the integral is
    (1 + lag) ln(b/a) - (lag/2) ln[(c + kappa b^2 - i g)/(c + kappa a^2 - i g)]; real arithmetic is much faster here.
    """
    first, second = (static + kappa * np.minimum(edge, flux_energy) ** 2 for edge in (low, high))
    square = delay**2
    norm = static**2 + square
    lag_real, lag_imaginary = -square / norm, delay * static / norm
    logarithm = np.log(np.minimum(flux_energy, high) / np.minimum(flux_energy, low))
    modulus = 0.5 * np.log((second**2 + square) / (first**2 + square))
    angle = np.arctan2(delay * (second - first), first * second + square)
    real = (1.0 + lag_real) * logarithm - 0.5 * (lag_real * modulus - lag_imaginary * angle)
    return real, lag_imaginary * logarithm - 0.5 * (lag_real * angle + lag_imaginary * modulus)


def _inner_response(flux_energy, static, delay, kappa, edge, orientation):
    """Int du/u W(u/edge) (c + kappa u^2)/(c + kappa u^2 - i g) up to min(edge, u_max), complex."""
    first, third, _, fifth = orientation
    inner = np.minimum(edge, flux_energy)
    share = inner / edge
    denominator = static - 1j * delay
    lag, bent = 1j * delay / denominator, kappa * inner**2 / denominator
    root = 1j * np.sqrt(bent)
    remainder = arctanh_remainder(root, 1.0 + bent)
    linear, cubic = 1.0 + lag * (1.0 - bent * remainder), 1.0 / 3.0 + lag * remainder
    inner_share = first * linear + third * share**2 * cubic
    if fifth:
        inner_share = inner_share + fifth * share**4 * (1.0 / 5.0 + lag * arctanh_second_remainder(root, remainder))
    return share * inner_share
