"""Quasiparticles of the film: Mattis-Bardeen integrals against adaptive quadrature, low temperatures, the BCS gap."""

import math

import pytest
from scipy.integrate import quad

from glasstunnel.systems.resonator import superconductor as film
from glasstunnel.systems.response.two_level import quantum


def brute_force(T, frequency, gap):
    """The two integrals in the energy variable, with the square-root ends left to the adaptive rule."""
    w, delta = quantum(frequency), film.energy_gap(T, gap)

    def fermi(e):
        return 1.0 / (math.exp(e / T) + 1.0)

    def numerator(e):
        return e**2 + delta**2 + w * e

    def lossy(root):  # E = delta + root^2
        e = delta + root**2
        drop = fermi(e) - fermi(e + w)
        return 2.0 * drop * numerator(e) / math.sqrt(e + delta) / math.sqrt((e + w) ** 2 - delta**2)

    first = 2.0 / w * quad(lossy, 0.0, math.sqrt(40.0 * T), epsrel=1e-11, epsabs=0.0, limit=500)[0]

    def reactive(e):
        return (1.0 - 2.0 * fermi(e + w)) * numerator(e) / math.sqrt((delta + e) * (e + w + delta))

    # 1/sqrt((delta - e)(e + w - delta)) is an algebraic weight on [delta - w, delta].
    second = quad(reactive, delta - w, delta, weight="alg", wvar=(-0.5, -0.5), epsrel=1e-11)[0] / w
    return first, second


@pytest.mark.parametrize(("T", "frequency", "gap"), [
    (0.15, 5e9, 2.1), (0.6, 5e9, 2.1), (1.0, 2e9, 2.1), (2.0, 6e9, 16.5), (6.0, 6e9, 16.5), (0.3, 40e9, 2.1),
])
def test_conductivity_equals_the_integrals(T, frequency, gap):
    first, second = film.conductivity(T, frequency, gap)
    exact = brute_force(T, frequency, gap)
    assert abs(first / exact[0] - 1.0) < 1e-8
    assert abs(second / exact[1] - 1.0) < 1e-8


def test_reactive_conductivity_follows_the_logarithm_at_twice_the_gap():
    # T = 0: sigma_2 = ((2 Delta/w + 1) E(k') + (2 Delta/w - 1) K(k'))/2, k = (2 Delta - w)/(2 Delta + w).
    from scipy.special import ellipe, ellipk

    for below in (1e-2, 1e-4, 1e-6):
        frequency = 2.0 * 2.1 / film.quantum(1.0) * (1.0 - below)
        w = film.quantum(frequency)
        r, k = 2.0 * 2.1 / w, (2.0 * 2.1 - w) / (2.0 * 2.1 + w)
        exact = 0.5 * ((r + 1.0) * ellipe(1.0 - k**2) + (r - 1.0) * ellipk(1.0 - k**2))
        assert abs(film.conductivity(1e-3, frequency, 2.1)[1] / exact - 1.0) < 1e-9


@pytest.mark.parametrize(("T", "tolerance"), [(0.1, 0.03), (0.2, 0.06)])
def test_low_temperature_forms_approach_the_integrals(T, tolerance):
    first, second = film.conductivity(T, 1e9, 2.1)
    simple = film.low_temperature_conductivity(T, 1e9, 2.1)
    assert abs(simple[0] / first - 1.0) < tolerance
    assert abs(simple[1] / second - 1.0) < 1e-3


def test_zero_temperature_conductivity_is_purely_inductive():
    first, second = film.conductivity(0.01, 1e9, 2.1)
    assert first < 1e-80
    assert abs(second * quantum(1e9) / (math.pi * 2.1) - 1.0) < 1e-3


@pytest.mark.parametrize("reduced", [0.1, 0.25, 0.5, 0.8, 0.95, 0.999])
def test_gap_solves_the_weak_coupling_equation(reduced):
    # ln(gap/Delta) = 2 Int dx f(sqrt(x^2 + Delta^2))/sqrt(x^2 + Delta^2)
    T = reduced / film.GAP_RATIO
    delta = float(film.energy_gap(T, 1.0))

    def blocked(x):
        e = math.hypot(x, delta)
        return 2.0 * math.exp(-e / T) / (e * (1.0 + math.exp(-e / T)))

    integral = quad(blocked, 0.0, 45.0 * T, points=[0.1 * T, delta], epsabs=0.0, epsrel=1e-11, limit=400)[0]
    assert abs(math.log(1.0 / delta) - integral) < 1e-10


def test_gap_falls_as_the_square_root_law_at_low_temperature():
    """gap - Delta = sqrt(2 pi gap T) e^(-gap/T) (1 - T/8 gap ...) for T << T_c [textbooks]."""
    T = 0.05
    fall = 1.0 - float(film.energy_gap(T, 1.0))
    leading = math.sqrt(2.0 * math.pi * T) * math.exp(-1.0 / T)
    assert abs(fall / (leading * (1.0 - T / 8.0)) - 1.0) < 2e-3


def test_there_is_no_gap_above_the_critical_temperature():
    assert film.energy_gap(0.6, 1.0) == 0.0
