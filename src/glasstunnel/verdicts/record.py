"""What is claimed and what is found: the records of a printed claim and of the verdict on it."""

from collections.abc import Callable
from dataclasses import dataclass

from glasstunnel.records import brief

REPRODUCED = "reproduced"
CORRECTED = "reproduced after a correction"
MISPRINT = "misprint"
CONTRADICTED = "contradicted"
UNDETERMINED = "not determined by what is printed"
CITED = "cited or observed, nothing to compute"
NOT_YET = "not yet"

#: Every verdict there is, with what it means.
MEANINGS = {
    REPRODUCED: "the printed inputs and formulas, or the exact theory, give the printed number, sign or shape",
    CORRECTED: "it comes out once one named factor, term, sign or reading is put right",
    MISPRINT: "a slip of the pen or the typesetter: what was meant is certain from units or another place",
    CONTRADICTED: "the printed inputs, or the exact theory, give something else; computed in two independent ways",
    UNDETERMINED: "it hangs on measured points, readings or constants that are not printed",
    CITED: "an observation, a choice, an assumption or a quotation: there is nothing to compute",
    NOT_YET: "it could be computed and is not yet",
}


@dataclass(frozen=True)
class Claim:
    """One checkable statement as a paper prints it.

    printed : the number, a tuple of numbers, a formula or the feature in words. unit : of the numbers.
    approximate : whether the paper says "about". sources : (paper, place, line of the text copy).
    """

    id: str
    topic: str
    kind: str
    glass: str
    what: str
    printed: float | tuple[float, ...] | str
    unit: str
    approximate: bool
    formula: str
    note: str
    sources: tuple[tuple[str, str, int], ...]

    __repr__ = brief

    @property
    def paper(self) -> str:
        """The paper's number, ``"000"`` to ``"004"``."""
        return self.id[:3]

    @property
    def source(self) -> str:
        """Papers, places and lines in words, ``"000 Sec. A, line 44"``."""
        return "; ".join(f"{paper} {where}, line {line}" for paper, where, line in self.sources)


@dataclass(frozen=True)
class Outcome:
    """What a computation found.

    computed : number, tuple of numbers or words, None where there is no number. agrees : with what is printed.
    corrected : whether it agrees after the correction that the claim's judgment names. tolerance : what was allowed.
    """

    computed: float | tuple[float, ...] | str | None
    agrees: bool
    corrected: bool = False
    tolerance: float | None = None

    __repr__ = brief


@dataclass(frozen=True)
class Judgment:
    """How one claim is judged: a computation, or a verdict that needs none.

    compute : returns a number, several numbers (compared with what is printed), or an `Outcome`; None without one.
    second : the independent computation behind a contradiction, of the same return type.
    stated : the verdict where a computation does not decide it, else "". reason : one sentence. tolerance : absolute,
    in the unit of the claim; None for half the last printed digit. slip : the verdict when only a corrected
    form agrees.
    """

    claim: str
    reason: str
    compute: Callable[[], object] | None = None
    second: Callable[[], object] | None = None
    stated: str = ""
    tolerance: float | None = None
    slip: str = CORRECTED

    __repr__ = brief


@dataclass(frozen=True)
class Verdict:
    """The verdict on one printed claim.

    id, printed, unit, source : of the claim. computed : the number found, None where nothing is computed.
    tolerance : half the last printed digit unless `reason` gives another one. verdict : a key of `MEANINGS`.
    reason : one sentence. seconds : time of the computation. function : where it stands, "" without one.
    independent : what the second computation of a contradiction found.
    """

    id: str
    topic: str
    glass: str
    what: str
    printed: float | tuple[float, ...] | str
    unit: str
    computed: float | tuple[float, ...] | str | None
    tolerance: float | None
    verdict: str
    reason: str
    source: str
    function: str
    seconds: float
    independent: float | tuple[float, ...] | str | None = None

    __repr__ = brief

    @property
    def paper(self) -> str:
        """The paper's number, ``"000"`` to ``"004"``."""
        return self.id[:3]
