"""Echo integrals of anomalous systems against independent quadratures of the same integrals."""

import dataclasses
import math

import numpy as np
import pytest
from scipy.optimize import brentq
from tests.echoes.printed_rows import ROWS, conditions, integral

from glasstunnel.constants import flux_phase_per_area
from glasstunnel.echoes.convention import CONVENTIONS, EchoConvention
from glasstunnel.echoes.flux.anomalous import AnomalousEcho, EchoTable
from glasstunnel.echoes.flux.doublet import response
from glasstunnel.echoes.flux.energy_grid import PER_KELVIN

PAPER, DERIVED = CONVENTIONS["paper"], CONVENTIONS["derived"]
DERIVED_RMS = EchoConvention(rabi="rms")

# J_S, J_C printed; J_S, J_C derived (mean-square Rabi frequency), loops that face the field
FACING = {
    ("AlBaSiO 1", 1e-4): (1.0469878107, 8.2793730456, 180.59884610, 2.6611418828),
    ("AlBaSiO 1", 0.1): (1.0290125236, 7.8071778318, 183.84088635, 2.9232155921),
    ("AlBaSiO 1", 0.3): (0.79223146445, 4.9698986645, 146.34532294, 2.5186887999),
    ("AlBaSiO 1", 0.6): (0.56037641491, 3.1022585638, 105.89810498, 1.9117614914),
    ("AlBaSiO 2", 1e-4): (3255.9307789, 60.060347052, 1478.6457457, 1.9310614662),
    ("AlBaSiO 2", 0.1): (3342.0357208, 62.924692244, 1563.3966441, 2.2499320573),
    ("AlBaSiO 2", 0.3): (4380.1542080, 46.716474881, 2698.5701723, 0.19008371134),
    ("AlBaSiO 2", 0.6): (3247.7487503, 18.207636909, 2164.3734750, -0.67815829347),
    ("BK7 1.5 us", 1e-4): (393.49600020, 93.843109736, 2412.8953932, 18.912859287),
    ("BK7 1.5 us", 0.1): (404.00818480, 97.710347836, 2590.6179560, 21.671923881),
    ("BK7 1.5 us", 0.3): (413.33812117, 88.097648655, 3119.7008587, 28.848111228),
    ("BK7 1.5 us", 0.6): (310.30784119, 63.268346235, 2473.8246807, 23.633913231),
    ("BK7 6 us", 1e-4): (256.56930065, 132.03071581, 5138.8804106, 57.325224813),
    ("BK7 6 us", 0.1): (263.72848, 123.484881, 5683.7563, 73.65235),
    ("BK7 6 us", 0.3): (185.72817981, 83.283603803, 4117.2009, 56.094149),
    ("BK7 6 us", 0.6): (136.36855980, 57.506306427, 3114.3097790, 44.621863532),
}


@pytest.mark.parametrize("row, B", FACING)
def test_loops_that_face_the_field_agree_with_the_reference_integrals(row, B):
    tolerance = 2e-7 if (row, B) == ("BK7 6 us", 0.1) or row == "BK7 6 us" and B == 0.3 else 5e-9
    expected = FACING[row, B]
    for convention, pair in ((PAPER, expected[:2]), (DERIVED_RMS, expected[2:])):
        value = integral(row, convention, B, averaged=False)
        assert (value.real, value.imag) == pytest.approx(pair, rel=tolerance)


AVERAGED = [
    ("AlBaSiO 2", DERIVED_RMS, 0.1, 1506.308951, 2.033695363), ("AlBaSiO 2", DERIVED_RMS, 0.3, 1823.643628, 3.3153131),
    ("AlBaSiO 1", PAPER, 0.1, 1.039457247, 8.2344776), ("AlBaSiO 1", PAPER, 0.3, 0.96670574, 6.857370),
]


@pytest.mark.parametrize("row, convention, B, sine, cosine", AVERAGED)
def test_the_average_over_loop_directions_agrees_with_a_quadrature_over_them(row, convention, B, sine, cosine):
    value = integral(row, convention, B, averaged=True)
    assert value.real == pytest.approx(sine, rel=3e-8)
    assert value.imag == pytest.approx(cosine, rel=2e-7)


EXACT = [
    ("AlBaSiO 1", 1e-4, 291.1046645, 4.411721101), ("AlBaSiO 1", 0.1, 278.0391654, 4.470285809),
    ("AlBaSiO 1", 0.3, 206.2228124, 3.546490283), ("BK7 6 us", 1e-4, 5568.827629, None),
    ("BK7 6 us", 0.1, 5849.48588, None), ("BK7 6 us", 0.3, 4156.53945, None),
]


@pytest.mark.parametrize("row, B, sine, cosine", EXACT)
def test_the_exact_average_over_field_directions_agrees_with_a_product_rule(row, B, sine, cosine):
    value = integral(row, DERIVED, B, averaged=False)
    assert value.real == pytest.approx(sine, rel=1e-6)
    if cosine is not None:
        assert value.imag == pytest.approx(cosine, rel=1e-6)


def test_without_field_only_the_logarithm_of_the_amplitudes_is_left():
    echo, low, high = conditions("AlBaSiO 2", DERIVED_RMS)
    tiny = 1e-6 * echo.asymmetry_min / high
    value = EchoTable(echo).spectrum(low * tiny, high * tiny).sum()
    assert (value.real, value.imag) == pytest.approx((1478.6456653, 1.9310611742), rel=1e-9)


@pytest.mark.parametrize("convention, z, share, sine, cosine", [
    (DERIVED_RMS, 0.0, 0.0, 1.9262122421e5, 0.0), (DERIVED_RMS, 1e7, 0.5, 2.3612273390e5, -1.3216106595e5),
    (DERIVED_RMS, -5e7, 1.0, -5.2452296333e3, 3.7571996452e3), (PAPER, 1e7, 0.5, 2.9163250206e5, -3.3759877539e5),
])
def test_the_integrand_has_the_reference_values(convention, z, share, sine, cosine):
    echo, *_ = conditions("AlBaSiO 2", convention)
    value = echo.integrand(np.array([(echo.carrier + z) / PER_KELVIN]), np.array([share]))[0, 0]
    # z is the difference of two numbers 600 times larger
    assert (value.real, value.imag) == pytest.approx((sine, cosine), rel=1e-8, abs=1e-3)


@pytest.mark.slow
def test_brute_force_over_all_variables_agrees():
    """A wide resonance (short, strong pulses), plain product quadrature over gap, D and both angles of the drive."""
    convention = EchoConvention(rate_power=3)
    echo = AnomalousEcho(0.01, 0.02, 0.05 * PER_KELVIN, 4e8, (3e-9, 5e-9), 5e-8, 0.0, 2e11, 1e6, convention)
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


@pytest.mark.parametrize("row, field, low_field, rabi, rate, diffusion, decay", [
    ("AlBaSiO 1", 0.137802, 3.089670, 5.95289793e6, 2.435091, 0.060096, 2.84e-5),
    ("AlBaSiO 2", 0.290467, 2.282972, 5.81085481e6, 0.067876, 0.045900, 0.747),
    ("BK7 1.5 us", 0.195543, 2.848124, 7.74780642e6, 1.414837, 0.012360, 9.38e-3),
    ("BK7 6 us", 0.079829, 2.968931, 1.26547505e7, 0.516074, 0.068640, 1.75e-3),
])
def test_the_printed_parameters_give_these_fields_and_rates(row, field, low_field, rabi, rate, diffusion, decay):
    echo, low, high = conditions(row, PAPER)
    quantum = echo.carrier / PER_KELVIN
    flux = math.sqrt(quantum**2 - echo.asymmetry_min**2)
    assert (flux / high, flux / low) == pytest.approx((field, low_field), rel=5e-6)
    assert echo.rabi / math.sqrt(6.0) == pytest.approx(rabi, rel=1e-8)
    assert 1e-6 * echo.population_rate(quantum, 1.0) == pytest.approx(rate, rel=1e-5)
    assert 1e-6 * echo.dephasing == pytest.approx(diffusion, rel=1e-12)
    assert math.exp(-echo.echo_time * echo.population_rate(quantum, 1.0)) == pytest.approx(decay, rel=3e-3)


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
