"""Echo integrals of anomalous systems against independent quadratures of the same integrals."""

import dataclasses
import math

import mpmath
import numpy as np
import pytest
from scipy.optimize import brentq
from tests.echoes.printed_rows import ROWS, conditions, integral
from tests.reference import reference

from glasstunnel.constants import flux_phase_per_area
from glasstunnel.echoes.convention import CONVENTIONS, EchoConvention
from glasstunnel.echoes.flux.anomalous import AnomalousEcho, EchoTable
from glasstunnel.echoes.flux.doublet import response
from glasstunnel.echoes.flux.energy_grids import PER_KELVIN

PAPER, DERIVED = CONVENTIONS["paper"], CONVENTIONS["derived"]
DERIVED_RMS = EchoConvention(rabi="rms")

REFERENCE = reference("flux_echoes")
NAMED = {"printed": PAPER, "derived": DERIVED_RMS}


@pytest.mark.parametrize("row, B, printed, derived", REFERENCE["facing"]["rows"])
def test_loops_that_face_the_field_agree_with_the_reference_integrals(row, B, printed, derived):
    for convention, expected in ((PAPER, printed), (DERIVED_RMS, derived)):
        value = integral(row, convention, B, averaged=False)
        assert (value.real, value.imag) == pytest.approx(expected, rel=5e-9)


@pytest.mark.parametrize("row, convention, B, expected", REFERENCE["over_loops"]["rows"])
def test_the_average_over_loop_directions_agrees_with_a_quadrature_over_them(row, convention, B, expected):
    value = integral(row, NAMED[convention], B, averaged=True)
    assert (value.real, value.imag) == pytest.approx(expected, rel=3e-8)


@pytest.mark.parametrize("row, B, expected", REFERENCE["over_orientations"]["rows"])
def test_the_exact_average_over_field_directions_agrees_with_a_product_rule(row, B, expected):
    value = integral(row, DERIVED, B, averaged=False)
    assert (value.real, value.imag) == pytest.approx(expected, rel=1e-7)


def test_without_field_only_the_logarithm_of_the_amplitudes_is_left():
    echo, low, high = conditions("AlBaSiO 2", DERIVED_RMS)
    tiny = 1e-6 * echo.asymmetry_min / high
    value = EchoTable(echo).spectrum(low * tiny, high * tiny).sum()
    assert (value.real, value.imag) == pytest.approx(REFERENCE["without_field"]["limit"], rel=1e-9)


@pytest.mark.parametrize("convention, z, share, expected", REFERENCE["without_field"]["integrand"])
def test_the_integrand_has_the_reference_values(convention, z, share, expected):
    echo, *_ = conditions("AlBaSiO 2", NAMED[convention])
    value = echo.integrand(np.array([(echo.carrier + z) / PER_KELVIN]), np.array([share]))[0, 0]
    # z is the difference of two numbers 600 times larger
    assert (value.real, value.imag) == pytest.approx(expected, rel=1e-8, abs=1e-3)


@pytest.mark.parametrize("lowest", [1e-11, 1e-14])
def test_gaps_far_above_the_smallest_asymmetry_agree_with_a_quadrature_to_many_digits(lowest):
    """Cutoffs that shrink on cooling leave D_min below 1e-8 of the gaps, where 1 - u = (D_min/E)^2 is below a float."""
    convention = EchoConvention(rate_power=3)
    echo = AnomalousEcho(0.02, 0.05 * PER_KELVIN, 4e8, (3e-9, 5e-9), 5e-8, 0.0, 2e11, 1e6,
                         convention.damping_factor, asymmetry_min=lowest, convention=convention)
    table = EchoTable(echo)
    place = np.argmin(abs(table.gap - 0.05))
    E, u = table.gap[place], 0.5 - 0.5 * np.cos(np.pi * (np.arange(20) + 0.5) / 20)
    polynomial = np.polynomial.chebyshev.chebfit(2.0 * u - 1.0, echo.integrand(np.array([E]), u)[0], 19)
    for low, high in ((1e-9, 3e-9), (0.004, 0.07), (2.0, 5.0)):
        share = table.spectrum(low, high)[place] / table.weights[place]
        expected = _over_flux_energies(polynomial, E, lowest, low, high)
        assert (share.real, share.imag) == pytest.approx((expected.real, expected.imag), rel=1e-8)


def _over_flux_energies(polynomial, gap, lowest, low, high):
    """int df/f E^2/(E^2-f^2) P(f^2/E^2) [W(f/low) - W(f/high)] with f = E tanh t, which has no edge: 25 digits."""
    with mpmath.workdps(25):
        E = mpmath.mpf(float(gap))
        end = mpmath.acosh(E / mpmath.mpf(lowest))
        kinks = [mpmath.atanh(f / E) for f in (low, high) if f < E and mpmath.atanh(f / E) < end]

        def integrand(t):
            f = E * mpmath.tanh(t)
            response = np.polynomial.chebyshev.chebval(2.0 * float(f / E) ** 2 - 1.0, polynomial)
            return complex(response) * (min(f / low, 1) - min(f / high, 1)) / mpmath.tanh(t)

        return complex(mpmath.quad(integrand, sorted([mpmath.mpf("1e-30"), *kinks, 1, 4, 12, end]), maxdegree=5))


@pytest.mark.slow
def test_brute_force_over_all_variables_agrees():
    """A wide resonance (short, strong pulses), plain product quadrature over gap, D and both angles of the drive."""
    convention = EchoConvention(rate_power=3)
    echo = AnomalousEcho(0.02, 0.05 * PER_KELVIN, 4e8, (3e-9, 5e-9), 5e-8, 0.0, 2e11, 1e6,
                         convention.damping_factor, asymmetry_min=0.01, convention=convention)
    low, high = 0.004, 0.07
    value = EchoTable(echo).spectrum(low, high).sum()

    x, w = np.polynomial.legendre.leggauss(8)
    edges = np.concatenate([0.01 + 2e-3 * 0.5 ** np.arange(20, 0, -1), np.arange(0.012, 1.2, 0.002)])
    edges = np.concatenate([[0.01], edges])
    half = 0.5 * np.diff(edges)[:, None]
    gap = (0.5 * (edges[1:] + edges[:-1])[:, None] + half * x).ravel()
    gap_weight = (half * w).ravel() / gap
    y, v = np.polynomial.legendre.leggauss(10)
    total = 0.0
    tilt, tilt_weight = 0.25 * np.pi * (x + 1.0), 0.25 * np.pi * w
    plane = np.pi * (np.arange(6) + 0.5) / 12
    for E, weight in zip(gap, gap_weight, strict=True):
        # logarithmic panels in f between the kinks of the direction average
        top = math.sqrt((E - 0.01) * (E + 0.01))
        inner = [low, high, *np.geomspace(1e-9, 0.5 * top, 10), *top * (1 - 0.5 ** np.arange(2, 7))]
        stops = sorted({*(f for f in inner if f < top), top})
        f, f_weight = [], []
        for start, stop in zip(stops, stops[1:], strict=False):
            span = 0.5 * math.log(stop / start)
            f.append(np.exp(0.5 * math.log(stop * start) + span * y))
            f_weight.append(span * v)
        f, f_weight = np.concatenate(f), np.concatenate(f_weight)
        share = (f / E) ** 2
        directions = np.minimum(f / low, 1.0) - np.minimum(f / high, 1.0)
        rabi = 0.5 * echo.rabi * np.sin(tilt)[:, None, None] * np.sqrt(1 - (1 - share) * np.cos(plane)[:, None] ** 2)
        kernel = response(PER_KELVIN * E - echo.carrier, rabi, echo.durations)
        mean = np.einsum("tpf,t->f", kernel, tilt_weight * np.sin(tilt)) / len(plane)
        rate = 2e11 * E**3 * (share + 0.5 * (1 - share)) / np.tanh(E / 0.04)
        decay = np.exp(-5e-8 * (1e6 + 0.5 * rate)) * np.tanh(E / 0.04)
        total += weight * np.sum(f_weight / (1 - share) * directions * mean * decay)
    assert value.real == pytest.approx(total.real, rel=1e-5)
    assert value.imag == pytest.approx(total.imag, abs=1e-5 * abs(total))


@pytest.mark.parametrize("row, field, low_field, rabi, rate, diffusion, decay", REFERENCE["scales"]["rows"])
def test_the_printed_parameters_give_these_fields_and_rates(row, field, low_field, rabi, rate, diffusion, decay):
    echo, low, high = conditions(row, PAPER)
    quantum = echo.carrier / PER_KELVIN
    flux = math.sqrt(quantum**2 - echo.asymmetry_min**2)
    assert (flux / high, flux / low) == pytest.approx((field, low_field), rel=1e-12)
    assert echo.rabi / math.sqrt(6.0) == pytest.approx(rabi, rel=1e-9)
    assert 1e-6 * echo.population_rate(quantum, 1.0) == pytest.approx(rate, rel=1e-12)
    assert 1e-6 * echo.dephasing == pytest.approx(diffusion, rel=1e-12)
    assert math.exp(-echo.echo_time * echo.population_rate(quantum, 1.0)) == pytest.approx(decay, rel=1e-10)


def test_far_above_the_gap_the_echo_falls_as_one_over_temperature():
    echo, low, high = conditions("AlBaSiO 2", DERIVED_RMS)
    still = dataclasses.replace(echo, rate=0.0, dephasing=0.0)
    hot, hotter = (
        EchoTable(dataclasses.replace(still, temperature=T)).spectrum(low, high).sum().real for T in (10.0, 20.0)
    )
    assert hot / hotter == pytest.approx(2.0, rel=1e-4)


@pytest.mark.parametrize("row", ROWS)
def test_the_tail_at_high_field_goes_as_one_over_field(row):
    """Some loops are always nearly parallel to the field, so the average never falls faster."""
    echo, low, high = conditions(row, DERIVED_RMS)
    table = EchoTable(echo)
    five, ten = (abs(table.spectrum(low * B, high * B).sum()) for B in (10.0, 20.0))
    assert math.log2(five / ten) == pytest.approx(1.0, abs=5e-3)


def test_the_maximum_in_the_field_follows_the_density_of_states():
    """J grows until D0max phi of the facing loops brings the edge of the density of states to the carrier."""
    echo, low, high = conditions("AlBaSiO 2", DERIVED_RMS)
    critical = brentq(lambda B: np.hypot(echo.asymmetry_min, high * B) - echo.carrier / PER_KELVIN, 0.01, 1.0)
    facing = [abs(integral("AlBaSiO 2", DERIVED_RMS, B, False)) for B in critical * np.array([0.9, 1.0, 1.1])]
    assert facing[1] > max(facing[0], facing[2])
    assert critical == pytest.approx(0.290467, rel=1e-5)


def test_the_splitting_of_amplitude_and_area_does_not_matter():
    """Only D0 |q/e| S enters: flux energies, not phases, are what the table knows."""
    echo, low, high = conditions("AlBaSiO 2", DERIVED)
    assert low / high == pytest.approx(1140.0 / 8960.0)
    assert low == pytest.approx(flux_phase_per_area * 1140.0)
