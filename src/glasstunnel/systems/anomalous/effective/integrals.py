r"""Integrals over the two-level form of the anomalous systems, E = sqrt(D^2 + u^2), u = D0 phi.

Everything is per system with P* = 1 and without the factor 2 pi, energies in kelvin. A population is bounded by
D > d and by the amplitude energies a = D0min phi and b = D0max phi. With ``averaged`` the loop directions are
averaged exactly, u -> u x with x = cos(beta) uniform on [0, 1]; else all loops have the same phase.

The orientation and one of the two parameters are integrated in closed form, which leaves one integral over the gap E.
It has kinks at d, hypot(d, a) and hypot(d, b); every panel between them has its own variable in which the integrand
stays analytic within a distance pi/2 of the real axis, so that Gauss-Legendre nodes converge whatever the ratios.
Relative errors stay below 3e-11 for T/d from 1e-2 to 1e5 and b/d from 0 to 1e5.
"""

import math

import numpy as np

from glasstunnel.numerics.quadrature import legendre

#: Gaps more than this many temperatures above the lowest one carry less than 1e-16 of any thermal integral.
REACH = 45.0

_EDGE_NODES = 40

#: Binomial coefficients of sqrt(1 + k^2) = 1 + sum_n coefficient_n k^(2n).
_SQUARE_ROOT_SERIES = np.cumprod([(0.5 - n) / (n + 1) for n in range(11)])


def field_response(c, d, T, averaged):
    r"""V(c) and P(c) = c V'(c) [K], with which M = [V(b) - V(a)]/B per system; shape of c.

    V = int_d^inf dlnD <f(D, c x) - f(D, 0)>, f = T ln 2cosh(E/2T), here as (1/2) int dE tanh(E/2T) omega(E).
    Both vanish as c^2.
    """
    scale = 10.0 * np.maximum(T, c)
    x, weights = legendre(_node_count(10.0, 3.0, scale / d))
    c, d, T, scale = (np.asarray(value, dtype=float)[..., None] for value in (c, d, T, scale))

    # gaps below hypot(d, c): E = d cosh t
    t_max = np.arcsinh(c / d)
    t = t_max * x
    sinh = np.sinh(t)
    cosh = np.sqrt(1.0 + sinh**2)
    measure = 0.5 * t_max * weights * d * sinh * np.tanh(d * cosh / (2.0 * T))
    below = 0.5 * np.log1p(sinh**2)
    turned_away = (d / c) * (t * cosh - sinh)
    low_v, low_p = (below - turned_away, turned_away) if averaged else (below, np.zeros_like(below))

    # gaps above: E = hypot(c, D), D from d to infinity; 1/D = sinh(y)/scale is logarithmic up to T and c, then linear
    y_max = np.arcsinh(scale / d)
    y = y_max * x
    cosh, sinh = _cosh_sinh(y)
    s = (c / scale) * sinh
    s2 = s * s
    root = np.sqrt(1.0 + s2)
    tail = (0.5 * c**2 * y_max / scale) * weights * cosh * np.tanh((0.5 * scale / T) * root / sinh) / root
    above = 0.5 * np.log1p(s2) / s2
    if averaged:
        excess = _orientation_excess(s, s2, root)
        high_v, high_p = above - excess, excess
    else:
        high_v, high_p = above, np.ones_like(above)
    return (
        np.sum(measure * low_v, axis=-1) + np.sum(tail * high_v, axis=-1),
        np.sum(measure * low_p, axis=-1) + np.sum(tail * high_p, axis=-1),
    )


def field_response_at_edge(c, d, T, averaged):
    """-d V(c)/d ln d [K]: the integrand of V at D = d; shape of c."""
    if not averaged:
        return T * _log_cosh_ratio(c, d, T)
    x, weights = legendre(_EDGE_NODES)
    c, d, T = (np.asarray(value, dtype=float)[..., None] for value in (c, d, T))
    u, measure = _sinh_panel(c, np.hypot(d, np.pi * T), x, weights)
    return np.sum(measure * T * _log_cosh_ratio(u, d, T) / c, axis=-1)


def ground_state_lowering(c, d, averaged):
    r"""int_0^c du/u int_d^inf dlnD <sqrt(D^2 + u^2 x^2) - D>/2 [K], in closed form; shape of c."""
    k2 = (np.asarray(c) / d) ** 2
    series = sum(
        coefficient * k2**n / ((2 * n - 1) * 2 * n * (2 * n + 1 if averaged else 1))
        for n, coefficient in enumerate(_SQUARE_ROOT_SERIES, start=1)
    )
    k = np.sqrt(np.where(k2 < 0.05, 1.0, k2))
    root, arc = np.sqrt(1.0 + k**2), np.arcsinh(k)
    if averaged:
        closed = (0.5 * k + 0.25 / k) * arc - 1.25 * root + 1.0 + np.log(0.5 * (1.0 + root))
    else:
        closed = k * arc - 2.0 * (root - 1.0) + np.log(0.5 * (1.0 + root))
    return 0.5 * d * np.where(k2 < 0.05, series, closed)


def thermal_integral(kernel, a, b, d, T, averaged):
    """int dE g(E) kernel(E/2T) over the density g of doublets with D > d and amplitude energies from a to b."""
    x, weights = legendre(_node_count(28.0, 2.6, 2.0 * REACH * T / d))
    a, b, d, T = (np.asarray(value, dtype=float)[..., None] for value in (a, b, d, T))
    first, second = np.hypot(a, d), np.hypot(b, d)
    total = 0.0

    if averaged:
        t, E, measure = _below(a, d, T, x, weights)
        total = np.sum(measure * _density_below(t, a, b) * kernel(E / (2.0 * T)), axis=-1)

    z_max = np.sqrt(np.minimum((b - a) * (b + a), _reach(first, T)))
    z, step = _sinh_panel(z_max, np.minimum(a, d), x, weights)
    E = np.sqrt(first**2 + z**2)
    total = total + np.sum(z * step / E * _density_between(E, z, a, b, d, averaged) * kernel(E / (2.0 * T)), axis=-1)

    z, step = _sinh_panel(np.sqrt(_reach(second, T)), d, x, weights)
    E = np.sqrt(second**2 + z**2)
    density = _density_above(E, d**2 + z**2, a, b, averaged)
    return total + np.sum(z * step / E * density * kernel(E / (2.0 * T)), axis=-1)


def thermal_slope(kernel, c, d, T, averaged):
    """int_d^inf dlnD <kernel(E/2T)> at amplitude energy c: d/d(ln b), and minus d/d(ln a), of `thermal_integral`."""
    x, weights = legendre(_node_count(28.0, 2.6, 2.0 * REACH * T / d))
    c, d, T = (np.asarray(value, dtype=float)[..., None] for value in (c, d, T))
    edge = np.hypot(c, d)
    z, step = _sinh_panel(np.sqrt(_reach(edge, T)), d, x, weights)
    E = np.sqrt(edge**2 + z**2)
    rest = d**2 + z**2
    density = np.arcsinh(c / np.sqrt(rest)) / c if averaged else E / rest
    total = np.sum(z * step / E * density * kernel(E / (2.0 * T)), axis=-1)
    if averaged:
        t, E, measure = _below(c, d, T, x, weights)
        total = total + np.sum(measure * t / c * kernel(E / (2.0 * T)), axis=-1)
    return total


def thermal_integral_at_edge(kernel, a, b, d, T, averaged):
    """-d/d(ln d) of `thermal_integral`: int dlnD0 <kernel(E/2T)> at D = d."""
    x, weights = legendre(_EDGE_NODES)
    a, b, d, T = (np.asarray(value, dtype=float)[..., None] for value in (a, b, d, T))
    furthest = np.sqrt(_reach(d, T))
    a_end, b_end = np.minimum(a, furthest), np.minimum(b, furthest)
    width = np.log(b_end / a_end)
    u = a_end * np.exp(width * x)
    share = 1.0 - u / b if averaged else 1.0
    total = np.sum(width * weights * share * kernel(np.hypot(d, u) / (2.0 * T)), axis=-1)
    if averaged:
        u, measure = _sinh_panel(a_end, np.hypot(d, np.pi * T), x, weights)
        total = total + np.sum(measure * (1.0 / a - 1.0 / b) * kernel(np.hypot(d, u) / (2.0 * T)), axis=-1)
    return total


def heat_capacity_kernel(x):
    """(x/cosh x)^2."""
    factor = np.exp(-2.0 * x)
    return 4.0 * factor * (x / (1.0 + factor)) ** 2


def entropy_kernel(x):
    """ln(2 cosh x) - x tanh x."""
    factor = np.exp(-2.0 * x)
    return np.log1p(factor) + 2.0 * x * factor / (1.0 + factor)


def doublet_density(E, d, a, b, averaged=False):
    r"""Density of doublets over the gap, g(E) [1/K] per system with P* = 1 and without the factor 2 pi.

    E, d = D_min, a = D0min phi, b = D0max phi: arrays that broadcast, in kelvin, a > 0; no upper cutoff of D.
    For one phase, zero below hypot(d, a), then ln[sqrt((E^2-a^2)(E^2-d^2))/(a d)]/E up to hypot(d, b), then
    ln[(b/a) sqrt((E^2-a^2)/(E^2-b^2))]/E  [002, Eq. 13]. With ``averaged`` the mean over the loop directions, phi
    being the phase of the direction of the field; it starts at E = d.

    >>> import math
    >>> print(f"{2.0 * math.pi * doublet_density(0.8, 0.1, 0.2, 0.5):.8f}")
    8.88821114
    """
    E = np.asarray(E, dtype=float)
    first, second = np.hypot(a, d), np.hypot(b, d)
    low, middle, high = E < first, (first <= E) & (E < second), second <= E
    at = np.where(middle, E, 0.5 * (first + second))
    z = np.sqrt(np.maximum((at - first) * (at + first), 0.0))
    between = _density_between(at, z, a, b, d, averaged)
    at = np.where(high, E, 2.0 * second)
    above = _density_above(at, (at - b) * (at + b), a, b, averaged)
    open_gap = low & (E > d)
    t = np.arccosh(np.where(open_gap, E, 2.0 * d) / d)
    below = np.where(open_gap, _density_below(t, a, b), 0.0) if averaged else 0.0
    return np.where(low, below, np.where(middle, between, above))


def _orientation_excess(s, s2, root):
    """(artanh(q)/q - 1)/s^2, q = s/root, root = sqrt(1 + s^2); by its series in q^2 where the difference cancels."""
    small = s2 < 0.003
    square = s2 / (root * root)
    near = 0.0
    for n in range(4, -1, -1):
        near = near * square + 1.0 / (2 * n + 3)
    s = np.where(small, 1.0, s)
    far = (np.arcsinh(s) * root / s - 1.0) / (s * s)
    return np.where(small, near / (root * root), far)


def _density_below(t, a, b):
    """Averaged density from d to hypot(d, a), at E = d cosh(t)."""
    return t * (b - a) / (a * b)


def _density_between(E, z, a, b, d, averaged):
    """Density from hypot(d, a) to hypot(d, b), at z^2 = E^2 - d^2 - a^2."""
    density = 0.5 * (np.log1p((z / a) ** 2) + np.log1p((z / d) ** 2)) / E
    if averaged:
        density = density + np.arcsinh(a / np.hypot(d, z)) / a - np.arcsinh(np.hypot(a, z) / d) / b
    return density


def _density_above(E, rest, a, b, averaged):
    """Density beyond hypot(d, b), at rest = E^2 - b^2."""
    gain = (b - a) * (b + a)
    density = (np.log(b / a) + 0.5 * np.log1p(gain / rest)) / E
    if averaged:
        density = density + np.arcsinh(a / np.sqrt(rest + gain)) / a - np.arcsinh(b / np.sqrt(rest)) / b
    return density


def _below(c, d, T, x, weights):
    """t, E = d cosh(t) from d to hypot(d, c), or as far as T reaches, and the measure dE."""
    t_max = np.arcsinh(np.minimum(c, np.sqrt(_reach(d, T))) / d)
    t = t_max * x
    return t, d * np.cosh(t), t_max * weights * d * np.sinh(t)


def _sinh_panel(end, scale, x, weights):
    """z = scale sinh(s) from 0 to `end`, linear below `scale` and logarithmic above, with its measure dz."""
    s_max = np.arcsinh(end / scale)
    s = s_max * x
    return scale * np.sinh(s), s_max * weights * scale * np.cosh(s)


def _reach(start, T):
    """E^2 - start^2 at the gap E = start + REACH T."""
    return REACH * T * (2.0 * start + REACH * T)


def _log_cosh_ratio(u, d, T):
    """ln [cosh(E/2T) / cosh(d/2T)] with E = hypot(d, u), of the order u^2 for small u."""
    lift = u**2 / (2.0 * T * (np.hypot(d, u) + d))
    boltzmann_factor = np.exp(-d / T)
    return lift + np.log1p(np.expm1(-2.0 * lift) * boltzmann_factor / (1.0 + boltzmann_factor))


def _cosh_sinh(t):
    """cosh and sinh of t >= 0, sinh to full relative accuracy: for c << d it is divided by c/d."""
    growth = np.expm1(t)
    shrink = growth / (1.0 + growth)
    return 1.0 + 0.5 * growth * shrink, 0.5 * (growth + shrink)


def _node_count(first, per_fold, ratio):
    """Nodes per panel that spans `ratio` logarithmically, for 3e-11."""
    count = first + per_fold * math.log(np.max(ratio, initial=3.0))
    return 4 * math.ceil(min(count, 64.0) / 4.0)
