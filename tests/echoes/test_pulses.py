"""Pulse sequences: times, and one sentence for each impossible one."""

import numpy as np
import pytest

from glasstunnel.echoes.pulses import Pulses, check_times
from glasstunnel.errors import ParameterError


def make(**changes):
    return Pulses(**({"durations": (1e-7, 2e-7), "waiting_times": (2e-6,), "frequency": 1e9, "field_amplitude": 1e3}
                     | changes))


def test_the_echo_time_is_the_papers_twice_taubar():
    assert make().echo_time == pytest.approx(1e-7 + 2e-7 + 2 * 2e-6)


def test_the_stimulated_echo_comes_one_first_gap_after_the_third_pulse():
    pulses = make(durations=(1e-7, 2e-7, 3e-7), waiting_times=(2e-6, 7e-6))
    assert pulses.start_times == pytest.approx((0.0, 2.1e-6, 9.3e-6))
    assert pulses.echo_time == pytest.approx(9.6e-6 + 2e-6)


def test_start_times_give_the_same_sequence():
    pulses = Pulses.from_start_times([0.0, 2.1e-6], [1e-7, 2e-7], 1e9, 1e3)
    assert pulses.waiting_times == pytest.approx(make().waiting_times)


@pytest.mark.parametrize("changes, words", [
    ({"durations": (1e-7, -2e-7)}, "durations must not be negative"),
    ({"durations": (1e-7,)}, "two or three"),
    ({"durations": 1e-7}, "finite numbers"),
    ({"durations": (1e-7, np.nan)}, "finite numbers"),
    ({"waiting_times": (-1e-8,)}, "pulses 1 and 2 overlap"),
    ({"waiting_times": (1e-6, 1e-6)}, "must be 1 number"),
    ({"frequency": 0.0}, "frequency must be > 0 Hz"),
    ({"field_amplitude": -1.0}, "field_amplitude must be >= 0 V/m"),
    ({"detection": "loud"}, "detection must be one of"),
    ({"detection": "gated"}, "gate"),
    ({"gate": 1e-7}, "gate"),
    ({"detection": "gated", "gate": 0.0}, "gate must be > 0"),
    ({"detection": "gated", "gate": 3e-6}, "reaches back to the last pulse"),
    ({"carrier_phase": "0"}, "carrier_phase"),
    ({"receiver_rate": 0.0}, "receiver_rate"),
])
def test_an_impossible_sequence_is_refused_in_a_sentence(changes, words):
    with pytest.raises(ParameterError, match=words):
        make(**changes)


def test_overlapping_start_times_are_refused():
    with pytest.raises(ParameterError, match="pulses 1 and 2 overlap"):
        Pulses.from_start_times([0.0, 5e-8], [1e-7, 1e-7], 1e9, 1e3)
    with pytest.raises(ParameterError, match="start times for"):
        Pulses.from_start_times([0.0], [1e-7, 1e-7], 1e9, 1e3)


@pytest.mark.parametrize("count, word", [(2, "second"), (3, "third")])
def test_an_echo_before_the_last_pulse_is_refused(count, word):
    pulses = make(durations=(1e-7,) * count, waiting_times=(2e-6,) * (count - 1))
    with pytest.raises(ParameterError, match=f"no echo before the {word} pulse"):
        check_times(pulses, [1e-6, 1e-4])
    with pytest.raises(ParameterError, match="finite"):
        check_times(pulses, np.nan)
