"""The joint average over directions, frequencies and asymmetries, against product rules."""

import dataclasses

import numpy as np
import pytest

from glasstunnel import NuclearQuadrupoles, nuclear_quadrupole_echo
from glasstunnel.echoes.nuclear.average import nuclear_factor

BORON = NuclearQuadrupoles("B-11", 8e5, 0.5, quadrupole_spread=0.3)


@pytest.mark.parametrize("field, orientations, nodes", [(0.0, 8, 81), (0.02, 300, 41), (0.3, 100, 41)])
def test_it_is_the_product_rule_within_its_tolerance(field, orientations, nodes):
    deviates = np.linspace(-5.0, 5.0, nodes)  # the trapezoidal rule is exact to rounding for a normal distribution
    product = nuclear_quadrupole_echo(
        "B-11", 8e5 * np.exp(0.3 * deviates), 0.5, field, 2e-6, weights=np.exp(-0.5 * deviates**2),
        orientations=orientations,
    )
    assert nuclear_factor(BORON, field, 2e-6) == pytest.approx(product, abs=1e-3)


def test_several_waiting_times_of_one_field_are_those_alone():
    fields, times = np.array([0.01, 0.01, 0.05]), np.array([1e-6, 3e-6, 1e-6])
    together = nuclear_factor(BORON, fields, times)
    alone = [nuclear_factor(BORON, B, tau) for B, tau in zip(fields, times, strict=True)]
    np.testing.assert_allclose(together, alone, atol=1e-3)


def test_a_stored_echo_without_storage_is_that_of_two_pulses():
    two, three = nuclear_factor(BORON, 0.02, 1e-6), nuclear_factor(BORON, 0.02, 1e-6, 0.0)
    assert three == pytest.approx(two, abs=1e-3)


def test_the_factor_is_smooth_in_its_parameters():
    def at(angle):
        return nuclear_factor(dataclasses.replace(BORON, axis_angle=angle), [0.0, 0.02, 0.1], 2e-6)

    fine, coarse = (at(0.5 + 1e-6) - at(0.5)) / 1e-6, (at(0.51) - at(0.49)) / 0.02
    np.testing.assert_allclose(fine, coarse, rtol=2e-3)


def test_the_fraction_enters_linearly():
    half = nuclear_factor(dataclasses.replace(BORON, fraction=0.5), 0.02, 2e-6)
    assert half == pytest.approx(0.5 + 0.5 * nuclear_factor(BORON, 0.02, 2e-6), rel=1e-14)
