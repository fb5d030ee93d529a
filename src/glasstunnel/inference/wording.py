"""Values, errors and priors as text and as JSON: one rule for every page, table and repr."""

import math

from glasstunnel.numerics.uncertainty import rounded

#: Relative standard error from which a parameter fitted in the logarithm is quoted with a factor, not with ±.
LARGE_FACTOR = 0.3
_MOST_POWER = 700.0  # exponents above it overflow


def align(rows):
    """Rows of texts as lines with aligned columns."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def with_error(value: float, error: float) -> str:
    """A value with its standard error as plain text, two digits of it; in words where there is none.

    >>> with_error(1.2345, 0.012), with_error(2.0, math.inf), with_error(0.5, 0.0), with_error(1.098e20, 1.3e17)
    ('1.234 ± 0.012', '2 (not determined)', '0.5', '(1.0980 ± 0.0013)e+20')
    """
    if error == 0.0:
        return f"{value:.4g}"
    if not (math.isfinite(error) and math.isfinite(value)):
        return f"{value:.4g} (not determined)"
    value_text, error_text, exponent = rounded(value, error)
    text = f"{value_text} ± {error_text}"
    return f"({text})e{exponent:+03d}" if exponent else text


def error_factor(value: float, error: float, logarithmic: bool) -> float | None:
    """The factor either way that one standard error of the logarithm is, where the parameter was fitted in it and the
    error is large; else None: ± says the same.

    >>> round(error_factor(2.0, 2.0, True), 2), error_factor(2.0, 0.1, True), error_factor(2.0, 2.0, False)
    (2.72, None, None)
    """
    large = logarithmic and LARGE_FACTOR * abs(value) < error < math.inf
    if not large:
        return None
    power = error / abs(value)
    return math.exp(power) if power < _MOST_POWER else math.inf


def as_factor(value: float, error: float, logarithmic: bool) -> str:
    """The error of a parameter fitted in the logarithm as a factor where it is large; else nothing.

    >>> as_factor(2.0, 2.0, True), as_factor(2.0, 0.1, True), as_factor(2.0, 2.0, False)
    ('×/÷ 2.72', '', '')
    """
    factor = error_factor(value, error, logarithmic)
    return "" if factor is None else f"×/÷ {factor:.3g}"


def quoted(value: float, error: float, logarithmic: bool = False) -> str:
    """A value with its standard error as plain text: a factor where it was fitted in the logarithm and is large.

    >>> quoted(7.6e-21, 8.6e-21, True), quoted(7.6e-21, 8.6e-22, True), quoted(2.0, 1.0)
    ('7.6e-21 (×/÷ 3.1)', '(7.60 ± 0.86)e-21', '2.0 ± 1.0')
    """
    factor = error_factor(value, error, logarithmic)
    return with_error(value, error) if factor is None else f"{value:.2g} (×/÷ {factor:.2g})"


def finite_or_none(value):
    """The number for JSON: None where it is infinite, NaN or absent."""
    return float(value) if value is not None and math.isfinite(value) else None


def describe_prior(prior):
    """A prior as JSON-able {kind, numbers}."""
    numbers = {name: finite_or_none(value) for name, value in vars(prior).items()}
    return {"kind": type(prior).__name__} | numbers
