"""The printed claims of the five papers, read from the package's own copy."""

import tomllib
from functools import cache
from importlib.resources import files

from glasstunnel.errors import ParameterError
from glasstunnel.papers import published_ids
from glasstunnel.verdicts.record import Claim


def claim(id: str) -> Claim:
    """The `Claim` with this id; `ParameterError` with the nearest ids for an unknown one.

    >>> from glasstunnel.verdicts import claim
    >>> claim("000.Duran.LL50.ppm").printed
    158.0
    """
    if not isinstance(id, str) or id not in all_claims():
        raise ParameterError(f"no printed claim {id!r}; {_advice(str(id))}'glasstunnel verdict' lists all")
    return all_claims()[id]


def _advice(id):
    """What was perhaps meant: a parameter set, the nearest claims, or nothing."""
    from difflib import get_close_matches

    if id in published_ids():
        return f"it is a parameter set, whose verdict 'glasstunnel show {id}' prints; "
    nearest = ", ".join(get_close_matches(id, all_claims(), n=3, cutoff=0.5))
    return f"did you mean {nearest}? " if nearest else ""


@cache
def all_claims() -> dict[str, Claim]:
    """{id: `Claim`} of everything the papers state and one could check, in the order of the papers.

    >>> from glasstunnel.verdicts import all_claims
    >>> len(all_claims())
    394
    """
    rows = tomllib.loads(files("glasstunnel.verdicts").joinpath("claims.toml").read_text(encoding="utf-8"))["claim"]
    return {row["id"]: _claim(row) for row in sorted(rows, key=lambda row: row["id"][:3])}


def _claim(row):
    return Claim(
        id=row["id"], topic=row["topic"], kind=row["kind"], glass=row.get("glass", ""), what=row["what"],
        printed=_printed(row), unit=row.get("unit", ""), approximate=row.get("approximate", False),
        formula=row.get("formula", ""), note=row.get("note", ""),
        sources=tuple((place["paper"], place["where"], place["line"]) for place in row["source"]),
    )


def _printed(row):
    """The value, the values or ends of a range, the feature, or the formula."""
    if "value" in row:
        return row["value"]
    if "values" in row:
        return tuple(row["values"])
    ends = tuple(row[key] for key in ("value_min", "value_max") if key in row)
    if ends:
        return ends if len(ends) == 2 else ends[0]
    return row.get("value_text") or row["formula"]
