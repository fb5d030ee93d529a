"""Mass scaling of the cutoffs."""

import math

import pytest

from glasstunnel import AnomalousTunnelingSystems
from glasstunnel.echoes.flux.isotopes import substitute_mass
from glasstunnel.errors import ParameterError

LIGHT = AnomalousTunnelingSystems(1e20, 0.05, 100.0, 1e3, 1e4, theory="effective")


def test_deuterium_lowers_the_asymmetry_by_the_square_root_of_two():
    heavy = substitute_mass(LIGHT, 2.0, 0.0)
    assert heavy.asymmetry_min == pytest.approx(0.05 / math.sqrt(2))
    assert heavy.amplitude_area_max == pytest.approx(1e4 / math.sqrt(2))


def test_tunneling_falls_exponentially():
    heavy = substitute_mass(LIGHT, 2.0, 5.0)
    expected = 1e4 / math.sqrt(2) * math.exp(-5.0 * (math.sqrt(2) - 1))
    assert heavy.amplitude_area_max == pytest.approx(expected)


def test_substituting_back_gives_the_first_isotope():
    heavy = substitute_mass(LIGHT, 2.0, 5.0)
    back = substitute_mass(heavy, 0.5, 5.0 * math.sqrt(2.0))
    assert back.amplitude_area_min == pytest.approx(1e3) and back.asymmetry_max == pytest.approx(100.0)


@pytest.mark.parametrize("ratio, exponent", [(0.0, 1.0), (-1.0, 1.0), (2.0, -1.0), (math.nan, 1.0), ("2", 1.0)])
def test_impossible_masses_are_refused(ratio, exponent):
    with pytest.raises(ParameterError, match="substitute_mass"):
        substitute_mass(LIGHT, ratio, exponent)
