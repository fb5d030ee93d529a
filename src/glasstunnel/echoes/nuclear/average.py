"""Factor on the echo of two-level systems that carry nuclei: directions, frequencies and asymmetries averaged at once.

One sequence of well-spread points (Sobol) runs through all four variables, so that a broad distribution of quadrupole
frequencies costs nothing. The points are the same for neighboring parameters: the result is smooth in them, as a fit
needs it, and what error is left moves with the curve.
"""

import dataclasses
import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.echoes.nuclear.hamiltonian import ground_and_excited
from glasstunnel.echoes.nuclear.trace import three_pulse_trace, two_pulse_trace
from glasstunnel.numerics.arrays import real_arrays
from glasstunnel.systems.nuclear_quadrupoles import NuclearQuadrupoles
from glasstunnel.systems.nuclei import NUCLEI

_TOLERANCE = 1e-3  # change of the average by each of the last two doublings of the points; the error is about half
_FEWEST, _MOST = 256, 2**17
_BLOCK = 4096  # points at a time
_STEPS = 4.0  # parameters count as equal within a factor exp(1/4) when the number of points is chosen


def nuclear_factor(
    nuclei: NuclearQuadrupoles, B: ArrayLike, waiting_time: ArrayLike, second_waiting_time: ArrayLike | None = None
) -> np.ndarray:
    """1 - fraction + fraction A(B, waiting time), A averaged over directions, frequencies and asymmetries.

    B [T], waiting_time and second_waiting_time [s] : arrays that broadcast; the second one makes it the three-pulse
    echo. Returns the broadcast shape. A is that of `nuclear_quadrupole_echo` with "weak pulses"; its error is about
    5e-4, and 1e-3 where nuclei turn some hundred times, when 131072 points are all that is spent.

    >>> nuclei = NuclearQuadrupoles("B-11", 5e5, 0.4, fraction=0.5)
    >>> factor = nuclear_factor(nuclei, [0.0, 0.5], 4e-6)
    >>> bool(0.5 < factor[0] < factor[1] <= 1.0)
    True
    """
    second = 0.0 if second_waiting_time is None else second_waiting_time
    named = ("B", B), ("waiting_time", waiting_time), ("second_waiting_time", second)
    B, first, second = np.broadcast_arrays(*real_arrays(*named))
    waits = None if second_waiting_time is None else second.tobytes()
    pure = dataclasses.replace(nuclei, fraction=1.0)
    average = _average(pure, np.abs(B).tobytes(), first.tobytes(), waits).reshape(B.shape)
    return 1.0 - nuclei.fraction + nuclei.fraction * average


@lru_cache(maxsize=128)
def _average(nuclei, fields, times, waits):
    """A at points given as bytes of float arrays (points,); kept, because amplitudes change without it."""
    fields, times = np.frombuffer(fields), np.frombuffer(times)
    waits = np.full(len(times), -1.0) if waits is None else np.frombuffer(waits)
    rounded = _rounded_up(nuclei)
    result = np.empty(len(fields))
    for field in np.unique(fields):
        at = np.flatnonzero(fields == field)
        pairs, which = np.unique(np.column_stack([times[at], waits[at]]), axis=0, return_inverse=True)
        count = _count(rounded, float(field), pairs.tobytes())
        result[at] = np.asarray(_total(nuclei, field, pairs, 0, count) / count)[np.ravel(which)]
    result.setflags(write=False)
    return result


def _rounded_up(nuclei):
    """The next of a ladder of parameter sets: all between two rungs take the same number of points."""

    def up(value, highest):
        return min(math.exp(math.ceil(_STEPS * math.log(value)) / _STEPS), highest) if value > 0.0 else 0.0

    return dataclasses.replace(
        nuclei, quadrupole_frequency=up(nuclei.quadrupole_frequency, math.inf),
        axis_angle=up(nuclei.axis_angle, 0.5 * math.pi), quadrupole_spread=up(nuclei.quadrupole_spread, 2.0),
        asymmetry_parameter=up(nuclei.asymmetry_parameter, 1.0),
    )


@lru_cache(maxsize=4096)
def _count(nuclei, field, pairs):
    """Number of points after which the average at one field has settled for all its waiting times."""
    pairs = np.frombuffer(pairs).reshape(-1, 2)
    count, settled = _FEWEST, 0
    total = _total(nuclei, field, pairs, 0, count)
    while count < _MOST and settled < 2:
        more = _total(nuclei, field, pairs, count, 2 * count)
        change = np.max(np.abs(0.5 * (more - total))) / count
        total, count = total + more, 2 * count
        settled = settled + 1 if change < _TOLERANCE else 0
    return count


def _total(nuclei, field, pairs, start, stop):
    """Sum of A over the points from `start` to `stop` at one field: (len(pairs),)."""
    total = 0.0
    for first in range(start, stop, _BLOCK):
        total = total + _block(nuclei, field, pairs, first, min(first + _BLOCK, stop))
    return total


def _block(nuclei, field, pairs, start, stop):
    nucleus = NUCLEI[nuclei.nucleus]
    directions, ratios, deviates = (array[start:stop] for array in _points(_reached(stop)))
    frequency = nuclei.quadrupole_frequency * np.exp(nuclei.quadrupole_spread * deviates)
    larmor = nucleus.gyromagnetic_ratio * field * directions
    levels = ground_and_excited(
        nucleus.spin, frequency, nuclei.asymmetry_parameter, nuclei.axis_angle, ratios, larmor
    )
    times, waits = pairs.T
    trace = two_pulse_trace(*levels, times) if waits[0] < 0.0 else three_pulse_trace(*levels, times, waits)
    return np.real(trace).sum(axis=0)


def _reached(stop):
    """The length of the kept sequence that covers `stop` points."""
    return max(4096, 2 ** math.ceil(math.log2(stop)))


@lru_cache(maxsize=2)
def _points(count):
    """Directions of one octant (count, 3), asymmetry ratios Delta/E of density (3/2)(1 - x^2), normal deviates.

    A longer sequence begins with the shorter one. Half turns about the axes of the wells' common frame and reversal
    of B leave the real part of the trace as it is, hence one octant.
    """
    from scipy.special import ndtri
    from scipy.stats import qmc

    cosine, turn, share, quantile = qmc.Sobol(4, scramble=True, seed=1).random(count).T  # pyright: ignore[reportCallIssue]
    sine, angle = np.sqrt(1.0 - cosine**2), 0.5 * np.pi * turn
    directions = np.stack([sine * np.cos(angle), sine * np.sin(angle), cosine], axis=-1)
    return directions, 2.0 * np.sin(np.arcsin(share) / 3.0), ndtri(quantile)
