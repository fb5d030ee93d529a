"""Numbers as a physicist prints them: value and uncertainty to the digits that the uncertainty allows."""

import math

from glasstunnel.numerics.uncertainty import rounded
from glasstunnel.report.typography import raised, typeset

#: Words with which a sentence may begin that are no name: they get a capital.
_BEGINNINGS = frozenset("a an all at each every for from in it left no nothing one only the these this with".split())


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
    text = typeset(f"{value_text} ± {error_text}")
    return f"({text}) × 10{raised(exponent)}" if exponent else text


def with_factor(value, factor, unit=""):
    """A value of which the logarithm is known: the factor either way that is one standard deviation, behind the unit.

    >>> with_factor(7.6e-21, 3.1), with_factor(0.016, 1.6, "K")
    ('7.6 × 10⁻²¹ (×/÷ 3.1)', '0.016 K (×/÷ 1.6)')
    """
    return f"{' '.join(filter(None, (plain(value, 2), unit)))} (×/÷ {plain(factor, 2)})"


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
    return f"({text}) × 10{raised(exponent)}" if exponent else text


def sentence(text):
    """A clause with a full stop and a capital where it begins with a common word; a name stays as it is.

    >>> sentence("pb6051 is predicted"), sentence("χ² is high."), sentence("the model fails")
    ('pb6051 is predicted.', 'χ² is high.', 'The model fails.')
    """
    first = text.partition(" ")[0]
    return f"{text[:1].upper() if first in _BEGINNINGS else text[:1]}{text[1:].rstrip('.')}."


def plain(value, digits=5):
    """A number without uncertainty, powers of ten written out.

    >>> plain(7.0e19), plain(1e-6), plain(-0.0599), plain(math.inf), plain(None)
    ('7 × 10¹⁹', '10⁻⁶', '−0.0599', '∞', 'not given')
    """
    if value is None:
        return "not given"
    if isinstance(value, (str, bool)):
        return str(value)
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    if not exponent:
        return typeset(mantissa)
    power = f"10{raised(int(exponent))}"
    return typeset({"1": power, "-1": f"−{power}"}.get(mantissa, f"{mantissa} × {power}"))
