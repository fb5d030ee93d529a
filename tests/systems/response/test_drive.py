"""Strong drive: single systems integrated in time (rate equation, Bloch equations), the weak limit, saturation."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from tests.reference import reference

import glasstunnel as gt
from glasstunnel.constants import boltzmann, hbar
from glasstunnel.systems.response import drive, two_level

SILICA = drive.DrivenPopulation(3.9e-3, 10.0, 5.3e-8)  # Delta0min, Emax, gamma of 004 Table I


def rate_equation_in_time(asymmetry, amplitude, swing, T, omega, gamma):
    """Fundamental of the population difference times Delta/E, after the transient has died out."""
    def asks(time):
        gap = math.hypot(asymmetry + swing * math.cos(omega * time), amplitude)
        return math.tanh(gap / (2 * T)), amplitude**2 * gap / (gamma * math.tanh(gap / (2 * T)))

    def slope(time, s):
        aim, rate = asks(time)
        return [-rate * (s[0] - aim)]

    slowest = amplitude**2 * 2.0 * T / gamma
    cycles = math.ceil(12.0 * omega / slowest / (2 * math.pi)) + 1
    grid = 2 * math.pi / omega * (cycles + np.arange(2001) / 2000)
    options = dict(method="LSODA", rtol=1e-9, atol=1e-12, max_step=2 * math.pi / omega / 200)
    s = solve_ivp(slope, (0.0, grid[-1]), [asks(0.0)[0]], t_eval=grid, **options).y[0]
    moved = asymmetry + swing * np.cos(omega * grid)
    return np.trapezoid(s * moved / np.hypot(moved, amplitude) * np.exp(1j * omega * grid), omega * grid) / math.pi


@pytest.mark.parametrize(("asymmetry", "amplitude", "swing", "delay"), [
    (0.05, 0.02, 0.2, 1.0), (0.3, 0.1, 0.2, 0.5), (0.0, 0.01, 0.1, 2.0), (0.1, 0.2, 0.05, 0.1),
])
def test_a_driven_system_is_what_its_rate_equation_gives_in_time(asymmetry, amplitude, swing, delay):
    T, gamma = 0.05, 1e-8
    omega = delay * amplitude**2 * 2.0 * T / gamma
    expected = rate_equation_in_time(asymmetry, amplitude, swing, T, omega, gamma)
    systems = drive.DrivenSystems(*(np.array([value]) for value in (asymmetry, amplitude, swing)))
    found = drive.single(systems, T, omega, gamma)[0]
    assert abs(found - expected) < 1e-3


def bloch_in_time(asymmetry, amplitude, swing, T, omega, rate, decoherence, cycles=14):
    """Fundamental of <sigma_z> from the Bloch equations with damping along and across the field of the moment.

    Units with hbar = k_B = 1; relaxation at `rate` everywhere, towards tanh(E/2T).
    """
    def slope(time, spin):
        moved = asymmetry + swing * math.cos(omega * time)
        gap = math.hypot(moved, amplitude)
        along = np.array([amplitude, 0.0, moved]) / gap
        parallel = spin @ along
        damping = rate * (parallel - math.tanh(gap / (2 * T))) * along + decoherence * (spin - parallel * along)
        return np.cross(-gap * along, spin) - damping

    grid = 2 * math.pi / omega * np.linspace(cycles - 4, cycles, 4 * 4001)
    spin = solve_ivp(slope, (0.0, grid[-1]), [0.0, 0.0, 0.5], method="DOP853", t_eval=grid, rtol=1e-8, atol=1e-10).y[2]
    return np.trapezoid(spin * np.exp(1j * omega * grid), omega * grid) / math.pi / 4


class EvenRates:
    """A relaxation law with one rate [1/s] at every gap: tau = shortest (E/Delta0)^2."""

    def __init__(self, amplitude, rate):
        self.amplitude, self.rate = amplitude, rate

    def shortest(self, gap, T, gamma):
        return (self.amplitude / gap) ** 2 / self.rate


@pytest.mark.slow
@pytest.mark.parametrize("amplitude", [0.4, 0.11, 0.05])
def test_passages_through_zero_follow_landau_and_zener(amplitude):
    """hbar = k_B = 1: omega 0.01, swing 1, so that pi Delta0^2/(2 v) is 25, 1.9 and 0.4; tau = 1/(0.2 omega).

    The Bloch vector also loses phase during the passage itself, which the law of Landau and Zener leaves out: 0.05.
    """
    expected = bloch_in_time(0.2, amplitude, 1.0, 0.5, 0.01, 0.002, 0.012)
    systems = drive.DrivenSystems(*(np.array([value]) for value in (0.2, amplitude, 1.0)))
    per_kelvin = boltzmann / hbar  # energies are in kelvin there and rates in 1/s
    law = EvenRates(amplitude, 0.002 * per_kelvin)
    found = drive.single(systems, 0.5, 0.01 * per_kelvin, 1.0, law)[0]
    assert abs(found - expected) < 0.05


@pytest.mark.parametrize(("T", "frequency"), [(0.02, 1e3), (0.1, 1e3), (1.0, 1e4)])
def test_a_weak_drive_gives_the_linear_response(T, frequency):
    low, high, gamma = SILICA[:3]
    linear = two_level.resonant(T, frequency, low, high) + two_level.relaxational(T, frequency, low, high, gamma)
    assert abs(drive.driven(T, frequency, 1e-6, SILICA) - linear) < 1e-3
    assert abs(drive.driven(T, frequency, 1e-6, SILICA._replace(directions=drive.STRAIN)) - 3.0 * linear) < 3e-3


def test_a_strong_drive_takes_the_loss_away_and_evens_out_the_temperature():
    cold, warm = (drive.driven(T, 1e3, np.array([1e-5, 3.0]), SILICA) for T in (0.03, 0.15))
    assert 0.0 < warm[1].imag < 0.1 * warm[0].imag
    assert abs(cold[1].real - warm[1].real) < 0.1 * abs(cold[0].real - warm[0].real)


def test_frequencies_that_reach_the_temperature_are_refused():
    with pytest.raises(gt.ParameterError, match="audio frequencies, h f below a tenth"):
        drive.driven(0.01, 1e9, 0.1, SILICA)


GLASS = gt.TwoLevelSystems(
    0.0, 3.9e-3, 10.0, dielectric_strength=47.2e-5, elastic_constant=5.3e-8, dipole_moment=3.33564e-30
)


def volts_per_meter(kelvin):
    """Field at which p0 F0 = k_B times so many kelvin."""
    return kelvin * boltzmann / 3.33564e-30


@pytest.mark.slow
def test_a_strong_drive_moves_the_minimum_of_the_dielectric_constant_up():
    """004: the minimum shifts considerably when the driving field is increased."""
    T = np.geomspace(0.05, 0.5, 24)
    shifts = [gt.dielectric_shift(GLASS, T, 0.0, 1e3, drive_amplitude=volts_per_meter(x)) for x in (0.0, 0.03, 0.1)]
    lowest = [T[np.argmin(shift)] for shift in shifts]
    assert lowest[0] == pytest.approx(0.085, rel=0.06) and lowest[1] > 1.2 * lowest[0] and lowest[2] > 2.5 * lowest[0]


def test_a_drive_of_nothing_is_the_linear_response():
    assert gt.loss_tangent(GLASS, 0.1, 0.0, 1e3, drive_amplitude=0.0) == gt.loss_tangent(GLASS, 0.1, 0.0, 1e3)
    weak = gt.dielectric_shift(GLASS, 0.1, 0.0, 1e3, drive_amplitude=volts_per_meter(1e-5))
    assert weak == pytest.approx(gt.dielectric_shift(GLASS, 0.1, 0.0, 1e3), abs=1e-3 * 47.2e-5)


def test_strain_drives_as_a_field_does():
    import dataclasses

    host = gt.Material(2200.0, 5800.0, 3800.0, 1.04, 0.65)
    silica = gt.TwoLevelSystems(reference("acoustics")["sound"]["density"], 6.6e-3, 20.0, material=host)
    strain = 0.05 * boltzmann / (0.65 * 1.602176634e-19)
    found = gt.internal_friction(silica, 0.1, 0.0, 9e4, "transverse", strain_amplitude=strain)
    gamma, strength = host.elastic_constant(), silica.mode_strength("transverse")
    population = drive.DrivenPopulation(6.6e-3, 20.0, gamma, directions=drive.STRAIN)
    expected = strength * drive.driven(0.1, 9e4, 0.05, population)
    assert found == pytest.approx(expected.imag, rel=1e-9)
    with pytest.raises(gt.ParameterError, match="not both"):
        gt.internal_friction(silica, 0.1, 0.0, 9e4, intensity=1.0, strain_amplitude=strain)
    with pytest.raises(gt.ParameterError, match="no one deformation potential"):
        gt.internal_friction(silica, 0.1, 0.0, 9e4, "young", strain_amplitude=strain)
    with pytest.raises(gt.ParameterError, match="needs a relaxation rate"):
        gt.loss_tangent(dataclasses.replace(GLASS, elastic_constant=None), 0.1, 0.0, 1e3, drive_amplitude=1.0)


def test_anomalous_systems_under_a_strong_drive_are_refused():
    ats = gt.AnomalousTunnelingSystems(None, 0.02, None, 1e5, 2e5, dielectric_strength=1e-6)
    with pytest.raises(gt.ParameterError, match="for two-level systems only; leave drive_amplitude out"):
        gt.loss_tangent(ats, 0.1, 0.0, 1e3, drive_amplitude=1e5)
