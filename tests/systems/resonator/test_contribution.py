"""A resonator in a glass: no thermodynamics of its own, shares that add up, slopes, saturation that fades when warm."""

import math

import numpy as np
import pytest

from glasstunnel import (
    AnomalousTunnelingSystems,
    Glass,
    Resonator,
    TwoLevelSystems,
    frequency_shift,
    heat_capacity,
    internal_loss,
    magnetization,
)
from glasstunnel.constants import boltzmann, planck
from glasstunnel.errors import ParameterError
from glasstunnel.observables import OBSERVABLES, evaluation

OXIDE = TwoLevelSystems(0.0, 1e-6, 1e3, dielectric_strength=1e-3, elastic_constant=5e-8)
OTHER = AnomalousTunnelingSystems(1e19, 0.02, None, 2e4, 5e5, theory="effective", dielectric_strength=1e-4)
DEVICE = Resonator(
    0.02, critical_power=1e-17, saturation_exponent=0.7, saturation_thermal_power=2.0, gap=14.0,
    kinetic_inductance_fraction=0.02, residual_loss=1e-7,
)  # fmt: skip
GLASS = Glass({"oxide": OXIDE, "resonator": DEVICE, "other": OTHER})
T = np.array([0.05, 0.3, 1.0, 1.7])
FREQUENCY, POWER = 5.6e9, np.array([1e-19, 1e-17, 1e-15, 1e-13])


def test_a_resonator_has_no_thermodynamics():
    for observable in (heat_capacity, magnetization):
        assert not np.any(observable(DEVICE, T, 1.0))
        without = Glass({"oxide": OXIDE, "other": OTHER})
        np.testing.assert_array_equal(observable(GLASS, T, 1.0), observable(without, T, 1.0))


def test_loss_is_the_sum_over_glass_film_and_residual():
    parts = evaluation.parts(OBSERVABLES["internal_loss"], GLASS, T, 0.0, {"frequency": FREQUENCY, "power": POWER})
    assert list(parts) == ["oxide", "other", "resonator"] and all(np.all(part > 0.0) for part in parts.values())
    np.testing.assert_allclose(sum(parts.values()), internal_loss(GLASS, T, 0.0, FREQUENCY, power=POWER), rtol=1e-14)


@pytest.mark.parametrize("m", [0.0, 1.0, 3.0])
def test_critical_power_grows_as_a_power_of_coth(m):
    """Written out from constants: 1/sqrt(1 + (P tanh^m/Pc)^beta) on the resonant loss pi/3 A tanh(hf/2T)."""
    oxide = TwoLevelSystems(0.0, 1e-7, 1e3, dielectric_strength=1e-3)
    device = Resonator(0.02, critical_power=1e-17, saturation_exponent=0.7, saturation_thermal_power=m)
    loss = internal_loss(Glass({"oxide": oxide, "resonator": device}), T, 0.0, FREQUENCY, power=POWER)
    for one, temperature, power in zip(loss, T, POWER, strict=True):
        tanh = math.tanh(planck * FREQUENCY / (2.0 * boltzmann * temperature))
        expected = 0.02 * math.pi / 3.0 * 1e-3 * tanh / math.sqrt(1.0 + (power * tanh**m / 1e-17) ** 0.7)
        assert abs(one / expected - 1.0) < 1e-9


@pytest.mark.parametrize(("name", "conditions"), [
    ("internal_loss", {"frequency": np.full(4, FREQUENCY), "power": POWER}),
    ("frequency_shift", {"frequency": np.full(4, FREQUENCY), "reference_temperature": np.full(4, 0.1)}),
])
def test_derivatives_are_those_of_the_whole_glass(name, conditions):
    paths = [
        *(f"resonator.{name}" for name in (
            "filling_factor", "critical_power", "saturation_exponent", "saturation_thermal_power", "gap",
            "kinetic_inductance_fraction", "residual_loss",
        )),
        "oxide.dielectric_strength", "oxide.tunneling_min", "other.asymmetry_min",
    ]  # fmt: skip
    value, slopes = evaluation.derivatives(OBSERVABLES[name], GLASS, T, np.zeros(4), paths, conditions)
    np.testing.assert_allclose(value, evaluation.evaluate(name, GLASS, T, np.zeros(4), **conditions), rtol=1e-13)
    assert list(slopes) and set(slopes) == set(paths)
    for path in paths:
        number = GLASS.value(path)
        high, low = (
            evaluation.evaluate(name, GLASS.with_values({path: number * factor}), T, np.zeros(4), **conditions)
            for factor in (1.0001, 0.9999)
        )
        scale = np.max(np.abs(value))
        np.testing.assert_allclose(slopes[path] * number, (high - low) / 2e-4, rtol=2e-4, atol=1e-7 * scale)


def test_shift_does_not_ask_for_a_drive():
    np.testing.assert_allclose(
        frequency_shift(GLASS, T, 0.0, FREQUENCY, 0.1),
        frequency_shift(GLASS.with_values({"resonator.critical_power": 1e-30}), T, 0.0, FREQUENCY, 0.1), rtol=1e-14,
    )  # fmt: skip
    assert frequency_shift(GLASS, 0.1, 0.0, FREQUENCY, 0.1) == 0.0


@pytest.mark.parametrize(("ask", "sentence"), [
    (lambda: Resonator(critical_power=1e-18, critical_photon_number=1.0), "not both"),
    (lambda: internal_loss(GLASS, 0.1, 0.0, FREQUENCY), "the loss needs power .* attenuation and coupling"),
    (lambda: internal_loss(GLASS, 0.1, 0.0, FREQUENCY, photon_number=3.0), "the loss needs power"),
    (lambda: internal_loss(GLASS, 0.1, 0.0, FREQUENCY, power=-1e-18), "power must not be negative"),
    (lambda: internal_loss(GLASS, 0.1, 0.0, 0.0, power=0.0), "frequency must be positive"),
    (lambda: internal_loss(GLASS, 0.1, 0.0, -5e9, power=0.0), "frequency must be positive"),
    (lambda: internal_loss(OXIDE, 0.1, 0.0, FREQUENCY), "no contribution is a Resonator: put one into the glass"),
    (lambda: internal_loss(Glass({"oxide": OXIDE}), 0.1, 0.0, FREQUENCY), "no contribution is a Resonator"),
    (lambda: frequency_shift(Glass({"oxide": OXIDE, "a": DEVICE, "b": DEVICE}), 0.1, 0.0, 5e9, 0.1), "there are 2"),
    (lambda: frequency_shift(GLASS, 0.1, 0.0, FREQUENCY, 0.0), "reference_temperature must be positive"),
])
def test_bad_input_is_refused_in_one_sentence(ask, sentence):
    with pytest.raises(ParameterError, match=sentence):
        ask()
