"""How many digits of a value its error leaves: one rule for the terminal and for pages."""

import math


def like_error(value: float, error: float) -> str:
    """A number as plain text to the digits that an error, or the distance to another number, leaves: its first two.

    >>> like_error(1.0903e-3, 7.9e-5), like_error(14.7279, 0.56), like_error(0.0, 0.1), like_error(2.5, math.inf)
    ('0.001090', '14.73', '0', '2.5')
    """
    if value == 0.0 or error == 0.0 or not math.isfinite(error) or not math.isfinite(value):
        return f"{value:.4g}"
    digits = max(1, math.floor(math.log10(abs(value))) - math.floor(math.log10(abs(error))) + 2)
    return f"{value:#.{min(digits, 15)}g}".rstrip(".")


def rounded(value: float, error: float) -> tuple[str, str, int]:
    """(value, error, exponent) as text with two digits of the error, both to be multiplied by ten to the exponent.

    The exponent is 0 where the larger of the two lies between 0.01 and 10000. Both finite, error above zero.

    >>> rounded(1.098e20, 1.3e17), rounded(4.227, 0.095), rounded(1234.5, 20.0)
    (('1.0980', '0.0013', 20), ('4.227', '0.095', 0), ('1234', '20', 0))
    """
    exponent = math.floor(math.log10(max(abs(value), error)))
    if -2 <= exponent <= 3:
        exponent = 0
    digits = max(0, 1 - math.floor(math.log10(error)) + exponent)
    if digits > 15:
        return f"{value:.15g}", f"{error:.2g}", 0
    return f"{value / 10.0**exponent:.{digits}f}", f"{error / 10.0**exponent:.{digits}f}", exponent
