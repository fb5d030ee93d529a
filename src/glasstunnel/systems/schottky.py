"""Identical few-level systems: any Schottky anomaly."""

import math
from dataclasses import dataclass

import numpy as np

from glasstunnel.constants import bohr_magneton_kelvin
from glasstunnel.errors import ParameterError
from glasstunnel.systems.contribution import zeros
from glasstunnel.systems.ensemble import Ensemble, EnsembleContribution
from glasstunnel.systems.parameters import parameter


@dataclass(frozen=True)
class SchottkyLevels(EnsembleContribution):
    """Identical systems with a given list of levels  [Boltzmann statistics of a finite level scheme].

    concentration : systems per kilogram.
    levels : energies at B = 0 [K], a sequence; only differences count.
    degeneracies : multiplicity of each level, positive whole numbers (default: one each).
    moments : magnetic moment of each level in Bohr magnetons (default: none). A level with moment m lies at
        energy - m mu_B B/k_B. Time reversal requires that a level (energy, m) has a partner (energy, -m) of the same
        degeneracy: so M is odd in B.
    Raises `ParameterError` when the lists do not fit together.

    >>> from glasstunnel import entropy
    >>> from glasstunnel.constants import boltzmann
    >>> doublet_and_quartet = SchottkyLevels(concentration=1.0, levels=(0.0, 3.0), degeneracies=(2, 4))
    >>> round(float(entropy(doublet_and_quartet, T=1e6, B=0.0)) / boltzmann, 6)  # ln 6
    1.791759
    """

    summary = "Identical systems with a given list of levels"
    equations = "Boltzmann statistics of a finite level scheme"

    concentration: float = parameter("1/kg", "systems per kilogram", open_lower=False, linear=True)
    levels: tuple[float, ...] = ()
    degeneracies: tuple[int, ...] | None = None
    moments: tuple[float, ...] | None = None

    def __post_init__(self):
        super().__post_init__()
        for name, default in (("levels", None), ("degeneracies", 1), ("moments", 0.0)):
            given = getattr(self, name)
            missing = given is None and name != "levels"
            if not missing and not isinstance(given, (list, tuple, np.ndarray)):
                raise ParameterError(f"SchottkyLevels.{name} must be a list of numbers, got {given!r}")
            values = (default,) * len(self.levels) if given is None else tuple(given)
            object.__setattr__(self, name, values)
            self._check_list(name, values)
        degeneracies, moments = self.degeneracies or (), self.moments or ()
        if any(g < 1 or g != round(g) for g in degeneracies):
            raise ParameterError(f"SchottkyLevels.degeneracies must be positive whole numbers, got {degeneracies}")
        states = sorted(zip(self.levels, degeneracies, moments, strict=True))
        if states != sorted((energy, g, -moment) for energy, g, moment in states):
            raise ParameterError(
                "SchottkyLevels.moments must come in pairs +m and -m at the same energy and degeneracy "
                f"(time reversal), got {self.moments}"
            )

    def _check_list(self, name, values):
        if len(values) != len(self.levels) or not values:
            raise ParameterError(
                f"SchottkyLevels.{name} must have one entry per level and at least one, "
                f"got {len(values)} for {len(self.levels)} levels"
            )
        for value in values:
            if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not math.isfinite(value):
                raise ParameterError(f"SchottkyLevels.{name} must be finite numbers, got {value!r}")

    def ensemble(self, B):
        """The levels of one system, linear in B."""
        slopes = -bohr_magneton_kelvin * np.asarray(self.moments) + zeros(B)[..., None]
        energies = np.asarray(self.levels, dtype=float) - min(self.levels)
        return Ensemble(
            levels=(energies + slopes * np.asarray(B)[..., None])[..., None, :],
            slopes=slopes[..., None, :],
            weights=np.reshape(np.asarray(self.concentration, dtype=float), (1,)),
            degeneracies=np.asarray(self.degeneracies, dtype=float),
        )
