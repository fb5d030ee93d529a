"""The rows of 002 Table 8 as glasses and pulses."""

import numpy as np
import pytest
from tests.echoes.printed_rows import DEBYE_KILOVOLT, ROWS, TAN_PHASE

from glasstunnel import echo, published_echo
from glasstunnel.constants import hbar
from glasstunnel.errors import ParameterError

IDS = dict(zip(ROWS, ("002.T8.BAS.echo.s1", "002.T8.BAS.echo.s2", "002.T8.BK7.echo.tau12_1.5us",
                      "002.T8.BK7.echo.tau12_6us"), strict=True))


@pytest.mark.parametrize("row", ROWS)
def test_the_rows_have_their_numbers_in_si(row):
    printed = published_echo(IDS[row])
    asymmetry, low, high, rate, diffusion, drive, frequency, gap = ROWS[row]
    ats = printed.glass["ats"]
    assert (ats.asymmetry_min, ats.amplitude_area_min, ats.amplitude_area_max) == pytest.approx((asymmetry, low, high))
    assert (1 / ats.elastic_constant, ats.spectral_diffusion) == pytest.approx((rate, diffusion))
    rabi = ats.dipole_moment * printed.pulses.field_amplitude / hbar
    assert rabi == pytest.approx(drive * DEBYE_KILOVOLT, rel=1e-9)
    pulses = printed.pulses
    assert (pulses.frequency, pulses.waiting_times[0], printed.T) == pytest.approx((frequency, gap, 0.012))
    assert np.tan(printed.pulses.carrier_phase) == pytest.approx(TAN_PHASE[row])


def test_the_other_reading_of_the_rate_unit_is_a_thousand_times_slower():
    slow, fast = (published_echo(IDS["BK7 6 us"], rate_unit=unit).glass["ats"] for unit in ("ms", "us"))
    assert slow.elastic_constant / fast.elastic_constant == pytest.approx(1000.0)
    assert 1 / slow.elastic_constant == pytest.approx(3.25e9)


def test_a_row_gives_a_field_curve_at_once():
    printed = published_echo(IDS["AlBaSiO 1"])
    value = echo(printed.glass, printed.pulses, printed.T, [0.0, 0.1], convention="paper", relative_amplitude=1.0)
    assert value == pytest.approx([2.0, 1.9945], abs=2e-4)


@pytest.mark.parametrize("call, words", [
    (lambda: published_echo("002.T14.BK7.M"), "is no echo fit"),
    (lambda: published_echo(IDS["BK7 6 us"], preset="mine"), "preset must be"),
    (lambda: published_echo(IDS["BK7 6 us"], rate_unit="s"), "rate_unit"),
])
def test_other_entries_and_options_are_refused(call, words):
    with pytest.raises(ParameterError, match=words):
        call()
