"""The registry of judgments, and how a computed number is compared with a printed one."""

import inspect
import math
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.resources import files

from glasstunnel.errors import ParameterError
from glasstunnel.verdicts.claims import all_claims, claim
from glasstunnel.verdicts.record import (
    CONTRADICTED,
    CORRECTED,
    MEANINGS,
    NOT_YET,
    REPRODUCED,
    Claim,
    Judgment,
    Outcome,
    Verdict,
)

#: The modules that judge, one or several per paper; each fills the registry when it is imported.
MODULES = (
    "letter", "supplement", "review_levels", "review_dielectric", "review_echoes", "review_magnetization",
    "polycluster", "alkali_dielectric", "alkali_heat", "alkali_wells",
)

_JUDGMENTS: dict[str, Judgment] = {}


def judge(
    *ids: str, reason: str, second: Callable | None = None, tolerance: float | None = None, slip: str = CORRECTED,
    stated: str = "",
):
    """Decorator: the function computes what the claims `ids` print; see `Judgment` for the rest."""

    def register(compute):
        for id in ids:
            judged(id, compute, reason, second=second, tolerance=tolerance, slip=slip, stated=stated)
        return compute

    return register


def judged(
    id: str, compute: Callable, reason: str, *, second: Callable | None = None, tolerance: float | None = None,
    slip: str = CORRECTED, stated: str = "",
) -> None:
    """Register one computation for one claim, for tables of alike claims; as `judge`."""
    if id in _JUDGMENTS:
        raise ParameterError(f"claim {id!r} is judged twice")
    _JUDGMENTS[claim(id).id] = Judgment(id, reason, compute, second, stated, tolerance, slip)


def agreement(ratio: float, tolerance: float = 1e-6) -> Outcome:
    """A printed formula over its reference: agrees at 1 within `tolerance`."""
    return Outcome(float(ratio), abs(ratio - 1.0) <= tolerance, tolerance=tolerance)


def correction(printed: float, corrected: float, tolerance: float = 1e-6) -> Outcome:
    """Printed and corrected form over the reference: the second is 1 within `tolerance`, the first is not."""
    return Outcome(
        float(printed), abs(printed - 1.0) <= tolerance, abs(corrected - 1.0) <= tolerance, tolerance=tolerance
    )


def finding(computed: float | Sequence[float] | str | None, holds: bool) -> Outcome:
    """A sign, a limit, an exponent or a shape: `computed` tells it, `holds` says whether the statement is true."""
    return Outcome(_plain(computed), bool(holds))


@cache
def judgments() -> dict[str, Judgment]:
    """{claim id: `Judgment`} of every claim, the ones without a computation included."""
    for name in MODULES:
        import_module(f"glasstunnel.verdicts.{name}")
    table = dict(_JUDGMENTS)
    for id, (stated, reason) in _remarks().items():
        if id in table:
            raise ParameterError(f"claim {id!r} has a computation and a remark; keep one")
        table[claim(id).id] = Judgment(id, reason, stated=stated)
    return {id: table.get(id) or Judgment(id, MEANINGS[NOT_YET], stated=NOT_YET) for id in all_claims()}


def verdict(id: str) -> Verdict:
    """The `Verdict` on the printed claim `id`, computed once; `ParameterError` for an unknown id.

    >>> from glasstunnel.verdicts import verdict
    >>> found = verdict("000.Duran.LL50.ppm")
    >>> found.verdict, round(found.computed, 2)
    ('reproduced', 158.12)
    """
    return _verdict(claim(id))


@cache
def _verdict(printed: Claim) -> Verdict:
    judgment = judgments()[printed.id]
    begin = time.perf_counter()
    outcome = _outcome(printed, judgment, judgment.compute)
    second = _outcome(printed, judgment, judgment.second)
    seconds = time.perf_counter() - begin
    return Verdict(
        id=printed.id, topic=printed.topic, glass=printed.glass, what=printed.what, printed=printed.printed,
        unit=printed.unit, computed=None if outcome is None else outcome.computed,
        tolerance=None if outcome is None else outcome.tolerance, verdict=_word(judgment, outcome),
        reason=judgment.reason, source=printed.source, function=_place(judgment.compute), seconds=seconds,
        independent=None if second is None else second.computed,
    )


def all_verdicts() -> Iterator[Verdict]:
    """The verdicts on all printed claims, in the order of the papers."""
    for id in all_claims():
        yield verdict(id)


def _word(judgment, outcome):
    if outcome is None or judgment.stated:
        return judgment.stated
    if outcome.agrees:
        return REPRODUCED
    return judgment.slip if outcome.corrected else CONTRADICTED


def _outcome(printed: Claim, judgment: Judgment, compute) -> Outcome | None:
    if compute is None:
        return None
    result = compute()
    if isinstance(result, Outcome):
        return result
    expected, tolerances = _numbers(printed.printed), half_digits(printed.printed)
    values = _numbers(result)
    if len(values) != len(expected):
        raise ParameterError(f"claim {printed.id!r} prints {len(expected)} numbers and {len(values)} were computed")
    if judgment.tolerance is not None:
        tolerances = (judgment.tolerance,) * len(expected)
    pairs = zip(values, expected, tolerances, strict=True)
    agrees = all(abs(value - number) <= allowed * (1.0 + 1e-9) for value, number, allowed in pairs)
    return Outcome(_plain(result), agrees, tolerance=max(tolerances))


def half_digits(printed) -> tuple[float, ...]:
    """Half a unit of the last printed digit of each number; trailing zeros count below 100 000 and before the point.

    >>> half_digits((158.0, 0.043))
    (0.5, 0.0005)
    >>> half_digits(1.539e18)
    (500000000000000.0,)
    """
    return tuple(_half_digit(number) for number in _numbers(printed))


def _half_digit(number):
    mantissa, _, exponent = (repr(float(number)) if abs(number) < 1e5 else f"{number:.12e}").partition("e")
    decimals = mantissa.partition(".")[2].rstrip("0")
    return 0.5 * 10.0 ** (int(exponent or 0) - len(decimals))


def _numbers(value) -> tuple[float, ...]:
    if isinstance(value, str):
        raise ParameterError(f"no number is printed to compare with: {value!r}")
    return tuple(float(number) for number in value) if isinstance(value, Sequence) else (float(value),)


def _plain(value):
    """Python numbers in place of NumPy's."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return tuple(float(number) for number in value)
    return float(value)


def _place(compute):
    """Module and name of the function behind a computation, partial functions included."""
    if compute is None:
        return ""
    inner = inspect.unwrap(getattr(compute, "func", compute))
    return f"{inner.__module__}.{inner.__qualname__}".removesuffix(".<lambda>")


@cache
def _remarks() -> dict[str, tuple[str, str]]:
    """{claim id: (verdict, reason)} of the claims that need no computation."""
    sections = tomllib.loads(files("glasstunnel.verdicts").joinpath("remarks.toml").read_text(encoding="utf-8"))
    names = {"cited": "cited or observed, nothing to compute", "undetermined": "not determined by what is printed",
             "misprint": "misprint", "not_yet": NOT_YET}
    table = {}
    for section, rows in sections.items():
        for row in rows:
            for id in row["ids"]:
                if id in table:
                    raise ParameterError(f"claim {id!r} has two remarks; keep one")
                table[id] = (names[section], row["reason"])
    return table


def close(first, second, relative: float = 1e-6) -> bool:
    """Whether two results of `Verdict.computed` and `Verdict.independent` agree."""
    if isinstance(first, str) or first is None or isinstance(second, str) or second is None:
        return first == second
    pairs = zip(_numbers(first), _numbers(second), strict=True)
    return all(math.isclose(left, right, rel_tol=relative, abs_tol=1e-12) for left, right in pairs)
