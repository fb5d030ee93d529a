"""Strain on `AnomalousTunnelingSystems`: the response to an electric field with other weights of the directions.

Strain e shifts corner i of the triangle by g_i = gamma_A [a_i.e.a_i - (1/2) tr e], a_i a unit vector and the trace that
in the plane. As sum g_i = 0, these shifts obey the algebra of three dipoles with sum_i (p_i.F)^2 -> G^2 = <sum g_i^2>:
gamma_A^2/5 for longitudinal and (3/20) gamma_A^2 for transverse waves. Strain of D0 or of the loop is smaller by
(D0 phi/gamma_A)^2, some 1e-6, and left out. Nobody has measured gamma_A, and without it there is no coupling.
"""

import dataclasses
import math
from dataclasses import replace

import numpy as np

from glasstunnel.constants import boltzmann, elementary_charge, hbar
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number, positive, real_numbers
from glasstunnel.systems.anomalous.cutoffs import cutoffs_at
from glasstunnel.systems.anomalous.effective.response import Doublets, coupling_sum
from glasstunnel.systems.anomalous.response import Probe, alpha
from glasstunnel.systems.contribution import zeros
from glasstunnel.systems.parameters import known
from glasstunnel.systems.response.acoustic import mode_weights
from glasstunnel.systems.response.convention import DielectricConvention, dielectric_convention
from glasstunnel.systems.response.orientation import ORIENTATIONS, STRAIN_ORIENTATIONS, Orientation
from glasstunnel.systems.response.two_level import one_phonon_constant

BRANCHES = ("longitudinal", "transverse")
#: Directions of the sound against B; see `response.orientation.STRAIN_ORIENTATIONS`.
DIRECTIONS = tuple(dict.fromkeys(direction for _, direction in STRAIN_ORIENTATIONS))
#: G^2/gamma_A^2 of the branches.
MEAN_SQUARE = {"longitudinal": 1 / 5, "transverse": 3 / 20}
_RESCALED = 2 / 3  #: squared rescaled over squared true coupling of a corner, as for the papers' dipole


def strength(contribution, branch: str) -> float:
    """C' = pi density (2/3) G^2/(k_B v^2) [K] of a branch: to strain what C_ATS is to an electric field."""
    potential = known(contribution, "strain_potential") * elementary_charge
    square = _RESCALED * MEAN_SQUARE[branch] * potential**2
    speed = known(contribution, "material").speed(branch)
    return math.pi * known(contribution, "density") * square / (boltzmann * speed**2)


def rate_constant(contribution) -> float | None:
    """Gamma_A [s K^3] of 1/tau = E (E^2 - D^2/2)/(Gamma_A tanh(E/2T)): one phonon, six times that of potentials G_i."""
    material, potential = contribution.material, contribution.strain_potential * elementary_charge
    if potential == 0.0:
        return None
    couplings = (math.sqrt(MEAN_SQUARE[branch]) * potential for branch in BRANCHES)
    speeds = material.longitudinal_speed, material.transverse_speed
    return 6.0 * one_phonon_constant(material.density, *speeds, *couplings)


def strain_response(contribution, T, B, frequency, mode, part):
    """s = (C'/2)(2 k alpha_RES + alpha_REL) [1], complex: dv/v = -Re(s)/2 and 1/Q = Im(s)."""
    levels = dielectric_convention(contribution.convention).levels
    rules = DielectricConvention(rate_power=1, rate_kappa=0.5, levels=levels)
    total = zeros(T, B, frequency) + 0j
    for branch, share in zip(BRANCHES, mode_weights(mode, contribution.material), strict=True):
        if share:
            probe = Probe(rules, _orientation(contribution, mode, branch), rate_constant(contribution))
            total = total + 0.5 * share * strength(contribution, branch) * alpha(
                contribution, T, B, frequency, part, probe
            )
    return total


def _orientation(contribution, mode, branch) -> Orientation:
    if contribution.orientation == "rms":
        return ORIENTATIONS["rms"]
    if mode == "young" and contribution.strain_direction != "random":
        raise ParameterError(
            f"{type(contribution).__name__}: a bar strains in both ways at once, its direction against B is not worked "
            f"out; choose strain_direction='random', got {contribution.strain_direction!r}"
        )
    return STRAIN_ORIENTATIONS[branch, contribution.strain_direction]


def inverse_mean_free_path(contribution, energy, T, B, mode):
    """1/l [1/m] of phonons of `energy` [K]: resonant absorption, averaged over all directions of phonons.

    (w/v)(C'/2) Im alpha_RES(h f = energy); in zero field pi C' ln(D0max/D0min) tanh(E/2T)/(4 E) above D_min. Relaxation
    counts for nothing at thermal frequencies, w tau > 1e4.
    """
    orientation = ORIENTATIONS["rms" if contribution.orientation == "rms" else "random"]
    cutoffs = cutoffs_at(contribution, T)
    population = Doublets(
        cutoffs.asymmetry_min, cutoffs.amplitude_area_min, cutoffs.amplitude_area_max, orientation
    ).edges(B)
    absorbed = zeros(energy, T, B)
    edges = [(cutoffs.asymmetry_min, 1.0)]
    if contribution.asymmetry_max != math.inf:
        edges.append((cutoffs.asymmetry_max, -1.0))
    for edge, sign in edges:
        inside = energy > edge
        gap = np.where(inside, energy, 2.0 * edge)
        at_edge = replace(population, asymmetry_min=edge)
        counted = coupling_sum(gap, np.sqrt((gap - edge) * (gap + edge)), at_edge, orientation)
        absorbed = absorbed + sign * np.where(inside, counted, 0.0)
    friction = 0.5 * math.pi * np.tanh(energy / (2.0 * T)) / energy * np.maximum(absorbed, 0.0)
    speed = known(contribution, "material").speed(mode)
    return energy * boltzmann / hbar / speed * 0.5 * strength(contribution, mode) * friction


def scattering_edges(contribution) -> tuple[float, ...]:
    """Where scattering sets in and ends without field, at the reference temperature [K]."""
    ends = (contribution.asymmetry_min, contribution.asymmetry_max)
    return tuple(end for end in ends if math.isfinite(end))


def acoustic_bound(
    contribution, null: float, T: float, B: float, frequency: float, *, mode: str = "transverse",
    reference_field: float = 0.0,
) -> float:
    """Largest strain potential gamma_A [eV] that a field change of dv/v below `null` leaves, at T [K] and B [T].

    The change goes as gamma_A squared (relaxation being frozen out, or too slow to matter). It needs density and
    material; with a density that follows from a dipole, `density_of_dipoles`, it bounds gamma_A over that dipole.
    `ParameterError` where the field changes nothing.

    >>> from glasstunnel import AnomalousTunnelingSystems, Material
    >>> glass = Material(2510.0, 5900.0, 3700.0)
    >>> density = density_of_dipoles(1.125e-6, 3.33564e-30, 6.0, 2510.0)
    >>> bk7 = AnomalousTunnelingSystems(density, 0.0159, None, 2.9e5, 3.4e5, material=glass)
    >>> bool(0.0 < acoustic_bound(bk7, 1e-7, 0.015, 0.05, 1e3) < 1.0)
    True
    """
    if not hasattr(contribution, "strain_potential"):
        raise ParameterError(f"an acoustic null bounds AnomalousTunnelingSystems, got {contribution!r}")
    for name, number in {"null": null, "T": T, "frequency": frequency}.items():
        if not (is_number(number, finite=True) and number > 0.0):
            raise ParameterError(f"acoustic_bound: {name} must be a positive number, got {number!r}")
    real_numbers("acoustic_bound", B=B, reference_field=reference_field)
    unit = dataclasses.replace(contribution, strain_potential=1.0)
    change = unit.sound_velocity_shift(T, B, frequency, reference_field=reference_field, mode=mode, part="resonant")
    if not abs(change) > 0.0:
        raise ParameterError("the field does not change the sound velocity here, so that a null bounds nothing")
    return math.sqrt(null / abs(float(change)))


def density_of_dipoles(
    dielectric_strength: float, dipole_moment: float, relative_permittivity: float, mass_density: float
) -> float:
    """Density [1/kg] of systems whose rescaled dipole [C m] gives the dielectric strength C_ATS [K].

    C_ATS eps0 eps_r k_B/(pi rho p1^2); mass density in kg/m3  [002, below Eq. 46].

    >>> print(f"{density_of_dipoles(1e-6, 3.33564e-30, 6.0, 2510.0):.2e}")
    8.36e+15
    """
    from glasstunnel.constants import vacuum_permittivity

    strength, dipole, relative, density = positive(
        dielectric_strength=dielectric_strength, dipole_moment=dipole_moment,
        relative_permittivity=relative_permittivity, mass_density=mass_density,
    )
    return strength * vacuum_permittivity * relative * boltzmann / (math.pi * density * dipole**2)
