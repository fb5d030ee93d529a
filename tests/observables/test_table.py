"""Where curves are drawn when no range is asked: where each quantity is usually measured."""

import pytest

from glasstunnel.observables.presentations import PRESENTATIONS
from glasstunnel.observables.table import OBSERVABLES

MAGNETOMETER, CRYOSTAT, RESONATOR = (0.5, 50.0), (0.02, 20.0), (0.01, 4.0)  # K
TEMPERATURES = {
    **dict.fromkeys(("magnetization", "static_susceptibility", "susceptibility_times_temperature",
                     "inverse_susceptibility", "heat_capacity_over_cubed_temperature"), MAGNETOMETER),
    **dict.fromkeys(("internal_loss", "internal_quality_factor", "frequency_shift"), RESONATOR),
    "susceptibility": (2.0, 50.0), "heat_capacity": (0.5, 20.0), "heat_capacity_over_temperature": (0.1, 3.0),
    "echo": (0.005, 0.1),
}  # fmt: skip
OTHER_AXES = {
    "magnetization against B": (0.0, 7.0), "magnetization against B/T": (0.0, 7.0), "levels against field": (0.0, 5.0),
    "echo against field": (0.0, 0.5), "echo against waiting time": (1e-6, 5e-5),
}  # fmt: skip


@pytest.mark.parametrize("name", OBSERVABLES)
def test_a_curve_spans_the_temperatures_of_its_instrument(name):
    assert OBSERVABLES[name].span == TEMPERATURES.get(name, CRYOSTAT)


@pytest.mark.parametrize("name", PRESENTATIONS)
def test_a_picture_against_something_else_has_its_range(name):
    assert PRESENTATIONS[name].span == OTHER_AXES.get(name)
