"""Energy nodes for integrals over the doublet gap of anomalous tunneling systems."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from glasstunnel.numerics.quadrature import scaled_panels


@dataclass(frozen=True)
class EnergyNodes:
    """Gaps E [K], u_max = sqrt(E^2 - D_min^2) [K] and weights for Int dE, all (..., nodes)."""

    gap: Any
    flux_energy: Any
    weight: Any


@dataclass(frozen=True)
class Edges:
    """Where the doublet integrals change form [K]: D_min, a = D0min phi and b = D0max phi of a loop that faces B."""

    asymmetry_min: Any
    low: Any
    high: Any

    def along_nodes(self) -> "Edges":
        """The same with a last axis for the nodes."""
        return Edges(*(np.asarray(edge)[..., None] for edge in (self.asymmetry_min, self.low, self.high)))


@dataclass(frozen=True)
class PanelRule:
    """Panels no wider than `width` with `count` nodes each, with the region u_max < a if `below`; `graded` ones crowd
    at the borders of the regions."""

    width: float
    count: int
    below: bool = True
    graded: bool = False


def energy_nodes(bounds: Edges, far, rule: PanelRule) -> EnergyNodes:
    """Nodes from E = D_min to `far`, with panels that resolve each region in a coordinate of its own.

    Inner integrals change form at u_max = a and b, with layers of width
    min(a, D_min)^2/a behind the first and D_min^2/b behind the second. Three regions follow: u_max = D_min sinh(r)
    up to a; u_max^2 = a^2 + m^2 (e^r - 1), m = min(a, D_min), up to b;
    u_max^2 = b^2 + D_min^2 (e^r - 1) beyond.
    """
    asymmetry_min, low, high = bounds.asymmetry_min, bounds.low, bounds.high
    width, count, graded = rule.width, rule.count, rule.graded
    last = np.sqrt((far - asymmetry_min) * (far + asymmetry_min))
    scale = np.minimum(low, asymmetry_min)
    first, second = np.minimum(low, last), np.minimum(high, last)
    middle = np.maximum((second - low) * (second + low), 0.0)
    r2, w2 = scaled_panels(np.log1p(middle / scale**2), width, count, graded)
    outer = np.maximum((last - high) * (last + high), 0.0)
    r3, w3 = scaled_panels(np.log1p(outer / asymmetry_min**2), width, count, graded)
    asymmetry_min, low, high, scale = (np.asarray(value)[..., None] for value in (asymmetry_min, low, high, scale))
    u2 = np.sqrt(low**2 + scale**2 * np.expm1(r2))
    u3 = np.sqrt(high**2 + asymmetry_min**2 * np.expm1(r3))
    energies, slopes = [u2, u3], [0.5 * w2 * scale**2 * np.exp(r2), 0.5 * w3 * asymmetry_min**2 * np.exp(r3)]
    if rule.below:
        r1, w1 = scaled_panels(np.arcsinh(first / asymmetry_min[..., 0]), 0.5 * width, count, graded)
        energies.append(asymmetry_min * np.sinh(r1))
        slopes.append(w1 * energies[-1] * asymmetry_min * np.cosh(r1))
    flux_energy = _join(*energies)
    gap = np.sqrt(flux_energy**2 + asymmetry_min**2)
    return EnergyNodes(gap, flux_energy, _join(*slopes) / gap)


def _join(*parts):
    shape = np.broadcast_shapes(*(part.shape[:-1] for part in parts))
    return np.concatenate([np.broadcast_to(part, (*shape, part.shape[-1])) for part in parts], axis=-1)
