"""Numbers as a physicist prints them: value and uncertainty to the digits that the uncertainty allows."""

import math

from glasstunnel.numerics.uncertainty import rounded

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def with_uncertainty(value, error):
    """A value with its standard deviation, two digits of it; in words where there is none.

    >>> with_uncertainty(1.098e20, 1.3e17)
    '(1.0980 ± 0.0013) × 10²⁰'
    >>> with_uncertainty(4.227, 0.095)
    '4.227 ± 0.095'
    >>> with_uncertainty(0.6, math.inf)
    '0.6 (not determined by the data)'
    """
    if error is None or math.isnan(error):
        return f"{plain(value)} (no uncertainty)"
    if math.isinf(error) or not math.isfinite(value):
        return f"{plain(value)} (not determined by the data)"
    if error == 0.0:
        return f"{plain(value)} (exact)"
    value_text, error_text, exponent = rounded(value, error)
    text = f"{value_text} ± {error_text}"
    return f"({text}) × 10{str(exponent).translate(_RAISED)}" if exponent else text


def plain(value, digits=5):
    """A number without uncertainty, powers of ten written out.

    >>> plain(7.0e19), plain(0.0599), plain(math.inf), plain(None)
    ('7 × 10¹⁹', '0.0599', '∞', 'not given')
    """
    if value is None:
        return "not given"
    if isinstance(value, (str, bool)):
        return str(value)
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(_RAISED)}" if exponent else mantissa
