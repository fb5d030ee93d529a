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
and the mean over the direction is that of `exact.phase_means`; everything else is the same.

Built by ``tools/build_exact_table.py``, which states the error: at most 1e-9 of the largest value among
the fields, typically 1e-12, for any cutoffs where `covers` says so.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial import chebyshev

from glasstunnel.numerics.quadrature import legendre, panels
from glasstunnel.systems.anomalous.exact.harmonics import harmonic_means
from glasstunnel.systems.anomalous.exact.phase_means import NODES, phase_edges, phase_means

PATH = Path(__file__).with_name("table.npz")

_EDGES = (math.log(1e-4), math.log(1e6))  #: range of ln p in the table
ASYMMETRY_INTERVAL = (_EDGES[0] - 0.2, _EDGES[1] + 0.2)  #: of the Chebyshev series, wider so that its ends are not used
_FREE_ENERGY_EDGES = (math.log(1e-8), _EDGES[1])  #: F at B = 0, from the ground level up, bends at p = a
FREE_ENERGY_INTERVAL = (_FREE_ENERGY_EDGES[0] - 0.2, _EDGES[1] + 0.2)
WARM = 32.0  #: largest D0/T held as Fourier series, and of the table with a spread of areas
AMPLITUDE_MAX = 2048.0  #: largest D0/T of the table
AMPLITUDE_MIN = 1e-5  #: smallest D0/T of the table
_ZERO_FIELD_EDGES = (math.log(AMPLITUDE_MIN), math.log(AMPLITUDE_MAX))  #: range of ln a of the zero-field part
ZERO_FIELD_INTERVAL = (_ZERO_FIELD_EDGES[0] - 0.2, _ZERO_FIELD_EDGES[1] + 0.2)
ASYMMETRY_MAX = 10.0  #: largest D_min/T; beyond, and for D_max below ASYMMETRY_REACH * T, what is left of the
ASYMMETRY_REACH = 0.1  #: population is so small a part of the table's range that it would lose digits


@dataclass(frozen=True)
class Panel:
    """A range of a = D0/T. In the first the series runs in a and carries the factor a^3 of small a, else in ln a."""

    low: float
    high: float

    @property
    def interval(self):
        low, high = self.coordinate(self.low), self.coordinate(self.high)
        margin = 0.02 * (high - low)
        return low - (margin if self.low else 0.0), high + margin

    @property
    def logarithms(self):
        """The ends of the panel in ln a: each a belongs to one panel, the largest to the last."""
        last = self.high == AMPLITUDE_MAX
        return math.log(self.low) if self.low else -math.inf, math.inf if last else math.log(self.high)

    @property
    def phase_edges(self):
        """Of the panels on [0, pi] that hold the functions of the phase; None where Fourier series do."""
        return phase_edges(self.high) if self.low >= WARM else None

    def phase_weight(self):
        """What R is multiplied by in the table, (nodes,), so that small and large phases weigh alike."""
        return np.hypot(panels(phase_edges(self.high), NODES)[0], 1.0 / self.high)

    def means(self, observable, count, b, spread, slopes):
        """Means over directions and areas of the `count` functions of the phase, each (points, count)."""
        if self.phase_edges is None:
            return harmonic_means(observable, count, b, spread, slopes)
        return phase_means(observable, self.phase_edges, b, slopes)

    def coordinate(self, amplitude):
        """The variable of the Chebyshev series at a."""
        return np.log(amplitude) if self.low else amplitude

    def amplitude(self, coordinate):
        """a at the variable of the series."""
        return np.exp(coordinate) if self.low else coordinate

    def scale(self, amplitude):
        """What the series is to be multiplied by."""
        return amplitude**3 if self.low == 0.0 else 1.0 + 0.0 * amplitude

    def measure(self, coordinate):
        """scale(a) dlna / dcoordinate."""
        return coordinate**2 if self.low == 0.0 else 1.0 + 0.0 * coordinate


PANELS = (
    Panel(0.0, 1.0), Panel(1.0, 4.0), Panel(4.0, 16.0), Panel(16.0, WARM),
    Panel(WARM, 128.0), Panel(128.0, 512.0), Panel(512.0, AMPLITUDE_MAX),
)  # fmt: skip


class Range(NamedTuple):
    """Basis functions integrated over a range of ln p or ln a, and their difference between its two ends."""

    integral: Any
    step: Any


class Axis(NamedTuple):
    """A `Range` and its derivatives by the logarithms of its two ends."""

    value: Range
    by_low: Range
    by_high: Range


@dataclass(frozen=True)
class Series:
    """Chebyshev series in a logarithm, (order, functions), its antiderivative and slope; power laws go on from `edges`.

    low : below, f = f(edge) + const * (exp(low * d) - 1).  high : above, f = f(edge) * exp(-high * d), with `logarithm`
    times (1 + const * d): the force at D >> D0 falls as ln(D)/D^2.
    """

    coefficients: np.ndarray
    antiderivative: np.ndarray
    slope: np.ndarray
    interval: tuple[float, float]
    edges: tuple[float, float]
    low: float
    high: float
    logarithm: bool = False

    @classmethod
    def load(cls, coefficients, interval, edges, low, high, logarithm=False):
        half = 0.5 * (interval[1] - interval[0])
        padded = np.concatenate([coefficients, np.zeros_like(coefficients[:1])])
        slope = np.concatenate([chebyshev.chebder(padded), np.zeros_like(coefficients[:1])]) / half
        return cls(padded, half * chebyshev.chebint(coefficients), slope, interval, edges, low, high, logarithm)

    def basis(self, ends):
        """Chebyshev functions at `ends`, held at the edges beyond them: (..., order)."""
        clipped = np.clip(ends, *self.edges)
        return _chebyshev(clipped, self.interval, len(self.coefficients))

    def axis(self, ends, basis):
        """`Axis` of (n, functions) arrays.  ends : logarithms (2, n).  basis : `self.basis(ends)`."""
        below = np.minimum(ends - self.edges[0], 0.0)[..., None]
        above = np.clip(ends - self.edges[1], 0.0, 300.0)[..., None]  # without a cutoff nothing is left at 300
        values, slope = basis @ self.coefficients, basis @ self.slope
        growth, decay = np.expm1(self.low * below), np.exp(-self.high * above)
        bend = slope / self.low
        integral = basis @ self.antiderivative + values * (below + (1.0 - decay) / self.high)
        integral = integral + bend * (growth / self.low - below)
        # Beyond an edge the basis stays at the edge: there `values` and `slope` are those of the edge.
        extra = slope + self.high * values if self.logarithm else 0.0
        integral = integral + extra * (1.0 - decay * (1.0 + self.high * above)) / self.high**2
        slope = np.where(above > 0.0, (extra - self.high * (values + extra * above)) * decay, slope * (growth + 1.0))
        return _axis(integral[1] - integral[0], (values + extra * above + bend * growth) * decay, slope)


def _axis(integral, values, slopes):
    return Axis(
        Range(integral, values[1] - values[0]), Range(-values[0], -slopes[0]), Range(values[1], slopes[1])
    )


def _chebyshev_angle(x, interval):
    low, high = interval
    return np.arccos((2.0 * x - (low + high)) / (high - low))


def _chebyshev(x, interval, order):
    """Chebyshev polynomials of the first kind on `interval` at x: (..., order)."""
    return np.cos(_chebyshev_angle(x, interval)[..., None] * np.arange(order))


@dataclass(frozen=True)
class Block:
    """One quantity in one panel, in Tucker form: series in ln p (r), core (r, order * q), harmonics (q, m)."""

    series: Series
    core: np.ndarray
    harmonics: np.ndarray

    def coefficients(self, pairs):
        """Fourier coefficients (n, m): sum over (sign, asymmetry (n, r), amplitude (n, order)) pairs."""
        total = 0.0
        for sign, asymmetry, amplitude in pairs:
            mixed = (asymmetry @ self.core).reshape(*amplitude.shape, -1)
            total = total + sign * (amplitude[:, None, :] @ mixed)[:, 0]
        return total @ self.harmonics


@dataclass(frozen=True)
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
        kind: tuple(
            Block(
                Series.load(arrays[f"{kind}_{number}_asymmetry"], ASYMMETRY_INTERVAL, _EDGES, 2.0, high,
                            logarithm=kind == "force" and panel.low >= WARM),
                arrays[f"{kind}_{number}_core"].reshape(len(arrays[f"{kind}_{number}_core"]), -1),
                _phase_functions(arrays, panel, f"{kind}_{number}", kind),
            )
            for number, panel in enumerate(PANELS)
        )
        for kind, high in (("force", 2.0), ("entropy", 1.0))
    }
    zero = {
        kind: (
            Series.load(arrays[f"zero_{kind}_asymmetry"], interval, edges, low, 1.0),
            Series.load(arrays[f"zero_{kind}_amplitude"], ZERO_FIELD_INTERVAL, _ZERO_FIELD_EDGES, 2.0, 1.0),
        )
        for kind, interval, edges, low in (
            ("free_energy", FREE_ENERGY_INTERVAL, _FREE_ENERGY_EDGES, 1.0),
            ("entropy", ASYMMETRY_INTERVAL, _EDGES, 2.0),
        )
    }
    return HarmonicTable(blocks, zero)


def _phase_functions(arrays, panel, name, kind):
    functions = arrays[f"{name}_harmonics"]
    return functions / panel.phase_weight() if panel.phase_edges and kind == "force" else functions


def covers(cutoffs, spread=0.0):
    """Where the table holds, for `ReducedCutoffs` of arrays and a spread of areas."""
    few = (cutoffs.asymmetry_min > ASYMMETRY_MAX) | (cutoffs.asymmetry_max < ASYMMETRY_REACH)
    largest = WARM if spread else AMPLITUDE_MAX
    return (cutoffs.amplitude_min >= AMPLITUDE_MIN) & (cutoffs.amplitude_max <= largest) & ~few


def averages(observable, cutoffs, index, b, spread=0.0, slopes=False):
    """One observable per A, defined as in `anomalous_quadrature.averages`, at many temperatures and fields.

    cutoffs : `ReducedCutoffs` of (n,) arrays over temperatures.  index, b : (points,) temperature of each point, B/B*.
    Returns (points,); with `slopes` a list of that: the value and its derivatives by the logarithms of D_min, D_max,
    D0min, D0max and b, and by the spread of ln A.
    """
    table = load()
    asymmetry = np.log(np.stack([cutoffs.asymmetry_min, cutoffs.asymmetry_max]))
    amplitude = np.log(np.stack([cutoffs.amplitude_min, cutoffs.amplitude_max]))
    basis = table.zero["entropy"][0].basis(asymmetry)
    total = [np.asarray(part)[index] for part in _zero_field(table, observable, asymmetry, amplitude, basis, slopes)]
    blocks = table.blocks["entropy" if observable in ("entropy", "heat_capacity") else "force"]
    for panel, block in zip(PANELS, blocks, strict=True):
        rows = _rows(panel, amplitude)
        points = rows[index]
        if not points.any():
            continue
        terms = _all_terms(
            observable,
            block.series.axis(asymmetry[:, rows], basis[:, rows]),
            _amplitude_axis(panel, amplitude[:, rows], block),
            slopes,
        )
        coefficients = [block.coefficients(pairs) for pairs in terms]
        waves = panel.means(observable, block.harmonics.shape[1], b[points], spread, slopes)
        position = (np.cumsum(rows) - 1)[index[points]]
        pairs = [(row, waves[0]) for row in coefficients] + [(coefficients[0], wave) for wave in waves[1:]]
        parts = [np.einsum("pm,pm->p", row[position], wave) for row, wave in pairs]
        total = [whole + _spread(part, points) for whole, part in zip(total, parts, strict=True)]
    return total if slopes else total[0]


def _rows(panel, amplitude):
    """Temperatures whose range of ln(D0/T) meets the panel."""
    low, high = panel.logarithms
    return (amplitude[1] >= low) & (amplitude[0] < high)


def _spread(part, points):
    """Values of `part` put where `points` is true, zero elsewhere."""
    if points.all():
        return part
    padded = np.concatenate([part, np.zeros(1)])
    return padded[np.where(points, np.cumsum(points) - 1, len(part))]


def _terms(observable, asymmetry, amplitude):
    """(sign, asymmetry, amplitude) products whose sum is the observable over two `Range`s."""
    if observable != "heat_capacity":
        return [(1.0, asymmetry.integral, amplitude.integral)]
    return [(-1.0, asymmetry.step, amplitude.integral), (-1.0, asymmetry.integral, amplitude.step)]


def _all_terms(observable, asymmetry, amplitude, slopes):
    terms = [_terms(observable, asymmetry.value, amplitude.value)]
    if slopes:
        terms += [_terms(observable, end, amplitude.value) for end in (asymmetry.by_low, asymmetry.by_high)]
        terms += [_terms(observable, asymmetry.value, end) for end in (amplitude.by_low, amplitude.by_high)]
    return terms


def _amplitude_axis(panel, ends, block):
    """`Axis` of the Chebyshev functions of a panel, with the panel's scale; ends : ln a (2, n)."""
    order = block.core.shape[1] // block.harmonics.shape[0]
    value = np.exp(ends)
    limits = panel.coordinate(panel.low) if panel.low else 0.0, panel.coordinate(panel.high)
    low, high = x = np.clip(panel.coordinate(value), *limits)
    nodes, weights = legendre(order // 2 + 2)
    inside = low[:, None] + (high - low)[:, None] * nodes
    measure = (high - low)[:, None] * weights * panel.measure(inside)
    integral = (measure[:, None, :] @ _chebyshev(inside, panel.interval, order))[:, 0]

    angle = _chebyshev_angle(x, panel.interval)[..., None]
    k = np.arange(order)
    width = panel.interval[1] - panel.interval[0]
    functions = np.cos(k * angle)
    slopes = k * np.sin(k * angle) / np.sin(angle) * (2.0 / width)
    start, stop = panel.logarithms
    scale = np.where((ends >= start) & (ends < stop), panel.scale(value), 0.0)[..., None]
    if panel.low == 0.0:
        slopes = 3.0 * functions + value[..., None] * slopes
    return _axis(integral, scale * functions, scale * slopes)


def _zero_field(table, observable, asymmetry, amplitude, basis, slopes):
    """The observable at B = 0 and its slopes, (n,) each; those by b and by the spread are zero."""
    kind = {"heat_capacity": "entropy"}.get(observable, observable)
    nothing = np.zeros(asymmetry.shape[1])
    if kind not in table.zero:
        return [nothing] * (7 if slopes else 1)
    rows, columns = table.zero[kind]
    if kind == "free_energy":
        basis = rows.basis(asymmetry)
    columns = columns.axis(amplitude, columns.basis(amplitude))
    terms = _all_terms(observable, rows.axis(asymmetry, basis), columns, slopes)
    totals = [sum(sign * np.sum(left * right, axis=-1) for sign, left, right in pairs) for pairs in terms]
    return [*totals, nothing, nothing] if slopes else totals
