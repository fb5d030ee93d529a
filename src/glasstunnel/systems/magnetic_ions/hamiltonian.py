r"""Levels of an ion with zero-field splitting in a field of any direction.

.. math:: H = \mu_B\,\mathbf B\cdot g\cdot\mathbf S + D\,[S_z^2 - S(S+1)/3] + E\,[S_x^2 - S_y^2]

Source: Abragam and Bleaney, Electron Paramagnetic Resonance of Transition Ions (1970), Sec. 3.3. The principal axes of
g are those of the splitting.
"""

from typing import NamedTuple

import numpy as np

from glasstunnel.constants import bohr_magneton_kelvin
from glasstunnel.numerics.spin import quadratic_form, spin_matrices


class FieldLevels(NamedTuple):
    """Levels of every site with the field along every direction, lowest first.

    levels : (sites, directions, states) [K] above the lowest level of the site in zero field.
    slopes : dE/dB, same shape [K/T].  couplings : (..., states, states), squared matrix elements of dH/dB [K2/T2];
    None where dH/dB mixes no states.
    """

    levels: np.ndarray
    slopes: np.ndarray
    couplings: np.ndarray | None


def field_levels(spin, g_factors, splittings, field, directions):
    """`FieldLevels` of sites with `splittings` (sites, 2), D and E [K], in a field [T] along `directions` (n, 3).

    g_factors : g_x, g_y, g_z.

    >>> found = field_levels(1.0, (2.0, 2.0, 2.0), np.array([[3.0, 0.5]]), 0.0, np.array([[0.0, 0.0, 1.0]]))
    >>> found.levels[0, 0].round(12).tolist()
    [0.0, 2.5, 3.5]
    """
    moments = bohr_magneton_kelvin * np.einsum("dk,k,kij->dij", directions, g_factors, spin_matrices(spin))
    if not moments.imag.any():
        moments = moments.real
    at_rest = quadratic_form(spin, splittings[:, 0], splittings[:, 1])
    ground = np.linalg.eigvalsh(at_rest)[:, 0]
    levels, states = np.linalg.eigh(at_rest[:, None] + field * moments)
    inside = np.swapaxes(states.conj(), -1, -2) @ moments @ states
    slopes = np.real(np.diagonal(inside, axis1=-2, axis2=-1))
    return FieldLevels(levels - ground[:, None, None], slopes, np.abs(inside) ** 2)
