"""Many parameter sets of anomalous tunneling systems at once: their numbers, and which of them there are."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from glasstunnel.numerics.arrays import Real
from glasstunnel.systems.anomalous.cutoffs import POWERS
from glasstunnel.systems.parameters import parameter_table

#: Parameters that differ between sets; others are those of the system.
MOVED = ("density", "activation_energy", "reference_temperature", *POWERS)
_REMEMBERED = 10_000  #: temperatures
_LARGEST = 233.0  #: of |ln r|, beyond which r^3 leaves the range of a float


class EvaluationPoints(NamedTuple):
    """Where the sets are evaluated: the distinct temperatures [K], which of them and which B [T] belong to a point.

    index None : every point has a temperature of its own, and T is `distinct` as it stands.
    """

    distinct: np.ndarray
    index: np.ndarray | None
    B: Any

    def part(self, chosen: slice) -> "EvaluationPoints":
        """Some of the points; B is an array (points,)."""
        if self.index is None:
            return EvaluationPoints(self.distinct[chosen], None, self.B[chosen])
        return self._replace(index=self.index[chosen], B=self.B[chosen])

    def of_rows(self, number: Any) -> np.ndarray | None:
        """`index` into the temperatures of sets with a number each (sets, 1), or of one, one after the other."""
        rows = number.size if isinstance(number, np.ndarray) else 1
        if self.index is None or rows == 1:
            return self.index
        return (self.index + self.distinct.size * np.arange(rows)[:, None]).ravel()

    def spread(self, numbers: Any) -> Any:
        """Numbers (..., distinct temperatures) at every point, (..., points); one number for all stays one."""
        return numbers if self.index is None or isinstance(numbers, float) else numbers[..., self.index]


def points_of(T: np.ndarray, B: Real) -> EvaluationPoints:
    """`EvaluationPoints` of T (points,) and B that broadcasts with it; what T repeats is remembered for a while."""
    if np.logical_and.reduce(T[1:] > T[:-1]):
        return EvaluationPoints(T, None, B)
    return EvaluationPoints(*distinct_temperatures(T), B)


def distinct_temperatures(T: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct values of T (points,), not to be written to, and which of them each point has."""
    return _distinct(T.tobytes()) if T.size <= _REMEMBERED else np.unique(T, return_inverse=True)


@lru_cache(maxsize=8)
def _distinct(numbers: bytes):
    distinct, index = np.unique(np.frombuffer(numbers), return_inverse=True)
    for array in (distinct, index):
        array.flags.writeable = False
    return distinct, index


def numbers_of(contribution, values, names):
    """{name: (sets,)} of the parameters `names`: from `values`, {name: (sets,)}, else from `contribution`."""
    count = len(next(iter(values.values())))
    return {name: np.broadcast_to(values.get(name, getattr(contribution, name)), (count,)) for name in names}


def in_range(numbers, T):
    """Where the cutoffs of the Arrhenius law stay numbers at every temperature, (sets,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        reference = 1.0 / numbers["reference_temperature"]
        ends = [np.abs(numbers["activation_energy"] * (reference - 1.0 / at)) for at in (T.min(), T.max())]
        return np.maximum(*ends) < _LARGEST


def allowed(contribution, values, numbers):
    """Which sets the contribution would take, (sets,). numbers : as of `numbers_of`, at least cutoffs and density."""
    possible = np.ones(numbers["density"].shape, bool)
    for row in parameter_table(contribution):
        if row.name in values:
            x = numbers[row.name] if row.name in numbers else np.asarray(values[row.name])
            above = x > row.lower if row.open_lower else x >= row.lower
            possible &= above & (x <= row.upper) & (np.isfinite(x) | (np.isinf(x) & row.infinite))
    ordered = numbers["asymmetry_min"] < numbers["asymmetry_max"]
    return possible & ordered & (numbers["amplitude_area_min"] < numbers["amplitude_area_max"])
