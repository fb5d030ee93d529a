"""Anomalous systems in the doublet form: the benchmark table, brute-force double integrals, Kramers-Kronig."""

import dataclasses
import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import dblquad, quad
from tests.reference import reference

from glasstunnel import AnomalousTunnelingSystems, DielectricConvention
from glasstunnel.constants import flux_phase_per_area
from glasstunnel.errors import ParameterError
from glasstunnel.systems.anomalous.effective import response as kernels
from glasstunnel.systems.anomalous.effective.response import Doublets, RelaxationRate
from glasstunnel.systems.response.orientation import ORIENTATIONS
from glasstunnel.systems.response.two_level import quantum

REFERENCE = reference("anomalous_doublets")
LOW_FREQUENCY = 1e-3
# (asymmetry_min, amplitude_area_min, amplitude_area_max, C_ATS): 002 Tables 5-7.
BK7 = (0.03, 166800.0, 457600.0, 8.9e-7)
DURAN = (0.021, 245700.0, 415100.0, 5.2e-7)
ALBASIO = (0.015, 244000.0, 308000.0, 8.9e-6)
HYDROCARBON = (0.015, 76.0, 30470.0, 4.38e-5)
ALBASIO_LOSS = (0.0209, 19800.0, 496000.0, 1.54e-5, 1.0 / 5.0e9)
BK7_LOSS = (0.0287, 690.0, 6600.0, 2.02e-5, 1.0 / 3.34e9)


WAYS = {"rms": "rms", "average": "random"}
ROWS = {"BK7": BK7, "Duran": DURAN, "AlBaSiO": ALBASIO, "hydrocarbon": HYDROCARBON, "AlBaSiO loss": ALBASIO_LOSS,
        "BK7 loss": BK7_LOSS}  # fmt: skip


def shift(row, T, B, orientation):
    """Delta eps'/eps' against B = 0, resonant part."""
    *cutoffs, strength = row
    field, zero = (
        kernels.resonant(Doublets(*cutoffs, ORIENTATIONS[orientation]), T, b, LOW_FREQUENCY).real for b in (B, 0.0)
    )
    return 0.5 * strength * (field - zero)


def relaxation(row, T, B, kappa, orientation):
    *cutoffs, _, gamma = row
    return kernels.relaxational(
        Doublets(*cutoffs, ORIENTATIONS[orientation]), RelaxationRate(gamma, 3, kappa), T, B, 2e3 * math.pi
    )


def loss_change(row, T, B, kappa, orientation):
    return 0.5 * row[3] * (relaxation(row, T, B, kappa, orientation) - relaxation(row, T, 0.0, kappa, orientation)).imag


def systems(row, **options):
    return AnomalousTunnelingSystems(
        0.0, row[0], None, row[1], row[2], theory="effective", dielectric_strength=row[3],
        elastic_constant=row[4] if len(row) > 4 else None, **options,
    )


def test_energy_of_a_flux_phase():
    assert math.isclose(flux_phase_per_area, reference("conversions")["moments"]["phase_per_area"], rel_tol=1e-14)


@pytest.mark.parametrize(("row", "T", "alpha"), REFERENCE["resonant"]["zero_field"])
def test_zero_field_resonant_part_has_the_benchmark_value(row, T, alpha):
    assert abs(kernels.resonant(Doublets(*ROWS[row][:3]), T, 0.0, LOW_FREQUENCY).real / alpha - 1.0) < 1e-11


@pytest.mark.parametrize(("row", "T", "B", "alpha", "change"), REFERENCE["resonant"]["changes"])
def test_field_curves_of_the_papers_have_the_benchmark_values(row, T, B, alpha, change):
    row = ROWS[row]
    assert abs(shift(row, T, B, "rms") / change - 1.0) < 1e-10
    assert (
        abs(kernels.resonant(Doublets(*row[:3], ORIENTATIONS["rms"]), T, B, LOW_FREQUENCY).real / alpha - 1.0) < 1e-11
    )


@pytest.mark.parametrize(
    ("row", "T", "B", "random", "parallel", "perpendicular"), REFERENCE["resonant"]["orientations"]
)
def test_orientation_averages_have_the_benchmark_values(row, T, B, random, parallel, perpendicular):
    values = dict(random=random, parallel=parallel, perpendicular=perpendicular)
    for orientation, value in values.items():
        assert abs(shift(ROWS[row], T, B, orientation) / value - 1.0) < 1e-11


# 002 Table 5 as the papers mean it (rms) and with the correct average: Delta eps'/eps' in 1e-6.
@pytest.mark.parametrize(("row", "T", "orientation", "values"), [
    (BK7, 0.015, "random", (0.17, 0.77, -0.03, -3.96, -7.91, -10.9)),
    (BK7, 0.015, "rms", (0.19, 1.05, 0.10, -5.39, -9.68, -12.2)),
    (DURAN, 0.015, "random", (0.16, 0.51, -0.23, -2.10, -3.60, -4.62)),
    (ALBASIO, 0.05, "random", (0.94, 4.61, 7.52, -0.19, -11.2, -19.8)),
    ((0.025, 122500.0, 158900.0, 3.75e-5), 0.094, "random", (0.26, 2.45, 10.9, 20.8, 5.1, -27.1)),
    ((0.0227, 176700.0, 224800.0, 3.09e-5), 0.12, "random", (0.39, 3.07, 10.4, 15.5, 1.8, -20.4)),
])
def test_field_curves_of_table_5(row, T, orientation, values):
    fields = np.array([0.003, 0.01, 0.03, 0.1, 0.3, 1.0])
    for computed, printed in zip(1e6 * shift(row, T, fields, orientation), values, strict=True):
        last_digit = 10.0 ** -len(str(printed).split(".")[-1])
        assert abs(computed - printed) < last_digit


@pytest.mark.parametrize(("row", "T", "B", "kappa", "alpha"), REFERENCE["relaxational"]["parts"])
def test_relaxation_has_the_benchmark_values(row, T, B, kappa, alpha):
    assert abs(relaxation(ROWS[row], T, B, kappa, "rms") / complex(*alpha) - 1.0) < 1e-12


@pytest.mark.parametrize(
    ("row", "T", "B", "kappa", "orientation", "change"), REFERENCE["relaxational"]["loss_changes"]
)
def test_loss_against_field_has_the_benchmark_values(row, T, B, kappa, orientation, change):
    assert abs(loss_change(ROWS[row], T, B, kappa, WAYS[orientation]) / change - 1.0) < 1e-9


def test_zero_field_loss_has_the_benchmark_value():
    assert systems(ALBASIO_LOSS).permittivity(0.077, 0.0, 1e3).imag == pytest.approx(
        REFERENCE["relaxational"]["loss_without_field"], rel=1e-12
    )


@pytest.mark.parametrize(("T", "asymmetry", "integral"), REFERENCE["alkali_silicates"]["resonant"])
def test_zero_field_resonant_integral_of_the_alkali_silicates(T, asymmetry, integral):
    alpha = kernels.resonant(Doublets(asymmetry, 1e4, 1e5), T, 0.0, LOW_FREQUENCY).real
    assert abs(alpha * asymmetry / math.log(10.0) - integral) < 1e-13


@pytest.mark.parametrize(
    ("T", "asymmetry", "gamma", "frequency", "kappa", "value"), REFERENCE["alkali_silicates"]["relaxational"]
)
def test_zero_field_relaxation_of_the_alkali_silicates(T, asymmetry, gamma, frequency, kappa, value):
    alpha = kernels.relaxational(
        Doublets(asymmetry, 1e4, 1e5), RelaxationRate(gamma, 3, kappa), T, 0.0, 2.0 * math.pi * frequency
    )
    assert abs(0.5 * alpha * asymmetry / math.log(10.0) - complex(*value)) < 1e-14


def test_zero_field_parts_have_their_high_temperature_logarithms():
    T, asymmetry = 100.0, 0.65
    a = asymmetry / (2.0 * T)
    scale = asymmetry / math.log(10.0)
    resonant = kernels.resonant(Doublets(asymmetry, 1e4, 1e5), T, 0.0, LOW_FREQUENCY).real * scale
    static = kernels.relaxational(Doublets(asymmetry, 1e4, 1e5), RelaxationRate(1.0), T, 0.0, 1e-30).real * scale
    # by parts: int_a dx tanh(x)/x^2 = ln(1/a) + 1 + int dx ln(x) d(sech^2 x)/dx, up to a^2
    rest = float(mpmath.quad(lambda x: 2 * mpmath.log(x) * mpmath.sech(x) ** 2 * mpmath.tanh(x), [0, 1, 4, 30]))
    assert abs(resonant / a - (math.log(1.0 / a) + 1.0 + rest)) < 1e-5
    assert abs(static / a - (math.log(1.0 / a) + rest)) < 1e-5


def test_loss_at_gigahertz_has_the_benchmark_values():
    for frequency, zero, field in REFERENCE["gigahertz"]["rows"]:
        for B, loss in ((0.0, zero), (0.005, field)):
            alpha = kernels.resonant(Doublets(*BK7[:3], ORIENTATIONS["rms"]), 0.015, B, frequency)
            assert abs(0.5 * BK7[3] * alpha.imag / loss - 1.0) < 1e-12
    assert kernels.resonant(Doublets(*BK7[:3]), 0.015, 0.005, 0.6e9).imag == 0.0  # h f below the smallest gap


def test_response_equals_the_double_integral_over_asymmetry_and_amplitude():
    T, B, kappa, omega = 0.077, 0.05, 1 / 6, 2e3 * math.pi
    low, high, strength, gamma = ALBASIO_LOSS[1], ALBASIO_LOSS[2], ALBASIO_LOSS[0], ALBASIO_LOSS[4]

    def weight(u, a, b):  # random directions: mu(u) du/u
        return min(1.0, u / a) - min(1.0, u / b)

    a, b = (flux_phase_per_area * B * area for area in (low, high))

    def double(integrand):
        ends = math.log(1e-9 * a), math.log(a), math.log(b)
        return sum(
            dblquad(lambda x, y: weight(math.exp(y), a, b) * integrand(math.exp(x), math.exp(y)), start, stop,
                    math.log(strength), math.log(strength * 1e5), epsabs=1e-9, epsrel=1e-9)[0]
            for start, stop in zip(ends[:-1], ends[1:], strict=True)
        )

    def resonant(d, u):
        gap = math.hypot(d, u)
        return math.tanh(gap / (2.0 * T)) / gap * (1.0 + (u / gap) ** 2)

    def loss(d, u):
        gap = math.hypot(d, u)
        if gap > 3.4:
            return 0.0
        delay = omega * kernels.relaxation_time(gap, u, T, gamma, 3, kappa)
        return (d / gap) ** 2 / math.cosh(gap / (2.0 * T)) ** 2 / (2.0 * T) * delay / (1.0 + delay**2)

    tail = math.log(high / low) / (strength * 1e5)  # beyond the largest asymmetry of `double`
    exact = kernels.resonant(Doublets(strength, low, high), T, B, LOW_FREQUENCY).real
    assert abs((double(resonant) + tail) / exact - 1.0) < 1e-8
    exact = kernels.relaxational(Doublets(strength, low, high), RelaxationRate(gamma, 3, kappa), T, B, omega).imag
    assert abs(double(loss) / exact - 1.0) < 1e-7


@pytest.mark.parametrize("orientation", ["random", "parallel", "perpendicular", "rms"])
@pytest.mark.parametrize(("B", "frequency"), [
    (0.01, 1e9), (0.01, 3e9), (0.05, 2e9), (0.2, 8e9), (0.0, 1.2e9), (5e-4, 0.6245e9),
])
def test_gigahertz_parts_obey_kramers_kronig(B, frequency, orientation):
    T, row, weights = 0.05, BK7[:3], ORIENTATIONS[orientation]
    pole = quantum(frequency)
    bounds = Doublets(*row, weights).edges(B)
    low, high = float(bounds.low), float(bounds.high)
    edges = sorted({row[0], math.hypot(row[0], low), math.hypot(row[0], high)})
    start, far = edges[0] if orientation != "rms" else edges[-2] if B else edges[0], 300.0

    def loss(energy):
        return float(kernels.resonant(Doublets(*row, weights), T, B, energy / quantum(1.0)).imag)

    # alpha'(W) = (2/pi) PV Int dE E alpha''(E)/(E^2 - W^2): subtract the pole, then split at every kink.
    at_pole = pole * loss(pole)

    def regular(energy):
        return (energy * loss(energy) - at_pole) / (energy**2 - pole**2)

    cuts = sorted({edge for edge in edges if edge > start} | {start, pole, 2.0 * pole, 1.0, 10.0, far})
    cuts = [cut for cut in cuts if cut >= start]
    value = sum(quad(regular, a, b, epsrel=1e-8, limit=200)[0] for a, b in zip(cuts[:-1], cuts[1:], strict=True))
    value += at_pole / (2.0 * pole) * (
        math.log((far - pole) / (far + pole)) - math.log(abs(start - pole) / (start + pole))
    )
    value += math.pi / 2.0 * math.log(row[2] / row[1]) / far  # tail: E alpha'' -> (pi/2) ln(b/a)
    exact = float(kernels.resonant(Doublets(*row, weights), T, B, frequency).real)
    assert abs(2.0 / math.pi * value - exact) < 3e-6 * kernels.resonant(Doublets(*row), T, 0.0, LOW_FREQUENCY).real


@pytest.mark.parametrize("orientation", ["random", "parallel", "rms"])
def test_relaxation_obeys_kramers_kronig(orientation):
    step, omega = 0.02, 2e3 * math.pi
    logs = (np.arange(-2000, 2000) + 0.5) * step
    *row, _, gamma = ALBASIO_LOSS
    value = kernels.relaxational(
        Doublets(*row, ORIENTATIONS[orientation]), RelaxationRate(gamma, 3, 1 / 6), 0.077, 0.05, omega * np.exp(logs)
    )
    square = np.exp(2.0 * logs)
    real = 2.0 / math.pi * step * np.sum(value.imag * square / (square - 1.0))
    exact = kernels.relaxational(
        Doublets(*row, ORIENTATIONS[orientation]), RelaxationRate(gamma, 3, 1 / 6), 0.077, 0.05, omega
    ).real
    assert abs(real / exact - 1.0) < 1e-10


def test_random_direction_is_the_mean_of_one_parallel_and_two_perpendicular():
    fields = np.array([0.001, 0.05, 1.0])
    parts = {name: shift(BK7, 0.015, fields, name) for name in ("random", "parallel", "perpendicular")}
    np.testing.assert_allclose(parts["random"], (parts["parallel"] + 2.0 * parts["perpendicular"]) / 3.0, rtol=1e-9)


def test_small_field_changes_stand_as_the_mean_squares_of_the_cosine():
    changes = {name: shift(BK7, 0.015, 3e-5, name) for name in ORIENTATIONS}
    for name, square in (("parallel", 1 / 5), ("perpendicular", 2 / 5), ("rms", 1 / 3)):
        assert abs(changes[name] / changes["random"] - 3.0 * square) < 1e-3


def test_resonant_part_dies_out_in_a_strong_field():
    strongest = shift(BK7, 0.015, 1e4, "random")
    assert abs(strongest / (-0.5 * BK7[3] * REFERENCE["resonant"]["zero_field"][0][2]) - 1.0) < 1e-2


def test_measuring_direction_interpolates_between_parallel_and_perpendicular():
    tilted = DielectricConvention(field_direction=(0.6, 0.0, 0.8)).orientation()
    *row, strength = BK7
    change = (
        0.5
        * strength
        * (
            kernels.resonant(Doublets(*row, tilted), 0.015, 0.05, 1.0)
            - kernels.resonant(Doublets(*row, tilted), 0.015, 0.0, 1.0)
        ).real
    )
    mix = 0.64 * shift(BK7, 0.015, 0.05, "parallel") + 0.36 * shift(BK7, 0.015, 0.05, "perpendicular")
    assert abs(change / mix - 1.0) < 1e-8


def test_relaxation_times_are_distributed_as_their_density_says():
    # At fixed E the systems lie as dc/[E c (1 - c)] over c = (D/E)^2, whose integral is ln[c/(1 - c)]/E.
    E, T, gamma, kappa = 0.1, 0.05, 2e-10, 1 / 6

    def tau(c):
        return float(kernels.relaxation_time(E, E * math.sqrt(1.0 - c), T, gamma, 3, kappa))

    number = quad(lambda t: float(kernels.relaxation_time_density(E, t, T, gamma, kappa)), tau(0.2), tau(0.8))[0]
    assert abs(number - 2.0 * math.log(4.0) / E) < 1e-6
    assert kernels.relaxation_time_density(E, 0.99 * tau(0.0), T, gamma, kappa) == 0.0
    assert abs(tau(1.0) / tau(0.0) - 1.2) < 1e-12


@pytest.mark.parametrize("B", [0.0, 1e-6, 0.02, 3.0])
def test_a_finite_largest_asymmetry_takes_away_its_tail(B):
    limited = AnomalousTunnelingSystems(
        0.0, 0.03, 0.2, 166800.0, 457600.0, theory="effective", dielectric_strength=2.0,
        convention=DielectricConvention(field_direction="rms"),
    )
    a, b = (flux_phase_per_area * B / math.sqrt(3.0) * area for area in (166800.0, 457600.0))
    T = 0.05

    def integrand(x, y):
        gap = math.hypot(math.exp(x), (a if a else 0.0) * math.exp(y))
        return math.tanh(gap / (2.0 * T)) / gap * (1.0 + (a * math.exp(y) / gap) ** 2)

    brute = dblquad(integrand, 0.0, math.log(457600.0 / 166800.0), math.log(0.03), math.log(0.2), epsabs=1e-11)[0]
    assert b >= a
    assert abs(limited.permittivity(T, B, LOW_FREQUENCY, part="resonant").real / brute - 1.0) < 1e-9


@given(
    T=st.floats(0.005, 1.0), B=st.floats(0.0, 2.0), frequency=st.floats(10.0, 2e10),
    orientation=st.sampled_from(sorted(ORIENTATIONS)), kappa=st.floats(0.0, 0.9), power=st.sampled_from([1, 3]),
)
def test_dissipation_is_never_negative(T, B, frequency, orientation, kappa, power):
    *row, _, gamma = ALBASIO_LOSS
    weights = ORIENTATIONS[orientation]
    assert kernels.resonant(Doublets(*row, weights), T, B, frequency).imag >= -1e-12
    omega = 2.0 * math.pi * frequency
    assert (
        kernels.relaxational(Doublets(*row, weights), RelaxationRate(gamma, power, kappa), T, B, omega).imag >= -1e-12
    )


@pytest.mark.parametrize("B", [0.0, 0.01, 1.0])
def test_dissipation_is_never_negative_beyond_both_cutoffs(B):
    frequency = np.geomspace(1e8, 1e12, 300)  # h f from below asymmetry_min to far above asymmetry_max
    for orientation in ("average", "rms"):
        limited = dataclasses.replace(systems(BK7, orientation=orientation), asymmetry_max=0.0301)
        assert np.all(limited.permittivity(0.05, B, frequency).imag >= 0.0)


def test_the_replacement_of_the_direction_average_takes_no_measuring_direction():
    with pytest.raises(ParameterError, match="knows no direction of the measuring field"):
        systems(BK7, orientation="rms", convention=DielectricConvention(field_direction="parallel"))


def test_temperature_dependent_cutoffs_and_a_spread_of_areas_act_as_on_every_observable():
    options = dict(activation_energy=0.01, reference_temperature=0.02, flux_field=0.5)
    moving = systems(BK7, **options)
    T = np.array([0.015, 0.03])
    values = moving.permittivity(T, 0.05, 1e3)
    for t, value in zip(T, values, strict=True):
        r = math.exp(-0.01 / t + 0.01 / 0.02)
        fixed = systems((0.03 * r, 166800.0 * r**3, 457600.0 * r**3, 8.9e-7))
        assert abs(value / fixed.permittivity(t, 0.05, 1e3) - 1.0) < 1e-12
    spread = systems(ALBASIO_LOSS, area_spread=0.3)
    sigma, parts = 0.3, 4001
    x = np.linspace(-8.0, 8.0, parts)
    weight = np.exp(-0.5 * x**2) / math.sqrt(2.0 * math.pi) * (x[1] - x[0])
    brute = np.sum(weight * systems(ALBASIO_LOSS).permittivity(0.077, 0.05 * np.exp(sigma * x), 1e3))
    assert abs(spread.permittivity(0.077, 0.05, 1e3) / brute - 1.0) < 1e-8


def test_response_broadcasts_over_temperature_field_and_frequency():
    T, B, frequency = np.array([0.05, 0.077])[:, None, None], np.array([0.0, 0.05, 0.5])[:, None], np.array([1e3, 1e4])
    table = systems(ALBASIO_LOSS).permittivity(T, B, frequency)
    assert table.shape == (2, 3, 2)
    assert abs(table[1, 1, 0] / systems(ALBASIO_LOSS).permittivity(0.077, 0.05, 1e3) - 1.0) < 1e-9


def test_printed_zero_field_weight_of_one_third_scales_the_resonant_part_only():
    third = systems(ALBASIO_LOSS, convention=DielectricConvention(resonant_weight=1 / 3))
    half = systems(ALBASIO_LOSS)
    for part, ratio in (("resonant", 2 / 3), ("relaxational", 1.0)):
        values = [s.permittivity(0.1, 0.0, 1e3, part=part) for s in (third, half)]
        assert abs(values[0] / values[1] - ratio) < 1e-14
