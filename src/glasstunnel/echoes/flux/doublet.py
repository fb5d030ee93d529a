"""Two- and three-pulse echo of one transition in the rotating frame, in closed form.

Basis (excited, ground), H/hbar = (z/2) sigma_z + (Omega/2) sigma_x: z is the detuning of the transition from the
carrier, Omega the peak coupling divided by hbar. Frequencies in rad/s and times in s, or any pair of inverse units.
"""

import math
from collections.abc import Sequence

import numpy as np

from glasstunnel.numerics.arrays import Real


def pulse_amplitudes(
    detuning: Real, rabi_frequency: Real, duration: Real, phase: Real = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """a and b of one pulse, U = [[a, b], [-b*, a*]], for a carrier cos(w t + phase); broadcast shape, complex.

    a = cos(O t/2) - i (z/O) sin(O t/2), b = -i (Omega/O) sin(O t/2) e^(-i phase), O = sqrt(Omega^2 + z^2)
    [002, Eqs. 63-65].

    >>> a, b = pulse_amplitudes(0.7, 1.0, 0.6)
    >>> round(float(abs(a) ** 2 + abs(b) ** 2), 12)
    1.0
    """
    half = 0.5 * np.hypot(detuning, rabi_frequency) * duration
    # sin(O t/2)/O without 0/0 where neither drive nor detuning is left
    sine = 0.5 * duration * np.sinc(half / np.pi)
    return np.cos(half) - 1j * detuning * sine, -1j * rabi_frequency * sine * np.exp(-1j * phase)


def two_pulse_coherence(
    detuning: Real,
    rabi_frequency: Real,
    durations: Sequence[float],
    waiting_time: float,
    elapsed: Real,
    *,
    inversion: Real = -1.0,
    phases: Sequence[float] = (0.0, 0.0),
) -> np.ndarray:
    """rho_eg of the echo pathway at `elapsed` after the second pulse: w_in b2^2 (a1 b1)* exp(-i z (t' - tau12)).

    inversion : w_in = p_e - p_g before the pulses, -tanh(E/2T) in equilibrium. phases : of the carrier in each pulse.
    Arrays broadcast. Checked against direct integration of the von Neumann equation.

    >>> print(f"{complex(two_pulse_coherence(0.0, 1.0, (0.6, 1.2), 5.0, 5.3, inversion=-0.8)):.6f}")
    0.000000+0.072008j
    """
    (a1, b1), (_, b2) = (
        pulse_amplitudes(detuning, rabi_frequency, duration, phase)
        for duration, phase in zip(durations, phases, strict=True)
    )
    return inversion * b2**2 * np.conj(a1 * b1) * np.exp(-1j * detuning * (elapsed - waiting_time))


def three_pulse_coherence(
    detuning: Real,
    rabi_frequency: Real,
    durations: Sequence[float],
    waiting_time: float,
    elapsed: Real,
    *,
    inversion: Real = -1.0,
    phases: Sequence[float] = (0.0, 0.0, 0.0),
) -> np.ndarray:
    """rho_eg of the stimulated-echo pathway at `elapsed` after the third pulse, without relaxation.

    2 w_in (a1 b1)* a2* b2 a3 b3 exp(-i z (t' - tau)), tau = `waiting_time` between pulses 1 and 2; the time between
    pulses 2 and 3 does not enter, because the echo waits there as a population. Arguments as `two_pulse_coherence`.
    """
    (a1, b1), (a2, b2), (a3, b3) = (
        pulse_amplitudes(detuning, rabi_frequency, duration, phase)
        for duration, phase in zip(durations, phases, strict=True)
    )
    pathway = 2.0 * np.conj(a1 * b1 * a2) * b2 * a3 * b3
    return inversion * pathway * np.exp(-1j * detuning * (elapsed - waiting_time))


def response(
    detuning: Real, rabi_frequency: Real, durations: Sequence[float], resonant_shift: bool = False
) -> np.ndarray:
    """Omega^4/O^3 (S + i C) at the echo time [rad/s]: dipole response per thermal inversion; complex.

    Two pulses: S = sin(O tau1) sin^2(O tau2/2), C = -2 (z/O) sin^2(O tau1/2) sin^2(O tau2/2)  [002, Eqs. 63, 66-67,
    73]; the polarization envelope is -(hbar/F0) tanh(E/2T) times it. `resonant_shift` puts z/Omega in place of z/O in
    C, as 002 Eqs. 67, 73 print. Three pulses: the same of the stimulated echo.
    """
    if len(durations) == 3:
        coherence = three_pulse_coherence(detuning, rabi_frequency, durations, 0.0, 0.0, inversion=1.0)
        return -2j * rabi_frequency * np.conj(coherence)
    first, second = (0.5 * duration for duration in durations)
    square = detuning**2 + rabi_frequency**2
    generalized = np.sqrt(square)
    bare = generalized > 0.0
    safe = np.where(bare, generalized, 1.0)
    sine = np.sin(first * generalized)
    strength = np.where(bare, rabi_frequency**4 * np.sin(second * generalized) ** 2 * sine / safe**3, 0.0)
    if resonant_shift:
        shift = -2.0 * detuning / np.where(rabi_frequency > 0.0, rabi_frequency, 1.0) * sine
    else:
        shift = -2.0 * detuning / safe * sine
    return strength * (2.0 * np.cos(first * generalized) + 1j * shift)


def far_response(
    detuning: Real, rabi_frequency: Real, durations: Sequence[float], resonant_shift: bool = False
) -> np.ndarray:
    """`response` far from resonance without what oscillates with the detuning: i Omega^4/O^3 times the mean of C.

    The mean of C is -z/(2 O), for pulses of one length -3 z/(4 O), and S has none. Three pulses: the same, with the
    terms of (e^(iz tau1) - 1)(e^(iz tau2) - 1)(1 - e^(-iz tau3)) that do not oscillate as a factor.
    """
    if min(durations) == 0.0:
        return 0j * np.asarray(detuning + rabi_frequency)
    if len(durations) == 3:
        first, second, third = durations
        steady = 1.0 + (first == third) + (second == third) - math.isclose(third, first + second)
        return -0.5j * steady * detuning * rabi_frequency**4 / np.hypot(detuning, rabi_frequency) ** 4
    generalized = np.hypot(detuning, rabi_frequency)
    denominator = np.where(rabi_frequency > 0.0, rabi_frequency, 1.0) if resonant_shift else generalized
    mean = 0.75 if durations[0] == durations[1] else 0.5
    return -1j * mean * detuning / denominator * rabi_frequency**4 / generalized**3
