"""Exact three-level dielectric response of an ensemble of anomalous systems: the reference for the doublet formulas.

Every system is diagonalized with its flux; no expansion in T/D0, D/D0 or phi. Slow (a tenth of a second per field) and
plain. Results are alpha in units of (pi/2) P* p1^2 with the *printed* P* p1^2, as in `anomalous_dielectric`.
"""

import math
from dataclasses import dataclass

import numpy as np

from glasstunnel.numerics.quadrature import panels
from glasstunnel.systems.response import levels as level_response

#: Response of true corner dipoles with the true measure P*/(D0 D^2) delta(sum E), per printed (pi/2) P* p1^2: the
#: plane measure gives 1/sqrt(3), the rescaling of the dipoles 2/3  [002, Eqs. 41-42 against the exact diagonalization].
TRUE_PER_PRINTED = 0.5 * math.pi * 2.0 / (3.0 * math.sqrt(3.0))


@dataclass(frozen=True)
class Systems:
    """Sampled systems at one field: levels (n, 3) [K], weights (n,), and for each of two axes in the plane of the loop
    |P|^2 (2, n, 3, 3) and diagonal P (2, n, 3); `overlaps` (n, 3, 3) for the one-phonon rates."""

    levels: np.ndarray
    weights: np.ndarray
    strengths: np.ndarray
    diagonals: np.ndarray
    overlaps: np.ndarray

    def resonant(self, T, photon=0.0):
        """Resonant response of the population, real below the smallest gap."""
        return sum(self.resonant_pairs(T, photon).values())

    def resonant_pairs(self, T, photon=0.0):
        """The same by pair of levels."""
        mean = 0.5 * self.strengths.sum(axis=0)
        pairs = level_response.resonant_pairs(self.levels, mean, np.asarray(T, float), photon)
        return {pair: float(np.sum(self.weights * values.real)) for pair, values in pairs.items()}

    def relaxational(self, T, omega, elastic_constant, power=1):
        """Relaxational response with one-phonon rates between all three levels, complex."""
        T = np.asarray(T, float)
        rates = level_response.one_phonon_rates(self.levels, self.overlaps, T, elastic_constant, power)
        axes = [level_response.relaxational(self.levels, d, T, omega, rates) for d in self.diagonals]
        return complex(np.sum(self.weights * 0.5 * (axes[0] + axes[1])))

    def static_relaxational(self, T):
        """Relaxational response at zero frequency."""
        axes = [level_response.static_relaxational(self.levels, d, np.asarray(T, float)) for d in self.diagonals]
        return float(np.sum(self.weights * 0.5 * (axes[0] + axes[1])))


def sample(phase, asymmetry, amplitude, orientation, angles=24, direction_panels=(0.0, 0.1, 0.3, 1.0)):
    """Systems at flux phase phi (loop facing the field); true cutoffs `asymmetry`, `amplitude`, each (min, max) [K].

    Distribution (1/sqrt3) dtheta dlnD dlnD0 (P* = p1 = 1); `orientation` as in `response.orientation.ORIENTATIONS`.
    The three wells are equivalent, so theta runs over a third of the circle.
    """
    cosines, direction_weights = _directions(phase, orientation, direction_panels)
    spread = math.log(asymmetry[1] / asymmetry[0])
    ln_d, w_d = panels(np.linspace(0.0, spread, max(1, math.ceil(spread / 2.0)) + 1), 12)
    ln_d0, w_d0 = panels([math.log(amplitude[0]), math.log(amplitude[1])], 12)
    count = max(1, angles // 3)
    theta = (np.arange(count) + 0.5) * 2.0 * math.pi / 3.0 / count
    grid = np.meshgrid(theta, asymmetry[0] * np.exp(ln_d), np.exp(ln_d0), cosines, indexing="ij")
    theta, d, d0, x = (axis.ravel() for axis in grid)
    weights = np.einsum("i,j,k,l->ijkl", np.full(count, 2.0 * math.pi / count), w_d, w_d0, direction_weights).ravel()
    wells = math.sqrt(2.0 / 3.0) * d[:, None] * np.cos(theta[:, None] + 2.0 * math.pi * np.arange(3) / 3.0)
    levels, vectors = level_response.diagonalize(wells, d0, phase * x)
    matrices = np.stack([level_response.dipole_matrix(vectors, axis) for axis in level_response.CORNERS])
    density = np.abs(vectors) ** 2
    return Systems(
        levels=levels, weights=weights / math.sqrt(3.0), strengths=np.abs(matrices) ** 2,
        diagonals=np.einsum("...ii->...i", matrices).real, overlaps=np.einsum("win,wim->wnm", density, density),
    )


def _directions(phase, orientation, edges):
    """Cosines x and weights (2/3) w(x) dx; 2/3 is the share of the loop plane in a direction average."""
    first, third, scale = orientation
    if phase == 0.0 or (first == 0.0 and third == 0.0):
        return np.array([scale]), np.array([2.0 / 3.0])
    x, weight = panels(edges, 8)
    return x, 2.0 / 3.0 * weight * (first + 3.0 * third * x**2)
