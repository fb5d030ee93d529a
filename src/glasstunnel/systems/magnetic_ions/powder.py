"""Ions in every direction: the powder average, refined until its error is known and small."""

import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from glasstunnel.constants import bohr_magneton_kelvin, boltzmann
from glasstunnel.errors import ParameterError
from glasstunnel.numerics.quadrature import legendre
from glasstunnel.systems.magnetic_ions import occupation
from glasstunnel.systems.magnetic_ions.hamiltonian import field_levels

#: Rings of directions per octant that are tried in turn, for sites of any and of axial symmetry.
_RINGS = (8, 16, 32, 64, 128)
_AXIAL_RINGS = (16, 32, 64, 128, 256, 512, 1024)
#: For many different sites, whose narrow features average out: 1e-5 Bohr magnetons at worst, 0.4 s a point at 20 mK.
_MANY, _MANY_RINGS = 50, (8, 16, 32)
_TOLERANCE = 1e-9  #: between two grids; the finer is better than that, for the rule converges exponentially
_SITES_TOLERANCE = 1e-7  #: the same where sites differ and the average over them is known no better
_COARSE = 1e-3  #: a given grid must be at least this good
_MATRICES = 20_000  #: diagonalized at a time
_NUMBERS = 200_000  #: held at a time
_LONGEST = 600.0  #: processor seconds that one average over many fields may take


class PowderAverage(NamedTuple):
    """A powder average, the bound of its error (that of half the grid), and the number of rings used; one each point.

    Values and errors per ion in SI.
    """

    value: np.ndarray
    error: np.ndarray
    rings: np.ndarray


@dataclass(frozen=True)
class PowderIon:
    """One ion with zero-field splitting, averaged over the directions of the field and over sites.

    splittings : ((D, E), ...) of the sites [K].  weights : one each, sum one.
    g_factors : g_x, g_y, g_z.  rings : directions in the polar angle per octant; None refines until converged.

    >>> from glasstunnel.constants import bohr_magneton
    >>> ion = PowderIon(2.0, ((10.0, 0.0),), (1.0,))
    >>> round(float(ion.magnetization(2.0, 1.0)) / bohr_magneton, 10)
    0.9968976628
    """

    spin: float
    splittings: tuple[tuple[float, float], ...]
    weights: tuple[float, ...]
    g_factors: tuple[float, float, float] = (2.0, 2.0, 2.0)
    rings: int | None = None

    def free_energy(self, T, B):
        """F, from the lowest level of each site in zero field [J]."""
        return boltzmann * self.average(occupation.FREE_ENERGY, T, B).value

    def entropy(self, T, B):
        """S [J/K]."""
        return boltzmann * self.average(occupation.ENTROPY, T, B).value

    def heat_capacity(self, T, B):
        """C [J/K]."""
        return boltzmann * self.average(occupation.HEAT_CAPACITY, T, B).value

    def magnetization(self, T, B):
        """M along the field [A m2]."""
        return boltzmann * self.average(occupation.MAGNETIZATION, T, B).value

    def magnetic_susceptibility(self, T, B):
        """dM/dB [A m2/T]."""
        return boltzmann * self.average(occupation.SUSCEPTIBILITY, T, B).value

    def thermal_slope(self, T, B):
        """dM/dT [A m2/K]."""
        return boltzmann * self.average(occupation.THERMAL_SLOPE, T, B).value

    def average(self, mean, T, B):
        """`PowderAverage` of a `ThermalMean` [its unit, with k_B = 1] at T [K] and B [T] that broadcast.

        `ParameterError` where given `rings` leave an error above 1e-3.
        """
        T, B = np.broadcast_arrays(np.asarray(T, dtype=float), np.asarray(B, dtype=float))
        fields, index = np.unique(np.abs(B), return_inverse=True)
        index = np.reshape(index, B.shape)
        value, error, rings = (np.zeros(B.shape) for _ in range(3))
        started = time.process_time()
        for k, field in enumerate(fields):
            self._refuse_long((time.process_time() - started) / max(1, k), len(fields))
            here = index == k
            value[here], error[here], rings[here] = self._at_field(mean, T[here], float(field))
        if mean.odd:
            value = np.sign(B) * value  # exactly zero without a field
        return PowderAverage(value, error, rings)

    def _refuse_long(self, seconds, fields):
        if seconds * fields > _LONGEST:
            raise ParameterError(
                f"{fields} fields would take some {seconds * fields / 60.0:.0f} minutes for S = {self.spin:g} with "
                f"{len(self.weights)} splittings; ask for fewer fields at once, or higher temperatures where a stored "
                "table of spins from 1 to 7/2 reaches"
            )

    @property
    def axial(self):
        """True where every site and g have the z axis as an axis of symmetry."""
        return self.g_factors[0] == self.g_factors[1] and all(rhombic == 0.0 for _, rhombic in self.splittings)

    def _at_field(self, mean, T, field):
        grids = self._grids()
        moment = bohr_magneton_kelvin * max(abs(g) for g in self.g_factors) * self.spin
        scale = mean.free_size(moment, T)
        tolerance = _TOLERANCE if len(self.weights) == 1 else _SITES_TOLERANCE
        fine = self._on_grid(mean, T, field, grids[0])
        rings, error = np.full(len(T), grids[0]), np.full(len(T), np.inf)
        refined = np.arange(len(T))  # warm points need few directions
        for count in grids[1:]:
            finer = self._on_grid(mean, T[refined], field, count)
            error[refined] = np.abs(finer - fine[refined])
            fine[refined], rings[refined] = finer, count
            refined = np.flatnonzero(error > tolerance * (np.abs(fine) + 1e-4 * scale))
            if not len(refined):
                break
        if self.rings is not None and (error > _COARSE * (np.abs(fine) + 1e-2 * scale)).any():
            raise ParameterError(
                f"orientations={self.rings} do not resolve a field of {field:g} T at {float(T.min()):g} K (error "
                f"{float(np.max(error / (np.abs(fine) + 1e-2 * scale))):.1g} of the value); give more, or none to have "
                "them chosen"
            )
        return fine, error, rings

    def _grids(self):
        if self.rings is not None:
            return max(1, self.rings // 2), self.rings
        if self.axial:
            return _AXIAL_RINGS
        return _MANY_RINGS if len(self.weights) > _MANY else _RINGS

    def _on_grid(self, mean, T, field, rings):
        directions, weights = octant(rings, 1 if self.axial else max(2, rings // 2))
        sites = np.array(self.splittings)
        total = np.zeros(len(T))
        step = max(1, _MATRICES // len(directions))
        for start in range(0, len(sites), step):
            part = slice(start, start + step)
            levels = field_levels(self.spin, self.g_factors, sites[part], field, directions)
            share = np.multiply.outer(self.weights[part], weights)
            together = max(1, _NUMBERS // (levels.levels.size * levels.levels.shape[-1]))
            for first in range(0, len(T), together):
                some = slice(first, first + together)
                means = mean.value(occupation.Occupation(levels, T[some, None, None]))
                total[some] += np.einsum("tsd,sd->t", means, share)
        return total


def octant(rings, around):
    """Directions of one octant and their weights, sum one: Gauss-Legendre in cos(theta) and in phi.

    A second-rank tensor and the field see no difference between the octants. `around` = 1: the half plane y = 0.

    >>> directions, weights = octant(4, 4)
    >>> round(float(weights @ directions[:, 0] ** 2), 6)
    0.333333
    """
    cosine, weight = legendre(rings)
    part, share = legendre(around) if around > 1 else (np.zeros(1), np.ones(1))
    cosine, angle = (grid.ravel() for grid in np.meshgrid(cosine, 0.5 * np.pi * part, indexing="ij"))
    sine = np.sqrt(1.0 - cosine**2)
    directions = np.stack([sine * np.cos(angle), sine * np.sin(angle), cosine], axis=-1)
    return directions, np.multiply.outer(weight, share).ravel()
