"""What the fitted parameters of anomalous tunneling systems mean: fields, areas, moments, numbers of particles.

Areas are A_q = |q/e| S in square Angstrom and the papers' combination D0|q/e|S is in K Angstrom^2, as
`AnomalousTunnelingSystems` takes it. All functions take numbers or arrays and raise `ParameterError` unless the
arguments are positive and finite.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.constants import (
    angstrom,
    bohr_magneton_kelvin,
    bohr_radius,
    flux_phase_per_area,
    flux_quantum,
)
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import positive


def flux_field(area: ArrayLike) -> np.ndarray:
    """B* = phi0/(2 pi A_q) [T], the field of one radian through A_q = |q/e| S [Angstrom^2]  [002, Eq. 20].

    Called the upturn field in 002, but the turning point of the gap lies at sqrt(22.5) B* (quartic form).

    >>> from glasstunnel.conversions import flux_field
    >>> round(float(flux_field(6.58e4)), 4)
    1.0003
    """
    return 1.0 / (flux_phase_per_area * positive(area=area))


def charge_area(flux_field: ArrayLike) -> np.ndarray:
    """A_q = |q/e| S [Angstrom^2] from B* [T]; inverse of `flux_field`.

    >>> from glasstunnel.conversions import charge_area
    >>> f"{charge_area(1.30):.4e}"
    '5.0632e+04'
    """
    return 1.0 / (flux_phase_per_area * positive(flux_field=flux_field))


def tunneling_amplitude(amplitude_area: ArrayLike, flux_field: ArrayLike) -> np.ndarray:
    """D0 [K] from D0|q/e|S [K Angstrom^2] and B* [T]: both enter the exact theory, their product the effective one.

    >>> from glasstunnel.conversions import tunneling_amplitude
    >>> round(float(tunneling_amplitude(1.0e5, 1.30)), 4)
    1.975
    """
    product, field = positive(amplitude_area=amplitude_area, flux_field=flux_field)
    return flux_phase_per_area * product * field


def magnetic_moment_per_system(amplitude_area: ArrayLike) -> np.ndarray:
    """Largest moment (pi/phi0) D0|q/e|S of one system in Bohr magnetons  [002, Eq. 89].

    The values 3.8 and 27.1 printed in 002 for Duran do not follow from its Eq. 89; 0.56 and 3.03 do.

    >>> from glasstunnel.conversions import magnetic_moment_per_system
    >>> round(float(magnetic_moment_per_system(4.99e4)), 4)
    0.5643
    """
    per_kelvin = math.pi * angstrom**2 / flux_quantum  # [K/T] per K Angstrom^2
    return per_kelvin / bohr_magneton_kelvin * positive(amplitude_area=amplitude_area)


def tunnelers_from_area(area: ArrayLike) -> np.ndarray:
    """Number N of coherent tunnelers from A_q = 8 N^2 a0^2 [Angstrom^2]  [004, Eq. 42: q = 2 N e, S = 4 N a0^2].

    >>> from glasstunnel.conversions import charge_area, tunnelers_from_area
    >>> round(float(tunnelers_from_area(charge_area(1.30))))
    150
    """
    return np.sqrt(positive(area=area) / 8.0) * angstrom / bohr_radius


def tunnelers_from_amplitude_area(amplitude_area: ArrayLike, single_amplitude: ArrayLike = 1e-3) -> np.ndarray:
    """Number N of coherent tunnelers from D0|q/e|S = 8 N^3 Delta0 a0^2  [004, Eqs. 41-43].

    single_amplitude : Delta0 of one particle [K]; 004 assumes 1 mK.

    >>> from glasstunnel.conversions import tunnelers_from_amplitude_area
    >>> round(float(tunnelers_from_amplitude_area(4.84e5)))
    600
    """
    product, single = positive(amplitude_area=amplitude_area, single_amplitude=single_amplitude)
    return (product / (8.0 * single * (bohr_radius / angstrom) ** 2)) ** (1.0 / 3.0)


def distribution_constant(
    asymmetry_min: ArrayLike, asymmetry_max: ArrayLike, amplitude_min: ArrayLike, amplitude_max: ArrayLike
) -> np.ndarray:
    """P* that normalizes the distribution: 1/(2 pi ln(D_max/D_min) ln(D0_max/D0_min))  [003, Eq. 39].

    Only ratios count: amplitudes may be given as D0 [K] or as D0|q/e|S [K Angstrom^2]. `density`/P* is the number of
    systems per kilogram. 001 prints the second logarithm with D0_max twice. `ParameterError` for reversed cutoffs.

    >>> from glasstunnel.conversions import distribution_constant
    >>> round(float(distribution_constant(0.03, 100.0, 2.0, 3.0)), 6)
    0.04839
    """
    low, high, amplitude_low, amplitude_high = positive(
        asymmetry_min=asymmetry_min, asymmetry_max=asymmetry_max, amplitude_min=amplitude_min,
        amplitude_max=amplitude_max,
    )  # fmt: skip
    if not ((low < high).all() and (amplitude_low < amplitude_high).all()):
        raise ParameterError("distribution_constant: each lower cutoff must be below its upper cutoff")
    return 1.0 / (2.0 * math.pi * np.log(high / low) * np.log(amplitude_high / amplitude_low))
