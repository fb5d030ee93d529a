"""Many parameter sets of anomalous tunneling systems at once: their numbers, and which of them there are."""

from typing import NamedTuple

import numpy as np

from glasstunnel.systems.anomalous.cutoffs import POWERS
from glasstunnel.systems.parameters import parameter_table

#: Parameters that differ between sets; others are those of the system.
MOVED = ("density", "activation_energy", "reference_temperature", *POWERS)
_LARGEST = 233.0  #: of |ln r|, beyond which r^3 leaves the range of a float


class Points(NamedTuple):
    """Where the sets are evaluated: the distinct temperatures [K], which of them and which B [T] belong to a point."""

    distinct: np.ndarray
    index: np.ndarray
    B: np.ndarray


def points_of(T: np.ndarray, B: np.ndarray) -> Points:
    """`Points` of T and B (points,)."""
    distinct, index = np.unique(T, return_inverse=True)
    return Points(distinct, index, B)


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
