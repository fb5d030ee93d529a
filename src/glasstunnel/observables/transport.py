r"""Thermal conductivity of a glass: phonons scattered by everything that the glass holds.

.. math:: \kappa = \sum_i \frac{g_i k_B^4 T^3}{6\pi^2\hbar^3 v_i^2}
          \int_0^\infty dx \frac{x^4 e^x}{(e^x-1)^2}\, l_i(x, T), \qquad \hbar\omega = x k_B T,

one longitudinal and two transverse branches (g_i = 1, 2). Inverse mean free paths add, conductivities do not, so the
glass answers as a whole.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.constants import boltzmann, hbar
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.quadrature import legendre
from glasstunnel.observables.evaluation import evaluate
from glasstunnel.systems.contribution import Contribution, zeros
from glasstunnel.systems.glass import Glass
from glasstunnel.systems.material import Material
from glasstunnel.systems.soft_modes import SoftModes

_BRANCHES = (("longitudinal", 1.0), ("transverse", 2.0))
_SMALLEST, _LARGEST = 1e-10, 60.0  # of x: what lies outside conducts less than 1e-10


def thermal_conductivity(glass: Contribution, T: ArrayLike, B: ArrayLike, size: ArrayLike | None = None) -> Any:
    """Thermal conductivity [W/(m K)] at T [K] and B [T]; independent of what does not scatter.

    size : boundary mean free path [m] (the diameter of a rod; 1.12 sides of a square one); None for a large sample.
    Two-level systems scatter resonantly and by relaxation, soft modes by their quasi-harmonic and classical parts.
    Relative error below 1e-7. `ParameterError` where no contribution states a material, or nothing scatters.
    Sources: resonant and relaxational scattering as in `TwoLevelSystems.inverse_mean_free_path`; R. C. Zeller and
    R. O. Pohl, Phys. Rev. B 4, 2029 (1971) for the T^2 law; soft modes as in `SoftModes`.

    >>> from glasstunnel import Material, TwoLevelSystems, thermal_conductivity
    >>> silica = TwoLevelSystems(5.0205418e18, material=Material(2200.0, 5800.0, 3800.0, 1.04, 0.65))
    >>> print(f"{float(thermal_conductivity(silica, 0.1, 0.0)):.4e}")
    3.1362e-04
    """
    return evaluate("thermal_conductivity", glass, T, B, size=size)


def conductivity(glass: Glass, T: ArrayLike, B: ArrayLike, size: ArrayLike | None = None) -> Any:
    """`thermal_conductivity` at checked conditions."""
    material = host_material(glass)
    T, B = np.asarray(T, float), np.asarray(B, float)
    boundary = 0.0 if size is None else 1.0 / np.asarray(size, float)
    x, weight = _nodes(T, edges_of(glass))
    energy, warm, field = x * T[..., None], T[..., None], B[..., None]
    total = zeros(T, B, boundary)
    for mode, branches in _BRANCHES:
        speed = material.speed(mode)
        inverse = np.asarray(boundary)[..., None] + _scattering(glass, energy, warm, field, mode, material)
        if not (inverse > 0.0).all():
            raise ParameterError("thermal_conductivity: nothing in this glass scatters phonons; give size, the "
                                 "mean free path at the boundary [m], or scatterers")  # fmt: skip
        scale = branches * boltzmann**4 * T**3 / (6.0 * np.pi**2 * hbar**3 * speed**2)
        total = total + scale * np.sum(weight / inverse, axis=-1)
    return total


def host_material(glass: Glass) -> Material:
    """The one material that the contributions state; `ParameterError` where there is none, or two that differ."""
    materials = {key: getattr(part, "material", None) for key, part in glass.contributions.items()}
    stated = {key: material for key, material in materials.items() if material}
    if not stated:
        raise ParameterError(
            "thermal_conductivity: no contribution states the material that carries the heat: give "
            "TwoLevelSystems(material=Material(density, longitudinal_speed, transverse_speed, ...))"
        )
    first = next(iter(stated.values()))
    if any(material != first for material in stated.values()):
        raise ParameterError(f"thermal_conductivity: {', '.join(stated)} state different materials; give one")
    return first


def _scattering(glass, energy, T, B, mode, material):
    """Sum of the inverse mean free paths [1/m] of all contributions."""
    total, strength = zeros(energy, B), 0.0
    for part in glass.contributions.values():
        if hasattr(part, "inverse_mean_free_path") and not isinstance(part, SoftModes):
            if part.couples_to_strain():
                total = total + part.inverse_mean_free_path(energy, T, B, mode)
                strength += part.scattering_strength(mode) if hasattr(part, "scattering_strength") else 0.0
    for part in glass.contributions.values():
        if isinstance(part, SoftModes):
            soft_strength = part.mode_strength(mode, strength)
            total = total + part.inverse_mean_free_path(energy, T, B, mode, soft_strength, material.speed(mode))
    return total


def edges_of(glass: Glass) -> list[float]:
    """Energies [K] at which the scattering of a contribution has a kink or an end."""
    parts = glass.contributions.values()
    return [edge for part in parts for edge in getattr(part, "scattering_edges", ())]


def _nodes(T, edges):
    """x and dx x^4 e^x/(e^x - 1)^2 for every T, each (..., nodes).

    Panels of ln x, which resolve the layer near x = 0 where relaxation takes over, with a panel edge at every one of
    `edges` [K].
    """
    low, high = np.log(_SMALLEST), np.log(_LARGEST)
    base = np.broadcast_to(np.linspace(low, high, 10), (*T.shape, 10))
    inner = [np.clip(np.log(edge / T), low, high)[..., None] for edge in edges]
    stops = np.sort(np.concatenate([base, *inner], axis=-1), axis=-1)
    node, weight = legendre(16)
    width = np.diff(stops)[..., None]
    shape = (*T.shape, width.shape[-2] * node.size)
    x = np.exp((stops[..., :-1, None] + width * node).reshape(shape))
    return x, (width * weight).reshape(shape) * x**5 / (4.0 * np.sinh(0.5 * x) ** 2)
