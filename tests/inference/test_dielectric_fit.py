"""One glass for dielectric and thermal data: the frequency column reaches the model."""

import dataclasses

import numpy as np
import pytest

from glasstunnel import (
    Column,
    Dataset,
    FitError,
    Glass,
    LogUniform,
    TwoLevelSystems,
    dielectric_shift,
    fit,
    heat_capacity,
    loss_tangent,
)  # fmt: skip

TRUTH = Glass({
    "tls": TwoLevelSystems(2e20, 3.9e-3, 10.0, dielectric_strength=4.72e-4, elastic_constant=5.3e-8)
})


def dataset(quantity, values, sigma, unit, **columns):
    units = dict(temperature="K", frequency="kHz")
    data = {name: Column(column, units[name]) for name, column in columns.items()}
    data |= {quantity: Column(values, unit), "sigma": Column(np.broadcast_to(sigma, np.shape(values)), unit)}
    return Dataset(columns=data, quantity=quantity, name=quantity, source="simulated", format="simulated",
                   metadata={}, notes=(), history=(), noise="given")


def simulated():
    rng = np.random.default_rng(3)
    T = np.tile(np.geomspace(0.02, 0.8, 25), 2)
    frequency = np.repeat([1.0, 10.0], 25)
    shift = dielectric_shift(TRUTH, T, 0.0, 1e3 * frequency)
    loss = loss_tangent(TRUTH, T, 0.0, 1e3 * frequency)
    heat = heat_capacity(TRUTH, T, 0.0)
    return [
        dataset("dielectric_shift", shift + 2e-6 * rng.normal(size=50), 2e-6, "1", temperature=T, frequency=frequency),
        dataset("loss_tangent", loss + 1e-6 * rng.normal(size=50), 1e-6, "1", temperature=T, frequency=frequency),
        dataset("heat_capacity", heat * (1.0 + 0.01 * rng.normal(size=50)), 0.01 * heat, "J/(K kg)", temperature=T),
    ]


def test_a_joint_fit_of_shift_loss_and_heat_capacity_finds_the_glass():
    vary = {
        "tls.density": LogUniform(1e18, 1e22), "tls.dielectric_strength": LogUniform(1e-5, 1e-2),
        "tls.elastic_constant": LogUniform(1e-9, 1e-6), "tls.tunneling_min": LogUniform(1e-4, 0.02),
    }
    start = {"tls.density": 1e20, "tls.dielectric_strength": 1e-3, "tls.elastic_constant": 2e-8,
             "tls.tunneling_min": 2e-3}
    result = fit(TRUTH, simulated(), vary, start=start)
    assert result.converged
    for path in vary:
        assert abs(result.values[path] - TRUTH.value(path)) < 5.0 * result.errors[path]
        assert result.errors[path] < 0.05 * TRUTH.value(path)


def test_dielectric_data_need_their_frequency():
    shift = simulated()[0]
    columns = {name: column for name, column in shift.columns.items() if name != "frequency"}
    with pytest.raises(FitError, match="no column 'frequency'"):
        fit(TRUTH, [dataclasses.replace(shift, columns=columns)], {"tls.dielectric_strength": LogUniform(1e-5, 1e-2)})
    columns["frequency"] = Column(np.zeros(50), "Hz")
    with pytest.raises(FitError, match="frequency must be positive"):
        fit(TRUTH, [dataclasses.replace(shift, columns=columns)], {"tls.dielectric_strength": LogUniform(1e-5, 1e-2)})
