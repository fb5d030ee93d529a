"""Published dielectric sets against benchmark numbers of their formulas, computed elsewhere by direct integration."""

import dataclasses
import math

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel import (
    DielectricConvention,
    ParameterError,
    dielectric_shift,
    entropy,
    free_energy,
    heat_capacity,
    loss_tangent,
    magnetization,
    permittivity,
    published,
    susceptibility,
)
from glasstunnel.papers import published_ids

FIELD_CURVES = [id for id in published_ids() if id.startswith(("002.T5.", "002.T6.", "002.T7."))]
TEMPERATURE_CURVES = [id for id in published_ids() if id.startswith("004.TI.")]
DIELECTRIC = FIELD_CURVES + TEMPERATURE_CURVES
QUIET = 1e-3  # Hz: the benchmarks of the resonant part are static


def shift(glass, T, B):
    return float(dielectric_shift(glass, T, B, QUIET, reference_field=0.0, part="resonant"))


def loss_change(glass, T, B):
    return float(loss_tangent(glass, T, B, 1e3) - loss_tangent(glass, T, 0.0, 1e3))


def test_every_dielectric_row_of_the_tables_is_a_glass():
    assert len(FIELD_CURVES) == 12 and len(TEMPERATURE_CURVES) == 6


@pytest.mark.parametrize("id", DIELECTRIC)
def test_every_set_has_a_finite_dissipative_response_with_source_and_doubts(id):
    glass = published(id)
    T, B, frequency = np.meshgrid([0.01, 0.05, 0.5], [0.0, 1e-3, 0.1, 3.0], [0.1, 1e3, 1e5])
    response = permittivity(glass, T, B, frequency)
    assert np.all(np.isfinite(response)) and np.all(response.imag >= 0.0) and np.all(response.real > 0.0)
    assert id in glass.name and "Table" in glass.source
    assert any("Evaluated with" in note for note in glass.notes)


DOUBLETS = reference("anomalous_doublets")
IDS = {"BK7": "002.T5.BK7.eps.T15mK", "Duran": "002.T5.Duran.eps.T15mK", "AlBaSiO": "002.T5.BAS.eps.T50mK",
       "hydrocarbon": "002.T6.SiO2CH.eps.T50mK", "AlBaSiO loss": "002.T7.BAS.loss.T77mK",
       "BK7 loss": "002.T7.BK7.loss.T15mK"}  # fmt: skip
STRENGTHS = {"BK7": 8.9e-7, "Duran": 5.2e-7, "AlBaSiO": 8.9e-6, "hydrocarbon": 4.38e-5}
LOSS_CONVENTIONS = {("rms", 6): "printed", ("rms", 2): DielectricConvention("rms", rate_kappa=0.5),
                    ("average", 6): "consistent", ("average", 2): DielectricConvention(rate_kappa=0.5)}  # fmt: skip


# Zero-field alpha in units of (pi/2) P* p1^2 [1/K], so that Delta eps/eps = (C_ATS/2) alpha.
@pytest.mark.parametrize(("id", "T", "strength", "alpha"), [
    (IDS[row], T, STRENGTHS[row], alpha) for row, T, alpha in DOUBLETS["resonant"]["zero_field"]
])
def test_zero_field_dielectric_constant_has_the_benchmark_value(id, T, strength, alpha):
    value = float(dielectric_shift(published(id), T, 0.0, QUIET))
    assert abs(value / (0.5 * strength * alpha) - 1.0) < 1e-11


@pytest.mark.parametrize(("id", "T", "B", "change"), [
    (IDS[row], T, B, change) for row, T, B, _, change in DOUBLETS["resonant"]["changes"]
])
def test_dielectric_constant_against_field_has_the_benchmark_value_of_the_papers_form(id, T, B, change):
    assert abs(shift(published(id), T, B) / change - 1.0) < 1e-9


@pytest.mark.parametrize(("id", "T", "B", "values"), [
    (IDS[row], T, B, values) for row, T, B, *values in DOUBLETS["resonant"]["orientations"]
])
def test_direction_averages_have_the_benchmark_values(id, T, B, values):
    records = [DielectricConvention(field_direction=name) for name in ("random", "parallel", "perpendicular")]
    for convention, value in zip(records, values, strict=True):
        assert abs(shift(published(id, convention=convention), T, B) / value - 1.0) < 1e-9
    assert shift(published(id, convention="consistent"), T, B) == shift(published(id, convention=records[0]), T, B)


def test_zero_field_loss_has_the_benchmark_values():
    numbers = DOUBLETS["relaxational"]
    parts = {(row, B, kappa): complex(*alpha) for row, _, B, kappa, alpha in numbers["parts"]}
    albasio, bk7 = published("002.T7.BAS.loss.T77mK"), published("002.T7.BK7.loss.T15mK")
    derived = published("002.T7.BAS.loss.T77mK", convention=DielectricConvention("rms", rate_kappa=0.5))
    for glass, T, strength, alpha in (
        (albasio, 0.077, 1.54e-5, parts["AlBaSiO loss", 0.0, 1 / 6]),
        (derived, 0.077, 1.54e-5, parts["AlBaSiO loss", 0.0, 1 / 2]),
        (bk7, 0.015, 2.02e-5, parts["BK7 loss", 0.0, 1 / 6]),
    ):
        value = complex(permittivity(glass, T, 0.0, 1e3, part="relaxational"))
        assert abs(value / (0.5 * strength * alpha) - 1.0) < 1e-11
    assert abs(float(loss_tangent(albasio, 0.077, 0.0, 1e3)) / numbers["loss_without_field"] - 1.0) < 1e-11


@pytest.mark.parametrize(("id", "T", "B", "convention", "change"), [
    (IDS[row], T, B, LOSS_CONVENTIONS[way, round(1 / kappa)], change)
    for row, T, B, kappa, way, change in DOUBLETS["relaxational"]["loss_changes"]
])
def test_loss_against_field_has_the_benchmark_value(id, T, B, convention, change):
    assert abs(loss_change(published(id, convention=convention), T, B) / change - 1.0) < 2e-9


@pytest.mark.parametrize(("T", "resonant", "relaxational"), reference("two_level_response")["ensemble"]["rows"])
def test_silica_of_table_i_has_the_benchmark_values(T, resonant, relaxational):
    glass = published("004.TI.SiO2")
    relaxed = complex(permittivity(glass, T, 0.0, 1e3, part="relaxational"))
    assert abs(relaxed / 47.2e-5 - complex(*relaxational)) < 1e-11
    assert abs(float(dielectric_shift(glass, T, 0.0, QUIET, part="resonant")) / 47.2e-5 - resonant) < 4e-11


@pytest.mark.parametrize(("convention", "weight"), [("printed", 1 / 3), ("consistent", 1 / 2)])
def test_anomalous_part_of_table_i_has_the_benchmark_values(convention, weight):
    silicates = DOUBLETS["alkali_silicates"]
    for id, prefactor, frequency, integral, relaxation in (
        ("004.TI.AlBaSiO", 264.7e-5, 1e3, silicates["resonant"][0][2], complex(*silicates["relaxational"][0][5])),
        ("004.TI.x0.20", 281.9e-5, 1e4, silicates["resonant"][2][2], complex(*silicates["relaxational"][3][5])),
    ):
        ats = published(id, convention=convention)["ats"]
        resonant = float(dielectric_shift(ats, 0.3, 0.0, QUIET, part="resonant"))
        assert abs(resonant / (weight * prefactor * integral) - 1.0) < 1e-11
        relaxed = complex(permittivity(ats, 0.3, 0.0, frequency, part="relaxational"))
        assert abs(relaxed / (prefactor * relaxation) - 1.0) < 1e-11


def test_a_zero_field_set_does_not_answer_to_a_field():
    glass = published("004.TI.AlBaSiO")
    assert abs(shift(glass, 0.1, 5.0)) < 1e-6 * dielectric_shift(glass, 0.1, 0.0, 1e3)


def test_frequency_may_be_read_literally():
    literal = DielectricConvention("rms", resonant_weight=1 / 3, rate_kappa=0.0, angular_frequency=False)
    f = np.array([1e3, 1e5])
    low = permittivity(published("004.TI.x0.20", convention=literal), 0.1, 0.0, 2.0 * math.pi * f, part="relaxational")
    high = permittivity(published("004.TI.x0.20"), 0.1, 0.0, f, part="relaxational")
    np.testing.assert_allclose(low, high, rtol=1e-12)


@pytest.mark.parametrize("id", DIELECTRIC)
def test_heat_capacity_of_a_dielectric_set_says_that_the_density_is_not_known(id):
    for observable in (free_energy, entropy, heat_capacity):
        with pytest.raises(ParameterError, match="density is not known.*give it a number"):
            observable(published(id), 0.5, 0.1)


def test_magnetization_of_a_dielectric_set_works_once_the_density_is_given():
    glass = published("002.T5.BAS.eps.T50mK")
    for observable in (magnetization, susceptibility):
        with pytest.raises(ParameterError, match="AnomalousTunnelingSystems.density is not known"):
            observable(glass, 0.5, 0.1)
        assert observable(glass.with_values({"ats.density": 1e19}), 0.5, 0.1) > 0.0


def test_sensitivity_of_the_response_needs_no_density():
    glass = published("002.T7.BAS.loss.T77mK")
    value, slopes = glass.derivatives("loss_tangent", 0.077, 0.05, ["ats.dielectric_strength"], frequency=1e3)
    assert abs(slopes["ats.dielectric_strength"] * 1.54e-5 / value - 1.0) < 1e-7
    with pytest.raises(ParameterError, match="density is None; give it a number to vary it"):
        glass.derivatives("loss_tangent", 0.077, 0.05, ["ats.density"], frequency=1e3)


def test_strain_rate_does_not_go_with_the_printed_rates():
    for id in ("002.T7.BAS.loss.T77mK", "004.TI.AlBaSiO"):
        with pytest.raises(ParameterError, match="printed Gamma is in s K\\^5.*rate_power"):
            published(id, convention="derived")
    for id in ("002.T5.BK7.eps.T15mK", "004.TI.SiO2"):  # no Gamma there
        assert published(id, convention="derived").contributions


def test_choices_that_do_not_belong_to_a_dielectric_set_are_refused():
    id = "002.T5.BK7.eps.T15mK"
    with pytest.raises(ParameterError, match="convention must be 'printed', 'consistent', 'default'"):
        published(id, convention="mine")
    with pytest.raises(ParameterError, match="higher_field=True acts on heat capacity"):
        published(id, higher_field=True, flux_field=1.0)
    with pytest.raises(ParameterError, match="prints no B[*].*flux_field="):
        published(id, theory="exact")
    with pytest.raises(ParameterError, match="no printed convention"):
        published(id, theory="exact", flux_field=1.0, convention="printed")
    with pytest.raises(ParameterError, match="no cutoffs of D0"):
        published("004.TI.AlBaSiO", theory="exact", flux_field=1.0)
    with pytest.raises(ParameterError, match="theory must be"):
        published(id, theory="three-level")


def test_exact_theory_of_a_field_curve_agrees_with_the_doublet_form_at_small_flux():
    id, T, fields = "002.T5.BAS.eps.T50mK", 0.05, np.array([0.01, 0.05])
    exact = published(id, theory="exact", flux_field=2.0).with_values({"ats.asymmetry_max": 1.0})
    effective = published(id, convention="consistent").with_values({"ats.asymmetry_max": 1.0})
    changes = [
        dielectric_shift(glass, T, fields, 1.0, reference_field=0.0, part="resonant") for glass in (exact, effective)
    ]
    np.testing.assert_allclose(changes[0], changes[1], rtol=1e-3)


def test_field_curves_of_table_5_are_stated_with_frozen_cutoffs():
    for id in FIELD_CURVES:
        ats = published(id)["ats"]
        assert ats.activation_energy == 0.0
        frozen = dataclasses.replace(ats, reference_temperature=5.0)
        assert permittivity(frozen, 0.05, 0.01, 1e3) == permittivity(ats, 0.05, 0.01, 1e3)
