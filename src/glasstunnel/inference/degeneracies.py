"""Linear parameters that the data hardly tell from each other are sampled, not integrated out.

The probability of a box under a normal that is a thin sheet across it (two ions whose Curie laws differ by a part in
10^4, an offset beside a field-independent share) has edges that no fixed rule resolves, and its covariance no digits.
With one of the two sampled, what is left is well conditioned.
"""

import numpy as np

from glasstunnel.inference.identifiability import floored_covariance
from glasstunnel.inference.marginal import MarginalPosterior
from glasstunnel.inference.results import FitResult

_ALIKE = 0.01  # sine of the angle between a column and those of the others, below which it is sampled
_DRAWS = 24  # points around the minimum at which columns are looked at


def marginal_posterior(result: FitResult) -> MarginalPosterior:
    """The density that is sampled for a fit."""
    problem = result.problem
    plain = MarginalPosterior(problem)
    if not plain.inner:
        return plain
    columns = plain.whitened(_around(plain, problem, problem.coordinates(result.values)))[1]
    columns = columns[np.isfinite(columns).all(axis=(1, 2))]
    return MarginalPosterior(problem, tuple(plain.inner[k] for k in alike(columns)))


def alike(columns: np.ndarray) -> list[int]:
    """Which columns (sets, points, k) to set apart so that in every set the others are well conditioned.

    >>> alike(np.array([[[1.0, 0.0, 1.0], [0.0, 1.0, 1e-3]]]))
    [2]
    """
    rest = columns.astype(float)
    lengths = np.linalg.norm(rest, axis=1)
    left = [k for k in range(rest.shape[2]) if (lengths[:, k] > 0.0).all()]
    apart = [k for k in range(rest.shape[2]) if k not in left]
    while left and len(rest):
        sines = [float(np.min(np.linalg.norm(rest[:, :, k], axis=1) / lengths[:, k])) for k in left]
        best = int(np.argmax(np.round(sines, 9)))
        if sines[best] < _ALIKE:
            return sorted([*apart, *left])
        unit = rest[:, :, left.pop(best)]
        unit = unit / np.linalg.norm(unit, axis=1)[:, None]
        for _ in range(2):  # once more, for the rounding of the first time
            rest = rest - unit[:, :, None] * np.einsum("sn,snk->sk", unit, rest)[:, None]
    return sorted(apart)


def _around(target, problem, z):
    """The sampled coordinates at the minimum and at draws around it, inside the priors."""
    places = [problem.names.index(name) for name in target.outer]
    covariance = floored_covariance(problem, problem.jacobian(z))
    sd = np.sqrt(np.diag(covariance))[places]
    steps = np.random.default_rng(0).standard_normal((_DRAWS, len(places)))
    points = np.vstack([z[places], z[places] + steps * sd])
    extra = np.zeros((len(points), target.dimension - len(places)))  # scales of noise and drift change no angle much
    return np.clip(np.column_stack([points, extra]), *target.limits)
