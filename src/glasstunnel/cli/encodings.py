"""What a terminal or pipe that cannot show every letter gets in the place of those that it lacks."""

import codecs
import re
import unicodedata

_PLAIN = {
    "±": "+-", "×": "x", "÷": ":", "−": "-", "·": "*", "⋅": "*", "≈": "~", "∞": "inf", "√": "sqrt", "→": "->",
    "°": "deg",
}  # fmt: skip
_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (\w+)$")


def spelled_out(letter: str) -> str:
    """A letter in ASCII: the name of a Greek one, the plain form of a raised, lowered or accented one, else "?".

    >>> "".join(map(spelled_out, "±χ²⁻ε₀Å"))
    '+-chi2-epsilon0A'
    """
    if letter in _PLAIN:
        return _PLAIN[letter]
    if found := _GREEK.match(unicodedata.name(letter, "")):
        return found[2].lower() if found[1] == "SMALL" else found[2].capitalize()
    plain = unicodedata.normalize("NFKD", letter)
    return "".join(_PLAIN.get(part, part if part.isascii() else "") for part in plain) or "?"


def spell_out_what_is_lacking(*streams) -> None:
    """Let text streams whose encoding lacks a letter write it as `spelled_out` instead of failing."""
    codecs.register_error("glasstunnel.spelled_out", _spell)
    for stream in streams:
        if hasattr(stream, "reconfigure") and not (stream.encoding or "").lower().startswith("utf"):
            stream.reconfigure(errors="glasstunnel.spelled_out")


def _spell(error):
    lacking = error.object[error.start : error.end]
    return "".join(map(spelled_out, lacking)), error.end
