"""Exact three-level dielectric response of an ensemble of anomalous systems: the reference for the doublet formulas.

Every system is diagonalized with its flux; no expansion in T/D0, D/D0 or phi. Slow (a tenth of a second per field) and
plain. Results are alpha in units of (pi/2) P* p1^2 with the *printed* P* p1^2, as in `effective.response`.
"""

import math
from dataclasses import dataclass

import numpy as np

from glasstunnel.numerics.quadrature import legendre, panels
from glasstunnel.systems.anomalous.exact.phases import phase_distribution
from glasstunnel.systems.response import levels as level_response
from glasstunnel.systems.response.orientation import has_inner

#: Response of true corner dipoles with the true measure P*/(D0 D^2) delta(sum E), per printed (pi/2) P* p1^2: the
#: plane measure gives 1/sqrt(3), the rescaling of the dipoles 2/3  [002, Eqs. 41-42 against the exact diagonalization].
TRUE_PER_PRINTED = 0.5 * math.pi * 2.0 / (3.0 * math.sqrt(3.0))


_NODES = 8  #: of a panel of directions or phases


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


def sample(phase, asymmetry, amplitude, orientation, direction_panels=(0.0, 0.1, 0.3, 1.0)):
    """Systems at flux phase phi (loop facing the field); true cutoffs `asymmetry`, `amplitude`, each (min, max) [K].

    Distribution (1/sqrt3) dtheta dlnD dlnD0 (P* = p1 = 1); `orientation` as in `response.orientation.ORIENTATIONS`.
    The three wells are equivalent and a reflection changes nothing, so psi = 3 theta runs from 0 to pi.
    """
    cosines, weights = _directions(phase, orientation, direction_panels)
    return sample_at((phase * cosines, weights), asymmetry, amplitude)


def sample_at(directions, asymmetry, amplitude):
    """Systems at flux phases and their weights, `directions` = (phases, weights), (n,) each; cutoffs as in `sample`."""
    span = math.log(asymmetry[1] / asymmetry[0])
    edges = math.log(asymmetry[0]) + np.linspace(0.0, span, max(1, math.ceil(span / 2.0)) + 1)
    span = math.log(amplitude[1] / amplitude[0])
    pieces = max(1, math.ceil(span / 2.5))
    ln_d0 = panels(math.log(amplitude[0]) + np.linspace(0.0, span, pieces + 1), 6 + math.ceil(4.0 * span / pieces))
    # Panel by panel, because only the largest D/D0 need many angles.
    grids = [_grid(panels(edge, 12), ln_d0, directions) for edge in zip(edges[:-1], edges[1:], strict=True)]
    angle, d, d0, phase, weights = (np.concatenate(axes) for axes in zip(*grids, strict=True))
    wells = math.sqrt(2.0 / 3.0) * d[:, None] * np.cos((angle[:, None] + 2.0 * math.pi * np.arange(3)) / 3.0)
    levels, vectors = level_response.diagonalize(wells, d0, phase)
    matrices = np.stack([level_response.dipole_matrix(vectors, axis) for axis in level_response.CORNERS])
    density = np.abs(vectors) ** 2
    return Systems(
        levels=levels, weights=2.0 * math.pi / math.sqrt(3.0) * weights, strengths=np.abs(matrices) ** 2,
        diagonals=np.einsum("...ii->...i", matrices).real, overlaps=np.einsum("win,wim->wnm", density, density),
    )


def _grid(ln_d, ln_d0, directions):
    """psi, D, D0, phase and weight of every combination of the nodes, (n,) each."""
    (ln_d, w_d), (ln_d0, w_d0), (phases, w_x) = ln_d, ln_d0, directions
    d, d0, phase = np.meshgrid(np.exp(ln_d), np.exp(ln_d0), phases, indexing="ij")
    angle, weights = _angles(d / d0)
    weights = weights * np.einsum("j,k,l->jkl", w_d, w_d0, w_x)
    return [axis.ravel() for axis in np.broadcast_arrays(angle, d, d0, phase, weights)]


def _angles(ratio):
    """psi and the weights of its mean over (0, pi), (nodes, ...), for true D/D0 of shape (...).

    Two wells cross at psi = 0 (the low ones) and pi (the high ones), within a width of D0/D: psi = w sinh(u) at either
    end, with more nodes for the narrower crossing.
    """
    width = math.sqrt(6.0) / ratio
    reach = np.arcsinh(0.5 * math.pi / width)
    nodes, weights = legendre(5 + math.ceil(2.0 * float(np.max(reach))))
    column = (-1,) + (1,) * np.ndim(ratio)
    nodes, weights = nodes.reshape(column), weights.reshape(column)
    angle = width * np.sinh(reach * nodes)
    measure = weights / math.pi * width * reach * np.cosh(reach * nodes)
    return np.concatenate([angle, math.pi - angle]), np.concatenate([measure, measure])


def _directions(phase, orientation, edges):
    """Cosines x and weights (2/3) w(x) dx; 2/3 is the share of the loop plane in a direction average."""
    first, third, scale, fifth = orientation
    if phase == 0.0 or not has_inner(orientation):
        return np.array([scale]), np.array([2.0 / 3.0])
    x, weight = panels(edges, _NODES)
    return x, 2.0 / 3.0 * weight * (first + 3.0 * third * x**2 + 5.0 * fifth * x**4)


def spread_directions(b, area_spread, width):
    """(phases, weights) for loops in random directions with a spread of areas, folded into 0 to pi; weights as in
    `_directions`.

    b : B/B* of the median area. width : of the narrowest feature at phases 0 and pi, from where panels grow threefold.
    """
    if b == 0.0:
        return np.zeros(1), np.array([2.0 / 3.0])
    distribution = phase_distribution(b, area_spread)
    growing = np.append(width * 3.0 ** np.arange(math.ceil(math.log(1.0 / width, 3.0))), 1.0)
    edges = np.concatenate([[0.0, 1.6, math.pi], growing, math.pi - growing, distribution.edges])
    shares = np.unique(distribution.below(np.sort(edges)))
    shares = shares[np.append(np.diff(shares) > 1e-9, True)]
    shares[0], shares[-1] = 0.0, 1.0
    nodes, weights = panels(shares, _NODES)
    return distribution.quantile(nodes), 2.0 / 3.0 * weights
