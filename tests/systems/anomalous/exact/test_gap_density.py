"""Density of states of the exact theory: sum rule, two-level limit, sampling, brute force with a spread of areas."""

import dataclasses
import math

import numpy as np
import pytest
from scipy.special import ndtr

from glasstunnel import AnomalousTunnelingSystems, density_of_states
from glasstunnel.constants import flux_phase_per_area
from glasstunnel.numerics.few_level import ring_levels
from glasstunnel.numerics.quadrature import panels
from glasstunnel.systems.anomalous.exact.phases import phase_distribution

LOW, HIGH, SMALL, LARGE, FIELD = 0.05, 10.0, 2.0, 3.0, 50.0


def rings(low, high, small, large, flux_field=FIELD, **options):
    to_area = 1.0 / (flux_phase_per_area * flux_field)
    return AnomalousTunnelingSystems(1.0, low, high, small * to_area, large * to_area, flux_field=flux_field, **options)


SYSTEM = rings(LOW, HIGH, SMALL, LARGE)
#: A ln(Dmax/Dmin) ln(D0max/D0min): all systems.
ALL = 2.0 * math.pi * math.log(HIGH / LOW) * math.log(LARGE / SMALL)


@pytest.mark.parametrize("B", [0.0, 60.0, 300.0])
def test_states_are_conserved_when_the_field_is_switched_on(B):
    log_gap, weight = panels(np.log([0.01, 0.02, LOW, 0.1, *np.geomspace(0.2, 30.0, 40)]), 10)
    gap = np.exp(log_gap)
    assert weight @ (density_of_states(SYSTEM, gap, B) * gap) == pytest.approx(ALL, rel=2e-4)


@pytest.mark.slow
def test_spread_of_areas_conserves_states_too():
    log_gap = np.linspace(math.log(0.01), math.log(30.0), 400)
    gap = np.exp(log_gap)
    spread = rings(LOW, HIGH, SMALL, LARGE, area_spread=0.5)
    assert np.trapezoid(density_of_states(spread, gap, 40.0) * gap, log_gap) == pytest.approx(ALL, rel=2e-4)


def test_without_field_small_gaps_have_the_density_of_the_asymmetries():
    """E = D at zero field for D << D0: g = A ln(D0max/D0min) / E above D_min, nothing below."""
    gap = np.array([0.03, 0.049, 0.051, 0.06, 0.1])
    expected = np.where(gap > LOW, 2.0 * math.pi * math.log(LARGE / SMALL) / gap, 0.0)
    np.testing.assert_allclose(density_of_states(SYSTEM, gap, 0.0), expected, rtol=4e-4)


@pytest.mark.parametrize("B", [0.01, 0.05])
def test_small_asymmetry_and_phase_give_the_two_level_density(B):
    """Closed orientation average of 002 Eq. 13: g = (A/2E) [R(D0min phi) - R(D0max phi)]."""
    small, large = 500.0, 2000.0
    gap = np.array([0.1, 0.2, 0.3, 0.5, 0.8, 1.5, 3.0])

    def R(energy):
        with np.errstate(all="ignore"):
            below = 2.0 * gap / energy * np.arccosh(gap / LOW)
            ratio = (gap**2 - energy**2) * (gap**2 - LOW**2) / (energy * LOW) ** 2
            above = np.log(ratio) + 2.0 * gap / energy * np.arctanh(energy / gap)
        return np.where(gap < math.hypot(LOW, energy), below, above)

    expected = math.pi / gap * (R(small * B / FIELD) - R(large * B / FIELD))
    np.testing.assert_allclose(density_of_states(rings(LOW, None, small, large), gap, B), expected, rtol=1e-5)


def test_counts_agree_with_random_sampling():
    random = np.random.default_rng(5)
    count, B = 1_000_000, 60.0
    asymmetry = np.exp(random.uniform(math.log(LOW), math.log(HIGH), count))
    amplitude = np.exp(random.uniform(math.log(SMALL), math.log(LARGE), count))
    angle, direction = random.uniform(0.0, math.pi, count), random.uniform(0.0, 1.0, count)
    sampled = ring_levels(asymmetry, angle, amplitude, B / FIELD * direction).middle_gap
    edges = np.array([0.1, 0.3, 1.0, 2.0, 3.0, 5.0, 10.0])
    expected, _ = np.histogram(sampled, edges)
    gap, weight = panels(np.sort(np.concatenate([edges, 0.5 * (edges[1:] + edges[:-1])])), 20)
    share = (density_of_states(SYSTEM, gap, B) * weight).reshape(edges.size - 1, -1).sum(axis=1)
    found = share / ALL * count
    assert (np.abs(found - expected) < 4.0 * np.sqrt(expected)).all()


def test_density_is_even_in_the_field_and_broadcasts():
    gap, B = np.array([0.2, 1.0])[:, None], np.array([-3.0, 0.0, 3.0])
    found = density_of_states(SYSTEM, gap, B)
    assert found.shape == (2, 3)
    np.testing.assert_array_equal(found[:, 0], found[:, 2])


def brute_force(gap, B, spread, count):
    """Midpoints in ln(D/D0) and psi; the share of loops with a smaller phase than arccos(K - r cos psi) is closed."""
    small, large, b = (2e4 * 5.0 * flux_phase_per_area, 4e4 * 5.0 * flux_phase_per_area, B / 5.0)
    width = math.log(50.0 / small * large / 0.05) / count
    ratios = 0.05 / large * np.exp(width * (np.arange(count) + 0.5))
    psi = math.pi * (np.arange(count) + 0.5) / count
    grid = np.linspace(0.0, math.pi, 20001)

    def below(x):
        z = np.log(np.maximum(x, 1e-300) / b) / spread
        return ndtr(z) + x / b * math.exp(0.5 * spread**2) * ndtr(-z - spread)

    turns = 2.0 * math.pi * np.arange(1, math.ceil(b * math.exp(6.0 * spread) / (2.0 * math.pi)) + 2)
    share = below(grid) + sum(below(turn + grid) - below(turn - grid) for turn in turns)
    total = 0.0
    for t in ratios:
        s = t * t / 3.0
        ends = []
        for gamma in (gap * max(1.0 / large, t / 50.0), gap * min(1.0 / small, t / 0.05)):
            theta = 3.0 * math.asin(min(gamma / (3.0 * math.sqrt(1.0 + s)), 0.5 * math.sqrt(3.0)))
            cosine = math.cos(theta) * (1.0 + s) ** 1.5 - s**1.5 * np.cos(psi)
            ends.append(np.interp(np.arccos(np.clip(cosine, -1.0, 1.0)), grid, share))
        total += width * np.mean(ends[1] - ends[0])
    return 2.0 * math.pi * total / gap


@pytest.mark.parametrize("gap, spread", [(1.0, 0.3), (2.0, 1.0)])
def test_a_spread_of_areas_agrees_with_brute_force(gap, spread):
    systems = AnomalousTunnelingSystems(1.0, 0.05, 50.0, 2e4, 4e4, flux_field=5.0, theory="exact", area_spread=spread)
    assert density_of_states(systems, gap, 3.0) == pytest.approx(brute_force(gap, 3.0, spread, 2000), rel=2e-6)


@pytest.mark.parametrize("spread", [1.0, 2.0])
def test_a_wide_spread_is_the_mean_over_areas(spread):
    """Panels over ln A of the density at one area each, whose kinks leave a part in a thousand."""
    one = AnomalousTunnelingSystems(1.0, 0.05, 50.0, 2e4, 4e4, flux_field=5.0, theory="exact")
    wide = dataclasses.replace(one, area_spread=spread)
    x, weight = panels(np.linspace(-6.0, 6.0, 41), 3)
    weight = weight * np.exp(-0.5 * x**2)
    expected = weight @ density_of_states(one, 1.0, 3.0 * np.exp(spread * x)) / weight.sum()
    assert density_of_states(wide, 1.0, 3.0) == pytest.approx(expected, rel=1.5e-3)


@pytest.mark.parametrize(
    "b, spread", [(0.3, 0.0), (4.0, 0.0), (7.0, 0.0), (40.0, 0.0), (0.3, 0.05), (4.0, 0.4), (9.0, 2.0)]
)
def test_folded_phases_have_the_distribution_of_random_loops(b, spread):
    random = np.random.default_rng(3)
    phase = b * np.exp(spread * random.standard_normal(200_000)) * random.uniform(0.0, 1.0, 200_000)
    folded = np.abs((phase + math.pi) % (2.0 * math.pi) - math.pi)
    distribution = phase_distribution(b, spread)
    x = np.linspace(0.05, 3.1, 20)
    assert np.abs(distribution.below(x) - np.mean(folded[:, None] < x, axis=0)).max() < 5e-3
    share = distribution.below(x[x < min(b, math.pi) * 0.9])
    assert distribution.below(distribution.quantile(share)) == pytest.approx(share, abs=1e-9)
