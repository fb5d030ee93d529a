"""How the nuclei change the amplitude of an echo: traces over the nuclear spin for ideal and for finite pulses."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


def two_pulse_trace(ground: np.ndarray, excited: np.ndarray, waiting_time: ArrayLike) -> np.ndarray:
    """A = Tr[U_g U_e U_g^+ U_e^+]/(2I+1), the factor on a two-pulse echo for short pulses.

    ground, excited : nuclear Hamiltonians (..., N, N) [rad/s]; waiting_time : (k,) tau12 [s].
    Returns (..., k), complex; one where the two commute. Source: Wuerger, Fleischmann, Enss, Phys. Rev. Lett. 89,
    237601 (2002), in the form of a group commutator.

    >>> H = np.diag([1.0, -2.0, 1.0])
    >>> round(float(two_pulse_trace(H, 2 * H, np.array([3.0]))[0].real), 12)
    1.0
    """
    basis = _Basis(ground, excited)
    excited_evolution = basis.excited_evolution(waiting_time)
    phases = basis.ground_phases(waiting_time)
    weight = np.abs(excited_evolution) ** 2
    return np.einsum("...i,...ij,...j->...", phases, weight, phases.conj()) / ground.shape[-1]


def three_pulse_trace(
    ground: np.ndarray, excited: np.ndarray, waiting_time: ArrayLike, second_waiting_time: ArrayLike
) -> np.ndarray:
    """The factor on a three-pulse (stimulated) echo for short pulses; arguments as `two_pulse_trace`.

    A3 = (1/2N) sum over n = g, e of Tr[U_g(tau) U_n(Tw) U_e(tau) U_g(tau)^+ U_n(Tw)^+ U_e(tau)^+]: half of the
    population waits in either state. waiting_time and second_waiting_time are (k,).
    """
    basis = _Basis(ground, excited)
    size = ground.shape[-1]
    during = basis.excited_evolution(waiting_time)
    phases = basis.ground_phases(waiting_time)
    waits = basis.ground_phases(second_waiting_time)[..., None] * np.eye(size), basis.excited_evolution(
        second_waiting_time
    )
    total = 0.0
    for wait in waits:
        forward = phases[..., None] * (wait @ during)
        backward = during @ wait * phases[..., None, :]
        total = total + np.einsum("...ij,...ij->...", forward, backward.conj())
    return total / (2 * size)


class _Basis:
    """Eigenstates of H_g, in which U_g is diagonal and U_e follows from the overlaps with those of H_e."""

    def __init__(self, ground, excited):
        self.ground_levels, states = np.linalg.eigh(ground)
        self.excited_levels, excited_states = np.linalg.eigh(excited)
        self.overlap = np.swapaxes(states.conj(), -1, -2) @ excited_states

    def ground_phases(self, times):
        """exp(-i w_g t): (..., k, N)."""
        return np.exp(-1j * self.ground_levels[..., None, :] * np.asarray(times)[:, None])

    def excited_evolution(self, times):
        """U_e(t) in the ground basis: (..., k, N, N)."""
        phases = np.exp(-1j * self.excited_levels[..., None, :] * np.asarray(times)[:, None])
        overlap = self.overlap[..., None, :, :]
        return (overlap * phases[..., None, :]) @ np.swapaxes(overlap.conj(), -1, -2)


def finite_pulse_trace(
    ground: np.ndarray,
    excited: np.ndarray,
    rabi_frequency: float,
    durations: Sequence[float],
    waiting_time: float,
    detuning: float = 0.0,
) -> np.ndarray:
    """Two-pulse echo amplitude relative to that without nuclei, for pulses of finite strength.

    Propagates tunneling and nuclear states together in the rotating frame: 2N x 2N matrices, phase-cycled so that
    only the echo pathway is left. rabi_frequency, detuning [rad/s]; durations : the two pulse lengths [s];
    waiting_time : float [s]. Returns (...,), complex; tends to `two_pulse_trace` for strong pulses.
    """
    amplitude = _pathway(ground, excited, rabi_frequency, durations, waiting_time, detuning)
    nothing = np.zeros((1, 1))
    reference = _pathway(nothing, nothing, rabi_frequency, durations, waiting_time, detuning)
    return amplitude / reference


def _pathway(ground, excited, rabi_frequency, durations, waiting_time, detuning):
    size = ground.shape[-1]
    upper, lower = slice(0, size), slice(size, 2 * size)

    def evolution(drive, duration):
        H = np.zeros(ground.shape[:-2] + (2 * size, 2 * size), complex)
        H[..., upper, upper] = excited + 0.5 * detuning * np.eye(size)
        H[..., lower, lower] = ground - 0.5 * detuning * np.eye(size)
        H[..., upper, lower] = H[..., lower, upper] = 0.5 * drive * np.eye(size)
        levels, states = np.linalg.eigh(H)
        return (states * np.exp(-1j * levels * duration)[..., None, :]) @ np.swapaxes(states.conj(), -1, -2)

    first, second = (evolution(rabi_frequency, duration) for duration in durations)
    wait = evolution(0.0, waiting_time)
    inversion = np.zeros((2 * size, 2 * size))
    inversion[upper, upper], inversion[lower, lower] = 0.5 * np.eye(size), -0.5 * np.eye(size)
    # The echo pathway keeps <g|rho|e> after pulse 1 and turns it to <e|rho|g> in pulse 2.
    rho = first @ inversion @ _dagger(first)
    kept = np.zeros_like(rho)
    kept[..., lower, upper] = rho[..., lower, upper]
    rho = second @ (wait @ kept @ _dagger(wait)) @ _dagger(second)
    kept = np.zeros_like(rho)
    kept[..., upper, lower] = rho[..., upper, lower]
    rho = wait @ kept @ _dagger(wait)
    return np.trace(rho[..., upper, lower], axis1=-2, axis2=-1) / size


def _dagger(matrix):
    return np.swapaxes(matrix.conj(), -1, -2)
