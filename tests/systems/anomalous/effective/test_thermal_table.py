"""The table of entropy and heat capacity against nested adaptive quadrature, and against the quadrature behind it."""

import dataclasses

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import qmc

from glasstunnel import AnomalousTunnelingSystems, entropy, heat_capacity
from glasstunnel.systems.anomalous.effective import integrals, thermal_table

SYSTEM = AnomalousTunnelingSystems(1.4e19, 0.0599, None, 8.87e4, 1.2e5, activation_energy=0.48, theory="effective")
BOTH = pytest.mark.parametrize("averaged", [True, False])
QUANTITIES = pytest.mark.parametrize("quantity", ["entropy", "heat_capacity"])


def per_system(quantity, E):
    """ln(2 cosh x) - x tanh x, or (x/cosh x)^2, with x = E/2."""
    if quantity == "entropy":
        return np.log1p(np.exp(-E)) + E / (np.exp(E) + 1.0)
    return E**2 * np.exp(-E) / (1.0 + np.exp(-E)) ** 2


def nested(quantity, p, low, high, averaged):
    """int dlnu W(u) int_p dlnD k, W the share of amplitudes that look like u: 1 between the two, or averaged over
    directions u (1/a - 1/b) below a and 1 - u/b up to b; both logarithms by `quad`."""

    def over_asymmetry(u):
        edge = np.hypot(p, u)

        def at(ln_d):
            return per_system(quantity, np.hypot(np.exp(ln_d), u)) * np.exp(edge)

        ends = np.log(p), np.log(np.sqrt((edge + 50.0) ** 2 - u**2))
        middle = np.clip(np.log(np.hypot(1.0, np.sqrt(u))), *ends)
        parts = [quad(at, *side, epsrel=1e-12, epsabs=0.0, limit=200)[0]
                 for side in ((ends[0], middle), (middle, ends[1])) if side[1] > side[0]]  # fmt: skip
        return np.exp(-edge) * sum(parts)

    def share(u):
        return u * (1.0 / low - 1.0 / high) if u < low else 1.0 - u / high

    def between(start, end, weight):
        return quad(lambda x: weight(np.exp(x)) * over_asymmetry(np.exp(x)), np.log(start), np.log(end),
                    epsrel=1e-11, epsabs=0.0, limit=200)[0]  # fmt: skip

    if not averaged:
        return between(low, high, lambda u: 1.0)
    scale = np.hypot(1.0, np.sqrt(p))
    edges = np.unique(np.clip([1e-13 * low, 0.1 * scale, scale, 4.0 * scale, 60.0 * scale], 1e-13 * low, low))
    below = sum(between(*pair, share) for pair in zip(edges[:-1], edges[1:], strict=True))
    return below + between(low, high, share)


@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")
@BOTH
@QUANTITIES
def test_table_is_the_nested_quadrature_at_random_places(quantity, averaged):
    random = np.random.default_rng(3)
    for _ in range(4):
        p, low = 10.0 ** random.uniform(-5.0, 1.9), 10.0 ** random.uniform(-4.5, 1.8)
        high = min(low * np.exp(random.uniform(0.01, 1.5)), low + 3.0)
        found = thermal_table.steps(quantity, np.array([p]), np.array([0]), *np.array([[low], [high]]), averaged)
        expected = nested(quantity, p, low, high, averaged)
        assert found.value[0] == pytest.approx(expected, rel=1e-9), (p, low, high)


@BOTH
@QUANTITIES
def test_table_is_the_quadrature_to_1e_9_all_over(quantity, averaged):
    places = qmc.Sobol(3, seed=7).random_base2(10)
    axes = thermal_table.ASYMMETRY, thermal_table.FIELD_ENERGY
    p, low = (np.exp(axis.low + (axis.high - axis.low) * x) for axis, x in zip(axes, places.T[:2], strict=True))
    high = low * np.exp(2.5 * places[:, 2] ** 2)
    kernel, ones = thermal_table.KERNELS[quantity], np.ones_like(p)
    found = thermal_table.steps(quantity, p, np.arange(p.size), low, high, averaged, slopes=True)
    value = integrals.thermal_integral(kernel, low, high, p, ones, averaged)
    np.testing.assert_allclose(found.value, value, rtol=1e-9)
    for slope, edge in ((found.at_low, low), (found.at_high, high)):
        np.testing.assert_allclose(slope, integrals.thermal_slope(kernel, edge, p, ones, averaged), rtol=1e-9)


@BOTH
@QUANTITIES
def test_slope_by_the_asymmetry_is_the_difference_of_values(quantity, averaged):
    p, low, high = np.geomspace(1e-4, 60.0, 40), np.geomspace(1e-3, 50.0, 40)[::-1], np.geomspace(2e-3, 51.0, 40)[::-1]
    step = 2e-3 / (1.0 + p)

    def at(factor):
        return thermal_table.steps(quantity, p * factor, np.arange(40), low, high, averaged).value

    found = thermal_table.steps(quantity, p, np.arange(40), low, high, averaged, slopes=True)
    near, far = (at(np.exp(k * step)) - at(np.exp(-k * step)) for k in (1, 2))
    slope = (8.0 * near - far) / (12.0 * step)
    assert np.max(np.abs(found.by_asymmetry - slope) / found.value) < 1e-7


def test_where_the_table_ends_the_quadrature_goes_on():
    """Colder and warmer than the table, amplitudes of many decades, and a field beyond it for one phase."""
    p, low = np.array([1e-6, 150.0, 0.1, 0.1]), np.array([0.1, 1.0, 1e-4, 150.0])
    high = np.array([0.2, 2.0, 1e3, 152.0])
    for averaged in (True, False):
        found = thermal_table.steps("entropy", p, np.arange(4), low, high, averaged)
        expected = integrals.thermal_integral(integrals.entropy_kernel, low, high, p, np.ones(4), averaged)
        np.testing.assert_allclose(found.value, expected, rtol=1e-9)


@pytest.mark.parametrize("options", [{}, {"orientation": "rms"}, {"asymmetry_max": 40.0}, {"area_spread": 0.3}])
@pytest.mark.parametrize("observable", [entropy, heat_capacity])
def test_curves_are_smooth_across_the_ends_of_the_table(observable, options):
    system = dataclasses.replace(SYSTEM, activation_energy=0.0, **options)
    T = system.asymmetry_min / np.linspace(95.0, 99.0, 41)
    logarithm = np.log(observable(system, T, 0.05))
    assert np.max(np.abs(np.diff(logarithm, 3))) < 3e-8
