"""Composition laws against the printed numbers of 004."""

import math

import numpy as np
import pytest
from scipy.optimize import least_squares

from glasstunnel.constants import debye
from glasstunnel.conversions import mixing
from glasstunnel.errors import ParameterError

# 004 Tables I and II: x, A_2LS, A_ATS (both 1e-5), B_ATS [1e-8 J/(g K)]; D_min = 0.87 K.
FRACTION = np.array([0.05, 0.08, 0.10, 0.20])
TWO_LEVEL = np.array([47.2, 104.1, 146.5, 158.5, 239.5])
ANOMALOUS = np.array([75.5, 130.0, 160.0, 281.9])
HEAT = {0.05: 22.77, 0.08: 36.44}


def test_two_level_prefactors_of_the_series_follow_the_surface_law():
    x = np.concatenate([[0.0], FRACTION])

    def residuals(parameters):
        return mixing.two_level_prefactor(x, *parameters) - TWO_LEVEL

    best = least_squares(residuals, (47.2, 700.0, 0.8))
    assert abs(best.x[2] - 0.81) < 0.03  # the f of 004
    assert np.max(np.abs(best.fun)) < 0.06 * 239.5


def test_anomalous_prefactors_of_the_series_are_linear():
    slope = (FRACTION @ ANOMALOUS) / (FRACTION @ FRACTION)
    deviation = mixing.anomalous_prefactor(FRACTION, slope) / ANOMALOUS - 1.0
    assert np.max(np.abs(deviation)) < 0.1


def test_molar_fraction_outside_zero_to_one_is_refused():
    with pytest.raises(ParameterError, match="between 0 and 1"):
        mixing.anomalous_prefactor(1.2, 1.0)


def test_dipole_of_the_mixed_glasses_is_not_the_printed_one():
    for x, heat in HEAT.items():
        dielectric = ANOMALOUS[list(FRACTION).index(x)] * 1e-5
        per_kilogram = heat * 1e-8 * 1e3
        for permittivity, low, high in ((4.0, 1.1, 1.3), (7.0, 1.5, 1.7)):
            p = mixing.dipole_from_prefactors(dielectric, per_kilogram, 2300.0, permittivity, 0.87) / debye
            assert low < p < high
        slip = mixing.dipole_from_prefactors(dielectric, per_kilogram * 1e3, 2300.0, 5.0, 0.87) / debye
        assert abs(slip / 0.045 - 1.0) < 0.12  # the 0.045 D of 004: a factor 1000 in B


def test_dipole_of_the_aluminosilicate_is_the_printed_one():
    # 004 Sec. V: A_ATS = 264.7e-5 and P* of 1.97e17 /cm3 (with the logarithm of the cutoffs), D_min 0.65 K.
    density = 1.97e23 / 2500.0
    p = mixing.dipole_from_density(264.7e-5 * 0.65, density, 2500.0, 5.5) / debye
    assert abs(p - 0.41) < 0.003


def test_both_ways_to_the_dipole_agree():
    # B_ATS = 2 pi P~ k_B per kilogram and A_ATS = C/D_min belong to the same density P~.
    density, strength, asymmetry = 1e20, 1e-5, 0.5
    heat = 2.0 * math.pi * density * 1.380649e-23
    one = mixing.dipole_from_prefactors(strength / asymmetry, heat, 2300.0, 5.0, asymmetry)
    assert abs(one / mixing.dipole_from_density(strength, density, 2300.0, 5.0) - 1.0) < 1e-12


@pytest.mark.parametrize(("function", "arguments", "match"), [
    (mixing.dipole_from_prefactors, (1.6e-3, 0.0, 2300.0, 5.0, 0.87), "heat_capacity must be positive"),
    (mixing.dipole_from_prefactors, (1.6e-3, 1e-3, 2300.0, 5.0, -0.87), "asymmetry_min must be positive"),
    (mixing.dipole_from_density, (1e-5, math.inf, 2300.0, 5.0), "density must be positive and finite"),
    (mixing.anomalous_prefactor, ("half", 2.0), "molar fraction x must be real numbers"),
])
def test_what_has_no_physical_answer_is_refused_in_one_sentence(function, arguments, match):
    with pytest.raises(ParameterError, match=match):
        function(*arguments)


def test_fractions_may_come_as_a_list():
    assert mixing.anomalous_prefactor([0.0, 0.5], 2.0).tolist() == [0.0, 1.0]
