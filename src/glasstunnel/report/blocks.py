"""What a report is made of: sections of text, notes, tables and figures. The template knows nothing else."""

from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Answer:
    """What was found, with its uncertainty and unit, and one sentence on it.

    value : printed large, such as "(1.10 ± 0.02) × 10²⁰ 1/kg"; empty where the answer is a sentence alone. label : what
    was asked, or the path of a parameter. section : title of the section of the page that it leads to, or nothing.
    """

    value: str
    sentence: str
    label: str = ""
    section: str = ""


@dataclass(frozen=True)
class Answers:
    """What a section or a page begins with: its answers, then what the data leave open, one sentence each."""

    answers: tuple[Answer, ...]
    undetermined: tuple[str, ...] = ()
    kind: ClassVar[str] = "answers"


@dataclass(frozen=True)
class Text:
    """A paragraph; `warning` marks what a reader must not miss."""

    text: str
    warning: bool = False
    kind: ClassVar[str] = "text"


@dataclass(frozen=True)
class Notes:
    """A list of sentences."""

    lines: tuple[str, ...]
    kind: ClassVar[str] = "notes"


@dataclass(frozen=True)
class Code:
    """Text as it stands, such as a run file."""

    text: str
    kind: ClassVar[str] = "code"


@dataclass(frozen=True)
class Table:
    """A table of text cells; `code` sets the first column as parameter paths."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    code: bool = False
    kind: ClassVar[str] = "table"


@dataclass(frozen=True, eq=False)
class Picture:
    """A matplotlib figure with its caption and the numbers behind it.

    name : file name of its table, without ending. columns : {heading with unit: array}, all of one length.
    """

    figure: Any
    caption: str
    name: str
    columns: dict = field(default_factory=dict)
    wide: bool = False


@dataclass(frozen=True)
class Pictures:
    """Figures side by side."""

    pictures: tuple[Picture, ...]
    kind: ClassVar[str] = "figures"


@dataclass(frozen=True, eq=False)
class Section:
    """A titled part of a report.

    label : printed in a frame under the title, such as "SIMULATED DATA". records : {name: dictionary of plain values},
    the finished records it shows, for ``result.json``.
    """

    title: str
    blocks: tuple = ()
    label: str = ""
    records: dict = field(default_factory=dict)
