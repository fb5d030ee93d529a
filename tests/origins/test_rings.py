"""Rings of wells, closed forms of four wells, the two-well minimal system."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import reference

from glasstunnel.errors import ParameterError
from glasstunnel.origins import (
    four_well_closed_form,
    four_well_error,
    odd_ring_doublet,
    printed_ring_strength,
    ring_doublet,
    ring_spectrum,
    two_well_density_of_states,
)
from glasstunnel.systems.wells import four_well_levels, three_well_levels

SQUARE = reference("levels")["four_wells"]
Q1 = [0.01, -0.02, 0.015, -0.005]


def test_three_wells_have_the_levels_of_the_closed_form():
    E = np.array([0.3, -0.1, -0.2])
    np.testing.assert_allclose(ring_spectrum(E, 1.0, 0.7)[0], three_well_levels(E, 1.0, 0.7), atol=1e-12)


@pytest.mark.parametrize("count", [3, 5, 7])
@given(phase=st.floats(0.002, 0.02), seed=st.integers(0, 1000))
def test_the_doublet_of_an_odd_ring_has_closed_form(count, phase, seed):
    E = 1e-3 * np.random.default_rng(seed).normal(size=count)
    E -= E.mean()
    exact, closed = ring_doublet(E, 1.0, phase), odd_ring_doublet(E, 1.0, phase)
    assert closed.gap == pytest.approx(exact.gap, rel=5e-3, abs=1e-6)
    assert closed.strength == pytest.approx(exact.strength, abs=1e-2)


def test_the_printed_weight_is_right_for_three_wells_only():
    E3 = 1e-5 * np.array([1.0, 0.4, -1.4])
    three = odd_ring_doublet(E3, 1.0, 0.0)
    assert printed_ring_strength(3, three.gap, 0.0) == pytest.approx(three.strength)
    five = ring_doublet(1e-5 * np.array([1.0, 0.4, -1.4, 0.3, -0.3]), 1.0, 0.0)
    # in units p^2/3 for the mean over directions: 3.75 printed, 1.5 true
    assert 6.0 * five.strength == pytest.approx(1.5, rel=1e-3)
    assert 6.0 * printed_ring_strength(5, five.gap, 0.0) == pytest.approx(3.75)


def test_the_raw_width_is_the_rescaled_amplitude_times_the_phase():
    doublet = odd_ring_doublet([1e-9, 0.0, -1e-9], math.sqrt(3.0) / 2.0, 1e-3)
    assert doublet.gap == pytest.approx(1e-3, rel=1e-5)  # D0 phi with D0 = (2/sqrt3) raw


def test_printed_forms_of_four_wells_and_their_errors():
    closed = four_well_closed_form(Q1, 1.0, 0.4, "sides")
    np.testing.assert_allclose(closed, SQUARE["printed_sides"], rtol=1e-12)
    np.testing.assert_allclose(four_well_levels(Q1, 1.0, 0.0, 0.4), SQUARE["rows"][0][2:], rtol=1e-12)
    assert 1e-8 < four_well_error(Q1, 1.0, 0.4, "sides") < 1e-6
    assert four_well_error(Q1, 1.0, 0.4, "pairs") < 1e-14
    assert four_well_error(Q1, 1.0, 1.3, "diagonals") < 0.02
    with_larger = [four_well_error(np.array(Q1) * scale, 1.0, 0.4, "sides") for scale in (1.0, 4.0)]
    assert with_larger[1] > 3.0 * with_larger[0]


@pytest.mark.parametrize("call,sentence", [
    (lambda: ring_spectrum([0.0, 0.0], 1.0, 0.0), "three or more"),
    (lambda: odd_ring_doublet([0.0] * 4, 1.0, 0.1), "odd number"),
    (lambda: odd_ring_doublet([0.1, 0.0, -0.1], -1.0, 0.1), "amplitude > 0"),
    (lambda: odd_ring_doublet([0.0] * 3, 1.0, 0.0), "exact doublet"),
    (lambda: four_well_closed_form([1.0, 0.0, 0.0, 0.0], 1.0, 0.0, "sides"), "sum to zero"),
    (lambda: four_well_closed_form(Q1, 1.0, 0.0, "corners"), "limit must be"),
    (lambda: two_well_density_of_states(1.0, 0.1, 0.5, 0.2), "ascending"),
])  # fmt: skip
def test_bad_input_ends_in_a_sentence(call, sentence):
    with pytest.raises(ParameterError, match=sentence):
        call()


def test_the_two_well_minimal_system_has_the_density_of_the_three_well_one():
    assert two_well_density_of_states(0.8, 0.1, 0.2, 0.5) == pytest.approx(2.00055, abs=6e-6)
    # by sampling the measure sqrt2 dln Delta dln Delta0 of E1 = -E2 = Delta/2, Delta0 = 2 D0
    rng = np.random.default_rng(5)
    asymmetry = 0.1 * np.exp(rng.uniform(0.0, math.log(20.0), 400_000))
    amplitude = 0.2 * np.exp(rng.uniform(0.0, math.log(2.5), 400_000))
    inside = np.abs(np.hypot(asymmetry, amplitude) - 0.8) < 0.02
    sampled = math.sqrt(2.0) * math.log(20.0) * math.log(2.5) * inside.mean() / 0.04
    assert sampled == pytest.approx(two_well_density_of_states(0.8, 0.1, 0.2, 0.5), rel=0.02)
    assert two_well_density_of_states(0.2, 0.1, 0.2, 0.5) == 0.0
