"""Meaning of the fitted parameters: reference values and the papers' own numbers."""

import numpy as np
import pytest
from scipy.integrate import dblquad
from tests.reference import reference

from glasstunnel import ParameterError, two_level_gap
from glasstunnel.constants import bohr_magneton, boltzmann, elementary_charge, flux_phase_per_area, hbar
from glasstunnel.conversions import (
    charge_area,
    distribution_constant,
    flux_field,
    magnetic_moment_per_system,
    tunnelers_from_amplitude_area,
    tunnelers_from_area,
    tunneling_amplitude,
)

REFERENCE = reference("conversions")["moments"]


def test_the_phase_per_tesla_and_square_angstrom_has_its_reference_value():
    np.testing.assert_allclose(flux_phase_per_area, REFERENCE["phase_per_area"], rtol=1e-15)


@pytest.mark.parametrize("amplitude_area, moment", REFERENCE["rows"])
def test_moments_per_system_have_their_reference_values(amplitude_area, moment):
    np.testing.assert_allclose(magnetic_moment_per_system(amplitude_area), moment, rtol=1e-11)


def test_the_moment_is_half_the_slope_of_the_gap_in_the_field():
    """mu = (1/2) dE/dB for D = 0, where the two levels move by half the gap each."""
    amplitude_area, area = 1.3e5, 5e4
    field = np.array([0.9, 1.1])
    D0 = amplitude_area / area
    gap = two_level_gap(0.0, D0, flux_phase_per_area * area * field)
    slope = 0.5 * (gap[1] - gap[0]) / 0.2
    np.testing.assert_allclose(
        magnetic_moment_per_system(amplitude_area), slope * boltzmann / bohr_magneton, rtol=1e-13
    )


def test_flux_field_is_hbar_over_charge_and_area():
    area = 5e4
    np.testing.assert_allclose(flux_field(area), hbar / (elementary_charge * area * 1e-20), rtol=1e-14)
    np.testing.assert_allclose(charge_area(flux_field(area)), area, rtol=1e-15)


@pytest.mark.parametrize(
    "B_star, tunnelers", [(1.02, 170), (1.63, 134), (1.30, 150)], ids=["BAS", "Duran", "BK7"]
)
def test_published_flux_fields_mean_some_150_tunnelers(B_star, tunnelers):
    """002 Tables 10, 11 and 14 with A_q = 8 N^2 a0^2."""
    assert abs(tunnelers_from_area(charge_area(B_star)) - tunnelers) < 1.0


@pytest.mark.parametrize("amplitude_area, tunnelers", [(35.0, 25), (76.0, 32), (4.84e5, 600), (4.96e5, 605)])
def test_a_millikelvin_per_tunneler_means_25_to_600_of_them(amplitude_area, tunnelers):
    """004, below Eq. 43."""
    assert round(float(tunnelers_from_amplitude_area(amplitude_area))) == tunnelers


def test_both_ways_to_count_tunnelers_agree_when_their_amplitudes_add_up():
    """D0 = N Delta0 (004 Eq. 41) in both."""
    N, single = 200.0, 2e-3
    area = 8.0 * N**2 * 0.529177210544**2
    np.testing.assert_allclose(tunnelers_from_area(area), N, rtol=1e-14)
    np.testing.assert_allclose(tunnelers_from_amplitude_area(N * single * area, single), N, rtol=1e-14)


@pytest.mark.parametrize(
    "amplitude_area, B_star, low, high",
    [([1.31e5, 2.44e5], 1.02, 2.03, 3.78), ([2.0e5, 2.81e5], 1.63, 4.95, 6.96), ([8.87e4, 1.2e5], 1.30, 1.75, 2.37)],
    ids=["BAS", "Duran", "BK7"],
)
def test_amplitudes_of_published_sets_are_a_few_kelvin(amplitude_area, B_star, low, high):
    """002 Tables 10, 11 and 14: where the fits to 300 K violate T << D0."""
    np.testing.assert_allclose(tunneling_amplitude(amplitude_area, B_star), [low, high], rtol=0.003)


def test_the_distribution_constant_normalizes_the_distribution():
    """Integral of 2 pi P*/(D D0) over the rectangle of cutoffs is 1."""
    constant = distribution_constant(0.03, 100.0, 2.0, 3.0)
    total, _ = dblquad(lambda D0, D: 2 * np.pi * constant / (D * D0), 0.03, 100.0, 2.0, 3.0)
    np.testing.assert_allclose(total, 1.0, rtol=1e-8)


def test_reversed_cutoffs_and_bad_numbers_are_refused():
    with pytest.raises(ParameterError, match="lower cutoff must be below"):
        distribution_constant(1.0, 0.5, 2.0, 3.0)
    with pytest.raises(ParameterError, match="area must be positive and finite, got 0.0"):
        flux_field(0.0)
