"""Fits of losses and shifts: the analytic law put in is found again, and real files say what they say."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import digamma

from glasstunnel import Column, Dataset, Glass, LogUniform, Resonator, TwoLevelSystems, Uniform, fit, heat_capacity
from glasstunnel.constants import boltzmann, planck
from glasstunnel.data import with_condition, with_noise
from glasstunnel.errors import FitError

F, PHOTON = 5e9, planck * 5e9 / boltzmann
T = np.geomspace(0.03, 1.0, 30)
PUT_IN = {"loss": 2e-6, "critical": 3e-17, "beta": 0.8, "residual": 5e-8}
GLASS = Glass({
    "oxide": TwoLevelSystems(1e20, dielectric_strength=1e-3),
    "resonator": Resonator(1e-3, critical_power=1e-16, saturation_exponent=1.0, residual_loss=1e-7),
})  # fmt: skip
VARY = {
    "resonator.filling_factor": LogUniform(1e-6, 1.0), "resonator.critical_power": LogUniform(1e-22, 1e-10),
    "resonator.saturation_exponent": Uniform(0.05, 2.0), "resonator.residual_loss": LogUniform(1e-10, 1e-5),
}  # fmt: skip


def analytic_loss(power, noise, seed):
    """F delta_0 tanh(hf/2T)/sqrt(1 + (P/Pc)^beta) + residual, typed out."""
    saturated = 1.0 / math.sqrt(1.0 + (power / PUT_IN["critical"]) ** PUT_IN["beta"])
    values = PUT_IN["loss"] * np.tanh(PHOTON / (2.0 * T)) * saturated
    values = (values + PUT_IN["residual"]) * (1.0 + noise * np.random.default_rng(seed).standard_normal(T.size))
    data = Dataset({"temperature": Column(T, "K"), "internal_loss": Column(values)}, "internal_loss",
                   name=f"loss{seed}")  # fmt: skip
    return with_condition(data, frequency="5 GHz", power=f"{power} W")


def analytic_shift(noise, seed):
    """(F delta_0/pi) [Re psi(1/2 + hf/2 pi i T) - ln(hf/2 pi T)] from 0.1 K."""
    def level(t):
        return np.real(digamma(0.5 + PHOTON / (2j * np.pi * t))) - np.log(PHOTON / (2.0 * np.pi * t))

    values = PUT_IN["loss"] / np.pi * (level(T) - level(0.1))
    values = values + noise * np.random.default_rng(seed).standard_normal(T.size)
    data = Dataset({"temperature": Column(T, "K"), "frequency_shift": Column(values)}, "frequency_shift", name="shift")
    return with_condition(data, frequency="5 GHz", reference_temperature=0.1)


def joint(noise, residuals):
    losses = [analytic_loss(power, noise, seed) for seed, power in enumerate((1e-19, 1e-16, 1e-14))]
    shift = analytic_shift(noise * 1e-6, 9)
    if residuals:
        return [*(with_noise(one, residuals="relative") for one in losses), with_noise(shift, residuals=True)]
    return [*(with_noise(one, relative=noise) for one in losses), with_noise(shift, absolute=noise * 1e-6)]


@pytest.mark.parametrize("residuals", [False, True])
def test_the_analytic_law_is_recovered_from_losses_and_shift(residuals):
    result = fit(GLASS, joint(0.01, residuals), VARY)
    assert result.converged
    found = {
        "loss": (math.pi / 3.0 * 1e-3, "resonator.filling_factor"), "critical": (1.0, "resonator.critical_power"),
        "beta": (1.0, "resonator.saturation_exponent"), "residual": (1.0, "resonator.residual_loss"),
    }  # fmt: skip
    for name, (factor, path) in found.items():
        off = factor * result.values[path] - PUT_IN[name]
        assert abs(off) < 4.0 * factor * result.errors[path], name
        assert factor * result.errors[path] < 0.2 * PUT_IN[name], name
    if residuals:
        for curve in result.curves.values():
            if curve.observable == "internal_loss":
                assert_allclose(curve.sigma / curve.measured, 0.01, rtol=0.5)


def test_thermodynamic_and_resonator_data_are_fitted_together():
    column = Column(1.3 * heat_capacity(GLASS, T, 0.0), "J/(K kg)")
    specific = Dataset({"temperature": Column(T, "K"), "heat_capacity": column}, "heat_capacity", name="heat")
    result = fit(GLASS, [with_noise(specific, relative=0.01), *joint(0.01, False)],
                 VARY | {"oxide.density": LogUniform(1e18, 1e22)})  # fmt: skip
    assert_allclose(result.values["oxide.density"], 1.3e20, rtol=1e-6)
    assert_allclose(result.values["resonator.filling_factor"] * math.pi / 3.0 * 1e-3, PUT_IN["loss"], rtol=0.02)


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda data: data.with_column("frequency", Column([0.0] * 30, "Hz")), "row 1: frequency must be positive, got 0"),
    (lambda data: data.with_column("power", Column([-1e-18] * 30, "W")), "row 1: power must not be negative"),
    (lambda data: data.with_column("power", Column([1.0] * 30, "K")), "column .*K"),
    (lambda data: Dataset({key: column for key, column in data.columns.items() if key != "frequency"}, data.quantity,
                          noise=data.noise), "no column 'frequency', .* give it with with_condition"),
    (lambda data: Dataset({key: column for key, column in data.columns.items() if key != "power"}, data.quantity,
                          noise=data.noise), "the loss needs power"),
])
def test_bad_conditions_are_sentences(change, sentence):
    data = change(with_noise(analytic_loss(1e-16, 0.01, 1), relative=0.01))
    with pytest.raises(FitError, match=sentence):
        fit(GLASS, [data], {"resonator.filling_factor": VARY["resonator.filling_factor"]})


def test_a_shift_without_reference_says_how_to_give_one():
    data = analytic_shift(1e-9, 1)
    bare = Dataset({key: data[key] for key in ("temperature", "frequency_shift", "frequency")}, "frequency_shift")
    with pytest.raises(FitError, match="no column 'reference_temperature', .* relative_to"):
        fit(GLASS, [with_noise(bare, absolute=1e-9)], {"resonator.filling_factor": LogUniform(1e-6, 1.0)})


def test_a_run_left_out_tells_its_own_noise_and_the_page_says_what_follows():
    """The row of docs/honest_numbers.md on the resonator."""
    from importlib.resources import files

    from glasstunnel.runfile.run import execute, load_run

    result = execute(load_run(str(files("glasstunnel") / "examples" / "resonator.toml")))[0]
    found = result.holdout()
    held = found.predicted["loss_140dBm"]
    assert (held.directions, held.points) == (5, 17) and found.adequate
    assert abs(held.plain_chi2 - 237.0) < 0.5 and abs(held.chi2 - 29.06) < 0.1 and abs(held.p_value - 0.0016) < 2e-4
    assert abs(found.errors["resonator.gap"] - 1.5) < 0.06 and abs(found.of_fit["resonator.gap"] - 0.376) < 0.006
    assert "quote resonator.gap" in found.advice
