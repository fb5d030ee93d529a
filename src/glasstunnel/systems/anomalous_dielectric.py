"""Dielectric response of anomalous tunneling systems in a magnetic field: plain functions of arrays.

Doublet form (T << D0, phi << 1): gap E = sqrt(D^2 + u^2), u = D0 |phi|. The angle between flux loop and field is
averaged before anything is integrated: with W(x) = Int_0^x w the mean over the directions of the distribution dD0/D0
between a and b (both at x = 1) is du/u [W(u/a) - W(u/b)], so that a direction average costs nothing. Every ensemble
integral is then one integral over E of a closed inner one.

Results are alpha in units of (pi/2) P* p1^2, that is Delta eps/eps = (C_ATS/2) alpha with C_ATS in kelvin. Energies in
kelvin, B in tesla, frequency in hertz; absorption is a positive imaginary part.
"""

import math

from glasstunnel.constants import flux_phase_per_area
from glasstunnel.numerics.arrays import namespace
from glasstunnel.numerics.stable import arctanh_remainder, sech_squared
from glasstunnel.systems.anomalous_nodes import nodes
from glasstunnel.systems.two_level_dielectric import THERMAL_RANGE, quantum

#: W(x) = first x + third x^3 below x = 1 and 1 above; the last number scales phi.  Measuring field parallel and
#: perpendicular to B: weights (3/2)(1 - x^2) and (3/4)(1 + x^2), because the dipoles lie in the plane of the loop.
ORIENTATIONS = {
    "random": (1.0, 0.0, 1.0),
    "parallel": (1.5, -0.5, 1.0),
    "perpendicular": (0.75, 0.25, 1.0),
    "rms": (0.0, 0.0, 1.0 / math.sqrt(3.0)),  # the papers' phi -> phi/sqrt(3)
}
# Stands for B = 0: relative to D_min it moves no result above 1e-18.
_ZERO_FIELD = 1e-9


def field_energies(B, asymmetry_min, area_min, area_max, orientation):
    """a = D0min phi and b = D0max phi [K] for a loop that faces the field (times 1/sqrt(3) for "rms")."""
    xp = namespace(B, asymmetry_min, area_min, area_max)
    kelvin = flux_phase_per_area * orientation[2] * xp.abs(xp.asarray(B, dtype=float))
    kelvin = xp.maximum(kelvin, _ZERO_FIELD * asymmetry_min / area_max)
    return kelvin * area_min, kelvin * area_max


def resonant(T, B, frequency, asymmetry_min, area_min, area_max, orientation=ORIENTATIONS["random"]):
    """Resonant alpha, complex, of the broadcast shape  [002, Eqs. 46-50; GHz: the same with E^2 -> E^2 - (h f)^2].

    Real part: principal value of Int dE tanh(E/2T) K(E)/(E^2 - (h f)^2), K = L1 + L0 averaged over directions.
    Imaginary part: pi/(2 h f) tanh(h f/2T) K(h f), which is zero below the smallest gap.
    Relative error about 1e-9 below the smallest gap; 1e-6 where h f meets the edges of the distribution.
    """
    xp = namespace(T, B, frequency, asymmetry_min, area_min, area_max)
    T, photon = xp.asarray(T), quantum(xp.asarray(frequency))
    low, high = field_energies(B, asymmetry_min, area_min, area_max, orientation)
    far = xp.maximum(xp.maximum(45.0 * T, 30.0 * photon), 30.0 * xp.hypot(asymmetry_min, high))
    grid = nodes(asymmetry_min, low, high, far, width=3.0, count=12)
    temperature, *edges = (xp.asarray(value)[..., None] for value in (T, asymmetry_min, low, high))

    def strength(gap, flux_energy):
        return xp.tanh(gap / (2.0 * temperature)) * coupling_sum(gap, flux_energy, *edges, orientation)

    def strength_at(energy):
        above = energy > edges[0]  # the coupling sum vanishes with the flux energy, so one below the gap needs none
        flux = xp.sqrt(xp.where(above, energy**2 - edges[0] ** 2, edges[0] ** 2))
        return xp.where(above, strength(xp.where(above, energy, math.sqrt(2.0) * edges[0]), flux), 0.0)

    pole = photon[..., None]
    near = xp.abs(grid.gap**2 - pole**2) < 1e-6 * pole**2
    beside = xp.where(near, pole * (1.0 - 1e-5), pole)
    at_pole = strength_at(pole)
    lifted = xp.where(near, strength_at(pole * (1.0 - 1e-5)), at_pole)
    values = strength(grid.gap, grid.flux_energy)
    regular = xp.sum(grid.weight * (values - lifted) / (grid.gap**2 - beside**2), axis=-1)
    at_pole = at_pole[..., 0]
    ends = xp.log((far - photon) / (far + photon)) - _log_distance(asymmetry_min, photon)
    tail = _resonant_tail(far, photon, low, high, orientation)
    return regular + at_pole * ends / (2.0 * photon) + tail + 0.5j * math.pi * at_pole / photon


def _log_distance(edge, photon):
    """ln|(edge - photon)/(edge + photon)|; at photon = edge, where it multiplies zero, a finite stand-in."""
    xp = namespace(edge, photon)
    distance = xp.maximum(xp.abs(edge - photon), 1e-300)
    return xp.log(distance / (edge + photon))


def _resonant_tail(far, photon, low, high, orientation):
    """Int_far^inf dE K(E)/(E^2 - photon^2) from K = ln(b/a) + <x^2>(b^2 - a^2)/E^2 + <x^4>(b^4 - a^4)/(2 E^4) + ..."""
    xp = namespace(far, photon, low, high)
    zeroth = xp.log(high / low)
    second = moment(orientation, 2) * (high**2 - low**2)
    fourth = 0.5 * moment(orientation, 4) * (high**4 - low**4)
    square = photon**2
    return (
        zeroth / far
        + (second + zeroth * square) / (3.0 * far**3)
        + (fourth + second * square + zeroth * square**2) / (5.0 * far**5)
    )


def moment(orientation, n):
    """Mean of x^n over the directions, x the cosine between loop normal and field (1 for "rms", whose phi is scaled).

    >>> [round(moment(ORIENTATIONS[name], 2), 9) for name in ("random", "parallel", "perpendicular")]
    [0.333333333, 0.2, 0.4]
    """
    first, third, _ = orientation
    return first / (n + 1) + 3.0 * third / (n + 3) + (1.0 - first - third)


def coupling_sum(gap, flux_energy, asymmetry_min, low, high, orientation):
    """K(E) = Int du/u [W(u/a) - W(u/b)] (E^2 + u^2)/(E^2 - u^2) over u up to `flux_energy` = sqrt(E^2 - D_min^2)."""
    return _coupling(gap, flux_energy, asymmetry_min, low, orientation) - _coupling(
        gap, flux_energy, asymmetry_min, high, orientation
    )


def _coupling(gap, flux_energy, asymmetry_min, edge, orientation):
    xp = namespace(gap, flux_energy, asymmetry_min, edge)
    first, third, _ = orientation
    inner = xp.minimum(edge, flux_energy)
    beyond = asymmetry_min**2 + xp.maximum((flux_energy - edge) * (flux_energy + edge), 0.0)
    ratio = inner / gap
    remainder = arctanh_remainder(ratio, beyond / gap**2)
    share = inner / edge
    below = share * (first * (1.0 + 2.0 * ratio**2 * remainder) + third * share**2 * (2.0 * remainder - 1.0 / 3.0))
    outside = flux_energy > edge
    quotient = xp.where(outside, flux_energy, edge) / edge
    return below + xp.log(quotient) + xp.log(beyond / asymmetry_min**2)


def relaxation_time(E, flux_energy, T, elastic_constant, power, kappa):
    """tau = Gamma tanh(E/2T)/[E^m (E^2 - kappa D^2)] with D^2 = E^2 - u^2 [s]  [002, Eq. 55: m = 3, kappa = 1/6]."""
    xp = namespace(E, T, elastic_constant)
    return elastic_constant * xp.tanh(E / (2.0 * T)) / (E**power * ((1.0 - kappa) * E**2 + kappa * flux_energy**2))


def relaxation_time_density(E, tau, T, elastic_constant, kappa):
    """Density of ln-distributed systems over (E, tau) per unit pi P* [1/(K s)]  [002, Eq. 57, for any kappa, m = 3].

    [kappa/(1 - kappa)] tau_min/[E (tau - tau_min)(tau_max - tau)] with tau_min = Gamma tanh(E/2T)/E^5 (D = 0) and
    tau_max = tau_min/(1 - kappa) (D = E); zero outside.
    """
    xp = namespace(E, tau, T, elastic_constant)
    shortest = elastic_constant * xp.tanh(E / (2.0 * T)) / E**5
    longest = shortest / (1.0 - kappa)
    inside = (tau > shortest) & (tau < longest)
    product = xp.where(inside, (tau - shortest) * (longest - tau), 1.0)
    return xp.where(inside, kappa / (1.0 - kappa) * shortest / (E * product), 0.0)


def relaxational(
    T, B, omega, asymmetry_min, area_min, area_max, elastic_constant, power=3, kappa=1 / 6,
    orientation=ORIENTATIONS["random"],
):
    """Relaxational alpha, complex, of the broadcast shape, at angular frequency omega [rad/s]  [002, Eqs. 54-61].

    (1/2T) Int dE/E sech^2(E/2T) Int du/u [W(u/a) - W(u/b)]/(1 - i omega tau); the inner integral is closed.
    Relative error about 1e-9.
    """
    xp = namespace(T, B, omega, asymmetry_min, area_min, area_max, elastic_constant)
    T, omega = xp.asarray(T), xp.asarray(omega)
    low, high = field_energies(B, asymmetry_min, area_min, area_max, orientation)
    grid = nodes(asymmetry_min, low, high, asymmetry_min + THERMAL_RANGE * T, width=1.5, count=16)
    T, omega, low, high = (value[..., None] for value in (T, omega, low, high))
    delay = omega * elastic_constant * xp.tanh(grid.gap / (2.0 * T)) / grid.gap**power
    static = (1.0 - kappa) * grid.gap**2
    denominator = static - 1j * delay
    lag = 1j * delay / denominator
    curvature = kappa / denominator
    response = _response(grid.flux_energy, low, lag, curvature, orientation) - _response(
        grid.flux_energy, high, lag, curvature, orientation
    )
    thermal = grid.weight * sech_squared(grid.gap / (2.0 * T)) / (2.0 * T * grid.gap)
    return xp.sum(thermal * response, axis=-1)


def _response(flux_energy, edge, lag, curvature, orientation):
    """Int_0^flux_energy du/u W(u/edge) [1 + lag/(1 + curvature u^2)], closed."""
    xp = namespace(flux_energy, edge, lag)
    first, third, _ = orientation
    inner = xp.minimum(edge, flux_energy)
    share = inner / edge
    bend = 1.0 + curvature * inner**2
    response = 0.0
    if first or third:
        remainder = arctanh_remainder(1j * xp.sqrt(curvature) * inner, bend)
        response = share * (
            first * (1.0 + lag * (1.0 - curvature * inner**2 * remainder))
            + third * share**2 * (1.0 / 3.0 + lag * remainder)
        )
    quotient = xp.where(flux_energy > edge, flux_energy, edge) / edge
    outer = (1.0 + lag) * xp.log(quotient)
    return response + outer - 0.5 * lag * xp.log((1.0 + curvature * (inner * quotient) ** 2) / bend)
