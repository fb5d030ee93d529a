"""The echo amplitude as an observable: pulses given as conditions, point by point."""

from typing import Any

import numpy as np

from glasstunnel.echoes.nuclear.average import nuclear_factor
from glasstunnel.echoes.pulses import Pulses
from glasstunnel.echoes.signal import echo
from glasstunnel.errors import ParameterError
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.glass import Glass, as_glass
from glasstunnel.systems.nuclear_quadrupoles import NuclearQuadrupoles
from glasstunnel.systems.two_level import TwoLevelSystems

#: Numbers that make up the pulses, in the order in which `Pulses` asks for them; the last five may be left out.
PULSE_CONDITIONS = (
    "first_duration", "second_duration", "waiting_time", "frequency", "field_amplitude",
    "third_duration", "second_waiting_time", "gate", "carrier_phase", "receiver_rate",
)  # fmt: skip


def echo_amplitude(
    glass: Contribution, T: Any, B: Any, *, detection: str | None = None, convention: str = "derived", **pulses: Any
) -> np.ndarray:
    """`echo` at T [K], B [T] and pulses whose numbers, named as in `PULSE_CONDITIONS`, are arrays in SI: [C m/kg].

    Everything broadcasts. detection : as in `Pulses`; not given it is "gated" with a `gate`, "carrier" with a
    `carrier_phase`, else "in-phase". Points of the same pulses are evaluated together.
    """
    names = [name for name in PULSE_CONDITIONS if name in pulses]
    if detection is None:
        detection = "gated" if "gate" in names else "carrier" if "carrier_phase" in names else "in-phase"
    if ("third_duration" in names) != ("second_waiting_time" in names):
        raise ParameterError("echo: three pulses need both third_duration and second_waiting_time")
    T, B, *columns = np.broadcast_arrays(T, B, *(pulses[name] for name in names))
    table = np.column_stack([np.ravel(column) for column in columns])
    settings, which = np.unique(table, axis=0, return_inverse=True)
    glass, factor = _without_nuclei(glass, np.abs(B), pulses["waiting_time"], pulses.get("second_waiting_time"))
    result = np.empty(T.size)
    for number, setting in enumerate(settings):
        at = np.flatnonzero(np.ravel(which) == number)
        sequence = pulses_of(dict(zip(names, setting.tolist(), strict=True)), detection)
        result[at] = echo(
            glass, sequence, T.ravel()[at], B.ravel()[at], convention=convention, nuclear_factor=factor.ravel()[at]
        )
    return result.reshape(T.shape)


def _without_nuclei(glass, B, *waits):
    """The glass without its nuclei, and the factor they make: all waiting times of a field share the work."""
    glass = as_glass(glass, "echo")
    nuclei = {key: part for key, part in glass.contributions.items() if isinstance(part, NuclearQuadrupoles)}
    rest = {key: part for key, part in glass.contributions.items() if key not in nuclei}
    if not any(isinstance(part, TwoLevelSystems) and part.dipole_moment is not None for part in rest.values()):
        return glass, np.ones(B.shape)  # nothing they act on: `echo` says so
    factor = np.ones(B.shape)
    for kind in nuclei.values():
        factor = factor * nuclear_factor(kind, B, *waits)
    return Glass(rest, glass.name), factor


def pulses_of(numbers: dict[str, float], detection: str) -> Pulses:
    """The `Pulses` of {condition: number}.

    >>> numbers = dict(zip(PULSE_CONDITIONS, (1e-7, 2e-7, 2e-6, 1e9, 1e3)))
    >>> pulses_of(numbers, "in-phase").durations
    (1e-07, 2e-07)
    """
    durations = [numbers["first_duration"], numbers["second_duration"]]
    waits = [numbers["waiting_time"]]
    if "third_duration" in numbers:
        durations.append(numbers["third_duration"])
        waits.append(numbers["second_waiting_time"])
    return Pulses(
        tuple(durations), tuple(waits), numbers["frequency"], numbers["field_amplitude"], detection,
        numbers.get("gate"), numbers.get("carrier_phase", 0.0), numbers.get("receiver_rate"),
    )


def conditions_of(pulses: Pulses) -> dict[str, float | str]:
    """What `pulses_of` and the observable "echo" take, from a `Pulses`.

    >>> conditions_of(Pulses((1e-7, 2e-7), (2e-6,), 1e9, 1e3))["waiting_time"]
    2e-06
    """
    durations, waits = pulses.durations, pulses.waiting_times
    numbers = (
        durations[0], durations[1], waits[0], pulses.frequency, pulses.field_amplitude,
        durations[2] if len(durations) == 3 else None, waits[1] if len(waits) == 2 else None, pulses.gate,
        pulses.carrier_phase if pulses.detection == "carrier" else None, pulses.receiver_rate,
    )  # fmt: skip
    given = {name: number for name, number in zip(PULSE_CONDITIONS, numbers, strict=True) if number is not None}
    return given | {"detection": pulses.detection}
