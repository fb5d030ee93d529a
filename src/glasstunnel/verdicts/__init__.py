"""A verdict on every number, formula and feature that the five papers print and one could check."""

from glasstunnel.verdicts.claims import claim, claims
from glasstunnel.verdicts.judging import all_verdicts, judgments, verdict
from glasstunnel.verdicts.parameter_sets import SetVerdict, all_set_verdicts, set_verdict
from glasstunnel.verdicts.record import MEANINGS, Claim, Judgment, Verdict

__all__ = [
    "MEANINGS", "Claim", "Judgment", "SetVerdict", "Verdict", "all_set_verdicts", "all_verdicts", "claim", "claims",
    "judgments", "set_verdict", "verdict",
]
