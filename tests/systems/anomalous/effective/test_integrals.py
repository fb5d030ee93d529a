"""Integrals over doublets against benchmarks by mpmath, sampled doublets and integrals done the long way."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from glasstunnel.systems.anomalous.effective.integrals import (
    doublet_density,
    field_response,
    field_response_at_edge,
    ground_state_lowering,
    thermal_integral,
    thermal_integral_at_edge,
    thermal_slope,
)


def logarithmic_rule(low, high):
    """Nodes and weights of an integral over a logarithm, several panels per decade."""
    edges = np.linspace(math.log(low), math.log(high), 2 + int(2.0 * math.log(high / low)))
    x, w = np.polynomial.legendre.leggauss(16)
    nodes = np.exp(edges[:-1, None] + np.diff(edges)[:, None] * 0.5 * (x + 1.0))
    return nodes.ravel(), (np.diff(edges)[:, None] * 0.5 * w).ravel()


def directions(averaged, smallest=1e-13):
    """x and weights of the mean over x from 0 to 1, or the one direction x = 1."""
    if not averaged:
        return np.ones(1), np.ones(1)
    x, weight = logarithmic_rule(smallest, 1.0)
    return x, weight * x


def lowering(D, u, T):
    """T ln [cosh(E/2T)/cosh(D/2T)] at E = hypot(D, u)."""
    E, D = np.broadcast_arrays(np.hypot(D, u), D)
    lift = 0.5 * u**2 / (E + D)
    hot = D + E < 60.0 * T
    # cosh A - cosh B = 2 sinh((A + B)/2) sinh((A - B)/2)
    mean = np.where(hot, (E + D) / (4.0 * T), 0.0)
    ratio = 2.0 * np.sinh(mean) * np.sinh(np.where(hot, lift / (2.0 * T), 0.0)) / np.cosh(np.where(hot, D, 0.0) / 2 / T)
    cold = lift + T * (np.log1p(np.exp(-E / T)) - np.log1p(np.exp(-D / T)))
    return np.where(hot, T * np.log1p(ratio), cold)


def heat(s):
    """(s/cosh s)^2."""
    factor = np.exp(-2.0 * s)
    return 4.0 * factor * (s / (1.0 + factor)) ** 2


#: c/d and T/d: cold and hot, weak and strong phase.
RATIOS = [(0.03, 0.02), (0.5, 3.0), (200.0, 0.1), (3e4, 20.0), (10.0, 1e5), (1e5, 1e5)]


@pytest.mark.parametrize("averaged", [False, True])
@pytest.mark.parametrize("c, T", RATIOS)
def test_field_response_agrees_with_its_definition_at_extreme_ratios(c, T, averaged):
    x, share = directions(averaged)
    D, measure = logarithmic_rule(1.0, 1e13 * max(c, T, 1.0))
    expected = np.sum(measure[:, None] * share * lowering(D[:, None], c * x, T))
    value, slope = field_response(c, 1.0, T, averaged)
    assert value == pytest.approx(expected, rel=3e-9 if c < 0.1 else 1e-10)
    E = np.hypot(D[:, None], c * x)
    assert slope == pytest.approx(
        np.sum(measure[:, None] * share * 0.5 * np.tanh(E / (2.0 * T)) * (c * x) ** 2 / E), rel=1e-10
    )
    assert field_response_at_edge(c, 1.0, T, averaged) == pytest.approx(
        np.sum(share * lowering(1.0, c * x, T)), rel=1e-9
    )


@pytest.mark.slow
@pytest.mark.parametrize("averaged", [False, True])
@pytest.mark.parametrize("a, T", RATIOS)
def test_thermal_integral_agrees_with_its_definition_at_extreme_ratios(a, T, averaged):
    b = 3.0 * a
    x, share = directions(averaged)
    D, measure = logarithmic_rule(1.0, 1.0 + 50.0 * T)
    u, step = logarithmic_rule(a, b)
    E = np.hypot(D[:, None, None], u[:, None] * x)
    expected = np.einsum("i,j,k,ijk", measure, step, share, heat(E / (2.0 * T)))
    assert thermal_integral(heat, a, b, 1.0, T, averaged) == pytest.approx(expected, rel=1e-8, abs=1e-200)
    assert thermal_slope(heat, b, 1.0, T, averaged) == pytest.approx(
        np.einsum("i,k,ik", measure, share, heat(np.hypot(D[:, None], b * x) / (2.0 * T))), rel=1e-8, abs=1e-200
    )
    assert thermal_integral_at_edge(heat, a, b, 1.0, T, averaged) == pytest.approx(
        np.einsum("j,k,jk", step, share, heat(np.hypot(1.0, u[:, None] * x) / (2.0 * T))), rel=1e-8, abs=1e-200
    )


@pytest.mark.slow
@pytest.mark.parametrize("averaged", [False, True])
@pytest.mark.parametrize("c", [1e-4, 0.21, 0.24, 1e3])
def test_ground_state_lowering_agrees_with_its_definition(c, averaged):
    x, share = directions(averaged, smallest=1e-4)
    u, step = logarithmic_rule(1e-6 * c, c)
    D, measure = logarithmic_rule(1.0, 1e13 * max(c, 1.0))
    effective = (u[:, None] * x).ravel()
    weights = (step[:, None] * share).ravel()
    inner = np.array([np.sum(measure * 0.5 * v**2 / (np.hypot(D, v) + D)) for v in effective])
    assert ground_state_lowering(c, 1.0, averaged) == pytest.approx(np.sum(weights * inner), rel=1e-10)


def test_response_at_one_phase_of_the_benchmark_population():
    (high, _), (low, _) = (field_response(c, 0.05, 2.0, averaged=False) for c in (3.0, 1.0))
    def moment(u):
        """u dV/du = int dD/D u^2 tanh(E/2T)/2E."""
        def integrand(t):
            E = math.hypot(0.05 * math.exp(t), u)
            return 0.5 * u**2 / E * math.tanh(E / 4.0)

        return quad(integrand, 0.0, 40.0, points=[2.0, 4.0, 6.0], limit=200, epsabs=1e-13, epsrel=1e-13)[0]

    exact = quad(lambda y: moment(math.exp(y)), 0.0, math.log(3.0), epsabs=1e-12)[0]
    assert high - low == pytest.approx(exact, rel=1e-10)


def test_density_of_doublets_at_one_phase_of_the_benchmark_population():
    """The measure dD/D du/u at a gap E is dv/2E with v = ln(u^2/D^2): u from 0.2 to 0.5, D from 0.1."""
    density = doublet_density(np.array([0.1, 0.3, 0.8]), 0.1, 0.2, 0.5)
    inside = math.log((0.09 - 0.01) / 0.01) - math.log(0.04 / (0.09 - 0.04))
    above = math.log(0.25 / (0.64 - 0.25)) - math.log(0.04 / (0.64 - 0.04))
    np.testing.assert_allclose(density, [0.0, inside / 0.6, above / 1.6], rtol=1e-13)


@pytest.mark.parametrize("averaged", [False, True])
def test_density_agrees_with_a_count_of_sampled_doublets(averaged):
    rng = np.random.default_rng(7)
    count = 2_000_000
    D = 0.1 * 40.0 ** rng.random(count)
    u = 0.3 * 5.0 ** rng.random(count) * (rng.random(count) if averaged else 1.0)
    edges = np.array([0.101, 0.2, 0.33, 0.6, 1.2, 1.6, 2.5])
    found = np.histogram(np.hypot(D, u), edges)[0] / count * math.log(40.0) * math.log(5.0)
    for low, high, number in zip(edges[:-1], edges[1:], found, strict=True):
        expected = quad(
            lambda E: float(doublet_density(E, 0.1, 0.3, 1.5, averaged)), low, high,
            points=[point for point in (math.hypot(0.1, 0.3), math.hypot(0.1, 1.5)) if low < point < high] or None,
        )[0]
        error = math.sqrt(max(number, 1e-5) / count * math.log(40.0) * math.log(5.0))
        assert abs(number - expected) < 4.5 * error
