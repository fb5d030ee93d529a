"""Spin operators as matrices: what electron spins and nuclear spins share."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike


@lru_cache(maxsize=32)
def spin_matrices(spin: float) -> np.ndarray:
    """S_x, S_y, S_z of a spin in units of hbar, basis m = S ... -S: (3, 2S+1, 2S+1), complex.

    >>> Sx, Sy, Sz = spin_matrices(1.5)
    >>> bool(np.allclose(Sx @ Sy - Sy @ Sx, 1j * Sz))
    True
    """
    m = spin - np.arange(round(2 * spin) + 1)
    raising = np.diag(np.sqrt(spin * (spin + 1) - m[1:] * (m[1:] + 1)), 1)
    matrices = np.array([0.5 * (raising + raising.T), -0.5j * (raising - raising.T), np.diag(m)])
    matrices.flags.writeable = False
    return matrices


def quadratic_form(spin: float, axial: ArrayLike, rhombic: ArrayLike) -> np.ndarray:
    """axial [Sz^2 - S(S+1)/3] + rhombic [Sx^2 - Sy^2]: (..., 2S+1, 2S+1), real and without trace.

    The zero-field splitting of an electron spin (axial D, rhombic E) and the quadrupole coupling of a nucleus
    (axial 3 wq, rhombic eta wq) are this form.

    >>> np.linalg.eigvalsh(quadratic_form(1.0, 3.0, 0.5)).round(12).tolist()
    [-2.0, 0.5, 1.5]
    """
    Sx, Sy, Sz = spin_matrices(spin)
    along = np.real(Sz @ Sz) - spin * (spin + 1) / 3.0 * np.eye(len(Sz))
    across = np.real(Sx @ Sx - Sy @ Sy)
    axial, rhombic = (np.asarray(number, dtype=float)[..., None, None] for number in (axial, rhombic))
    return axial * along + rhombic * across
