"""Where a fit and the stated noise contradict each other: chi-square per dataset, and residuals that show a pattern."""

import numpy as np

from glasstunnel.data import Column
from glasstunnel.data.grouping import set_points

_IMPROBABLE = 1e-6  # probability of a chi-square that is said
_PATTERN = 1e-4  # probability of so few runs of equal signs that is said
_MOST_NAMES = 4
_ROUNDING = 1e-7  # residuals smaller than this part of the data are those of arithmetic

#: How the note on a model that misses its data begins.
DOES_NOT_DESCRIBE = "the model does not describe these data"
#: How the note ends that names datasets without stated noise.
NOISE_FROM_RESIDUALS = ("was estimated from the residuals of this fit: its chi-square is no test of the model, and "
                        "errors assume that the model is right")


def misfit_notes(curves, parameters):
    """Sentences on the datasets whose residuals contradict the stated noise, each said once for all of them.

    curves : {name: `FittedCurve`}. parameters : number of varied parameters.
    """
    large, small, patterned = {}, {}, {}
    for name, curve in curves.items():
        chi2 = f"chi-square {curve.chi2:.4g} for {len(curve.measured)} points"
        if too_large(curve):
            large[name] = chi2
        elif too_small(curve, parameters):
            small[name] = chi2
        if name not in large and (p := runs_probability(curve)) < _PATTERN:
            patterned[name] = f"p = {p:.1g}"
    if large:
        yield (
            f"{DOES_NOT_DESCRIBE} within the stated noise, so errors of its parameters are too "
            f"small: {_listed(large)}"
        )
    if small:
        yield (
            "the data scatter less than the stated noise, so chi-square is no test of the model: " + _listed(small)
        )
    if patterned:
        yield (
            "residuals follow one another (runs test, said below a probability of "
            f"{_PATTERN:g} for independent noise): the model misses a trend or the noise is not independent, and "
            f"errors are too small: {_listed(patterned)}"
        )


def too_large(curve):
    """Whether independent noise of the stated size gives such a chi-square less than once in a million."""
    return not curve.estimated and _chance(curve, len(curve.measured), above=True) < _IMPROBABLE


def too_small(curve, parameters):
    """Whether the data scatter clearly less than stated."""
    free = len(curve.measured) - parameters
    return not curve.estimated and free > 0 and _chance(curve, free, above=False) < _IMPROBABLE


def _chance(curve, points, above):
    """Probability of a chi-square above or below that of a curve: an F where its sigma was found from repeats."""
    from scipy.special import chdtr, chdtrc, fdtr, fdtrc

    if np.isinf(curve.freedom):
        return (chdtrc if above else chdtr)(points, curve.chi2)
    return (fdtrc if above else fdtr)(points, curve.freedom, curve.chi2 / points)


def runs_probability(curve):
    """Probability that independent noise gives so few runs of residuals with one sign  [Wald and Wolfowitz, Ann. Math.
    Stat. 11, 147 (1940)], in normal approximation; 1 where the residuals are those of arithmetic.
    """
    from scipy.special import ndtr

    off = (curve.sigma * curve.independent_residuals)[rows_along_sweep(curve)]
    off = off[off != 0.0]
    above = int(np.sum(off > 0.0))
    below = len(off) - above
    rounding = len(off) == 0 or np.max(np.abs(off)) < _ROUNDING * np.max(np.abs(curve.measured))
    if rounding or above == 0 or below == 0 or curve.chi2 < 1e-6 * len(off):
        return 1.0
    runs = 1 + int(np.sum((off[1:] > 0.0) != (off[:-1] > 0.0)))
    pairs, count = 2.0 * above * below, above + below
    mean, variance = 1.0 + pairs / count, pairs * (pairs - count) / (count**2 * (count - 1.0))
    return float(ndtr((runs + 0.5 - mean) / np.sqrt(variance))) if variance > 0.0 else 1.0


def rows_along_sweep(curve):
    """Rows along the sweep: sorted by one coordinate at each set point of the one with fewer of them."""
    columns = {"temperature": Column(curve.temperature, "K"), "field": Column(curve.field, "T")}
    groups = {key: [rows for _, rows in set_points(columns, key)] for key in columns}
    fixed, swept = sorted(columns, key=lambda key: len(groups[key]))
    return np.concatenate([rows[np.argsort(columns[swept].values[rows], kind="stable")] for rows in groups[fixed]])


def _listed(described):
    """Names with what was found, of many only the first few."""
    texts = [f"{name} ({what})" for name, what in described.items()]
    more = f" and {len(texts) - _MOST_NAMES} more" if len(texts) > _MOST_NAMES else ""
    return ", ".join(texts[:_MOST_NAMES]) + more
