"""What cannot be meant is refused in one sentence that names it, for every public record and observable."""

import dataclasses

import numpy as np
import pytest

from glasstunnel import (
    DebyePhonons,
    Glass,
    LarmorDiamagnetism,
    MagneticIons,
    ParameterError,
    SchottkyLevels,
    density_of_states,
    entropy,
    heat_capacity,
    magnetization,
    published,
    susceptibility,
)
from glasstunnel.papers import published_ids
from glasstunnel.plots import plot_curves
from glasstunnel.systems.parameters import parameter_table
from glasstunnel.systems.wells import two_level_gap

LARMOR = LarmorDiamagnetism(4e-3)


@pytest.mark.parametrize("observable", [magnetization, density_of_states])
@pytest.mark.parametrize("bad", ["a", None, 4.0 + 0j, True, [[1.0], [1.0, 2.0]], {}, [1.0, None]], ids=repr)
def test_conditions_that_are_no_real_numbers_are_named(observable, bad):
    for conditions, name in (((bad, 1.0), "temperature T|gap energy E"), ((1.0, bad), "flux density B")):
        with pytest.raises(ParameterError, match=f"({name}) must be real numbers, got"):
            observable(LARMOR, *conditions)


def test_conditions_that_do_not_broadcast_are_named_with_their_shapes():
    with pytest.raises(ParameterError, match=r"shape \(3,\).*shape \(2,\) do not broadcast"):
        magnetization(LARMOR, [1.0, 2.0, 3.0], [1.0, 2.0])


def test_whole_numbers_are_numbers():
    np.testing.assert_allclose(magnetization(LARMOR, 4, [1, 2]), [-4e-3, -8e-3])


@pytest.mark.parametrize("make, word", [
    (lambda: MagneticIons("Fe3+", 1e20, spin="a"), "spin"),
    (lambda: MagneticIons(["Fe3+"], 1e20), "species"),
    (lambda: SchottkyLevels(1.0, 5.0), "levels"),
    (lambda: SchottkyLevels(1.0, None), "levels"),
    (lambda: SchottkyLevels(1.0, (0.0, 1.0), degeneracies=2), "degeneracies"),
    (lambda: DebyePhonons.from_atoms(0, 1e25), "debye_temperature"),
    (lambda: DebyePhonons.from_atoms(300.0, "many"), "atoms_per_kilogram"),
    (lambda: Glass([1]), "contributions"),
    (lambda: Glass(None), "contributions"),
    (lambda: LarmorDiamagnetism(np.float64("nan")), "susceptibility"),
])  # fmt: skip
def test_a_record_that_cannot_be_meant_is_one_sentence_naming_the_field(make, word):
    with pytest.raises(ParameterError, match=word) as caught:
        make()
    assert "np.float64" not in str(caught.value) and "\n" not in str(caught.value)


def test_records_hold_plain_numbers_whatever_they_were_made_from():
    assert type(LarmorDiamagnetism(np.float64(4e-3)).susceptibility) is float
    assert "np." not in repr(dataclasses.replace(LARMOR, susceptibility=np.float32(0.5)))


@pytest.mark.parametrize("id", [id for id in published_ids() if id.startswith(("001.T3.", "002.T14", "004.TII"))])
def test_published_glasses_hold_plain_numbers(id):
    glass = published(id)
    for part in glass.contributions.values():
        numbers = [getattr(part, row.name) for row in parameter_table(part)]
        assert {type(number) for number in numbers} <= {float, int, type(None)}


@pytest.mark.parametrize("glass", [published("002.T14.BK7.M"), Glass({"fe": MagneticIons("Fe3+", 1e19)})], ids=str)
@pytest.mark.parametrize("observable", [magnetization, heat_capacity, entropy, susceptibility])
@pytest.mark.parametrize("T, B", [(4.0, 1e160), (4.0, -1e308), (1e-160, 1.0), (1e160, 1.0), (1e300, 1e300),
                                  (4.0, 1e90), (1e90, 1.0)])  # fmt: skip
def test_extreme_conditions_give_a_number_or_a_sentence(glass, observable, T, B):
    try:
        numbers = observable(glass, T, B)
    except ParameterError as error:
        assert "extreme" in str(error) or "beyond" in str(error)
    else:
        assert np.isfinite(numbers)


def test_a_gap_without_a_number_is_refused():
    with pytest.raises(ParameterError, match="tunneling_amplitude"):
        two_level_gap(0.3, float("nan"), 0.1)


def test_whole_numbers_and_lists_can_be_drawn():
    assert plot_curves(LARMOR, "magnetization", [1, 2, 3], [0.0]).lines
