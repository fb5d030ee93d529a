"""The pulse sequence of an echo experiment: two or three pulses, and what is recorded of the echo."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.numerics.checks import is_number
from glasstunnel.records import brief

#: What is recorded: the quadrature in phase with the echo of resonant systems, the modulus, its largest value in time,
#: the integral over a gate, or the projection on a carrier of given phase.
DETECTIONS = ("in-phase", "modulus", "peak", "gated", "carrier")


@dataclass(frozen=True)
class Pulses:
    """Two or three microwave pulses and the detection of their echo.

    durations : lengths of the pulses [s], two or three numbers, none negative (zero: no pulse).
    waiting_times : gaps from the end of each pulse to the start of the next one [s]; one number fewer.
    frequency : carrier frequency [Hz]. field_amplitude : peak of the electric field inside the sample [V/m].
    detection : "in-phase" or "modulus" at the echo time, "peak" (largest modulus in time), "gated" (integral over
        the echo time +- `gate`), or "carrier" (projection S sin(chi) + C cos(chi) on a carrier whose phase chi is
        `carrier_phase`, the papers' omega (tau2 - tau1)  [002, Eqs. 74-76]).
    gate : half width of the gate [s], for "gated" only. It must not reach back to the last pulse.
    carrier_phase : chi [rad], for "carrier" only.
    receiver_rate : half width kappa of the resonator or receiver [rad/s], which follows the echo as
        kappa exp(-kappa t) and does not see systems detuned by more; None for an instant receiver.

    Times run from the start of the first pulse.

    >>> from glasstunnel import Pulses
    >>> pulses = Pulses((0.1e-6, 0.2e-6), (2e-6,), 1e9, 1e5)
    >>> f"{1e6 * pulses.echo_time:.2f} us"
    '4.30 us'
    """

    durations: tuple[float, ...]
    waiting_times: tuple[float, ...]
    frequency: float
    field_amplitude: float
    detection: str = "in-phase"
    gate: float | None = None
    carrier_phase: float = 0.0
    receiver_rate: float | None = None

    __repr__ = brief

    def __post_init__(self):
        for name in ("durations", "waiting_times"):
            object.__setattr__(self, name, _numbers(name, getattr(self, name)))
        if len(self.durations) not in (2, 3):
            raise ParameterError(f"Pulses.durations must be two or three numbers [s], got {len(self.durations)}")
        if len(self.waiting_times) != len(self.durations) - 1:
            raise ParameterError(
                f"Pulses.waiting_times must be {len(self.durations) - 1} number(s) [s] for {len(self.durations)} "
                f"pulses, got {len(self.waiting_times)}"
            )
        for duration in self.durations:
            if duration < 0.0:
                raise ParameterError(f"Pulses.durations must not be negative [s], got {duration!r}")
        for j, gap in enumerate(self.waiting_times, start=1):
            if gap < 0.0:
                raise ParameterError(
                    f"Pulses: pulses {j} and {j + 1} overlap, waiting_times (end of one to start of the next) must "
                    f"not be negative [s], got {gap!r}"
                )
        self._check_numbers()
        self._check_detection()

    @classmethod
    def from_start_times(
        cls,
        start_times: Sequence[float],
        durations: Sequence[float],
        frequency: float,
        field_amplitude: float,
        **options: Any,
    ) -> "Pulses":
        """The same from the times at which the pulses start [s]; `ParameterError` where they overlap.

        >>> from glasstunnel import Pulses
        >>> Pulses.from_start_times((0.0, 3.0), (1.0, 1.0), 1e9, 1e5).waiting_times
        (2.0,)
        """
        starts, durations = _numbers("start_times", start_times), _numbers("durations", durations)
        if len(starts) != len(durations):
            raise ParameterError(f"Pulses: {len(starts)} start times for {len(durations)} durations")
        gaps = tuple(
            later - earlier - length for earlier, later, length in zip(starts, starts[1:], durations, strict=False)
        )
        return cls(durations, gaps, frequency, field_amplitude, **options)

    @property
    def angular_frequency(self) -> float:
        """Carrier omega [rad/s]."""
        return 2.0 * math.pi * self.frequency

    @property
    def start_times(self) -> tuple[float, ...]:
        """Start of each pulse [s]."""
        return tuple(
            sum(self.durations[:j]) + sum(self.waiting_times[:j]) for j in range(len(self.durations))
        )

    @property
    def end_time(self) -> float:
        """End of the last pulse [s]."""
        return sum(self.durations) + sum(self.waiting_times)

    @property
    def echo_time(self) -> float:
        """Nominal time of the echo: as long after the last pulse as pulse 2 came after pulse 1 [s].

        For two pulses tau1 + tau2 + 2 tau12, the papers' 2 taubar12  [002, below Eq. 66]. Finite pulses shift the
        maximum to later times, by half the first pulse when they are weak.
        """
        return self.end_time + self.waiting_times[0]

    def _check_numbers(self):
        positive = {"frequency": ("Hz", False), "field_amplitude": ("V/m", True)}
        for name, (unit, zero) in positive.items():
            value = getattr(self, name)
            if not is_number(value, finite=True) or value < 0.0 or (value == 0.0 and not zero):
                raise ParameterError(f"Pulses.{name} must be {'>= 0' if zero else '> 0'} {unit}, got {value!r}")
        if not is_number(self.carrier_phase, finite=True):
            raise ParameterError(f"Pulses.carrier_phase must be a number [rad], got {self.carrier_phase!r}")
        rate = self.receiver_rate
        if rate is not None and not (is_number(rate, finite=True) and rate > 0.0):
            raise ParameterError(f"Pulses.receiver_rate must be > 0 rad/s or None, got {self.receiver_rate!r}")

    def _check_detection(self):
        if self.detection not in DETECTIONS:
            allowed = ", ".join(map(repr, DETECTIONS))
            raise ParameterError(f"Pulses.detection must be one of {allowed}, got {self.detection!r}")
        if (self.detection == "gated") != (self.gate is not None):
            raise ParameterError("Pulses.gate (half width [s]) must be given for detection='gated', and only then")
        if self.gate is not None:
            if not is_number(self.gate, finite=True) or self.gate <= 0.0:
                raise ParameterError(f"Pulses.gate must be > 0 s, got {self.gate!r}")
            if self.gate >= self.waiting_times[0]:
                raise ParameterError(
                    f"Pulses.gate = {self.gate!r} s reaches back to the last pulse, {self.waiting_times[0]!r} s before "
                    "the echo: a gate that cuts the free decay gives spurious oscillations; make it shorter"
                )


def check_times(pulses: Pulses, time: ArrayLike) -> np.ndarray:
    """Times [s] as an array; `ParameterError` for one before the end of the last pulse."""
    time = real_arrays(("time", time))[0]
    if not np.isfinite(time).all():
        raise ParameterError("echo: time must be finite [s]")
    if time.size and time.min() < pulses.end_time:
        which = "second" if len(pulses.durations) == 2 else "third"
        raise ParameterError(
            f"echo: no echo before the {which} pulse has ended at {pulses.end_time:g} s, asked for at "
            f"{float(time.min()):g} s; times run from the start of the first pulse"
        )
    return time


def _numbers(name, values):
    if not np.iterable(values) or isinstance(values, str) or not all(is_number(value, finite=True) for value in values):
        raise ParameterError(f"Pulses.{name} must be finite numbers [s], got {values!r}")
    return tuple(float(value) for value in values)
