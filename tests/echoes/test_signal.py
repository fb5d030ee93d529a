"""The echo of a glass: what it returns, where it vanishes, and one sentence for each impossible question."""

import dataclasses
import warnings

import numpy as np
import pytest
from tests.echoes.printed_rows import ROWS, TAN_PHASE
from tests.reference import reference

from glasstunnel import AnomalousTunnelingSystems, Glass, LarmorDiamagnetism, Pulses, TwoLevelSystems, echo
from glasstunnel.constants import debye, hbar
from glasstunnel.echoes.convention import CONVENTIONS, EchoConvention, echo_convention
from glasstunnel.echoes.flux.doublet import response
from glasstunnel.echoes.flux.energy_grids import PER_KELVIN
from glasstunnel.errors import ParameterError

RMS = EchoConvention(rabi="rms")
TLS = TwoLevelSystems(1e22, dipole_moment=2e-30, elastic_constant=1e-8, spectral_diffusion=1e6)
PULSES = Pulses((1e-7, 2e-7), (2e-6,), 1e9, 1e3)
FIELDS = np.array([0.01, 0.03, 0.1, 0.2, 0.3, 0.6])


def anomalous(row="AlBaSiO 2", **changes):
    asymmetry, low, high, rate, diffusion, drive, *_ = ROWS[row]
    values = dict(density=1e20, asymmetry_min=asymmetry, asymmetry_max=None, amplitude_area_min=low,
                  amplitude_area_max=high, theory="effective", dipole_moment=drive * debye,
                  elastic_constant=1.0 / rate, spectral_diffusion=diffusion)
    return AnomalousTunnelingSystems(**(values | changes))


def sequence(row, **options):
    return Pulses((1e-7, 2e-7), (ROWS[row][7],), ROWS[row][6], 1e3, **options)


CURVES = {  # j(B) printed, j(B) derived at FIELDS
    "AlBaSiO 1": ([1.0007, 1.0024, 0.9945, 0.9137, 0.8311, 0.6553], [1.0001, 1.0006, 1.0061, 1.0082, 0.9626, 0.8241]),
    "AlBaSiO 2": ([1.0001, 1.0008, 1.0091, 1.0399, 1.1068, 1.1060], [1.0002, 1.0016, 1.0187, 1.0830, 1.2335, 1.4300]),
    "BK7 1.5 us": ([1.0002, 1.0012, 1.0118, 1.0487, 1.0530, 0.9487], [1.0002, 1.0021, 1.0239, 1.1198, 1.2014, 1.1731]),
    "BK7 6 us": ([1.0002, 1.0038, 1.0097, 0.9322, 0.8581, 0.7036], [1.0006, 1.0053, 1.0617, 1.0304, 0.9715, 0.8322]),
}
# position [T] and height of the one extremum below 0.65 T
EXTREMA = {
    "AlBaSiO 1": ((0.058, 1.0042), (0.158, 1.0164)), "AlBaSiO 2": ((0.415, 1.1366), (0.637, 1.4310)),
    "BK7 1.5 us": ((0.250, 1.0588), (0.371, 1.2109)), "BK7 6 us": ((0.083, 1.0145), (0.116, 1.0649)),
}


def relative(row, which, B):
    """j(B) of a row, printed (which=0) or derived (1)."""
    options = {"detection": "carrier", "carrier_phase": np.arctan(TAN_PHASE[row])} if which == 0 else {}
    pulses, choice = sequence(row, **options), "paper" if which == 0 else RMS
    return echo(anomalous(row), pulses, 0.012, B, convention=choice, relative_amplitude=1.0) - 1.0


@pytest.mark.parametrize("which", [0, 1], ids=["printed", "derived"])
@pytest.mark.parametrize("row", ROWS)
def test_field_curves_of_the_printed_parameters(row, which):
    assert relative(row, which, FIELDS) == pytest.approx(CURVES[row][which], abs=2.5e-4)


@pytest.mark.parametrize("which", [0, 1], ids=["printed", "derived"])
@pytest.mark.parametrize("row", ROWS)
def test_the_one_extremum_of_the_printed_parameters(row, which):
    position, height = EXTREMA[row][which]
    fine = position * np.linspace(0.9, 1.1, 21)
    fine = fine[fine <= 0.65]
    curve = relative(row, which, fine)
    assert curve.max() == pytest.approx(height, abs=2e-4)
    assert fine[np.argmax(curve)] == pytest.approx(position, rel=0.06)
    wide = relative(row, which, np.linspace(0.0, 0.65, 40))
    turns = np.flatnonzero(np.diff(np.sign(np.diff(wide)[np.abs(np.diff(wide)) > 1e-4])))
    assert len(turns) <= 1


@pytest.mark.parametrize("row, target, expected", [
    ("AlBaSiO 1", 0.8, -0.4204), ("BK7 6 us", 0.8, -0.4575), ("AlBaSiO 2", 0.8, -1.736),
])
def test_a_minimum_as_in_the_figures_needs_a_negative_relative_amplitude(row, target, expected):
    """x = -(1 - r0)/(1 - r0 j) for r0 = A(0)/A(0.6 T)."""
    x = -(1.0 - target) / (1.0 - target * relative(row, 0, np.array(0.6)))
    assert x == pytest.approx(expected, rel=2e-3)


def test_a_negative_relative_amplitude_warns():
    with pytest.warns(UserWarning, match="same sign"):
        dip = echo(anomalous(), PULSES, 0.012, FIELDS, relative_amplitude=-0.3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rise = echo(anomalous(), PULSES, 0.012, FIELDS, relative_amplitude=0.3)
    assert dip + rise == pytest.approx(2.0)


def test_contributions_add_with_their_densities():
    ats = anomalous()
    glass = Glass({"ats": ats, "tls": TLS, "larmor": LarmorDiamagnetism(1e-3)})
    total = echo(glass, PULSES, 0.012, FIELDS)
    assert total == pytest.approx(echo(ats, PULSES, 0.012, FIELDS) + echo(TLS, PULSES, 0.012, FIELDS))
    twice = dataclasses.replace(ats, density=2e20)
    assert echo(twice, PULSES, 0.012, 0.1) == pytest.approx(2 * echo(ats, PULSES, 0.012, 0.1))


def test_both_kinds_of_systems_answer_with_the_same_sign():
    assert echo(anomalous(), PULSES, 0.012, 0.0) > 0.0
    assert echo(TLS, PULSES, 0.012, 0.0) > 0.0


def test_the_amplitude_is_a_polarization():
    """(2 pi hbar P*/F0) J_S per kilogram, with the reference integral of AlBaSiO 2 at 0.3 T."""
    expected = 2 * np.pi * 1e20 * hbar / 1e3 * reference("flux_echoes")["over_loops"]["rows"][1][3][0]
    assert echo(anomalous(), PULSES, 0.012, 0.3, convention=RMS) == pytest.approx(expected, rel=1e-6)


def test_two_level_systems_do_not_feel_the_field():
    values = echo(TLS, PULSES, 0.012, FIELDS)
    assert values == pytest.approx(np.full(6, values[0]))


def test_shapes_broadcast_and_time_comes_last():
    T, B = np.array([[0.012], [0.02]]), np.array([0.0, 0.1, 0.2])
    assert echo(anomalous(), PULSES, T, B).shape == (2, 3)
    time = PULSES.echo_time + np.array([0.0, 1e-7])
    assert echo(anomalous(), PULSES, T, B, time=time).shape == (2, 3, 2)
    assert np.ndim(echo(anomalous(), PULSES, 0.012, 0.1)) == 0
    assert echo(anomalous(), PULSES, T, B)[1, 2] == pytest.approx(echo(anomalous(), PULSES, 0.02, 0.2))


def test_the_sign_of_the_field_does_not_matter():
    assert echo(anomalous(), PULSES, 0.012, -FIELDS) == pytest.approx(echo(anomalous(), PULSES, 0.012, FIELDS))


@pytest.mark.parametrize("durations", [(1e-7, 0.0), (0.0, 2e-7)])
@pytest.mark.parametrize("system", [anomalous(), TLS], ids=["anomalous", "two-level"])
def test_without_one_of_the_pulses_there_is_no_echo(system, durations):
    pulses = dataclasses.replace(PULSES, durations=durations)
    assert echo(system, pulses, 0.012, 0.1) == pytest.approx(0.0, abs=1e-40)


@pytest.mark.parametrize("system", [anomalous(), TLS], ids=["anomalous", "two-level"])
def test_without_a_drive_there_is_no_echo(system):
    assert echo(system, dataclasses.replace(PULSES, field_amplitude=0.0), 0.012, 0.1) == 0.0


def test_weak_pulses_answer_as_the_third_power_of_the_drive():
    strong, weak = (
        echo(anomalous(), dataclasses.replace(PULSES, field_amplitude=F), 0.012, 0.1) for F in (2.0, 1.0)
    )
    assert strong / weak == pytest.approx(8.0, rel=1e-3)


def test_at_high_temperature_without_relaxation_the_echo_falls_as_one_over_temperature():
    still = anomalous(elastic_constant=None, spectral_diffusion=0.0)
    hot = echo(still, PULSES, np.array([5.0, 10.0]), 0.1)
    assert hot[0] / hot[1] == pytest.approx(2.0, rel=1e-3)


def test_the_shape_passes_through_the_amplitude_and_peaks_later():
    """Refocusing is complete about half the first pulse after the nominal time."""
    pulses = dataclasses.replace(PULSES, detection="modulus")
    time = pulses.echo_time + np.linspace(-2e-7, 3e-7, 101)
    shape = echo(anomalous(), pulses, 0.012, 0.1, time=time)
    assert echo(anomalous(), PULSES, 0.012, 0.1, time=pulses.echo_time) == pytest.approx(
        echo(anomalous(), PULSES, 0.012, 0.1), rel=1e-5
    )
    late = time[np.argmax(shape)] - pulses.echo_time
    assert 0.4e-7 < late < 0.7e-7
    peak = echo(anomalous(), dataclasses.replace(PULSES, detection="peak"), 0.012, 0.1)
    assert peak == pytest.approx(shape.max(), rel=1e-3)
    assert shape[0] < 0.05 * peak


def test_the_gated_integral_is_the_area_under_the_shape():
    gate = 4e-7
    gated = echo(anomalous(), dataclasses.replace(PULSES, detection="gated", gate=gate), 0.012, 0.1)
    x, w = np.polynomial.legendre.leggauss(200)
    shape = echo(anomalous(), PULSES, 0.012, 0.1, time=PULSES.echo_time + gate * x)
    assert gated == pytest.approx(gate * w @ shape, rel=1e-4)


def test_a_slow_receiver_smooths_and_delays():
    slow = dataclasses.replace(PULSES, receiver_rate=5e6, detection="modulus")
    time = PULSES.echo_time + np.linspace(-2e-7, 6e-7, 81)
    fast_shape = echo(anomalous(), dataclasses.replace(PULSES, detection="modulus"), 0.012, 0.1, time=time)
    slow_shape = echo(anomalous(), slow, 0.012, 0.1, time=time)
    assert slow_shape.max() < fast_shape.max()
    assert np.argmax(slow_shape) > np.argmax(fast_shape)


@pytest.mark.parametrize("kappa", [pytest.param(1e5, marks=pytest.mark.slow), 1e6, 1e7])
def test_a_narrow_receiver_is_resolved(kappa):
    """At B = 0 only int dE/E tanh <Omega^4/O^3 (S + i C)> kappa/(kappa + iz) is left, here on a fine grid."""
    still = anomalous(elastic_constant=None, spectral_diffusion=0.0)
    pulses = dataclasses.replace(PULSES, receiver_rate=kappa)
    x, w = np.polynomial.legendre.leggauss(10)
    fine = np.sinh(np.linspace(0.0, np.arcsinh(1.5e9 / kappa), 1 + int(1.5e9 / 3e6)))
    edges = kappa * np.concatenate([-fine[:0:-1], fine])
    edges = np.unique(np.concatenate([edges, np.arange(-1.5e9, 1.5e9, 5e6)]))
    half = 0.5 * np.diff(edges)[:, None]
    z, weight = (0.5 * (edges[1:] + edges[:-1])[:, None] + half * x).ravel(), (half * w).ravel()
    gap = (z + pulses.angular_frequency) / PER_KELVIN
    drive = still.dipole_moment * 1e3 / hbar / np.sqrt(12.0)
    kernel = response(z, drive, pulses.durations) * kappa / (kappa + 1j * z) * np.tanh(gap / 0.024) / gap / PER_KELVIN
    expected = 2 * np.pi * 1e20 * hbar / 1e3 * np.log(8960 / 1140) * np.sum(weight * kernel).real
    assert echo(still, pulses, 0.012, 0.0, convention=RMS) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("options", [{"detection": "gated", "gate": 1.5e-6}, {"detection": "peak"}])
@pytest.mark.parametrize("system", [
    anomalous(elastic_constant=1e-18), dataclasses.replace(TLS, elastic_constant=1e-15),
], ids=["anomalous", "two-level"])
def test_damping_beyond_the_range_of_numbers_leaves_nothing(system, options):
    assert abs(echo(system, dataclasses.replace(PULSES, **options), 0.012, 0.1)) < 1e-20


@pytest.mark.slow
def test_strong_pulses_agree_with_a_fine_average_over_field_directions():
    """Largest pulse area 14; at B = 0, without decay."""
    still = anomalous(elastic_constant=None, spectral_diffusion=0.0)
    drive = 28.0 / 2e-7
    pulses = dataclasses.replace(PULSES, field_amplitude=drive * hbar / still.dipole_moment)
    x, w = np.polynomial.legendre.leggauss(32)
    angle, weight = 0.25 * np.pi * (x + 1.0), 0.25 * np.pi * w
    rabi = (0.5 * drive * np.outer(np.sin(angle), np.sin(angle))).ravel()
    share = np.outer(weight * np.sin(angle), weight * 2 / np.pi).ravel()
    y, v = np.polynomial.legendre.leggauss(8)
    edges = np.arange(PER_KELVIN * still.asymmetry_min, PER_KELVIN * 0.7, 4e7)
    z = (0.5 * (edges[1:] + edges[:-1])[:, None] + 2e7 * y).ravel()
    gap = z / PER_KELVIN
    total = 0.0
    for part in np.array_split(np.arange(len(z)), 40):
        kernel = response(z[part, None] - pulses.angular_frequency, rabi, pulses.durations).real @ share
        total += np.sum(2e7 * np.resize(v, len(z))[part] * kernel * np.tanh(gap[part] / 0.024) / z[part])
    expected = 2 * np.pi * 1e20 * hbar / pulses.field_amplitude * np.log(8960 / 1140) * total
    assert echo(still, pulses, 0.012, 0.0) == pytest.approx(expected, rel=1e-4)


def test_the_stimulated_echo_decays_with_the_population():
    still = anomalous(elastic_constant=None)
    short, long = (Pulses((1e-7,) * 3, (1e-6, wait), 1e9, 1e3) for wait in (1e-6, 1e-5))
    assert echo(still, short, 0.012, 0.1) == pytest.approx(echo(still, long, 0.012, 0.1), rel=1e-12)
    assert echo(anomalous(), long, 0.012, 0.1) < echo(anomalous(), short, 0.012, 0.1)


def test_nuclei_act_on_the_two_level_part_alone():
    glass = Glass({"ats": anomalous(), "tls": TLS})
    with_nuclei = echo(glass, PULSES, 0.012, 0.1, nuclear_factor=0.8)
    assert with_nuclei == pytest.approx(echo(anomalous(), PULSES, 0.012, 0.1) + 0.8 * echo(TLS, PULSES, 0.012, 0.1))
    relative_echo = echo(anomalous(), PULSES, 0.012, 0.0, relative_amplitude=0.5, nuclear_factor=0.8)
    assert relative_echo == pytest.approx(1.3)


def test_every_switch_changes_the_echo():
    base = EchoConvention(rabi="rms")
    reference = echo(anomalous(), dataclasses.replace(PULSES, detection="modulus"), 0.012, 0.2, convention=base)
    for change in ({"kappa_rabi": 5 / 6}, {"kappa_rate": 5 / 6}, {"damping_factor": 1.0}, {"rate_power": 3},
                   {"shift_denominator": "resonant"}, {"direction": "rms"}, {"direction": "parallel"},
                   {"rabi": "exact"}):
        changed = dataclasses.replace(base, **change)
        value = echo(anomalous(), dataclasses.replace(PULSES, detection="modulus"), 0.012, 0.2, convention=changed)
        assert abs(value / reference - 1) > 1e-6, change


def test_presets_have_their_names():
    assert echo_convention("paper") is CONVENTIONS["paper"]
    assert echo_convention(RMS) is RMS


@pytest.mark.parametrize("call, words", [
    (lambda: echo(anomalous(), PULSES, 0.012, 0.1, time=1e-6), "no echo before the second pulse"),
    (lambda: echo(anomalous(), PULSES, 0.0, 0.1), "temperature T"),
    (lambda: echo(anomalous(), PULSES, "cold", 0.1), "T must be real numbers"),
    (lambda: echo(anomalous(), PULSES, 0.012, 0.1, time="late"), "time must be real numbers"),
    (lambda: echo(anomalous(), PULSES, [0.012, 0.02], [0.1, 0.2, 0.3]), "do not broadcast"),
    (lambda: echo(anomalous(), None, 0.012, 0.1), "pulses must be a Pulses"),
    (lambda: echo(anomalous(density=None), PULSES, 0.012, 0.1), "density is not known"),
    (lambda: echo(dataclasses.replace(TLS, density=None), PULSES, 0.012, 0.1), "density is not known"),
    (lambda: echo(TLS, PULSES, 0.012, 0.1, nuclear_factor=np.nan), "nuclear_factor must be finite"),
    (lambda: echo(TLS, PULSES, 0.012, 0.1, nuclear_factor=[1.0, 0.9]), "nuclear_factor of shape"),
    (lambda: echo(TLS, dataclasses.replace(PULSES, field_amplitude=1e5), 0.012, 0.1), "weaken or shorten the pulses"),
    (lambda: echo(anomalous(), PULSES, 0.012, np.nan), "flux density B"),
    (lambda: echo(anomalous(dipole_moment=None), PULSES, 0.012, 0.1), "dipole_moment"),
    (lambda: echo(TLS, PULSES, 0.012, 0.1, relative_amplitude=0.5), "needs anomalous systems"),
    (lambda: echo(anomalous(), PULSES, 0.012, 0.1, relative_amplitude="big"), "relative_amplitude must be"),
    (lambda: echo(anomalous(flux_field=0.5), PULSES, 0.012, FIELDS * 4), "beyond the edge of the table at 1.571 T"),
    (lambda: echo(anomalous(), PULSES, 0.012, 0.1, time=1e-2), "closer to the echo"),
    (lambda: echo(anomalous(area_spread=0.2), PULSES, 0.012, 0.1), "area_spread"),
    (lambda: echo(anomalous(), PULSES, 0.012, 0.1, convention="folklore"), "echo convention must be"),
    (lambda: echo(anomalous(), dataclasses.replace(PULSES, detection="peak"), 0.012, 0.1, time=5e-6), "takes no times"),
    (lambda: EchoConvention(kappa_rabi=2.0), "kappa_rabi must be between 0 and 1"),
    (lambda: EchoConvention(rabi="none"), "EchoConvention.rabi must be one of"),
    (lambda: echo(anomalous(), dataclasses.replace(PULSES, field_amplitude=0.0), 0.012, 0.1, relative_amplitude=1.0),
     "vanishes at B = 0"),
])
def test_impossible_questions_are_refused_in_a_sentence(call, words):
    with pytest.raises(ParameterError, match=words):
        call()
