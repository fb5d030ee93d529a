"""From the spectrum of the systems that form an echo to what a receiver records of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from glasstunnel.echoes.pulses import Pulses
from glasstunnel.errors import ParameterError
from glasstunnel.records import brief

_DECAY_NODES = 6  # Chebyshev times between which the decay within the echo is interpolated
_PEAK_TIMES = 129
_MOST_PHASES = 3e7  # detunings times times: some ten seconds
_MOST_DETUNINGS = 150_000  # kept for six decays at once
_STRONGEST = 600.0  # exponent of a decay that is still told from zero


@dataclass(frozen=True)
class Weight:
    """Factor on the response of a system at detuning z and amplitude rate w [both 1/s]; hashable, so tables are kept.

    kind "time": e^(-w s), the decay up to `number` = s after the echo time [s]. "gate": int_-W^W ds e^((iz-w)s).
    receiver_rate : kappa/(kappa + iz) of a receiver that follows as kappa e^(-kappa t), None for none.
    """

    kind: str
    number: float
    receiver_rate: float | None

    __repr__ = brief

    def __call__(self, detuning, rate):
        if self.kind == "gate":
            # where the decay exceeds e^-600 nothing is left of the echo
            exponent = (1j * detuning - np.minimum(rate, _STRONGEST / self.number)) * self.number
            factor = 2.0 * self.number * np.sinh(exponent) / np.where(exponent == 0.0, 1.0, exponent)
            factor = np.where(exponent == 0.0, 2.0 * self.number, factor)
        else:
            factor = np.exp(np.minimum(-rate * self.number, _STRONGEST))
        if self.receiver_rate is not None:
            factor = factor * self.receiver_rate / (self.receiver_rate + 1j * detuning)
        return factor


class Detector:
    """Sums over spectra and the projection on what is recorded.

    envelope_shape : trailing axes of the complex envelope; shape : those of the result. longest : longest time in the
    weights [s].
    """

    def __init__(self, pulses, time):
        self.pulses, self.time = pulses, time
        self.offsets = self._offsets()
        self.envelope_shape = () if self.offsets is None else self.offsets.shape
        self.shape = () if pulses.detection == "peak" else self.envelope_shape
        spread = 0.0 if self.offsets is None or not self.offsets.size else float(np.abs(self.offsets).max())
        self.longest = pulses.gate or spread
        if pulses.receiver_rate is not None:
            self.longest = max(self.longest, 2.0 / pulses.receiver_rate)  # its line in the detuning needs nodes

    def _offsets(self):
        """Times after the nominal echo [s], None for the amplitude at the echo time or in the gate."""
        if self.time is not None:
            return self.time - self.pulses.echo_time
        if self.pulses.detection != "peak":
            return None
        longest = max(self.pulses.durations)
        earliest = max(-longest, -self.pulses.waiting_times[0])
        return np.linspace(earliest, 2.0 * longest, _PEAK_TIMES)

    def sum_over(self, spectra: Callable[[Weight | None], Sequence[tuple[np.ndarray, np.ndarray]]]) -> np.ndarray:
        """Complex envelope (fields, *envelope_shape); spectra(weight) -> list of (detuning, values) over the fields."""
        receiver = self.pulses.receiver_rate
        if self.offsets is None:
            kind = "gate" if self.pulses.detection == "gated" else "time"
            plain = kind == "time" and receiver is None
            weight = None if plain else Weight(kind, self.pulses.gate or 0.0, receiver)
            return np.array([values.sum() for _, values in spectra(weight)])
        s = self.offsets.ravel()
        if not s.size:
            return np.zeros((len(spectra(None)), *self.offsets.shape), complex)
        nodes, lagrange = _interpolation(float(s.min()), float(s.max()), s)
        total = np.zeros(len(s))
        for node, share in zip(nodes, lagrange, strict=True):
            weight = Weight("time", float(node), receiver)
            total = total + share * _traces(spectra(weight), s)
        return total.reshape(-1, *self.offsets.shape)

    def project(self, envelope: np.ndarray) -> np.ndarray:
        """The recorded real signal of a complex envelope."""
        detection = self.pulses.detection
        if detection == "peak":
            return _peak(np.abs(envelope))
        if detection == "modulus":
            return np.abs(envelope)
        if detection == "carrier":
            phase = self.pulses.carrier_phase
            return np.real(envelope) * np.sin(phase) + np.imag(envelope) * np.cos(phase)
        return np.real(envelope)


def detector(pulses: Pulses, time: np.ndarray | None) -> Detector:
    """The `Detector` of a pulse sequence, for one amplitude (time None) or the shape at `time` [s]."""
    if time is not None and pulses.detection in ("peak", "gated"):
        raise ParameterError(
            f"echo: detection={pulses.detection!r} gives one amplitude and takes no times; leave time out, or choose "
            "detection 'in-phase', 'modulus' or 'carrier'"
        )
    return Detector(pulses, time)


def _traces(spectra, s):
    """sum_n values_n e^(i z_n s) of each spectrum for times s (k,): (spectra, k), in blocks of times."""
    if all(z is spectra[0][0] for z, _ in spectra):
        groups = [(spectra[0][0], np.array([values for _, values in spectra]))]
    else:
        groups = [(z, values[None]) for z, values in spectra]
    detunings = sum(len(z) for z, _ in groups)
    if detunings > _MOST_DETUNINGS or detunings * len(s) > _MOST_PHASES:
        raise ParameterError(
            f"echo: its shape at {len(s)} time(s) needs {detunings:.1e} detunings, more than the "
            f"{min(_MOST_DETUNINGS, _MOST_PHASES / len(s)):.1e} that are evaluated for so many; ask for times nearer "
            "to the echo, or for fewer times or fields"
        )
    result = []
    for z, values in groups:
        size = max(1, 1_000_000 // len(z))
        blocks = [np.exp(1j * np.multiply.outer(z, s[i : i + size])) for i in range(0, len(s), size)]
        result.append(np.concatenate([values @ block for block in blocks], axis=-1))
    return np.concatenate(result)


def _interpolation(first, last, s):
    """Chebyshev times between `first` and `last`, and their Lagrange polynomials at s: (k,), (k, len(s))."""
    if first == last:
        return np.array([first]), np.ones((1, len(s)))
    angle = np.pi * (np.arange(_DECAY_NODES) + 0.5) / _DECAY_NODES
    nodes = 0.5 * (first + last) + 0.5 * (last - first) * np.cos(angle)
    lagrange = [
        np.prod([(s - other) / (node - other) for other in nodes if other != node], axis=0) for node in nodes
    ]
    return nodes, np.array(lagrange)


def _peak(modulus):
    """Largest value of each row (..., times), refined by a parabola through the highest three points."""
    top = np.clip(np.argmax(modulus, axis=-1), 1, modulus.shape[-1] - 2)
    before, here, after = (np.take_along_axis(modulus, (top + k)[..., None], -1)[..., 0] for k in (-1, 0, 1))
    bend = before - 2.0 * here + after
    shift = np.where(bend < 0.0, 0.5 * (before - after) / np.where(bend < 0.0, bend, 1.0), 0.0)
    shift = np.clip(shift, -1.0, 1.0)
    return here - 0.25 * (before - after) * shift
