"""One tunneling system driven by a field in time: linearized Bloch equations with pulses and steps.

002 Eqs. 23-34, corrected. Here w0 = +E/hbar, for which alpha delta = +2 Delta0 p0 F cos(theta)/(hbar E) gives a
positive polarizability and absorption (the printed w0 = -E/hbar with the printed sign of delta is the complex
conjugate; 002 Eq. 29 mixes the two). The third line of Eq. 25 contains S_x^1, the fourth lambda delta cos(w t)/T1, and
Eq. 27 lacks the free-induction term -P(0) exp(-i Z t), Z = w0 - i/T2, without which the response does not start at
zero. Eq. 34 lacks w tau in its numerator.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glasstunnel.constants import boltzmann, hbar
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import check_record, real_number, real_numbers
from glasstunnel.records import brief


@dataclass(frozen=True)
class Drive:
    """amplitude cos(2 pi frequency t + phase) from `start` to `stop` [s]; amplitude: p0 F cos(theta)/k_B [K].

    A step is a drive of frequency 0 that never stops; a pulse has both ends.
    """

    amplitude: float
    frequency: float = 0.0
    start: float = 0.0
    stop: float = math.inf
    phase: float = 0.0

    def __post_init__(self):
        for name in ("amplitude", "frequency", "start", "phase"):
            real_number(f"Drive: {name}", getattr(self, name))
        if isinstance(self.stop, str) or not self.stop > self.start:
            raise ParameterError(f"Drive: finite numbers and a stop after the start are needed, got {self!r}")


@dataclass(frozen=True)
class DrivenSystem:
    """A two-level system in contact with a bath.

    asymmetry, tunneling_amplitude : Delta and Delta0 [K]; temperature [K]; T1, T2 : relaxation and dephasing times [s];
    population : S_z at t = 0 (not given: in equilibrium).
    """

    asymmetry: float
    tunneling_amplitude: float
    temperature: float
    T1: float
    T2: float
    population: float | None = None

    def __post_init__(self):
        for name in ("asymmetry", "tunneling_amplitude", "temperature", "T1", "T2"):
            real_number(f"DrivenSystem: {name}", getattr(self, name))
        positive = (self.tunneling_amplitude, self.temperature, self.T1, self.T2)
        if not all(value > 0.0 for value in positive):
            raise ParameterError(f"DrivenSystem: amplitude, temperature and times must be positive, got {self!r}")
        if self.population is not None and not -0.5 <= self.population <= 0.5:
            raise ParameterError(f"DrivenSystem: the population S_z lies between -1/2 and 1/2, got {self.population!r}")

    @property
    def gap(self) -> float:
        """E [K]."""
        return math.hypot(self.asymmetry, self.tunneling_amplitude)

    @property
    def equilibrium(self) -> float:
        """S_z in equilibrium, -tanh(E/2T)/2."""
        return -0.5 * math.tanh(0.5 * self.gap / self.temperature)

    @property
    def start(self) -> float:
        return self.equilibrium if self.population is None else self.population


@dataclass(frozen=True)
class BlochResponse:
    """Response in time: S+ (complex), S_z^1, and the dipole along the field in units p0 cos(theta); shape of the
    times."""

    time: np.ndarray
    coherence: np.ndarray
    longitudinal: np.ndarray
    dipole: np.ndarray

    __repr__ = brief


def bloch_response(time, system: DrivenSystem, drives: Sequence[Drive]) -> BlochResponse:
    """`BlochResponse` to any sum of pulses and steps, exact in the linearized equations  [002, Eqs. 25-28, corrected].

    time [s], (...). The response to each drive is the integral of its cosine with the free decay, in closed form.
    `ParameterError` for bad input.

    >>> import math
    >>> from glasstunnel.origins import Drive, DrivenSystem, bloch_response
    >>> system = DrivenSystem(asymmetry=0.0, tunneling_amplitude=0.01, temperature=0.02, T1=1e-6, T2=2e-7)
    >>> response = bloch_response([0.0, 1e-4], system, [Drive(1e-6)])
    >>> abs(float(response.dipole[0]))
    0.0
    >>> adiabatic = 2e-6 / 0.01 * math.tanh(0.25)  # (2 p F/E) tanh(E/2T), up to the dephasing (w0 T2)^-2
    >>> print(f"{response.dipole[1] / adiabatic:.4f}")
    1.0000
    """
    check_record("bloch_response: the system", system, DrivenSystem, "DrivenSystem(...)")
    times = _finite("bloch_response: the times", time)
    drives = [drives] if isinstance(drives, Drive) else drives
    per_kelvin = boltzmann / hbar
    w0 = system.gap * per_kelvin
    transverse = 2.0 * system.tunneling_amplitude / system.gap * per_kelvin
    along = -2.0 * system.asymmetry / system.gap * per_kelvin
    softness = 0.25 * (1.0 - 4.0 * system.equilibrium**2) / (system.temperature * per_kelvin)
    coherence = np.zeros(times.shape, dtype=complex)
    longitudinal = np.zeros(times.shape)
    spin = RelaxingSpin(w0, system.T1, system.T2, system.start, system.equilibrium)
    for drive in drives:
        coherence += drive.amplitude * transverse * driven_coherence(times, spin, drive)
        decay = _cosine_decay(times, -1.0 / system.T1 + 0.0j, 0.0, drive)
        longitudinal += drive.amplitude * along * softness / system.T1 * np.real(decay)
    share = 2.0 / system.gap
    dipole = -share * (system.asymmetry * longitudinal + system.tunneling_amplitude * np.real(coherence))
    return BlochResponse(times, coherence, longitudinal, dipole)


@dataclass(frozen=True)
class RelaxingSpin:
    """A spin 1/2 between kicks: angular frequency w0 [rad/s], T1, T2 [s], S_z going from `initial` to `final`."""

    w0: float
    T1: float
    T2: float
    initial: float
    final: float


def driven_coherence(time, spin: RelaxingSpin, drive: Drive):
    """S+(t) for alpha delta = 1: dS+/dt = -i Z S+ + i S_z(t) cos(w t), S+ = 0 before, Z = w0 - i/T2  [002, Eq. 26].

    S_z(t) = final + (initial - final) exp(-t/T1). Shape of `time`, complex.

    >>> import math
    >>> import numpy as np
    >>> from glasstunnel.origins import Drive, RelaxingSpin, driven_coherence
    >>> drive = Drive(1.0, frequency=0.3 / (2.0 * math.pi))
    >>> print(np.round(driven_coherence(5.0, RelaxingSpin(1.0, 4.0, 6.0, -0.1, -0.4), drive), 8))
    (-0.10985606+0.13875438j)
    """
    _check_times("driven_coherence", time, spin)
    check_record("driven_coherence: the drive", drive, Drive, "Drive(...)")
    free = -1j * (spin.w0 - 1j / spin.T2)
    settled = spin.final * _cosine_decay(time, free, 0.0, drive)
    return 1j * (settled + (spin.initial - spin.final) * _cosine_decay(time, free, -1.0 / spin.T1, drive))


def steady_coherence(time, spin: RelaxingSpin, frequency: float):
    """002 Eq. 27 as printed: `driven_coherence` without the free-induction term, so that it does not start at zero."""
    _check_times("steady_coherence", time, spin)
    real_numbers("steady_coherence", frequency=frequency)
    w, time = 2.0 * math.pi * frequency, np.asarray(time, dtype=float)

    def resonance(z):
        return (z * np.cos(w * time) - 1j * w * np.sin(w * time)) / (z**2 - w**2)

    z = spin.w0 - 1j / spin.T2
    decaying = (spin.initial - spin.final) * np.exp(-time / spin.T1)
    return resonance(z) * spin.final + resonance(z + 1j / spin.T1) * decaying


def _check_times(function, time, spin):
    _finite(f"{function}: the times", time)
    check_record(f"{function}: the spin", spin, RelaxingSpin, "RelaxingSpin(...)")
    real_numbers(function, **vars(spin))
    if not min(spin.T1, spin.T2) > 0.0:
        raise ParameterError(f"{function}: T1 and T2 must be positive, got {spin.T1!r} and {spin.T2!r}")


def _cosine_decay(time, free, damping, drive):
    """int ds exp(free (t - s)) exp(damping s) cos(w s + phase) over the drive's time up to t."""
    time = np.asarray(time, dtype=float)
    begin = np.minimum(drive.start, time)
    end = np.minimum(drive.stop, time)
    total = np.zeros(time.shape, dtype=complex)
    for sign in (1.0, -1.0):
        rate = damping + 2j * math.pi * drive.frequency * sign - free
        # exp(free t) [exp(rate end) - exp(rate begin)]/rate, without overflow: the real part of free is negative
        ends = np.exp(free * (time - end) + (rate + free) * end)
        begins = np.exp(free * (time - begin) + (rate + free) * begin)
        both = (ends - begins) / rate if rate != 0.0 else (end - begin) * np.exp(free * time)
        total += 0.5 * np.exp(1j * sign * drive.phase) * both
    return total


def relaxation_response(strengths, times, frequency):
    """Complex response sum_s A_s/(1 + i w tau_s) of independent systems: responses add  [002, Eq. 56, corrected].

    strengths, times [s] : (systems,); frequency [Hz], (...). 002 Eq. 56 adds the rates of different systems instead,
    which holds for channels of one system only.
    """
    strengths, times = _populations(strengths, times)
    w = 2.0 * math.pi * _finite("relaxation_response: the frequencies", frequency)[..., None]
    return np.sum(strengths / (1.0 + 1j * w * times), axis=-1)


def effective_relaxation_time(strengths, times, limit: str) -> float:
    """The one time that a single-time fit of a sum of responses finds [s]  [002, Eq. 56, corrected].

    limit : "low frequency" (w tau << 1: the mean of tau, weighted by strength) or "high frequency" (w tau >> 1: the
    inverse of the mean rate). `ParameterError` for bad input.

    >>> from glasstunnel.origins import effective_relaxation_time
    >>> effective_relaxation_time([1.0, 1.0], [1.0, 3.0], "low frequency")
    2.0
    >>> effective_relaxation_time([1.0, 1.0], [1.0, 3.0], "high frequency")
    1.5
    """
    strengths, times = _populations(strengths, times)
    if limit == "low frequency":
        return float(np.sum(strengths * times) / np.sum(strengths))
    if limit == "high frequency":
        return float(np.sum(strengths) / np.sum(strengths / times))
    raise ParameterError(f"effective_relaxation_time: limit must be 'low frequency' or 'high frequency', got {limit!r}")


def _finite(name, values):
    """The values as an array; `ParameterError` naming them unless all are finite numbers."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        array = np.array(math.nan)
    if not np.all(np.isfinite(array)):
        raise ParameterError(f"{name} must be finite numbers, got {values!r}")
    return array


def _populations(strengths, times):
    strengths, times = _finite("relaxation: strengths", strengths), _finite("relaxation: times", times)
    good = np.isfinite(strengths) & (strengths > 0.0) & np.isfinite(times) & (times > 0.0)
    if strengths.shape != times.shape or strengths.ndim != 1 or not np.all(good):
        raise ParameterError("relaxation: strengths and times must be positive, finite and as many as each other")
    return strengths, times
