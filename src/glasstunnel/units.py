"""Unit text to SI factor: the one home of Oe, emu, per gram and per mole.

Convention, stated here once: a magnetic field strength H is read as the flux density B = mu0 H it makes in vacuum,
so 1 Oe = 1 G = 1e-4 T, and 1 A/m = mu0 T when a flux density is asked for. 1 emu = 1 erg/G = 1e-3 A m2, so that
1 emu/g = 1 A m2/kg and 1 emu/(g Oe) = 1e4 A m2/(kg T). One calorie is the thermochemical one, 4.184 J.

Unit texts are products, quotients and powers of the names below: ``J/(K kg)``, ``uJ/K``, ``emu g^-1``, ``A m2/kg``,
``mJ/mole-K`` (a hyphen before a letter is a product inside its own fraction). ``J/g K`` is refused as ambiguous.
A mole is one of formula units; ``f.u.`` is one formula unit, 1/N_A mol. ``g-atom`` is a mole of atoms, and ``atom`` one
of them: how many belong to a formula unit only a composition tells. What needs a constant of nature (K to meV) or
something about the sample (mol to g) is no matter of units: see `glasstunnel.conversions.routes`.
"""

import difflib
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glasstunnel.constants import (
    angstrom,
    avogadro,
    bohr_magneton,
    debye,
    elementary_charge,
    vacuum_permeability,
)
from glasstunnel.errors import UnitError
from glasstunnel.records import brief

_BASE = ("kg", "m", "s", "A", "K", "mol", "gatom")
_NONE = (0, 0, 0, 0, 0, 0, 0)
_JOULE = (1, 2, -2, 0, 0, 0, 0)
_WATT = (1, 2, -3, 0, 0, 0, 0)
_VOLT = (1, 2, -3, -1, 0, 0, 0)
_OHM = (1, 2, -3, -2, 0, 0, 0)
_TESLA = (1, 0, -2, -1, 0, 0, 0)
_PASCAL = (1, -1, -2, 0, 0, 0, 0)
_MOMENT = (0, 2, 0, 1, 0, 0, 0)
_FIELD_STRENGTH = (0, -1, 0, 1, 0, 0, 0)

# Symbols that take an SI prefix: name -> (SI factor, dimension).
_SYMBOLS = {
    "g": (1e-3, (1, 0, 0, 0, 0, 0, 0)), "m": (1.0, (0, 1, 0, 0, 0, 0, 0)), "s": (1.0, (0, 0, 1, 0, 0, 0, 0)),
    "A": (1.0, (0, 0, 0, 1, 0, 0, 0)), "K": (1.0, (0, 0, 0, 0, 1, 0, 0)), "mol": (1.0, (0, 0, 0, 0, 0, 1, 0)),
    "T": (1.0, _TESLA), "G": (1e-4, _TESLA), "Oe": (1e-4, _TESLA), "emu": (1e-3, _MOMENT), "J": (1.0, _JOULE),
    "W": (1.0, _WATT), "Hz": (1.0, (0, 0, -1, 0, 0, 0, 0)), "V": (1.0, _VOLT), "Ohm": (1.0, _OHM), "Pa": (1.0, _PASCAL),
    "bar": (1e5, _PASCAL), "eV": (elementary_charge, _JOULE), "cal": (4.184, _JOULE), "erg": (1e-7, _JOULE),
    "N": (1.0, (1, 1, -2, 0, 0, 0, 0)), "L": (1e-3, (0, 3, 0, 0, 0, 0, 0)), "C": (1.0, (0, 0, 1, 1, 0, 0, 0)),
    "F": (1.0, (-1, -2, 4, 2, 0, 0, 0)),
}  # fmt: skip
_PREFIXES = {"p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "c": 1e-2, "k": 1e3, "M": 1e6, "G": 1e9}
# Symbols without prefix.
_PLAIN = {
    "1": (1.0, _NONE), "%": (1e-2, _NONE), "ppm": (1e-6, _NONE), "ppb": (1e-9, _NONE), "rad": (1.0, _NONE),
    "deg": (math.pi / 180.0, _NONE), "uB": (bohr_magneton, _MOMENT), "muB": (bohr_magneton, _MOMENT),
    "h": (3600.0, (0, 0, 1, 0, 0, 0, 0)), "min": (60.0, (0, 0, 1, 0, 0, 0, 0)), "Torr": (101325.0 / 760.0, _PASCAL),
    "Angstrom": (angstrom, (0, 1, 0, 0, 0, 0, 0)), "debye": (debye, (0, 1, 1, 1, 0, 0, 0)),
    "D": (debye, (0, 1, 1, 1, 0, 0, 0)), "fu": (1.0 / avogadro, (0, 0, 0, 0, 0, 1, 0)),
    "gatom": (1.0, (0, 0, 0, 0, 0, 0, 1)), "atom": (1.0 / avogadro, (0, 0, 0, 0, 0, 0, 1)),
}  # fmt: skip
# Words instruments write out; compared in lower case.
_WORDS = {
    "kelvin": "K", "kelvins": "K", "millikelvin": "mK", "tesla": "T", "gauss": "G", "oersted": "Oe", "oersteds": "Oe",
    "gram": "g", "grams": "g", "milligram": "mg", "milligrams": "mg", "kilogram": "kg", "mole": "mol", "moles": "mol",
    "second": "s", "seconds": "s", "sec": "s", "minutes": "min", "hours": "h", "amp": "A", "amps": "A", "ampere": "A",
    "volt": "V", "volts": "V", "watt": "W", "watts": "W", "joule": "J", "joules": "J", "hertz": "Hz", "ohm": "Ohm",
    "ohms": "Ohm", "percent": "%", "degrees": "deg", "degree": "deg", "torr": "Torr", "angstrom": "Angstrom",
    "atoms": "atom", "gatoms": "gatom", "formulaunit": "fu", "debyes": "debye", "electronvolt": "eV",
}  # fmt: skip
_LONGEST = 80  # characters of a unit text; bounds the depth of brackets
_COMMON = ("mK", "mT", "kOe", "kg", "mg", "uJ", "mJ", "kHz", "MHz", "GHz", "mW", "cm", "mm", "dBm", "degC")

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-zΩ%]+)|(?P<power>(?:\^|\*\*)\s*(?:\([+-]?\d+\)|[+-]?\d+)|-\d+)"
    r"|(?P<hyphen>-(?=[A-Za-z]))|(?P<mark>[*/()]))"
)
_SPELLING = str.maketrans({
    "\u00b5": "u", "\u03bc": "u", "·": "*", "⋅": "*", "×": "*", "−": "-", "²": "^2", "³": "^3", "Å": "Angstrom",
    "\u212b": "Angstrom", "Ω": "Ohm", "\u2126": "Ohm",
})  # fmt: skip


#: Ways of writing that hold a mark which otherwise separates.
_PHRASES = (
    (re.compile(r"(?<![A-Za-z])m?u_B(?![A-Za-z])"), "muB"),
    (re.compile(r"f\. ?u\.|(?i:formula unit)"), "fu"),
    (re.compile(r"(?i:g[- ]?at(?:om)?s?\b\.?|mol(?:e)?[- ]atoms?\b)"), "gatom"),
)


@dataclass(frozen=True)
class Unit:
    """A parsed unit: one of it is `factor` in SI base units of `dimension`.

    dimension : exponents of kg, m, s, A, K, mol (of formula units) and gatom (moles of atoms).
    """

    factor: float
    dimension: tuple[int, ...]

    __repr__ = brief

    def __mul__(self, other):
        return Unit(self.factor * other.factor, tuple(map(int.__add__, self.dimension, other.dimension)))

    def __pow__(self, exponent):
        return Unit(self.factor**exponent, tuple(exponent * power for power in self.dimension))

    def __str__(self):
        powers = [name if power == 1 else f"{name}{power}"
                  for name, power in zip(_BASE, self.dimension, strict=True) if power]
        return " ".join(powers) or "1"


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit:
    """Parse a unit text into its SI factor and dimension.

    Parameters
    ----------
    text : str, for instance ``"emu/(g Oe)"``; the empty text and ``"1"`` are dimensionless.

    Returns
    -------
    Unit

    Raises
    ------
    UnitError when a name is unknown (naming the nearest known one), or the text is ambiguous or malformed.

    Examples
    --------
    >>> from glasstunnel.units import parse_unit
    >>> parse_unit("mJ/(g K)").factor
    1.0
    >>> str(parse_unit("emu/g"))
    'kg-1 m2 A'
    """
    plain = text.translate(_SPELLING).strip()
    for phrase, name in _PHRASES:
        plain = phrase.sub(name, plain)
    if not plain or plain in ("()", "-"):
        return Unit(1.0, _NONE)
    if len(plain) > _LONGEST:
        raise UnitError(f"unit {text[:20] + '...'!r} is longer than {_LONGEST} characters")
    tokens = _tokens(plain, text)
    try:
        unit = _fraction(tokens, text)
    except ArithmeticError:
        unit = Unit(0.0, _NONE)
    if not 0.0 < unit.factor < math.inf:
        raise UnitError(f"unit {text!r} has no finite, positive size")
    if tokens:
        raise UnitError(f"unit {text!r}: {tokens[0][1]!r} is out of place")
    return unit


def convert(values: ArrayLike, from_unit: str, to_unit: str) -> Any:
    """Convert numbers from one unit to another.

    Parameters
    ----------
    values : float or array of any shape, in `from_unit`.
    from_unit, to_unit : str, unit texts. ``"dBm"`` (to and from powers) and ``"degC"`` (to and from temperatures) are
        understood by themselves, not as parts of a product.

    Returns
    -------
    array of the same shape, in `to_unit`.

    Raises
    ------
    UnitError when a unit is unknown or the two do not measure the same quantity.

    Examples
    --------
    >>> from glasstunnel.conversions import convert
    >>> float(convert(70.0, "kOe", "T"))
    7.0
    >>> round(float(convert(-30.0, "dBm", "uW")), 12)
    1.0
    """
    values = np.asarray(values, dtype=float)
    if from_unit == to_unit:
        return values[()]
    start, values = _linear(from_unit, values)
    log = _key(to_unit)
    end = {"dBm": Unit(1e-3, _WATT), "degC": parse_unit("K")}.get(log) or parse_unit(to_unit)
    ratio = _ratio(start, end, from_unit, to_unit)
    if log == "degC":
        return values * ratio - 273.15
    if log == "dBm":
        if np.any(values <= 0.0):
            raise UnitError(f"only positive powers can be written in dBm, got {np.min(values)} {from_unit}")
        return 10.0 * np.log10(values * ratio)
    return values * ratio


def quantity_in(text: str, unit: str) -> float:
    """A number with its unit, such as ``"10.1 mg"``, in another unit.

    Parameters
    ----------
    text, unit : str.

    Returns
    -------
    float, finite.

    Raises
    ------
    UnitError when the text does not start with a finite number, or the units do not fit.

    Examples
    --------
    >>> from glasstunnel.units import quantity_in
    >>> quantity_in("250 mK", "K")
    0.25
    """
    number, _, stated = text.strip().partition(" ")
    try:
        value = float(number)
    except ValueError:
        value = math.inf
    if not math.isfinite(value):
        raise UnitError(f"{text!r} is not a number with a unit, such as '10.1 mg'")
    return float(convert(value, stated, unit))


def unit_names() -> dict[str, str]:
    """{name: what it is in SI} of every unit name; prefixes and written-out words are entries of their own.

    >>> from glasstunnel.units import unit_names
    >>> unit_names()["Oe"]
    '0.0001 kg s-2 A-1, takes prefixes'
    """
    names = {name: f"{factor:g} {Unit(factor, size)}, takes prefixes" for name, (factor, size) in _SYMBOLS.items()}
    names |= {name: f"{factor:g} {Unit(factor, dimension)}" for name, (factor, dimension) in _PLAIN.items()}
    names |= {"dBm": "power, alone", "degC": "temperature, alone"}
    names["prefixes"] = ", ".join(f"{name} {factor:g}" for name, factor in _PREFIXES.items())
    return names | {"words": ", ".join(_WORDS)}


def _key(text: str) -> str:
    return {"dbm": "dBm", "degc": "degC", "°c": "degC", "celsius": "degC"}.get(text.strip().lower(), text)


def _linear(text, values):
    """The unit as one with a plain factor, and the values in it: dBm becomes mW, degC becomes K."""
    if _key(text) == "dBm":
        return Unit(1e-3, _WATT), 10.0 ** (values / 10.0)
    if _key(text) == "degC":
        return parse_unit("K"), values + 273.15
    return parse_unit(text), values


def _ratio(start, end, from_unit, to_unit):
    if start.dimension == end.dimension:
        return start.factor / end.factor
    if (start.dimension, end.dimension) == (_FIELD_STRENGTH, _TESLA):
        return vacuum_permeability * start.factor / end.factor
    if (start.dimension, end.dimension) == (_TESLA, _FIELD_STRENGTH):
        return start.factor / (vacuum_permeability * end.factor)
    raise UnitError(
        f"cannot convert {from_unit!r} (SI {start}) to {to_unit!r} (SI {end}): they measure different quantities"
    )


def _tokens(plain, text):
    tokens, position = [], 0
    while position < len(plain):
        match = _TOKEN.match(plain, position)
        if match is None:
            raise UnitError(f"unit {text!r}: cannot read {plain[position:].strip()!r}")
        kind = match.lastgroup or ""  # every alternative of the pattern is named
        tokens.append((kind, match[kind]))
        position = match.end()
    return tokens


def _fraction(tokens, text):
    """product of groups, each divided or multiplied; 'a/b c' without brackets is refused."""
    unit, divided = _group(tokens, text), False
    while tokens and tokens[0][1] != ")":
        kind, mark = tokens[0]
        explicit = kind == "mark" and mark in "*/"
        if divided and not explicit:
            raise UnitError(f"unit {text!r} is ambiguous: put the denominator in brackets, as in J/(g K)")
        if explicit:
            tokens.pop(0)
        factor = _group(tokens, text)
        divided = divided or mark == "/"
        unit = unit * (factor**-1 if mark == "/" else factor)
    return unit


def _group(tokens, text):
    unit = _factor(tokens, text)
    while tokens and tokens[0][0] == "hyphen":
        tokens.pop(0)
        unit = unit * _factor(tokens, text)
    return unit


def _factor(tokens, text):
    kind, token = tokens.pop(0) if tokens else ("end", "")
    if token == "(":
        unit = _fraction(tokens, text)
        if not tokens:
            raise UnitError(f"unit {text!r}: a bracket is not closed")
        tokens.pop(0)
    elif kind == "name":
        unit = _named(token, text)
    elif kind == "number":
        unit = Unit(float(token), _NONE)
    else:
        raise UnitError(f"unit {text!r}: a unit name is missing" + (f" before {token!r}" if token else " at the end"))
    if tokens and (tokens[0][0] == "power" or (kind == "name" and tokens[0][0] == "number")):
        exponent = re.sub(r"[\^*()\s]", "", tokens.pop(0)[1])
        if not re.fullmatch(r"[+-]?\d", exponent):
            raise UnitError(f"unit {text!r}: the power {exponent!r} is not a whole number from -9 to 9")
        unit = unit ** int(exponent)
    return unit


def _named(name: str, text: str) -> Unit:
    name = _WORDS.get(name.lower(), name)
    if name in _PLAIN or name in _SYMBOLS:
        return Unit(*(_PLAIN.get(name) or _SYMBOLS[name]))
    if name[0] in _PREFIXES and name[1:] in _SYMBOLS:
        factor, dimension = _SYMBOLS[name[1:]]
        return Unit(_PREFIXES[name[0]] * factor, dimension)
    known = [*_SYMBOLS, *_PLAIN, *_COMMON, *_WORDS]
    lower = {entry.lower(): entry for entry in known}
    near = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.5)
    hint = f"; the nearest known unit is {lower[near[0]]!r}" if near else ""
    part = "" if name == text.strip() else f" in {text!r}"
    raise UnitError(f"unknown unit {name!r}{part}{hint}")
