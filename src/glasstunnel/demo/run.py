"""The demo: five studies, one report, one short table."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from glasstunnel.report import Answer, Answers, Section, Text, save_results

_TITLE = "glasstunnel demo: from files to answers"


def leading_answer(sections: list[Section]) -> Answer:
    """The first answer of a study, leading to its first section; the text of that where it was left out."""
    first = sections[0]
    for block in first.blocks:
        if isinstance(block, Answers):
            return replace(block.answers[0], section=first.title)
    text = next(block.text for block in first.blocks if isinstance(block, Text))
    return Answer("", text, first.title, first.title)


def run_demo(folder: str | Path, progress: Callable[[str], None] | None = None) -> tuple[str, Path]:
    """Run the studies, write ``report.html``, ``result.json`` and tables into an existing folder.

    progress : function called with one sentence before each step, or None.
    Returns (table to print, path of the report). Raises `ReadError` when the example files are not there.
    """
    from glasstunnel.demo import curie, erbium, landscape, resonator, simulated

    tell = progress or (lambda sentence: None)
    lines, sections, answers = [], [], []
    for study in (resonator, erbium, curie, simulated, landscape):
        tell(study.WHAT)
        study_lines, study_sections = study.run()
        lines += [study.WHAT, *(f"  {line}" for line in study_lines), ""]
        sections += study_sections
        answers.append(leading_answer(study_sections))
    tell("writing the report")
    path = save_results(sections, folder, title=_TITLE, summary=Answers(tuple(answers)))
    return "\n".join(lines), path
