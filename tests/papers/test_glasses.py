"""Published glasses against the benchmark numbers of their formulas, computed elsewhere by independent quadrature."""

import dataclasses
import math

import mpmath
import numpy as np
import pytest
from tests.reference import reference

from glasstunnel import (
    MagneticIons,
    ParameterError,
    entropy,
    free_energy,
    heat_capacity,
    magnetization,
    published,
    susceptibility,
)
from glasstunnel.constants import boltzmann, flux_phase_per_area
from glasstunnel.papers import published_entry, published_ids

GLASSES = [id for id in published_ids() if id.startswith(
    ("000.T1.", "000.T2.", "001.T3.", "001.T4.", "001.T3T4.", "002.T2.", "002.T4.", "002.T10.", "002.T11.", "002.T14.",
     "004.TII.")
)]
DIELECTRIC = ("002.T5.", "002.T6.", "002.T7.", "004.TI.")  # in test_dielectric.py
ACOUSTIC = "acoustics."  # in test_acoustics.py
OTHERS = [id for id in published_ids() if id not in GLASSES and not id.startswith((*DIELECTRIC, ACOUSTIC))]


@pytest.mark.parametrize("id", GLASSES)
def test_every_observable_of_every_glass_works_over_the_measured_range(id):
    glass = published(id)
    T, B = np.meshgrid([2.0, 4.5, 20.0, 77.0, 300.0], [0.0, 0.05, 1.0, 3.0, 7.0])
    for observable in (free_energy, entropy, heat_capacity, magnetization, susceptibility):
        assert np.all(np.isfinite(observable(glass, T, B)))
    assert np.all(heat_capacity(glass, T, B) >= 0.0)


@pytest.mark.parametrize("id", GLASSES)
def test_every_glass_says_where_it_comes_from_and_what_is_doubtful(id):
    glass = published(id)
    assert id in glass.name and "Table" in glass.source and glass.notes


@pytest.mark.parametrize("id", OTHERS)
def test_an_entry_that_is_no_glass_says_what_it_is(id):
    with pytest.raises(ParameterError, match=f"{id.replace('.', '[.]')}.*does not describe a glass"):
        published(id)


def test_unknown_id_is_refused_with_the_nearest_ones():
    with pytest.raises(ParameterError, match="did you mean 002.T14.BK7.M"):
        published("002.T14.BK7")


# Magnetization of the anomalous systems with phi -> phi/sqrt(3), derived prefactor pi/2, 2 T, 4.5 K, in emu/g, and
# initial susceptibility (2 pi^3/3 form) in emu/(g Oe): double quadrature of 002 Eq. 93 and 001 Eq. 12.
DOUBLETS = reference("anomalous_doublets")
BK7 = {"001.T3.BK7.constH": "001 T3", "001.T4.BK7.constT": "001 T4", "002.T14.BK7.M": "002 T14"}


@pytest.mark.parametrize("id", BK7)
def test_anomalous_part_matches_the_quadrature_of_the_papers_formula(id):
    moment = dict(DOUBLETS["magnetization"]["rms"])[BK7[id]]
    initial = dict(DOUBLETS["susceptibility"]["rows"])[BK7[id]]
    printed = published(id)["ats"]
    derived = dataclasses.replace(printed, prefactor="consistent")
    assert magnetization(derived, 4.5, 2.0) == pytest.approx(moment, rel=1e-10)
    assert magnetization(printed, 4.5, 2.0) == pytest.approx(2.0 * moment, rel=1e-10)
    assert susceptibility(derived, 4.5, 0.0) == pytest.approx(1e4 * initial, rel=1e-10)


def ended(ats, upper_amplitude):
    """The same systems with the upper cutoff of the reference values, 300 D0max, at 4.5 K."""
    ratio = math.exp(ats.activation_energy * (1.0 / 1.26 - 1.0 / 4.5))
    return dataclasses.replace(ats, asymmetry_max=300.0 * upper_amplitude / ratio)


@pytest.mark.parametrize("id, B, upper_amplitude, moment", [
    ("001.T3.BK7.constH", 0.05, 6.93, 2.81975e-5), ("001.T3.BK7.constH", 2.0, 6.93, 8.13192e-4),
    ("001.T3.BK7.constH", 6.5, 6.93, 1.17552e-3), ("001.T4.BK7.constT", 2.0, 6.06, 3.33529e-4),
])
def test_consistent_convention_is_the_exact_orientation_average(id, B, upper_amplitude, moment):
    ats = published(id, convention="consistent")["ats"]
    assert magnetization(ended(ats, upper_amplitude), 4.5, B) == pytest.approx(moment, rel=1e-5)


@pytest.mark.parametrize("table, flux_field, fields, moments", reference("three_levels")["glasses"]["rows"])
def test_exact_theory_matches_diagonalization_and_changes_sign(table, flux_field, fields, moments):
    id = {"001 T3": "001.T3.BK7.constH", "001 T4": "001.T4.BK7.constT"}[table]
    ats = published(id, theory="exact", flux_field=flux_field)["ats"]
    growth = np.exp(ats.activation_energy * (1.0 / ats.reference_temperature - 1.0 / 4.5))
    largest = ats.amplitude_area_max * flux_phase_per_area * flux_field * growth
    np.testing.assert_allclose(magnetization(ended(ats, max(4.5, largest)), 4.5, fields), moments, rtol=1e-8)


def test_units_per_gram_become_units_per_kilogram():
    glass = published("001.T3.BK7.constH")
    assert glass["fe2"].concentration == pytest.approx(1.099e20, rel=1e-14)
    assert glass["fe3"].concentration == pytest.approx(5.99e19, rel=1e-14)
    assert glass["larmor"].susceptibility == pytest.approx(4.227e-3, rel=1e-14)
    assert glass["ats"].density == pytest.approx(1.352e19, rel=1e-14)


def test_vertical_offset_becomes_a_susceptibility_at_the_field_of_the_run():
    full, rounded = published("002.T14.BK7.M"), published("001.T3T4.BK7.sample2000")
    assert full["larmor"].susceptibility == pytest.approx(rounded["larmor"].susceptibility, rel=1e-12)
    duran = published("002.T11.Duran.M")
    assert duran["larmor"].susceptibility * 5.0 == pytest.approx(1.97e-2, rel=1e-12)


def test_anomalous_part_of_duran_is_the_largest_part_of_its_heat_capacity_and_magnetization():
    heat, moment = published("002.T4.Duran.Cp.T1.23K"), published("002.T11.Duran.M")
    iron = heat_capacity(heat["fe2"], 1.23, 0.5) + heat_capacity(heat["fe3"], 1.23, 0.5)
    assert heat_capacity(heat["ats"], 1.23, 0.5) > iron
    iron = magnetization(moment["fe2"], 20.0, 5.0) + magnetization(moment["fe3"], 20.0, 5.0)
    assert magnetization(moment["ats"], 20.0, 5.0) > iron


@pytest.mark.parametrize("T", [0.2, 1.0, 5.0])
@pytest.mark.parametrize("id", ["004.TII.SiO2", "004.TII.x0.05", "004.TII.x0.20"])
def test_alkali_silicate_heat_capacity_is_the_printed_sum(id, T):
    values = published_entry(id).values
    expected = values["B_ph_J_per_g_K4"] * T**3 + values["B_2LS_J_per_g_K2"] * T
    if "x_j_ppm" in values:
        x = 0.87 / (2.0 * T)
        expected += values["B_ATS_J_per_g_K"] * (math.log(2.0 * math.cosh(x)) - x * math.tanh(x))
        x_K2O = published_entry(id).conditions["x_K2O"]
        centers = values["x_j_ppm"] * 1e-6 * 6.02214076e23 / (60.084 * (1 - x_K2O) + 94.196 * x_K2O)
        expected += centers * boltzmann * float(mpmath.quad(
            lambda v: 25 * v**4 / (16 * T**2 * 0.42**3) * mpmath.exp(-2 * v / 0.42) / mpmath.cosh(5 * v / (8 * T)) ** 2,
            [0, 0.2, 1, 5, 40],
        ))
    assert heat_capacity(published(id), T, 0.0) == pytest.approx(1e3 * expected, rel=2e-5)


def test_exact_theory_without_a_printed_flux_field_asks_for_one():
    with pytest.raises(ParameterError, match="prints no B[*].*flux_field="):
        published("001.T3.BK7.constH", theory="exact")
    assert published("001.T3.BK7.constH", theory="exact", flux_field=2.0)["ats"].flux_field == 2.0
    assert published("002.T14.BK7.M", theory="exact")["ats"].flux_field == 1.30


def test_unknown_theory_or_convention_is_refused():
    with pytest.raises(ParameterError, match="theory must be"):
        published("002.T14.BK7.M", theory="three-level")
    with pytest.raises(ParameterError, match="convention"):
        published("002.T14.BK7.M", convention="mine")
    with pytest.raises(ParameterError, match="no convention"):
        published("002.T14.BK7.M", theory="exact", convention="printed")
    with pytest.raises(ParameterError, match="higher_field=True need"):
        published("001.T3.BK7.constH", higher_field=True)


def test_higher_field_correction_makes_the_printed_fits_follow_a_curie_law():
    """The data were near Langevin curves of the nominal iron (002, Eqs. 99-100 and the 6 ppm of BK7)."""
    T = np.array([4.0, 10.0, 40.0, 150.0, 300.0])
    for id, B, nominal in (("002.T10.BAS.M", 3.0, 7.63e20), ("002.T11.Duran.M", 5.0, 1.23e21),
                           ("002.T14.BK7.M", 3.0, 5.69e19)):
        langevin = magnetization(MagneticIons("Fe3+", nominal), T, B)
        for higher_field, spread in ((True, (1.0, 1.5)), (False, (2.0, 4.0))):
            glass = published(id, higher_field=higher_field)
            ratio = (magnetization(glass, T, B) - magnetization(glass["larmor"], T, B)) / langevin
            assert spread[0] < ratio.max() / ratio.min() < spread[1]


def test_exact_glasses_work_over_the_measured_range():
    T, B = np.meshgrid([2.0, 20.0, 300.0], [0.0, 0.05, 3.0, 7.0])
    for id in ("002.T10.BAS.M", "002.T11.Duran.M", "002.T14.BK7.M"):
        glass = published(id, theory="exact")
        for observable in (free_energy, entropy, heat_capacity, magnetization, susceptibility):
            assert np.all(np.isfinite(observable(glass, T, B)))
