"""Numbers as a physicist prints them: value and uncertainty to the digits that the uncertainty allows."""

import math
import re

from glasstunnel.numerics.uncertainty import rounded

_POWER = re.compile(r"(?<![\w.])(\d[\d.]*|\([^()]*\))e([+-]\d+)(?!\w)")  # "9.7e-08", "(1.0 ± 0.1)e-03"
_MINUS = re.compile(r"(?<![\w.)-])-(?=\d)")
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


def with_factor(value, factor):
    """A value of which the logarithm is known: the factor either way that is one standard deviation.

    >>> with_factor(7.6e-21, 3.1)
    '7.6 × 10⁻²¹ (×/÷ 3.1)'
    """
    return f"{plain(value, 2)} (×/÷ {plain(factor, 2)})"


def asymmetric(value, lower, upper):
    """A value with the distances to the ends of its interval; an end that is None is open.

    >>> asymmetric(2.0, 1.5, None), asymmetric(7.6e-21, 2.5e-21, 2.36e-20)
    ('2.00 −0.50 +open', '(7.6 −5.1 +16.0) × 10⁻²¹')
    """
    ends = [end for end in (lower, upper) if end is not None and math.isfinite(end)]
    largest = max(map(abs, (value, *ends)))
    exponent = math.floor(math.log10(largest)) if largest > 0.0 else 0
    exponent = 0 if -2 <= exponent <= 3 else math.floor(math.log10(abs(value))) if value else exponent
    nearest = min((abs(end - value) for end in ends if end != value), default=abs(value) or 1.0) / 10.0**exponent
    digits = max(0, 1 - math.floor(math.log10(nearest)))
    size = 10.0**exponent
    minus, plus = (f"{abs(end - value) / size:.{digits}f}" if end in ends else "open" for end in (lower, upper))
    text = f"{value / size:.{digits}f} −{minus} +{plus}"
    return f"({text}) × 10{str(exponent).translate(_RAISED)}" if exponent else text


def typeset(text):
    """Numbers as computers write them in a cell, as people print them; a cell that is more than numbers stays.

    >>> typeset("(1.01 ± 0.08)e-03"), typeset("-9.7e-08 %"), typeset("-140 dBm"), typeset("run1e-05"), typeset("x-1")
    ('(1.01 ± 0.08) × 10⁻³', '−9.7 × 10⁻⁸ %', '−140 dBm', 'run1e-05', 'x-1')
    """
    text = _POWER.sub(lambda match: f"{match[1]} × 10{str(int(match[2])).translate(_RAISED)}", text)
    return _MINUS.sub("−", text)


def sentence(text):
    """A clause with a full stop; its first letter stays, for it may be that of a name.

    >>> sentence("pb6051 is predicted"), sentence("χ² is high.")
    ('pb6051 is predicted.', 'χ² is high.')
    """
    return f"{text.rstrip('.')}."


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
