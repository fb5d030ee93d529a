import pytest

from glasstunnel import Material
from glasstunnel.errors import ParameterError


def test_silica_has_the_relaxation_constant_of_its_sound_speeds():
    silica = Material(2200.0, 5800.0, 3800.0, 1.04, 0.65)
    assert abs(silica.elastic_constant() / 2.06e-8 - 1.0) < 5e-3
    assert 0.1 < silica.elastic_constant() / 5.3e-8 < 1.0  # 004 Table I, which reads s J^3 for s K^3


def test_relaxation_constant_goes_with_the_inverse_square_of_the_potentials():
    one = Material(2200.0, 5800.0, 3800.0, 1.0, 1.0).elastic_constant()
    assert abs(Material(2200.0, 5800.0, 3800.0, 2.0, 2.0).elastic_constant() / one - 0.25) < 1e-14


def test_density_must_be_positive():
    with pytest.raises(ParameterError, match="Material.density"):
        Material(-1.0, 5800.0, 3800.0, 1.04, 0.65)
