"""Resonators: losses add, the drive saturates the resonant loss only, quasiparticles take over when warm."""

import math

import numpy as np
import pytest
from mpmath import mp

from glasstunnel import Glass, Resonator, TwoLevelSystems
from glasstunnel.errors import ParameterError
from glasstunnel.observables import resonator as observables
from glasstunnel.observables.resonator import frequency_shift, internal_loss, internal_quality_factor
from glasstunnel.systems.resonator.superconductor import conductivity, low_temperature_conductivity
from glasstunnel.systems.response.two_level import quantum

OXIDE = TwoLevelSystems(0.0, 1e-7, 1e3, dielectric_strength=1e-3)
FREQUENCY = 5e9


def around(*arguments, **options):
    """The oxide in a resonator."""
    return Glass({"tls": OXIDE, "resonator": Resonator(*arguments, **options)})


def test_weak_field_loss_is_the_textbook_tanh():
    T = np.array([0.02, 0.1, 0.5])
    loss = internal_loss(around(0.3), T, 0.0, FREQUENCY)
    np.testing.assert_allclose(loss, 0.3 * math.pi / 3.0 * 1e-3 * np.tanh(quantum(FREQUENCY) / (2.0 * T)), rtol=1e-9)


def test_drive_saturates_the_resonant_loss_and_leaves_residual_loss():
    device = around(0.3, critical_photon_number=10.0, saturation_exponent=0.8, residual_loss=1e-7)
    n = np.array([0.0, 10.0, 1e6])
    loss = internal_loss(device, 0.02, 0.0, FREQUENCY, n)
    weak = loss[0] - 1e-7
    np.testing.assert_allclose(loss - 1e-7, weak / np.sqrt(1.0 + (n / 10.0) ** 0.8), rtol=1e-12)
    assert abs(internal_quality_factor(device, 0.02, 0.0, FREQUENCY, 10.0) * loss[1] - 1.0) < 1e-14


def test_shift_is_the_digamma_form():
    for T in (0.05, 0.2, 0.8):
        def digamma(t):
            z = quantum(FREQUENCY) / (2.0 * mp.pi * t)
            return float(mp.re(mp.digamma(0.5 - 1j * z)) - mp.log(z))

        exact = 0.3 * 1e-3 / 3.0 * (digamma(T) - digamma(0.1))
        assert abs(frequency_shift(around(0.3), T, 0.0, FREQUENCY, 0.1) - exact) < 1e-9 * 1e-3


def test_quasiparticles_add_their_loss_and_pull_the_frequency_down():
    device = around(0.01, gap=2.1, kinetic_inductance_fraction=0.1)
    bare = around(0.01)
    T = np.array([0.1, 0.2, 0.3])
    added = internal_loss(device, T, 0.0, FREQUENCY) - internal_loss(bare, T, 0.0, FREQUENCY)
    first, second = low_temperature_conductivity(T, FREQUENCY, 2.1)
    np.testing.assert_allclose(added, 0.1 * first / second, rtol=0.1)
    pull = frequency_shift(device, T, 0.0, FREQUENCY, 0.02) - frequency_shift(bare, T, 0.0, FREQUENCY, 0.02)
    reactance = conductivity(T, FREQUENCY, 2.1)[1] / conductivity(0.02, FREQUENCY, 2.1)[1]
    np.testing.assert_allclose(pull, 0.05 * (reactance - 1.0), rtol=1e-12)
    assert np.all(np.diff(pull) < 0.0)


def test_photon_number_balances_power_and_dissipation():
    # On resonance a notch resonator with Q_i = Q_c takes up half of the incident power; it dissipates n hbar w^2/Q_i.
    power, quality = 1e-15, 4e5
    n = observables.photon_number(power, FREQUENCY, quality / 2.0, quality, "notch")
    dissipated = n * 1.054571817e-34 * (2.0 * math.pi * FREQUENCY) ** 2 / quality
    assert abs(dissipated / (0.5 * power) - 1.0) < 1e-9
    # Matched in reflection (Q_i = Q_c) everything is taken up.
    n = observables.photon_number(power, FREQUENCY, quality / 2.0, quality, "one_port")
    assert abs(n * 1.054571817e-34 * (2.0 * math.pi * FREQUENCY) ** 2 / quality / power - 1.0) < 1e-9


def test_bad_input_is_refused_in_one_sentence():
    with pytest.raises(ParameterError, match="coupling must be one of"):
        observables.photon_number(1e-15, FREQUENCY, 1e5, 1e5, "strip")
    with pytest.raises(ParameterError, match="loaded_quality_factor must be positive"):
        observables.photon_number(1e-15, FREQUENCY, math.inf, 1e5, "notch")
    with pytest.raises(ParameterError, match="power must be"):
        observables.photon_number("1 aW", FREQUENCY, 1e5, 1e5, "notch")
    with pytest.raises(ParameterError, match="photon_number must not be negative"):
        internal_loss(around(), 0.1, 0.0, FREQUENCY, -1.0)
    with pytest.raises(ParameterError, match="twice the gap"):
        internal_loss(around(gap=2.1), 1.3, 0.0, FREQUENCY)
    with pytest.raises(ParameterError, match="internal quality factor is infinite"):
        internal_quality_factor(Glass({"resonator": Resonator()}), 0.1, 0.0, FREQUENCY)
    with pytest.raises(ParameterError, match="Resonator.filling_factor"):
        Resonator(filling_factor=1.2)
    with pytest.raises(ParameterError, match="saturation_law"):
        Resonator(saturation_law="none")


def test_empty_conditions_give_empty_results():
    glass = around(gap=2.1, kinetic_inductance_fraction=0.1)
    assert internal_loss(glass, np.zeros(0), 0.0, FREQUENCY).shape == (0,)
    assert frequency_shift(glass, 0.1, 0.0, np.zeros(0), 0.05).shape == (0,)
