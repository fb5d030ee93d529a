"""The numbers as printed: one entry per row of the papers' tables."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from glasstunnel.errors import ParameterError
from glasstunnel.papers.advice import recommended_glasses
from glasstunnel.records import brief


@dataclass(frozen=True)
class PublishedEntry:
    """One row of a printed table, or of those for phonon scattering (``acoustics.``), whose `what` says what it is.

    id : paper.table.glass.condition, for example ``"002.T14.BK7.M"``.
    glass : name of the glass.
    what : what the row is.
    source : tables, and papers with number and title.
    conditions, values, uncertainty : numbers as printed, their unit at the end of the key
        (``D_min_K``, ``D0min_qe_S_K_A2`` = K Angstrom^2, ``n_Fe2_per_g``). Uncertainties only where printed.
    notes : what is doubtful and how it was read.
    """

    id: str
    glass: str
    what: str
    source: str
    conditions: Mapping[str, float]
    values: Mapping[str, Any]
    uncertainty: Mapping[str, float]
    notes: tuple[str, ...]

    __repr__ = brief

    @property
    def table(self) -> str:
        """Paper and table, the first two parts of the id (``"002.T14"``)."""
        return ".".join(self.id.split(".")[:2])


def published_entry(id: str) -> PublishedEntry:
    """The `PublishedEntry` with this id; `ParameterError` with the nearest ids for an unknown one.

    >>> from glasstunnel.papers import published_entry
    >>> published_entry("002.T14.BK7.M").values["B_star_T"]
    1.3
    """
    printed = _printed()
    if not isinstance(id, str) or id not in printed["entries"]:
        raise ParameterError(
            f"no published entry {id!r}; {_nearest(id)}published_ids() and 'glasstunnel show' list all"
        )
    row = printed["entries"][id]
    table = printed["tables"][".".join(id.split(".")[:2])]
    words = (part.split()[0] for part in table["source"].split("; "))
    numbers = dict.fromkeys(word for word in words if word in printed["papers"])
    papers = "; ".join(f"{number}: {printed['papers'][number]['title']}" for number in numbers)
    return PublishedEntry(
        id=id,
        glass=row["glass"],
        what=table["what"],
        source=f"{table['source']} ({papers})" if papers else table["source"],
        conditions=row.get("conditions", {}),
        values=row["values"],
        uncertainty=row.get("uncertainty", {}),
        notes=tuple(table["notes"]) + tuple(row.get("notes", ())),
    )


def published_ids() -> tuple[str, ...]:
    """The ids of all entries, glasses or not, in the order of papers and tables; last those that no paper prints.

    >>> from glasstunnel import published_ids
    >>> len(published_ids())
    69
    """
    return tuple(_printed()["entries"])


def paper_citations() -> dict[str, str]:
    """{number: authors, title, date, and journal or arXiv number where known} of the papers that sources cite.

    >>> from glasstunnel.papers import paper_citations
    >>> print(paper_citations()["002"].split(", Realistic")[0])
    Giancarlo Jug, Silvia Bonfanti and Walter Kob
    """
    return {number: _citation(**paper) for number, paper in _printed()["papers"].items()}


def _citation(title, authors=(), date="", published="", remark=""):
    names = " and ".join(filter(None, (", ".join(authors[:-1]), *authors[-1:])))
    dated = f"dated {date}" if date else ""
    return ", ".join(filter(None, (names, title, published, dated))) + (f"; {remark}" if remark else "")


@cache
def _printed():
    return tomllib.loads(Path(__file__).with_name("parameters.toml").read_text(encoding="utf-8"))


def _nearest(id):
    from difflib import get_close_matches

    glasses = {name.lower(): name for name in recommended_glasses()}
    nearest = [glasses[str(id).lower()]] if str(id).lower() in glasses else []
    nearest += get_close_matches(str(id), published_ids(), n=3, cutoff=0.4)
    return f"did you mean {', '.join(nearest[:3])}? " if nearest else ""
