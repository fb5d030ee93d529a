"""Levels of one particle in a few wells threaded by magnetic flux: the single systems behind the populations."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import Real
from glasstunnel.numerics.checks import finite, is_number
from glasstunnel.numerics.few_level import ring_levels
from glasstunnel.numerics.tridiagonal import log_mirror_splitting

#: Corners of the tetrahedron, up to scale; well i sits at corner i.
TETRAHEDRON = np.array([[1.0, 1.0, 1.0], [1.0, -1.0, -1.0], [-1.0, 1.0, -1.0], [-1.0, -1.0, 1.0]])
_FACE_AREA = 2.0 * math.sqrt(3.0)

# Square of four wells: which matrix elements are sides and diagonals, and the sense of circulation of the sides.
_SIDES = np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]], dtype=float)
_DIAGONALS = np.array([[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]], dtype=float)
_SENSE = np.array([[0, 1, 0, -1], [-1, 0, 1, 0], [0, -1, 0, 1], [1, 0, -1, 0]], dtype=float)


class Ring(NamedTuple):
    """Three wells in polar form: rescaled asymmetry D, angle psi and amplitude D0 (D and D0 in the unit of energy)."""

    asymmetry: Real
    angle: Real
    amplitude: Real


def well_energies(asymmetry, angle):
    """Energies of the three wells, (..., 3), for rescaled asymmetry D and angle psi  [002, Eqs. 6-9].

    E_i = D cos((psi + 2 pi i)/3), which sum to zero; D = sqrt(2/3) sqrt(E_1^2 + E_2^2 + E_3^2). Unit of D.

    >>> well_energies(0.3, 0.0).round(12).tolist()
    [0.3, -0.15, -0.15]
    """
    turn = 2.0 * math.pi / 3.0 * np.arange(3)
    return np.asarray(asymmetry)[..., None] * np.cos(np.asarray(angle)[..., None] / 3.0 + turn)


def rescaled(energies, tunneling_amplitude):
    """`Ring` of wells (..., 3) with the Hamiltonian's hopping element: what the papers' tables state  [002, Eq. 9].

    D = sqrt(2/3) sqrt(sum E_i^2) about the mean energy and D0 = (2/sqrt 3) times the hopping element, so that the gap
    at small D and phi is sqrt(D^2 + D0^2 phi^2).

    >>> ring = rescaled([0.3, -0.1, -0.2], 1.0)
    >>> round(float(two_level_gap(ring.asymmetry, ring.amplitude, 0.7)), 12)
    0.864098759788
    """
    E = np.asarray(energies, dtype=float)
    first, second, third = E[..., 0], E[..., 1], E[..., 2]
    along = (2.0 * first - second - third) / 3.0
    across = (third - second) / math.sqrt(3.0)
    return Ring(np.hypot(along, across), 3.0 * np.arctan2(across, along), 2.0 / math.sqrt(3.0) * tunneling_amplitude)


def three_well_levels(energies: ArrayLike, tunneling_amplitude: ArrayLike, phase: ArrayLike) -> np.ndarray:
    """Levels of three wells on a ring threaded by flux, exact closed form  [002, Eqs. 6-8].

    energies : (..., 3), energies of the wells. tunneling_amplitude : (...), the matrix element D0 between two wells
    exactly as in the Hamiltonian, not rescaled (sqrt(3)/2 times the rescaled D0 of the papers' tables), not zero.
    phase : (...), phase around the ring in radians. Returns (..., 3), ascending, in the unit of the energies.
    For a positive amplitude and phase 0 equal wells have a degenerate ground state.
    `ParameterError` when the last axis is not 3 or the amplitude is zero.

    >>> from glasstunnel import three_well_levels
    >>> three_well_levels([0.3, -0.1, -0.2], 1.0, 0.7).round(12).tolist()
    [-1.406455630148, -0.556300636497, 1.962756266646]
    """
    E = _wells(energies, 3)
    amplitude, phase = finite(tunneling_amplitude=tunneling_amplitude, phase=phase)
    if not amplitude.all():
        raise ParameterError("three_well_levels: tunneling_amplitude must not be zero; without it the wells are levels")
    ring = rescaled(E, np.abs(amplitude))
    turned = phase + np.where(amplitude < 0.0, math.pi, 0.0)  # the sign of D0 is a phase of pi
    with np.errstate(divide="ignore", invalid="ignore"):  # the slopes, not needed here, are singular where levels meet
        levels = ring_levels(ring.asymmetry, ring.angle, ring.amplitude, turned)
    gaps = np.stack([np.zeros_like(levels.low), levels.middle_gap, levels.top_gap], axis=-1)
    return np.mean(E, axis=-1)[..., None] + levels.low[..., None] + gaps


def two_level_gap(
    asymmetry: ArrayLike, tunneling_amplitude: ArrayLike, phase: ArrayLike, form: str = "linear"
) -> np.ndarray:
    """Gap of the two low levels of a three-well system in the two-level approximation, rescaled D and D0.

    E = sqrt(D^2 + D0^2 W^2) with, for the phase phi,
    form="linear": W = phi  [002, Eq. 9]; "quartic": W^2 = phi^2 (1 - phi^2/27)  [002, Eqs. 20 and 95], up to
    phi = sqrt(27); "sine": W = 3 sin(phi/3), phi folded into -pi ... pi, exact for D = 0.
    Arrays broadcast; unit of D and D0. `ParameterError` for an unknown form or a phase the quartic form cannot take.

    >>> from glasstunnel import two_level_gap
    >>> round(float(two_level_gap(0.0, 1.0, 3.0, form="sine")), 12)  # 3 sin 1
    2.524412954424
    """
    D, D0, phi = finite(asymmetry=asymmetry, tunneling_amplitude=tunneling_amplitude, phase=phase)
    if form == "linear":
        square = phi**2
    elif form == "quartic":
        square = phi**2 * (1.0 - phi**2 / 27.0)
        if (square < 0.0).any():
            raise ParameterError("two_level_gap: the quartic form ends at |phase| = sqrt(27) = 5.196; use form='sine'")
    elif form == "sine":
        folded = phi - 2.0 * math.pi * np.round(phi / (2.0 * math.pi))
        square = 9.0 * np.sin(folded / 3.0) ** 2
    else:
        raise ParameterError(f"two_level_gap: form must be one of 'linear', 'quartic', 'sine', got {form!r}")
    return np.sqrt(D**2 + D0**2 * square)


def four_well_levels(
    energies: ArrayLike, side_amplitude: ArrayLike, diagonal_amplitude: ArrayLike, phase: ArrayLike
) -> np.ndarray:
    """Levels of four wells at the corners of a square threaded by flux  [004, Eq. 33, corrected].

    Each side carries the hopping D1 exp(i phi/4), each diagonal D2 cos(phi/2): the mean of the two ways around the
    square, which makes 004 Eq. 35 exact (the printed matrix is not Hermitian).
    energies : (..., 4). side_amplitude, diagonal_amplitude, phase : (...). Returns (..., 4), ascending.
    For equal wells and D2 = 0: +-2 D1 cos(phi/4), +-2 D1 sin(phi/4), the close pair being the middle one. For D1 = 0:
    two independent double wells, whose lowest gap does not feel the flux.

    >>> from glasstunnel import four_well_levels
    >>> four_well_levels([0.01, -0.02, 0.015, -0.005], 1.0, 0.0, 0.4).round(10).tolist()
    [-1.9900636122, -0.2000559673, 0.2000562862, 1.9900632934]
    """
    E = _wells(energies, 4)
    numbers = finite(side_amplitude=side_amplitude, diagonal_amplitude=diagonal_amplitude, phase=phase)
    side, diagonal, phi = (value[..., None, None] for value in numbers)
    hopping = side * _SIDES * np.exp(0.25j * phi * _SENSE) + diagonal * np.cos(0.5 * phi) * _DIAGONALS
    return np.linalg.eigvalsh(_on_diagonal(E) + hopping)


def tetrahedral_levels(energies: ArrayLike, tunneling_amplitude: ArrayLike, face_phase: ArrayLike) -> np.ndarray:
    """Levels of four wells at the corners of a regular tetrahedron, for any direction of the field.

    The single particle behind the four-welled interstice of 002 Sec. 2 and 001 Fig. 3, left open there. All six edges
    carry the same hopping; the phases along them (Peierls) make each face carry the flux of the homogeneous field
    through it, and nothing leaves the closed surface.
    energies : (..., 4). tunneling_amplitude : (...), positive for a threefold degenerate ground state at B = 0.
    face_phase : (..., 3), the vector 2 pi q S B/h with S the area of a face: a face with unit normal n has the phase
    face_phase . n around it. The corners point along (1,1,1), (1,-1,-1), (-1,1,-1), (-1,-1,1).
    Returns (..., 4), ascending, in the unit of the energies.

    >>> from glasstunnel import tetrahedral_levels
    >>> tetrahedral_levels([0.0] * 4, 1.0, [0.0, 0.0, 0.0]).round(12).tolist()
    [-1.0, -1.0, -1.0, 3.0]
    """
    return np.linalg.eigvalsh(tetrahedral_hamiltonian(energies, tunneling_amplitude, face_phase))


def tetrahedral_hamiltonian(energies, tunneling_amplitude, face_phase, origin=(0.0, 0.0, 0.0)):
    """Hamiltonian (..., 4, 4) behind `tetrahedral_levels`, in the gauge A = B x (r - origin)/2.

    origin : (3,), in units where the corners are (+-1, +-1, +-1); the levels do not depend on it.
    """
    E = _wells(energies, 4)
    corners = TETRAHEDRON - np.asarray(origin, dtype=float)
    # integral of A along a straight edge from i to j: B . (r_i x r_j)/2
    swept = 0.5 / _FACE_AREA * np.cross(corners[:, None, :], corners[None, :, :])
    phases = np.einsum("ijk,...k->...ij", np.asarray(swept), _wells(face_phase, 3, what="face_phase"))
    amplitude = finite(tunneling_amplitude=tunneling_amplitude)[..., None, None]
    return _on_diagonal(E) + amplitude * (1.0 - np.eye(4)) * np.exp(1j * phases)


def coherent_cluster_splitting(count, tunneling_amplitude, attraction):
    """Splitting of the lowest doublet of `count` equal double wells whose particles attract each other.

    Hamiltonian of 004 Eq. 44 for any number: each particle hops with amplitude t > 0, each pair in the same well gains
    the energy U >= 0. 004 Eqs. 45-51 take 2 count t for it; that is its value only for one particle: for U = 0 it is
    2 t, and it falls steeply with U and count, to 0.0 below the smallest float: `origins.cluster_splitting` gives its
    logarithm. `ParameterError` for a bad count, t <= 0 or U < 0.

    >>> round(coherent_cluster_splitting(2, 1.0, 10.0), 10)
    0.3851648071
    """
    return math.exp(log_cluster_splitting(count, tunneling_amplitude, attraction, "coherent_cluster_splitting"))


def log_cluster_splitting(count, tunneling_amplitude, attraction, caller="log_cluster_splitting"):
    """Natural logarithm of `coherent_cluster_splitting`, exact however small: the Lipkin model as a symmetric chain."""
    if not is_number(count, finite=True) or count != round(count) or count < 1:
        raise ParameterError(f"{caller}: count must be a whole number >= 1, got {count!r}")
    if not (0.0 < tunneling_amplitude < math.inf and 0.0 <= attraction < math.inf):
        raise ParameterError(
            f"{caller}: tunneling_amplitude must be > 0 and attraction >= 0, "
            f"got {tunneling_amplitude!r} and {attraction!r}"
        )
    right = np.arange(count + 1.0)
    left = count - right
    pairs = 0.5 * (right * (right - 1.0) + left * (left - 1.0))
    hops = np.sqrt((right[:-1] + 1.0) * left[:-1])
    ratio = attraction / tunneling_amplitude
    if not ratio * count**2 < 1e300:
        raise ParameterError(
            f"{caller}: attraction/tunneling_amplitude = {attraction!r}/{tunneling_amplitude!r} is too large for floats"
        )
    return math.log(tunneling_amplitude) + log_mirror_splitting(ratio * (pairs.max() - pairs), hops)


def _wells(values, count, what="energies"):
    values = finite(**{what: values})
    if values.ndim == 0 or values.shape[-1] != count:
        raise ParameterError(f"{what} must have {count} entries along the last axis, got shape {values.shape}")
    return values


def _on_diagonal(energies):
    return energies[..., None] * np.eye(energies.shape[-1])
