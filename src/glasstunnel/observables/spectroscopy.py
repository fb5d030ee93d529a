"""Single tunneling systems, as a strained or biased qubit sees them: hyperbolas, line strengths, distributions."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.constants import boltzmann, elementary_charge, planck
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.numerics.checks import finite, positive


def transition_frequency(
    asymmetry: ArrayLike, amplitude: ArrayLike, strain: ArrayLike = 0.0, strain_potential: ArrayLike = 0.0,
    electric_field: ArrayLike = 0.0, dipole_moment: ArrayLike = 0.0,
) -> Any:
    """Frequency [Hz] of one two-level system: h f = sqrt[Delta0^2 + (Delta + 2 g e + 2 p F)^2].

    asymmetry Delta, amplitude Delta0 [K]; strain e [1] with its potential g [eV]; electric_field F [V/m] with the
    component p of the dipole moment along it [C m]. A hyperbola in strain and in field with the same vertex Delta0/h,
    asymptotic slopes 2 g/h and 2 p/h. Source: G. J. Grabovskij, T. Peichl, J. Lisenfeld, G. Weiss, A. V. Ustinov,
    Science 338, 232 (2012) for strain; the Hamiltonian is that of the standard tunneling model.

    >>> from glasstunnel import transition_frequency
    >>> print(f"{transition_frequency(0.0, 0.3) / 1e9:.3f}")
    6.251
    """
    moved, hop = _moved(asymmetry, amplitude, strain, strain_potential, electric_field, dipole_moment)
    return boltzmann / planck * np.hypot(moved, hop)


def line_strength(
    asymmetry: ArrayLike, amplitude: ArrayLike, strain: ArrayLike = 0.0, strain_potential: ArrayLike = 0.0,
    electric_field: ArrayLike = 0.0, dipole_moment: ArrayLike = 0.0,
) -> Any:
    """(Delta0/E)^2 of the same system [1]: what its absorption and its relaxation rate are proportional to.

    One at the vertex of the hyperbola. Source: as `transition_frequency`.

    >>> from glasstunnel import line_strength
    >>> round(float(line_strength(0.3, 0.4)), 9)
    0.64
    """
    moved, hop = _moved(asymmetry, amplitude, strain, strain_potential, electric_field, dipole_moment)
    return (hop / np.hypot(moved, hop)) ** 2


def _moved(asymmetry, amplitude, strain, strain_potential, electric_field, dipole_moment):
    """(Delta + 2 g e + 2 p F, Delta0) [K]."""
    named = dict(
        asymmetry=asymmetry, amplitude=amplitude, strain=strain, strain_potential=strain_potential,
        electric_field=electric_field, dipole_moment=dipole_moment,
    )
    arrays = real_arrays(*named.items())
    for key, values in zip(named, arrays, strict=True):
        if not np.isfinite(values).all():
            raise ParameterError(f"{key} must be finite, got {values[~np.isfinite(values)].flat[0]!r}")
    asymmetry, amplitude, strain, potential, field, dipole = arrays
    if not (amplitude > 0.0).all():
        raise ParameterError("the tunneling amplitude of a system must be positive [K]")
    shift = 2.0 * (potential * elementary_charge * strain + dipole * field) / boltzmann
    return asymmetry + shift, amplitude


def rate_density(ratio: ArrayLike, weighted: bool = False) -> Any:
    """How systems of one gap are distributed over r/r_max = (Delta0/E)^2 in the standard tunneling model [1].

    1/(2 r sqrt(1 - r)) for systems as they are (its logarithm is cut by Delta0min), and times sqrt(r) where a system is
    seen in proportion to its coupling Delta0/E. Zero outside 0 < ratio < 1. Source: dDelta dDelta0/Delta0 at fixed E.

    >>> from scipy.integrate import quad
    >>> round(quad(lambda r: rate_density(r, weighted=True), 0.0, 1.0)[0] / np.pi * 2.0, 6)
    1.0
    """
    share = finite(ratio=ratio)
    inside = (share > 0.0) & (share < 1.0)
    r = np.where(inside, share, 0.5)
    return np.where(inside, (np.sqrt(r) if weighted else 1.0) / (2.0 * r * np.sqrt(1.0 - r)), 0.0)


def vertex(strain: ArrayLike, frequency: ArrayLike) -> tuple[float, float, float]:
    """(Delta0 [K], strain at the vertex, |g| [eV]) of the hyperbola through measured points, by least squares in f^2.

    f^2 is a parabola in strain, so three points are enough. With an electric field [V/m] in place of strain the last
    number times e is the component of the dipole moment [C m]. `ParameterError` where the points are no such hyperbola.

    >>> e = np.linspace(-1e-6, 2e-6, 7)
    >>> D0, at, g = vertex(e, transition_frequency(-0.01, 0.3, e, 1.2))
    >>> f"{D0:.6f} {at:.4e} {g:.6f}"
    '0.300000 3.5906e-07 1.200000'
    """
    strain, measured = np.atleast_1d(finite(strain=strain)), np.atleast_1d(positive(frequency=frequency))
    if strain.ndim != 1 or strain.shape != measured.shape or np.unique(strain).size < 3:
        raise ParameterError("a hyperbola needs at least three points, strain and frequency of one length")
    unit, middle = np.ptp(strain), np.mean(strain)
    square = (planck / boltzmann * measured) ** 2
    curvature, slope, height = np.polyfit((strain - middle) / unit, square, 2)
    lowest = height - slope**2 / (4.0 * curvature) if curvature > 0.0 else -1.0
    if lowest <= 0.0:
        raise ParameterError("these points lie on no hyperbola of a two-level system: f^2 has no positive minimum")
    potential = 0.5 * np.sqrt(curvature) / unit * boltzmann / elementary_charge
    return float(np.sqrt(lowest)), float(middle - 0.5 * slope / curvature * unit), float(potential)
