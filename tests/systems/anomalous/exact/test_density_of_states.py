"""Density of states of the exact theory: sum rule, two-level limit, sampling."""

import math

import numpy as np
import pytest

from glasstunnel import AnomalousTunnelingSystems, density_of_states
from glasstunnel.constants import flux_phase_per_area
from glasstunnel.numerics.few_level import ring_levels

LOW, HIGH, SMALL, LARGE, FIELD = 0.05, 10.0, 2.0, 3.0, 50.0


def rings(low, high, small, large, flux_field=FIELD, **options):
    to_area = 1.0 / (flux_phase_per_area * flux_field)
    return AnomalousTunnelingSystems(1.0, low, high, small * to_area, large * to_area, flux_field=flux_field, **options)


SYSTEM = rings(LOW, HIGH, SMALL, LARGE)
#: A ln(Dmax/Dmin) ln(D0max/D0min): all systems.
ALL = 2.0 * math.pi * math.log(HIGH / LOW) * math.log(LARGE / SMALL)


@pytest.mark.parametrize("B", [0.0, 1.0, 60.0, 150.0, 300.0])
def test_states_are_conserved_when_the_field_is_switched_on(B):
    log_gap = np.linspace(math.log(0.01), math.log(30.0), 4000)
    gap = np.exp(log_gap)
    assert np.trapezoid(density_of_states(SYSTEM, gap, B) * gap, log_gap) == pytest.approx(ALL, rel=2e-4)


def test_spread_of_areas_conserves_states_too():
    log_gap = np.linspace(math.log(0.01), math.log(30.0), 2000)
    gap = np.exp(log_gap)
    spread = rings(LOW, HIGH, SMALL, LARGE, area_spread=0.5)
    assert np.trapezoid(density_of_states(spread, gap, 40.0) * gap, log_gap) == pytest.approx(ALL, rel=5e-4)


def test_without_field_small_gaps_have_the_density_of_the_asymmetries():
    """E = D at zero field for D << D0: g = A ln(D0max/D0min) / E above D_min, nothing below."""
    gap = np.array([0.03, 0.049, 0.051, 0.06, 0.1])
    expected = np.where(gap > LOW, 2.0 * math.pi * math.log(LARGE / SMALL) / gap, 0.0)
    np.testing.assert_allclose(density_of_states(SYSTEM, gap, 0.0), expected, rtol=1e-3)


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
    np.testing.assert_allclose(density_of_states(rings(LOW, None, small, large), gap, B), expected, rtol=1.5e-3)


def test_counts_agree_with_random_sampling():
    random = np.random.default_rng(5)
    count, B = 1_000_000, 60.0
    asymmetry = np.exp(random.uniform(math.log(LOW), math.log(HIGH), count))
    amplitude = np.exp(random.uniform(math.log(SMALL), math.log(LARGE), count))
    angle, direction = random.uniform(0.0, math.pi, count), random.uniform(0.0, 1.0, count)
    sampled = ring_levels(asymmetry, angle, amplitude, B / FIELD * direction).middle_gap
    edges = np.array([0.1, 0.3, 1.0, 2.0, 3.0, 5.0, 10.0])
    expected, _ = np.histogram(sampled, edges)
    gap = np.linspace(edges[0], edges[-1], 20001)
    density = density_of_states(SYSTEM, gap, B)
    running = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]) * np.diff(gap))])
    found = np.diff(np.interp(edges, gap, running)) / ALL * count
    assert (np.abs(found - expected) < 4.0 * np.sqrt(expected)).all()


def test_density_is_even_in_the_field_and_broadcasts():
    gap, B = np.array([0.2, 1.0])[:, None], np.array([-3.0, 0.0, 3.0])
    found = density_of_states(SYSTEM, gap, B)
    assert found.shape == (2, 3)
    np.testing.assert_array_equal(found[:, 0], found[:, 2])
