"""What several judgments share: numbers that stand beside the printed sets, and unit conversions of the field."""

from functools import cache, partial
from typing import Any

import numpy as np

import glasstunnel as gt
from glasstunnel.conversions import concentration_to_ppm
from glasstunnel.papers import published_entry

#: Mean molar mass of a formula unit [kg/mol]  [002 Table 14 and Eqs. 99-100].
MOLAR_MASS = {"BK7": 63.530e-3, "Duran": 61.873e-3, "BAS": 80.530e-3}

#: Mass density [kg/m3]  [003, Sec. 4.2].
MASS_DENSITY = {"BK7": 2500.0, "Duran": 2300.0, "BAS": 3100.0}

#: Iron per gram by mass spectrometry  [000, Secs. A to C].
SPECTROMETRY = {"BK7": 1.657e17, "Duran": 1.469e18, "BAS": 7.165e18}

#: Dipole moment of one debye [C m].
DEBYE = 1e-21 / 299792458.0

published = cache(gt.published)
with_exact_theory = cache(partial(gt.published, theory="exact"))


def values(id: str) -> dict[str, float]:
    """The printed numbers of a parameter set."""
    printed = published_entry(id).values
    return {key: number for key, number in printed.items() if not isinstance(number, str)}


def ppm(per_gram: float, glass: str) -> float:
    """Parts per million of formula units from ions per gram."""
    return float(concentration_to_ppm(1e3 * per_gram, MOLAR_MASS[glass]))


def maximum(function, low: float, high: float) -> float:
    """Where a smooth function of one number is largest between `low` and `high`, to about 1e-6 of itself."""
    from scipy.optimize import minimize_scalar

    grid = np.geomspace(low, high, 60)
    top = int(np.argmax([function(x) for x in grid]))
    bounds = (grid[max(top - 1, 0)], grid[min(top + 1, len(grid) - 1)])
    minimum: Any = minimize_scalar(lambda x: -function(x), bounds=bounds, method="bounded", options={"xatol": 1e-7})
    return float(minimum.x)
