"""Tunneling systems listed one by one: what a simulated glass or a table of pairs holds, as part of a glass."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from glasstunnel.constants import boltzmann, vacuum_permittivity
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number
from glasstunnel.systems.contribution import zeros
from glasstunnel.systems.ensemble import Ensemble, EnsembleContribution
from glasstunnel.systems.parameters import known, parameter
from glasstunnel.systems.response import two_level as two_level_response
from glasstunnel.systems.response.acoustic import AcousticResponse
from glasstunnel.systems.response.dielectric import DielectricResponse

#: Lists of a catalogue: name -> smallest value allowed.
PER_SYSTEM = {
    "asymmetries": -math.inf, "splittings": 0.0, "weights": 0.0, "third_levels": 0.0, "barriers": 0.0,
    "dipoles": 0.0, "deformation_potentials": 0.0,
}  # fmt: skip


@dataclass(frozen=True)
class TunnelingCatalogue(DielectricResponse, AcousticResponse, EnsembleContribution):
    """Tunneling systems given one by one, each with its own asymmetry and splitting  [002, Sec. 8; 004, Sec. II].

    No law of distribution is assumed: the heat capacity is the exact level sum over the list. A system has the levels
    0, E = sqrt(asymmetry^2 + splitting^2) and, where `third_levels` gives one above E, that too [K]. `weights` count
    how often each stands for a system (default one each); `concentration` is the number of all together.
    Dielectric response: `dipoles` (half the dipole change between the wells [C m], averaged over directions),
    `relative_permittivity` and `mass_density`; sound: `deformation_potentials` [J] (half the change of the asymmetry
    by a unit strain of the `sound_mode`), `sound_speed`.
    Relaxation: one phonon (`elastic_constant`) and, with `barriers` [K] and
    an `attempt_rate`, over the barrier. A list without a saturation curve behind it is a `lower_bound`.

    >>> from glasstunnel import TunnelingCatalogue, heat_capacity
    >>> found = TunnelingCatalogue(1e20, asymmetries=(0.0, 0.3), splittings=(0.5, 0.4))
    >>> f"{heat_capacity(found, T=0.2, B=0.0):.4e}"
    '6.0493e-04'
    """

    summary = "Tunneling systems given one by one, each with its own asymmetry and splitting"
    validity = (
        "Temperatures whose energies the list covers, from its smallest gap to its largest; a list that a "
        "search did not exhaust is a lower bound. Without a magnetic field"
    )
    equations = "002, Sec. 8; 004, Sec. II"

    concentration: float = parameter("1/kg", "systems per kilogram, all of the list together", open_lower=False,
                                     linear=True)  # fmt: skip
    relative_permittivity: float | None = parameter("1", "eps_r of the glass", optional=True, default=None)
    mass_density: float | None = parameter("kg/m3", "density of the glass", optional=True, default=None)
    elastic_constant: float | None = parameter(
        "s K^3", "gamma of the one-phonon rate (not given: no relaxation)", optional=True, default=None
    )
    attempt_rate: float | None = parameter("1/s", "rate over the barriers at infinite temperature", optional=True,
                                           default=None)  # fmt: skip
    line_width: float = parameter("K", "width of the resonance of a single system", default=1e-4)
    sound_speed: float | None = parameter("m/s", "speed of the sound of `sound_mode`", optional=True, default=None)
    sound_mode: str = "longitudinal"
    asymmetries: tuple[float, ...] = ()
    splittings: tuple[float, ...] = ()
    weights: tuple[float, ...] | None = None
    third_levels: tuple[float, ...] | None = None
    barriers: tuple[float, ...] | None = None
    dipoles: tuple[float, ...] | None = None
    deformation_potentials: tuple[float, ...] | None = None
    lower_bound: bool = False

    needs: ClassVar[Mapping[str, str]] = dict.fromkeys(("permittivity", "loss_tangent", "dielectric_shift"), "dipoles")

    def __post_init__(self):
        super().__post_init__()
        count = len(self.asymmetries) if np.ndim(self.asymmetries) == 1 else -1
        for name, least in PER_SYSTEM.items():
            given = getattr(self, name)
            if given is None:
                continue
            values = np.asarray(given, dtype=float) if _numbers(given) else np.array([math.nan])
            if values.shape != (count,) or count < 1 or not (np.all(np.isfinite(values)) and np.all(values >= least)):
                range_text = "" if math.isinf(least) else ", none negative"
                raise ParameterError(f"{type(self).__name__}.{name} must be a list of finite numbers{range_text}, one "
                                     f"for each of the {max(count, 0)} asymmetries (at least one)")
            object.__setattr__(self, name, tuple(values.tolist()))
        if not self.asymmetries or np.min(self.gaps) <= 0 or not np.sum(self._shares) > 0:
            raise ParameterError(f"{type(self).__name__} needs systems with a gap above zero and weights above zero")

    @property
    def gaps(self):
        """E of every system [K]."""
        return np.hypot(self.asymmetries, self.splittings)

    @property
    def _shares(self):
        return np.ones(len(self.asymmetries)) if self.weights is None else np.asarray(self.weights)

    @property
    def numbers(self):
        """Systems per kilogram that each row stands for."""
        shares = self._shares
        return known(self, "concentration") * shares / shares.sum()

    def ensemble(self, B):
        """Levels 0, E and the third; a system without a third level has it far above everything."""
        third = np.zeros(len(self.asymmetries)) if self.third_levels is None else np.asarray(self.third_levels)
        third = np.where(third > self.gaps, third, 1e9)
        levels = np.stack([np.zeros_like(third), self.gaps, third], axis=-1)
        return Ensemble(levels=zeros(B)[..., None, None] + levels, weights=self.numbers)

    def density_of_states(self, E, B, width=0.25):
        """Systems per energy gap [1/(K kg)]: a list has no density, so each counts as a normal curve in ln E."""
        E = np.asarray(E, dtype=float)[..., None]
        kernel = np.exp(-0.5 * (np.log(E / self.gaps) / width) ** 2) / (E * width * math.sqrt(2.0 * math.pi))
        return np.sum(self.numbers * kernel, axis=-1) + zeros(E[..., 0], B)

    def relaxation_rates(self, T):
        """1/tau of every system [1/s], shape (..., systems): one phonon plus over the barrier."""
        T, rates = np.asarray(T, dtype=float)[..., None], 0.0
        if self.elastic_constant is not None:
            rates = 1.0 / two_level_response.relaxation_time(self.gaps, np.asarray(self.splittings), T,
                                                             self.elastic_constant)  # fmt: skip
        if self.attempt_rate is not None and self.barriers is not None:
            rates = rates + self.attempt_rate * np.exp(-np.asarray(self.barriers) / T)
        return rates + 0.0 * T * self.gaps

    def permittivity(self, T, B, frequency, *, part="both"):
        """n p^2/(3 eps0 eps_r) times the response of every system  [002, Eqs. 29-30]; independent of B."""
        dipoles = np.asarray(known(self, "dipoles"))
        density = known(self, "mass_density") * self.numbers
        factor = 3.0 * vacuum_permittivity * known(self, "relative_permittivity") * boltzmann
        strength = density * dipoles**2 / factor
        return self._response(T, frequency, strength, part) + zeros(B)

    def couples_to_strain(self) -> bool:
        """Whether deformation potentials and a sound speed are given."""
        return self.deformation_potentials is not None and self.sound_speed is not None

    def strain_response(self, T, B, frequency, *, mode, part, intensity=None):
        """s of `sound_velocity_shift` and `internal_friction`; a list answers for its one mode, unsaturated."""
        if mode != self.sound_mode:
            raise ParameterError(f"{type(self).__name__} has potentials of {self.sound_mode} sound, not {mode}")
        if intensity is not None:
            raise ParameterError(f"{type(self).__name__} has no saturation: leave out the intensity")
        return self.elastic_response(T, frequency, known(self, "sound_speed"), part=part) + zeros(B)

    def elastic_response(self, T, frequency, sound_speed, *, part="both"):
        """Sound: n gamma^2/(rho v^2) times the response; 1/Q is its imaginary part, dv/v minus half its real part.

        [J. Jaeckle, Z. Phys. 257, 212 (1972)] sound_speed [m/s]. `ParameterError` without deformation potentials.
        """
        strength = self.numbers * np.asarray(known(self, "deformation_potentials")) ** 2 / (sound_speed**2 * boltzmann)
        return self._response(T, frequency, strength, part)

    def _response(self, T, frequency, strength, part):
        T, frequency = np.broadcast_arrays(np.asarray(T, dtype=float), np.asarray(frequency, dtype=float))
        asymmetry, splitting = np.asarray(self.asymmetries), np.asarray(self.splittings)
        T, frequency, total = T[..., None], frequency[..., None], np.zeros(T.shape, dtype=complex)
        if part in ("both", "resonant"):
            photon = two_level_response.quantum(frequency)
            lines = two_level_response.single_resonant(asymmetry, splitting, T, photon, 1.0 / self.line_width)
            total = total + np.sum(strength * lines, axis=-1)
        if part in ("both", "relaxational") and (self.elastic_constant is not None or self.attempt_rate is not None):
            times = 1.0 / np.maximum(self.relaxation_rates(T[..., 0]), 1e-300)
            static = two_level_response.single_relaxational(asymmetry, splitting, T, 2.0 * math.pi * frequency, times)
            total = total + np.sum(strength * static, axis=-1)
        return total


def _numbers(given):
    return isinstance(given, (list, tuple, np.ndarray)) and all(map(is_number, given))
