"""Nuclear spin in a tunneling particle: quadrupole and Zeeman Hamiltonians of the two wells, as frequencies."""

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.numerics.spin import spin_matrices
from glasstunnel.systems.nuclei import check_spin


def quadrupole_hamiltonian(
    spin: float, frequency: ArrayLike, asymmetry_parameter: ArrayLike, rotation: ArrayLike
) -> np.ndarray:
    """H_Q/hbar = wq [3 Iz'^2 - I(I+1) + eta (Ix'^2 - Iy'^2)], principal axes turned by `rotation` about y [rad].

    `frequency`, `asymmetry_parameter` and `rotation` may be arrays; returns (..., 2I+1, 2I+1) [rad/s].
    Source: Wuerger, Fleischmann, Enss, Phys. Rev. Lett. 89, 237601 (2002).

    >>> H = quadrupole_hamiltonian(1.5, 1.0, 0.0, 0.3)
    >>> np.linalg.eigvalsh(H).round(12).tolist()
    [-3.0, -3.0, 3.0, 3.0]
    """
    check_spin(spin)
    Ix, Iy, Iz = spin_matrices(spin)
    frequency, rotation = (np.asarray(x, float)[..., None, None] for x in (frequency, rotation))
    along = np.sin(rotation) * Ix + np.cos(rotation) * Iz
    across = np.cos(rotation) * Ix - np.sin(rotation) * Iz
    trace_part = spin * (spin + 1) * np.eye(len(Ix))
    eta = np.asarray(asymmetry_parameter, float)[..., None, None]
    return frequency * (
        3.0 * along @ along - trace_part + eta * (across @ across - Iy @ Iy)
    )


def zeeman_hamiltonian(spin: float, larmor_vector: ArrayLike) -> np.ndarray:
    """-gamma B.I as a frequency for `larmor_vector` = gamma B (..., 3) [rad/s]; returns (..., 2I+1, 2I+1).

    >>> float(zeeman_hamiltonian(1.0, [0.0, 0.0, 2.0])[0, 0].real)
    -2.0
    """
    return -np.einsum("...k,kij->...ij", np.asarray(larmor_vector, float), spin_matrices(spin))


def ground_and_excited(
    spin: float,
    frequency: ArrayLike,
    asymmetry_parameter: ArrayLike,
    axis_angle: float,
    asymmetry_ratio: ArrayLike,
    larmor_vector: ArrayLike,
) -> tuple[np.ndarray, np.ndarray]:
    """Nuclear Hamiltonians of the ground and the excited tunneling state, H_g and H_e over hbar [rad/s].

    Secular in the tunneling energy (corrections of order (H_nuclear/E)^2): with the wells turned by -+axis_angle/2,
    H_g,e = (H_L + H_R)/2 +- (Delta/2E)(H_L - H_R). Array arguments broadcast; `larmor_vector` ends with axis 3.
    """
    left, right = (
        quadrupole_hamiltonian(spin, frequency, asymmetry_parameter, sign * 0.5 * np.asarray(axis_angle, float))
        for sign in (-1.0, 1.0)
    )
    mean = 0.5 * (left + right) + zeeman_hamiltonian(spin, larmor_vector)
    difference = 0.5 * np.asarray(asymmetry_ratio, float)[..., None, None] * (left - right)
    return mean + difference, mean - difference
