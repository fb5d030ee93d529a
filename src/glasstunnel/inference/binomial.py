"""What a number of simulations can see of an interval that does not hold: exact binomial probabilities."""

import math

import numpy as np

from glasstunnel.inference.intervals import standard_quantile

TELLING = 2.5  # binomial standard deviations by which a coverage has to miss before an interval is said not to hold
TOO_SMALL = (1.25, 1.5, 2.0)  # by how much errors are too small, of which the card says whether it would see it


def held_fraction(level: float, factor: float) -> float:
    """What the interval of a level holds when the standard error behind it is too small by a factor.

    >>> round(held_fraction(0.95, 1.5), 3)
    0.809
    """
    from scipy.special import ndtr

    return float(2.0 * ndtr(standard_quantile(level) / factor) - 1.0)


def missed_chance(n: int, level: float, factor: float, deviations: float = TELLING) -> float:
    """Probability that n simulations do not show that errors are too small by a factor: exact binomial.

    An interval is said not to hold where its coverage is off by more than so many binomial standard `deviations`.

    >>> round(missed_chance(20, 0.95, 1.5), 2), round(missed_chance(200, 0.95, 1.5), 4)
    (0.45, 0.0)
    """
    from scipy.special import bdtr

    if n < 1:
        return 1.0
    counts = np.arange(n + 1)
    passed = counts[np.abs(counts / n - level) <= deviations * math.sqrt(level * (1.0 - level) / n)]
    if not len(passed):
        return 0.0
    true, low, high = held_fraction(level, factor), int(passed[0]), int(passed[-1])
    return float(bdtr(high, n, true) - (bdtr(low - 1, n, true) if low else 0.0))


def reach_in_words(n: int, level: float, deviations: float = TELLING) -> str:
    """What n simulations of an interval would have missed, in a sentence.

    >>> print(reach_in_words(20, 0.95))
    what 20 simulations can see: errors 1.25, 1.5, 2 times too small (a 95 % interval that holds 88, 81, 67 %) would \
have gone unnoticed with probability 0.80, 0.45, 0.07
    """
    factors, held, missed = zip(*((f"{factor:g}", f"{100 * held_fraction(level, factor):.0f}",
                                   f"{missed_chance(n, level, factor, deviations):.2f}") for factor in TOO_SMALL),
                                strict=True)  # fmt: skip
    return (f"what {n} simulations can see: errors {', '.join(factors)} times too small (a {100 * level:.3g} % "
            f"interval that holds {', '.join(held)} %) would have gone unnoticed with probability {', '.join(missed)}")
