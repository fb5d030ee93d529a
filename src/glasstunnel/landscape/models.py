"""Interaction models: Lennard-Jones mixtures with named cutoff variants, pair tables, planar test surfaces.

The cutoff variant is part of a model's identity: energies per particle of comparable minima differ by more than one
between variants, so results of two variants must never be mixed.
"""

import hashlib
from dataclasses import dataclass, field

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.records import brief

#: Codes of the compiled energy functions (`engine.field`).
_LENNARD_JONES, _TABLE, _SURFACE = 0, 1, 2

#: variant -> (what is added to the pair energy, which derivatives vanish at the cutoff).
VARIANTS = {
    "smooth": "c0 + c2 (r/s)^2 + c4 (r/s)^4; V = V' = V'' = 0 at the cutoff",
    "cut-and-shifted": "c0; V = 0 at the cutoff, the force jumps",
    "shifted-force": "c0 + c1 r/s; V = V' = 0 at the cutoff",
    "quadratic": "c0 + c2 (r/s)^2; V = V' = 0 at the cutoff (Stoddard and Ford)",
}


@dataclass(frozen=True, eq=False)
class Model:
    """An interaction: name, variant, species, and the numbers the kernels need. Reduced units of the model.

    coefficients : (pairs of types, 8), for pairs 00, 01, 11, ...: 4 eps, sigma, c0, c1, c2, c4, cutoff squared, 0.
    masses : one per species. `identity` is a hash of everything that decides an energy.
    """

    name: str
    variant: str
    species: tuple[str, ...]
    masses: np.ndarray
    coefficients: np.ndarray
    form: int = _LENNARD_JONES
    table: np.ndarray = field(default_factory=lambda: np.zeros((1, 1, 4)))
    grid: np.ndarray = field(default_factory=lambda: np.zeros((1, 2)))

    __repr__ = brief

    @property
    def identity(self):
        """Sixteen hexadecimal digits; equal only for the same interaction in the same variant."""
        digest = hashlib.sha256(f"{self.name}|{self.variant}|{self.species}|{self.form}".encode())
        for array in (self.masses, self.coefficients, self.table, self.grid):
            digest.update(np.ascontiguousarray(array, dtype=float).tobytes())
        return digest.hexdigest()[:16]

    @property
    def cutoff(self):
        """Largest cutoff [length]; infinite for a cluster, zero for a planar surface."""
        return 0.0 if self.form == _SURFACE else float(np.sqrt(self.coefficients[:, 6].max()))

    @property
    def periodic_modes(self):
        """Zero modes of a minimum in a periodic box: three translations, none on an external surface."""
        return 0 if self.form == _SURFACE else 3


def cutoff_coefficients(variant, x):
    """(c0, c1, c2, c4) of a variant for a cutoff at r = x sigma, in units of 4 eps.

    >>> [round(float(c), 6) for c in cutoff_coefficients("cut-and-shifted", 2.5)]
    [0.004079, 0.0, 0.0, 0.0]
    """
    value = x**-12 - x**-6
    slope = -12 * x**-13 + 6 * x**-7
    bend = 156 * x**-14 - 42 * x**-8
    if variant == "cut-and-shifted":
        return -value, 0.0, 0.0, 0.0
    if variant == "shifted-force":
        return -value + x * slope, -slope, 0.0, 0.0
    if variant == "quadratic":
        return -value + 0.5 * x * slope, 0.0, -slope / (2 * x), 0.0
    if variant == "smooth":
        c4 = (slope / x - bend) / (8 * x**2)
        c2 = -(slope + 4 * c4 * x**3) / (2 * x)
        return -value - c2 * x**2 - c4 * x**4, 0.0, c2, c4
    raise ParameterError(f"no cutoff variant {variant!r}; there are {', '.join(VARIANTS)}")


def lennard_jones_mixture(name, species, depths, sizes, *, variant="smooth", cutoff=2.5, masses=None):
    """A Lennard-Jones mixture: `depths` and `sizes` for pairs 00, 01, 11, ...; cutoff in units of each sigma.

    An infinite cutoff gives the bare potential (clusters). Raises `ParameterError` for numbers that fit no mixture.
    """
    pairs = len(species) * (len(species) + 1) // 2
    depths, sizes = np.asarray(depths, dtype=float), np.asarray(sizes, dtype=float)
    if depths.shape != (pairs,) or sizes.shape != (pairs,) or not (np.all(sizes > 0) and np.all(depths > 0)):
        raise ParameterError(f"{name}: {len(species)} species need {pairs} positive depths and sizes (00, 01, 11, ...)")
    masses = np.ones(len(species)) if masses is None else np.asarray(masses, dtype=float)
    _check_masses(name, masses, species)
    if not cutoff > 0:
        raise ParameterError(f"{name}: the cutoff must be positive, got {cutoff!r}")
    corrections = (0.0,) * 4 if np.isinf(cutoff) else cutoff_coefficients(variant, cutoff)
    rows = [(4 * e, s, *corrections, (cutoff * s) ** 2, 0.0) for e, s in zip(depths, sizes, strict=True)]
    return Model(name, variant if np.isfinite(cutoff) else "bare", tuple(species), masses, np.array(rows))


def _check_masses(name, masses, species):
    if masses.shape != (len(species),) or not (np.all(masses > 0) and np.all(np.isfinite(masses))):
        raise ParameterError(f"{name}: masses must be {len(species)} positive finite numbers, one for each species")


def kob_andersen_model(variant="smooth"):
    """The Kob-Andersen binary mixture: eps AA, AB, BB = 1, 1.5, 0.5; sigma = 1, 0.8, 0.88; cutoff 2.5 sigma.

    [W. Kob and H. C. Andersen, Phys. Rev. E 51, 4626 (1995)]

    >>> from glasstunnel.landscape import kob_andersen_model
    >>> kob_andersen_model().identity == kob_andersen_model("quadratic").identity
    False
    """
    return lennard_jones_mixture("kob-andersen", ("A", "B"), (1.0, 1.5, 0.5), (1.0, 0.8, 0.88), variant=variant)


def lennard_jones_model():
    """The bare Lennard-Jones potential of clusters: eps = sigma = mass = 1, no cutoff."""
    return lennard_jones_mixture("lennard-jones", ("A",), (1.0,), (1.0,), cutoff=np.inf)


def pair_table(name, species, distances, energies, *, masses=None, variant="table"):
    """A model from tables of pair energies: `distances` (points,), `energies` (pairs of types, points).

    A cubic spline in r^2 is laid through each table (twice continuously differentiable); the last distance is the
    cutoff, where the energy is shifted to zero with vanishing slope. Raises `ParameterError` for tables that are not
    finite, increasing in distance and at least eight points long.
    """
    from scipy.interpolate import CubicSpline

    r, values = np.asarray(distances, dtype=float), np.atleast_2d(np.asarray(energies, dtype=float))
    pairs = len(species) * (len(species) + 1) // 2
    good = np.all(np.isfinite(r)) and np.all(np.isfinite(values)) and r.ndim == 1 and len(r) >= 8 and r[0] > 0
    if not good or np.any(np.diff(r) <= 0) or values.shape != (pairs, len(r)):
        raise ParameterError(f"{name}: a pair table needs 8 or more increasing positive distances and {pairs} rows of "
                             "finite energies, one per pair of species (00, 01, 11, ...)")
    points = max(2000, 4 * len(r))
    nodes = np.linspace(r[0] ** 2, r[-1] ** 2, points + 1)
    pieces = []
    for row in values:
        raw = CubicSpline(r, row - row[-1])(np.sqrt(nodes))
        ends = ((1, (raw[1] - raw[0]) / (nodes[1] - nodes[0])), (1, 0.0))
        pieces.append(CubicSpline(nodes, raw, bc_type=ends).c.T)  # pyright: ignore[reportArgumentType]  (stub: text only)
    coefficients = np.zeros((pairs, 8))
    coefficients[:, 6] = r[-1] ** 2
    grid = np.tile([nodes[0], nodes[1] - nodes[0]], (pairs, 1))
    masses = np.ones(len(species)) if masses is None else np.asarray(masses, dtype=float)
    _check_masses(name, masses, species)
    return Model(name, variant, tuple(species), masses, coefficients, _TABLE, np.array(pieces), grid)


def planar_surface(name, rows, *, stiffness=100.0, mass=1.0):
    """One particle on a surface V(x, y) + stiffness z^2/2: a known landscape to test algorithms with.

    rows : ("gaussian", A, a, b, c, x0, y0) for A exp(a dx^2 + b dx dy + c dy^2), ("power", A, m, n) for A x^m y^n.
    """
    kinds = {"gaussian": 0.0, "power": 1.0}
    table = [(kinds[kind], *numbers, *(0.0,) * (7 - len(numbers))) for kind, *numbers in rows]
    table.append((2.0, float(stiffness), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    return Model(name, "surface", ("particle",), np.array([float(mass)]), np.array(table), _SURFACE)


def mueller_brown():
    """The Mueller-Brown surface: three minima, two saddles.  [K. Mueller, L. D. Brown, Theor. Chim. Acta 53, 75]"""
    A, a, b, c = (-200.0, -100.0, -170.0, 15.0), (-1, -1, -6.5, 0.7), (0, 0, 11, 0.6), (-10, -10, -6.5, 0.7)
    x0, y0 = (1.0, 0.0, -0.5, -1.0), (0.0, 0.5, 1.5, 1.0)
    return planar_surface("mueller-brown", [("gaussian", *row) for row in zip(A, a, b, c, x0, y0, strict=True)])
