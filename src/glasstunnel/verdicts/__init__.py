"""A verdict on every number, formula and feature that the five papers print and one could check.

Modules by paper: `letter` (000), `supplement` (001), `review_levels`, `review_dielectric`, `review_echoes` and
`review_magnetization` (002), `polycluster` (003), `alkali_dielectric`, `alkali_heat` and `alkali_wells` (004);
`remarks.toml` holds what needs no computation, `brute` the independent second ways, `parameter_sets` the printed sets.

A verdict is made in one place: a function with ``@judge(id, reason=...)`` in the module of the paper, which returns
what the claim prints (a number, several, or an `Outcome`), or an entry of `remarks.toml`. Its id then stands in
tests/verdicts/expected.toml.
"""

from glasstunnel.verdicts.claims import all_claims, claim
from glasstunnel.verdicts.judging import all_verdicts, judgments, verdict
from glasstunnel.verdicts.parameter_sets import SetVerdict, all_set_verdicts, set_verdict
from glasstunnel.verdicts.record import MEANINGS, Claim, Judgment, Verdict

__all__ = [
    "MEANINGS", "Claim", "Judgment", "SetVerdict", "Verdict", "all_claims", "all_set_verdicts", "all_verdicts", "claim",
    "judgments", "set_verdict", "verdict",
]
