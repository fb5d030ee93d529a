r"""Scale-free table of the exact three-level theory: a curve becomes a handful of matrix products.

Only ratios enter: with p = D/T and a = D0/T one ring, averaged over its angle psi, is a function of (ln p, ln a) and
the phase. Its force and entropy are stored as Fourier series in the phase,

.. math:: -\partial(F/T)/\partial\varphi = \sum_m s_m \sin m\varphi, \qquad
          \mathcal{S} = \mathcal{S}_0 + \sum_m \sigma_m (\cos m\varphi - 1),

with Chebyshev series in ln p and ln a. Integrals over the two logarithmic ranges act on the Chebyshev functions, not
on the data, and the mean over the flux direction turns sin and cos into spherical Bessel functions:
<c sin(m b c)> = j1(m b), <cos(m b c)> = j0(m b). Since the entropy depends on T through p and a alone,
C = T dS/dT = -(d/dlnp + d/dlna) S is the difference of the entropy at the ends of the ranges.

Beyond D0 = 32 T the series in the phase grow long. There the force and the entropy stand at nodes of the phase instead,
and the means over the direction and a spread of areas are those of `exact.phase_means`; everything else is the same.

Built by ``tools/build_exact_table.py``, which states the error: at most 1e-9 of the largest value among
the fields, typically 1e-12, for any cutoffs where `covers` says so.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from glasstunnel.systems.anomalous.exact.harmonics import NARROW
from glasstunnel.systems.anomalous.exact.panels import AMPLITUDE_MAX, PANELS, WARM
from glasstunnel.systems.anomalous.exact.quantities import QUANTITIES, Quantity
from glasstunnel.systems.anomalous.exact.series import AmplitudeFunctions, Series
from glasstunnel.systems.anomalous.exact.waves import LARGEST, Waves

PATH = Path(__file__).with_name("table.npz")

_EDGES = (math.log(1e-4), math.log(1e6))  #: range of ln p in the table
ASYMMETRY_INTERVAL = (_EDGES[0] - 0.2, _EDGES[1] + 0.2)  #: of the Chebyshev series, wider so that its ends are not used
_FREE_ENERGY_EDGES = (math.log(1e-8), _EDGES[1])  #: F at B = 0, from the ground level up, bends at p = a
FREE_ENERGY_INTERVAL = (_FREE_ENERGY_EDGES[0] - 0.2, _EDGES[1] + 0.2)
AMPLITUDE_MIN = 1e-5  #: smallest D0/T of the table
_ZERO_FIELD_EDGES = (math.log(AMPLITUDE_MIN), math.log(AMPLITUDE_MAX))  #: range of ln a of the zero-field part
ZERO_FIELD_INTERVAL = (_ZERO_FIELD_EDGES[0] - 0.2, _ZERO_FIELD_EDGES[1] + 0.2)
ASYMMETRY_MAX = 10.0  #: largest D_min/T; beyond, and for D_max below ASYMMETRY_REACH * T, what is left of the
ASYMMETRY_REACH = 0.1  #: population is so small a part of the table's range that it would lose digits
THERMAL_ASYMMETRY_MAX = 5.0  #: the same for entropy and heat capacity, of which exp(-D_min/T) is left

_BY_FIELD, _BY_SPREAD = 5, 6  #: rows of `averages` behind those of the value and the four cutoffs
#: Share of the temperatures that meet a panel from which on it is read at all of them, where it adds zeros: points are
#: then not picked.
_NEARLY_ALL = 0.9


@dataclass(frozen=True, eq=False)
class Block:
    """One quantity in one panel, in Tucker form: series in ln p and in a, core (q order, r), functions (q, m).

    functions : of the phase, as harmonics or at nodes. waves : for a `Quantity`, the means of them over the directions
    as splines in B/B*.
    """

    series: Series
    amplitude: AmplitudeFunctions
    core: np.ndarray
    functions: np.ndarray
    waves: Callable[[Quantity], Waves]

    def coefficients(self, terms):
        """Coefficients (terms, n, q) of the functions, for each of the sums of products of an asymmetry (n, r) and an
        amplitude (order, n).

        The same asymmetry meets several amplitudes: its product with the core is made once. All sums run along the
        temperatures, which are many more than the functions.
        """
        mixed, found = {}, np.empty((len(terms), len(self.functions), len(terms[0][0][0])))

        def product(asymmetry, amplitude, out=None):
            if id(asymmetry) not in mixed:
                mixed[id(asymmetry)] = (self.core @ asymmetry.T).reshape(-1, *amplitude.shape)
            return np.einsum("qkn,kn->qn", mixed[id(asymmetry)], amplitude, out=out)

        for total, (first, *others) in zip(found, terms, strict=True):
            product(*first, out=total)
            for other in others:
                total += product(*other)
        return found.transpose(0, 2, 1)


@dataclass(frozen=True, eq=False)
class HarmonicTable:
    """The loaded table: `blocks[kind][panel]`, and at zero phase two series per quantity."""

    blocks: dict[str, tuple[Block, ...]]
    zero: dict[str, tuple[Series, Series]]


@lru_cache(maxsize=1)
def load():
    """The shipped `HarmonicTable`."""
    with np.load(PATH) as stored:
        arrays = dict(stored)
    blocks = {
        kind: tuple(_block(arrays, kind, number, panel, high) for number, panel in enumerate(PANELS))
        for kind, high in (("force", 2.0), ("entropy", 1.0))
    }
    zero = {
        kind: (
            Series(arrays[f"zero_{kind}_asymmetry"], interval, edges, low, 1.0),
            Series(arrays[f"zero_{kind}_amplitude"], ZERO_FIELD_INTERVAL, _ZERO_FIELD_EDGES, 2.0, 1.0),
        )
        for kind, interval, edges, low in (
            ("free_energy", FREE_ENERGY_INTERVAL, _FREE_ENERGY_EDGES, 1.0),
            ("entropy", ASYMMETRY_INTERVAL, _EDGES, 2.0),
        )
    }
    return HarmonicTable(blocks, zero)


def _block(arrays, kind, number, panel, high):
    name = f"{kind}_{number}"
    logarithm = kind == "force" and panel.low >= WARM
    series = Series(arrays[f"{name}_asymmetry"], ASYMMETRY_INTERVAL, _EDGES, 2.0, high, logarithm)
    core, functions = arrays[f"{name}_core"], arrays[f"{name}_harmonics"]
    if panel.phase_edges and kind == "force":
        functions = functions / panel.phase_weight()
    amplitude = panel.functions(core.shape[1])
    core = np.ascontiguousarray(core.transpose(2, 1, 0).reshape(-1, len(core)))
    waves = lru_cache(maxsize=None)(lambda quantity: Waves.through(quantity, functions, panel.wave_step))
    return Block(series, amplitude, core, functions, waves)


def covers(observable, cutoffs, spread=0.0):
    """Where the table holds for an observable, `ReducedCutoffs` of arrays and a spread of areas."""
    coldest = THERMAL_ASYMMETRY_MAX if QUANTITIES[observable].thermal else ASYMMETRY_MAX
    few = (cutoffs.asymmetry_min > coldest) | (cutoffs.asymmetry_max < ASYMMETRY_REACH)
    largest = WARM if 0.0 < spread < NARROW else AMPLITUDE_MAX
    return (cutoffs.amplitude_min >= AMPLITUDE_MIN) & (cutoffs.amplitude_max <= largest) & ~few


def averages(observable, cutoffs, index, b, spread=0.0, slopes=False):
    """One observable per A, defined as in `anomalous_quadrature.averages`, at many temperatures and fields.

    cutoffs : `ReducedCutoffs` of (n,) arrays over temperatures.  index, b : (points,) temperature of each point, B/B*.
    Returns (points,); with `slopes` (7, points): the value and its derivatives by the logarithms of D_min, D_max,
    D0min, D0max and b, and by the spread of ln A.
    """
    table = load()
    asymmetry = np.log(np.stack([cutoffs.asymmetry_min, cutoffs.asymmetry_max]))
    amplitude = np.log(np.stack([cutoffs.amplitude_min, cutoffs.amplitude_max]))
    quantity = QUANTITIES[observable]
    total = _zero_field(table, quantity, asymmetry, amplitude, index, slopes)
    falls = quantity.stepped
    blocks = table.blocks["entropy" if quantity.thermal else "force"]
    for panel, block in zip(PANELS, blocks, strict=True):
        rows = _rows(panel, amplitude)
        if not rows.any():
            continue
        whole = np.count_nonzero(rows) > _NEARLY_ALL * rows.size
        points = slice(None) if whole else np.flatnonzero(rows[index])
        position = index if whole else (np.cumsum(rows) - 1)[index[points]]
        along, ends = (asymmetry, amplitude) if whole else (asymmetry[:, rows], amplitude[:, rows])
        terms = _terms(
            quantity, block.series.axis(along[0], along[1], falls, slopes),
            panel.axis(ends, block.amplitude, falls, slopes),
        )
        at = Points(position, b[points], spread)
        found = _at_points(panel, block, quantity, block.coefficients(list(terms.values())), at, slopes)
        for kind, part in zip([*terms, _BY_FIELD, _BY_SPREAD], found, strict=False):
            total[kind][points] += part
    return total if slopes else total[0]


class Points(NamedTuple):
    """Where a panel is read: the row of the temperature and B/B* of each point (points,), and the spread of ln A."""

    position: np.ndarray
    b: np.ndarray
    spread: float


def _at_points(panel, block, quantity, coefficients, points, slopes):
    """(kinds, points) of what one panel gives with `coefficients` (kinds, n, q).

    With `slopes` also the derivatives of the first kind by ln b and, where there is a spread, by that, last.
    """
    position, b, spread = points
    if panel.wave_step and not spread and np.max(np.abs(b)) <= LARGEST:
        return block.waves(quantity).at(coefficients, position, b, slopes)
    means = panel.means(block.functions, quantity, b, spread, slopes)
    mixtures = coefficients[:, position]
    found = np.einsum("kpq,pq->kp", mixtures, means[0])
    return np.vstack([found, *(np.einsum("pq,pq->p", mixtures[0], mean) for mean in means[1:])])


def _rows(panel, amplitude):
    """Temperatures whose range of ln(D0/T) meets the panel."""
    low, high = panel.logarithms
    return (amplitude[1] >= low) & (amplitude[0] < high)


def _terms(quantity, asymmetry, amplitude):
    """{kind: [(asymmetry, amplitude)] products whose sum it is}, the quantity over two `RangeWithSlopes` and its slopes
    by their ends, as in the rows of `averages`; none of what is zero."""
    both = [(asymmetry.value, amplitude.value), (asymmetry.by_low, amplitude.value),
            (asymmetry.by_high, amplitude.value), (asymmetry.value, amplitude.by_low),
            (asymmetry.value, amplitude.by_high)]  # fmt: skip
    return {kind: _products(quantity, *pair) for kind, pair in enumerate(both) if None not in pair}


def _products(quantity, asymmetry, amplitude):
    """[(asymmetry, amplitude)] products whose sum is the quantity over two `Range`s."""
    if not quantity.stepped:
        return [(asymmetry.integral, amplitude.integral)]
    return [(asymmetry.fall, amplitude.integral), (asymmetry.integral, amplitude.fall)]


def _zero_field(table, quantity, asymmetry, amplitude, index, slopes):
    """A `Quantity` at B = 0 and its slopes at the points, as of `averages`; those by b and by the spread are zero."""
    total = np.zeros((7 if slopes else 1, index.size))
    if quantity.zero_phase is None:
        return total
    series = table.zero[quantity.zero_phase]
    first, second = (along.axis(*ends, quantity.stepped, slopes)
                     for along, ends in zip(series, (asymmetry, amplitude), strict=True))  # fmt: skip
    for kind, products in _terms(quantity, first, second).items():
        for left, right in products:
            total[kind] += np.sum(left * right, axis=-1)[index]
    return total
