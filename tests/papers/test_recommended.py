"""The recommended printed set per glass and observable."""

import pytest

from glasstunnel import heat_capacity, magnetization, permittivity, published, published_echo, thermal_conductivity
from glasstunnel.errors import ParameterError
from glasstunnel.papers import published_entry, recommendations, recommended

EVALUATED = {
    "magnetization": lambda glass: magnetization(glass, 4.5, 1.0),
    "heat_capacity": lambda glass: heat_capacity(glass, 0.9, 0.0),
    "permittivity": lambda glass: permittivity(glass, 0.05, 0.0, 1e3),
    "loss_tangent": lambda glass: permittivity(glass, 0.05, 0.0, 1e3).imag,
    "thermal_conductivity": lambda glass: thermal_conductivity(glass, 0.1, 0.0),
}


@pytest.mark.parametrize("row", recommendations(), ids=lambda row: f"{row.glass}-{row.observable}")
def test_a_recommended_set_is_of_that_glass_and_gives_that_observable(row):
    assert published_entry(row.id).glass == row.glass
    if row.observable == "echo":
        assert published_echo(row.id).glass["ats"].dipole_moment > 0.0
    else:
        assert abs(EVALUATED[row.observable](published(row.id))) > 0.0


def test_the_name_of_a_glass_gives_its_recommended_set_with_a_note():
    glass = published("BK7")
    assert glass["ats"] == published("001.T3.BK7.constH")["ats"]
    assert "001.T3.BK7.constH is the recommended set of BK7 for magnetization" in glass.notes[0]


def test_an_observable_chooses_among_the_sets_of_a_glass():
    assert published("BAS", observable="heat_capacity").name == "BAS (002.T2.BAS.Cp.T0.90K)"
    assert published("BAS", observable="magnetization", theory="exact")["ats"].theory == "exact"


def test_glasses_and_observables_without_a_set_are_refused_in_a_sentence():
    with pytest.raises(ParameterError, match="there are magnetization, permittivity, echo"):
        recommended("BK7", "heat_capacity")
    with pytest.raises(ParameterError, match="there are sets of BK7, Duran"):
        recommended("window glass")
    with pytest.raises(ParameterError, match="names a set already"):
        published("002.T14.BK7.M", observable="magnetization")
    with pytest.raises(ParameterError, match="published_echo"):
        published("BK7", observable="echo")
