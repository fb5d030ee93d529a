"""Potentials with several equal wells: lengths in the well radius a, energies in the barrier V0 above the wells.

With these units a particle of mass M and charge q in a field B is described by two numbers: hbar/(a sqrt(M V0)), the
quantum number of the potential, and b = q B a^2/hbar. No formula of the potentials drawn in 002 Figs. 2-3, 001 Fig. 4
and 004 Fig. 4 is printed; the families below have the stated topology and are exact polynomials where possible.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from glasstunnel.errors import ParameterError
from glasstunnel.numerics.checks import real_number, whole_number
from glasstunnel.records import brief

Terms = tuple[tuple[tuple[int, ...], float], ...]  #: ((powers of x, y[, z]), coefficient) of a polynomial


@dataclass(frozen=True)
class MultiWell:
    """A potential with wells, in units of the well radius and of the barrier.

    name : what it is. wells : positions of the minima, (wells, 2 or 3). terms : the polynomial, or None where
    `function` gives the values. saddle : the least value on the way between neighboring wells, if known.
    tilt : force F; the potential gains F . r, so that well i rises by about F . r_i.

    >>> from glasstunnel.origins import triple_well
    >>> float(triple_well(1.0).value(1.0, 0.0))
    0.0
    """

    name: str
    wells: tuple[tuple[float, ...], ...]
    terms: Terms | None = None
    function: Callable | None = None
    tilt: tuple[float, ...] | None = None

    __repr__ = brief

    def __post_init__(self):
        shape = np.shape(self.wells)
        if len(shape) != 2 or shape[0] < 2 or shape[1] not in (2, 3):
            raise ParameterError(
                f"{self.name}: a multi-well potential needs at least two wells in 2 or 3 dimensions, got wells of "
                f"shape {shape}"
            )
        if (self.terms is None) == (self.function is None):
            raise ParameterError(f"{self.name}: give the polynomial's terms or a function, not both or neither")
        if self.tilt is not None and len(self.tilt) != self.dimension:
            raise ParameterError(f"{self.name}: the tilt needs {self.dimension} components, got {self.tilt!r}")
        _check_minima(self)

    @property
    def dimension(self) -> int:
        return len(self.wells[0])

    @property
    def symmetric(self) -> "MultiWell":
        """The same potential without its tilt."""
        return replace(self, tilt=None)

    def tilted(self, *force: float) -> "MultiWell":
        """The potential plus F . r: `triple_well(1.0).tilted(0.01, 0.0)`."""
        return replace(self, tilt=tuple(real_number("tilt", component) for component in force))

    def polynomial(self) -> dict[tuple[int, ...], float]:
        """{powers: coefficient} with the tilt included; `ParameterError` for a potential given by a function."""
        if self.terms is None:
            raise ParameterError(f"{self.name}: given by a function, it has no polynomial; use method='grid'")
        total = dict(self.terms)
        for axis, force in enumerate(self.tilt or ()):
            power = tuple(int(axis == other) for other in range(self.dimension))
            total[power] = total.get(power, 0.0) + force
        return total

    def value(self, *position):
        """V at coordinates x, y (z) that broadcast together; shape of the broadcast."""
        coordinates = np.broadcast_arrays(*(np.asarray(each, dtype=float) for each in position))
        if self.function is not None:
            values = np.asarray(self.function(*coordinates), dtype=float)
            return values + sum(force * x for force, x in zip(self.tilt or (), coordinates, strict=False))
        total = np.zeros(coordinates[0].shape)
        for powers, coefficient in self.polynomial().items():
            total += coefficient * math.prod(x**power for x, power in zip(coordinates, powers, strict=True))
        return total

    @cached_property
    def floor(self) -> float:
        """An energy that the potential stays above, or 0 if its wells are the lowest points."""
        reach = 2.0 * float(np.max(np.abs(self.wells))) + float(np.linalg.norm(self.tilt or 0.0)) ** (1.0 / 3.0)
        axis = np.linspace(-reach, reach, 61)
        values = self.value(*np.meshgrid(*[axis] * self.dimension))
        return 1.1 * min(float(np.nanmin(values)), 0.0)

    def curvatures(self) -> np.ndarray:
        """Eigenvalues of the second derivatives at the first well without tilt, ascending, (dimension,)."""
        return np.linalg.eigvalsh(_hessian(self.symmetric, np.array(self.wells[0])))


def triple_well(shape: float = 1.0) -> MultiWell:
    """Three wells around a center: V = Vc + c2 r^2 - beta r^3 cos 3 theta + c4 r^4  (001 Fig. 4, 002 Fig. 3).

    shape : s between 0 (high center, broad ring) and 4 (no saddles). Wells at r = 1, V = 0; saddles at
    r = (4 - s)/(2 (s + 2)), V = 1. `ParameterError` outside 0 < s < 4.

    >>> from glasstunnel.origins import triple_well
    >>> well = triple_well(1.0)
    >>> float(well.value(-0.5, 0.0)), round(float(well.value(0.0, 0.0)) * 27)
    (1.0, 32)
    """
    quadratic, quartic, center, _ = _warping(shape, "triple_well")
    terms = (
        ((0, 0), center), ((2, 0), quadratic), ((0, 2), quadratic), ((3, 0), -shape * center),
        ((1, 2), 3.0 * shape * center), ((4, 0), quartic), ((2, 2), 2.0 * quartic), ((0, 4), quartic),
    )  # fmt: skip
    return MultiWell(f"triple well, shape {shape:g}", regular_polygon(3), terms)


def parabola_well(count: int = 3) -> MultiWell:
    """The lowest of `count` equal parabolas centered on a regular polygon: the plane form of 002 Eq. 4.

    The cusps between the parabolas limit any grid to an accuracy of the square of its spacing.

    >>> from glasstunnel.origins import parabola_well
    >>> round(float(parabola_well(3).value(0.0, 0.0)), 12)  # the center lies 4/3 of the saddle high
    1.333333333333
    """
    count = whole_number("parabola_well: count", count, 3, 6)
    corners = np.array(regular_polygon(count))
    stiffness = 1.0 / math.sin(math.pi / count) ** 2  # half a side to the saddle

    def lowest(x, y):
        return stiffness * np.min([(x - cx) ** 2 + (y - cy) ** 2 for cx, cy in corners], axis=0)

    return MultiWell(f"{count} parabolas", regular_polygon(count), function=lowest)


def square_well(shape: float = 1.0) -> MultiWell:
    """Four wells in a square: V = Vc - 2 Vc r^2 + (1 + s) Vc r^4 - s Vc r^4 cos 4 theta  (004 Fig. 4).

    shape : s > 0. Wells at r = 1 on the axes, V = 0; saddles on the diagonals, V = 1. s = 1/2 is the sum of two
    independent double wells, for which the diagonal amplitude vanishes exactly.

    >>> from glasstunnel.origins import square_well
    >>> float(square_well(0.5).value(0.0, 0.0))
    2.0
    """
    shape = real_number("square_well: shape", shape)
    if not 0.0 < shape <= 100.0:
        raise ParameterError(
            f"square_well: shape must lie above 0 (where the saddles vanish), up to 100, got {shape!r}"
        )
    center = (1.0 + 2.0 * shape) / (2.0 * shape)
    terms = (
        ((0, 0), center), ((2, 0), -2.0 * center), ((0, 2), -2.0 * center), ((4, 0), center), ((0, 4), center),
        ((2, 2), center * (2.0 * (1.0 + shape) + 6.0 * shape)),
    )  # fmt: skip
    return MultiWell(f"square well, shape {shape:g}", regular_polygon(4), terms)


def tetrahedral_well(shape: float = 1.0) -> MultiWell:
    """Four wells at the corners of a tetrahedron: V = Vc + c2 r^2 - 3 sqrt3 beta x y z + c4 r^4  (002 Fig. 2).

    The coefficients are those of `triple_well`: along [111] both have the same profile. Saddles lie on the cube axes.

    >>> from glasstunnel.origins import tetrahedral_well
    >>> round(float(tetrahedral_well(1.0).value(0.0, 0.0, 0.5**0.5)), 12)
    1.0
    """
    quadratic, quartic, _, opposite = _warping(shape, "tetrahedral_well")
    curvature, fourth = quadratic / opposite, quartic / opposite
    center = 1.0 / (1.0 - curvature**2 / (4.0 * fourth)) if curvature < 0.0 else math.inf
    if not 0.0 < center < math.inf:
        raise ParameterError(f"tetrahedral_well: shape must lie between 0 and 4, got {shape!r}")
    c2, c4 = curvature * center, fourth * center
    terms = [((0, 0, 0), center), ((1, 1, 1), -3.0 * math.sqrt(3.0) * shape * center)]
    for axis in range(3):
        square = tuple(2 * int(axis == other) for other in range(3))
        terms += [(square, c2), (tuple(2 * power for power in square), c4)]
        terms += [(tuple(0 if other == axis else 2 for other in range(3)), 2.0 * c4)]
    corners = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / math.sqrt(3.0)
    return MultiWell(f"tetrahedral well, shape {shape:g}", _points(corners), tuple(terms))


def potential_from(function: Callable, wells: Sequence[Sequence[float]], name: str = "given potential") -> MultiWell:
    """A potential from any function of x, y (and z) on arrays, with the positions of its wells, (wells, dimension).

    The function gives the energy in units of the barrier; lengths are in the unit that `wells` uses for a.
    `ParameterError` where a well is no minimum.

    >>> from glasstunnel.origins import potential_from
    >>> double = potential_from(lambda x, y: (x**2 - 1) ** 2 + y**2, [(1, 0), (-1, 0)])
    >>> double.dimension
    2
    """
    try:
        points = _points(wells)
        function(*np.array(points).T)
    except (TypeError, ValueError, IndexError) as problem:
        raise ParameterError(
            f"{name}: needs a function of the coordinates x, y (and z) and the positions of its wells, (wells, 2 or "
            f"3): {problem}"
        ) from None
    return MultiWell(name, points, function=function)


def check_potential(potential) -> None:
    """`ParameterError` for anything but a `MultiWell`."""
    if not isinstance(potential, MultiWell):
        raise ParameterError(
            f"a potential must be a MultiWell, as triple_well or potential_from give it, got {potential!r}"
        )


def regular_polygon(count: int) -> tuple[tuple[float, ...], ...]:
    """Corners of a regular polygon at distance 1 from the center, the first on the x axis."""
    angles = 2.0 * math.pi * np.arange(count) / count
    return _points(np.column_stack([np.cos(angles), np.sin(angles)]))


def enclosed_area(corners) -> float:
    """Area of the polygon with these corners in order, in the square of their unit; in three dimensions of its face."""
    points = np.asarray(corners, dtype=float)
    if points.shape[1] == 2:
        points = np.column_stack([points, np.zeros(len(points))])
    return 0.5 * float(np.linalg.norm(np.sum(np.cross(points, np.roll(points, -1, axis=0)), axis=0)))


def _points(corners) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(x) for x in corner) for corner in corners)


def _warping(shape, name):
    """(c2, c4, Vc of the triple well, Vc unit of c2 and c4) for the shape number; saddles at height 1."""
    shape = real_number(f"{name}: shape", shape)
    if not 0.0 < shape < 4.0:
        raise ParameterError(f"{name}: shape must lie between 0 and 4, where the saddles vanish, got {shape!r}")
    saddle = (4.0 - shape) / (2.0 * (shape + 2.0))
    quadratic, quartic = shape / 2.0 - 2.0, shape / 2.0 + 1.0
    center = 1.0 / (1.0 + quadratic * saddle**2 + shape * saddle**3 + quartic * saddle**4)
    return quadratic * center, quartic * center, center, center


def _hessian(potential, point, step=1e-3):
    """Second derivatives by central differences, exact to 1e-6 for the polynomials used here."""
    shifts = step * np.eye(len(point))

    def at(offset):
        return potential.value(*(point + offset))

    return np.array(
        [[(at(a + b) - at(a - b) - at(b - a) + at(-a - b)) / (4.0 * step**2) for b in shifts] for a in shifts]
    )


def _check_minima(potential):
    """Each well of the potential without tilt is lower than its surroundings."""
    bare = potential if potential.tilt is None else potential.symmetric
    directions = np.vstack([np.eye(potential.dimension), -np.eye(potential.dimension)])
    for well in np.array(potential.wells):
        depth = bare.value(*well)
        around = np.array([bare.value(*(well + 0.1 * direction)) for direction in directions])
        if not np.all(np.isfinite(around)) or not np.all(around > depth):
            raise ParameterError(
                f"{potential.name}: no minimum at the well {tuple(np.round(well, 6).tolist())}; give the positions of "
                "the minima, or a potential that has wells"
            )
