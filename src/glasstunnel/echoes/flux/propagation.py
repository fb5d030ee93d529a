"""Echo of single few-level systems by exact propagation, with all their dipole matrix elements.

Two engines: "rotating" drops what turns with twice the carrier, "laboratory" drops nothing and is the reference. Both
repeat the sequence over carrier phases and keep the echo pathway only, as phase cycling does in an experiment.
"""

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.echoes.pulses import Pulses
from glasstunnel.errors import ParameterError

#: Pathway of the echo: powers of e^(i chi_j) by which the phases of the pulses are projected.
_PATHWAYS = {2: (-1, 2), 3: (-1, 1, 1)}
_CYCLES = {"rotating": 4, "laboratory": 5}


def few_level_echo(
    hamiltonian: np.ndarray,
    coupling: np.ndarray,
    pulses: Pulses,
    inverse_temperature: float,
    elapsed: ArrayLike,
    *,
    engine: str = "rotating",
    restart: bool = False,
    steps: int = 64,
) -> np.ndarray:
    """Echo signal -Tr(rho V) of systems with n levels at times after the last pulse, (..., times), real [rad/s].

    hamiltonian, coupling : H0/hbar and V/hbar (..., n, n) [rad/s]; the pulses add V cos(omega t + chi).
    pulses : a `Pulses`, of which durations, gaps and frequency count (the strength is in V).
    inverse_temperature : hbar/(k_B T) [s]; the state before the pulses is thermal. elapsed : (times,) [s].
    engine : "rotating" (rotating frame, levels labelled by their number of quanta) or "laboratory" (fourth-order
        commutator-free Magnus steps, `steps` per period). restart : each pulse starts at phase zero, instead of being
        cut from one continuous carrier.

    Source: 002, Eqs. 68-74; checked against direct integration of the von Neumann equation.
    `ParameterError` for an unknown engine and for times before the end of the last pulse.
    """
    if engine not in _CYCLES:
        raise ParameterError(f"few_level_echo: engine must be 'rotating' or 'laboratory', got {engine!r}")
    elapsed = np.atleast_1d(np.asarray(elapsed, float))
    if elapsed.size and elapsed.min() < 0.0:
        raise ParameterError(f"few_level_echo: no echo before the last pulse has ended, got {elapsed.min():g} s")
    levels, states = np.linalg.eigh(hamiltonian)
    coupling = _adjoint(states) @ coupling @ states
    cycle = _CYCLES[engine]
    angles = 2.0 * np.pi * np.arange(cycle) / cycle
    pathway = _PATHWAYS[len(pulses.durations)]
    omega = pulses.angular_frequency
    starts = [omega * start if restart else 0.0 for start in pulses.start_times]
    total = np.zeros((*levels.shape[:-1], len(elapsed)), complex)
    for index in np.ndindex(*(cycle,) * len(pathway)):
        phases = [angles[k] - start for k, start in zip(index, starts, strict=True)]
        rho = _thermal(levels, inverse_temperature)
        rho = _sequence(rho, (levels, coupling), pulses, phases, engine, steps)
        mark = np.exp(1j * sum(power * angles[k] for power, k in zip(pathway, index, strict=True)))
        total += mark * _signal(rho, levels, coupling, elapsed, engine)
    real = 2.0 if engine == "laboratory" else 1.0
    return real * np.real(total) / cycle ** len(pathway)


def _signal(rho, levels, coupling, elapsed, engine):
    """-Tr(rho V) after free evolution; in the rotating frame only what turns forward, twice."""
    beats = levels[..., :, None] - levels[..., None, :]
    phases = np.exp(-1j * beats[..., None, :, :] * elapsed[:, None, None])
    if engine == "rotating":
        rho = 2.0 * np.tril(rho, -1)
    return -np.einsum("...tij,...ij,...ji->...t", phases, rho, coupling)


def _thermal(levels, inverse_temperature):
    weights = np.exp(-inverse_temperature * (levels - levels[..., :1]))
    weights = weights / weights.sum(-1, keepdims=True)
    return weights[..., None] * np.eye(levels.shape[-1], dtype=complex)


def _sequence(rho, system, pulses, phases, engine, steps):
    """State after the last pulse, in the laboratory frame and the eigenbasis of H0. system : (levels, coupling)."""
    (levels, coupling), omega = system, pulses.angular_frequency
    for j, (start, duration, phase) in enumerate(zip(pulses.start_times, pulses.durations, phases, strict=True)):
        if j:
            rho = _turn(rho, np.exp(-1j * levels * pulses.waiting_times[j - 1]))
        if engine == "rotating":
            U = _rotating(levels, coupling, omega, start, duration, phase)
        else:
            U = _laboratory(levels, coupling, omega * start + phase, omega, duration, steps)
        rho = U @ rho @ _adjoint(U)
    return rho


def _turn(rho, phases):
    return phases[..., :, None] * rho * phases.conj()[..., None, :]


def _rotating(levels, coupling, omega, start, duration, phase):
    """Propagator of a pulse: constant Hamiltonian in the frame in which level k turns with its number of quanta."""
    quanta = np.round((levels - levels[..., :1]) / omega)
    step = quanta[..., :, None] - quanta[..., None, :]
    drive = 0.5 * coupling * np.exp(-1j * phase * step) * (np.abs(step) == 1)
    H = drive + (levels - quanta * omega)[..., None] * np.eye(levels.shape[-1])
    U = _exponential(H, duration)
    frame = np.exp(-1j * quanta * omega * np.asarray(start))
    after = frame * np.exp(-1j * quanta * omega * duration)
    return after[..., :, None] * U * frame.conj()[..., None, :]


def _laboratory(levels, coupling, phase, omega, duration, steps):
    """Propagator of a pulse without approximation: whole periods as a power, then the remainder of the last one.

    phase : of the carrier at the start of the pulse.
    """
    period = 2.0 * np.pi / omega
    count = int(duration / period)
    rest = _magnus(levels, coupling, phase, omega, duration - count * period, steps)
    if not count:
        return rest
    whole = _magnus(levels, coupling, phase, omega, period, steps)
    return rest @ np.linalg.matrix_power(whole, count)


def _magnus(levels, coupling, phase, omega, duration, steps):
    """Commutator-free fourth-order Magnus integrator over `duration`, the carrier starting at `phase`."""
    h = duration / steps
    middle = h * (np.arange(steps) + 0.5)
    first, second = (np.cos(omega * (middle + sign * np.sqrt(3.0) / 6.0 * h) + phase) for sign in (-1.0, 1.0))
    heavy, light = 0.25 + np.sqrt(3.0) / 6.0, 0.25 - np.sqrt(3.0) / 6.0
    H0 = 0.5 * levels[..., None] * np.eye(levels.shape[-1])
    U = np.broadcast_to(np.eye(levels.shape[-1], dtype=complex), coupling.shape)
    for a, b in zip(first, second, strict=True):
        early = _exponential(H0 + (heavy * a + light * b) * coupling, h)
        U = _exponential(H0 + (light * a + heavy * b) * coupling, h) @ early @ U
    return U


def _exponential(H, time):
    """exp(-i H t) of Hermitian matrices (..., n, n)."""
    values, vectors = np.linalg.eigh(H)
    return (vectors * np.exp(-1j * values * time)[..., None, :]) @ _adjoint(vectors)


def _adjoint(matrix):
    return np.swapaxes(matrix.conj(), -1, -2)
