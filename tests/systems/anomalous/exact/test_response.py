"""Exact ensemble of three-level systems against its benchmarks and against the doublet formulas in their regime."""

import dataclasses
import math

import numpy as np
import pytest
from tests.reference import reference

from glasstunnel import AnomalousTunnelingSystems, DielectricConvention, permittivity
from glasstunnel.constants import flux_phase_per_area
from glasstunnel.errors import ParameterError
from glasstunnel.systems.anomalous.effective import response as doublet
from glasstunnel.systems.anomalous.effective.response import Doublets, RelaxationRate
from glasstunnel.systems.anomalous.exact.response import TRUE_PER_PRINTED, sample
from glasstunnel.systems.response.two_level import quantum

ASYMMETRY, AMPLITUDE, T = (0.02, 1.0), (2.0, 6.0), 0.05
REFERENCE = reference("three_levels")["response"]


@pytest.fixture(scope="module")
def zero_field():
    return sample(0.0, ASYMMETRY, AMPLITUDE, doublet.ORIENTATIONS["random"])


def in_doublet_form(kernel):
    """`kernel`(B, asymmetry_min) for the same cutoffs: rescaled, with D_max taken off, in true units; B = phi."""
    low, high = (math.sqrt(2.0 / 3.0) * edge for edge in ASYMMETRY)
    areas = [2.0 / math.sqrt(3.0) * edge / flux_phase_per_area for edge in AMPLITUDE]
    return TRUE_PER_PRINTED * (kernel(low, *areas) - kernel(high, *areas))


def test_zero_field_response_has_the_benchmark_values(zero_field):
    values = zero_field.resonant_pairs(T)[0, 1], zero_field.resonant(T), zero_field.static_relaxational(T)
    np.testing.assert_allclose(values, REFERENCE["without_flux"], rtol=1e-9)


@pytest.mark.parametrize("orientation, first, every, relaxed, effective", REFERENCE["changes"])
def test_changes_in_a_field_have_the_benchmark_values(zero_field, orientation, first, every, relaxed, effective):
    """At phi = 0.03 for a loop facing the field; the last one in the two-level form."""
    weights = doublet.ORIENTATIONS[orientation]
    field = sample(0.03, ASYMMETRY, AMPLITUDE, weights)
    assert abs(field.resonant_pairs(T)[0, 1] - zero_field.resonant_pairs(T)[0, 1] - first) < 1e-8
    assert abs(field.resonant(T) - zero_field.resonant(T) - every) < 1e-8
    assert abs(field.static_relaxational(T) - zero_field.static_relaxational(T) - relaxed) < 1e-8
    change = in_doublet_form(
        lambda *row: doublet.resonant(Doublets(*row, weights), T, 0.03, 1e-3).real
    ) - in_doublet_form(lambda *row: doublet.resonant(Doublets(*row, weights), T, 0.0, 1e-3).real)
    assert abs(change - effective) < 1e-9
    assert abs(change / first - 1.0) < 1e-4


def test_the_papers_replacement_misses_the_change_by_a_third():
    weights = doublet.ORIENTATIONS["rms"]
    change = in_doublet_form(
        lambda *row: doublet.resonant(Doublets(*row, weights), T, 0.03, 1e-3).real
    ) - in_doublet_form(lambda *row: doublet.resonant(Doublets(*row, weights), T, 0.0, 1e-3).real)
    assert abs(change - REFERENCE["mean_square"]) < 1e-9


@pytest.mark.parametrize("omega", [1.0, 30.0, 1e3])
@pytest.mark.parametrize("phase", [0.0, 0.03])
def test_derived_doublet_relaxation_agrees_with_the_three_level_rate_equation(phase, omega):
    gamma = 1e-4
    weights = doublet.ORIENTATIONS["random"]
    exact = sample(phase, ASYMMETRY, AMPLITUDE, weights).relaxational(T, omega, gamma)
    effective = in_doublet_form(
        lambda *row: doublet.relaxational(Doublets(*row, weights), RelaxationRate(gamma, 1, 0.5), T, phase, omega)
    )
    assert abs(effective / exact - 1.0) < 1e-3


def test_printed_rate_of_five_sixths_disagrees_with_the_exact_matrix_element():
    exact = sample(0.0, ASYMMETRY, AMPLITUDE, doublet.ORIENTATIONS["random"]).relaxational(T, 1e3, 1e-4)
    printed = in_doublet_form(
        lambda *row: doublet.relaxational(Doublets(*row), RelaxationRate(1e-4, 1, 1 / 6), T, 0.0, 1e3)
    )
    assert abs(printed.imag / exact.imag - 1.0) > 0.1


def example(levels, **options):
    return AnomalousTunnelingSystems(
        0.0, 0.02, 1.0, 2.0 / (flux_phase_per_area * 0.5), 6.0 / (flux_phase_per_area * 0.5), flux_field=0.5,
        dielectric_strength=1e-5, elastic_constant=1e-4,
        convention=DielectricConvention(rate_power=1, rate_kappa=0.5, levels=levels), **options,
    )


def test_a_glass_responds_alike_with_two_and_three_levels_where_both_hold():
    for part, tolerance in (("resonant", 0.04), ("relaxational", 1e-3)):
        values = [permittivity(example(levels), T, 0.01, 5.0, part) for levels in ("three", "doublet")]
        assert abs(values[1] / values[0] - 1.0) < tolerance  # the third level adds a constant 3 % to the resonant part
    changes = [
        np.diff(permittivity(example(levels), T, np.array([0.0, 0.015]), 5.0, "resonant").real)[0]
        for levels in ("three", "doublet")
    ]
    assert abs(changes[1] / changes[0] - 1.0) < 1e-3


def test_exact_theory_refuses_what_it_cannot_sample():
    three = DielectricConvention(levels="three")
    endless = AnomalousTunnelingSystems(
        0.0, 0.02, None, 1e5, 2e5, flux_field=0.5, dielectric_strength=1e-5, convention=three
    )
    with pytest.raises(ParameterError, match="flux_field must be given"):
        permittivity(dataclasses.replace(endless, flux_field=None, theory="effective"), T, 0.0, 1e3)
    with pytest.raises(ParameterError, match="asymmetry_max must be finite"):
        permittivity(endless, T, 0.0, 1e3)
    with pytest.raises(ParameterError, match="below the smallest gap"):
        permittivity(example("three"), T, 0.0, 2.0 * 0.02 / quantum(1.0))


def far_asymmetry(asymmetry_max, **options):
    return AnomalousTunnelingSystems(
        None, 0.05, asymmetry_max, 4e4, 6e4, flux_field=3.0, theory="exact", dielectric_strength=1.0,
        convention=DielectricConvention(levels="three", rate_power=1, rate_kappa=0.5), **options,
    )


@pytest.mark.parametrize("asymmetry_max, expected", [(50.0, 1.22131), (500.0, 1.22735)])
def test_crossings_of_far_wells_are_followed_for_any_asymmetry(asymmetry_max, expected):
    """The numbers are of an independent diagonalization with crowded angles; equal steps missed half a percent."""
    assert permittivity(far_asymmetry(asymmetry_max), 0.5, 0.3, 1e-3, "resonant").real == pytest.approx(
        expected, abs=6e-6
    )


def test_the_mean_over_angles_agrees_with_a_brute_force_sum():
    """One amplitude, one asymmetry decade, one direction: levels of a plain diagonalization at 20 000 equal angles."""
    asymmetry, amplitude, temperature = (30.0, 60.0), (1.0, 1.001), 0.5
    found = sample(0.4, asymmetry, amplitude, doublet.ORIENTATIONS["rms"]._replace(scale=1.0))
    x, w = np.polynomial.legendre.leggauss(10)
    angle = (np.arange(20_000) + 0.5) * math.pi / 20_000
    total = 0.0
    for ln_d, weight in zip(0.5 * math.log(2.0) * (x + 1.0), 0.5 * math.log(2.0) * w, strict=True):
        wells = math.sqrt(2.0 / 3.0) * 30.0 * math.exp(ln_d) * np.cos((angle[:, None] + 2 * math.pi * np.arange(3)) / 3)
        hop = math.sqrt(1.001) * np.exp(0.4j / 3.0)
        H = np.zeros((angle.size, 3, 3), complex)
        H[:, [0, 1, 2], [0, 1, 2]] = wells
        H[:, [0, 1, 2], [1, 2, 0]], H[:, [1, 2, 0], [0, 1, 2]] = hop, np.conj(hop)
        levels, states = np.linalg.eigh(H)
        occupied = np.exp(-(levels - levels[:, :1]) / temperature)
        occupied /= occupied.sum(axis=1, keepdims=True)
        for axis in (np.cos, np.sin):
            corners = axis(2 * math.pi * np.arange(3) / 3)
            dipole = np.abs(np.einsum("nwi,w,nwj->nij", states.conj(), corners, states)) ** 2
            for low, high in ((0, 1), (0, 2), (1, 2)):
                gap = levels[:, high] - levels[:, low]
                total += 0.5 * weight * np.mean(
                    dipole[:, low, high] * (occupied[:, low] - occupied[:, high]) * 2.0 / gap
                )
    measure = 2.0 * math.pi / math.sqrt(3.0) * math.log(1.001) * 2.0 / 3.0
    assert found.resonant(temperature) == pytest.approx(measure * total, rel=1e-6)


def test_parameters_without_effect_on_three_levels_are_refused():
    assert DielectricConvention(levels="three").rate_kappa == 0.5
    assert DielectricConvention().rate_kappa == 1 / 6
    for name in ("rate_kappa", "resonant_weight"):
        with pytest.raises(ParameterError, match=f"{name} = 0.2 has no effect with levels='three'"):
            DielectricConvention(levels="three", **{name: 0.2})
    convention = DielectricConvention(levels="three", field_direction="parallel")
    with pytest.raises(ParameterError, match="random directions only"):
        permittivity(dataclasses.replace(far_asymmetry(50.0), area_spread=0.3, convention=convention), 0.5, 0.3, 1e-3)


@pytest.mark.slow
def test_a_spread_of_areas_is_the_mean_over_the_areas_of_the_loops():
    """B enters with the area of the loop alone: plain sums over ln A of the response of one area at the field B A."""
    one = AnomalousTunnelingSystems(
        None, 0.2, 0.5, 4e4, 6e4, flux_field=3.0, theory="exact", dielectric_strength=1.0, elastic_constant=1e-4,
        convention=DielectricConvention(levels="three", rate_power=1),
    )
    T, B, frequency, spread = 0.3, np.array([0.0, 1.5]), 1e3, 0.25
    deviate = np.arange(-6.0, 7.0)
    weight = np.exp(-0.5 * deviate**2) / np.exp(-0.5 * deviate**2).sum()
    several = permittivity(one, T, B[:, None] * np.exp(spread * deviate), frequency)
    wide = permittivity(dataclasses.replace(one, area_spread=spread), T, B, frequency)
    np.testing.assert_allclose(wide, several @ weight, rtol=1e-6)
    assert abs(wide[1] / permittivity(one, T, 1.5, frequency) - 1.0) > 1e-4


def test_convention_records_refuse_bad_options():
    for options, match in (
        (dict(field_direction=(1.0, 1.0, 0.0)), "length one"), (dict(field_direction="up"), "field_direction"),
        (dict(rate_kappa=1.5), "rate_kappa"), (dict(resonant_weight=float("nan")), "resonant_weight"),
        (dict(levels="four"), "levels"),
    ):
        with pytest.raises(ParameterError, match=match):
            DielectricConvention(**options)
    with pytest.raises(ParameterError, match="convention must be one of"):
        AnomalousTunnelingSystems(0.0, 0.02, None, 1e5, 2e5, flux_field=0.5, convention="printed")
