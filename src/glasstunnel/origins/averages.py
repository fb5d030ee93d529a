"""Averages: two stages over crystallites, one tetrahedron against four independent rings, a spread of flux areas."""

import math
from typing import Any

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import finite, real_number, whole_number
from glasstunnel.systems.wells import TETRAHEDRON, tetrahedral_levels, three_well_levels


def added_area(area: float, count: int, alignment: float) -> float:
    """Effective area of N flux loops whose fluxes add before they are squared  [004, Sec. V, solved].

    A_eff^2 = A^2 N (1 + (N - 1) c): c = `alignment`, mean cosine between the normals of two loops of one crystallite,
    from 0 (independent loops: a second stage of averaging changes nothing, A_eff = A sqrt N) to 1 (A N). Independent
    *systems* in a crystallite average linearly, in one stage or two. `ParameterError` for bad input.

    >>> from glasstunnel.origins import added_area
    >>> added_area(2.0, 100, 0.0), added_area(2.0, 100, 1.0)
    (20.0, 200.0)
    """
    area, alignment = real_number("added_area: area", area), real_number("added_area: alignment", alignment)
    count = whole_number("added_area: count", count, 1, 10**15)
    least = -1.0 / (count - 1) if count > 1 else -1.0
    if not area > 0.0 or not least <= alignment <= 1.0:
        raise ParameterError(
            f"added_area: needs a positive area and an alignment in {least:.3g} ... 1, got {area!r} "
            f"and {alignment!r}"
        )
    return area * math.sqrt(count * (1.0 + (count - 1) * alignment))


def tetrahedron_over_rings(
    temperature, asymmetry: float = 0.02, phase: float = 0.05, samples: int = 200, seed: int = 0
) -> np.ndarray:
    """M of one tetrahedron over that of four independent rings on its faces; shape of `temperature`  [001, Sec. F].

    Same amplitude t > 0 and same face area; temperature and asymmetry (rms of the well energies) in t; phase : of a
    face in a field along its normal. Averaged over `samples` random asymmetries and directions, fixed by `seed`.
    Between 1/2 (asymmetry << T << t) and 3/4 (T >> t): the change from surface-like to void-like particles lowers M.

    >>> from glasstunnel.origins import tetrahedron_over_rings
    >>> print(f"{tetrahedron_over_rings(10.0):.2f}")
    0.72
    """
    finite(temperature=temperature)
    T = np.asarray(temperature, dtype=float)
    if not (np.all(T > 0.0) and asymmetry >= 0.0 and 0.0 < phase < 1.0):
        raise ParameterError("tetrahedron_over_rings: temperatures must be positive, the phase in 0 ... 1")
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(samples, 3))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    corners = _random_energies(rng, samples, 4, asymmetry)
    rings = _random_energies(rng, samples * 4, 3, asymmetry).reshape(samples, 4, 3)
    normals = TETRAHEDRON / math.sqrt(3.0)

    def tetrahedron(b):
        return tetrahedral_levels(corners, 1.0, b * directions)

    def faces(b):
        return three_well_levels(rings, 1.0, b * directions @ normals.T)

    return _moment(tetrahedron, T, phase) / _moment(faces, T, phase)


def _random_energies(rng, samples, wells, rms):
    energies = rng.normal(size=(samples, wells))
    energies -= energies.mean(axis=1, keepdims=True)
    return rms * energies / np.linalg.norm(energies, axis=1)[:, None]


def _moment(levels, T, phase, step=1e-4):
    """-dF/d(phase), summed over all systems; shape of T."""

    def free_energy(b):
        E = levels(b)
        lowest = E.min(axis=-1, keepdims=True)
        weights = np.exp(-(E - lowest) / T[..., *[None] * E.ndim])
        F = lowest[..., 0] - T[..., *[None] * (E.ndim - 1)] * np.log(weights.sum(axis=-1))
        return F.reshape(*T.shape, -1).sum(axis=-1)

    return (free_energy(phase * (1.0 - step)) - free_energy(phase * (1.0 + step))) / (2.0 * phase * step)


def negative_lobe(area_spread: float) -> float:
    """Deepest negative value over the peak of M(B) for log-normal flux areas, T >> D0: of < A j1(b A) >  [001, Fig.
    23].

    area_spread : standard deviation of ln A, 0 to 1. One area gives -0.385; a positive tail, as 001 draws it, needs
    more than 0.4. `ParameterError` outside.

    >>> from glasstunnel.origins import negative_lobe
    >>> round(negative_lobe(0.1), 3)
    -0.33
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import spherical_jn

    if not 0.0 <= real_number("negative_lobe: area_spread", area_spread) <= 1.0:
        raise ParameterError(f"negative_lobe: area_spread must lie between 0 and 1, got {area_spread!r}")
    nodes = np.linspace(-8.5, 8.5, 1201)  # the trapezoidal rule is exact to rounding for a Gaussian weight
    areas, weights = np.exp(area_spread * nodes), np.exp(-0.5 * nodes**2)
    weights = weights / weights.sum()

    def moment(b):
        return float(np.sum(weights * areas * spherical_jn(1, b * areas)))

    fields = np.linspace(0.05, 40.0, 800)
    values = np.array([moment(b) for b in fields])
    lowest = fields[np.argmin(values)]
    deepest: Any = minimize_scalar(moment, bounds=(lowest - 0.1, lowest + 0.1), method="bounded")
    highest = fields[np.argmax(values)]
    peak: Any = minimize_scalar(lambda b: -moment(b), bounds=(highest - 0.1, highest + 0.1), method="bounded")
    return float(min(deepest.fun, 0.0) / -peak.fun)
