"""How tunneling systems depend on composition: a network former mixed with a good crystal former.

Sources: 004 Sec. III (prefactors against the molar fraction x of alkali oxide), Eq. 32 (dipole); the exponent of Eq. 20
is `conversions.surface_exponent`.
"""

import math

import numpy as np

from glasstunnel.constants import boltzmann, vacuum_permittivity
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.arrays import Real, real_arrays
from glasstunnel.numerics.checks import positive


def two_level_prefactor(x: Real, bulk: Real, surface: Real, exponent: Real) -> Real:
    """bulk (1 - x) + surface x^exponent: two-level systems of the network, and new ones on cluster surfaces.

    x is the molar fraction of alkali oxide, 0 to 1 (`ParameterError` outside); any prefactor unit; broadcasts.
    Source: 004, text above Eq. 20.

    >>> two_level_prefactor(0.0, 47.2, 800.0, 0.81)
    47.2
    """
    x = _fraction(x)
    return bulk * (1.0 - x) + surface * x**exponent


def anomalous_prefactor(x: Real, per_fraction: Real) -> Real:
    """per_fraction times x: anomalous systems sit in the crystal former only  [004, Sec. III]; x as above.

    >>> anomalous_prefactor(0.5, 2.0)
    1.0
    """
    return per_fraction * _fraction(x)


def dipole_from_prefactors(
    dielectric: Real, heat_capacity: Real, mass_density: Real, relative_permittivity: Real, asymmetry_min: Real
) -> Real:
    """Effective dipole moment p1 [C m] of anomalous systems from two prefactors of the same glass.

    p1^2 = (A_ATS/B_ATS) 2 eps0 eps_r k_B^2 D_min/rho, with A_ATS [1], B_ATS [J/(K kg)], rho [kg/m3], D_min [K].
    This is 004 Eq. 32 with p1^2 in the numerator (printed in the denominator) and D_min as an energy. The 0.045 D
    that 004 states for K-Si needs B_ATS left per gram, a factor sqrt(1000) too small: its tables give 1.2 to 1.6 D,
    half of e a0 and not a small part of it. p1 is the rescaled dipole of the papers; the corner dipole of the
    three-well Hamiltonian is sqrt(3/2) larger.

    >>> from glasstunnel.constants import debye
    >>> round(float(dipole_from_prefactors(1.6e-3, 1e-3, 2300.0, 5.0, 0.87) / debye), 3)
    0.958
    """
    dielectric, heat_capacity, mass_density, relative_permittivity, asymmetry_min = positive(
        dielectric=dielectric, heat_capacity=heat_capacity, mass_density=mass_density,
        relative_permittivity=relative_permittivity, asymmetry_min=asymmetry_min,
    )
    ratio = dielectric / heat_capacity
    square = ratio * 2.0 * vacuum_permittivity * relative_permittivity * boltzmann**2 * asymmetry_min / mass_density
    return np.sqrt(square)


def dipole_from_density(strength: Real, density: Real, mass_density: Real, relative_permittivity: Real) -> Real:
    """p1 [C m] from C_ATS = pi x P* p1^2/(eps0 eps_r k_B) [K] and P* times the number of systems per kilogram [1/kg].

    For two-level systems use A_2LS = Pbar p0^2/(eps0 eps_r) [1] times pi, and the density Pbar [1/(K kg)].

    >>> from glasstunnel.constants import debye
    >>> round(float(dipole_from_density(1e-5, 1e20, 2300.0, 5.0) / debye), 4)
    0.0276
    """
    strength, density, mass_density, relative_permittivity = positive(
        strength=strength, density=density, mass_density=mass_density, relative_permittivity=relative_permittivity
    )
    square = strength * boltzmann * vacuum_permittivity * relative_permittivity / (math.pi * mass_density * density)
    return np.sqrt(square)


def _fraction(x):
    (values,) = real_arrays(("molar fraction x", x))
    if not ((values >= 0.0) & (values <= 1.0)).all():
        raise ParameterError(f"molar fraction x must lie between 0 and 1, got {x!r}")
    return values if isinstance(x, (list, tuple)) else x
