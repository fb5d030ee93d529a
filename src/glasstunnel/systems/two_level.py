"""Two-level systems of the standard tunneling model."""

import math
from dataclasses import dataclass

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.quadrature import legendre
from glasstunnel.systems.contribution import zeros
from glasstunnel.systems.ensemble import Ensemble, EnsembleContribution
from glasstunnel.systems.parameters import known, parameter
from glasstunnel.systems.response import two_level as two_level_dielectric
from glasstunnel.systems.response.convention import DielectricConvention
from glasstunnel.systems.response.convention import convention as dielectric_convention
from glasstunnel.systems.response.dielectric import DielectricResponse

_NODES = 192  # relative error below 1e-12 for energy_max/tunneling_min up to 1e9 at T > tunneling_min/10

_FINEST_AMPLITUDE = 1e-9  # K: stands for an unlimited tunneling amplitude in the dielectric response
_FINEST = 1e-6  # K: scale below which the nodes of a constant density of states no longer crowd towards E = 0


@dataclass(frozen=True)
class TwoLevelSystems(DielectricResponse, EnsembleContribution):
    """Two-level systems of the standard tunneling model  [004, Eq. 2; 002, Eq. 12].

    The distribution of asymmetry Delta >= 0 and tunneling amplitude Delta0 is density/Delta0. With the gap
    E = sqrt(Delta^2 + Delta0^2), cut at Delta0 >= `tunneling_min` and E <= `energy_max`, the density of states is

        g(E) = density * arccosh(E / tunneling_min),

    which varies by a logarithm only. Without `tunneling_min` (None) it counts as a constant, g = density, and the heat
    capacity is linear in temperature, C = (pi^2/6) g k_B T (g per kilogram and kelvin; k_B T in joules)
    [002, Eq. 12, with g = n Pbar; 004, Eq. 21].
    The levels do not depend on the magnetic field. The asymmetry is counted on one side; a distribution over both
    signs of Delta has half this density.

    The dielectric response [004, Eqs. 8-9] needs `dielectric_strength`, and `elastic_constant` (fitted, or from
    `Material.elastic_constant`) for its relaxational part; of `convention` only the meaning of omega counts here.

    >>> from glasstunnel import heat_capacity
    >>> tls = TwoLevelSystems(density=1e21, tunneling_min=1e-3)
    >>> f"{heat_capacity(tls, T=1.0, B=0.0):.4e}"
    '1.9638e-01'
    """

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
    convention: str | DielectricConvention = "default"

    def __post_init__(self):
        super().__post_init__()
        dielectric_convention(self.convention)
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
        low = _FINEST_AMPLITUDE if self.tunneling_min is None else self.tunneling_min
        total = zeros(T, B, frequency) + 0j
        if part in ("both", "resonant"):
            total = total + two_level_dielectric.resonant(T, frequency, low, self.energy_max)
        if part in ("both", "relaxational") and self.elastic_constant is not None:
            turns = dielectric_convention(self.convention).omega(frequency) / (2.0 * math.pi)
            total = total + two_level_dielectric.relaxational(T, turns, low, self.energy_max, self.elastic_constant)
        return strength * total
