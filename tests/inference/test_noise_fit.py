"""Noise spectra are fitted together with losses: by fluctuation and dissipation both measure one strength."""

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.data import Column, Dataset, with_condition, with_noise

GLASS = gt.TwoLevelSystems(0.0, None, 1e3, dielectric_strength=8e-4, elastic_constant=2e-8)


def dataset(quantity, values, unit, name="", **columns):
    data = Dataset(
        {key: Column(*column) for key, column in columns.items()} | {quantity: Column(values, unit)}, quantity,
        name=name or quantity,
    )
    return with_noise(data, relative=0.02)


def test_a_spectrum_and_a_loss_give_one_strength():
    rng = np.random.default_rng(9)
    f, T = np.geomspace(10.0, 1e4, 25), np.geomspace(0.05, 1.0, 20)
    noise = gt.capacitor_noise(GLASS, 0.5, 0.0, f, 2e-12) * (1.0 + 0.02 * rng.normal(size=25))
    loss = gt.loss_tangent(GLASS, T, 0.0, 1e3) * (1.0 + 0.02 * rng.normal(size=20))
    spectrum = dataset("voltage_noise", noise, "V2/Hz", frequency=(f, "Hz"))
    spectrum = with_condition(spectrum, temperature="0.5 K", capacitance="2 pF")
    bridge = with_condition(dataset("loss_tangent", loss, "1", temperature=(T, "K")), frequency="1 kHz")
    vary = {"tls.dielectric_strength": gt.LogUniform(1e-6, 1e-1), "tls.elastic_constant": gt.LogUniform(1e-12, 1e-4)}
    result = gt.fit(gt.Glass({"tls": GLASS}), [spectrum, bridge], vary)
    assert result.converged and 0.5 < result.chi2 / result.dof < 1.6
    for path, truth in (("tls.dielectric_strength", 8e-4), ("tls.elastic_constant", 2e-8)):
        assert abs(result.values[path] - truth) < 4.0 * result.errors[path] < 0.25 * truth


def test_the_law_of_flicker_noise_is_recovered_from_spectra_at_two_temperatures():
    rng = np.random.default_rng(10)
    law = gt.FlickerNoise(3e-17, 1.4)
    f = np.geomspace(0.1, 100.0, 20)
    data = []
    for T in (0.05, 0.2):
        S = gt.frequency_noise(law, T, 0.0, 5e9, f) * (1.0 + 0.02 * rng.normal(size=20))
        one = dataset("frequency_noise", S, "1/Hz", f"at_{1e3 * T:.0f}_mK", noise_frequency=(f, "Hz"))
        data.append(with_condition(one, temperature=T, frequency="5 GHz"))
    vary = {"flicker.level": gt.LogUniform(1e-22, 1e-10), "flicker.exponent": gt.Uniform(-3.0, 5.0)}
    result = gt.fit(law, data, vary)
    assert result.values["flicker.exponent"] == pytest.approx(1.4, abs=0.03)
    assert result.values["flicker.level"] == pytest.approx(3e-17, rel=0.06)
