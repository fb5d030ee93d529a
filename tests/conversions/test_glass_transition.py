"""Glass transition against cooling rate: reference values, the equation itself, and the branch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import reference

from glasstunnel import ParameterError
from glasstunnel.conversions import glass_transition_slope, glass_transition_temperature, largest_cooling

REFERENCE = reference("conversions")["glass_transition"]
RATES = np.array([1e-13, 1e-12, 1e-11])


def test_transition_temperatures_have_their_reference_values():
    found = glass_transition_temperature(RATES, 1000.0, 1e4, 300.0)
    np.testing.assert_allclose(found, REFERENCE["temperatures"], rtol=1e-14)
    alone = glass_transition_temperature(1e-12, 1000.0, 2e4)
    np.testing.assert_allclose(alone, REFERENCE["temperature_without_interaction"], rtol=1e-14)


def test_slopes_and_the_largest_cooling_have_their_reference_values():
    slopes = glass_transition_slope(RATES, 1000.0, 1e4, 300.0)
    np.testing.assert_allclose(slopes, REFERENCE["slopes"], rtol=1e-12)
    np.testing.assert_allclose(largest_cooling(1000.0, 1e4, 300.0), REFERENCE["largest_cooling"], rtol=1e-11)


@given(st.floats(500.0, 3000.0), st.floats(0.0, 0.9), st.floats(1.0, 50.0), st.floats(-30.0, -0.01))
def test_the_solution_satisfies_the_equation_on_the_rising_branch(critical, fraction, strength, log_cooling):
    interaction, energy = fraction * critical, strength * critical
    cooling = largest_cooling(critical, energy, interaction) * np.exp(log_cooling)
    T = glass_transition_temperature(cooling, critical, energy, interaction)
    assert interaction < T < critical
    left, right = np.log((critical - T) / cooling), energy / (T - interaction)
    np.testing.assert_allclose(left, right, rtol=1e-11)
    assert glass_transition_slope(cooling, critical, energy, interaction) > 0.0


def test_the_slope_is_the_derivative_by_the_logarithm_of_the_cooling():
    step = 1e-4
    T = glass_transition_temperature(1e-12 * np.exp([-step, step]), 1000.0, 1e4, 300.0)
    np.testing.assert_allclose((T[1] - T[0]) / (2 * step), glass_transition_slope(1e-12, 1000.0, 1e4, 300.0), rtol=1e-7)


def test_too_fast_a_cooling_has_no_transition_and_says_what_would():
    with pytest.raises(ParameterError, match="must be at most 1.055e-05 K"):
        glass_transition_temperature(1.1e-5, 1000.0, 1e4, 300.0)
    edge = largest_cooling(1000.0, 1e4, 300.0)
    assert 300.0 < glass_transition_temperature(edge, 1000.0, 1e4, 300.0) < 1000.0


def test_an_interaction_temperature_above_the_critical_one_is_refused():
    with pytest.raises(ParameterError, match="must be below critical_temperature"):
        glass_transition_temperature(1e-12, 300.0, 1e4, 1000.0)
