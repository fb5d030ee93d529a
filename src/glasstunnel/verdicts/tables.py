"""Verdicts as text: numbers as one prints them, totals per paper, selections."""

from collections.abc import Callable, Iterable

from glasstunnel.errors import ParameterError
from glasstunnel.verdicts.claims import all_claims, claim
from glasstunnel.verdicts.judging import verdict
from glasstunnel.verdicts.record import CONTRADICTED, MEANINGS, Verdict

PAPERS = ("000", "001", "002", "003", "004")


def select(
    name: str | None = None, *, contradicted: bool = False, progress: Callable[[str], None] | None = None
) -> list[Verdict]:
    """The verdicts on one claim, on the claims of one paper (``"000"``), or on all; optionally the contradicted ones.

    progress : told in a sentence which claim is computed. `ParameterError` for a name that is neither.

    >>> [found.id for found in select("000.wells")]
    ['000.wells']
    """
    if name is None:
        ids = list(all_claims())
    elif name in PAPERS:
        ids = [id for id in all_claims() if id.startswith(name)]
    elif name.isdigit():
        raise ParameterError(f"no paper {name!r}; there are {', '.join(PAPERS)}")
    else:
        ids = [name]
    verdicts = []
    for number, id in enumerate(ids, 1):
        if progress is not None:
            progress(f"claim {number} of {len(ids)}: computing {id}")
        verdicts.append(verdict(id))
    return [record for record in verdicts if record.verdict == CONTRADICTED] if contradicted else verdicts


def totals(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """{verdict: how many} in the order of `MEANINGS`, without those that do not occur."""
    words = [record.verdict for record in verdicts]
    return {word: words.count(word) for word in MEANINGS if word in words}


def number_text(value, digits: int = 4) -> str:
    """A number, several numbers, words, or nothing, to a few digits.

    >>> number_text((0.5643, 3.03078)), number_text(1.539e18), number_text(None)
    ('0.5643, 3.031', '1.539e+18', '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return ", ".join(number_text(number, digits) for number in value)
    return f"{value:.{digits}g}"


def printed_text(record: Verdict) -> str:
    """What is printed, with its unit, and with "about" where the paper says so of a number.

    >>> printed_text(verdict("000.Duran.LL50.ppm")), printed_text(verdict("000.Duran.2xi"))
    ('158 ppm', 'about 31 nm')
    """
    about = "about" if claim(record.id).approximate and not isinstance(record.printed, str) else ""
    return " ".join(filter(None, (about, number_text(record.printed, 6), record.unit)))
