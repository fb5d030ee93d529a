"""Published dielectric sets against benchmark numbers of their formulas, computed elsewhere by direct integration."""

import dataclasses
import math

import numpy as np
import pytest

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


# Zero-field alpha in units of (pi/2) P* p1^2 [1/K], so that Delta eps/eps = (C_ATS/2) alpha.
@pytest.mark.parametrize(("id", "T", "strength", "alpha"), [
    ("002.T5.BK7.eps.T15mK", 0.015, 8.9e-7, 31.310523556741),
    ("002.T5.Duran.eps.T15mK", 0.015, 5.2e-7, 21.356610990438),
    ("002.T5.BAS.eps.T50mK", 0.05, 8.9e-6, 6.2689984692366),
    ("002.T6.SiO2CH.eps.T50mK", 0.05, 4.38e-5, 161.31305284839),
])
def test_zero_field_dielectric_constant_has_the_benchmark_value(id, T, strength, alpha):
    value = float(dielectric_shift(published(id), T, 0.0, QUIET))
    assert abs(value / (0.5 * strength * alpha) - 1.0) < 1e-11


@pytest.mark.parametrize(("id", "T", "B", "change"), [
    ("002.T5.BK7.eps.T15mK", 0.015, 0.005, 4.4434606393513e-7),
    ("002.T5.BK7.eps.T15mK", 0.015, 0.05, -1.9947452345343e-6),
    ("002.T5.BK7.eps.T15mK", 0.015, 0.5, -1.0988553345833e-5),
    ("002.T5.Duran.eps.T15mK", 0.015, 0.05, -1.457121333131e-6),
    ("002.T5.BAS.eps.T50mK", 0.05, 0.05, 7.0556175900809e-6),
    ("002.T5.BAS.eps.T50mK", 0.05, 0.5, -1.9994733124234e-5),
    ("002.T6.SiO2CH.eps.T50mK", 0.05, 0.5, 3.9397257506028e-4),
])
def test_dielectric_constant_against_field_has_the_benchmark_value_of_the_papers_form(id, T, B, change):
    assert abs(shift(published(id), T, B) / change - 1.0) < 1e-9


@pytest.mark.parametrize(("id", "T", "B", "values"), [
    ("002.T5.BK7.eps.T15mK", 0.015, 0.05, (-1.431896602997e-6, -5.828582946255e-7, -1.856415757183e-6)),
    ("002.T5.BK7.eps.T15mK", 0.015, 0.5, (-9.384570054008e-6, -8.402102574957e-6, -9.875803793533e-6)),
    ("002.T5.BAS.eps.T50mK", 0.05, 0.05, (5.742937448968e-6, 6.720872435049e-6, 5.253969955927e-6)),
])
def test_direction_averages_have_the_benchmark_values(id, T, B, values):
    records = [DielectricConvention(field_direction=name) for name in ("random", "parallel", "perpendicular")]
    for convention, value in zip(records, values, strict=True):
        assert abs(shift(published(id, convention=convention), T, B) / value - 1.0) < 1e-9
    assert shift(published(id, convention="consistent"), T, B) == shift(published(id, convention=records[0]), T, B)


def test_zero_field_loss_has_the_benchmark_values():
    albasio, bk7 = published("002.T7.BAS.loss.T77mK"), published("002.T7.BK7.loss.T15mK")
    derived = published("002.T7.BAS.loss.T77mK", convention=DielectricConvention("rms", rate_kappa=0.5))
    for glass, T, strength, alpha in (
        (albasio, 0.077, 1.54e-5, 18.44478259556 + 6.779519111139j),
        (derived, 0.077, 1.54e-5, 16.20893174984 + 6.526929417053j),
        (bk7, 0.015, 2.02e-5, 0.5674634205862 + 1.225037070243j),
    ):
        value = complex(permittivity(glass, T, 0.0, 1e3, part="relaxational"))
        assert abs(value / (0.5 * strength * alpha) - 1.0) < 1e-11
    assert abs(float(loss_tangent(albasio, 0.077, 0.0, 1e3)) / 5.220229715577e-5 - 1.0) < 1e-11


@pytest.mark.parametrize(("id", "T", "B", "convention", "change"), [
    ("002.T7.BAS.loss.T77mK", 0.077, 0.05, "printed", -2.465526253941e-5),
    ("002.T7.BAS.loss.T77mK", 0.077, 0.5, "printed", -5.203989534088e-5),
    ("002.T7.BAS.loss.T77mK", 0.077, 0.05, DielectricConvention("rms", rate_kappa=0.5), -2.165098469986e-5),
    ("002.T7.BAS.loss.T77mK", 0.077, 0.05, "consistent", -1.955606162734e-5),
    ("002.T7.BAS.loss.T77mK", 0.077, 0.05, DielectricConvention(rate_kappa=0.5), -1.694200084514e-5),
    ("002.T7.BK7.loss.T15mK", 0.015, 0.5, "printed", -3.64503275e-7),
])
def test_loss_against_field_has_the_benchmark_value(id, T, B, convention, change):
    assert abs(loss_change(published(id, convention=convention), T, B) / change - 1.0) < 2e-9


@pytest.mark.parametrize(("T", "resonant", "relaxational"), [
    (0.01, 4.4954886929444, 8.3001552161386e-4 + 7.4531728515032e-3j),
    (0.05, 3.575558387657, 0.1997530689449 + 0.2067457222382j),
    (0.1, 3.1335564944333, 0.58612699650587 + 0.35406956121982j),
    (0.5, 2.0768304329321, 1.9995829871641 + 0.48477835055521j),
])
def test_silica_of_table_i_has_the_benchmark_values(T, resonant, relaxational):
    glass = published("004.TI.SiO2")
    assert abs(complex(permittivity(glass, T, 0.0, 1e3, part="relaxational")) / 47.2e-5 - relaxational) < 1e-11
    assert abs(float(dielectric_shift(glass, T, 0.0, QUIET, part="resonant")) / 47.2e-5 - resonant) < 1e-11


@pytest.mark.parametrize(("convention", "weight"), [("printed", 1 / 3), ("consistent", 1 / 2)])
def test_anomalous_part_of_table_i_has_the_benchmark_values(convention, weight):
    for id, prefactor, frequency, integral, relaxation in (
        ("004.TI.AlBaSiO", 264.7e-5, 1e3, 0.94348807955372, 0.039093787644685 + 0.027332966716507j),
        ("004.TI.x0.20", 281.9e-5, 1e4, 0.97670099305064, 0.035726085163202 + 0.010915830806872j),
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
