"""Two-level systems: single systems against Bloch equations, ensembles against brute-force integrals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp
from scipy.integrate import quad, solve_ivp
from tests.reference import reference

from glasstunnel import TwoLevelSystems
from glasstunnel.systems.response import two_level as kernels

# 004 Table I, silica: gamma [s K^3], smallest amplitude and largest gap [K].
GAMMA, LOWEST, HIGHEST = 5.30e-8, 3.9e-3, 10.0

REFERENCE = reference("two_level_response")
RESONANT = {T: resonant for T, resonant, _ in REFERENCE["ensemble"]["rows"]}
RELAXATIONAL = {T: complex(*relaxational) for T, _, relaxational in REFERENCE["ensemble"]["rows"]}
STATIC = REFERENCE["other_conditions"]["static"]


def test_quantum_of_one_gigahertz():
    assert math.isclose(kernels.quantum(1e9), reference("levels")["quantum"]["kelvin_per_gigahertz"], rel_tol=1e-14)


@pytest.mark.parametrize(("omega", "resonant", "relaxational"), REFERENCE["single"]["rows"])
def test_one_system_has_the_benchmark_response(omega, resonant, relaxational):
    assert abs(kernels.single_resonant(0.6, 0.8, 0.5, omega, 6.0) - complex(*resonant)) < 1e-13
    assert abs(kernels.single_relaxational(0.6, 0.8, 0.5, omega, 4.0) - complex(*relaxational)) < 1e-13


def bloch_response(asymmetry, amplitude, T, omega, relaxation_time, coherence_time):
    """chi of one two-level system from the Bloch equations integrated in time with a weak field F cos(omega t)."""
    gap, field = math.hypot(asymmetry, amplitude), 1e-4
    along, across = asymmetry / gap, amplitude / gap

    def motion(t, spin):
        force = 2.0 * field * math.cos(omega * t)
        parallel, perpendicular = -gap + force * along, -force * across
        rest = -math.tanh(parallel / (2.0 * T))
        s, u, v = spin
        return (
            perpendicular * v - (s - rest) / relaxation_time,
            -parallel * v - u / coherence_time,
            parallel * u - perpendicular * s - v / coherence_time,
        )

    period = 2.0 * math.pi / omega
    start = period * math.ceil(30.0 * max(relaxation_time, coherence_time) / period)
    times = start + period * np.arange(512) / 64.0
    solution = solve_ivp(motion, (0.0, times[-1]), (math.tanh(gap / (2.0 * T)), 0.0, 0.0), method="DOP853",
                         t_eval=times, rtol=1e-11, atol=1e-14)
    s, u, _ = solution.y
    polarization = -(along * s - across * u)
    return 2.0 * np.mean(polarization * np.exp(1j * omega * times)) / field


def test_one_system_follows_the_bloch_equations():
    for omega in (0.3, 1.0):
        chi = kernels.single_resonant(0.6, 0.8, 0.5, omega, 6.0)
        chi = chi + kernels.single_relaxational(0.6, 0.8, 0.5, omega, 4.0)
        assert abs(bloch_response(0.6, 0.8, 0.5, omega, 4.0, 6.0) / chi - 1.0) < 1e-6


def test_static_response_of_one_system_is_the_second_derivative_of_the_free_energy():
    T = 0.5

    def free_energy(field):
        return -T * mp.log(2 * mp.cosh(mp.sqrt((mp.mpf("0.6") - 2 * field) ** 2 + mp.mpf("0.8") ** 2) / (2 * T)))

    static = kernels.single_resonant(0.6, 0.8, T, 0.0, math.inf) + kernels.single_relaxational(0.6, 0.8, T, 0.0, 1.0)
    assert abs(static + float(mp.diff(free_energy, 0, 2))) < 1e-10


@pytest.mark.parametrize("T", RESONANT)
def test_ensemble_has_the_benchmark_response(T):
    assert abs(kernels.resonant(T, 1e3, LOWEST, HIGHEST).real / RESONANT[T] - 1.0) < 1e-11
    assert abs(kernels.relaxational(T, 1e3, LOWEST, HIGHEST, GAMMA) / RELAXATIONAL[T] - 1.0) < 3e-12


def test_relaxation_at_other_constants_and_at_zero_frequency():
    fast = complex(*REFERENCE["other_conditions"]["fast"])
    assert abs(kernels.relaxational(0.1, 1e4, LOWEST, HIGHEST, 0.82e-8) - fast) < 1e-12
    assert abs(kernels.relaxational(0.1, 1e-9, LOWEST, HIGHEST, GAMMA).real - STATIC) < 1e-11


def test_unlimited_distribution_has_the_ideal_response():
    for x, ideal in REFERENCE["ideal"]["rows"]:
        frequency = (0.1 / x) ** 3 / (2.0 * math.pi * GAMMA)
        assert abs(kernels.relaxational(0.1, frequency, 1e-9, 1e3, GAMMA) - complex(*ideal)) < 1e-10


def test_minimum_scale_is_where_both_slopes_cancel():
    T, frequency = 0.1, (0.1 / kernels.MINIMUM_SCALE) ** 3 / (2.0 * math.pi * GAMMA)
    temperatures = T * np.exp(np.array([-1e-3, 1e-3]))
    total = kernels.resonant(temperatures, frequency, 1e-9, 1e3) + kernels.relaxational(
        temperatures, frequency, 1e-9, 1e3, GAMMA
    )
    curvature_step = 1e-3 * 0.5  # the slope changes by about 0.5 A per unit ln T at the minimum
    assert abs(np.diff(total.real)[0] / 2e-3) < 1e-5 * curvature_step + 1e-6


def test_slopes_of_the_ideal_distribution():
    T = np.exp(np.array([-1e-3, 1e-3])) * 10.0
    resonant = np.diff(kernels.resonant(T, 1.0, 1e-9, 1e6).real)[0] / 2e-3
    relaxational = np.diff(kernels.relaxational(T, 1.0, 1e-9, 1e6, 1e-8).real)[0] / 2e-3
    assert abs(resonant + 2.0 / 3.0) < 1e-4
    assert abs(relaxational - 1.0) < 1e-3


def test_low_temperature_loss_is_cubic_and_high_temperature_loss_a_plateau():
    frequency = 1e6
    x = 0.01 / (GAMMA * 2.0 * math.pi * frequency) ** (1 / 3)
    loss = kernels.relaxational(0.01, frequency, 1e-9, 1e3, GAMMA).imag
    assert abs(loss / (math.pi**4 / 36.0 * x**3) - 1.0) < 3e-3
    assert abs(kernels.relaxational(10.0, 1.0, 1e-9, 1e3, GAMMA).imag / (math.pi / 6.0) - 1.0) < 1e-3


def test_tau_integral_has_the_benchmark_value_and_no_cancellation():
    s = math.acosh(100.0)  # tau_max/tau_min = 1e4
    assert abs(kernels.relaxation_integral(0.7, s) - complex(*REFERENCE["time_integral"]["value"])) < 1e-14
    for x, s in ((1e-12, 6.0), (1e-4, 1e-3), (1e5, 4.0), (0.3, 12.0)):
        with mp.workdps(40):
            root = mp.sqrt(1 - 1j * mp.mpf(x))
            exact = complex(2 * (root * mp.atanh(mp.tanh(s) / root) - mp.tanh(s)))
        assert abs(kernels.relaxation_integral(x, s) / exact - 1.0) < 1e-11


def test_relaxation_equals_the_double_integral_over_asymmetry_and_amplitude():
    T, omega = 0.1, 2e3 * math.pi

    def part(pick):
        def over_amplitude(ln_amplitude):
            amplitude = math.exp(ln_amplitude)

            def over_asymmetry(ln_asymmetry):
                asymmetry = math.exp(ln_asymmetry)
                gap = math.hypot(asymmetry, amplitude)
                if gap > HIGHEST:
                    return 0.0
                tau = kernels.relaxation_time(gap, amplitude, T, GAMMA)
                # p^2 -> p0^2/3; the asymmetry integral in ln(Delta) brings a factor Delta.
                return asymmetry * pick(kernels.single_relaxational(asymmetry, amplitude, T, omega, tau)) / 3.0

            return quad(over_asymmetry, math.log(1e-7), math.log(4.4), epsrel=1e-9, limit=200)[0]

        return quad(over_amplitude, math.log(LOWEST), math.log(4.4), epsrel=1e-8, limit=200)[0]

    value = part(lambda chi: chi.real) + 1j * part(lambda chi: chi.imag)
    assert abs(value / RELAXATIONAL[0.1] - 1.0) < 1e-7


@pytest.mark.parametrize("ratio", [0.5, 0.97, 1.003, 1.5, 12.3, 61.0, 2300.0, 2564.0, 2565.0, 5000.0])
def test_resonant_part_is_the_principal_value_at_any_frequency(ratio):
    T, photon = 0.1, ratio * LOWEST
    square, end = ratio**2, math.acosh(HIGHEST / LOWEST)

    def smooth(s):
        return math.tanh(LOWEST * math.cosh(s) / (2.0 * T)) * math.tanh(s) ** 2 * 2.0 * math.cosh(s) ** 2

    if 1.0 < ratio < HIGHEST / LOWEST:
        pole = math.acosh(ratio)

        def numerator(s):
            distance = s - pole
            over = distance / math.sinh(distance) if distance else 1.0
            return smooth(s) * over / math.sinh(s + pole)

        low, high = max(0.0, pole - 0.3), min(end, pole + 0.3)
        value = quad(numerator, low, high, weight="cauchy", wvar=pole, epsrel=1e-11)[0]
        pieces = [(0.0, low), (high, end)]
    else:
        value, pieces = 0.0, [(0.0, 1.0), (1.0, end)]
    for a, b in pieces:
        value += quad(lambda s: smooth(s) / (math.cosh(s) ** 2 - square), a, b, epsrel=1e-11, limit=500)[0]
    frequency = photon / kernels.quantum(1.0)
    assert abs(kernels.resonant(T, frequency, LOWEST, HIGHEST).real - value / 3.0) < 1e-8 * (1.0 + abs(value))


def test_gigahertz_response_has_the_benchmark_values():
    limited = kernels.resonant(0.1, 5e9, LOWEST, HIGHEST)
    assert abs(limited - complex(*REFERENCE["gigahertz"]["limited"])) < 1e-11
    assert abs(kernels.resonant(0.1, 5e9, 1e-9, HIGHEST).real - REFERENCE["gigahertz"]["without_smallest"]) < 1e-10


def test_gigahertz_shift_is_the_digamma_form_for_an_unlimited_distribution():
    largest = 1e4
    for T, shift, tanh in REFERENCE["gigahertz"]["shifts"]:
        photon = kernels.quantum(5e9)
        assert abs(math.tanh(photon / (2.0 * T)) - tanh) < 1e-12
        digamma = float(mp.re(mp.digamma(0.5 + photon / (2j * mp.pi * T)))) - math.log(photon / (2.0 * math.pi * T))
        assert abs(digamma - shift) < 1e-12
        value = kernels.resonant(T, 5e9, 1e-9, largest)
        assert abs(value.real + 2.0 / 3.0 * (digamma + math.log(photon / largest))) < 1e-7
        assert abs(value.imag - math.pi / 3.0 * tanh) < 1e-9


def test_saturation_free_loss_of_silica_at_low_temperature():
    silica = TwoLevelSystems(0.0, 1e-6, 10.0, dielectric_strength=47.2e-5)
    loss = silica.permittivity(1e-3, 0.0, 5e9, part="resonant").imag
    assert loss == pytest.approx(REFERENCE["cold_loss"]["loss"], rel=1e-11)


def test_real_and_imaginary_relaxation_obey_kramers_kronig():
    step = 0.02
    logs = (np.arange(-2000, 2000) + 0.5) * step
    loss = kernels.relaxational(0.1, 1e3 * np.exp(logs), LOWEST, HIGHEST, GAMMA).imag
    square = np.exp(2.0 * logs)
    assert abs(2.0 / math.pi * step * np.sum(loss * square / (square - 1.0)) - RELAXATIONAL[0.1].real) < 1e-11
    static = 2.0 / math.pi * step * np.sum(loss)
    assert abs(static - STATIC) < 1e-10


def test_real_and_imaginary_resonance_obey_kramers_kronig():
    T, frequency = 0.1, 5e9
    photon, end = kernels.quantum(frequency), math.acosh(HIGHEST / LOWEST)

    def numerator(s):
        energy = LOWEST * math.cosh(s)
        loss = kernels.resonant(T, energy / kernels.quantum(1.0), LOWEST, HIGHEST).imag
        return energy * loss * LOWEST * math.sinh(s) / (energy + photon)

    pole = math.acosh(photon / LOWEST)
    near = quad(lambda s: numerator(s) * (s - pole) / (LOWEST * math.cosh(s) - photon) if s != pole else 0.0,
                pole - 0.5, pole + 0.5, weight="cauchy", wvar=pole)[0]
    rest = sum(quad(lambda s: numerator(s) / (LOWEST * math.cosh(s) - photon), a, b, epsrel=1e-10)[0]
               for a, b in ((0.0, pole - 0.5), (pole + 0.5, end * (1.0 - 1e-15))))
    assert abs(2.0 / math.pi * (near + rest) - kernels.resonant(T, frequency, LOWEST, HIGHEST).real) < 1e-7


@given(T=st.floats(1e-3, 10.0), frequency=st.floats(1.0, 1e11), gamma=st.floats(1e-10, 1e-5), low=st.floats(1e-6, 0.1))
def test_dissipation_is_never_negative(T, frequency, gamma, low):
    systems = TwoLevelSystems(0.0, low, 10.0, dielectric_strength=1e-3, elastic_constant=gamma)
    assert systems.permittivity(T, 0.0, frequency, part="resonant").imag >= 0.0
    assert systems.permittivity(T, 0.0, frequency, part="relaxational").imag >= 0.0


@pytest.mark.parametrize("energy_max", [1.0, 10.0])
def test_resonant_part_stays_finite_where_the_photon_meets_the_largest_gap(energy_max):
    # The real part diverges as a logarithm there, which one digit beside it no longer shows.
    frequency = energy_max / kernels.quantum(1.0)
    beside = [frequency * (1.0 + step) for step in (-2.0**-52, 0.0, 2.0**-52)]
    values = np.array([kernels.resonant(0.1, f, 0.01, energy_max) for f in beside])
    assert np.all(np.isfinite(values)) and np.ptp(values.real) < 2.0


def test_response_broadcasts_over_temperature_and_frequency():
    T, frequency = np.array([0.02, 0.1, 0.5])[:, None], np.array([1e3, 1e5])
    silica = TwoLevelSystems(0.0, LOWEST, HIGHEST, dielectric_strength=1.0, elastic_constant=GAMMA)
    table = silica.permittivity(T, 0.0, frequency)
    assert table.shape == (3, 2)
    assert abs(table[1, 0] - (RESONANT[0.1] + RELAXATIONAL[0.1])) < 1e-11
