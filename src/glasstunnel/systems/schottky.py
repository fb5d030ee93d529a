"""Identical few-level systems: any Schottky anomaly."""

from dataclasses import dataclass

import numpy as np

from glasstunnel.constants import bohr_magneton_kelvin
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import is_number
from glasstunnel.systems.contribution import zeros
from glasstunnel.systems.ensemble import Ensemble, EnsembleContribution
from glasstunnel.systems.parameters import parameter

_MOST = 5  # levels above the lowest one that can vary


def _level(number):
    return parameter("K", f"energy of level {number} above the lowest one (not given: `levels` says all)",
                     open_lower=False, optional=True, default=None)  # fmt: skip


@dataclass(frozen=True)
class SchottkyLevels(EnsembleContribution):
    """Identical systems with a given list of levels  [Boltzmann statistics of a finite level scheme].

    concentration : systems per kilogram.
    levels : energies at B = 0 [K], a sequence; only differences count. Levels that vary in a fit are given one by one
        instead, as level_1 to level_5 above a lowest level at 0.
    degeneracies : multiplicity of each level, positive whole numbers (default: one each).
    moments : magnetic moment of each level in Bohr magnetons (default: none). A level with moment m lies at
        energy - m mu_B B/k_B. Time reversal requires that a level (energy, m) has a partner (energy, -m) of the same
        degeneracy: so M is odd in B.
    Raises `ParameterError` when the lists do not fit together.

    >>> from glasstunnel import SchottkyLevels, entropy
    >>> from glasstunnel.constants import boltzmann
    >>> doublet_and_quartet = SchottkyLevels(concentration=1.0, levels=(0.0, 3.0), degeneracies=(2, 4))
    >>> round(float(entropy(doublet_and_quartet, T=1e6, B=0.0)) / boltzmann, 6)  # ln 6
    1.791759
    """

    summary = "Identical systems with a given list of levels"
    validity = (
        "Systems that do not interact, and moments of levels that the field shifts in proportion but does "
        "not mix"
    )
    equations = "Boltzmann statistics of a finite level scheme"

    concentration: float = parameter("1/kg", "systems per kilogram", open_lower=False, linear=True)
    levels: tuple[float, ...] = ()
    degeneracies: tuple[int, ...] | None = None
    moments: tuple[float, ...] | None = None
    level_1: float | None = _level(1)
    level_2: float | None = _level(2)
    level_3: float | None = _level(3)
    level_4: float | None = _level(4)
    level_5: float | None = _level(5)

    def __post_init__(self):
        super().__post_init__()
        self._check_single_levels()
        for name, default in (("levels", None), ("degeneracies", 1), ("moments", 0.0)):
            given = getattr(self, name)
            missing = given is None and name != "levels"
            if not missing and not isinstance(given, (list, tuple, np.ndarray)):
                raise ParameterError(f"SchottkyLevels.{name} must be a list of numbers, got {given!r}")
            values = (default,) * len(self.energies) if given is None else tuple(given)
            object.__setattr__(self, name, values)
            self._check_list(name, self.energies if name == "levels" else values)
        degeneracies, moments = self.degeneracies or (), self.moments or ()
        if any(g < 1 or g != round(g) for g in degeneracies):
            raise ParameterError(f"SchottkyLevels.degeneracies must be positive whole numbers, got {degeneracies}")
        states = sorted(zip(self.energies, degeneracies, moments, strict=True))
        if states != sorted((energy, g, -moment) for energy, g, moment in states):
            raise ParameterError(
                "SchottkyLevels.moments must come in pairs +m and -m at the same energy and degeneracy "
                f"(time reversal), got {self.moments}"
            )

    @property
    def energies(self) -> tuple[float, ...]:
        """The levels at B = 0 [K]: `levels`, or 0 and level_1, level_2, ... as far as they are given."""
        if self.level_1 is None:
            return self.levels
        given = (getattr(self, f"level_{number}") for number in range(1, _MOST + 1))
        return (0.0, *(energy for energy in given if energy is not None))

    def _check_single_levels(self):
        given = [number for number in range(1, _MOST + 1) if getattr(self, f"level_{number}") is not None]
        if given != list(range(1, len(given) + 1)):
            raise ParameterError(f"SchottkyLevels.level_1 to level_{given[-1]} must all be given, without a gap")
        if given and len(self.levels):
            raise ParameterError("SchottkyLevels takes levels or level_1, level_2, ..., not both")

    def _check_list(self, name, values):
        if len(values) != len(self.energies) or not values:
            raise ParameterError(
                f"SchottkyLevels.{name} must have one entry per level and at least one, "
                f"got {len(values)} for {len(self.energies)} levels"
            )
        for value in values:
            if not is_number(value, finite=True):
                raise ParameterError(f"SchottkyLevels.{name} must be finite numbers, got {value!r}")

    def ensemble(self, B):
        """The levels of one system, linear in B."""
        slopes = -bohr_magneton_kelvin * np.asarray(self.moments) + zeros(B)[..., None]
        energies = np.asarray(self.energies, dtype=float) - min(self.energies)
        return Ensemble(
            levels=(energies + slopes * np.asarray(B)[..., None])[..., None, :],
            slopes=slopes[..., None, :],
            weights=np.reshape(np.asarray(self.concentration, dtype=float), (1,)),
            degeneracies=np.asarray(self.degeneracies, dtype=float),
        )
