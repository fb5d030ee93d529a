"""Numerical derivatives that closed ones are tested against."""

import numpy as np

_STEPS = 5


def slope(function, at, step=1e-2):
    """Derivative of function(x) at the number or array `at`, pointwise: Romberg's extrapolation of central differences.

    step : first half-width, relative to |at| (absolute at zero); halved four times. Relative error about 1e-11 of
    function/at for a smooth function.
    """
    at = np.asarray(at, dtype=float)
    width = step * np.where(at == 0.0, 1.0, np.abs(at))
    rows = []
    for k in range(_STEPS):
        h = width / 2**k
        row = [(np.asarray(function(at + h)) - np.asarray(function(at - h))) / (2.0 * h)]
        for order, previous in enumerate(rows[-1] if rows else [], 1):
            row.append(row[-1] + (row[-1] - previous) / (4.0**order - 1.0))
        rows.append(row)
    return rows[-1][-1]
