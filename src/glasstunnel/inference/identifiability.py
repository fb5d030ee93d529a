"""What the data determine: errors from the curvature, and in words the directions they leave open.

The Jacobian is measured in units of the priors' spreads: a singular value below one is a direction in which the data
say less than the prior. Such directions are named as products of powers, sums, or single parameters.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from glasstunnel.errors import GlassTunnelError
from glasstunnel.inference.leverages import covariance_of_weights, is_uncertain
from glasstunnel.records import brief

_FLOOR = 1e-8  # singular values below this fraction of the largest are the noise of finite differences
_WIDEST = 1e6  # a prior counts as no wider than this many standard errors of the parameter with all others held
_TIED_TO_BOUND = 1.1  # an error that grows by more when a parameter leaves its bound is not quoted
_INVOLVED = 0.02  # a parameter belongs to an open direction when its share of it is at least this
_CORRELATED = 0.98
_LARGEST_POWER = 6
_SILENT = 0.3  # data this weak beside a Normal prior change its error by less than 5 %


@dataclass(frozen=True, eq=False)
class Determination:
    """Covariance of the values, errors {path: number}, and sentences on what is not determined.

    conditional : paths whose error holds only with a parameter at its bound; they have no symmetric error.
    """

    covariance: np.ndarray
    errors: dict[str, float]
    sentences: tuple[str, ...]
    conditional: tuple[str, ...] = ()

    __repr__ = brief


def determination(problem, z, at_bound):
    """What the data of a problem determine at its minimum z; parameters in `at_bound` are held there."""
    values = problem.parameters(z)
    slopes = problem.jacobian(z)
    free = [i for i, name in enumerate(problem.names) if name not in at_bound]
    covariance = np.full((len(problem.names),) * 2, np.nan)
    np.fill_diagonal(covariance, np.inf)
    sentences = [_at_bound(problem, name, side) for name, side in at_bound.items()]
    conditional: tuple[str, ...] = ()
    if free:
        small, determined = _covariance(problem, slopes, free)
        tied = _tied_to_bounds(problem, slopes, free, small) & determined if at_bound else np.zeros(len(free), bool)
        conditional = tuple(problem.names[i] for i, is_tied in zip(free, tied, strict=True) if is_tied)
        sentences += [_conditional(conditional, at_bound)] if conditional else []
        determined = determined & ~tied
        kept = [i for i, good in zip(free, determined, strict=True) if good]
        chain = np.array([problem.priors[problem.names[i]].slope(values[problem.names[i]]) for i in kept])
        covariance[np.ix_(kept, kept)] = small[np.ix_(determined, determined)] * np.outer(chain, chain)
        sentences += _open_directions(problem, z, slopes, free, values)
        sentences += _correlations(problem, covariance, kept)
        sentences += _leaning(problem, z, small, free, determined)
    errors = {name: math.sqrt(covariance[i, i]) for i, name in enumerate(problem.names)}
    errors |= {
        path: abs(factor) * errors.get(other, 0.0) for path, (other, factor) in problem.ties.items()
    }
    return Determination(covariance, errors, tuple(sentences), conditional)


def undetermined(problem):
    """What is known where the optimizer reached no minimum: no error of anything."""
    covariance = np.full((len(problem.names),) * 2, np.nan)
    np.fill_diagonal(covariance, np.inf)
    return Determination(covariance, dict.fromkeys((*problem.names, *problem.ties), math.inf), ())


def yardsticks(problem, slopes, indices):
    """The width of every prior in z, but no more than a million standard errors of the parameter by itself.

    A prior may be as wide as one likes: what counts as determined, degenerate or at its bound follows the data.
    """
    spreads = np.array([problem.priors[problem.names[i]].spread for i in indices])
    with np.errstate(divide="ignore"):
        return np.minimum(spreads, _WIDEST / np.linalg.norm(slopes[:, indices], axis=0))


def bounds_reached(problem, z, slopes=None):
    """{path: side} of what stands at an end of its prior, to 1e-9 of the prior or 1e-3 of a standard error.

    slopes : the Jacobian at z, where it is known already.
    """
    sides = {}
    slopes = problem.jacobian(z) if slopes is None else slopes
    lengths = 1e-9 * yardsticks(problem, slopes, range(len(problem.names)))
    for x, length, (name, prior) in zip(z, lengths, problem.priors.items(), strict=True):
        for side, limit in zip(("lower", "upper"), prior.limits, strict=True):
            if abs(x - limit) <= length:
                sides[name] = side
    return sides


def reached_directions(problem, slopes):
    """Orthonormal directions of the whitened data that the determined parameters reach, (points, directions)."""
    widths = yardsticks(problem, slopes, range(len(problem.names)))
    basis, singular, _ = np.linalg.svd(slopes * widths, full_matrices=False)
    return basis[:, singular > 1.0]


def coordinate_covariance(problem, slopes):
    """Covariance of all coordinates z, the priors' widths included: finite whatever the data leave open."""
    spreads = yardsticks(problem, slopes, range(len(problem.names)))
    return np.linalg.inv(_scaled_information(problem, slopes, spreads)) * np.outer(spreads, spreads)


def floored_covariance(problem, slopes):
    """Covariance of all coordinates z in which no direction is known worse than by its prior, nor better because of it.

    What a sampler starts from, and what the normal approximation of the evidence needs.
    """
    spreads = yardsticks(problem, slopes, range(len(problem.names)))
    _, singular, rotation = np.linalg.svd(slopes * spreads, full_matrices=False)
    roots = rotation.T / np.maximum(singular, 1.0)
    return roots @ roots.T * np.outer(spreads, spreads)


def information(problem, slopes):
    """The inverse of `coordinate_covariance`: of the data, of Normal priors, and of the width of the others."""
    spreads = yardsticks(problem, slopes, range(len(problem.names)))
    return _scaled_information(problem, slopes, spreads) / np.outer(spreads, spreads)


def open_steps(problem, z):
    """Steps in z, rows (directions, parameters), along which the data say less than the priors, one prior wide each.

    Parameters at a bound count as free: where hardly anything pushed them there, the data do not determine them.
    """
    slopes, indices = problem.jacobian(z), range(len(problem.names))
    spreads = yardsticks(problem, slopes, indices)
    _, singular, rotation = np.linalg.svd(slopes * spreads, full_matrices=True)
    known = int(np.sum(singular >= max(1.0, _FLOOR * singular[0])))
    return rotation[known:] * spreads


def _scaled_information(problem, slopes, spreads):
    scaled = slopes * spreads
    return scaled.T @ scaled + np.diag([float(not _informative(problem, name)) for name in problem.names])


def _tied_to_bounds(problem, slopes, free, conditional):
    """Which free parameters are known much worse once the parameters at their bounds are let go."""
    everything = list(range(len(problem.names)))
    full = np.diag(_covariance(problem, slopes, everything)[0])[free]
    return np.sqrt(full) > _TIED_TO_BOUND * np.sqrt(np.diag(conditional))


def _conditional(names, at_bound):
    held, several = _list(list(at_bound)), len(names) > 1
    return (
        f"{_list(list(names))} {'go' if several else 'goes'} with {held}, which stand{'s' * (len(at_bound) == 1)} at a "
        f"bound: {'they have' if several else 'it has'} no symmetric error{'s' * several}; take the profile "
        f"interval{'s' * several} instead"
    )


def _covariance(problem, slopes, free):
    """Covariance of the free coordinates z, and which of them the data (and Normal priors) determine."""
    spreads = yardsticks(problem, slopes, free)
    _, singular, rotation = np.linalg.svd(slopes[:, free] * spreads, full_matrices=False)
    singular = np.maximum(singular, max(_FLOOR * singular[0], 1e-12))
    scaled = (rotation.T / singular) @ (rotation.T / singular).T
    determined = np.diag(scaled) < 1.0 + 1e-9
    return scaled * np.outer(spreads, spreads) + _of_weights(problem, slopes, free), determined


def _of_weights(problem, slopes, free):
    """What estimated noise adds to the covariance of the free coordinates."""
    if not any(map(is_uncertain, problem.measurements)):
        return 0.0
    slopes, points = slopes.copy(), len(problem.observed)
    slopes[:points, [i for i in range(len(problem.names)) if i not in free]] = 0.0
    added = covariance_of_weights(problem, slopes[:points], floored_covariance(problem, slopes))
    return added[np.ix_(free, free)]


def combination_error(problem, z, at_bound, weights):
    """Standard error of the sum of weight * parameter; infinite where the data say less than the priors.

    weights : {varied path: number}. A sum can be determined where its terms are not. at_bound : paths that are held.
    """
    values, slopes = problem.parameters(z), problem.jacobian(z)
    free = [i for i, name in enumerate(problem.names) if name not in at_bound]
    names = [problem.names[i] for i in free]
    if not free:
        return math.inf
    covariance, _ = _covariance(problem, slopes, free)
    gradient = np.array([weights.get(name, 0.0) * problem.priors[name].slope(values[name]) for name in names])
    error = math.sqrt(gradient @ covariance @ gradient)
    return error if error < np.linalg.norm(gradient * yardsticks(problem, slopes, free)) else math.inf


def _at_bound(problem, name, side):
    limit = getattr(problem.priors[name], side)
    wish = "less" if side == "lower" else "more"
    return f"{name} is at its {side} bound {limit:g}: the data ask for {wish}; it was held there for the other errors"


def _leaning(problem, z, covariance, free, determined):
    for k, i in enumerate(free):
        low, high = problem.priors[problem.names[i]].limits
        error = math.sqrt(covariance[k, k])
        sides = [side for side, room in (("lower", z[i] - low), ("upper", high - z[i])) if room < error]
        if determined[k] and sides:
            yield (
                f"the error bar of {problem.names[i]} reaches beyond its {' and '.join(sides)} bound; "
                "take the profile interval instead"
            )


def _correlations(problem, covariance, kept):
    for a, i in enumerate(kept):
        for j in kept[a + 1 :]:
            value = covariance[i, j] / math.sqrt(covariance[i, i] * covariance[j, j])
            if abs(value) > _CORRELATED:
                yield f"{problem.names[i]} and {problem.names[j]} are correlated ({value:+.3f})"


# --- open directions in words -------------------------------------------------------------------------------------


def _open_directions(problem, z, slopes, free, values):
    """Sentences for the directions in which the data say less than the priors."""
    spreads = yardsticks(problem, slopes, free)
    scaled = slopes[: len(problem.observed), free] * spreads
    strength = np.linalg.norm(scaled, axis=0)
    for i, value in zip(free, strength, strict=True):
        if value < 1.0 and _informative(problem, problem.names[i]):
            yield _from_prior(problem.names[i], value)
        elif value < 1.0:
            yield f"{problem.names[i]} is not determined by these data: {_weak_effect(problem, z, i, values)}"
    strong = [k for k, value in enumerate(strength) if value >= 1.0]
    if len(strong) < 2:
        return
    _, singular, rotation = np.linalg.svd(scaled[:, strong], full_matrices=False)
    open_rows = rotation[singular < max(1.0, _FLOOR * singular[0])]
    names = [problem.names[free[k]] for k in strong]
    for direction in _sparse(open_rows):
        by_value = direction * spreads[strong]
        by_value *= [problem.priors[name].slope(values[name]) for name in names]
        involved = [k for k in range(len(names)) if abs(direction[k]) > _INVOLVED * np.max(np.abs(direction))]
        yield _describe({names[k]: by_value[k] for k in involved}, values, problem)


def _informative(problem, name):
    """Whether the prior of a parameter counts as a measurement of it."""
    return problem.priors[name].pull(0.0) is not None


def _from_prior(name, strength):
    """`strength` is the prior's error over that of the data alone."""
    origin = "are those of its prior" if strength < _SILENT else "rest mostly on its prior"
    return f"{name}: these data say less of it than its prior; its value and error {origin}"


def _weak_effect(problem, z, i, values):
    """Why a parameter with hardly any slope at the minimum is open: a limit on one side may still exist."""
    name, prior = problem.names[i], problem.priors[problem.names[i]]
    ends = zip(("lower", "upper"), prior.limits, strict=True)
    sides = [side for side, limit in ends if _changes_model(problem, z, i, limit)]
    if not sides:
        return "within its prior it changes the model by less than the noise"
    return (
        f"near {values[name]:.4g} it changes the model by less than the noise, but not towards its "
        f"{' and '.join(sides)} bound; take the profile interval for the limit"
    )


def _changes_model(problem, z, i, limit):
    """Whether parameter i at its limit changes the model by more than the noise, the others staying."""
    if not math.isfinite(limit):
        return False
    moved = np.array(z, dtype=float)
    moved[i] = limit
    try:
        with np.errstate(all="ignore"):
            change = (np.asarray(problem.model(moved)) - np.asarray(problem.model(z))) / problem.sigma
    except GlassTunnelError:  # no model there at all
        return True
    return not float(change @ change) < 1.0  # a model that is not finite there counts as changed


def _sparse(rows):
    """A basis of the row space with as many zeros as elimination gives, so that each direction can be named."""
    rows = np.array(rows)
    for k in range(len(rows)):
        column = int(np.argmax(np.abs(rows[k])))
        rows[k] /= rows[k, column]
        for other in range(len(rows)):
            if other != k:
                rows[other] -= rows[other, column] * rows[k]
    return rows


def _describe(direction, values, problem):
    """One sentence for an open direction {path: change of the value}."""
    names = list(direction)
    known = [name for name in names if _informative(problem, name)]
    if len(names) == 1:
        return _from_prior(names[0], 1.0) if known else f"{names[0]} is not determined by these data"
    rest = f"; what is given of them one by one rests on the prior of {_list(known)}" if known else ""
    if all(name in problem.linear for name in names):
        combinations = _sums(direction)
    elif all(values[name] > 0 for name in names):
        combinations = _products({name: change / values[name] for name, change in direction.items()})
    else:
        combinations = None
    if combinations is None:
        return f"{_list(names)} are not determined separately by these data{rest}"
    verb = "is" if len(combinations) == 1 else "are"
    return f"only {_list(combinations)} {verb} determined by these data, not {_list(names)} separately{rest}"


def _sums(direction):
    """Weighted sums that stay the same along the direction."""
    pivot = _pivot(direction)
    weights = {name: -change / direction[pivot] for name, change in direction.items() if name != pivot}
    sums = []
    for name, weight in weights.items():
        factor = "" if abs(abs(weight) - 1.0) < 0.005 else f"{abs(weight):.3g} x "
        word = "sum" if weight > 0 else "difference"
        sums.append(f"the {word} {name} {'+' if weight > 0 else '-'} {factor}{pivot}")
    return sums


def _products(direction):
    """Products of small integer powers that stay the same along the direction of the logarithms; None if none fit."""
    pivot = _pivot(direction)
    products = []
    for name, change in direction.items():
        if name == pivot:
            continue
        ratio = -change / direction[pivot]
        power = Fraction(ratio).limit_denominator(_LARGEST_POWER)
        if power == 0 or abs(float(power) - ratio) > 0.02 * abs(ratio) or abs(power.numerator) > _LARGEST_POWER:
            return None
        mark, word = ("x", "product") if power > 0 else ("/", "ratio")
        products.append(
            f"the {word} {_power(name, power.denominator)} {mark} {_power(pivot, abs(power.numerator))}"
        )
    return products


def _pivot(direction):
    """The parameter with the smallest change (the last of equals), which the combinations refer to."""
    largest = max(map(abs, direction.values()))
    return min(reversed(direction), key=lambda name: round(abs(direction[name]) / largest, 2))


def _power(name, exponent):
    return name if exponent == 1 else f"{name}^{exponent}"


def _list(texts):
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
