"""How alike glasses scatter phonons: tunneling strengths side by side, and what anomalous systems change in that."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.constants import boltzmann, hbar
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import not_negative, positive
from glasstunnel.observables.transport import host_material, thermal_conductivity
from glasstunnel.papers import published, published_entry, published_ids
from glasstunnel.papers.acoustics import ACOUSTIC_TABLES
from glasstunnel.records import brief
from glasstunnel.systems.anomalous.contribution import AnomalousTunnelingSystems
from glasstunnel.systems.contribution import Contribution
from glasstunnel.systems.glass import Glass, as_glass
from glasstunnel.systems.two_level import TwoLevelSystems

#: kappa = this times T^2 sum g_i/(C_i v_i), W/(s K^3).
CONDUCTION = boltzmann**3 / (6.0 * math.pi * hbar**2)


@dataclass(frozen=True)
class Scattering:
    """What two-level systems of a glass do to phonons at low temperature.

    longitudinal, transverse : tunneling strengths C. plateau : of the internal friction, pi C/2, of transverse sound.
    lengths : mean free path over wave length of transverse phonons of h f >> k T, 1/(2 pi^2 C).
    conductivity : kappa/T^2 [W/(m K^3)] for T -> 0.
    """

    name: str
    longitudinal: float
    transverse: float
    plateau: float
    lengths: float
    conductivity: float
    source: str

    __repr__ = brief


def reference_glasses() -> dict[str, Glass]:
    """{name: glass} of the published sets for phonon scattering, each with its source and what it is.

    The list is short because no table of other glasses could be read.

    >>> list(reference_glasses())
    ['vitreous silica', 'Stycast 1266']
    """
    ids = (id for id in published_ids() if published_entry(id).table in ACOUSTIC_TABLES)
    return {published_entry(id).glass: published(id) for id in ids}


def scattering(contribution: Contribution) -> Scattering:
    """The `Scattering` of a glass by its two-level systems; `ParameterError` where none couple to strain.

    >>> found = scattering(reference_glasses()["vitreous silica"])
    >>> f"{found.plateau:.2e} {found.lengths:.0f} {found.conductivity:.4f}"
    '4.29e-04 185 0.0314'
    """
    glass = as_glass(contribution, "scattering")
    parts = [part for part in glass.contributions.values() if isinstance(part, TwoLevelSystems)]
    parts = [part for part in parts if part.couples_to_strain()]
    if not parts:
        raise ParameterError("scattering: no two-level systems of this glass couple to strain")
    material = host_material(glass)
    longitudinal, transverse = (
        sum(part.scattering_strength(mode) for part in parts) for mode in ("longitudinal", "transverse")
    )
    sums = 1.0 / (longitudinal * material.longitudinal_speed) + 2.0 / (transverse * material.transverse_speed)
    return Scattering(
        glass.name or "glass", longitudinal, transverse, 0.5 * math.pi * transverse,
        1.0 / (2.0 * math.pi**2 * transverse), CONDUCTION * sums, glass.source,
    )  # fmt: skip


@dataclass(frozen=True)
class Spread:
    """Conductivity of glasses that differ in their anomalous systems alone.

    ratio : {name: kappa over that without anomalous systems, at each T}. spread : largest over smallest ratio at any
        temperature, less one.
    """

    temperature: np.ndarray
    ratio: dict[str, np.ndarray]
    spread: float

    __repr__ = brief


def conductivity_spread(glasses: Mapping[str, Contribution], T: ArrayLike, B: float = 0.0) -> Spread:
    """How far anomalous systems that couple to strain take the conductivities of glasses apart.

    Each glass is compared with itself without its anomalous systems, so that speeds of sound and strengths of the
    two-level systems drop out. Without a `strain_potential` every ratio is one.
    """
    temperatures = np.atleast_1d(positive(T=T))
    if not isinstance(glasses, Mapping) or not glasses or not temperatures.size or not np.size(B):
        raise ParameterError("conductivities are compared of {name: glass}, at one temperature and field at least")
    ratios = {}
    for name, contribution in glasses.items():
        glass = as_glass(contribution, name)
        parts = glass.contributions.items()
        rest = {key: part for key, part in parts if not isinstance(part, AnomalousTunnelingSystems)}
        bare = thermal_conductivity(dataclasses.replace(glass, contributions=rest), temperatures, B)
        ratios[name] = thermal_conductivity(glass, temperatures, B) / bare
    table = np.stack(list(ratios.values()))
    return Spread(temperatures, ratios, float(np.max(table.max(axis=0) / table.min(axis=0)) - 1.0))


def largest_potential(
    glasses: Mapping[str, Contribution], T: ArrayLike, spread: float = 0.1, B: float = 0.0
) -> float:
    """Smallest common strain potential gamma_A [eV] at which the conductivities of the glasses differ by `spread`.

    To 1e-4 of itself. `ParameterError` where none up to 100 eV takes them so far apart.
    """
    from scipy.optimize import root_scalar

    def excess(logarithm):
        moved = {name: with_potential(glass, math.exp(logarithm)) for name, glass in glasses.items()}
        return conductivity_spread(moved, T, B).spread - spread

    # Beyond, anomalous systems leave hardly a phonon to any of the glasses, and these differ less again: the first one.
    grid = np.linspace(math.log(1e-3), math.log(100.0), 60)
    for low, high in zip(grid[:-1], grid[1:], strict=True):
        if excess(high) > 0.0:
            return math.exp(root_scalar(excess, bracket=(low, high), xtol=1e-4).root)
    raise ParameterError("these glasses conduct alike at any strain potential: they bound none")


def with_potential(contribution: Contribution, potential: float) -> Glass:
    """The glass with `potential` [eV] as strain potential of its anomalous systems, in the material of the glass."""
    glass = as_glass(contribution, "with_potential")
    not_negative(potential=potential)
    material = host_material(glass)
    parts = {
        key: dataclasses.replace(part, strain_potential=potential, material=material)
        if isinstance(part, AnomalousTunnelingSystems) else part for key, part in glass.contributions.items()
    }  # fmt: skip
    return dataclasses.replace(glass, contributions=parts)
