"""Thermometry: readings invert the curve, errors are those of repeated readings, ambiguity is refused."""

import numpy as np
import pytest

import glasstunnel as gt
from glasstunnel.observables.thermometry import temperature_of

SILICA = gt.TwoLevelSystems(0.0, 3.9e-3, 10.0, dielectric_strength=47.2e-5, elastic_constant=5.3e-8)


def test_a_reading_inverts_the_curve():
    T = np.array([0.012, 0.03, 0.06])
    shift = gt.dielectric_shift(SILICA, T, 0.0, 1e3, reference_temperature=0.05)
    found = temperature_of(SILICA, "dielectric_shift", shift, 0.0, (0.01, 0.08), frequency=1e3,
                           reference_temperature=0.05)  # fmt: skip
    np.testing.assert_allclose(found.temperature, T, rtol=1e-8)
    loss = gt.loss_tangent(SILICA, T, 0.0, 1e3)
    loss = temperature_of(SILICA, "loss_tangent", loss, 1e-7, (0.01, 0.08), frequency=1e3)
    np.testing.assert_allclose(loss.temperature, T, rtol=1e-8)


@pytest.mark.slow
def test_the_error_is_that_of_repeated_readings():
    rng = np.random.default_rng(6)
    truth = float(gt.dielectric_shift(SILICA, 0.03, 0.0, 1e3, reference_temperature=0.05))
    conditions = {"frequency": 1e3, "reference_temperature": 0.05}
    values = truth + 1e-6 * rng.standard_normal(400)
    found = temperature_of(SILICA, "dielectric_shift", values, 1e-6, (0.01, 0.08), **conditions)
    assert np.std(found.temperature) == pytest.approx(float(np.mean(found.error)), rel=0.12)
    pull = (found.temperature - 0.03) / found.error
    assert abs(np.mean(pull)) < 0.2 and np.std(pull) == pytest.approx(1.0, abs=0.12)


def test_both_sides_of_a_minimum_and_values_off_the_curve_are_refused():
    with pytest.raises(gt.ParameterError, match="not monotonic in T: it turns near 0.08"):
        temperature_of(SILICA, "dielectric_shift", 3.7e-3, 0.0, (0.01, 1.0), frequency=1e3)
    with pytest.raises(gt.ParameterError, match="is not on the curve between 0.01 and 0.08 K"):
        temperature_of(SILICA, "dielectric_shift", 1.0, 0.0, (0.01, 0.08), frequency=1e3)
    with pytest.raises(gt.ParameterError, match="read from a real number"):
        temperature_of(SILICA, "permittivity", 1.0, 0.0, (0.01, 0.08), frequency=1e3)
