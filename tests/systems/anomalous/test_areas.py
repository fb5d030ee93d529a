"""Mean over the areas of the flux loops: convolution with a normal distribution, kinks and all."""

import dataclasses
import math

import numpy as np
import pytest

from glasstunnel import AnomalousTunnelingSystems, density_of_states, loss_tangent, permittivity
from glasstunnel.constants import flux_phase_per_area
from glasstunnel.systems.anomalous.areas import area_rule, mean_over_areas

SYSTEMS = AnomalousTunnelingSystems(None, 0.03, None, 3e4, 6e4, theory="effective", dielectric_strength=1.0)
DOUBLETS = AnomalousTunnelingSystems(1.0, 0.05, None, 2e4, 4e4, theory="effective")


def over_areas(function, field, spread, count=4001, reach=7.0):
    """Brute force: equal steps in ln A."""
    x = np.linspace(-reach, reach, count)
    weight = np.exp(-0.5 * x**2)
    return (weight @ function(field * np.exp(spread * x))) / weight.sum()


@pytest.mark.parametrize(
    "spread, field, expected", [(0.3, 0.3, 5.0554), (0.5, 0.6, 5.4491), (1.0, 0.1, 2.9960), (2.0, 1.0, 2.7438)]
)
def test_loss_at_gigahertz_follows_the_kinks_through_a_spread_of_areas(spread, field, expected):
    """The numbers were found by an independent adaptive quadrature over the areas."""
    found = loss_tangent(dataclasses.replace(SYSTEMS, area_spread=spread), 0.05, field, 5e9)
    assert found == pytest.approx(expected, abs=6e-5)


def test_response_at_gigahertz_agrees_with_a_dense_sum_over_the_areas():
    wide = dataclasses.replace(SYSTEMS, area_spread=0.5)
    brute = over_areas(lambda fields: permittivity(SYSTEMS, 0.05, fields, 5e9), 0.6, 0.5, count=3001)
    assert abs(permittivity(wide, 0.05, 0.6, 5e9) / brute - 1.0) < 1e-7


@pytest.mark.parametrize("options", [{}, {"asymmetry_max": 0.8}, {"flux_field": 40.0, "higher_field": True}])
def test_density_of_states_agrees_with_a_dense_sum_over_the_areas(options):
    one = dataclasses.replace(DOUBLETS, **options)
    wide = dataclasses.replace(one, area_spread=0.5)
    for gap in (0.3, 1.0):
        brute = over_areas(lambda fields, gap=gap: density_of_states(one, gap, fields), 1.0, 0.5, reach=6.5)
        assert density_of_states(wide, gap, 1.0) == pytest.approx(brute, rel=1e-7)


def test_density_of_states_of_the_mean_loop_has_logarithms_that_are_followed():
    one = dataclasses.replace(DOUBLETS, orientation="rms")
    brute = over_areas(lambda fields: density_of_states(one, 1.0, fields), 1.0, 0.5, count=40001)
    assert density_of_states(dataclasses.replace(one, area_spread=0.5), 1.0, 1.0) == pytest.approx(brute, rel=1e-6)


@pytest.mark.parametrize("spread", [0.01, 0.3, 2.0])
def test_a_step_in_the_field_becomes_a_normal_distribution(spread):
    """<theta(B A - 1)> = Phi(ln B/spread)."""
    fields = np.exp(spread * np.array([-2.0, -0.3, 0.0, 1.0, 2.5]))
    found = mean_over_areas(lambda B: np.where(B > 1.0, 1.0, 0.0), fields, spread, kinks=[1.0])
    expected = [0.5 * math.erfc(-math.log(field) / spread / math.sqrt(2.0)) for field in fields]
    assert found == pytest.approx(expected, abs=1e-9)


def test_fields_far_apart_and_zero_field_are_averaged_each_for_itself():
    found = mean_over_areas(lambda B: 1.0 / (1.0 + B**2), np.array([0.0, -1e-3, 1e3]), 0.4)
    assert found[0] == 1.0
    for value, field in zip(found[1:], (1e-3, 1e3), strict=True):
        assert value == pytest.approx(over_areas(lambda B: 1.0 / (1.0 + B**2), field, 0.4, reach=12.0), rel=1e-9)


@pytest.mark.parametrize("power", [-2, -1, 1, 2])
@pytest.mark.parametrize("spread", [0.3, 1.0, 2.0])
def test_powers_have_their_moments_at_every_field_of_a_set(power, spread):
    """<(B A)^n> = B^n exp(n^2 spread^2/2), however the fields share their nodes."""
    fields = np.array([0.01, 0.03, 2.0, 700.0])
    expected = fields**power * math.exp(0.5 * (power * spread) ** 2)
    np.testing.assert_allclose(mean_over_areas(lambda B: B**power, fields, spread), expected, rtol=1e-9)


@pytest.mark.parametrize("spread", [0.0, 0.2, 2.0])
def test_the_rule_for_smooth_responses_has_the_moments_of_the_distribution(spread):
    area, weight = area_rule(spread)
    for power in (0, 1, 2):
        assert weight @ area**power == pytest.approx(math.exp(0.5 * (power * spread) ** 2), rel=1e-12)


def test_the_same_response_at_all_fields_is_its_own_mean():
    scale = flux_phase_per_area * SYSTEMS.amplitude_area_max
    assert mean_over_areas(lambda B: scale + 0.0 * B, np.array([0.1, 3.0]), 1.0) == pytest.approx(scale, rel=1e-14)
