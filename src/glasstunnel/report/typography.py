"""How texts of records are set on a page: numbers, Greek letters and indices as people print them."""

import re

_RAISED = str.maketrans("-−+0123456789", "⁻⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_GREEK = {
    "Delta": "Δ", "Gamma": "Γ", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eps": "ε", "theta": "θ",
    "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "omega": "ω",
    "hbar": "ℏ",
}  # fmt: skip
_POWER = re.compile(r"(?<![\w.])(\d[\d.]*|\([^()]*\))e([+-]\d+)(?!\w)")  # "9.7e-08", "(1.0 ± 0.1)e-03"
_MINUS = re.compile(r"(?<![\w.)-])-(?=\d)|(?<== )-(?=[A-Za-zΑ-ω])")
_ION = re.compile(r"(?<![\w+])([A-Z][a-z]?)([1-4])\+(?![\w+])")
_LETTER = re.compile(rf"(?<![\w.])({'|'.join(_GREEK)})(?![A-Za-z])")
_ZERO = re.compile(r"(?<![\w.])([A-Za-zΑ-ω])0(?!\w)")  # "D0", "ε0"
_SQUARE = re.compile(r"\^(\d+)")
_UNIT_POWER = re.compile(r"(?<![\w.])(m|cm)([23])(?!\w)")
#: An index or exponent of a symbol of one letter: "k_B", "P_c", "D_min", "x^β", "(...)^(−1/2)"; not in quotes.
_INDEXED = re.compile(r"(?<![\w.'\"])(?P<letter>[A-Za-zΑ-ω])_(?P<index>[A-Za-z]{1,3}|0|2LS)(?!\.?\w)"
                      r"|\^(?:\((?P<group>[^()]*)\)|(?P<single>[\wΑ-ω]))")  # fmt: skip
_LONG_WORD = 24  # letters from which a word may be broken
_PIECES = r"[^_./-]{1,24}[_./-]?|[_./-]"  # of such a word


def raised(exponent):
    """An exponent as raised digits.

    >>> raised(-20)
    '⁻²⁰'
    """
    return str(exponent).translate(_RAISED)


def typeset(text):
    """Numbers as computers write them, as people print them; a name with digits stays.

    >>> typeset("(1.01 ± 0.08)e-03"), typeset("-9.7e-08 %"), typeset("-140 dBm"), typeset("run1e-05"), typeset("x-1")
    ('(1.01 ± 0.08) × 10⁻³', '−9.7 × 10⁻⁸ %', '−140 dBm', 'run1e-05', 'x-1')
    """
    text = _POWER.sub(lambda match: f"{match[1]} × 10{raised(int(match[2]))}", text)
    return _MINUS.sub("−", text)


def symbols(text):
    """Letters and indices of a formula that source code spells out; for texts of the package, which hold no names of
    a user.

    >>> symbols("Larmor susceptibility chi_L (1 emu/(g Oe) is 1e4 A m2/(kg T))")
    'Larmor susceptibility χ_L (1 emu/(g Oe) is 10⁴ A m²/(kg T))'
    >>> symbols("A_2LS = Pbar p0^2/(eps0 eps_r)"), symbols("lower cutoff of D0|q/e|S"), symbols("ln Delta0 uniform")
    ('A_2LS = Pbar p₀²/(ε₀ ε_r)', 'lower cutoff of D₀|q/e|S', 'ln Δ₀ uniform')
    """
    text = _LETTER.sub(lambda match: _GREEK[match[1]], text.replace("Lande ", "Landé "))
    text = re.sub(r"(?<![\w.])1e(\d+)(?!\w)", lambda match: f"10{raised(match[1])}", text)
    text = _ZERO.sub(lambda match: match[1] + "0".translate(_LOWERED), text)
    return _UNIT_POWER.sub(lambda match: match[1] + raised(match[2]), _SQUARE.sub(lambda match: raised(match[1]), text))


def prose(text):
    """A sentence of a record as markup: its numbers, χ² and σ, charges of ions, indices and exponents.

    >>> print(prose("p = 3.5e-05, 4 sigma; chi-square 12 at -140 dBm"))
    p = 3.5\u00a0×\u00a010⁻⁵, 4 σ; χ² 12 at −140 dBm
    >>> print(prose("Er3+: T_c = 8 K, (1 + (P/P_c)^β)^(−1/2), loss_c of run_2 < 1"))
    Er³⁺: T<sub>c</sub> = 8 K, (1 + (P/P<sub>c</sub>)<sup>β</sup>)<sup>−1/2</sup>, loss_c of run_2 &lt; 1
    """
    text = _unbroken(typeset(text).replace("chi-square", "χ²").replace("Angstrom", "Å"))
    text = re.sub(r"(?<=\d) sigma\b", " σ", text)
    text = _ION.sub(lambda match: f"{match[1]}{raised(match[2])}⁺", text)
    return _indexed(_SQUARE.sub(lambda match: raised(match[1]), text))


def cell(text):
    """A cell as markup: numbers are not torn apart at the end of a line, long names may be, after a mark where they
    have one.

    >>> print(cell("2 to 300"), cell("(7.0 ± 1.1)e-08"), cell("AnomalousTunnelingSystems"))
    2\u00a0to\u00a0300 (7.0\u00a0±\u00a01.1)\u00a0×\u00a010⁻⁸ Anomalous<wbr>Tunneling<wbr>Systems
    """
    text = _unbroken(_SQUARE.sub(lambda match: raised(match[1]), typeset(text)))
    return _broken(re.sub(r"(?<=[\d⁰-⁹]) to (?=[\d−])", "\u00a0to\u00a0", text), _indexed)


def name(text):
    """A parameter path or the name of a dataset as markup: as it is typed, broken where it is long."""
    from markupsafe import escape

    return _broken(text, escape)


def _unbroken(text):
    """Numbers and the signs that join them stay on one line."""
    text = text.replace("± ", "±\u00a0")
    return re.sub(r"(?<=[\d)⁰-⁹]) ([±×])[ \u00a0](?=\d)", "\u00a0\\1\u00a0", text).replace(" (×/÷ ", "\u00a0(×/÷\u00a0")


def _broken(text, set_word):
    from markupsafe import Markup, escape

    words = re.split(r"(\s+)", text)
    return Markup("").join(Markup("<wbr>").join(map(escape, _pieces(word))) if len(word) > _LONG_WORD
                           else set_word(word) for word in words)  # fmt: skip


def _pieces(word):
    """A long word cut where it may be broken: before the capitals of a class name, after marks of a path."""
    capitals = re.findall(r"[A-Z][a-z]+", word)
    return capitals if "".join(capitals) == word else re.findall(_PIECES, word)


def _indexed(text):
    from markupsafe import Markup, escape

    parts, start = [], 0
    for match in _INDEXED.finditer(text):
        parts.append(escape(text[start : match.start()]))
        if match["letter"]:
            parts.append(Markup("{}<sub>{}</sub>").format(match["letter"], match["index"]))
        else:
            parts.append(Markup("<sup>{}</sup>").format(match["group"] or match["single"]))
        start = match.end()
    return Markup("").join([*parts, escape(text[start:])])
