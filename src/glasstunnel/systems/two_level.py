"""Two-level systems of the standard tunneling model."""

import math
from dataclasses import dataclass

import numpy as np

from glasstunnel.constants import boltzmann, elementary_charge, hbar
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.quadrature import legendre
from glasstunnel.systems.contribution import zeros
from glasstunnel.systems.ensemble import Ensemble, EnsembleContribution
from glasstunnel.systems.material import Material
from glasstunnel.systems.parameters import check_choice, known, option, parameter
from glasstunnel.systems.response import drive, frequency_noise, slow_heat
from glasstunnel.systems.response import two_level as two_level_response
from glasstunnel.systems.response.acoustic import AcousticResponse, as_material, mode_weights, tunneling_strengths
from glasstunnel.systems.response.convention import (
    CONVENTIONS,
    DielectricConvention,
    checked_convention,
    dielectric_convention,
)
from glasstunnel.systems.response.dielectric import DielectricResponse

_NODES = 192  # relative error below 1e-12 for energy_max/tunneling_min up to 1e9 at T > tunneling_min/10

_FINEST_AMPLITUDE = 1e-9  # K: stands for an unlimited tunneling amplitude in the dielectric response
_SLOWEST_AMPLITUDE = 1e-15  # K: the same for what relaxes within a time; such systems take longer than 1e20 s
_FINEST = 1e-6  # K: scale below which the nodes of a constant density of states no longer crowd towards E = 0


@dataclass(frozen=True)
class TwoLevelSystems(AcousticResponse, DielectricResponse, EnsembleContribution):
    """Two-level systems of the standard tunneling model  [004, Eq. 2; 002, Eq. 12].

    The distribution of asymmetry Delta >= 0 and tunneling amplitude Delta0 is density/Delta0. With the gap
    E = sqrt(Delta^2 + Delta0^2), cut at Delta0 >= `tunneling_min` and E <= `energy_max`, the density of states is

        g(E) = density * arccosh(E / tunneling_min),

    which varies by a logarithm only. Without `tunneling_min` (None) it counts as a constant, g = density, and the heat
    capacity is linear in temperature, C = (pi^2/6) g k_B T (g per kilogram and kelvin; k_B T in joules)
    [002, Eq. 12, with g = n Pbar; 004, Eq. 21].
    The levels do not depend on the magnetic field. The asymmetry is counted on one side; a distribution over both
    signs of Delta has half this density.

    The acoustic response [W. A. Phillips, Rep. Prog. Phys. 50, 1657 (1987)] needs `material` and `density`, or the
    tunneling strengths themselves; `elastic_constant` then follows from the material unless it is given.
    The dielectric response [004, Eqs. 8-9] needs `dielectric_strength`, and `elastic_constant` (fitted, or from
    `Material.elastic_constant`) for its relaxational part; of `convention` only the meaning of omega counts here.

    >>> from glasstunnel import TwoLevelSystems, heat_capacity
    >>> tls = TwoLevelSystems(density=1e21, tunneling_min=1e-3)
    >>> f"{heat_capacity(tls, T=1.0, B=0.0):.4e}"
    '1.9638e-01'
    """

    summary = "Two-level systems of the standard tunneling model"
    validity = (
        "Temperatures up to about 1 K, where soft modes and activation take over, and between the smallest "
        "amplitude and the largest gap where these are given; systems that do not interact; no magnetic "
        "field"
    )
    equations = "004, Eq. 2; 002, Eq. 12"

    density: float | None = parameter(
        "1/(K kg)", "systems per unit asymmetry and per unit ln(Delta0) (None: not known, dielectric response only)",
        open_lower=False, linear=True, optional=True,
    )
    tunneling_min: float | None = parameter(
        "K", "smallest tunneling amplitude Delta0 (not given: constant density of states)", optional=True, default=None
    )
    energy_max: float = parameter("K", "largest gap E", default=1e3)
    dielectric_strength: float | None = parameter(
        "1", "A_2LS = Pbar p0^2/(eps0 eps_r) (not given: no dipole)", open_lower=False, optional=True, default=None
    )
    elastic_constant: float | None = parameter(
        "s K^3", "gamma of the one-phonon rate (not given: no relaxation)", optional=True, default=None
    )
    dipole_moment: float | None = parameter(
        "C m", "p0, half the dipole change between the wells (not given: no echo)", optional=True, default=None
    )
    spectral_diffusion: float = parameter(
        "1/(s K)", "c of the dephasing rate c T of echoes", open_lower=False, default=0.0
    )
    convention: str | DielectricConvention = option(CONVENTIONS, "default")
    diffusion_strength: float = parameter(
        "1", "Pbar U0 <|s|> of the interaction by which thermal flips make echoes lose phase (0: none)",
        open_lower=False, default=0.0,
    )
    material: Material | None = None
    longitudinal_strength: float | None = parameter(
        "1", "C_l = Pbar g_l^2/(rho v_l^2) (not given: from density and material)", open_lower=False, optional=True,
        default=None,
    )
    transverse_strength: float | None = parameter(
        "1", "C_t = Pbar g_t^2/(rho v_t^2) (not given: from density and material)", open_lower=False, optional=True,
        default=None,
    )
    elastic_share: float = parameter("1", "share of the elastic energy in the glass", upper=1.0, default=1.0)
    critical_intensity: float | None = parameter(
        "W/m2", "J_c = hbar^2 rho v^3/(2 g^2 T1 T2) of resonant absorption (not given: no saturation)", optional=True,
        default=None,
    )
    phonon_dimension: int = option((1, 2, 3), 3)
    raman_rate: float = parameter("1/(s K^7)", "two-phonon rate over T^7", open_lower=False, default=0.0)
    electron_rate: float = parameter(
        "1/(s K)", "rate of conduction electrons over E coth(E/2T)", open_lower=False, default=0.0
    )

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "convention", checked_convention(self.convention))
        object.__setattr__(self, "material", as_material(self.material, type(self).__name__))
        check_choice(self, "phonon_dimension")
        if self.phonon_dimension != 3 and self.elastic_constant is None and self.material is not None and (
            self.material.has_potentials
        ):
            raise ParameterError(
                f"{type(self).__name__}: the elastic constant of a material is that of bulk phonons; give "
                f"elastic_constant [s K^{self.phonon_dimension}] for phonon_dimension={self.phonon_dimension}"
            )
        low, high = self.tunneling_min, self.energy_max
        if low is not None and not (low < high):
            raise ParameterError(
                f"{type(self).__name__}.tunneling_min must be below energy_max, got {low!r} and {high!r}"
            )

    def ensemble(self, B):
        """Gaps at nodes of s, E = tunneling_min cosh(s): g dE = density tunneling_min s sinh(s) ds is analytic.

        Constant density of states: E = _FINEST sinh(s), g dE = density _FINEST cosh(s) ds.
        """
        density = known(self, "density")
        nodes, weights = legendre(_NODES)
        if self.tunneling_min is None:
            span = np.arcsinh(np.asarray(self.energy_max / _FINEST))
            s = span * nodes
            gap = _FINEST * np.sinh(s)
            number = density * _FINEST * span * weights * np.cosh(s)
        else:
            span = np.arccosh(np.asarray(self.energy_max / self.tunneling_min))
            s = span * nodes
            gap = self.tunneling_min * np.cosh(s)
            number = density * self.tunneling_min * span * weights * s * np.sinh(s)
        return Ensemble(levels=zeros(B)[..., None, None] + np.stack([np.zeros_like(gap), gap], axis=-1), weights=number)

    def density_of_states(self, E, B):
        """g(E) = density arccosh(E/tunneling_min) between the cutoffs (or `density`), else zero [1/(K kg)]."""
        density = known(self, "density")
        if self.tunneling_min is None:
            return np.where(np.asarray(E) <= self.energy_max, density, 0.0) + zeros(E, B)
        ratio = np.asarray(E) / self.tunneling_min
        inside = (ratio > 1.0) & (np.asarray(E) <= self.energy_max)
        states = density * np.arccosh(np.where(inside, ratio, 2.0))
        return np.where(inside, states, 0.0) + zeros(E, B)

    def permittivity(self, T, B, frequency, *, part="both"):
        """A_2LS times the resonant and relaxational response  [004, Eq. 8]; independent of B."""
        strength = known(self, "dielectric_strength")
        resonant, relaxational = self._response(T, frequency, part)
        return strength * (resonant + relaxational + zeros(B))

    def over_sets(self, observable, values, T, B, **conditions):
        simple = set(conditions) <= {"frequency", "part"} and conditions.get("part", "both") == "both"
        if observable != "loss_tangent" or not simple or not set(values) <= {"dielectric_strength", "elastic_constant"}:
            return super().over_sets(observable, values, T, B, **conditions)
        count = len(next(iter(values.values())))
        strength = np.reshape(values.get("dielectric_strength", np.full(count, self.dielectric_strength)), (-1, 1))
        response = np.imag(self._response(T, conditions["frequency"], "resonant")[0])
        possible = (strength >= 0.0) & np.isfinite(strength)
        gamma = values.get("elastic_constant", self.rate_constant)
        if gamma is not None:
            gamma = np.broadcast_to(np.reshape(gamma, (-1, 1)), (count, 1))
            possible &= (gamma > 0.0) & np.isfinite(gamma)
            rate = np.where(possible, gamma, 1.0)
            response = response + np.imag(self._relaxational(T, conditions["frequency"], rate))
        return np.where(possible, strength, np.nan) * response + zeros(B)

    def _relaxational(self, T, frequency, gamma):
        """Relaxational response per unit strength at the rate constant `gamma` [s K^3], of the broadcast shape."""
        turns = dielectric_convention(self.convention).omega(frequency) / (2.0 * math.pi)
        low, high = self.finest_amplitude, self.energy_max
        return two_level_response.relaxational(T, turns, low, high, gamma, self.relaxation_law)

    def driven_permittivity(self, T, B, frequency, drive_amplitude, *, part="both"):
        """A_2LS times the fundamental of the response to a field of amplitude F0 [V/m]; see `response.drive`.

        Needs `dipole_moment` and a relaxation rate, and audio frequencies. F0 = 0 is the linear response.
        """
        swing = known(self, "dipole_moment") * np.asarray(drive_amplitude, float) / boltzmann
        response = self._driven(T, frequency, swing, part, drive.DIPOLES)
        linear = self.permittivity(T, B, frequency, part=part)
        return np.where(swing == 0.0, linear, known(self, "dielectric_strength") * response + zeros(B))

    def strained_response(self, T, B, frequency, strain_amplitude, *, mode, part):
        """C times the fundamental of the response to a strain of that amplitude; see `response.drive`."""
        branch = {"longitudinal": "longitudinal", "transverse": "transverse", "torsion": "transverse"}.get(mode)
        if branch is None:
            raise ParameterError("mode='young' has no one deformation potential: a large strain amplitude needs "
                                 "longitudinal or transverse sound")  # fmt: skip
        potential = known(known(self, "material"), f"{branch}_potential") * elementary_charge
        swing = potential * np.asarray(strain_amplitude, float) / boltzmann
        response = self._driven(T, frequency, swing, part, drive.STRAIN)
        linear = self.strain_response(T, B, frequency, mode=mode, part=part)
        return np.where(swing == 0.0, linear, self.mode_strength(mode) * response + zeros(B))

    def _driven(self, T, frequency, swing, part, directions):
        if part != "both":
            raise ParameterError("a strong drive mixes resonant and relaxational response: choose part='both'")
        gamma = self.rate_constant
        if gamma is None:
            raise ParameterError(
                f"{type(self).__name__}: the response to a strong drive needs a relaxation rate: give elastic_constant "
                "or material"
            )
        turns = dielectric_convention(self.convention).omega(np.asarray(frequency, float)) / (2.0 * math.pi)
        safe = np.where(swing > 0.0, swing, 1.0)
        law = self.relaxation_law
        population = drive.DrivenPopulation(self.finest_amplitude, self.energy_max, gamma, law, directions)
        return drive.driven(T, turns, safe, population)

    @property
    def rate_constant(self) -> float | None:
        """gamma of the one-phonon rate [s K^3]: `elastic_constant`, else that of the material, else None."""
        if self.elastic_constant is None and self.material is not None and self.material.has_potentials:
            return self.material.elastic_constant()
        return self.elastic_constant

    @property
    def finest_amplitude(self) -> float:
        """Lower end of the tunneling amplitudes [K]; without `tunneling_min` one that stands for no limit."""
        return _FINEST_AMPLITUDE if self.tunneling_min is None else self.tunneling_min

    @property
    def _slowest_amplitude(self) -> float:
        """Lower end of the tunneling amplitudes [K] where they set the longest relaxation time."""
        return _SLOWEST_AMPLITUDE if self.tunneling_min is None else self.tunneling_min

    @property
    def relaxation_law(self) -> two_level_response.RelaxationLaw:
        """How the relaxation rate depends on gap and temperature."""
        return two_level_response.RelaxationLaw(self.phonon_dimension, self.raman_rate, self.electron_rate)

    def _response(self, T, frequency, part):
        """(resonant, relaxational) response per unit strength; zero for the part that is not asked for."""
        resonant = relaxational = zeros(T, frequency) + 0j
        low, gamma = self.finest_amplitude, self.rate_constant
        if part in ("both", "resonant"):
            resonant = two_level_response.resonant(T, frequency, low, self.energy_max)
        if part in ("both", "relaxational") and gamma is not None:
            relaxational = self._relaxational(T, frequency, gamma)
        return resonant, relaxational

    # --- strain ---------------------------------------------------------------------------------------------------

    def tunneling_strengths(self) -> tuple[float, float]:
        """(C_l, C_t) [1], given or from density and material; `ParameterError` where one is not known."""
        derived = (None, None)
        if self.density is not None and self.material is not None and self.material.has_potentials:
            derived = tunneling_strengths(self.density, self.material)
        longitudinal, transverse = (
            strength if given is None else given
            for given, strength in zip((self.longitudinal_strength, self.transverse_strength), derived, strict=True)
        )
        if longitudinal is None or transverse is None:
            raise ParameterError(
                f"{type(self).__name__}: give density and material, or longitudinal_strength and transverse_strength"
            )
        return longitudinal, transverse

    def couples_to_strain(self):
        given = self.longitudinal_strength is not None or self.transverse_strength is not None
        derived = self.density is not None and self.material is not None and self.material.has_potentials
        return given or derived

    def mode_strength(self, mode: str) -> float:
        """C of a mode [1] as a sample shows it: `scattering_strength` times the share of its elastic energy."""
        return self.elastic_share * self.scattering_strength(mode)

    def scattering_strength(self, mode: str) -> float:
        """C of a mode in the glass itself [1]; `ParameterError` where it is not known."""
        weights = mode_weights(mode, self.material)
        needed = [name for name, weight in zip(("longitudinal", "transverse"), weights, strict=True) if weight]
        if len(needed) == 1 and (given := getattr(self, f"{needed[0]}_strength")) is not None:
            return given
        strengths = self.tunneling_strengths()
        return weights[0] * strengths[0] + weights[1] * strengths[1]

    def strain_response(self, T, B, frequency, *, mode, part, intensity=None):
        """3 C times the response of two-level systems per unit strength: strain has no direction average.

        Only absorption saturates, as 1/sqrt(1 + J/J_c) [W. A. Phillips, Rep. Prog. Phys. 50, 1657 (1987)].
        """
        strength = 3.0 * self.mode_strength(mode)
        resonant, relaxational = self._response(T, frequency, part)
        if intensity is not None:
            critical = known(self, "critical_intensity")
            resonant = np.real(resonant) + 1j * np.imag(resonant) / np.sqrt(1.0 + np.asarray(intensity) / critical)
        return strength * (resonant + relaxational + zeros(B))

    # --- time -----------------------------------------------------------------------------------------------------

    def gives(self, method):
        if method == "heat_release":
            return self.density is not None and self.rate_constant is not None
        if method == "frequency_noise":
            return bool(self.density) and self.dielectric_strength is not None and self.rate_constant is not None
        return super().gives(method)

    def short_time_heat_capacity(self, T, B, time):
        """Heat capacity [J/(K kg)] of the systems that relax within `time` [s]; see `response.slow_heat`.

        Without `tunneling_min` the distribution is unlimited and C grows as ln(time) for ever.
        """
        gamma = self.known_rate("the heat capacity within a time")
        kelvin = slow_heat.heat_capacity(T, time, self._slowest_amplitude, self.energy_max, gamma)
        return boltzmann * known(self, "density") * kelvin + zeros(B)

    def heat_release(self, T, B, start_temperature, time):
        """Power given off at T [W/kg], `time` after cooling from `start_temperature`; see `response.slow_heat`."""
        gamma = self.known_rate("the heat release")
        lowest, highest = self._slowest_amplitude, self.energy_max
        released = slow_heat.heat_release(T, start_temperature, time, lowest, highest, gamma)
        return boltzmann * known(self, "density") * released + zeros(B)

    def frequency_noise(self, T, B, frequency, noise_frequency, mass=None, coherence_time=None):
        """S_y [1/Hz] of independent systems that flip; see `response.frequency_noise`.

        [A^2/(5 density mass)] Int dE R^2 sech^2 4 tau_min N, 1/5 = <cos^4> of the directions of the dipoles.
        """
        if mass is None or coherence_time is None:
            raise ParameterError("the frequency noise of independent systems needs mass [kg] and coherence_time T2 [s]")
        gamma = self.known_rate("the frequency noise")
        integral = frequency_noise.noise_integral(
            T, frequency, noise_frequency, coherence_time, self.energy_max, gamma
        )
        strength = known(self, "dielectric_strength")
        return strength**2 / (5.0 * known(self, "density") * np.asarray(mass, float)) * integral + zeros(B)

    def known_rate(self, what: str) -> float:
        """gamma [s K^3] where one-phonon relaxation in bulk is all there is; `ParameterError` otherwise."""
        if self.rate_constant is None or self.relaxation_law != two_level_response.ONE_PHONON:
            raise ParameterError(
                f"{type(self).__name__}: {what} needs one-phonon relaxation in three dimensions: give material or "
                "elastic_constant, and no other rates"
            )
        return self.rate_constant

    @property
    def scattering_edges(self) -> tuple[float, ...]:
        """The ends of the distribution of gaps [K]."""
        return (self.energy_max,) if self.tunneling_min is None else (self.tunneling_min, self.energy_max)

    def inverse_mean_free_path(self, energy, T, B, mode):
        """1/l [1/m] of phonons of `energy` [K] in a mode: resonant absorption and relaxation.

        Of heat in the glass itself, so that `elastic_share`, a property of a resonator, does not count.
        """
        speed = known(self, "material").speed(mode)
        frequency = energy * boltzmann / (2.0 * math.pi * hbar)
        low = self.finest_amplitude
        share = np.where(energy < self.energy_max, 1.0, 0.0)
        if self.tunneling_min is not None:
            share = share * np.sqrt(1.0 - np.minimum(low / energy, 1.0) ** 2)
        friction = math.pi * np.tanh(energy / (2.0 * T)) * share
        gamma = self.rate_constant
        if gamma is not None and self.tunneling_min is None and self.relaxation_law == two_level_response.ONE_PHONON:
            friction = friction + 3.0 * two_level_response.unlimited_loss(gamma * 2.0 * math.pi * frequency / T**3)
        elif gamma is not None:
            slow = two_level_response.relaxational(T, frequency, low, self.energy_max, gamma, self.relaxation_law)
            friction = friction + 3.0 * np.imag(slow)
        return 2.0 * math.pi * frequency / speed * self.scattering_strength(mode) * friction + zeros(B)
