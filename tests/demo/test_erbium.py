"""The erbium demo below 100 K: what an axial crystal field of one parameter does."""

import pytest

from glasstunnel.demo import erbium


@pytest.fixture(scope="module")
def fits():
    return {D: erbium._fit(10.0, "free", False, D) for D in (None, -3.0, 3.0)}


def test_an_easy_axis_takes_away_what_the_free_ion_leaves_and_an_easy_plane_does_not(fits):
    free, axis, plane = (result.chi2 / result.dof for result in fits.values())
    assert free > 100.0 and axis < 3.0 < 20.0 < plane


def test_chemistry_counts_the_ions_with_the_axial_field_too(fits):
    assert erbium._per_formula(fits[-3.0])[0] == pytest.approx(1.0, abs=0.02)
    assert erbium._splitting(fits[-3.0])[0] == pytest.approx(-3.04, abs=0.1)
