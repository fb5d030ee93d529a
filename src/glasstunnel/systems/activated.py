"""Thermally activated relaxation of double wells over a distribution of barriers."""

import math
from dataclasses import dataclass

import numpy as np

from glasstunnel.numerics.blocks import in_blocks
from glasstunnel.numerics.quadrature import panels
from glasstunnel.numerics.stable import sech_squared
from glasstunnel.systems.contribution import WithoutEnergy, zeros
from glasstunnel.systems.material import Material
from glasstunnel.systems.parameters import check_choice, known, option, parameter
from glasstunnel.systems.response.acoustic import AcousticResponse, as_material, mode_weights

_BARRIERS = {
    "gaussian": lambda barrier, scale: np.exp(-0.5 * (barrier / scale) ** 2),
    "exponential": lambda barrier, scale: np.exp(-barrier / scale),
}
_ASYMMETRIES = 20.0  # of Delta/2T: beyond it sech^2 is below 1e-16


@dataclass(frozen=True)
class ActivatedRelaxation(AcousticResponse, WithoutEnergy):  # the two-level systems of the same glass hold it
    """Double wells that are crossed by thermal activation, 3 to 100 K
    [D. Tielbuerger, R. Merz, R. Ehrenfels, S. Hunklinger, Phys. Rev. B 45, 2750 (1992); exponential barriers:
    K. S. Gilroy, W. A. Phillips, Philos. Mag. B 43, 735 (1981)].

    s = C Int dV/E0 f(V) Int_0^inf dDelta/T sech^2(Delta/2T)/(1 - i w tau), tau = tau0 exp(V/T) sech(Delta/2T),

    with C the tunneling strength of the same double wells at low temperature and f(V) = exp(-V^2/2 V0^2)
    ("gaussian") or exp(-V/V0) ("exponential"). Below E0/2, tunneling is faster and `TwoLevelSystems` describe the same
    systems; they hold their heat capacity, so this contribution adds none. Relative error of the quadrature below 1e-9.

    >>> from glasstunnel import ActivatedRelaxation, internal_friction
    >>> silica = ActivatedRelaxation(3e-4, 3e-4, energy_scale=13.0, barrier_scale=445.0, attempt_time=1e-13)
    >>> print(f"{float(internal_friction(silica, 20.0, 0.0, 9e4)) / 3e-4:.8f}")
    3.60633739
    """

    summary = "Double wells that are crossed by thermal activation, 3 to 100 K"
    validity = (
        "From half of `energy_scale` up to the temperature at which most barriers are crossed within a "
        "period of the measurement; colder, `TwoLevelSystems` describe the same systems. Systems that do "
        "not interact"
    )
    equations = (
        "D. Tielbuerger, R. Merz, R. Ehrenfels, S. Hunklinger, Phys. Rev. B 45, 2750 (1992); exponential "
        "barriers: K. S. Gilroy, W. A. Phillips, Philos. Mag. B 43, 735 (1981)"
    )

    longitudinal_strength: float | None = parameter("1", "C_l of the double wells", open_lower=False, optional=True)
    transverse_strength: float | None = parameter("1", "C_t of the double wells", open_lower=False, optional=True)
    energy_scale: float = parameter("K", "E0: barrier over the tunneling exponent, V = E0 lambda")
    barrier_scale: float = parameter("K", "V0: width of the distribution of barriers")
    attempt_time: float = parameter("s", "tau0", default=1e-13)
    barriers: str = option(_BARRIERS, "gaussian")
    material: Material | None = None

    def __post_init__(self):
        super().__post_init__()
        check_choice(self, "barriers")
        object.__setattr__(self, "material", as_material(self.material, type(self).__name__))

    def couples_to_strain(self):
        return self.longitudinal_strength is not None or self.transverse_strength is not None

    def strain_response(self, T, B, frequency, *, mode, part, intensity=None):
        """s [1]; relaxational only, and without saturation."""
        if part == "resonant":
            return zeros(T, B, frequency) + 0j
        weights = mode_weights(mode, self.material)
        names = ("longitudinal_strength", "transverse_strength")
        strength = sum(
            weight * known(self, name) for weight, name in zip(weights, names, strict=True) if weight != 0.0
        )
        return strength * in_blocks(self._per_strength, T, frequency, block=16) + zeros(B)

    def _per_strength(self, T, frequency):
        T, omega = np.asarray(T, float)[..., None, None], 2.0 * math.pi * np.asarray(frequency, float)[..., None, None]
        # A barrier is crossed within a period up to T ln(1/w tau0); far beyond it nothing moves.
        highest = float(np.max(T * (np.maximum(-np.log(omega * self.attempt_time), 0.0) + 40.0)))
        lowest = float(np.min(T))
        edges = np.linspace(0.0, highest, max(2, math.ceil(highest / (2.0 * lowest))) + 1)
        barrier, weight = panels(edges, 16)
        half, half_weight = panels([0.0, 2.0, 6.0, _ASYMMETRIES], 16)
        shape = weight / self.energy_scale * _BARRIERS[self.barriers](barrier, self.barrier_scale)
        # tau grows exponentially: where exp overflows the system stands still, and its response is zero.
        exponent = np.minimum(barrier[:, None] / T - np.log(np.cosh(half)), 600.0)
        delay = omega * self.attempt_time * np.exp(exponent)
        response = 2.0 * half_weight * sech_squared(half) / (1.0 - 1j * delay)
        return np.einsum("...ij,i->...", response, shape)
