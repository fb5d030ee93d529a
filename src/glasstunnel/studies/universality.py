"""Do all runs collapse on one curve of B/T, as free magnetic moments must?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glasstunnel.data.dataset import Dataset, as_datasets
from glasstunnel.errors import ParameterError
from glasstunnel.records import brief
from glasstunnel.studies.intrinsic import magnetization_columns

_PER_DECADE = 5  # spline intervals per decade of B/T: free moments turn over within one decade
_SIGNIFICANCE = 0.01


@dataclass(frozen=True, eq=False)
class Universality:
    """Outcome of `universality_test`.

    statistic : F, mean square gained per additional coefficient when every run has its own curve, over the mean square
        that remains. degrees : (additional coefficients, points minus coefficients). p_value : chance of such an F
        when all runs follow one curve.
    collapse : p_value above 0.01. deviation : largest rms distance of a run's own curve from the common one, relative
        to the rms of the common curve; `farthest` names that run.
    x, common : B/T [T/K] ascending and the common curve of M - M_L [A m2/kg] there.
    runs : {name: (B/T, M - M_L)}. sentence : the verdict.
    """

    statistic: float
    degrees: tuple[int, int]
    p_value: float
    collapse: bool
    deviation: float
    farthest: str
    x: np.ndarray
    common: np.ndarray
    runs: dict[str, tuple[np.ndarray, np.ndarray]]
    sentence: str

    __repr__ = brief

    def to_dict(self):
        """JSON-able numbers and the verdict."""
        return {
            "statistic": self.statistic, "degrees": list(self.degrees), "p_value": self.p_value,
            "collapse": self.collapse, "deviation": self.deviation, "farthest": self.farthest,
            "sentence": self.sentence,
        }  # fmt: skip


def universality_test(datasets: Sequence[Dataset], larmor_susceptibility: float) -> Universality:
    """Whether M - M_L = M + chi_L B of several runs is one function of B/T  [000, discussion of M - M_L against H/T].

    Free moments of any kind, mixed in any proportion, depend on B/T alone (000 Eq. 1); tunneling systems and
    interacting moments do not. The test is an F test between nested regressions of (M - M_L) T/B on cubic splines in
    ln(B/T), five intervals per decade: one spline for all runs against one for each run. It holds for any common
    factor in the uncertainties, and needs no model of the moments. Each run is weighted by its column ``sigma``, or
    by one common sigma where a run has none. Rows at B = 0 say nothing and are left out.

    Parameters
    ----------
    datasets : two or more magnetization Datasets, overlapping in B/T. larmor_susceptibility : chi_L [A m2/(kg T)].

    Returns
    -------
    Universality

    Raises
    ------
    ParameterError for fewer than two runs, runs that do not overlap in B/T, or too few points.

    Examples
    --------
    >>> import numpy as np
    >>> from glasstunnel import Column, Dataset, MagneticIons, magnetization, universality_test
    >>> T, generator = np.geomspace(2.0, 50.0, 30), np.random.default_rng(1)
    >>> runs = [Dataset({"temperature": Column(T, "K"), "field": Column(0 * T + B, "T"), "magnetization": Column(
    ...     magnetization(MagneticIons("Fe3+", 1e19), T, B) + 1e-6 * generator.normal(size=30), "A m2/kg")},
    ...     "magnetization", name=f"run{B}") for B in (1, 3)]
    >>> universality_test(runs, 0.0).collapse
    True
    """
    datasets = as_datasets(datasets, "universality_test")
    if len(datasets) < 2:
        raise ParameterError("universality_test needs at least two runs to compare")
    if not math.isfinite(larmor_susceptibility):
        raise ParameterError(f"larmor_susceptibility must be finite, got {larmor_susceptibility!r}")
    runs = [_ReducedRun.of(dataset, larmor_susceptibility) for dataset in datasets]
    x = np.concatenate([run.x for run in runs])
    basis = _spline_basis(np.log(x))
    weights = np.concatenate([run.weight for run in runs])
    design, target = basis * weights[:, None], np.concatenate([run.reduced for run in runs]) * weights
    together, square, rank = _regression(design, target)
    ends = np.cumsum([len(run.x) for run in runs])
    parts = [slice(end - len(run.x), end) for run, end in zip(runs, ends, strict=True)]
    separate = [_regression(design[part], target[part]) for part in parts]
    extra = sum(curve[2] for curve in separate) - rank
    left = len(x) - sum(curve[2] for curve in separate)
    if extra < 1:
        raise ParameterError("universality_test: the runs do not overlap in B/T, so nothing can be compared")
    if left < 1:
        raise ParameterError(f"universality_test: {len(x)} points are too few for {len(runs)} separate curves")
    remaining = sum(curve[1] for curve in separate)
    distances = [
        _rms((design[part] @ (curve[0] - together)) / weights[part] * x[part]) / _rms(design @ together / weights * x)
        for curve, part in zip(separate, parts, strict=True)
    ]
    far = int(np.argmax(distances))
    return _verdict(runs, (square, remaining, extra, left), distances[far], runs[far].name,
                    x, design @ together / weights * x)


@dataclass(frozen=True, eq=False)
class _ReducedRun:
    """x = B/T, reduced = (M - M_L) T/B, weight = 1/sigma of reduced."""

    name: str
    x: np.ndarray
    reduced: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, dataset, susceptibility):
        M, T, B = magnetization_columns(dataset)
        sigma = dataset["sigma"].to("A m2/kg") if "sigma" in dataset.columns else np.ones(len(M))
        if not (np.isfinite(sigma) & (sigma > 0)).all():
            raise ParameterError(f"dataset {dataset.name!r}: sigma must be positive and finite everywhere")
        kept = B != 0
        if not kept.any():
            raise ParameterError(f"dataset {dataset.name!r}: every row is at zero field")
        x = np.abs(B[kept]) / T[kept]
        return cls(dataset.name, x, (M + susceptibility * B)[kept] * T[kept] / B[kept], x / sigma[kept])


def _spline_basis(u):
    """Cubic B-splines on the range of u with five intervals per decade, shape (points, coefficients)."""
    from scipy.interpolate import BSpline

    low, high = u.min(), u.max()
    if high - low < 1e-9:
        return np.ones((len(u), 1))
    intervals = max(1, math.ceil(_PER_DECADE * (high - low) / math.log(10.0)))
    inner = np.linspace(low, high, intervals + 1)
    knots = np.concatenate([[low] * 3, inner, [high] * 3])
    return BSpline.design_matrix(u, knots, 3).toarray()


def _regression(design, target):
    """(coefficients, sum of squares left, rank) of a least-squares regression."""
    coefficients, _, rank, _ = np.linalg.lstsq(design, target, rcond=1e-10)
    off = target - design @ coefficients
    return coefficients, float(off @ off), int(rank)


def _rms(values):
    return float(np.sqrt(np.mean(values**2)))


def _verdict(runs, squares, deviation, farthest, x, common):
    from scipy.special import fdtrc

    square, remaining, extra, left = squares
    gained = max(square - remaining, 0.0)
    floor = 1e-20 * square + np.finfo(float).tiny
    statistic = (gained / extra) / (max(remaining, floor) / left)
    p_value = float(fdtrc(extra, left, statistic))
    collapse = p_value > _SIGNIFICANCE
    numbers = f"F = {statistic:.3g} with {extra} and {left} degrees of freedom, p = {p_value:.2g}"
    if collapse:
        sentence = f"The runs collapse on one curve of B/T ({numbers}): free moments suffice."
    else:
        sentence = (
            f"The runs do not collapse on one curve of B/T ({numbers}; {farthest} differs most, by "
            f"{100 * deviation:.2g} % rms): free moments alone cannot explain them."
        )
    order = np.argsort(x)
    return Universality(
        float(statistic), (extra, left), p_value, collapse, deviation, farthest, x[order], common[order],
        {run.name: (run.x, run.reduced * run.x) for run in runs}, sentence,
    )
